"""The words that a figure belongs to: those before it in its clause, or its item before 分别."""

import re
from collections import Counter
from itertools import pairwise

from rag.claims import STOP, Claims, Figure
from rag.wording import LEANING, coded, measure

RESPECTIVELY = "分别"
ITEM = re.compile("、|和|与|及|以及")
SEGMENT = 24
SIGN = re.compile("[\U000f0000-\U000fffff]")


def segment(claims: Claims, figure: Figure) -> str:
    """The signs before a figure, up to the figure before it; the n-th item before 分别 for its n-th figure."""
    at = figure.quantity.start
    clause = at - len(STOP.split(claims.plain[:at])[-1])
    listed = claims.plain.find(RESPECTIVELY, clause, at)
    if listed >= 0:
        return _item(claims, figure, clause, listed)
    like = measure(figure.quantity)[0]
    ends = [f.quantity.end for f in claims.figures if f.quantity.end <= at and measure(f.quantity)[0] == like]
    starts = sorted({clause, *ends, *(t.end for t in claims.times if t.end <= at)}, reverse=True)
    words = (coded(claims, max(start, at - SEGMENT), at) for start in starts if start >= clause)
    own = next((found for found in words if len(LEANING.sub("", found)) > 1), "")
    return own or _before(claims, clause)


def _before(claims: Claims, clause: int) -> str:
    """The words of the nearest clause before one that has none of its own and names no time: 同比增长3%."""
    earlier = [(start, end) for start, end in claims.clauses if end < clause]
    own = next(((start, end) for start, end in claims.clauses if start >= clause), (clause, clause))
    for start, end in (own, *reversed(earlier)):
        words = SIGN.sub("", coded(claims, start, end)) if start < clause else ""
        if len(LEANING.sub("", words)) > 1:
            return words
        if any(start <= time.start < end for time in claims.times):
            return ""
    return ""


def rank(claims: Claims, figure: Figure) -> int:
    """Which of the figures after 分别 it is, from 0; -1 where it follows none."""
    listed = claims.plain.rfind(RESPECTIVELY, 0, figure.quantity.start)
    if listed < 0 or STOP.search(claims.plain, listed, figure.quantity.start):
        return -1
    return sum(listed < f.quantity.start < figure.quantity.start for f in claims.figures)


def _item(claims: Claims, figure: Figure, clause: int, listed: int) -> str:
    """A、B分别为1和2: the item of a figure; '' where items and figures are not equally many."""
    stop = STOP.search(claims.plain, figure.quantity.end)
    last = stop.start() if stop else len(claims.plain)
    figures = [f for f in claims.figures if listed < f.quantity.start < last]
    items = ITEM.split(claims.plain[clause:listed])
    if figure not in figures:
        return ""
    if len(items) != len(figures):
        return _item_before(claims, listed, figures.index(figure), len(figures))
    begin = clause + sum(len(item) + 1 for item in items[: figures.index(figure)])
    return coded(claims, begin, begin + len(items[figures.index(figure)]))


def _item_before(claims: Claims, listed: int, rank: int, count: int) -> str:
    """A为1亿元,B为2亿元,同比分别增长3%和4%: the words of the n-th figure of a kind that is as often said before."""
    before = [f for f in claims.figures if f.quantity.end <= listed]
    kinds = Counter(measure(f.quantity)[0] for f in before)
    kind = next((kind for kind, found in kinds.items() if found == count), "")
    alike = [f for f in before if measure(f.quantity)[0] == kind]
    return segment(claims, alike[rank]) if alike else ""


def fit(mine: str, theirs: str) -> float:
    """Share of the pairs of neighbouring signs that other words have, too; 0..1."""
    pairs = {a + b for a, b in pairwise(mine)}
    return len(pairs & {a + b for a, b in pairwise(theirs)}) / len(pairs) if pairs else 0.0
