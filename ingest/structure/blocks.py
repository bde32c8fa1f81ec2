"""A block: one paragraph, list item, table row or heading of a text."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Block:
    """`text[start:end]` of the document; kind is heading, prose, item, row, rule, note or contents.

    `path` are the headings in force; 条 (article, 之一 its branch), 款, 项 and 目 are 0 where there is none.
    """

    kind: str
    start: int
    end: int
    path: tuple[str, ...] = ()
    level: int = 0
    article: int = 0
    branch: int = 0
    paragraph: int = 0
    point: int = 0
    subpoint: int = 0
