"""Puts files into a knowledge base and takes them out; all of it can be undone until the caller leaves the block.

Whatever is replaced or taken out lies below `<index>/removed/<time>/` under its old path.
"""

import datetime
import os
import re
import shutil
import stat
import unicodedata
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from ingest.admin import texts
from ingest.apart.extract import FORMATS
from ingest.load import IGNORED_FOLDERS, MAX_BYTES, SIDECAR, TEXTS
from rag.config import Config
from rag.errors import ConfigError, UnreadableFile
from rag.types import BINDING, FIGURES, LAYER_GROUPS, OPINION

REMOVED = "removed"
SUFFIXES = TEXTS | FORMATS.keys()
FOLDERS = {BINDING: "policies", OPINION: "paper", FIGURES: "statistics"}
OTHER_FOLDER = "documents"
NAME_BYTES = 200
FORBIDDEN = re.compile(r'[<>:"|?*]')
"""Characters that some file systems refuse."""
DROPPED = {"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"}
OFFICE_LOCK = "~$"


@dataclass(frozen=True, slots=True)
class _Step:
    """The first change of a file: where it was kept (None: it is new) and the folders that were made for it."""

    source: str
    owner: str
    kept: Path | None
    created: tuple[Path, ...]


class Shelf:
    """Changes to a knowledge base; a context manager that undoes them all when its block fails or is interrupted."""

    def __init__(self, config: Config) -> None:
        self.kb_dir = config.kb_dir
        started = datetime.datetime.now().astimezone().strftime("%Y%m%dT%H%M%S%f")
        self.attic = config.index_dir / REMOVED / started
        self._undo: list[_Step] = []

    def __enter__(self) -> "Shelf":
        return self

    def __exit__(self, kind: object, *_: object) -> None:
        if kind is not None:
            self.undo()

    def put(self, source: str, content: bytes, owner: str = "") -> None:
        """Write a file whole or not at all; one that is there goes to the attic. `owner`: undone with that source."""
        path = self._inside(source)
        self._before(source, owner)
        path.parent.mkdir(parents=True, exist_ok=True)
        _write(path, content)

    def take(self, source: str, owner: str = "") -> None:
        """Move a file to the attic."""
        path = self._inside(source)
        self._before(source, owner)
        path.unlink()

    def undo(self, owner: str = "") -> None:
        """Undo what was done for a source, or everything, the last first."""
        for step in reversed([step for step in self._undo if not owner or step.owner == owner]):
            path = self.kb_dir / step.source
            if step.kept:
                path.parent.mkdir(parents=True, exist_ok=True)
                _copy(step.kept, path)
                _discard(step.kept, self.attic.parent.parent)
            else:
                path.unlink(missing_ok=True)
            for folder in step.created:
                with suppress(OSError):
                    folder.rmdir()
            self._undo.remove(step)

    def _before(self, source: str, owner: str) -> None:
        """Remember a file as it is before its first change."""
        if any(step.source == source for step in self._undo):
            return
        path = self.kb_dir / source
        created = tuple(folder for folder in path.parents if not folder.exists())
        kept = self._keep(source) if path.exists() else None
        self._undo.append(_Step(source, owner or source, kept, created))

    def _keep(self, source: str) -> Path:
        kept = self.attic / source
        kept.parent.mkdir(parents=True, exist_ok=True)
        _copy(self.kb_dir / source, kept)
        return kept

    def _inside(self, source: str) -> Path:
        """The path of a source, no part of which below the knowledge base is a link."""
        path = self.kb_dir / source
        steps = [path, *list(path.parents)[: len(PurePosixPath(source).parts) - 1]]
        if any(step.is_symlink() for step in steps):
            raise UnreadableFile(source, texts.OUTSIDE, cure=texts.CURE_OUTSIDE)
        return path


def _write(path: Path, content: bytes) -> None:
    """Appear under the name only when every byte is on the disk."""
    temporary = path.with_name(f".{os.getpid()}.new")
    try:
        with temporary.open("wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        temporary.replace(path)
    finally:
        temporary.unlink(missing_ok=True)
    folder = os.open(path.parent, os.O_RDONLY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)


def _copy(path: Path, target: Path) -> None:
    _write(target, path.read_bytes())
    shutil.copystat(path, target)


def _discard(path: Path, root: Path) -> None:
    """Delete a file and the folders that it leaves empty, up to `root`."""
    path.unlink()
    for folder in path.parents:
        if folder == root:
            return
        with suppress(OSError):
            folder.rmdir()


def sidecar_of(source: str) -> str:
    """Where the metadata of a file lies that cannot hold front matter."""
    return source + SIDECAR


def folder_for(layer: str, into: str = "") -> str:
    """The folder of the knowledge base for a layer, or the wished one. Raises ConfigError for an unusable wish."""
    if not into:
        return FOLDERS.get(LAYER_GROUPS.get(layer, ""), OTHER_FOLDER)
    parts = PurePosixPath(into.rstrip("/")).parts
    if not parts or parts[0] in IGNORED_FOLDERS or any(safe_part(part) != part for part in parts):
        raise ConfigError(texts.FOLDER_UNUSABLE.format(folder=into))
    return "/".join(parts)


def safe_part(name: str) -> str:
    """A name without separators, control or direction characters, leading dots and dashes; '' if nothing is left."""
    last = re.split(r"[/\\]", name)[-1]
    kept = "".join(c for c in unicodedata.normalize("NFC", last) if unicodedata.category(c) not in DROPPED)
    return FORBIDDEN.sub("_", kept).lstrip(".-~$ \u3000").rstrip(". \u3000")


def safe_name(name: str) -> str:
    """A file name for the knowledge base: at most 200 bytes, its suffix kept. Raises UnreadableFile if none is left."""
    safe = safe_part(name)
    suffix = PurePosixPath(safe).suffix
    stem = safe.removesuffix(suffix).rstrip(". \u3000")
    if not stem or not suffix:
        raise UnreadableFile(shown(name), texts.NAME_UNUSABLE, cure=texts.CURE_NAME)
    while len((stem + suffix).encode()) > NAME_BYTES:
        stem = stem[:-1]
    return stem + suffix


def shown(name: object) -> str:
    """A path as a terminal can write it."""
    return str(name).encode("utf-8", "backslashreplace").decode("utf-8")


def check(path: Path) -> None:
    """Raises UnreadableFile unless this is a readable regular file of a known kind, neither empty nor over 50 MB."""
    name = shown(path)
    if path.is_symlink():
        raise UnreadableFile(name, texts.SYMLINK, cure=texts.CURE_SYMLINK)
    try:
        file = os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK)
    except (FileNotFoundError, NotADirectoryError) as error:
        raise UnreadableFile(name, texts.NOT_FOUND, cure=texts.CURE_NOT_FOUND) from error
    except PermissionError as error:
        raise UnreadableFile(name, texts.NOT_READABLE, cure=texts.CURE_NOT_READABLE) from error
    except OSError as error:
        raise UnreadableFile(name, texts.NOT_REGULAR, cure=texts.CURE_NOT_REGULAR) from error
    try:
        found = os.fstat(file)
    finally:
        os.close(file)
    if not stat.S_ISREG(found.st_mode):
        raise UnreadableFile(name, texts.NOT_REGULAR, cure=texts.CURE_NOT_REGULAR)
    check_kind(name, found.st_size)


def check_kind(name: str, size: int) -> None:
    """Raises UnreadableFile for an unknown suffix, an empty file or one over 50 MB."""
    suffix = PurePosixPath(name).suffix
    if suffix.lower() not in SUFFIXES:
        known = " ".join(sorted(SUFFIXES))
        raise UnreadableFile(name, texts.SUFFIX.format(suffix=suffix, known=known), cure=texts.CURE_SUFFIX)
    if size > MAX_BYTES:
        raise UnreadableFile(name, texts.TOO_LARGE.format(limit=MAX_BYTES // 1_000_000), cure=texts.CURE_TOO_LARGE)
    if not size:
        raise UnreadableFile(name, texts.EMPTY, cure=texts.CURE_EMPTY)


def files_below(folder: Path) -> tuple[list[Path], list[Path]]:
    """(files that can be put in, others) of a folder and its folders; hidden ones, links and sidecars left out."""
    usable: list[Path] = []
    others: list[Path] = []
    for path in sorted(folder.iterdir()):
        if path.name.startswith((".", OFFICE_LOCK)) or path.is_symlink() or path.name.endswith(SIDECAR):
            continue
        if path.is_dir():
            below = files_below(path)
            usable += below[0]
            others += below[1]
        else:
            (usable if path.suffix.lower() in SUFFIXES else others).append(path)
    return usable, others
