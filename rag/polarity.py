"""Negation, modality, scope and direction: what a sentence turns round, adds or drops against its sources."""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise

from rag.claims import STOP, Claims
from rag.cues import CUE, NAMES, OPPOSITES
from rag.wording import CONTENT, NEUTRAL, equalled

NEVER_ADDED = frozenset({"not", "forbid", "none", "except", "only", "all", "part"})
NEVER_DROPPED = frozenset({"not", "forbid", "none", "only", "may"})
AFTER_FIGURES, BEFORE_FIGURES = frozenset({"above", "below", "inside", "outside", "before", "after"}), {"over", "under"}
"""Kinds of cues that bound a figure, from behind or before it."""
LIMIT = re.compile("超过|高于|低于|少于|多于|大于|小于|突破")
EXCEPT_BEFORE = re.compile(
    "(?<![清扣解消废免拆删])(?P<word>除)(?P<exception>[^。;]{2,60}?)(?:以外|之外|外),?(?P<rule>[^,。;]{3,})"
)
EXCEPT_AFTER = re.compile("(?P<rule>[^,。;]{3,})[,;](?P<exception>但是?[^。;]{2,80}?|[^,。;]{2,80})(?P<word>除外)")
EXCEPTING = re.compile("除|不包括|不包含|不含|不在|不适用|不属|例外|不计")
RULE = 6
"""Signs of a rule by which it is known that a sentence states it."""
KIN = {"forbid": "not", "none": "not", "not": "not", "except": "not"}
"""Cues that say the same turn: 不能混用 and 不可混用, 没有 and 未."""
NEXT = 6
"""Signs next to a cue that are looked for near another one."""
WITHIN = 16
"""Signs to the right and left of a cue by which its place is known."""
APART = 0.35
"""What is left of the likeness of two cues that nothing alike follows."""
ENOUGH = 3
"""Signs that are enough to know a place by."""
REVERSE, MORE = 0.45, 0.2
"""How alike the surroundings of an opposite are at the least; how much more so than those of a counterpart."""
AGAIN = 0.8
"""Share of the words after a cue that one counterpart needs to stand for two."""
LIKE = 0.4
"""Share of a cue's surroundings that stand round its counterpart."""


@dataclass(frozen=True, slots=True)
class Cue:
    """A word that turns a sentence, with the content before and after it in its clause, and its place."""

    kind: str
    word: str
    left: str
    right: str
    start: int

    @property
    def kin(self) -> str:
        """The kind, one for all negations."""
        return KIN.get(self.kind, self.kind)


@lru_cache(maxsize=8192)
def cues(claims: Claims) -> tuple[Cue, ...]:
    """The cues of a sentence outside its titles; bounds of figures are not among them."""
    text = claims.masked
    bounds = {q for figure in claims.figures for q in range(figure.quantity.start - 8, figure.quantity.end + 4)}
    ends = {q for figure in claims.figures for q in range(figure.quantity.end, figure.quantity.end + 4)}
    found = []
    for match in CUE.finditer(text):
        kind = _kind(match)
        after = kind in AFTER_FIGURES and match.start() in ends
        bounding = after or (kind in BEFORE_FIGURES and match.start() in bounds)
        limit = kind in {"forbid", "not"} and LIMIT.match(text, match.end()) and match.end() in bounds
        if kind and not bounding and not limit:
            left = _content(STOP.split(text[: match.start()])[-1])[-WITHIN:]
            right = _content(STOP.split(text[match.end() :], maxsplit=1)[0])[:WITHIN]
            found.append(Cue(kind, match[0], left, right, match.start()))
    return tuple(found)


def _content(text: str) -> str:
    return "".join(CONTENT.findall(NEUTRAL.sub("", equalled(without_cues(text)))))


def _kind(match: re.Match[str]) -> str:
    return NAMES[int((match.lastgroup or "c0")[1:])]


def without_cues(text: str) -> str:
    """A text without the words that turn it."""
    return CUE.sub(lambda match: "" if _kind(match) else match[0], text)


def kinds(text: str) -> frozenset[str]:
    """The kinds of cues in a text."""
    return frozenset(_kind(match) for match in CUE.finditer(text)) - {""}


def turned(claims: Claims, start: int, end: int, sources: Sequence[Claims]) -> Iterator[tuple[str, str]]:
    """(what happened, word): turned (against which word), added or dropped in a stretch of a sentence."""
    own = cues(claims)
    theirs = [cue for source in sources for cue in cues(source)]
    same = _paired(own, theirs)
    for number, cue in enumerate(own):
        if not start <= cue.start < end:
            continue
        kindred = max((likeness(cue, other) for other in theirs if other.kin == cue.kin), default=0.0)
        level = max(REVERSE, kindred + MORE) if number in same else REVERSE
        against = [other for other in theirs if frozenset((cue.kind, other.kind)) in OPPOSITES]
        against = [other for other in against if likeness(cue, other) >= level]
        if number in same and not against:
            continue
        if against:
            yield "turned", f"{against[0].word}→{cue.word}"
        elif cue.kind in NEVER_ADDED:
            yield "added", cue.word
    yield from _dropped(claims, start, end, theirs)


def _paired(own: Sequence[Cue], theirs: Sequence[Cue]) -> frozenset[int]:
    """The cues of a sentence that have a counterpart of their own, or one that is said again of the same words."""
    scored = [
        (likeness(cue, other), number, place)
        for number, cue in enumerate(own)
        for place, other in enumerate(theirs)
        if cue.kin == other.kin
    ]
    found: set[int] = set()
    used: set[int] = set()
    for score, number, place in sorted(scored, key=lambda pair: -pair[0]):
        again = _shared(own[number].right, theirs[place].right) >= AGAIN
        if score >= LIKE and number not in found and (place not in used or again):
            found.add(number)
            used.add(place)
    return frozenset(found)


def likeness(cue: Cue, other: Cue) -> float:
    """How alike the surroundings of two cues are, by what follows them where enough does; 0..1."""
    after, before = _shared(cue.right, other.right), _shared(cue.left, other.left)
    crossed = max(_crossed(cue.right, other.left), _crossed(cue.left, other.right))
    if min(len(cue.right), len(other.right)) >= ENOUGH:
        return max(after, 0.6 * after + 0.4 * before, crossed)
    apart = bool(cue.right and other.right) and not after
    return max(before, _shared(cue.left + cue.right, other.left + other.right), crossed) * (APART if apart else 1.0)


def _crossed(one: str, other: str) -> float:
    """没有给出具体数字 and 具体数字未出现: what follows the one stands before the other."""
    return _shared(one, other) if min(len(one), len(other)) > ENOUGH else 0.0


def _shared(one: str, other: str) -> float:
    """Share of the pairs of signs next to one cue that stand near the other; of single signs where there is no pair."""
    shorter, longer = sorted((one, other), key=len)
    near = shorter[:NEXT]
    if len(near) < 2:
        return float(bool(near) and near in longer)
    return sum(a + b in longer for a, b in pairwise(near)) / (len(near) - 1)


def _dropped(claims: Claims, start: int, end: int, theirs: Iterable[Cue]) -> Iterator[tuple[str, str]]:
    """Cues of the sources whose following words stand in the stretch, and that the sentence says nowhere."""
    text = _content(claims.masked[start:end])
    for cue in theirs:
        head = cue.right[: ENOUGH + 1]
        if cue.kind in NEVER_DROPPED and len(head) >= ENOUGH and head in text:
            alike = (c for c in cues(claims) if c.kin == cue.kin or {c.kind, cue.kind} == {"may", "must"})
            if not any(likeness(c, cue) >= LIKE for c in alike):
                yield "dropped", cue.word


def denies(claims: Claims, start: int, end: int) -> bool:
    """Whether a stretch of a sentence denies something."""
    return any(cue.kin == "not" and start <= cue.start < end for cue in cues(claims))


def exceptions_dropped(whole: str, sources: Sequence[Claims]) -> Iterator[tuple[str, str]]:
    """Exceptions of the sources that a sentence leaves out although it states the rule they stand beside."""
    said = _content(whole)
    for source in sources:
        for pattern in (EXCEPT_BEFORE, EXCEPT_AFTER):
            for match in pattern.finditer(source.masked):
                exception, rule = _content(match["exception"]).lstrip("但"), _content(match["rule"])
                rule = rule[:RULE] if pattern is EXCEPT_BEFORE else rule[-RULE:]
                included = pattern is EXCEPT_AFTER and not EXCEPTING.search(whole)
                if len(rule) >= ENOUGH and rule in said and (included or exception[:ENOUGH] not in said):
                    yield "dropped", match["word"]
