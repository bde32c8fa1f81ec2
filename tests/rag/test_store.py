"""Chroma beside the matrices that are its record."""

from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest

from rag import generation
from rag.config import Config
from rag.store import CHUNKS, SENTENCES, VectorStore, build_store

ROWS, DIMENSIONS = 300, 32


def unit(rows: int, seed: int) -> np.ndarray:
    vectors = np.random.default_rng(seed).standard_normal((rows, DIMENSIONS)).astype(np.float32)
    return vectors / np.linalg.norm(vectors, axis=1, keepdims=True)


@pytest.fixture(scope="module")
def directory(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("store") / "vectors"
    build_store(path, unit(ROWS, 1), unit(ROWS * 2, 2), lambda _: None)
    return path


@pytest.fixture(scope="module")
def store(directory: Path) -> Iterator[VectorStore]:
    opened = VectorStore(directory)
    yield opened
    opened.close()


def test_counts(store: VectorStore) -> None:
    assert store.count(CHUNKS) == store.rows(CHUNKS) == ROWS
    assert store.count(SENTENCES) == store.rows(SENTENCES) == ROWS * 2


@pytest.mark.parametrize("name", [CHUNKS, SENTENCES])
def test_every_row_finds_itself_first(store: VectorStore, name: str) -> None:
    for row in range(0, store.rows(name), 37):
        assert store.nearest(name, store.vector(name, row), 3)[0] == row


def test_the_nearest_are_the_nearest(store: VectorStore) -> None:
    query = unit(1, 3)[0]
    exact = np.argsort(-(unit(ROWS, 1) @ query))[:10]
    assert len(set(store.nearest(CHUNKS, query, 10)) & set(exact)) >= 9
    found = store.similarities(CHUNKS, query, store.nearest(CHUNKS, query, 10))
    assert list(found) == sorted(found, reverse=True)


def test_similarities_are_exact_cosines(store: VectorStore) -> None:
    query, rows = unit(1, 3)[0], np.array([5, 0, 299])
    np.testing.assert_allclose(store.similarities(CHUNKS, query, rows), unit(ROWS, 1)[rows] @ query, atol=2e-3)


def test_more_than_there_is(store: VectorStore) -> None:
    assert len(set(store.nearest(CHUNKS, unit(1, 3)[0], 10_000))) == ROWS


def test_equal_rows_are_found_together_and_hide_nobody(tmp_path: Path) -> None:
    lonely, crowd = unit(2, 5), np.repeat(unit(3, 4), 900, axis=0)
    build_store(tmp_path / "vectors", np.concatenate([crowd, lonely]), crowd[:0], lambda _: None)
    opened = VectorStore(tmp_path / "vectors")
    assert opened.rows(CHUNKS) == 2702
    assert opened.count(CHUNKS) == opened.distinct(CHUNKS) == 5
    assert sorted(opened.nearest(CHUNKS, crowd[900], 1)) == list(range(900, 1800))
    assert opened.nearest(CHUNKS, lonely[1], 1).tolist() == [2701]
    opened.close()


def test_progress_counts_every_row(tmp_path: Path) -> None:
    seen: list[int] = []
    build_store(tmp_path / "vectors", unit(3, 1), unit(2, 2), seen.append)
    assert sum(seen) == 5


def test_an_empty_collection(tmp_path: Path) -> None:
    build_store(tmp_path / "vectors", unit(3, 1), unit(3, 1)[:0], lambda _: None)
    opened = VectorStore(tmp_path / "vectors")
    nearest = opened.nearest(SENTENCES, unit(1, 3)[0], 5)
    assert len(nearest) == 0
    assert len(opened.similarities(SENTENCES, unit(1, 3)[0], nearest)) == 0
    opened.close()


def test_reading_changes_nothing_of_the_published_files(small_index: Config) -> None:
    published = generation.published(small_index.index_dir)
    opened = VectorStore(published / generation.VECTORS)
    opened.nearest(CHUNKS, opened.vector(CHUNKS, 0), 5)
    opened.close()
    generation.check(published, generation.read_manifest(published))


def test_two_readers_at_once(directory: Path) -> None:
    one, other = VectorStore(directory), VectorStore(directory)
    one.close()
    assert other.nearest(CHUNKS, other.vector(CHUNKS, 7), 1)[0] == 7
    other.close()
