"""An extraction as bytes, on its way from the child to the parent and into the cache: a line of JSON, then the text."""

import json
from typing import Any

from ingest.extracted import Extracted
from rag.errors import KbqaError, UnreadableFile
from rag.types import Page

MESSAGE_CHARACTERS = 1_000
"""The longest message that a parcel may carry; what is longer was not written by a reader of ours."""


HEADER_BYTES = 500_000
"""The longest header: 2,000 pages take less than half of it."""


def pack(extracted: Extracted) -> bytes:
    """The bytes of an extraction. Raises UnicodeEncodeError for text that is no Unicode (lone surrogates)."""
    pages = [[page.number, page.start, page.end, list(page.faults), page.recognised] for page in extracted.pages]
    return _joined({"title": extracted.title, "pages": pages}, extracted.text)


def pack_refusal(error: KbqaError) -> bytes:
    """The bytes of a reader's refusal."""
    line, cure = (error.line, error.cure) if isinstance(error, UnreadableFile) else (0, "")
    return _joined({"message": str(error)[:MESSAGE_CHARACTERS], "line": line, "cure": cure[:MESSAGE_CHARACTERS]}, "")


def unpack(content: bytes, source: str) -> Extracted:
    """What was packed. Raises UnreadableFile for a refusal, ValueError for bytes that `pack` never made."""
    end = content.find(b"\n")
    if not 0 < end <= HEADER_BYTES:
        raise ValueError(f"a header of {end} bytes")
    header = json.loads(content[:end])
    if not isinstance(header, dict):
        raise ValueError(type(header).__name__)
    if "message" in header:
        message, cure, line = (_typed(header.get(key), kind) for key, kind in _REFUSAL)
        if max(len(message), len(cure)) > MESSAGE_CHARACTERS:
            raise ValueError(f"a message of {len(message)} and {len(cure)} characters")
        raise UnreadableFile(source, message, line=line, cure=cure)
    text = str(memoryview(content)[end + 1 :], "utf-8")
    pages = tuple(_page(item) for item in _typed(header.get("pages"), list))
    _require_order(pages, len(text))
    return Extracted(text, pages, _typed(header.get("title"), str))


_REFUSAL: tuple[tuple[str, type], ...] = (("message", str), ("cure", str), ("line", int))


def _joined(header: dict[str, object], text: str) -> bytes:
    return b"\n".join((json.dumps(header, ensure_ascii=True).encode(), text.encode()))


def _typed(value: Any, kind: type) -> Any:
    if type(value) is not kind:
        raise ValueError(f"{kind.__name__} expected, not {type(value).__name__}")
    return value


def _page(item: Any) -> Page:
    number, start, end, faults, recognised = _typed(item, list)
    names = tuple(_typed(name, str) for name in _typed(faults, list))
    return Page(_typed(number, int), _typed(start, int), _typed(end, int), names, _typed(recognised, bool))


def _require_order(pages: tuple[Page, ...], characters: int) -> None:
    """Pages follow one another inside the text."""
    place, number = 0, 0
    for page in pages:
        if not (page.number > number and place <= page.start <= page.end <= characters):
            raise ValueError(f"page {page.number} from {page.start} to {page.end} of {characters} characters")
        place, number = page.end, page.number
