"""The clock of the page's start, with pages of one line."""

import socket
import subprocess
import sys
import time
from collections.abc import Iterator

import pytest

from eval.start import _wait

SERVER = """
import http.server, sys, time
time.sleep(0.5)
class Page(http.server.BaseHTTPRequestHandler):
    def do_GET(self):
        ready = self.path != "/healthz" or time.time() > started + 1
        self.send_response(200 if ready else 503)
        self.end_headers()
        self.wfile.write(b'<p>"ready"</p>' if ready else b"starting")
    def log_message(self, *_):
        pass
started = time.time()
http.server.HTTPServer(("127.0.0.1", int(sys.argv[1])), Page).serve_forever()
"""


@pytest.fixture
def address() -> str:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return f"http://127.0.0.1:{probe.getsockname()[1]}"


@pytest.fixture
def page(address: str) -> Iterator["subprocess.Popen[bytes]"]:
    with subprocess.Popen([sys.executable, "-c", SERVER, address.rpartition(":")[2]]) as process:
        yield process
        process.terminate()


def test_it_waits_until_the_page_is_up_and_then_until_it_can_answer(
    page: "subprocess.Popen[bytes]", address: str
) -> None:
    started = time.perf_counter()
    shown = _wait(page, started, f"{address}/", b"<")
    ready = _wait(page, started, f"{address}/healthz", b'"ready"')
    assert 0.5 <= shown < ready < 30
    assert ready >= 1.5


def test_a_page_that_ends_is_not_waited_for(address: str) -> None:
    with subprocess.Popen([sys.executable, "-c", ""]) as process:
        process.wait()
        with pytest.raises(TimeoutError):
            _wait(process, time.perf_counter(), f"{address}/", b"<")
