"""Questions with their gold: (source, quote) pairs and the values that a right answer holds."""

import json
from dataclasses import dataclass
from pathlib import Path

CASES = Path(__file__).parent / "cases"


@dataclass(frozen=True, slots=True)
class Case:
    """One question; no gold means that the knowledge base cannot answer it."""

    id: str
    kind: str
    question: str
    gold: tuple[tuple[str, str], ...]
    values: tuple[str, ...]


def load_cases(name: str) -> tuple[Case, ...]:
    """The cases of `eval/cases/<name>.jsonl`. Raises FileNotFoundError or ValueError naming the line."""
    path = CASES / f"{name}.jsonl"
    cases = []
    for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
        try:
            row = json.loads(line)
            gold = tuple((item["source"], item["quote"]) for item in row.get("gold", ()))
            cases.append(Case(row["id"], row["kind"], row["question"], gold, tuple(row.get("values", ()))))
        except (ValueError, KeyError, TypeError, AttributeError) as error:
            raise ValueError(f"{path.name} line {number}: {error}") from error
    return tuple(cases)
