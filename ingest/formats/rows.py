"""Grids of cells -> the house's table lines; what Word files, web pages and sheets share."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

Row = Sequence[str]
CONTINUED = "\0"
"""The right part of a cell that is merged over several columns; the lower part repeats the upper text instead."""
FIGURE = re.compile(r"[-+−(（¥￥$]*\d[\d,.，]*\s*[%％‰)）]*(?:[万亿]{0,2}元?)$")
YEAR = re.compile(r"(?:19|20)\d\d$")
ABOVE = re.compile(r"(?:金额|计量|数量)?单位\s*[:：]|(?:编制|填报|制表|报送|报告)[^:：]{0,6}[:：]")
BELOW = re.compile(r"(?:注|说明|备注|附注|(?:资料|数据)?来源)\s*\d*\s*[:：.、]")
DEEPEST_HEADER = 3


@dataclass(frozen=True, slots=True)
class Table:
    """A grid as it is read: lines above, the names of columns, rows, lines below."""

    above: tuple[str, ...]
    header: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    below: tuple[str, ...]


def understood(grid: Sequence[Row], header_rows: int = 0) -> Table:
    """Part a grid of equal rows; `header_rows` are known to be the header, 0 where the format does not say."""
    rows = [list(row) for row in grid]
    first = next((i for i, row in enumerate(rows) if not _is_caption(row)), len(rows))
    last = len(rows)
    while last > first + 1 and _is_note(rows[last - 1]):
        last -= 1
    above, below = rows[:first], rows[last:]
    body = rows[first:last]
    depth = max(header_rows - first, 0) or _header_depth(body)
    header = joined_header(body[:depth]) if depth else [""] * max(map(len, body), default=0)
    return Table(
        tuple(_line(row) for row in above),
        tuple(header),
        tuple(tuple(_shown(row)) for row in body[depth:]),
        tuple(_line(row) for row in below),
    )


def table_lines(table: Table, every: int = 0) -> list[str]:
    """GFM lines of a table; after `every` rows the lines above and the header stand again (0: only once)."""
    if not table.rows:
        return [*table.above, *filter(None, table.header), *table.below]
    lines: list[str] = []
    step = every or len(table.rows)
    for start in range(0, len(table.rows), step):
        lines += ["", *table.above] if start else table.above
        lines += [row_line(table.header), "|" + "---|" * len(table.header)]
        lines += [row_line(row) for row in table.rows[start : start + step]]
    return [*lines, *table.below]


def row_line(cells: Row) -> str:
    """One row in GFM; a bar inside a cell becomes a full-width one, since it would end the cell."""
    return "| " + " | ".join(re.sub(r"\s+", " ", cell).strip().replace("|", "｜") for cell in cells) + " |"


def joined_header(rows: Sequence[Row]) -> list[str]:
    """One name a column from the rows of a header: 2024年 above 余额 is 2024年·余额; what repeats is said once."""
    if len(rows) == 1:
        return _shown(rows[0])
    columns = zip(*map(_filled, rows), strict=True)
    return ["·".join(dict.fromkeys(filter(None, (cell.strip() for cell in column)))) for column in columns]


def squared(rows: Sequence[Row]) -> list[list[str]]:
    """The rows and columns that hold anything, all of one width."""
    width = max(map(len, rows), default=0)
    equal = [[*row, *[""] * (width - len(row))] for row in rows if any(map(_holds, row))]
    used = [i for i in range(width) if any(_holds(row[i]) for row in equal)]
    return [[row[i] for i in used] for row in equal]


def is_figure(cell: str) -> bool:
    """A number as tables show it (1,234.5, 12%, ¥20), but no year."""
    return bool(FIGURE.match(cell.strip())) and not YEAR.match(cell.strip())


def _holds(cell: str) -> bool:
    return bool(cell.strip()) and cell != CONTINUED


def _shown(row: Row) -> list[str]:
    return ["" if cell == CONTINUED else cell for cell in row]


def _filled(row: Row) -> list[str]:
    filled: list[str] = []
    for cell in row:
        filled.append(filled[-1] if cell == CONTINUED and filled else cell)
    return filled


def _line(row: Row) -> str:
    return " ".join(re.sub(r"\s+", " ", cell).strip() for cell in row if _holds(cell))


def _is_caption(row: Row) -> bool:
    held = [cell for cell in row if _holds(cell)]
    alone = len(held) == 1 and len(row) > 1 and _holds(row[0]) and not is_figure(held[0])
    return alone or any(ABOVE.match(cell.strip()) for cell in held)


def _is_note(row: Row) -> bool:
    held = [cell for cell in row if _holds(cell)]
    whole = len(row) > 1 and all(cell == CONTINUED for cell in row[1:])
    return len(held) == 1 and (whole or bool(BELOW.match(held[0].strip())))


def _header_depth(body: list[list[str]]) -> int:
    """How many rows name the columns: 0 if the first is already figures, more if its cells span columns."""
    if not body or sum(map(is_figure, body[0])) * 2 > len(body[0]) or _figures_go_on(body):
        return 0
    depth = 1
    while depth < min(DEEPEST_HEADER, len(body) - 1) and _goes_on(body[depth - 1], body[depth]):
        depth += 1
    return depth


def _figures_go_on(body: list[list[str]]) -> bool:
    """The first row has figures in several columns, and the next row has figures in all of these."""
    places = [i for i, cell in enumerate(body[0]) if is_figure(cell)]
    return len(places) > 1 and len(body) > 1 and all(is_figure(body[1][i]) for i in places)


def _goes_on(top: list[str], below: list[str]) -> bool:
    """Whether a header goes on in the row below: cells that span columns are parted there, the others are not.

    Where nothing is merged (CSV), blanks to the right of a name are taken for its span; `top` is then marked so.
    """
    if any(map(is_figure, below)):
        return False
    if CONTINUED not in top and top[0] and not below[0] and all(b for t, b in zip(top, below, strict=True) if not t):
        top[:] = [cell or CONTINUED for cell in top]
    spanning = [cell == CONTINUED or after == CONTINUED for cell, after in zip(top, [*top[1:], ""], strict=True)]
    lone = [b in {"", CONTINUED, t} for t, b, spans in zip(top, below, spanning, strict=True) if not spans]
    return any(spanning) and all(lone)
