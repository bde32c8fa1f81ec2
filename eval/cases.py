"""Questions with their gold: the quotes that prove an answer, and what it must and must not hold."""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

CASES = Path(__file__).parent / "cases"
SPLITS = ("dev", "test")
CHECKSUM = CASES / "test.sha256"
KINDS = (
    "number",
    "document",
    "definition",
    "list",
    "how",
    "compare",
    "statistics",
    "follow_up",
    "false_premise",
    "near_domain",
    "out_of_domain",
)


@dataclass(frozen=True, slots=True)
class Gold:
    """A quote that proves a part of the answer; quotes of one part are alternatives, all parts are needed."""

    source: str
    quote: str = ""
    part: int = 1


@dataclass(frozen=True, slots=True)
class Case:
    """One question; an unanswerable one has no gold."""

    id: str
    kind: str
    question: str
    turns: tuple[str, ...] = ()
    gold: tuple[Gold, ...] = ()
    values: tuple[tuple[str, ...], ...] = ()
    """What a right answer holds: each value in one of its wordings."""
    items: tuple[tuple[str, ...], ...] = ()
    """Every item of the list that is asked for, each in one of its wordings."""
    must_not: tuple[str, ...] = ()
    absent: tuple[str, ...] = ()
    """Words that together name the missing fact of an unanswerable question."""
    about: str = ""
    context: tuple[str, ...] = ()
    """The only sources that may be used, where the set prescribes them; else empty."""
    answerable: bool = True
    """Whether the corpus holds the answer."""

    @property
    def parts(self) -> tuple[int, ...]:
        """The numbers of the parts that have a quote."""
        return tuple(sorted({gold.part for gold in self.gold if gold.quote}))


def load_cases(name: str) -> tuple[Case, ...]:
    """The cases of `eval/cases/<name>.jsonl`. Raises FileNotFoundError or ValueError naming the line."""
    path = CASES / f"{name}.jsonl"
    cases = []
    for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
        try:
            cases.append(_case(json.loads(line)))
        except (ValueError, KeyError, TypeError, AttributeError) as error:
            raise ValueError(f"{path.name} line {number}: {error}") from error
    return tuple(cases)


def test_checksum() -> str:
    """SHA-256 of the frozen test split as it is on disk."""
    return hashlib.sha256((CASES / "test.jsonl").read_bytes()).hexdigest()


def _case(row: Mapping[str, Any]) -> Case:
    if row["kind"] not in KINDS:
        raise ValueError(row["kind"])
    return Case(
        id=row["id"],
        kind=row["kind"],
        question=row["question"],
        turns=tuple(row.get("turns", ())),
        gold=tuple(Gold(g["source"], g["quote"], g.get("part", 1)) for g in row.get("gold", ())),
        values=tuple((value,) for value in row.get("values", ())),
        items=tuple(tuple(item) for item in row.get("items", ())),
        must_not=tuple(row.get("must_not", ())),
        absent=tuple(row.get("absent", ())),
        about=row.get("about", ""),
        answerable=bool(row.get("gold")),
    )
