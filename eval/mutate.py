"""One thing changed in a true sentence, so that it is false: a figure, a negation, a modality, a name."""

import random
import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass

from rag.normalise import fold
from rag.question import REGIONS

FIGURES = ("digit", "scale", "unit", "approximation", "year", "month", "article", "doc_number", "exchanged")
REST = (
    "negation_dropped",
    "negation_added",
    "modality",
    "scope",
    "direction",
    "region",
    "institution",
    "subject",
    "title",
)
KINDS = (*FIGURES, *REST)

Mutation = Callable[[str, random.Random, "Vocabulary"], str]
TITLE = re.compile("《[^《》]+》")
CHINESE_DIGITS = "一二三四五六七八九"
NUMERAL = re.compile(
    r"(?<![\d.第（(])(?P<number>\d+(?:[.,]\d+)*|[一二三四五六七八九十]+[一二三四五六七八九十百]*(?=个|家|倍|成|日|天|年|万|千|亿|元|户|章|条))"
    r"(?=[多余]?(?:%|‰|个|万|亿|千|元|户|家|倍|成|天|日内|工作日|年(?![\d末底初度])|人|项|章|条|类|次|亩|bp|基点))(?!\d)"
)
YEAR = re.compile(r"(?<!\d)(?:19|20)\d{2}(?=年)")
MONTH = re.compile(r"(?<=年)\d{1,2}(?=月)|(?<=[—-])\d{1,2}(?=月)")
QUARTER = re.compile("[一二三四](?=季度)")
ARTICLE = re.compile(
    "(?<=第)(?:[一二三四五六七八九十百]+|\\d+)(?=条|款|项)|(?<=第[（(])[一二三四五六七八九十]+(?=[）)][条项])"
)
DOC_NUMBER = re.compile(r"(?<=[〔\[（(])(?:19|20)\d{2}(?=[〕\]）)]\d+号)|(?<=[〕\]）)])\d+(?=号)|(?<=第)\d+(?=号)")
SCALES = {"万亿": ("亿", "万"), "亿": ("万", "万亿"), "万": ("亿", "千")}
SCALE = re.compile(r"(?<=\d)(?:万亿|亿|万)|(?<=[一二三四五六七八九十百])万(?=元)")
UNITS = {
    "%": "‰",
    "‰": "%",
    "个百分点": "%",
    "个基点": "个百分点",
    "工作日": "日",
    "个月": "年",
    "年期": "个月期",
    "元": "户",
    "户": "家",
    "家": "户",
    "倍": "%",
}
UNIT = re.compile(r"(?<=[\d万亿])(?:%|‰|个百分点|个基点|个工作日|个月|年期|元|户|家|倍)")
APPROXIMATE = {
    "超过": "不足",
    "不足": "超过",
    "不超过": "超过",
    "超": "近",
    "接近": "超过",
    "近": "超",
    "约": "超",
    "突破": "不足",
    "不低于": "不超过",
    "不少于": "不超过",
    "不高于": "不低于",
    "至少": "至多",
    "最高": "最低",
    "最低": "最高",
    "不到": "超过",
}
APPROXIMATION = re.compile(
    "(?:"
    + "|".join(sorted(APPROXIMATE, key=len, reverse=True))
    + r")(?=为?人民币?[\d一二三四五六七八九十百]|[\d一二三四五六七八九十百])"
)
PLAIN_AMOUNT = re.compile(r"(?<=为)(?=\d[\d.]*(?:万亿元|亿元|万元|%|万户))")
NOT_NEGATED = "不良|不动产|不断|不仅|不同|不少于|不低于|不超过|不高于|不足|不得|不限|不特定|不可抗力|不均衡|不平衡|不属|未来|未成年|没收|无形|无人|沉没"
NEGATION = re.compile(f"(?!{NOT_NEGATED})(?:不能|不应|没有|并非|不|未|无)(?=[一-龥])(?<!是不)")
POSITIVE = {"不能": "能", "不应": "应", "没有": "有", "并非": "是", "无": "有"}
AFFIRMED = {
    "应当": "不应当",
    "可以": "不可以",
    "必须": "不必",
    "包括": "不包括",
    "负责": "不负责",
    "支持": "不支持",
    "鼓励": "不鼓励",
    "要求": "不要求",
    "适用": "不适用",
    "通过": "未通过",
    "完成": "未完成",
    "增长": "未增长",
    "下降": "未下降",
    "增加": "未增加",
    "公布": "未公布",
    "下达": "未下达",
    "超过": "未超过",
    "属于": "不属于",
    "能够": "不能够",
    "具有": "不具有",
    "取得": "未取得",
    "纳入": "不纳入",
    "给予": "不给予",
    "是": "不是",
    "有": "没有",
}
AFFIRMATION = re.compile(
    "(?<![不未没只就还但可若凡或等所拥具享既所现仅而并总])(?:" + "|".join(AFFIRMED) + ")(?![关效权利限序力机形所])"
)
MODAL = {
    "应当": "可以",
    "可以": "应当",
    "必须": "可以",
    "不得": "可以",
    "禁止": "允许",
    "不能": "可以",
    "须": "可",
    "应": "可",
    "可": "应",
    "要": "不得",
}
MODALITY = re.compile(
    "应当|可以|必须|不得|禁止|不能(?!够)|(?<![无必])须|(?<![对适相供响反效])应(?![收急用付税对当])|(?<=[，也即])可(?!以|能|持|行|贷|靠|比)"
)
SCOPES = {
    "以上": "以下",
    "以下": "以上",
    "以内": "以外",
    "以前": "以后",
    "以后": "以前",
    "全部": "部分",
    "所有": "部分",
    "部分": "全部",
    "仅": "不仅",
    "境内": "境外",
    "境外": "境内",
    "除外": "在内",
    "高于": "低于",
    "低于": "高于",
    "均": "均不",
    "任何": "部分",
    "只能": "不只能",
}
SCOPE = re.compile("(?<!不)(?:" + "|".join(SCOPES) + ")(?!述|情形|问题|简称|第|份)")
WAYS = {
    "上升": "下降",
    "下降": "上升",
    "提高": "降低",
    "降低": "提高",
    "增长": "下降",
    "增加": "减少",
    "减少": "增加",
    "上调": "下调",
    "下调": "上调",
    "扩大": "缩小",
    "高出": "低出",
    "放宽": "收紧",
    "延长": "缩短",
    "提升": "降低",
    "加大": "减小",
    "拓宽": "收窄",
    "降至": "升至",
    "降到": "升到",
    "调降": "调升",
    "鼓励": "限制",
    "高": "低",
    "降为": "升为",
}
WAY = re.compile(
    "上升|下降|提高|降低|增长|增加|减少|上调|下调|扩大|高出|放宽|延长|提升|加大|拓宽|降至|降到|调降|鼓励|(?<=增速)高|降为"
)
SUBJECTS = (
    "贷款 存款 保费 债券", "农户 居民 小微企业 大型企业", "存款人 借款人 投保人", "债权人 债务人", "民营企业 国有企业 外资企业", "普惠型 绿色", "涉农 工业 房地产",
    "农村 城市", "县域 城区", "中小企业 大型企业", "商业银行 信托公司", "余额 新增额", "利率 费率", "农业 工业", "个人 单位", "省级 市级 县级",
    "信用贷款 抵押贷款", "粮食 林业", "投保机构 监管机构", "金融机构 评级机构", "担保 租赁", "机关 社会团体", "保险 信托",
)  # fmt: skip
INSTITUTIONS = (
    "中国人民银行 财政部 国家发展改革委 农业农村部 国务院 国家金融监督管理总局 中国证监会 商务部 税务总局",
    "人民银行 财政部 金融监管总局 证监会 银保监会 审计署 商务部", "财政部门 税务部门 审计部门", "人民法院 人民检察院", "工行 农行 建行 交行",
    "村镇银行 政策性银行 股份制银行", "村民委员会 居民委员会", "保险机构 证券机构", "乡镇人民政府 街道办事处", "行业协会 公证机构", "融资担保公司 小额贷款公司 典当行",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """Names of one kind beside one another, from the knowledge base: what one of them is swapped for."""

    regions: tuple[str, ...]
    institutions: tuple[tuple[str, ...], ...]
    subjects: tuple[tuple[str, ...], ...]
    titles: tuple[str, ...]

    @classmethod
    def of(cls, titles: Iterable[str], issuers: Iterable[str], words: Iterable[str]) -> "Vocabulary":
        """From titles and issuers of documents and the words of the lexicon; words of one ending are of one kind."""
        endings: dict[str, list[str]] = {}
        for word in words:
            if re.fullmatch("[一-龥]{4,8}", word):
                endings.setdefault(word[-2:], []).append(word)
        kinds = tuple(tuple(members) for members in endings.values() if len(members) > 1)
        subjects = (*(tuple(group.split()) for group in SUBJECTS), *kinds)
        bodies = (*(tuple(group.split()) for group in INSTITUTIONS), tuple(dict.fromkeys(issuers)))
        return cls(tuple(REGIONS.pattern.split("|")), bodies, subjects, tuple(titles))


def mutants(text: str, vocabulary: Vocabulary, seed: int) -> Mapping[str, str]:
    """By kind, the sentence with one thing changed; kinds for which it offers nothing are left out."""
    found = {}
    for number, kind in enumerate(KINDS):
        mutant = MUTATIONS[kind](text, random.Random(seed * 100 + number), vocabulary)  # noqa: S311
        if mutant and fold(mutant) != fold(text):
            found[kind] = mutant
    return found


def _outside_titles(pattern: re.Pattern[str], text: str) -> list[re.Match[str]]:
    titles = [match.span() for match in TITLE.finditer(text)]
    return [m for m in pattern.finditer(text) if not any(start <= m.start() < end for start, end in titles)]


def _swapped(pattern: re.Pattern[str], to: Callable[[str, random.Random], str]) -> Mutation:
    """Replace one match, chosen by chance."""

    def mutate(text: str, rng: random.Random, _: Vocabulary) -> str:
        matches = _outside_titles(pattern, text)
        if not matches:
            return ""
        match = rng.choice(matches)
        return text[: match.start()] + to(match[0], rng) + text[match.end() :]

    return mutate


def _by(table: Mapping[str, str]) -> Callable[[str, random.Random], str]:
    return lambda word, _: table[word]


def _other_number(word: str, rng: random.Random) -> str:
    """A numeral with one digit changed, the first one never to nought."""
    places = [i for i, sign in enumerate(word) if sign.isdecimal() or sign in CHINESE_DIGITS]
    if not places:
        return f"{word}一"
    place = rng.choice(places)
    digits = CHINESE_DIGITS if word[place] in CHINESE_DIGITS else "123456789"
    return word[:place] + rng.choice([d for d in digits if d != word[place]]) + word[place + 1 :]


def _other_year(word: str, rng: random.Random) -> str:
    return str(int(word) + rng.choice((-2, -1, 1, 2)))


def _other_month(word: str, rng: random.Random) -> str:
    return str(rng.choice([m for m in range(1, 13) if m != int(word)]))


def _approximated(text: str, rng: random.Random, vocabulary: Vocabulary) -> str:
    """An approximation turned round, or one put before a plain amount."""
    turned = _swapped(APPROXIMATION, _by(APPROXIMATE))(text, rng, vocabulary)
    return turned or _swapped(PLAIN_AMOUNT, lambda _, r: r.choice(("超", "不足", "近")))(text, rng, vocabulary)


def _exchanged(text: str, rng: random.Random, _: Vocabulary) -> str:
    """Two figures of one unit in each other's place."""
    figures = re.compile(r"\d+(?:\.\d+)?(?:万亿元|亿元|万元|%|个百分点|万户)")
    matches = _outside_titles(figures, text)
    pairs = [
        (one, other)
        for i, one in enumerate(matches)
        for other in matches[i + 1 :]
        if one[0] != other[0] and one[0].lstrip("0123456789.") == other[0].lstrip("0123456789.")
    ]
    if not pairs:
        return ""
    one, other = rng.choice(pairs)
    return text[: one.start()] + other[0] + text[one.end() : other.start()] + one[0] + text[other.end() :]


def _of_kind(groups: Callable[[Vocabulary], Iterable[tuple[str, ...]]]) -> Mutation:
    """Replace a name by another of its kind that the sentence does not hold."""

    def mutate(text: str, rng: random.Random, vocabulary: Vocabulary) -> str:
        bare = TITLE.sub(lambda m: "□" * len(m[0]), text)
        options = []
        for group in groups(vocabulary):
            present = [name for name in group if name in bare]
            for name in present:
                others = [o for o in group if o not in text and not set(o) <= set(name) and not set(name) <= set(o)]
                options += [(name, other) for other in others]
        if not options:
            return ""
        longest = max(len(name) for name, _ in options)
        name, other = rng.choice([option for option in options if len(option[0]) >= min(longest, 4)] or options)
        at = bare.index(name)
        return text[:at] + other + text[at + len(name) :]

    return mutate


def _other_title(text: str, rng: random.Random, vocabulary: Vocabulary) -> str:
    titles = list(TITLE.finditer(text))
    if not titles:
        return ""
    match = rng.choice(titles)
    others = [t for t in vocabulary.titles if t not in match[0] and match[0][1:-1] not in t]
    return text[: match.start()] + f"《{rng.choice(others)}》" + text[match.end() :] if others else ""


MUTATIONS: Mapping[str, Mutation] = {
    "digit": _swapped(NUMERAL, _other_number),
    "scale": _swapped(SCALE, lambda word, rng: rng.choice(SCALES[word])),
    "unit": _swapped(UNIT, lambda word, _: UNITS.get(word, "个" + UNITS.get(word[1:], "月"))),
    "approximation": _approximated,
    "year": _swapped(YEAR, _other_year),
    "month": _swapped(MONTH, _other_month),
    "article": _swapped(ARTICLE, _other_number),
    "doc_number": _swapped(DOC_NUMBER, _other_number),
    "exchanged": _exchanged,
    "negation_dropped": _swapped(NEGATION, lambda word, _: POSITIVE.get(word, "")),
    "negation_added": _swapped(AFFIRMATION, _by(AFFIRMED)),
    "modality": _swapped(MODALITY, _by(MODAL)),
    "scope": _swapped(SCOPE, _by(SCOPES)),
    "direction": _swapped(WAY, _by(WAYS)),
    "region": _of_kind(lambda v: (v.regions,)),
    "institution": _of_kind(lambda v: v.institutions),
    "subject": _of_kind(lambda v: v.subjects),
    "title": _other_title,
}
