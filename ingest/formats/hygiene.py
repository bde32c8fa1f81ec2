"""Hygiene over the pages of a file: running heads and feet out, characters and doubled headings mended."""

import re
import unicodedata
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from statistics import median

from ingest.formats.rows import Table
from rag.normalise import HAN, INVISIBLE, RADICALS
from rag.numerals import DIGITS

SOFT_HYPHEN = "\u00ad"
"""At the end of a line: a hyphen that the line break may have put there."""


@dataclass(frozen=True, slots=True)
class Line:
    """One printed line; lengths in points, `base` counted from the foot of the page."""

    text: str
    left: float = 0.0
    right: float = 0.0
    base: float = 0.0
    size: float = 0.0
    whole: bool = False
    """Stands alone: it is never joined with a line of its own page."""


@dataclass(frozen=True, slots=True)
class Grid:
    """One page's part of a table and the edges between which it stands, in points."""

    table: Table
    left: float = 0.0
    right: float = 0.0


@dataclass(frozen=True, slots=True)
class Sheet:
    """One page as its lines and tables in reading order; width and height in points."""

    number: int
    width: float
    height: float
    items: tuple[Line | Grid, ...] = ()

    @property
    def lines(self) -> tuple[Line, ...]:
        """The lines without the tables."""
        return tuple(item for item in self.items if isinstance(item, Line))


NUMBER = rf"(?:\d{{1,4}}|[{DIGITS}]{{1,5}}|[ivxlcIVXLC]{{1,6}})"
DASH = r"[-—–－﹣‐―─·~]"
MARKED_NUMBER = re.compile(
    rf"{DASH}+\s*{NUMBER}\s*{DASH}+|第\s*{NUMBER}\s*页(?:[\s,，/]*共\s*{NUMBER}\s*页)?|\d+\s*/\s*\d+"
    rf"|(?i:page|p\.)\s*\d+(?:\s*(?:of|/)\s*\d+)?|{NUMBER}\s*/\s*共?\s*{NUMBER}\s*页?"
)
BARE_NUMBER = re.compile(r"\d{1,4}")
ROMAN_NUMBER = re.compile("[ivxlc]{1,6}|[IVXLC]{1,6}")
LAST_NUMBER = re.compile(r"^\d{1,4}(?=\s)|(?<!\d)\d{1,4}$")
OWN_LINE = re.compile(
    rf"第[{DIGITS}]+[编章节条]|附[件录表]|[表图]\s*[{DIGITS}\d]|续表|单位[:：]|[{DIGITS}]+、|[（(][{DIGITS}\d]+[）)]"
)
ATTACHED = re.compile(rf"附[件录表]|[表图]\s*[{DIGITS}\d]")
SENTENCE_STOP = re.compile(r"[。；：！？!?;:，,、]$")
OF_WEB_PAGE = re.compile(
    r"责任编辑[:：].{1,12}|扫一扫.{0,4}手机.{0,3}打开(?:当前|本)?页面?|[【\[]?(?:打印|关闭)(?:本页|窗口|页面)[】\]]?|分享到.{0,12}|【字体[:：].{1,16}】?"
)
"""Lines that a web page has for its readers and that a browser prints with the text."""
EDGE = 0.15
"""The part of a page's height in which running heads and feet stand."""
OUTER = 0.1
SAME_HEIGHT = 4.0
LINES_AT_THE_EDGE = 3
MOST, MANY, SMALLER = 0.6, 0.2, 0.9
FEW_PAGES = 3


def without_running(sheets: Sequence[Sheet]) -> tuple[Sheet, ...]:
    """The pages without running heads and feet, their page numbers, and what a browser printed of the web page."""
    kept = tuple(_without_furniture(sheet) for sheet in sheets)
    for top in (True, False):
        for _ in range(LINES_AT_THE_EDGE):
            edges = {sheet.number: _edge(sheet, top) for sheet in kept}
            running = set(_running(kept, edges))
            if not running:
                break
            kept = tuple(_without(sheet, running) for sheet in kept)
    return kept


def _without_furniture(sheet: Sheet) -> Sheet:
    items = (item for item in sheet.items if not isinstance(item, Line) or not OF_WEB_PAGE.fullmatch(item.text))
    return replace(sheet, items=tuple(items))


def _without(sheet: Sheet, running: set[tuple[int, int]]) -> Sheet:
    return replace(sheet, items=tuple(item for i, item in enumerate(sheet.items) if (sheet.number, i) not in running))


def _edge(sheet: Sheet, top: bool) -> list[tuple[int, Line]]:
    """The outermost lines of a page that stand at one height near its upper or lower edge."""
    lines = [(i, item) for i, item in enumerate(sheet.items) if isinstance(item, Line)]
    if not lines:
        return []
    outermost = (max if top else min)(line.base for _, line in lines)
    far = outermost > sheet.height * (1 - EDGE) if top else outermost < sheet.height * EDGE
    return [(i, line) for i, line in lines if far and abs(line.base - outermost) < SAME_HEIGHT]


def _running(sheets: Sequence[Sheet], edges: dict[int, list[tuple[int, Line]]]) -> Iterator[tuple[int, int]]:
    """(page, place) of every line at the edges that repeats or only numbers its page."""
    counts: Counter[tuple[str, int]] = Counter()
    numbers: Counter[int] = Counter()
    for number, lines in edges.items():
        counts.update((key, _height(line)) for _, line in lines for key in _keys(line, number))
        numbers.update({_distance(line, number) for _, line in lines if LAST_NUMBER.search(line.text)})
    repeated = {number for number, lines in edges.items() if any(_repeats(line, number, counts) for _, line in lines)}
    sides = [[sheet.number in repeated for sheet in sheets if sheet.number % 2 == side] for side in (0, 1)]
    most = max(sum(side) / max(1, len(side)) for side in (*sides, [*sides[0], *sides[1]])) >= MOST
    for sheet in sheets:
        for place, line in edges[sheet.number]:
            share = max(_times(line, key, counts) for key in _keys(line, sheet.number)) / len(sheets)
            if len(sheets) <= FEW_PAGES:
                repeats = len(sheets) > 1 and share >= 1 and _apart(line, sheet) and not OWN_LINE.match(line.text)
            else:
                repeats = most and _repeats(line, sheet.number, counts) and not SENTENCE_STOP.search(line.text)
            if repeats or _numbers_its_page(line, sheet, numbers[_distance(line, sheet.number)], len(sheets)):
                yield sheet.number, place


def _keys(line: Line, number: int) -> set[str]:
    """A line as it is, and with the number that counts pages written as its distance from the page's own."""
    marked = MARKED_NUMBER.sub("#", line.text)
    if OWN_LINE.match(line.text):
        return {marked}
    return {marked, LAST_NUMBER.sub(lambda found: f"#{int(found[0]) - number}", marked)}


def _height(line: Line) -> int:
    return round(line.base / SAME_HEIGHT)


def _times(line: Line, key: str, counts: Counter[tuple[str, int]]) -> int:
    """On how many pages such a line stands at the same height."""
    return sum(counts[key, _height(line) + aside] for aside in (-1, 0, 1))


def _repeats(line: Line, number: int, counts: Counter[tuple[str, int]]) -> bool:
    """Three times are no accident; twice are none where a number in it counts the pages."""
    return any(_times(line, key, counts) >= FEW_PAGES - ("#" in key) for key in _keys(line, number))


def _distance(line: Line, page: int) -> int:
    """How far the number at an end of a line lies from the number of its page."""
    found = LAST_NUMBER.search(line.text)
    return int(found[0]) - page if found else -page


def _numbers_its_page(line: Line, sheet: Sheet, counted: int, pages: int) -> bool:
    """`counted` is on how many pages such a line has a number as far from the page's own."""
    outer = not OUTER * sheet.height < line.base < (1 - OUTER) * sheet.height
    if MARKED_NUMBER.fullmatch(line.text):
        return True
    if BARE_NUMBER.fullmatch(line.text):
        return counted > 1 or (outer and len(line.text) <= 3)
    if outer and ROMAN_NUMBER.fullmatch(line.text):
        return True
    rises = LAST_NUMBER.search(line.text) and counted >= max(2, MANY * pages)
    return bool(rises) and not ATTACHED.match(line.text) and not SENTENCE_STOP.search(line.text)


def _apart(line: Line, sheet: Sheet) -> bool:
    """Whether a line is smaller than most of its page, or farther from its neighbour than its lines mostly are."""
    if line.size < SMALLER * median(other.size for other in sheet.lines):
        return True
    bases = sorted({round(other.base, 1) for other in sheet.lines})
    gaps = [b - a for a, b in pairwise(bases) if b - a > 2]
    if len(gaps) < 3 or SENTENCE_STOP.search(line.text):
        return False
    nearest = min(abs(other - line.base) for other in bases if abs(other - line.base) > 2)
    return nearest > 1.5 * sorted(gaps)[len(gaps) // 2]


ADDRESS = rf"第[{DIGITS}]+[编章节条](?:之[{DIGITS}]+)?"
SPACED_ADDRESS = re.compile(rf"^((?:第\s*)(?:[{DIGITS}]\s*)+[编章节条](?:\s*之\s*[{DIGITS}])?)(\s*)")
HAN_OR_MARK = rf"[{HAN}\u3001-\u301f\uff01-\uff0f\uff1a-\uff1f“”‘’…]"
NARROW_GAP = re.compile(rf"(?<={HAN_OR_MARK}) +(?={HAN_OR_MARK})")
DATE_GAP = re.compile(r"(?<=第) +(?=\d)|(?<=\d) +(?=[年月日条页％%])|(?<=年) +(?=\d{1,2} *月)|(?<=月) +(?=\d{1,2} *日)")
GLUED_ADDRESS = re.compile(rf"(?<=[。；：！？”）])\s*({ADDRESS}) +(?=[{HAN}])")
KANGXI = re.compile("[\u2e80-\u2fdf]")
SYMBOL_BULLET = re.compile("^[\uf000-\uf0ff]\\s*")


def clean(text: str) -> str:
    """A line as people read it: radicals as characters, nothing invisible, no blanks between Han.

    A full-width blank stands for a wide gap: between words of two characters and more one blank remains.
    """
    text = INVISIBLE.sub("", text.replace("\u00a0", " ").replace("\t", "\u3000"))
    text = KANGXI.sub(lambda found: unicodedata.normalize("NFKC", found[0]), text.translate(RADICALS))
    text = SYMBOL_BULLET.sub("", text.strip())
    address = SPACED_ADDRESS.match(text)
    if address:
        opening = re.sub(r"\s", "", address[1])
        return opening + (" " if address[2] else "") + _without_gaps(text[address.end() :])
    return _without_gaps(text)


def _without_gaps(text: str) -> str:
    text = GLUED_ADDRESS.sub("\\1\0", text.strip())
    words = [DATE_GAP.sub("", NARROW_GAP.sub("", word)) for word in re.split("[ \u3000]*\u3000[ \u3000]*", text)]
    joined = words[0]
    for before, word in pairwise(words):
        spread = re.fullmatch(f"[{HAN}]", before) or re.fullmatch(f"[{HAN}]", word)
        joined += ("" if spread else " ") + word
    return joined.replace("\0", " ")


TWICE_OPENING = re.compile(rf"^({ADDRESS})\s*\1")
HEADING_OF_PAIRS = 4
LONGEST_HEADING = 40


def undoubled(text: str) -> str:
    """A line whose heading was printed twice to look bold, with that heading once; every other line as it is."""
    pairs = _paired(text)
    if pairs:
        return pairs
    opening = TWICE_OPENING.match(text)
    if opening:
        rest = text[opening.end() :]
        return opening[1] + (_paired(rest.strip(), fewest=2) or rest)
    compact = re.sub(r"\s", "", text)
    half = len(compact) // 2
    if 6 <= len(compact) <= 2 * LONGEST_HEADING and compact[:half] == compact[half:] and re.search(f"[{HAN}]", compact):
        return text[: len(text) // 2].strip()
    return text


def _paired(text: str, *, fewest: int = HEADING_OF_PAIRS) -> str:
    """The line at half length where each of its characters stands twice; '' where that is not so."""
    compact = re.sub(r"\s", "", text)
    if len(compact) < fewest or not re.search(f"[{HAN}]", compact) or compact[::2] != compact[1::2]:
        return ""
    return compact[::2]
