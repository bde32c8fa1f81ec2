"""What one clause of a sentence says that some source sentences, with their headings, do not."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache

from rag.claims import Claims
from rag.edits import turned_by_edits, without_light
from rag.figure_check import faults_of_figures, faults_of_places
from rag.names import INSTITUTIONS, PLACES, strange_names, strange_words
from rag.plain import plain
from rag.polarity import denies, turned
from rag.wording import Wording, coverage, signed, uncovered, worded

SAID_AGAIN = 0.85
"""Share of a source's clause that a clause holds which says it again."""
LONG = 4
"""Signs in a row, no two of them side by side in a source, that are words of something else."""
PROPER = re.compile(f"《|{PLACES.pattern}|{INSTITUTIONS.pattern}")
"""Names that nothing but the cited sentences and their headings may vouch for."""

Fault = tuple[str, str]
"""(kind, words): what a sentence says that its sources do not, and the words in which it does."""


@dataclass(frozen=True, slots=True)
class Known:
    """A source sentence as read, with its headings."""

    words: Wording
    heading: Wording

    @property
    def claims(self) -> tuple[Claims, Claims]:
        """What the sentence claims, then what its headings do."""
        return self.words.claims, self.heading.claims


@lru_cache(maxsize=4096)
def known_of(text: str, heading: str) -> Known:
    """Read a source sentence and its headings."""
    return Known(worded(plain(text)), worded(plain(heading)))


class ClauseCheck:
    """Holds the clauses of one sentence against source sentences; each pair is read once."""

    def __init__(self, said: Wording, known: Sequence[Known]) -> None:
        self.said, self.known = said, known
        self._found: dict[tuple[int, tuple[int, ...]], list[Fault]] = {}

    def faults(self, k: int, option: tuple[int, ...]) -> list[Fault]:
        """What clause number `k` says that some source sentences, taken together, do not."""
        if (k, option) not in self._found:
            self._found[k, option] = self._faults(k, option)
        return self._found[k, option]

    def _faults(self, k: int, option: tuple[int, ...]) -> list[Fault]:
        start, end = self.said.spans[k]
        claims = self.said.claims
        sentences = [self.known[i].words.claims for i in option]
        sources = [each for i in option for each in self.known[i].claims]
        found = list(faults_of_figures(claims, start, end, sources))
        found += faults_of_places(claims, start, end, sources)
        found += self._strange(k, option, sources)
        found += self._elsewhere(end, sources)
        found += turned(claims, start, end, sentences)
        if len(option) == 1 and not denies(claims, start, end):
            found += self._undenied(k, self.known[option[0]].words)
        if not found and len(option) == 1:
            source, heading = (signed(each, 0, len(each.plain)) for each in sources)
            said = signed(claims, 0, len(claims.plain))
            found += turned_by_edits(signed(claims, start, end), source, said, source + heading)
        return found

    def _undenied(self, k: int, source: Wording) -> Iterator[Fault]:
        """Clauses of a source that deny something and that a clause says again without a no."""
        start, end = self.said.spans[k]
        mine = worded(self.said.claims.plain[start:end])
        for clause, span in zip(source.clauses, source.spans, strict=True):
            if denies(source.claims, *span) and coverage(clause, (mine,)) >= SAID_AGAIN:
                yield "dropped", source.claims.plain[span[0] : span[1]]

    def _strange(self, k: int, option: Sequence[int], sources: Sequence[Claims]) -> Iterator[Fault]:
        """Names and words that the sentences do not hold, nor what stands under the same headings."""
        claims, (start, end) = self.said.claims, self.said.spans[k]
        headings = {self.known[i].heading.claims.plain for i in option}
        near = "\n".join(e.words.claims.plain for e in self.known if e.heading.claims.plain in headings)
        names = list(strange_names(claims, start, end, [s.plain for s in sources]))
        yield from (("name", name) for name in names if PROPER.search(name))
        found = [name for name in names if not PROPER.search(name)]
        found += strange_words(claims, start, end, sources)
        wordings = [each for i in option for each in (self.known[i].words, self.known[i].heading)]
        found += [run for run in uncovered(self.said.clauses[k], wordings) if len(without_light(run)) >= LONG]
        yield from (("name", name) for name in found if name not in near)

    def _elsewhere(self, end: int, sources: Sequence[Claims]) -> Iterator[Fault]:
        """The sentence speaks of one place or article, the sources of others only."""
        claims = self.said.claims
        said = PLACES.findall(claims.plain[:end])
        told = {place for source in sources for place in PLACES.findall(source.plain)}
        if said and told and said[-1] not in told:
            yield "place", "、".join(sorted(told))
        articles = [number for unit, number, _, at in claims.addresses if unit == "条" and at < end]
        known = {number for source in sources for unit, number, _, _ in source.addresses if unit == "条"}
        if articles and known and articles[-1] not in known:
            yield "address", f"第{articles[-1]}条"
