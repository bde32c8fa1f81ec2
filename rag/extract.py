"""Passages -> the sentences that answer, verbatim, chosen by what the question asks for."""

import re
from dataclasses import dataclass, replace

from rag.judge import coverage
from rag.normalise import search_form
from rag.quantity import contains, quantities
from rag.question import Question
from rag.rank import Candidate, candidates, mentioned
from rag.retrieve import Corpus, Retrieval
from rag.types import Sentence

MOST = {"number": 3, "date": 3, "yesno": 3, "definition": 2, "document": 3, "validity": 3, "compare": 6, "list": 6}
MOST_OTHERWISE = 4
NEEDED_GAIN = 0.12
"""Share of the question's words that a further sentence of a short answer must add."""
NEAR_EQUAL = 0.93
KEPT = 0.72
"""A further sentence of a longer answer scores at least this share of the best."""
ITEM_MARK = re.compile(
    r"\s*(?:[（(][一二三四五六七八九十\d]{1,3}[）)]|\d{1,2}[.、．)）]|[①-⑳]|[一二三四五六七八九十]{1,2}、)"
)
INLINE_MARK = re.compile(r"[一二三四五六七八九十]是|第[一二三四五六七八九十][，,、]|首先|其次")
INTRODUCES = re.compile(r"[：:]\s*$")
FIGURE_KINDS = {"percent", "point", "yuan", "amount", "个", "户", "家"}
FEWEST_ITEMS, MOST_ITEMS = 2, 20
HEADING_MATCH = 0.3


@dataclass(frozen=True, slots=True)
class Extract:
    """The chosen sentences in the order to be shown; `listed` and `total` count a list's items."""

    chosen: tuple[Candidate, ...]
    listed: int = 0
    total: int = 0


def extract(corpus: Corpus, retrieval: Retrieval) -> Extract:
    """Choose the sentences of the answer."""
    ranked = candidates(corpus, retrieval)
    if not ranked:
        return Extract(())
    question = retrieval.question
    if question.kind == "compare" and len(question.regions) >= 2:
        return Extract(_sides(question, ranked))
    if "list" in question.kinds:
        listed = _enumeration(corpus, question, ranked)
        if listed:
            return listed
    if question.kind in {"number", "date", "yesno", "document", "validity", "definition"}:
        return Extract(_short(corpus, question, ranked))
    return Extract(_longer(question, ranked))


def _short(corpus: Corpus, question: Question, ranked: tuple[Candidate, ...]) -> tuple[Candidate, ...]:
    """The best sentence and those that add what it leaves unanswered."""
    chosen = [ranked[0]]
    most = MOST[question.kind]
    for candidate in ranked[1:20]:
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
    check = next((c for c in ranked[:20] if c not in chosen and _checks(corpus, c, chosen[0])), None)
    return (*chosen, check) if check else tuple(chosen)


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
    return _document_order(kept)


def _sides(question: Question, ranked: tuple[Candidate, ...]) -> tuple[Candidate, ...]:
    """Up to three sentences for each side of a comparison, side by side."""
    chosen: list[Candidate] = []
    for region in question.regions:
        side = [c for c in ranked if _speaks_of(c, region) and c not in chosen]
        chosen.extend(_document_order(side[:3]))
    return tuple(chosen) or _longer(question, ranked)


def _speaks_of(candidate: Candidate, region: str) -> bool:
    chunk = candidate.passage.chunk
    return region in candidate.folded or region in " ".join(chunk.path) or region in chunk.title


def _enumeration(corpus: Corpus, question: Question, ranked: tuple[Candidate, ...]) -> Extract | None:
    """All items of the list that the best sentence belongs to, introduces or stands under.

    The heading (or the sentence that introduces the items) must say what is asked at least as well
    as the best sentence does by itself; otherwise that sentence is the answer, not its neighbours.
    """
    own = coverage(corpus.lexical, question.asked_terms, ranked[0].folded)
    for candidate in ranked[:2]:
        source = candidate.passage.chunk.source
        sections = corpus.catalog.enclosing(source, candidate.sentence.start, candidate.sentence.end)
        if not sections or candidate.score < NEAR_EQUAL * ranked[0].score:
            continue
        inside = corpus.catalog.sentences_between(source, sections[-1].start, sections[-1].end)
        items, introduction = _items(inside, candidate.sentence)
        frame = coverage(corpus.lexical, question.asked_terms, f"{search_form(sections[-1].label)} {introduction}")
        if FEWEST_ITEMS <= len(items) <= MOST_ITEMS and frame >= max(HEADING_MATCH, own):
            return Extract(tuple(replace(candidate, sentence=s) for s in items), len(items), len(items))
    return None


def _items(inside: tuple[Sentence, ...], sentence: Sentence) -> tuple[tuple[Sentence, ...], str]:
    """The items of a section and the sentence that introduces them."""
    items = _numbered_run(inside, sentence) or _inline_run(inside, sentence)
    items = items or tuple(s for s in inside if s.kind == "item")
    before = [s for s in inside if items and s.start < items[0].start and INTRODUCES.search(s.text)]
    return items, before[-1].folded if before else ""


def _numbered_run(inside: tuple[Sentence, ...], sentence: Sentence) -> tuple[Sentence, ...]:
    """Numbered items around or right after the sentence."""
    position = next((i for i, s in enumerate(inside) if s.start == sentence.start), None)
    if position is None:
        return ()
    marked = [i for i, s in enumerate(inside) if ITEM_MARK.match(s.text)]
    if position not in marked and not (INTRODUCES.search(sentence.text) and position + 1 in marked):
        return ()
    return tuple(inside[i] for i in marked)


def _inline_run(inside: tuple[Sentence, ...], sentence: Sentence) -> tuple[Sentence, ...]:
    """一是…。二是…。 as sentences of one paragraph."""
    run = [s for s in inside if INLINE_MARK.match(s.text.lstrip())]
    return tuple(run) if len(run) >= FEWEST_ITEMS and sentence in run else ()


def _document_order(chosen: list[Candidate]) -> tuple[Candidate, ...]:
    """Documents by their best sentence, sentences as they stand in the text."""
    rank: dict[str, int] = {}
    for candidate in chosen:
        rank.setdefault(candidate.passage.chunk.source, len(rank))
    return tuple(sorted(chosen, key=lambda c: (rank[c.passage.chunk.source], c.sentence.start)))
