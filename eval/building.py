"""An index built as a user builds it: `python -m ingest` in a process of its own, timed and weighed."""

import json
import subprocess
import sys
import time
from pathlib import Path

import psutil

from eval import texts
from eval.speed import resident_megabytes
from rag import Config, generation
from rag.config import ROOT
from rag.errors import KbqaError

POLL_SECONDS = 0.5


def build(config: Config, record: Path) -> dict[str, float]:
    """Seconds and peak megabytes of the build, kept in `record` and read from there if nothing had to be built (empty
    if it was built by somebody else).

    Raises KbqaError if it fails.
    """
    before = generation.pointer(config.index_dir)
    command = [sys.executable, "-m", "ingest", "--kb", str(config.kb_dir), "--index", str(config.index_dir)]
    started, peak = time.perf_counter(), 0.0
    with subprocess.Popen(command, cwd=ROOT) as process:  # noqa: S603
        while process.poll() is None:
            peak = max(peak, _with_children(process.pid))
            time.sleep(POLL_SECONDS)
    if process.returncode:
        raise KbqaError(texts.BUILD_FAILED.format(code=process.returncode))
    if generation.pointer(config.index_dir) != before:
        figures = {"build_seconds": time.perf_counter() - started, "build_megabytes": peak}
        record.write_text(json.dumps(figures), encoding="utf-8")
    return dict(json.loads(record.read_text(encoding="utf-8"))) if record.exists() else {}


def _with_children(process: int) -> float:
    """Resident megabytes of a process and those that it started; 0 if it has just ended."""
    try:
        watched = psutil.Process(process)
        return sum(resident_megabytes(p.pid) for p in (watched, *watched.children(recursive=True)))
    except psutil.NoSuchProcess:
        return 0.0
