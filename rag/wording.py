"""How much of the words of one sentence others hold, figures and equal wordings as one sign each."""

import re
import zlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise

from rag.claims import Claims, read
from rag.quantity import Quantity

EQUALS = (
    ("中国人民银行|人行|央行", "人民银行"),
    ("国家金融监督管理总局|国家金融监管总局|金融监督管理总局", "金融监管总局"),
    ("国家发展和改革委员会|国家发展改革委|国家发改委|发展改革委|发改委", "发展改革委"),
    ("全国人民代表大会常务委员会", "全国人大常委会"),
    ("人民代表大会常务委员会", "人大常委会"),
    ("人民代表大会", "人大"),
    ("小型、?微型企业|小型和微型企业|小型及微型企业", "小微企业"),
    ("中型、小型和微型企业", "中小微企业"),
    ("农村信用合作社|农信社", "农村信用社"),
    ("高级管理人员", "高管"),
    ("高管人员", "高管"),
    ("人民政府", "政府"),
    ("银行业、保险业", "银行业保险业"),
    ("中华人民共和国|我国|全国", "国"),
    ("必须|应当|须|需要|需|应", "应"),
    ("可以|能够|得以", "可"),
    ("不得不", "应"),
    ("[较比](?:上年|去年)?同期|与上年同期相比", "同比"),
    ("[较比与](?:当年|上年|去年)?(?:年初|末)", "较年初"),
    ("增速|增幅|涨幅", "增加"),
    ("相比|比|较", "比"),
    (r"贷款市场报价利率\(lpr\)|贷款市场报价利率|lpr", "lpr"),
    ("帐", "账"),
    ("抵押物|质押物|抵质押物", "抵押物"),
    ("所有|全体", "全部"),
    ("比重|占比|所占比例", "占比"),
    ("如果|若|假如|如", "若"),
    ("上调|提升|提高", "提高"),
    ("下调|调降|降低|下降|减少", "降低"),
    ("增长|上升|上涨|增加", "增加"),
    ("等额|同等金额", "等额"),
    ("设立|建立|成立|设置|组建", "设立"),
    ("健全|完善", "完善"),
    ("推进|推动|促进", "推进"),
    ("之外|以外", "外"),
    ("交纳|缴纳|交付", "交纳"),
    ("签订|订立|签署", "订立"),
    ("理由|由头", "由"),
    ("机构职能", "职能"),
    ("实施|施行|执行", "实施"),
    ("披露|公示|公布|公开|发布", "公布"),
    ("印发|出台|颁布", "印发"),
    ("支撑|扶持|支持", "支持"),
)
EQUAL = re.compile("|".join(f"({words})" for words, _ in EQUALS))
_SAME = tuple(word for _, word in EQUALS)
NEUTRAL = re.compile(
    "根据|按照|依据|依照|截至|截止|目前|此外|另外|同时|其中|需要注意(?:的是)?|值得注意的是|也就是说|具体来说|具体而言|总体(?:来看|上)|"
    "综上(?:所述)?|总的来看|规定|要求|提出|明确|指出|表示|显示|介绍|强调|有关|相关|进行|予以|给予|达到|分别|主要|包括|包含|属于|即|该|此|其|这|那|"
    "的|了|着|为|是|于|和|与|及|或者?|并且?|且|则|也|还|均|都|已经?|就|将|把|被|由|从|在|对|向|以|等|之|而|所|至|到|据|各|自|达"
)
LIGHT = re.compile(
    "陆续|先后|相继|逐步|逐渐|积极|大力|切实|持续|继续|不断|深入|全面|着力|努力|充分|及时|尽快|适当|合理|有效|相应|具体|主要|一般|通常|可能|力争|力求|争取|务必"
    "|实行|采用|采取|运用|使用|利用|开展|推行|落实|加强|强化|加大|加快|优化|改善|改进|创新|构建|搭建|打造|形成|建成|用于|用来|作为|成为|具有|具备|拥有|享有|享受|取得|获得|得到|获取|提供|给予|安排|拨付|发放|投放|下达"
    "|规定|要求|明确|提出|指出|表明|显示|说明|认为|强调|决定|宣布|通报|报道|公布|印发|制定|出台|修订|通过|批准|同意|同时|以便|从而|进而|因此|所以|由于|因为|如果|对于|关于|针对|围绕|按照|根据|依照|依据|通过|经由"
    "|情况|方面|问题|事项|内容|方式|方法|做法|措施|举措|工作|活动|行为|过程|范围|部分|其他|其余|相关|有关|各类|各种|多种|一些|这些|那些|上述|以下|下列|包括|涉及|涵盖|覆盖|达到|共计|合计|总计|约为|左右|期间|时候|之后|之前|以来|分别|均为|都是|就是|还是|也是|属于|处于|位于|来自|源于"
    "|全文|共有|惠及|受益|据此|由此|推算|可见|说法|含义|用途|第一部|首部|专门|此类|这类|该类|二者|两者|三者|前者|后者|双方|各方|依次|最终|首先|其次|再次"
    "|仍然|依旧|依然|已经|正在|将会|预计|有望|约占|占到|总共|累计|平均|每年|每月|逐年|按年|按月|当日|次日|即日|届时|起算|为止|截止|期满|按时|按期|期内|以内|之内|以外|之外"
    "|允许|准许|认可|认定|确定|确认|界定|制定|修改|调整|变更|更新|改为|转为|变为|视为|称为|简称|等同|相同|不同|一致|相近|成立|限于|有权|仍须|还须|均须|也须|还应|也应|均应|只需|便可|即可"
    "|计划|打算|准备|拟|机构|发展|作出|做出|给出|得出|指的是|相当于|意味着|旨在|力度|水平|程度|目的|目标|原则|重点|关键|核心|基础|前提|比例|金额|数额|规模|数量|时间|日期|阶段"
    "|当时|如今|近年来?|此后|此前|随后|之间|如下|多少|同样|类似|特别|尤其|一定|必要|重要|对象|简单|只是|仅仅|其实|实际|实质|本身|而是|不仅|而且|然而|但是|不过|虽然|尽管|无论|除了|倘若|只要|只有|才能|能否|是否"
    "|注意|设立|同年|当年|文件|论文|文章|作者|资料|材料|数据|口径|年度|当地|现有|相比|对比|比如|例如|总体|整体|进一步"
    "|符合|满足|遵守|遵循|坚持|保持|维持|办理|处理|进行|完成|执行|实施|承担|担负|负责|协助|配合|指导|引导|促使|推动|带动|帮助|支持|服务|面向|投向|流向|集中|分散|适用|参照|设有|设置|开设"
)
"""Words that a paraphrase may well add or exchange: they name nothing."""
CONTENT = re.compile("[^\\W_]|[%‰\U000f0000-\U000fffff]")
HAN_RUN = re.compile("[一-龥]+")
SIGNS, FIRST_SIGN = 65521, 0xF0000
"""Signs of figures and times: the private characters of plane 15; the count is a prime, against equal hashes."""
MONTHS = 12
BASE = {
    "成": ("percent", 10.0),
    "折": ("percent", 10.0),
    "年期": ("个月", 12.0),
    "年": ("个月", 12.0),
    "个月": ("个月", 1.0),
}


def measure(quantity: Quantity) -> tuple[str, float]:
    """Dimension and value in which figures are compared: 三成 is 30%, 三年 is 36个月."""
    dimension, factor = BASE.get(quantity.dimension, (quantity.dimension, 1.0))
    return dimension, round(quantity.value * factor, 6)


@dataclass(frozen=True, slots=True)
class Wording:
    """A sentence with its claims, its words as signs, by clause, and the pairs of neighbouring signs."""

    claims: Claims
    clauses: tuple[str, ...]
    spans: tuple[tuple[int, int], ...]
    signs: frozenset[str]
    pairs: frozenset[str]


@lru_cache(maxsize=8192)
def worded(text: str) -> Wording:
    """Read a sentence in plain form."""
    claims = read(text)
    spans = tuple(joined(claims))
    clauses = tuple(coded(claims, start, end) for start, end in spans)
    whole = coded(claims, 0, len(text))
    return Wording(claims, clauses, spans, frozenset(whole), frozenset(a + b for a, b in pairwise(whole)))


SHORTEST = 4
"""Signs of a clause that stands for itself; a shorter one belongs to the next one."""
LEAD = re.compile("^.{0,40}(?:规定|要求|提出|明确|指出|显示|表示|认为|介绍|报道|通报|强调|来看|方面|下)$")
"""A clause that says whose words follow."""
LEANING = re.compile(
    "同比|环比|较?年初|比|各?项贷款?|平均|增加额?|降低|提高|高出?|低|多|少|占|其|前[一二三四]季度|当[年季月]|个|百分点|扩大|[\U000f0000-\U000fffff]"
)
"""What a clause says that speaks of the subject of the clause before: 同比增长11%."""


def joined(claims: Claims) -> Iterable[tuple[int, int]]:
    """The clauses of a sentence, short ones (2024年末,) with the next one, leaning ones with the one before."""
    found: list[tuple[int, int]] = []
    waiting = -1
    for start, end in claims.clauses:
        content = coded(claims, start, end)
        leaning = len(LEANING.sub("", content)) < SHORTEST - 1
        start = waiting if waiting >= 0 else start
        if found and waiting < 0 and leaning:
            found[-1] = (found[-1][0], end)
            continue
        lead = LEAD.search(claims.plain[start:end])
        waiting = start if lead or len(own_words(claims, start, end)) < SHORTEST else -1
        if waiting < 0:
            found.append((start, end))
    if waiting >= 0:
        last = found.pop()[0] if found else waiting
        found.append((last, claims.clauses[-1][1]))
    return found


def own_words(claims: Claims, start: int, end: int) -> str:
    """The content of a clause besides the titles, numbers and addresses that it leans on."""
    return _content(claims, start, end, claims.masked)


@lru_cache(maxsize=8192)
def coded(claims: Claims, start: int, end: int) -> str:
    """The content of a stretch: figures, times and equal words one sign each, without little words and marks."""
    return _content(claims, start, end, claims.plain)


def _content(claims: Claims, start: int, end: int, text: str) -> str:
    return "".join(CONTENT.findall(NEUTRAL.sub("", _signed(claims, start, end, text))))


@lru_cache(maxsize=8192)
def signed(claims: Claims, start: int, end: int) -> str:
    """A stretch with figures, times and equal words one sign each."""
    return _signed(claims, start, end, claims.plain)


def _signed(claims: Claims, start: int, end: int, text: str) -> str:
    marks = [(f.quantity.start, f.quantity.end, repr(measure(f.quantity))) for f in claims.figures]
    marks += [(t.start, t.end, f"time{t.month}") for t in claims.times]
    parts, at = [], start
    for first, last, name in sorted(marks):
        if start <= first and last <= end and first >= at:
            parts += [text[at:first], chr(FIRST_SIGN + zlib.crc32(name.encode()) % SIGNS)]
            at = last
    parts.append(text[at:end])
    return equalled("".join(parts))


def equalled(text: str) -> str:
    """A text with one wording for equals."""
    return EQUAL.sub(lambda m: _SAME[(m.lastindex or 1) - 1], text)


def coverage(clause: str, held: Sequence[Wording]) -> float:
    """Share of a clause's signs that stand beside the same neighbour in one of the others, half for those alone."""
    if not clause:
        return 1.0
    beside = _beside(clause, held)
    alone = (any(sign in wording.signs for wording in held) for sign in clause)
    return sum(1.0 if near else 0.5 * known for near, known in zip(beside, alone, strict=True)) / len(clause)


def uncovered(clause: str, held: Sequence[Wording]) -> list[str]:
    """Runs of words of a clause no two of which stand side by side in any of the others."""
    gaps = "".join("|" if near else sign for sign, near in zip(clause, _beside(clause, held), strict=True))
    return HAN_RUN.findall(gaps)


def _beside(clause: str, held: Sequence[Wording]) -> list[bool]:
    if len(clause) == 1:
        return [any(clause in wording.signs for wording in held)]
    together = [any(a + b in wording.pairs for wording in held) for a, b in pairwise(clause)]
    return [a or b for a, b in zip([False, *together], [*together, False], strict=True)]
