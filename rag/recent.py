"""A figure asked without its time is the latest one that the knowledge base holds."""

import re
from dataclasses import replace

from rag.figures import META, SAME, Asked, distance
from rag.judge import coverage
from rag.normalise import fold
from rag.period import Period, own_periods, periods, row_periods
from rag.question import Question
from rag.rank import Candidate, has_asked_unit
from rag.retrieve import Corpus

TIME = re.compile(r"(?<!\d)[12]\d年(?![期限内以])|[去前昨]年|月|季度|半年|年[初底末中]|当时|那时|以前|原来")
"""Words of a time that is no year: 24年头四个月, 上半年."""
AS_GOOD, AS_MUCH = 0.45, 0.95
"""Of the best sentence's score, and of the share of the asked words that it holds under its headings."""


def latest_first(corpus: Corpus, question: Question, ranked: tuple[Candidate, ...]) -> tuple[Candidate, ...]:
    """The candidates; of those that say the same as the best one only the latest, of texts that nothing replaced.

    Of a document that is named its own figure is asked.
    """
    timed = question.named.sources or periods(question.folded) or TIME.search(question.folded)
    if "number" not in question.kinds or timed or not _times(ranked[0]):
        return ranked
    best = ranked[0]
    asked = Asked.of(question)
    enough = AS_MUCH * _held(corpus, question, best)
    alike = [
        c
        for c in ranked
        if c.score >= AS_GOOD * best.score
        and c.sentence.kind != "note"
        and has_asked_unit(question, c.folded)
        and not META.search(c.folded)
        and distance(asked, c) <= distance(asked, best) + SAME
        and _held(corpus, question, c) >= enough
    ]
    standing = [c for c in alike if not corpus.catalog.metas[c.passage.chunk.source].replaced_by] or alike
    newest = max(standing, key=lambda c: (max(_times(c), default=("", 0)), c.score), default=best)
    if newest is best:
        return ranked
    return (replace(newest, score=best.score), *(c for c in ranked if c not in alike))


def _held(corpus: Corpus, question: Question, candidate: Candidate) -> float:
    place = fold(candidate.passage.chunk.breadcrumb)
    return coverage(corpus.lexical, question.asked_terms, f"{place} {candidate.folded}")


def _times(candidate: Candidate) -> frozenset[Period]:
    """The times of which a sentence speaks; of a table's row its first cell says."""
    row = candidate.sentence.kind == "row"
    return row_periods(candidate.folded) if row else own_periods(candidate.folded)
