"""One page of a PDF as pdfium sees it: its glyphs and printed lines, upright, from the lower left corner in points."""

import ctypes
import math
import re
from collections.abc import Callable, Iterator, Sequence
from itertools import pairwise
from statistics import median
from typing import Any, NamedTuple

from ingest.formats.hygiene import SOFT_HYPHEN, Line, clean
from rag.normalise import HAN

WIDE_GAP = 0.9
"""Of a character's width: from here on a gap is a blank that somebody meant."""
LEAN_GAP = 0.4
"""Of a character's width: word processors put up to a quarter between Han and Latin type."""
LINE_BREAKS = {10, 13}
HYPHENS = {0x2, 0xFFFE}
"""What pdfium gives for a hyphen at the end of a line."""
SURROGATES = range(0xD800, 0xDC00)
SLANT = 0.1
OVERPRINT = 0.3
"""Of a character's width: two equal characters nearer than this are one."""
WIDE_GAPS_OF_A_ROW = 2
HAN_CHARACTER = re.compile(f"[{HAN}]")
Box = tuple[float, float, float, float]


class Glyph(NamedTuple):
    """A character with ink: its box and base line, the size of its type, whether it opens a line or follows a blank."""

    character: str
    left: float
    bottom: float
    right: float
    top: float
    base: float
    size: float
    opens: bool
    spaced: bool


def glyphs(page: Any) -> list[Glyph]:
    """The characters of a pdfium page in its reading order, without those that stand aslant (watermarks)."""
    from pypdfium2 import raw

    text = page.get_textpage()
    handle, box, matrix = text.raw, raw.FS_RECTF(), raw.FS_MATRIX()
    x, y = ctypes.c_double(), ctypes.c_double()
    turned = upright(page)
    found: list[Glyph] = []
    opens, spaced, guessed, aslant, scale, high = True, False, False, False, 1.0, 0
    for i in range(text.count_chars()):
        code = raw.FPDFText_GetUnicode(handle, i)
        if code in LINE_BREAKS or code in SURROGATES:
            opens, high = opens or code in LINE_BREAKS, code if code in SURROGATES else 0
            continue
        character = SOFT_HYPHEN if code in HYPHENS else chr(code)
        if character.isspace() or code == 0:
            spaced, guessed = True, raw.FPDFText_IsGenerated(handle, i) == 1
            continue
        if high:
            character, high = chr(0x10000 + ((high - 0xD800) << 10) + (code - 0xDC00) % 0x400), 0
        if opens:
            raw.FPDFText_GetMatrix(handle, i, ctypes.byref(matrix))
            scale = math.hypot(matrix.c, matrix.d) or 1.0
            slant = math.atan2(matrix.b, matrix.a) % (math.pi / 2)
            aslant = SLANT < slant < math.pi / 2 - SLANT
        if not aslant:
            raw.FPDFText_GetLooseCharBox(handle, i, ctypes.byref(box))
            raw.FPDFText_GetCharOrigin(handle, i, ctypes.byref(x), ctypes.byref(y))
            corners = turned((box.left, box.bottom, box.right, box.top))
            base = turned((x.value, y.value, x.value, y.value))[1]
            size = raw.FPDFText_GetFontSize(handle, i) * scale
            spaced = spaced and not (guessed and not opens and _lean(found[-1:], character, corners[0], size))
            found.append(Glyph(character, *corners, base, size, opens, spaced))
        opens, spaced, guessed = False, False, False
    text.close()
    return once(found)


def _lean(before: Sequence[Glyph], character: str, left: float, size: float) -> bool:
    """Between a Han character and a letter or digit a little air is the setter's, no blank that somebody typed."""
    if not before or left - before[-1].right > LEAN_GAP * size:
        return False
    return bool(HAN_CHARACTER.match(before[-1].character)) != bool(HAN_CHARACTER.match(character))


def once(found: Sequence[Glyph]) -> list[Glyph]:
    """Without the second print of a character on top of itself, which makes type look bold.

    The two dashes of —— or the two f of ff may share one box: they are one sign of the font, printed once.
    """
    kept: list[Glyph] = []
    printed: dict[tuple[str, int], list[float]] = {}
    for before, glyph in zip([None, *found], found, strict=False):
        height, near = int(glyph.base), OVERPRINT * glyph.size
        ligature = before and before[:3] == glyph[:3] and not HAN_CHARACTER.match(glyph.character)
        if not ligature and any(
            abs(glyph.left - left) < near
            for nearby in (height - 1, height, height + 1)
            for left in printed.get((glyph.character, nearby), ())
        ):
            continue
        printed.setdefault((glyph.character, height), []).append(glyph.left)
        kept.append(glyph)
    return kept


def upright(page: Any) -> Callable[[Box], Box]:
    """The turn from a page's own coordinates to those in which it is read."""
    left, bottom, right, top = page.get_bbox()
    turn = page.get_rotation()

    def turned(box: Box) -> Box:
        x0, y0, x1, y1 = box
        if turn == 90:
            return y0 - bottom, right - x1, y1 - bottom, right - x0
        if turn == 180:
            return right - x1, top - y1, right - x0, top - y0
        if turn == 270:
            return top - y1, x0 - left, top - y0, x1 - left
        return x0 - left, y0 - bottom, x1 - left, y1 - bottom

    return turned


def lines_of(found: Sequence[Glyph]) -> tuple[Line, ...]:
    """The printed lines in reading order."""
    return tuple(line for line in map(_line, _rows(found)) if line.text)


def _rows(found: Sequence[Glyph]) -> Iterator[list[Glyph]]:
    row: list[Glyph] = []
    for glyph in found:
        if row:
            before = row[-1]
            away = abs(glyph.base - before.base) > 0.6 * max(glyph.size, before.size)
            back = glyph.left < before.left - max(glyph.size, before.size)
            if glyph.opens or away or back:
                yield row
                row = []
        row.append(glyph)
    if row:
        yield row


def _line(row: list[Glyph]) -> Line:
    size = median([glyph.size for glyph in row])
    text, gaps = row[0].character, 0
    for before, glyph in pairwise(row):
        wide = glyph.left - before.right > WIDE_GAP * size
        gaps += wide
        text += ("\u3000" if wide else " " if glyph.spaced else "") + glyph.character
    hyphen = SOFT_HYPHEN if text.endswith(SOFT_HYPHEN) else ""
    shown = clean(text)
    tabular = gaps >= WIDE_GAPS_OF_A_ROW and shown.count(" ") >= WIDE_GAPS_OF_A_ROW
    base = median([glyph.base for glyph in row])
    return Line(shown + hyphen, row[0].left, row[-1].right, base, size, tabular)
