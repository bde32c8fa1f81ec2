"""`python -m ingest` as a person meets it: what it prints and how it exits."""

import subprocess
import sys
from pathlib import Path

import pytest

from ingest.__main__ import main
from ingest.lock import writer_lock
from rag import generation
from rag.config import Config
from tests.conftest import ROOT


def arguments(kb_dir: Path, index_dir: Path, *more: str) -> list[str]:
    return ["--kb", str(kb_dir), "--index", str(index_dir), *more]


def test_a_dry_run_tells_and_writes_nothing(small_kb: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(arguments(small_kb, tmp_path / "index", "--dry-run")) == 0
    assert "6" in capsys.readouterr().out
    assert not (tmp_path / "index").exists()


def test_bad_files_are_listed_with_line_and_cure(
    small_kb: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (small_kb / "policies" / "坏.md").write_text("---\ntitle: 甲\nissued: 2024-13-45\n---\n正文\n", encoding="utf-8")
    assert main(arguments(small_kb, tmp_path / "index", "--dry-run")) == 3
    said = capsys.readouterr().out
    assert all(part in said for part in ("policies/坏.md", "3", "2024-13-45", "2024-12-31"))


def test_an_unknown_setting(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.setenv("KBQA_KB_DIRECTORY", "x")
    assert main(["--dry-run"]) == 2
    assert "KBQA_KB_DIRECTORY" in capsys.readouterr().err.replace("\n", "")


def test_no_knowledge_base(tmp_path: Path) -> None:
    assert main(arguments(tmp_path / "nowhere", tmp_path / "index")) == 2


def test_an_empty_knowledge_base(tmp_path: Path) -> None:
    (tmp_path / "kb").mkdir()
    assert main(arguments(tmp_path / "kb", tmp_path / "index")) == 3


def test_another_writer(small_kb: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    with writer_lock(tmp_path):
        assert main(arguments(small_kb, tmp_path)) == 75
    assert "进程号" in capsys.readouterr().err.replace("\n", "")


def test_rollback(own_index: Config, capsys: pytest.CaptureFixture[str]) -> None:
    root = own_index.index_dir / generation.GENERATIONS
    (newer,) = root.iterdir()
    newer.rename(root / "20200101T000000000000-older")
    assert main(arguments(own_index.kb_dir, own_index.index_dir, "--rollback")) == 0
    assert generation.published(own_index.index_dir).name == "20200101T000000000000-older"
    assert "20200101T000000000000-older" in capsys.readouterr().out
    assert main(arguments(own_index.kb_dir, own_index.index_dir, "--rollback")) == 3


def test_a_place_that_cannot_be_written(small_kb: Path, tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    assert main(arguments(small_kb, tmp_path / "file" / "index")) == 74


def test_help_is_a_command_away() -> None:
    command = [sys.executable, "-m", "ingest", "--help"]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True)
    assert all(option in done.stdout for option in ("--kb", "--index", "--dry-run", "--rollback"))
