"""Small edits: where a sentence runs along with its source, what it leaves out, puts in or replaces."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from difflib import SequenceMatcher
from functools import lru_cache
from itertools import pairwise

from rag.address import BOOK_TITLE
from rag.claims import STOP
from rag.cues import OPPOSITES
from rag.names import INSTITUTIONS, PLACES, TERMS
from rag.polarity import kinds, without_cues
from rag.wording import LIGHT, NEUTRAL

NEGATIVE = re.compile("不(?!足|良|断|仅|同|动产)|[未无非勿莫禁]|没(?!收)|免(?=担|抵)")
SMALL, LONGEST_NAME = 6, 12
"""Characters of an edit at the most; of a name that takes another one's place."""
NOT_HAN = re.compile("[^一-龥]")
ANCHOR = 3
"""Characters that are equal on both sides together at the least; the edge of a clause counts as two."""
EDGE = 2
ITEMS = "、"
MARKS = ",，;；:：。、"


@dataclass(frozen=True, slots=True)
class Edit:
    """Words of a sentence in the place of those of its source, and how many equal signs stand on either side."""

    mine: str
    theirs: str
    left: int
    right: int
    clause: str
    source_clause: str
    before: str
    after: str


@lru_cache(maxsize=4096)
def edits(said: str, source: str) -> tuple[Edit, ...]:
    """The small edits between stretches that run alike."""
    codes = SequenceMatcher(None, said, source, autojunk=False).get_opcodes()
    found = []
    for number, (tag, a, b, c, d) in enumerate(codes):
        if tag == "equal":
            continue
        c, d = _within_clause(said, source, (a, b, c, d))
        mine, theirs = said[a:b].strip(MARKS), source[c:d].strip(MARKS)
        if max(len(mine), len(theirs)) > (LONGEST_NAME if mine and theirs else SMALL) or STOP.search(mine + theirs):
            continue
        if not mine and _listed(source, c, d):
            continue
        before = said[codes[number - 1][1] : a] if number else ""
        after = said[b : codes[number + 1][2]] if number + 1 < len(codes) else ""
        left = len(STOP.split(before)[-1]) or EDGE * (_edge(said, a - 1) and _edge(source, c - 1))
        right = len(STOP.split(after, maxsplit=1)[0]) or EDGE * (_edge(said, b) and _edge(source, d))
        if left and right and left + right >= ANCHOR:
            clauses = _clause(said, a, b), _clause(source, c, d)
            found.append(Edit(mine, theirs, left, right, *clauses, before[-3:], after[:3]))
    return tuple(found)


def _listed(source: str, start: int, end: int) -> bool:
    """Items of a list that are left out: no sense is turned by that."""
    return ITEMS in source[start:end] or ITEMS in source[max(0, start - 1) : start] + source[end : end + 1]


def _within_clause(said: str, source: str, code: tuple[int, int, int, int]) -> tuple[int, int]:
    """The part of a replaced stretch of the source that belongs to the clause where the sentence begins or ends."""
    a, b, c, d = code
    stops = [c + stop.start() for stop in STOP.finditer(source[c:d])]
    if stops and _edge(said, a - 1):
        return stops[-1] + 1, d
    if stops and _edge(said, b):
        return c, stops[0]
    return c, d


def _edge(text: str, at: int) -> bool:
    return not 0 <= at < len(text) or bool(STOP.match(text[at]))


def _clause(text: str, start: int, end: int) -> str:
    return STOP.split(text[:start])[-1] + text[start:end] + STOP.split(text[end:], maxsplit=1)[0]


def turned_by_edits(clause: str, source: str, said: str, held: str) -> Iterator[tuple[str, str]]:
    """(turned, added or dropped or name, words) for edits of a clause that change its sense.

    `said` is the whole sentence, `held` all that the source and its headings say.
    """
    clause = BOOK_TITLE.sub("", clause)  # whose words they are is checked by name
    for edit in dict.fromkeys((*edits(clause, source), *edits(clause, _nearest_clause(clause, source)))):
        signs = len(NEGATIVE.findall(edit.mine)), len(NEGATIVE.findall(edit.theirs))
        short = max(len(edit.mine), len(edit.theirs)) <= SMALL
        said_there = len(edit.mine) >= ANCHOR and edit.mine in source
        if short and signs[0] != signs[1] and _count(edit.clause) != _count(edit.source_clause) and not said_there:
            yield ("added", edit.mine) if signs[0] > signs[1] else ("dropped", edit.theirs)
        elif short and any(
            frozenset((one, other)) in OPPOSITES for one in kinds(edit.mine) for other in kinds(edit.theirs)
        ):
            yield "turned", f"{edit.theirs}→{edit.mine}"
        elif _another_term(edit, said, source) or _another(edit, said, held):
            yield "name", edit.mine


def _nearest_clause(clause: str, source: str) -> str:
    """The clause of a source that shares the most pairs of signs with a clause."""
    pairs = {a + b for a, b in pairwise(clause)}
    return max(STOP.split(source), key=lambda part: sum(a + b in pairs for a, b in pairwise(part)))


def _count(clause: str) -> int:
    return len(NEGATIVE.findall(clause))


def _another(edit: Edit, said: str, held: str) -> bool:
    """Words of content stand in the place of others: such as no source holds, or as close neighbours show."""
    words, others = without_light(edit.mine), without_light(edit.theirs)
    if min(len(words), len(others)) < 2:
        return False
    close = min(edit.left, edit.right) >= EDGE
    strange = not any(a + b in held for a, b in pairwise(words))
    return strange or (close and not any(a + b in said for a, b in pairwise(others)))


def without_light(words: str) -> str:
    """The words that name something: neither little ones, nor such as turn a sentence, nor such as any writer adds."""
    return NOT_HAN.sub("", NEUTRAL.sub("", without_cues(LIGHT.sub("", words))))


def _another_term(edit: Edit, said: str, source: str) -> bool:
    return bool(edit.mine and edit.theirs) and _named(edit, edit.mine, source) and _named(edit, edit.theirs, said)


def _named(edit: Edit, words: str, other: str) -> bool:
    """A term or place that the words make, with their neighbours, and that the other text lacks."""
    text, start = edit.before + words + edit.after, len(edit.before)
    return any(
        match.start() < start + len(words) and match.end() > start and match[0] not in other
        for pattern in (PLACES, INSTITUTIONS, TERMS)
        for match in pattern.finditer(text)
    )
