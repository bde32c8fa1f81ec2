"""Blocks -> quotable sentences with exact offsets."""

import re
from itertools import pairwise

from ingest.structure.blocks import Block
from rag.types import Sentence

SENTENCE_END = re.compile(r"[。！？!?]+[”’」』）)】]*(?:<sup>.*?</sup>)?(?![”’」』）)】的、，,等])|\.(?=\s+[A-Z\[])")
CLAUSE_END = re.compile(r"[；;]")
LONG_SENTENCE = 160
UNQUOTED = {"heading", "rule", "contents"}


def split_sentences(text: str, blocks: tuple[Block, ...]) -> tuple[Sentence, ...]:
    """Quotable units in order: sentences of paragraphs, whole table rows (not the names of columns)."""
    found: list[Sentence] = []
    column_names = {above.start for above, below in pairwise(blocks) if (above.kind, below.kind) == ("row", "rule")}
    for block in blocks:
        if block.kind in UNQUOTED or block.start in column_names:
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
