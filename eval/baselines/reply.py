"""A ranking of chunks as a reply: timed, as sure as its first chunk's score."""

import time
from collections.abc import Callable, Sequence

from langchain_core.documents import Document

from eval.cases import Case
from eval.systems import Response, Retrieved, joined_question

Ranked = Callable[[str, Sequence[str]], list[tuple[Document, float]]]
"""From (question, allowed sources) the chunks with their scores, best first."""


def reply(ranked: Ranked, case: Case) -> Response:
    """Put a case, with its earlier turns joined to it, to a ranking."""
    started = time.perf_counter()
    found = ranked(joined_question(case), case.context)
    milliseconds = (time.perf_counter() - started) * 1000
    passages = tuple(Retrieved(d.metadata["source"], d.page_content) for d, _ in found)
    return Response(passages, found[0][1] if found else 0.0, milliseconds)
