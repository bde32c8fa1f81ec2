"""The door to the reader: does a window of a text answer a question, and which of its sentences does?

A cross-encoder of our own (training/README.md): the lower layers of the bundled embedder with a relevance
logit and the start and end of the answering span. One safetensors file holds weights, tokenizer and settings.
"""

import hashlib
import logging
import os
import threading
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol

from rag import texts
from rag.config import OFF, Config
from rag.embedding import native_bfloat16
from rag.errors import ModelUnavailable
from rag.network import load_network, padded, run_network
from rag.normalise import fold

logger = logging.getLogger(__name__)

WEIGHTS = Path(__file__).resolve().parent / "weights" / "reader.safetensors"
WEIGHTS_SHA256 = "9678527bb3fa4d11f2fb04446b4a098d71266ed64e853b817c2d667f67ceee94"
WINDOW = 180
"""Characters of a window: about 112 tokens; with question and headings nearly always under 160."""
TOKENS, QUESTION_TOKENS = 192, 64
MOST, FEWEST = 10, 6
"""Windows of one question: as many as the budget allows on this machine, within these bounds."""
BUDGET_SECONDS = 0.4
MOST_THREADS = 4
CONTEXT = 40


@dataclass(frozen=True, slots=True)
class Window:
    """What the reader sees of a passage: its headings and some neighbouring sentences, all folded."""

    context: str
    sentences: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Reading:
    """What the reader says of a window: a relevance logit, and per sentence the share of the answer's start and end."""

    relevance: float
    sentences: tuple[float, ...]


def context_of(title: str, path: Sequence[str]) -> str:
    """The folded name of a passage's place, short enough to leave room: title and innermost heading."""
    return fold(" ".join([title[:CONTEXT], *[heading[:CONTEXT] for heading in path[-1:]]]))


def window_around(sentences: Sequence[str], centre: int, size: int = WINDOW) -> tuple[int, int]:
    """First and last+1 of the sentences around one of them that together stay within `size` characters."""
    first, last, length = centre, centre + 1, len(sentences[centre])
    grown = True
    while grown:
        grown = False
        if last < len(sentences) and length + len(sentences[last]) <= size:
            length, last, grown = length + len(sentences[last]), last + 1, True
        if first > 0 and length + len(sentences[first - 1]) <= size:
            length, first, grown = length + len(sentences[first - 1]), first - 1, True
    return first, last


def encoded(tokenizer: Any, question: str, window: Window) -> tuple[list[int], list[int], list[tuple[int, int]], int]:
    """Token ids, their types (0 question, 1 window), offsets in the window's text, and where that text begins."""
    first = tokenizer.encode(question, add_special_tokens=False).ids[:QUESTION_TOKENS]
    second = tokenizer.encode(f"{window.context}\n{''.join(window.sentences)}", add_special_tokens=False)
    begin, end = tokenizer.token_to_id("<s>"), tokenizer.token_to_id("</s>")
    room = TOKENS - len(first) - 3
    ids = [begin, *first, end, *second.ids[:room], end]
    types = [0] * (len(first) + 2) + [1] * (len(ids) - len(first) - 2)
    offsets = [(0, 0)] * (len(first) + 2) + second.offsets[:room] + [(0, 0)]
    return ids, types, offsets, len(window.context) + 1


class Reader(Protocol):
    """What the judgement needs of a reader."""

    limit: int
    """Windows that it reads of one question."""

    def read(self, question: str, windows: Sequence[Window]) -> tuple[Reading, ...]:
        """What each window has to say to a folded question."""


class OwnReader:
    """The shipped weights, in the number type that this machine is quick with."""

    def __init__(self, path: Path = WEIGHTS, sha256: str = WEIGHTS_SHA256) -> None:
        """Raises ModelUnavailable if the file is absent or not the pinned one."""
        import torch

        _check(path, sha256)
        self._lock = threading.Lock()
        self._network, self._tokenizer = load_network(path)
        self._network.to(torch.bfloat16 if native_bfloat16() else torch.float32)
        self._padding = self._tokenizer.token_to_id("<pad>")
        self.limit = self._affordable()

    def read(self, question: str, windows: Sequence[Window]) -> tuple[Reading, ...]:
        """What each window has to say to a folded question; the shorter half in one batch, the longer in another."""
        import torch

        if not windows:
            return ()
        coded = [encoded(self._tokenizer, question, window) for window in windows]
        order = sorted(range(len(coded)), key=lambda i: len(coded[i][0]))
        readings: dict[int, Reading] = {}
        with self._lock, torch.inference_mode():
            torch.set_num_threads(_threads())
            for part in _halves(order):
                found = self._readings([coded[i] for i in part], [windows[i] for i in part])
                readings.update(zip(part, found, strict=True))
        return tuple(readings[i] for i in range(len(windows)))

    def _readings(self, coded: Sequence[Any], windows: Sequence[Window]) -> list[Reading]:
        relevance, span = run_network(self._network, padded([(ids, types) for ids, types, *_ in coded], self._padding))
        shares = span.softmax(-1).mean(1).tolist()
        return [
            Reading(float(relevance[i]), _by_sentence(shares[i], offsets, begin, windows[i]))
            for i, (_, _, offsets, begin) in enumerate(coded)
        ]

    def _affordable(self) -> int:
        """Windows that fit the budget here, by the quickest of three readings of four full windows."""
        window = Window("", ("融资担保公司应当按照国家规定的风险权重计量担保责任余额。" * 6,))
        self.read("担保责任余额怎么算", [window] * 4)
        seconds = []
        for _ in range(3):
            started = time.perf_counter()
            self.read("担保责任余额怎么算", [window] * 4)
            seconds.append((time.perf_counter() - started) / 4)
        limit = max(FEWEST, min(MOST, int(BUDGET_SECONDS / min(seconds))))
        logger.info(texts.LOG_READER, 1000 * min(seconds), limit)
        return limit


def configured_reader(config: Config) -> Reader | None:
    """The reader that the configuration names; None where it is switched off. Raises ModelUnavailable."""
    return None if config.reader == OFF else OwnReader()


def _check(path: Path, sha256: str) -> None:
    if not path.exists():
        raise ModelUnavailable(texts.READER_MISSING.format(path=path))
    digest = hashlib.sha256(path.read_bytes()).hexdigest()
    if digest != sha256:
        raise ModelUnavailable(texts.READER_CHECKSUM.format(path=path, expected=sha256[:12], found=digest[:12]))


def _by_sentence(
    shares: Sequence[float], offsets: Sequence[tuple[int, int]], begin: int, window: Window
) -> tuple[float, ...]:
    """The shares of the tokens of each sentence together."""
    found = [0.0] * len(window.sentences)
    ends, end = [], begin
    for sentence in window.sentences:
        end += len(sentence)
        ends.append(end)
    at = 0
    for share, (start, stop) in zip(shares, offsets, strict=False):
        if stop <= start or stop <= begin:
            continue
        while at < len(ends) - 1 and start >= ends[at]:
            at += 1
        found[at] += share
    return tuple(found)


def _threads() -> int:
    return max(1, min(MOST_THREADS, os.cpu_count() or 1))


def _halves(order: list[int]) -> list[list[int]]:
    """Shorter and longer ones apart, so that less of a batch is padding."""
    middle = len(order) // 2
    return [part for part in (order[:middle], order[middle:]) if part]
