"""What a question demands of the sentence that answers it: a unit, a length of time, the attribute by its name."""

import re
from collections.abc import Callable, Sequence

from rag import texts
from rag.normalise import HAN, readable
from rag.quantity import has_figure, quantities
from rag.question import Question
from rag.types import Sentence

CODE_ASKED = re.compile("电话|手机号?|热线|传真|邮编|邮政编码|号码|编号|账号|代码|网址|邮箱")
CODE = re.compile(r"\d[\d()—–-]{2,}\d|@|https?://|www\.")
"""What is asked as 多少 and is no quantity: a telephone number, a code, an address of the net."""
DURATION = re.compile(
    r"(?<![\d年月至—–-])(?:\d{1,2}[至到—–-])?(?:\d{1,3}|[一二三四五六七八九十]{1,3})(?:个?工作日|日|天|年|个月|小时)(?![\d底末初份度])"
)
TIME_ASKED = re.compile("几天|多少天|几日|几个?工作日|多久|多长时间|时限|几个月|多少个月|几年|多少年|期限")
SHARE = frozenset({"percent", "point", "permille", "basis point", "成", "倍"})
MONEY = frozenset({"yuan", "amount"})
COUNT = frozenset({"个", "家", "户", "人", "名", "件", "项", "条", "次", "amount"})
AREA = frozenset({"亩"})
UNITS = (
    (
        re.compile(
            "[百千万]分之几|几个?(?:百分)?点|几成|比例|比重|占比|增[速幅]|增长率|利率|费率|覆盖率|渗透率|贡献率"
        ),
        SHARE,
    ),
    (re.compile("多少钱|几块钱|几[十百千]?[万亿]元|多少[万亿]*元|金额|额度|余额|总额|注册资本|多少贷款|罚多少"), MONEY),
    (re.compile("(?:多少|几)[十百千万亿]*亩"), AREA),
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
    if not _figured(sentence.folded):
        unseen = UNSEEN.search(sentence.text)
        return texts.REASON_UNSEEN.format(said=readable(sentence.text)) if unseen else texts.REASON_UNIT
    if not holds_unit(question, sentence.folded):
        return texts.REASON_UNIT
    asked = [word for word in _joined(words) if ATTRIBUTE.fullmatch(word)]
    if not asked or any(_named(word, placed, equals) for word in asked):
        return ""
    return texts.REASON_TERMS.format(terms="、".join(asked))


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
