"""Third step: text -> blocks with their headings, articles and exact offsets.

A block is one paragraph, list item, table row or heading. Every block knows the headings in
force (`path`) and its address inside an article: (条, 款, 项), 0 where it has none.
"""

import re
from dataclasses import dataclass, replace
from itertools import pairwise

from rag.address import Clause
from rag.normalise import HAN
from rag.numerals import DIGITS, number_of
from rag.types import Section, Sentence

MARKDOWN_HEADING = re.compile(r"\s{0,3}(#{1,6})\s+(.+?)\s*#*\s*$")
OUTLINE = re.compile(r"(\d{1,2}(?:\.\d{1,2}){0,3})\s+\S")
"""1.2.1 in a heading says its depth better than the number of # that a converter chose."""
DIVISION = re.compile(rf"\s*(第[{DIGITS}]+([编章节]))(?:[\s\u3000]+|(?=[^\s，。；、的]))(.{{0,40}})$")
ARTICLE = re.compile(
    rf"\s*(?:\*\*)?第([{DIGITS}]+)条(?:之([{DIGITS}]+))?(?:\*\*)?(?=[\s\u3000：:]|[^规第、的和或与至，以及中所之（(】)）])"
)
TOPIC = re.compile(r"\s*([一二三四五六七八九十]{1,3})、\s*(\S.*)$")
SUBTOPIC = re.compile(r"\s*[（(]([一二三四五六七八九十]{1,3})[）)]\s*(\S.*)$")
ITEM = re.compile(r"\s*(?:[-*+]\s+|[（(]\d{1,2}[）)]|\d{1,2}[.、．)）]\s*(?!\d)|[①-⑳])")
TABLE_ROW = re.compile(r"\s*\|.*\|\s*$")
TABLE_RULE = re.compile(r"\s*\|[\s:|-]+\|\s*$")
QUOTE = re.compile(r"\s*>")
TERMINAL = re.compile(r"[。！？：；!?:;…—”’」』）)】\]]\s*$")
LETTER_END = re.compile(rf"[{HAN}0-9a-zA-Z，,、%]\s*$")
LETTER_START = re.compile(rf"\s*[{HAN}0-9（(，,、“]")
SHORT_HEADING = 40
WRAPPED_LINE = 20


@dataclass(frozen=True, slots=True)
class Block:
    """`text[start:end]` of the document; kind is heading, prose, item, row, rule or note."""

    kind: str
    start: int
    end: int
    path: tuple[str, ...] = ()
    level: int = 0
    article: int = 0
    branch: int = 0
    paragraph: int = 0
    point: int = 0


def parse_blocks(text: str) -> tuple[Block, ...]:
    """Every non-blank stretch of the text, in order, with headings and addresses resolved."""
    return _addressed(_with_paths(_joined(_lines(text), text), text), text)


def sections_of(text: str, blocks: tuple[Block, ...]) -> tuple[Section, ...]:
    """Headings, articles, 款 and 项 with their extents; labels are canonical (第12条第2款第3项)."""
    found: list[Section] = []
    for i, block in enumerate(blocks):
        if block.kind == "heading":
            end = next((b.start for b in blocks[i + 1 :] if b.kind == "heading" and b.level <= block.level), len(text))
            found.append(Section((*block.path[:-1],), block.path[-1], block.start, end))
    spans: dict[tuple[int, ...], list[Block]] = {}
    for block in blocks:
        if block.article:
            for depth in {1, 2, 3}:
                key = (block.article, block.branch, block.paragraph, block.point)[: depth + 1]
                if key[-1] or depth == 1:
                    spans.setdefault(key, []).append(block)
    found.extend(
        Section(members[0].path, Clause(*key).label, members[0].start, members[-1].end)
        for key, members in spans.items()
    )
    return tuple(sorted(found, key=lambda s: (s.start, -s.end)))


def _lines(text: str) -> list[Block]:
    blocks, position = [], 0
    for line in text.splitlines(keepends=True):
        content = line.strip()
        if content:
            start = position + len(line) - len(line.lstrip())
            blocks.append(Block(_kind(content), start, start + len(content)))
        position += len(line)
    return blocks


def _kind(line: str) -> str:
    if MARKDOWN_HEADING.match(line):
        return "heading"
    if DIVISION.match(line) and not TERMINAL.search(line):
        return "heading"
    if TABLE_RULE.match(line):
        return "rule"
    if TABLE_ROW.match(line):
        return "row"
    if QUOTE.match(line):
        return "note"
    if ARTICLE.match(line):
        return "article"
    topic = TOPIC.match(line) or SUBTOPIC.match(line)
    if topic:
        return "heading" if len(line) <= SHORT_HEADING and not re.search(r"[。；]|[，：:]$", line) else "item"
    return "item" if ITEM.match(line) else "prose"


def _joined(blocks: list[Block], text: str) -> list[Block]:
    """Put back together what a page break or a hard wrap split."""
    joined: list[Block] = []
    for block in blocks:
        previous = joined[-1] if joined else None
        if previous and block.kind == "prose" and previous.kind in {"prose", "item", "article"}:
            before, after = text[previous.start : previous.end], text[block.start : block.end]
            last_line = before.rsplit("\n", 1)[-1]
            if (
                len(last_line) >= WRAPPED_LINE
                and LETTER_END.search(before)
                and not TERMINAL.search(before)
                and LETTER_START.match(after)
            ):
                joined[-1] = replace(previous, end=block.end)
                continue
        joined.append(block)
    return joined


def _with_paths(blocks: list[Block], text: str) -> list[Block]:
    base = 0
    open_headings: list[tuple[int, str]] = []
    placed: list[Block] = []
    for block in blocks:
        if block.kind == "heading":
            level, label = _heading(text[block.start : block.end], base)
            base = level if text[block.start] == "#" else base
            open_headings = [(n, h) for n, h in open_headings if n < level] + [(level, label)]
            block = replace(block, level=level)
        placed.append(replace(block, path=tuple(label for _, label in open_headings)))
    return placed


def _heading(line: str, base: int) -> tuple[int, str]:
    """(level, label). Markdown levels nest by `#`; 编章节, 一、 and （一） nest below the last one."""
    markdown = MARKDOWN_HEADING.match(line)
    if markdown:
        label = markdown[2].replace("**", "")
        outline = OUTLINE.match(label)
        return (2 + outline[1].count(".") if outline else len(markdown[1])), label
    division = DIVISION.match(line)
    if division:
        return base + 1 + "编章节".index(division[2]), re.sub(r"[\s\u3000]+", " ", line)
    return base + (4 if TOPIC.match(line) else 5), line


def _addressed(blocks: list[Block], text: str) -> tuple[Block, ...]:
    """Number 条, 款 and 项; an article's paragraphs count as 款, its （一）… as 项 of the last 款."""
    article = branch = paragraph = 0
    done = []
    for block in blocks:
        line = text[block.start : block.end]
        kind = "prose" if block.kind == "article" else block.kind
        opening = ARTICLE.match(line) if block.kind == "article" else None
        point = 0
        if block.kind == "heading":
            paragraph = 0
        elif opening and _follows(article, number_of(opening[1]), bool(opening[2])):
            article, branch, paragraph = number_of(opening[1]), number_of(opening[2] or ""), 1
        elif paragraph:
            enumerated = SUBTOPIC.match(line)
            point = number_of(enumerated[1]) if enumerated else 0
            paragraph += kind == "prose" and not point
        if paragraph:
            address = {"article": article, "branch": branch, "paragraph": paragraph, "point": point}
            block = replace(block, **address)  # type: ignore[arg-type]
        done.append(replace(block, kind=kind))
    return tuple(done)


def _follows(last: int, number: int, is_branch: bool) -> bool:
    """Articles rise; a jump of a few is a gap in an excerpt, a fall is a reference (or a new text at 1)."""
    return number > 0 and (number > last or number == 1 or (is_branch and number == last))


SENTENCE_END = re.compile(r"[。！？!?]+[”’」』）)】]*(?:<sup>.*?</sup>)?(?![”’」』）)】的、，,等])|\.(?=\s+[A-Z\[])")
CLAUSE_END = re.compile(r"[；;]")
LONG_SENTENCE = 160


def split_sentences(text: str, blocks: tuple[Block, ...]) -> tuple[Sentence, ...]:
    """Quotable units in order: sentences of paragraphs, whole table rows (not the names of columns)."""
    found: list[Sentence] = []
    column_names = {above.start for above, below in pairwise(blocks) if (above.kind, below.kind) == ("row", "rule")}
    for block in blocks:
        if block.kind in {"heading", "rule"} or block.start in column_names:
            continue
        if block.kind == "row":
            found.append(Sentence(block.start, block.end, text[block.start : block.end], "row"))
            continue
        for start, end in _sentence_spans(text, block.start, block.end):
            found.append(Sentence(start, end, text[start:end], block.kind))
    return tuple(found)


def _sentence_spans(text: str, start: int, end: int) -> list[tuple[int, int]]:
    spans = []
    for first, last in _cut(text, start, end, SENTENCE_END):
        if last - first > LONG_SENTENCE:
            spans.extend(_cut(text, first, last, CLAUSE_END))
        else:
            spans.append((first, last))
    return spans


def _cut(text: str, start: int, end: int, stop: re.Pattern[str]) -> list[tuple[int, int]]:
    """Cut after each stop that stands outside brackets and quotation marks."""
    spans, first, position = [], start, start
    for match in stop.finditer(text, start, end):
        if match.start() < position or _inside_brackets(text[first : match.start()], match.group()):
            continue
        position = match.end()
        spans.append((first, position))
        while position < end and text[position].isspace():
            position += 1
        first = position
    if first < end:
        spans.append((first, end))
    return spans


def _inside_brackets(before: str, stop: str) -> bool:
    whole = before + stop
    return any(whole.count(o) > whole.count(c) and len(before) < 400 for o, c in ("（）", "《》", "“”", "「」"))
