"""The embedding cache: (model fingerprint, text) -> float32 vector; survives rebuilds and kills."""

import hashlib
import sqlite3
from collections.abc import Callable, Sequence
from pathlib import Path

import numpy as np

from rag import texts
from rag.embedding import Embedder
from rag.errors import IndexDamaged

COMMIT_EVERY = 512
LOOKUP = 500


class VectorCache:
    """Embeds each text once per model; what was embedded before a kill is not embedded again."""

    def __init__(self, path: Path, fingerprint: str) -> None:
        self._path, self._fingerprint = path, fingerprint
        try:
            self._connection = sqlite3.connect(path)
            self._connection.execute("pragma journal_mode = wal")
            self._connection.execute(
                "create table if not exists vectors (key blob primary key, vector blob) without rowid"
            )
        except sqlite3.DatabaseError as error:
            raise IndexDamaged(texts.CACHE_DAMAGED.format(path=path)) from error
        self.embedded = 0

    def close(self) -> None:
        """Release the file."""
        self._connection.close()

    def missing(self, passages: Sequence[str]) -> list[str]:
        """Distinct passages that have no vector yet, in order."""
        known = self._known([self._key(p) for p in passages])
        return list(dict.fromkeys(p for p in passages if self._key(p) not in known))

    def embed(self, passages: Sequence[str], embedder: Embedder, progress: Callable[[int], None]) -> None:
        """Embed and store what is missing, longest first, committing as it goes."""
        waiting = sorted(self.missing(passages), key=len, reverse=True)
        for start in range(0, len(waiting), COMMIT_EVERY):
            batch = waiting[start : start + COMMIT_EVERY]
            vectors = embedder.embed_passages(batch, progress)
            rows = [(self._key(p), v.astype(np.float32).tobytes()) for p, v in zip(batch, vectors, strict=True)]
            self._connection.executemany("insert or replace into vectors values (?, ?)", rows)
            self._connection.commit()
            self.embedded += len(batch)

    def vectors(self, passages: Sequence[str]) -> np.ndarray:
        """Vectors of passages that are all in the cache; float32, shape (n, dimensions)."""
        keys = [self._key(passage) for passage in passages]
        known = self._known(keys)
        return np.stack([np.frombuffer(known[key], np.float32) for key in keys])

    def _key(self, passage: str) -> bytes:
        return hashlib.sha256(f"{self._fingerprint}\0{passage}".encode()).digest()

    def _known(self, keys: Sequence[bytes]) -> dict[bytes, bytes]:
        found: dict[bytes, bytes] = {}
        for start in range(0, len(keys), LOOKUP):
            batch = keys[start : start + LOOKUP]
            marks = ",".join("?" * len(batch))
            try:
                found.update(
                    self._connection.execute(f"select key, vector from vectors where key in ({marks})", batch)  # noqa: S608
                )
            except sqlite3.DatabaseError as error:
                raise IndexDamaged(texts.CACHE_DAMAGED.format(path=self._path)) from error
        return found
