"""Which parts of a document a question asks for by address: 第八、九条, 第三条至第五条, 第二章第一节, 最后一条.

Numbers below zero count from the end: -1 is the last one.
"""

import re
from dataclasses import dataclass, replace

from rag.address import Clause
from rag.normalise import fold
from rag.numerals import DIGITS, number_of

NUMERAL = f"[{DIGITS}]+"
TYPE = "(?:法|法典|条例|办法|规划|规定|意见|通知|方案|决定|文件|措施|细则|准则|指引|公告|批复|纲要|章程|规则|制度)"
"""What the names of documents end with."""
JOINS = "(?:、|,|;|和|与|及|以及|还有|跟)"
RANGES = "(?:至|到|-|—|–|~|―)"
UNITS = "编|章|节|部分|条|自然段|款|段|小项|小点|项|点|目"
TYPES_LAST = "[法例定见知则案度》]"
NO_ARTICLE = "例|措施|举措|意见|建议|要求|内容|政策|线|路径|经验|做法|规定?[是有]"
BARE = re.compile(
    rf"(?:(?<={TYPES_LAST})|(?<={TYPES_LAST}[的里中]))(?={NUMERAL}(?:(?:{JOINS}|{RANGES}){NUMERAL})*条(?!{NO_ARTICLE}))"
)
"""商业银行法三十九条: right after the name of a document 第 may be missing."""
BARE_BELOW = re.compile(rf"(?<=[条款项])(?=[(]?{NUMERAL}[)]?(?:款|项|目|段|点))")
BRACKETED = re.compile(
    rf"(?<=[条款])第?([(]{NUMERAL}[)])(?!款|项|目|点|段)|(?<=部分)第?([(]{NUMERAL}[)])(?!款|项|目|点|段)"
)
HALF_LISTED = re.compile(rf"(第[(]?{NUMERAL}[)]?(条|款|项|目|章|节)(?:{RANGES}|{JOINS}))([(]?{NUMERAL}[)]?\2)")
LISTED = re.compile(rf"第[(]?({NUMERAL})[)]?((?:(?:{JOINS}|{RANGES})第?[(]?{NUMERAL}[)]?)+)({UNITS})")
LISTED_PART = re.compile(rf"({JOINS}|{RANGES})第?[(]?({NUMERAL})[)]?")
TOKEN = re.compile(
    rf"第[(]?(?P<number>{NUMERAL})[)]?(?P<unit>{UNITS})(?:之(?P<branch>{NUMERAL})(?!{UNITS}))?"
    rf"|(?:倒数第(?P<back>{NUMERAL})|最后一?个?|最末一?|(?<![一-龥])末)(?P<last>章|节|条|款|项)"
    r"|(?P<name>总则|附则)"
)
QUOTED = re.compile('[“「"]([^“”「」"]*)[”」"]')
SHORTEST_HEADING = 2
LEVELS = {"条": 0, "款": 1, "段": 1, "自然段": 1, "项": 2, "点": 2, "小项": 2, "小点": 2, "目": 3}
FIELDS = ("article", "paragraph", "point", "subpoint")
DIVISIONS = ("编", "章", "节", "部分")
LINK = re.compile("(?:的|里|里的|里面|里面的|中|中的|规定的|当中的|下的|之|其中)?,?")
FILLING = re.compile(
    "哪几[条款项个章节]|哪[些里]|什么|是?啥|内容|规定|条文|条款|原文|全文|全部|所有|完整|主要|具体|分别|一共|怎么样?|怎样|如何|告诉我?|列出来?|"
    "介绍|解释|看看|说明|请问|想问|想知道|一下|给我|帮我|查|有关|关于|文件|[都有讲说写些是的了呢吗请看问里中面和与及包括吧啊呀给把出来个又各款条章节这那我说到,。?!:;、“”\"'()]"
)
"""What a question for a part says besides the address."""


@dataclass(frozen=True, slots=True)
class Span:
    """The clauses from `first` to `last`, both included; of one level."""

    first: Clause
    last: Clause


@dataclass(frozen=True, slots=True)
class Division:
    """A chapter or section by its numbers from the outside in, (("章", 2), ("节", 1)), or by name (附则)."""

    steps: tuple[tuple[str, int], ...] = ()
    name: str = ""


@dataclass(frozen=True, slots=True)
class Asked:
    """What a question addresses, with its words before the first address and after the last one."""

    spans: tuple[Span, ...] = ()
    divisions: tuple[Division, ...] = ()
    head: str = ""
    tail: str = ""

    @property
    def alone(self) -> bool:
        """Whether nothing but the addressed part is asked for."""
        return not FILLING.sub("", self.tail)


def asked_parts(question: str) -> Asked:
    """The addresses of a question in order; empty where it holds none."""
    text = _spelled_out(QUOTED.sub(_heading_aside, re.sub(r"\s+", "", fold(question))))
    tokens = list(TOKEN.finditer(text))
    spans, used = _spans(text, [token for token in tokens if _unit(token) in LEVELS])
    divisions: tuple[Division, ...] = ()
    if not spans:
        divisions, used = _divisions(text, tokens)
    if not used:
        return Asked(head=text)
    return Asked(spans, divisions, text[: used[0].start()], text[used[-1].end() :])


def _heading_aside(quoted: re.Match[str]) -> str:
    """Quoted words with an address among them are a heading (“总则(第一章)”), not an address."""
    alone = len(re.sub(rf"[{DIGITS}第章节条款项目部分()]", "", quoted[1])) < SHORTEST_HEADING
    return quoted[0] if alone else "□"


def _spelled_out(text: str) -> str:
    """Every address with its 第 and its unit: 三十九条1款（二） -> 第三十九条第1款第(二)项, 第八、九条."""
    text = BARE.sub("第", text)
    text = BARE_BELOW.sub("第", text)
    text = BRACKETED.sub(lambda m: f"第{m[1]}项" if m[1] else f"第{m[2]}点", text)
    return LISTED.sub(_listed, HALF_LISTED.sub(r"\1第\3", HALF_LISTED.sub(r"\1第\3", text)))


def _listed(match: re.Match[str]) -> str:
    parts = LISTED_PART.sub(lambda part: f"{part[1]}第{part[2]}{match[3]}", match[2])
    return f"第{match[1]}{match[3]}{parts}"


def _unit(token: re.Match[str]) -> str:
    return token["unit"] or token["last"] or ""


def _value(token: re.Match[str]) -> int:
    if token["number"]:
        return number_of(token["number"])
    return -number_of(token["back"]) if token["back"] else -1


def _spans(text: str, tokens: list[re.Match[str]]) -> tuple[tuple[Span, ...], list[re.Match[str]]]:
    """The addressed clauses and the tokens that say them; 款 and 项 belong to the 条 before them."""
    spans: list[Span] = []
    used: list[re.Match[str]] = []
    for token in tokens:
        level = LEVELS[_unit(token)]
        gap = text[used[-1].end() : token.start()] if used else ""
        ranged = bool(used) and re.fullmatch(RANGES, gap) and LEVELS[_unit(used[-1])] == level
        if level == 0:
            clause = Clause(_value(token), number_of(token["branch"] or ""))
        elif not spans or (not ranged and not LINK.fullmatch(gap) and not re.fullmatch(JOINS, gap)):
            continue
        else:
            clause = _below(spans[-1].last, level, _value(token))
        deeper = level > 0 and LINK.fullmatch(gap) and level > LEVELS[_unit(used[-1])]
        if ranged:
            spans[-1] = replace(spans[-1], last=clause)
        elif deeper:
            first = clause if spans[-1].first == spans[-1].last else spans[-1].first
            spans[-1] = Span(first, clause)
        else:
            spans.append(Span(clause, clause))
        used.append(token)
    return tuple(spans), used


def _below(clause: Clause, level: int, value: int) -> Clause:
    """The clause with this 款, 项 or 目 and nothing below it."""
    values = {name: 0 for name in FIELDS[level:]} | {FIELDS[level]: value}
    return replace(clause, **values)


def _divisions(text: str, tokens: list[re.Match[str]]) -> tuple[tuple[Division, ...], list[re.Match[str]]]:
    """The addressed chapters and the tokens that say them; 节 belongs to the 章 before it, 第二章附则 is one part."""
    found: list[Division] = []
    used: list[re.Match[str]] = []
    for token in tokens:
        gap = text[used[-1].end() : token.start()] if used else ""
        steps = found[-1].steps if found else ()
        unit = "点" if _unit(token) == "项" else _unit(token)
        if unit not in DIVISIONS and not token["name"] and not (unit == "点" and steps):
            continue
        step = (unit, 0 if token["name"] else _value(token))
        if token["name"]:
            found.extend([] if steps and not gap else [Division(name=token["name"])])
        elif steps and steps[-1][0] == unit and re.fullmatch(RANGES, gap):
            found.extend(Division((*steps[:-1], (unit, number))) for number in range(steps[-1][1] + 1, step[1] + 1))
        elif steps and steps[-1][0] == unit:
            found.append(Division((*steps[:-1], step)))
        elif steps and LINK.fullmatch(gap):
            found[-1] = Division((*steps, step))
        else:
            found.append(Division((step,)))
        used.append(token)
    return tuple(found), used
