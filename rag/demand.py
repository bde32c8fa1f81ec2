"""What a question demands of the sentence that answers it: a unit, a length of time, the attribute by its name."""

import re
from collections.abc import Callable, Sequence

from rag import texts
from rag.normalise import HAN, readable
from rag.quantity import has_figure, quantities
from rag.question import Question
from rag.types import Sentence

CODE_ASKED = re.compile("电话|打哪个?号|哪个号|手机号?|热线|传真|邮编|邮政编码|号码|编号|账号|代码|网址|邮箱")
CODE = re.compile(r"\d[\d()—–-]{4,}\d|(?<![\d.])[19]\d{4}(?![\d.年万亿元户家个件])|@|https?://|www\.")
"""What is asked as 多少 and is no quantity: a telephone number, a code, an address of the net."""
DURATION = re.compile(
    r"(?<![\d年月至—–-])(?:\d{1,2}[至到—–-])?(?:\d{1,3}|[一二三四五六七八九十]{1,3})(?:个?工作日|日|天|年|个月|小时)(?![\d底末初份度])|(?<![上下后])半个?[年月天]|一个季度"
)
TIME_ASKED = re.compile("几天|多少天|几日|几个?工作日|多久|多长时间|时限|几个月|多少个月|几年|多少年|期限")
SHARE = frozenset({"percent", "point", "permille", "basis point", "成", "倍"})
MONEY = frozenset({"yuan", "amount"})
COUNT = frozenset({"个", "家", "户", "人", "名", "件", "项", "条", "次", "amount"})
AREA = frozenset({"亩"})
WEIGHT = frozenset({"斤", "吨"})
UNITS = (
    (
        re.compile(
            "[百千万]分之几|几个?(?:百分)?点|几成|比例|比重|占比|增[速幅]|增长率|利率|费率|覆盖率|渗透率|贡献率"
        ),
        SHARE,
    ),
    (re.compile("多少钱|几块钱|几[十百千]?[万亿]元|多少[万亿]*元|金额|额度|余额|总额|注册资本|多少贷款|罚多少"), MONEY),
    (re.compile("(?:多少|几)[十百千万亿]*亩"), AREA),
    (re.compile("(?:多少|几)[十百千万亿]*(?:公?斤|吨)"), WEIGHT),
    (re.compile("(?:多少|几)[十百千万亿]*[家户个名人](?!月|百分|点|方面|工作日|基点)"), COUNT),
)
"""What units a question asks for; a sentence with none of them is no answer in form."""
Equals = Callable[[str], tuple[str, ...]]
"""Other names of the same thing, from the lexicon."""
HOW_MANY = re.compile("多少|[百千万]分之几|几(?:个(?!部门)|[家户成天倍名]|年(?!几)|[十百千万亿])|多[大高长久]|什么比例")
PEGGED = re.compile("lpr|报价利率")
"""不超过1年期LPR is a rate, too."""
FRACTION = re.compile("[一二三四五六七八九十]分之[一二三四五六七八九十]")
ATTRIBUTE = re.compile(rf"[{HAN}]{{1,5}}(?:率|资本|准备金|容忍度)|公积金")
"""Names of figures that official texts call by no other name."""
TARGET_ASKED = re.compile("目标")
AIMS = re.compile(
    "目标|力争|争取|确保|要求|计划|规划|不[低少]于|不超过|以上|左右|稳定在|保持在|[达提增][到高至]|应当?|努力"
)
"""How a text sets a target; 截至2026年3月末…余额为… only reports."""
FREE_ASKED, FREE = (
    re.compile("多少钱|几块钱|收费|费用"),
    re.compile("免费|不(?:得|再|另|予)?(?:外)?收(?:取)?(?:任何)?费|不收取"),
)
CHOICE = re.compile(rf"([{HAN}]{{1,6}})还是([{HAN}]{{1,6}})")
PUNISHED_ASKED = re.compile("处罚|怎么罚|如何罚|罚多少|罚款|罚钱|法律责任|追究")
SANCTION_ASKED, SANCTION = (
    re.compile(f"{PUNISHED_ASKED.pattern}|什么责任|(?:怎么|如何|怎样|会被?)处[理置分]|什么后果"),
    re.compile("罚款|责令|处分|处罚|没收|吊销|取缔|追究|赔偿责任|警告"),
)
"""What follows from a breach is said in words of sanction, not by the rule that is broken."""
AGE_ASKED, AGE = re.compile("年龄|年纪|岁数|[几\\d]岁"), re.compile("岁|年龄")
PENALTY_ASKED, PENALTY = re.compile("违约金|罚息|滞纳金|律师费"), re.compile("违约金|罚息|滞纳金|律师费|费用|利息")
NEEDS = ((PUNISHED_ASKED, SANCTION), (AGE_ASKED, AGE), (PENALTY_ASKED, PENALTY), (CODE_ASKED, CODE))
"""What official texts say in few words: a question for it is not answered by a text without any of them."""
LEVEL_ASKED = re.compile("利率|费率|覆盖率|渗透率")
CHANGE_ASKED = re.compile("[升降涨跌减增]|高[出于过]?多|低[于过]?多|变化|少交|多交|差多少|比")
CHANGE = frozenset({"point", "basis point"})
DEGREES = re.compile("[多少高低大小长短快慢增减升降涨跌了]+")
UNSEEN = re.compile(r"^\W{0,3}未收录|(?:具体|正文|原文)[^。，,]{0,6}未(?:能)?(?:看到|核到|收录)")


def _alone(name: str) -> tuple[str, ...]:
    """No other names."""
    return ()


def holds_unit(question: Question, folded: str) -> bool:
    """Whether a folded sentence holds a unit that is asked for, of several any (true where none is fixed)."""
    asked = [dimensions for pattern, dimensions in UNITS if pattern.search(question.folded)]
    times = bool(TIME_ASKED.search(question.folded))
    if not asked and not times:
        return True
    if times and DURATION.search(folded):
        return True
    if SHARE in asked and (FRACTION.search(folded) or PEGGED.search(folded)):
        return True
    return any(q.dimension in dimensions for dimensions in asked for q in quantities(folded))


def unmet(question: Question, words: Sequence[str], sentence: Sentence, placed: str, equals: Equals = _alone) -> str:
    """A reason to refuse where the best sentence lacks what a question for a figure demands; '' otherwise.

    `words` are the question's in order, `placed` is the folded sentence under its headings.
    """
    if "number" not in question.kinds or not HOW_MANY.search(question.folded):
        return ""
    if CODE_ASKED.search(question.folded):
        return "" if CODE.search(sentence.folded) else texts.REASON_UNIT
    if FREE_ASKED.search(question.folded) and FREE.search(sentence.folded):
        return ""
    if not _figured(sentence.folded):
        unseen = UNSEEN.search(sentence.text)
        return texts.REASON_UNSEEN.format(said=readable(sentence.text)) if unseen else texts.REASON_UNIT
    if not holds_unit(question, sentence.folded):
        return texts.REASON_UNIT
    if _only_change(question, sentence.folded):
        return texts.REASON_CHANGE
    if TARGET_ASKED.search(question.folded) and not AIMS.search(sentence.folded):
        return texts.REASON_OUTTURN
    asked = [word for word in _joined(words) if ATTRIBUTE.fullmatch(word)]
    if not asked or any(_named(word, placed, equals) for word in asked):
        return ""
    return texts.REASON_TERMS.format(terms="、".join(asked))


def _only_change(question: Question, folded: str) -> bool:
    """A rate is asked for, and the sentence says only by how many points one changed."""
    if not LEVEL_ASKED.search(question.folded) or CHANGE_ASKED.search(question.folded) or PEGGED.search(folded):
        return False
    shares = [q for q in quantities(folded) if q.dimension in SHARE]
    return bool(shares) and all(q.dimension in CHANGE for q in shares) and not FRACTION.search(folded)


def unsaid(question: Question, said: str) -> str:
    """A reason to refuse where a folded text holds none of the words in which the asked thing would be said."""
    lacking = any(asked.search(question.folded) and not held.search(said) for asked, held in NEEDS)
    return texts.REASON_SILENT if lacking else ""


def undecided(question: Question, said: str) -> str:
    """A reason to refuse where a folded text holds nothing of what tells two choices apart (按月报还是按季报)."""
    for one, other in CHOICE.findall(question.folded):
        apart = set(one[-len(other) :]) ^ set(other)
        if apart and not apart & set(said) and not DEGREES.fullmatch("".join(apart)):
            return texts.REASON_OPEN
    return ""


def _figured(folded: str) -> bool:
    """Whether a sentence holds a figure that is no address and no date."""
    return bool(DURATION.search(folded) or FRACTION.search(folded) or has_figure(folded))


def _joined(words: Sequence[str]) -> list[str]:
    """The words with a lone 率 joined to the word before it: 抵押 率 is one name."""
    joined: list[str] = []
    for word in words:
        if word == "率" and joined:
            joined[-1] += word
        else:
            joined.append(word)
    return joined


def _named(attribute: str, placed: str, equals: Equals) -> bool:
    """The attribute stands in the text: whole, by an equal name, by its first words and its last
    (不良贷款率 as 不良率), or as the 利率 or 费率 that it is."""
    if any(name in placed for name in (attribute, *equals(attribute))):
        return True
    shorter = {attribute[:2] + attribute[-1]} if len(attribute) > 3 else set()
    return any(name in placed for name in shorter | ({attribute[-2:]} & {"利率", "费率"}))
