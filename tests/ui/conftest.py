"""The real page over the fake Rag, as a process of its own."""

import os
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent.parent


@pytest.fixture(scope="session")
def address() -> Iterator[str]:
    """The real page over the fake Rag, in its own process; it must end cleanly on SIGTERM."""
    with socket.create_server(("127.0.0.1", 0)) as probe:
        port = probe.getsockname()[1]
    server = subprocess.Popen(
        [sys.executable, "-m", "tests.ui.fakes", str(port), "0.3"], cwd=ROOT, env={**os.environ, "no_proxy": "*"}
    )
    found = f"http://127.0.0.1:{port}"
    try:
        _wait_until_up(found, server)
        yield found
    finally:
        server.terminate()
        assert server.wait(10) == 0


def _wait_until_up(found: str, server: "subprocess.Popen[bytes]") -> None:
    for _ in range(100):
        assert server.poll() is None
        try:
            urllib.request.urlopen(f"{found}/healthz", timeout=30).close()
            return
        except OSError:
            time.sleep(0.1)
    raise AssertionError("the page did not come up")
