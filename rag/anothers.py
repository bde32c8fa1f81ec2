"""Where what was found is not what was asked: another balance, a sum of several, another document's, a note."""

import re
from collections.abc import Sequence

from rag import texts
from rag.compare import EACH, compares
from rag.figures import other_balance
from rag.list_asked import asks_for_list
from rag.normalise import HAN, readable
from rag.period import periods
from rag.question import Question
from rag.rank import Candidate
from rag.retrieve import Corpus

TOGETHER = re.compile(rf"((?:[{HAN}]{{2,8}}、)+[{HAN}]{{2,8}})等\d+[个家]")
TOTAL = re.compile("一共|合计|总共|共计|总额|这些")
RATIO = re.compile(rf"[与和跟同](?P<to>[{HAN}]{{2,14}}?)的?(?:比例|比率|比值|之比)")
MEASURE = re.compile("余额|总额|净额|总量|规模|之间")
EFFECT_ASKED = re.compile(
    "(?:什么时候|何时|哪一?[天日]|几月几[日号]|日期)[^,。?]{0,4}(?:施行|生效|实施|执行)"
    "|(?:施行|生效|实施|执行)(?:的?(?:日期|时间)|[^,。?]{0,2}(?:什么时候|何时|哪一?[天日]))"
)
ALSO_ASKED = re.compile("谁|部门|机关|文号|几号文|有效|失效|废止")
EFFECT = re.compile("施行|生效|实施|执行|起")
NOT_SEEN = re.compile(r"\W{0,3}未收录")


def another(corpus: Corpus, question: Question, chosen: Sequence[Candidate]) -> str:
    """A reason to refuse where the best sentence speaks of something else: a wider or narrower balance, a sum of
    several places, another document's figure, what a compiler did not see, no day of effect. '' otherwise."""
    best = max(chosen, key=lambda candidate: candidate.score)
    if len(chosen) == 1 and NOT_SEEN.match(best.folded):
        return texts.REASON_UNSEEN.format(said=readable(best.sentence.text))
    quoted = [candidate.folded for candidate in chosen]
    reason = undated(corpus, question, chosen[0].passage.chunk.source, quoted)
    return reason or (_other_figure(corpus, question, best) if "number" in question.kinds else "")


def _other_figure(corpus: Corpus, question: Question, best: Candidate) -> str:
    if other_balance(question, best) or _other_ratio(question.folded, best.folded):
        return texts.REASON_OTHER_FIGURE
    if shared := _shared(question, best.folded):
        return texts.REASON_SHARED.format(names=shared)
    return texts.REASON_ELSEWHERE if _elsewhere(corpus, question, best) else ""


def _other_ratio(asked: str, said: str) -> bool:
    """贷款余额与存款余额的比例 is asked, and only 贷款余额与资本余额的比例 is there."""
    wanted, given = ([MEASURE.sub("", found["to"]) for found in RATIO.finditer(text)] for text in (asked, said))
    return bool(wanted and given) and not any(w in g or g in w for w in wanted for g in given)


def _elsewhere(corpus: Corpus, question: Question, best: Candidate) -> bool:
    """One document is named, and the best sentence is another one's of its kind; statistics may speak of both."""
    named, source = question.named.sources, best.passage.chunk.source
    several = compares(question) or EACH.search(question.folded) or asks_for_list(question)
    if not named or source in named or several:
        return False
    return all(corpus.catalog.metas[s].group == corpus.catalog.metas[source].group for s in named)


def _shared(question: Question, folded: str) -> str:
    """The first of several together (台州市、株洲市等90个) where a figure is asked for of one of them; '' otherwise."""
    for match in TOGETHER.finditer(folded):
        names = match[1].split("、")
        if sum(name[:2] in question.folded for name in names) == 1 and not TOTAL.search(question.folded):
            return match[0]
    return ""


def undated(corpus: Corpus, question: Question, source: str, quoted: Sequence[str]) -> str:
    """A reason to refuse where it is asked when a document takes effect, and neither its record nor the quoted
    sentences say so; '' otherwise, and where something else is asked, too."""
    meta = corpus.catalog.metas[source]
    if meta.effective or not EFFECT_ASKED.search(question.folded) or ALSO_ASKED.search(question.folded):
        return ""
    if any(EFFECT.search(said) and periods(said) for said in quoted):
        return ""
    known = texts.ISSUED_ON.format(date=meta.issued or meta.published) if meta.issued or meta.published else ""
    return texts.REASON_UNDATED.format(title=corpus.catalog.titles[source], known=known)
