"""A follow-up that the rules could not complete -> a whole question in a model's words, or nothing."""

import re
import time
from collections.abc import Sequence
from contextlib import closing

from rag import prompts
from rag.errors import LlmFailed
from rag.lexical import Lexicon
from rag.llm import Llm
from rag.normalise import fold
from rag.quantity import contains, quantities
from rag.types import Turn

PATIENCE = 8.0
"""Seconds for which a reader with a refusal on the way is kept waiting."""
TURNS = 2
LONGEST = 120
BOOK_TITLE = re.compile("《[^》]+》")
LABEL = re.compile("^(?:新问题|完整问题|问题|问)[：:]")


def rewritten(llm: Llm, question: str, turns: Sequence[Turn], lexicon: Lexicon) -> str:
    """The completed question; '' if the model fails, is slow, or brings in what the conversation does not hold."""
    said = _said(llm, prompts.rewriting(question, _conversation(turns)))
    whole = LABEL.sub("", said.strip().splitlines()[0].strip()).strip('「」“”" ') if said.strip() else ""
    known = fold("\n".join((question, *(line for pair in _conversation(turns) for line in pair))))
    return whole if whole and whole != question and _holds(whole, known, lexicon) else ""


def _said(llm: Llm, messages: Sequence[prompts.Message]) -> str:
    deadline = time.monotonic() + PATIENCE
    said = ""
    try:
        with closing(llm.write(messages)) as pieces:
            for piece in pieces:
                said += piece
                if time.monotonic() > deadline:
                    return ""
                if len(said) > LONGEST or "\n" in said.strip():
                    break
    except LlmFailed:
        return ""
    return said if len(said) <= LONGEST else ""


def _conversation(turns: Sequence[Turn]) -> list[tuple[str, str]]:
    """The last questions as they were understood, and their answers."""
    answered = [(turn, turn.answer) for turn in turns if turn.answer is not None]
    return [(answer.resolved or turn.question, answer.text) for turn, answer in answered[-TURNS:]]


def _holds(whole: str, known: str, lexicon: Lexicon) -> bool:
    """The gate: every figure, 《title》 and word of the question stands in the conversation."""
    folded = fold(whole)
    figures = quantities(known)
    return (
        all(contains(figures, figure) for figure in quantities(folded))
        and all(title in known for title in BOOK_TITLE.findall(folded))
        and all(term in known for term in lexicon.terms(folded))
    )
