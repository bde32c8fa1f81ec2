"""Questions for every value of a series (LPR历次调整、每年分别是多少): the dated rows of the table that holds it."""

import re
from dataclasses import replace

from rag.judge import coverage
from rag.normalise import fold
from rag.period import row_periods
from rag.question import Question
from rag.rank import Candidate
from rag.retrieve import Corpus
from rag.types import Sentence

LATEST = 2100

ASKED = re.compile(
    "历[次年]|逐[年季月次]|各年(?!度)|每一?[次回]|[每各]个?(?:年度?|季度?|月份?|时点|节点).{0,14}(?:分别|各)"
    "|哪几(?:次|回|年|个(?:年[份度]|时点|季度|月份))|按(?:时间|先后|年份)|走势"
)
TIMES = re.compile(r"\d|^[年月日]|[每几各历][年次回月季]|年[初底末]|日子|公布")
"""Words of a question that say when, not of what."""
RANGE = re.compile(r"((?:19|20)\d{2})年?.{0,8}?(?:到|至|—|-|~).{0,4}?((?:19|20)\d{2})")
SINCE = re.compile(r"((?:19|20)\d{2})年?\D{0,4}?(?:以来|至今|到现在|起(?!草|点))")
FEWEST, MOST = 2, 20
ENOUGH = 0.4
"""Share of the question's words, weighted by rarity, that the table with its headings holds."""


def series(corpus: Corpus, question: Question, ranked: tuple[Candidate, ...]) -> tuple[Candidate, ...]:
    """The rows of the asked years, in the order of the table; empty where no series is asked or found."""
    if not ASKED.search(question.folded):
        return ()
    tables: dict[tuple[str, int], tuple[Candidate, tuple[Sentence, ...]]] = {}
    for candidate in ranked:
        if rows := _table(corpus, candidate):
            tables.setdefault((candidate.passage.chunk.source, rows[0].start), (candidate, rows))
    found = max(tables.values(), key=lambda table: _fit(corpus, question, *table), default=None)
    if found is None or _fit(corpus, question, *found)[1] < ENOUGH:
        return ()
    wanted = _wanted(question)
    rows = tuple(row for row in found[1] if _year(row) in wanted or not wanted)
    return tuple(replace(found[0], sentence=row) for row in rows) if FEWEST <= len(rows) <= MOST else ()


def _fit(
    corpus: Corpus, question: Question, candidate: Candidate, rows: tuple[Sentence, ...]
) -> tuple[float, float, float]:
    """Share of the asked words in the heading over a table, in all that belongs to it, and its best row's score."""
    chunk = candidate.passage.chunk
    heading = fold(" ".join(chunk.path[-1:]))
    whole = " ".join((fold(chunk.breadcrumb), *(row.folded for row in rows)))
    matter = tuple(term for term in question.asked_terms if not TIMES.search(term))
    shares = [coverage(corpus.lexical, matter, text) for text in (heading, whole)]
    return shares[0], shares[1], candidate.score


def _table(corpus: Corpus, candidate: Candidate) -> tuple[Sentence, ...]:
    """The dated rows of the section in which a row stands; empty for any other sentence."""
    source = candidate.passage.chunk.source
    if candidate.sentence.kind != "row":
        return ()
    sections = corpus.catalog.enclosing(source, candidate.sentence.start, candidate.sentence.end)[-1:]
    inside = [s for each in sections for s in corpus.catalog.sentences_between(source, each.start, each.end)]
    return tuple(sentence for sentence in inside if sentence.kind == "row" and _year(sentence))


def _year(row: Sentence) -> str:
    """The year of a row's first cell; '' where it has none."""
    return min((year for year, _ in row_periods(row.folded)), default="")


def _wanted(question: Question) -> set[str]:
    """The asked years, those between the ends of a range, and those since one; empty for all."""
    found = set(question.years)
    for first, last in RANGE.findall(question.folded):
        found |= {str(year) for year in range(int(first), int(last) + 1)}
    for first in SINCE.findall(question.folded):
        found |= {str(year) for year in range(int(first), LATEST)}
    return found
