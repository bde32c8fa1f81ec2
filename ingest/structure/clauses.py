"""Numbers the 款, 项 and 目 of articles, also of an article that stands in one line."""

import re
from dataclasses import dataclass, replace
from itertools import pairwise

from ingest.structure.articles import value_of
from ingest.structure.blocks import Block

FIRST_MARK = re.compile(
    r"(?:[（(]\s*(?P<han>[一二三四五六七八九十]{1,3})\s*[）)]|(?P<topic>[一二三四五六七八九十]{1,3})、"
    r"|[（(](?P<bracket>\d{1,2})[）)]|(?P<digit>\d{1,2})[.．、)）]\s*(?!\d)|(?P<circle>[①-⑳]))"
)
INLINE_MARK = re.compile(rf"(?<=[：:；;。])\s*(?P<mark>{FIRST_MARK.pattern})")
TITLE_ONLY = re.compile(r"[#*\s]*第[^：:【\[（(]*条(?:之.)?[\s：:]*(?:[【〔\[（(][^】〕\])）]*[】〕\])）])?\**\s*$")
ENDS_PARAGRAPH = re.compile(r"[。！？!?.…”’」』）)】]\s*(?:<sup>.*</sup>)?$")
BELONGS = re.compile(r"(?:注|说明|备注|其中)\d*[：:]|但是?，")
NEXT_MARKS = 60
Enumerator = tuple[str, int]
Piece = tuple[int, int, Enumerator | None]


@dataclass(slots=True)
class _Place:
    """Where in an article the reading stands; `ended`: what comes next without a number is a new 款."""

    article: int = 0
    branch: int = 0
    paragraph: int = 0
    point: int = 0
    subpoint: int = 0
    point_kind: str = ""
    subpoint_kind: str = ""
    ended: bool = False

    def enter(self, kind: str, number: int) -> None:
        """An item: 项 in the numbering that the list of this 款 began with, 目 in another below it."""
        if self.point_kind in {"", kind}:
            self.point_kind, self.point = kind, number
            self.subpoint_kind, self.subpoint = "", 0
        elif self.subpoint_kind in {"", kind}:
            self.subpoint_kind, self.subpoint = kind, number

    def leave_list(self, *, for_new_paragraph: bool) -> None:
        """Back to the 款, or on to the next."""
        self.point = self.subpoint = 0
        if for_new_paragraph:
            self.paragraph += 1
            self.point_kind = self.subpoint_kind = ""

    def block(self, block: Block, kind: str, start: int, end: int) -> Block:
        """A piece of a block with this address."""
        address = (self.article, self.branch, self.paragraph, self.point, self.subpoint)
        return Block(kind, start, end, block.path, block.level, *address)


def addressed(blocks: list[Block], text: str) -> tuple[Block, ...]:
    """The blocks of articles with their numbers; an item or 款 that begins inside a line becomes a block.

    Takes the kinds `article` (it opens one) and `closing` (signature, list of annexes) and makes them prose.
    """
    place = _Place()
    done: list[Block] = []
    for block, following in pairwise([*blocks, None]):
        if block is None:
            break
        if block.kind in {"heading", "closing"}:
            place = _Place()
        elif block.kind == "article":
            place = _Place(block.article, block.branch, 1)
        if not place.article or block.kind == "contents":
            done.append(replace(block, kind="prose") if block.kind == "closing" else block)
            continue
        done.extend(_placed(text, block, following, place))
    return tuple(done)


def _placed(text: str, block: Block, following: Block | None, place: _Place) -> list[Block]:
    if block.kind in {"row", "rule", "note"}:
        place.leave_list(for_new_paragraph=False)
        place.ended = place.ended or block.kind != "note"
        return [place.block(block, block.kind, block.start, block.end)]
    found = []
    for i, (start, end, enumerator) in enumerate(_pieces(text, block)):
        content = text[start:end]
        opens = block.kind == "article" and i == 0
        if enumerator:
            place.enter(*enumerator)
        elif not opens and (block.kind != "item" or i):
            is_caption = following is not None and following.kind == "row" and not content.endswith("。")
            place.leave_list(for_new_paragraph=place.ended and not is_caption and not BELONGS.match(content))
        kind = "item" if enumerator or (block.kind == "item" and i == 0) else "prose"
        found.append(place.block(block, kind, start, end))
        place.ended = kind == "item" or bool(
            ENDS_PARAGRAPH.search(content) and not (opens and TITLE_ONLY.match(content))
        )
    return found


def _pieces(text: str, block: Block) -> list[Piece]:
    """The block as it is, or cut where an item begins inside it."""
    opening = FIRST_MARK.match(text, block.start, block.end) if block.kind == "item" else None
    own = _enumerator(opening) if opening else None
    starts: list[tuple[int, Enumerator | None]] = [(block.start, own), *_inline(text, block, own)]
    edges = [*(start for start, _ in starts), block.end]
    pieces: list[Piece] = []
    for (start, enumerator), end in zip(starts, edges[1:], strict=True):
        pieces.append((start, start + len(text[start:end].rstrip()), enumerator))
    if len(pieces) > 1 + (own is None):
        pieces[-1:] = _without_next_paragraph(text, pieces[-2], pieces[-1])
    return pieces


def _inline(text: str, block: Block, own: Enumerator | None) -> list[tuple[int, Enumerator]]:
    """Items that begin inside a block: each kind of number counts from 1, or on from the block's own."""
    marks = [
        (m.start("mark"), _enumerator(m), text[m.start() - 1])
        for m in INLINE_MARK.finditer(text, block.start + 1, block.end)
    ]
    expected = {own[0]: own[1] + 1} if own else {}
    found = []
    for i, (start, (kind, number), before) in enumerate(marks):
        begins = number == 1 and (
            before in "：:" or (kind, 2) in (enumerator for _, enumerator, _ in marks[i + 1 : i + 60])
        )
        if begins or expected.get(kind) == number:
            expected[kind] = number + 1
            found.append((start, (kind, number)))
    return found


def _without_next_paragraph(text: str, before: Piece, last: Piece) -> list[Piece]:
    """Where items end with semicolons, what follows the full stop of the last one is the next 款."""
    start, end, enumerator = last
    stop = text.find("。", start, end) + 1
    rest = text[stop:end].strip()
    if not text[before[0] : before[1]].endswith(("；", ";")) or not stop or not rest or rest[0] in "”’」』）)】":
        return [last]
    begin = stop + len(text[stop:end]) - len(text[stop:end].lstrip())
    return [last] if BELONGS.match(rest) else [(start, stop, enumerator), (begin, end, None)]


def _enumerator(match: re.Match[str]) -> Enumerator:
    kind = next(name for name in ("han", "topic", "bracket", "digit", "circle") if match[name])
    return kind, ord(match[kind]) - ord("①") + 1 if kind == "circle" else value_of(match[kind])
