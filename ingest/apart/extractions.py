"""The cache of extractions: (bytes of a file, code that read it) -> text; an unchanged file is parsed once."""

import hashlib
import sqlite3
import zlib
from collections.abc import Callable, Generator, Sequence
from contextlib import closing
from pathlib import Path

from ingest import texts
from ingest.apart.parcel import pack, unpack
from ingest.apart.sandbox import MAX_WORKERS, extract_all, reader_of
from ingest.extracted import Extracted
from rag.config import ROOT
from rag.errors import IndexDamaged, UnreadableFile

CODE = ("formats/*.py", "extracted.py", "apart/parcel.py")
"""Files of ingest/ that decide what a file's text is."""


def extraction_version() -> str:
    """Identify the code that makes text of files; 16 hexadecimal digits."""
    digest = hashlib.sha256()
    for pattern in CODE:
        for path in sorted((ROOT / "ingest").glob(pattern)):
            digest.update(path.name.encode() + b"\0" + path.read_bytes() + b"\0")
    return digest.hexdigest()[:16]


def file_digest(path: Path) -> str:
    """SHA-256 of a file's bytes, hexadecimal; reads it piece by piece."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


class Extractions:
    """Remembers what was extracted; what another version of the code extracted is forgotten, errors are not kept.

    The suffix is part of the key, because it chooses the reader.
    """

    def __init__(self, path: Path, version: str = "") -> None:
        self._path, self._version = path, version or extraction_version()
        try:
            self._connection = sqlite3.connect(path)
            self._connection.execute("pragma journal_mode = wal")
            self._connection.execute(
                "create table if not exists extractions"
                " (digest text, suffix text, version text, content blob, primary key (digest, suffix))"
            )
            self._connection.execute("delete from extractions where version <> ?", (self._version,))
            self._connection.commit()
        except sqlite3.DatabaseError as error:
            raise self._damaged() from error

    def close(self) -> None:
        """Release the file."""
        self._connection.close()

    def knows(self, digest: str, suffix: str) -> bool:
        """Whether a file of these bytes and this suffix was extracted. Raises IndexDamaged."""
        query = "select 1 from extractions where digest = ? and suffix = ?"
        try:
            return self._connection.execute(query, (digest, suffix.lower())).fetchone() is not None
        except sqlite3.DatabaseError as error:
            raise self._damaged() from error

    def get(self, digest: str, suffix: str) -> Extracted | None:
        """What a file of these bytes and this suffix holds, if it is known. Raises IndexDamaged."""
        query = "select content from extractions where digest = ? and suffix = ?"
        try:
            row = self._connection.execute(query, (digest, suffix.lower())).fetchone()
            return None if row is None else unpack(zlib.decompress(row[0]), digest)
        except (sqlite3.DatabaseError, zlib.error, ValueError, TypeError) as error:
            raise self._damaged() from error

    def put(self, digest: str, suffix: str, extracted: Extracted) -> None:
        """Remember, at once and for good. Raises IndexDamaged."""
        row = (digest, suffix.lower(), self._version, zlib.compress(pack(extracted)))
        try:
            self._connection.execute("insert or replace into extractions values (?, ?, ?, ?)", row)
            self._connection.commit()
        except sqlite3.DatabaseError as error:
            raise self._damaged() from error

    def _damaged(self) -> IndexDamaged:
        return IndexDamaged(texts.EXTRACTIONS_DAMAGED.format(path=self._path))


def extract_remembered(
    paths: Sequence[Path], memory: Extractions, progress: Callable[[int], None], workers: int = MAX_WORKERS
) -> Generator[tuple[Path, Extracted | UnreadableFile], None, None]:
    """`extract_all` for the files that are not remembered, in the order of `paths`; what succeeds is remembered.

    A file that changes while it is parsed is given as it was read and not remembered.
    """
    digests = {path: _digest(path) for path in paths}
    unknown = [path for path in paths if not memory.knows(digests[path], path.suffix)]
    waiting = set(unknown)
    with closing(extract_all(unknown, progress, workers)) as parsed:
        for path in paths:
            known = None if path in waiting else memory.get(digests[path], path.suffix)
            if known is not None:
                progress(1)
                yield path, known
                continue
            _, found = next(parsed)
            if isinstance(found, Extracted) and digests[path] == _digest(path):
                memory.put(digests[path], path.suffix, found)
            yield path, found


def _digest(path: Path) -> str:
    """The file's digest, or "" (which nothing has) where there is nothing to parse."""
    try:
        reader_of(path)
        return file_digest(path)
    except (UnreadableFile, OSError):
        return ""
