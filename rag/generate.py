"""An extractive answer -> the same answer with a model's words before it, every sentence of them checked."""

import re
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass, replace

import numpy as np

from rag import prompts, texts
from rag.compare import sides
from rag.compose import Composer, plain_text, row_in_words
from rag.errors import LlmFailed
from rag.llm import Llm
from rag.normalise import fold, readable
from rag.prompts import REFUSAL
from rag.retrieve import Corpus, analysed
from rag.types import Answer, AnswerSentence, Citation, Sentence
from rag.verify import Checked, Evidence, Similarity, verify

ENDING = re.compile(r"(?<=[。！？；])(?![”’」』）)])|(?<=[。！？；][”’」』）)])|(?<=[!?;])(?=\s)|\n+")
MARKER = re.compile(r"\s*(?:\[\^?\d+(?:[,，、\-~\s]+\d+)*\]|【\d+】|［\d+］|[¹²³⁴⁵⁶⁷⁸⁹⁰]+)")
LIST_SIGN = re.compile(r"^\s*(?:#{1,6}\s+|[-*+•·]\s+|\(?\d{1,2}[.、)）]\s*(?!\d))")
NO_WORD = re.compile(r"\W")
EMPHASIS = re.compile(r"\*\*|__|`+")
NEIGHBOURS = 1
"""Sentences before and after a quoted one that the model sees."""
MATCHED = 2
"""Sentences of a further passage that the model sees."""
SUPPORTED = {"原文直引", "改写有据"}


@dataclass(frozen=True, slots=True)
class Writing:
    """What stands behind a written answer: the model, its evidence budget in tokens, how alike sentences are."""

    llm: Llm
    budget: int
    similarity: Similarity
    struck: bool = False
    """Sentences without support are shown struck through instead of removed."""


def written(corpus: Corpus, found: Answer, writing: Writing) -> Iterator[Answer]:
    """Snapshots: the extractive answer with a growing draft, at last the checked one; it stands if the model fails."""
    begun = replace(found, mode="generated", done=False)
    yield begun
    shown = trimmed(corpus, evidence_of(corpus, found), writing)
    lines = [_line(corpus, item) for item in shown]
    draft = ""
    try:
        with closing(writing.llm.write(prompts.messages(_question(found), lines, found.notices))) as pieces:
            for piece in pieces:
                draft += piece
                yield replace(begun, draft=draft)
    except LlmFailed as error:
        yield _with_notice(found, texts.NOTICE_LLM_FAILED.format(reason=error))
        return
    yield checked(corpus, found, draft, shown, writing)


def checked(corpus: Corpus, found: Answer, draft: str, shown: Sequence[Evidence], writing: Writing) -> Answer:
    """The model's sentences with verdicts and citations, then the extractive answer; or that alone, with a notice."""
    said = [sentence for sentence in sentences_of(draft) if not _echoes(sentence, found)]
    if any(fold(REFUSAL) in fold(sentence) for sentence in said):
        return _with_notice(found, texts.NOTICE_LLM_REFUSED)
    composer = Composer(corpus)
    for sentence in dict.fromkeys(said):
        _add(composer, verify(sentence, shown, writing.similarity), shown, struck=writing.struck)
    if not any(sentence.verdict in SUPPORTED for sentence in composer.sentences):
        return _with_notice(found, texts.NOTICE_LLM_UNSUPPORTED)
    if sides(corpus, analysed(corpus, _question(found))) and not _hold_all(composer, found):
        return _with_notice(found, texts.NOTICE_LLM_ONE_SIDED)
    _adopt(corpus, composer, found)
    sentences, citations = tuple(composer.sentences), tuple(composer.citations)
    notices = (*found.notices, *_trimming(found, shown))
    return replace(
        found,
        text=plain_text(sentences, notices),
        sentences=sentences,
        citations=citations,
        notices=notices,
        mode="generated",
    )


def _hold_all(composer: Composer, found: Answer) -> bool:
    """Every quoted sentence stands behind some sentence of the model: of a comparison no side is left out."""
    held = {(citation.source, citation.start) for citation in composer.citations}
    first = {sentence.citations[0] for sentence in found.sentences if sentence.citations}
    return {(c.source, c.start) for c in found.citations if c.number in first} <= held


def _echoes(sentence: str, found: Answer) -> bool:
    """The question once more is no answer."""
    words = NO_WORD.sub("", fold(sentence))
    return any(words in NO_WORD.sub("", fold(question)) for question in (found.question, found.resolved))


def _add(composer: Composer, result: Checked, shown: Sequence[Evidence], *, struck: bool) -> None:
    """One checked sentence with its citations; one without support only where it is to be struck through."""
    if result.verdict == "未见依据" and not struck:
        return
    proofs = [shown[index] for index in result.proofs]
    numbers = tuple(dict.fromkeys(composer.cite(proof.source, proof.sentence) for proof in proofs))
    last = composer.sentences[-1].layer if composer.sentences else ""
    sentence = AnswerSentence(
        result.text, numbers, result.verdict, proofs[0].group if proofs else last, formula=result.formula, written=True
    )
    if all(sentence.text != other.text for other in composer.sentences):
        composer.sentences.append(sentence)


def _trimming(found: Answer, shown: Sequence[Evidence]) -> list[str]:
    """What is said where the model did not see every quoted sentence."""
    quoted = {(citation.source, citation.start) for citation in found.citations}
    seen = quoted & {(item.source, item.sentence.start) for item in shown}
    return [texts.NOTICE_TRIMMED] if len(seen) < len(quoted) else []


def evidence_of(corpus: Corpus, found: Answer) -> list[Evidence]:
    """What a model may rest on, most important first: the quoted sentences, their neighbours, the next passages."""
    quoted = [(c.source, _sentence(corpus, c)) for c in found.citations]
    near = [(source, s) for source, sentence in quoted for s in _neighbours(corpus, source, sentence)]
    further = [(p.chunk.source, s) for p in found.passages for s in p.sentences[:MATCHED] if s.kind != "heading"]
    items: dict[tuple[str, int], Evidence] = {}
    for source, sentence in (*quoted, *near, *further):
        if (source, sentence.start) not in items:
            items[source, sentence.start] = _evidence(corpus, source, sentence)
    return list(items.values())


def trimmed(corpus: Corpus, evidence: Sequence[Evidence], writing: Writing) -> list[Evidence]:
    """The evidence within the budget, in the order of its documents; the first piece is kept whatever its length."""
    kept: list[Evidence] = []
    spent = 0
    for item in evidence:
        spent += writing.llm.count_tokens(_line(corpus, item))
        if kept and spent > writing.budget:
            break
        kept.append(item)
    order = list(dict.fromkeys(item.source for item in kept))
    return sorted(kept, key=lambda item: (order.index(item.source), item.sentence.start))


def sentences_of(draft: str) -> list[str]:
    """A model's text as sentences, without its own markers, list signs, emphasis and HTML."""
    pieces = (piece for piece in ENDING.split(EMPHASIS.sub("", MARKER.sub("", draft))) if piece)
    cleaned = (readable(LIST_SIGN.sub("", piece)) for piece in pieces)
    return [sentence for sentence in cleaned if any(character.isalnum() for character in sentence)]


def similarity_by(embed: Callable[[Sequence[str]], np.ndarray]) -> Similarity:
    """Cosines of a sentence with others by an embedder's unit vectors (n, d); each text is embedded once."""
    known: dict[str, np.ndarray] = {}

    def similarity(sentence: str, others: Sequence[str]) -> list[float]:
        missing = [text for text in dict.fromkeys((sentence, *others)) if text not in known]
        if missing:
            known.update(zip(missing, embed(missing), strict=True))
        return [float(known[sentence] @ known[other]) for other in others]

    return similarity


def _question(found: Answer) -> str:
    return found.resolved or found.question


def _line(corpus: Corpus, item: Evidence) -> str:
    """One piece of evidence as the model reads it: whose it is, where it stands, its words."""
    title, sentence = corpus.catalog.titles[item.source], item.sentence
    sections = corpus.catalog.enclosing(item.source, sentence.start, sentence.end)
    place = sections[-1].label if sections and sections[-1].label != title else ""
    words = readable(sentence.text)
    if sentence.kind == "row":
        words, captions, _ = row_in_words(corpus, item.source, sentence)
        place = "，".join(caption.text for caption in captions) or place
    return prompts.SOURCE_LINE.format(group=item.group, title=title, label=place, text=words)


def _sentence(corpus: Corpus, citation: Citation) -> Sentence:
    """The catalogue's sentence behind a citation."""
    within = corpus.catalog.sentences_between(citation.source, citation.start, citation.end)
    whole = (s for s in within if (s.start, s.end) == (citation.start, citation.end))
    return next(whole, Sentence(citation.start, citation.end, citation.quote))


def _evidence(corpus: Corpus, source: str, sentence: Sentence) -> Evidence:
    sections = corpus.catalog.enclosing(source, sentence.start, sentence.end)
    names = dict.fromkeys((corpus.catalog.titles[source], *(part for s in sections for part in (*s.path, s.label))))
    return Evidence(source, sentence, corpus.catalog.metas[source].group, fold(" ".join(names)))


def _neighbours(corpus: Corpus, source: str, sentence: Sentence) -> list[Sentence]:
    """The sentences beside one in its innermost section."""
    sections = corpus.catalog.enclosing(source, sentence.start, sentence.end)
    if not sections:
        return []
    around = corpus.catalog.sentences_between(source, sections[-1].start, sections[-1].end)
    place = next((i for i, s in enumerate(around) if s.start == sentence.start), None)
    if place is None:
        return []
    near = around[max(0, place - NEIGHBOURS) : place + NEIGHBOURS + 1]
    return [s for s in near if s.start != sentence.start and s.kind != "heading"]


def _adopt(corpus: Corpus, composer: Composer, found: Answer) -> None:
    """Add the extractive answer, its citations numbered after those that the composer has."""
    places = {c.number: (c.source, _sentence(corpus, c)) for c in found.citations}
    for sentence in found.sentences:
        numbers = tuple(composer.cite(*places[number]) for number in sentence.citations)
        composer.sentences.append(replace(sentence, citations=numbers))


def _with_notice(found: Answer, notice: str) -> Answer:
    notices = (*found.notices, notice)
    return replace(found, notices=notices, text=plain_text(found.sentences, notices), draft="")
