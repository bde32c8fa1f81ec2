"""What a sentence claims that can be checked by reading: figures with their times, addresses, titles, 文号, names."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

from rag.address import BOOK_TITLE, DOC_NUMBER, ORDER_NUMBER
from rag.numerals import DIGITS, number_of
from rag.quantity import Quantity, quantities

ADDRESS = re.compile(rf"第[(]?([{DIGITS}]+)[)]?(条|款|项|目|章|节|编|部分|段|次|届|批|位)(?:之([{DIGITS}]+))?")
YEAR = r"(?<![\d.])(?P<year>(?:19|20)\d{2})(?:年度?|(?=[末底]|-(?:19|20)\d{2}年)|(?=中央一号))"
SPAN = (
    r"(?:(?P<first>\d{1,2})月?[-至到])?(?P<month>\d{1,2})月份?(?:[上中下]旬|(?:\d{1,2}[日号]?[-至到])?(?P<day>\d{1,2})[日号])?"
    r"|第?(?P<quarter>[一二三四1-4])季度|[前头](?P<many>[一二两三四五六七八九十\d]{1,2})个?(?P<unit>月|季度)|(?P<half>[上下]半年)"
)
TIME = re.compile(
    rf"{YEAR}(?:{SPAN})?(?P<end>年?[末底]|全年|整年)?|(?<![\d.])(?:{SPAN.replace('?P<', '?P<b_')})(?P<b_end>[末底])?"
)
COUNTED = {"一": 1, "二": 2, "两": 2, "三": 3, "四": 4, "五": 5, "六": 6, "七": 7, "八": 8, "九": 9, "十": 10}
QUARTER, DECEMBER, HALF = 3, 12, 6
STOP = re.compile("[,，;；。:：!！?？\n]")
COMPARING = re.compile("(?:比|较|与|同|相比|相较)(?:于|上)?$")

BOUNDS_BEFORE = (
    ("le", "不超过|不高于|不多于|不大于|不突破|至多|最高|最多|最长|最大|上限|不得超过|不得高于|不超出"),
    ("ge", "不低于|不少于|不小于|不得低于|不得少于|至少|最低|最少|最短|起点|下限|不下于"),
    ("gt", "超过|超出|超|逾|突破|高于|大于|多于|高达"),
    ("lt", "不足|不到|低于|少于|小于|未满|不满|未达|未超过"),
    ("near", "接近|将近|近|逼近"),
    ("about", "大约|大概|约|左右"),
)
FILLER = "(?:[^,。;、\\d□]{1,10}的)?(?:为|是|人民币|的|达到|达|在|已|可|可达|到|按|:)*"
EXTREME = re.compile(f"(?:(?P<le>最[高多大长])|(?P<ge>最[低少小短]))[^,。;]{{0,6}}?{FILLER}$")
"""最高偿付限额为50万元."""
BOUND_BEFORE = re.compile("(?:" + "|".join(f"(?P<{name}>{words})" for name, words in BOUNDS_BEFORE) + f"){FILLER}$")
BOUND_AFTER = re.compile(
    "(?:人民币|[(]?不?含[^,。;)]{0,4}[)])?(?:(?P<ge>[(]?(?:及其?|含)?[)]?以上|起)|(?P<le>[(]?(?:及其?|含)?[)]?以下|(?:以|之)?内(?!部|容|地))|(?P<about>左右|上下)|(?P<outside>(?:[(]含[)])?(?:以|之)外)|(?P<gt>以后|之后|后(?!续|者))|(?P<lt>以前|之前|前(?!述|款|条|期|三|两)))"
)
TO = re.compile("(?:[升降高低宽增减调加长大少涨跌])(?:至|到|为)(?:不超过|超过|约|人民币)?$")
FROM = re.compile("(?:由|从)[^,。;\\d]{0,14}$")
OF = re.compile("的?")
RANGE = re.compile("-|至|到")
BASES = (
    ("yoy", "同比|[较比](?:上年|去年|前年|(?:19|20)\\d{2}年)?同期|与上年同期相比"),
    ("ytd", "[较比](?:当年|上年|去年)?年?(?:初|末)|[较比]年初"),
    ("mom", "环比|[较比]上[个]?[月季]"),
)
BASIS = re.compile("|".join(f"(?P<{name}>{words})" for name, words in BASES))
UP = "增长|增加|上升|提高|上涨|提升|上调|新增|高出|高于|扩大|回升|增|升|涨|多|高"
DOWN = "下降|减少|降低|下调|下跌|回落|低于|低出|缩小|收窄|压降|调降|降|减|跌|少|低"
DIRECTION = re.compile(f"(?<!最)(?<!不)(?:(?P<up>{UP})|(?P<down>{DOWN}))(?!限|额)")
TENOR = "年期"
PACE = re.compile("(?P<up>增速|增幅|涨幅)|(?P<down>降幅|跌幅)")
"""增速为11%; in 高于各项贷款增速3个百分点 it is 高于 that says the way."""
NEAR = 12
"""Characters before a figure in which the words stand that say its basis and direction."""


@dataclass(frozen=True, slots=True)
class Time:
    """A time as said: year '' and month or day 0 where not said; `whole`: the year as such, or its end."""

    year: str
    month: int
    day: int
    first: int
    whole: bool
    start: int
    end: int
    compared: bool

    def told_by(self, other: "Time") -> bool:
        """Whether the other one says at least as much: 2024年 is told by 2024年6月末, 2024年末 by 2024年."""
        if self.year and other.year and self.year != other.year:
            return False
        if self.month and self.month != other.month and not (self.whole and other.month == 0 and other.year):
            return False
        if self.first and other.first and self.first != other.first:
            return False
        return not self.day or self.day == other.day


@dataclass(frozen=True, slots=True)
class Figure:
    """A quantity with what is said of it: bound (le ge gt lt near about or ''), basis, direction, time and end.

    `end` is 'from' or 'to' in 由1.5%降至1.4%; `own_time`: the time is said in the figure's own clause.
    """

    quantity: Quantity
    bound: str
    basis: str
    direction: str
    time: Time | None
    end: str = ""
    own_time: bool = True

    @property
    def text(self) -> str:
        """As written, folded."""
        return self.quantity.text


Address = tuple[str, int, int, int]
"""(条 or another unit, number, branch, place in the text)."""


@dataclass(frozen=True, slots=True)
class Claims:
    """A sentence in plain form and what it claims; `masked` has titles, numbers and addresses blanked out."""

    plain: str
    masked: str
    figures: tuple[Figure, ...]
    times: tuple[Time, ...]
    addresses: tuple[Address, ...]
    titles: tuple[tuple[str, int], ...]
    numbers: tuple[tuple[str, int], ...]
    clauses: tuple[tuple[int, int], ...]


@lru_cache(maxsize=8192)
def read(text: str) -> Claims:
    """The claims of a sentence in plain form."""
    titles = tuple((match[1], match.start()) for match in BOOK_TITLE.finditer(text))
    masked = BOOK_TITLE.sub(_blank, text)
    numbers = tuple(_numbers(masked))
    masked = ORDER_NUMBER.sub(_blank, DOC_NUMBER.sub(lambda m: m[1] + "□" * (len(m[0]) - len(m[1])), masked))
    addresses = tuple((m[2], number_of(m[1]), number_of(m[3] or ""), m.start()) for m in ADDRESS.finditer(masked))
    masked = ADDRESS.sub(_blank, masked)
    times = tuple(_times(masked))
    timeless = masked
    for time in times:
        timeless = timeless[: time.start] + "□" * (time.end - time.start) + timeless[time.end :]
    found = [q for q in quantities(timeless) if q.dimension != "address"]
    figures = tuple(_figure(timeless, masked, q, times, found) for q in found)
    return Claims(text, masked, figures, times, addresses, titles, numbers, tuple(_clauses(text)))


def _blank(match: re.Match[str]) -> str:
    return "□" * len(match[0])


def _numbers(text: str) -> Iterator[tuple[str, int]]:
    """The keys of 文号: year and number for bracketed ones, whatever stands before them."""
    for match in DOC_NUMBER.finditer(text):
        yield f"{match[1][-2:]}{match[2]}-{int(match[3])}", match.start()
    for match in ORDER_NUMBER.finditer(text):
        yield f"令{number_of(match[2])}", match.start()


def _times(text: str) -> Iterator[Time]:
    year = ""
    for m in TIME.finditer(text):
        own = m["year"] or ""
        group = (
            m.groupdict() if own else {k.removeprefix("b_"): v for k, v in m.groupdict().items() if k.startswith("b_")}
        )
        month = _month(group)
        whole = bool(own and group["end"] and not month)
        compared = bool(COMPARING.search(text[: m.start()]))
        day = int(group["day"] or 0)
        yield Time(
            own or year,
            month or (DECEMBER if whole else 0),
            day,
            int(group["first"] or 0),
            whole,
            m.start(),
            m.end(),
            compared,
        )
        year = own or year


def _month(group: dict[str, str | None]) -> int:
    if group["month"]:
        return int(group["month"])
    if group["quarter"]:
        return QUARTER * _count(group["quarter"])
    if group["many"]:
        return _count(group["many"]) * (QUARTER if group["unit"] == "季度" else 1)
    return {"上半年": HALF, "下半年": DECEMBER}.get(group["half"] or "", 0)


def _count(numeral: str) -> int:
    return int(numeral) if numeral.isdecimal() else COUNTED.get(numeral, 0)


def _figure(text: str, masked: str, quantity: Quantity, times: tuple[Time, ...], found: list[Quantity]) -> Figure:
    before = text[: quantity.start]
    clause = STOP.split(before)[-1]
    bases = list(BASIS.finditer(STOP.split(masked[: quantity.start])[-1]))
    last = max((q.end for q in found if q.end <= quantity.start), default=0)
    words = before[max(last, quantity.start - min(len(clause), NEAR)) :]
    said = list(DIRECTION.finditer(PACE.sub("", words))) or list(PACE.finditer(words))
    time = _time(text, quantity, times)
    return Figure(
        quantity,
        _bound(text, quantity, found),
        (bases[-1].lastgroup or "") if bases else "",
        (said[-1].lastgroup or "") if said else "",
        time,
        "to" if TO.search(clause) else ("from" if FROM.search(clause) else ""),
        time is None or time.start >= quantity.start - len(clause),
    )


def _bound(text: str, quantity: Quantity, found: list[Quantity]) -> str:
    """What limits a figure; 20%-50%, as 20%以上50%以下, is from the one to the other."""
    after = BOUND_AFTER.match(text, quantity.end)
    near = text[max(0, quantity.start - NEAR) : quantity.start]
    before = None if quantity.dimension == TENOR else BOUND_BEFORE.search(near) or EXTREME.search(near)
    words = {match.lastgroup for match in (before, after) if match and match.lastgroup}
    if words:
        return "+".join(sorted(words))
    if re.search("[多余]", quantity.text):
        return "gt"
    for other in found:
        if other.end < quantity.start and RANGE.fullmatch(text[other.end : quantity.start]):
            return "le"
        if quantity.end < other.start and RANGE.fullmatch(text[quantity.end : other.start]):
            return "ge"
    return ""


def _time(text: str, quantity: Quantity, times: tuple[Time, ...]) -> Time | None:
    """The time that a figure belongs to: the last one before it, one that is compared with only right before it."""
    before = [
        time
        for time in times
        if time.end <= quantity.start and (not time.compared or OF.fullmatch(text[time.end : quantity.start]))
    ]
    if before:
        return before[-1]
    stop = STOP.search(text, quantity.end)
    end = stop.start() if stop else len(text)
    return next((time for time in times if quantity.end <= time.start < end and not time.compared), None)


def _clauses(text: str) -> Iterator[tuple[int, int]]:
    start = 0
    for stop in STOP.finditer(text):
        if stop.start() > start:
            yield start, stop.start()
        start = stop.end()
    if start < len(text):
        yield start, len(text)
