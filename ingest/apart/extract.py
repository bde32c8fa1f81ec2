"""The child that parses one file, under limits that it lays on itself before it looks at the file.

python -m ingest.apart.extract PATH FOLDER READER LIMITS; what was read goes into FOLDER, nothing to the terminal.
"""

import ctypes
import dataclasses
import errno
import importlib
import json
import resource
import signal
import sys
from dataclasses import dataclass
from pathlib import Path

from ingest import texts
from ingest.apart.container import kind_of, pictures, require_harmless
from ingest.apart.parcel import pack, pack_refusal
from ingest.extracted import Extracted
from rag import texts as common_texts
from rag.errors import KbqaError, UnreadableFile

IMAGES = (".png", ".jpg", ".jpeg", ".tif", ".tiff", ".bmp", ".webp", ".gif")
LEGACY = (".doc", ".wps", ".rtf", ".ppt", ".pptx", ".xls", ".et", ".dps", ".ofd", ".odt", ".epub")
FORMATS = {
    ".pdf": "pdf",
    ".docx": "word",
    ".html": "web",
    ".htm": "web",
    ".mht": "web",
    ".mhtml": "web",
    ".xlsx": "sheet",
    ".csv": "sheet",
    ".tsv": "sheet",
    **dict.fromkeys(IMAGES, "ocr"),
    **dict.fromkeys(LEGACY, "legacy"),
}
"""Suffix -> the module of `ingest.formats` that reads it."""
KINDS = {"pdf": "pdf", "word": "docx", "web": "text", "ocr": "image"}
ZIPS = {"docx", "xlsx", "pptx", "ofd", "odt", "epub", "zip"}
MEMORY_EXIT, DEPTH_EXIT, LIBRARY_EXIT, WRITTEN_EXIT, DISK_EXIT = 70, 71, 72, 73, 74
STORAGE_EXITS = {errno.EFBIG: WRITTEN_EXIT, errno.ENOSPC: DISK_EXIT, errno.EDQUOT: DISK_EXIT}
RESULT, ANNOUNCED = "result", "pages"
PR_SET_PDEATHSIG = 1
CLONE_NEWUSER, CLONE_NEWNET = 0x10000000, 0x40000000


@dataclass(frozen=True, slots=True)
class Limits:
    """What one file may cost; sizes in bytes, times in seconds.

    Time grows with the pages, because a scanned page is read by OCR.
    """

    file: int = 200_000_000
    memory: int = 2 << 30
    """Address space; recognition of a page at 200 dpi was seen to take 1.26 GB of it."""
    cpu: int = 60
    cpu_a_page: int = 15
    """Recognition of a full page was seen to take 3 to 6 s."""
    longest: int = 7_200
    pages: int = 2_000
    unpacked: int = 200_000_000
    entries: int = 2_000
    ratio: int = 100
    characters: int = 5_000_000
    written: int = 32_000_000
    """The largest file that a child may write, its result too."""
    open_files: int = 256

    def work(self, pages: int) -> int:
        """CPU seconds for a file of so many pages (0: not counted)."""
        return min(self.cpu + self.cpu_a_page * min(pages, self.pages), self.longest)

    def wait(self, pages: int) -> int:
        """Wall seconds for a file of so many pages: twice the work, so that a busy machine condemns no file."""
        return 2 * self.work(pages)


LIMITS = Limits()


def main(arguments: list[str]) -> int:
    """Parse one file; 0 when a result or a refusal was written, else the reason as exit status."""
    path, folder, reader = Path(arguments[0]), Path(arguments[1]), arguments[2]
    limits = Limits(**json.loads(arguments[3]))
    _confine(limits)
    try:
        (folder / RESULT).write_bytes(_answer(path, folder, reader, limits))
    except MemoryError:
        return MEMORY_EXIT
    except RecursionError:
        return DEPTH_EXIT
    except ImportError:
        sys.excepthook(*sys.exc_info())
        return LIBRARY_EXIT
    except OSError as error:
        if error.errno not in STORAGE_EXITS:
            raise
        return STORAGE_EXITS[error.errno]
    return 0


def _answer(path: Path, folder: Path, reader: str, limits: Limits) -> bytes:
    try:
        return pack(_read(path, folder, reader, limits))
    except KbqaError as error:
        return pack_refusal(error)


def _confine(limits: Limits) -> None:
    _lower(resource.RLIMIT_CORE, 0)
    _lower(resource.RLIMIT_CPU, limits.work(0), limits.work(limits.pages))
    _lower(resource.RLIMIT_FSIZE, limits.written)
    _lower(resource.RLIMIT_NOFILE, limits.open_files)
    if sys.platform == "linux":
        _lower(resource.RLIMIT_AS, limits.memory)
        system = ctypes.CDLL(None)
        system.prctl(PR_SET_PDEATHSIG, signal.SIGKILL)
        # No network, where the system lets a process give it up: first as root, then as anybody.
        if system.unshare(CLONE_NEWNET):
            system.unshare(CLONE_NEWUSER | CLONE_NEWNET)


def _lower(kind: int, soft: int, hard: int | None = None) -> None:
    """Set a limit, or keep the one in force where that is lower already."""
    ceiling = resource.getrlimit(kind)[1]
    wanted = soft if hard is None else hard
    hard = wanted if ceiling == resource.RLIM_INFINITY else min(wanted, ceiling)
    resource.setrlimit(kind, (min(soft, hard), hard))


def _read(path: Path, folder: Path, reader: str, limits: Limits) -> Extracted:
    kind = kind_of(path)
    _require_kind(path, kind)
    if kind in ZIPS:
        require_harmless(path, kind, (limits.entries, limits.unpacked, limits.ratio))
    if kind in {"pdf", "image"}:
        count = _pages(path) if kind == "pdf" else pictures(path, limits.pages + 1)
        _announce(count, path, folder, limits)
    found: Extracted = importlib.import_module(reader).read(path)
    if len(found.pages) > limits.pages:
        message = texts.TOO_MANY_PAGES.format(count=len(found.pages), limit=limits.pages)
        raise UnreadableFile(str(path), message, cure=texts.CURE_SPLIT_FILE)
    if len(found.text) > limits.characters:
        message = texts.TOO_MANY_CHARACTERS.format(count=len(found.text), limit=limits.characters)
        raise UnreadableFile(str(path), message, cure=texts.CURE_SPLIT_FILE)
    if not found.text.strip():
        raise UnreadableFile(str(path), common_texts.FILE_EMPTY, cure=common_texts.CURE_EMPTY)
    return found


def _require_kind(path: Path, kind: str) -> None:
    """Refuse a file whose bytes are of another kind than its suffix says."""
    suffix = path.suffix.lower()
    if kind == "empty":
        raise UnreadableFile(str(path), common_texts.FILE_EMPTY, cure=common_texts.CURE_EMPTY)
    if kind == "locked":
        raise UnreadableFile(str(path), texts.OFFICE_LOCKED, cure=texts.CURE_DECRYPT)
    if kind == "torn":
        raise UnreadableFile(str(path), texts.ZIP_DAMAGED, cure=texts.CURE_RESAVE)
    format_name = FORMATS.get(suffix, "")
    if format_name == "legacy":
        # Old suffixes cover several formats; their reader looks for itself, and converts or explains.
        fits = kind not in {"program", "archive"}
    else:
        fits = kind == KINDS.get(format_name, "xlsx" if suffix == ".xlsx" else "text")
    if not fits:
        message = texts.KIND_DIFFERS.format(suffix=suffix, kind=texts.KINDS[kind])
        cure = texts.CURE_PROGRAM if kind == "program" else texts.CURE_KIND.format(suffix=suffix)
        raise UnreadableFile(str(path), message, cure=cure)


def _announce(count: int, path: Path, folder: Path, limits: Limits) -> None:
    """Ask for the time that so many pages may take if all are scans."""
    if count > limits.pages:
        message = texts.TOO_MANY_PAGES.format(count=count, limit=limits.pages)
        raise UnreadableFile(str(path), message, cure=texts.CURE_SPLIT_FILE)
    hard = resource.getrlimit(resource.RLIMIT_CPU)[1]
    resource.setrlimit(resource.RLIMIT_CPU, (min(hard, limits.work(count)), hard))
    (folder / ANNOUNCED).write_text(str(count), encoding="utf-8")


def _pages(path: Path) -> int:
    """The pages of a PDF; 0 where it is encrypted or damaged: the reader says which."""
    import pypdfium2

    try:
        document = pypdfium2.PdfDocument(path)
    except pypdfium2.PdfiumError:
        return 0
    try:
        return len(document)
    finally:
        document.close()


def encoded(limits: Limits) -> str:
    """Limits as the argument of the child."""
    return json.dumps(dataclasses.asdict(limits))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
