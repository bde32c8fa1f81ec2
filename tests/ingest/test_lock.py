"""One writer at a time, and the second is told who the first is."""

import os
import subprocess
import sys
import time
from pathlib import Path

import pytest

from ingest.build import ingest
from ingest.lock import writer_lock
from ingest.publish import rollback
from rag.config import Config
from rag.errors import IngestBusy
from tests.conftest import ROOT
from tests.fakes import FakeModel

HOLD = """
import sys
from pathlib import Path
from ingest.lock import writer_lock
with writer_lock(Path(sys.argv[1])):
    print("held", flush=True)
    sys.stdin.readline()
"""


def test_a_second_writer_is_refused_at_once_naming_the_first(tmp_path: Path) -> None:
    command = [sys.executable, "-c", HOLD, str(tmp_path)]
    with subprocess.Popen(command, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as holder:
        assert holder.stdout is not None
        assert holder.stdout.readline().strip() == "held"
        config = Config(kb_dir=ROOT / "tests" / "small_kb", index_dir=tmp_path)
        started = time.monotonic()
        with pytest.raises(IngestBusy, match=f"进程号 {holder.pid}，开始于"):
            ingest(config, lambda *_: None, model=FakeModel())
        with pytest.raises(IngestBusy, match=str(holder.pid)):
            rollback(config)
        assert time.monotonic() - started < 2
        summary = ingest(config, lambda *_: None, dry_run=True, model=FakeModel())
        assert len(summary.plan.added) == 6, "looking is always allowed"
        holder.kill()
    with writer_lock(tmp_path):
        assert f"进程号 {os.getpid()}" in (tmp_path / "lock").read_text(encoding="utf-8"), "a dead holder holds nothing"


def test_the_lock_is_free_again_after_a_failure(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="broken"), writer_lock(tmp_path):
        raise ValueError("broken")
    with writer_lock(tmp_path):
        pass


def test_refusal_exit_code() -> None:
    assert IngestBusy.exit_code == 75
