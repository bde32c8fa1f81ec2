"""Which 第N条 of a text open an article: a rising sequence decides where place and wording leave it in doubt."""

import re
from bisect import bisect_left
from dataclasses import dataclass
from functools import lru_cache
from itertools import islice, takewhile

from rag.numerals import DIGITS, number_of

GAP = "[ \\t\u3000]*"
NUMERAL = rf"[{DIGITS}](?:{GAP}[{DIGITS}])*"
ADDRESS = re.compile(
    rf"(?P<printed>[第笫]{GAP}({NUMERAL}){GAP}条(?:之([一二三四五六七八九十]{{1,3}}|\d{{1,2}}))?)(?:(?P=printed))?(?:\*\*|__)?"
)
"""Bold that a converter reads as printed twice (第五条第五条) is one number; typists take 笫 for 第."""
LINE_BREAK = re.compile("[\r\v\f\x1c-\x1e\x85\u2028\u2029]")
LINE_START = re.compile(r"[ \t\u3000\ufeff]*(?:#{1,6}[ \t]+)?(?:[-*+][ \t]+)?(?:\*\*|__)?[ \t\u3000]*")
AFTER_STOP = re.compile(r"[。；：！？!?;:][”’」』）)】]*[ \t\u3000]*(?:\*\*|__)?$")
AFTER_HEADING = re.compile(rf"{GAP}(?:#+ )?第{GAP}{NUMERAL}{GAP}[编章节][^，。；：、]{{0,25}}$|{GAP}附{GAP}则{GAP}$")
REFERENCE_AFTER = re.compile(
    r"[ \t\u3000]*(?:规定[的了，、（]|规定$|所[列称指述]|所规定|的(?:规定|情形|要求)|(?:和|或者?|以及|及|与|至|到)第)"
    r"|规定|确定的|之规定|的|[、，,；;。）)》”]|和|或|以及|及|与|至|到|中(?:的|所|规定)|同时|关于|[以之][前后上下外内]|[前后]半"
    rf"|第|{GAP}第{GAP}{NUMERAL}{GAP}[款项目]|[（(]{GAP}[{DIGITS}]|[款项目]"
)
"""What follows a number that is only mentioned: 第八条规定的, 第八条、第九条, 第八条第一款."""
DOUBTFUL_AFTER = re.compile("[中所之以，]")
OPENS = re.compile("[ \\t\u3000：:【〔\\[（(]")
REFERENCE_BEFORE = re.compile(
    "(?:依照|依据|按照|根据|违反|适用|符合|参照|本法|本条例|本办法|本规定|本细则|(?<!基)本规则|本准则|本指引|[》、和或与及至到])$"
)
UNFINISHED = re.compile("(?:[，,的有款项法]|条例|办法|规定)$")
UNTITLED = re.compile("[。；：！？，,;:、]")
BULLETS = {"- ", "* ", "+ "}
LEADER = re.compile(r"(?:…|\.{3,}|·{3,}|．{3,}|_{3,})\s*[（(\-—－]?\s*\d{1,4}\s*[)）\-—－]?\s*$")
"""第一章 总则………3: a line of a table of contents."""
CLOSES_PAGE = frozenset(")-）—－ \t")
QUOTED = re.compile(rf"[“「]{GAP}第{GAP}{NUMERAL}{GAP}条")
LONGEST_QUOTE, MOST_MARKS, NEARBY = 6000, 200, 200
SURE, ALONE, GLUED, DOUBTFUL, POOR = 10.0, 8.0, 6.0, 3.0, 2.0
WIDEST_GAP, GAP_COST = 5, 0.8
UNHEARD = 4.0
"""A number inside a line that none before it leads up to."""
RESTART, RESTART_UNDER_HEADING = 15.0, 5.0
"""A second text in a file costs its run this much: two sure articles pay it, under a heading one does."""


@dataclass(frozen=True, slots=True)
class Opening:
    """An article begins at `start`; `restarts` where it is the first of another text of the same file."""

    start: int
    article: int
    branch: int = 0
    restarts: bool = False


@dataclass(frozen=True, slots=True)
class _Candidate:
    start: int
    key: tuple[int, int]
    weight: float
    headed: bool
    in_line: bool


_Entry = tuple[tuple[int, int], float, int]
"""(article and branch, score of the best sequence that ends there, number of its last candidate)"""


def article_openings(text: str) -> tuple[Opening, ...]:
    """Every place where an article opens, in order; each run of numbers rises."""
    quoted = _quoted_articles(text)
    candidates = []
    for match in ADDRESS.finditer(text):
        if not any(start < match.start() < end for start, end in quoted):
            found = _candidate(text, match)
            if found:
                candidates.append(found)
    return tuple(_best_sequence(candidates))


def has_leader(line: str) -> bool:
    """The line ends with dots and a page number."""
    return (line[-1:].isdecimal() or line[-1:] in CLOSES_PAGE) and bool(LEADER.search(line))


def _candidate(text: str, match: re.Match[str]) -> _Candidate | None:
    """How sure it is that an article opens here; None where it is plainly mentioned only."""
    nearby = max(text.rfind("\n", 0, match.start()) + 1, match.start() - NEARBY)
    before = LINE_BREAK.split(text[nearby : match.start()])[-1]
    line_start = match.start() - len(before)
    marked = LINE_START.fullmatch(before)
    headed = not marked and bool(AFTER_HEADING.fullmatch(before))
    if not (marked or headed or AFTER_STOP.search(before[-12:])) or before.lstrip().startswith("|"):
        return None
    after = text[match.end() : match.end() + NEARBY].split("\n", 1)[0]
    if REFERENCE_AFTER.match(after) or has_leader(after):
        return None
    previous = _line_before(text, line_start) if marked else ""
    under_heading = headed or previous.startswith("#") or bool(AFTER_HEADING.fullmatch(previous))
    if not under_heading and REFERENCE_BEFORE.search(previous):
        return None
    weight = _weight_of(after)
    in_line = not (marked or headed)
    if in_line or before.lstrip()[:2] in BULLETS:
        weight = GLUED if weight == SURE else min(weight, DOUBTFUL)
    if not under_heading and UNFINISHED.search(previous) and match[2] not in {"一", "1"}:
        weight = min(weight, POOR)
    key = (value_of(match[2]), value_of(match[3] or ""))
    start = line_start if marked else match.start() - len(before) + len(before.rstrip("*_"))
    under_heading = under_heading or bool(previous and not UNTITLED.search(previous))
    return _Candidate(start + _blanks(text, start), key, weight, under_heading, in_line) if key[0] else None


def _weight_of(after: str) -> float:
    if not after.strip():
        return ALONE
    if OPENS.match(after):
        return SURE
    return DOUBTFUL if DOUBTFUL_AFTER.match(after) else GLUED


def _blanks(text: str, start: int) -> int:
    return len(list(takewhile(str.isspace, text[start : start + 40])))


def _line_before(text: str, line_start: int) -> str:
    """The last line above that is not blank."""
    end = line_start
    while end > 0 and text[end - 1].isspace():
        end -= 1
    return text[max(text.rfind("\n", 0, end) + 1, end - NEARBY) : end].strip()


@lru_cache(maxsize=4096)
def value_of(numeral: str) -> int:
    """The number that a numeral with or without inner blanks stands for; 0 for ''."""
    return number_of(re.sub(r"\s", "", numeral)) if numeral else 0


def _quoted_articles(text: str) -> list[tuple[int, int]]:
    """Articles that a decision quotes (将第三条修改为：“第三条 …”) are its text, not its articles."""
    spans: list[tuple[int, int]] = []
    for match in QUOTED.finditer(text):
        if spans and match.start() < spans[-1][1]:
            continue
        depth = 0
        marks = re.finditer("[“「”」]", text[match.start() : match.start() + LONGEST_QUOTE])
        for mark in islice(marks, MOST_MARKS):
            depth += 1 if mark[0] in "“「" else -1
            if not depth:
                spans.append((match.start(), match.start() + mark.end()))
                break
    return spans


def _best_sequence(candidates: list[_Candidate]) -> list[Opening]:
    """The heaviest sequence that rises, or begins again at 第一条; gaps cost, up to WIDEST_GAP numbers.

    `front` keeps the best score for all numbers up to a key, so that each candidate looks at few others.
    """
    front: list[_Entry] = []
    latest: dict[int, int] = {}
    scores: list[float] = []
    links: list[tuple[int, bool]] = []
    best = -1
    for i, candidate in enumerate(candidates):
        place = bisect_left(front, candidate.key, key=lambda entry: entry[0])
        near = [latest[n] for n in range(candidate.key[0] - WIDEST_GAP, candidate.key[0] + 1) if n in latest]
        near = [n for n in near if candidates[n].key < candidate.key]
        ways = [(scores[n] - _gap(candidates[n].key, candidate.key), -n) for n in near]
        ways.append((-_gap((0, 0), candidate.key) - UNHEARD * candidate.in_line, 1))
        if place:
            ways.append((front[place - 1][1] - _gap(front[place - 1][0], candidate.key), -front[place - 1][2]))
        score, link = max(ways)
        restart = scores[best] - (RESTART_UNDER_HEADING if candidate.headed else RESTART) if best >= 0 else -RESTART
        restarts = candidate.key == (1, 0) and restart > score
        score, link = (restart, -best) if restarts else (score, link)
        scores.append(score + candidate.weight)
        links.append((-link, restarts))
        if candidate.key[0] not in latest or scores[i] > scores[latest[candidate.key[0]]]:
            latest[candidate.key[0]] = i
        _enter(front, place, (candidate.key, scores[i], i))
        best = i if best < 0 or scores[i] > scores[best] else best
    return _traced(candidates, links, best) if best >= 0 and scores[best] > 0 else []


def _enter(
    front: list[tuple[tuple[int, int], float, int]], place: int, entry: tuple[tuple[int, int], float, int]
) -> None:
    """Keep scores rising with keys: what is later in number and no better leaves."""
    if place and front[place - 1][1] >= entry[1]:
        return
    last = place
    while last < len(front) and front[last][1] <= entry[1]:
        last += 1
    if last > place and front[place][0] == entry[0] and front[place][1] == entry[1]:
        return
    front[place:last] = [entry]


def _gap(before: tuple[int, int], after: tuple[int, int]) -> float:
    """What the missing numbers between two articles cost."""
    missing = after[1] - before[1] - 1 if after[0] == before[0] else after[0] - before[0] - 1 + after[1]
    return GAP_COST * min(missing, WIDEST_GAP)


def _traced(candidates: list[_Candidate], links: list[tuple[int, bool]], last: int) -> list[Opening]:
    found = []
    while last >= 0:
        link, restarts = links[last]
        found.append(Opening(candidates[last].start, *candidates[last].key, restarts))
        last = link
    return found[::-1]
