"""PDF files: the text layer where it is good, recognition of the page's picture where it is not."""

import re
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ingest import texts
from ingest.extracted import Extracted
from ingest.formats import quality
from ingest.formats.columns import unruled
from ingest.formats.flow import flowing
from ingest.formats.glyphs import Glyph, glyphs, lines_of
from ingest.formats.grids import Drawn, drawn, grids, without_grid
from ingest.formats.hygiene import Grid, Line, Sheet, clean, undoubled, without_running
from ingest.formats.rows import table_lines
from rag.errors import UnreadableFile
from rag.normalise import HAN
from rag.types import Page

if TYPE_CHECKING:
    from PIL.Image import Image

Recognise = Callable[["Image"], str]
MOST_PAGES = 2000
TAIL_BYTES = 4096
DOTS_PER_INCH = 200
LONGEST_SIDE = 5000
"""Pixels of a rendered page; a poster is rendered smaller than at 200 dpi."""
WRONG_PASSWORD, UNKNOWN_SECURITY = 4, 5
"""pdfium's FPDF_ERR_PASSWORD and FPDF_ERR_SECURITY."""
TITLE = re.compile(rf"(?=(?:.*[{HAN}]){{4}})(?!.*(?:Microsoft|未命名|无标题|\.\w{{2,4}}$|[/\\]))[^。；]{{4,80}}$")
RED_HEAD = re.compile(r"(?:文件|令|公报|公告|简报|通报)$")
LARGER = 1.15
FIRST_LINE = 0.05
"""Of a page's height: so far from its edges the first and last recognised line count as standing."""


@dataclass(slots=True)
class _Reading:
    """What is known of one page while it is read."""

    sheet: Sheet
    shown: Drawn
    faults: tuple[str, ...] = ()
    recognised: bool = False


def read(path: Path, recognise: Recognise | None = None) -> Extracted:
    """The text of a PDF and its pages; `recognise` reads a page's picture, by default `ingest.formats.ocr`.

    Raises UnreadableFile where the file is locked, damaged, empty, too long or without any usable text.
    """
    with _opened(path) as document:
        readings = _text_layer(document, path)
        _without_heads(readings)
        again = [reading for reading in readings if _to_be_recognised(reading)]
        for reading in again:
            _recognise(reading, document, recognise or _recogniser())
        if again:
            _without_heads(readings)
        sheets = [reading.sheet for reading in readings]
        text, starts = flowing(sheets)
        if not re.search(rf"[{HAN}\w]", text) or all(_useless(reading) for reading in readings):
            raise UnreadableFile(path.name, texts.PDF_NO_TEXT.format(count=len(readings)), cure=texts.CURE_PDF_NO_TEXT)
        title = _stated_title(document) or _printed_title(sheets[0])
    return Extracted(text, _pages(text, starts, readings), title)


@contextmanager
def _opened(path: Path) -> Iterator[Any]:
    import pypdfium2

    try:
        document = pypdfium2.PdfDocument(path)
    except pypdfium2.PdfiumError as error:
        if error.err_code in {WRONG_PASSWORD, UNKNOWN_SECURITY}:
            raise UnreadableFile(path.name, texts.PDF_PASSWORD, cure=texts.CURE_PDF_PASSWORD) from error
        message = texts.PDF_MALFORMED if _complete(path) else texts.PDF_TRUNCATED
        raise UnreadableFile(path.name, message, cure=texts.CURE_PDF_AGAIN) from error
    try:
        if not _complete(path):
            raise UnreadableFile(path.name, texts.PDF_TRUNCATED, cure=texts.CURE_PDF_AGAIN)
        if len(document) == 0:
            raise UnreadableFile(path.name, texts.PDF_NO_PAGES, cure=texts.CURE_PDF_AGAIN)
        if len(document) > MOST_PAGES:
            message = texts.PDF_TOO_LONG.format(count=len(document), limit=MOST_PAGES)
            raise UnreadableFile(path.name, message, cure=texts.CURE_SPLIT_FILE)
        yield document
    finally:
        document.close()


def _complete(path: Path) -> bool:
    """Whether the file's end is there: pdfium repairs a torn file in silence and gives blank pages for lost ones."""
    with path.open("rb") as file:
        size = file.seek(0, 2)
        head = min(1024, size)
        file.seek(0)
        is_pdf = b"%PDF-" in file.read(head)
        file.seek(max(0, size - TAIL_BYTES))
        return not is_pdf or b"%%EOF" in file.read()


def _text_layer(document: Any, path: Path) -> list[_Reading]:
    import pypdfium2

    readings: list[_Reading] = []
    ruled: dict[int, list[Glyph]] = {}
    for i in range(len(document)):
        try:
            page = document[i]
            width, height = page.get_size()
            found = glyphs(page)
            shown = drawn(page)
            items = lines_of(found) if shown.ruled else _with_tables(found, unruled(found))
            readings.append(_Reading(Sheet(i + 1, width, height, items), shown))
            page.close()
        except pypdfium2.PdfiumError:
            readings.append(_Reading(Sheet(i + 1, 0.0, 0.0), Drawn(), (quality.DAMAGED,)))
            continue
        if readings[-1].shown.ruled and found:
            ruled[i] = found
    if ruled:
        _set_tables(readings, ruled, path)
    return readings


def _set_tables(readings: list[_Reading], ruled: dict[int, list[Glyph]], path: Path) -> None:
    """Put the tables of ruled pages in the place of their text."""
    for i, tables in grids(path, list(ruled)).items():
        if tables is None:
            readings[i].faults = (quality.BROKEN_TABLE,)
        else:
            readings[i].sheet = replace(readings[i].sheet, items=_with_tables(ruled[i], tables or unruled(ruled[i])))


def _with_tables(found: list[Glyph], tables: Sequence[list[Any]]) -> tuple[Line | Grid, ...]:
    """Lines and tables of a page in reading order."""
    if not tables:
        return lines_of(found)
    cells, *others = tables
    table, before, behind = without_grid(found, cells)
    if table is None:
        return _with_tables(found, others)
    return (*_with_tables(before, others), table, *_with_tables(behind, others))


def _without_heads(readings: list[_Reading]) -> None:
    for reading, sheet in zip(readings, without_running([r.sheet for r in readings]), strict=True):
        reading.sheet = sheet


def _to_be_recognised(reading: _Reading) -> bool:
    """Settle a page's faults so far; True where its picture may say more than its text."""
    if quality.DAMAGED in reading.faults:
        return False
    faults = quality.faults(_plain(reading.sheet))
    if quality.NO_TEXT in faults and not reading.shown.pictured:
        faults = tuple(fault for fault in faults if fault != quality.NO_TEXT)
    reading.faults = tuple(dict.fromkeys((*faults, *reading.faults)))
    return quality.NO_TEXT in faults or quality.GARBLED in faults


def _plain(sheet: Sheet) -> str:
    return "\n".join(
        item.text if isinstance(item, Line) else "\n".join(table_lines(item.table)) for item in sheet.items
    )


def _recognise(reading: _Reading, document: Any, recognise: Recognise) -> None:
    """Read the page's picture; what is no better than the text layer changes nothing."""
    text = recognise(_picture(document[reading.sheet.number - 1]))
    faults = quality.faults(text)
    if not text.strip() or quality.GARBLED in faults:
        return
    lines = [line for line in map(clean, text.splitlines()) if line]
    height = reading.sheet.height
    step = (1 - 2 * FIRST_LINE) * height / max(1, len(lines) - 1)
    bases = (height * (1 - FIRST_LINE) - step * i for i in range(len(lines)))
    placed = (Line(line, base=base, whole=True) for line, base in zip(lines, bases, strict=True))
    reading.sheet = replace(reading.sheet, items=tuple(placed))
    reading.faults, reading.recognised = faults, True


def _picture(page: Any) -> "Image":
    scale = min(DOTS_PER_INCH / 72, LONGEST_SIDE / max(page.get_size()))
    return page.render(scale=scale).to_pil()


def _recogniser() -> Recognise:
    from ingest.formats.ocr import recognise

    return recognise


def _useless(reading: _Reading) -> bool:
    return not reading.sheet.items or bool({quality.GARBLED, quality.DAMAGED} & set(reading.faults))


def _pages(text: str, starts: dict[int, int], readings: Sequence[_Reading]) -> tuple[Page, ...]:
    """Every page with its stretch of the text; one without text is empty where it would stand."""
    end = len(text)
    pages = []
    for reading in reversed(readings):
        number = reading.sheet.number
        start = starts.get(number, end)
        pages.append(Page(number, start, end, reading.faults, reading.recognised))
        end = start
    return tuple(reversed(pages))


def _stated_title(document: Any) -> str:
    title = clean(document.get_metadata_dict().get("Title", ""))
    return title if TITLE.match(title) and quality.GARBLED not in quality.faults(title) else ""


def _printed_title(sheet: Sheet) -> str:
    """The largest centred words in the upper part of the first page, '' where nothing stands out."""
    lines = [line for line in sheet.lines if line.size]
    if len(lines) < 3:
        return ""
    body = sorted(line.size for line in lines)[len(lines) // 2]
    large = [line for line in lines if line.size > LARGER * body and line.base > sheet.height / 3]
    large = [line for line in large if abs(line.left + line.right - sheet.width) < 0.1 * sheet.width]
    large = [line for line in large if not RED_HEAD.search(line.text)]
    size = max((line.size for line in large), default=0.0)
    title = undoubled("".join(line.text for line in large if line.size > size - 0.5))
    return title if TITLE.match(title) else ""
