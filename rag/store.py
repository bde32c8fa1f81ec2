"""The door to Chroma: two collections of vectors beside two matrices that are the record of them.

Chroma finds candidates; their similarities come from the matrices, exact and for every candidate
of every leg. Chroma rewrites its files whenever they are opened and can crash on damaged ones, so
a published generation is never opened in place: readers open a private copy of checked files.
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
            np.save(directory / f"{name}.npy", vectors.astype(np.float16))
            collection = client.create_collection(name, embedding_function=None, configuration=HNSW)  # type: ignore[arg-type]
            step = min(1000, client.get_max_batch_size())
            for start in range(0, len(vectors), step):
                batch = vectors[start : start + step]
                collection.add(ids=[str(start + i) for i in range(len(batch))], embeddings=batch)
                progress(len(batch))
    finally:
        client.close()  # type: ignore[attr-defined]


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

    def close(self) -> None:
        """Release Chroma's handles and the private copy."""
        self._client.close()  # type: ignore[attr-defined]
        self._forget_copy()

    def count(self, name: str) -> int:
        """Rows that Chroma says a collection holds."""
        return self._collections[name].count()

    def rows(self, name: str) -> int:
        """Rows of the matrix."""
        return len(self._matrices[name])

    def nearest(self, name: str, vector: np.ndarray, limit: int) -> np.ndarray:
        """Ordinals of the nearest rows, best first."""
        found = self._collections[name].query(
            query_embeddings=[vector], n_results=max(1, min(limit, self.rows(name))), include=[]
        )
        return np.array([int(name) for name in found["ids"][0]], dtype=np.int64)

    def similarities(self, name: str, vector: np.ndarray, ordinals: np.ndarray) -> np.ndarray:
        """Exact cosine of the vector with the given rows; shape (len(ordinals),)."""
        return np.asarray(self._matrices[name][ordinals], np.float32) @ vector

    def vector(self, name: str, ordinal: int) -> np.ndarray:
        """One row as float32."""
        return np.asarray(self._matrices[name][ordinal], np.float32)
