"""One thing changed in a true sentence, so that it is false: a figure, a negation, a modality, a name."""

import random
import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass

from eval.swaps import (
    AFFIRMATION,
    AFFIRMED,
    APPROXIMATE,
    APPROXIMATION,
    ARTICLE,
    CHINESE_DIGITS,
    DOC_NUMBER,
    INSTITUTIONS,
    MODAL,
    MODALITY,
    MONTH,
    NEGATION,
    NUMERAL,
    PLAIN_AMOUNT,
    POSITIVE,
    SCALE,
    SCALES,
    SCOPE,
    SCOPES,
    SUBJECTS,
    TITLE,
    UNIT,
    UNITS,
    WAY,
    WAYS,
    YEAR,
)
from rag.normalise import fold
from rag.question import REGIONS

FIGURES = ("digit", "scale", "unit", "approximation", "year", "month", "article", "doc_number", "exchanged")
REST = (
    "negation_dropped",
    "negation_added",
    "modality",
    "scope",
    "direction",
    "region",
    "institution",
    "subject",
    "title",
)
KINDS = (*FIGURES, *REST)

Mutation = Callable[[str, random.Random, "Vocabulary"], str]


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """Names of one kind beside one another, from the knowledge base: what one of them is swapped for."""

    regions: tuple[str, ...]
    institutions: tuple[tuple[str, ...], ...]
    subjects: tuple[tuple[str, ...], ...]
    titles: tuple[str, ...]

    @classmethod
    def of(cls, titles: Iterable[str], issuers: Iterable[str], words: Iterable[str]) -> "Vocabulary":
        """From titles and issuers of documents and the words of the lexicon; words of one ending are of one kind."""
        endings: dict[str, list[str]] = {}
        for word in words:
            if re.fullmatch("[一-龥]{4,8}", word):
                endings.setdefault(word[-2:], []).append(word)
        kinds = tuple(tuple(members) for members in endings.values() if len(members) > 1)
        subjects = (*(tuple(group.split()) for group in SUBJECTS), *kinds)
        bodies = (*(tuple(group.split()) for group in INSTITUTIONS), tuple(dict.fromkeys(issuers)))
        return cls(tuple(REGIONS.pattern.split("|")), bodies, subjects, tuple(titles))


def mutants(text: str, vocabulary: Vocabulary, seed: int) -> Mapping[str, str]:
    """By kind, the sentence with one thing changed; kinds for which it offers nothing are left out."""
    found = {}
    for number, kind in enumerate(KINDS):
        mutant = MUTATIONS[kind](text, random.Random(seed * 100 + number), vocabulary)  # noqa: S311
        if mutant and fold(mutant) != fold(text):
            found[kind] = mutant
    return found


def _outside_titles(pattern: re.Pattern[str], text: str) -> list[re.Match[str]]:
    titles = [match.span() for match in TITLE.finditer(text)]
    return [m for m in pattern.finditer(text) if not any(start <= m.start() < end for start, end in titles)]


def _swapped(pattern: re.Pattern[str], to: Callable[[str, random.Random], str]) -> Mutation:
    """Replace one match, chosen by chance."""

    def mutate(text: str, rng: random.Random, _: Vocabulary) -> str:
        matches = _outside_titles(pattern, text)
        if not matches:
            return ""
        match = rng.choice(matches)
        return text[: match.start()] + to(match[0], rng) + text[match.end() :]

    return mutate


def _by(table: Mapping[str, str]) -> Callable[[str, random.Random], str]:
    return lambda word, _: table[word]


def _other_number(word: str, rng: random.Random) -> str:
    """A numeral with one digit changed, the first one never to nought."""
    places = [i for i, sign in enumerate(word) if sign.isdecimal() or sign in CHINESE_DIGITS]
    if not places:
        return f"{word}一"
    place = rng.choice(places)
    digits = CHINESE_DIGITS if word[place] in CHINESE_DIGITS else "123456789"
    return word[:place] + rng.choice([d for d in digits if d != word[place]]) + word[place + 1 :]


def _other_year(word: str, rng: random.Random) -> str:
    return str(int(word) + rng.choice((-2, -1, 1, 2)))


def _other_month(word: str, rng: random.Random) -> str:
    return str(rng.choice([m for m in range(1, 13) if m != int(word)]))


def _approximated(text: str, rng: random.Random, vocabulary: Vocabulary) -> str:
    """An approximation turned round, or one put before a plain amount."""
    turned = _swapped(APPROXIMATION, _by(APPROXIMATE))(text, rng, vocabulary)
    return turned or _swapped(PLAIN_AMOUNT, lambda _, r: r.choice(("超", "不足", "近")))(text, rng, vocabulary)


def _exchanged(text: str, rng: random.Random, _: Vocabulary) -> str:
    """Two figures of one unit in each other's place."""
    figures = re.compile(r"\d+(?:\.\d+)?(?:万亿元|亿元|万元|%|个百分点|万户)")
    matches = _outside_titles(figures, text)
    pairs = [
        (one, other)
        for i, one in enumerate(matches)
        for other in matches[i + 1 :]
        if one[0] != other[0] and one[0].lstrip("0123456789.") == other[0].lstrip("0123456789.")
    ]
    if not pairs:
        return ""
    one, other = rng.choice(pairs)
    return text[: one.start()] + other[0] + text[one.end() : other.start()] + one[0] + text[other.end() :]


def _of_kind(groups: Callable[[Vocabulary], Iterable[tuple[str, ...]]]) -> Mutation:
    """Replace a name by another of its kind that the sentence does not hold."""

    def mutate(text: str, rng: random.Random, vocabulary: Vocabulary) -> str:
        bare = TITLE.sub(lambda m: "□" * len(m[0]), text)
        options = []
        for group in groups(vocabulary):
            present = [name for name in group if name in bare]
            for name in present:
                others = [o for o in group if o not in text and not set(o) <= set(name) and not set(name) <= set(o)]
                options += [(name, other) for other in others]
        if not options:
            return ""
        longest = max(len(name) for name, _ in options)
        name, other = rng.choice([option for option in options if len(option[0]) >= min(longest, 4)] or options)
        at = bare.index(name)
        return text[:at] + other + text[at + len(name) :]

    return mutate


def _other_title(text: str, rng: random.Random, vocabulary: Vocabulary) -> str:
    titles = list(TITLE.finditer(text))
    if not titles:
        return ""
    match = rng.choice(titles)
    others = [t for t in vocabulary.titles if t not in match[0] and match[0][1:-1] not in t]
    return text[: match.start()] + f"《{rng.choice(others)}》" + text[match.end() :] if others else ""


MUTATIONS: Mapping[str, Mutation] = {
    "digit": _swapped(NUMERAL, _other_number),
    "scale": _swapped(SCALE, lambda word, rng: rng.choice(SCALES[word])),
    "unit": _swapped(UNIT, lambda word, _: UNITS.get(word, "个" + UNITS.get(word[1:], "月"))),
    "approximation": _approximated,
    "year": _swapped(YEAR, _other_year),
    "month": _swapped(MONTH, _other_month),
    "article": _swapped(ARTICLE, _other_number),
    "doc_number": _swapped(DOC_NUMBER, _other_number),
    "exchanged": _exchanged,
    "negation_dropped": _swapped(NEGATION, lambda word, _: POSITIVE.get(word, "")),
    "negation_added": _swapped(AFFIRMATION, _by(AFFIRMED)),
    "modality": _swapped(MODALITY, _by(MODAL)),
    "scope": _swapped(SCOPE, _by(SCOPES)),
    "direction": _swapped(WAY, _by(WAYS)),
    "region": _of_kind(lambda v: (v.regions,)),
    "institution": _of_kind(lambda v: v.institutions),
    "subject": _of_kind(lambda v: v.subjects),
    "title": _other_title,
}
