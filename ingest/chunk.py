"""Fifth step: blocks -> chunks that never cross an article or a heading and rejoin to the text."""

import hashlib
import re
from bisect import bisect_left, bisect_right
from collections.abc import Callable, Sequence
from itertools import pairwise
from pathlib import PurePosixPath

from ingest.structure.blocks import Block
from ingest.structure.sentences import split_sentences
from rag.normalise import fold, search_form
from rag.types import Chunk, Document, Sentence

TARGET = 600
"""Characters a chunk aims at; on 130 development questions the right quote stood in the first
passage in 0.86 (400, one section a chunk), 0.88 (500, small sections merged), 0.91 (600, merged)."""
BREADCRUMB_LIMIT, HEADER_LIMIT = 120, 200
SHORTEST = 40
"""A chunk of fewer characters is not cut again: then it is what it carries that is beyond the window."""
READABLE = re.compile(r"[\u4e00-\u9fff]|[A-Za-z]{3,} ")
"""A title that is an identifier (doc_0001) says nothing and is not embedded."""
TABLE_KINDS = {"row", "rule"}
CountTokens = Callable[[Sequence[str]], list[int]]


def embedding_text(chunk: Chunk, table_header: str = "") -> str:
    """What is embedded and searched of a chunk: its breadcrumb, a carried table header, its text."""
    crumb = " ".join(filter(READABLE.search, (chunk.title, *(label for label in chunk.path if label != chunk.title))))
    header = search_form(table_header[:HEADER_LIMIT])
    return "\n".join(filter(None, (fold(crumb[:BREADCRUMB_LIMIT]), header, search_form(chunk.text))))


def told_title(document: Document) -> str:
    """The title, '' where it is only the name of the file: a renamed file is not embedded again."""
    named = document.title == PurePosixPath(document.source).stem
    return "" if named and document.title not in document.text else document.title


def sentence_text(title: str, sentence: Sentence) -> str:
    """What is embedded of a sentence: the title that places it, then the sentence."""
    return "\n".join(filter(None, (fold(title) if READABLE.search(title) else "", search_form(sentence.text))))


def split_chunks(
    document: Document, blocks: tuple[Block, ...], count_tokens: CountTokens, window: int, target: int = TARGET
) -> tuple[Chunk, ...]:
    """Chunks that cover every character of the document in order, none beyond the window."""
    if not blocks:
        return ()
    cuts = _cuts(document.text, blocks, target)
    chunks = _chunks(document, blocks, cuts)
    while True:
        counts = count_tokens([embedding_text(chunk, table_header(document, blocks, chunk)) for chunk in chunks])
        counted = zip(chunks, counts, strict=True)
        too_long = [chunk for chunk, count in counted if count > window and len(chunk.text) > SHORTEST]
        if not too_long:
            return chunks
        cuts = sorted({*cuts, *(_middle(document.text, chunk) for chunk in too_long)})
        chunks = _chunks(document, blocks, cuts)


def table_header(document: Document, blocks: Sequence[Block], chunk: Chunk) -> str:
    """The header row of the table that the chunk begins in the middle of, '' otherwise."""
    first = bisect_left(blocks, chunk.start, key=lambda block: block.start)
    if first == len(blocks) or blocks[first].kind not in TABLE_KINDS:
        return ""
    top = first
    while top > 0 and blocks[top - 1].kind in TABLE_KINDS:
        top -= 1
    return document.text[blocks[top].start : blocks[top].end] if top < first else ""


def _cuts(text: str, blocks: tuple[Block, ...], target: int) -> list[int]:
    """Start offsets of chunks: at every new article or heading group, and when one is full."""
    cuts, group, filled = [0], None, 0
    only_headings = True
    for block in blocks:
        key = (block.path, block.article, block.branch)
        length = block.end - block.start
        new_group = group is not None and key != group and not only_headings
        if new_group or (filled and filled + length > target and block.kind != "heading" and not only_headings):
            cuts.append(block.start)
            filled, only_headings = 0, True
        group = key
        if length > target:
            cuts.extend(_inner_cuts(text, block, target))
        filled += length
        only_headings = only_headings and block.kind == "heading"
    return _merged(sorted(set(cuts)), blocks, len(text), target)


def _merged(cuts: list[int], blocks: tuple[Block, ...], length: int, target: int) -> list[int]:
    """Join neighbouring small sections into one chunk; articles always stand alone."""
    articles = [block.start for block in blocks if block.article]
    kept = [0]
    for start, end in zip(cuts[1:], [*cuts[2:], length], strict=False):
        first_article = bisect_left(articles, kept[-1])
        holds_article = first_article < len(articles) and articles[first_article] < end
        if holds_article or end - kept[-1] > target:
            kept.append(start)
    return kept


def _inner_cuts(text: str, block: Block, target: int) -> list[int]:
    """Cuts at sentence starts, spread so that the pieces of a long block are of like size."""
    sentences = split_sentences(text, (block,))
    pieces = -(-(block.end - block.start) // target)
    size = (block.end - block.start) / pieces
    cuts, edge = [], block.start + size
    for sentence in sentences[1:]:
        if sentence.start >= edge - size / 4:
            cuts.append(sentence.start)
            edge = sentence.start + size
    return cuts


def _middle(text: str, chunk: Chunk) -> int:
    """A cut inside a chunk that is beyond the window: after the sentence nearest its middle."""
    middle = chunk.start + len(chunk.text) // 2
    ends = [i + 1 for i in range(chunk.start, chunk.end - 1) if text[i] in "。！？；;\n，,、 |"]
    return min(ends, key=lambda i: abs(i - middle)) if ends else middle


def _chunks(document: Document, blocks: tuple[Block, ...], cuts: list[int]) -> tuple[Chunk, ...]:
    edges = [*cuts, len(document.text)]
    seen: dict[str, int] = {}
    chunks = []
    for start, end in pairwise(edges):
        text = document.text[start:end]
        inside = blocks[
            bisect_right(blocks, start, key=lambda b: b.end) : bisect_left(blocks, end, key=lambda b: b.start)
        ]
        path = _common_path([b.path for b in inside if b.kind != "heading"] or [b.path for b in inside])
        seen[text] = seen.get(text, -1) + 1
        name = hashlib.sha256(f"{document.source}\0{text}\0{seen[text]}".encode()).hexdigest()[:16]
        chunks.append(Chunk(name, document.source, document.title, path, start, text))
    return tuple(chunks)


def _common_path(paths: list[tuple[str, ...]]) -> tuple[str, ...]:
    """The headings that hold for everything in a chunk."""
    shared = paths[0] if paths else ()
    for path in paths[1:]:
        while path[: len(shared)] != shared:
            shared = shared[:-1]
    return shared
