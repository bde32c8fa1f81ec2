"""Exact look-ups: clauses by address, and what the catalogue knows of a document; no vectors needed."""

import re
from dataclasses import replace

from rag import texts
from rag.address import ARTICLE, Clause
from rag.compose import Composer, finished, refusal, validity_notices
from rag.normalise import fold
from rag.numerals import chinese_numeral, number_of
from rag.question import Question
from rag.retrieve import Corpus, matching_sources
from rag.types import Answer, DocumentMeta, Filters, Passage, Section, Sentence

ABOUT_DOCUMENT = re.compile(
    r"文号|发文字号|字号|几号文|谁发|谁印发|谁制定|谁出台|哪(个|些|几个|家|几家)?(部门|机关|单位).{0,8}(发|印|制定|出台|联合)|发文机关|"
    r"(什么时候|何时|哪天|哪一天|哪年|几月|日期).{0,8}(施行|实施|生效|印发|发布|公布|发的|出台|执行|起)|"
    r"(施行|实施|生效|印发|发布|公布|出台|成文)(日期|时间|是什么时候|是哪)|"
    r"(还|现在|目前|仍|是否).{0,4}(有效|管用|作数|适用|能用|执行)|失效|废止|作废|效力|过期|现行有效|从.{0,6}(哪天|什么时候)起"
)
SPEAKS_OF_ITSELF = re.compile(
    r"印发|发布|公布|(?<!批准)施行|实施(?!监督)|生效|有效(?!期)|失效|废止|修订|修改|替代|取代|期满|届满|规划期|文号|落款|审议通过|(?<!未经)批准|标为|废除|优化完善|调整优化"
)
DATED_OR_VALID = re.compile(r"\d{4}年|效力|现行有效|失效|废止|届满|期满|规划期|自.{2,12}施行")
MOST_FACTS = 3


def look_up(corpus: Corpus, question: Question, passages: tuple[Passage, ...], filters: Filters) -> Answer | None:
    """The answer to an address or to a question about a document itself; None where it is neither."""
    named = question.named
    if named.missing and not named.sources:
        return refusal(question, passages, texts.REASON_DOCUMENT.format(name=named.missing))
    if filters and named.sources:
        named = replace(named, sources=tuple(s for s in named.sources if s in matching_sources(corpus, filters)))
        question = replace(question, named=named)
    if len(named.sources) == 1 and question.clauses:
        return _clauses(corpus, question, named.sources[0], passages)
    if 1 <= len(named.sources) <= 2 and ABOUT_DOCUMENT.search(named.rest or question.folded):
        return _facts(corpus, question, passages)
    return None


def _clauses(corpus: Corpus, question: Question, source: str, passages: tuple[Passage, ...]) -> Answer | None:
    composer = Composer(corpus)
    missing = []
    for clause in question.clauses:
        found = clause_sentences(corpus, source, clause)
        if not found:
            missing.append(clause_name(clause))
        for sentence in found:
            composer.quote(source, sentence)
    title = corpus.catalog.titles[source]
    if not composer.sentences:
        reason = texts.REASON_CLAUSE.format(title=title, clause="、".join(missing))
        return refusal(question, passages, reason)
    notices = [*_unknown(question), *validity_notices(composer.citations)]
    if missing:
        notices.append(texts.REASON_CLAUSE.format(title=title, clause="、".join(missing)))
    return finished(question, composer, passages, notices)


def clause_sentences(corpus: Corpus, source: str, clause: Clause) -> tuple[Sentence, ...]:
    """The sentences of a clause: those of the article itself, or those that a digest gives for it."""
    sections = corpus.catalog.sections(source, clause.label)
    if not sections and clause.point and not clause.paragraph:
        sections = _points_of(corpus, source, clause)
    if sections:
        return corpus.catalog.sentences_between(source, sections[0].start, sections[0].end)
    everything = corpus.catalog.sentences_between(source, 0, 10**9)
    return tuple(sentence for sentence in everything if _states(sentence, clause))


def _points_of(corpus: Corpus, source: str, clause: Clause) -> tuple[Section, ...]:
    """第四条第二项 where only one 款 of the article has items."""
    whole = replace(clause, point=0).label
    pattern = re.compile(rf"{whole}第\d+款第{clause.point}项")
    found = tuple(s for s in corpus.catalog.sections(source) if pattern.fullmatch(s.label))
    return found if len(found) == 1 else ()


def clause_name(clause: Clause) -> str:
    """第十二条第二款, as people write it."""
    return re.sub(r"\d+", lambda match: chinese_numeral(int(match[0])), clause.label)


def _states(sentence: Sentence, clause: Clause) -> bool:
    """A digest's sentence that begins by naming the clause (第九条第三款规定…) or ends by (第九条)."""
    for match in ARTICLE.finditer(sentence.folded):
        opens = match.start() <= 40 and not re.search("依照|根据|按照|违反|依据", sentence.folded[: match.start()])
        closes = sentence.folded[match.end() : match.end() + 1] == ")"
        stated = Clause(
            number_of(match[1]), number_of(match[2] or ""), number_of(match[3] or ""), number_of(match[4] or "")
        )
        if (opens or closes) and stated.article == clause.article and stated.branch == clause.branch:
            return clause.paragraph in {0, stated.paragraph} and clause.point in {0, stated.point}
    return False


def _facts(corpus: Corpus, question: Question, passages: tuple[Passage, ...]) -> Answer:
    """Number, issuer, dates and validity from the metadata, with the sentences that speak of them."""
    composer = Composer(corpus)
    for source in question.named.sources:
        title, meta = corpus.catalog.titles[source], corpus.catalog.metas[source]
        proofs = _own_sentences(corpus, source, question)
        opening = corpus.catalog.sentences_between(source, 0, 10**9)[:1]
        composer.state(texts.FACTS.format(title=title, facts="；".join(facts_of(meta))), source, proofs[:1] or opening)
        for sentence in proofs:
            composer.quote(source, sentence)
    return finished(question, composer, passages, [*_unknown(question), *validity_notices(composer.citations)])


def _unknown(question: Question) -> list[str]:
    return [texts.ALSO_UNKNOWN.format(name=question.named.missing)] if question.named.missing else []


def facts_of(meta: DocumentMeta) -> list[str]:
    """What is recorded of a document, one labelled fact each; what is unknown is said."""
    facts = [
        texts.FACT_NUMBER.format(value=meta.doc_number or texts.UNKNOWN),
        texts.FACT_ISSUER.format(value="、".join(meta.issuer) or texts.UNKNOWN),
    ]
    for label, value in (
        (texts.FACT_ISSUED, meta.issued),
        (texts.FACT_PUBLISHED, meta.published),
        (texts.FACT_EFFECTIVE, meta.effective),
        (texts.FACT_EXPIRES, meta.expires),
    ):
        if value or label == texts.FACT_EFFECTIVE:
            facts.append(label.format(value=value or texts.UNKNOWN))
    facts.append(texts.FACT_STATUS.format(value=meta.status or texts.UNKNOWN))
    if meta.replaced_by:
        facts.append(texts.REPLACED_BY.format(names="、".join(meta.replaced_by)))
    if meta.replaces:
        facts.append(texts.REPLACES.format(names="、".join(meta.replaces)))
    return facts


def _own_sentences(corpus: Corpus, source: str, question: Question) -> list[Sentence]:
    """Sentences in which a document's text speaks of its own making and validity, best first."""
    name = fold(corpus.catalog.titles[source])[:12]
    scored = []
    for sentence in corpus.catalog.sentences_between(source, 0, 10**9):
        hits = len(set(SPEAKS_OF_ITSELF.findall(sentence.folded)))
        of_itself = DATED_OR_VALID.search(sentence.folded)
        if hits and of_itself and sentence.kind not in {"row", "note"}:
            words = sum(corpus.lexical.weight(t) for t in question.terms if t in sentence.folded)
            dated = len(re.findall(r"\d{4}年", sentence.folded)) > 0
            scored.append((hits + 0.3 * words + dated + (name in sentence.folded), -sentence.start, sentence))
    best = sorted(scored, reverse=True, key=lambda item: item[:2])[:MOST_FACTS]
    return [sentence for _, _, sentence in sorted(best, key=lambda item: -item[1])]
