"""Which texts were in force when; and that a repealed text gives way to the one that replaced it."""

import calendar
import re
from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace

from rag import texts
from rag.address import NameIndex, doc_number_key
from rag.types import BINDING, Citation, DocumentMeta, Filters

EXPIRED, REPEALED = "已失效", "已废止"
DEAD = frozenset({EXPIRED, REPEALED})
CHANGED, COMING, IN_FORCE = "已修改", "尚未施行", "现行有效"
MOMENT = re.compile(
    r"(?:截至|截止到?|在)?(?P<year>(?:19|20)\d{2})年(?:(?P<month>\d{1,2})月(?:(?P<day>\d{1,2})日)?)?"
    r"(?P<then>底|末|初|中)?(?P<word>的?时候?|当时|那时候?|那会儿|那阵子?|那年|期间|为止|以前|之前)?"
)
APPLIED = re.compile(r"适用|有效|管用|生效中|执行|遵守|遵循|依据|按(?!时|期|月|季|年|揭)|依照|参照|该看|归.{1,6}管")
TITLE = re.compile(r"《[^《》]*》")
WHICH = re.compile(
    r"(?:哪|什么|啥)(?:一|几|个|些|部|份|项|条|版)*(?:文件|规定|办法|条例|法律?|通知|意见|版本|政策|标准|规章)?"
)


@dataclass(frozen=True, slots=True)
class Moment:
    """A stretch of days, ISO, first and last, and its words in the question."""

    first: str
    last: str
    words: str


def asked_moment(folded: str) -> Moment | None:
    """The time of which a question asks what applied then (2021年时适用哪个规定); None where it asks no such thing."""
    folded = TITLE.sub(lambda title: "《" + " " * (len(title[0]) - 2) + "》", folded)
    match = MOMENT.search(folded)
    rest = folded[: match.start()] + folded[match.end() :] if match else ""
    if match is None or not WHICH.search(rest) or not APPLIED.search(rest):
        return None
    if not (match["word"] or match["then"] or match["day"]) and "适用" not in rest:
        return None
    return _stretch(match)


def _stretch(match: re.Match[str]) -> Moment | None:
    year, month = int(match["year"]), int(match["month"] or 0)
    if month > 12:
        return None
    last_month = month or 12
    days = calendar.monthrange(year, last_month)[1]
    day = int(match["day"] or 0)
    if day > days:
        return None
    first = f"{year}-{month or 1:02}-{day or 1:02}"
    last = f"{year}-{last_month:02}-{day or days:02}"
    late = match["then"] in {"底", "末"}
    return Moment(last if late else first, last, match[0])


def on_day(meta: DocumentMeta, day: str) -> DocumentMeta:
    """The metadata with its status on an ISO day: since the index was built a text may have begun or ended."""
    begun = meta.effective <= day[: len(meta.effective)]
    if meta.status == COMING and meta.effective and begun:
        meta = replace(meta, status=IN_FORCE)
    if meta.status in {IN_FORCE, ""} and not begun:
        return replace(meta, status=COMING)
    if meta.status in DEAD:
        return meta
    for end, status in ((meta.ended, REPEALED), (meta.expires, EXPIRED)):
        if end and end < day[: len(end)]:
            return replace(meta, status=status)
    return meta


def in_force(meta: DocumentMeta, first: str, last: str) -> bool | None:
    """Whether a text was in force at some time of a stretch of days; None where its beginning is not known."""
    begun = meta.effective or meta.published or meta.issued
    if not begun:
        return None
    ended = min((day for day in (meta.ended, meta.expires) if day), default="")
    if not ended and meta.status in DEAD:
        return None
    return begun <= last[: len(begun)] and (not ended or first[: len(ended)] <= ended)


def applied(metas: dict[str, DocumentMeta], moment: Moment, filters: Filters) -> Filters:
    """The filters narrowed to binding texts that were in force then."""
    found = tuple(
        source
        for source, meta in metas.items()
        if meta.group == BINDING
        and in_force(meta, moment.first, moment.last)
        and (not filters.sources or source in filters.sources)
    )
    return Filters(filters.layers, filters.issuers, filters.regions, filters.years, filters.statuses, found)


def replaced_among(sources: Collection[str], metas: dict[str, DocumentMeta], names: NameIndex) -> set[str]:
    """Those of some documents that are dead and whose successor is among them, too."""
    found = set(sources)
    return {s for s in found if metas[s].status in DEAD and found & successors(metas, names, s)}


def successors(metas: dict[str, DocumentMeta], names: NameIndex, source: str) -> set[str]:
    """The documents that replace one, and those that replace these."""
    found: set[str] = set()
    waiting = [source]
    while waiting:
        for name in metas[waiting.pop()].replaced_by:
            key = doc_number_key(name)
            numbered = {s for s, m in metas.items() if key and doc_number_key(m.doc_number) == key}
            waiting += (new := (numbered or set(names.titled(name))) - found - {source})
            found |= new
    return found


def validity_notices(citations: Sequence[Citation]) -> list[str]:
    """One warning for each cited document that does not (or not yet) stand as it is quoted."""
    notices = []
    for citation in {c.source: c for c in citations}.values():
        meta = citation.meta
        by = texts.REPLACED_BY.format(names="、".join(meta.replaced_by)) if meta.replaced_by else ""
        if meta.status in DEAD:
            last = meta.ended or meta.expires
            until = texts.APPLIED_UNTIL.format(date=last) if last else ""
            fate = "，".join(filter(None, (f"{meta.status}{until}", by)))
            notices.append(texts.NOTICE_DEAD.format(title=citation.title, fate=fate))
        elif meta.status == CHANGED:
            notices.append(texts.NOTICE_CHANGED.format(title=citation.title, by=by))
        elif meta.replaced_by:
            notices.append(texts.NOTICE_REPLACED.format(title=citation.title, by=by))
        elif meta.status == COMING:
            notices.append(texts.NOTICE_FUTURE.format(title=citation.title, date=meta.effective))
    return notices
