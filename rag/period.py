"""Periods of figures: 2024年末, 2024年4月末, 2025年一季度 and 2025年上半年 are different times of a year."""

import re

PERIOD = re.compile(
    r"(?P<year>(?:19|20)\d{2})年?(?:(?P<month>\d{1,2})月|-(?P<iso>\d{2})(?!\d)|(?P<quarter>[一二三四1-4])季度|(?P<half>上半年|下半年|前三季度)|(?P<end>末|底|终))?"
)
QUARTERS = {"一": 3, "二": 6, "三": 9, "四": 12, "1": 3, "2": 6, "3": 9, "4": 12}
HALVES = {"上半年": 6, "下半年": 12, "前三季度": 9}
DECEMBER = 12

Period = tuple[str, int]
"""(year, last month of the period); month 0 where only the year is said."""


def periods(folded: str) -> frozenset[Period]:
    """Every period that a folded text names."""
    return frozenset((match["year"], _last_month(match)) for match in PERIOD.finditer(folded))


def clash(asked: frozenset[Period], said: frozenset[Period]) -> bool:
    """The text speaks of the asked years only at other times of them."""
    exact = {period for period in asked if period[1]}
    if not exact or not said:
        return False
    same_year = {period for period in said if period[0] in {year for year, _ in exact} and period[1]}
    return bool(same_year) and not same_year & exact


def _last_month(match: re.Match[str]) -> int:
    if match["month"] or match["iso"]:
        return int(match["month"] or match["iso"])
    if match["quarter"]:
        return QUARTERS[match["quarter"]]
    if match["half"]:
        return HALVES[match["half"]]
    return DECEMBER if match["end"] else 0
