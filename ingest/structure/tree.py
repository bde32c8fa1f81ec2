"""Third step: text -> blocks with their headings, articles and exact offsets; blocks -> sections.

A block is one paragraph, list item, table row or heading. Every block knows the headings in
force (`path`) and its address inside an article: (条, 款, 项, 目), 0 where it has none.
"""

import re
from dataclasses import replace
from itertools import groupby, pairwise

from ingest.structure import headings
from ingest.structure.articles import Opening, article_openings, value_of
from ingest.structure.blocks import Block
from ingest.structure.clauses import addressed
from ingest.structure.contents import without_contents
from ingest.structure.headings import TERMINAL, kind_of, level_and_label
from rag.address import Clause
from rag.normalise import HAN
from rag.types import Section

LETTER_END = re.compile(rf"[{HAN}0-9a-zA-Z，,、%]\s*$")
LETTER_START = re.compile(rf"\s*[{HAN}0-9（(，,、“]")
WRAPPED_LINE = 20
FIELD = re.compile(rf"\s*[{HAN}]{{2,12}}(?:[（(][^（()）\n]{{1,12}}[)）])?[：:]\s*\S")
"""实施部门：…, a line of a form; the next such line does not go on with it."""
COLON_END = re.compile("[：:]$")
DATE_LINE = re.compile(
    r"[（(]?[二〇○零一二三四五六七八九十\d\s]{4,12}年[\s\d一二三四五六七八九十]{1,4}月[\s\d一二三四五六七八九十]{1,4}日[）)]?$"
)
PROMULGATION = re.compile(r"[（(].*[）)]$|.*(?:通过|公布|发布|修订|修正|施行|印发)$")
SIGNED_END = frozenset("日)）")
ANNEX_LIST = re.compile(r"附\s*[件录表]\s*\d{0,2}\s*[:：]\s*\S")
TITLE_SEARCH = 8
"""A text's title stands within so many lines above its first article."""


def parse_blocks(text: str) -> tuple[Block, ...]:
    """Every non-blank stretch of the text, in order, with headings and addresses resolved."""
    openings = article_openings(text)
    blocks = without_contents(_lines(text, openings), text)
    blocks = _in_context(_signed(_annexed(_titled(blocks, text, openings), text), text), text)
    return addressed(_with_paths(_joined(blocks, text), text), text)


def sections_of(text: str, blocks: tuple[Block, ...]) -> tuple[Section, ...]:
    """Headings, articles, 款, 项 and 目 with their extents; labels are canonical (第12条第2款第3项第1目)."""
    found: list[Section] = []
    for i, block in enumerate(blocks):
        if block.kind == "heading":
            end = next((b.start for b in blocks[i + 1 :] if b.kind == "heading" and b.level <= block.level), len(text))
            found.append(Section((*block.path[:-1],), block.path[-1], block.start, end))
    keys = [(b.article, b.branch, b.paragraph, b.point, b.subpoint) for b in blocks]
    for depth in range(2, 6):
        position = 0
        for key, group in groupby(key[:depth] for key in keys):
            first, position = position, position + len(list(group))
            if key[0] and (depth == 2 or key[-1]):
                members = blocks[first], blocks[position - 1]
                found.append(Section(members[0].path, Clause(*key).label, members[0].start, members[1].end))
    return tuple(sorted(found, key=lambda s: (s.start, -s.end)))


def _lines(text: str, openings: tuple[Opening, ...]) -> list[Block]:
    """One block a line; a line in which an article opens is cut there."""
    at = {opening.start: opening for opening in openings}
    starts = sorted(at)
    blocks, position, ahead = [], 0, 0
    for line in text.splitlines(keepends=True):
        edges, position = [position, position + len(line)], position + len(line)
        while ahead < len(starts) and starts[ahead] < position:
            edges.insert(-1, starts[ahead])
            ahead += 1
        for first, last in pairwise(edges):
            content = text[first:last].strip()
            if content:
                start = last - len(text[first:last].lstrip())
                blocks.append(_block(content, start, at.get(start)))
    return blocks


def _block(content: str, start: int, opening: Opening | None) -> Block:
    if opening:
        return Block("article", start, start + len(content), article=opening.article, branch=opening.branch)
    return Block(kind_of(content), start, start + len(content))


def _titled(blocks: list[Block], text: str, openings: tuple[Opening, ...]) -> list[Block]:
    """A second text in the file, or one behind a decision of 一、二、, begins with its title as a heading."""
    begun = {opening.start for opening in openings if opening.restarts}
    before = [b for b in blocks if b.end <= openings[0].start] if openings else []
    if any(
        block.kind in {"heading", "item"} and headings.TOPIC.match(text, block.start, block.end) for block in before
    ):
        begun.add(openings[0].start)
    found = list(blocks)
    for i, block in enumerate(blocks):
        for j in range(i - 1, max(-1, i - TITLE_SEARCH), -1) if block.start in begun else ():
            line = text[blocks[j].start : blocks[j].end]
            if blocks[j].kind == "prose" and headings.may_be_title(line) and not _is_promulgation(line):
                found[j] = replace(blocks[j], kind="heading")
            elif blocks[j].kind in {"heading", "contents"} or _is_promulgation(line):
                continue
            break
    return found


def _is_promulgation(line: str) -> bool:
    return bool(DATE_LINE.match(line) or PROMULGATION.match(line))


def _annexed(blocks: list[Block], text: str) -> list[Block]:
    """附件1：甲表 over a text of its own is a heading; in a list of annexes, or above a signature, it is none."""
    lines = [text[b.start : b.end] if b.kind == "prose" else "" for b in blocks]
    titled = [line[:1] == "附" and bool(headings.ANNEX_TITLED.match(line)) for line in lines]
    found = list(blocks)
    for i, line in enumerate(lines):
        listed = any(titled[max(0, i - 1) : i] + titled[i + 1 : i + 2])
        signed = i + 1 == len(lines) or any(DATE_LINE.match(below) for below in lines[i + 1 : i + 4])
        if titled[i] and not listed and not signed and headings.may_be_title(re.sub("[：:]", "", line)):
            found[i] = replace(blocks[i], kind="heading")
    return found


def _signed(blocks: list[Block], text: str) -> list[Block]:
    """Signature, date and list of annexes behind the last article are none of its 款."""
    found = list(blocks)
    articles = [i for i, block in enumerate(blocks) if block.kind == "article"]
    for i in range(articles[0] if articles else len(blocks), len(blocks)):
        if blocks[i].kind != "prose" or (text[blocks[i].end - 1] not in SIGNED_END and text[blocks[i].start] != "附"):
            continue
        line = text[blocks[i].start : blocks[i].end]
        if ANNEX_LIST.match(line):
            found[i] = replace(blocks[i], kind="closing")
        if DATE_LINE.match(line):
            found[i] = replace(blocks[i], kind="closing")
            for j in range(i - 1, articles[0], -1):
                if blocks[j].kind != "prose" or not headings.may_be_title(text[blocks[j].start : blocks[j].end]):
                    break
                found[j] = replace(blocks[j], kind="closing")
    return found


def _in_context(blocks: list[Block], text: str) -> list[Block]:
    """What a line is among its neighbours: a chapter's title below it, （一） in an article, 1. over a paragraph."""
    placed: list[Block] = []
    in_article, listed = False, 0
    skipped: Block | None = None
    for block, following in pairwise([*blocks, None]):
        if block is None or block is skipped:
            continue
        line = text[block.start : block.end]
        below = text[following.start : following.end] if following and following.kind in {"prose", "heading"} else ""
        if block.kind == "article":
            in_article, listed = True, 0
        elif block.kind in {"heading", "item"} and in_article:
            listed = _list_number(text, block, listed)
            contained = listed or headings.SUBTOPIC.match(headings.bare(line))
            block = replace(block, kind="item") if contained else block
        elif block.kind == "item" and headings.is_point_heading(line, below):
            block = replace(block, kind="heading")
        if block.kind == "heading":
            in_article = False
            if following and below and headings.needs_title(line) and headings.may_be_title(below):
                skipped, block = following, replace(block, end=following.end)
        placed.append(block)
    return placed


def _list_number(text: str, block: Block, last: int) -> int:
    """The number of 一、 that goes on in a list of an article or begins one after a colon; 0 for others."""
    topic = headings.TOPIC.match(headings.bare(text[block.start : block.end]))
    number = value_of(topic[1]) if topic else 0
    begins = number == 1 and COLON_END.search(text[max(0, block.start - 40) : block.start].rstrip())
    return number if number and (begins or (last and number == last + 1)) else 0


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
                and not (FIELD.match(before) and FIELD.match(after))
            ):
                joined[-1] = replace(previous, end=block.end)
                continue
        joined.append(block)
    return joined


def _with_paths(blocks: list[Block], text: str) -> list[Block]:
    base = 0
    open_headings: list[tuple[int, str]] = []
    path: tuple[str, ...] = ()
    placed: list[Block] = []
    for block in blocks:
        if block.kind == "heading":
            level, label = level_and_label(text[block.start : block.end], base)
            base = level if text[block.start] == "#" else base
            open_headings = [(n, h) for n, h in open_headings if n < level] + [(level, label)]
            path = tuple(label for _, label in open_headings)
            block = replace(block, level=level)
        placed.append(replace(block, path=path) if path else block)
    return placed
