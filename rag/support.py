"""Looks for the smallest set of source sentences of one answer layer that proves a sentence, clause by clause."""

from collections.abc import Iterator, Sequence
from itertools import combinations

from rag.clause_check import ClauseCheck, Fault, Known
from rag.polarity import exceptions_dropped
from rag.reckoning import reckoned
from rag.wording import Wording, coverage, own_words

CLAUSE_FLOOR, FLOOR = 0.6, 0.65
"""Shares of the words of a clause, and of a whole sentence, that the cited sentences hold at the least."""
OWN_FLOOR = 0.35
"""Share of a clause that a source sentence holds itself before its headings count."""
ALIKE = 0.4
"""Share of a clause that a sentence holds from whose figures its own may be reckoned."""
GAIN = 0.25
"""Share of a clause that each of two sentences which prove it together holds alone."""
LEAST_OWN = 6
"""Signs, titles and addresses aside, for which each of several cited sentences is needed."""
TRIED = 4
"""Sentences that are tried together for one clause."""
CLOSE, CLOSEST = 0.1, 0.02
"""How much less of a clause than the likeliest sentence another one may hold to prove it, at the least where the
likeliest says the reverse."""
REVERSED = frozenset({"turned", "added", "dropped", "direction"})
MOST = 4
"""Sentences that prove one sentence at the most."""
LIKENESS = 0.05
"""Weight of the similarity beside the share of words."""


def _share(clause: str, known: Known) -> float:
    """Share of a clause that a sentence holds; its headings count where it holds enough itself."""
    own = coverage(clause, (known.words,))
    return coverage(clause, (known.words, known.heading)) if own >= OWN_FLOOR else own


class Search:
    """Looks for the smallest set of source sentences of one group that proves a sentence, clause by clause."""

    def __init__(self, said: Wording, known: Sequence[Known], groups: Sequence[str], likeness: Sequence[float]) -> None:
        self._said, self._known, self._groups = said, known, groups
        self._check = ClauseCheck(said, known)
        self._shares = [[_share(clause, each) for each in known] for clause in said.clauses]
        weights = [len(clause) for clause in said.clauses]
        total = sum(weights) or 1
        self._held = [
            sum(w * shares[i] for w, shares in zip(weights, self._shares, strict=True)) / total
            for i in range(len(known))
        ]
        self._rank = [held + LIKENESS * like for held, like in zip(self._held, likeness, strict=True)]

    def held(self, i: int) -> float:
        """Share of the sentence's words that a source sentence holds."""
        return self._held[i]

    def nearest(self) -> int:
        """The source sentence that is most like the sentence."""
        return max(range(len(self._known)), key=lambda i: self._rank[i])

    def faults_with(self, i: int) -> list[Fault]:
        """What the sentence says that one source sentence does not."""
        found = [fault for k in range(len(self._said.clauses)) for fault in self._check.faults(k, (i,))]
        return found + list(exceptions_dropped(self._said.claims.plain, [self._known[i].words.claims]))

    def proofs(self) -> tuple[tuple[int, ...], tuple[str, ...]]:
        """The indices of the source sentences that prove the sentence, and the formulas of reckoned figures."""
        best: tuple[tuple[int, ...], tuple[str, ...]] = ((), ())
        for group in dict.fromkeys(self._groups):
            members = [i for i, of in enumerate(self._groups) if of == group]
            members.sort(key=lambda i: -self._rank[i])
            found, formulas = self._proofs_of(members)
            if found and (not best[0] or self._better(found, best[0])):
                best = found, formulas
        return best

    def _better(self, found: tuple[int, ...], than: tuple[int, ...]) -> bool:
        return (len(found), -self._rank[found[0]]) < (len(than), -self._rank[than[0]])

    def _proofs_of(self, members: Sequence[int]) -> tuple[tuple[int, ...], tuple[str, ...]]:
        owners: list[list[tuple[int, ...]]] = []
        formulas: list[str] = []
        for k in range(len(self._said.clauses)):
            options = self._owners(k, members)
            if not options:
                reckoning = self._reckoned(k, members)
                options, more = ([reckoning[0]], reckoning[1]) if reckoning else ([], [])
                formulas.extend(more)
            if not options:
                return (), ()
            owners.append(options)
        chosen = self._cover(owners)
        if len(chosen) > MOST or self._share_of(chosen) < FLOOR or not self._all_needed(chosen, owners):
            return (), ()
        claims = [self._known[i].words.claims for i in chosen]
        if any(exceptions_dropped(self._said.claims.plain, claims)):
            return (), ()
        return chosen, tuple(formulas)

    def _owners(self, k: int, members: Sequence[int]) -> list[tuple[int, ...]]:
        """The sentences that prove a clause, each alone, else together, if the likeliest does not say the reverse."""
        shares = self._shares[k]
        likeliest = max(members, key=lambda i: (shares[i], self._rank[i]))
        kinds = {kind for kind, _ in self._check.faults(k, (likeliest,))}
        reverse = bool(kinds & REVERSED)
        level = max(CLAUSE_FLOOR, shares[likeliest] - (CLOSEST if reverse else CLOSE))
        alone: list[tuple[int, ...]] = [(i,) for i in members if shares[i] >= level and not self._check.faults(k, (i,))]
        if alone or reverse:
            return alone
        return list(self._together(k, members))

    def _cover(self, owners: Sequence[list[tuple[int, ...]]]) -> tuple[int, ...]:
        """The fewest sentences that own all clauses, the most alike first."""
        chosen: list[int] = []
        open_clauses = list(owners)
        while open_clauses:
            options = {option for options in open_clauses for option in options}
            best = max(
                options, key=lambda o: (sum(o in options for options in open_clauses), max(self._rank[i] for i in o))
            )
            chosen.extend(i for i in best if i not in chosen)
            open_clauses = [options for options in open_clauses if not any(set(o) <= set(chosen) for o in options)]
        return tuple(chosen)

    def _all_needed(self, chosen: Sequence[int], owners: Sequence[list[tuple[int, ...]]]) -> bool:
        """Each of several sentences is needed for enough words of its own, not for a name or an article only."""
        for left in chosen if len(chosen) > 1 else ():
            rest = {i for i in chosen if i != left}
            needed = [k for k, options in enumerate(owners) if not any(set(option) <= rest for option in options)]
            if sum(len(own_words(self._said.claims, *self._said.spans[k])) for k in needed) < LEAST_OWN:
                return False
        return True

    def _share_of(self, chosen: Sequence[int]) -> float:
        wordings = [each for i in chosen for each in (self._known[i].words, self._known[i].heading)]
        clauses = self._said.clauses
        return sum(len(c) * coverage(c, wordings) for c in clauses) / (sum(map(len, clauses)) or 1)

    def _together(self, k: int, members: Sequence[int]) -> Iterator[tuple[int, ...]]:
        """Pairs and triples that prove a clause together, each holding a part that the others lack."""
        clause = own_words(self._said.claims, *self._said.spans[k])
        likely = sorted(members, key=lambda i: -self._shares[k][i])[:TRIED]
        for count in (2, 3):
            for option in combinations(likely, count):
                whole = self._of(clause, option)
                gains = (whole - self._of(clause, [i for i in option if i != left]) for left in option)
                if whole >= CLAUSE_FLOOR and min(gains) >= GAIN / (count - 1) and not self._check.faults(k, option):
                    yield option

    def _of(self, clause: str, option: Sequence[int]) -> float:
        return coverage(clause, [each for i in option for each in (self._known[i].words, self._known[i].heading)])

    def _reckoned(self, k: int, members: Sequence[int]) -> tuple[tuple[int, ...], list[str]] | None:
        """The sentences from whose figures those of a clause are reckoned, with the formulas."""
        likely = [i for i in sorted(members, key=lambda i: -self._shares[k][i])[:TRIED] if self._shares[k][i] >= ALIKE]
        claims = self._said.claims
        for option in [(i,) for i in likely] + list(combinations(likely, 2)):
            faults = self._check.faults(k, option)
            if self._of(self._said.clauses[k], option) < CLAUSE_FLOOR or {kind for kind, _ in faults} != {"figure"}:
                continue
            words = [word for _, word in faults]
            start, end = self._said.spans[k]
            sources = [self._known[i].words.claims for i in option]
            asked = [f for f in claims.figures if f.text in words and start <= f.quantity.start < end]
            formulas = [reckoned(claims, figure, sources) for figure in asked]
            if formulas and all(formulas):
                return option, formulas
        return None
