"""A figure in the question that the source contradicts is corrected before anything else is said."""

import re
from collections.abc import Sequence

from rag import texts
from rag.normalise import HAN
from rag.quantity import Quantity, contains, quantities
from rag.question import Question
from rag.rank import Candidate
from rag.retrieve import Retrieval

CHECKED = {"percent", "point", "yuan", "amount", "permille", "basis point", "倍", "家", "户", "人", "个"}
SUBJECT = re.compile(
    rf"([{HAN}]{{2,16}}?)(?:仅|只|已经|已|都|才|就|约|大约|高达|达到|达|超过|超|突破|不足|不到|低于|为|是|有|至|到|了|增长)*$"
)
NEAR = 16
CONSIDERED = 20


def corrections(retrieval: Retrieval, ranked: Sequence[Candidate]) -> tuple[tuple[str, Candidate], ...]:
    """(sentence of correction, its proof) for each asserted figure that the found passages hold
    otherwise and nowhere as asked."""
    question = retrieval.question
    asserted = [q for q in question.figures if q.dimension in CHECKED]
    if not asserted:
        return ()
    pool = [q for passage in retrieval.passages for q in quantities(passage.chunk.text)]
    found = []
    for figure in asserted:
        if contains(pool, figure):
            continue
        subject = _subject(question, figure)
        if not subject:
            continue
        proof = next(((t, c) for c in ranked[:CONSIDERED] if (t := _figure_after(c.folded, subject, figure))), None)
        if proof:
            true, candidate = proof
            asked = f"{subject}{figure.text}"
            found.append((texts.CORRECTION.format(asked=asked, subject=subject, true=true.text), candidate))
    return tuple(found)


def _subject(question: Question, figure: Quantity) -> str:
    """The words right before the figure, without 为, 达到 and the like; '' where there are none."""
    before = re.sub(r"\s", "", question.folded[: figure.start])[-NEAR:]
    match = SUBJECT.search(before)
    return match[1] if match else ""


def _figure_after(sentence: str, subject: str, figure: Quantity) -> Quantity | None:
    """The figure of the same kind that the sentence gives for the subject (or for its last words)."""
    for name in (subject, subject[-4:], subject[-3:]):
        position = sentence.find(name)
        if position >= 0 and len(name) >= 3:
            end = position + len(name)
            return next(
                (q for q in quantities(sentence) if q.dimension == figure.dimension and end <= q.start <= end + NEAR),
                None,
            )
    return None
