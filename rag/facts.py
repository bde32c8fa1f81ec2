"""What is known of a document itself: number, issuer, dates and validity, with the sentences that speak of them."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import replace

from rag import texts
from rag.address import DOC_NUMBER, doc_number_key
from rag.clauses import clause_of
from rag.compose import Composer, plain_text
from rag.described import ASPECTS, aspects
from rag.normalise import fold, readable
from rag.question import Question
from rag.retrieve import Corpus
from rag.standing import validity_notices
from rag.types import BINDING, Answer, DocumentMeta, Sentence

SPEAKS_OF_ITSELF = re.compile(
    r"印发|发布|公布|(?<!批准)施行|实施(?!监督)|生效|有效(?!期)|失效|废止|修订|修改|替代|取代|期满|届满|规划期|文号|落款|审议通过|(?<!未经)批准|标为|废除|优化完善|调整优化|接续文件"
)
DATED_OR_VALID = re.compile(
    r"\d{4}年|效力|现行有效|失效|废止|届满|期满|规划期|自.{2,12}施行|未核实|标为|文号|优化完善|试点性|接续文件"
)
CHANGES = "废止|修订|修改|取代|替代|代替|接续|调整优化|优化完善"
FATE = re.compile(f"{CHANGES}|失效")
SAYS = {
    "validity": re.compile(
        r"标为|现行有效|未见.{0,6}废止|失效|废止|效力|取代|替代|调整优化|优化完善|届满|期满|有效期|规划期|停止执行|(?:执行|废止|修改|修订|取代)\S{0,24}未核实|"
        r"(?:接续|背景|试点性|应急性)文件"
    ),
    "amended": re.compile(f"{CHANGES}|修正"),
    "number": re.compile(rf"文号|{DOC_NUMBER.pattern}|令第"),
    "origin": re.compile(r"印发|发布|公布|通过|施行|联合|制定|落款|成文|批准|见诸"),
}
"""How a document's text speaks of what may be asked of it."""
OF_ITSELF = re.compile(
    r"本(?:意见|通知|办法|条例|法|规划|方案|措施|文件|决定|指导意见|实施意见)|标为|[该此](?:办法|文件|意见|通知)|上述"
)
MOST_FACTS, MOST_AS_OF = 3, 2
BYLINE_ASKED = re.compile(
    r"^(?!.*(?:参考文献|引用)).*(?:作者.{0,4}(?:是谁|叫什么|单位|机构|[哪什].{0,3}(?:单位|机构))|谁写的|署名)"
)
ABSTRACT = re.compile(r"\W*(?:摘要|内容提要|abstract)")


def state_facts(composer: Composer, corpus: Corpus, source: str, question: Question) -> None:
    """Add what the metadata knows of a document, and the sentences of its text that speak of what is asked."""
    title, meta = corpus.catalog.titles[source], corpus.catalog.metas[source]
    proofs = own_sentences(corpus, source, question)
    opening = corpus.catalog.sentences_between(source, 0, 10**9)[:1]
    facts = facts_of(meta, aspects(question.folded))
    composer.state(texts.FACTS.format(title=title, facts="；".join(facts)), source, proofs or opening)
    quoted = {readable(sentence.text) for sentence in composer.sentences}
    for sentence in proofs:
        if readable(sentence.text) not in quoted:
            composer.quote(source, sentence)


def with_facts(corpus: Corpus, question: Question, answer: Answer) -> Answer:
    """An answer on contents with the facts of the document that it rests on, where the question asks for them too."""
    first = answer.citations[0] if answer.citations else None
    asked = aspects(question.folded)
    if first is None or first.meta.group != BINDING or not asked or question.kind == "compare":
        return answer
    composer = Composer(corpus)
    composer.citations, composer.sentences = list(answer.citations), list(answer.sentences)
    state_facts(composer, corpus, first.source, question)
    sentences, citations = tuple(composer.sentences), tuple(composer.citations)
    notices = tuple(dict.fromkeys((*answer.notices, *validity_notices(citations))))
    return replace(
        answer, sentences=sentences, citations=citations, notices=notices, text=plain_text(sentences, notices)
    )


def as_of(corpus: Corpus, question: Question, answer: Answer, notice: str) -> Answer:
    """An answer on what applied at a time: the facts of the first texts that it cites, then its sentences."""
    if not answer.found:
        return answer
    composer = Composer(corpus)
    for citation in list({c.source: c for c in answer.citations}.values())[:MOST_AS_OF]:
        facts = "；".join(facts_of(citation.meta))
        opening = corpus.catalog.sentences_between(citation.source, 0, 10**9)[:1]
        composer.state(texts.FACTS.format(title=citation.title, facts=facts), citation.source, opening)
    for sentence in answer.sentences:
        for citation in (c for c in answer.citations if c.number in sentence.citations):
            composer.quote(citation.source, Sentence(citation.start, citation.end, citation.quote), sentence.lead)
    notices = (notice, *answer.notices)
    sentences, citations = tuple(composer.sentences), tuple(composer.citations)
    return replace(
        answer,
        question=question.text,
        sentences=sentences,
        citations=citations,
        notices=notices,
        text=plain_text(sentences, notices),
    )


def byline(corpus: Corpus, source: str, question: Question) -> tuple[Sentence, ...]:
    """What stands between a paper's title and its abstract, where its author is asked for."""
    if not BYLINE_ASKED.search(question.folded):
        return ()
    opening = corpus.catalog.sentences_between(source, 0, 10**9)[:8]
    end = next((i for i, sentence in enumerate(opening) if ABSTRACT.match(sentence.folded)), 0)
    return tuple(sentence for sentence in opening[:end] if sentence.kind != "heading")


def facts_of(meta: DocumentMeta, asked: Sequence[str] = tuple(ASPECTS)) -> list[str]:
    """What is recorded of a document, one labelled fact each; what is asked for and unknown is said."""
    values = (
        (texts.FACT_NUMBER, meta.doc_number, "number"),
        (texts.FACT_ISSUER, "、".join(meta.issuer), "origin"),
        (texts.FACT_ISSUED, meta.issued, ""),
        (texts.FACT_PUBLISHED, meta.published, ""),
        (texts.FACT_EFFECTIVE, meta.effective, "origin"),
        (texts.FACT_EXPIRES, meta.expires, ""),
        (texts.FACT_STATUS, meta.status, "validity"),
    )
    facts = [label.format(value=value or texts.UNKNOWN) for label, value, aspect in values if value or aspect in asked]
    if meta.replaced_by:
        facts.append(texts.REPLACED_BY.format(names="、".join(meta.replaced_by)))
    if meta.replaces:
        facts.append(texts.REPLACES.format(names="、".join(meta.replaces)))
    return facts


def own_sentences(corpus: Corpus, source: str, question: Question) -> list[Sentence]:
    """Sentences in which a document's text speaks of its own making and validity, in text order.

    The best one for each thing that is asked comes before others.
    """
    asked = [SAYS[name] for name in aspects(question.folded)]
    found = [
        (_weight(corpus, source, sentence, question), sentence)
        for sentence in corpus.catalog.sentences_between(source, 0, 10**9)
        if sentence.kind not in {"row", "note"}
        and _speaks_of_itself(sentence)
        and (OF_ITSELF.search(sentence.folded) or not _in_an_article(corpus, source, sentence))
    ]
    found.sort(key=lambda pair: (-pair[0], pair[1].start))
    chosen: list[Sentence] = []
    for pattern in asked:
        fitting = [(len(set(pattern.findall(s.folded))) + w, s) for w, s in found if pattern.search(s.folded)]
        best = max(fitting, key=lambda pair: pair[0], default=None)
        if best and best[1] not in chosen:
            chosen.append(best[1])
    chosen.extend(sentence for _, sentence in found if sentence not in chosen)
    return sorted(chosen[:MOST_FACTS], key=lambda sentence: sentence.start)


def _speaks_of_itself(sentence: Sentence) -> bool:
    return bool(SPEAKS_OF_ITSELF.search(sentence.folded) and DATED_OR_VALID.search(sentence.folded)) or bool(
        SAYS["validity"].search(sentence.folded) and OF_ITSELF.search(sentence.folded)
    )


def _in_an_article(corpus: Corpus, source: str, sentence: Sentence) -> bool:
    """Whether it stands in an article, whose words are on the matter: 公布 and 届满 there are others'."""
    around = corpus.catalog.enclosing(source, sentence.start, sentence.end)
    return any(clause_of(section.label).article for section in around)


def _weight(corpus: Corpus, source: str, sentence: Sentence, question: Question) -> float:
    """How much a sentence says of its own document: what it says of it, the question's words, dates, its name."""
    said = len(set(SPEAKS_OF_ITSELF.findall(sentence.folded)))
    words = sum(corpus.lexical.weight(term) for term in question.terms if term in sentence.folded)
    dated = bool(re.search(r"\d{4}年", sentence.folded))
    itself = fold(corpus.catalog.titles[source])[:12] in sentence.folded
    return said + 0.3 * words + dated + itself + bool(OF_ITSELF.search(sentence.folded))


def reports(corpus: Corpus, name: str, question: Question, sources: Iterable[str]) -> list[tuple[str, Sentence]]:
    """Sentences of these documents that say of another one, by its name, what is asked of it."""
    plain = fold(name.strip("《》"))
    asked = set(aspects(question.named.rest))
    patterns = [FATE] if asked & {"validity", "amended"} else []
    patterns += [re.compile(r"\d{4}年.*(?:印发|公布|发布|施行|通过)")] if "origin" in asked else []
    patterns += [re.compile(rf"{re.escape(plain)}》\({DOC_NUMBER.pattern}")] if "number" in asked else []
    return [
        (source, sentence)
        for source in sources
        for sentence in corpus.catalog.sentences_between(source, 0, 10**9)
        if _names(sentence, plain) and any(pattern.search(sentence.folded) for pattern in patterns)
    ]


def _names(sentence: Sentence, plain: str) -> bool:
    """The sentence holds a name, or a 文号 in any of its styles."""
    key = doc_number_key(plain)
    numbers = (match[0] for match in DOC_NUMBER.finditer(sentence.folded)) if key else ()
    return plain in sentence.folded or any(doc_number_key(number).endswith(key) for number in numbers)
