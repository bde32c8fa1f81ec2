"""A document's text as a reader expects to see it, block by block from exact offsets, cited spans marked."""

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

from ui.markup import button, escape, tag

MARK_ID = "kb-mark"
HEADING = re.compile(r"[ \t]*(#{1,6})[ \t]+")
BULLET = re.compile(r"[ \t]*[-*+•][ \t]+")
QUOTE = re.compile(r"[ \t]*>[ \t]?")
RULE = re.compile(r"[ \t]*(?:-{3,}|\*{3,}|_{3,})[ \t]*\Z")
ROW = re.compile(r"[ \t]*\|.*\|[ \t]*\Z")
DELIMITER_ROW = re.compile(r"[ \t]*\|(?:[ \t]*:?-+:?[ \t]*\|)+[ \t]*\Z")
INLINE = re.compile(
    r"\*\*(?P<strong>[^*\n]+?)\*\*|<sup>(?P<sup>[^<\n]*)</sup>|<sub>(?P<sub>[^<\n]*)</sub>"
    r"|`(?P<code>[^`\n]+)`|(?P<br><br\s*/?>)"
)
INDENTATION = "　 \t"


@dataclass(frozen=True, slots=True)
class Mark:
    """A cited span of the document; the `current` one is what the reader came to see."""

    start: int
    end: int
    current: bool = False


@dataclass(frozen=True, slots=True)
class Anchor:
    """A reference in the document, `text[start:end]`: the button value that opens its target, and its tooltip."""

    start: int
    end: int
    value: str
    title: str


@dataclass(frozen=True, slots=True)
class Line:
    """One line of the document without its line break: `text[start:end]`."""

    start: int
    end: int
    text: str


class DocumentWriter:
    """Writes one document; only its first current mark carries the id that the page scrolls to."""

    def __init__(self, text: str, marks: Sequence[Mark], anchors: Sequence[Anchor] = ()) -> None:
        self._text = text
        self._marks = tuple(sorted(marks, key=lambda mark: not mark.current))
        self._anchors = sorted(anchors, key=lambda anchor: anchor.start)
        self._id_given = False

    def write(self, start: int = 0, end: int | None = None) -> str:
        """HTML of the lines that begin within `[start, end)`."""
        lines = list(_lines(self._text, start, len(self._text) if end is None else end))
        written: list[str] = []
        position = 0
        while position < len(lines):
            kind = _kind(lines[position].text)
            last = position + 1
            while kind in ("item", "row", "quote") and last < len(lines) and _kind(lines[last].text) == kind:
                last += 1
            written.append(getattr(self, f"_{kind}")(lines[position:last]))
            position = last
        return "".join(written)

    def _blank(self, lines: Sequence[Line]) -> str:
        return ""

    def _rule(self, lines: Sequence[Line]) -> str:
        return "<hr>"

    def _heading(self, lines: Sequence[Line]) -> str:
        match = HEADING.match(lines[0].text)
        level = min(len(match[1]) + 2, 6) if match else 6
        return tag(f"h{level}", self._after(HEADING, lines[0]))

    def _prose(self, lines: Sequence[Line]) -> str:
        line = lines[0]
        shift = len(line.text) - len(line.text.lstrip(INDENTATION))
        return tag("p", self._span(line.start + shift, line.end))

    def _item(self, lines: Sequence[Line]) -> str:
        return tag("ul", *(tag("li", self._after(BULLET, line)) for line in lines))

    def _quote(self, lines: Sequence[Line]) -> str:
        return tag("blockquote", *(tag("p", self._after(QUOTE, line)) for line in lines))

    def _row(self, lines: Sequence[Line]) -> str:
        headed = len(lines) > 1 and DELIMITER_ROW.match(lines[1].text)
        head = tag("thead", self._cells(lines[0], "th")) if headed else ""
        body = [self._cells(line, "td") for line in lines[2 if headed else 0 :] if not DELIMITER_ROW.match(line.text)]
        return tag("div", tag("table", head, tag("tbody", *body)), class_="kb-table")

    def _cells(self, line: Line, name: str) -> str:
        bars = [match.start() for match in re.finditer(r"(?<!\\)\|", line.text)]
        cells = []
        for left, right in pairwise(bars):
            cell = line.text[left + 1 : right]
            start = line.start + left + 1 + len(cell) - len(cell.lstrip())
            cells.append(tag(name, self._span(start, max(start, line.start + left + 1 + len(cell.rstrip())))))
        hit = any(mark.current and mark.start < line.end and mark.end > line.start for mark in self._marks)
        return tag("tr", *cells, class_="kb-hit" if hit else "")

    def _after(self, prefix: re.Pattern[str], line: Line) -> str:
        match = prefix.match(line.text)
        return self._span(line.start + (match.end() if match else 0), line.end)

    def _span(self, start: int, end: int) -> str:
        """`text[start:end]` without its Markdown marks, each piece wrapped on its own."""
        written, position = [], start
        for match in INLINE.finditer(self._text, start, end):
            written.append(self._pieces(position, match.start()))
            name = match.lastgroup or "br"
            written.append("<br>" if name == "br" else tag(name, self._span(*match.span(name))))
            position = match.end()
        written.append(self._pieces(position, end))
        return "".join(written)

    def _pieces(self, start: int, end: int) -> str:
        """Plain text, cut where a mark or a reference begins or ends."""
        spans = [(mark.start, mark.end) for mark in self._marks]
        spans += [(anchor.start, anchor.end) for anchor in self._anchors_of(start, end)]
        cuts = {start, end, *(edge for span in spans for edge in span if start < edge < end)}
        return "".join(self._piece(left, right) for left, right in pairwise(sorted(cuts)))

    def _anchors_of(self, start: int, end: int) -> Sequence[Anchor]:
        """The references that reach into a stretch of the text."""
        first = bisect_right(self._anchors, start, key=lambda anchor: anchor.end)
        return self._anchors[first : bisect_left(self._anchors, end, key=lambda anchor: anchor.start)]

    def _piece(self, start: int, end: int) -> str:
        content = escape(self._text[start:end])
        if content.strip() and (found := self._anchors_of(start, end)):
            content = button(found[0].value, content, class_="kb-reference", title=found[0].title)
        mark = next((mark for mark in self._marks if mark.start <= start and end <= mark.end), None)
        if mark is None or not content.strip():
            return content
        if not mark.current:
            return tag("mark", content, class_="kb-also")
        identity, self._id_given = ("" if self._id_given else MARK_ID), True
        return tag("mark", content, id=identity)


def plain(text: str) -> str:
    """One sentence as a reader sees it, on one line: no Markdown marks, table cells divided by dots."""
    if ROW.match(text):
        cells = [cell.strip() for cell in text.strip().strip("|").split("|")]
        text = " · ".join(cell for cell in cells if cell)
    for prefix in (HEADING, BULLET, QUOTE):
        text = prefix.sub("", text, count=1) if prefix.match(text) else text
    text = INLINE.sub(lambda match: match["strong"] or match["code"] or match["sub"] or "", text)
    return re.sub(r"\s*\n\s*", " ", text).strip()


def _lines(text: str, start: int, end: int) -> Iterator[Line]:
    while start < end:
        stop = text.find("\n", start)
        stop = len(text) if stop == -1 else stop
        yield Line(start, stop, text[start:stop])
        start = stop + 1


def _kind(line: str) -> str:
    if not line.strip():
        return "blank"
    for kind, pattern in (("rule", RULE), ("heading", HEADING), ("row", ROW), ("item", BULLET), ("quote", QUOTE)):
        if pattern.match(line):
            return kind
    return "prose"
