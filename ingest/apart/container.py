"""What a file really is, by its first bytes; and whether a zip-based one can be unpacked without harm."""

import struct
import zipfile
import zlib
from collections.abc import Iterator
from pathlib import Path, PurePosixPath
from typing import BinaryIO
from xml.parsers import expat

from ingest import texts
from rag.errors import UnreadableFile

HEAD = 4096
SIGNATURES = (
    (b"PK\x03\x04", "zip"),
    (b"PK\x05\x06", "zip"),
    (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "ole"),
    (b"{\\rtf", "rtf"),
    (b"\x89PNG\r\n\x1a\n", "image"),
    (b"\xff\xd8\xff", "image"),
    (b"II*\0", "image"),
    (b"MM\0*", "image"),
    (b"GIF87a", "image"),
    (b"GIF89a", "image"),
    (b"\x7fELF", "program"),
    (b"7z\xbc\xaf\x27\x1c", "archive"),
    (b"Rar!\x1a\x07", "archive"),
    (b"\x1f\x8b\x08", "archive"),
)
"""First bytes and what they begin; PDF, WebP, BMP and Windows programs need a second look (`kind_of`)."""
BOMS = (b"\xff\xfe", b"\xfe\xff", b"\xef\xbb\xbf")
PLACES = (("word/", "docx"), ("xl/", "xlsx"), ("ppt/", "pptx"), ("OFD.xml", "ofd"))
"""Where the formats keep their parts; main parts have no fixed name (word/document2.xml)."""
MIMETYPES = {b"application/epub+zip": "epub", b"application/vnd.oasis.opendocument.text": "odt"}
DTD_ALLOWED = {"odt", "epub"}
"""Formats whose standard has document types in it; their entities are refused all the same."""
FLOOR = 1_000_000
"""Bytes below which an entry is no bomb, however well it was compressed."""
STEP = 1 << 18
FARTHEST = 1 << 40
"""Beyond the end of every file, but no offset that the system refuses."""
PART_CHARACTERS = 80
PROLOG = 1 << 16
"""Bytes in which the first element of an XML part has begun."""
DAMAGE = (
    zipfile.BadZipFile,
    zlib.error,
    struct.error,
    NotImplementedError,
    RuntimeError,
    ValueError,
    EOFError,
    KeyError,
)
"""What zipfile raises on damaged archives (RuntimeError: encrypted)."""
LOCAL_HEADER = struct.Struct("<4s22xHH")


class _FirstElement(Exception):
    """The prolog is over."""


class _DocumentType(Exception):
    """The prolog declares a document type."""


def kind_of(path: Path) -> str:
    """What the file's bytes say it is: a key of `texts.KINDS`, "empty", or "torn" for a zip without its directory."""
    with path.open("rb") as file:
        head = file.read(HEAD)
        if not head:
            return "empty"
        for signature, kind in SIGNATURES:
            if head.startswith(signature):
                return {"zip": _zip_kind, "ole": _ole_kind}[kind](file) if kind in ("zip", "ole") else kind
    bitmap = head.startswith(b"BM") and head[6:10] == b"\0\0\0\0"
    if bitmap or (head.startswith(b"RIFF") and head[8:12] == b"WEBP"):
        return "image"
    if b"%PDF-" in head[:1024] and not head.lstrip().startswith(b"<"):
        return "pdf"
    if b"\0" not in head or head.startswith(BOMS):
        return "text"
    return "program" if head.startswith(b"MZ") else "binary"


def _zip_kind(file: BinaryIO) -> str:
    try:
        with zipfile.ZipFile(file) as archive:
            names = [name.replace("\\", "/") for name in archive.namelist()]
            for place, kind in PLACES:
                if any(name.startswith(place) for name in names):
                    return kind
            if "mimetype" in names:
                with archive.open("mimetype") as entry:
                    return MIMETYPES.get(entry.read(100).strip(), "zip")
    except DAMAGE:
        return "torn"
    return "zip"


def _ole_kind(file: BinaryIO) -> str:
    """An encrypted file of today's Office is an old container with one telling name in its directory."""
    file.seek(0)
    head = file.read(512)
    if len(head) < 512:
        return "ole"
    size = 4096 if head[30] == 12 else 512
    file.seek(min((int.from_bytes(head[48:52], "little") + 1) * size, FARTHEST))
    return "locked" if "EncryptedPackage".encode("utf-16-le") in file.read(size) else "ole"


def pictures(path: Path, most: int) -> int:
    """How many pictures a TIFF holds, `most` at most; 1 for other images."""
    with path.open("rb") as file:
        head = file.read(8)
        order = {b"II*\0": "<", b"MM\0*": ">"}.get(head[:4], "")
        if not order or len(head) < 8:
            return 1
        (place,), found = struct.unpack(order + "4xI", head), set[int]()
        while place and place not in found and len(found) < most:
            found.add(place)
            file.seek(place)
            (entries,) = struct.unpack(order + "H", file.read(2).ljust(2, b"\0"))
            file.seek(12 * entries, 1)
            (place,) = struct.unpack(order + "I", file.read(4).ljust(4, b"\0"))
    return max(1, len(found))


def require_harmless(path: Path, kind: str, bounds: tuple[int, int, int]) -> None:
    """Refuse a zip that is too large unpacked, misleading, encrypted or declares XML entities.

    `bounds`: entries, bytes unpacked, times that an entry may grow. Every entry is inflated and counted here,
    because declared sizes lie. Raises UnreadableFile.
    """
    entries, unpacked, ratio = bounds
    try:
        with path.open("rb") as file, zipfile.ZipFile(file) as archive:
            infos = archive.infolist()
            if len(infos) > entries:
                raise _refusal(path, texts.ZIP_ENTRIES.format(count=len(infos), limit=entries), texts.CURE_NOT_BOMB)
            _require_names(path, infos)
            left = unpacked
            for info in infos:
                head, size = _inflated(file, info, min(left, max(FLOOR, ratio * info.compress_size)))
                if size < 0:
                    message = texts.ZIP_BOMB.format(name=_part(info), limit=unpacked // 1_000_000, ratio=ratio)
                    raise _refusal(path, message, texts.CURE_NOT_BOMB)
                if size != info.file_size:
                    raise zipfile.BadZipFile(info.orig_filename)
                left -= size
                _require_plain_xml(path, info, head, kind)
    except DAMAGE as error:
        raise _refusal(path, texts.ZIP_DAMAGED, texts.CURE_RESAVE) from error


def _require_names(path: Path, infos: list[zipfile.ZipInfo]) -> None:
    seen = set()
    for info in infos:
        name = info.orig_filename
        if not name.isprintable():
            raise zipfile.BadZipFile(name)
        if info.flag_bits & 0x1:
            raise _refusal(path, texts.ZIP_ENCRYPTED, texts.CURE_DECRYPT)
        outside = name.startswith("/") or ".." in PurePosixPath(name).parts or name[1:2] == ":"
        if outside or "\\" in name or name in seen:
            raise _refusal(path, texts.ZIP_NAME.format(name=_part(info)), texts.CURE_RESAVE)
        seen.add(name)


def _inflated(file: BinaryIO, info: zipfile.ZipInfo, limit: int) -> tuple[bytes, int]:
    """The first bytes of an entry and its true size, -1 if that is over the limit."""
    head, size, checksum = b"", 0, 0
    for piece in _pieces(file, info):
        checksum = zlib.crc32(piece, checksum)
        if len(head) < PROLOG:
            head += piece[: PROLOG - len(head)]
        size += len(piece)
        if size > limit:
            return head, -1
    if checksum != info.CRC:
        raise zipfile.BadZipFile(info.orig_filename)
    return head, size


def _pieces(file: BinaryIO, info: zipfile.ZipInfo) -> Iterator[bytes]:
    file.seek(min(info.header_offset, FARTHEST))
    signature, name, extra = LOCAL_HEADER.unpack(file.read(LOCAL_HEADER.size))
    if signature != b"PK\x03\x04" or info.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
        raise zipfile.BadZipFile(info.orig_filename)
    file.seek(name + extra, 1)
    left, inflate = info.compress_size, zlib.decompressobj(-zlib.MAX_WBITS)
    while left > 0:
        piece = file.read(min(STEP, left))
        if not piece:
            raise EOFError
        left -= len(piece)
        if info.compress_type == zipfile.ZIP_STORED:
            yield piece
            continue
        while piece and not inflate.eof:
            yield inflate.decompress(piece, STEP)
            piece = inflate.unconsumed_tail
    if info.compress_type == zipfile.ZIP_DEFLATED:
        yield inflate.flush()


def _require_plain_xml(path: Path, info: zipfile.ZipInfo, head: bytes, kind: str) -> None:
    """Refuse document types and entities, seen by a parser: a search for words is blind to other encodings."""
    marked = head.removeprefix(BOMS[2]).lstrip().startswith((b"<", b"<\0", b"\0<", *BOMS[:2]))
    named = info.filename.lower().endswith((".xml", ".rels")) and head.strip()
    if not (marked or named):
        return

    def start_doctype(*declared: object) -> None:
        if kind not in DTD_ALLOWED or declared[3]:
            raise _DocumentType

    def start_element(*_: object) -> None:
        raise _FirstElement

    parser = expat.ParserCreate()
    parser.StartDoctypeDeclHandler = start_doctype
    parser.StartElementHandler = start_element
    try:
        parser.Parse(head, len(head) < PROLOG)
    except _FirstElement:
        return
    except _DocumentType as error:
        raise _refusal(path, texts.XML_ENTITIES.format(name=_part(info)), texts.CURE_RESAVE) from error
    except (expat.ExpatError, LookupError, ValueError) as error:
        if named:
            raise _refusal(path, texts.XML_DAMAGED.format(name=_part(info)), texts.CURE_RESAVE) from error
        return
    raise _refusal(path, texts.XML_DAMAGED.format(name=_part(info)), texts.CURE_RESAVE)


def printable(name: str) -> str:
    """A file's name fit for a message: without control, direction or unpaired characters."""
    return "".join(c if c.isprintable() else f"\\u{ord(c):04x}" for c in name)


def _part(info: zipfile.ZipInfo) -> str:
    return printable(info.orig_filename[:PART_CHARACTERS])


def _refusal(path: Path, message: str, cure: str) -> UnreadableFile:
    return UnreadableFile(str(path), message, cure=cure)
