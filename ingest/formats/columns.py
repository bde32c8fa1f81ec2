"""Tables of PDF pages without upright rules: figures that stand below one another, parted by white columns."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from statistics import median_high

from ingest.formats.glyphs import Box, Glyph
from ingest.formats.hygiene import ATTACHED
from ingest.formats.rows import is_figure

SAME_LINE = 0.5
"""Of a character's height: glyphs whose base lines are nearer than this stand on one line."""
PART_GAP = 1.0
"""Of a character's width: from here on white parts two cells."""
FEWEST_COLUMNS, FEWEST_ROWS = 3, 3
"""Less is a table of contents, an address or a signature."""
WHITE = 0.35
"""Of a line's height: so much white there is at least between two columns, and more than between Han and digits."""
MOST_HEADER = 3
"""Lines above the first figures that may name the columns."""
FAR = 2.2
"""Of the usual distance of lines: what stands farther apart is no part of the table."""


@dataclass(frozen=True, slots=True)
class _Part:
    """Neighbouring glyphs of one line."""

    text: str
    left: float
    right: float


@dataclass(frozen=True, slots=True)
class _Set:
    """One line with its parts, from left to right."""

    parts: tuple[_Part, ...]
    boxes: tuple[tuple[float, float], ...]
    """(left, right) of each glyph."""
    bottom: float
    top: float

    @property
    def counts(self) -> bool:
        """A line of a table: three cells or more, and as many figures as to make a statement."""
        figures = sum(is_figure(part.text) for part in self.parts)
        return len(self.parts) >= FEWEST_COLUMNS and figures >= 2


def unruled(found: Sequence[Glyph]) -> list[list[Box]]:
    """The cells of each table on a page, found by its figures; empty where there is none."""
    lines = _lines(found)
    tables = []
    for first, last in _runs(lines):
        columns = _columns([line for line in lines[first : last + 1] if line.counts])
        if len(columns) >= FEWEST_COLUMNS:
            inside = [*_header(lines, first, columns), *lines[first : _foot(lines, last, columns) + 1]]
            tables.append(_cells(inside, lines[first], columns))
    return tables


def _lines(found: Sequence[Glyph]) -> list[_Set]:
    """The glyphs by the height at which they stand, from top to bottom."""
    rows: list[list[Glyph]] = []
    for glyph in sorted(found, key=lambda g: (-g.base, g.left)):
        if rows and rows[-1][0].base - glyph.base < SAME_LINE * glyph.size:
            rows[-1].append(glyph)
        else:
            rows.append([glyph])
    return [_set(sorted(row, key=lambda g: g.left)) for row in rows]


def _set(row: list[Glyph]) -> _Set:
    groups = [[row[0]]]
    for before, glyph in pairwise(row):
        if glyph.left - before.right > PART_GAP * glyph.size:
            groups.append([])
        groups[-1].append(glyph)
    parts = (_Part("".join(g.character for g in group), group[0].left, group[-1].right) for group in groups)
    boxes = tuple((glyph.left, glyph.right) for glyph in row)
    return _Set(tuple(parts), boxes, min(g.bottom for g in row), max(g.top for g in row))


def _runs(lines: Sequence[_Set]) -> Iterator[tuple[int, int]]:
    """(first, last) line with figures of each table: between two of them stand at most the rest of their cells."""
    counting = [i for i, line in enumerate(lines) if line.counts]
    if not counting:
        return
    first = counting[0]
    held = 1
    for before, place in pairwise([*counting, len(lines)]):
        columns = _columns([line for line in lines[first : before + 1] if line.counts])
        between = lines[before + 1 : place]
        together = place < len(lines) and all(_inside(line, columns) for line in between)
        if together:
            held += 1
            continue
        if held >= FEWEST_ROWS:
            yield first, before
        first, held = place, 1


def _columns(lines: Sequence[_Set]) -> list[tuple[float, float]]:
    """(left, right) of each column: what the cells of all lines cover together."""
    columns: list[tuple[float, float]] = []
    for part in sorted((part for line in lines for part in line.parts), key=lambda part: part.left):
        if columns and part.left < columns[-1][1]:
            columns[-1] = (columns[-1][0], max(columns[-1][1], part.right))
        else:
            columns.append((part.left, part.right))
    return columns


def _inside(line: _Set, columns: Sequence[tuple[float, float]]) -> bool:
    """Every part of a line touches one column only."""
    return all(sum(part.left < right and left < part.right for left, right in columns) <= 1 for part in line.parts)


def _header(lines: Sequence[_Set], first: int, columns: Sequence[tuple[float, float]]) -> list[_Set]:
    """The lines above the first figures that name columns: near enough, and white between all columns."""
    header: list[_Set] = []
    far = FAR * _height(lines)
    for place in range(first - 1, max(-1, first - 1 - MOST_HEADER), -1):
        near = lines[place].bottom - lines[place + 1].top < far and not ATTACHED.match(lines[place].parts[0].text)
        if not near or _borders([lines[place], *header, lines[first]], columns) is None:
            break
        header.insert(0, lines[place])
    return header


def _borders(lines: Sequence[_Set], columns: Sequence[tuple[float, float]]) -> list[float] | None:
    """Between each two columns the last place where all lines are white; None where two have none."""
    borders, least = [], WHITE * _height(lines)
    for (_, end), (begin, _) in pairwise(columns):
        white = begin
        for box in sorted((box for line in lines for box in line.boxes), key=lambda box: -box[1]):
            if box[0] < white < box[1] + least:
                white = box[0]
        if white < end:
            return None
        borders.append(white - least / 2)
    return borders


def _foot(lines: Sequence[_Set], last: int, columns: Sequence[tuple[float, float]]) -> int:
    """The place of the last line that belongs to the last row: the rest of its cells, right of the first column."""
    foot = last
    for place in range(last + 1, len(lines)):
        line = lines[place]
        if line.parts[0].left < columns[0][1] or not _inside(line, columns):
            break
        foot = place
    return foot


def _height(lines: Sequence[_Set]) -> float:
    return median_high(line.top - line.bottom for line in lines)


def _cells(lines: Sequence[_Set], first: _Set, columns: Sequence[tuple[float, float]]) -> list[Box]:
    """A box for each column of the header (all lines above the first figures) and of each row."""
    starts = [lines[0].top] if lines[0] is not first else []
    starts += [line.top for line in lines if line.counts]
    tops = [*starts, min(line.bottom for line in lines) - 1]
    tops[0] += 1
    boxes = [box for line in lines for box in line.boxes]
    # Columns of figures may stand nearer than is white between words: halfway between them, then.
    borders = _borders(lines, columns) or [(a[1] + b[0]) / 2 for a, b in pairwise(columns)]
    sides = [min(left for left, _ in boxes) - 1, *borders, max(right for _, right in boxes) + 1]
    return [(x0, y0, x1, y1) for y1, y0 in pairwise(tops) for x0, x1 in pairwise(sides)]
