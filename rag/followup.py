"""A short follow-up -> a whole question, by rule: 那浙江呢, 第二款呢, 它的文号. Shown to the user, who may undo it."""

import re
from collections.abc import Sequence

from rag.address import ARTICLE, BOOK_TITLE, DOC_NUMBER
from rag.normalise import fold
from rag.question import REGIONS
from rag.types import Answer, Turn

PRONOUN_START = re.compile(
    r"^(?:那么?)?(?:它|其(?!他|余|中|实|次)|(?:该|此|这|那|上述|前述)(?:个|份|部|条)?(?:文件|办法|条例|规定|通知|政策|意见|法律|法|方案|规划|文|论文))"
)
CLAUSE_ONLY = re.compile(
    r"^(?:那么?)?(第[零〇一二三四五六七八九十百\d]+(?:条|款|项)(?:第[^呢吗？?]{1,8}?(?:款|项))?)\s*(?:呢|怎么说|是什么|说什么|内容)?[?？。]?$"
)
ELLIPSIS = re.compile(r"^(?:(?:那么?|换成|如果是|改成)\s*(.{1,12}?)\s*(?:呢|怎么样|又如何)?|(.{1,8}?)呢)[?？]?$")
YEAR = re.compile(r"(?:19|20)\d{2}年?(?:底|末)?")
LONGEST = 40


def resolve(question: str, turns: Sequence[Turn]) -> str:
    """The question completed from the last turn, or unchanged where it stands on its own."""
    last = next((turn for turn in reversed(turns) if turn.answer is not None), None)
    stripped = question.strip()
    if last is None or last.answer is None or len(stripped) > LONGEST:
        return question
    if BOOK_TITLE.search(stripped) or DOC_NUMBER.search(fold(stripped)):
        return question
    return (
        _clause(stripped, last.answer)
        or _pronoun(stripped, last.answer)
        or _ellipsis(stripped, last.answer.resolved or last.answer.question)
        or question
    )


def _subject(answer: Answer) -> tuple[str, str]:
    """(title, place) of what the last turn was about: its first citation, else the 《title》 it asked for."""
    if answer.citations:
        return answer.citations[0].title, answer.citations[0].label
    asked = BOOK_TITLE.search(answer.resolved or answer.question)
    return (asked[1], "") if asked else ("", "")


def _clause(question: str, answer: Answer) -> str:
    match = CLAUSE_ONLY.match(question)
    title, place = _subject(answer)
    if not match or not title:
        return ""
    address = match[1]
    if "条" not in address:
        said = [ARTICLE.search(fold(text)) for text in (answer.resolved or answer.question, place)]
        article = next((m for m in said if m), None)
        if article is None:
            return ""
        whole = article[0]
        address = (re.match(r"第[^条]+条(?:之.)?", whole) or article)[0] + address
    return f"《{title}》{address}规定了什么？"


def _pronoun(question: str, answer: Answer) -> str:
    match = PRONOUN_START.match(question)
    title, _ = _subject(answer)
    if not match or not title:
        return ""
    rest = question[match.end() :]
    return f"《{title}》{rest}" if rest else ""


def _ellipsis(question: str, before: str) -> str:
    match = ELLIPSIS.match(question)
    if not match or not before:
        return ""
    topic = match[1] or match[2]
    for pattern in (REGIONS, YEAR):
        wanted, had = pattern.search(topic), pattern.search(before)
        if wanted and had:
            return before.replace(had[0], wanted[0])
    return f"{topic}：{before}"
