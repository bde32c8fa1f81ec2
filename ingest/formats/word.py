"""Word files (.docx): paragraphs and tables in order, with the numbers, notes and boxes that Word shows around them."""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from ingest import texts
from ingest.apart.container import DAMAGE
from ingest.extracted import Extracted
from ingest.formats.headings import heading_line, may_be_heading
from ingest.formats.office import refuse_what_is_no_archive
from ingest.formats.rows import CONTINUED, squared, table_lines, understood
from ingest.formats.word_numbering import BULLET, Element, Numbering, Styles, W, value_of
from ingest.formats.word_text import MC, OFF, Inline, InlineReader, is_marked
from rag.errors import UnreadableFile
from rag.normalise import HAN

if TYPE_CHECKING:
    from docx.opc.part import Part

HEADING_NAME = re.compile(r"(?:heading|标题)\s*([1-9])$", re.IGNORECASE)
TITLE_NAMES = {"title", "标题", "文档标题"}
CONTENTS_NAME = re.compile(r"(?:toc|目录)\s*(?:[1-9]|heading|标题)$", re.IGNORECASE)
MOST_COLUMNS = 63
"""Of a table in Word; a file that says more of a cell's width is broken or hostile."""
HAN_GAP = re.compile(rf"(?<=[{HAN}，。、）》”])\n(?=[{HAN}（《“])")
CONTAINERS = frozenset(W + name for name in ("sdt", "sdtContent", "customXml", "ins", "moveTo"))


def read(path: Path) -> Extracted:
    """The text of a .docx. Raises UnreadableFile for a locked, damaged or empty one."""
    from docx import Document
    from docx.opc.exceptions import OpcError

    refuse_what_is_no_archive(path, ".docx")
    try:
        document = Document(str(path))
        lines = list(_Reader(document.part).blocks(_body(document.element)))
        title = document.core_properties.title.strip()
    except (OpcError, SyntaxError, AttributeError, TypeError, *DAMAGE) as error:
        # lxml's errors are SyntaxErrors; python-docx runs into missing or misshapen parts by the other two
        message, cure = texts.MALFORMED.format(suffix=".docx"), texts.CURE_SAVE_AGAIN.format(suffix=".docx")
        raise UnreadableFile(path.name, message, cure=cure) from error
    if not any(line.strip() for line in lines):
        raise UnreadableFile(path.name, texts.NO_TEXT, cure=texts.CURE_NO_TEXT)
    return Extracted("\n".join(lines).strip() + "\n", title=title if re.search(f"[{HAN}]", title) else "")


def _body(root: Element) -> Element:
    body = root.find(W + "body")
    if body is None:
        raise ValueError(root.tag)
    return body


class _Reader:
    """Walks a document once, in order: numbers, fields and notes count along."""

    def __init__(self, part: "Part") -> None:
        parts = {rel.reltype.rsplit("/", 1)[-1]: rel.target_part for rel in part.rels.values() if not rel.is_external}
        self._styles = Styles(_root(parts.get("styles")))
        self._numbering = Numbering(_root(parts.get("numbering")), self._styles)
        self._inline = InlineReader(self._styles)
        self._notes = {
            f"{kind} {note.get(W + 'id')}": note
            for kind in ("footnote", "endnote")
            if (root := _root(parts.get(kind + "s"))) is not None
            for note in root.iterfind(W + kind)
        }
        self._carried = ""
        self._behind: list[str] = []

    def blocks(self, container: Element) -> Iterator[str]:
        """Lines of everything in a body, cell, box or note, in order; notes stand behind their block."""
        for child in container:
            if child.tag == W + "p":
                yield from self._paragraph(child)
            elif child.tag == W + "tbl":
                yield from self._table(child)
            elif child.tag in CONTAINERS:
                yield from self.blocks(child)
            elif child.tag == MC + "AlternateContent" and len(child):
                yield from self.blocks(child[0])
            if container.tag == W + "body":
                yield from self._behind
                self._behind = []

    def _paragraph(self, paragraph: Element, in_cell: bool = False) -> Iterator[str]:
        found = self._inline.read(paragraph)
        level = self._heading_level(paragraph)
        if level < 0:
            return
        found.text, self._carried = self._carried + found.text, ""
        if is_marked(paragraph, "del"):
            self._carried = found.text
            return
        gone = not found.text.strip() and (found.dropped or is_marked(paragraph, "vanish"))
        label = "" if gone else self._numbering.label(paragraph)
        yield from self._written(found, label, level, in_cell)
        for mark, note in found.notes:
            text = " ".join(self._note(note))
            if text:
                self._behind.append(f"> {mark} {text}")
        for box in found.boxes:
            yield from self.blocks(box)

    def _written(self, found: Inline, label: str, level: int, in_cell: bool) -> Iterator[str]:
        whole = label + re.sub(r"\s+", " ", HAN_GAP.sub("", found.text)).strip()
        lines = found.lines
        if level and lines and not in_cell and label != BULLET and may_be_heading(whole):
            yield heading_line(whole, level)
        elif lines:
            yield label + lines[0]
            yield from lines[1:]
        elif in_cell and label and label != BULLET:
            yield label.strip()

    def _note(self, name: str) -> Iterator[str]:
        if name in self._notes:
            yield from self.blocks(self._notes[name])

    def _heading_level(self, paragraph: Element) -> int:
        """1 and more for headings, 0 for text, -1 for a line of the table of contents."""
        properties = paragraph.find(W + "pPr")
        outline = value_of(properties, "outlineLvl")
        for style in self._styles.chain(value_of(properties, "pStyle")):
            name = (value_of(style, "name") or "").strip()
            if CONTENTS_NAME.match(name):
                return -1
            if outline is not None:
                continue
            if match := HEADING_NAME.match(name):
                return int(match[1])
            if name.lower() in TITLE_NAMES:
                return 1
            outline = value_of(style.find(W + "pPr"), "outlineLvl")
        return int(outline) + 1 if outline in set("012345678") else 0

    def _table(self, table: Element) -> Iterator[str]:
        grid, marked = self._grid(table)
        shown = [[cell for cell in row if cell not in ([], [CONTINUED])] for row in grid]
        if len(grid) == 1 or all(len(row) <= 1 for row in shown):
            yield from (line for row in shown for cell in row for line in cell)
            return
        rows = squared([[" ".join(cell) for cell in row] for row in grid])
        yield from table_lines(understood(rows, marked))

    def _grid(self, table: Element) -> tuple[list[list[list[str]]], int]:
        """(rows of cells of lines, how many are marked as header); merged cells as `rows` wants them."""
        grid: list[list[list[str]]] = []
        marked = 0
        for row in _parts(table, "tr"):
            properties = row.find(W + "trPr")
            if properties is not None and properties.find(W + "del") is not None:
                continue
            header = None if properties is None else properties.find(W + "tblHeader")
            marked += marked == len(grid) and header is not None and header.get(W + "val") not in OFF
            cells: list[list[str]] = [
                [] for _ in range(min(int(value_of(properties, "gridBefore") or "0"), MOST_COLUMNS))
            ]
            for cell in _parts(row, "tc"):
                shape = cell.find(W + "tcPr")
                vertical = None if shape is None else shape.find(W + "vMerge")
                lines = list(self._cell(cell))
                if vertical is not None and vertical.get(W + "val", "continue") == "continue" and grid:
                    above = grid[-1]
                    lines = above[len(cells)] if len(cells) < len(above) else lines
                if value_of(shape, "hMerge") == "continue":
                    lines = [CONTINUED]
                cells.append(lines)
                cells.extend([CONTINUED] for _ in range(min(int(value_of(shape, "gridSpan") or "1"), MOST_COLUMNS) - 1))
            grid.append(cells)
        return grid, marked

    def _cell(self, cell: Element) -> Iterator[str]:
        for child in cell:
            if child.tag == W + "p":
                yield from self._paragraph(child, in_cell=True)
            elif child.tag == W + "tbl":
                rows = self._grid(child)[0]
                yield "；".join(" ".join(" ".join(c) for c in row if c not in ([], [CONTINUED])) for row in rows)
            elif child.tag in CONTAINERS:
                yield from self._cell(child)


def _parts(parent: Element, name: str) -> Iterator[Element]:
    for child in parent:
        if child.tag == W + name:
            yield child
        elif child.tag in CONTAINERS:
            yield from _parts(child, name)


def _root(part: "Part | None") -> Element:
    """The XML of a part, entities unresolved."""
    from docx.oxml.parser import parse_xml

    return None if part is None else parse_xml(part.blob)
