"""Does the index find what it holds? Chroma itself would not say."""

import json
import shutil
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from ingest.verify import failures
from rag import generation
from rag.catalog import CatalogWriter
from rag.config import Config
from rag.store import build_store
from rag.types import Chunk, Sentence
from tests.conftest import ROOT


@pytest.fixture
def directory(small_index: Config, tmp_path: Path) -> Path:
    return Path(shutil.copytree(generation.published(small_index.index_dir), tmp_path / "generation"))


def expected(directory: Path) -> dict[str, int]:
    manifest = generation.read_manifest(directory)
    return {"chunks": manifest.chunks, "sentences": manifest.sentences}


def verify(directory: Path, counts: dict[str, int] | None = None) -> subprocess.CompletedProcess[str]:
    """Damaged files may crash the process that opens them: always one of its own."""
    command = [sys.executable, "-m", "ingest.verify", str(directory), json.dumps(counts or expected(directory))]
    return subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False, timeout=60)


def test_a_sound_generation(directory: Path) -> None:
    assert failures(directory, expected(directory)) == []


def test_a_wrong_count_is_told(directory: Path) -> None:
    counts = {**expected(directory), "chunks": 1}
    found = failures(directory, counts)
    assert len(found) == 1
    assert found[0].startswith("chunks: ")


def test_a_matrix_of_wrong_vectors(directory: Path) -> None:
    path = directory / generation.VECTORS / "sentences.npy"
    matrix = np.load(path)
    np.save(path, np.roll(matrix, 1, axis=1))
    found = failures(directory, expected(directory))
    assert found
    assert all(line.startswith("sentences ") for line in found)


def test_vectors_in_another_order(directory: Path) -> None:
    path = directory / generation.VECTORS / "chunks.npy"
    np.save(path, np.load(path)[::-1])
    assert any(line.startswith("chunks ") for line in failures(directory, expected(directory)))


def test_a_sound_generation_exits_zero(directory: Path) -> None:
    done = verify(directory)
    assert (done.returncode, done.stderr) == (0, "")


def test_deleted_hnsw_folders(tmp_path: Path) -> None:
    """Above a thousand rows Chroma relies on these files, and without them answers wrongly in silence."""
    rows = 1500
    vectors = np.random.default_rng(0).standard_normal((rows, 32)).astype(np.float32)
    vectors /= np.linalg.norm(vectors, axis=1, keepdims=True)
    directory = tmp_path / "generation"
    build_store(directory / generation.VECTORS, vectors, vectors, lambda _: None)
    with CatalogWriter(directory / generation.CATALOG) as catalog:
        for row in range(rows):
            catalog.add_chunk(row, Chunk(str(row), "s.md", "", (), row, "县"))
            catalog.add_sentence(row, row, Sentence(row, row + 1, "县"))
    counts = {"chunks": rows, "sentences": rows}
    assert verify(directory, counts).returncode == 0
    folders = [path for path in (directory / generation.VECTORS / "chroma").iterdir() if path.is_dir()]
    assert folders, "Chroma keeps one folder a collection"
    for folder in folders:
        shutil.rmtree(folder)
    assert verify(directory, counts).returncode != 0


def test_a_damaged_chroma_database(directory: Path) -> None:
    path = directory / generation.VECTORS / "chroma" / "chroma.sqlite3"
    content = bytearray(path.read_bytes())
    content[8192:] = b"\xff" * (len(content) - 8192)
    path.write_bytes(content)
    assert verify(directory).returncode != 0


def test_a_matrix_cut_short(directory: Path) -> None:
    path = directory / generation.VECTORS / "chunks.npy"
    path.write_bytes(path.read_bytes()[:-200])
    assert verify(directory).returncode != 0
