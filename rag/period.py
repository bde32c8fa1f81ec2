"""Periods of figures: 2024年末, 2024年4月末, 2025年一季度 and 2026年1—4月 are different times of a year."""

import re

from rag.tables import cells

PERIOD = re.compile(
    r"(?<!\d)(?<!\d[.,—–~至-])(?P<year>(?:19|20)\d{2})(?![\d万亿千元个户家人项]|[.,]\d|[-—–~至](?:19|20)\d{2})年?(?:"
    r"(?:\d{1,2}月?[-—–~至到])?(?P<month>\d{1,2})月|-(?P<iso>\d{2})(?!\d)|(?P<quarter>[一二三四1-4])季度"
    r"|(?:前|头)(?P<first>[一二两三四五六七八九十\d]{1,2})个?(?P<unit>月|季度)|(?P<half>上半年|下半年)"
    r"|(?P<end>末|底|终|年末|年底|全年|整年|一整年))?"
)
COMPARED = re.compile(r"(?:比|较)(?:19|20)\d{2}年?(?:-?\d{1,2}月?|[一二三四]季度|全年|同期|年?末|年?底)*")
DATE = r"(?:19|20)\d{2}年(?:\d{1,2}月)?(?:\d{1,2}日)?[^,，。;；]{0,4}"
PUBLISHED = re.compile(rf"{DATE}(?:公布时|发布时|印发时|出台时)")
REPORTED = re.compile(rf"{DATE}报道")
COUNTED = {"一": 1, "二": 2, "两": 2, "三": 3, "四": 4, "五": 5, "六": 6, "七": 7, "八": 8, "九": 9, "十": 10}
HALVES = {"上半年": 6, "下半年": 12}
QUARTER = 3
DECEMBER = 12

AND_MONTH = re.compile(r"((?:19|20)\d{2}年)(\d{1,2}月(?:\d{1,2}日)?末?)([和与跟、])(?=\d{1,2}月)")

Period = tuple[str, int]
"""(year, last month of the period); month 0 where only the year is said."""


def periods(folded: str) -> frozenset[Period]:
    """Every period that a folded text names; 2023年10月公布时 is the time of a text, not of its figures.

    2024年7月和10月 are two months of one year.
    """
    text = AND_MONTH.sub(r"\1\2\3\1", PUBLISHED.sub(" ", folded))
    return frozenset((match["year"], _last_month(match)) for match in PERIOD.finditer(text))


def own_periods(folded: str) -> frozenset[Period]:
    """The periods that a text speaks of: without those it compares with (较2023年) and, if others are left,
    the dates of reports."""
    alone = COMPARED.sub(" ", folded)
    return periods(REPORTED.sub(" ", alone)) or periods(alone)


def row_periods(row: str) -> frozenset[Period]:
    """The periods that the first cell of a folded table row says; the others say when it was reported."""
    return periods(cells(row)[0])


def fit(asked: frozenset[Period], said: frozenset[Period]) -> int:
    """How well the periods of a text suit: 2 exactly, 1 the right year, 0 none said, -1 other times of the year,
    -2 other years only.

    A whole year is said by its number or by its end: 2024年, 2024年全年 and 2024年末 suit one another.
    """
    if not asked or not said:
        return 0
    whole = {(year, 0 if month == DECEMBER else month) for year, month in said}
    if {(year, 0 if month == DECEMBER else month) for year, month in asked} & whole:
        return 2
    months = [month for year, month in asked if year in {said_year for said_year, _ in said}]
    if not months:
        return -2
    return -1 if all(months) else 1


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
        return QUARTER * _count(match["quarter"])
    if match["first"]:
        return _count(match["first"]) * (QUARTER if match["unit"] == "季度" else 1)
    if match["half"]:
        return HALVES[match["half"]]
    return DECEMBER if match["end"] else 0


def _count(numeral: str) -> int:
    return int(numeral) if numeral.isdecimal() else COUNTED.get(numeral, 0)
