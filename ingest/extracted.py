"""What a format's reader makes of a file: one text in the house's Markdown, and the pages that it came from.

A paragraph is a line. Headings that the format marks as such begin with `#`; the others (第一章, 一、) stay plain and
are found by `structure`. A table is rows of `| a | b |` with a rule `|---|---|` below its header, its caption and
unit in the lines above it. A note stands in a line of its own behind the paragraph that it belongs to.
"""

from dataclasses import dataclass

from rag.types import Page


@dataclass(frozen=True, slots=True)
class Extracted:
    """The text of a file and where each page of it lies; `title` is the one that the format itself states."""

    text: str
    pages: tuple[Page, ...] = ()
    title: str = ""
