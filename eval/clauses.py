"""Clauses by address and by meaning: questions over official texts that lie outside the project.

What a clause is is read from the raw text by the plain patterns below, on purpose not by those of `ingest`.
"""

import json
import re
import shutil
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from eval import texts
from eval.building import build
from eval.cases import CASES
from eval.metrics import Rate, bootstrap
from eval.run import Progress
from rag import Config, build_rag
from rag.chain import Rag
from rag.types import Answer, Citation, Passage, Turn

FOLDER, FILE = "laws", CASES / "clauses.jsonl"
NUMERAL = "[一二三四五六七八九十百]+"
LABEL = re.compile(
    rf"(?:(?P<article>第{NUMERAL}条)(?:第(?P<paragraph>{NUMERAL})款)?(?:第(?P<point>{NUMERAL})项)?"
    rf"|(?P<chapter>第{NUMERAL}章)|第(?P<part>{NUMERAL})部分（(?P<topic>{NUMERAL})）)$"
)
ARTICLE_LINE = re.compile(rf"(?m)^(第{NUMERAL}条)\s")
CHAPTER_LINE = re.compile(rf"(?m)^##\s*(第{NUMERAL}章).*$")
PART_LINE = re.compile(rf"(?m)^({NUMERAL})、.*$")
TOPIC_LINE = re.compile(rf"(?m)^（({NUMERAL})）")
POINT_LINE = re.compile(rf"[（(]({NUMERAL})[）)]")
COVERED = 0.98
"""Share of a clause's characters that a complete answer quotes; headings between articles are not sentences."""
COUNTED = "零一二三四五六七八九十"


@dataclass(frozen=True, slots=True)
class ClauseCase:
    """One question; `clauses` are (label, quote): all asked for by address, alternatives by meaning."""

    id: str
    way: str
    split: str
    question: str
    source: str
    clauses: tuple[tuple[str, str], ...] = ()
    before: tuple[str, ...] = ()
    says: tuple[str, ...] = ()
    """What the refusal of an address that does not exist must say."""


@dataclass(frozen=True, slots=True)
class ClauseReply:
    """How one question fared: by address `first` is right or not; by meaning ranks count distinct 条 (0: not there)."""

    case: ClauseCase
    answer: Answer
    first: bool
    second: bool
    passage_first: bool = False
    passage_second: bool = False


def load_clause_cases() -> tuple[ClauseCase, ...]:
    """The committed questions."""
    return tuple(_case(json.loads(line)) for line in FILE.read_text(encoding="utf-8").splitlines())


def span_of(text: str, label: str) -> tuple[int, int]:
    """Where a clause stands in a raw text. Raises ValueError where it is not there."""
    match = LABEL.match(label)
    if match is None:
        raise ValueError(label)
    if match["chapter"]:
        return _stretch(text, CHAPTER_LINE, match["chapter"], (0, len(text)))
    if match["part"]:
        return _stretch(text, TOPIC_LINE, match["topic"], _stretch(text, PART_LINE, match["part"], (0, len(text))))
    start, end = _stretch(text, ARTICLE_LINE, match["article"], (0, len(text)))
    heading = re.compile(r"(?m)^#").search(text, start, end)
    lines = _addressed_lines(text, start, heading.start() if heading else end)
    point = COUNTED.index(match["point"]) if match["point"] else 0
    paragraph = COUNTED.index(match["paragraph"]) if match["paragraph"] else 0
    kept = [span for at, of, span in lines if paragraph in {0, at} and point in {0, of}]
    if not kept:
        raise ValueError(label)
    return kept[0][0], kept[-1][1]


def clause_at(text: str, position: int) -> str:
    """The 条 (or 部分（点）) in which a position of a raw text lies; '' before the first one."""
    articles = [m[1] for m in ARTICLE_LINE.finditer(text) if m.start() <= position]
    if articles or ARTICLE_LINE.search(text):
        return articles[-1] if articles else ""
    parts = [m for m in PART_LINE.finditer(text) if m.start() <= position]
    topics = [m[1] for m in TOPIC_LINE.finditer(text, parts[-1].end()) if m.start() <= position] if parts else []
    return f"第{parts[-1][1]}部分（{topics[-1]}）" if topics else ""


def ask_clauses(config: Config, shared: Path, folder: Path, progress: Progress) -> tuple[ClauseReply, ...]:
    """All questions asked of an index of the texts alone, kept in `<folder>/clauses`; () where they are absent."""
    files = sorted((shared / FOLDER).glob("*.txt"))
    if not files:
        return ()
    own = folder.resolve() / "clauses"
    config = replace(config, kb_dir=own / "kb", index_dir=own / "index", journal_url="")
    config.kb_dir.mkdir(parents=True, exist_ok=True)
    for path in files:
        shutil.copyfile(path, config.kb_dir / path.name)
    build(config, own / "build.json")
    rag = build_rag(config)
    try:
        cases = load_clause_cases()
        replies = []
        for number, case in enumerate(cases, 1):
            replies.append(ask(rag, case))
            progress(texts.STAGE_CLAUSES, number, len(cases))
    finally:
        rag.close()
    return tuple(replies)


def ask(rag: Rag, case: ClauseCase) -> ClauseReply:
    """One question after those that went before it in its conversation."""
    turns: list[Turn] = []
    for question in case.before:
        turns.append(Turn(question, rag.ask(question, turns)))
    answer = rag.ask(case.question, turns)
    if case.way == "address":
        right = _refused_well(case, answer) if case.says else complete(rag.document(case.source).text, case, answer)
        return ClauseReply(case, answer, right, right)
    gold = {(case.source, clause_of(label)) for label, _ in case.clauses}
    cited = _distinct(rag, answer.citations)
    held = [_holds(passage, case) for passage in answer.passages]
    return ClauseReply(
        case, answer, bool(gold & set(cited[:1])), bool(gold & set(cited[:2])), any(held[:1]), any(held[:2])
    )


def complete(text: str, case: ClauseCase, answer: Answer) -> bool:
    """The answer quotes all of the clauses, nothing else, and every citation says its address."""
    spans = [span_of(text, label) for label, _ in case.clauses]
    for citation in answer.citations:
        home = [i for i, (start, end) in enumerate(spans) if start <= citation.start and citation.end <= end]
        label = case.clauses[home[0]][0] if home else ""
        if citation.source != case.source or not home or ("条" in label and not citation.label.startswith(label)):
            return False
    return answer.found and all(_covered(text, span, answer.citations) >= COVERED for span in spans)


def clause_of(label: str) -> str:
    """The 条 of a label, or the label of a part."""
    match = LABEL.match(label)
    return match["article"] if match and match["article"] else label


def report(replies: Sequence[ClauseReply]) -> list[str]:
    """The figures with n and interval, then every question that went wrong."""
    lines = []
    for split in ("dev", "test", "all"):
        some = [r for r in replies if split in {r.case.split, "all"}]
        address = [r for r in some if r.case.way == "address"]
        meaning = [r for r in some if r.case.way == "meaning"]
        lines.append(
            texts.CLAUSES_ADDRESS.format(split=split, rate=_said(bootstrap([float(r.first) for r in address])))
        )
        figures = {
            "first": [r.first for r in meaning],
            "second": [r.second for r in meaning],
            "passage_first": [r.passage_first for r in meaning],
            "passage_second": [r.passage_second for r in meaning],
        }
        said = {name: _said(bootstrap([float(value) for value in values])) for name, values in figures.items()}
        lines.append(texts.CLAUSES_MEANING.format(split=split, **said))
    wrong = [r for r in replies if not r.first]
    return [*lines, *(_wrong(reply) for reply in wrong)]


def _case(row: Mapping[str, Any]) -> ClauseCase:
    return ClauseCase(
        row["id"],
        row["way"],
        row["split"],
        row["question"],
        row["source"],
        tuple((clause["label"], clause["quote"]) for clause in row.get("clauses", ())),
        tuple(row.get("before", ())),
        tuple(row.get("says", ())),
    )


def _stretch(text: str, line: re.Pattern[str], name: str, within: tuple[int, int]) -> tuple[int, int]:
    """From the line of this name to the next line of the same kind."""
    start, end = within
    found = [m for m in line.finditer(text, start, end)]
    at = next((i for i, m in enumerate(found) if m[1] == name), -1)
    if at < 0:
        raise ValueError(name)
    return found[at].start(), found[at + 1].start() if at + 1 < len(found) else end


def _addressed_lines(text: str, start: int, end: int) -> list[tuple[int, int, tuple[int, int]]]:
    """(款, 项, span) of every line of an article; a line that begins with （一） is a 项 of the 款 above it."""
    found, paragraph, position = [], 0, start
    for line in text[start:end].splitlines(keepends=True):
        content = line.strip()
        opening = POINT_LINE.match(content)
        paragraph += bool(content) and opening is None
        if content:
            point = _number(opening[1]) if opening else 0
            found.append((paragraph, point, (position, position + len(line.rstrip()))))
        position += len(line)
    return found


def _number(numeral: str) -> int:
    """一 … 十九 as a number: the points of an article are not more."""
    return COUNTED.index(numeral) if len(numeral) == 1 else 10 + COUNTED.index(numeral[-1])


def _covered(text: str, span: tuple[int, int], citations: Sequence[Citation]) -> float:
    """Share of a stretch's characters, headings and blanks aside, that the citations quote."""
    headings = [m.span() for m in re.compile(r"(?m)^#.*$").finditer(text, *span)]
    wanted = {i for i in range(*span) if not text[i].isspace() and not any(a <= i < b for a, b in headings)}
    quoted = {i for citation in citations for i in range(citation.start, citation.end)}
    return len(wanted & quoted) / len(wanted)


def _refused_well(case: ClauseCase, answer: Answer) -> bool:
    return not answer.found and all(words in answer.reason for words in case.says)


def _distinct(rag: Rag, citations: Sequence[Citation]) -> list[tuple[str, str]]:
    places = [(c.source, clause_at(rag.document(c.source).text, c.start)) for c in citations]
    return list(dict.fromkeys(places))


def _holds(passage: Passage, case: ClauseCase) -> bool:
    return passage.chunk.source == case.source and any(quote in passage.chunk.text for _, quote in case.clauses)


def _said(rate: Rate) -> str:
    return f"{rate.mean:.3f} [{rate.low:.3f}, {rate.high:.3f}] n={rate.n}"


def _wrong(reply: ClauseReply) -> str:
    labels = "、".join(citation.label for citation in reply.answer.citations[:4]) or reply.answer.reason
    wanted = "、".join(label for label, _ in reply.case.clauses) or "、".join(reply.case.says)
    return f"  {reply.case.id} {reply.case.question} → {wanted} ≠ {labels}"
