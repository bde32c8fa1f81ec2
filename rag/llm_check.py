"""The test of a connection to a language model: reached, Chinese, in pieces, stops when told to, how fast."""

import re
import time
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass

from rag import llm_texts, prompts
from rag.errors import LlmFailed
from rag.llm import Llm

CHINESE, WORD = re.compile("[\u4e00-\u9fff]"), re.compile(r"\w")
ENOUGH_CHINESE = 0.5
"""Of the letters and digits of an answer."""
SECONDS_TO_STOP = 2.0
SECONDS_OF_WRITING = 3.0
SHOWN = 60
BUSY_TIMES, BUSY_SECONDS = 2.0, 1.0
"""A first piece this much later than the first time says that the server still works for nobody."""


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing tested: what, whether it is as it should be (None: could not be tried), what was seen or what to do."""

    what: str
    passed: bool | None
    detail: str


@dataclass(frozen=True, slots=True)
class _Heard:
    """A text and when its pieces came, in seconds after it was asked for."""

    pieces: tuple[str, ...]
    times: tuple[float, ...]

    @property
    def text(self) -> str:
        return "".join(self.pieces)


def check(llm: Llm) -> Iterator[Finding]:
    """Ask three times and say what was found; ends early where there is no connection."""
    try:
        heard = _ask(llm, prompts.CHECK_SENTENCE)
    except LlmFailed as failed:
        yield _failed(llm_texts.CHECK_REACHED, failed)
        return
    yield Finding(llm_texts.CHECK_REACHED, True, llm_texts.CHECK_SAID.format(said=_short(heard.text)))
    share = len(CHINESE.findall(heard.text)) / max(1, len(WORD.findall(heard.text)))
    told = llm_texts.CHECK_CHINESE_SHARE if share >= ENOUGH_CHINESE else llm_texts.CHECK_NOT_CHINESE
    yield Finding(llm_texts.CHECK_CHINESE, share >= ENOUGH_CHINESE, told.format(share=share))
    many = len(heard.pieces) > 1
    told = llm_texts.CHECK_PIECES.format(count=len(heard.pieces)) if many else llm_texts.CHECK_NOT_STREAMED
    yield Finding(llm_texts.CHECK_STREAMED, many, told)
    yield Finding(llm_texts.CHECK_FIRST, True, llm_texts.CHECK_SECONDS.format(seconds=heard.times[0]))
    yield from _stopping(llm, heard)


def _stopping(llm: Llm, heard: _Heard) -> Iterator[Finding]:
    """Stop a long answer, look whether the connection goes, ask again."""
    try:
        long, whole, seconds = _ask_and_stop(llm)
    except LlmFailed as failed:
        yield _failed(llm_texts.CHECK_STOPPED, failed)
        return
    yield _speed(llm, heard, long)
    if whole:
        yield Finding(llm_texts.CHECK_STOPPED, None, llm_texts.CHECK_TOO_SHORT)
        return
    gone = seconds <= SECONDS_TO_STOP
    told = llm_texts.CHECK_GONE if gone else llm_texts.CHECK_NOT_GONE
    yield Finding(llm_texts.CHECK_STOPPED, gone, told.format(seconds=seconds))
    try:
        again = _ask(llm, prompts.CHECK_SENTENCE).times[0]
    except LlmFailed as failed:
        yield _failed(llm_texts.CHECK_FREE, failed)
        return
    free = again <= BUSY_TIMES * heard.times[0] + BUSY_SECONDS
    told = llm_texts.CHECK_FREE_AGAIN if free else llm_texts.CHECK_STILL_BUSY
    yield Finding(llm_texts.CHECK_FREE, free, told.format(seconds=again))


def _speed(llm: Llm, *heard: _Heard) -> Finding:
    """Tokens after the first piece by the time that they took."""
    tokens = sum(llm.count_tokens("".join(one.pieces[1:])) for one in heard)
    seconds = sum(one.times[-1] - one.times[0] for one in heard)
    speed = tokens / max(seconds, 0.001)
    return Finding(llm_texts.CHECK_SPEED, True, llm_texts.CHECK_TOKENS.format(speed=speed))


def _ask(llm: Llm, question: str) -> _Heard:
    with closing(llm.write([("user", question)])) as pieces:
        return _heard(pieces, float("inf"))


def _ask_and_stop(llm: Llm) -> tuple[_Heard, bool, float]:
    """The beginning of a long answer, whether it was the whole, the seconds until the connection was gone."""
    with closing(llm.write([("user", prompts.CHECK_LONG)])) as pieces:
        heard = _heard(pieces, SECONDS_OF_WRITING)
        whole = not llm.open
    stopped = time.monotonic()
    while llm.open and time.monotonic() - stopped <= SECONDS_TO_STOP:
        time.sleep(0.01)
    return heard, whole, time.monotonic() - stopped


def _heard(pieces: Iterator[str], seconds: float) -> _Heard:
    """What comes, until so many seconds after the first piece."""
    asked = time.monotonic()
    got: list[tuple[str, float]] = []
    for piece in pieces:
        now = time.monotonic() - asked
        if piece:
            got.append((piece, now))
        if len(got) > 1 and now - got[0][1] > seconds:
            break
    return _Heard(tuple(piece for piece, _ in got), tuple(at for _, at in got))


def _failed(what: str, failed: LlmFailed) -> Finding:
    said = llm_texts.CHECK_SERVER_SAID.format(detail=failed.detail) if failed.detail else ""
    return Finding(what, False, "\n".join(filter(None, (str(failed), said))))


def _short(text: str) -> str:
    line = " ".join(text.split())
    return line if len(line) <= SHOWN else line[:SHOWN] + "…"
