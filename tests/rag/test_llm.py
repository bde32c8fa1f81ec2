"""The door to language models, against a server on loopback that plays every misfortune."""

import gc
import itertools
import logging
import resource
import subprocess
import sys
import threading
import time
import traceback
from collections.abc import Callable, Iterator

import pytest

from rag.config import Config
from rag.errors import LlmFailed, ModelUnavailable
from rag.llm import Llm, configured_llm, limits_of
from rag.llm_response import AnswerText, explained, masked
from rag.llm_texts import LLM_FAILURES
from rag.patience import Breaker, Limits
from tests.conftest import ROOT
from tests.faulty_llm import MODES, NOT_FOUND, REFUSED, TEXT, FaultyLlm

KEY = "sk-canary-0123456789"
QUICK = Limits(first=1.0, gap=0.3, total=2.0, characters=300, received=300_000, pauses=(0.01, 0.02))
QUESTION = [("system", "你是助手。"), ("user", "县域存贷比是多少？"), ("assistant", "好。"), ("user", "请回答。")]
Door = Callable[..., Llm]


@pytest.fixture(scope="module")
def server() -> Iterator[FaultyLlm]:
    with FaultyLlm() as running:
        yield running


@pytest.fixture
def door(server: FaultyLlm) -> Iterator[Door]:
    """A model that plays a misfortune; every connection must be gone when the test ends."""
    opened: list[Llm] = []

    def open_door(mode: str, limits: Limits = QUICK, **settings: str) -> Llm:
        provider, where = settings.pop("provider", "openai"), settings.pop("base_url", "")
        base_url = where or (server.url if provider == "openai" else server.host)
        config = Config(llm=f"{provider}:{mode}", llm_base_url=base_url, llm_api_key=KEY, **settings)  # type: ignore[arg-type]
        opened.append(Llm(config, limits))
        return opened[-1]

    yield open_door
    wait_until(lambda: not server.open, 2)
    for llm in opened:
        wait_until(lambda llm=llm: not llm.open, 2)  # type: ignore[misc]
        llm.close()


def wait_until(true: Callable[[], bool], seconds: float) -> None:
    end = time.monotonic() + seconds
    while not true():
        assert time.monotonic() < end, "it took too long"
        time.sleep(0.005)


def failing(llm: Llm) -> tuple[LlmFailed, str]:
    """The failure, and what had been written before it."""
    pieces: list[str] = []
    with pytest.raises(LlmFailed) as caught:
        pieces.extend(llm.write(QUESTION))
    return caught.value, "".join(pieces)


class TestObedient:
    def test_an_answer_comes_in_pieces(self, server: FaultyLlm, door: Door) -> None:
        llm = door("obedient", llm_extra='{"thinking": {"type": "disabled"}}')
        pieces = [piece for piece in llm.write(QUESTION) if piece]
        assert "".join(pieces) == TEXT
        assert len(pieces) > 3
        asked = server.asked[-1]
        assert asked.path == "/v1/chat/completions"
        assert asked.headers["authorization"] == f"Bearer {KEY}"
        assert [(m["role"], m["content"]) for m in asked.body["messages"]] == QUESTION
        assert asked.body["stream"] is True
        assert asked.body["temperature"] == 0
        assert asked.body["thinking"] == {"type": "disabled"}
        assert llm.name == "obedient"

    def test_ollama_by_its_own_interface(self, server: FaultyLlm, door: Door) -> None:
        assert "".join(door("obedient", provider="ollama").write(QUESTION)) == TEXT
        asked = server.asked[-1]
        assert asked.path == "/api/chat"
        assert asked.body["think"] is False
        assert asked.headers["authorization"] == f"Bearer {KEY}"
        assert [(m["role"], m["content"]) for m in asked.body["messages"]] == QUESTION

    def test_nothing_is_asked_before_the_first_next(self, server: FaultyLlm, door: Door) -> None:
        before = len(server.asked)
        writing = door("obedient").write(QUESTION)
        time.sleep(0.05)
        assert len(server.asked) == before
        writing.close()
        assert list(writing) == []

    def test_two_at_once(self, server: FaultyLlm, door: Door) -> None:
        llm = door("obedient")
        both = [llm.write(QUESTION), llm.write(QUESTION)]
        said = [piece for pair in itertools.zip_longest(*both, fillvalue="") for piece in pair]
        assert "".join(said[::2]) == "".join(said[1::2]) == TEXT

    def test_usable_again_after_close(self, door: Door) -> None:
        llm = door("obedient")
        for _ in range(2):
            assert "".join(llm.write(QUESTION)) == TEXT
            llm.close()

    def test_no_model_where_none_is_configured(self) -> None:
        assert configured_llm(Config()) is None

    def test_a_missing_package_says_how_to_install_it(self) -> None:
        code = (
            "import sys; sys.modules['langchain_openai'] = None\n"
            "from rag.config import Config; from rag.errors import ModelUnavailable\n"
            "from rag.llm import configured_llm\n"
            "try: configured_llm(Config(llm='openai:m', llm_base_url='http://127.0.0.1:9/v1'))\n"
            "except ModelUnavailable as error: print(error)"
        )
        done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True)
        assert "pip install -r requirements-llm.txt" in done.stdout

    def test_the_embedded_model_is_asked_for_only_where_it_is_configured(self) -> None:
        code = "import sys, rag.llm; print('rag.embedded' in sys.modules, 'langchain' in sys.modules)"
        done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True)
        assert done.stdout.split() == ["False", "False"]


FAILURES = {  # mode: (kind, requests)
    "slow_first": ("slow_first", 1),
    "silent_after_head": ("slow_first", 1),
    "stall": ("stalled", 1),
    "reset": ("reset", 1),
    "cut_off": ("interrupted", 1),
    "html": ("html", 1),
    "broken_json": ("broken_json", 1),
    "odd_json": ("broken_json", 1),
    "empty_choices": ("empty", 1),
    "empty": ("empty", 1),
    "reasoning_only": ("reasoning_only", 1),
    "thinking_unopened": ("thinking", 1),
    "not_utf8": ("not_utf8", 1),
    "endless": ("too_long", 1),
    "endless_line": ("too_long", 1),
    "content_filter": ("filtered", 1),
    "length": ("length", 1),
    "error_in_stream": ("server_error", 3),
    "error_500": ("server_error", 3),
    "limited": ("limited", 3),
    "limited_for_long": ("limited", 1),
    "redirect": ("redirected", 1),
    "compressed": ("broken_json", 1),
    "unauthorized": ("unauthorized", 1),
    "unpaid": ("unpaid", 1),
    "forbidden": ("forbidden", 1),
    "not_found": ("not_found", 1),
    "rejected": ("rejected", 1),
}
WELL = {"obedient", "thinking", "error_once", "limited_with_retry_after"}


class TestMisfortunes:
    def test_every_one_is_tested(self) -> None:
        assert set(MODES) == set(FAILURES) | WELL

    @pytest.mark.parametrize("mode", sorted(FAILURES))
    def test_ends_in_its_sentence_and_leaves_no_connection(self, mode: str, server: FaultyLlm, door: Door) -> None:
        kind, requests = FAILURES[mode]
        llm, before, started = door(mode), len(server.asked), time.monotonic()
        failed, said = failing(llm)
        assert failed.kind == kind
        assert str(failed) == LLM_FAILURES[kind].format(status=400, seconds=1)
        assert len(server.asked) - before == requests
        assert time.monotonic() - started < 1.5
        assert KEY not in f"{failed} {failed.detail} {said}"
        wait_until(lambda: not server.open, 2)

    @pytest.mark.parametrize(
        ("mode", "kind"),
        [
            *(
                ("stall", "stalled"),
                ("endless", "too_long"),
                ("length", "length"),
                ("reasoning_only", "reasoning_only"),
            ),
            *(("error_in_stream", "server_error"), ("unauthorized", "unauthorized"), ("html", "html")),
            *(("broken_json", "broken_json"), ("redirect", "redirected"), ("cut_off", "interrupted")),
        ],
    )
    def test_through_ollama_too(self, mode: str, kind: str, door: Door) -> None:
        assert failing(door(mode, provider="ollama"))[0].kind == kind

    @pytest.mark.parametrize(("base_url", "kind"), [(REFUSED, "refused"), (NOT_FOUND, "dns")])
    @pytest.mark.parametrize("provider", ["openai", "ollama"])
    def test_nobody_there(self, base_url: str, kind: str, provider: str, door: Door) -> None:
        started = time.monotonic()
        llm = door("m", base_url=base_url.removesuffix("/v1") if provider == "ollama" else base_url, provider=provider)
        assert failing(llm)[0].kind == kind
        assert time.monotonic() - started < 3

    def test_the_usual_pauses_end_within_three_seconds(self, door: Door) -> None:
        llm = door("error_500", Limits())
        started = time.monotonic()
        assert failing(llm)[0].kind == "server_error"
        assert 0.5 < time.monotonic() - started < 3

    def test_a_redirect_is_not_followed(self, server: FaultyLlm, door: Door) -> None:
        failing(door("redirect"))
        assert server.asked[-1].mode == "redirect"

    def test_an_error_that_passes_is_not_noticed(self, server: FaultyLlm, door: Door) -> None:
        assert "".join(door("error_once").write(QUESTION)) == TEXT
        assert sum(asked.mode == "error_once" for asked in server.asked) == 2

    def test_a_short_retry_after_is_kept_to(self, server: FaultyLlm, door: Door) -> None:
        started = time.monotonic()
        llm = door("limited_with_retry_after", Limits(first=3.0))
        assert "".join(llm.write(QUESTION)) == TEXT
        assert time.monotonic() - started >= 1

    def test_no_retry_that_would_come_too_late(self, server: FaultyLlm, door: Door) -> None:
        with FaultyLlm() as fresh:
            llm = door("limited_with_retry_after", Limits(first=0.9), base_url=fresh.url)
            started = time.monotonic()
            assert failing(llm)[0].kind == "limited"
            assert time.monotonic() - started < 0.8
            assert len(fresh.asked) == 1

    def test_what_was_written_before_a_failure_was_handed_on(self, door: Door) -> None:
        assert failing(door("stall"))[1] == TEXT[:8]

    def test_slow_pieces_may_not_take_for_ever(self, door: Door) -> None:
        with FaultyLlm(answer=TEXT * 20, pause=0.1) as slow:
            started = time.monotonic()
            llm = door("obedient", Limits(first=1, gap=1, total=0.5), base_url=slow.url)
            assert failing(llm)[0].kind == "too_long"
            assert time.monotonic() - started < 1

    def test_memory_stays_flat(self, server: FaultyLlm, door: Door) -> None:
        llm = door("endless_line", Limits())
        before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
        assert failing(llm)[0].kind == "too_long"
        grown = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before  # kilobytes; the server is in here too
        assert grown < 60_000
        wait_until(lambda: not server.open, 2)


class TestThinking:
    @pytest.mark.parametrize("provider", ["openai", "ollama"])
    def test_is_never_answer(self, provider: str, door: Door) -> None:
        assert "".join(door("thinking", provider=provider).write(QUESTION)) == TEXT

    @pytest.mark.parametrize("size", [1, 2, 3, 5, 7, 100])
    def test_marks_may_be_cut_anywhere(self, size: int) -> None:
        whole = "<think>甲<b></thin</think>\n\n答：1 < 2，<没有>。<think>乙</think>完 <"
        assert fed(whole, size) == "答：1 < 2，<没有>。完 <"

    def test_that_never_ends(self) -> None:
        with pytest.raises(LlmFailed) as caught:
            fed("<think>一直想", 2)
        assert caught.value.kind == "reasoning_only"


class Chunk:
    """The parts of a LangChain message chunk that are read."""

    def __init__(self, text: str, reason: str = "") -> None:
        self.text = text
        self.response_metadata = {"finish_reason": reason} if reason else {}
        self.additional_kwargs: dict[str, str] = {}


def fed(whole: str, size: int) -> str:
    text = AnswerText(Limits())
    said = "".join(text.add(Chunk(whole[at : at + size])) for at in range(0, len(whole), size))
    said += text.add(Chunk("", "stop"))
    return said + text.end()


class TestStopping:
    @pytest.mark.parametrize("mode", ["slow_first", "stall", "endless"])
    @pytest.mark.parametrize("provider", ["openai", "ollama"])
    def test_close_cancels_upstream(self, mode: str, provider: str, server: FaultyLlm, door: Door) -> None:
        writing = door(mode, Limits(gap=60), provider=provider).write(QUESTION)
        next(writing)
        wait_until(lambda: server.open == 1 or mode == "endless", 2)
        writing.close()
        wait_until(lambda: server.open == 0, 2)
        assert list(writing) == []

    def test_garbage_is_closed(self, server: FaultyLlm, door: Door) -> None:
        llm = door("stall", Limits(gap=60))
        writing = llm.write(QUESTION)
        assert next(writing)
        wait_until(lambda: server.open == 1, 2)
        del writing
        gc.collect()
        wait_until(lambda: server.open == 0, 2)

    def test_whoever_waits_for_a_silent_model_has_the_word_every_half_second(
        self, server: FaultyLlm, door: Door
    ) -> None:
        def pieces() -> Iterator[str]:
            yield from door("slow_first", Limits()).write(QUESTION)

        outer = pieces()
        started = time.monotonic()
        assert next(outer) == ""
        assert time.monotonic() - started < 1
        outer.close()  # type: ignore[attr-defined]
        wait_until(lambda: server.open == 0, 2)

    def test_another_thread_may_close(self, server: FaultyLlm, door: Door) -> None:
        writing = door("slow_first", Limits()).write(QUESTION)
        said: list[str] = []
        reading = threading.Thread(target=lambda: said.extend(writing))
        reading.start()
        wait_until(lambda: server.open == 1, 2)
        writing.close()
        reading.join(2)
        assert not reading.is_alive()
        assert "".join(said) == ""
        wait_until(lambda: server.open == 0, 2)

    def test_closing_the_model_ends_its_requests(self, server: FaultyLlm, door: Door) -> None:
        llm = door("stall", Limits(gap=60))
        writing = llm.write(QUESTION)
        assert next(writing)
        llm.close()
        wait_until(lambda: server.open == 0, 2)
        assert "".join(writing) in {"", TEXT[4:8]}

    def test_threads_do_not_grow(self, door: Door) -> None:
        llm = door("obedient")
        counts = []
        for _ in range(20):
            assert "".join(llm.write(QUESTION)) == TEXT
            counts.append(threading.active_count())
        assert counts[-1] <= counts[5] + 2


class TestBreaker:
    def test_five_failures_then_none_is_asked_for_a_while(self, server: FaultyLlm, door: Door) -> None:
        now = [0.0]
        config = Config(llm="openai:unauthorized", llm_base_url=server.url)
        llm = Llm(config, QUICK, Breaker(clock=lambda: now[0]))
        before = len(server.asked)
        kinds = [failing(llm)[0].kind for _ in range(7)]
        assert kinds == ["unauthorized"] * 5 + ["paused"] * 2
        assert len(server.asked) - before == 5
        now[0] = 31
        assert [failing(llm)[0].kind for _ in range(2)] == ["unauthorized", "paused"]
        llm.close()

    @pytest.mark.parametrize("mode", ["content_filter", "length", "rejected"])
    def test_one_answers_fault_is_not_the_servers(self, mode: str, server: FaultyLlm, door: Door) -> None:
        llm = door(mode)
        assert "paused" not in {failing(llm)[0].kind for _ in range(7)}

    def test_a_question_given_up_is_no_failure(self, server: FaultyLlm, door: Door) -> None:
        llm = door("stall", Limits(gap=60))
        for _ in range(7):
            writing = llm.write(QUESTION)
            assert next(writing)
            writing.close()


class TestTokens:
    def test_by_the_servers_own_tokenizer(self, door: Door) -> None:
        with FaultyLlm(tokenizer=True) as llama:
            llm = door("m", base_url=llama.url)
            assert llm.count_tokens("县域金融") == 8
            assert llama.asked[-1].path == "/tokenize"
            assert llama.asked[-1].body == {"content": "县域金融"}

    def test_one_a_character_elsewhere_and_asked_once(self, server: FaultyLlm, door: Door) -> None:
        llm, before = door("m"), len(server.asked)
        assert [llm.count_tokens("县域金融") for _ in range(3)] == [4, 4, 4]
        assert len(server.asked) - before == 1

    @pytest.mark.parametrize("provider", ["openai", "ollama"])
    def test_where_nobody_is(self, provider: str, door: Door) -> None:
        llm = door("m", base_url="http://127.0.0.1:9", provider=provider)
        assert [llm.count_tokens("县域金融") for _ in range(3)] == [4, 4, 4]


class TestKeys:
    @pytest.mark.parametrize("mode", ["unauthorized", "error_500", "broken_json", "obedient", "error_in_stream"])
    @pytest.mark.parametrize("provider", ["openai", "ollama"])
    def test_appear_nowhere(
        self, mode: str, provider: str, door: Door, caplog: pytest.LogCaptureFixture, capfd: pytest.CaptureFixture[str]
    ) -> None:
        caplog.set_level(logging.DEBUG)
        llm = door(mode, provider=provider)
        written = [repr(llm), repr(llm._client), repr(vars(llm)), repr(llm._config)]
        try:
            written.extend(llm.write(QUESTION))
        except LlmFailed as failed:
            written += [str(failed), repr(failed), failed.detail, *traceback.format_exception(failed)]
        llm.count_tokens("县域")
        written += [caplog.text, *capfd.readouterr()]
        assert KEY not in "".join(written)

    def test_what_a_server_says_is_one_short_line_without_keys(self) -> None:
        said = masked(f"bad\x1b[2J key\n{KEY} or Bearer abcdefgh.ijk or SK-ABCDEF123 " + "x" * 500, KEY)
        assert said.startswith("bad [2J key *** or *** or *** xxx")
        assert len(said) == 200


class TestExplained:
    def test_an_unknown_error_is_an_unreadable_answer(self) -> None:
        assert explained(ValueError("x")).kind == "broken_json"

    def test_the_first_cause_counts(self) -> None:
        error = ConnectionError("outside")
        error.__cause__ = ExceptionGroup("both", [ConnectionRefusedError(), OSError()])
        assert explained(error).kind == "refused"


def test_the_embedded_model_may_write_less() -> None:
    assert limits_of(Config(llm="embedded", llm_timeout=5.0)).characters < Limits().characters
    assert limits_of(Config(llm="openai:x", llm_timeout=5.0)) == Limits(first=5.0)


def test_the_embedded_model_that_is_not_there() -> None:
    with pytest.raises(ModelUnavailable, match="make llm"):
        Llm(Config(llm="embedded", cache_dir=ROOT / "no-such-folder"))
