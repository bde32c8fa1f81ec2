"""The clauses of a document as the catalogue has them: find them, and say what there is where one is missing."""

import re
from collections.abc import Iterator
from dataclasses import replace

from rag import texts
from rag.address import ARTICLE, Clause
from rag.asked import Division, Span
from rag.numerals import DIGITS, chinese_numeral, number_of
from rag.retrieve import Corpus
from rag.types import Section, Sentence

LABEL = re.compile(r"第(\d+)条(?:之(\d+))?(?:第(\d+)款)?(?:第(\d+)项)?(?:第(\d+)目)?")
HEADING = re.compile(rf"第([{DIGITS}]+)([编章节部]分?)")
PART = re.compile("([一二三四五六七八九十]{1,3})、")
TOPIC = re.compile("[（(]([一二三四五六七八九十]{1,3})[）)]")
WIDEST = 100
"""Articles of a range that are looked for in a text that only tells of its articles."""
END = 10**9


def span_sentences(corpus: Corpus, source: str, span: Span) -> tuple[Sentence, ...]:
    """The sentences of the clauses from first to last in text order; () where there are none."""
    if span.first == span.last:
        return clause_sentences(corpus, source, span.first)
    first, last = sorted(_key(settled(corpus, source, c)) for c in (span.first, span.last))
    depth = sum(1 for number in first[2:] if number)
    sections = [s for s in _addressed(corpus, source) if first <= _key(clause_of(s.label)) <= last]
    kept = [s for s in sections if sum(1 for number in _key(clause_of(s.label))[2:] if number) == depth]
    if kept:
        return _of_sections(corpus, source, kept)
    numbers = range(first[0], min(last[0], first[0] + WIDEST) + 1) if not depth else ()
    found = (sentence for number in numbers for sentence in clause_sentences(corpus, source, Clause(number)))
    return tuple(dict.fromkeys(found))


def clause_sentences(corpus: Corpus, source: str, clause: Clause) -> tuple[Sentence, ...]:
    """The sentences of a clause: those of the article itself, or those that a digest gives for it."""
    clause = settled(corpus, source, clause)
    sections = list(corpus.catalog.sections(source, clause.label)[:1])
    if not sections and clause.point and not clause.paragraph:
        sections = _points_of(corpus, source, clause)
    if sections:
        return _of_sections(corpus, source, sections)
    everything = corpus.catalog.sentences_between(source, 0, END)
    return tuple(sentence for sentence in everything if _states(sentence, clause))


def division_sentences(corpus: Corpus, source: str, division: Division) -> tuple[Sentence, ...]:
    """The sentences of a chapter, a section of one or the like; () where there is none."""
    start, end = 0, END
    sentences: tuple[Sentence, ...] = ()
    for unit, number in division.steps:
        headings = [s for s in _headings(corpus, source, unit) if start <= s.start and s.end <= end]
        numbers = [_heading_number(s.label) for s in headings]
        wanted = number if number > 0 else (numbers[number] if -number <= len(numbers) else 0)
        if wanted in numbers:
            start, end = headings[numbers.index(wanted)].start, headings[numbers.index(wanted)].end
            sentences = corpus.catalog.sentences_between(source, start, end)
        else:
            sentences = _topic(sentences, number) if unit == "点" else ()
    if division.name:
        named = [s for s in corpus.catalog.sections(source) if re.sub(r"\s", "", s.label).endswith(division.name)]
        return _of_sections(corpus, source, named)
    return sentences


def settled(corpus: Corpus, source: str, clause: Clause) -> Clause:
    """The clause with numbers that count from the end (-1: the last) turned into real ones."""
    if clause.article < 0:
        known = articles(corpus, source)
        clause = known[clause.article] if -clause.article <= len(known) else replace(clause, article=0)
    for level in ("paragraph", "point"):
        if getattr(clause, level) < 0:
            below = [
                getattr(clause_of(s.label), level) for s in _addressed(corpus, source) if _inside(s, clause, level)
            ]
            counted = max(below, default=0) + getattr(clause, level) + 1
            clause = replace(clause, **{level: max(counted, 0)})
    return clause


def articles(corpus: Corpus, source: str) -> tuple[Clause, ...]:
    """The articles of a document in text order; () where it has none of its own."""
    found = (clause_of(s.label) for s in _addressed(corpus, source))
    return tuple(dict.fromkeys(c for c in found if not (c.paragraph or c.point or c.subpoint)))


def clause_of(label: str) -> Clause:
    """第12条第2款 of the catalogue as a clause."""
    match = LABEL.match(label)
    numbers = match.groups() if match else ()
    return Clause(*(int(number or 0) for number in numbers)) if match else Clause(0)


def clause_name(clause: Clause) -> str:
    """第十二条第二款, as people write it; 最后一条 where it is counted from the end."""
    label = re.sub(r"第-1(?=[条款项])", texts.LAST_ONE, clause.label)
    label = re.sub(r"第-(\d+)", lambda match: texts.FROM_THE_END.format(number=chinese_numeral(int(match[1]))), label)
    return re.sub(r"\d+", lambda match: chinese_numeral(int(match[0])), label)


def why_missing(corpus: Corpus, source: str, clause: Clause) -> str:
    """《某法》共九十五条，没有第九十六条, or what an article has where only its 款 or 项 is missing."""
    title, known = corpus.catalog.titles[source], articles(corpus, source)
    whole = replace(clause, paragraph=0, point=0, subpoint=0)
    complete = {c.article for c in known} == set(range(1, len({c.article for c in known}) + 1))
    if not known or not complete:
        return texts.REASON_CLAUSE.format(title=title, clause=clause_name(clause))
    if whole not in known:
        return texts.REASON_ARTICLE.format(title=title, count=chinese_numeral(len(known)), clause=clause_name(whole))
    has = texts.REASON_PARAGRAPH.format(title=title, article=clause_name(whole), clause=clause_name(clause))
    return has.replace("{has}", "、".join(_holdings(corpus, source, clause)))


def why_no_division(corpus: Corpus, source: str, division: Division) -> str:
    """《某法》共九章，没有第十二章, or that it has no chapters."""
    title = corpus.catalog.titles[source]
    unit = division.steps[0][0] if division.steps else division.name
    count = len(_headings(corpus, source, unit)) if len(division.steps) == 1 else 0
    name = "".join(f"第{chinese_numeral(abs(n))}{u}" for u, n in division.steps) or division.name
    if not count:
        return texts.REASON_NO_DIVISION.format(title=title, name=name)
    return texts.REASON_DIVISION.format(title=title, count=chinese_numeral(count), unit=unit, name=name)


def _holdings(corpus: Corpus, source: str, clause: Clause) -> Iterator[str]:
    """两款; 第一款共六项: what the article of a missing clause does have."""
    inside = [clause_of(s.label) for s in _addressed(corpus, source)]
    inside = [c for c in inside if (c.article, c.branch) == (clause.article, clause.branch)]
    paragraphs = max((c.paragraph for c in inside), default=0)
    if not clause.paragraph or clause.paragraph > paragraphs:
        yield texts.HAS_PARAGRAPHS.format(count=_amount(paragraphs))
    for number in range(1, paragraphs + 1):
        points = max((c.point for c in inside if c.paragraph == number), default=0)
        if clause.point and clause.paragraph in {0, number}:
            name = texts.PARAGRAPH.format(number=chinese_numeral(number))
            yield (texts.HAS_POINTS if points else texts.HAS_NO_POINTS).format(name=name, count=_amount(points))


def _amount(number: int) -> str:
    return "两" if number == 2 else chinese_numeral(number)


def _key(clause: Clause) -> tuple[int, int, int, int, int]:
    return (clause.article, clause.branch, clause.paragraph, clause.point, clause.subpoint)


def _addressed(corpus: Corpus, source: str) -> list[Section]:
    return [section for section in corpus.catalog.sections(source) if LABEL.fullmatch(section.label)]


def _inside(section: Section, clause: Clause, level: str) -> bool:
    """The section is a 款 (or 項) of the clause."""
    own = clause_of(section.label)
    same = (own.article, own.branch) == (clause.article, clause.branch)
    return same and bool(getattr(own, level)) and (level == "paragraph" or clause.paragraph in {0, own.paragraph})


def _points_of(corpus: Corpus, source: str, clause: Clause) -> list[Section]:
    """第四条第二项: that of each 款 of the article that has items."""
    whole = replace(clause, point=0, subpoint=0).label
    below = f"第{clause.subpoint}目" if clause.subpoint else ""
    pattern = re.compile(rf"{whole}第\d+款第{clause.point}项{below}")
    return [section for section in corpus.catalog.sections(source) if pattern.fullmatch(section.label)]


def _of_sections(corpus: Corpus, source: str, sections: list[Section]) -> tuple[Sentence, ...]:
    found = (corpus.catalog.sentences_between(source, section.start, section.end) for section in sections)
    return tuple(dict.fromkeys(sentence for part in found for sentence in part))


def _headings(corpus: Corpus, source: str, unit: str) -> list[Section]:
    """The chapters (or 节, or the parts 一、 二、) of a document in order."""
    found = []
    for section in corpus.catalog.sections(source):
        match = HEADING.match(section.label)
        plain = {"部分": PART, "点": TOPIC}.get(unit)
        if (match and match[2] == unit) or (plain and plain.match(section.label)):
            found.append(section)
    return found


def _heading_number(label: str) -> int:
    match = HEADING.match(label) or PART.match(label) or TOPIC.match(label)
    return number_of(match[1]) if match else 0


def _topic(sentences: tuple[Sentence, ...], number: int) -> tuple[Sentence, ...]:
    """Of the sentences of a part those from its （二） to the next one."""
    found, inside = [], False
    for sentence in sentences:
        opening = TOPIC.match(sentence.text)
        inside = number_of(opening[1]) == number if opening else inside
        found.extend([sentence] if inside else [])
    return tuple(found)


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
