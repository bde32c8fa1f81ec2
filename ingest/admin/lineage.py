"""Who repealed or changed whom, as boxes and arrows with places: older texts on the left, newer ones on the right."""

import re
from collections.abc import Mapping
from dataclasses import dataclass

from rag.address import doc_number_key
from rag.normalise import fold
from rag.types import DocumentMeta

WIDTH, HEIGHT, ACROSS, DOWN, MARGIN = 236, 60, 74, 16, 4
"""Pixels: a box, the room between boxes, the edge of the drawing."""
CHANGED = "已修改"


@dataclass(frozen=True, slots=True)
class Box:
    """A text of the graph; `source` is '' where the knowledge base does not hold it."""

    title: str
    date: str
    status: str
    source: str
    x: int
    y: int


@dataclass(frozen=True, slots=True)
class Arrow:
    """`new` repeals or replaces `old`, or only changes it."""

    old: Box
    new: Box
    changes: bool

    @property
    def path(self) -> str:
        """The curve from the old text to the new one."""
        x, y = self.old.x + WIDTH, self.old.y + HEIGHT // 2
        to_x, to_y = self.new.x - 7, self.new.y + HEIGHT // 2
        bend = max(24, abs(to_x - x) // 2)
        return f"M{x} {y}C{x + bend} {y} {to_x - bend} {to_y} {to_x} {to_y}"


@dataclass(frozen=True, slots=True)
class Lineage:
    """The whole drawing, its size in pixels; no boxes where no text of the knowledge base names another."""

    boxes: tuple[Box, ...] = ()
    arrows: tuple[Arrow, ...] = ()
    width: int = 0
    height: int = 0


def lineage(titles: Mapping[str, str], metas: Mapping[str, DocumentMeta]) -> Lineage:
    """Lay out what `replaces` and `replaced_by` of all documents say; every pair once."""
    names = _Names(titles, metas)
    pairs: dict[tuple[str, str], bool] = {}
    for source, meta in metas.items():
        for old in map(names.key, meta.replaces):
            pairs.setdefault((old, source), names.status(old) == CHANGED)
        for new in map(names.key, meta.replaced_by):
            pairs.setdefault((source, new), meta.status == CHANGED)
    pairs = {pair: changes for pair, changes in pairs.items() if pair[0] != pair[1]}
    if not pairs:
        return Lineage()
    levels = _levels(list(pairs))
    boxes = {key: names.box(key, *place) for key, place in _places(list(pairs), levels, names).items()}
    arrows = tuple(Arrow(boxes[old], boxes[new], changes) for (old, new), changes in pairs.items())
    width = max(box.x for box in boxes.values()) + WIDTH + MARGIN
    height = max(box.y for box in boxes.values()) + HEIGHT + MARGIN
    return Lineage(tuple(boxes.values()), arrows, width, height)


class _Names:
    """Which document a title or a 文号 means; a name of none stands for itself."""

    def __init__(self, titles: Mapping[str, str], metas: Mapping[str, DocumentMeta]) -> None:
        self._titles, self._metas = titles, metas
        self._numbers = {key: s for s, meta in metas.items() if (key := doc_number_key(meta.doc_number))}
        self._forms = {_form(title): source for source, title in titles.items()}

    def key(self, name: str) -> str:
        number = doc_number_key(name)
        return self._forms.get(_form(name)) or (self._numbers.get(number) if number else None) or name.strip("《》 ")

    def status(self, key: str) -> str:
        return self._metas[key].status if key in self._metas else ""

    def date(self, key: str) -> str:
        meta = self._metas.get(key, DocumentMeta())
        return meta.effective or meta.issued or meta.published

    def box(self, key: str, x: int, y: int) -> Box:
        held = key in self._titles
        return Box(self._titles.get(key, key), self.date(key), self.status(key), key if held else "", x, y)


def _form(name: str) -> str:
    return re.sub(r"[\s《》“”\"'（）()]", "", fold(name))


def _levels(pairs: list[tuple[str, str]]) -> dict[str, int]:
    """How many texts came before each, along the longest way; a circle is cut where it closes."""
    older: dict[str, list[str]] = {}
    for old, new in pairs:
        older.setdefault(new, []).append(old)
    levels: dict[str, int] = {}
    for first in {key for pair in pairs for key in pair}:
        stack, open_keys = [first], set()
        while stack:
            key = stack[-1]
            waiting = [old for old in older.get(key, ()) if old not in levels and old not in open_keys]
            open_keys.add(key)
            if waiting:
                stack.append(waiting[0])
                continue
            levels[key] = max((levels[old] + 1 for old in older.get(key, ()) if old in levels), default=0)
            open_keys.discard(key)
            stack.pop()
    return levels


def _places(pairs: list[tuple[str, str]], levels: dict[str, int], names: _Names) -> dict[str, tuple[int, int]]:
    """(x, y) of every text: one family below the other, the youngest family first."""
    places: dict[str, tuple[int, int]] = {}
    top = MARGIN
    families = _families(pairs)
    families.sort(key=lambda family: max(names.date(key) for key in family), reverse=True)
    for family in families:
        columns = _columns(family, levels, pairs, names)
        tallest = max(len(column) for column in columns)
        for level, column in enumerate(columns):
            spare = (tallest - len(column)) * (HEIGHT + DOWN) // 2
            for row, key in enumerate(column):
                places[key] = (MARGIN + level * (WIDTH + ACROSS), top + spare + row * (HEIGHT + DOWN))
        top += tallest * (HEIGHT + DOWN) + DOWN
    return places


def _columns(family: set[str], levels: dict[str, int], pairs: list[tuple[str, str]], names: _Names) -> list[list[str]]:
    """The texts of a family by level; each stands about as high as those that it replaces, so that few lines cross."""
    columns: list[list[str]] = [[] for _ in range(max(levels[key] for key in family) + 1)]
    older: dict[str, list[str]] = {}
    for old, new in pairs:
        older.setdefault(new, []).append(old)
    heights: dict[str, float] = {}
    for key in sorted(family, key=lambda key: (levels[key], names.date(key), key)):
        columns[levels[key]].append(key)
    for column in columns:
        aims = {key: [heights[old] for old in older.get(key, ()) if old in heights] for key in column}
        column.sort(key=lambda key: sum(aims[key]) / len(aims[key]) if aims[key] else 0.0)
        heights |= {key: (row + 0.5) / len(column) for row, key in enumerate(column)}
    return columns


def _families(pairs: list[tuple[str, str]]) -> list[set[str]]:
    """The texts that hang together."""
    families: list[set[str]] = []
    for pair in pairs:
        joined = set(pair)
        apart = []
        for family in families:
            if family & joined:
                joined |= family
            else:
                apart.append(family)
        families = [*apart, joined]
    return families
