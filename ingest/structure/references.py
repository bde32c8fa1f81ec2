"""References of a text: 本法第八条第二款, 前款, 第十条至第十三条, 《某法》第三条, with offsets and canonical labels."""

import re
from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass, field, replace

from ingest.structure.articles import value_of
from rag.address import Clause
from rag.numerals import DIGITS
from rag.types import Section

NUMBER = rf"[{DIGITS}](?:[ \t\u3000\n]?[{DIGITS}])*"
ORDINAL = rf"第?\s*[（(]?\s*(?:{NUMBER})\s*[)）]?"
JOIN = r"\s*(?:、|和|或者|或|以及|及|与|至|到)\s*"
SPAN = rf"第\s*[（(]?\s*{NUMBER}\s*[)）]?(?:{JOIN}{ORDINAL})*\s*"
"""第八, 第一、三, 第（一）至（三） of one unit."""
PART = (
    rf"(?:{SPAN}条(?![例件])(?:之[{DIGITS}]{{1,3}})?(?:\s*第\s*{NUMBER}\s*款)?(?:\s*{SPAN}项(?!目))?(?:\s*{SPAN}目)?"
    rf"|{SPAN}款(?!项)(?:\s*{SPAN}项(?!目))?(?:\s*{SPAN}目)?|{SPAN}项(?!目)(?:\s*{SPAN}目)?|{SPAN}目)"
)
RELATIVE = re.compile(
    rf"(?P<word>前(?P<count>[两二三四五])?(?P<back>[条款项])|(?<!基)本(?P<own>[条款项]))"
    rf"(?![例件目])(?P<part>{PART}(?:{JOIN}{PART})*)?"
)
CHAIN = re.compile(rf"{PART}(?:{JOIN}{PART})*")
PIECE = re.compile(rf"(?P<join>{JOIN})?(?P<part>{PART})")
LEVEL = re.compile(rf"(?P<numbers>{SPAN})(?P<unit>[条款项目])(?:之(?P<branch>[一二三四五六七八九十]{{1,3}}))?")
NUMBERS = re.compile(rf"(?P<join>{JOIN})?第?\s*[（(]?\s*(?P<number>{NUMBER})\s*[)）]?")
TITLE = re.compile(r"《((?:[^《》\n]|《[^《》\n]*》){2,80})》")
ALIAS = re.compile(
    r"\s*[（(]?(?:以下|下)?(?:统称|简称|称)(?:为)?[《“「]?([^《》“”「」（）()，。\n]{2,30})[》”」]?[）)]"
)
BARE_NAME = re.compile("([一-龥]{1,20}?(?:法典|法|条例|办法|规定|细则|规则|准则|指引|章程|通知|意见|决定))$")
OWN_NAME = re.compile(
    "(?<!基)本(?:实施)?(?:法|条例|办法|规定|细则|规则|准则|指引|章程|通知|意见|决定|规程|制度|公约)\\s*$"
)
OWN_DIVISIONS = re.compile(
    rf"(?<!基)本(?:法|条例|办法|规定|细则|规则|准则|指引|章程)(?:(?:{JOIN})?第\s*{NUMBER}\s*(?:分编|[编章节]))+"
)
DIVISION_NUMBER = re.compile(rf"第\s*({NUMBER})\s*(分编|[编章节])")
LEADING = re.compile("^.*(?:依照|依据|按照|根据|违反|适用|符合|参照|执行|以及|或者|(?<!共)和|与|及|的)(?=[一-龥]{2})")
NO_NAME = re.compile("^(?:上述|下列|有关|相关|其他|该|法律|行政法规|国家|前述|本)")
LABEL = re.compile(r"第(\d+)条(?:之(\d+))?(?:第(\d+)款)?(?:第(\d+)项)?(?:第(\d+)目)?$")
WIDEST_RANGE = 60


@dataclass(frozen=True, slots=True)
class Reference:
    """`text[start:end]` points to `labels` of the document `title` ('': this text); labels () means all of it."""

    start: int
    end: int
    title: str
    labels: tuple[str, ...]


@dataclass(slots=True)
class _Here:
    """What is known of a text while its references are read."""

    text: str
    labels: frozenset[str]
    clauses: list[tuple[int, int, Clause]]
    starts: list[int]
    names: dict[str, str] = field(default_factory=dict)

    def at(self, position: int) -> Clause | None:
        """The innermost clause that a position stands in."""
        for i in range(bisect_right(self.starts, position) - 1, -1, -1):
            start, end, clause = self.clauses[i]
            if start <= position < end:
                return clause
            if not clause.paragraph and position >= end:
                return None
        return None


def references(text: str, sections: tuple[Section, ...]) -> tuple[Reference, ...]:
    """Every reference of the text in order; those to clauses of the text itself as labels of its sections."""
    found = [(s.start, s.end, clause) for s in sections if (clause := _clause_of(s.label))]
    here = _Here(text, frozenset(s.label for s in sections), found, [start for start, _, _ in found])
    openings = {start for start, _, clause in found if not clause.paragraph}
    everything = [*_found(here, openings), *_to_divisions(text, here.labels)]
    kept: list[Reference] = []
    for reference in sorted(everything, key=lambda r: (r.start, -r.end)):
        if not kept or reference.start >= kept[-1].end:
            kept.append(reference)
    return tuple(kept)


def _clause_of(label: str) -> Clause | None:
    match = LABEL.match(label)
    return Clause(*(int(number or 0) for number in match.groups())) if match else None


def _found(here: _Here, openings: set[int]) -> Iterator[Reference]:
    for title in TITLE.finditer(here.text):
        alias = ALIAS.match(here.text, title.end())
        if alias:
            here.names[alias[1]] = title[1]
        whole = here.names.get(title[1], title[1])
        chain = CHAIN.match(here.text, _past(here.text, alias.end() if alias else title.end()))
        labels = _labels(here, chain[0], Clause(0)) if chain else ()
        yield Reference(title.start(), chain.end() if chain else title.end(), whole, labels)
    for match in RELATIVE.finditer(here.text):
        labels = _relative(here, match)
        if labels:
            yield Reference(match.start(), match.end(), "", labels)
    for match in CHAIN.finditer(here.text):
        if not any(start in openings for start in range(match.start() - 6, match.start() + 1)):
            yield from _chained(here, match)


def _to_divisions(text: str, labels: frozenset[str]) -> Iterator[Reference]:
    """本法第三章、第四章: the headings of those numbers."""
    headings = {(m[2], value_of(m[1])): label for label in labels if (m := DIVISION_NUMBER.match(label))}
    for match in OWN_DIVISIONS.finditer(text):
        asked = [(m[2], value_of(m[1])) for m in DIVISION_NUMBER.finditer(match[0])]
        found = tuple(headings[name] for name in asked if name in headings)
        if found:
            yield Reference(match.start(), match.end(), "", found)


def _past(text: str, position: int) -> int:
    return position + len(text[position : position + 3]) - len(text[position : position + 3].lstrip())


def _chained(here: _Here, match: re.Match[str]) -> Iterator[Reference]:
    """第八条、第九条 of this text, or of the law whose name stands before it."""
    before = here.text[max(0, match.start() - 30) : match.start()]
    own, name = OWN_NAME.search(before), BARE_NAME.search(before)
    if own or not name:
        start = match.start() - (len(own[0]) if own else 0)
        labels = _labels(here, match[0], here.at(match.start()) or Clause(0))
        if labels:
            yield Reference(start, match.end(), "", labels)
        return
    word = LEADING.sub("", name[1])
    if not NO_NAME.match(word):
        labels = _labels(here, match[0], Clause(0))
        yield Reference(match.start() - len(word), match.end(), here.names.get(word, word), labels)


def _relative(here: _Here, match: re.Match[str]) -> tuple[str, ...]:
    """前款, 前两款, 前条, 本条第一款 from where they stand; () where there is nothing before."""
    at = here.at(match.start())
    if at is None:
        return ()
    unit, count = match["back"] or match["own"], value_of(match["count"] or "一") if match["back"] else 0
    bases = {
        "条": [_article_before(here, at, n) for n in range(count, 0, -1)] if count else [Clause(at.article, at.branch)],
        "款": [replace(at, paragraph=at.paragraph - n, point=0, subpoint=0) for n in range(count, -(not count), -1)],
        "项": [replace(at, point=at.point - n, subpoint=0) for n in range(count, -(not count), -1)],
    }[unit]
    lowest = {"条": 1, "款": at.paragraph - count, "项": at.point - count}[unit]
    if lowest < 1 or None in bases:
        return ()
    known = [base for base in bases if base]
    return _labels(here, match["part"], known[-1]) if match["part"] else tuple(base.label for base in known)


def _article_before(here: _Here, at: Clause, count: int) -> Clause | None:
    """The article that stands so many before the one at hand."""
    order = list(dict.fromkeys((c.article, c.branch) for _, _, c in here.clauses))
    place = order.index((at.article, at.branch)) - count
    return Clause(*order[place]) if place >= 0 else None


def _labels(here: _Here, chain: str, base: Clause) -> tuple[str, ...]:
    """The clauses that a chain names; what it leaves out is taken from the part before it, or from `base`."""
    found: list[Clause] = []
    for piece in PIECE.finditer(chain):
        clauses = _part(piece["part"], found[-1] if found else base)
        if not clauses or not clauses[0].article:
            continue
        if found and piece["join"] and piece["join"].strip() in {"至", "到"}:
            found.extend(_between(found[-1], clauses[0]))
        found.extend(clauses)
    return tuple(dict.fromkeys(_placed(here, clause).label for clause in found))


def _part(part: str, base: Clause) -> list[Clause]:
    """The clauses of 第八条第二款第（一）、（三）项, in the context of a clause."""
    clauses = [base]
    for level in LEVEL.finditer(part):
        numbers = _numbers(level["numbers"])
        branch = value_of(level["branch"] or "")
        clauses = [_with(clause, level["unit"], number, branch) for clause in clauses for number in numbers]
    return clauses


def _with(clause: Clause, unit: str, number: int, branch: int) -> Clause:
    if unit == "条":
        return Clause(number, branch)
    if unit == "款":
        return Clause(clause.article, clause.branch, number)
    if unit == "项":
        return Clause(clause.article, clause.branch, clause.paragraph, number)
    return replace(clause, subpoint=number)


def _numbers(numerals: str) -> list[int]:
    found: list[int] = []
    for match in NUMBERS.finditer(numerals):
        number = value_of(match["number"])
        if found and match["join"] and match["join"].strip() in {"至", "到"} and 0 < number - found[-1] <= WIDEST_RANGE:
            found.extend(range(found[-1] + 1, number))
        found.append(number)
    return found


def _between(first: Clause, last: Clause) -> list[Clause]:
    """What lies between the ends of a range, in the level that it counts."""
    for level in ("subpoint", "point", "paragraph", "article"):
        start, end = getattr(first, level), getattr(last, level)
        if end:
            numbers = range(start + 1, end) if 0 < end - start <= WIDEST_RANGE else range(0)
            return [replace(first, **{level: number}) for number in numbers]
    return []


def _placed(here: _Here, clause: Clause) -> Clause:
    """第九条第三项 of this text: with the 款 that the item stands in, where only one has such an item."""
    if clause.point and clause.label not in here.labels:
        address = (clause.article, clause.branch, clause.point, clause.subpoint)
        same = {c for _, _, c in here.clauses if (c.article, c.branch, c.point, c.subpoint) == address}
        return same.pop() if len(same) == 1 else clause
    return clause
