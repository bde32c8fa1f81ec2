"""The year or region that is asked for and that the chosen sentences do not speak of."""

import re
from collections.abc import Sequence

from rag import texts
from rag.address import Clause, clauses_of
from rag.clauses import clause_name
from rag.compare import EACH, compares
from rag.demand import undecided, unmet, unsaid
from rag.lead_in import lead_in
from rag.list_asked import asks_for_list
from rag.normalise import fold
from rag.period import Period, clash, periods
from rag.question import Question
from rag.rank import Candidate
from rag.retrieve import Corpus
from rag.types import Sentence

PLAN = re.compile(r"[(（](?:19|20)\d{2}年?[-—–~至到](?:19|20)\d{2}年?[)）]")
"""(2024—2035年) in a title: the years that a plan runs, of which a sentence need not speak."""
YEARS_RUN = re.compile(r"((?:19|20)\d{2})年?[-—–~至到]((?:19|20)\d{2})年")
TODAY = re.compile("今天|今日|当前|目前|现在|最新|眼下|如今")


def absent(corpus: Corpus, question: Question, chosen: Sequence[Candidate]) -> str:
    """A reason to refuse, '' if every asked year (of figures and dates), some asked region, the asked unit and
    attribute, and some asked clause are there."""
    words = " ".join(candidate.folded for candidate in chosen)
    return (
        _other_time_or_place(corpus, question, chosen)
        or _unmet(corpus, question, chosen)
        or undecided(question, words)
        or unsaid(question, words)
        or _unstated(corpus, question, chosen)
    )


def _other_time_or_place(corpus: Corpus, question: Question, chosen: Sequence[Candidate]) -> str:
    said = " ".join(_placed(corpus, candidate) for candidate in chosen)
    years = _absent_years(question, chosen, said)
    if years and question.kinds & {"number", "date"} and len(years) == len(question.years):
        return texts.REASON_YEAR.format(years="、".join(years))
    regions = [region for region in question.regions if region not in said]
    asserted = question.named.sources and "number" not in question.kinds
    if regions and len(regions) == len(question.regions) and not asserted:
        return texts.REASON_REGION.format(regions="、".join(regions))
    return ""


def _unmet(corpus: Corpus, question: Question, chosen: Sequence[Candidate]) -> str:
    """What the best sentence and the words that introduce it lack of what is demanded; of two things each lacks it."""
    if asks_for_list(question):
        return ""
    lexicon = corpus.lexical.lexicon
    words = tuple(lexicon.segmenter.cut(question.folded))
    ranked = sorted(chosen, key=lambda candidate: -candidate.score)
    several = compares(question) or EACH.search(question.folded)
    considered = ranked if several else ranked[:1]
    said = [(s, _placed(corpus, c)) for c in considered for s in (c.sentence, *_before(corpus, c))]
    reasons = [unmet(question, words, sentence, placed, lexicon.equivalents) for sentence, placed in said]
    return reasons[0] if all(reasons) else ""


def _before(corpus: Corpus, candidate: Candidate) -> tuple[Sentence, ...]:
    """What introduces an item of a clause; it may hold the fine that all items share."""
    return lead_in(corpus, candidate.passage.chunk.source, candidate.sentence)


def _unstated(corpus: Corpus, question: Question, chosen: Sequence[Candidate]) -> str:
    """No sentence stands in any asked article, or names it."""
    if not question.clauses or any(_states(corpus, c, clause) for c in chosen for clause in question.clauses):
        return ""
    return texts.REASON_TERMS.format(terms="、".join(clause_name(clause) for clause in question.clauses))


def _states(corpus: Corpus, candidate: Candidate, clause: Clause) -> bool:
    chunk = candidate.passage.chunk
    sections = corpus.catalog.enclosing(chunk.source, candidate.sentence.start, candidate.sentence.end)
    article = f"第{clause.article}条"
    named = {f"第{c.article}条" for c in clauses_of(candidate.folded)}
    return article in named or any(section.label.startswith(article) for section in sections)


def partly_absent(corpus: Corpus, question: Question, chosen: Sequence[Candidate]) -> str:
    """A notice where figures of some asked year are there and those of another are not; '' otherwise."""
    if not question.kinds & {"number", "date"}:
        return ""
    years = [year for year in question.years if not any(_of_year(corpus, c, year) for c in chosen)]
    return texts.REASON_YEAR.format(years="、".join(years)) if years else ""


def not_today(question: Question) -> str:
    """A notice where a figure of this very day is asked for, which no stored text can give."""
    return texts.NOTICE_NOT_TODAY if "number" in question.kinds and TODAY.search(question.folded) else ""


def _absent_years(question: Question, chosen: Sequence[Candidate], said: str) -> list[str]:
    """Asked years that nothing says; for 2022年底 and the like the best sentence must speak of that time."""
    asked = periods(question.folded)
    if not any(month for _, month in asked):
        said = said if PLAN.search(question.folded) else PLAN.sub(" ", said)
        runs = YEARS_RUN.findall(said)
        return [y for y in question.years if y not in said and not any(first < y < last for first, last in runs)]
    best = _times(max(chosen, key=lambda candidate: candidate.score))
    if best and not {year for year, _ in best} & set(question.years):
        return list(question.years)
    fitting = [times for c in chosen if not clash(asked, times := _times(c))]
    return [year for year in question.years if not any(year in {said for said, _ in times} for times in fitting)]


def _of_year(corpus: Corpus, candidate: Candidate, year: str) -> bool:
    """The sentence, or what stands before it in its passage, or else its document's name says the year."""
    times = _times(candidate)
    return year in {said for said, _ in times} if times else year in _placed(corpus, candidate)


def _times(candidate: Candidate) -> frozenset[Period]:
    """The times that a sentence says, or the last ones said before it in its passage."""
    own = periods(candidate.folded)
    if own:
        return own
    chunk = candidate.passage.chunk
    before = fold(" ".join(chunk.path) + "。" + chunk.text[: max(0, candidate.sentence.start - chunk.start)])
    sentences = [periods(part) for part in before.split("。")]
    return next((said for said in reversed(sentences) if said), frozenset())


def _placed(corpus: Corpus, candidate: Candidate) -> str:
    """A sentence with what its place says: the document's name, region and dates, and the headings."""
    chunk = candidate.passage.chunk
    meta = corpus.catalog.metas[chunk.source]
    return " ".join(
        (chunk.source, chunk.breadcrumb, meta.region, *meta.issuer, meta.issued, meta.published, candidate.folded)
    )
