"""Word files that the tests make themselves, down to the parts that python-docx does not write."""

from pathlib import Path
from typing import Any

from docx import Document
from docx.opc.constants import RELATIONSHIP_TYPE
from docx.opc.packuri import PackURI
from docx.opc.part import Part
from docx.oxml.ns import nsdecls
from docx.oxml.parser import parse_xml

WORD = nsdecls("w")
FOOTNOTES_TYPE = "application/vnd.openxmlformats-officedocument.wordprocessingml.footnotes+xml"


def level(depth: int, number_format: str, text: str, more: str = "") -> str:
    """One level of a list; `more` are further elements of it."""
    return (
        f'<w:lvl w:ilvl="{depth}"><w:start w:val="1"/><w:numFmt w:val="{number_format}"/>{more}'
        f'<w:lvlText w:val="{text}"/></w:lvl>'
    )


def add_list(document: Any, num_id: int, *levels: str, abstract: int | None = None, override: str = "") -> None:
    """Define the list `num_id`, on a new abstract list or on one that is there."""
    numbering = document.part.numbering_part.element
    if abstract is None:
        abstract = 900 + num_id
        definition = f'<w:abstractNum {WORD} w:abstractNumId="{abstract}">{"".join(levels)}</w:abstractNum>'
        numbering.insert(0, parse_xml(definition))
    numbering.append(
        parse_xml(
            f'<w:num {WORD} w:numId="{num_id}"><w:abstractNumId w:val="{abstract}"/>{override}</w:num>',
        )
    )


def number(paragraph: Any, num_id: int, depth: int = 0) -> Any:
    """Make a paragraph one of a list."""
    mark = f'<w:numPr {WORD}><w:ilvl w:val="{depth}"/><w:numId w:val="{num_id}"/></w:numPr>'
    paragraph._p.get_or_add_pPr().append(parse_xml(mark))
    return paragraph


def add_xml(document: Any, xml: str) -> None:
    """Append a block given as XML without namespaces declared."""
    spaces = nsdecls("w", "m", "wp", "a") + (
        ' xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006"'
        ' xmlns:wps="http://schemas.microsoft.com/office/word/2010/wordprocessingShape"'
        ' xmlns:v="urn:schemas-microsoft-com:vml"'
    )
    element = parse_xml(xml.replace(">", f" {spaces}>", 1))
    document.element.body.insert(len(document.element.body) - 1, element)


def add_footnotes(document: Any, notes: dict[int, str]) -> None:
    """Give the document a part of footnotes; python-docx has none."""
    inner = "".join(
        f'<w:footnote w:id="{i}"><w:p><w:r><w:footnoteRef/></w:r><w:r><w:t>{text}</w:t></w:r></w:p></w:footnote>'
        for i, text in notes.items()
    )
    blob = f"<w:footnotes {WORD}>{inner}</w:footnotes>".encode()
    part = Part(PackURI("/word/footnotes.xml"), FOOTNOTES_TYPE, blob, document.part.package)
    document.part.relate_to(part, RELATIONSHIP_TYPE.FOOTNOTES)


def saved(document: Any, path: Path) -> Path:
    """Write the document and give its path back."""
    document.save(str(path))
    return path


def new() -> Any:
    """An empty document with python-docx's styles (Heading 1 …, Title, TOC Heading)."""
    return Document()
