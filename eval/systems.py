"""What can be asked: our own Rag as the page asks it, and the shape in which every system replies."""

import time
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

from eval.cases import Case
from rag.chain import Rag
from rag.types import Answer, Filters, Turn

OWN, UNREAD = "本产品", "不用阅读模型"
"""The product, and the product with its reader switched off."""


@dataclass(frozen=True, slots=True)
class Retrieved:
    """A returned passage: where it is from and its characters."""

    source: str
    text: str


@dataclass(frozen=True, slots=True)
class Response:
    """A system's reply; `answer` only where the system answers, `confidence` is higher for surer."""

    passages: tuple[Retrieved, ...]
    confidence: float
    milliseconds: float
    answer: Answer | None = None


class System(Protocol):
    """Anything that can be asked a case."""

    name: str

    def ask(self, case: Case) -> Response:
        """Reply to the last question of a case, after its earlier turns."""


class OwnSystem:
    """The product: the same `Rag` that the page asks, turn by turn."""

    def __init__(self, rag: Rag, name: str = OWN) -> None:
        self._rag, self.name = rag, name

    def ask(self, case: Case) -> Response:
        """Ask the earlier turns, then time the last question."""
        filters = Filters(sources=case.context)
        turns: list[Turn] = []
        for question in case.turns:
            turns.append(Turn(question, self._rag.ask(question, turns, filters=filters)))
        started = time.perf_counter()
        answer = self._rag.ask(case.question, turns, filters=filters)
        milliseconds = (time.perf_counter() - started) * 1000
        passages = tuple(Retrieved(p.chunk.source, p.chunk.text) for p in answer.passages)
        return Response(passages, answer.evidence, milliseconds, answer)


def joined_question(case: Case) -> str:
    """A conversation as one query, for systems that know no turns."""
    return " ".join((*case.turns, case.question))


def sources_of(passages: Sequence[Retrieved]) -> tuple[str, ...]:
    """Distinct sources, best first."""
    return tuple(dict.fromkeys(passage.source for passage in passages))
