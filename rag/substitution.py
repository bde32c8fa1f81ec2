"""The last question with another time, region or subject: what 到年底呢, 那浙江呢 and 家庭农场呢 ask for."""

import re
from collections.abc import Iterator

from rag.address import BOOK_TITLE
from rag.lexical import STOPWORDS
from rag.normalise import fold
from rag.question import REGIONS
from rag.retrieve import Corpus

ASKS = re.compile(r"什么|啥|多少|几|哪|谁|怎|咋|如何|吗|为何|是否|多[久长大高]|有没有|能不能|可不可以|要不要|是不是")
SPAN = r"第?[一二三四1-4]季度|前[两二三]季度|[上下]半年|全年|\d{1,2}(?:[-—–~至到]\d{1,2})?月(?:\d{1,2}[日号])?"
TIME = re.compile(
    rf"(?P<year>(?:19|20)\d{{2}}(?=年|[末底呢]|$))年?度?(?P<span>{SPAN})?(?:年?(?P<edge>[末底初])|份)?"
    rf"|(?P<later>{SPAN})(?:(?P<verge>[末底初])|份)?|年(?P<close>[末底初])"
)
SHORT_YEAR = re.compile(r"(?<!\d)(2\d)(?=年)")
OTHER_YEAR = re.compile(
    "(?<![比较])(?P<back>(?:前一|上一|头一|上|去)年)(?:同期)?|(?P<on>(?:第二|下一|后一|次)年)(?:同期)?"
)
AMOUNT = re.compile(
    "(?:[利费增汇税]率|增[速幅]|[余金数限保]额|额度|期限|比例|占比|倍数|[上下]限|起点|年龄|成本|资本|价格?|[户人]数|年限|门槛)$"
)
ATTRIBUTE = re.compile(
    f"{AMOUNT.pattern}|(?:条件|定价|补[偿贴助]|利息|贴息|资金|对象|流程|手续|材料|用途|方式|范围|标准|处[理罚]|要求|时间|部门|原则|依据|文号|责任)$"
)
PARTY = re.compile("(?:企业|公司|银行|机构|组织|个人|农户|主体|单位|机关|合作社|农场|部门|商户|[农工]户|大户)$")
"""Whom a rule speaks of: 个人呢 asks of persons what was asked of 小微企业."""
WHOLE_COUNTRY = ("全国", "我国")
PLACE = re.compile(f"(?:{REGIONS.pattern})[省市县]?")


def other_time(topic: str, before: str) -> tuple[str, str]:
    """The topic without its time, and the last question at that time; a year that is not said stays."""
    topic = SHORT_YEAR.sub(r"20\1", topic)
    had = next((m for m in TIME.finditer(BOOK_TITLE.sub(lambda t: "《" * len(t[0]), before)) if m["year"]), None)
    relative = OTHER_YEAR.search(topic)
    if relative and had:
        year = f"{int(had['year']) + (-1 if relative['back'] else 1)}年"
        finer = TIME.match(topic, relative.end())
        topic = topic.replace(relative[0], year if finer else f"{year}同期")
    new = TIME.search(topic)
    if new is None:
        return topic, before
    rest = topic[: new.start()] + topic[new.end() :]
    if had is None:
        return rest, f"{new[0]}{before}" if new["year"] else before
    if rest.startswith("同期"):
        return rest, before[: had.start()] + new["year"] + before[had.end("year") :]
    span = new["span"] or new["later"] or ""
    edge = new["edge"] or new["verge"] or new["close"] or ""
    if not edge and bool(span) == bool(had["span"]):
        edge = had["edge"] or ""
    return rest, f"{before[: had.start()]}{new['year'] or had['year']}年{span}{edge}{before[had.end() :]}"


def other_region(topic: str, before: str) -> tuple[str, str]:
    """The topic without its region, and the last question about that region, if both name one."""
    region, had = REGIONS.search(topic), REGIONS.search(before)
    if not region or not had:
        return topic, before
    return re.sub(f"{region[0]}[省市县]?", "", topic), before.replace(had[0], region[0])


def other_subject(topic: str, whole: str, text: str, corpus: Corpus | None) -> str:
    """The question with the topic in the place of the word that plays the same part, else opened by it."""
    best, place = 0, (0, 0)
    for start, end, single in _spans(whole, corpus) if corpus else ():
        likeness = 2 * _likeness(whole[start:end], topic, whole[end : end + 2], text)
        likeness += likeness > 0 and single
        if likeness > best:
            best, place = likeness, (start, end)
    if not best:
        return f"{topic}：{whole}"
    rest = whole[place[1] :]
    said = next((n for n in (4, 3, 2) if rest[:n] == topic[-n:]), 0)
    return whole[: place[0]] + topic + rest[said:]


def _spans(whole: str, corpus: Corpus) -> Iterator[tuple[int, int, bool]]:
    """Runs of content words of a question, for each end the longest first; whether it is one word."""
    masked = whole
    for pattern in (BOOK_TITLE, TIME, PLACE):
        masked = pattern.sub(lambda found: " " * len(found[0]), masked)
    starts: list[int] = []
    at = 0
    for word in corpus.lexical.lexicon.segmenter.cut(masked):
        at += len(word)
        if word in STOPWORDS or ASKS.search(word) or not re.match(r"[\w、]", word) or word in WHOLE_COUNTRY:
            starts = []
        elif word != "、":
            starts.append(at - len(word))
            if masked[at : at + 1] != "、":
                yield from ((s, at, s == starts[-1]) for s in starts if masked[s - 1 : s] != "、")


def _likeness(had: str, topic: str, after: str, text: str) -> int:
    """How surely two words play one part: one shape (1年期), one head (农户贷款), listed together, or used alike."""
    if had.isdigit() or topic in had or had in topic or (ATTRIBUTE.search(had) and not ATTRIBUTE.search(topic)):
        return 0
    if re.match(r"\d", topic) and re.sub(r"\d+", "#", topic)[:3] == re.sub(r"\d+", "#", had)[:3]:
        return 4 + len(re.findall("以[上下内]$", had))
    between = r"(?:[（(][^（()）]*[)）])?(?:、[^，。；、,;]{1,12}){0,3}(?:[、和与及或]|以及)"
    first, second = re.escape(fold(had)), re.escape(fold(topic))
    if re.search(f"{first}{between}{second}|{second}{between}{first}", text):
        return 3
    if had[-2:] == topic[-2:] or (PARTY.search(had) and PARTY.search(topic)):
        return 2
    return int(len(after) == 2 and fold(had + after) in text and fold(topic + after) in text)
