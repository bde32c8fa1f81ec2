"""Hostile files among good ones: each is its own error, in time and in little memory, and the good ones are read."""

import os
import signal
import subprocess
import sys
import threading
import time
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

import psutil
import pytest

from ingest import texts
from ingest.apart.extract import LIMITS
from ingest.apart.sandbox import extract_all
from ingest.extracted import Extracted
from rag.errors import UnreadableFile
from tests.conftest import ROOT
from tests.ingest.apart.hostile import READ, REFUSED, SENTENCES, Hostile, good_document, hostile_files

GROWTH = 50_000_000
DOZEN = {
    "pdf截断0.pdf", "页树自环.pdf", "五千页.pdf", "加密AES_256有口令.pdf", "docx翻位0.docx", "十亿大笑.docx",
    "外部实体.docx", "大小谎报.docx", "上级目录.docx", "谎报百万行.xlsx", "名不副实0.docx", "空文件.csv",
    "三万见方.png", "五百万字一行.csv", "换\n行.html",
}  # fmt: skip
"""What the normal run looks at; the rest takes minutes."""


@dataclass
class Seen:
    """The highest resident memory of this process while it is watched, in bytes."""

    start: int = 0
    peak: int = 0
    over: threading.Event = field(default_factory=threading.Event)

    def watch(self) -> None:
        process = psutil.Process()
        self.start = self.peak = process.memory_info().rss
        while not self.over.wait(0.02):
            self.peak = max(self.peak, process.memory_info().rss)


def laid_out(files: Sequence[Hostile], folder: Path) -> dict[Path, str]:
    """Write hostile files with a good one after every seventh; returns what is expected of each."""
    expected = {}
    good = good_document()
    for i, file in enumerate(files):
        (folder / file.name).write_bytes(file.content)
        expected[folder / file.name] = file.expected
        if i % 7 == 0:
            path = folder / f"好文件{i}.docx"
            path.write_bytes(good)
            expected[path] = READ
    return expected


def check(expected: dict[Path, str]) -> str:
    """Parse them all as one batch; returns the figures. Fails with every file that was not treated as expected."""
    seen, wrong, counts = Seen(), list[str](), Counter[str]()
    watcher = threading.Thread(target=seen.watch)
    watcher.start()
    started = last = time.monotonic()
    slowest = (0.0, "")
    try:
        for path, found in extract_all([*expected], lambda _: None, workers=2):
            slowest = max(slowest, (time.monotonic() - last, path.name))
            last = time.monotonic()
            outcome = READ if isinstance(found, Extracted) else REFUSED
            counts[outcome] += 1
            if expected[path] not in (outcome, "either"):
                wrong.append(f"{path.name!r} should be {expected[path]}: {found!s:.100}")
            if isinstance(found, UnreadableFile) and not (found.message and found.cure and found.source.isprintable()):
                wrong.append(f"{path.name!r} has no clear error: {found!r}")
            if isinstance(found, UnreadableFile) and found.cure == texts.CURE_LIBRARY:
                wrong.append(f"{path.name!r} was not even looked at: {found}")
            if path.name.startswith("好文件") and (isinstance(found, UnreadableFile) or SENTENCES not in found.text):
                wrong.append(f"{path.name!r} was not read as it should be")
    finally:
        seen.over.set()
        watcher.join()
    growth = seen.peak - seen.start
    assert not wrong, "\n".join(wrong)
    assert growth <= GROWTH
    return (
        f"{len(expected)} files ({dict(counts)}) in {last - started:.0f} s; "
        f"the longest pause {slowest[0]:.1f} s before {slowest[1]!r}; memory grew by {growth / 1e6:.1f} MB"
    )


def test_a_dozen_hostile_files(tmp_path: Path) -> None:
    files = [file for file in hostile_files() if file.name in DOZEN]
    assert len(files) == len(DOZEN)
    check(laid_out(files, tmp_path))


@pytest.mark.slow
@pytest.mark.timeout(3600)
def test_all_hostile_files(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    expected = laid_out(list(hostile_files()), tmp_path)
    assert len(expected) >= 200
    figures = check(expected)
    with capsys.disabled():
        sys.stdout.write(f"\n{figures}\n")


INTERRUPTED = """
import signal
import sys
from pathlib import Path
from ingest.apart.sandbox import extract_all
signal.signal(signal.SIGINT, signal.default_int_handler)  # a shell may start its jobs deaf to it

for _ in extract_all([Path(name) for name in sys.argv[1:]], lambda _: None, workers=2):
    pass
"""


def test_an_interruption_kills_the_children(tmp_path: Path) -> None:
    names = [str(tmp_path / f"{i}.csv") for i in range(6)]
    for name in names:
        Path(name).write_bytes("县,余额\n".encode() + "青山县,12.5\n".encode() * 200_000)
    command = [sys.executable, "-c", INTERRUPTED, *names]
    environment = {"PATH": os.defpath, "TMPDIR": str(tmp_path), "PYTHONPATH": str(ROOT)}
    with subprocess.Popen(command, cwd=ROOT, env=environment, stderr=subprocess.PIPE) as process:
        children = children_of(process.pid)
        process.send_signal(signal.SIGINT)
        _, said = process.communicate(timeout=20)
    assert b"KeyboardInterrupt" in said
    assert process.returncode != 0
    assert not [child for child in children if child.is_running() and child.status() != psutil.STATUS_ZOMBIE]
    assert not list(tmp_path.glob("kbqa-*")), "a temporary folder is left"


def children_of(pid: int) -> list[psutil.Process]:
    until = time.monotonic() + 20
    while not (found := psutil.Process(pid).children()):
        assert time.monotonic() < until, "no child was started"
        time.sleep(0.01)
    return found


def test_the_limits_are_those_that_were_promised() -> None:
    assert (LIMITS.unpacked, LIMITS.entries, LIMITS.ratio, LIMITS.characters) == (200_000_000, 2_000, 100, 5_000_000)
