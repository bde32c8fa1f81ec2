"""Recognised boxes of a page -> its printed lines in reading order, in points, as `flow` takes them."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from statistics import median

from ingest.formats.hygiene import MARKED_NUMBER, Grid, Line, Sheet, clean
from ingest.formats.ocr_repair import repaired

PAGE_POINTS = 842
"""The longer side of a page is taken for that of A4."""
ONE_LINE = 0.5
"""The part of the lower box by which two boxes of one line overlap at least."""
WIDE_GAP = 0.8
"""Characters between two boxes of a line that stand apart."""
MARGIN = 0.2
"""Of a box's height: how much wider it is than its characters."""
FEWEST_EMS = 8
NARROW = 0.55
"""Of a character's size: the usual width of a digit."""
USUAL_SIZE = 0.72
"""Of a box's height, where no line of the page is long enough to tell."""
FEWEST_IN_COLUMN = 8
FULL = 0.6
LEVEL, MOST = 0.25, 0.75
SAME_SIZE, DOUBTFUL = 0.09, 0.33
"""How far sizes of one kind of line lie apart, by widths and by heights."""
HALF = 0.5
OPENING_MARK, CLOSING_MARK = re.compile("[（《〈〔【“‘]"), re.compile("[，。；：、）》〉〕】”’]$")
DEEPEST_INDENT, NEARLY = 2, 0.4


@dataclass(frozen=True, slots=True)
class Piece:
    """What one box holds and its edges in pixels of the straightened page."""

    text: str
    left: float
    top: float
    right: float
    bottom: float

    @property
    def middle(self) -> float:
        """Height of its centre."""
        return (self.top + self.bottom) / 2

    @property
    def height(self) -> float:
        """Of the box, which is higher than its characters."""
        return self.bottom - self.top

    @property
    def size(self) -> float:
        """Of its characters by their widths, 0 for few and for Latin ones; the box's height wavers with its words."""
        narrow = sum(character.isascii() for character in self.text)
        wide = len(self.text) - narrow
        return (
            (self.right - self.left - MARGIN * self.height) / (wide + NARROW * narrow)
            if wide >= FEWEST_EMS + narrow
            else 0.0
        )


@dataclass(frozen=True, slots=True)
class Block:
    """A line or a table with its edges in pixels."""

    item: Line | Grid
    left: float
    right: float
    middle: float


def sheet(pieces: Sequence[Piece], tables: Sequence[Block], shape: tuple[int, int], number: int) -> Sheet:
    """The page of height and width `shape` in pixels as lines and tables in reading order."""
    height, width = shape
    points = PAGE_POINTS / max(shape)
    gutter = _gutter(pieces)
    blocks = []
    for group in _sides(pieces, gutter):
        rows = _rows(group)
        edges = _edges(rows)
        blocks += [_block(row, size, edges, (height, points)) for row, size in zip(rows, _settled(rows), strict=True)]
    items = tuple(block.item for block in _in_order([*blocks, *tables], gutter))
    return Sheet(number, width * points, height * points, items)


def joined(row: Sequence[Piece]) -> str:
    """The text of the boxes of one line; a wide gap stays a blank where words stand apart."""
    text = repaired(clean(row[0].text))
    for before, piece in pairwise(row):
        gap = (piece.left - before.right) / (USUAL_SIZE * min(before.height, piece.height))
        text += ("\u3000" if gap > WIDE_GAP else "") + repaired(clean(piece.text))
    return clean(text)


def rows_of(pieces: Sequence[Piece]) -> list[str]:
    """The lines of a cell."""
    return [text for row in _rows(pieces) if (text := joined(row))]


def _rows(pieces: Sequence[Piece]) -> list[list[Piece]]:
    """Boxes that stand side by side, from left to right; the rows from top to bottom."""
    rows: list[list[Piece]] = []
    for piece in sorted(pieces, key=lambda p: p.middle):
        for row in reversed(rows[-3:]):
            if all(_beside(piece, other) for other in row):
                row.append(piece)
                break
        else:
            rows.append([piece])
    return [sorted(row, key=lambda p: p.left) for row in rows]


def _beside(a: Piece, b: Piece) -> bool:
    shared = min(a.bottom, b.bottom) - max(a.top, b.top)
    lower = min(a.height, b.height)
    apart = a.left > b.right - lower / 2 or b.left > a.right - lower / 2
    return shared > ONE_LINE * lower and apart


def _settled(rows: Sequence[Sequence[Piece]]) -> list[float]:
    """The size of each row's characters; sizes that hardly differ become one."""
    longest = [max(row, key=lambda piece: len(piece.text)) for row in rows]
    shares = [piece.size / piece.height for piece in longest if piece.size]
    share = median(shares) if shares else USUAL_SIZE
    rest = {i: (piece.size or share * piece.height, bool(piece.size)) for i, piece in enumerate(longest)}
    settled: dict[int, float] = {}
    while rest:
        centre = median(size for size, sure in rest.values() if sure or not any(s for _, s in rest.values()))
        near = {
            i: size
            for i, (size, sure) in rest.items()
            if abs(size - centre) <= (SAME_SIZE if sure else DOUBTFUL) * centre
        }
        near = near or {i: size for i, (size, _) in rest.items()}
        settled |= dict.fromkeys(near, median(near.values()))
        rest = {i: size for i, size in rest.items() if i not in near}
    return [settled[i] for i in range(len(rows))]


def _edges(rows: Sequence[Sequence[Piece]]) -> tuple[float, float]:
    """Where the lines of a column begin and end; marks may hang out on the right."""
    ends = [row[-1].right for row in rows if not CLOSING_MARK.search(row[-1].text)]
    return min(row[0].left for row in rows), max(ends or [row[-1].right for row in rows])


def _block(row: Sequence[Piece], size: float, edges: tuple[float, float], page: tuple[int, float]) -> Block:
    """One line; ink ends half a character before a mark's room does, and first lines stand in by whole characters."""
    height, points = page
    text = joined(row)
    left = row[0].left - HALF * size * bool(OPENING_MARK.match(text))
    right = row[-1].right
    if CLOSING_MARK.search(text):
        right = min(right + HALF * size, edges[1])
    indent = round((left - edges[0]) / size)
    if indent <= DEEPEST_INDENT and abs(edges[0] + indent * size - left) < NEARLY * size:
        left = edges[0] + indent * size
    middle = median(piece.middle for piece in row)
    base, alone = (height - middle - size / 2) * points, bool(MARKED_NUMBER.fullmatch(text))
    line = Line(text, left * points, right * points, base, size * points, alone)
    return Block(line, left, right, middle)


def _gutter(pieces: Sequence[Piece]) -> float:
    """Where the white between two columns of running text stands, 0 where the page has one column."""
    if len(pieces) < 2 * FEWEST_IN_COLUMN:
        return 0.0
    left, right = min(p.left for p in pieces), max(p.right for p in pieces)
    for part in (0.5, 0.48, 0.52, 0.46, 0.54, 0.44, 0.56, 0.42, 0.58, 0.4, 0.6):
        x = left + part * (right - left)
        before, after = [p for p in pieces if p.right <= x], [p for p in pieces if p.left >= x]
        if min(len(before), len(after)) < FEWEST_IN_COLUMN or len(before) + len(after) < 0.8 * len(pieces):
            continue
        if _filled(before, x - left) and _filled(after, right - x):
            return x
        if not _aligned(before, after):
            return x
    return 0.0


def _filled(side: Sequence[Piece], width: float) -> bool:
    """Whether most lines fill the column, as running text does and the cells of a table without rules do not."""
    return median(piece.right - piece.left for piece in side) >= FULL * width


def _aligned(before: Sequence[Piece], after: Sequence[Piece]) -> bool:
    """Whether most boxes have another at their height on the other side, as the cells of a table have."""
    fewer, more = sorted((before, after), key=len)
    level = sum(any(abs(a.middle - b.middle) < LEVEL * a.height for b in more) for a in fewer)
    return level >= MOST * len(fewer)


def _sides(pieces: Sequence[Piece], gutter: float) -> Iterator[list[Piece]]:
    """Boxes left of the gutter, right of it, and across it; side by side they are no one line."""
    sides: dict[int, list[Piece]] = {}
    for piece in pieces:
        side = 0 if not gutter or piece.left < gutter < piece.right else 1 if piece.right <= gutter else 2
        sides.setdefault(side, []).append(piece)
    yield from sides.values()


def _in_order(blocks: Sequence[Block], gutter: float) -> list[Block]:
    """From top to bottom; between two blocks across the gutter the left column comes before the right one."""
    ordered: list[Block] = []
    columns: tuple[list[Block], list[Block]] = ([], [])
    for block in sorted(blocks, key=lambda b: b.middle):
        if gutter and not block.left < gutter < block.right:
            columns[block.left >= gutter].append(block)
            continue
        ordered += [*columns[0], *columns[1], block]
        columns[0].clear()
        columns[1].clear()
    return [*ordered, *columns[0], *columns[1]]
