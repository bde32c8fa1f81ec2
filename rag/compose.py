"""Chosen sentences -> an Answer: citations, layers, leads, validity notices and its plain text."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import NamedTuple

from rag import texts
from rag.extract import Extract
from rag.lead_in import introduced
from rag.normalise import readable
from rag.numerals import chinese_numeral
from rag.quantity import quantities
from rag.question import Question
from rag.rank import CLAUSE_ASKED, Candidate
from rag.retrieve import Corpus, Retrieval
from rag.standing import validity_notices
from rag.tables import cells, in_words
from rag.types import (
    BINDING,
    FIGURES,
    OPINION,
    Answer,
    AnswerSentence,
    Citation,
    DocumentMeta,
    Passage,
    Section,
    Sentence,
)

PERIOD = re.compile(r"截至\s*\d{4}\s*年(?:底|末|\s*\d{1,2}\s*月(?:底|末)?)?|\d{4}\s*年(?:底|末)")
LABEL_NUMBER = re.compile(r"\d+")
STATED = re.compile(
    r"第[零〇一二三四五六七八九十百千]+条(?:之[一二三四五六七八九十]+)?(?:第[一二三四五六七八九十]+款)?(?:第?[（(]?[一二三四五六七八九十]+[）)]?项)?"
)
ABOVE_TABLE = 300
"""Characters before a table in which its caption and unit stand."""
ITEM_PREFIX = re.compile(r"^\s*(?:[-*+]\s+)")
MONEY_AND_SHARES = {"address", "年", "月", "日", "number", "个月"}


class Composer:
    """Numbers citations as sentences are added; one citation per quoted sentence."""

    def __init__(self, corpus: Corpus) -> None:
        self._corpus = corpus
        self.citations: list[Citation] = []
        self.sentences: list[AnswerSentence] = []

    def cite(self, source: str, sentence: Sentence) -> int:
        """The number of the citation of a sentence, a new one if it has none."""
        for known in self.citations:
            if (known.source, known.start, known.end) == (source, sentence.start, sentence.end):
                return known.number
        catalog = self._corpus.catalog
        number = len(self.citations) + 1
        self.citations.append(
            Citation(
                number,
                source,
                catalog.titles[source],
                place_label(catalog.titles[source], catalog.enclosing(source, sentence.start, sentence.end), sentence),
                sentence.text,
                sentence.start,
                sentence.end,
                catalog.metas[source],
                catalog.page_at(source, sentence.start),
                row_in_words(self._corpus, source, sentence).header if sentence.kind == "row" else "",
            )
        )
        return number

    def quote(self, source: str, sentence: Sentence, lead: str = "") -> None:
        """Add a sentence of a source, word for word."""
        group = self._corpus.catalog.metas[source].group
        shown, captions = ITEM_PREFIX.sub("", readable(sentence.text)), list[Sentence]()
        if sentence.kind == "row":
            shown, captions, _ = row_in_words(self._corpus, source, sentence)
        numbers = [self.cite(source, sentence), *(self.cite(source, caption) for caption in captions)]
        lead += texts.OF_TABLE.format(caption="，".join(c.text for c in captions)) if captions else ""
        self.sentences.append(AnswerSentence(shown, tuple(numbers), "原文直引", group, lead))

    def state(self, text: str, source: str, sentences: Iterable[Sentence]) -> None:
        """Add a sentence of ours that rests on what the catalogue and the cited sentences say."""
        numbers = tuple(self.cite(source, sentence) for sentence in sentences)
        self.sentences.append(AnswerSentence(text, numbers, "改写有据", self._corpus.catalog.metas[source].group))


class RowInWords(NamedTuple):
    """A table row with its column names, the cells word for word; the captions above its table and its header row."""

    text: str
    captions: list[Sentence]
    header: str


def row_in_words(corpus: Corpus, source: str, row: Sentence) -> RowInWords:
    """A row of a table in words. The first line of the table is its header."""
    before = corpus.catalog.document(source).text[: row.start]
    lines = before.splitlines(keepends=True)
    top = len(lines)
    while top > 0 and lines[top - 1].lstrip().startswith("|"):
        top -= 1
    begin = sum(map(len, lines[:top]))
    above = corpus.catalog.sentences_between(source, max(0, begin - ABOVE_TABLE), begin)
    captions = [s for s in above if s.kind == "caption" and not _parted(before[s.end : begin], above)]
    header = lines[top].strip() if top < len(lines) else ""
    named = in_words(header, row.text) if header else None
    return (
        RowInWords("；".join(cells(row.text)), captions, "") if named is None else RowInWords(named, captions, header)
    )


def compose(
    corpus: Corpus,
    retrieval: Retrieval,
    extract: Extract,
    corrections: Sequence[tuple[str, Candidate]] = (),
    warnings: Sequence[str] = (),
) -> Answer:
    """The extractive answer: corrections and warnings first, grouped by layer, every sentence cited."""
    composer = Composer(corpus)
    question = retrieval.question
    proofs = [proof for _, proof in corrections]
    chosen = introduced(corpus, extract.chosen)
    ordered = [*proofs, *(candidate for candidate in chosen if candidate not in proofs)]
    for candidate in _by_layer(corpus, ordered):
        composer.quote(candidate.passage.chunk.source, candidate.sentence, lead_of(corpus, question, candidate))
    unknown = [texts.ALSO_UNKNOWN.format(name=question.named.missing)] if question.named.missing else []
    notices = [*(said for said, _ in corrections), *warnings, *unknown, *validity_notices(composer.citations)]
    if extract.total:
        notices.append(texts.LIST_COUNT.format(listed=extract.listed, total=extract.total))
    return finished(question, composer, retrieval.passages, notices)


def finished(question: Question, composer: Composer, passages: tuple[Passage, ...], notices: Sequence[str]) -> Answer:
    """A done snapshot of what a composer holds."""
    sentences, citations = tuple(composer.sentences), tuple(composer.citations)
    return Answer(
        question=question.text,
        text=plain_text(sentences, notices),
        sentences=sentences,
        citations=citations,
        passages=passages,
        found=True,
        notices=tuple(notices),
        done=True,
    )


def refusal(question: Question, passages: tuple[Passage, ...], reason: str) -> Answer:
    """An honest no: the reason and the nearest passages; `found` is False."""
    return Answer(
        question=question.text,
        text=f"{texts.REFUSAL}{reason}",
        passages=passages,
        found=False,
        done=True,
        reason=reason,
    )


def plain_text(sentences: Sequence[AnswerSentence], notices: Sequence[str]) -> str:
    """The answer as text: notices, then the layers with their sentences and [n]; without what has no support."""
    lines = list(notices)
    part, lead = ("", False), ""
    for sentence in sentences:
        if sentence.verdict == "未见依据":
            continue
        if (sentence.layer, sentence.written) != part:
            heading = texts.WRITTEN_HEADING if sentence.written else texts.LAYER_HEADING
            lines.append(heading.format(layer=sentence.layer))
            part, lead = (sentence.layer, sentence.written), ""
        if sentence.lead and sentence.lead != lead:
            lines.append(sentence.lead)
            lead = sentence.lead
        lines.append(sentence.text + "".join(f"[{number}]" for number in sentence.citations))
    return "\n".join(lines)


def place_label(title: str, sections: Sequence[Section], sentence: Sentence) -> str:
    """第十二条第二款 where the text is an article or says so, else the nearest heading."""
    addressed = next((s.label for s in reversed(sections) if re.match(r"第\d+条", s.label)), "")
    if addressed:
        return LABEL_NUMBER.sub(lambda match: chinese_numeral(int(match[0])), addressed)
    stated = STATED.search(sentence.text)
    of_another = stated and sentence.text[: stated.start()].rstrip().endswith("》") and title not in sentence.text
    if stated and not of_another:
        return stated[0]
    return sections[-1].label if sections else ""


def lead_of(corpus: Corpus, question: Question, candidate: Candidate) -> str:
    """Whose words these are: the paper with its period, a side of a comparison, the clause that is asked for."""
    chunk = candidate.passage.chunk
    meta = corpus.catalog.metas[chunk.source]
    if meta.group == OPINION:
        period = _period(corpus, candidate)
        author = texts.BY_AUTHOR.format(author=meta.author) if meta.author else ""
        return texts.ACCORDING_TO_PAPER.format(title=chunk.title, author=author, period=period)
    if question.kind == "compare" and len(question.regions) > 1:
        place = f"{candidate.folded} {chunk.title} {' '.join(chunk.path)} {meta.region}"
        return next((texts.SIDE.format(side=region) for region in question.regions if region in place), "")
    if CLAUSE_ASKED.search(question.folded):
        sections = corpus.catalog.enclosing(chunk.source, candidate.sentence.start, candidate.sentence.end)
        label = place_label(chunk.title, sections, candidate.sentence)
        if label.startswith("第"):
            return texts.ACCORDING_TO_CLAUSE.format(title=chunk.title, label=label)
    return lead_to(corpus, chunk.source)


def lead_to(corpus: Corpus, source: str) -> str:
    """据《title》（number）： for a document of policy or figures, else nothing."""
    meta = corpus.catalog.metas[source]
    lead = texts.ACCORDING_TO.format(title=corpus.catalog.titles[source], number=_number(meta))
    return lead if meta.group in {BINDING, FIGURES} else ""


def _number(meta: DocumentMeta) -> str:
    return texts.WITH_NUMBER.format(number=meta.doc_number) if meta.doc_number else ""


def _period(corpus: Corpus, candidate: Candidate) -> str:
    """The period that a figure inherits from an earlier sentence of its passage, if its own says none."""
    sentence, chunk = candidate.sentence, candidate.passage.chunk
    if PERIOD.search(sentence.text) or not any(q.dimension not in MONEY_AND_SHARES for q in quantities(sentence.text)):
        return ""
    before = corpus.catalog.sentences_between(chunk.source, max(chunk.start, sentence.start - 300), sentence.start)
    found = [match[0] for earlier in before for match in PERIOD.finditer(earlier.text)]
    return texts.IN_PERIOD.format(period=found[-1].replace(" ", "")) if found else ""


def _by_layer(corpus: Corpus, chosen: Sequence[Candidate]) -> list[Candidate]:
    """Layers in the order of their first sentence; nothing else moves."""
    groups = [corpus.catalog.metas[candidate.passage.chunk.source].group for candidate in chosen]
    order = list(dict.fromkeys(groups))
    return [c for _, c in sorted(zip(groups, chosen, strict=True), key=lambda pair: order.index(pair[0]))]


def _parted(between: str, above: Sequence[Sentence]) -> bool:
    """Other words than captions stand between a caption and its table."""
    for sentence in above:
        between = between.replace(sentence.text, "") if sentence.kind == "caption" else between
    return bool(between.strip())


def with_question(answer: Answer, asked: str, resolved: str) -> Answer:
    """The same answer under the words that the user typed; `resolved` where they were completed."""
    return replace(answer, question=asked, resolved=resolved if resolved != asked else "")
