"""Is the question answerable from what was found? Decided from evidence, before anything is written."""

import re
from dataclasses import dataclass

from rag import texts
from rag.lexical import LexicalIndex
from rag.normalise import fold, search_form
from rag.question import Question
from rag.retrieve import Corpus, Retrieval
from rag.types import Passage

COVERAGE_WEIGHT = 0.04
"""On 130 in-scope and 260 foreign questions, similarity of the best sentence plus 0.04 x coverage
separates best (AUC 0.9995 against foreign topics; similarity alone lets 11 of 200 more pass)."""
DEVIATIONS = 2.7
CONSIDERED = 5
PRIVATE = re.compile(r"\d{6}")
"""A number of so many digits may be somebody's; a refusal does not repeat it."""
RELIEF_NAMED, RELIEF_EXACT = 0.025, 0.04
"""A question that names a document of the knowledge base is on topic; weaker words are enough."""


ATTRIBUTES = (
    "占比 比例 比重 比率 覆盖率 渗透率 增速 增长率 余额 利率 费率 额度 限额 上限 下限 期限 金额 数量 户数 "
    "标准 条件 范围 对象 时间 日期 流程 材料 要求 最高 最低 时限 收费 年限"
).split()
"""What may be asked of many things; alone it does not say of which."""


@dataclass(frozen=True, slots=True)
class Judgement:
    """Whether to answer; `reason` is a sentence for the user where not."""

    answerable: bool
    score: float
    threshold: float
    reason: str = ""

    @property
    def margin(self) -> float:
        """By how much the evidence exceeds the refusal level."""
        return self.score - self.threshold


def evidence_score(lexical: LexicalIndex, retrieval: Retrieval) -> float:
    """Similarity of the best sentence plus the share of the question's words that one sentence holds."""
    return retrieval.best_sentence + COVERAGE_WEIGHT * _best_coverage(lexical, retrieval)


def threshold_between(inside: list[float], outside: list[float]) -> float:
    """The refusal level: 2.7 deviations above foreign questions, but below nearly all of the corpus's own."""
    mean = sum(outside) / len(outside)
    deviation = (sum((x - mean) ** 2 for x in outside) / len(outside)) ** 0.5
    level = mean + DEVIATIONS * deviation
    lowest = sorted(inside)[len(inside) // 50] if inside else level
    return min(level, lowest)


def judge(corpus: Corpus, retrieval: Retrieval) -> Judgement:
    """Weigh the evidence against the generation's level, then look for what was asked and is absent."""
    threshold = corpus.manifest.calibration.threshold
    if not retrieval.passages:
        return Judgement(False, 0.0, threshold, texts.REASON_NOTHING)
    if vague := unspecific(retrieval.question):
        return Judgement(False, 0.0, threshold, vague)
    score = evidence_score(corpus.lexical, retrieval)
    named = retrieval.question.named
    if named.sources:
        threshold -= RELIEF_EXACT if named.exact else RELIEF_NAMED
    if score < threshold:
        return Judgement(False, score, threshold, _weak_reason(corpus, retrieval))
    return Judgement(True, score, threshold)


def unspecific(question: Question) -> str:
    """A reason to ask back where a question names an attribute and not of what (覆盖率是多少); '' otherwise."""
    placed = question.named.sources or question.clauses or question.years or question.regions
    asked = [attribute for attribute in ATTRIBUTES if attribute in question.folded]
    if placed or not asked or any(not any(term in attribute for attribute in asked) for term in question.terms):
        return ""
    return texts.REASON_VAGUE.format(asked="、".join(asked))


def coverage(lexical: LexicalIndex, terms: tuple[str, ...], text: str) -> float:
    """Share of the terms, weighted by rarity, that stand in a folded text; 0..1."""
    weights = {term: lexical.weight(term) for term in terms}
    total = sum(weights.values())
    return sum(weight for term, weight in weights.items() if term in text) / total if total else 0.0


def _best_coverage(lexical: LexicalIndex, retrieval: Retrieval) -> float:
    """The share that the best sentence under its headings holds; for a comparison, that all of them hold."""
    question = retrieval.question
    placed = [
        f"{fold(passage.chunk.breadcrumb)} {sentence.folded}"
        for passage in retrieval.passages[:CONSIDERED]
        for sentence in passage.sentences
    ]
    if question.kind == "compare":
        placed = [" ".join(placed)]
    return max((coverage(lexical, question.asked_terms, text) for text in placed), default=0.0)


def _weak_reason(corpus: Corpus, retrieval: Retrieval) -> str:
    nearest = search_form(" ".join(_whole(passage) for passage in retrieval.passages[:3]))
    missing = [
        t
        for t in retrieval.question.asked_terms
        if len(t) > 1 and t not in nearest and corpus.lexical.weight(t) > 1 and not PRIVATE.search(t)
    ]
    longest = [t for t in missing if not any(t != other and t in other for other in missing)]
    return texts.REASON_TERMS.format(terms="、".join(longest[:4])) if longest else texts.REASON_WEAK


def _whole(passage: Passage) -> str:
    return " ".join((passage.chunk.source, passage.chunk.title, *passage.chunk.path, passage.chunk.text))
