"""What kind of file a download is: its first bytes decide, and must not contradict what the site says."""

import re
from pathlib import PurePosixPath

from ingest.admin import texts
from ingest.admin.shelf import SUFFIXES
from rag.errors import UnreadableFile

WORD, SHEET = "application/msword", "application/vnd.ms-excel"
OFFICE = "application/vnd.openxmlformats-officedocument"
DECLARED = {
    "application/pdf": ".pdf",
    "text/html": ".html",
    "application/xhtml+xml": ".html",
    "text/plain": ".txt",
    "text/markdown": ".md",
    "text/csv": ".csv",
    WORD: ".doc",
    SHEET: ".xls",
    f"{OFFICE}.wordprocessingml.document": ".docx",
    f"{OFFICE}.spreadsheetml.sheet": ".xlsx",
    "image/png": ".png",
    "image/jpeg": ".jpg",
}
LEGACY = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
MAGIC = (
    (b"%PDF-", {".pdf"}),
    (LEGACY, {".doc", ".wps", ".xls", ".et", ".ppt", ".dps"}),
    (b"PK\x03\x04", {".docx", ".xlsx", ".pptx", ".ofd", ".odt", ".epub"}),
    (b"{\\rtf", {".rtf"}),
    (b"\x89PNG", {".png"}),
    (b"\xff\xd8\xff", {".jpg", ".jpeg"}),
    (b"GIF8", {".gif"}),
    (b"II*\x00", {".tif", ".tiff"}),
    (b"MM\x00*", {".tif", ".tiff"}),
)
"""First bytes -> the suffixes that such a file may have."""
INSIDE = ((b"word/", ".docx"), (b"xl/", ".xlsx"), (b"ppt/", ".pptx"), (b"OFD.xml", ".ofd"))
WRITING = {".txt", ".md", ".markdown", ".csv", ".tsv"}
WEB = {".html", ".htm"}
MARKUP = re.compile(rb"\s*(?:<\?xml[^>]*>\s*)?(?:<!--.*?-->\s*)*<(?:!doctype\s+html|html|head|body)", re.I | re.S)
HEAD = 4096


def suffix_of(url: str, name: str, declared: str, content: bytes) -> str:
    """The name with the suffix of what the bytes are. Raises UnreadableFile if that is unknown or contradicted.

    `declared` is the site's media type, '' if it gave none.
    """
    possible = _possible(content)
    own = PurePosixPath(name).suffix.lower()
    stated = DECLARED.get(declared, "")
    known = own in SUFFIXES
    if stated in WEB and possible == WRITING and b"<" in content[:HEAD]:
        possible = WEB  # a page without its outer elements
    if not possible or (possible == WRITING and own not in WRITING and stated not in WRITING):
        message = texts.KIND_UNKNOWN.format(declared=declared or texts.KIND_UNNAMED)
        raise UnreadableFile(url, message, cure=texts.CURE_BROWSER)
    if _contradicted(possible, stated) or (known and own not in WEB and own not in possible and not stated):
        message = texts.KIND_DIFFERS.format(declared=declared or own, found=min(possible))
        raise UnreadableFile(url, message, cure=texts.CURE_BROWSER)
    chosen = own if own in possible else stated if stated in possible else min(possible)
    if chosen not in SUFFIXES:
        message = texts.SUFFIX.format(suffix=chosen, known=" ".join(sorted(SUFFIXES)))
        raise UnreadableFile(url, message, cure=texts.CURE_SUFFIX)
    stem = name[: -len(own)] if known else name
    return stem + chosen


def _contradicted(possible: set[str], stated: str) -> bool:
    """Office types are interchanged by careless servers, and so are kinds of writing; the rest must agree."""
    if not stated or stated in possible:
        return False
    office = {".doc", ".xls", ".docx", ".xlsx", ".wps", ".et"}
    return not (stated in office and possible & office)


def _possible(content: bytes) -> set[str]:
    head = content[:HEAD]
    for magic, suffixes in MAGIC:
        if head.startswith(magic):
            if magic == b"PK\x03\x04":
                return {next((suffix for part, suffix in INSIDE if part in content), ".zip")}
            return suffixes
    if MARKUP.match(head.removeprefix(b"\xef\xbb\xbf")):
        return WEB
    text = not re.search(rb"[\x00-\x08\x0e-\x1f]", head) and b"<html" not in head.lower()
    return WRITING if text else set()
