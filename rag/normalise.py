"""Folding of text for searching (never for display): one form for full width, 繁體, scars of conversion."""

import re
import unicodedata
from functools import lru_cache

from rag import texts
from rag.errors import QuestionRejected

MAX_QUESTION = 2000

# NFKC leaves most of U+2E80-2EFF alone; PDF converters emit these for ordinary characters.
RADICALS = str.maketrans(
    "⻔⻚⻋⻝⻅⻰⻢⻥⻦⻬⻮⻓⻉⻛⻜⻩⻄⺠⺟⻣⻤⻆⻘⻙⻨⻳⻑⻁⼾",
    "门页车食见龙马鱼鸟齐齿长贝风飞黄西民母骨鬼角青韦麦龟长虎户",
)
INVISIBLE = re.compile(
    "[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u2064\ufe00-\ufe0f\ufeff\U000e0000-\U000e01ef]"
)
PICTURES = re.compile("[\u2600-\u27bf\U0001f000-\U0001faff]")
HAN = "\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff"
FOOTNOTE = re.compile(r"<sup>\s*\[?[\d,\-\s]*\]?\s*</sup>|\$")
MARKUP = re.compile(r"\*\*|(?m:^\s{0,3}#{1,6}\s+)|(?m:^\s*[-*+>]\s+)|(?m:^\s*\|?[\s:|-]+\|\s*$)")
ENGLISH_AND = re.compile(rf"(?<=[{HAN}])\s*and\s*(?=[{HAN}])")
BROKEN_LINE = re.compile(rf"(?<=[{HAN}0-9%，、；,;])[ \t]*\n\s*(?=[{HAN}0-9])")
HEADING_LINE = re.compile(r"(?m)^\s{0,3}#{1,6}[ \t]+(.*?)[ \t]*$(?=\n)")
HAN_GAP = re.compile(rf"(?<=[{HAN}，。；：、！？,;:])\s+(?=[{HAN}0-9])|(?<=[0-9%])\s+(?=[{HAN}])")


def visible(text: str) -> str:
    """Drop zero-width, bidirectional, tag and control characters; keep newline and tab."""
    return INVISIBLE.sub("", text)


@lru_cache(maxsize=4096)
def fold(text: str) -> str:
    """The searching form: NFKC, radicals repaired, simplified, lower case, invisible out. Idempotent."""
    folded = unicodedata.normalize("NFKC", visible(text.translate(RADICALS)))
    folded = PICTURES.sub("", visible(folded).translate(RADICALS).lower())
    simplify = _simplifier().convert
    return unicodedata.normalize("NFKC", simplify(simplify(folded)))  # 薴 becomes 苧 becomes 苎


TAGS = re.compile(r"(?is)<(script|style)\b.*?(?:</\1\s*>|$)|</?[a-z][a-z0-9]*(?:[\s/][^<>]*)?>")
"""HTML in a text: its elements, and a script with what it holds."""
LINK = re.compile(r"!?\[([^\]\n]*)\]\((?:[^()\n]|\([^()\n]*\))*\)")
"""[words](address): a reader sees the words."""


def readable(text: str) -> str:
    """The words of a source as a reader sees them: no Markdown, HTML, addresses or footnote signs, splits joined."""
    text = LINK.sub(r"\1", TAGS.sub("", FOOTNOTE.sub("", text)))
    text = MARKUP.sub("", text).replace("|", " ")
    return re.sub(r"\s*\n\s*", "\n", BROKEN_LINE.sub("", text)).strip()


def unscarred(text: str) -> str:
    """The readable form with slips of translation mended, so that a sentence searches as it is meant.

    Headings and table cells end like sentences, so that their words do not run into the next ones.
    """
    text = HEADING_LINE.sub(r"\1。", text).replace("|", "；")
    return HAN_GAP.sub("", ENGLISH_AND.sub("和", readable(text)))


def search_form(text: str) -> str:
    """What is indexed of a source text: unscarred, then folded."""
    return fold(unscarred(text))


def checked_question(question: str) -> str:
    """The question as it may be shown and searched.

    Raises QuestionRejected if it is empty, over 2000 characters or holds no letter, digit or 汉字.
    """
    if len(question) > MAX_QUESTION:
        raise QuestionRejected(texts.QUESTION_TOO_LONG.format(length=len(question), limit=MAX_QUESTION))
    seen = visible(question).strip()
    if not seen:
        raise QuestionRejected(texts.QUESTION_EMPTY)
    if not any(character.isalnum() for character in seen):
        raise QuestionRejected(texts.QUESTION_UNREADABLE)
    return re.sub(r"\s+", " ", seen)


@lru_cache(maxsize=1)
def _simplifier():  # type: ignore[no-untyped-def]
    from opencc import OpenCC

    return OpenCC("t2s")
