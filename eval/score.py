"""One asked case -> measures, an outcome and why; pure functions of the reply."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

from eval import texts
from eval.answers import (
    character_f1,
    citation_score,
    evidence_recall,
    has_value,
    squeezed,
    unsupported_figures,
)
from eval.cases import Case, Gold
from eval.metrics import hit_at, ndcg_at, recall_at, reciprocal_rank
from eval.systems import Response, Retrieved, sources_of
from rag.types import Answer, Citation

Outcome = Literal["right", "wrong", "refused"]
DEPTH = 10
SHORTEST = 6
"""Characters of a quote that must be cited at least to count as citing it; of a short one, half."""


@dataclass(frozen=True, slots=True)
class Score:
    """What was right about a reply; `measures` holds only those that apply to the case."""

    case: Case
    outcome: Outcome | None
    """Right, wrong or not attempted; None where the system gives no answers or the set has no gold for them."""
    why: tuple[str, ...] = ()
    measures: Mapping[str, float] = field(default_factory=dict)


def score(case: Case, response: Response) -> Score:
    """Compare a reply with the gold of its case."""
    measures = retrieval_measures(case, response.passages)
    if response.answer is None:
        return Score(case, None, measures=measures)
    answer = response.answer
    if not case.answerable:
        measures["refused"] = float(not answer.found)
        why = () if not answer.found else (texts.WHY_ANSWERED,)
        return Score(case, "right" if not answer.found else "wrong", why, measures)
    measures["over_refused"] = float(not answer.found)
    checkable = bool(case.values or case.items or case.parts)
    if not answer.found:
        refused = (texts.WHY_REFUSED.format(reason=answer.reason),)
        return Score(case, "refused", refused, measures | ({"right": 0.0} if checkable else {}))
    measures |= answer_measures(case, answer)
    if not checkable:
        return Score(case, None, measures=measures)
    faults = faults_of(case, answer)
    measures["right"] = float(not faults)
    return Score(case, "wrong" if faults else "right", faults, measures)


def retrieval_measures(case: Case, passages: tuple[Retrieved, ...]) -> dict[str, float]:
    """Rank measures by document (doc_…) and by passage, and the gold's share of the returned characters."""
    if not case.gold:
        return {}
    sources = {gold.source: index for index, gold in enumerate(case.gold)}
    by_source = [
        {sources[source]} & set(sources.values()) if source in sources else set() for source in sources_of(passages)
    ]
    measures = {f"doc_hit@{k}": hit_at(by_source, k) for k in (1, 3, 5)}
    if not case.parts:
        return measures
    found = [held_parts(case, passage) for passage in passages]
    measures |= {f"hit@{k}": hit_at(found, k) for k in (1, 3, 5)}
    measures["recall@10"] = recall_at(found, len(case.parts), DEPTH)
    measures["mrr@10"] = reciprocal_rank(found, DEPTH)
    measures["ndcg@10"] = ndcg_at(found, len(case.parts), DEPTH)
    measures["evidence@5"] = part_evidence(case, passages[:5])
    return measures


def held_parts(case: Case, passage: Retrieved) -> set[int]:
    """The parts of the gold of which the passage holds a whole quote."""
    text = squeezed(passage.text)
    return {g.part for g in case.gold if g.quote and g.source == passage.source and squeezed(g.quote) in text}


def part_evidence(case: Case, passages: tuple[Retrieved, ...]) -> float:
    """Mean over the parts of the best-held alternative's share of sentences in the returned characters."""
    shares = []
    for part in case.parts:
        alternatives = [g for g in case.gold if g.part == part and g.quote]
        shares.append(
            max(evidence_recall([p.text for p in passages if p.source == g.source], [g.quote]) for g in alternatives)
        )
    return sum(shares) / len(shares)


def answer_measures(case: Case, answer: Answer) -> dict[str, float]:
    """Values, items, figures without a source, citations, verbatim sentences, layers."""
    cited = {citation.number: citation for citation in answer.citations}
    shown = shown_text(answer)
    measures: dict[str, float] = {}
    if case.values:
        measures["values"] = sum(has_value(shown, value) for value in case.values) / len(case.values)
        if not case.parts:
            measures["f1"] = max(character_f1(shown, value) for value in case.values)
    if case.items:
        measures["items_recall"] = sum(has_value(shown, item) for item in case.items) / len(case.items)
        measures["items_precision"] = items_precision(case, answer)
    measures["unsupported"] = float(bool(unsupported(answer)))
    citations = citation_score([(s.text, [_evidence(cited[n]) for n in s.citations]) for s in answer.sentences])
    measures |= {"citation_precision": citations.precision, "citation_recall": citations.recall}
    quotes = [squeezed(citation.quote) for citation in answer.citations]
    measures["verbatim"] = _share([any(squeezed(s.text) in quote for quote in quotes) for s in answer.sentences])
    measures["layers_mixed"] = float(any(cited[n].meta.group != s.layer for s in answer.sentences for n in s.citations))
    if case.parts:
        measures["gold_cited"] = _share([_part_cited(case, part, answer) for part in case.parts])
    return measures


def faults_of(case: Case, answer: Answer) -> tuple[str, ...]:
    """What keeps an answer from being right, as sentences for the report; empty if nothing does."""
    shown = shown_text(answer)
    stated = " ".join(sentence.text for sentence in answer.sentences)
    faults = [texts.WHY_VALUE.format(value=value[0]) for value in case.values if not has_value(shown, value)]
    faults += [texts.WHY_ITEM.format(item=item[0]) for item in case.items if not has_value(shown, item)]
    faults += [texts.WHY_MUST_NOT.format(value=value) for value in case.must_not if has_value(stated, (value,))]
    faults += [texts.WHY_UNSUPPORTED.format(value=value) for value in unsupported(answer)]
    if not case.values and not case.items:
        missed = [part for part in case.parts if not _part_cited(case, part, answer)]
        faults += [texts.WHY_QUOTE.format(quote=_first(case, part).quote) for part in missed]
    return tuple(faults)


def shown_text(answer: Answer) -> str:
    """Everything that an answer says."""
    said = [*answer.notices, *(f"{s.lead}\n{s.text}" for s in answer.sentences)]
    return "\n".join(said)


def unsupported(answer: Answer) -> tuple[str, ...]:
    """Figures that an answer states and its sources do not.

    A sentence answers to its own citations, and to the formula shown with it; one that is struck through states
    nothing; a notice to all of them, to the question and to the count of the quoted sentences; a lead to the
    passages.
    """
    cited = {citation.number: _evidence(citation) for citation in answer.citations}
    everything = [*cited.values(), *(f"{p.chunk.title} {p.chunk.text}" for p in answer.passages)]
    found: list[str] = []
    for sentence in (s for s in answer.sentences if s.verdict != "未见依据"):
        sources = [cited[n] for n in sentence.citations if n in cited]
        found.extend(unsupported_figures(sentence.text, [*sources, sentence.formula]))
        found.extend(unsupported_figures(sentence.lead, everything))
    own = f"{sum(not sentence.written for sentence in answer.sentences)}项"
    for notice in answer.notices:
        found.extend(unsupported_figures(notice, [*everything, answer.question, answer.resolved, own]))
    return tuple(found)


def items_precision(case: Case, answer: Answer) -> float:
    """Share of an answer's sentences that hold an item of the list or stand in a gold quote."""
    quotes = [squeezed(gold.quote) for gold in case.gold]
    kept = []
    for sentence in answer.sentences:
        text = squeezed(sentence.text)
        kept.append(
            any(has_value(sentence.text, item) for item in case.items)
            or (bool(text) and any(text in q for q in quotes))
        )
    return _share(kept)


def _evidence(citation: Citation) -> str:
    """What a citation shows: the quote and beside it column names, title, number, issuer, dates and validity."""
    meta = citation.meta
    names = (citation.title, citation.label, meta.doc_number, meta.status, meta.region, meta.author)
    dates = (meta.issued, meta.published, meta.effective, meta.expires)
    return "；\n".join(
        (citation.quote, citation.header, *names, *dates, *meta.issuer, *meta.replaces, *meta.replaced_by)
    )


def _part_cited(case: Case, part: int, answer: Answer) -> bool:
    """Some citation overlaps a quote of the part: one lies in the other."""
    golds = [(g.source, squeezed(g.quote)) for g in case.gold if g.part == part and g.quote]
    cited = [(c.source, squeezed(c.quote)) for c in answer.citations]
    return any(
        s == source and (quote in text or (len(text) >= min(SHORTEST, len(quote) / 2) and text in quote))
        for s, text in cited
        for source, quote in golds
    )


def _first(case: Case, part: int) -> Gold:
    return next(gold for gold in case.gold if gold.part == part)


def _share(flags: list[bool]) -> float:
    return sum(flags) / len(flags) if flags else 0.0
