"""Negation, modality, scope and direction: what a sentence turns round, adds or drops against its sources."""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise

from rag.claims import STOP, Claims
from rag.wording import CONTENT, NEUTRAL, equalled

CUES: tuple[tuple[str, str], ...] = (
    (
        "",  # words that only look like a cue
        "不良|不动产|不可抗力|不断|不仅|不但|不只|不光|不同|不少(?!于)|不限于|不论|不管|不如|不妨|不久|不等|不特定|不够|不平衡|不均衡|不充分|不稳定|不完全|未来|未成年|未来|未必"
        "|非常|非法|非银行|非存款|非公|非现场|非农|非金融|无形|无人机|无论|无偿|无人|无障碍|有无|不超过|不低于|不少于|不高于|不多于|不大于|不小于|不突破|不超出|未超过|不足|不到|不下于|不满"
        "|高质量|高标准|高效|高等级|高管|高级|高新|高校|高风险|低收入|低碳|低风险|最高|最低|最多|最少|最大|最小|提高(?=标准)|增值税|增信|增资|增收|增值|增量|扩面增量|减轻|减灾|减贫|减震|减半|降价|降本|降费|降准|降息|升级|上升级"
        "|应收|应付|应急|应用|应对|相应|适应|响应|供应|应缴|应税|对应|反应|效应|可持续|可行|可靠|可贷|可比|可得|可能|可控|可支配|可见|许可|认可|可知|可用|可复制|只有|仅次于"
        "|以上(?:述|情形|问题|内容|政策|措施)|以下(?:简称|称|几|问题|内容|措施|条件|情形|[一二三四五六七八九十\\d])|前款|前述|目前|当前|此前|提前|前期|前提|前景|前列|前沿|事前|前后|前三|前两|前者|后者|之后续|后续|最后|然后|其后|售后|先后|今后|前往|背后|落后"
        "|部分(?:第|部)|第□部分|全部(?=□)|有的放矢|组成部分|有效|有序|有力|有关|有利|所有权|所有者|都市|首都|内部|以内|境内外|内外|内容|内控|内涵|内生|国内|外国|外币|外汇|外贸|外资|对外|另外|此外|中外|海外|额外|多部|多元|多样|多方|多种|多层|多数|至多|很多|许多|更多|大多|多场景|多层次|多渠道|多头|缺少|至少|少数|少年|少部分|增减挂钩|高于一切|免费|难免|避免|免责|避免|免税额"
        "|仅(?=相当于|为|占|达|有?\\d)|不动用|不得(?=超过|高于|低于|少于|多于|大于|小于|突破)|(?<=[出交余内])部分|(?<=的)部分(?=[,。;全从由])",
    ),
    ("none", "无须|无需|不需要|不必|不用|毋须|免于|免予|豁免|免(?=担保|抵押|征|收|除|还|交|缴|税)"),
    ("forbid", "不得(?!不)|禁止|严禁|不准|不许|不能(?!够?不)|不可以?|不应当?|不宜|不允许|无权|不要|不该"),
    ("not", "并非|非|没有|没|未曾|尚未|未|不再|不|无(?!线|锡|穷)|拒绝|拒|勿|莫"),
    ("must", "必须|应当|应该|不得不|务必|应|须|需要|需|有义务|有责任|不可不"),
    ("may", "可以|可|有权|能够|能|得以|允许|准许"),
    ("only", "仅限于|仅仅|仅能|仅|只能|只限于|只|唯一|限于"),
    ("all", "全部|所有|一切|一律|全体|任何"),
    ("part", "部分|个别|有的|一些|少数|某些|局部"),
    (
        "except",
        "除外|(?<!清)(?<!扣)(?<!解)(?<!消)(?<!废)(?<!免)(?<!拆)(?<!删)除(?=[^,。;]{1,60}?(?:以外|之外|外)(?![^,。;]{0,2}[,]?(?:还|也|并|同时)))",
    ),
    ("including", "在内"),
    ("up", "增长|增加|上升|提高|上涨|提升|上调|增速|增幅|涨幅|扩大|回升|升高|调高|调升|加大|拓宽|增强|壮大|升至|升|涨"),
    (
        "down",
        "下降|减少|降低|下调|下跌|回落|降幅|跌幅|缩小|收窄|压降|调降|压缩|减小|收窄|减弱|弱化|削弱|降至|降到|降为|降|跌|减(?!免)",
    ),
    ("over", "高于|高出|超过|大于|多于|优于|快于|突破|超出|(?<=\\ue000)高"),
    ("under", "低于|少于|小于|劣于|慢于"),
    ("before", "以前|之前|前(?=[,。;]|$)|早于|事先"),
    ("after", "以后|之后|后(?=[,。;]|$)|晚于|事后"),
    ("inside", "境内|辖内|以内|之内"),
    ("outside", "境外|辖外|以外|之外"),
    ("above", "以上|及以上|上限"),
    ("below", "以下|及以下|下限"),
    ("encourage", "鼓励|支持|引导|倡导|扶持"),
    ("restrict", "限制|抑制|严控|压减|约束"),
    ("loosen", "放宽|放松|扩围"),
    ("tighten", "收紧|从严"),
    ("lengthen", "延长|延后|推迟"),
    ("shorten", "缩短|提早"),
    ("valid", "有效|生效"),
    ("void", "无效|失效|废止|作废"),
    ("keep", "保持|维持|保留"),
    ("end", "取消|终止|停止|撤销|废除"),
)
CUE = re.compile("|".join(f"(?P<c{number}>{words})" for number, (_, words) in enumerate(CUES)))
NAMES = tuple(name for name, _ in CUES)
OPPOSITES = frozenset(
    frozenset(pair)
    for pair in (
        ("must", "may"),
        ("must", "forbid"),
        ("may", "forbid"),
        ("must", "none"),
        ("must", "not"),
        ("may", "not"),
        ("all", "part"),
        ("except", "including"),
        ("up", "down"),
        ("over", "under"),
        ("before", "after"),
        ("inside", "outside"),
        ("above", "below"),
        ("encourage", "restrict"),
        ("encourage", "forbid"),
        ("loosen", "tighten"),
        ("lengthen", "shorten"),
        ("valid", "void"),
        ("keep", "end"),
    )
)
NEVER_ADDED = frozenset({"not", "forbid", "none", "except", "only", "all", "part"})
NEVER_DROPPED = frozenset({"not", "forbid", "none", "only", "may"})
EXCEPT_BEFORE = re.compile(
    "(?<![清扣解消废免拆删])(?P<word>除)(?P<exception>[^。;]{2,60}?)(?:以外|之外|外),?(?P<rule>[^,。;]{3,})"
)
EXCEPT_AFTER = re.compile("(?P<rule>[^,。;]{3,})[,;](?P<exception>但是?[^。;]{2,80}?|[^,。;]{2,80})(?P<word>除外)")
EXCEPTING = re.compile("除|不包括|不包含|不含|不在|不适用|不属|例外|不计")
RULE = 6
"""Signs of a rule by which it is known that a sentence states it."""
KIN = {"forbid": "not", "none": "not", "not": "not", "except": "not"}
"""Cues that say the same turn: 不能混用 and 不可混用, 没有 and 未."""
NEXT = 6
"""Signs next to a cue that are looked for near another one."""
WITHIN = 16
"""Signs to the right and left of a cue by which its place is known."""
ENOUGH = 3
"""Signs that are enough to know a place by."""
AGAIN = 0.8
"""Share of the words after a cue that one counterpart needs to stand for two."""
LIKE = 0.4
"""Share of a cue's surroundings that stand round its counterpart."""


@dataclass(frozen=True, slots=True)
class Cue:
    """A word that turns a sentence, with the content before and after it in its clause, and its place."""

    kind: str
    word: str
    left: str
    right: str
    start: int

    @property
    def kin(self) -> str:
        """The kind, one for all negations."""
        return KIN.get(self.kind, self.kind)


@lru_cache(maxsize=8192)
def cues(claims: Claims) -> tuple[Cue, ...]:
    """The cues of a sentence outside its titles; bounds of figures are not among them."""
    text = claims.masked
    bounds = {q for figure in claims.figures for q in range(figure.quantity.start - 5, figure.quantity.end + 4)}
    found = []
    for match in CUE.finditer(text):
        kind = _kind(match)
        bounding = kind in {"above", "below", "over", "under", "inside", "before", "after"} and match.start() in bounds
        if kind and not bounding:
            left = _content(STOP.split(text[: match.start()])[-1])[-WITHIN:]
            right = _content(STOP.split(text[match.end() :], maxsplit=1)[0])[:WITHIN]
            found.append(Cue(kind, match[0], left, right, match.start()))
    return tuple(found)


def _content(text: str) -> str:
    return "".join(CONTENT.findall(NEUTRAL.sub("", equalled(without_cues(text)))))


def _kind(match: re.Match[str]) -> str:
    return NAMES[int((match.lastgroup or "c0")[1:])]


def without_cues(text: str) -> str:
    """A text without the words that turn it."""
    return CUE.sub(lambda match: "" if _kind(match) else match[0], text)


def kinds(text: str) -> frozenset[str]:
    """The kinds of cues in a text."""
    return frozenset(_kind(match) for match in CUE.finditer(text)) - {""}


def turned(claims: Claims, start: int, end: int, sources: Sequence[Claims]) -> Iterator[tuple[str, str]]:
    """(what happened, word): turned (against which word), added or dropped in a stretch of a sentence."""
    own = cues(claims)
    theirs = [cue for source in sources for cue in cues(source)]
    same = _paired(own, theirs)
    for number, cue in enumerate(own):
        if number in same or not start <= cue.start < end:
            continue
        against = [other for other in theirs if likeness(cue, other) >= LIKE]
        against = [other for other in against if frozenset((cue.kind, other.kind)) in OPPOSITES]
        if against:
            yield "turned", f"{against[0].word}→{cue.word}"
        elif cue.kind in NEVER_ADDED:
            yield "added", cue.word
    yield from _dropped(claims, start, end, theirs)


def _paired(own: Sequence[Cue], theirs: Sequence[Cue]) -> frozenset[int]:
    """The cues of a sentence that have a counterpart of their own, or one that is said again of the same words."""
    scored = [
        (likeness(cue, other), number, place)
        for number, cue in enumerate(own)
        for place, other in enumerate(theirs)
        if cue.kin == other.kin
    ]
    found: set[int] = set()
    used: set[int] = set()
    for score, number, place in sorted(scored, key=lambda pair: -pair[0]):
        again = _shared(own[number].right, theirs[place].right) >= AGAIN
        if score >= LIKE and number not in found and (place not in used or again):
            found.add(number)
            used.add(place)
    return frozenset(found)


def likeness(cue: Cue, other: Cue) -> float:
    """How alike the surroundings of two cues are, by what follows them where enough does; 0..1."""
    after, before = _shared(cue.right, other.right), _shared(cue.left, other.left)
    crossed = max(_crossed(cue.right, other.left), _crossed(cue.left, other.right))
    if min(len(cue.right), len(other.right)) >= ENOUGH:
        return max(after, 0.6 * after + 0.4 * before, crossed)
    return max(before, _shared(cue.left + cue.right, other.left + other.right), crossed)


def _crossed(one: str, other: str) -> float:
    """没有给出具体数字 and 具体数字未出现: what follows the one stands before the other."""
    return _shared(one, other) if min(len(one), len(other)) > ENOUGH else 0.0


def _shared(one: str, other: str) -> float:
    """Share of the pairs of signs next to one cue that stand near the other; of single signs where there is no pair."""
    shorter, longer = sorted((one, other), key=len)
    near = shorter[:NEXT]
    if len(near) < 2:
        return float(bool(near) and near in longer)
    return sum(a + b in longer for a, b in pairwise(near)) / (len(near) - 1)


def _dropped(claims: Claims, start: int, end: int, theirs: Iterable[Cue]) -> Iterator[tuple[str, str]]:
    """Cues of the sources whose following words stand in the stretch, and that the sentence says nowhere."""
    text = _content(claims.masked[start:end])
    for cue in theirs:
        head = cue.right[: ENOUGH + 1]
        if cue.kind in NEVER_DROPPED and len(head) >= ENOUGH and head in text:
            alike = (c for c in cues(claims) if c.kin == cue.kin or {c.kind, cue.kind} == {"may", "must"})
            if not any(likeness(c, cue) >= LIKE for c in alike):
                yield "dropped", cue.word


def exceptions_dropped(whole: str, sources: Sequence[Claims]) -> Iterator[tuple[str, str]]:
    """Exceptions of the sources that a sentence leaves out although it states the rule they stand beside."""
    said = _content(whole)
    for source in sources:
        for pattern in (EXCEPT_BEFORE, EXCEPT_AFTER):
            for match in pattern.finditer(source.masked):
                exception, rule = _content(match["exception"]).lstrip("但"), _content(match["rule"])
                rule = rule[:RULE] if pattern is EXCEPT_BEFORE else rule[-RULE:]
                included = pattern is EXCEPT_AFTER and not EXCEPTING.search(whole)
                if len(rule) >= ENOUGH and rule in said and (included or exception[:ENOUGH] not in said):
                    yield "dropped", match["word"]
