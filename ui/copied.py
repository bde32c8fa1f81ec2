"""Answer -> plain text for copying: generated words carry their label, quoted ones do not."""

from collections.abc import Iterable, Mapping
from dataclasses import replace

from rag.types import Answer, AnswerSentence, Citation
from ui import texts
from ui.badges import date_in_force, in_title_marks, place_of
from ui.document_html import plain

Part = tuple[bool, str]
"""(written by a model, layer)"""


def copied_text(answer: Answer) -> str:
    """The answer with its sources, ready for a document or a message; what has no support is left out."""
    lines = [texts.COPY_QUESTION.format(question=answer.question), ""]
    supported = [sentence for sentence in answer.sentences if sentence.verdict != texts.UNSUPPORTED]
    for (written, layer), sentences in parted(supported).items():
        heading = texts.COPY_WRITTEN if written else texts.COPY_LAYER
        lines += [heading.format(layer=layer)] if layer or written else []
        lines += [_copied(item) for item in sentences]
        lines.append("")
    if not answer.sentences and answer.text:
        lines += [answer.text, ""]
    if answer.citations:
        lines.append(texts.COPY_SOURCES)
        lines += [source_line(citation) for citation in answer.citations]
    return "\n".join((*lines, texts.DISCLAIMER))


def _copied(item: AnswerSentence) -> str:
    formula = texts.FORMULA.format(formula=item.formula) if item.formula else ""
    return item.lead + plain(item.text) + formula + "".join(f"[{number}]" for number in item.citations)


def source_line(citation: Citation) -> str:
    """One source as plain text: [number] 《title》 文号 label（validity，date）."""
    meta = citation.meta
    named = (in_title_marks(citation.title), meta.doc_number, place_of(citation))
    state = "，".join(part for part in (meta.status, date_in_force(meta)) if part)
    return f"[{citation.number}] " + " ".join(part for part in named if part) + (f"（{state}）" if state else "")


def parted(sentences: Iterable[AnswerSentence]) -> Mapping[Part, list[AnswerSentence]]:
    """Sentences by who wrote them and by layer, in order of first appearance (they never mix).

    A lead is said once, not repeated.
    """
    parts: dict[Part, list[AnswerSentence]] = {}
    leads: dict[Part, str] = {}
    for sentence in sentences:
        part = sentence.written, sentence.layer
        repeated = leads.get(part) == sentence.lead
        parts.setdefault(part, []).append(replace(sentence, lead="") if repeated else sentence)
        leads[part] = sentence.lead
    return parts
