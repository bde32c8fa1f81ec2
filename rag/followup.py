"""A short follow-up -> a whole question, by rule: 那浙江呢, 第二款呢, 最长几年. Shown to the user, who may undo it."""

import re
from collections.abc import Sequence
from dataclasses import replace

from rag.address import BOOK_TITLE, DOC_NUMBER
from rag.described import ASPECTS
from rag.normalise import fold
from rag.relative import relative_clause
from rag.retrieve import Corpus
from rag.subject import MARKS, Before, before_of, own_subject, phrase, spoken_of, with_subject
from rag.substitution import AMOUNT, ASKS, ATTRIBUTE, TIME, other_region, other_subject, other_time
from rag.types import Turn

EARLIER = 3
"""Past questions that a follow-up may go back to."""
LONGEST, LONGEST_BARE, LONGEST_TOPIC, LONGEST_WHY = 40, 20, 16, 10
SHORTEST_DOCUMENT = 4
LEAD = re.compile(
    r"^(?:那么|那(?=[，,\s])|那(?!个|种|项|笔|类|些|家|部|份|条|款|批|次|年(?![底末初中]))|换成|换作|改成|如果是|要是|再问|再看)[，,\s]*"
)
DOCUMENT_NOUN = "文件|办法|条例|规定|通知|政策|意见|法律|法|方案|规划|文|论文"
OTHER_THAN_DOCUMENT = re.compile("^其(?:他|它|余|中|实|次)")
OTHERS = re.compile("^(?:其他|其它|其余|其中|其次|其实|此外|另外|别的|还有个)")
PRONOUN = re.compile(
    rf"^(?:那么?)?(?:[它他]们?|其|(?:该|此|这|那|上述|前述)(?:[个份部条项种些则篇])?(?:{DOCUMENT_NOUN})(?!人|院|定代|规|治))"
)
DEMONSTRATIVE = re.compile(
    r"(?:[这那](?:一|两|几)?[个种项笔类些家批款]|这(?=贷款|政策|资金|钱|险|利率)|(?:此|上述|前述|该)[类项种笔]|上述|前述"
    r"|(?<!应)该(?:行|公司|机构|企业)(?!业)|(?<!应)该(?=产品|贷款|指标|资金|业务|制度|机制|平台|基金|保险|数据))"
)
CONDITION = re.compile("要是|如果|假如|万一|的话|[没不](?!良|动产|同|足)")
BACK = re.compile(
    "(?:还是|再)?(?:说?回到?|回过头)?(?:前面|刚才|之前|上面|最开始|一开始)(?:提到|说到?|讲)?(?:那个|那家|那项|那款|那种|的)?"
)
FILLER = re.compile(
    r"^(?:截至|截止|到|在|看)|(?:[呢的了？?。\s]|那[次年时部]|那时候|(?:的)?(?:情况|数据?|数字)|怎么样|又?如何"
    r"|(?:[是有]|[涨升降]到|达到)?(?:了)?多少|同期|的话)+$"
)
SAYS_WHERE = re.compile(
    r"^(?:这个?是?)?(?:依据(?:是?什么|是啥|呢|在哪|的?是?哪.{1,3})|(?:是)?(?:在)?哪[个份部条].{0,3}(?:说|规定|写|讲)的?|出处.{0,4}|根据(?:是)?什么)"
)
EMPTY = re.compile("多少|谁|什么|哪[一个年天]?|[的是了吗呢么请问开始到底从]")
MORE = re.compile(r"^还有(?:呢|吗|其他的?[呢吗]?|哪些|什么|别的[呢吗]?)$")
WHY = re.compile("^(?:为什么|为何|为啥|原因|怎么会)")
PERSONAL = re.compile("[你您我]|谢谢|再见")
DEFINES = re.compile("^(?:什么|啥)(?:是|叫)|什么意思$")
PAIR = re.compile(
    r"(?P<first>[^，,。？?：、》]{2,20}?)(?:和|与|跟|同|以及|还是|、)(?P<second>[^，,。？?]{2,20}?)"
    r"(?=的?(?:区别|不同|差|异)|[有是].{0,2}[什哪何多]|之间|分别|各|哪|相比|谁|[？?]|$)"
)


def resolve(question: str, turns: Sequence[Turn], corpus: Corpus | None = None) -> str:
    """The question completed from the last turn, or unchanged where it stands on its own.

    Without a corpus, questions that lack only their subject (最长几年？) are left alone.
    """
    last = next((turn for turn in reversed(turns) if turn.answer is not None), None)
    asked = question.strip().rstrip(MARKS)
    if last is None or last.answer is None or not asked or len(asked) > LONGEST:
        return question
    if BOOK_TITLE.search(asked) or DOC_NUMBER.search(fold(asked)) or OTHERS.match(asked):
        return question
    before = before_of(last.answer, corpus)
    whole = relative_clause(asked, turns, corpus) or _more(asked, before.bare) or _ellipsis(asked, before, corpus)
    if whole:
        return whole
    attached = (
        _one_of_two(asked, before.bare)
        or _about_last(asked, before)
        or _pronoun(asked, before)
        or (_incomplete(asked, before, corpus) if corpus else "")
    )
    return attached + question.strip()[len(asked) :] if attached else question


def otherwise(question: str, whole: str, turns: Sequence[Turn], corpus: Corpus) -> tuple[str, ...]:
    """Other ways to complete a follow-up, likeliest first, for when nothing answers it as the rules completed it.

    After what the last questions were about (an earlier one first, where the user goes back), and without a time
    that was only carried over. None for a question that names its own subject.
    """
    asked = question.strip().rstrip(MARKS)
    answered = [turn for turn in turns if turn.answer is not None]
    if not answered or len(asked) > LONGEST:
        return ()
    befores = [before_of(turn.answer, corpus) for turn in answered[-EARLIER:] if turn.answer is not None]
    if whole == question and own_subject(asked, befores[-1], corpus):
        return ()
    back = BACK.search(asked)
    order = [*befores[:-1][::-1], befores[-1]] if back else befores[::-1]
    spoken = LEAD.sub("", BACK.sub("", asked))
    found = [f"{phrase(before.bare)}，{spoken}？" for before in order]
    if TIME.search(whole) and not TIME.search(asked):
        found.append(TIME.sub("", whole))
    return tuple(dict.fromkeys(other for other in found if other not in {question, whole}))


def _more(asked: str, bare: str) -> str:
    """还有呢 asks the last question for more of the same."""
    if not MORE.match(asked):
        return ""
    listed = re.search("哪些|什么|哪几[个种项类]", bare)
    at = listed.end() if listed else len(bare)
    return f"{bare[:at]}{'其他' if listed else '，还有哪些'}{bare[at:]}？"


def _ellipsis(asked: str, before: Before, corpus: Corpus | None) -> str:
    """那浙江呢, 到年底呢, 家庭农场的呢: the last question with another place, time or subject."""
    head, comma, tail = asked.partition("呢，")
    topic = LEAD.sub("", head)
    elliptic = topic != asked or asked.endswith("呢")
    if elliptic and (whole := _other_document(FILLER.sub("", topic), before, corpus)):
        return _asking_also(whole, tail)
    topic, whole = other_time(topic, before.question)
    topic, whole = other_region(topic, whole)
    topic = FILLER.sub("", re.sub("^[的，,]", "", FILLER.sub("", topic)))
    if not topic:
        return _asking_also(whole, tail) if whole != before.question else ""
    if not (elliptic or comma) or len(topic) > LONGEST_TOPIC or ASKS.search(topic):
        return ""
    if CONDITION.search(topic) and before.title:
        return f"《{before.title}》{topic}怎么办？"
    if comma:
        replaced = other_subject(topic, whole, before.text, corpus)
        return "" if replaced.startswith(f"{topic}：") else _asking_also(replaced, tail)
    if ATTRIBUTE.search(topic) and corpus and before.source and not own_subject(topic, before, corpus):
        return with_subject(
            f"{topic}是{'多少' if AMOUNT.search(topic) else '什么'}？", replace(before, question=whole), corpus
        )
    return other_subject(topic, whole, before.text, corpus)


def _other_document(topic: str, before: Before, corpus: Corpus | None) -> str:
    """那浙江的公共信用信息条例呢: the last question of another document than it named; '' where it named none."""
    if not re.search(f"(?:{DOCUMENT_NOUN})$", topic) or ASKS.search(topic) or len(topic) < SHORTEST_DOCUMENT:
        return ""
    if BOOK_TITLE.search(before.question):
        return BOOK_TITLE.sub(topic, before.question, count=1)
    named = corpus.names.named(before.question) if corpus else None
    return f"{topic}{named.rest}" if named and len(named.sources) == 1 and named.rest else ""


def _asking_also(whole: str, tail: str) -> str:
    return f"{whole.rstrip(MARKS)}，{tail}？" if tail else whole


def _one_of_two(asked: str, bare: str) -> str:
    """前者 and 后者 are the two things that the last question names."""
    pair = PAIR.search(bare)
    if not pair or not re.search("[前后]者", asked):
        return ""
    return asked.replace("前者", pair["first"]).replace("后者", pair["second"])


def _pronoun(asked: str, before: Before) -> str:
    """它, 该条例 and 这笔贴息 are of the document that was cited."""
    match = PRONOUN.match(asked)
    if not before.title or OTHER_THAN_DOCUMENT.match(asked):
        return ""
    if match:
        rest = asked[match.end() :]
        return f"《{before.title}》{rest}" if rest else ""
    spoken = LEAD.sub("", DEMONSTRATIVE.sub("", asked, count=1))
    return f"《{before.title}》{spoken}" if DEMONSTRATIVE.search(asked) else ""


def _about_last(asked: str, before: Before) -> str:
    """依据是什么, 为什么, 谁发的: of the last question or of the document that answered it."""
    asked = LEAD.sub("", asked)
    if SAYS_WHERE.match(asked):
        return f"{before.bare}，{asked}"
    if WHY.match(asked) and len(asked) <= LONGEST_WHY:
        return f"{phrase(before.bare)}，{asked}"
    rest = re.sub("|".join(pattern.pattern for pattern in ASPECTS.values()), "", asked)
    if before.title and rest != asked and not EMPTY.sub("", rest):
        return f"《{before.title}》{asked}"
    return ""


def _incomplete(asked: str, before: Before, corpus: Corpus) -> str:
    """最长几年, 注册资本多少: a question without a subject of its own on what the last document speaks of."""
    spoken = LEAD.sub("", asked)
    explicit = spoken != asked or bool(re.search("呢[，,]", asked))
    if not before.source or len(spoken) > LONGEST_BARE or not ASKS.search(spoken) or PERSONAL.search(spoken):
        return ""
    if DEFINES.search(spoken) or own_subject(spoken, before, corpus):
        return ""
    if not explicit and not spoken_of(spoken, before, corpus):
        return ""
    return with_subject(re.sub("呢(?=[，,])", "", spoken), before, corpus)
