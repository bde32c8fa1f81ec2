"""One generated sentence against the source sentences that the model was shown: which of them prove it, if any do."""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from rag import texts
from rag.claims import Claims
from rag.clause_check import known_of
from rag.normalise import readable
from rag.plain import plain, unmarked
from rag.support import FLOOR, Search
from rag.tables import cells
from rag.types import Sentence, Verdict
from rag.wording import Wording, worded

Similarity = Callable[[str, Sequence[str]], Sequence[float]]
"""Cosine of a sentence with each of others."""

SHORTEST_QUOTE = 6
EDGE = "[,，。;；:：!！?？、]"
EMPTY = re.compile(
    "综上所述|综上|总之|总的来说|总体来看|总体而言|概括来说|简而言之|换言之|因此|所以|另外|此外|首先|其次|再次|最后|同时|接下来|需要注意的是|值得注意的是|需要说明的是"
    "|(?:具体|主要)?(?:内容|情况|规定|要求|措施|做法|数据|要点|信息)?(?:如下|包括以下|有以下)(?:[几一二三四五六七八九十\\d]+(?:个|项|条)?(?:方面|点|类|种|项|条)?)?(?:内容|情况)?"
    "|(?:以上|以下|上述|下面)(?:内容|信息|回答|资料|是|为|就是)*(?:仅供参考|相关内容|具体内容|要点|回答|依据)?|仅供参考|供您?参考|希望(?:对您|能)?.{0,6}(?:有所)?帮助|如(?:果|需|有).{0,12}(?:咨询|询问|了解|提问|联系).{0,12}"
    "|根据(?:所?提供的?|现有|上述|以上|相关)?(?:资料|材料|信息|内容|文件|规定)|请(?:您)?以.{0,8}(?:为准)|以(?:官方|最新|正式).{0,10}为准|可?以?得出.{0,6}结论|结论|您好|好的|答[::]|回答[::]|可以(?:从|分为)以下.{0,8}"
)
LEAST_CLAIM = 4
FAULTS = {
    "figure": texts.FAULT_FIGURE,
    "bound": texts.FAULT_BOUND,
    "time": texts.FAULT_TIME,
    "basis": texts.FAULT_BASIS,
    "direction": texts.FAULT_DIRECTION,
    "subject": texts.FAULT_SUBJECT,
    "address": texts.FAULT_ADDRESS,
    "number": texts.FAULT_NUMBER,
    "name": texts.FAULT_NAME,
    "place": texts.FAULT_PLACE,
    "turned": texts.FAULT_TURNED,
    "added": texts.FAULT_ADDED,
    "dropped": texts.FAULT_DROPPED,
}


@dataclass(frozen=True, slots=True)
class Evidence:
    """A source sentence that the model was shown; `group`: answer layer, `heading`: folded title and headings above."""

    source: str
    sentence: Sentence
    group: str
    heading: str = ""


@dataclass(frozen=True, slots=True)
class Checked:
    """A sentence as it may be shown; `proofs` index the evidence; `formula` where a figure was reckoned from it."""

    text: str
    verdict: Verdict
    proofs: tuple[int, ...] = ()
    formula: str = ""
    faults: tuple[str, ...] = ()


def verify(sentence: str, evidence: Sequence[Evidence], similarity: Similarity) -> Checked:
    """The verdict on one sentence; where the sources say otherwise, the nearest of them stands in its place."""
    shown = readable(unmarked(sentence)).strip()
    said = worded(plain(shown))
    if claims_nothing(said.claims):
        return Checked(shown, "无法核验")
    if not evidence:
        return Checked(shown, "未见依据", faults=(texts.FAULT_UNSUPPORTED,))
    known = [known_of(each.sentence.folded or each.sentence.text, each.heading) for each in evidence]
    whole = next((i for i, each in enumerate(known) if _core(said) == _core(each.words)), None)
    if whole is not None:
        return Checked(shown, "原文直引", (whole,))
    likeness = similarity(shown, [each.sentence.text for each in evidence])
    search = Search(said, known, [each.group for each in evidence], likeness)
    proofs, formulas = search.proofs()
    if proofs:
        quoted = len(proofs) == 1 and _stands_in(_core(said), _core(known[proofs[0]].words))
        return Checked(shown, "原文直引" if quoted else "改写有据", proofs, "；".join(formulas))
    near = search.nearest()
    faults = tuple(dict.fromkeys(FAULTS[kind].format(words=words) for kind, words in search.faults_with(near)))
    if search.held(near) < FLOOR or not faults:
        return Checked(shown, "未见依据", faults=faults or (texts.FAULT_UNSUPPORTED,))
    return Checked(quote_of(evidence[near].sentence), "原文直引", (near,), faults=faults)


def claims_nothing(claims: Claims) -> bool:
    """A transition, a greeting, 仅供参考: nothing in it can be checked."""
    rest = re.sub(r"[\W_]", "", EMPTY.sub("", claims.plain))
    figures = [f for f in claims.figures if f.quantity.dimension not in {"个", "项", "条", "number"}]
    scrap = any(character.isdigit() for character in rest)
    return len(rest) < LEAST_CLAIM and not (scrap or figures or claims.titles or claims.times or claims.numbers)


def quote_of(sentence: Sentence) -> str:
    """A source sentence as people read it; the cells of a table's row one after the other."""
    return "；".join(filter(None, cells(sentence.text))) if sentence.kind == "row" else readable(sentence.text)


def _core(wording: Wording) -> str:
    return wording.claims.plain.strip(",，。;；:：!！?？、")


def _stands_in(core: str, source: str) -> bool:
    """Whole clauses of a source, word for word."""
    at = source.find(core)
    edges = at == 0 or re.match(EDGE, source[at - 1 : at])
    return (
        len(core) >= SHORTEST_QUOTE
        and at >= 0
        and bool(edges)
        and not re.match(f"(?!{EDGE}).", source[at + len(core) :])
    )
