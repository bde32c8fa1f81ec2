"""Clauses that are said relative to the last one: 第二款呢, 下一条, 前款, 该条第三项, 条例第十条, 最后一条呢."""

import re
from collections.abc import Sequence
from dataclasses import replace

from rag.address import BOOK_TITLE, Clause
from rag.asked import NUMERAL, TYPE, UNITS, Span, asked_parts
from rag.clauses import articles, clause_name
from rag.normalise import fold
from rag.retrieve import Corpus
from rag.subject import Before, before_of
from rag.types import Turn

LEADING = re.compile(r"^(?:请问|想问|再看看?|再问|还有|以及|那么?|再)?(?:[,，])?")
STEPPED = re.compile(r"^(?P<way>[上前下后])一?(?P<unit>[条款项])(?P<rest>.{0,16})$")
THIS = re.compile(
    r"^(?:(?:上面|上述|前述|刚才|刚刚)的?(?:那一?|这一?)?|本|该|此|这一?|那一?|同一?)(?P<unit>[条款项])(?!例|目)(?:的|里面?|中)?(?P<rest>.{0,24})$"
)
OF_DOCUMENT = re.compile(
    rf"^(?:本|该|此|这个?|那个?|这部|那部|上述|前述|同一)?(?P<kind>{TYPE})(?:的|里面?|中)?(?=第|最|附则|总则)"
)
BARE_ARTICLE = re.compile(
    rf"^{NUMERAL}(?=(?:(?:、|和|至|到|-){NUMERAL})*条(?:{NUMERAL}[款项]|第|呢|怎么|讲|说|规定|是|$))"
)
LOWER = re.compile(rf"^第[(]?{NUMERAL}[)]?(?:{UNITS})")
ONLY_ASKED = re.compile(
    r"^(?:里|中)?[的又]*(?:呢|怎么说|怎么规定|说|讲|规定|内容|要求|是|的|了|什么|啥|哪些|有|具体)*$"
)
STEP = {"上": -1, "前": -1, "下": 1, "后": 1}
LONGEST_REST = 24
LOOKED_BACK = 4
"""Turns in which the last clause is looked for."""


def relative_clause(asked: str, turns: Sequence[Turn], corpus: Corpus | None) -> str:
    """The question with its whole address, 《title》第九条第三款规定了什么？; '' where it asks for no such clause."""
    said = LEADING.sub("", fold(asked), count=1)
    answered = [turn.answer for turn in reversed(turns) if turn.answer is not None][:LOOKED_BACK]
    if not answered:
        return ""
    before = before_of(answered[0], corpus)
    here = _here(before)
    for earlier in answered[1:]:
        if here is None and _leans(said):
            before = before_of(earlier, corpus)
            here = _here(before)
    if not before.title:
        return ""
    found = (
        _stepped(said, before, here, corpus) or _of_this(said, here) or _of_document(said, before) or _plain(said, here)
    )
    if not found:
        return ""
    address, rest = found
    asks = "规定了什么" if ONLY_ASKED.match(rest) else rest
    return f"《{before.title}》{address}{asks}？".replace("(", "（").replace(")", "）")


def _leans(said: str) -> bool:
    """Whether it needs a clause to lean on."""
    parts = asked_parts(said)
    return bool(
        STEPPED.match(said) or THIS.match(said) or (LOWER.match(said) and not parts.spans and not parts.divisions)
    )


def _here(before: Before) -> Span | None:
    """The clauses that were asked for last, or the one that was cited first."""
    for text in (before.bare, before.place):
        spans = asked_parts(BOOK_TITLE.sub("", text)).spans
        if spans:
            return Span(spans[0].first, spans[-1].last)
    return None


def _stepped(said: str, before: Before, here: Span | None, corpus: Corpus | None) -> tuple[str, str] | None:
    """下一条第二款: counted from the last clause; 之一 follows its article where the catalogue has it."""
    match = STEPPED.match(said)
    if not match or here is None:
        return None
    step, unit = STEP[match["way"]], match["unit"]
    clause = here.last if step > 0 else here.first
    if unit == "条":
        moved = _next_article(clause, step, before, corpus)
    else:
        level = "paragraph" if unit == "款" else "point"
        if not getattr(clause, level):
            clause = _cited(before) or clause
        number: int = getattr(clause, level)
        below = {"point": 0, "subpoint": 0} if unit == "款" else {"subpoint": 0}
        moved = replace(clause, **below, **{level: number + step}) if number and number + step else None
    return (clause_name(moved), match["rest"]) if moved else None


def _cited(before: Before) -> Clause | None:
    """The clause of the sentence that was cited first."""
    spans = asked_parts(before.place).spans
    return spans[0].first if spans else None


def _next_article(clause: Clause, step: int, before: Before, corpus: Corpus | None) -> Clause | None:
    known = articles(corpus, before.source) if corpus and before.source in corpus.catalog.titles else ()
    whole = Clause(clause.article, clause.branch)
    at = known.index(whole) + step if whole in known else -1
    if 0 <= at < len(known):
        return known[at]
    return Clause(clause.article + step) if clause.article + step else None


def _of_this(said: str, here: Span | None) -> tuple[str, str] | None:
    """该条第二款: the article, or the 款, that was spoken of."""
    match = THIS.match(said)
    if not match or here is None:
        return None
    clause, unit = here.last, match["unit"]
    if (unit == "款" and not clause.paragraph) or (unit == "项" and not clause.point):
        return None
    kept = {"条": Clause(clause.article, clause.branch), "款": replace(clause, point=0, subpoint=0)}.get(unit, clause)
    return clause_name(kept), match["rest"]


def _of_document(said: str, before: Before) -> tuple[str, str] | None:
    """条例第十条 of the 条例 that is spoken of."""
    match = OF_DOCUMENT.match(said)
    if not match or not (match["kind"] == "文件" or before.title.endswith(match["kind"])):
        return None
    return _addressed(said[match.end() :])


def _plain(said: str, here: Span | None) -> tuple[str, str] | None:
    """第十四条, 三到五条, 最后一条, 第二章; 第三款 and 第二项 of the clause that was spoken of."""
    said = BARE_ARTICLE.sub(lambda match: f"第{match[0]}", said)
    found = _addressed(said)
    if found:
        return found
    lower = LOWER.match(said)
    last = re.match(r"^最后一?(款|项)", said)
    if not (lower or last) or here is None:
        return None
    unit = last[1] if last else ("项" if re.match(r"^第[^款段]*?[项点]", said) else "款")
    clause = here.last
    kept = clause.paragraph if unit == "项" else 0
    inside = clause_name(Clause(clause.article, clause.branch, kept))
    return _addressed(f"{inside}{said}")


def _addressed(said: str) -> tuple[str, str] | None:
    """An address at the very beginning, and what follows it."""
    parts = asked_parts(said)
    if parts.head or not (parts.spans or parts.divisions) or len(parts.tail) > LONGEST_REST:
        return None
    if parts.divisions and not parts.alone:
        return None
    return said[: len(said) - len(parts.tail)], parts.tail
