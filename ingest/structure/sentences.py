"""Blocks -> quotable sentences with exact offsets."""

import re
from itertools import pairwise

from ingest.structure.blocks import Block
from rag.normalise import search_form
from rag.tables import cells, in_words
from rag.types import Sentence

SENTENCE_END = re.compile(r"[。！？!?]+[”’」』）)】]*(?:<sup>.*?</sup>)?(?![”’」』）)】的、，,等])|\.(?=\s+[A-Z\[])")
CLAUSE_END = re.compile(r"[；;]")
LONG_SENTENCE = 160
CAPTION_LINES, CAPTION_LENGTH = 2, 60
CAPTION_END = re.compile("[。！？；!?;：:]$")
UNIT = re.compile(r"单位\s*[：:]\s*([^\s，,；;。）)]{1,6})")
OWN_UNIT = re.compile(r"[（(]([^（()）]{1,6})[）)]$")
UNITLESS = re.compile("年份|年度$|序号|编号|增速|增长|比重|占比|比例|率$|户数|人数|家数|个数|数量")
BARE_NUMBER = re.compile(r"-?\d{1,3}(?:,\d{3})+(?:\.\d+)?|-?\d+(?:\.\d+)?")
UNQUOTED = {"heading", "rule", "contents"}


def split_sentences(text: str, blocks: tuple[Block, ...]) -> tuple[Sentence, ...]:
    """Quotable units in order: sentences of paragraphs, whole table rows (not the names of columns).

    A row is searched with its caption, its unit and the names of its columns; what stands above a table is a caption.
    """
    found: list[Sentence] = []
    column_names = {above.start for above, below in pairwise(blocks) if (above.kind, below.kind) == ("row", "rule")}
    captions = _captions(text, blocks, column_names)
    above = {before.start for lines in captions.values() for before in lines}
    names = caption = ""
    for block in blocks:
        words = text[block.start : block.end]
        if block.start in column_names:
            names = words
            caption = " ".join(text[before.start : before.end] for before in captions[block.start])
        elif block.kind == "row":
            told = search_form(told_row(caption, names, words))
            found.append(Sentence(block.start, block.end, words, "row", told))
        elif block.kind not in UNQUOTED:
            kind = "caption" if block.start in above else block.kind
            spans = _sentence_spans(text, block.start, block.end)
            found.extend(Sentence(start, end, text[start:end], kind) for start, end in spans)
    return tuple(found)


def told_row(caption: str, names: str, row: str) -> str:
    """A table row in words: its caption, then every cell with the name of its column and its unit."""
    stated = UNIT.search(caption)
    unit = stated[1] if stated else ""

    def with_unit(name: str, cell: str) -> str:
        return cell + _unit(name, unit) if BARE_NUMBER.fullmatch(cell) else cell

    named = in_words(names, row, with_unit)
    return " ".join(filter(None, (caption, *([named] if named is not None else cells(row)))))


def _unit(name: str, unit: str) -> str:
    """The unit of a column: the one in its name, else the table's, but for years and counts of things."""
    own = OWN_UNIT.search(name)
    return own[1] if own else ("" if UNITLESS.search(name) else unit)


def _captions(text: str, blocks: tuple[Block, ...], column_names: set[int]) -> dict[int, list[Block]]:
    """For each table, by the start of its header, the lines right above it that end no sentence."""
    found = {}
    for i, block in enumerate(blocks):
        if block.start in column_names:
            lines: list[Block] = []
            for before in reversed(blocks[max(0, i - CAPTION_LINES) : i]):
                words = text[before.start : before.end]
                if before.kind != "prose" or len(words) > CAPTION_LENGTH or CAPTION_END.search(words):
                    break
                lines.insert(0, before)
            found[block.start] = lines
    return found


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
