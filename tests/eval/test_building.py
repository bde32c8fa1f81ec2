"""An index built by `python -m ingest` in a process of its own: told when it fails, timed when it builds."""

import json
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest

from eval.building import _with_children, build
from eval.synthetic import write_corpus
from ingest.build import ingest
from rag import generation
from rag.config import Config
from rag.embedding import ConfiguredModel
from rag.errors import KbqaError
from tests.fakes import FakeModel, HashingEmbedder


@pytest.fixture
def up_to_date(small_kb: Path, tmp_path: Path, model_cache: Path) -> Config:
    """An index that the real command takes for its own: built by a fake under the bundled model's fingerprint."""
    config = Config(kb_dir=small_kb, index_dir=tmp_path / "index", cache_dir=model_cache)
    embedder = HashingEmbedder(384)
    embedder.fingerprint = ConfiguredModel(config).fingerprint
    ingest(config, lambda *_: None, model=FakeModel(embedder))
    return config


def test_nothing_to_build_gives_the_figures_of_the_last_build(up_to_date: Config, tmp_path: Path) -> None:
    before = generation.pointer(up_to_date.index_dir)
    record = tmp_path / "build.json"
    record.write_text('{"build_seconds": 12.5, "build_megabytes": 900.0}', encoding="utf-8")
    assert build(up_to_date, record) == {"build_seconds": 12.5, "build_megabytes": 900.0}
    assert generation.pointer(up_to_date.index_dir) == before


def test_a_build_that_fails_is_told_and_leaves_no_record(tmp_path: Path) -> None:
    config = Config(kb_dir=tmp_path / "nowhere", index_dir=tmp_path / "index")
    with pytest.raises(KbqaError, match="2"):  # the exit code of a wrong setting
        build(config, tmp_path / "build.json")
    assert not (tmp_path / "build.json").exists()
    assert generation.pointer(config.index_dir) == ""


def test_memory_counts_the_processes_that_it_started() -> None:
    code = "import subprocess, sys; subprocess.run([sys.executable, '-c', 'print(1, flush=True); input()'])"
    with subprocess.Popen([sys.executable, "-c", code], stdin=subprocess.PIPE, stdout=subprocess.PIPE) as parent:
        assert parent.stdout
        parent.stdout.readline()  # the child is up
        alone = _with_children(parent.pid)
        assert alone > 10  # two interpreters
        parent.communicate(b"\n")
    assert _with_children(parent.pid) == 0.0


@pytest.mark.slow
def test_a_build_is_timed_and_weighed_once(tmp_path: Path, model_cache: Path) -> None:
    corpus = write_corpus(tmp_path / "kb", 10, 5)
    config = replace(Config(cache_dir=model_cache), kb_dir=tmp_path / "kb", index_dir=tmp_path / "index")
    figures = build(config, tmp_path / "build.json")
    assert 1 < figures["build_seconds"] < 110
    assert figures["build_megabytes"] > 100
    assert json.loads((tmp_path / "build.json").read_text(encoding="utf-8")) == figures
    assert generation.read_manifest(generation.published(config.index_dir)).documents == corpus.files
    assert build(config, tmp_path / "build.json") == figures
