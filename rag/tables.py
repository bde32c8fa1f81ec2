"""Rows of Markdown tables: their cells, and the cells with the names of their columns."""

from collections.abc import Callable

EMPTY = frozenset({"", "—"})


def cells(row: str) -> list[str]:
    """The cells of a row, without the marks between them."""
    return [cell.strip() for cell in row.strip().strip("|").split("|")]


def _as_printed(_: str, cell: str) -> str:
    return cell


def in_words(names: str, row: str, written: Callable[[str, str], str] = _as_printed) -> str | None:
    """A row as 名：值；名：值, empty cells left out; `written` turns (name, cell) into the shown value.

    None where the names do not fit the row.
    """
    columns, values = cells(names), cells(row)
    if len(columns) != len(values):
        return None
    named = (f"{name}：{written(name, cell)}" for name, cell in zip(columns, values, strict=True) if cell not in EMPTY)
    return "；".join(named)
