"""Which sentences speak of the period and the indicator that are asked for: 普惠型涉农贷款 is not 涉农贷款."""

import re
from collections.abc import Iterable
from dataclasses import dataclass, replace
from functools import lru_cache

from rag.judge import coverage
from rag.lexical import LexicalIndex
from rag.normalise import HAN, fold
from rag.period import Period, fit, own_periods, periods
from rag.quantity import NO_FIGURES, contains, has_figure, quantities
from rag.question import Question
from rag.rank import Candidate

RIGHT_TIME, OTHER_TIME = 0.25, 0.25
OTHER_INDICATOR, EXCLUDED, NOTE = 0.5, 1.0, 0.25
"""What the asked period adds, and what another period, indicator, an excluded one or a note takes away."""
UNNAMED = 0.25
"""How far a sentence is from the asked indicator that names none, beside the characters that its place lacks."""
MUCH = 4
"""So many characters of difference make a wholly different indicator."""
SAME = 0.1
ANOTHER = 0.5
"""From this distance on, an indicator is another one."""
PLAIN_KINDS = {"number", "date", "yesno", "list", "open"}
"""Kinds of questions that a note of the compiler hardly answers."""
EXACT = 2
TIME_TERM = re.compile(r"[\d年月季]|[期末底]$|全年")
ABOUT = 0.7
"""Share of the best-held part of the question's other words that a sentence on the same matter holds."""
NOT_ASKED = re.compile(
    r"(?:不光?是|不只是|不含|不包括|不算|非)([^,，。;；()?？]{2,14}?)(?:的|总数|总额|总量|口径)*(?=[),，。;；?？]|$)"
)
OF_DOCUMENT = re.compile(
    r"(?:19|20)\d{2}年[^,，。;；?？末底]{0,12}?(?:公布时|发布时|印发时|出台|通知|条例|办法|文件|规定|决定|意见|政策(?!性)|规划|方案|修订|改|报道)"
)
"""2023年10月公布时, 2026年1月的通知: the time of a text, not of its figures."""
META = re.compile("未收录|未检索到|未能核到|未核实|未能核实|不能混用|口径不同|不能直接|不能相减|原文没有")
"""What a note of the compiler says; it stands beside no figure."""
HEAD = re.compile("再贷款|续贷|贷款|信贷|存款|保费|保险|担保|债券")
EDGE = re.compile(f"[^{HAN}]|(?<!农)户|多少|季度|[的末底年月日为是占中至达了在对及和与个亿万元比较超约由各]")
NEUTRAL = re.compile(
    "全国|我国|全省|全部|银行业金融机构|金融机构|银行业|银行|本外币|人民币|新发放|新增|新放|累计|企业|余额|投放"
)


@dataclass(frozen=True, slots=True)
class Asked:
    """The periods of a question, its indicators, what it excludes, and its words that are no exclusion."""

    times: frozenset[Period]
    indicators: tuple[str, ...]
    excluded: tuple[str, ...]
    words: str

    @classmethod
    def of(cls, question: Question) -> "Asked":
        """Read a question."""
        return _read(question.folded, question.expansion)


@lru_cache(maxsize=64)
def _read(folded: str, expansion: tuple[str, ...]) -> Asked:
    """Every candidate is held against the same question; it is read once."""
    words = NOT_ASKED.sub(" ", folded)
    times = own_periods(OF_DOCUMENT.sub(" ", words))
    return Asked(times, _indicators(words), tuple(NOT_ASKED.findall(folded)), words + " ".join(expansion))


def fitted(lexical: LexicalIndex, question: Question, ranked: tuple[Candidate, ...]) -> tuple[Candidate, ...]:
    """The candidates, best first, with the fit of period and indicator in their scores.

    The right period lifts only what is about the matter: 2023年 does not make a GDP a 存贷比.
    """
    asked = Asked.of(question)
    note = NOTE * (question.kind in PLAIN_KINDS and "why" not in question.kinds)
    terms = tuple(term for term in question.asked_terms if not TIME_TERM.search(term))
    about = [coverage(lexical, terms, candidate.folded) for candidate in ranked]
    held_by_texts = (held for held, c in zip(about, ranked, strict=True) if not META.search(c.folded))
    enough = ABOUT * max(held_by_texts, default=0.0)
    scored = [
        replace(c, score=c.score + _worth(asked, c, about=held >= enough) - note * bool(META.search(c.folded)))
        for c, held in zip(ranked, about, strict=True)
    ]
    return tuple(sorted(scored, key=lambda c: -c.score))


def beside(question: Question, best: Candidate, other: Candidate) -> bool:
    """Whether a sentence may stand beside the best one: no worse period, no further indicator, no note."""
    asked = Asked.of(question)
    if time_fit(asked, other) < time_fit(asked, best) or META.search(other.folded) or _excluded(asked, other):
        return False
    if other.sentence.kind == "row" and other.passage.chunk.source == best.passage.chunk.source:
        return False
    return distance(asked, other) <= distance(asked, best) + SAME


def adds_figure(chosen: Iterable[Candidate], other: Candidate) -> bool:
    """Whether a sentence holds a figure that the chosen ones do not."""
    known = [q for candidate in chosen for q in quantities(candidate.folded)]
    return any(not contains(known, q) for q in quantities(other.folded) if q.dimension not in NO_FIGURES)


def repeats(best: Candidate, other: Candidate) -> bool:
    """Whether a sentence has figures and all of them stand in the best one."""
    return has_figure(other.folded) and not adds_figure([best], other)


def exact(question: Question, best: Candidate) -> bool:
    """Whether a sentence with a figure speaks of exactly the asked period."""
    return has_figure(best.folded) and time_fit(Asked.of(question), best) == EXACT


def other_balance(question: Question, best: Candidate) -> bool:
    """Whether a balance of the asked day is another one: 普惠型涉农贷款余额 where 涉农贷款余额 is asked."""
    asked = Asked.of(question)
    exactly = "余额" in asked.words and time_fit(asked, best) == EXACT
    return exactly and distance(asked, best) >= ANOTHER


def time_fit(asked: Asked, candidate: Candidate) -> int:
    """2 exactly the asked period, 1 its year, 0 no period, less another."""
    return fit(asked.times, own_periods(candidate.folded) or _inherited(candidate))


def _inherited(candidate: Candidate) -> frozenset[Period]:
    """The last period that was said before in the same paragraphs: 截至2024年底, …。同时, … 65万亿元."""
    chunk = candidate.passage.chunk
    if candidate.sentence.kind != "prose":
        return frozenset()
    before = fold(chunk.text[: max(0, candidate.sentence.start - chunk.start)]).split("。")
    return next((said for part in reversed(before) if (said := own_periods(part))), frozenset())


def distance(asked: Asked, candidate: Candidate) -> float:
    """How far the nearest indicator of a sentence is from the nearest one of the question; 0..1."""
    dated = has_figure(candidate.folded) and (periods(candidate.folded) or _inherited(candidate))
    if not asked.indicators or not dated:
        return 0.0
    said = _indicators(candidate.folded) or _indicators(fold(" ".join(candidate.passage.chunk.path[-1:])))
    if not said:
        place = candidate.folded + fold(" ".join(candidate.passage.chunk.path[-1:]))
        return min(1.0, UNNAMED + min(len(set(wanted) - set(place)) for wanted in asked.indicators) / MUCH)
    pairs = [(own, wanted) for own in said for wanted in asked.indicators]
    apart = min(len(set(own) - set(asked.words)) + len(set(wanted) - set(own)) for own, wanted in pairs)
    return min(1.0, apart / MUCH)


def _worth(asked: Asked, candidate: Candidate, *, about: bool) -> float:
    time, apart = time_fit(asked, candidate), distance(asked, candidate)
    worth = (
        RIGHT_TIME * (time == EXACT and about and has_figure(candidate.folded)) * (apart <= UNNAMED)
        + OTHER_TIME * min(time, 0)
        - OTHER_INDICATOR * apart
    )
    return worth - EXCLUDED * _excluded(asked, candidate)


def _excluded(asked: Asked, candidate: Candidate) -> bool:
    """The first indicator of the sentence is one that the question rules out."""
    said = _indicators(candidate.folded, whole=True)
    return any(out in said[0] or said[0] in out for out in asked.excluded) if said else False


def _indicators(folded: str, *, whole: bool = False) -> tuple[str, ...]:
    """What stands before 贷款, 保费 and the like: 普惠型涉农; whole: with that word."""
    found = []
    for match in HEAD.finditer(folded):
        before = EDGE.split(folded[: match.start()])[-1]
        modifier = NEUTRAL.sub("", before)
        if len(modifier) > 1:
            found.append(modifier + match[0] * whole)
    return tuple(found)
