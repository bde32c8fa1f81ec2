"""A section that a question names by its heading in quotation marks: its sentences, from the catalogue."""

import re

from rag import texts
from rag.compose import Composer, finished
from rag.normalise import fold
from rag.question import Question
from rag.retrieve import Corpus
from rag.standing import validity_notices
from rag.types import Answer, Passage, Section

NUMBERING = re.compile(
    r"^(?:[\d.]+\s*|[一二三四五六七八九十]+、|（[一二三四五六七八九十]+）|第[一二三四五六七八九十]+[章节]\s*)"
)
QUOTED = re.compile("[“「]([^“”「」]{2,40})[”」]")
MOST = 12
"""Sentences of a section that an answer quotes; a whole chapter is read in its place."""


def heading_words(label: str) -> str:
    """The words of a section's label without its number."""
    return NUMBERING.sub("", label).strip()


def of_section(corpus: Corpus, question: Question, passages: tuple[Passage, ...]) -> Answer | None:
    """The sentences below the heading that is quoted, where exactly one document is named and has it; else None."""
    if len(question.named.sources) != 1:
        return None
    source = question.named.sources[0]
    section = _quoted(corpus, source, question)
    if section is None:
        return None
    sentences = corpus.catalog.sentences_between(source, section.start, section.end)
    composer = Composer(corpus)
    for sentence in sentences[:MOST]:
        composer.quote(source, sentence)
    more = [texts.SECTION_GOES_ON.format(count=len(sentences), shown=MOST)] if len(sentences) > MOST else []
    notices = [*validity_notices(composer.citations), *more]
    return finished(question, composer, passages, notices) if composer.sentences else None


def _quoted(corpus: Corpus, source: str, question: Question) -> Section | None:
    quoted = {fold(words) for words in QUOTED.findall(question.text)}
    fitting = (s for s in corpus.catalog.sections(source) if fold(heading_words(s.label)) in quoted)
    return next(fitting, None)
