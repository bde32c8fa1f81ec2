"""The sides of a comparison and the best sentence for each: regions, periods, documents, the paper, or two things."""

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass

from rag.demand import DURATION, TIME_ASKED
from rag.figures import adds_figure
from rag.judge import coverage
from rag.normalise import fold
from rag.period import own_periods, periods
from rag.question import YEAR, Question
from rag.rank import Candidate
from rag.retrieve import Corpus
from rag.types import OPINION

SIDE = 1.2
"""What belonging to a side counts beside the score of a sentence."""
AS_GOOD, GOOD, WHOLLY = 0.92, 0.85, 0.75
ENOUGH = 0.4
"""A sentence that belongs less than this to a side does not speak for it."""
EACH = re.compile("分别|各自|各(?=[是为奖罚要有多几覆需占保给贷支发收涨降增减放批投能可最按])|[两二]者|哪个|谁")
PAIR = re.compile(
    r"(?:^|[,;:。(在对])(?P<one>[^,;:。()?]{2,24}?)(?P<joint>以及|还是|和|与|跟|(?<![协共合不相会等])同(?![比期时业])|(?<![同占对相])比(?![例重年上较])|vs)(?P<other>[^;:。()?]{2,24}?)"
    r"(?=分别|各|在|之间|有(?:什么|何|啥)|的?(?:区别|差别|不同|差异|异同)|相比|哪|谁|要|[,;:。(?]|$)"
)
COMPARES = re.compile("变化|不一样|差多少|哪次|哪里不|差在哪|一样吗|高还是|谁更|哪个更|[多少高低涨降快慢]了?还是")
PAPER = re.compile("论文|文章")


@dataclass(frozen=True, slots=True)
class Side:
    """One side of a comparison: `belongs` says from 0 to 1 how far a sentence speaks of it."""

    name: str
    belongs: Callable[[Candidate], float]


def compares(question: Question) -> bool:
    """Whether a difference is asked for."""
    return "compare" in question.kinds or bool(COMPARES.search(question.folded))


def apart(question: Question) -> bool:
    """Whether the same is asked of each of several places or times (2025年和2026年各给了哪些地区)."""
    several = len(question.regions) >= 2 or len(periods(question.folded)) >= 2
    return several and bool(EACH.search(question.folded))


def sides(corpus: Corpus, question: Question) -> tuple[Side, ...]:
    """The sides that a question sets against each other; none where it compares nothing."""
    if not compares(question) and not EACH.search(question.folded):
        return ()
    if len(question.regions) >= 2:
        return tuple(Side(region, _of_region(corpus, region, question.regions)) for region in question.regions)
    if len(question.named.sources) == 2:
        return tuple(Side(corpus.catalog.titles[source], _of_document(source)) for source in question.named.sources)
    times = periods(question.folded)
    if len(times) >= 2 and (question.kinds & {"number", "date", "compare"} or apart(question)):
        return tuple(Side(f"{year}-{month}", _of_time(year, month)) for year, month in sorted(times))
    return _pair(corpus, question)


def compared(corpus: Corpus, question: Question, ranked: tuple[Candidate, ...]) -> tuple[Candidate, ...]:
    """The sentences that set the sides of a question against each other; empty where it has none."""
    found = sides(corpus, question)
    return in_one(question, found, ranked) or side_by_side(question, found, ranked)


def side_by_side(question: Question, found: tuple[Side, ...], ranked: tuple[Candidate, ...]) -> tuple[Candidate, ...]:
    """The best sentence of each side; empty where some side has none."""
    chosen: list[Candidate] = []
    for side in found:
        own = [(c.score + SIDE * side.belongs(c), c) for c in ranked if side.belongs(c) >= ENOUGH]
        own = [(score, c) for score, c in own if c not in chosen and c.sentence.kind != "note" and _fits(question, c)]
        if not own:
            return ()
        best, *others = sorted(own, key=lambda pair: -pair[0])
        chosen.append(best[1])
        if "number" in question.kinds and compares(question):
            chosen.extend(c for score, c in others[:1] if score >= AS_GOOD * best[0] and adds_figure([best[1]], c))
    return tuple(chosen)


def _fits(question: Question, candidate: Candidate) -> bool:
    """A length of time where one is asked of each side."""
    return not TIME_ASKED.search(question.folded) or bool(DURATION.search(candidate.folded))


def in_one(question: Question, found: tuple[Side, ...], ranked: tuple[Candidate, ...]) -> tuple[Candidate, ...]:
    """A sentence that gives the figures of all sides at once; empty where none does or a difference is asked."""
    if not found or compares(question):
        return ()
    good = (c for c in ranked if c.score >= GOOD * ranked[0].score)
    return next(((c,) for c in good if all(side.belongs(c) >= WHOLLY for side in found)), ())


def _pair(corpus: Corpus, question: Question) -> tuple[Side, ...]:
    """Two things joined by 和, 与, 跟, 比, told apart by the words that only one of them has."""
    for match in PAIR.finditer(question.folded):
        one, other = (corpus.lexical.lexicon.terms(match[name]) for name in ("one", "other"))
        only_one, only_other = _without(one, other), _without(other, one)
        if only_one and only_other:
            return (
                _thing(corpus, match["one"], only_one, only_other),
                _thing(corpus, match["other"], only_other, only_one),
            )
    return ()


def _without(terms: Iterable[str], others: Iterable[str]) -> tuple[str, ...]:
    """Terms that the other side lacks; parts instead of compounds: 银行 and 贷款, not 银行贷款."""
    left = [term for term in terms if term not in set(others)]
    return tuple(term for term in left if not any(part != term and part in term for part in left))


def _thing(corpus: Corpus, name: str, own: tuple[str, ...], others: tuple[str, ...]) -> Side:
    of_paper = bool(PAPER.search(name))
    years = set(YEAR.findall(name))

    def belongs(candidate: Candidate) -> float:
        meta = corpus.catalog.metas[candidate.passage.chunk.source]
        if of_paper:
            return float(meta.group == OPINION)
        place = f"{fold(candidate.passage.chunk.breadcrumb)} {candidate.folded}"
        if years and not years & set(YEAR.findall(f"{meta.issued} {meta.doc_number} {place}")):
            return 0.0
        mine, theirs = coverage(corpus.lexical, own, place), coverage(corpus.lexical, others, place)
        said, meant = (coverage(corpus.lexical, terms, candidate.folded) for terms in (own, others))
        return max(0.0, mine - 0.25 * theirs + 0.25 * (said - meant))

    return Side(name, belongs)


def _of_document(source: str) -> Callable[[Candidate], float]:
    return lambda candidate: float(candidate.passage.chunk.source == source)


def _of_region(corpus: Corpus, region: str, regions: tuple[str, ...]) -> Callable[[Candidate], float]:
    """A document of the region says most; one of the other region hardly speaks for it."""

    def belongs(candidate: Candidate) -> float:
        chunk = candidate.passage.chunk
        place = f"{chunk.breadcrumb} {corpus.catalog.metas[chunk.source].region}"
        if region in place:
            return 1.0
        return 0.0 if any(other in place for other in regions) else 0.8 * (region in candidate.folded)

    return belongs


def _of_time(year: str, month: int) -> Callable[[Candidate], float]:
    def belongs(candidate: Candidate) -> float:
        said = own_periods(candidate.folded) or periods(fold(candidate.passage.chunk.title))
        exact = (year, month) in said
        return 1.0 if exact else 0.6 * (year in {y for y, _ in said} and (not month or (year, 0) in said))

    return belongs
