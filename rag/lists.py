"""Questions for a list: the one sentence that enumerates, or the sentences of one section that are the items."""

import re
from dataclasses import dataclass, replace
from itertools import takewhile

from rag.enumeration import CLAUSES, CUE, FEWEST_ITEMS, enumerated
from rag.judge import coverage
from rag.list_asked import MOST_ITEMS, SAID_OF_EACH, asked_count, called, suits
from rag.normalise import fold, search_form
from rag.numerals import DIGITS
from rag.question import Question
from rag.rank import Candidate
from rag.retrieve import Corpus
from rag.types import Section, Sentence

UNKNOWN = re.compile("^(?:- )?未收录|未能核到|未能核实")
ITEM_MARK = re.compile(
    r"\s*[-*+]?\s*(?:[（(][一二三四五六七八九十\d]{1,3}[）)]|\d{1,2}[.、．)）]|[①-⑳]|[一二三四五六七八九十]{1,2}、)"
)
INLINE_MARK = re.compile(r"[一二三四五六七八九十]是|第[一二三四五六七八九十][，,、]|首先|其次")
POINT = re.compile(rf"(?:- )?(?P<clause>(?:《[^》]*》)?第[{DIGITS}]+条(?:第[{DIGITS}]+款)?)(?P<point>第[{DIGITS}]+项)?")
ARTICLE = re.compile(rf"(?:- )?(?:[(（].{{1,3}}[)）])?(?:《[^》]*》)?(第[{DIGITS}]+条)")
NAME_FIRST = re.compile(r"(?:- )?(?:《[^》]*》|[“\"][^”\"]*[”\"])")
INTRODUCES = re.compile(r"[：:]\s*$")
CONSIDERED = 15
NEAR = 0.95
HEADING_MATCH = 0.3
HEADING_NAMED = 0.6
UNDER_ITS_NAME = 0.6
"""A heading that calls the items as the question does need hold only so much of what the best sentence holds."""
COMMON_OPENING = 6


@dataclass(frozen=True, slots=True)
class Listing:
    """The sentences of a list; `items` is their number where each one is an item, else 0."""

    chosen: tuple[Candidate, ...]
    items: int = 0


def listing(corpus: Corpus, question: Question, ranked: tuple[Candidate, ...]) -> Listing:
    """The items that answer, and nothing else."""
    count = asked_count(question)
    ranked = tuple(c for c in ranked if c.sentence.kind != "note" and not UNKNOWN.search(c.folded)) or ranked
    scored = [replace(c, score=c.score + suits(question, c.folded, count)) for c in ranked[:CONSIDERED]]
    best, *others = sorted(scored, key=lambda c: -c.score)
    size = enumerated(best.folded)
    if points := _points(corpus, best) or _said_of_each(question, best, ranked):
        return points
    section = _parts(corpus, question, ranked) or _section(corpus, question, ranked)
    if section and (section.items == count or not (count and size == count)):
        return section
    certain = size >= CLAUSES or (size >= FEWEST_ITEMS and CUE.search(best.folded))
    spread = None if certain else _spread(corpus, question, best)
    if spread or size < FEWEST_ITEMS:
        return spread or Listing((best,))
    near = [c for c in others if c.score >= NEAR * best.score and _same_kind(best, c)]
    return Listing((best, *near[:1]))


def _said_of_each(question: Question, best: Candidate, ranked: tuple[Candidate, ...]) -> Listing | None:
    """All sentences of the best one's document that say of something what the question asks of which it is said."""
    said = SAID_OF_EACH.search(question.folded)
    if not said or said["said"] not in best.folded:
        return None
    source = best.passage.chunk.source
    told = [c for c in ranked if c.passage.chunk.source == source and said["said"] in c.folded]
    told = sorted(told, key=lambda c: c.sentence.start)
    return Listing(tuple(told), len(told)) if FEWEST_ITEMS <= len(told) <= MOST_ITEMS else None


def _same_kind(best: Candidate, other: Candidate) -> bool:
    """Another enumeration of the same place: 第十四条第一款 beside 第十四条第二款."""
    if best.passage.chunk.source != other.passage.chunk.source or enumerated(other.folded) < FEWEST_ITEMS:
        return False
    articles = [match[1] if (match := ARTICLE.match(c.folded)) else "" for c in (best, other)]
    bare = [NAME_FIRST.sub("", c.folded) for c in (best, other)]
    return articles[0] == articles[1] if all(articles) else _open_alike(bare)


def _open_alike(texts: list[str]) -> bool:
    """All texts begin with the same six characters or more."""
    return len(list(takewhile(lambda column: len(set(column)) == 1, zip(*texts, strict=False)))) >= COMMON_OPENING


def _section(corpus: Corpus, question: Question, ranked: tuple[Candidate, ...]) -> Listing | None:
    """The items of the section that the best sentence stands in, where its heading says what is asked."""
    own = coverage(corpus.lexical, question.asked_terms, ranked[0].folded)
    for candidate in ranked[:3]:
        source = candidate.passage.chunk.source
        sections = corpus.catalog.enclosing(source, candidate.sentence.start, candidate.sentence.end)
        if not sections or candidate.score < 0.9 * ranked[0].score:
            continue
        inside = corpus.catalog.sentences_between(source, sections[-1].start, sections[-1].end)
        items, introduction = _items(inside, candidate.sentence)
        frame = coverage(corpus.lexical, question.asked_terms, f"{search_form(sections[-1].label)} {introduction}")
        named = any(name in sections[-1].label for name in called(question))
        enough = UNDER_ITS_NAME * own if named else max(HEADING_MATCH, own)
        if FEWEST_ITEMS <= len(items) <= MOST_ITEMS and frame >= enough:
            return Listing(tuple(replace(candidate, sentence=s) for s in items), len(items))
    return None


def _parts(corpus: Corpus, question: Question, ranked: tuple[Candidate, ...]) -> Listing | None:
    """The first sentence of each subsection where the question names the heading over them and their number."""
    count = asked_count(question)
    for candidate in ranked[:3]:
        source = candidate.passage.chunk.source
        for over in corpus.catalog.enclosing(source, candidate.sentence.start, candidate.sentence.end):
            under = [s for s in corpus.catalog.sections(source) if _directly_under(s, over)]
            if count and len(under) == count and _named(corpus, question, over):
                first = [corpus.catalog.sentences_between(source, s.start, s.end)[:1] for s in under]
                items = [replace(candidate, sentence=s) for sentences in first for s in sentences]
                return Listing(tuple(items), len(items))
    return None


def _directly_under(section: Section, over: Section) -> bool:
    inside = over.start < section.start and section.end <= over.end
    return inside and len(section.path) == len(over.path) + 1


def _points(corpus: Corpus, best: Candidate) -> Listing | None:
    """The sentences of one section that tell 第三十五条第二款 and its 项, where the best one is among them."""
    opening = POINT.match(best.folded)
    if opening is None:
        return None
    source = best.passage.chunk.source
    section = corpus.catalog.enclosing(source, best.sentence.start, best.sentence.end)[-1:]
    inside = [s for each in section for s in corpus.catalog.sentences_between(source, each.start, each.end)]
    told = [(s, match) for s in inside if (match := POINT.match(s.folded)) and match["clause"] == opening["clause"]]
    items = [s for s, _ in told]
    numbered = sum(bool(match["point"]) for _, match in told)
    return Listing(tuple(replace(best, sentence=s) for s in items), len(items)) if numbered >= FEWEST_ITEMS else None


def _spread(corpus: Corpus, question: Question, best: Candidate) -> Listing | None:
    """Numbered sentences of one section with one opening, where the question names the section's heading."""
    source = best.passage.chunk.source
    sections = corpus.catalog.enclosing(source, best.sentence.start, best.sentence.end)
    if not sections:
        return None
    section = sections[-1]
    inside = corpus.catalog.sentences_between(source, section.start, section.end)
    items = _numbered_run(inside, best.sentence)
    bare = [ITEM_MARK.sub("", fold(item.text)) for item in items]
    alike = len(items) >= FEWEST_ITEMS and _open_alike(bare)
    if alike and len(items) <= MOST_ITEMS and _named(corpus, question, section):
        return Listing(tuple(replace(best, sentence=s) for s in items), len(items))
    return None


def _named(corpus: Corpus, question: Question, section: Section) -> bool:
    heading = corpus.lexical.lexicon.terms(fold(ITEM_MARK.sub("", section.label)))
    return coverage(corpus.lexical, heading, question.folded) >= HEADING_NAMED


def _items(inside: tuple[Sentence, ...], sentence: Sentence) -> tuple[tuple[Sentence, ...], str]:
    """The items of a section and the sentence that introduces them."""
    items = _numbered_run(inside, sentence) or _inline_run(inside, sentence)
    items = items or tuple(s for s in inside if s.kind == "item")
    before = [s for s in inside if items and s.start < items[0].start and INTRODUCES.search(s.text)]
    return items, before[-1].folded if before else ""


def _numbered_run(inside: tuple[Sentence, ...], sentence: Sentence) -> tuple[Sentence, ...]:
    """Numbered items around or right after the sentence."""
    position = next((i for i, s in enumerate(inside) if s.start == sentence.start), None)
    if position is None:
        return ()
    marked = [i for i, s in enumerate(inside) if ITEM_MARK.match(s.text)]
    if position not in marked and not (INTRODUCES.search(sentence.text) and position + 1 in marked):
        return ()
    return tuple(inside[i] for i in marked)


def _inline_run(inside: tuple[Sentence, ...], sentence: Sentence) -> tuple[Sentence, ...]:
    """一是…。二是…。 as sentences of one paragraph."""
    run = [s for s in inside if INLINE_MARK.match(s.text.lstrip())]
    return tuple(run) if len(run) >= FEWEST_ITEMS and sentence in run else ()
