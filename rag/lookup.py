"""Exact look-ups: clauses by address, and what the catalogue knows of a document; no vectors needed."""

import re
from dataclasses import replace

from rag import texts
from rag.anothers import undated
from rag.asked import TYPE, Asked, asked_parts
from rag.clauses import (
    articles,
    clause_name,
    clause_sentences,
    division_sentences,
    span_sentences,
    why_missing,
    why_no_division,
)
from rag.compose import Composer, finished, lead_of, lead_to, refusal
from rag.described import aspects, describing
from rag.facts import byline, facts_of, reports, state_facts
from rag.judge import coverage
from rag.normalise import fold
from rag.question import Question
from rag.rank import Candidate, candidates
from rag.retrieve import Corpus, Retrieval, matching_sources
from rag.sections import of_section
from rag.standing import validity_notices
from rag.types import OPINION, Answer, Filters, Passage, Sentence

MOST_REPORTS = 2
MOST_TITLES = 6
JOINED = re.compile("[和与跟、，,；;]|以及")
UNNAMED = re.compile(
    rf"(?:请问|想问|查一?下|看看?|那么?)?(?:(?:本|该|此|这个?|那个?|这部|那部|上述)?(?P<kind>{TYPE})的?)?"
)
NAME = re.compile(f"^.*?(?=[一-龥]{{2,12}}{TYPE}$)|[的里中]+$")
FEWEST_TERMS = 2
"""Words beyond the facts that make a question ask for contents too."""
CONTENT_SHARE = 0.4
"""Share of those words, weighted by rarity, that the quoted sentence must hold."""


def look_up(corpus: Corpus, retrieval: Retrieval, filters: Filters) -> Answer | None:
    """The answer to an address or to a question about a document itself; None where it is neither."""
    question, passages = retrieval.question, retrieval.passages
    named = question.named
    if named.missing and not named.sources:
        reason = texts.REASON_DOCUMENT.format(name=named.missing)
        return _reported(corpus, question, passages) or refusal(question, passages, reason)
    if filters and named.sources:
        named = replace(named, sources=tuple(s for s in named.sources if s in matching_sources(corpus, filters)))
        question = replace(question, named=named)
    if addresses(question.asked):
        allowed = matching_sources(corpus, filters) if filters else set(corpus.catalog.titles)
        return _addressed(corpus, question, passages, allowed)
    if not 1 <= len(named.sources) <= 2:
        return None
    if (section := of_section(corpus, question, passages)) is not None:
        return section
    written = _byline(corpus, question, passages)
    if written is None and aspects(named.rest or question.folded):
        return _facts(corpus, replace(retrieval, question=question))
    return written


def addresses(asked: Asked) -> bool:
    """Whether a question asks for clauses, or for a chapter and nothing besides."""
    return bool(asked.spans) or (bool(asked.divisions) and asked.alone)


def _addressed(corpus: Corpus, question: Question, passages: tuple[Passage, ...], allowed: set[str]) -> Answer | None:
    """The clauses of the one document that is meant, or a question back which one that is; None to search instead."""
    named = question.named
    each = _of_each(corpus, question, passages, allowed) if len(question.asked.spans) > 1 else None
    if each or len({corpus.catalog.titles[source] for source in named.sources}) > 1:
        return each
    if named.sources:
        fullest = max(named.sources, key=lambda source: len(articles(corpus, source)))
        return _clauses(corpus, question, fullest, passages)
    fitting = [source for source in named.fitting or _of_kind(corpus, question) if source in allowed]
    if len(fitting) == 1:
        return _clauses(corpus, question, fitting[0], passages)
    if not fitting:
        return None
    titles = "、".join(f"《{corpus.catalog.titles[source]}》" for source in fitting[:MOST_TITLES])
    titles += texts.AND_MORE.format(count=len(fitting)) if len(fitting) > MOST_TITLES else ""
    if named.fitting:
        name = NAME.sub("", question.asked.head) or question.asked.head
        return refusal(question, passages, texts.REASON_WHICH.format(name=name, titles=titles))
    clause = "、".join(clause_name(span.first) for span in question.asked.spans)
    return refusal(question, passages, texts.REASON_WHOSE.format(clause=clause, titles=titles))


def _of_each(corpus: Corpus, question: Question, passages: tuple[Passage, ...], allowed: set[str]) -> Answer | None:
    """《甲法》第三条和《乙条例》第五条: each half of the question names its own document and clauses."""
    for join in JOINED.finditer(question.text):
        halves = [question.text[: join.start()], question.text[join.end() :]]
        sources = [[s for s in corpus.names.named(half).sources if s in allowed] for half in halves]
        asked = [asked_parts(half) for half in halves]
        if all(len(found) == 1 for found in sources) and sources[0] != sources[1] and all(a.spans for a in asked):
            return _answered(corpus, question, list(zip((s for (s,) in sources), asked, strict=True)), passages)
    return None


def _of_kind(corpus: Corpus, question: Question) -> tuple[str, ...]:
    """The documents that have the clause of 第十四条 or 条例第十条; () where the question says more than that."""
    asked = question.asked
    said = UNNAMED.fullmatch(asked.head)
    if not asked.spans or not asked.alone or said is None:
        return ()
    of_kind = [source for source, title in corpus.catalog.titles.items() if title.endswith(said["kind"] or "")]
    return tuple(source for source in of_kind if asked.spans[0].first in articles(corpus, source))


def _clauses(corpus: Corpus, question: Question, source: str, passages: tuple[Passage, ...]) -> Answer:
    return _answered(corpus, question, [(source, question.asked)], passages)


def _answered(
    corpus: Corpus, question: Question, wanted: list[tuple[str, Asked]], passages: tuple[Passage, ...]
) -> Answer:
    """The addressed parts of each document in order, and what of them does not exist."""
    composer = Composer(corpus)
    missing: list[str] = []
    for source, asked in wanted:
        lead = texts.ACCORDING_TO_TITLE.format(title=corpus.catalog.titles[source]) if len(wanted) > 1 else ""
        found: list[Sentence] = []
        for span in asked.spans:
            found.extend(span_sentences(corpus, source, span))
            absent = [c for c in dict.fromkeys((span.first, span.last)) if not clause_sentences(corpus, source, c)]
            missing.extend(why_missing(corpus, source, clause) for clause in absent)
        for division in asked.divisions:
            held = division_sentences(corpus, source, division)
            found.extend(held)
            missing.extend([] if held else [why_no_division(corpus, source, division)])
        for sentence in dict.fromkeys(found):
            composer.quote(source, sentence, lead)
    if not composer.sentences:
        return refusal(question, passages, "".join(dict.fromkeys(missing)))
    notices = [*_unknown(question), *validity_notices(composer.citations), *dict.fromkeys(missing)]
    return finished(question, composer, passages, notices)


def _facts(corpus: Corpus, retrieval: Retrieval) -> Answer:
    """Number, issuer, dates and validity from the metadata, with the sentences that speak of them."""
    question = retrieval.question
    composer = Composer(corpus)
    for source in _best_known(corpus, question.named.sources):
        state_facts(composer, corpus, source, question)
    quoted = [fold(sentence.text) for sentence in composer.sentences if sentence.verdict == "原文直引"]
    if len(question.named.sources) == 1 and (reason := undated(corpus, question, question.named.sources[0], quoted)):
        return refusal(question, retrieval.passages, reason)
    contents = _contents(corpus, retrieval, composer)
    if contents:
        composer.quote(contents.passage.chunk.source, contents.sentence, lead_of(corpus, question, contents))
    notices = [*_unknown(question), *validity_notices(composer.citations)]
    return finished(question, composer, retrieval.passages, notices)


def _best_known(corpus: Corpus, sources: tuple[str, ...]) -> list[str]:
    """Of sources with one title, a digest and its full text perhaps, the one of which most is recorded."""
    metas, of_title = corpus.catalog.metas, dict[str, list[str]]()
    for source in sources:
        of_title.setdefault(corpus.catalog.titles[source], []).append(source)
    return [max(same, key=lambda source: len(facts_of(metas[source], ()))) for same in of_title.values()]


def _contents(corpus: Corpus, retrieval: Retrieval, composer: Composer) -> Candidate | None:
    """The best sentence on what such a question asks besides, None where the facts hold all of its words."""
    question = retrieval.question
    names = [fold(f"{source} {corpus.catalog.titles[source]}") for source in question.named.sources]
    said = fold(" ".join([*names, *(sentence.text for sentence in composer.sentences)]))
    terms = describing(question.named.rest or question.folded, corpus.lexical)
    terms = tuple(term for term in terms if term not in said)
    if len(terms) < FEWEST_TERMS:
        return None
    shares = [(coverage(corpus.lexical, terms, c.folded), c) for c in candidates(corpus, retrieval)]
    share, best = max(shares, key=lambda pair: pair[0], default=(0.0, None))
    return best if share >= CONTENT_SHARE else None


def _byline(corpus: Corpus, question: Question, passages: tuple[Passage, ...]) -> Answer | None:
    """Author and unit of a named paper, as it gives them."""
    composer = Composer(corpus)
    for source in question.named.sources:
        if corpus.catalog.metas[source].group == OPINION:
            for sentence in byline(corpus, source, question):
                composer.quote(source, sentence)
    return finished(question, composer, passages, _unknown(question)) if composer.sentences else None


def _reported(corpus: Corpus, question: Question, passages: tuple[Passage, ...]) -> Answer | None:
    """What documents of the knowledge base say happened to one that it does not hold."""
    composer = Composer(corpus)
    sources = dict.fromkeys(passage.chunk.source for passage in passages)
    for source, sentence in reports(corpus, question.named.missing, question, sources)[:MOST_REPORTS]:
        composer.quote(source, sentence, lead_to(corpus, source))
    return finished(question, composer, passages, _unknown(question)) if composer.sentences else None


def _unknown(question: Question) -> list[str]:
    return [texts.ALSO_UNKNOWN.format(name=question.named.missing)] if question.named.missing else []
