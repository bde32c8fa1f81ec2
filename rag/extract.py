"""Passages -> the sentences that answer, verbatim, chosen by what the question asks for."""

import re
from dataclasses import dataclass, replace

from rag.compare import apart, compared, compares
from rag.figures import beside, exact, repeats
from rag.judge import coverage
from rag.list_asked import asks_for_list
from rag.lists import listing
from rag.quantity import contains, quantities
from rag.question import ASKS, Question
from rag.rank import Candidate, asks_definition, mentioned
from rag.recent import latest_first
from rag.rerank import OF_FIGURES
from rag.retrieve import Corpus
from rag.series import series
from rag.types import OTHER

MOST = {"number": 3, "date": 3, "yesno": 3, "definition": 2, "document": 3, "validity": 3, "compare": 6, "list": 6}
MOST_OTHERWISE = 4
NEEDED_GAIN = 0.12
"""Share of the question's words that a further sentence of a short answer must add."""
NEAR_EQUAL = 0.93
KEPT = 0.72
"""A further sentence of a longer answer scores at least this share of the best."""
FIGURE_KINDS = {"percent", "point", "yuan", "amount", "个", "户", "家"}
AS_MUCH = 0.8
"""Share of the words of the question that a sentence holds, beside another one's."""
PART = re.compile(r"[,，;；。?？]")
PART_GAIN = 0.3
GREATEST = re.compile("[哪谁].{0,14}最|最.{1,8}[哪谁]|排名|排第")
"""Which of several has the most or the least."""


@dataclass(frozen=True, slots=True)
class Extract:
    """The chosen sentences in the order to be shown; `listed` and `total` count a list's items."""

    chosen: tuple[Candidate, ...]
    listed: int = 0
    total: int = 0


def extract(corpus: Corpus, question: Question, ranked: tuple[Candidate, ...]) -> Extract:
    """Choose the sentences of the answer from the candidates, best first."""
    if not ranked:
        return Extract(())
    if ranked[0].sentence.kind == "row" and GREATEST.search(question.folded):
        return Extract(_table(ranked))
    if rows := series(corpus, question, ranked):
        return Extract(rows)
    found = _extract(corpus, question, latest_first(corpus, question, ranked))
    other = _of_known_standing(corpus, question, ranked, found.chosen)
    return replace(found, chosen=(other, *found.chosen)) if other else found


def _extract(corpus: Corpus, question: Question, ranked: tuple[Candidate, ...]) -> Extract:
    listed = asks_for_list(question)
    sides = () if listed and not (compares(question) or apart(question)) else compared(corpus, question, ranked)
    if sides:
        return Extract(sides)
    if listed:
        found = listing(corpus, question, ranked)
        return Extract(found.chosen, found.items, found.items)
    if question.kind in {*OF_FIGURES, "document", "validity", "list"} or asks_definition(question):
        return Extract(_short(corpus, question, ranked))
    return Extract(_longer(question, ranked))


def _of_known_standing(
    corpus: Corpus, question: Question, ranked: tuple[Candidate, ...], chosen: tuple[Candidate, ...]
) -> Candidate | None:
    """Where the answer rests on papers of unknown standing alone, what a document of known standing says of the same:
    it comes first."""
    metas = corpus.catalog.metas
    if any(metas[c.passage.chunk.source].group != OTHER for c in chosen):
        return None
    enough = AS_MUCH * coverage(corpus.lexical, question.asked_terms, chosen[0].folded)
    for candidate in ranked:
        known = metas[candidate.passage.chunk.source].group != OTHER and candidate.sentence.kind != "note"
        if known and coverage(corpus.lexical, question.asked_terms, candidate.folded) >= enough:
            return candidate
    return None


def _table(ranked: tuple[Candidate, ...]) -> tuple[Candidate, ...]:
    """All rows beside the best one, in their order: which is the greatest is seen only among all of them."""
    place = ranked[0].passage.chunk.id
    rows = [c for c in ranked if c.passage.chunk.id == place and c.sentence.kind == "row"]
    return tuple(sorted(rows, key=lambda c: c.sentence.start))


def _short(corpus: Corpus, question: Question, ranked: tuple[Candidate, ...]) -> tuple[Candidate, ...]:
    """The best sentence and those that add what it leaves unanswered."""
    chosen = [ranked[0]]
    most = MOST.get(question.kind, MOST_OTHERWISE)
    for candidate in _beside(question, ranked[:20]):
        if len(chosen) == most or candidate.score < KEPT * ranked[0].score:
            break
        together = " ".join(c.folded for c in chosen)
        if candidate.folded in together:
            continue
        gain = coverage(corpus.lexical, question.terms, f"{together} {candidate.folded}") - coverage(
            corpus.lexical, question.terms, together
        )
        near_equal = candidate.score >= NEAR_EQUAL * ranked[0].score and len(chosen) == 1
        if gain >= NEEDED_GAIN or near_equal:
            chosen.append(candidate)
    chosen.extend(_of_parts(corpus, question, ranked, chosen))
    check = next((c for c in ranked[:20] if c not in chosen and _checks(corpus, c, chosen[0])), None)
    return (*chosen, check) if check else tuple(chosen)


def _of_parts(
    corpus: Corpus, question: Question, ranked: tuple[Candidate, ...], chosen: list[Candidate]
) -> list[Candidate]:
    """For each further thing that is asked in the same breath, the sentence of the same document that says it."""
    found: list[Candidate] = []
    same = [c for c in ranked if c.passage.chunk.source == chosen[0].passage.chunk.source and c.sentence.kind != "note"]
    same = [c for c in same if not question.kinds & OF_FIGURES or c == chosen[0] or beside(question, chosen[0], c)]
    for part in [part for part in PART.split(question.folded) if ASKS.search(part)][1:]:
        terms = corpus.lexical.lexicon.terms(part)
        held = {c.sentence.start: coverage(corpus.lexical, terms, c.folded) for c in same}
        together = " ".join(c.folded for c in (*chosen, *found))
        best = max(same, key=lambda c: (held[c.sentence.start], c.score))
        if held[best.sentence.start] >= coverage(corpus.lexical, terms, together) + PART_GAIN:
            found.append(best)
    return found


def _beside(question: Question, ranked: tuple[Candidate, ...]) -> list[Candidate]:
    """The further candidates; of figures only those of the best one's period and indicator."""
    if not question.kinds & OF_FIGURES:
        return list(ranked[1:])
    if "number" in question.kinds and exact(question, ranked[0]):
        return []
    fitting = [candidate for candidate in ranked[1:] if beside(question, ranked[0], candidate)]
    return [c for c in fitting if question.kind != "number" or not repeats(ranked[0], c)]


def _checks(corpus: Corpus, candidate: Candidate, best: Candidate) -> bool:
    """Another document's sentence on what the best one's document says of the same: shown beside it."""
    source = best.passage.chunk.source
    about = any(source in other for other in mentioned(corpus, candidate.sentence))
    same = any(
        contains(quantities(best.folded), q) for q in quantities(candidate.folded) if q.dimension in FIGURE_KINDS
    )
    return about and same and candidate.passage.chunk.source != source


def _longer(question: Question, ranked: tuple[Candidate, ...]) -> tuple[Candidate, ...]:
    most = MOST.get(question.kind, MOST_OTHERWISE)
    best = ranked[0]
    kept: list[Candidate] = []
    for candidate in ranked:
        if len(kept) == most or candidate.score < KEPT * best.score:
            break
        if all(candidate.folded not in other.folded for other in kept):
            kept.append(candidate)
    return _in_order(kept)


def _in_order(chosen: list[Candidate]) -> tuple[Candidate, ...]:
    """Documents, and in them passages, by their best sentence; the sentences of a passage as they stand in it.

    The right source sentence is cited first in 238 instead of 234 of 276 development questions.
    """
    rank: dict[str, int] = {}
    for candidate in chosen:
        rank.setdefault(candidate.passage.chunk.source, len(rank))
        rank.setdefault(candidate.passage.chunk.id, len(rank))

    def place(candidate: Candidate) -> tuple[int, int, int]:
        chunk = candidate.passage.chunk
        return (rank[chunk.source], rank[chunk.id], candidate.sentence.start)

    return tuple(sorted(chosen, key=place))
