"""Examples -> batches: windows cut anew in every epoch, kinds in fixed proportion, like lengths together."""

import json
import random
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from rag.reader import Window, encoded, window_around

SHARES = (
    ("own-mined", 0.4),
    ("own-silent-mined", 0.3),
    ("own-silent", 1.5),
    ("own", 2.0),
    ("fact", 2.0),
    ("fact-twin", 1.5),
    ("drcd-a", 1.5),
    ("drcd-b", 1.5),
    ("squad", 1.5),
    ("-mined", 0.8),
)
"""How often an example of a kind is seen in an epoch, the first that fits; 1.0 otherwise."""
Progress = Callable[[str, int, int], None]
"""Called with (stage, done, total)."""
POOL = 50
"""Batches that are sorted by length together."""


@dataclass(frozen=True, slots=True)
class Example:
    """A question and a passage's folded sentences; `answer` = (sentence, start, end in it) or empty if silent.

    `centre` is the sentence around which a window is cut; -1 leaves it to chance (the answer stays inside).
    """

    kind: str
    question: str
    context: str
    sentences: tuple[str, ...]
    centre: int
    answer: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class Row:
    """Token ids and types, 1.0 where the window answers, and the answer's first and last token (0, 0: none)."""

    ids: list[int]
    types: list[int]
    relevant: float
    first: int
    last: int


def read_examples(path: Path) -> list[Example]:
    """The examples of a file as `prepare` wrote them."""
    rows = []
    for line in path.read_text(encoding="utf-8").splitlines():
        row = json.loads(line)
        row["sentences"], row["answer"] = tuple(row["sentences"]), tuple(row["answer"])
        rows.append(Example(**row))
    return rows


def epoch(examples: Sequence[Example], tokenizer: Any, size: int, seed: int) -> Iterator[list[Row]]:
    """The batches of one epoch."""
    chance = random.Random(seed)
    chosen = [e for e in examples for _ in range(_times(share_of(e.kind), chance))]
    chance.shuffle(chosen)
    for start in range(0, len(chosen), POOL * size):
        rows = [row_of(example, tokenizer, chance) for example in chosen[start : start + POOL * size]]
        rows.sort(key=lambda row: len(row.ids))
        batches = [rows[i : i + size] for i in range(0, len(rows), size)]
        chance.shuffle(batches)
        yield from batches


def share_of(kind: str) -> float:
    """How often an example of this kind is seen in an epoch."""
    for ending, share in SHARES:
        if kind == ending or (ending.startswith("-") and kind.endswith(ending)):
            return share
    return 1.0


def _times(share: float, chance: random.Random) -> int:
    return int(share) + (chance.random() < share % 1)


def row_of(example: Example, tokenizer: Any, chance: random.Random) -> Row:
    """A window around the centre; where that is left to chance, one that holds the answer somewhere."""
    first, last = cut(example, chance)
    window = Window(example.context, example.sentences[first:last])
    ids, types, offsets, begin = encoded(tokenizer, example.question, window)
    span = span_of(example, first, offsets, begin)
    return Row(ids, types, float(span != (0, 0)), *span)


def cut(example: Example, chance: random.Random) -> tuple[int, int]:
    """The window's first and last+1 sentence."""
    if example.centre >= 0:
        return window_around(example.sentences, example.centre)
    at = example.answer[0]
    if chance.random() < 0.5:
        first, last = window_around(example.sentences, chance.randrange(len(example.sentences)))
        if first <= at < last:
            return first, last
    return window_around(example.sentences, at)


def span_of(example: Example, first: int, offsets: Sequence[tuple[int, int]], begin: int) -> tuple[int, int]:
    """First and last token of the answer; (0, 0) where there is none or it was cut off."""
    if not example.answer:
        return 0, 0
    at, start, end = example.answer
    shift = begin + sum(map(len, example.sentences[first:at]))
    inside = [i for i, (a, b) in enumerate(offsets) if b > start + shift and a < end + shift and b > a]
    return (inside[0], inside[-1]) if inside else (0, 0)
