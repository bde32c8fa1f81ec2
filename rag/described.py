"""Questions about a document itself: what they ask, and the document where they describe it without naming it."""

import re
from collections.abc import Mapping
from dataclasses import replace
from pathlib import PurePosixPath

from rag.address import Named
from rag.lexical import STOPWORDS, LexicalIndex
from rag.normalise import fold
from rag.question import Question
from rag.types import BINDING, DocumentMeta

VALIDITY = re.compile(
    r"(还|现在|目前|如今|仍|是否|继续).{0,4}(有效|管用|作数|算数|能用|执行|照用|照办)|(还|现在|仍).{0,4}适用|不(作数|算数|管用)|"
    r"被(哪|什么).{0,8}(替代|取代|代替|废止|接)|失效|废止|作废|效力|过期(?![还仍]?[不未没])|现行有效|(还|仍)(能|可以|得|要|是)?(按|照|用|是).{0,10}(标准|规定|办法|老|旧|原|吗|么|不)"
)
NUMBER = re.compile(r"文号|发文字号|字号|几号[文令]|第几号")
ORIGIN = re.compile(
    r"谁.{0,3}(发(?![放展])|印|制定|出台|通过|批准|宣布)|"
    r"(哪|几)(一|两|三|四|五|六|七|八|九|十|个|些|几)*(家|个)?(部门|机关|单位|厅|局|部委).{0,8}(发|印|制定|出台|联合|公布)|发文机关|"
    r"(什么时候|何时|哪天|哪一天|哪年|哪一年|几月|日期|什么时间).{0,8}"
    r"(施行|实施|生效|印发|发布|公布|发的|出台|执行|(?<!算)起|通过|成文|修订|批准|宣布)|"
    r"(施行|实施|生效|印发|发布|公布|出台|成文|通过(?!哪[些几种])).{0,3}(日期|时间|是?什么时候|是?哪|于哪|于何时)|从.{0,6}(哪天|什么时候)起"
)
AMENDED = re.compile(
    r"(改|修订|修改|替代|取代|代替|接续|接上|优化)的?.{0,6}(哪|什么|啥)|(哪|什么|啥).{0,8}(改|修订|取代|替代|代替|接续?|废止)|"
    r"(旧|老|原来?|以前|之前|新)的?.{0,3}(文件|办法|通知|规定|条例)|该?看哪(个|份)"
)
OF_A_THING = re.compile(
    r"(?:票据?|证书?|卡|存单|存折|合同|协议|印章|钞票?|币|担保|抵押|登记)(?:还|是否|算不算|就|即|会|也)[^,，。;；]{0,6}(?:用|有效|作废|失效|作数|算数|效力)"
    r"|[经报]谁.{0,3}(?:批准|通过)"
)
"""这张票还能不能用, 须经谁批准: of a thing that a text speaks of, not of the text."""
ASPECTS = {"validity": VALIDITY, "number": NUMBER, "origin": ORIGIN, "amended": AMENDED}
"""What may be asked of a document itself; `amended` alone asks nothing of one."""
FILLING = re.compile(
    r"[那这]一?(?:个|部|份|套|项|条|篇|些)|多少|什么|是?啥|时候|哪[个部份年天些里几]?|谁|第?几[号个家令]?|现在|目前|如今|以前|之前|原来|"
    r"文件|通过|印发|发布|公布|发文|出台|制定|施行|实施(?!方案|意见|办法|细则)|生效|执行|成文|修订|批准|宣布|部门|单位|机关|"
    r"日期|时间|管用|算数|作数|有效|失效|废止|作废|效力|文号|字号|依据|全称|消息|先出来|各是|分别|主席令|国务院令"
)
"""What a question about a document says without describing it."""
JOINED = re.compile(r"[和与跟] |^ ?[和与跟]")
"""A second document stands beside the one that was named (whose name has become a blank)."""
ENOUGH = 0.8
"""Share of what describes a document, weighted by rarity, that must stand in its name."""
OWN_SHARE = 0.25
"""Share of a title that the description must hold."""
CLEAR = 0.08
"""How far the best document stands above the next one; less is a guess."""
YEAR_IN_NAME = re.compile(r"(?:19|20)\d{2}")


def aspects(text: str) -> tuple[str, ...]:
    """What a folded question asks about a document itself: validity, number, origin, amended; () if nothing."""
    text = OF_A_THING.sub(" ", text)
    asked = tuple(name for name, pattern in ASPECTS.items() if pattern.search(text))
    return () if asked == ("amended",) else asked


def described(
    question: Question, titles: Mapping[str, str], metas: Mapping[str, DocumentMeta], lexical: LexicalIndex
) -> Named:
    """The one document whose name holds what a question about a document says of it; nothing where two fit alike."""
    named = question.named
    second = len(named.sources) == 1 and not named.exact and bool(JOINED.search(named.rest))
    if named.missing or (named.sources and not second) or not aspects(question.folded):
        return named
    terms = describing(named.rest or question.folded, lexical)
    scores = []
    for source, meta in metas.items():
        name = _name(source, titles[source], meta)
        if source not in named.sources and meta.group == BINDING and _of_time_and_place(question, name, meta):
            said = _share(terms, name, lexical)
            own = _share(lexical.lexicon.terms(_subject(titles[source], meta)), question.folded, lexical)
            if said >= ENOUGH and own >= OWN_SHARE:
                scores.append((said + own, source))
    ranked = sorted(scores, reverse=True)
    clear = ranked and (len(ranked) == 1 or ranked[0][0] - ranked[1][0] >= CLEAR)
    return (
        replace(named, sources=(*named.sources, ranked[0][1]), rest=named.rest or question.folded) if clear else named
    )


def describing(text: str, lexical: LexicalIndex) -> tuple[str, ...]:
    """The terms of a folded text that ask nothing of a document itself: what it is about; years count apart."""
    words = lexical.lexicon.words(FILLING.sub(" ", text))
    return tuple(dict.fromkeys(w for w in words if len(w) > 1 and w not in STOPWORDS and not re.match(r"[\da-z]", w)))


def _name(source: str, title: str, meta: DocumentMeta) -> str:
    return fold(" ".join((title, PurePosixPath(source).stem, *meta.issuer, meta.region, meta.doc_number)))


def _subject(title: str, meta: DocumentMeta) -> str:
    """A folded title without its issuers: what the document is about."""
    for issuer in meta.issuer:
        title = title.replace(issuer, "")
    return fold(title)


def _of_time_and_place(question: Question, name: str, meta: DocumentMeta) -> bool:
    """No other year and no other region than the question says."""
    dates = " ".join((name, meta.issued, meta.published, meta.effective))
    years = set(YEAR_IN_NAME.findall(dates))
    timely = not question.years or not years or bool(set(question.years) & years)
    return timely and all(region in name for region in question.regions)


def _share(terms: tuple[str, ...], text: str, lexical: LexicalIndex) -> float:
    """Share of the terms, weighted by rarity, that stand in a text in one of their wordings."""
    weights = {term: lexical.weight(term) for term in terms}
    found = [t for t in weights if t in text or any(e in text for e in lexical.lexicon.equivalents(t))]
    total = sum(weights.values())
    return sum(weights[term] for term in found) / total if total else 0.0
