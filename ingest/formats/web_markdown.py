"""Elements of a web page -> lines: paragraphs, headings, lists, tables; a table that only lays out is read through."""

import re
from typing import Any

from ingest.formats.headings import heading_line, may_be_heading
from ingest.formats.rows import CONTINUED, squared, table_lines, understood
from rag.normalise import HAN

Element = Any
HEADINGS = {f"h{level}": level for level in range(1, 7)}
BLOCKS = frozenset(
    "address article blockquote body caption center dd details div dl dt fieldset figure figcaption footer form header "
    "hr html main nav ol p section summary table tbody td tfoot th thead tr ul".split()
)
LABEL = re.compile(
    "(索引号|发文机关|发布机构|制发机关|发文单位|发文字号|文号|成文日期|发文日期|发布日期|公开日期|生成日期|生效日期"
    "|实施日期|废止日期|主题分类|主题词|体裁分类|公文种类|文件类型|信息类别|有效性|效力状态|文件状态|标题|名称)[:：]?(.*)"
)
COLON = re.compile("[:：]")
FEWEST_LABELS = 3
LONGEST_PARTICULARS = 1500
LONGEST_CELL = 400
WIDEST_SPAN = 200
_WRAP = re.compile(rf"(?<=[{HAN}，。、；：）》”])[ \t]*[\r\n]\s*(?=[{HAN}（《“])")
_BLANK = re.compile(r"[\s\xa0\u3000]+")


def lines_of(element: Element) -> list[str]:
    """The lines of an element as a reader sees them, in order."""
    writer = _Writer()
    writer.element(element)
    writer.flush()
    return writer.lines


def text_of(element: Element) -> str:
    """All its text in one line."""
    return _blanks("".join(element.itertext()))


def letters_of(element: Element) -> str:
    """All its text without blanks, for comparing."""
    return _BLANK.sub("", "".join(element.itertext()))


def particulars(element: Element) -> list[str]:
    """`label：value` lines of a block that tells 索引号, 发文机关, 发文字号 …; [] where it is none."""
    if len(letters_of(element)) > LONGEST_PARTICULARS:
        return []
    found: list[list[str]] = []
    for part in filter(None, map(_blanks, element.itertext())):
        match = LABEL.fullmatch(part.replace(" ", ""))
        stated = COLON.split(part, maxsplit=1)
        if match and (len(stated) == 2 or not match[2]):
            found.append([match[1], stated[1].strip() if len(stated) == 2 else ""])
        elif found:
            found[-1][1] = f"{found[-1][1]} {part}".strip(" :：")
    if len({label for label, _ in found}) < FEWEST_LABELS:
        return []
    return [f"{label}：{value}" for label, value in found if value]


def _blanks(text: str) -> str:
    return _BLANK.sub(" ", _WRAP.sub("", text)).strip()


class _Writer:
    """Collects inline text until a block ends."""

    def __init__(self) -> None:
        self.lines: list[str] = []
        self._buffer: list[str] = []
        self._mark = ""

    def flush(self) -> None:
        text = _blanks("".join(self._buffer))
        self._buffer = []
        if text:
            self.lines.append(self._mark + text)
            self._mark = ""

    def element(self, element: Element) -> None:
        tag = element.tag
        if tag == "br":
            self.flush()
        elif tag in HEADINGS:
            self.flush()
            self._heading(element)
        elif tag == "table" and not _is_layout(element):
            self.flush()
            self.lines += particulars(element) or _table(element)
        elif tag == "pre":
            self.flush()
            self.lines += filter(None, (line.strip() for line in "".join(element.itertext()).splitlines()))
        elif tag == "li":
            self.flush()
            self._mark = _item_mark(element)
            self._children(element)
            self.flush()
            self._mark = ""
        elif tag in BLOCKS:
            self.flush()
            self._children(element)
            self.flush()
        else:
            self._children(element)

    def _children(self, element: Element) -> None:
        self._buffer.append(element.text or "")
        for child in element:
            if isinstance(child.tag, str):
                self.element(child)
            self._buffer.append(child.tail or "")

    def _heading(self, element: Element) -> None:
        text = text_of(element)
        if may_be_heading(text):
            self.lines.append(heading_line(text, HEADINGS[element.tag]))
        else:
            self._children(element)
            self.flush()


def _item_mark(element: Element) -> str:
    parent = element.getparent()
    if parent is None or parent.tag != "ol":
        return "- "
    first = parent.get("start", "1")
    place = sum(1 for item in element.itersiblings("li", preceding=True))
    return f"{(int(first) if first.isdecimal() else 1) + place}. "


def _rows(table: Element) -> list[Element]:
    return [row for row in table.iter("tr") if next(row.iterancestors("table")) is table]


def _is_layout(table: Element) -> bool:
    """Whether it only places things on the page: nested tables, headings or long texts in it, one row or column."""
    rows = _rows(table)
    widest = max((len(row) for row in rows), default=0)
    if table.get("role") == "presentation" or len(rows) < 2 or widest < 2:
        return True
    if next(table.iterdescendants("table", *HEADINGS), None) is not None:
        return True
    return any(
        len(letters_of(cell)) > LONGEST_CELL and len(lines_of(cell)) > 2 for row in rows for cell in row.iterchildren()
    )


def _table(table: Element) -> list[str]:
    grid: list[list[str]] = []
    hanging: dict[int, tuple[int, str]] = {}
    marked = 0
    for row in _rows(table):
        cells: list[str] = []
        waiting = [cell for cell in row.iterchildren("td", "th")]
        heads = all(cell.tag == "th" for cell in waiting) or row.getparent().tag == "thead"
        marked += marked == len(grid) and bool(waiting) and heads
        while waiting or len(cells) in hanging:
            place = len(cells)
            if place in hanging:
                left, text = hanging.pop(place)
                cells.append(text)
                if left > 1:
                    hanging[place] = (left - 1, text)
                continue
            cell = waiting.pop(0)
            text = " ".join(lines_of(cell))
            for i in range(_span(cell, "colspan")):
                cells.append(CONTINUED if i else text)
                if (down := _span(cell, "rowspan")) > 1:
                    hanging[place + i] = (down - 1, cells[-1])
        grid.append(cells)
    captions = [text_of(caption) for caption in table.iterchildren("caption")]
    return [*filter(None, captions), *table_lines(understood(squared(grid), marked))]


def _span(cell: Element, name: str) -> int:
    value = cell.get(name, "1").strip()
    return min(max(int(value), 1), WIDEST_SPAN) if value.isdecimal() else 1
