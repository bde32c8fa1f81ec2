"""Scans and pictures of pages: their text by optical recognition, without a network."""

import struct
import warnings
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ingest import texts
from ingest.extracted import Extracted
from ingest.formats import quality
from ingest.formats.flow import flowing
from ingest.formats.hygiene import Grid, Sheet, without_running
from ingest.formats.ocr_engine import Box, detected, words
from ingest.formats.ocr_grids import Cell, Ruled, ruled_tables
from ingest.formats.ocr_lines import PAGE_POINTS, Block, Piece, rows_of, sheet
from ingest.formats.ocr_repair import repaired_over_lines
from ingest.formats.paragraphs import glued
from ingest.formats.rows import squared, understood
from rag.errors import UnreadableFile
from rag.types import Page

if TYPE_CHECKING:
    from PIL.Image import Image

FORMATS = ("PNG", "JPEG", "TIFF", "BMP", "WEBP", "GIF")
DAMAGE = (OSError, SyntaxError, ValueError, TypeError, LookupError, EOFError, OverflowError, struct.error)
"""What Pillow was seen to raise for files with bytes changed or cut off."""
MOST_PIXELS = 60_000_000
LONGEST_SIDE = 4000
"""Pixels; what is larger is read smaller. A4 has 3508 at 300 dpi."""
MOST_PAGES = 2000
STRIP = 2.2
"""Height by width from which a picture is no page but a strip (a long screenshot), which is read in parts."""
NARROWEST = 200
PART = 1.5
SEARCHED = 0.2
"""The part of a width above a cut in which the emptiest row of pixels is looked for."""
SHORTEST_CUT = 0.5


def recognise(image: "Image") -> str:
    """The text of one page, a paragraph a line, in reading order, tables as rows; '' where nothing is written."""
    return repaired_over_lines(flowing(list(_sheets(image, 1)))[0])


def read(path: Path) -> Extracted:
    """The text of a picture file; each picture of a TIFF is a page.

    Raises UnreadableFile where the file is damaged, its pictures are too large or nothing is written on them.
    """
    sheets: list[Sheet] = []
    firsts: list[int] = []
    for image in _images(path):
        firsts.append(len(sheets) + 1)
        sheets += _sheets(image, len(sheets) + 1)
    text, starts = flowing(without_running(sheets))
    text = repaired_over_lines(text)
    if quality.NO_TEXT in quality.faults(text):
        raise UnreadableFile(path.name, texts.IMAGE_NO_TEXT, cure=texts.CURE_IMAGE_NO_TEXT)
    return Extracted(text, _pages(text, starts, firsts, len(sheets)))


def _images(path: Path) -> Iterator["Image"]:
    """The pictures of a file, each loaded only after its size was looked at."""
    with _opened(path) as image:
        count = getattr(image, "n_frames", 1) if image.format == "TIFF" else 1
        if count > MOST_PAGES:
            message = texts.TOO_MANY_PAGES.format(count=count, limit=MOST_PAGES)
            raise UnreadableFile(path.name, message, cure=texts.CURE_SPLIT_FILE)
        for number in range(count):
            image.seek(number)
            if image.width * image.height > MOST_PIXELS:
                raise _too_large(path)
            yield _on_white(image)


@contextmanager
def _opened(path: Path) -> Iterator["Image"]:
    from PIL import Image, UnidentifiedImageError

    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", Image.DecompressionBombWarning)  # the size is looked at by `_images`
            image = Image.open(path, formats=FORMATS)
        with image:
            yield image
    except Image.DecompressionBombError as error:
        raise _too_large(path) from error
    except UnidentifiedImageError as error:
        raise UnreadableFile(path.name, texts.IMAGE_UNKNOWN, cure=texts.CURE_IMAGE) from error
    except DAMAGE as error:
        raise UnreadableFile(path.name, texts.IMAGE_DAMAGED, cure=texts.CURE_IMAGE) from error


def _too_large(path: Path) -> UnreadableFile:
    message = texts.IMAGE_TOO_LARGE.format(limit=MOST_PIXELS // 10_000)
    return UnreadableFile(path.name, message, cure=texts.CURE_IMAGE_TOO_LARGE)


def _on_white(image: "Image") -> "Image":
    """The picture upright as its camera says, of no more than 4000 pixels a side, colours on white."""
    from PIL import Image, ImageOps

    image.draft("RGB", (LONGEST_SIDE, LONGEST_SIDE))
    image.load()
    ImageOps.exif_transpose(image, in_place=True)
    if image.mode.startswith("I"):
        image = image.convert("I").point(lambda value: value / 257).convert("L")
    if image.has_transparency_data:
        paper = Image.new("RGBA", image.size, "white")
        image = Image.alpha_composite(paper, image.convert("RGBA"))
    return image.convert("RGB")


def _sheets(image: "Image", first: int) -> Iterator[Sheet]:
    """The page, or the parts of a strip from top to bottom, numbered from `first`."""
    import numpy as np

    longest = LONGEST_SIDE * max(1.0, image.height / (STRIP * image.width))
    if max(image.size) > longest:
        image = image.copy()
        image.thumbnail((round(longest), round(longest)))
    pixels = np.asarray(image.convert("RGB"))[:, :, ::-1]
    for number, part in enumerate(_parts(pixels), start=first):
        yield _sheet(np.ascontiguousarray(part), number)


def _parts(pixels: Any) -> Iterator[Any]:
    """A strip cut between its lines into parts of page form; a page as it is."""
    height, width = pixels.shape[:2]
    top = 0
    while width >= NARROWEST and height - top > STRIP * width:
        cut = top + round(PART * width)
        margin = round(SEARCHED * width)
        above = pixels[cut - margin : cut].astype("int16")
        ink = above.max(axis=(1, 2)) - above.min(axis=(1, 2))
        calm = [i for i in range(margin) if ink[i] <= ink.min() + 8]
        end = cut - margin + calm[len(calm) // 2]
        yield pixels[top:end]
        top = end
    yield pixels[top:]


def _sheet(pixels: Any, number: int) -> Sheet:
    import cv2

    pixels, boxes = detected(pixels)
    if not boxes:
        return Sheet(number, 1.0, 1.0)
    tables = ruled_tables(cv2.cvtColor(pixels, cv2.COLOR_BGR2GRAY))
    cells = [cell for table in tables for cell in table.cells]
    boxes = [part for box in boxes for part in _within_cells(box, cells)]
    pieces = [Piece(text, *box) for text, box in zip(words(pixels, boxes), boxes, strict=True) if text.strip()]
    blocks = []
    for table in tables:
        inside, outside = _parted(pieces, table)
        block = _block(table, inside, PAGE_POINTS / max(pixels.shape))
        if block is not None:
            blocks.append(block)
            pieces = outside
    return sheet(pieces, blocks, pixels.shape[:2], number)


def _within_cells(box: Box, cells: Sequence[Cell]) -> list[Box]:
    """A box cut at the rules that it runs across; one outside all tables stays whole."""
    left, top, right, bottom = box
    height = bottom - top
    parts = []
    for cell in cells:
        shared = min(bottom, cell.bottom) - max(top, cell.top)
        if shared < 0.5 * min(height, cell.bottom - cell.top):
            continue
        part = max(left, cell.left), max(top, cell.top), min(right, cell.right), min(bottom, cell.bottom)
        if part[2] - part[0] > SHORTEST_CUT * height:
            parts.append(part)
    return parts or [box]


def _parted(pieces: Sequence[Piece], table: Ruled) -> tuple[list[list[Piece]], list[Piece]]:
    """(the pieces in each cell, those outside the table)."""
    inside: list[list[Piece]] = [[] for _ in table.cells]
    outside: list[Piece] = []
    for piece in pieces:
        x = (piece.left + piece.right) / 2
        place = next((i for i, cell in enumerate(table.cells) if cell.holds(x, piece.middle)), -1)
        (inside[place] if place >= 0 else outside).append(piece)
    return inside, outside


def _block(table: Ruled, inside: Sequence[Sequence[Piece]], points: float) -> Block | None:
    """The table with its words; None where no two rows and columns of it hold any."""
    rows = squared(table.rows([_cell_text(pieces) for pieces in inside]))
    if len(rows) < 2 or len(rows[0]) < 2:
        return None
    left, top, right, bottom = table.bounds
    return Block(Grid(understood(rows), left * points, right * points), left, right, (top + bottom) / 2)


def _cell_text(pieces: Sequence[Piece]) -> str:
    text = ""
    for line in rows_of(pieces):
        text += glued(text, line) + line
    return text


def _pages(text: str, starts: dict[int, int], firsts: Sequence[int], sheets: int) -> tuple[Page, ...]:
    """Every picture with its stretch of the text; one without text is empty where it would stand."""
    pages: list[Page] = []
    end = len(text)
    for i in reversed(range(len(firsts))):
        behind = firsts[i + 1] if i + 1 < len(firsts) else sheets + 1
        start = min((starts[n] for n in range(firsts[i], behind) if n in starts), default=end)
        pages.append(Page(i + 1, start, end, quality.faults(text[start:end]), recognised=True))
        end = start
    return tuple(reversed(pages))
