"""What a question for a list asks for, and how well a sentence suits it."""

import re

from rag.enumeration import CLAUSE, CUE, FEWEST_ITEMS, enumerated
from rag.normalise import HAN
from rag.numerals import number_of
from rag.question import Question

NUMERAL = re.compile(r"[一二两三四五六七八九十]{1,3}|\d{1,2}").pattern
COUNTERS = "个(?!百分|基点|月|工作日|点)|种|类|项|条|大|方面|步|点(?!几|多)|级|部分"
COUNT = re.compile(rf"({NUMERAL})(?P<counter>{COUNTERS})")
COUNT_ASKED = re.compile(
    rf"哪(?!一[个条项])[“\"]?(?:{NUMERAL})[“\"]?(?:{COUNTERS})|(?:{NUMERAL})(?:{COUNTERS}).{{0,24}}(?:分别|各|都)(?:是|叫|有|为|包)"
)
KIND_ASKED = re.compile("[哪几]几?(种|类|项|条|大|方面|步|个|部分)")
TOPIC = re.compile(rf"[{HAN}]{{2}}(?:方面|层面)")
FIGURES_ASKED = re.compile(
    "多少|几[年天倍月日]|百分之几|几个(?:百分)?点|几成|多大|多高|何时|什么时候|哪一?[天年日月](?!度)"
)
MANY_ASKED = re.compile(
    "哪些|哪几|几(?:种|类|项|条|方面|个方面|大)|列(?:出|举|一下|全)|都(?:有|叫)|包括(?:什么|啥|哪)|有(?:什么|啥)|分别(?:叫|是|包括)|都(?:是|算)(?:什么|啥|哪)"
    "|(?:用|通过|以|靠)(?:什么|啥)(?:形式|方式|渠道|途径|手段)|些(?:什么|啥)|(?:什么|啥)(?:贷款)?产品"
)
MOST_ITEMS = 20
CUED, PLAIN, COUNT_FITS, COUNTED, ON_TOPIC = 0.35, 0.2, 0.5, 0.15, 0.4
"""What an introduced enumeration, a plain one, the asked number of items, a number of the asked kind (哪几类: 四类)
and an opening on what is asked add."""
CALLED = (
    re.compile(rf"([{HAN}]{{2}})(?:都|分别|主要|各|具体)*(?:有|是|为|包括)?(?:哪些|哪几|什么|啥)"),
    re.compile(rf"哪(?:些|几?[个种类项条点步]?)([{HAN}]{{2}})"),
)
"""What the items are called: 原则有哪些, 哪几点启示."""
SAID_OF_EACH = re.compile(rf"哪(?:些|几?[个种类项条]?)(?:情形|情况|条件|行为|做法)(?P<said>[{HAN}]{{4,}})[?。]?$")
"""哪些情形考核为达标 asks for every sentence that says 考核为达标."""
FORBIDDEN_ASKED, FORBIDS = (
    re.compile("不能|不得|不许|禁止|不准|不可以|不让|不允许|严禁|不该"),
    re.compile("不得|禁止|严禁|不准|不予|不可"),
)
NAMES_ITEMS, FORBIDDEN, SAID = 0.3, 0.5, 0.8
"""What an enumeration under the name that is asked for, a prohibition where one is asked for, and the very words that
are asked of each item add."""


def asks_for_list(question: Question) -> bool:
    """Whether the names of several things are asked for, not figures of them."""
    if FIGURES_ASKED.search(question.folded) or question.kind in {"compare", "validity", "date"}:
        return False
    return bool(COUNT_ASKED.search(question.folded) or MANY_ASKED.search(question.folded)) or question.kind == "list"


def asked_count(question: Question) -> int:
    """The number of items that the question itself states, 0 where it states none."""
    found = [number_of(match[1]) for match in COUNT.finditer(question.folded)]
    return next((count for count in reversed(found) if FEWEST_ITEMS <= count <= MOST_ITEMS), 0)


def suits(question: Question, folded: str, count: int) -> float:
    """What a folded sentence gains as the answer to a question for `count` items (0: not said how many)."""
    size = enumerated(folded)
    worth = 0.0
    if size >= FEWEST_ITEMS:
        worth += CUED if CUE.search(folded) else PLAIN * (size >= 3)
        worth += COUNT_FITS * (count > 0 and (size == count or _states(folded, count)))
        worth += COUNTED * _counts_kind(question, folded)
        worth += NAMES_ITEMS * any(name in folded for name in called(question))
    worth += FORBIDDEN * bool(FORBIDDEN_ASKED.search(question.folded) and FORBIDS.search(folded))
    worth += SAID * any(said in folded for said in SAID_OF_EACH.findall(question.folded))
    return worth + ON_TOPIC * _opens_with(question, folded)


def called(question: Question) -> set[str]:
    """What the question calls the items."""
    return {name for pattern in CALLED for name in pattern.findall(question.folded)}


def _states(folded: str, count: int) -> bool:
    """The sentence itself says how many there are."""
    return any(number_of(match[1]) == count for match in COUNT.finditer(folded))


def _counts_kind(question: Question, folded: str) -> bool:
    """四类 in the sentence where the question asks for 哪几类."""
    asked = {match[1] for match in KIND_ASKED.finditer(question.folded)}
    return any(match["counter"] in asked for match in COUNT.finditer(folded))


def _opens_with(question: Question, folded: str) -> bool:
    """政策层面, … where the question asks for 政策层面."""
    opening = CLAUSE.split(folded, maxsplit=1)[0]
    topics = TOPIC.findall(question.folded)
    bare = re.sub("(?:上|中|里)$", "", opening)
    return any(opening.endswith(topic) for topic in topics) or (4 <= len(bare) <= 8 and bare in question.folded)
