"""Sentences of the found passages, best first: how well does each one answer?"""

import re
from dataclasses import dataclass

from rag.address import BOOK_TITLE
from rag.demand import DURATION, SANCTION, SANCTION_ASKED, TIME_ASKED
from rag.judge import coverage
from rag.normalise import HAN, fold
from rag.period import clash, periods
from rag.quantity import has_figure, quantities
from rag.question import Question
from rag.retrieve import Corpus, Retrieval
from rag.types import OTHER, Passage, PassageReading, Sentence

PASSAGES, COMPARED = 6, 4
"""Passages that give sentences, and how many more where two sides are compared."""
RELATED = 0.45
"""A passage below this share of the best one's score gives no sentences; the best one of known standing counts."""
COVERAGE, FORM, PLACE, NAMED = 0.9, 0.3, 0.6, 0.35
"""What words, form, the passage's place and being in a named document add to a similarity of 0..1."""
SPAN, CHANCE, BEHIND, LAST = 0.4, 0.2, 0.4, 6.0
"""What the reader adds: the share of the answer that it sees in a sentence (of a list it sees one item), the chance
that the passage answers, and how few logits (of 6) the passage lies behind the best one. With PLACE they were chosen
on 759 questions over the knowledge base and 25 laws: the right sentence comes first in 0.846, before in 0.822."""
READ, OF_ONE_SPAN = 0.4, {"number", "date", "yesno", "definition", "document", "validity"}
"""What that share adds where the passage answers at all, and the kinds of questions that a single stretch of text
answers: lists, ways and reasons spread over several sentences."""
ROW, NOTE, OTHER_YEAR, MATTER, REPORT = 0.25, 0.4, 0.3, 0.5, 0.4
"""What a table row, a note, another year, front matter and a report on another document take away."""
FRONT = re.compile(r"\**(?:关键词|Key ?words|Abstract|参考文献)|[A-Za-z][A-Za-z ,.'-]{20,}|\[\d+\]")
"""Front and back matter of papers: key words, English abstract, references."""
UNITS_ASKED = (
    (
        re.compile("百分之几|几个点|几成|占比|比例|增速|增长率|利率|费率|覆盖率|渗透率"),
        {"percent", "point", "成", "permille"},
    ),
    (re.compile("多少钱|几万|几亿|多少(?:万|亿)?元|金额|额度|余额|注册资本"), {"yuan", "amount"}),
)
"""What unit a question asks for, the first that fits; a sentence without it is no answer in form."""
ECHO = 0.8
"""What a sentence loses that says nothing beyond the question."""
LABEL = re.compile(rf"^\W*[{HAN}]{{2,12}}:")
NO_WORD = re.compile(r"\W")
DATE_FORM = re.compile(r"\d{4}年|\d{1,2}月|\d{1,2}日|起施行|生效")
CLAUSE_ASKED, STATES_CLAUSE = (
    re.compile("第几[条款项]|哪一?条(?!例)"),
    re.compile("第[零〇一二三四五六七八九十百千]+条"),
)
BINDS_ASKED, BINDS = re.compile("算数|作数|有效|无效"), re.compile("无效|有效|效力")
ALLOWED_ASKED, ALLOWS = (
    re.compile("能不能|可不可以|能否|可否|可以|允许|能.{0,16}吗|要不要|必须|有权"),
    re.compile("不得|可以|有权|禁止|严禁|应当|允许|不予|方可|无权"),
)
"""A question for permission or duty is answered by what a rule says in such words."""
DEFINES = re.compile(r"是指|[，,]指|称为|所称|定义|即")
DEFINITION_ASKED = re.compile("界定|定义|含义")
DEFINED = re.compile(
    rf"(?:什么|啥)(?:才)?(?:是|叫)(?P<after>[{HAN}]{{2,12}})|[“\"](?P<quoted>[^”\"]{{2,16}})[”\"]"
    rf"|(?P<before>[{HAN}]{{2,16}}?)(?:到底|究竟)?(?:是(?:指|什么|啥|一种)|指(?:的)?(?:是)?(?:什么|啥|哪)|的(?:含义|定义)|怎么定义|如何界定|如何定义)"
)
"""The term of which a definition is asked."""
REASONS = re.compile(r"由于|因为|导致|根源|原因|制约|是因|以便|为了|因此")
WAYS = re.compile(r"应当|要求|通过|推动|完善|建立|加强|支持|鼓励|须|可以")


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


def candidates(corpus: Corpus, retrieval: Retrieval) -> tuple[Candidate, ...]:
    """Sentences of the related passages, best first."""
    top = retrieval.passages[0].score if retrieval.passages else 0.0
    known = (p.score for p in retrieval.passages if corpus.catalog.metas[p.chunk.source].group != OTHER)
    least = RELATED * next(known, top)
    related = [(p, o) for p, o in zip(retrieval.passages, retrieval.ordinals, strict=True) if p.score >= least]
    named = retrieval.question.named
    compared = "compare" in retrieval.question.kinds
    surest = max((reading.relevance for reading in retrieval.readings.values()), default=0.0)
    if named.exact and not compared:
        related = [(p, o) for p, o in related if p.chunk.source in named.sources] or related
    related = related[: PASSAGES + COMPARED * compared]
    members = corpus.catalog.sentences([ordinal for _, ordinal in related])
    scores = retrieval.sentence_scores
    similarities = [scores[p.chunk.source, s.start] for p, o in related for _, s in members[o]]
    low, high = min(similarities, default=0.0), max(similarities, default=1.0)
    found = []
    for passage, ordinal in related:
        place = PLACE * passage.score / top if top else 0.0
        place += NAMED * (passage.chunk.source in retrieval.question.named.sources)
        reading = retrieval.readings.get(passage.chunk.id)
        for _, sentence in members[ordinal]:
            if sentence.kind == "caption":
                continue  # it comes with the rows of its table
            similarity = (scores[passage.chunk.source, sentence.start] - low) / max(high - low, 1e-6)
            score = similarity + place + _merit(corpus, retrieval.question, passage, sentence)
            score += _read(retrieval.question, reading, surest, sentence)
            found.append(Candidate(passage, sentence, score))
    return tuple(sorted(found, key=lambda c: -c.score))


def _read(question: Question, reading: PassageReading | None, surest: float, sentence: Sentence) -> float:
    """What the reader adds to a sentence; nothing without one."""
    if reading is None:
        return 0.0
    added = CHANCE * reading.chance - BEHIND * min(surest - reading.relevance, LAST) / LAST
    if "list" in question.kinds:
        return added
    added += SPAN * reading.sentences.get(sentence.start, 0.0)
    return added + (READ * reading.share(sentence) if question.kind in OF_ONE_SPAN else 0.0)


def _merit(corpus: Corpus, question: Question, passage: Passage, sentence: Sentence) -> float:
    """What a sentence earns by its words and form, beside its similarity and its passage's place."""
    source = passage.chunk.source
    context = fold(passage.chunk.breadcrumb)
    said = sentence.folded + _punished(corpus, question, source, sentence)
    own = coverage(corpus.lexical, question.asked_terms, said)
    placed = coverage(corpus.lexical, question.terms, f"{context} {said}")
    merit = COVERAGE * (0.7 * own + 0.3 * placed) + FORM * _form(question, sentence.folded)
    merit -= ECHO * _echoes(question, sentence.folded)
    merit -= ROW * (sentence.kind == "row") + NOTE * (sentence.kind == "note")
    return (
        merit
        - OTHER_YEAR * _other_time(question, sentence.folded)
        - REPORT * _reports(corpus, sentence, source)
        - MATTER * bool(FRONT.match(sentence.text))
    )


def _punished(corpus: Corpus, question: Question, source: str, sentence: Sentence) -> str:
    """Where a sanction is asked for: the clauses that one punishes, 违反本条例第二十二条规定的 says no more of them."""
    if not (SANCTION_ASKED.search(question.folded) and SANCTION.search(sentence.folded)):
        return ""
    catalog = corpus.catalog
    inside = [link for link in catalog.links(source) if link.label and sentence.start <= link.start < sentence.end]
    clauses = [(link.source, s) for link in inside for s in catalog.sections(link.source, link.label)[:1]]
    return "".join(s.folded for place, c in clauses for s in catalog.sentences_between(place, c.start, c.end))


def _echoes(question: Question, folded: str) -> bool:
    """事项名称:户口页借出 says no more than a question about 户口页借出."""
    said = NO_WORD.sub("", LABEL.sub("", folded))
    return bool(said) and said in NO_WORD.sub("", question.folded)


def _form(question: Question, folded: str) -> float:
    """1 where the sentence holds the kind of thing that is asked for, 2 where it defines the very term that is
    asked for, -1 where a length of time is missing."""
    if "number" in question.kinds and TIME_ASKED.search(question.folded):
        return 1.0 if DURATION.search(folded) else -1.0
    if asks_definition(question):
        return 2.0 if _defines(question, folded) else float(bool(DEFINES.search(folded)))
    return float(_has_form(question, folded))


def asks_definition(question: Question) -> bool:
    """Whether the meaning of a word is asked for."""
    return question.kind == "definition" or (
        question.kind in {"how", "open"} and bool(DEFINITION_ASKED.search(question.folded))
    )


def _defines(question: Question, folded: str) -> bool:
    """X是…, X,是指…, X的计算方法… where X is the asked term; a sentence that only mentions X defines nothing."""
    asked = DEFINED.search(question.folded)
    term = next((group for group in asked.groups() if group), "") if asked else ""
    verb = r"[”\"]?(?:\([^)]*\))?[,，]?(?:是(?!否|不是)|指|的计算方法|的含义|即|为)"
    return bool(term) and bool(re.search(re.escape(term) + verb, folded))


def _has_form(question: Question, folded: str) -> bool:
    if "number" in question.kinds and question.kind != "definition":
        return has_asked_unit(question, folded)
    if "document" in question.kinds and CLAUSE_ASKED.search(question.folded):
        return bool(STATES_CLAUSE.search(folded))
    if question.kind == "yesno" and BINDS_ASKED.search(question.folded):
        return bool(BINDS.search(folded))
    if SANCTION_ASKED.search(question.folded):
        return bool(SANCTION.search(folded))
    if question.kind == "yesno" and ALLOWED_ASKED.search(question.folded):
        return bool(ALLOWS.search(folded))
    if question.kind == "date":
        return bool(DATE_FORM.search(folded))
    pattern = {"definition": DEFINES, "why": REASONS, "how": WAYS}.get(question.kind)
    return bool(pattern and pattern.search(folded))


def has_asked_unit(question: Question, folded: str) -> bool:
    """A figure, and of the asked unit where one is: a rate for 利率, an amount for 余额."""
    wanted = next((dimensions for asked, dimensions in UNITS_ASKED if asked.search(question.folded)), None)
    return any(q.dimension in wanted for q in quantities(folded)) if wanted else has_figure(folded)


def _reports(corpus: Corpus, sentence: Sentence, source: str) -> bool:
    """The sentence says what another document of the knowledge base says; that one speaks for itself."""
    return any(other and source not in other for other in mentioned(corpus, sentence))


def mentioned(corpus: Corpus, sentence: Sentence) -> list[tuple[str, ...]]:
    """For each 《title》 of a sentence, the documents of the knowledge base that have it."""
    if "《" not in sentence.text:
        return []
    return [corpus.names.titled(name) for name in BOOK_TITLE.findall(sentence.text)]


def _other_time(question: Question, folded: str) -> bool:
    """The sentence speaks of years and of none that is asked for, or of other times of those years."""
    if not question.years:
        return False
    said = periods(folded)
    other_year = bool(said) and not {year for year, _ in said} & set(question.years)
    return other_year or clash(periods(question.folded), said)
