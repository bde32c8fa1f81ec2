"""Scores of many cases -> rates with intervals, by split and by kind, refusal, risk against coverage, latency."""

import math
import statistics
from collections.abc import Sequence
from dataclasses import asdict
from typing import TYPE_CHECKING, Any

from eval.metrics import area_under_risk, bootstrap, refusals, risk_coverage, separation
from eval.speed import percentile_95

if TYPE_CHECKING:
    from eval.run import Asked

ALL = "all"
UNANSWERABLE = ("near_domain", "out_of_domain")
READ = "near_domain_read"
"""Near-domain questions told apart by the reader's relevance alone."""


def summarise(asked: Sequence["Asked"]) -> dict[str, Any]:
    """Figures of one system: `rates[split][kind][measure]`, refusal, separation, risk and latency by split."""
    splits = list(dict.fromkeys(a.split for a in asked))
    members = {split: [a for a in asked if a.split == split] for split in splits}
    return {
        "rates": {split: _by_kind(rows) for split, rows in members.items()},
        "refusal": {split: _refusal(rows) for split, rows in members.items()},
        "separation": {split: _separation(rows) for split, rows in members.items()},
        "risk": {split: _risk(rows) for split, rows in members.items()},
        "latency": _latency([a.response.milliseconds for a in asked]),
    }


def _by_kind(asked: Sequence["Asked"]) -> dict[str, dict[str, Any]]:
    kinds = list(dict.fromkeys(a.score.case.kind for a in asked))
    found = {ALL: _rates(asked)}
    return found | {kind: _rates([a for a in asked if a.score.case.kind == kind]) for kind in kinds}


def _rates(asked: Sequence["Asked"]) -> dict[str, Any]:
    names = list(dict.fromkeys(name for a in asked for name in a.score.measures))
    return {
        name: asdict(bootstrap([a.score.measures[name] for a in asked if name in a.score.measures])) for name in names
    }


def _refusal(asked: Sequence["Asked"]) -> dict[str, float]:
    rows = [(a.score.case.answerable, not a.response.answer.found) for a in asked if a.response.answer is not None]
    return asdict(refusals(rows)) if rows else {}


def _separation(asked: Sequence["Asked"]) -> dict[str, float]:
    """AUC of the confidence: answerable questions against each kind of unanswerable ones."""
    answerable = [a.response.confidence for a in asked if a.score.case.answerable]
    found = {
        kind: separation(answerable, [a.response.confidence for a in asked if a.score.case.kind == kind])
        for kind in UNANSWERABLE
    }
    found[READ] = separation(
        _readings([a for a in asked if a.score.case.answerable]),
        _readings([a for a in asked if a.score.case.kind == "near_domain"]),
    )
    return {kind: value for kind, value in found.items() if not math.isnan(value)}


def _readings(asked: Sequence["Asked"]) -> list[float]:
    """The reader's best relevance of each question of which it read a passage."""
    best = []
    for reply in asked:
        passages = reply.response.answer.passages if reply.response.answer else ()
        best.append(max((p.trace.reader for p in passages if p.trace.reader is not None), default=math.nan))
    return [relevance for relevance in best if not math.isnan(relevance)]


def _risk(asked: Sequence["Asked"]) -> dict[str, Any]:
    """Risk by coverage over all questions; to answer an unanswerable one is wrong, whatever is said."""
    rows = [
        (a.response.confidence, a.score.case.answerable and a.score.outcome == "right")
        for a in asked
        if a.score.outcome is not None
    ]
    curve = risk_coverage(rows)
    return {"curve": curve, "area": area_under_risk(curve)} if curve else {}


def _latency(milliseconds: Sequence[float]) -> dict[str, float]:
    return {"p50": statistics.median(milliseconds), "p95": percentile_95(milliseconds)} if milliseconds else {}
