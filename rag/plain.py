"""One plain form of a sentence for comparing: no marks of citation or list, no white space, dates and signs one way."""

import re
from functools import lru_cache

from rag.normalise import fold, unscarred
from rag.numerals import number_of

MARKER = re.compile(r"[\[(【](?:\d+[,、\s]*)+[\])】](?=[,。;!?\s\[【]|$)|(?<!第)\[\^?\d+\]|【\d+】")
LIST_MARK = re.compile(
    r"^(?:[-*+•·]+|\d{1,2}[.、)](?!\d)|[(](?:\d{1,2}|[一二三四五六七八九十]{1,3})[)]|[一二三四五六七八九十]{1,2}、)"
)
BRACKETS = str.maketrans("〔[【{〕]】}", "(((())))")
DASH = re.compile("[—–―~～]+|(?<=[\\d%年月日元])-+(?=\\d)")
ISO = re.compile(r"(?<!\d)((?:19|20)\d{2})[-/.](\d{1,2})(?:[-/.](\d{1,2}))?(?=末|底|$|[^\d%.-])")
SIGNED = re.compile(r"(?<![\d.%元年月日期个号])([+-])(?=\d)")
HAN_YEAR = re.compile("[一二][〇零一二三四五六七八九]{3}(?=年)")
HAN_DAY = re.compile(
    "(?<![一二三四五六七八九十第])([一二三四五六七八九十]{1,3})(月(?!末?度))(?:([一二三四五六七八九十]{1,3})(日))?"
)
HAN_DIGITS = str.maketrans("〇零一二三四五六七八九", "00123456789")
ROUND = re.compile("(?<![一二三四五六七八九十百千万亿第\\d])([十百千])(?=亿)")
ROUND_NUMBERS = {"十": "10", "百": "100", "千": "1000"}
HALF_YEAR = re.compile("(?<![上下大小])半年(?!度)")
SHARE = re.compile(
    r"(?<![\d.])(?P<part>\d{1,3})/(?P<whole>\d{1,3})(?![\d.])|(?P<parts>[二两三四五六七八九十]+)分之(?P<one>[一二三四五六七八九]+)"
)
QUOTES = re.compile("[\"'“”‘’「」`*_#]")


@lru_cache(maxsize=8192)
def plain(text: str) -> str:
    """One form of a sentence for comparing: searching form, without markers, list marks and white space."""
    text = re.sub(r"\s+", "", LIST_MARK.sub("", unmarked(fold(unscarred(text))).strip()))
    text = LIST_MARK.sub("", text.translate(BRACKETS))
    text = ISO.sub(lambda m: f"{m[1]}年{int(m[2])}月" + (f"{int(m[3])}日" if m[3] else ""), text)
    text = HAN_YEAR.sub(lambda m: m[0].translate(HAN_DIGITS), text)
    text = ROUND.sub(lambda m: ROUND_NUMBERS[m[1]], HAN_DAY.sub(_day, text))
    text = SIGNED.sub(lambda m: "增长" if m[1] == "+" else "下降", DASH.sub("-", text))
    text = SHARE.sub(_percent, text)
    return QUOTES.sub("", HALF_YEAR.sub("6个月", text))


def _percent(match: re.Match[str]) -> str:
    """1/4 and 四分之一 as 25%."""
    part, whole = number_of(match["part"] or match["one"]), number_of(match["whole"] or match["parts"])
    return f"{100 * part / whole:g}%" if 0 < part < whole else match[0]


def unmarked(text: str) -> str:
    """A sentence without the citation marks that a model put into it."""
    return MARKER.sub("", text)


def _day(match: re.Match[str]) -> str:
    day = f"{number_of(match[3])}日" if match[3] else ""
    return f"{number_of(match[1])}月{day}"
