"""An item of a clause says little without the words that introduce it: 有下列情形之一的，处…罚款："""

import re
from dataclasses import replace

from rag.rank import Candidate
from rag.retrieve import Corpus
from rag.types import Sentence

ITEM = re.compile(r"(?P<paragraph>第\d+条(?:之\d+)?第\d+款)第\d+项")
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
    item = next((found for section in around if (found := ITEM.match(section.label))), None)
    paragraph = next((section for section in around if item and section.label == item["paragraph"]), None)
    first = corpus.catalog.sections(source, f"{paragraph.label}第1项") if paragraph else ()
    if not paragraph or not first:
        return ()
    before = corpus.catalog.sentences_between(source, paragraph.start, first[0].start)
    opening = next((i for i, s in enumerate(before) if OPENS_LIST.search(s.folded)), 0)
    return before[opening:]
