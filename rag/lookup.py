"""Exact look-ups: clauses by address, and what the catalogue knows of a document; no vectors needed."""

import re
from dataclasses import replace

from rag import texts
from rag.address import ARTICLE, Clause
from rag.compose import Composer, finished, lead_of, lead_to, refusal, validity_notices
from rag.described import aspects, describing
from rag.facts import byline, reports, state_facts
from rag.judge import coverage
from rag.normalise import fold
from rag.numerals import chinese_numeral, number_of
from rag.question import Question
from rag.rank import Candidate, candidates
from rag.retrieve import Corpus, Retrieval, matching_sources
from rag.types import OPINION, Answer, Filters, Passage, Section, Sentence

MOST_REPORTS = 2
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
    if len(named.sources) == 1 and question.clauses:
        return _clauses(corpus, question, named.sources[0], passages)
    if not 1 <= len(named.sources) <= 2:
        return None
    written = _byline(corpus, question, passages)
    if written is None and aspects(named.rest or question.folded):
        return _facts(corpus, replace(retrieval, question=question))
    return written


def _clauses(corpus: Corpus, question: Question, source: str, passages: tuple[Passage, ...]) -> Answer | None:
    composer = Composer(corpus)
    missing = []
    for clause in question.clauses:
        found = clause_sentences(corpus, source, clause)
        if not found:
            missing.append(clause_name(clause))
        for sentence in found:
            composer.quote(source, sentence)
    title = corpus.catalog.titles[source]
    if not composer.sentences:
        reason = texts.REASON_CLAUSE.format(title=title, clause="、".join(missing))
        return refusal(question, passages, reason)
    notices = [*_unknown(question), *validity_notices(composer.citations)]
    if missing:
        notices.append(texts.REASON_CLAUSE.format(title=title, clause="、".join(missing)))
    return finished(question, composer, passages, notices)


def clause_sentences(corpus: Corpus, source: str, clause: Clause) -> tuple[Sentence, ...]:
    """The sentences of a clause: those of the article itself, or those that a digest gives for it."""
    sections = corpus.catalog.sections(source, clause.label)
    if not sections and clause.point and not clause.paragraph:
        sections = _points_of(corpus, source, clause)
    if sections:
        return corpus.catalog.sentences_between(source, sections[0].start, sections[0].end)
    everything = corpus.catalog.sentences_between(source, 0, 10**9)
    return tuple(sentence for sentence in everything if _states(sentence, clause))


def _points_of(corpus: Corpus, source: str, clause: Clause) -> tuple[Section, ...]:
    """第四条第二项 where only one 款 of the article has items."""
    whole = replace(clause, point=0).label
    pattern = re.compile(rf"{whole}第\d+款第{clause.point}项")
    found = tuple(s for s in corpus.catalog.sections(source) if pattern.fullmatch(s.label))
    return found if len(found) == 1 else ()


def clause_name(clause: Clause) -> str:
    """第十二条第二款, as people write it."""
    return re.sub(r"\d+", lambda match: chinese_numeral(int(match[0])), clause.label)


def _states(sentence: Sentence, clause: Clause) -> bool:
    """A digest's sentence that begins by naming the clause (第九条第三款规定…) or ends by (第九条)."""
    for match in ARTICLE.finditer(sentence.folded):
        opens = match.start() <= 40 and not re.search("依照|根据|按照|违反|依据", sentence.folded[: match.start()])
        closes = sentence.folded[match.end() : match.end() + 1] == ")"
        stated = Clause(
            number_of(match[1]), number_of(match[2] or ""), number_of(match[3] or ""), number_of(match[4] or "")
        )
        if (opens or closes) and stated.article == clause.article and stated.branch == clause.branch:
            return clause.paragraph in {0, stated.paragraph} and clause.point in {0, stated.point}
    return False


def _facts(corpus: Corpus, retrieval: Retrieval) -> Answer:
    """Number, issuer, dates and validity from the metadata, with the sentences that speak of them."""
    question = retrieval.question
    composer = Composer(corpus)
    for source in question.named.sources:
        state_facts(composer, corpus, source, question)
    contents = _contents(corpus, retrieval, composer)
    if contents:
        composer.quote(contents.passage.chunk.source, contents.sentence, lead_of(corpus, question, contents))
    notices = [*_unknown(question), *validity_notices(composer.citations)]
    return finished(question, composer, retrieval.passages, notices)


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
