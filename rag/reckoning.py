"""Figures that a sentence reckons from its sources': a−b, a+b and a÷b, with the formula."""

import re
from collections.abc import Sequence
from itertools import permutations

from rag.claims import BASIS, Claims, Figure
from rag.wording import measure

RECKONED = re.compile(
    "相差|差额|差距|之差|高出|多出|高|低|多|少|增加|减少|净增|增长|下降|提高|上升|降低|合计|共计|总计|总共|一共|共|总额|之和|合起来|倍|占|比重|比例|相当于|幅度|缩小|扩大"
)
ADDED = re.compile("合计|共计|总计|总共|一共|共|总额|之和|合起来")
DIVIDED = re.compile("倍|占|相当于")
AWAY = 16


def reckoned(claims: Claims, figure: Figure, sources: Sequence[Claims]) -> str:
    """The formula a−b, a+b or a÷b of two figures of the sources that gives a figure; '' where none does."""
    at = figure.quantity.start
    around = claims.plain[max(0, at - AWAY) : figure.quantity.end + 2]
    if (
        figure.bound not in {"", "about"}
        or not RECKONED.search(around)
        or BASIS.search(claims.plain[max(0, at - AWAY) : at])
    ):
        return ""
    held = {f.text: f for source in sources for f in source.figures if f.quantity.value}
    for one, other in permutations(held.values(), 2):
        if measure(one.quantity)[0] == measure(other.quantity)[0]:
            formula = _formula(figure, one, other, around)
            if formula:
                return formula
    return ""


def _formula(figure: Figure, one: Figure, other: Figure, around: str) -> str:
    dimension, value = measure(figure.quantity)
    kind, a = measure(one.quantity)
    b = measure(other.quantity)[1]
    difference = "point" if kind == "percent" else kind
    if ADDED.search(around) and dimension == kind and _gives(figure, a + b, value):
        return _written("+", figure, one, other, a + b == value)
    if DIVIDED.search(around) and dimension in {"倍", "percent"} and not kind.startswith("per"):
        ratio = a / b * (100 if dimension == "percent" else 1)
        if _gives(figure, ratio, value) and not (dimension == "percent" and ratio > 100):
            return _written("÷", figure, one, other, abs(ratio - value) < 1e-9)
    if not ADDED.search(around) and dimension == difference and a > b and _gives(figure, a - b, value):
        return _written("−", figure, one, other, True)
    return ""


def _gives(figure: Figure, value: float, said: float) -> bool:
    """Whether a value, rounded to the digits that are said, is the figure."""
    decimals = len(re.sub(r"[^\d.]", "", figure.text).partition(".")[2])
    scale = said / number if (number := float(re.sub(r"[^\d.]", "", figure.text) or 0)) else 1.0
    return abs(value - said) <= 0.5 * 10**-decimals * scale * (1 + 1e-9) and abs(value - said) <= 0.02 * abs(said)


def _written(sign: str, figure: Figure, one: Figure, other: Figure, exact: bool) -> str:
    return f"{one.text} {sign} {other.text} {'=' if exact else '≈'} {figure.text}"
