"""Ruled tables of a scanned page: where drawn lines form a grid, which cells it has and what stands in them."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from ingest.formats.rows import CONTINUED

SHORTEST_ACROSS, SHORTEST_UPRIGHT = 1 / 18, 1 / 45
"""Of the page's width: longer than the strokes of characters; on A4 11.7 and 4.7 mm, less than a row is high."""
SAME_EDGE = 10
PRESENT = 0.6
"""The part of a cell's side that must be drawn for the side to be there."""
REACH = 3
INSET = 3


@dataclass(frozen=True, slots=True)
class Cell:
    """Pixels of a cell between its rules, and the rows and columns of the grid that it spans (the last included)."""

    left: int
    top: int
    right: int
    bottom: int
    rows: tuple[int, int]
    columns: tuple[int, int]

    def holds(self, x: float, y: float) -> bool:
        """Whether a point lies inside."""
        return self.left <= x < self.right and self.top <= y < self.bottom


@dataclass(frozen=True, slots=True)
class Ruled:
    """A grid of at least two rows and two columns."""

    cells: tuple[Cell, ...]

    @property
    def bounds(self) -> tuple[int, int, int, int]:
        """Left, top, right, bottom in pixels."""
        sides = zip(*((c.left, c.top, c.right, c.bottom) for c in self.cells), strict=True)
        lefts, tops, rights, bottoms = sides
        return min(lefts), min(tops), max(rights), max(bottoms)

    def rows(self, texts: Sequence[str]) -> list[list[str]]:
        """Rows of equal width; a cell over rows says its text in each, the right part of a wide one is marked."""
        height = 1 + max(cell.rows[1] for cell in self.cells)
        width = 1 + max(cell.columns[1] for cell in self.cells)
        grid = [["" for _ in range(width)] for _ in range(height)]
        for cell, text in zip(self.cells, texts, strict=True):
            first, last = cell.columns
            for row in range(cell.rows[0], cell.rows[1] + 1):
                grid[row][first : last + 1] = [text, *[CONTINUED] * (last - first)]
        return grid


def ruled_tables(gray: Any) -> list[Ruled]:
    """The grids of a straight grey page (H x W, uint8), from top to bottom."""
    import cv2
    import numpy as np

    long, high = (max(20, round(gray.shape[1] * share)) for share in (SHORTEST_ACROSS, SHORTEST_UPRIGHT))
    ink = cv2.adaptiveThreshold(gray, 255, cv2.ADAPTIVE_THRESH_MEAN_C, cv2.THRESH_BINARY_INV, 31, 15)
    across = _rules(ink, (long, 1))
    upright = _rules(ink, (1, high))
    _, labels, stats, _ = cv2.connectedComponentsWithStats(cv2.dilate(across | upright, np.ones((5, 5), np.uint8)))
    tables = []
    for number, (left, top, width, height, _) in enumerate(stats[1:].tolist(), start=1):
        if width < 2 * long or height < 2 * high:
            continue
        own = labels[top : top + height, left : left + width] == number
        window = (slice(top, top + height), slice(left, left + width))
        cells = tuple(_cells(across[window] * own, upright[window] * own, (left, top)))
        if len({cell.rows for cell in cells}) > 1 and len({cell.columns for cell in cells}) > 1:
            tables.append(Ruled(cells))
    return sorted(tables, key=lambda table: table.bounds[1])


def _rules(ink: Any, shape: tuple[int, int]) -> Any:
    """The strokes at least as long as `shape`, small gaps in them closed; 1 where they run."""
    import cv2

    gap = (5, 1) if shape[0] > 1 else (1, 5)
    closed = cv2.morphologyEx(ink, cv2.MORPH_CLOSE, cv2.getStructuringElement(cv2.MORPH_RECT, gap))
    return cv2.morphologyEx(closed, cv2.MORPH_OPEN, cv2.getStructuringElement(cv2.MORPH_RECT, shape)) // 255


def _cells(across: Any, upright: Any, origin: tuple[int, int]) -> Iterator[Cell]:
    """The cells of one grid; where a side is not drawn, neighbours are one cell."""
    lefts, tops = _edges(upright.max(axis=0) * upright.sum(axis=0)), _edges(across.max(axis=1) * across.sum(axis=1))
    taken: set[tuple[int, int]] = set()
    for row in range(len(tops) - 1):
        for column in range(len(lefts) - 1):
            if (row, column) in taken:
                continue
            right, below = column, row
            while right + 2 < len(lefts) and not _drawn(upright.T, lefts[right + 1], (tops[row], tops[row + 1])):
                right += 1
            while below + 2 < len(tops) and not _drawn(across, tops[below + 1], (lefts[column], lefts[right + 1])):
                below += 1
            taken |= {(r, c) for r in range(row, below + 1) for c in range(column, right + 1)}
            x, y = origin
            yield Cell(
                x + lefts[column] + INSET,
                y + tops[row] + INSET,
                x + lefts[right + 1] - INSET,
                y + tops[below + 1] - INSET,
                (row, below),
                (column, right),
            )


def _edges(sums: Any) -> list[int]:
    """The middle of each bundle of rows (or columns) of pixels in which a rule runs."""
    import numpy as np

    bundles: list[list[int]] = []
    for place in np.flatnonzero(sums):
        if bundles and place - bundles[-1][-1] <= SAME_EDGE:
            bundles[-1].append(int(place))
        else:
            bundles.append([int(place)])
    return [round(float(np.average(bundle, weights=sums[bundle]))) for bundle in bundles]


def _drawn(rules: Any, place: int, span: tuple[int, int]) -> bool:
    """Whether a rule runs along row `place` for most of the span."""
    first, last = span[0] + 2 * REACH, span[1] - 2 * REACH
    strip = rules[max(0, place - REACH) : place + REACH + 1, first:last]
    return strip.size > 0 and float(strip.max(axis=0).mean()) >= PRESENT
