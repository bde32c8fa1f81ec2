"""Sheets (.xlsx, .csv, .tsv): each as a table whose header comes again after every few rows."""

import csv
import io
import re
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from ingest import texts
from ingest.apart.container import DAMAGE
from ingest.extracted import Extracted
from ingest.formats import plain
from ingest.formats.office import refuse_what_is_no_archive
from ingest.formats.rows import CONTINUED, is_figure, squared, table_lines, understood
from ingest.formats.sheet_values import shown
from rag.errors import UnreadableFile
from rag.types import Page

ROWS_TOGETHER = 20
"""Rows under one header; a chunk of the index holds about so many."""
DELIMITERS = ",\t;|"
FORMULA = re.compile(rb"<(?:\w+:)?f[\s>/]")
SAMPLE_ROWS = 50
EMPTY_FORMULAS = "empty_formulas"
"""A fault of a page: cells hold formulas whose results the file does not keep; they stand empty."""


def read(path: Path) -> Extracted:
    """The text of a workbook or a delimited file. Raises UnreadableFile for a locked, damaged or empty one."""
    extracted = _delimited(path) if path.suffix.lower() in {".csv", ".tsv"} else _workbook(path)
    if not extracted.text.strip():
        raise UnreadableFile(path.name, texts.NO_TEXT, cure=texts.CURE_NO_TEXT)
    return extracted


def _delimited(path: Path) -> Extracted:
    text, _ = plain.decode(path.read_bytes(), path.name)
    try:
        delimiter = "\t" if path.suffix.lower() == ".tsv" else _delimiter(text)
        rows = [[cell.strip() for cell in row] for row in _records(text, delimiter)]
    except csv.Error as error:
        cure = texts.CURE_SAVE_AGAIN.format(suffix=".xlsx")
        raise UnreadableFile(path.name, texts.MALFORMED.format(suffix=path.suffix), cure=cure) from error
    return Extracted("\n".join(_sheet_lines(rows)))


def _records(text: str, delimiter: str) -> Iterator[list[str]]:
    return csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, skipinitialspace=True)


def _delimiter(text: str) -> str:
    """The sign that parts the first rows into the most columns, evenly."""
    sample = "\n".join(text.splitlines()[:SAMPLE_ROWS])

    def evenness(delimiter: str) -> tuple[int, int]:
        widths = [len(row) for row in _records(sample, delimiter) if len(row) > 1]
        return max((widths.count(width) for width in widths), default=0), min(widths, default=0)

    return max(DELIMITERS, key=evenness)


def _workbook(path: Path) -> Extracted:
    from openpyxl import load_workbook  # type: ignore[import-untyped]
    from openpyxl.utils.exceptions import InvalidFileException  # type: ignore[import-untyped]

    refuse_what_is_no_archive(path, ".xlsx")
    text, pages = "", []
    try:
        with path.open("rb") as values_file, path.open("rb") as formulas_file:
            values = load_workbook(values_file, data_only=True)
            formulas = load_workbook(formulas_file, read_only=True) if _has_formulas(path) else None
            for number, sheet in enumerate(values.worksheets, start=1):
                if sheet.sheet_state != "visible":
                    continue
                lines = _sheet_lines(_grid(sheet))
                if not lines:
                    continue
                empty = formulas is not None and _empty_formulas(sheet, formulas[sheet.title])
                faults = (EMPTY_FORMULAS,) if empty else ()
                text += "\n" if text else ""
                start = len(text)
                text += "\n".join([f"## {sheet.title.strip()}", *lines]) + "\n"
                pages.append(Page(number, start, len(text), faults))
    except (InvalidFileException, SyntaxError, TypeError, AttributeError, LookupError, *DAMAGE) as error:
        # openpyxl reports parts that are missing or misshapen by whichever error they run into
        message, cure = texts.MALFORMED.format(suffix=".xlsx"), texts.CURE_SAVE_AGAIN.format(suffix=".xlsx")
        raise UnreadableFile(path.name, message, cure=cure) from error
    return Extracted(text, tuple(pages))


def _grid(sheet: Any) -> list[list[str]]:
    """The cells as shown; of merged ones the right parts are marked and the lower ones repeat the text."""
    rows = [[shown(cell.value, cell.number_format) for cell in row] for row in sheet.iter_rows()]
    for merged in sheet.merged_cells.ranges:
        top, left = merged.min_row - 1, merged.min_col - 1
        for row in rows[top : merged.max_row]:
            row[left] = rows[top][left]
            row[left + 1 : merged.max_col] = [CONTINUED] * (merged.max_col - left - 1)
    return rows


def _has_formulas(path: Path) -> bool:
    """Whether any sheet has a formula; opening a workbook a second time to see them takes as long as the first."""
    with zipfile.ZipFile(path) as archive:
        sheets = (name for name in archive.namelist() if name.startswith("xl/worksheets/") and name.endswith(".xml"))
        return any(FORMULA.search(archive.read(name)) for name in sheets)


def _empty_formulas(values: Any, formulas: Any) -> bool:
    """Whether a formula of a sheet has no result in the file."""
    return any(
        cell.value is not None and cell.data_type == "f" and values.cell(cell.row, cell.column).value is None
        for row in formulas.iter_rows()
        for cell in row
    )


def _sheet_lines(rows: list[list[str]]) -> list[str]:
    """Lines of the tables of a sheet, a blank one between two."""
    lines: list[str] = []
    for block in _blocks(rows):
        grid = squared(block)
        if not grid:
            continue
        if len(grid[0]) == 1:
            written = [" ".join(row[0].split()) for row in grid]
        else:
            written = table_lines(understood(grid), ROWS_TOGETHER)
        lines += ["", *written] if lines else written
    return lines


def _blocks(rows: list[list[str]]) -> list[list[list[str]]]:
    """Part a sheet where an empty row is followed by another table, with a caption or names above figures."""
    blocks: list[list[list[str]]] = [[]]
    for row in rows:
        if any(cell.strip() and cell != CONTINUED for cell in row):
            blocks[-1].append(row)
        elif blocks[-1]:
            blocks.append([])
    joined: list[list[list[str]]] = []
    for block in filter(None, blocks):
        if joined and not _is_table(block):
            joined[-1] += block
        else:
            joined.append(block)
    return joined


def _is_table(block: list[list[str]]) -> bool:
    table = understood(squared(block))
    named = sum(map(bool, table.header)) > 1
    return named and len(table.rows) > 0 and (bool(table.above) or any(is_figure(c) for row in table.rows for c in row))
