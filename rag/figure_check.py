"""Whether the figures, times, addresses and 文号 of a sentence are its sources', of the same subject and period."""

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from functools import lru_cache

from rag.claims import STOP, Address, Claims, Figure, Time
from rag.segments import ITEM, SEGMENT, SIGN, fit, rank, segment
from rag.wording import coded, measure

Fault = tuple[str, str]
"""(kind, words): kind is figure, bound, time, basis, direction, subject, address or number."""
TRIVIAL = frozenset({"个", "次", "家", "项", "名", "户", "人", "件"})
COUNTED = frozenset({"个", "项", "条", "number"})
MANY = 10
COUNTED_ALIKE = {"amount", "number"}
ALIKE_BOUNDS = frozenset({("gt", "ge"), ("about", "near")})
CLEARLY = 0.3
"""How much better another figure's surroundings must fit for a figure to be in the wrong place."""
ENOUGH = 4
"""Signs after a time or an address that are enough to know what is said of it."""
FULL_STOP = re.compile("[。;]")
FOLLOWING = 6
"""Signs after a time or an address by which it is known what is said of it."""


def faults_of_figures(claims: Claims, start: int, end: int, sources: Sequence[Claims]) -> Iterator[Fault]:
    """Figures in a stretch of a sentence that no source holds as they are said."""
    for figure in claims.figures:
        if not start <= figure.quantity.start < end:
            continue
        found = [(source, other) for source in sources for other in source.figures if same_value(figure, other)]
        if not found:
            if not _indefinite(figure, sources) and not _counts_itself(claims, figure, sources):
                yield "figure", figure.text
            continue
        if _too_often(claims, figure, [other for _, other in found]):
            yield "bound", figure.text
            continue
        tried = [_against(claims, figure, source, other) for source, other in found]
        if all(tried):
            yield min(tried, key=lambda fault: ORDER.index(fault[0]) if fault else 0) or ("figure", figure.text)


ORDER = ("direction", "subject", "bound", "basis", "time")


def _too_often(claims: Claims, figure: Figure, found: Sequence[Figure]) -> bool:
    """三倍以下五倍以下 of 三倍以下 and 三倍以上五倍以下: a bound is said more often than in the sources."""
    mine = [other.bound for other in claims.figures if same_value(figure, other)]
    theirs = [other.bound for other in found]
    return len(mine) <= len(theirs) and mine.count(figure.bound) > theirs.count(figure.bound) > 0


def same_value(figure: Figure, other: Figure) -> bool:
    """One dimension and, to nine digits, one value; 65万亿 may be 65万亿元."""
    (mine, value), (theirs, known) = measure(figure.quantity), measure(other.quantity)
    unit = mine == theirs or (mine == "amount" and theirs not in COUNTED_ALIKE and known >= 1e4)
    return unit and abs(value - known) <= 1e-9 * max(1.0, abs(value))


def _indefinite(figure: Figure, sources: Sequence[Claims]) -> bool:
    """一个, 一项 say no number unless the sources count the same things."""
    quantity = figure.quantity
    return quantity.value == 1 and quantity.dimension in TRIVIAL and not _held(quantity.dimension, sources)


def _held(dimension: str, sources: Sequence[Claims]) -> bool:
    return any(other.quantity.dimension == dimension for source in sources for other in source.figures)


def _counts_itself(claims: Claims, figure: Figure, sources: Sequence[Claims]) -> bool:
    """有两个口径: as many figures or items follow in the sentence itself."""
    quantity = figure.quantity
    if quantity.dimension not in COUNTED or _held(quantity.dimension, sources) or not 1 < quantity.value <= MANY:
        return False
    after = [f for f in claims.figures if f.quantity.start >= quantity.end]
    alike = Counter(f.quantity.dimension for f in after)
    items = len(ITEM.findall(claims.plain[quantity.end :])) + 1
    return quantity.value in {*alike.values(), items}


def _against(claims: Claims, figure: Figure, source: Claims, other: Figure) -> Fault | None:
    """What a figure says otherwise than its counterpart in a source; None where they agree."""
    if figure.bound != other.bound and (figure.bound, other.bound) not in ALIKE_BOUNDS:
        return "bound", figure.text
    if figure.basis and figure.basis != other.basis:
        return "basis", figure.text
    if figure.direction != other.direction and figure.direction and other.direction:
        return "direction", figure.text
    if _other_end(figure, source, other):
        return "direction", figure.text
    if figure.time and other.time and not _of_one_time(figure, other):
        return "time", figure.text
    return ("subject", figure.text) if _elsewhere(claims, figure, source, other) else None


def _other_end(figure: Figure, source: Claims, other: Figure) -> bool:
    """由A降至B turned round: the figure is another end than in the source, or the source has another one there."""
    if not figure.end or figure.end == other.end:
        return False
    kind = measure(figure.quantity)[0]
    rivals = [f for f in source.figures if f.end == figure.end and measure(f.quantity)[0] == kind]
    return bool(other.end) or (bool(rivals) and not any(same_value(figure, rival) for rival in rivals))


def _of_one_time(figure: Figure, other: Figure) -> bool:
    """The time of a figure is told by its counterpart's; one from an earlier clause may be more exact than it."""
    if figure.time is None or other.time is None or figure.time.told_by(other.time):
        return True
    return not figure.own_time and figure.time.year == other.time.year and not other.time.month


def _elsewhere(claims: Claims, figure: Figure, source: Claims, other: Figure) -> bool:
    """The words before a figure fit another figure of the source clearly better than its counterpart."""
    if figure.quantity.dimension == other.quantity.dimension and _in_line(claims, source):
        return coded(claims, *_whole(claims)) not in coded(source, *_whole(source))
    ranks = rank(claims, figure), rank(source, other)
    if min(ranks) >= 0 and ranks[0] != ranks[1] and not (segment(claims, figure) and segment(source, other)):
        return True
    mine = segment(claims, figure)
    if len(mine) < 2:
        return False
    rivals = [
        rival
        for rival in source.figures
        if measure(rival.quantity)[0] == measure(other.quantity)[0] and not same_value(rival, other)
    ]
    return any(_better(claims, figure, source, other, rival) >= CLEARLY for rival in rivals)


def _better(claims: Claims, figure: Figure, source: Claims, other: Figure, rival: Figure) -> float:
    """How much better a figure's words fit a rival's place, together with those of the rival's own counterpart."""
    places = segment(source, other), segment(source, rival)
    mine = segment(claims, figure)
    gain = fit(mine, places[1]) - fit(mine, places[0])
    for twin in claims.figures:
        if gain > 0 and same_value(twin, rival):
            theirs = segment(claims, twin)
            gain += max(0.0, fit(theirs, places[0]) - fit(theirs, places[1]))
    return gain


@lru_cache(maxsize=4096)
def _in_line(claims: Claims, source: Claims) -> bool:
    """A sentence is a source's but for its figures: these stand in one order."""
    return SIGN.sub("#", coded(claims, *_whole(claims))) in SIGN.sub("#", coded(source, *_whole(source)))


def _whole(claims: Claims) -> tuple[int, int]:
    return 0, len(claims.plain)


def faults_of_places(claims: Claims, start: int, end: int, sources: Sequence[Claims]) -> Iterator[Fault]:
    """Times, articles and 文号 in a stretch of a sentence that no source, headings included, holds in that place."""
    for time in claims.times:
        if start <= time.start < end and not any(_told(claims, time, source) for source in _dated(sources)):
            yield "time", claims.plain[time.start : time.end]
    for address in claims.addresses:
        if start <= address[3] < end and not any(_addressed(claims, address, source) for source in sources):
            yield "address", f"第{address[1]}{address[0]}"
    numbers = {number for source in sources for number, _ in source.numbers}
    for number, at in claims.numbers:
        if start <= at < end and number not in numbers:
            yield "number", number


def _dated(sources: Sequence[Claims]) -> Sequence[Claims]:
    """The sources that say times; headings only where no sentence does."""
    sentences = [source for source in sources[::2] if any(time.year for time in source.times)]
    return sentences or sources


def _told(claims: Claims, time: Time, source: Claims) -> bool:
    """A source says the time, of the same thing, and compares with it only what the sentence does."""
    same = [other for other in source.times if time.told_by(other)]
    if time.compared and any(other.compared for other in source.times):
        same = [other for other in same if other.compared]
    mine = _after(claims, time.end, STOP)
    rivals = [_after(source, other.end, STOP) for other in source.times if other not in same]
    if not same or _displaced(mine, [_after(source, other.end, STOP) for other in same], rivals):
        return False
    ahead = [_ahead(source, other.start) for other in source.times if other not in same]
    return not _displaced(_ahead(claims, time.start), [_ahead(source, other.start) for other in same], ahead)


def _addressed(claims: Claims, address: Address, source: Claims) -> bool:
    """A source has the address, and does not say what follows it of another one."""
    same = [other for other in source.addresses if other[:3] == address[:3]]
    rivals = [other for other in source.addresses if other[0] == address[0] and other not in same]
    mine = _after(claims, _end(claims, address[3]), FULL_STOP)
    places = [[_after(source, _end(source, at), FULL_STOP) for *_, at in each] for each in (same, rivals)]
    return bool(same) and not _displaced(mine, *places)


def _end(claims: Claims, at: int) -> int:
    """Where the run of addresses ends that holds a place."""
    while at < len(claims.masked) and claims.masked[at] == "□":
        at += 1
    return at


def _displaced(mine: str, found: Sequence[str], rivals: Sequence[str]) -> bool:
    """What follows in the sentence follows a rival in the source clearly better than what was found."""
    if len(mine) < ENOUGH or not rivals:
        return False
    fits = [max((fit(mine[:FOLLOWING], each) for each in others), default=0.0) for others in (found, rivals)]
    return fits[1] >= max(0.5, fits[0] + CLEARLY)


def _ahead(claims: Claims, start: int) -> str:
    """The signs before a time in its clause."""
    return coded(claims, start - len(STOP.split(claims.plain[:start])[-1]), start)[-FOLLOWING:]


def _after(claims: Claims, end: int, stop: re.Pattern[str]) -> str:
    """The signs after a time or an address, in its clause or sentence."""
    last = stop.search(claims.plain, end)
    return coded(claims, end, min(last.start() if last else len(claims.plain), end + SEGMENT))[: 2 * FOLLOWING]
