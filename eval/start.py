"""The page started as a user starts it: seconds to HTTP 200, seconds until it can answer, memory."""

import json
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request

import psutil

from rag.config import ROOT

LIMIT_SECONDS = 120.0
PAUSE_SECONDS = 0.05


def measure_start() -> dict[str, float]:
    """Seconds until the page is up and until it can answer, and megabytes then, of `app.py` on a free port.

    Raises TimeoutError if it is not ready in two minutes.
    """
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        address = f"http://127.0.0.1:{probe.getsockname()[1]}"
    command = [sys.executable, "app.py", "--port", address.rpartition(":")[2]]
    started = time.perf_counter()
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.DEVNULL) as page:  # noqa: S603
        try:
            shown = _wait(page, started, f"{address}/", b"<")
            ready = _wait(page, started, f"{address}/healthz", json.dumps("ready").encode())
            memory = psutil.Process(page.pid).memory_info().rss / 1e6
        finally:
            page.terminate()
    return {"page_seconds": shown, "ready_seconds": ready, "memory_megabytes": memory}


def _wait(page: "subprocess.Popen[bytes]", started: float, url: str, sign: bytes) -> float:
    """Seconds since the start when the address first answers 200 with the sign in its body.

    The clock is read after the reply: the socket accepts connections before the page is up.
    """
    while time.perf_counter() - started < LIMIT_SECONDS and page.poll() is None:
        try:
            with urllib.request.urlopen(url, timeout=LIMIT_SECONDS) as response:  # noqa: S310
                if sign in response.read():
                    return time.perf_counter() - started
        except (urllib.error.URLError, ConnectionError):
            pass  # not listening yet
        time.sleep(PAUSE_SECONDS)
    raise TimeoutError(url)
