"""Pages of lines and tables -> one text, a line a paragraph, and the offset at which each page begins."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from itertools import pairwise

from ingest.formats.hygiene import SOFT_HYPHEN, Grid, Line, Sheet, undoubled
from ingest.formats.paragraphs import OPENING, Placed, continues, glued, layout, placed
from ingest.formats.rows import Row, is_figure, row_line, table_lines
from rag.numerals import DIGITS, number_of

CONTINUED = re.compile(rf"(?:续表.*|[（(]续表?[）)]|表\s*[{DIGITS}\d.\-]+.*[（(]?续[表）)]*|单位[:：].{{1,12}})$")
SAME_EDGE = 3.0
ARTICLE_INSIDE = re.compile(rf"(?<=[。；：！？”）])\s*(?=第([{DIGITS}]+)条(?:之[{DIGITS}]+)?(\s*)([^\s]))")
ARTICLE_FIRST = re.compile(rf"第([{DIGITS}]+)条")
REFERENCE = re.compile("[规第、的和或与至，以及中所之（(】）)。；]")
DIVISION_INSIDE = re.compile(
    rf"(?<=[。；])\s*(?=第[{DIGITS}]+[编章节]\s*[^，。；、的\s]{{1,20}}(?:\s*第[{DIGITS}]+条\s|$))"
)
DIVISION_BEFORE = re.compile(
    rf"(?:^|(?<=[。；]))\s*第[{DIGITS}]+[编章节]\s*[^，。；、的\s]{{1,20}}?\s*(?=第[{DIGITS}]+条\s)"
)


@dataclass(slots=True)
class _Text:
    """What is written so far; `starts` is where each page begins."""

    parts: list[str] = field(default_factory=list)
    length: int = 0
    starts: dict[int, int] = field(default_factory=dict)
    article: int = 0
    last: str = ""

    def write(self, line: str, bounds: Sequence[tuple[int, int]]) -> None:
        """Add one line; `bounds` are (offset in the line, page that begins there)."""
        for offset, page in bounds:
            self.starts.setdefault(page, self.length + min(offset, len(line)))
        self.parts.append(line + "\n")
        self.length += len(line) + 1
        self.last = line

    def rewrite(self, line: str) -> None:
        """Write the last line anew."""
        self.length += len(line) - len(self.last)
        self.parts[-1], self.last = line + "\n", line

    def write_all(self, lines: Sequence[str], page: int) -> None:
        """Add lines that all stand on one page."""
        for line in lines:
            self.write(line, [(0, page)])


def flowing(sheets: Sequence[Sheet]) -> tuple[str, dict[int, int]]:
    """The text of all pages and the offset at which each page that holds any begins."""
    lines = placed(sheets)
    style = layout(lines.values())
    text = _Text()
    paragraph: list[Placed] = []
    table: Grid | None = None
    for sheet in sheets:
        rest = iter(lines[sheet.number])
        for item in _without_continuations(sheet, table):
            if isinstance(item, Grid):
                _end(text, paragraph)
                table = _write_table(text, item, sheet.number, table)
                continue
            line = next(other for other in rest if other.line is item)
            table = None
            if paragraph and not continues(paragraph, line, style):
                _end(text, paragraph)
            paragraph.append(line)
    _end(text, paragraph)
    return "".join(text.parts), text.starts


def _end(text: _Text, paragraph: list[Placed]) -> None:
    """Write the paragraph that is complete, each article that it holds on a line of its own."""
    joined = ""
    bounds: list[tuple[int, int]] = []
    for member in paragraph:
        piece = undoubled(member.line.text)
        if joined.endswith(SOFT_HYPHEN):
            broken = re.search(rf"[A-Za-z]{SOFT_HYPHEN}$", joined) and re.match("[a-z]", piece)
            joined = joined[:-1] + ("" if broken else "-")
        else:
            joined += glued(joined, piece)
        if not bounds or bounds[-1][1] != member.page:
            bounds.append((len(joined), member.page))
        joined += piece
    paragraph.clear()
    joined = joined.replace(SOFT_HYPHEN, "-")
    joined = undoubled(joined) if len(bounds) == 1 else joined
    if not joined or (joined == text.last and OPENING.match(joined)):
        return
    cuts = [0, *openings(joined, text.article), len(joined)]
    for start, end in pairwise(cuts):
        inside = [(max(0, offset - start), page) for offset, page in bounds if start <= offset < end]
        text.write(joined[start:end].rstrip(), inside)
        article = re.match(rf"第([{DIGITS}]+)条", text.last)
        if article and (text.article < number_of(article[1]) or number_of(article[1]) == 1):
            text.article = number_of(article[1])


def _write_table(text: _Text, grid: Grid, page: int, before: Grid | None) -> Grid:
    """Write the rows of a table; a part that goes on from the page before has no second header, and a row that the
    page cuts is one. Returns the table as it goes on."""
    table = grid.table
    if before is None or not _is_part(before, grid):
        text.write_all([*table_lines(table)], page)
        return grid
    first, rows = before.table, list(table.rows)
    if any(table.header) and (table.header != first.header or _goes_on(first.rows[-1:], table.header)):
        rows.insert(0, table.header)
    if rows and not first.below and _goes_on(first.rows[-1:], rows[0]):
        rest = rows.pop(0)
        text.rewrite(row_line([above + below for above, below in zip(first.rows[-1], rest, strict=True)]))
    text.write_all([*map(row_line, rows), *table.below], page)
    return replace(grid, table=replace(table, header=first.header, rows=tuple(rows) or first.rows))


def _is_part(before: Grid, grid: Grid) -> bool:
    """Whether a table goes on from the page before: as many columns, and the same names of them, edges, or no names."""
    header = grid.table.header
    aligned = abs(before.left - grid.left) < SAME_EDGE and abs(before.right - grid.right) < SAME_EDGE
    alike = header == before.table.header or aligned or not any(header)
    return len(header) == len(before.table.header) and alike


def _goes_on(last: Sequence[Row], rest: Row) -> bool:
    """Whether the first row of a page is what did not fit of the last one before: words below words, its name not."""
    held = [(above, below) for above, below in zip(last[0], rest, strict=True) if below] if last else []
    words = all(above and not is_figure(above) and not is_figure(below) for above, below in held)
    return bool(held) and not rest[0] and words


def _without_continuations(sheet: Sheet, before: Grid | None) -> tuple[Line | Grid, ...]:
    """The items of a page without 续表 and the unit said again above a table that goes on from the page before."""
    items = sheet.items
    first = next((i for i, item in enumerate(items) if isinstance(item, Grid)), None)
    if before is None or first is None:
        return items
    above = items[:first]
    again = all(isinstance(item, Line) and CONTINUED.match(item.text) for item in above)
    return items[first:] if again else items


def openings(paragraph: str, last: int) -> Iterator[int]:
    """Offsets where an article or a chapter begins behind a sentence; `last` is the article before the paragraph."""
    first = ARTICLE_FIRST.match(paragraph)
    last = number_of(first[1]) if first else last
    places = {found.end() for found in DIVISION_INSIDE.finditer(paragraph)}
    places |= {found.end() for found in DIVISION_BEFORE.finditer(paragraph)}
    for found in ARTICLE_INSIDE.finditer(paragraph):
        number, reference = number_of(found[1]), REFERENCE.match(found[3])
        follows = number == last + 1 and (not reference or found[2])
        if follows or (number > last and found[2] and not reference):
            places.add(found.end())
            last = number
    return iter(sorted(places - {0}))
