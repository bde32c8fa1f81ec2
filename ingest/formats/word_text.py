"""The characters of one Word paragraph as a reader sees them: insertions in, deletions, hidden text and codes out."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from ingest.formats.word_numbering import Element, Styles, W, value_of
from rag.normalise import HAN

M = "{http://schemas.openxmlformats.org/officeDocument/2006/math}"
MC = "{http://schemas.openxmlformats.org/markup-compatibility/2006}"
WRAPPERS = frozenset(
    W + name for name in ("ins", "moveTo", "hyperlink", "smartTag", "sdt", "sdtContent", "customXml", "bdo", "dir")
)
BREAKS = frozenset(W + name for name in ("br", "cr"))
SIGNS = {W + "tab": " ", W + "ptab": " ", W + "noBreakHyphen": "-"}
NOTES = {W + "footnoteReference": "footnote", W + "endnoteReference": "endnote"}
OFF = frozenset({"0", "false", "off"})
CODE, RESULT = "code", "result"
CONTENTS = re.compile(r"\s*(?:TOC|INDEX|RD|TC|XE)\b", re.IGNORECASE)
JOINT = re.compile(rf"[{HAN}，。；：、！？）》”]$")
JOINT_START = re.compile(rf"^[{HAN}（《“]")


@dataclass(slots=True)
class Inline:
    """What a paragraph holds: its lines, the notes it refers to and its text boxes; `dropped` if some was left out."""

    text: str = ""
    notes: list[tuple[str, str]] = field(default_factory=list)
    boxes: list[Element] = field(default_factory=list)
    dropped: bool = False

    @property
    def lines(self) -> list[str]:
        """Its lines; a manual break between Latin words is a blank, any other begins a line."""
        lines: list[str] = []
        for line in (re.sub(r"[ \t\xa0]+", " ", part).strip() for part in self.text.split("\n")):
            if lines and line and not JOINT.search(lines[-1]) and not JOINT_START.match(line):
                lines[-1] += " " + line
            elif line:
                lines.append(line)
        return lines


class InlineReader:
    """Reads paragraphs in order; fields (a table of contents) may reach from one into the next."""

    def __init__(self, styles: Styles) -> None:
        self._styles = styles
        self._fields: list[list[str]] = []
        self._note_count = 0

    def read(self, paragraph: Element) -> Inline:
        """What the paragraph shows."""
        found = Inline()
        whole = self._hidden_by_style(value_of(paragraph.find(W + "pPr"), "pStyle"))
        self._children(paragraph, found, whole)
        return found

    def _children(self, parent: Element, found: Inline, hidden: bool) -> None:
        for child in parent:
            if child.tag == W + "r":
                self._run(child, found, hidden)
            elif child.tag in WRAPPERS:
                self._children(child, found, hidden)
            elif child.tag == W + "fldSimple":
                if not CONTENTS.match(child.get(W + "instr", "")):
                    self._children(child, found, hidden)
            elif child.tag in {W + "del", W + "moveFrom"}:
                found.dropped = True
            elif isinstance(child.tag, str) and child.tag.startswith(M):
                found.text += "" if self._muted() else "".join(t.text or "" for t in child.iter(M + "t"))

    def _run(self, run: Element, found: Inline, hidden: bool) -> None:
        properties = run.find(W + "rPr")
        hidden = hidden or _is_on(properties, "vanish") or self._hidden_by_style(value_of(properties, "rStyle"), False)
        for child in run:
            if child.tag == W + "fldChar":
                self._field(child.get(W + "fldCharType"))
            elif child.tag == W + "instrText":
                if self._fields:
                    self._fields[-1][1] += child.text or ""
            elif hidden or self._muted():
                found.dropped = True
            else:
                self._shown(child, found)

    def _shown(self, child: Element, found: Inline) -> None:
        if child.tag == W + "t":
            found.text += child.text or ""
        elif child.tag in BREAKS:
            found.text += "\n"
        elif child.tag in SIGNS:
            found.text += SIGNS[child.tag]
        elif child.tag in NOTES:
            self._note_count += 1
            mark = f"[注{self._note_count}]"
            found.text += mark
            found.notes.append((mark, f"{NOTES[child.tag]} {child.get(W + 'id')}"))
        elif child.tag == W + "ruby":
            for base in child.iterfind(W + "rubyBase"):
                self._children(base, found, False)
        else:
            found.boxes.extend(_text_boxes(child))

    def _field(self, kind: str | None) -> None:
        if kind == "begin":
            self._fields.append([CODE, ""])
        elif kind == "separate" and self._fields:
            self._fields[-1][0] = RESULT
        elif kind == "end" and self._fields:
            self._fields.pop()

    def _muted(self) -> bool:
        """Inside a field's code, or in a table of contents."""
        return any(phase == CODE or CONTENTS.match(code) for phase, code in self._fields)

    def _hidden_by_style(self, style_id: str | None, paragraph: bool = True) -> bool:
        if style_id is None and not paragraph:
            return False
        return any(_is_on(style.find(W + "rPr"), "vanish") for style in self._styles.chain(style_id))


def _is_on(properties: Element, name: str) -> bool:
    child = None if properties is None else properties.find(W + name)
    return child is not None and child.get(W + "val") not in OFF


def is_marked(paragraph: Element, name: str) -> bool:
    """Whether the paragraph's own end carries a mark: `del` (a tracked deletion), `vanish`."""
    return _is_on(paragraph.find(f"{W}pPr/{W}rPr"), name)


def _text_boxes(child: Element) -> Iterator[Element]:
    """Text boxes of a drawing; where a file offers two forms of it, only one of them."""
    if child.tag == W + "txbxContent":
        yield child
    elif child.tag == MC + "AlternateContent":
        offers = [list(_text_boxes(offer)) for offer in child]
        yield from next((boxes for boxes in offers if boxes), [])
    else:
        for part in child:
            yield from _text_boxes(part)
