"""What the head of a text is: its first lines, its title, the labels of a printed table, the dates of its history."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from ingest.stated.dates import DATE, DATED, iso
from ingest.stated.issuers import leading, only_bodies
from ingest.stated.numbers import NUMBER, canonical
from ingest.stated.plain import BOOK, Line, Particular, Plain, masked, title_form
from rag.numerals import DIGITS

HEAD_LINES = 25
LABEL_LINES = 40
BODY = re.compile(rf"第[一1][编章节条]|[一1][、.]|[(][一1][)]|目录$|总则$|第{DIGITS[0]}条|[^:]{{2,120}}:$")
"""The first article, heading or salutation ends the head."""
PROVENANCE = re.compile(r"来源|https?:|原文链接|网址|字体|打印|分享|政策要点整理")
NOUNS = (
    "法 条例 办法 规定 细则 通知 意见 方案 措施 公告 准则 指引 决定 规则 制度 标准 规划 纲要 规程 章程 批复 函 计划 "
    "解释 通报 指南 建议 目录 政策 安排 规范 说明 机制 修正案 实施意见 指导意见"
).split()
NOUN = "|".join(sorted(NOUNS, key=len, reverse=True))
NOTE = r"(?:[(〔\[【][^()〔〕\[\]【】]{1,20}[)〕\]】])?"
TITLE_END = re.compile(rf"(?:{NOUN})[》”]?{NOTE}$")
OFFICIAL = re.compile(r"(?:总理|主席|委员长|部长|行长|局长|省长|市长|主任|署长|会长|县长)[:]?[\u4e00-\u9fff]{2,4}$")
LABELS = {
    "doc_number": "发文字号 文号 发文文号 文件编号 文件文号 文件号",
    "issuer": "发文机关 发布机构 发布机关 发布单位 制定机关 发文单位 发布部门 颁布单位 颁发部门 发文机构",
    "issued": "成文日期 发文日期 通过日期 印发日期 落款日期",
    "published": "发布日期 公布日期 颁布日期 公开日期 发布时间",
    "effective": "施行日期 实施日期 生效日期 执行日期 生效时间 实施时间 施行时间",
    "expires": "失效日期 有效期至 终止日期 截止日期 有效期截止日期",
    "status": "时效性 效力状态 效力 有效性 文件状态 时效",
}
KEY_OF = {label: key for key, labels in LABELS.items() for label in labels.split()}
LABEL_WORDS = "|".join(sorted(KEY_OF, key=len, reverse=True))
LABELLED = re.compile(
    rf"(?:^|(?<=[|,;)号日会局部院厅]))(?P<label>{LABEL_WORDS})[:|](?P<value>[^|;]+?)(?={LABEL_WORDS}|主题词|[|;]|$)"
)
STATUS_WORDS = (
    ("已废止", "废止"),
    ("已失效", "失效"),
    ("已修改", "修改|部分失效|修订"),
    ("尚未施行", "尚未|未生效|未施行"),
    ("现行有效", "有效"),
)
MARKED_DEAD = re.compile(r"[(【\[]?(?:该文件|本文件)?(?:现)?(?:已|已被)?(废止|失效)[)】\]]?$")
EVENT = re.compile(
    r"(?P<tail>[^,;。)]{0,90}?)(?P<verb>通过|批准|公布|发布|颁布|修正|修订|修改|成文|(?:起|开始)?(?:施行|实施))(?!会|单|情|后|前|的)"
)
BEFORE = re.compile(rf"(?:成文于|成文日期[为是:]?|落款日期[为是:]?)({DATE})")


@dataclass(frozen=True, slots=True)
class Own:
    """The text's own names: what a sentence must name (or 本办法) to speak of this text."""

    title: str
    forms: frozenset[str]
    nouns: tuple[str, ...]
    number: str = ""

    def is_own(self, title: str) -> bool:
        """Whether this title, in book marks or not, is the text's own."""
        return title_form(title) in self.forms


def head_of(plain: Plain) -> tuple[Line, ...]:
    """The lines above the first article, heading or salutation, 25 at most; notes of origin left out."""
    head: list[Line] = []
    for line in plain.lines[: 2 * HEAD_LINES]:
        if (head and BODY.match(line.text)) or len(head) == HEAD_LINES:
            break
        if not PROVENANCE.search(line.text) and not re.fullmatch(r"[-—=_|:]+", line.text):
            head.append(line)
    return tuple(head)


def title_of(plain: Plain, head: tuple[Line, ...]) -> Particular | None:
    """The title: the first heading of level one, else the first lines that end as titles do."""
    for line in plain.lines[:LABEL_LINES]:
        row = plain.original.rfind("\n", 0, plain.places[line.start]) + 1
        if plain.original[row:].lstrip("\ufeff").startswith("# "):
            return _titled(plain, line)
    run: list[Line] = []
    for line in head:
        if _is_no_title(line.text):
            run = []
            continue
        run = [*run, line][-4:]
        if TITLE_END.search(line.text):
            if run[0] is not head[0] and run[0].text.startswith("关于"):
                above = head[head.index(run[0]) - 1]
                run = [above, *run] if only_bodies(above.text) and above.text[-2:] != "文件" else run
            return _titled(plain, Line(run[0].start, line.end, plain.text[run[0].start : line.end]))
    return None


def _titled(plain: Plain, line: Line) -> Particular:
    """The title of the line, without the 文号 that may stand behind it in brackets."""
    behind = re.search(r"[(]([^()]{4,40}号)[)]$", line.text)
    end = line.end - len(behind[0]) if behind and NUMBER.fullmatch(behind[1]) else line.end
    return plain.found("title", plain.printed(line.start, end), line)


def _is_no_title(text: str) -> bool:
    numbered = NUMBER.fullmatch(text.strip("()"))
    letterhead = only_bodies(text) and not text.startswith("关于")
    dated = text[0] == "(" or DATED.match(text)
    return bool(numbered or letterhead or dated or re.search(r"[。:|;]", text) or OFFICIAL.search(text))


def own_names(title: Particular | None) -> Own:
    """The forms under which the text names itself."""
    if title is None:
        return Own("", frozenset(), ())
    name = MARKED_DEAD.sub("", title.value)
    name = re.split("[:：]", name)[0] or name
    short = re.sub(r"[（(](?!试行|暂行)[^（）()]*[）)]$", "", name)
    _, taken = leading(title_form(short))
    inner = [book[1:-1] for book in BOOK.findall(name)] if re.search("印发|发布|公布", name) else []
    forms = {title_form(form) for form in (name, short, title_form(short)[taken:], *inner) if form}
    ends = [re.search(rf"({NOUN}){NOTE}$", title_form(form)) for form in (*inner, short)]
    return Own(name, frozenset(forms), tuple(dict.fromkeys(end[1] for end in ends if end)))


def labels_of(plain: Plain) -> Iterator[Particular]:
    """What a table of particulars above a text says (发文字号：…), as government sites print it."""
    for line in plain.lines[:LABEL_LINES]:
        for match in LABELLED.finditer(line.text):
            key, value = KEY_OF[match["label"]], _value(KEY_OF[match["label"]], match["value"])
            names = leading(match["value"])[0] if key == "issuer" else (value,)
            yield from (plain.found(key, name, line, detail="标注") for name in names if name)


def _value(key: str, text: str) -> str:
    if key == "doc_number":
        match = NUMBER.match(text)
        return canonical(match[0]) if match else ""
    if key == "status":
        return next((status for status, words in STATUS_WORDS if re.search(words, text)), "")
    return iso(text) if DATED.match(text) else ""


def events_of(line: Line) -> Iterator[tuple[str, str, str]]:
    """(verb, day, the words between) of each dated event of a history, as 2017年8月2日国务院令第683号公布."""
    text = masked(line.text)
    dates = list(DATED.finditer(text))
    for i, date in enumerate(dates):
        stop = dates[i + 1].start() if i + 1 < len(dates) else len(text)
        event = EVENT.match(text, date.end(), stop)
        day = iso(date[0])
        if event and day and ("□" not in event["tail"] or event["verb"] in {"修正", "修订", "修改"}):
            start = event.start("tail")
            yield event["verb"], day, line.text[start : event.end("tail")]
    for match in BEFORE.finditer(text):
        yield "成文", iso(match[1]), ""
