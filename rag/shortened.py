"""Short names of documents: 担保条例 is 融资担保公司监督管理条例 where no other title fits it."""

import re
from collections.abc import Mapping
from dataclasses import replace
from itertools import pairwise

from rag.address import BOOK_TITLE, OTHER_PLACE, RANK_PREFIX, Named
from rag.asked import TYPE
from rag.normalise import fold
from rag.question import REGIONS, Question

SHORT_NAME = re.compile(
    rf"[一-龥]{{2,24}}?{TYPE}(?=[的里中上对第,。?、》]|规定|怎么|如何|关于|有没有|是否|要求|讲|说|什么|最|附则|总则|$)"
)
BEFORE_ADDRESS = re.compile(rf"([一-龥]{{2,24}}{TYPE})(?:的|里面?|中|上|,|》)?的?$")
NAME_END = re.compile(rf"{TYPE}$")
UNNAMED = re.compile(
    rf"^(?:请问|想问|那么?|按照?|根据|依照|依据)*(?:本|该|此|这|那|上述|前述|哪|某|各|有关|相关|法律|行政)*(?:一?[个部份项条些])?{TYPE}$"
)
"""该条例, 这个办法: said of a document, no name of one."""
LEADING = re.compile(
    r"^.*(?:请问|想问|想知道|根据|依据|依照|按照|违反|看看|查一?下|问一?下|什么是|[按查问看和与及的,。?!:;《])"
)
SHORTEST_STEM = 2
SHORTEST_PART = 2
"""A name that nothing marks as one (no address after it) is made of pieces of a title this long."""


def shortened(question: Question, titles: Mapping[str, str]) -> Named:
    """What a question names, with the document that a short name fits; `fitting` where it fits several."""
    named = question.named
    if named.sources or (named.missing and not BOOK_TITLE.search(question.text)):
        return named
    addressed = bool(question.asked.spans or question.asked.divisions)
    bracketed = [fold(name) for name in BOOK_TITLE.findall(question.text)]
    if bracketed:
        return _fitted(named, bracketed[0], "", titles) if len(bracketed) == 1 else named
    if not addressed:
        return _said(question, titles)
    said = BEFORE_ADDRESS.search(question.asked.head)
    if not said or UNNAMED.match(said[1]):
        return named
    name = said[1]
    for start in range(len(name) - SHORTEST_STEM):
        if fits(name[start:], titles):
            return _fitted(named, name[start:], name[:start], titles)
    name = LEADING.sub("", name)
    return named if UNNAMED.match(name) or len(name) <= SHORTEST_STEM else replace(named, missing=f"《{name}》")


def fits(name: str, titles: Mapping[str, str], shortest_part: int = 1) -> tuple[str, ...]:
    """The documents whose title a name abbreviates: its characters in order, and the same kind of document."""
    return tuple(source for source, title in titles.items() if _abbreviates(name, _plain(title), shortest_part))


def _fitted(named: Named, name: str, before: str, titles: Mapping[str, str]) -> Named:
    """The documents that a name fits; what stands before it tells apart those of different places."""
    found = fits(name, titles)
    here = tuple(s for s in found if _plain(titles[s])[:2] in before) if len(found) > 1 else ()
    found = here or found
    place = re.search(rf"(?:{REGIONS.pattern})(?:省|市|自治区)?$", before) or OTHER_PLACE.search(before)
    if place and not any(_plain(titles[source])[:2] in place[0] for source in found):
        return replace(named, missing=f"《{place[0]}{name}》")
    if len(found) == 1:
        return replace(named, sources=found, missing="")
    return replace(named, fitting=found, missing="" if found else named.missing)


def _said(question: Question, titles: Mapping[str, str]) -> Named:
    """A short name inside a question on contents counts only where it fits one title in whole words."""
    for said in SHORT_NAME.finditer(question.folded):
        name = said[0]
        for start in range(len(name) - SHORTEST_STEM):
            found = fits(name[start:], titles, SHORTEST_PART)
            if found:
                named = _fitted(question.named, name[start:], name[:start], titles)
                return replace(named, missing="", fitting=()) if len(named.sources) == 1 else question.named
    return question.named


def _plain(title: str) -> str:
    return RANK_PREFIX.sub("", re.sub(r"[\s“”\"'《》·,，、]", "", fold(title)))


def _abbreviates(name: str, title: str, shortest_part: int) -> bool:
    kind = NAME_END.search(name)
    if not kind or not title.endswith(kind[0]) or len(name) - len(kind[0]) < SHORTEST_STEM:
        return False
    places, position = [], 0
    stem, whole = name[: kind.start()], title[: -len(kind[0])]
    for letter in stem:
        position = whole.find(letter, position) + 1
        if not position:
            return False
        places.append(position)
    if shortest_part == 1:
        return True
    breaks = [0, *(i + 1 for i, (a, b) in enumerate(pairwise(places)) if b != a + 1), len(stem)]
    return all(last - first >= shortest_part for first, last in pairwise(breaks))
