"""What a conversation is about: the last question and its document, and whether a question names another subject."""

import re
from dataclasses import dataclass

from rag.address import BOOK_TITLE
from rag.lexical import STOPWORDS
from rag.normalise import fold
from rag.question import REGIONS
from rag.retrieve import Corpus
from rag.substitution import ASKS, ATTRIBUTE, TIME
from rag.types import FIGURES, Answer

MARKS = "？?。!！ "
ASKING_WORDS = re.compile(
    r"哪[些几][个种类家]?[\u4e00-\u9fff]{0,2}|什么样?的?[\u4e00-\u9fff]{0,2}|几(?:个?[月点人]|\w)|多[少久长大高](?:钱|天|年|次)?|[最][高低长短多少大小]"
    r"|有没有|能不能|可不可以|要不要|怎么[办样算]?|一共|钱|谁|吗|需要|要|能|得"
)
TAIL = re.compile(
    r"(?:[是为有在到达降能可要应的了从由给按会，,、对]|可以|应当|达到|降到|最[高低多少长短大小]|不?超过|不低于|至少|一共|是)+$"
)
SHORT_CLAUSE = re.compile("，[^，]{1,6}$")
LONG_ATTRIBUTE = 3
"""期限 may be asked of anything; 担保费率 only of a text that has it."""
NAMING = "nbile"
"""Tags of names and nouns, by their first letter."""


@dataclass(frozen=True, slots=True)
class Before:
    """What a follow-up leans on: the last question as completed, and the document it was answered from."""

    question: str
    title: str = ""
    place: str = ""
    source: str = ""
    text: str = ""

    @property
    def bare(self) -> str:
        """The last question without its mark."""
        return self.question.rstrip(MARKS)


def before_of(answer: Answer, corpus: Corpus | None) -> Before:
    """The document of the best passage that is cited, else the first cited, else the one that was named."""
    question = (answer.resolved or answer.question).strip()
    if answer.citations:
        best = answer.passages[0].chunk.source if answer.passages else ""
        cited = next((c for c in answer.citations if c.source == best), answer.citations[0])
        title, place, source = cited.title, cited.label, cited.source
    else:
        named = BOOK_TITLE.search(question)
        title, place, source = named[1] if named else "", "", ""
        if corpus and (sources := corpus.names.named(question).sources):
            source = sources[0]
            title = corpus.catalog.titles[source]
    if corpus is None or source not in corpus.catalog.titles:
        return Before(question, title, place)
    cited_too = {citation.source for citation in answer.citations}
    passages = [passage.chunk.text for passage in answer.passages if passage.chunk.source in cited_too]
    read = (corpus.catalog.document(source).text, *passages)
    return Before(question, title, place, source, fold("".join((title, *read))))


def spoken_of(spoken: str, before: Before, corpus: Corpus) -> bool:
    """The last answer's texts hold every name of the question (plain attributes aside), or else a word of it."""
    names, words = [""], []
    for word, tag in corpus.lexical.lexicon.segmenter.tag(ASKING_WORDS.sub(" ", fold(spoken))):
        named = tag[0] in NAMING and word not in STOPWORDS
        if named or (tag == "vn" and names[-1]):
            names[-1] += word
            continue
        names.append("")
        if len(word) > 1 and word not in STOPWORDS and tag != "r":
            words.append(word)
    names = [name for name in names if len(name) > (LONG_ATTRIBUTE if ATTRIBUTE.search(name) else 1)]
    strange = corpus.lexical.weight(" ")
    held = any(word in before.text or (len(words) == 1 and corpus.lexical.weight(word) < strange) for word in words)
    return all(name in before.text for name in names) and bool(names or held or not words)


def own_subject(spoken: str, before: Before, corpus: Corpus) -> bool:
    """The question names a document, a region, a time or what some document is about, and no mere attribute."""
    folded = fold(spoken)
    dated = any(time["year"] for time in TIME.finditer(folded))
    if dated or REGIONS.search(folded) or corpus.names.named(spoken).sources:
        return True
    others = {source: meta for source, meta in corpus.catalog.metas.items() if source != before.source}
    topics = {fold(topic) for meta in others.values() for topic in meta.topics if len(topic) > 2}
    titles = fold(" ".join((before.title, *(corpus.catalog.titles[source] for source in others))))
    names = {topic for topic in topics if topic in folded}
    names |= {word for word in corpus.lexical.lexicon.segmenter.cut(folded) if len(word) > 2 and word in titles}
    return any(not ATTRIBUTE.search(name) for name in names)


def with_subject(spoken: str, before: Before, corpus: Corpus) -> str:
    """The question under its document's title; where that holds figures, after what was asked of and when."""
    metas = corpus.catalog.metas
    topics = {topic for meta in metas.values() for topic in meta.topics if fold(topic) in fold(before.bare)}
    subject = max((topic for topic in topics if len(topic) > 2), key=len, default="")
    if metas[before.source].group == FIGURES:
        return f"{subject}{spoken}" if subject and not TIME.search(before.bare) else f"{phrase(before.bare)}，{spoken}"
    named = subject in before.title or any(topic in spoken for topic in metas[before.source].topics if len(topic) > 2)
    return f"《{before.title}》{'' if named else subject}{spoken}"


def phrase(bare: str) -> str:
    """What a question is about: its words before the first asking one."""
    asks = ASKS.search(bare)
    phrase = SHORT_CLAUSE.sub("", bare[: asks.start()] if asks else bare)
    phrase = TAIL.sub("", phrase)
    return phrase if len(TIME.sub("", phrase)) > 1 else bare
