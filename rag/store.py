"""The door to Chroma: two collections of vectors beside two matrices that are the record of them.

Chroma finds candidates; their similarities come from the matrices, exact and for every candidate
of every leg. Chroma rewrites its files whenever they are opened and can crash on damaged ones, so
a published generation is never opened in place: readers open a private copy of checked files.

Equal vectors (the same sentence many times in one file) are one row of Chroma: hundreds of them crowd
each other's neighbour lists and cut the way to the rows beside them.
"""

import shutil
import tempfile
import weakref
from collections.abc import Callable
from pathlib import Path

import chromadb
import numpy as np
from chromadb.config import Settings

CHUNKS, SENTENCES = "chunks", "sentences"
HNSW = {"hnsw": {"space": "cosine", "ef_search": 256, "ef_construction": 200, "max_neighbors": 32}}


def build_store(
    directory: Path, chunk_vectors: np.ndarray, sentence_vectors: np.ndarray, progress: Callable[[int], None]
) -> None:
    """Write both collections and both matrices under `directory` (vectors: float32, unit, (n, d))."""
    directory.mkdir(parents=True)
    client = chromadb.PersistentClient(str(directory / "chroma"), settings=Settings(anonymized_telemetry=False))
    try:
        for name, vectors in ((CHUNKS, chunk_vectors), (SENTENCES, sentence_vectors)):
            record = vectors.astype(np.float16)
            np.save(directory / f"{name}.npy", record)
            collection = client.create_collection(name, embedding_function=None, configuration=HNSW)  # type: ignore[arg-type]
            rows = np.array(list(equal_rows(record)), np.int64)
            step = min(1000, client.get_max_batch_size())
            for start in range(0, len(rows), step):
                batch = rows[start : start + step]
                collection.add(ids=[str(row) for row in batch], embeddings=vectors[batch])
                progress(len(batch))
            progress(len(vectors) - len(rows))
    finally:
        client.close()  # type: ignore[attr-defined]


def equal_rows(matrix: np.ndarray) -> dict[int, list[int]]:
    """The rows of a matrix by the first row that is equal to them; every row stands in one of the lists."""
    first: dict[bytes, int] = {}
    rows: dict[int, list[int]] = {}
    for row, values in enumerate(matrix):
        rows.setdefault(first.setdefault(values.tobytes(), row), []).append(row)
    return rows


class VectorStore:
    """Nearest chunks and sentences of a query vector; scores are cosine similarities."""

    def __init__(self, directory: Path) -> None:
        copy = tempfile.mkdtemp(prefix="kbqa-")
        self._forget_copy = weakref.finalize(self, shutil.rmtree, copy, ignore_errors=True)
        path = Path(copy) / "chroma"
        shutil.copytree(directory / "chroma", path)
        self._client = chromadb.PersistentClient(str(path), settings=Settings(anonymized_telemetry=False))
        self._collections = {
            name: self._client.get_collection(name, embedding_function=None) for name in (CHUNKS, SENTENCES)
        }
        self._matrices = {name: np.load(directory / f"{name}.npy", mmap_mode="r") for name in (CHUNKS, SENTENCES)}
        self._equal = {name: equal_rows(matrix) for name, matrix in self._matrices.items()}

    def close(self) -> None:
        """Release Chroma's handles and the private copy."""
        self._client.close()  # type: ignore[attr-defined]
        self._forget_copy()

    def count(self, name: str) -> int:
        """Rows that Chroma says a collection holds."""
        return self._collections[name].count()

    def distinct(self, name: str) -> int:
        """Rows that a collection should hold: those of the matrix without the ones equal to an earlier one."""
        return len(self._equal[name])

    def rows(self, name: str) -> int:
        """Rows of the matrix."""
        return len(self._matrices[name])

    def nearest(self, name: str, vector: np.ndarray, limit: int) -> np.ndarray:
        """Ordinals of the nearest rows, best first: `limit` of them, and more where rows are equal."""
        found = self._collections[name].query(
            query_embeddings=[vector], n_results=max(1, min(limit, self.distinct(name))), include=[]
        )
        equal = self._equal[name]
        return np.array([row for first in found["ids"][0] for row in equal[int(first)]], dtype=np.int64)

    def similarities(self, name: str, vector: np.ndarray, ordinals: np.ndarray) -> np.ndarray:
        """Exact cosine of the vector with the given rows; shape (len(ordinals),)."""
        return np.asarray(self._matrices[name][ordinals], np.float32) @ vector

    def vector(self, name: str, ordinal: int) -> np.ndarray:
        """One row as float32."""
        return np.asarray(self._matrices[name][ordinal], np.float32)
