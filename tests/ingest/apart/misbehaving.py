"""A reader that does what the file tells it to: for `test_sandbox.py`, which sees what comes of it."""

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

from ingest.extracted import Extracted
from rag.errors import UnreadableFile
from rag.types import Page


def read(path: Path) -> Extracted:
    word = path.read_text(encoding="utf-8").split(",", 1)[0]
    return DEEDS.get(word, lambda: Extracted(path.read_text(encoding="utf-8")))()


def memory() -> Extracted:
    held = [bytearray(50_000_000) for _ in range(200)]
    return Extracted(str(len(held)))


def endless() -> Extracted:
    while True:
        pass


def sleeping() -> Extracted:
    time.sleep(600)
    return Extracted("")


def patient() -> Extracted:
    """Announces three pages, as a PDF is counted, and takes longer than a file without pages may."""
    Path(sys.argv[2], "pages").write_text("3", encoding="utf-8")
    time.sleep(2.5)
    return Extracted("慢慢读完了")


def crash() -> Extracted:
    os.kill(os.getpid(), signal.SIGSEGV)
    return Extracted("")


def killed() -> Extracted:
    os.kill(os.getpid(), signal.SIGKILL)
    return Extracted("")


def broken() -> Extracted:
    raise KeyError("a parser's own mistake")


def deep() -> Extracted:
    return deep()


def missing() -> Extracted:
    raise ModuleNotFoundError("no such library")


def refused() -> Extracted:
    raise UnreadableFile("inside", "第 3 页读不出", line=3, cure="请重新扫描")


def blank() -> Extracted:
    return Extracted(" \n\u3000")


def long() -> Extracted:
    return Extracted("字" * 5_000_001)


def pages() -> Extracted:
    return Extracted("页" * 3000, tuple(Page(n + 1, n, n + 1) for n in range(3000)))


def full_disk() -> Extracted:
    with Path(sys.argv[2], "endless").open("wb") as file:
        while True:
            file.write(b"\xff" * 1_000_000)


def noisy() -> Extracted:
    while True:
        os.write(2, b"\xff" * 1_000_000)


def garbage() -> Extracted:
    Path(sys.argv[2], "result").write_bytes(b"\x80garbage\n" * 1000)
    os._exit(0)


def nothing() -> Extracted:
    os._exit(0)


def offspring() -> Extracted:
    """Leaves a process behind that outlives it."""
    process = subprocess.Popen(["/bin/sleep", "300"])
    return Extracted(str(process.pid))


def network() -> Extracted:
    with socket.socket() as outside:
        outside.settimeout(2)
        try:
            outside.connect(("127.0.0.1", 9))
        except OSError as error:
            return Extracted(error.strerror or "")
    return Extracted("connected")


def surroundings() -> Extracted:
    names = sorted(os.environ)
    return Extracted(" ".join([*names, f"input={len(sys.stdin.read())}", f"here={Path.cwd()}"]))


DEEDS: dict[str, Callable[[], Extracted]] = {
    deed.__name__: deed
    for deed in (
        memory, endless, sleeping, patient, crash, killed, broken, deep, missing, refused, blank, long, pages,
        full_disk, noisy, garbage, nothing, offspring, network, surroundings,
    )
}  # fmt: skip
