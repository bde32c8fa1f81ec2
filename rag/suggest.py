"""Questions worth asking next, and questions to begin with; all made from the corpus."""

import re

from rag import texts
from rag.question import REGIONS
from rag.retrieve import Corpus
from rag.sections import heading_words
from rag.types import BINDING, FIGURES, OPINION, Answer

MOST = 3
STARTERS = 4
FIGURE_SENTENCE = re.compile(
    r"(截至\s*\d{4}\s*年[^，,。]{0,6})[，,]\s*([^，,。；;：（]{4,18}?)\s*(?:仅为|为|达到|达|超过|超)\s*\d[\d.]*\s*(?:%|万亿元|亿元|万个)"
)
PLAIN_HEADINGS = re.compile("[总附] *则|说明|概况|参考文献|基本情况|发文|引言|结语|摘要|^[A-Za-z]")


def follow_ups(corpus: Corpus, answer: Answer) -> tuple[str, ...]:
    """Up to three next questions about the document that an answer, or a refusal, is nearest to."""
    source = answer.citations[0].source if answer.citations else next((p.chunk.source for p in answer.passages), "")
    if not source:
        return ()
    title, meta = corpus.catalog.titles[source], corpus.catalog.metas[source]
    found = []
    if meta.group == BINDING and texts.ASK_VALIDITY.format(title=title) != answer.question:
        found.append(texts.ASK_VALIDITY.format(title=title))
    here = answer.citations[0].start if answer.citations else 0
    headings = [h for h in _headings(corpus, source) if not h[1] <= here < h[2]]
    after = [h for h in headings if h[1] > here] + [h for h in headings if h[1] <= here]
    ask = {OPINION: texts.ASK_PAPER_SECTION, FIGURES: texts.ASK_FIGURES_SECTION}.get(meta.group, texts.ASK_SECTION)
    found.extend(ask.format(title=title, heading=heading) for heading, _, _ in after)
    return tuple(question for question in found if question != answer.question)[:MOST]


def starters(corpus: Corpus) -> tuple[tuple[str, str], ...]:
    """(audience, question) pairs for an empty page: a few for clerks, a few for trainees."""
    clerk: list[str] = []
    trainee: list[str] = []
    for source, meta in corpus.catalog.metas.items():
        title = corpus.catalog.titles[source]
        if meta.group == BINDING and meta.doc_number and meta.effective and len(clerk) < STARTERS - 2:
            clerk.append(texts.ASK_VALIDITY.format(title=title))
        elif meta.group == FIGURES and len(clerk) < STARTERS:
            clerk.extend(_figure_questions(corpus, source)[-1:])
        elif meta.group == OPINION:
            trainee.extend(_figure_questions(corpus, source)[:1])
            headings = [heading for heading, _, _ in _headings(corpus, source)]
            regions = list(dict.fromkeys(r for heading in headings for r in REGIONS.findall(heading)))
            if len(regions) > 1:
                trainee.append(texts.ASK_COMPARE.format(first=regions[0], second=regions[1]))
            trainee.extend(texts.ASK_PAPER_SECTION.format(title=title, heading=heading) for heading in headings[-6:])
    return tuple((texts.CLERK, q) for q in clerk[:STARTERS]) + tuple((texts.TRAINEE, q) for q in trainee[:STARTERS])


def _headings(corpus: Corpus, source: str) -> list[tuple[str, int, int]]:
    """Headings with content of their own: (words, start, end)."""
    title = corpus.catalog.titles[source]
    found = []
    for section in corpus.catalog.sections(source):
        words = heading_words(section.label)
        address = re.match(r"第\d+条", section.label)
        if words and words not in title and not address and not PLAIN_HEADINGS.search(words) and len(words) <= 30:
            found.append((words, section.start, section.end))
    return found


def _figure_questions(corpus: Corpus, source: str) -> list[str]:
    text = corpus.catalog.document(source).text
    asked = [
        texts.ASK_FIGURE.format(period=m[1].replace(" ", ""), subject=m[2]) for m in FIGURE_SENTENCE.finditer(text)
    ]
    return list(dict.fromkeys(asked))
