"""Why the sentences that were found are no answer."""

from collections.abc import Sequence

from rag.absence import absent
from rag.anothers import another
from rag.rank import Candidate
from rag.reading import convincing, silent
from rag.retrieve import Corpus, Retrieval


def unanswered(corpus: Corpus, retrieval: Retrieval, chosen: Sequence[Candidate], margin: float | None) -> str:
    """A reason to refuse, '' where the chosen sentences answer; `margin` is the evidence beyond its refusal level,
    None where the reader is not asked (a question put together from a conversation, the items of a section)."""
    reason = another(corpus, retrieval.question, chosen)
    if not reason and not convincing(retrieval):
        reason = absent(corpus, retrieval.question, chosen)
    return reason or ("" if margin is None else silent(corpus, retrieval, margin))
