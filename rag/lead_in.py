"""An item of a clause says little without the words that introduce it: 有下列情形之一的，处…罚款："""

import re
from dataclasses import replace

from rag.clauses import clause_of
from rag.rank import Candidate
from rag.retrieve import Corpus
from rag.types import Sentence

OPENS_LIST = re.compile("下列|以下|如下|之一")


def introduced(corpus: Corpus, chosen: tuple[Candidate, ...]) -> tuple[Candidate, ...]:
    """The chosen sentences, before the first item of a clause what introduces it."""
    found: dict[tuple[str, int], Candidate] = {}
    for candidate in chosen:
        source = candidate.passage.chunk.source
        for sentence in (*lead_in(corpus, source, candidate.sentence), candidate.sentence):
            found.setdefault((source, sentence.start), replace(candidate, sentence=sentence))
    return tuple(found.values())


def lead_in(corpus: Corpus, source: str, sentence: Sentence) -> tuple[Sentence, ...]:
    """The sentences that stand before the items of a clause; () for what is no item of an article."""
    around = corpus.catalog.enclosing(source, sentence.start, sentence.end)
    item = next((clause for section in around if (clause := clause_of(section.label)).paragraph and clause.point), None)
    label = replace(item, point=0, subpoint=0).label if item else ""
    paragraph = next((section for section in around if item and section.label == label), None)
    first = corpus.catalog.sections(source, f"{label}第1项") if paragraph else ()
    if not paragraph or not first:
        return ()
    before = corpus.catalog.sentences_between(source, paragraph.start, first[0].start)
    opening = next((i for i, s in enumerate(before) if OPENS_LIST.search(s.folded)), 0)
    return before[opening:]
