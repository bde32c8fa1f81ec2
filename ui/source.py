"""Document and citation -> the source panel: what the document is, then its text with the cited words marked."""

from collections.abc import Mapping, Sequence

from rag.types import Answer, Citation, Document, DocumentMeta, Link, Passage, Section
from ui import texts
from ui.badges import in_title_marks, layer_badge, place_of, status_badge
from ui.copied import source_line
from ui.document_html import Anchor, DocumentWriter, Mark, plain
from ui.markup import button, escape, tag

WINDOW = 60_000
"""Characters shown on each side of the cited words; a longer document is cut at line breaks."""


def empty() -> str:
    """The panel before anything was opened."""
    sketch = tag("div", "<i></i>" * 7, class_="kb-sketch")
    return tag(
        "div", sketch, tag("h2", texts.SOURCE_EMPTY), tag("p", texts.SOURCE_EMPTY_DETAIL), class_="kb-source-empty"
    )


def message(sentence: str) -> str:
    """The panel when a document cannot be shown."""
    return tag("div", _bar(texts.SOURCE_LABEL), tag("p", escape(sentence), class_="kb-message"))


def cited_document(
    document: Document, answer: Answer, citation: Citation, number: int, anchors: Sequence[Anchor] = ()
) -> str:
    """The document open at a citation; other citations of the same answer are marked lightly."""
    marks, others = [], [item for item in answer.citations if item.source == document.source]
    for item in others:
        span = located(document.text, item)
        marks += [Mark(*span, current=item.number == citation.number)] if span else []
    switch = _switch(others, citation, number)
    copied = f"{plain(citation.quote)}\n{source_line(citation)}"
    extra = switch + _changed(marks, citation.quote)
    return _panel(document, place_of(citation), marks, anchors, extra=extra, copied=copied)


def near_document(document: Document, passage: Passage, anchors: Sequence[Anchor] = ()) -> str:
    """The document open at a passage that came near without being an answer."""
    chunk = passage.chunk
    spans = [(sentence.start, sentence.end) for sentence in passage.sentences] or [(chunk.start, chunk.end)]
    fits = document.text[chunk.start : chunk.end] == chunk.text
    marks = [Mark(start, end, current=True) for start, end in spans] if fits else []
    label = " › ".join(chunk.path) or texts.SOURCE_NEAR
    return _panel(document, label, marks, anchors, extra=_changed(marks, chunk.text))


def referred_document(document: Document, place: Section | None, back: str, anchors: Sequence[Anchor] = ()) -> str:
    """The document that a reference leads to, open at the clause; `back` is the value that leads to the reference."""
    marks = [Mark(place.start, place.end, current=True)] if place else []
    way = tag("p", button(back, texts.REFERENCE_BACK, class_="kb-link"), class_="kb-switch")
    return _panel(document, place.label if place else "", marks, anchors, extra=way)


def referring_document(document: Document, reference: Link, anchors: Sequence[Anchor] = ()) -> str:
    """The document open at one of its references, on the way back from where it leads."""
    return _panel(document, texts.REFERENCE, [Mark(reference.start, reference.end, current=True)], anchors)


def anchors_of(source: str, links: Sequence[Link], titles: Mapping[str, str]) -> tuple[Anchor, ...]:
    """The references of a document as buttons; one that names several clauses opens the first of them."""
    first = {link.start: link for link in reversed(links)}.values()
    return tuple(
        Anchor(link.start, link.end, f"link:{link.start}:{source}", _target(source, link, titles)) for link in first
    )


def _target(source: str, link: Link, titles: Mapping[str, str]) -> str:
    title = in_title_marks(titles[link.source]) if link.source != source else ""
    return texts.REFERENCE_TO.format(target=f"{title}{link.label}")


def located(text: str, citation: Citation) -> tuple[int, int] | None:
    """Where the quote stands in this text: at its offsets, else where it is found, else nowhere."""
    if text[citation.start : citation.end] == citation.quote:
        return citation.start, citation.end
    start = text.find(citation.quote) if citation.quote else -1
    return (start, start + len(citation.quote)) if start >= 0 else None


def _panel(
    document: Document,
    label: str,
    marks: Sequence[Mark],
    anchors: Sequence[Anchor],
    *,
    extra: str = "",
    copied: str = "",
) -> str:
    body, cut = _body(document.text, marks, anchors)
    note = tag("p", texts.SOURCE_CUT, class_="kb-quiet") if cut else ""
    facts = tag("div", _facts(document.meta), extra, note, class_="kb-source-facts")
    return tag(
        "div", _bar(document.title, label, copied, document.meta.status), facts, tag("div", body, class_="kb-document")
    )


def _bar(title: str, label: str = "", copied: str = "", status: str = "") -> str:
    """The top of the panel, which stays in sight: title and place, copy and close."""
    copy = button("copy", texts.COPY_QUOTE, class_="kb-link kb-copy") if copied else ""
    text = tag("div", escape(copied), class_="kb-copied", hidden="hidden") if copied else ""
    close = button("close", "×", class_="kb-close", title=texts.SOURCE_CLOSE)
    crumb = tag("p", status_badge(status), escape(label), class_="kb-crumb") if label or status else ""
    return tag("div", tag("div", tag("h2", escape(title)), crumb), copy, text, close, class_="kb-bar")


def _body(text: str, marks: Sequence[Mark], anchors: Sequence[Anchor]) -> tuple[str, bool]:
    """The text around the current mark and whether anything was left out."""
    centre = next((mark for mark in marks if mark.current), Mark(0, 0))
    start, end = max(0, centre.start - WINDOW), min(len(text), centre.end + WINDOW)
    start = text.rfind("\n", 0, start) + 1
    end = text.find("\n", end) if "\n" in text[end:] else len(text)
    return DocumentWriter(text, marks, anchors).write(start, end), start > 0 or end < len(text)


def _changed(marks: Sequence[Mark], quote: str) -> str:
    if any(mark.current for mark in marks):
        return ""
    return tag("div", tag("p", texts.SOURCE_CHANGED), tag("blockquote", escape(quote)), class_="kb-notice")


def _switch(cited: Sequence[Citation], current: Citation, number: int) -> str:
    if len(cited) < 2:
        return ""
    places = [
        button(
            f"open:{number}:{item.number}",
            str(item.number),
            class_="kb-cite kb-active" if item.number == current.number else "kb-cite",
            title=place_of(item),
        )
        for item in cited
    ]
    return tag("p", escape(texts.SOURCE_CITED_HERE), *places, class_="kb-switch")


def _facts(meta: DocumentMeta) -> str:
    """Badges, then what a reader must know at once; the rest is folded, unknown facts are left out."""
    dated = (
        (meta.issued, texts.ISSUED),
        (meta.published, texts.PUBLISHED),
        (meta.effective, texts.EFFECTIVE),
        (meta.expires, texts.EXPIRES),
    )
    first = (
        (texts.DOC_NUMBER, escape(meta.doc_number)),
        (texts.ISSUER, escape("、".join(meta.issuer))),
        (texts.AUTHOR, escape(meta.author)),
        (texts.DATES, escape(" · ".join(f"{date} {word}" for date, word in dated if date))),
        (texts.REPLACED_BY, escape("、".join(in_title_marks(title) for title in meta.replaced_by))),
    )
    more = (
        (texts.REGION, escape(meta.region)),
        (texts.BASIS, escape(meta.basis)),
        (texts.REPLACES, escape("、".join(in_title_marks(title) for title in meta.replaces))),
        (texts.OTHER_NAMES, escape("、".join(meta.names))),
        (texts.SOURCE_URL, _link(meta.source_url)),
    )
    folded = _terms(more)
    details = tag("details", tag("summary", texts.MORE_FACTS), folded) if folded else ""
    badges = tag("p", layer_badge(meta.group), status_badge(meta.status), class_="kb-badges")
    return badges + _terms(first) + details


def _terms(facts: Sequence[tuple[str, str]]) -> str:
    terms = [tag("div", tag("dt", name), tag("dd", value)) for name, value in facts if value]
    return tag("dl", *terms) if terms else ""


def _link(address: str) -> str:
    if not address.startswith(("https://", "http://")):
        return ""
    return tag("a", escape(address), href=address, target="_blank", rel="noopener noreferrer")
