"""Questions for a list: the one sentence that enumerates, or the sentences of one section that are the items."""

import re
from dataclasses import dataclass, replace
from itertools import takewhile

from rag.enumeration import CLAUSE, CLAUSES, CUE, FEWEST_ITEMS, enumerated
from rag.judge import coverage
from rag.normalise import HAN, fold, search_form
from rag.numerals import DIGITS, number_of
from rag.question import Question
from rag.rank import Candidate
from rag.retrieve import Corpus
from rag.types import Section, Sentence

NUMERAL = re.compile(r"[一二两三四五六七八九十]{1,3}|\d{1,2}").pattern
COUNTERS = "个(?!百分|基点|月|工作日|点)|种|类|项|条|大|方面|步|点(?!几|多)|级|部分"
COUNT = re.compile(rf"({NUMERAL})(?P<counter>{COUNTERS})")
COUNT_ASKED = re.compile(
    rf"哪(?!一[个条项])[“\"]?(?:{NUMERAL})[“\"]?(?:{COUNTERS})|(?:{NUMERAL})(?:{COUNTERS}).{{0,24}}(?:分别|各|都)(?:是|叫|有|为|包)"
)
KIND_ASKED = re.compile("[哪几]几?(种|类|项|条|大|方面|步|个|部分)")
TOPIC = re.compile(rf"[{HAN}]{{2}}(?:方面|层面)")
FIGURES_ASKED = re.compile(
    "多少|几[年天倍月日]|百分之几|几个(?:百分)?点|几成|多大|多高|何时|什么时候|哪一?[天年日月](?!度)"
)
MANY_ASKED = re.compile(
    "哪些|哪几|几(?:种|类|项|条|方面|个方面|大)|列(?:出|举|一下|全)|都(?:有|叫)|包括(?:什么|啥|哪)|有(?:什么|啥)|分别(?:叫|是|包括)|都(?:是|算)(?:什么|啥|哪)"
    "|(?:用|通过|以|靠)(?:什么|啥)(?:形式|方式|渠道|途径|手段)|些(?:什么|啥)|(?:什么|啥)(?:贷款)?产品"
)
UNKNOWN = re.compile("^(?:- )?未收录|未能核到|未能核实")
ITEM_MARK = re.compile(
    r"\s*[-*+]?\s*(?:[（(][一二三四五六七八九十\d]{1,3}[）)]|\d{1,2}[.、．)）]|[①-⑳]|[一二三四五六七八九十]{1,2}、)"
)
INLINE_MARK = re.compile(r"[一二三四五六七八九十]是|第[一二三四五六七八九十][，,、]|首先|其次")
POINT = re.compile(rf"(?:- )?(?P<clause>(?:《[^》]*》)?第[{DIGITS}]+条(?:第[{DIGITS}]+款)?)(?P<point>第[{DIGITS}]+项)?")
ARTICLE = re.compile(rf"(?:- )?(?:[(（].{{1,3}}[)）])?(?:《[^》]*》)?(第[{DIGITS}]+条)")
NAME_FIRST = re.compile(r"(?:- )?(?:《[^》]*》|[“\"][^”\"]*[”\"])")
INTRODUCES = re.compile(r"[：:]\s*$")
CUED, PLAIN, COUNT_FITS, COUNTED, ON_TOPIC = 0.35, 0.2, 0.5, 0.15, 0.4
"""What an introduced enumeration, a plain one, the asked number of items, a number of the asked kind (哪几类: 四类)
and an opening on what is asked add."""
CONSIDERED = 15
NEAR = 0.95
MOST_ITEMS = 20
HEADING_MATCH = 0.3
HEADING_NAMED = 0.6
COMMON_OPENING = 6


@dataclass(frozen=True, slots=True)
class Listing:
    """The sentences of a list; `items` is their number where each one is an item, else 0."""

    chosen: tuple[Candidate, ...]
    items: int = 0


def asks_for_list(question: Question) -> bool:
    """Whether the names of several things are asked for, not figures of them."""
    if FIGURES_ASKED.search(question.folded) or question.kind in {"compare", "validity", "date"}:
        return False
    return bool(COUNT_ASKED.search(question.folded) or MANY_ASKED.search(question.folded)) or question.kind == "list"


def asked_count(question: Question) -> int:
    """The number of items that the question itself states, 0 where it states none."""
    found = [number_of(match[1]) for match in COUNT.finditer(question.folded)]
    return next((count for count in reversed(found) if FEWEST_ITEMS <= count <= MOST_ITEMS), 0)


def listing(corpus: Corpus, question: Question, ranked: tuple[Candidate, ...]) -> Listing:
    """The items that answer, and nothing else."""
    count = asked_count(question)
    ranked = tuple(c for c in ranked if c.sentence.kind != "note" and not UNKNOWN.search(c.folded)) or ranked
    scored = [replace(c, score=c.score + _worth(question, c, count)) for c in ranked[:CONSIDERED]]
    best, *others = sorted(scored, key=lambda c: -c.score)
    size = enumerated(best.folded)
    if points := _points(corpus, best):
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


def _worth(question: Question, candidate: Candidate, count: int) -> float:
    size = enumerated(candidate.folded)
    worth = 0.0
    if size >= FEWEST_ITEMS:
        worth += CUED if CUE.search(candidate.folded) else PLAIN * (size >= 3)
        worth += COUNT_FITS * (count > 0 and (size == count or _states(candidate.folded, count)))
        worth += COUNTED * _counts_kind(question, candidate.folded)
    return worth + ON_TOPIC * _opens_with(question, candidate.folded)


def _states(folded: str, count: int) -> bool:
    """The sentence itself says how many there are."""
    return any(number_of(match[1]) == count for match in COUNT.finditer(folded))


def _counts_kind(question: Question, folded: str) -> bool:
    """四类 in the sentence where the question asks for 哪几类."""
    asked = {match[1] for match in KIND_ASKED.finditer(question.folded)}
    return any(match["counter"] in asked for match in COUNT.finditer(folded))


def _opens_with(question: Question, folded: str) -> bool:
    """政策层面, … where the question asks for 政策层面."""
    opening = CLAUSE.split(folded, maxsplit=1)[0]
    topics = TOPIC.findall(question.folded)
    bare = re.sub("(?:上|中|里)$", "", opening)
    return any(opening.endswith(topic) for topic in topics) or (4 <= len(bare) <= 8 and bare in question.folded)


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
        if FEWEST_ITEMS <= len(items) <= MOST_ITEMS and frame >= max(HEADING_MATCH, own):
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
