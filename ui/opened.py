"""What the source panel shows for the value of a pressed button."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

from rag.types import Answer, Turn
from ui import source, texts
from ui.document_html import Anchor

if TYPE_CHECKING:
    from rag.chain import Rag


def panel(rag: "Rag", value: str, turns: Sequence[Turn]) -> str:
    """A citation (`open:turn:number`), a near passage (`near:turn:index`) or a reference in a document.

    A reference leads to its target (`link:start:source`) and from there back (`back:start:source`);
    what page.js counts stands behind the last `#`. Raises KbqaError.
    """
    kind, first, second = value.rpartition("#")[0].split(":", 2)
    try:
        if kind in {"link", "back"}:
            return _referred(rag, int(first), second, back=kind == "back")
        answer = turns[int(first)].answer
        if answer is None:
            return source.empty()
        return _near(rag, answer, int(second)) if kind == "near" else _cited(rag, answer, int(first), int(second))
    except KeyError:  # published anew without this document
        return source.message(texts.SOURCE_GONE)


def _near(rag: "Rag", answer: Answer, index: int) -> str:
    passage = answer.passages[index]
    document = rag.document(passage.chunk.source)
    return source.near_document(document, passage, _anchors(rag, document.source))


def _cited(rag: "Rag", answer: Answer, turn: int, number: int) -> str:
    citation = next(cited for cited in answer.citations if cited.number == number)
    document = rag.document(citation.source)
    return source.cited_document(document, answer, citation, turn, _anchors(rag, document.source))


def _referred(rag: "Rag", start: int, referring: str, *, back: bool) -> str:
    """Where the reference at a position of a document leads, or the reference itself."""
    link = next((link for link in rag.links(referring) if link.start == start), None)
    if link is None:
        return source.message(texts.SOURCE_GONE)
    if back:
        return source.referring_document(rag.document(referring), link, _anchors(rag, referring))
    place = rag.section(link.source, link.label) if link.label else None
    way = f"back:{start}:{referring}"
    return source.referred_document(rag.document(link.source), place, way, _anchors(rag, link.source))


def _anchors(rag: "Rag", document: str) -> tuple[Anchor, ...]:
    return source.anchors_of(document, rag.links(document), rag.titles())
