"""A figure in the question that the source contradicts is corrected before anything else is said."""

import re
from collections.abc import Sequence

from rag import texts
from rag.normalise import HAN, fold
from rag.quantity import Quantity, contains, quantities
from rag.question import Question
from rag.rank import Candidate
from rag.retrieve import Corpus, Retrieval

CHECKED = {"percent", "point", "yuan", "amount", "permille", "basis point", "倍", "家", "户", "人", "个"}
SUBJECT = re.compile(
    rf"([{HAN}]{{2,16}}?)(?:仅|只|已经|已|都|才|就|约|大约|高达|达到|达|超过|超|突破|不足|不到|低于|为|是|有|至|到|了|增长)*$"
)
CLAIMED = re.compile(rf"是(?:由)?([{HAN}]{{2,12}}?)(?:单独|联合)?(?:发(?:布|出)?|印发|出台|制定|公布)的")
"""是人民银行发的: the issuer that a question takes for granted."""
ASSERTED_DAY = re.compile(
    r"(?P<year>(?:19|20)\d{2})年(?P<month>\d{1,2})月(?P<day>\d{1,2})[日号](?:起|才|就|开始|正式)*(?P<event>施行|生效|实施|公布|发布|印发|出台|通过)的?"
)
"""2025年7月1日施行: the day that a question takes for granted of a document."""
EVENTS = (
    (re.compile("施行|生效|实施"), "effective", texts.FACT_EFFECTIVE),
    (re.compile("公布|发布|印发|出台"), "published", texts.FACT_PUBLISHED),
)
CLAUSE_END = re.compile("[,;:。、]")
NEAR = 16
CONSIDERED = 20


def corrections(corpus: Corpus, retrieval: Retrieval, ranked: Sequence[Candidate]) -> tuple[tuple[str, Candidate], ...]:
    """(sentence of correction, its proof) for each figure, issuer and day that a question wrongly takes for granted."""
    return (
        *figure_corrections(retrieval, ranked),
        *issuer_correction(corpus, retrieval.question, ranked),
        *day_correction(corpus, retrieval.question, ranked),
    )


def figure_corrections(retrieval: Retrieval, ranked: Sequence[Candidate]) -> tuple[tuple[str, Candidate], ...]:
    """The corrections of asserted figures that the found passages hold otherwise and nowhere as asked."""
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


def issuer_correction(
    corpus: Corpus, question: Question, ranked: Sequence[Candidate]
) -> tuple[tuple[str, Candidate], ...]:
    """The sentence of correction and its proof where the question names another issuer than the found document has."""
    claimed = CLAIMED.search(question.folded)
    if not ranked or not claimed:
        return ()
    source = ranked[0].passage.chunk.source
    issuers = [fold(issuer) for issuer in corpus.catalog.metas[source].issuer]
    known = {fold(issuer) for meta in corpus.catalog.metas.values() for issuer in meta.issuer}
    said = _equals(corpus, claimed[1]) & known
    if not issuers or not said or said & set(issuers) or any("等" in issuer for issuer in issuers):
        return ()
    names = "、".join(corpus.catalog.metas[source].issuer)
    text = texts.CORRECTION_ISSUER.format(asked=claimed[1], title=corpus.catalog.titles[source], names=names)
    return ((text, ranked[0]),)


def day_correction(
    corpus: Corpus, question: Question, ranked: Sequence[Candidate]
) -> tuple[tuple[str, Candidate], ...]:
    """The sentence of correction and its proof where the question gives a named document another day than its own."""
    claimed = ASSERTED_DAY.search(question.folded)
    if not claimed or len(question.named.sources) != 1:
        return ()
    source = question.named.sources[0]
    fact = next(
        (
            (getattr(corpus.catalog.metas[source], key), label)
            for event, key, label in EVENTS
            if event.match(claimed["event"])
        ),
        None,
    )
    if fact is None or not fact[0]:
        return ()
    true, label = fact
    if true == f"{claimed['year']}-{int(claimed['month']):02}-{int(claimed['day']):02}":
        return ()
    proof = next((c for c in ranked if c.passage.chunk.source == source and _says_day(c.folded, true)), None)
    title = corpus.catalog.titles[source]
    text = texts.CORRECTION_DAY.format(asked=claimed[0], title=title, fact=label.format(value=true))
    return ((text, proof),) if proof else ()


def _says_day(folded: str, day: str) -> bool:
    year, month, number = (int(part) for part in day.split("-")) if day.count("-") == 2 else (0, 0, 0)
    return f"{year}年{month}月{number}日" in folded


def _equals(corpus: Corpus, name: str) -> set[str]:
    """A name with its equals in the lexicon: 人行 is 中国人民银行."""
    return {name}.union(*(group for group in corpus.lexical.lexicon.groups if name in group))


def _subject(question: Question, figure: Quantity) -> str:
    """The words right before the figure, without 为, 达到 and the like; '' where there are none."""
    before = re.sub(r"\s", "", question.folded[: figure.start])[-NEAR:]
    match = SUBJECT.search(before)
    return match[1] if match else ""


def _figure_after(sentence: str, subject: str, figure: Quantity) -> Quantity | None:
    """The figure right after the subject (or its last words) in the same clause, if it is of the same kind."""
    for name in (subject, subject[-4:], subject[-3:]):
        position = sentence.find(name)
        if position >= 0 and len(name) >= 3:
            end = position + len(name)
            first = next((q for q in quantities(sentence) if end <= q.start <= end + NEAR), None)
            same = first is not None and first.dimension == figure.dimension
            return first if first and same and not CLAUSE_END.search(sentence[end : first.start]) else None
    return None
