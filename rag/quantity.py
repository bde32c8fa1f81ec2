"""Quantities with their units, read from Chinese text: 12.3%, 65万亿元, 0.87个百分点, 三十万元, 10日."""

import re
from collections.abc import Iterable
from dataclasses import dataclass, replace
from functools import lru_cache
from itertools import pairwise

from cn2an import cn2an

from rag.normalise import fold

ARABIC = r"\d{1,3}(?:,\d{3})+(?:\.\d+)?|\d+(?:\.\d+)?"
CHINESE = "[一二两三四五六七八九十百千零壹贰叁肆伍陆柒捌玖拾佰仟]+"
SCALES = {"万亿": 1e12, "亿": 1e8, "千万": 1e7, "百万": 1e6, "十万": 1e5, "万": 1e4, "千": 1e3, "百": 1e2, "": 1.0}
COUNTERS = (
    "个工作日|工作日|个百分点|百分点|个基点|基点|个月|年期|个|家|户|人|亩|公里|件|项|条|款|章|次|名"
    "|倍|成|折|天|日|年|月|岁|万|斤|吨|元|bp"
)
QUANTITY = re.compile(
    rf"(?P<lead>第|百分之|千分之)?(?P<number>{ARABIC}|{CHINESE})\s*(?:多|余)?(?P<scale>万亿|亿|千万|百万|十万|万|千)?\s*(?:多|余)?(?P<unit>%|‰|{COUNTERS})?"
)
PLAIN_NUMERALS = str.maketrans("两壹贰叁肆伍陆柒捌玖拾佰仟", "二一二三四五六七八九十百千")
RANGE_SIGN = re.compile("[-—–~至到]{1,2}")
DIMENSIONS = {
    "%": "percent",
    "‰": "permille",
    "个百分点": "point",
    "百分点": "point",
    "个基点": "basis point",
    "基点": "basis point",
    "bp": "basis point",
    "元": "yuan",
    "工作日": "个工作日",
    "天": "日",
}


NO_FIGURES = frozenset({"address", "number", "年", "月", "日"})
"""Dimensions of addresses, of parts of dates and of bare numbers."""


@dataclass(frozen=True, slots=True)
class Quantity:
    """`text` as folded, its value in base units, its dimension, and where it stands in the folded text."""

    text: str
    value: float
    dimension: str
    start: int
    end: int

    def equals(self, other: "Quantity") -> bool:
        """Same dimension and, to nine digits, the same value."""
        return self.dimension == other.dimension and abs(self.value - other.value) <= 1e-9 * max(1.0, abs(self.value))


def quantities(text: str) -> tuple[Quantity, ...]:
    """Quantities of a text in order; addresses (第N条) have the dimension 'address'."""
    folded = re.sub(r"(?<=\d)\s+(?=[%万亿元个年月日户家])", "", fold(text))
    found = [quantity for match in QUANTITY.finditer(folded) if (quantity := _quantity(match)) is not None]
    return tuple(_whole_amounts(_whole_ranges(found, folded)))


def _whole_ranges(found: list[Quantity], folded: str) -> list[Quantity]:
    """5-10万元: the lower bound has the unit and scale of the upper one."""
    for i, (low, high) in enumerate(pairwise(found)):
        if low.dimension == "number" and RANGE_SIGN.fullmatch(folded[low.end : high.start]):
            number = QUANTITY.match(high.text)
            scale = SCALES[number["scale"] or ""] if number else 1.0
            found[i] = replace(low, value=low.value * scale, dimension=high.dimension)
    return found


def _whole_amounts(found: list[Quantity]) -> list[Quantity]:
    """一亿五千万元 is one amount."""
    joined: list[Quantity] = []
    for quantity in found:
        last = joined[-1] if joined else None
        if last and last.dimension == "amount" and last.end == quantity.start and quantity.value < last.value:
            total = last.value + quantity.value
            joined[-1] = Quantity(last.text + quantity.text, total, quantity.dimension, last.start, quantity.end)
        else:
            joined.append(quantity)
    return joined


def _quantity(match: re.Match[str]) -> Quantity | None:
    number, unit, lead = match["number"], match["unit"] or "", match["lead"] or ""
    value = _value(number)
    if value is None or (not number[0].isdecimal() and not (unit or match["scale"] or lead)):
        return None
    if lead == "第":
        dimension = "address"
    elif lead == "百分之":
        dimension = "percent"
    elif lead == "千分之":
        dimension = "permille"
    else:
        dimension = DIMENSIONS.get(unit, unit or ("number" if not match["scale"] else "amount"))
    return Quantity(match[0], value * SCALES[match["scale"] or ""], dimension, match.start(), match.end())


@lru_cache(maxsize=4096)
def _value(number: str) -> float | None:
    if number[0].isdecimal():
        return float(number.replace(",", ""))
    plain = number.translate(PLAIN_NUMERALS)
    try:
        return float(cn2an(plain, "smart"))
    except (ValueError, KeyError):  # cn2an raises KeyError for 千百 and the like
        many = _value(plain[:-1]) if len(plain) > 1 and plain[-1] in "百千" else None
        return many * SCALES[plain[-1]] if many else None  # 五十千元


def contains(pool: Iterable[Quantity], wanted: Quantity) -> bool:
    """Whether a quantity stands among others."""
    return any(wanted.equals(quantity) for quantity in pool)


def has_figure(text: str) -> bool:
    """Whether a text holds a quantity that is no address, no part of a date and no bare number."""
    return any(quantity.dimension not in NO_FIGURES for quantity in quantities(text))
