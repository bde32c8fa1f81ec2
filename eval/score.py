"""One asked case -> what was right about it; pure functions of the answer."""

import re
from dataclasses import dataclass

from eval.cases import Case
from rag import Answer


@dataclass(frozen=True, slots=True)
class Score:
    """What was right; `passage_rank` is 1-based, 0 where no returned passage holds a gold quote."""

    case: Case
    answered: bool
    right_source_first: bool
    values_right: bool
    quote_cited: bool
    passage_rank: int


def score(case: Case, answer: Answer) -> Score:
    """Compare an answer with the gold of its case; whitespace does not count."""
    sources = {source for source, _ in case.gold}
    gold = [(source, squeezed(quote)) for source, quote in case.gold]
    shown = squeezed(answer.text)
    cited = [(c.source, squeezed(c.quote)) for c in answer.citations]
    ranks = [
        rank
        for rank, passage in enumerate(answer.passages, 1)
        if any(passage.chunk.source == s and quote in squeezed(passage.chunk.text) for s, quote in gold)
    ]
    return Score(
        case=case,
        answered=answer.found,
        right_source_first=bool(answer.citations) and answer.citations[0].source in sources,
        values_right=answer.found and all(squeezed(value) in shown for value in case.values),
        quote_cited=any(
            s == source and (quote in text or text in quote) for s, text in cited for source, quote in gold
        ),
        passage_rank=ranks[0] if ranks else 0,
    )


def squeezed(text: str) -> str:
    """Text without white space, Markdown emphasis or footnote signs, as quotes are compared."""
    return re.sub(r"\s|\*\*|<sup>.*?</sup>", "", text)
