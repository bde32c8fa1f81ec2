"""Measures of retrieval, refusal and confidence; pure functions of plain values.

A ranking is given as `found`: for each returned passage, best first, the parts of the gold that it holds.
"""

import math
from collections.abc import Sequence, Set
from dataclasses import dataclass
from itertools import groupby

import numpy as np

RESAMPLES = 2000
Found = Sequence[Set[int]]


@dataclass(frozen=True, slots=True)
class Rate:
    """A mean of n values with its bootstrap 95% interval."""

    mean: float
    low: float
    high: float
    n: int


def hit_at(found: Found, k: int) -> float:
    """1.0 if any of the first k passages holds any part."""
    return float(any(found[:k]))


def recall_at(found: Found, parts: int, k: int) -> float:
    """Share of the parts that the first k passages hold."""
    return len(set().union(*found[:k])) / parts


def reciprocal_rank(found: Found, k: int) -> float:
    """1 / rank of the first passage that holds a part, 0 if none of the first k does."""
    return next((1 / rank for rank, held in enumerate(found[:k], 1) if held), 0.0)


def ndcg_at(found: Found, parts: int, k: int) -> float:
    """nDCG (Jaervelin and Kekaelaeinen 2002): a passage gains one for each part that none before it had; at most 1."""
    seen: set[int] = set()
    gained = 0.0
    for rank, held in enumerate(found[:k], 1):
        gained += len(held - seen) / math.log2(rank + 1)
        seen |= held
    return min(1.0, gained / sum(1 / math.log2(rank + 1) for rank in range(1, min(parts, k) + 1)))


def bootstrap(values: Sequence[float], seed: int = 0) -> Rate:
    """Mean with the 2.5 and 97.5 percentiles of 2,000 resampled means (Efron's percentile interval)."""
    if not values:
        return Rate(math.nan, math.nan, math.nan, 0)
    sample = np.asarray(values, float)
    drawn = np.random.default_rng(seed).integers(0, len(sample), (RESAMPLES, len(sample)))
    low, high = np.percentile(sample[drawn].mean(axis=1), (2.5, 97.5))
    return Rate(float(sample.mean()), float(low), float(high), len(sample))


@dataclass(frozen=True, slots=True)
class Refusals:
    """Refusing as a classification: of unanswerable questions (positive) against answerable ones."""

    precision: float
    recall: float
    f1: float
    over_refusal: float


def refusals(rows: Sequence[tuple[bool, bool]]) -> Refusals:
    """From (answerable, refused) of each question."""
    right = sum(refused and not answerable for answerable, refused in rows)
    refused_all = sum(refused for _, refused in rows)
    unanswerable = sum(not answerable for answerable, _ in rows)
    answerable_all = len(rows) - unanswerable
    precision, recall = _share(right, refused_all), _share(right, unanswerable)
    both = precision + recall
    return Refusals(
        precision, recall, 2 * precision * recall / both if both else 0.0, _share(refused_all - right, answerable_all)
    )


def separation(positive: Sequence[float], negative: Sequence[float]) -> float:
    """AUC: the chance that a positive's score is above a negative's, ties half (Mann and Whitney)."""
    if not positive or not negative:
        return math.nan
    above = np.asarray(positive)[:, None] - np.asarray(negative)[None, :]
    return float((above > 0).mean() + (above == 0).mean() / 2)


def risk_coverage(rows: Sequence[tuple[float, bool]]) -> tuple[tuple[float, float], ...]:
    """From (confidence, right): for every share of questions answered, most confident first, the share wrong.

    Questions of equal confidence count as their mean, so that their order does not matter.
    """
    wrong = 0.0
    curve: list[tuple[float, float]] = []
    ranked = sorted(rows, key=lambda row: -row[0])
    for _, tied in groupby(ranked, key=lambda row: row[0]):
        members = [right for _, right in tied]
        for _ in members:
            wrong += 1 - sum(members) / len(members)
            answered = len(curve) + 1
            curve.append((answered / len(rows), wrong / answered))
    return tuple(curve)


def area_under_risk(curve: Sequence[tuple[float, float]]) -> float:
    """Mean risk over all coverages (AURC, Geifman 2019); lower is better."""
    return sum(risk for _, risk in curve) / len(curve) if curve else math.nan


def _share(part: int, whole: int) -> float:
    return part / whole if whole else 0.0
