"""The entry: help, a port in use, the index that is missing, the loading behind the page."""

import os
import socket
import subprocess
import sys
from pathlib import Path

import pytest

import app
from rag.errors import ModelUnavailable
from tests.ui.fakes import FakeRag
from ui import texts

ROOT = Path(__file__).resolve().parent.parent


def test_help_is_chinese_and_quick() -> None:
    done = subprocess.run(
        [sys.executable, "app.py", "--help"], cwd=ROOT, capture_output=True, text=True, timeout=20, check=False
    )
    assert done.returncode == 0
    assert texts.ARGUMENTS in done.stdout.replace("\n", "")
    assert "--port" in done.stdout


def test_port_in_use_names_the_port_and_the_cure(monkeypatch: pytest.MonkeyPatch, tmp_path: Path, capsys) -> None:
    generation = tmp_path / "generations" / "one"
    monkeypatch.setattr(app, "published", lambda index_dir: generation)
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        assert app.main(["--port", str(port)]) == 2
    message = capsys.readouterr().err
    assert str(port) in message
    assert "--port" in message
    assert message.count("\n") == 1


def test_no_index_is_said_before_anything_loads(tmp_path: Path) -> None:
    environment = {**os.environ, "KBQA_INDEX_DIR": str(tmp_path / "none")}
    done = subprocess.run(
        [sys.executable, "app.py", "--port", "1"],
        cwd=ROOT,
        env=environment,
        capture_output=True,
        text=True,
        timeout=20,
        check=False,
    )
    assert done.returncode == 3
    assert done.stderr.count("\n") == 1
    assert "Traceback" not in done.stderr


def test_loader_hands_over_the_rag_or_its_error() -> None:
    rag = FakeRag()
    loader = app.Loader(lambda: rag)
    loader.start()
    assert loader.wait() is rag
    assert not loader.failed()

    def broken() -> FakeRag:
        raise ModelUnavailable("没有模型")

    failing = app.Loader(broken)
    failing.start()
    with pytest.raises(ModelUnavailable, match="没有模型"):
        failing.wait()
    assert failing.failed()
