"""Makes PDFs as offices do: set line by line with fpdf2 and the system's Noto CJK, in several layouts."""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import fpdf
import pytest

FONT = Path("/usr/share/fonts/opentype/noto/NotoSansCJK-Regular.ttc")
SIMPLIFIED = 2
"""Place of Noto Sans CJK SC in the collection."""
NEVER_FIRST = "，。；：、！？”’）》〉〕】"


@dataclass(frozen=True)
class Style:
    """How a file is set; lengths in points."""

    size: float = 12.0
    left: float = 72.0
    width: float = 451.0
    top: float = 72.0
    bottom: float = 72.0
    pitch: float = 20.0
    indent: float = 2.0
    """Of the first line, in characters."""
    after: float = 0.0
    """Blank space behind a paragraph."""
    head: Callable[[int], str] = field(default=lambda page: "")
    foot: Callable[[int], str] = field(default=lambda page: "")
    bold: bool = False
    """Headings printed twice, a hair apart."""
    twice: bool = False
    """Headings set twice, one behind the other."""


def new_pdf(size: tuple[float, float] | str = "A4") -> fpdf.FPDF:
    """An empty file with the font; units are points. Skips the test where the font is absent."""
    if not FONT.exists():
        pytest.skip(f"{FONT} is absent: PDFs with Chinese text cannot be made.")
    pdf = fpdf.FPDF(unit="pt", format=size)
    pdf.set_auto_page_break(False)
    pdf.add_font("noto", "", FONT, collection_font_number=SIMPLIFIED)
    return pdf


def set_text(paragraphs: Sequence[str], path: Path, style: Style | None = None) -> Path:
    """Set paragraphs; '# ' makes a centred title, '## ' a centred heading."""
    style = style or Style()
    pdf = new_pdf()
    sheet = _Setter(pdf, style)
    for paragraph in paragraphs:
        sheet.paragraph(paragraph)
    pdf.output(str(path))
    return path


class _Setter:
    def __init__(self, pdf: fpdf.FPDF, style: Style) -> None:
        self.pdf, self.style, self.widths = pdf, style, {}
        self.y = float("inf")

    def paragraph(self, text: str) -> None:
        style = self.style
        marks = re.match(r"(#{1,2}) (.*)", text)
        size = style.size * (1.6 if marks and marks[1] == "#" else 1.0)
        text = marks[2] if marks else text
        opening = re.match("第[一二三四五六七八九十百]+条", text)
        if style.twice and (marks or opening):
            text = "".join(c * 2 for c in text) if marks else opening[0] + text
        for i, line in enumerate(self.wrapped(text, size, 0.0 if marks else style.indent)):
            width = self.width(line, size)
            x = style.left + (style.width - width) / 2 if marks else style.left + (style.indent * size if not i else 0)
            self.line(x, line, size, heading=bool(marks))
        self.y += style.after

    def line(self, x: float, text: str, size: float, *, heading: bool = False) -> None:
        style = self.style
        if self.y + style.pitch > self.pdf.h - style.bottom:
            self.page()
        self.y += style.pitch * size / style.size
        self.pdf.set_font("noto", size=size)
        opening = re.match("第[一二三四五六七八九十百]+条", text)
        bold = text if heading else opening[0] if opening else ""
        self.pdf.text(x, self.y, text)
        if style.bold and bold:
            self.pdf.text(x + 0.4, self.y, bold)

    def page(self) -> None:
        self.pdf.add_page()
        self.y = self.style.top
        number = self.pdf.page_no()
        self.pdf.set_font("noto", size=9)
        for text, y in ((self.style.head(number), 45.0), (self.style.foot(number), self.pdf.h - 40.0)):
            if text:
                self.pdf.text((self.pdf.w - self.width(text, 9)) / 2, y, text)

    def width(self, text: str, size: float) -> float:
        self.pdf.set_font("noto", size=100)
        for character in set(text) - set(self.widths):
            self.widths[character] = self.pdf.get_string_width(character) / 100
        self.pdf.set_font("noto", size=size)
        return sum(self.widths[character] for character in text) * size

    def wrapped(self, text: str, size: float, indent: float) -> list[str]:
        lines, line, room = [], "", self.style.width - indent * size
        for unit in re.findall(rf"(?:[A-Za-z0-9.,%-]+|.)[{NEVER_FIRST}]*", text):
            if line and self.width(line + unit.rstrip(), size) > room:
                lines.append(line)
                line, room = "", self.style.width
            line += unit if line else unit.lstrip()
        return [*lines, line]


def law_paragraphs(path: Path) -> list[str]:
    """The paragraphs of one of the laws kept outside the repository, without its notes of origin."""
    lines = [line.strip("\ufeff \t\u3000") for line in path.read_text(encoding="utf-8").splitlines()]
    return [re.sub("^#{2,} ", "## ", line) for line in lines if line and not re.match("来源地址|<!--", line)]


def glued_articles(paragraphs: Sequence[str]) -> list[str]:
    """The paragraphs with each article behind the sentence before it, as some converters leave them."""
    glued: list[str] = []
    for paragraph in paragraphs:
        follows = re.match("第[一二三四五六七八九十百]+条[ \u3000]", paragraph)
        if follows and glued and glued[-1].endswith("。"):
            glued[-1] += paragraph
        else:
            glued.append(paragraph)
    return glued


LAYOUTS: dict[str, Style] = {
    "plain": Style(),
    "heads": Style(
        head=lambda page: "国家金融监督管理总局规章",
        foot=lambda page: f"- {page} -",
        size=15.75,
        pitch=28.0,
    ),
    "sides": Style(
        head=lambda page: f"{page}　金融法规汇编" if page % 2 == 0 else f"银行业监督管理　{page}",
        size=10.5,
        pitch=15.0,
    ),
    "bold": Style(bold=True, foot=lambda page: f"第{page}页"),
    "twice": Style(twice=True, foot=lambda page: f"{page}"),
    "narrow": Style(left=180.0, width=190.0, pitch=17.0),
    "blocks": Style(indent=0.0, after=9.0),
}


def set_table(pdf: fpdf.FPDF, rows: Sequence[Sequence[str]], top: float, widths: Sequence[float]) -> float:
    """A ruled table at the left margin; '<' goes on from the cell to the left. Returns where it ends."""
    pdf.set_font("noto", size=10)
    y = top
    for row in rows:
        x = 72.0
        for i, cell in enumerate(row):
            span = 1
            while i + span < len(row) and row[i + span] == "<":
                span += 1
            width = sum(widths[i : i + span])
            if cell != "<":
                pdf.rect(x, y, width, 22)
                pdf.text(x + 4, y + 15, cell)
            x += widths[i]
        y += 22
    return y
