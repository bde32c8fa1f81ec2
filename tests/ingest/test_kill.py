"""kill -9 at any moment of an ingest leaves the published index serving."""

import os
import random
import signal
import subprocess
import sys
import time
from collections.abc import Iterator

import pytest

from ingest.build import ingest
from rag import generation
from rag.config import Config
from rag.retrieve import analysed, open_corpus, retrieve
from tests.conftest import ROOT
from tests.fakes import FakeModel, HashingEmbedder

KILLS = 20
LATEST = 1.0
"""Seconds from the first stage to the latest kill; an ingest of the small knowledge base takes about as long."""
DRIVER = ROOT / "tests" / "ingest" / "kill_driver.py"
ENVIRONMENT = {"PYTHONPATH": str(ROOT), "PYTHONUTF8": "1"}


@pytest.fixture
def driver(own_index: Config) -> Iterator[subprocess.Popen[str]]:
    command = [sys.executable, str(DRIVER), str(own_index.kb_dir), str(own_index.index_dir)]
    with subprocess.Popen(
        command, cwd=ROOT, env=ENVIRONMENT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, bufsize=1
    ) as process:
        yield process
        assert process.stdin is not None
        process.stdin.close()


def killed_after(driver: subprocess.Popen[str], seconds: float) -> set[str]:
    """Start an ingest, kill it so long after its first stage began, and return the stages it had reached."""
    assert driver.stdin is not None
    assert driver.stdout is not None
    driver.stdin.write("go\n")
    child, stages = 0, set()
    while not (child and stages):
        line = driver.stdout.readline()
        assert line, "the driver ended before its time"
        if line.startswith("child"):
            child = int(line.split()[1])
        else:
            stages.add(line.split()[0])
    time.sleep(seconds)
    os.kill(child, signal.SIGKILL)
    while not (line := driver.stdout.readline()).endswith("over\n"):
        stages.add(line.split()[0])
    return stages


def assert_answers(config: Config) -> str:
    """The published generation is whole and finds the passages of a question; returns its name."""
    directory = generation.published(config.index_dir)
    corpus = open_corpus(directory)
    try:
        assert len(corpus.catalog.titles) >= 6
        assert retrieve(corpus, HashingEmbedder(), analysed(corpus, "2024年青山县涉农贷款余额是多少")).passages
    finally:
        corpus.close()
    return directory.name


def test_twenty_kills(own_index: Config, driver: subprocess.Popen[str]) -> None:
    chance = random.Random(20250)
    stages: set[str] = set()
    for attempt in range(KILLS):
        note = own_index.kb_dir / "notes" / f"{attempt}.txt"
        note.write_text("".join(f"第{attempt}次第{n}句走访记录。" for n in range(6)), encoding="utf-8")
        stages |= killed_after(driver, chance.random() * LATEST)
        assert_answers(own_index)
    assert len(stages) >= 4, f"the kills fell only into {stages}"
    summary = ingest(own_index, lambda *_: None, model=FakeModel())
    assert summary.documents == 6 + KILLS
    assert assert_answers(own_index) == summary.generation
    root = own_index.index_dir / generation.GENERATIONS
    assert len(list(root.iterdir())) == 2, "no staging folder and no old generation is left"
