"""Ruled tables of PDF pages: where lines form a grid, and the text of its cells by pdfium's glyphs."""

import ctypes
import logging
from bisect import bisect_left
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from ingest.formats.glyphs import Box, Glyph, lines_of
from ingest.formats.hygiene import SOFT_HYPHEN, Grid
from ingest.formats.paragraphs import glued
from ingest.formats.rows import CONTINUED, squared, understood

THIN = 2.5
LONG = 8.0
PATHS_OF_A_PICTURE = 200
MOST_OBJECTS = 20_000
SAME_EDGE = 2.0


@dataclass(frozen=True, slots=True)
class Drawn:
    """What a page shows besides text: numbers of pictures, paths, ruled lines across and upright."""

    pictures: int = 0
    paths: int = 0
    across: int = 0
    upright: int = 0

    @property
    def ruled(self) -> bool:
        """Whether the lines can form a grid of two rows and two columns."""
        return self.across >= 3 and self.upright >= 3

    @property
    def pictured(self) -> bool:
        """Whether something is to be seen that may be writing: an image, or letters drawn as curves."""
        return self.pictures > 0 or self.paths >= PATHS_OF_A_PICTURE


def drawn(page: Any) -> Drawn:
    """What a pdfium page shows besides its text."""
    from pypdfium2 import raw

    pictures = paths = across = upright = 0
    sides = [ctypes.c_float() for _ in range(4)]
    for item in _objects(page.raw, raw):
        kind = raw.FPDFPageObj_GetType(item)
        pictures += kind in (raw.FPDF_PAGEOBJ_IMAGE, raw.FPDF_PAGEOBJ_SHADING)
        if kind != raw.FPDF_PAGEOBJ_PATH:
            continue
        paths += 1
        if raw.FPDFPageObj_GetBounds(item, *(ctypes.byref(side) for side in sides)):
            left, bottom, right, top = (side.value for side in sides)
            flat, steep = top - bottom <= THIN, right - left <= THIN
            box = not flat and not steep
            several = 2 if raw.FPDFPath_CountSegments(item) <= 5 else 3
            across += several * box or (flat and right - left > LONG)
            upright += several * box or (steep and top - bottom > LONG)
    return Drawn(pictures, paths, across, upright)


def _objects(handle: Any, raw: Any) -> Iterator[Any]:
    for i in range(min(MOST_OBJECTS, raw.FPDFPage_CountObjects(handle))):
        item = raw.FPDFPage_GetObject(handle, i)
        if raw.FPDFPageObj_GetType(item) == raw.FPDF_PAGEOBJ_FORM:
            yield from (raw.FPDFFormObj_GetObject(item, j) for j in range(raw.FPDFFormObj_CountObjects(item)))
        else:
            yield item


def grids(path: Path, places: Sequence[int]) -> dict[int, list[list[Box]] | None]:
    """By page (from 0) the cells of each ruled table, of two rows and two columns at least; None for a damaged page."""
    import pdfplumber
    from pdfminer.pdfexceptions import PDFException
    from pdfminer.psexceptions import PSException
    from pdfplumber.utils.exceptions import MalformedPDFException, PdfminerException

    # pdfminer trusts the types of what it reads: a damaged file ends in any of the last four.
    stated = (PDFException, PSException, MalformedPDFException, PdfminerException)
    damage = (*stated, TypeError, ValueError, KeyError, AttributeError)
    logging.getLogger("pdfminer").setLevel(logging.ERROR)
    found: dict[int, list[list[Box]] | None] = dict.fromkeys(places)
    with path.open("rb") as file:
        try:
            pages = pdfplumber.open(file, pages=[i + 1 for i in places]).pages
        except damage:
            return found
        for page in pages:
            try:
                found[page.page_number - 1] = _tables(page)
            except damage:
                found[page.page_number - 1] = None
            page.close()
    return found


def _tables(page: Any) -> list[list[Box]]:
    found = []
    for table in page.find_tables():
        left, top, _, bottom = page.bbox
        height = bottom - top
        cells = [(x0 - left, height - (y1 - top), x1 - left, height - (y0 - top)) for x0, y0, x1, y1 in table.cells]
        if len({round(cell[0]) for cell in cells}) > 1 and len({round(cell[3]) for cell in cells}) > 1:
            found.append(cells)
    return found


def without_grid(found: Sequence[Glyph], cells: Sequence[Box]) -> tuple[Grid | None, list[Glyph], list[Glyph]]:
    """(table, glyphs before it, glyphs behind it); None where the grid holds no two columns of text."""
    inside: dict[int, list[Glyph]] = {}
    before: list[Glyph] = []
    behind: list[Glyph] = []
    bounds = _around(cells)
    for glyph in found:
        x, y = (glyph.left + glyph.right) / 2, (glyph.bottom + glyph.top) / 2
        place = next((i for i, cell in enumerate(cells) if _holds(cell, x, y)), -1) if _holds(bounds, x, y) else -1
        if place >= 0:
            inside.setdefault(place, []).append(glyph)
        else:
            (behind if inside else before).append(glyph)
    rows = squared(_filled(cells, {i: cell_text(members) for i, members in inside.items()}))
    if len(rows) < 2 or len(rows[0]) < 2:
        return None, [], []
    above = [glyph for glyph in behind if glyph.bottom > bounds[3]] if not before else []
    late = {id(glyph) for glyph in above}
    behind = [glyph for glyph in behind if id(glyph) not in late]
    return Grid(understood(rows), bounds[0], bounds[2]), [*before, *above], behind


def _around(cells: Sequence[Box]) -> Box:
    lefts, bottoms, rights, tops = zip(*cells, strict=True)
    return min(lefts), min(bottoms), max(rights), max(tops)


def _holds(box: Box, x: float, y: float) -> bool:
    return box[0] <= x < box[2] and box[1] <= y < box[3]


def cell_text(members: Sequence[Glyph]) -> str:
    """The lines of a cell as one."""
    text = ""
    for line in lines_of(members):
        text += glued(text, line.text) + line.text
    return text.replace(SOFT_HYPHEN, "-")


def _filled(cells: Sequence[Box], texts: dict[int, str]) -> list[list[str]]:
    """Rows of equal width; a cell over several rows says its text in each, the right part of a wide one is marked."""
    lefts = _edges([cell[0] for cell in cells])
    tops = _edges([-cell[3] for cell in cells])
    grid = [["" for _ in lefts] for _ in tops]
    for i, (left, bottom, right, top) in enumerate(cells):
        first, last = _at(lefts, left), _at(lefts, right - 2 * SAME_EDGE)
        for row in range(_at(tops, -top), _at(tops, -bottom - 2 * SAME_EDGE) + 1):
            grid[row][first : last + 1] = [texts.get(i, ""), *[CONTINUED] * (last - first)]
    return grid


def _edges(values: Sequence[float]) -> list[float]:
    """Distinct coordinates in order, those that nearly meet as one."""
    edges: list[float] = []
    for value in sorted(values):
        if not edges or value - edges[-1] > SAME_EDGE:
            edges.append(value)
    return edges


def _at(edges: list[float], value: float) -> int:
    """The last edge at or before a coordinate."""
    return max(0, bisect_left(edges, value + SAME_EDGE) - 1)
