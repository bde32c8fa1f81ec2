"""The embedded model's process: a tiny random model in the real engine; the real model where it is assembled."""

import http.client
import json
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import psutil
import pytest

from rag.assemble import EMBEDDED, assembled_model
from rag.config import Config
from rag.embedded import ENGINE, EmbeddedServer, threads
from rag.errors import LlmFailed, ModelUnavailable
from tests.conftest import ROOT
from tests.rag.tiny_model import write_tiny_model

SYSTEM = "你只根据所给的资料用中文回答，资料里没有的不说。"


class Clock:
    """Time that passes when it is told to; seconds."""

    def __init__(self) -> None:
        self.now = 1000.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture(scope="module")
def tiny(tmp_path_factory: pytest.TempPathFactory) -> Path:
    pytest.importorskip(ENGINE)
    return write_tiny_model(tmp_path_factory.mktemp("model") / "tiny.gguf")


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def server(tmp_path: Path, tiny: Path, clock: Clock) -> Iterator[EmbeddedServer]:
    running = EmbeddedServer(tmp_path / "cache", tiny, clock)
    yield running
    running.close()


def child() -> psutil.Process:
    """The one process of a model that this one has."""
    (found,) = [p for p in psutil.Process().children() if "rag.embedded" in p.cmdline()]
    return found


def ended(process: psutil.Process, seconds: float = 5.0) -> bool:
    """Whether the process is gone within the time, with all its threads: before that its parent does not see it."""
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        try:
            if process.status() == psutil.STATUS_ZOMBIE and process.num_threads() == 1:
                return True
        except psutil.NoSuchProcess:
            return True
        time.sleep(0.01)
    return False


def asked(url: str, path: str, body: dict[str, Any] | None = None, origin: str = "") -> tuple[int, dict[str, str], str]:
    """(status, headers, text) of a request below the base URL, or of a whole path that begins with //."""
    place = urlsplit(url)
    connection = http.client.HTTPConnection(place.netloc, timeout=60)
    whole = path[1:] if path.startswith("//") else place.path + path
    headers = {"Content-Type": "application/json"} | ({"Origin": origin} if origin else {})
    connection.request("POST" if body else "GET", whole, json.dumps(body) if body else None, headers)
    answer = connection.getresponse()
    text = answer.read().decode("utf-8", "replace")
    connection.close()
    return answer.status, dict(answer.getheaders()), text


def question(text: str, most: int = 4, **settings: object) -> dict[str, Any]:
    messages = [{"role": "system", "content": SYSTEM}, {"role": "user", "content": text}]
    return {"model": "embedded", "messages": messages, "max_tokens": most, "temperature": 0} | settings


class TestAbsent:
    def test_a_model_that_is_not_assembled(self, tmp_path: Path) -> None:
        with pytest.raises(ModelUnavailable, match="make llm"):
            EmbeddedServer(tmp_path)

    def test_threads_are_the_cores_and_four_at_most(self) -> None:
        assert 1 <= threads() <= 4


class TestServing:
    def test_it_answers_in_the_way_of_openai(self, server: EmbeddedServer, capfd: pytest.CaptureFixture[str]) -> None:
        url = server.start()
        assert url.startswith("http://127.0.0.1:")
        assert url.endswith("/v1")
        status, _, text = asked(url, "/chat/completions", question("县域存贷比是多少？"))
        assert status == 200
        assert json.loads(text)["usage"]["completion_tokens"] <= 4
        _, _, streamed = asked(url, "/chat/completions", question("县域存贷比是多少？", stream=True))
        assert streamed.count("data: ") > 2
        assert server.start() == url
        assert capfd.readouterr() == ("", "")

    def test_a_text_is_counted_in_tokens(self, server: EmbeddedServer) -> None:
        status, _, text = asked(server.start().removesuffix("/v1"), "/tokenize", {"content": "年假贷款"})
        assert status == 200
        assert len(json.loads(text)["tokens"]) == 5

    def test_what_was_read_before_is_not_read_again(self, server: EmbeddedServer) -> None:
        url = server.start()
        reused = []
        for text in ("甲问", "乙问"):
            usage = json.loads(asked(url, "/chat/completions", question(text))[2])["usage"]
            reused.append(usage["prompt_tokens_details"]["cached_tokens"])
        assert reused[0] == 0
        assert reused[1] >= len(SYSTEM.encode("utf-8"))

    def test_others_on_this_machine_are_kept_out(self, server: EmbeddedServer) -> None:
        url = server.start()
        assert asked(url, "//v1/models")[0] == 404
        assert asked(url, "//health")[0] == 404
        assert asked(url.removesuffix("/v1"), "/slots")[0] == 501
        _, headers, _ = asked(url, "/models", origin="http://example.org")
        assert not headers.get("Access-Control-Allow-Origin")

    def test_a_question_longer_than_the_window_is_refused_and_the_next_answered(self, server: EmbeddedServer) -> None:
        url = server.start()
        assert asked(url, "/chat/completions", question("长" * 5000))[0] == 400
        assert asked(url, "/chat/completions", question("短"))[0] == 200

    def test_many_at_once_start_it_once(self, server: EmbeddedServer) -> None:
        with ThreadPoolExecutor(4) as pool:
            assert len(set(pool.map(lambda _: server.start(), range(8)))) == 1
        assert child().is_running()


class TestDying:
    def test_the_next_question_starts_it_anew(self, server: EmbeddedServer, clock: Clock) -> None:
        first = server.start()
        process = child()
        process.kill()
        assert ended(process)
        clock.now += 60
        second = server.start()
        assert second != first
        assert asked(second, "/models")[0] == 200

    def test_but_not_more_than_once_a_minute(self, server: EmbeddedServer, clock: Clock) -> None:
        server.start()
        process = child()
        process.send_signal(signal.SIGSEGV)
        assert ended(process)
        clock.now += 20
        with pytest.raises(LlmFailed, match=r"约 40 秒后提问会重新启动") as failure:
            server.start()
        assert failure.value.kind == "embedded"

    def test_a_model_that_does_not_load(self, tmp_path: Path, tiny: Path) -> None:
        broken = tmp_path / "broken.gguf"
        broken.write_bytes(tiny.read_bytes()[:60_000])
        server = EmbeddedServer(tmp_path, broken)
        with pytest.raises(LlmFailed, match=r"没能启动（详情见 .*embedded.log）；请执行 make llm"):
            server.start()
        assert "corrupted or incomplete" in (tmp_path / "embedded.log").read_text(encoding="utf-8")

    def test_a_model_that_takes_too_long_is_ended(self, tmp_path: Path, tiny: Path) -> None:
        server = EmbeddedServer(tmp_path, tiny, load_seconds=0.0)
        with pytest.raises(LlmFailed, match="在 0 秒内没有加载完"):
            server.start()
        assert not [p for p in psutil.Process().children() if "rag.embedded" in p.cmdline()]

    def test_closing_ends_it(self, server: EmbeddedServer) -> None:
        server.start()
        process = child()
        server.close()
        assert ended(process)
        server.close()

    def test_it_ends_with_a_parent_that_is_killed(self, tmp_path: Path, tiny: Path) -> None:
        code = f"""
import time
from pathlib import Path
from rag.embedded import EmbeddedServer
server = EmbeddedServer(Path({str(tmp_path)!r}), Path({str(tiny)!r}))
print(server.start(), flush=True)
time.sleep(60)
"""
        with subprocess.Popen([sys.executable, "-c", code], cwd=ROOT, stdout=subprocess.PIPE) as parent:
            assert parent.stdout is not None
            assert parent.stdout.readline()
            (process,) = psutil.Process(parent.pid).children()
            parent.kill()
        assert ended(process)


@pytest.fixture(scope="module")
def real(tmp_path_factory: pytest.TempPathFactory) -> Iterator[EmbeddedServer]:
    pytest.importorskip(ENGINE)
    try:
        model = assembled_model(Config().cache_dir, EMBEDDED)
    except ModelUnavailable as error:
        pytest.skip(str(error))
    running = EmbeddedServer(tmp_path_factory.mktemp("cache"), model)
    yield running
    running.close()


@pytest.mark.slow
class TestTheRealModel:
    def test_it_speaks_chinese_from_what_it_is_given(self, real: EmbeddedServer) -> None:
        text = "资料：截至2024年底，我国县域存贷比为62%。问题：2024年底县域存贷比是多少？"
        status, _, answer = asked(real.start(), "/chat/completions", question(text, most=40))
        assert status == 200
        assert "62%" in json.loads(answer)["choices"][0]["message"]["content"]

    def test_a_question_that_is_given_up_is_let_go(self, real: EmbeddedServer) -> None:
        """Given up while a long prompt is read: the next, short one does not wait for it."""
        place = urlsplit(real.start())
        connection = http.client.HTTPConnection(place.netloc, timeout=60)
        body = json.dumps(question("农村信用体系建设的主要内容包括哪些方面？" * 150, most=400, stream=True))
        connection.request("POST", f"{place.path}/chat/completions", body, {"Content-Type": "application/json"})
        time.sleep(1.0)
        connection.close()
        began = time.monotonic()
        assert asked(real.start(), "/chat/completions", question("好", most=1))[0] == 200
        assert time.monotonic() - began < 8.0
