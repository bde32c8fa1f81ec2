"""Small edits: where a sentence runs along with its source, what it leaves out, puts in or replaces."""

import re
from collections.abc import Iterator
from difflib import SequenceMatcher
from functools import lru_cache
from itertools import pairwise

from rag.claims import STOP
from rag.names import PLACES, TERMS
from rag.polarity import CUE, NAMES, OPPOSITES
from rag.wording import LIGHT, NEUTRAL

NEGATIVE = re.compile("[不未无没非勿莫]|免(?=担|抵)")
SMALL, LONGEST_NAME = 6, 12
"""Characters of an edit at the most; of a name that takes another one's place."""
NEUTRAL_SIGNS = re.compile("[^一-龥]")
ANCHOR = 3
"""Characters that are equal on both sides together at the least; the edge of a clause counts as two."""
EDGE = 2

Edit = tuple[str, str, str, str]
"""(words of the sentence, words of its source, equal words before, equal words after)."""


@lru_cache(maxsize=4096)
def edits(said: str, source: str) -> tuple[Edit, ...]:
    """The small edits between stretches that run alike."""
    matcher = SequenceMatcher(None, said, source, autojunk=False)
    found = []
    codes = matcher.get_opcodes()
    for number, (tag, a, b, c, d) in enumerate(codes):
        if tag == "equal" or max(b - a, d - c) > (LONGEST_NAME if tag == "replace" else SMALL):
            continue
        before = said[codes[number - 1][1] : a] if number else ""
        after = said[b : codes[number + 1][2]] if number + 1 < len(codes) else ""
        left = len(_run(before[::-1])) or EDGE * (_edge(said, a - 1) and _edge(source, c - 1))
        right = len(_run(after)) or EDGE * (_edge(said, b) and _edge(source, d))
        if left and right and left + right >= ANCHOR:
            found.append((said[a:b], source[c:d], before, after))
    return tuple(found)


def _run(text: str) -> str:
    return STOP.split(text, maxsplit=1)[0]


def _edge(text: str, at: int) -> bool:
    return not 0 <= at < len(text) or bool(STOP.match(text[at]))


def turned_by_edits(said: str, source: str, heading: str = "") -> Iterator[tuple[str, str]]:
    """(turned, added or dropped or name, words) for edits that change the sense."""
    for mine, theirs, before, after in edits(said, source):
        if STOP.search(mine) or STOP.search(theirs):
            continue
        if max(len(mine), len(theirs)) > SMALL:
            if _another(mine, theirs, source + heading):
                yield "name", mine
            continue
        signs = len(NEGATIVE.findall(mine)), len(NEGATIVE.findall(theirs))
        if signs[0] != signs[1]:
            yield ("added", mine) if signs[0] > signs[1] else ("dropped", theirs)
            continue
        kinds = {(one, other) for one in _kinds(mine) for other in _kinds(theirs)}
        if any(frozenset(pair) in OPPOSITES for pair in kinds):
            yield "turned", f"{theirs}→{mine}"
        elif mine and theirs and _named(mine, before, after, source + heading) and _named(theirs, before, after, said):
            yield "name", mine
        elif _another(mine, theirs, source + heading):
            yield "name", mine


def _another(mine: str, theirs: str, held: str) -> bool:
    """Words of content that no source holds stand in the place of others."""
    words, others = (NEUTRAL_SIGNS.sub("", NEUTRAL.sub("", LIGHT.sub("", each))) for each in (mine, theirs))
    return len(words) > 1 and len(others) > 1 and not any(a + b in held for a, b in pairwise(words))


def _kinds(words: str) -> set[str]:
    return {NAMES[int((match.lastgroup or "c0")[1:])] for match in CUE.finditer(words)} - {""}


def _named(words: str, before: str, after: str, other: str) -> bool:
    """A term or place that the words make, with their neighbours, and that the other text lacks."""
    text = before[-3:] + words + after[:3]
    start, end = len(before[-3:]), len(before[-3:]) + len(words)
    return any(
        match.start() < end and match.end() > start and match[0] not in other
        for pattern in (PLACES, TERMS)
        for match in pattern.finditer(text)
    )
