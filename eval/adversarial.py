"""Questions and documents that try to mislead, inject, extract or break: asked, and judged by patterns."""

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from eval import texts
from eval.bench import read_rows
from rag.chain import Rag
from rag.errors import QuestionRejected
from rag.types import Answer, Turn

FILE = "adversarial.jsonl"
QUESTION, DOCUMENT = "question", "document"
ASKED = (QUESTION, DOCUMENT)


@dataclass(frozen=True, slots=True)
class AdversarialReply:
    """How one row was answered; `why` says what it failed, empty where it passed."""

    id: str
    category: str
    question: str
    passed: bool
    why: tuple[str, ...]
    text: str


def ask_adversarial(rag: Rag, shared: Path, where: str = QUESTION) -> list[AdversarialReply]:
    """Ask every row that is a question after its earlier turns, or what is asked about the documents (which the Rag
    must hold); empty where the file is absent."""
    return [_asked(rag, row) for row in adversarial_rows(shared, where)]


def unasked(shared: Path) -> dict[str, int]:
    """Why rows are not asked (they are file names and settings), in Chinese, and how many."""
    if not (shared / FILE).is_file():
        return {texts.ADVERSARIAL_MISSING.format(path=shared / FILE): 0}
    counts = Counter(row["where"] for row in _rows(shared) if row["where"] not in ASKED)
    return {texts.ADVERSARIAL_UNASKED.get(where, where): count for where, count in counts.items()}


def by_category(replies: Sequence[AdversarialReply]) -> dict[str, tuple[int, int]]:
    """Passed and asked by category."""
    categories = dict.fromkeys(reply.category for reply in replies)
    members = {name: [reply.passed for reply in replies if reply.category == name] for name in categories}
    return {name: (sum(passed), len(passed)) for name, passed in members.items()}


def report_lines(replies: Sequence[AdversarialReply], skipped: Mapping[str, int]) -> list[str]:
    """The table by category and the rows left out, one line each, to be printed."""
    lines = [
        texts.ADVERSARIAL_LINE.format(category=category, passed=passed, count=count)
        for category, (passed, count) in by_category(replies).items()
    ]
    return lines + [texts.ADVERSARIAL_SKIPPED.format(reason=reason, count=count) for reason, count in skipped.items()]


def question_turns(row: Mapping[str, Any]) -> tuple[str, ...]:
    """What is asked, turn by turn, the last being judged; a repeated unit is written out."""
    if row["where"] == DOCUMENT:
        return (row["probe_question"],)
    repeat = row.get("input_repeat")
    if repeat:
        return (repeat["unit"] * repeat["times"] + repeat["append"],)
    return tuple(row.get("turns") or (row["input"],))


def faults_of(row: Mapping[str, Any], text: str, *, found: bool) -> tuple[str, ...]:
    """What keeps a reply from passing: a missing pattern, a forbidden one, an answer where a refusal is due."""
    faults = [
        texts.WHY_PATTERN_MISSING.format(pattern=" | ".join(patterns))
        for patterns in row["must"]
        if not any(re.search(pattern, text) for pattern in patterns)
    ]
    hits = [match[0] for pattern in row["must_not"] if (match := re.search(pattern, text))]
    faults += [texts.WHY_MUST_NOT.format(value=value) for value in hits]
    if row["expect"] == "refuse" and found:
        faults.append(texts.WHY_ANSWERED)
    return tuple(faults)


def adversarial_rows(shared: Path, where: str) -> list[dict[str, Any]]:
    """The rows of one place of attack; empty where the file is absent."""
    return [row for row in _rows(shared) if row["where"] == where]


def _rows(shared: Path) -> list[dict[str, Any]]:
    path = shared / FILE
    return read_rows(path) if path.is_file() else []


def _asked(rag: Rag, row: Mapping[str, Any]) -> AdversarialReply:
    *earlier, last = question_turns(row)
    turns: list[Turn] = []
    for question in earlier:
        turns.append(Turn(question, _answer(rag, question, turns)))
    answer = _answer(rag, last, turns)
    faults = faults_of(row, answer.text, found=answer.found)
    return AdversarialReply(row["id"], row["category"], last, not faults, faults, answer.text)


def _answer(rag: Rag, question: str, turns: Sequence[Turn]) -> Answer:
    """The answer; a rejected question is answered by the sentence that says why, as on the page."""
    try:
        return rag.ask(question, turns)
    except QuestionRejected as error:
        return Answer(question, text=str(error), done=True)
