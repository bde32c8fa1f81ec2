"""Printed lines -> paragraphs: which line goes on from the one before it, within a page and across pages."""

import re
from bisect import bisect, bisect_left
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise
from statistics import median

from ingest.formats.hygiene import SOFT_HYPHEN, Line, Sheet
from rag.numerals import DIGITS

OPENING = re.compile(
    rf"第[{DIGITS}]+[编章节条]|附[件录表则]|[表图]\s*[{DIGITS}\d]|续表|单位[:：]|#|\||[{DIGITS}]{{1,4}}、|[（(][{DIGITS}\d]{{1,3}}[）)]"
    r"|\d{1,2}[.、．)）]\s*(?!\d)|[①-⑳•●◆■]|\d{1,2}(?:\.\d{1,2}){1,3}\s"
)
HEADING = re.compile(
    rf"第[{DIGITS}]+[编章节](?:\s|(?=[^\s，。；、的])).{{0,40}}$|(?:附[件录表]\s*[{DIGITS}\d]*|[{DIGITS}]{{1,3}}、[^。；，]{{1,38}})$"
)
CAPTION = re.compile(rf"(?:[表图]\s*[{DIGITS}\d][{DIGITS}\d.-]*[\s:：][^。，]*|.*单位[:：]\S{{1,12}}[）)]?|续表)$")
STOP = re.compile(r"[。；：！？!?;:…][”’」』）)】]*$")
LEADERS = re.compile(r"(?:[.…·]\s*){4,}\d{0,4}$|\|$")
FIRST_UNIT = re.compile(r"(?:[A-Za-z0-9.,%+/-]+|.)[，。；：、！？”’）》〉〕】,.;:!?)]*")
CENTRED = 2.0
LIKE_A_FIRST_LINE = 2.5
"""Characters; a line indented by less is centred only if it ends as far from the other edge."""
LARGER = 1.15
SAME_SIZE = 0.12
FIRST_INDENT = 1.2
"""Characters; printers indent a first line by two."""
WORD = re.compile(r"[A-Za-z0-9,.;:!?)%’”]$")
LONG_ENOUGH = 20
"""Characters of a recognised line that may run on to the next page."""
FEW_LINES = 8
MOST_CROSSING = 0.2
"""The part of a page's lines that may cross the white between its columns."""


@dataclass(frozen=True, slots=True)
class Column:
    """The edges between which the lines of one column stand, in points."""

    left: float
    right: float


@dataclass(frozen=True, slots=True)
class Layout:
    """How a file sets its paragraphs: type size, distance of lines, first lines indented or paragraphs set apart."""

    size: float
    pitch: float
    indented: bool
    spaced: bool


@dataclass(frozen=True, slots=True)
class Placed:
    """A line with the column and the page on which it stands."""

    line: Line
    column: Column
    page: int

    @property
    def indent(self) -> float:
        """Distance from the column's left edge, in widths of a character."""
        return (self.line.left - self.column.left) / (self.line.size or 1)

    @property
    def centred(self) -> bool:
        """Far from both edges and equally far."""
        after = (self.column.right - self.line.right) / (self.line.size or 1)
        aside = max(1.5, 0.15 * self.indent) if self.indent > LIKE_A_FIRST_LINE else 0.3
        return self.indent > CENTRED and abs(self.indent - after) < aside


def placed(sheets: Sequence[Sheet]) -> dict[int, list[Placed]]:
    """The lines of each page in their columns; pages of one width and side share their edges."""
    groups: dict[tuple[int, int, int, int], list[tuple[int, int, Line]]] = defaultdict(list)
    gutters = _gutters(sheets)
    for sheet in sheets:
        gutter = gutters[sheet.number]
        for i, line in enumerate(sheet.lines):
            side = 0 if not gutter or line.left < gutter < line.right else 1 + (line.left > gutter)
            groups[round(sheet.width), sheet.number % 2, bool(gutter), side].append((sheet.number, i, line))
    found: dict[int, dict[int, Placed]] = {sheet.number: {} for sheet in sheets}
    for (width, _, parted, _), members in groups.items():
        whole = _column([line for _, _, line in members])
        if len(members) < FEW_LINES and not parted:  # too few to show the edge: as far from the paper's as the left one
            whole = Column(whole.left, max(whole.right, width - whole.left))
        by_page: dict[int, list[Line]] = defaultdict(list)
        for number, _, line in members:
            by_page[number].append(line)
        for number, i, line in members:
            found[number][i] = Placed(line, _own(by_page[number], whole, line.size), number)
    return {number: [lines[i] for i in sorted(lines)] for number, lines in found.items()}


def _own(lines: list[Line], whole: Column, size: float) -> Column:
    """A page that is set narrower or wider than the others of its group has edges of its own."""
    if len(lines) < FEW_LINES:
        return whole
    own = _column(lines)
    far = abs(own.right - whole.right) > 3 * size
    return Column(min(own.left, whole.left) if not far else own.left, own.right if far else whole.right)


def _column(lines: Sequence[Line]) -> Column:
    """The outermost edges that at least a twentieth of the lines (and two) reach."""
    enough = max(1, min(len(lines) - 1, max(2, len(lines) // 20))) if len(lines) > 1 else 1
    lefts = sorted(line.left for line in lines)
    rights = sorted(-line.right for line in lines)
    size = median(line.size for line in lines)
    left = next(
        (edge for edge in lefts if bisect(lefts, edge + size / 2) - bisect_left(lefts, edge) >= enough), lefts[0]
    )
    right = next((e for e in rights if bisect(rights, e + 1.5 * size) - bisect_left(rights, e) >= enough), rights[0])
    return Column(left, -right)


def _gutters(sheets: Sequence[Sheet]) -> dict[int, float]:
    """Where the gutter of each page stands; a last page may fill one column of two and little of the other."""
    gutters = {sheet.number: _gutter(sheet) for sheet in sheets}
    of_width = {round(sheet.width): gutters[sheet.number] for sheet in sheets if gutters[sheet.number]}
    for sheet in sheets:
        usual = of_width.get(round(sheet.width), 0.0)
        crossing = sum(line.left < usual < line.right for line in sheet.lines)
        if usual and not gutters[sheet.number] and crossing <= MOST_CROSSING * len(sheet.lines):
            gutters[sheet.number] = usual
    return gutters


def _gutter(sheet: Sheet) -> float:
    """Where the white between two columns stands, 0 where the page has one column."""
    lines = [line for line in sheet.lines if not line.whole]
    if len(lines) < 2 * FEW_LINES:
        return 0.0
    for part in (0.5, 0.48, 0.52, 0.45, 0.55, 0.4, 0.6):
        middle = sheet.width * part
        before = sum(line.right <= middle for line in lines)
        after = sum(line.left >= middle for line in lines)
        if (
            min(before, after) >= FEW_LINES
            and before + after >= (1 - MOST_CROSSING) * len(lines)
            and min(before, after) >= 0.2 * len(lines)
        ):
            return middle
    return 0.0


def layout(pages: Iterable[list[Placed]]) -> Layout:
    """How the paragraphs of these lines are told apart."""
    pairs = [(a, b) for lines in pages for a, b in pairwise(lines) if _in_one_column(a, b)]
    sizes = [p.line.size for pair in pairs for p in pair]
    size = median(sizes or [0.0])
    body = [
        (a, b)
        for a, b in pairs
        if abs(a.line.size - size) < SAME_SIZE * size and abs(b.line.size - size) < SAME_SIZE * size
    ]
    inner = [a.line.base - b.line.base for a, b in body if _full(a, b)]
    pitch = median(inner or [a.line.base - b.line.base for a, b in pairs] or [0.0])
    after = [(a, b) for a, b in body if not _full(a, b) and not a.centred and not b.centred]
    indented = sum(b.indent > FIRST_INDENT for _, b in after)
    apart = sum(a.line.base - b.line.base > 1.25 * pitch for a, b in after)
    return Layout(size, pitch, indented=2 * indented >= len(after), spaced=bool(after) and 2 * apart >= len(after))


def _in_one_column(a: Placed, b: Placed) -> bool:
    return a.page == b.page and a.column == b.column and a.line.base > b.line.base


def _full(a: Placed, b: Placed) -> bool:
    """Whether the first word of the next line would not have found room on this one."""
    unit = FIRST_UNIT.match(b.line.text)
    width = sum(0.55 if character.isascii() else 1.0 for character in unit[0]) if unit else 1.0
    return a.line.right + (width + 1.0) * b.line.size > a.column.right


def continues(paragraph: Sequence[Placed], b: Placed, style: Layout) -> bool:
    """Whether line b goes on with the paragraph that stands before it."""
    a = paragraph[-1]
    size = a.line.size
    stopped, opens = bool(STOP.search(a.line.text)), bool(OPENING.match(b.line.text))
    if LEADERS.search(a.line.text) or CAPTION.match(a.line.text):
        return False
    if a.line.whole or b.line.whole:
        return a.page != b.page and not stopped and not opens and len(a.line.text) >= LONG_ENOUGH
    if abs(size - b.line.size) > SAME_SIZE * size:
        return False
    if a.line.text.endswith(SOFT_HYPHEN) and b.line.text[:1].islower():
        return True
    if size > LARGER * style.size or a.centred or b.centred:
        return _one_title(a, b, style)
    if not _full(a, b) or not _near(a, b, style, doubtful=stopped or opens):
        return False
    return (_goes_on_indented if style.indented else _goes_on_flush)(paragraph, b, style, opens)


def _goes_on_indented(paragraph: Sequence[Placed], b: Placed, style: Layout, opens: bool) -> bool:
    """Where first lines are indented, a full line goes on in one that is not."""
    stopped = bool(STOP.search(paragraph[-1].line.text))
    if b.indent > FIRST_INDENT:
        return _hangs(paragraph, b) and not opens and not stopped
    return not (opens and stopped)


def _goes_on_flush(paragraph: Sequence[Placed], b: Placed, style: Layout, opens: bool) -> bool:
    """Where no line is indented, only words and distances tell."""
    a = paragraph[-1]
    if HEADING.match(a.line.text):
        return False
    if not STOP.search(a.line.text):
        return True
    return not opens and style.spaced and a.page == b.page


def _hangs(paragraph: Sequence[Placed], b: Placed) -> bool:
    """Whether all lines of the paragraph but the first, which opens an item, are indented as this one is."""
    first, *others = paragraph
    deeper = b.line.left - first.line.left > 0.5 * b.line.size and OPENING.match(first.line.text)
    return bool(deeper) and all(abs(other.line.left - b.line.left) < 0.5 * b.line.size for other in others)


def _near(a: Placed, b: Placed, style: Layout, *, doubtful: bool) -> bool:
    widest = 1.25 if doubtful or style.spaced else 2.2
    return not _in_one_column(a, b) or a.line.base - b.line.base < widest * style.pitch


def _one_title(a: Placed, b: Placed, style: Layout) -> bool:
    """A large heading over two or three centred lines is one heading."""
    large = min(a.line.size, b.line.size) > LARGER * style.size
    wide = a.line.right - a.line.left > 0.5 * (a.column.right - a.column.left)
    aside = abs(a.line.left + a.line.right - b.line.left - b.line.right) / 2
    if not (large and wide and aside < a.line.size and _in_one_column(a, b)):
        return False
    return not OPENING.match(b.line.text) and b.line.text[:1] not in "（("


def glued(before: str, after: str) -> str:
    """What stands between two joined lines: a blank between Latin words, nothing between Han."""
    return " " if WORD.search(before) and re.match(r"[A-Za-z(“‘]", after) else ""
