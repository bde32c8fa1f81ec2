"""What a question asks: its kind, what it names, its terms, periods and figures."""

import re
from dataclasses import dataclass, field

from rag.address import Clause, Named, NameIndex, clauses_of
from rag.asked import Asked, asked_parts
from rag.lexical import Lexicon
from rag.normalise import checked_question, fold
from rag.quantity import Quantity, quantities

KINDS: tuple[tuple[str, re.Pattern[str]], ...] = (
    (
        "validity",
        re.compile(
            r"(还|现在|目前|是否|仍)(在)?(有效|管用|适用|执行|能用|算数|作数)|不(算数|作数|管用)|失效|废止|作废|效力(状态|如何|怎)|过期"
        ),
    ),
    (
        "document",
        re.compile(
            r"文号|哪(个|份|部|些|一部|一个|几)?(文件|办法|条例|法律|规定|通知|法)|哪(个|些|几个|几|家|几家)?(部门|机关|单位)|几号文|几家(联合)?(发|印)|谁(发|印|制定|出台)|发文机关|出处|第几条|依据是什么"
        ),
    ),
    ("compare", re.compile(r"区别|不同|差别|差异|对比|比较|相比|异同|分别有何|有何不同")),
    (
        "definition",
        re.compile(
            r"(什么|啥)(叫|是)|是(什么|啥)(?!时候|日期)|指(的是)?(什么|啥|哪)|到底指|怎么定义|定义|含义|何谓|是(一种)?(什么|怎样的)"
        ),
    ),
    (
        "list",
        re.compile(
            r"哪些|哪几|有(什么|啥)|几(个|种|类|项|条|大|方面|步|家)(?!月|点|成)|分别(是|有|包括)|包括(什么|啥)|列(出|举)|都有|都叫|各是(什么|哪)|方面|启示|措施|路径|制约因素|条件"
        ),
    ),
    ("date", re.compile(r"(什么时候|何时|哪(一)?(天|年|日|月)|几月|日期|从哪天|自何时|哪年)")),
    (
        "number",
        re.compile(
            r"多少|几个点|几点(?![\u4e00-\u9fff]{2})|几(个)?(成|百分|月|年|天|日|工作日|小时|倍|亿|万)|[百千万]分之几|多大|多高|多久|多长|占比|比例|最(高|低|多|少|长|大)|上限|下限|余额|增速|利率|额度|期限|金额|数字|幅度|标准"
        ),
    ),
    ("why", re.compile(r"为什么|为何|为啥|原因|怎么会|缘何|根源|怎么都|凭什么")),
    ("how", re.compile(r"如何|怎么|怎样|咋|办法|路径|做法|手续(?!费)|流程|对策|药方")),
    (
        "yesno",
        re.compile(
            r"吗|吧[，,。？?]|是不是|是否|能不能|可不可以|能否|可否|对不对|算不算|有没有|要不要|行不行|不\?|不？"
        ),
    ),
)
YEAR = re.compile(r"(?<!\d)((?:19|20)\d{2})(?:年|[-—/.]\d{1,2}|末|底|(?![\d亿万千元个户家人项.]))")
REGIONS = re.compile(
    "北京|天津|河北|山西|内蒙古|辽宁|吉林|黑龙江|上海|江苏|浙江|安徽|福建|江西|山东|河南|湖北|湖南|广东|广西|海南|重庆|四川|贵州|云南|西藏|陕西|甘肃|青海|宁夏|新疆|厦门|台州|湖州|北川|深圳|宁波|青岛|大连"
)
CONTENTS = re.compile(
    "(?:做法|经验|措施|要求|内容|问题|目标|特点|任务|原则|举措|意义|作用|影响|路径)(?:分别|各|都)?(?:是|为)(?:什么|啥)"
)
"""做法是什么 asks for the contents, not for the meaning of a word."""
ASKED_NOUN = "(?:文件|办法|条例|法律法规|法律|法规|规定|通知|规章|政策|意见|部门|法)"
ASKING_WORD = (
    rf"(?:请问|想问|[这那该此它](?:一?[个条款]|句?话)?|说法|要求|是|在|由|的|了|里|中|上|面|吗|呢|啊|么|有没有|有|算|属于|违反|根据|依据|"
    rf"按照|按|凭|地方|国家|具体|到底|究竟|出自|来自|出处|写|说|讲|提|到|定|管|哪(?:里|儿|个|部|份|条|一|几|些|年)*|[两三]个?|什么|啥|"
    rf"第几[条款项]|第几部分|几号|几?月|文号|多少|条款|、|和|以及|\s|{ASKED_NOUN})"
)
ASKING = re.compile(
    rf"(?:^|[,。;?!]|是|在(?=哪|第)|出自|违反|依据|写在|规定在|由哪|属于)[,。;?!]?(?:{ASKING_WORD}|[,。;?!])+$"
)
ASKS_SOURCE = re.compile(rf"哪.{{0,6}}{ASKED_NOUN}|第几[条款项部]|出自|出处|依据|文号|哪[里儿一]|什么{ASKED_NOUN}")
CONNECTIVE = re.compile("和|与|跟|同|以及|、|相比|对比|比")


DESCRIPTION = re.compile(
    rf"(?P<document>[^,;。?]{{4,40}}?(?:{ASKED_NOUN}|方案|措施|公告)(?:里面?|中|上)?),(?P<about>.{{6,}})"
)
ASKS = re.compile("多少|几|什么|啥|哪|谁|吗|怎么|咋|何|多[大高久长]|是否|能不能|呢")
SHORTEST = 6
"""Characters that must be left of a question when its asking clause is cut."""


@dataclass(frozen=True, slots=True)
class Question:
    """A question as analysed; `kind` is the answer form it asks for, 'open' where it is plain."""

    text: str
    folded: str
    kind: str
    kinds: frozenset[str]
    terms: tuple[str, ...]
    asked_terms: tuple[str, ...]
    """The terms without those that only name a document."""
    expansion: tuple[str, ...]
    named: Named
    clauses: tuple[Clause, ...]
    years: tuple[str, ...]
    regions: tuple[str, ...]
    figures: tuple[Quantity, ...] = field(default=())
    asked: Asked = field(default=Asked())
    searched: str = ""
    """The folded question without a clause that only asks which document or article says it."""


def analyse(text: str, lexicon: Lexicon, names: NameIndex) -> Question:
    """Analyse a question. Raises QuestionRejected if it is empty, too long or unreadable."""
    shown = checked_question(text)
    folded = fold(shown)
    named = names.named(shown)
    asked = named.rest or folded
    kinds = [name for name, pattern in KINDS if pattern.search(asked)]
    searched = content_of(folded)
    terms = lexicon.terms(searched)
    expansion = [word for phrase in lexicon.equivalents(folded) for word in lexicon.words(phrase)]
    regions = tuple(dict.fromkeys(REGIONS.findall(folded)))
    return Question(
        text=shown,
        folded=folded,
        kind=_main_kind(kinds, regions, folded),
        kinds=frozenset(kinds),
        terms=terms,
        asked_terms=lexicon.terms(_about(asked)) if named.sources or _about(asked) != asked else terms,
        expansion=tuple(dict.fromkeys(word for word in expansion if word not in terms)),
        named=named,
        clauses=clauses_of(shown),
        asked=asked_parts(shown),
        years=tuple(dict.fromkeys(YEAR.findall(folded))),
        regions=regions,
        figures=tuple(
            q for q in quantities(folded) if q.dimension not in {"address", "年", "月", "日", "number", "个"}
        ),
        searched=searched,
    )


def content_of(folded: str) -> str:
    """A folded question without 是哪个条例第几条管的 and the like; whole where nothing else would be left."""
    match = ASKING.search(folded)
    if match and match.start() >= SHORTEST and ASKS_SOURCE.search(match[0]):
        return folded[: match.start()]
    return folded


def _about(folded: str) -> str:
    """A folded question without a first clause that only says which document is meant."""
    match = DESCRIPTION.match(folded)
    return match["about"] if match and not ASKS.search(match["document"]) else folded


def _main_kind(kinds: list[str], regions: tuple[str, ...], folded: str) -> str:
    if kinds[:1] == ["definition"] and CONTENTS.search(folded):
        return "how"
    if len(regions) == 2 and CONNECTIVE.search(folded) and not {"number", "date"} & set(kinds):
        return "compare"
    return kinds[0] if kinds else "open"
