"""How many things a sentence enumerates."""

import re
from collections import Counter

CUE = re.compile("包括|包含|涵盖|分为|分成|分别(?:为|是)|[:：]|(?<!立)即|列出|由.+(?:构成|组成)|一是|依次")
INLINE = re.compile("[一二三四五六七八九十]是")
CLAUSE = re.compile("[,，;；:：。]")
CLAUSES = 5
"""So many clauses enumerate without any sign of it."""
FEWEST_ITEMS = 2


def enumerated(folded: str) -> int:
    """How many items a sentence enumerates, 0 where it enumerates nothing."""
    marked = len(set(INLINE.findall(folded)))
    if marked >= FEWEST_ITEMS:
        return marked
    clauses = [_joined(clause) for clause in CLAUSE.split(folded)]
    counts = [count for count in clauses if count >= 3]
    introduced = re.split("[:：]", folded, maxsplit=1)
    if len(introduced) == 2:
        counts.append(max(len(re.split(sign, introduced[1].rstrip("。"))) for sign in ("[;；]", "[,，]")))
    if not counts and CUE.search(folded):
        counts = [count for count in clauses if count == FEWEST_ITEMS]
    openings = Counter(clause[:2] for clause in CLAUSE.split(folded) if len(clause) > 2)
    counts += [count for count in openings.values() if count >= 3]
    return max(counts, default=0) or (len(clauses) - 1) * (len(clauses) > CLAUSES)


def _joined(clause: str) -> int:
    """Items of a clause: A、B和C are three."""
    commas = clause.count("、")
    last = re.search("(?:和|及|以及|或者|或|与)", clause[clause.rfind("、") + 1 :])
    return (
        commas + 1 + bool(last)
        if commas
        else 1 + bool(re.search("(?:包括|包含|分为|分成|分别为|分别是|即).+(?:和|以及|与)", clause))
    )
