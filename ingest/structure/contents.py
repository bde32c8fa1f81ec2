"""Tables of contents: the lines under 目录 that name the headings of the text a first time."""

import re
from collections.abc import Iterator
from dataclasses import replace

from ingest.structure.blocks import Block
from ingest.structure.headings import DIVISION, LAST_CHAPTER, TOPIC, bare

FEWEST_LINES = 2


def without_contents(blocks: list[Block], text: str) -> list[Block]:
    """Headings that only announce others become lines of contents: the same chapter twice is not two."""
    names = [_name(text[block.start : block.end]) if block.kind == "heading" else "" for block in blocks]
    found = list(blocks)
    for start, end in _runs(blocks, names):
        units = [name[-1] for name in names[start:end] if name]
        if len(units) < FEWEST_LINES or len(set(units)) == len(units):
            continue
        first = next(i for i in range(start, end) if names[i])
        again = next((i for i in range(first + 1, len(names)) if names[i] == names[first]), 0)
        for i in range(start, min(again, end)):
            found[i] = replace(blocks[i], kind="contents")
    return found


def _runs(blocks: list[Block], names: list[str]) -> Iterator[tuple[int, int]]:
    """Stretches of headings of the text's own kinds with nothing between them."""
    start = 0
    for i in range(len(blocks) + 1):
        if i == len(blocks) or not (names[i] or blocks[i].kind == "contents"):
            if i - start >= FEWEST_LINES:
                yield start, i
            start = i + 1


def _name(line: str) -> str:
    """第一章 of a division, the whole of 一、总体要求; '' for other headings."""
    body = re.sub(r"^#+\s*|\s", "", bare(re.sub(r"^#+\s+", "", line)))
    division = DIVISION.match(body)
    if division:
        return division[1]
    return f"{body}、" if TOPIC.match(body) or LAST_CHAPTER.match(body) else ""
