"""Time of a warm answer as a ratio to embedding the same question alone, measured turn by turn in one run."""

import statistics
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TypeVar

import psutil

from rag import Config, build_rag
from rag.chain import Rag
from rag.embedding import ConfiguredModel, Embedder

WARM_UP = 20
Reply = TypeVar("Reply")


@dataclass(frozen=True, slots=True)
class Timings:
    """Milliseconds of each question: the embedding alone, retrieval, the whole answer; characters answered."""

    embed: tuple[float, ...]
    retrieve: tuple[float, ...]
    answer: tuple[float, ...]
    characters: tuple[int, ...]

    def figures(self) -> dict[str, float]:
        """p50 and p95 of every step, and whole answers and retrieval as ratios to the embedding's p50."""
        floor = statistics.median(self.embed)
        found = {"questions": float(len(self.embed))}
        for name, times in (("embed", self.embed), ("retrieve", self.retrieve), ("answer", self.answer)):
            found |= {f"{name}_p50": statistics.median(times), f"{name}_p95": percentile_95(times)}
            found |= {
                f"{name}_ratio_p50": found[f"{name}_p50"] / floor,
                f"{name}_ratio_p95": found[f"{name}_p95"] / floor,
            }
        return found | {"characters_p50": statistics.median(self.characters)}


def measure(config: Config, questions: Sequence[str]) -> dict[str, float]:
    """Ask every question once, warm; also the seconds until ready and the megabytes held after it all."""
    started = time.perf_counter()
    model = ConfiguredModel(config)
    rag = build_rag(config, model)
    ready = time.perf_counter() - started
    figures = time_answers(rag, model.load(), questions).figures()
    rag.close()
    return figures | {"ready_seconds": ready, "memory_megabytes": resident_megabytes()}


def time_answers(rag: Rag, embedder: Embedder, questions: Sequence[str]) -> Timings:
    """Embed each question alone right before and after retrieving and answering it, after a warm-up."""
    for question in questions[:WARM_UP]:
        rag.ask(question)
    embed, retrieve, answer, characters = [], [], [], []
    for question in questions:
        before, _ = timed(embedder.embed_query, question)
        retrieve.append(timed(rag.retrieve, question)[0])
        milliseconds, reply = timed(rag.ask, question)
        after, _ = timed(embedder.embed_query, question)
        answer.append(milliseconds)
        characters.append(len(reply.text))
        embed.append((before + after) / 2)
    return Timings(tuple(embed), tuple(retrieve), tuple(answer), tuple(characters))


def timed(function: Callable[[str], Reply], question: str) -> tuple[float, Reply]:
    """Milliseconds that a call takes, and what it returns."""
    started = time.perf_counter()
    reply = function(question)
    return (time.perf_counter() - started) * 1000, reply


def percentile_95(times: Sequence[float]) -> float:
    """The 95th percentile; of a single value, that value."""
    return statistics.quantiles(times, n=20, method="inclusive")[-1] if len(times) > 1 else times[0]


def resident_megabytes(process: int | None = None) -> float:
    """Resident megabytes of this process or another."""
    return float(psutil.Process(process).memory_info().rss) / 1e6
