"""Which other texts a text kills or changes: 《X》同时废止, 决定废止下列文件, 关于修改《X》的决定."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from ingest.stated.dates import DATE, iso
from ingest.stated.effect import ENUMERATION, VERB
from ingest.stated.head import Own
from ingest.stated.numbers import NUMBER, canonical
from ingest.stated.plain import BOOK, Line, Particular, Plain, masked
from rag.numerals import DIGITS

DEATH = r"(?:废止|停止执行|不再执行|停止使用|停止施行|(?<!已)失效(?!日期))"
KILLED = re.compile(
    rf"(?<![未已被曾不应可否是])(?:同时|同步|即行|一并|相应|予以|均|即|也|起|自动)*{DEATH}(?!后|前|的|了|日|时间|或|、|和|止|情|信)"
)
KILLS = re.compile(
    r"(?:决定|现|并|同时|自□*|^)(?:予以)?废止(?:了)?(?=(?:[(]|《|以下|下列|[\u4e00-\u9fffA-Za-z]{2,10}〔|[^,。;《]{0,24}(?:发布|印发|公布)的《))"
)
AFTER_EFFECT = re.compile(rf"(?:起{VERB}|{VERB})(?:[,;。]|$)")
BASIS = re.compile(r"(?:根据|依据|按照|依照|遵照|与|同|符合|违反|执行|适用|结合)$")
LIST_OPENS = re.compile(
    rf"(?:废止|失效|停止执行)[^。]{{0,40}}(?:如下|下列|以下|目录|清单|名单)|(?:下列|以下|如下)[^。]{{0,60}}{DEATH}|{DEATH}的[^。]{{0,20}}(?:目录|清单)"
)
LIST_ITEM = re.compile(r"(?:[(]?[一二三四五六七八九十\d]{1,4}[)、.]|《|\|)")
ABOUT_CHANGE = re.compile(r"关于(?:修改|修订|修正|调整)(?:部分|有关)?(.*?)(?:的决定|的通知|的公告|的决议|$)")
ARTICLES = (
    rf"(?:第[{DIGITS}]+条(?:之[{DIGITS}]+)?(?:第[{DIGITS}]+款)?(?:第?[(]?[{DIGITS}]+[)]?项)?(?:至|、|和|及|以及)?)+"
)
CHANGED = re.compile(r"修改为|作(?:出)?如下修改|作出修改|进行(?:如下)?修改|予以修改|改为|删去|删除|增加一")
IN_PART = re.compile(rf"(?:中)?(?:的)?(?P<part>{ARTICLES}|(?:有关|关于|涉及)[^,;。《]{{2,30}}?的?(?:规定|内容|条款))")
OPENS_CHANGE = re.compile(rf"{ENUMERATION.pattern}?(?:将|对|把)")
ARTICLE = re.compile(ARTICLES)
IN_ARTICLE = re.compile(rf"^第[{DIGITS}]+条(?=将|对|把)")
OLD_SELF = re.compile(
    r"(?:原|旧|原有)(?:的)?(?:暂行|试行)?(?:办法|条例|规定|细则|通知|意见|规则|方案|制度|指引|准则|标准)$"
)
SINCE = re.compile(rf"自({DATE})(?:起|$)")
BRACKETED = re.compile(r"[(]([^()]{0,120}(?:[(][^()]{0,60}[)])?[^()]{0,60})[)]")
PRECEDES = re.compile("(?:发布|公布|印发|颁布)的?$|的$")
LIST_ENDS = re.compile("[。;]")
LONGEST_LIST = 6000
"""Letters of one sentence that lists what is repealed."""
OWN_TURN = re.compile(rf"同时|^原|本(?!人)[\u4e00-\u9fff]{{1,8}}|自{DATE}起|决定|现予|予以|即行|一并|下列|以下|上述")


@dataclass(frozen=True, slots=True)
class Named:
    """A text that a sentence names: by title or 文号, and where its name stands."""

    title: str
    number: str
    start: int
    end: int


def deeds_of(plain: Plain, own: Own) -> Iterator[Particular]:
    """`repeals` and `amends` of the text, each target once, with the sentence that says so."""
    seen: set[tuple[str, str, str]] = set()
    for found in (*_in_sentences(plain, own), *_in_lists(plain, own), *_amendments(plain, own)):
        form = (found.key, found.value, found.detail)
        if form not in seen:
            seen.add(form)
            yield found


def _in_sentences(plain: Plain, own: Own) -> Iterator[Particular]:
    for sentence in plain.sentences:
        text = masked(sentence.text)
        turn = OWN_TURN.search(text)
        theirs, ours = _of_another(sentence.text, text, own)
        last = 0
        for death in KILLED.finditer(text):
            start = _segment(text, max(last, death.start() - LONGEST_LIST), death.start())
            last = death.end()
            if turn and turn.end() <= death.end() and not theirs < start <= ours:
                yield from _killed(plain, own, _part(sentence, start, death.start()), sentence)
        for death in KILLS.finditer(text):
            stop = LIST_ENDS.search(text, death.end(), death.end() + LONGEST_LIST)
            end = stop.start() if stop else min(len(text), death.end() + LONGEST_LIST)
            if not theirs < death.start() <= ours:
                yield from _killed(plain, own, _part(sentence, death.end(), end), sentence)


def _part(sentence: Line, start: int, end: int) -> Line:
    return Line(sentence.start + start, sentence.start + end, sentence.text[start:end])


def _segment(text: str, first: int, end: int) -> int:
    """Where the list of the killed begins: after 自…起施行, or a semicolon, else where the last one ended."""
    starts = [match.end() for match in AFTER_EFFECT.finditer(text, first, end)]
    return max([*starts, *(match.end() for match in re.finditer("[;。]", text[first:end]))], default=first)


def _of_another(sentence: str, text: str, own: Own) -> tuple[int, int]:
    """The stretch in which a sentence speaks of another text, 《云南省…》自…起施行, until it names this one."""
    books = [(book.end(), own.is_own(book[0])) for book in BOOK.finditer(sentence)]
    itself = text.find("本")
    ours = min([end for end, mine in books if mine] + [itself] * (itself >= 0), default=len(sentence))
    theirs = min((end for end, mine in books if not mine), default=len(sentence))
    return (theirs - 1, ours) if theirs <= ours else (len(sentence), 0)


def _killed(plain: Plain, own: Own, place: Line, sentence: Line) -> Iterator[Particular]:
    day = SINCE.search(masked(place.text))
    since = iso(day[1]) if day else ""
    named = [target for target in _named(plain, place) if not _is_basis(place.text, target)]
    for target in named:
        part = IN_PART.match(place.text, target.end)
        if (target.number and target.number == own.number) or (own.is_own(target.title) and not _elder(place, target)):
            continue
        key, detail = ("amends", part["part"]) if part else ("repeals", "")
        yield plain.found(
            key, target.title or target.number, sentence, number=target.number, detail=detail, since=since
        )
    if not named and own.title and OLD_SELF.search(re.sub("自.*起$|[,]$", "", place.text)):
        yield plain.found("repeals", own.title, sentence, detail="原", since=since)


def _elder(place: Line, target: Named) -> bool:
    """A namesake that the sentence tells from the text itself: 原《X》, 2008年发布的《X》, 《X》 with its own 文号."""
    return bool(target.number) or bool(re.search("原|(?:发布|公布|印发|颁布|施行|实施)的", place.text))


def _is_basis(text: str, target: Named) -> bool:
    """根据《Y》制定的《X》: Y is not meant."""
    return bool(BASIS.search(text[max(0, target.start - 4) : target.start]))


def _named(plain: Plain, place: Line) -> Iterator[Named]:
    """Texts named in a stretch: 《title》 with its 文号 behind or before it, and 文号 that stand alone."""
    taken, text = 0, masked(place.text)
    for book in BOOK.finditer(place.text):
        before = text[taken : book.start()]
        behind = BRACKETED.match(place.text, book.end())
        number = _number(behind[1]) if behind else ""
        if not number and PRECEDES.search(before):
            number = _number(before)
        else:
            yield from (Named("", each, taken, taken + 1) for each in _numbers(before))
        title = plain.printed(place.start + book.start() + 1, place.start + book.end() - 1)
        taken = behind.end() if behind else book.end()
        yield Named(title, number, book.start(), taken)
    yield from (Named("", each, taken, len(place.text)) for each in _numbers(text[taken:]))


def _number(text: str) -> str:
    return next(_numbers(text), "")


def _numbers(text: str) -> Iterator[str]:
    return (form for match in NUMBER.finditer(text) if (form := canonical(match[0])))


def _in_lists(plain: Plain, own: Own) -> Iterator[Particular]:
    """Items below 废止下列文件: and rows below 废止的文件目录."""
    open_list = changing = False
    for line in plain.lines:
        text = line.text
        if LIST_OPENS.search(masked(text)) and not re.search("本(?:办法|条例|规定)所称", text):
            open_list, changing = True, False
            continue
        if re.search("修改|保留|继续有效", text) and not BOOK.match(text) and text[:1] != "|":
            changing = True
        if open_list and (LIST_ITEM.match(text) or BOOK.search(text)) and not changing:
            yield from _item(plain, own, line)
        elif open_list and not text.startswith(("附", "序")) and len(text) > 60:
            open_list = False


def _item(plain: Plain, own: Own, line: Line) -> Iterator[Particular]:
    named = [target for target in _named(plain, line) if not _is_basis(line.text, target)]
    cells = [cell for cell in line.text.split("|") if cell]
    if line.text.startswith("|") and len(cells) > 1 and not any(target.title for target in named):
        title = max(cells, key=lambda cell: len(re.findall("[\u4e00-\u9fff]", cell)) * (not NUMBER.fullmatch(cell)))
        if len(title) < 6 or title == "文件名称":
            return
        yield plain.found("repeals", title, line, number=_number(line.text))
        return
    for target in named:
        if not own.is_own(target.title):
            yield plain.found("repeals", target.title or target.number, line, number=target.number)


def _amendments(plain: Plain, own: Own) -> Iterator[Particular]:
    """关于修改《X》的决定 and 将《X》第八条修改为…; the articles stand in `detail`."""
    about = ABOUT_CHANGE.search("".join(own.title.split()))
    names = re.findall(r"《([^《》]*)》|〈([^〈〉]*)〉|<([^<>]*)>", about[1]) if about else []
    targets = {"".join(parts): "" for parts in names}
    details: dict[str, list[str]] = {name: [] for name in targets}
    proofs: dict[str, Line] = {}
    current = next(iter(targets), "")
    for sentence in plain.sentences:
        text = masked(sentence.text)
        if not CHANGED.search(text) or (not about and not OPENS_CHANGE.match(text)):
            continue
        place = Line(sentence.start, sentence.end, sentence.text[: CHANGED.search(text).start()])  # type: ignore[union-attr]
        for target in _named(plain, place):
            if target.title and not own.is_own(target.title):
                current = target.title
                targets[current] = target.number or targets.get(current, "")
                details.setdefault(current, [])
        if current:
            articles = ARTICLE.findall(IN_ARTICLE.sub("", text.split("“")[0]))
            details[current] += [article.rstrip("、和及") for article in articles[:1]]
            proofs.setdefault(current, sentence)
    for name, number in targets.items():
        where = proofs.get(name) or next((s for s in plain.sentences if name in s.text), None)
        if where:
            detail = "、".join(dict.fromkeys(details[name]))
            yield plain.found("amends", name, where, number=number, detail=detail)
