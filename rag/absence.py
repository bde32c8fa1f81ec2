"""The year or region that is asked for and that the chosen sentences do not speak of."""

import re
from collections.abc import Sequence

from rag import texts
from rag.period import clash, periods
from rag.question import Question
from rag.rank import Candidate
from rag.retrieve import Corpus


def absent(corpus: Corpus, question: Question, chosen: Sequence[Candidate]) -> str:
    """A reason to refuse, '' if every asked year (of figures and dates) and some asked region is there."""
    said = " ".join(_placed(corpus, candidate) for candidate in chosen)
    years = _absent_years(question, chosen, said)
    if years and question.kinds & {"number", "date"} and len(years) == len(question.years):
        return texts.REASON_YEAR.format(years="、".join(years))
    regions = [region for region in question.regions if region not in said]
    if regions and len(regions) == len(question.regions):
        return texts.REASON_REGION.format(regions="、".join(regions))
    return ""


def _absent_years(question: Question, chosen: Sequence[Candidate], said: str) -> list[str]:
    """Asked years that nothing says; for 2022年底 and the like the text itself must speak of the year."""
    if not any(month for _, month in periods(question.folded)):
        return [year for year in question.years if year not in said]
    if all(_at_other_times(question, c) for c in chosen):
        return list(question.years)
    bodies = " ".join(f"{' '.join(c.passage.chunk.path)} {c.passage.chunk.text}" for c in chosen)
    return [year for year in question.years if not re.search(rf"{year}\s*[年\-—/.]", bodies)]


def _at_other_times(question: Question, candidate: Candidate) -> bool:
    """The sentence says its own time, and it is not the one that is asked for."""
    said, asked = periods(candidate.folded), periods(question.folded)
    same = {year for year, _ in said} & {year for year, _ in asked}
    return bool(said) and (not same or clash(asked, said))


def _placed(corpus: Corpus, candidate: Candidate) -> str:
    """A sentence with what its place says: the document's name, region and dates, and the headings."""
    chunk = candidate.passage.chunk
    meta = corpus.catalog.metas[chunk.source]
    return " ".join(
        (chunk.source, chunk.breadcrumb, meta.region, *meta.issuer, meta.issued, meta.published, candidate.folded)
    )
