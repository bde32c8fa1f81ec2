"""The same cases with and without the language model in one run: right answers, loose figures, verdicts, times."""

import datetime
import json
import statistics
import time
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from eval import texts
from eval.cases import Case
from eval.metrics import bootstrap
from eval.score import Score, score, unsupported
from eval.systems import Response, Retrieved
from rag import Config, build_rag
from rag.chain import Rag
from rag.errors import ConfigError
from rag.types import Answer, Filters, Turn


@dataclass(frozen=True, slots=True)
class Pair:
    """One case answered by quotes alone and with a model's words; seconds until each stage was on screen."""

    case: Case
    quoted: Answer
    written: Answer
    evidence: float
    first: float | None
    whole: float

    @property
    def wrote(self) -> bool:
        """Whether the model's words passed the checks."""
        return self.written.mode == "generated"


def ask_both(config: Config, cases: Sequence[Case], progress: Callable[[str, int, int], None]) -> list[Pair]:
    """Every case that a model is asked to write for; refusals and look-ups are left out.

    Raises ConfigError where no language model is configured.
    """
    if not config.llm:
        raise ConfigError(texts.GENERATED_NO_LLM)
    pairs = []
    with closing(build_rag(config)) as rag:
        for number, case in enumerate(cases, 1):
            pair = asked(rag, case)
            if pair is not None:
                pairs.append(pair)
            progress(texts.GENERATED_ASKING, number, len(cases))
    return pairs


def asked(rag: Rag, case: Case) -> Pair | None:
    """One case, after its earlier turns as the quotes answer them; None where no model is asked to write."""
    filters = Filters(sources=case.context)
    turns: list[Turn] = []
    for question in case.turns:
        first = next(iter(rag.stream(question, turns, filters=filters)))
        turns.append(Turn(question, replace(first, mode="extractive", done=True)))
    started = time.perf_counter()
    quoted: Answer | None = None
    evidence, first_word = 0.0, None
    for answer in rag.stream(case.question, turns, filters=filters):
        seconds = time.perf_counter() - started
        if quoted is None:
            quoted, evidence = answer, seconds
        if answer.draft and first_word is None:
            first_word = seconds
    if quoted is None or quoted.mode != "generated":
        return None
    plain = replace(quoted, mode="extractive", done=True)
    return Pair(case, plain, answer, evidence, first_word, time.perf_counter() - started)


def figures(pairs: Sequence[Pair]) -> dict[str, Any]:
    """Rates with 95% intervals, verdicts of the written sentences, and the times' medians and 95th percentiles."""
    scores = [(_score(pair, pair.quoted), _score(pair, pair.written)) for pair in pairs]
    checkable = [(one, two) for one, two in scores if "right" in one.measures and "right" in two.measures]
    verdicts = Counter(s.verdict for pair in pairs for s in pair.written.sentences if s.written)
    found: dict[str, Any] = {
        "asked": len(pairs),
        "written": sum(pair.wrote for pair in pairs),
        "verdicts": dict(verdicts),
        "unsupported": _rate([float(bool(unsupported(pair.written))) for pair in pairs]),
        "right_quoted": _rate([one.measures["right"] for one, _ in checkable]),
        "right_written": _rate([two.measures["right"] for _, two in checkable]),
    }
    for name in ("evidence", "first", "whole"):
        times = [seconds for pair in pairs if (seconds := getattr(pair, name)) is not None]
        if times:
            found[f"{name}_p50"] = round(statistics.median(times), 2)
            found[f"{name}_max"] = round(max(times), 2)
    return found


def _score(pair: Pair, answer: Answer) -> Score:
    passages = tuple(Retrieved(p.chunk.source, p.chunk.text) for p in answer.passages)
    return score(pair.case, Response(passages, answer.evidence, 0.0, answer))


def _rate(values: Sequence[float]) -> Mapping[str, float]:
    if not values:
        return {"n": 0}
    rate = bootstrap(values)
    return {"n": rate.n, "rate": round(rate.mean, 3), "low": round(rate.low, 3), "high": round(rate.high, 3)}


def write_pairs(pairs: Sequence[Pair], llm: str, folder: Path) -> Path:
    """Keep figures and answers as JSON; the path."""
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / f"generated-{datetime.datetime.now(datetime.UTC):%Y%m%dT%H%M%S}.json"
    kept = {"llm": llm, "figures": figures(pairs), "answers": as_rows(pairs)}
    path.write_text(json.dumps(kept, ensure_ascii=False, indent=1), encoding="utf-8")
    return path


def as_rows(pairs: Sequence[Pair]) -> list[dict[str, Any]]:
    """What was said, for reading: the question, the quotes, the model's sentences with verdicts, the notices."""
    return [
        {
            "id": pair.case.id,
            "kind": pair.case.kind,
            "question": pair.case.question,
            "quoted": [sentence.lead + sentence.text for sentence in pair.quoted.sentences],
            "written": [[s.text, s.verdict, s.formula] for s in pair.written.sentences if s.written],
            "notices": list(pair.written.notices),
            "right": [s.measures.get("right") for s in (_score(pair, pair.quoted), _score(pair, pair.written))],
            "seconds": [round(pair.evidence, 2), pair.first and round(pair.first, 2), round(pair.whole, 2)],
        }
        for pair in pairs
    ]
