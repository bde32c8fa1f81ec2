"""The layout of an index folder, its pointer and its checksums."""

import json
import shutil
from pathlib import Path

import pytest

from rag import generation
from rag.config import Config
from rag.errors import IndexDamaged, IndexMissing
from rag.generation import Calibration, Manifest

MANIFEST = Manifest(
    "20250101T0-abc", "20250101T0", "hashing", "pipeline", 1, 2, 3, 4, 0.5, Calibration(0.3, (0.5, 0.6), (0.1,))
)


@pytest.fixture
def directory(small_index: Config, tmp_path: Path) -> Path:
    return Path(shutil.copytree(generation.published(small_index.index_dir), tmp_path / "generation"))


class TestManifest:
    def test_it_is_read_as_it_was_written(self, tmp_path: Path) -> None:
        generation.write_manifest(tmp_path, MANIFEST)
        assert generation.read_manifest(tmp_path) == MANIFEST

    @pytest.mark.parametrize("content", [b"", b"{", b"[]", b"{}", b"\xff\xfe", b'{"calibration": 3}'])
    def test_a_damaged_one(self, tmp_path: Path, content: bytes) -> None:
        (tmp_path / generation.MANIFEST).write_bytes(content)
        with pytest.raises(IndexDamaged, match=r"manifest\.json"):
            generation.read_manifest(tmp_path)

    def test_unknown_fields_are_damage(self, tmp_path: Path) -> None:
        generation.write_manifest(tmp_path, MANIFEST)
        path = tmp_path / generation.MANIFEST
        path.write_text(json.dumps({**json.loads(path.read_text(encoding="utf-8")), "future": 1}), encoding="utf-8")
        with pytest.raises(IndexDamaged):
            generation.read_manifest(tmp_path)


class TestPointer:
    def test_nothing_published(self, tmp_path: Path) -> None:
        assert generation.pointer(tmp_path) == ""
        with pytest.raises(IndexMissing, match="python -m ingest"):
            generation.published(tmp_path)
        with pytest.raises(IndexMissing):
            generation.published(tmp_path / "nowhere")

    @pytest.mark.parametrize("content", ["", "\n", "../../etc", "县域"])
    def test_a_strange_pointer_points_nowhere(self, tmp_path: Path, content: str) -> None:
        (tmp_path / generation.POINTER).write_text(content, encoding="utf-8")
        with pytest.raises(IndexMissing):
            generation.published(tmp_path)

    @pytest.mark.parametrize("name", ["gone", ".."])
    def test_a_pointer_to_what_is_not_there(self, tmp_path: Path, name: str) -> None:
        (tmp_path / generation.POINTER).write_text(name, encoding="ascii")
        with pytest.raises(IndexDamaged, match="python -m ingest"):
            generation.published(tmp_path)

    def test_the_published_one(self, small_index: Config) -> None:
        directory = generation.published(small_index.index_dir)
        assert directory.name == generation.pointer(small_index.index_dir)


class TestCheck:
    def test_a_sound_generation(self, directory: Path) -> None:
        manifest = generation.read_manifest(directory)
        generation.check(directory, manifest)
        assert {generation.CATALOG, "vectors/chunks.npy", "vectors/chroma/chroma.sqlite3"} <= set(manifest.files)
        assert any(name.startswith(f"{generation.LEXICAL}/") for name in manifest.files)

    @pytest.mark.parametrize(
        "name", [generation.CATALOG, "vectors/chunks.npy", "vectors/chroma/chroma.sqlite3", "lexical/words.txt"]
    )
    def test_one_flipped_bit_anywhere(self, directory: Path, name: str) -> None:
        path = directory / name
        content = bytearray(path.read_bytes())
        content[len(content) // 2] ^= 1
        path.write_bytes(content)
        with pytest.raises(IndexDamaged, match=name):
            generation.check(directory, generation.read_manifest(directory))

    def test_a_deleted_file(self, directory: Path) -> None:
        (directory / "vectors" / "sentences.npy").unlink()
        with pytest.raises(IndexDamaged, match=r"sentences\.npy"):
            generation.check(directory, generation.read_manifest(directory))

    def test_an_extra_file(self, directory: Path) -> None:
        (directory / "lexical" / "extra.txt").write_text("?", encoding="ascii")
        with pytest.raises(IndexDamaged, match=r"extra\.txt"):
            generation.check(directory, generation.read_manifest(directory))
