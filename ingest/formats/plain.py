"""Plain text in whichever encoding it was saved: the same characters from all of them."""

import codecs
import re
from functools import lru_cache
from pathlib import Path

from ingest import texts
from ingest.extracted import Extracted
from rag.errors import UnreadableFile

BYTE_ORDER_MARKS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
CANDIDATES = ("gb18030", "big5", "cp950", "big5hkscs", "utf-16-le", "utf-16-be")
"""Encodings that Chinese files without a mark are in; of equals the first is meant."""
PLAUSIBLE = 0.75
"""Least share of everyday characters among those beyond ASCII; see tests/ingest/formats/test_plain.py for figures."""
DAMAGED = 0.05
"""Up to this share of unreadable characters a text is UTF-8 with damage, not another encoding."""
PUNCTUATION = frozenset(
    "，。、；：？！“”‘’（）《》〈〉【】〔〕「」『』—…·～－％￥×÷±≥≤℃①②③④⑤⑥⑦⑧⑨⑩■□●○◆★※〇\u3000\u2002\u2003\xa0"
)
CONTROL = re.compile("[\x00-\x08\x0e-\x1f\x7f-\x84\x86-\x9f]")
STRAY = 0.01
"""Up to this share of control characters is dirt in a text; beyond it the file is none."""


def read(path: Path) -> Extracted:
    """The text of a file, its encoding found out. Raises UnreadableFile for an empty or a binary one."""
    text, _ = decode(path.read_bytes(), path.name)
    return Extracted(text)


def decode(content: bytes, source: str = "") -> tuple[str, str]:
    """(text, name of its encoding); line ends are \\n, a byte order mark is gone.

    Raises UnreadableFile, in the name of `source`, if it is empty, binary or in no encoding of Chinese text.
    """
    text, encoding = _decoded(content, source)
    text = text.removeprefix("\ufeff").replace("\r\n", "\n").replace("\r", "\n")
    if "\0" in text or len(CONTROL.findall(text)) > STRAY * len(text):
        raise UnreadableFile(source, texts.BINARY, cure=texts.CURE_BINARY)
    if not text.strip():
        raise UnreadableFile(source, texts.NO_TEXT, cure=texts.CURE_NO_TEXT)
    return text, encoding


def _decoded(content: bytes, source: str) -> tuple[str, str]:
    for mark, encoding in BYTE_ORDER_MARKS:
        if content.startswith(mark):
            return _as_marked(content.removeprefix(mark), encoding, source), encoding
    as_utf8 = _attempt(content, "utf-8")
    if as_utf8 is not None and "\0" not in as_utf8:
        return as_utf8, "utf-8"
    _refuse_damaged(content, source)
    readings = [(text, encoding) for encoding in CANDIDATES if (text := _attempt(content, encoding)) is not None]
    best = max(readings, key=lambda reading: plausibility(reading[0]), default=None)
    if best is None or plausibility(best[0]) < PLAUSIBLE:
        raise UnreadableFile(source, texts.ENCODING_UNKNOWN, cure=texts.CURE_ENCODING)
    return best


def _as_marked(content: bytes, encoding: str, source: str) -> str:
    text = _attempt(content, encoding)
    if text is None:
        raise UnreadableFile(source, texts.ENCODING_BROKEN.format(encoding=encoding), cure=texts.CURE_ENCODING)
    return text


def _attempt(content: bytes, encoding: str) -> str | None:
    try:
        return content.decode(encoding)
    except UnicodeDecodeError:
        return None


def _refuse_damaged(content: bytes, source: str) -> None:
    """A UTF-8 file with a few bad bytes would pass for GBK: name the line instead."""
    text = content.decode("utf-8", "replace")
    beyond = sum(character > "\x7f" for character in text)
    if "\0" not in text and 0 < text.count("\ufffd") <= DAMAGED * beyond:
        line = text.count("\n", 0, text.index("\ufffd")) + 1
        message = texts.ENCODING_BROKEN.format(encoding="UTF-8")
        raise UnreadableFile(source, message, line=line, cure=texts.CURE_ENCODING)


def plausibility(text: str) -> float:
    """The share of everyday Chinese characters and marks among what is beyond ASCII, from 0 to 1.

    A wrong reading yields rare characters: GBK read as Big5, or one UTF-16 as the other, falls below a half.
    """
    if CONTROL.search(text):
        return 0.0
    beyond = [character for character in text if character > "\x7f"]
    everyday = _everyday()
    return sum(character in everyday for character in beyond) / len(beyond) if beyond else 1.0


@lru_cache(maxsize=1)
def _everyday() -> frozenset[str]:
    """The first levels of GB 2312 (3755 characters) and Big5 (5401), as the two standards order them by use."""
    simplified = (bytes((lead, trail)) for lead in range(0xB0, 0xD8) for trail in range(0xA1, 0xFF))
    trails = (*range(0x40, 0x7F), *range(0xA1, 0xFF))
    traditional = (bytes((lead, trail)) for lead in range(0xA4, 0xC7) for trail in trails)
    level_one = "".join(pair.decode("gb2312", "ignore") for pair in simplified)
    level_one += "".join(pair.decode("big5", "ignore") for pair in traditional if pair < b"\xc6\xa1")
    full_width = (chr(code) for code in range(0xFF01, 0xFF5F))
    return frozenset(level_one) | PUNCTUATION | frozenset(full_width)
