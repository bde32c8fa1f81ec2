"""The embedding cache: nothing twice, nothing lost, damage said."""

from pathlib import Path

import numpy as np
import pytest

from ingest.vectors import COMMIT_EVERY, VectorCache
from rag.errors import IndexDamaged
from tests.fakes import FailingEmbedder, HashingEmbedder

PASSAGES = ("县域金融", "普惠小微贷款余额", "县域金融", "农业保险条例")


def ignore(_: int) -> None:
    """Progress that nobody watches."""


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "vectors.sqlite"


def filled(path: Path, embedder: HashingEmbedder, passages: tuple[str, ...] = PASSAGES) -> None:
    cache = VectorCache(path, embedder.fingerprint)
    try:
        cache.embed(passages, embedder, ignore)
    finally:
        cache.close()


def test_nothing_is_embedded_twice_and_it_survives_reopening(path: Path) -> None:
    embedder = HashingEmbedder()
    cache = VectorCache(path, embedder.fingerprint)
    assert cache.missing(PASSAGES) == ["县域金融", "普惠小微贷款余额", "农业保险条例"]
    cache.embed(PASSAGES, embedder, ignore)
    cache.embed(PASSAGES, embedder, ignore)
    assert (embedder.embedded, cache.embedded) == (3, 3)
    cache.close()
    again = VectorCache(path, embedder.fingerprint)
    assert again.missing([*PASSAGES, "新"]) == ["新"]
    again.embed([*PASSAGES, "新"], embedder, ignore)
    assert (embedder.embedded, again.embedded) == (4, 1)
    again.close()


def test_vectors_come_back_as_they_were_and_in_order(path: Path) -> None:
    embedder = HashingEmbedder()
    filled(path, embedder)
    cache = VectorCache(path, embedder.fingerprint)
    found = cache.vectors(PASSAGES)
    cache.close()
    assert found.dtype == np.float32
    np.testing.assert_array_equal(found, embedder.embed_passages(PASSAGES))


def test_another_model_has_its_own_vectors(path: Path) -> None:
    filled(path, HashingEmbedder())
    other = HashingEmbedder(dimensions=64)
    cache = VectorCache(path, other.fingerprint)
    assert len(cache.missing(PASSAGES)) == 3
    cache.embed(PASSAGES, other, ignore)
    assert cache.vectors(PASSAGES).shape == (4, 64)
    cache.close()


def test_what_was_embedded_before_a_failure_is_kept(path: Path) -> None:
    passages = tuple(f"第{n}段文字" for n in range(COMMIT_EVERY + 50))
    with pytest.raises(MemoryError):
        filled(path, FailingEmbedder(good=COMMIT_EVERY), passages)
    cache = VectorCache(path, HashingEmbedder().fingerprint)
    assert len(cache.missing(passages)) == 50
    cache.close()


def test_more_passages_than_one_look_up(path: Path) -> None:
    embedder = HashingEmbedder(16)
    passages = tuple(map(str, range(1700)))
    filled(path, embedder, passages)
    cache = VectorCache(path, embedder.fingerprint)
    assert cache.missing(passages) == []
    assert cache.vectors(passages).shape == (1700, 16)
    cache.close()


def test_progress_counts_every_passage(path: Path) -> None:
    seen: list[int] = []
    embedder = HashingEmbedder()
    cache = VectorCache(path, embedder.fingerprint)
    cache.embed(PASSAGES, embedder, seen.append)
    cache.close()
    assert sum(seen) == 3


class TestDamage:
    def test_another_kind_of_file(self, path: Path) -> None:
        path.write_bytes(b"not a database at all, but long enough to be looked at " * 20)
        with pytest.raises(IndexDamaged, match=r"vectors\.sqlite"):
            VectorCache(path, "hashing")

    def test_a_damaged_page(self, path: Path) -> None:
        embedder = HashingEmbedder()
        filled(path, embedder, tuple(map(str, range(300))))
        content = bytearray(path.read_bytes())
        content[4096:] = b"\xff" * (len(content) - 4096)
        path.write_bytes(content)
        cache = VectorCache(path, embedder.fingerprint)
        with pytest.raises(IndexDamaged, match=r"vectors\.sqlite"):
            cache.missing(tuple(map(str, range(300))))
        cache.close()
