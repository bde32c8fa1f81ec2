"""Recall of the nearest vectors against the exact ones, on a real Chroma; the whole measurement once, slowly."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from eval.scale import NEIGHBOURS, _found, _recall, measure_scale
from eval.synthetic import write_corpus
from ingest.build import ingest
from rag.config import Config
from rag.store import CHUNKS, SENTENCES, VectorStore, build_store
from tests.fakes import FakeModel, HashingEmbedder

ROWS = 30
QUERY = np.eye(2, dtype=np.float32)[0]


def at(cosine: float) -> np.ndarray:
    """A unit vector at this cosine to the query."""
    return np.array([cosine, np.sqrt(1 - cosine**2)], np.float32)


FALLING = np.stack([at((ROWS - row) / (ROWS + 1)) for row in range(ROWS)])
"""Row 0 is the nearest to the query, row 29 the farthest."""


def opened(directory: Path, vectors: np.ndarray, record: np.ndarray | None = None) -> VectorStore:
    """A store of these vectors; `record` puts another matrix beside Chroma, as if Chroma had lost its way."""
    build_store(directory, vectors, vectors[:1], lambda _: None)
    if record is not None:
        np.save(directory / f"{CHUNKS}.npy", record.astype(np.float16))
    return VectorStore(directory)


def recall(tmp_path: Path, vectors: np.ndarray, record: np.ndarray | None = None) -> float:
    store = opened(tmp_path / "vectors", vectors, record)
    try:
        return _found(store, CHUNKS, QUERY)
    finally:
        store.close()


def test_all_of_the_nearest_are_found(tmp_path: Path) -> None:
    assert recall(tmp_path, FALLING) == 1.0


@pytest.mark.parametrize("shift", [1, 4, 10])
def test_the_share_of_the_exact_ten(tmp_path: Path, shift: int) -> None:
    # Chroma gives rows 0 to 9; by the record the ten nearest are rows shift to shift + 9.
    assert recall(tmp_path, FALLING, np.roll(FALLING, shift, axis=0)) == (NEIGHBOURS - shift) / NEIGHBOURS


def test_rows_as_near_as_the_tenth_count(tmp_path: Path) -> None:
    """Twins of the tenth are no misses, whichever of them Chroma gives."""
    twins = np.stack([at(0.9)] * 5 + [at(0.5)] * 20)
    assert recall(tmp_path, twins, np.concatenate([twins[:5], twins[5:][::-1]])) == 1.0


def test_fewer_rows_than_neighbours(tmp_path: Path) -> None:
    assert recall(tmp_path, FALLING[:3]) == 1.0


def test_recall_is_of_both_collections_over_the_questions(tmp_path: Path) -> None:
    corpus = write_corpus(tmp_path / "kb", 60, 12)
    config = Config(kb_dir=tmp_path / "kb", index_dir=tmp_path / "index", cache_dir=tmp_path / "cache")
    ingest(config, lambda *_: None, model=FakeModel())
    found = _recall(config, HashingEmbedder(), corpus.questions)
    assert set(found) == {f"recall_{CHUNKS}", f"recall_{SENTENCES}"}
    assert all(0.9 <= value <= 1.0 for value in found.values())


@pytest.mark.slow
@pytest.mark.timeout(300)
def test_a_row_of_figures_for_each_size(tmp_path: Path, model_cache: Path) -> None:
    config = replace(Config(), cache_dir=model_cache)
    rows = measure_scale(config, [10, 60], tmp_path)
    assert [row["chunks"] for row in rows] == pytest.approx([10, 60], abs=4)
    assert rows[0]["characters"] < rows[1]["characters"]
    for row in rows:
        assert row["sentences"] >= row["chunks"]
        assert all(row[name] > 0 for name in ("build_seconds", "build_megabytes", "disk_megabytes", "open_seconds"))
        assert row["memory_megabytes"] > 100
        assert row["answer_p50"] > row["embed_p50"] * 0.5  # a shared machine: the order of size only
        assert 0.9 <= row["recall_chunks"] <= 1.0
    again = measure_scale(config, [10], tmp_path)
    assert again[0]["build_seconds"] == rows[0]["build_seconds"]
