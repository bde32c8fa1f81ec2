"""Passages -> the sentences that answer, verbatim, chosen by what the question asks for."""

import re
from dataclasses import dataclass, replace

from rag.address import BOOK_TITLE
from rag.judge import coverage
from rag.normalise import fold, search_form
from rag.quantity import contains, quantities
from rag.question import Question
from rag.retrieve import Corpus, Retrieval
from rag.types import Passage, Sentence

PASSAGES = 6
RELATED = 0.45
"""A passage below this share of the best one's score gives no sentences."""
COVERAGE, FORM, PLACE, ROW, NOTE, OTHER_YEAR, MATTER, REPORT = 0.9, 0.3, 0.35, 0.25, 0.4, 0.3, 0.5, 0.4
NAMED = 1.0
FRONT = re.compile(r"\**(?:关键词|Key ?words|Abstract|参考文献)|[A-Za-z][A-Za-z ,.'-]{20,}|\[\d+\]")
"""Front and back matter of papers: key words, English abstract, references."""
MOST = {"number": 3, "date": 3, "yesno": 3, "definition": 2, "document": 3, "validity": 3, "compare": 6, "list": 6}
MOST_OTHERWISE = 4
NEEDED_GAIN = 0.12
"""Share of the question's words that a further sentence of a short answer must add."""
NEAR_EQUAL = 0.93
KEPT = 0.72
"""A further sentence of a longer answer scores at least this share of the best."""
ITEM_MARK = re.compile(r"\s*(?:[（(][一二三四五六七八九十\d]{1,3}[）)]|\d{1,2}[.、．)）]|[①-⑳]|[一二三四五六七八九十]{1,2}、)")
INLINE_MARK = re.compile(r"[一二三四五六七八九十]是|第[一二三四五六七八九十][，,、]|首先|其次")
INTRODUCES = re.compile(r"[：:]\s*$")
DATE_FORM = re.compile(r"\d{4}年|\d{1,2}月|\d{1,2}日|起施行|生效")
DEFINES = re.compile(r"是指|，指|称为|所称|定义|即")
REASONS = re.compile(r"由于|因为|导致|根源|原因|制约|是因|以便|为了|因此")
WAYS = re.compile(r"应当|要求|通过|推动|完善|建立|加强|支持|鼓励|须|可以")
FIGURE_KINDS = {"percent", "point", "yuan", "amount", "个", "户", "家"}
FEWEST_ITEMS, MOST_ITEMS = 2, 20
HEADING_MATCH = 0.3


@dataclass(frozen=True, slots=True)
class Candidate:
    """A sentence with its passage and how well it answers."""

    passage: Passage
    sentence: Sentence
    score: float

    @property
    def folded(self) -> str:
        """The searching form of the sentence."""
        return self.sentence.folded


@dataclass(frozen=True, slots=True)
class Extract:
    """The chosen sentences in the order to be shown; `listed` and `total` count a list's items."""

    chosen: tuple[Candidate, ...]
    listed: int = 0
    total: int = 0


def candidates(corpus: Corpus, retrieval: Retrieval) -> tuple[Candidate, ...]:
    """Sentences of the related passages, best first."""
    top = retrieval.passages[0].score if retrieval.passages else 0.0
    related = [(p, o) for p, o in zip(retrieval.passages, retrieval.ordinals, strict=True) if p.score >= RELATED * top]
    related = related[:PASSAGES]
    members = corpus.catalog.sentences([ordinal for _, ordinal in related])
    scores = retrieval.sentence_scores
    similarities = [scores[p.chunk.source, s.start] for p, o in related for _, s in members[o]]
    low, high = min(similarities, default=0.0), max(similarities, default=1.0)
    found = []
    for passage, ordinal in related:
        place = passage.score / top if top else 0.0
        place += NAMED * (passage.chunk.source in retrieval.question.named.sources)
        for _, sentence in members[ordinal]:
            similarity = (scores[passage.chunk.source, sentence.start] - low) / max(high - low, 1e-6)
            score = similarity + PLACE * place + _merit(corpus, retrieval.question, passage, sentence)
            found.append(Candidate(passage, sentence, score))
    return tuple(sorted(found, key=lambda c: -c.score))


def extract(corpus: Corpus, retrieval: Retrieval) -> Extract:
    """Choose the sentences of the answer."""
    ranked = candidates(corpus, retrieval)
    if not ranked:
        return Extract(())
    question = retrieval.question
    if question.kind == "compare" and len(question.regions) >= 2:
        return Extract(_sides(question, ranked))
    if "list" in question.kinds:
        listed = _enumeration(corpus, question, ranked)
        if listed:
            return listed
    if question.kind in {"number", "date", "yesno", "document", "validity", "definition"}:
        return Extract(_short(corpus, question, ranked))
    return Extract(_longer(question, ranked))


def _merit(corpus: Corpus, question: Question, passage: Passage, sentence: Sentence) -> float:
    """What a sentence earns by its words and form, beside its similarity and its passage's place."""
    source = passage.chunk.source
    context = fold(passage.chunk.breadcrumb)
    own = coverage(corpus.lexical, question.terms, sentence.folded)
    placed = coverage(corpus.lexical, question.terms, f"{context} {sentence.folded}")
    merit = COVERAGE * (0.7 * own + 0.3 * placed) + FORM * _has_form(question, sentence.folded)
    merit -= ROW * (sentence.kind == "row") + NOTE * (sentence.kind == "note")
    return merit - OTHER_YEAR * _other_year(question, sentence.folded) - REPORT * _reports(corpus, sentence, source) - MATTER * bool(FRONT.match(sentence.text))


def _has_form(question: Question, folded: str) -> bool:
    """The sentence holds the kind of thing that is asked for."""
    if "number" in question.kinds and question.kind != "definition":
        return any(q.dimension not in {"address", "年", "月", "日", "number"} for q in quantities(folded))
    if question.kind == "date":
        return bool(DATE_FORM.search(folded))
    pattern = {"definition": DEFINES, "why": REASONS, "how": WAYS}.get(question.kind)
    return bool(pattern and pattern.search(folded))


def _reports(corpus: Corpus, sentence: Sentence, source: str) -> bool:
    """The sentence says what another document of the knowledge base says; that one speaks for itself."""
    return any(other and source not in other for other in _mentioned(corpus, sentence))


def _mentioned(corpus: Corpus, sentence: Sentence) -> list[tuple[str, ...]]:
    if "《" not in sentence.text:
        return []
    return [corpus.names.titled(name) for name in BOOK_TITLE.findall(sentence.text)]


def _other_year(question: Question, folded: str) -> bool:
    """The sentence speaks of years, and of none that is asked for."""
    if not question.years:
        return False
    years = re.findall(r"(?:19|20)\d{2}(?=年)", folded)
    return bool(years) and not set(years) & set(question.years)


def _short(corpus: Corpus, question: Question, ranked: tuple[Candidate, ...]) -> tuple[Candidate, ...]:
    """The best sentence and those that add what it leaves unanswered."""
    chosen = [ranked[0]]
    most = MOST[question.kind]
    for candidate in ranked[1:20]:
        if len(chosen) == most or candidate.score < KEPT * ranked[0].score:
            break
        together = " ".join(c.folded for c in chosen)
        if candidate.folded in together:
            continue
        gain = coverage(corpus.lexical, question.terms, f"{together} {candidate.folded}") - coverage(
            corpus.lexical, question.terms, together
        )
        near_equal = candidate.score >= NEAR_EQUAL * ranked[0].score and len(chosen) == 1
        if gain >= NEEDED_GAIN or near_equal:
            chosen.append(candidate)
    check = next((c for c in ranked[:20] if c not in chosen and _checks(corpus, c, chosen[0])), None)
    return (*chosen, check) if check else tuple(chosen)


def _checks(corpus: Corpus, candidate: Candidate, best: Candidate) -> bool:
    """Another document's sentence on what the best one's document says of the same: shown beside it."""
    source = best.passage.chunk.source
    about = any(source in other for other in _mentioned(corpus, candidate.sentence))
    same = any(contains(quantities(best.folded), q) for q in quantities(candidate.folded) if q.dimension in FIGURE_KINDS)
    return about and same and candidate.passage.chunk.source != source


def _longer(question: Question, ranked: tuple[Candidate, ...]) -> tuple[Candidate, ...]:
    most = MOST.get(question.kind, MOST_OTHERWISE)
    best = ranked[0]
    kept: list[Candidate] = []
    for candidate in ranked:
        if len(kept) == most or candidate.score < KEPT * best.score:
            break
        if all(candidate.folded not in other.folded for other in kept):
            kept.append(candidate)
    return _document_order(kept)


def _sides(question: Question, ranked: tuple[Candidate, ...]) -> tuple[Candidate, ...]:
    """Up to three sentences for each side of a comparison, side by side."""
    chosen: list[Candidate] = []
    for region in question.regions:
        side = [c for c in ranked if _speaks_of(c, region) and c not in chosen]
        chosen.extend(_document_order(side[:3]))
    return tuple(chosen) or _longer(question, ranked)


def _speaks_of(candidate: Candidate, region: str) -> bool:
    chunk = candidate.passage.chunk
    return region in candidate.folded or region in " ".join(chunk.path) or region in chunk.title


def _enumeration(corpus: Corpus, question: Question, ranked: tuple[Candidate, ...]) -> Extract | None:
    """All items of the list that the best sentence belongs to, introduces or stands under."""
    for candidate in ranked[:2]:
        source = candidate.passage.chunk.source
        sections = corpus.catalog.enclosing(source, candidate.sentence.start, candidate.sentence.end)
        if not sections or candidate.score < NEAR_EQUAL * ranked[0].score:
            continue
        inside = corpus.catalog.sentences_between(source, sections[-1].start, sections[-1].end)
        heading = coverage(corpus.lexical, question.terms, search_form(sections[-1].label))
        items = _numbered_run(inside, candidate.sentence) or _inline_run(inside, candidate.sentence)
        if not items and heading >= HEADING_MATCH:
            items = tuple(s for s in inside if s.kind == "item")
        if FEWEST_ITEMS <= len(items) <= MOST_ITEMS:
            return Extract(tuple(replace(candidate, sentence=s) for s in items), len(items), len(items))
    return None


def _numbered_run(inside: tuple[Sentence, ...], sentence: Sentence) -> tuple[Sentence, ...]:
    """Numbered items around or right after the sentence."""
    position = next((i for i, s in enumerate(inside) if s.start == sentence.start), None)
    if position is None:
        return ()
    marked = [i for i, s in enumerate(inside) if ITEM_MARK.match(s.text)]
    if position not in marked and not (INTRODUCES.search(sentence.text) and position + 1 in marked):
        return ()
    return tuple(inside[i] for i in marked)


def _inline_run(inside: tuple[Sentence, ...], sentence: Sentence) -> tuple[Sentence, ...]:
    """一是…。二是…。 as sentences of one paragraph."""
    run = [s for s in inside if INLINE_MARK.match(s.text.lstrip())]
    return tuple(run) if len(run) >= FEWEST_ITEMS and sentence in run else ()


def _document_order(chosen: list[Candidate]) -> tuple[Candidate, ...]:
    """Documents by their best sentence, sentences as they stand in the text."""
    rank: dict[str, int] = {}
    for candidate in chosen:
        rank.setdefault(candidate.passage.chunk.source, len(rank))
    return tuple(sorted(chosen, key=lambda c: (rank[c.passage.chunk.source], c.sentence.start)))
