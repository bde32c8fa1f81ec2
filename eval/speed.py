"""Time of a warm answer as a ratio to embedding the same question alone, measured turn by turn in one run."""

import statistics
import time
from collections.abc import Sequence
from dataclasses import dataclass

from rag import Config, build_rag
from rag.embedding import ConfiguredModel

WARM_UP = 20


@dataclass(frozen=True, slots=True)
class Speed:
    """Milliseconds and ratios of whole answers to the embedding alone."""

    questions: int
    embed_p50: float
    answer_p50: float
    answer_p95: float
    ratio_p50: float
    ratio_p95: float
    ready_seconds: float
    memory_megabytes: float


def measure(config: Config, questions: Sequence[str]) -> Speed:
    """Ask every question once, warm, embedding it alone right before and after it is answered."""
    started = time.perf_counter()
    model = ConfiguredModel(config)
    rag = build_rag(config, model)
    ready = time.perf_counter() - started
    embedder = model.load()
    for question in questions[:WARM_UP]:
        rag.ask(question)
    alone, whole = [], []
    for question in questions:
        before = _timed(embedder.embed_query, question)
        whole.append(_timed(rag.ask, question))
        alone.append((before + _timed(embedder.embed_query, question)) / 2)
    rag.close()
    floor = statistics.median(alone)
    return Speed(
        questions=len(questions),
        embed_p50=floor,
        answer_p50=statistics.median(whole),
        answer_p95=statistics.quantiles(whole, n=20)[-1],
        ratio_p50=statistics.median(whole) / floor,
        ratio_p95=statistics.quantiles(whole, n=20)[-1] / floor,
        ready_seconds=ready,
        memory_megabytes=_resident(),
    )


def _timed(function, argument: str) -> float:  # type: ignore[no-untyped-def]
    started = time.perf_counter()
    function(argument)
    return (time.perf_counter() - started) * 1000


def _resident() -> float:
    import psutil

    return float(psutil.Process().memory_info().rss) / 1e6
