"""Documents of a knowledge base -> what their texts prove of them: metadata, standing, and what they refer to."""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date

from ingest.stated.merge import Conflict as Contradiction
from ingest.stated.merge import merged
from ingest.stated.plain import Particular, title_form
from ingest.stated.validity import Known, Standing, resolve
from ingest.structure.references import references
from rag.types import BINDING, OTHER, Conflict, Document, DocumentMeta, Link, Proof, Section

READ_GROUPS = {BINDING, OTHER}
"""A paper and a table of figures speak of other texts, not of themselves."""
PROVED = {"title", "doc_number", "issuer", "issued", "published", "effective", "expires", "region", "status"}
RULES = re.compile(r"(?:条例|办法|规定|细则|规则|准则|决定|暂行规定)(?:[（(].{1,8}[)）])?$")
CENTRAL_ASSEMBLY, CENTRAL_GOVERNMENT = "全国人民代表大会", "国务院"


@dataclass(frozen=True, slots=True)
class Findings:
    """What was read from the text of one document."""

    proofs: tuple[Proof, ...] = ()
    conflicts: tuple[Conflict, ...] = ()


def read_alone(
    documents: Sequence[Document], found: Mapping[str, tuple[Particular, ...]]
) -> tuple[list[Document], dict[str, tuple[Contradiction, ...]]]:
    """The documents with what their own texts prove, and by source what contradicts their front matter."""
    told, contradictions = [], {}
    for document in documents:
        own = _own(document, found)
        meta, contradictions[document.source] = merged(document.meta, own, document.source)
        meta = replace(meta, layer=layer_of(document.title, meta)) if meta.group == OTHER else meta
        told.append(replace(document, meta=meta))
    return told, contradictions


def _own(document: Document, found: Mapping[str, tuple[Particular, ...]]) -> tuple[Particular, ...]:
    """What the text of a document proves of itself; nothing of a paper's or a table's."""
    return found.get(document.source, ()) if document.meta.group in READ_GROUPS else ()


def informed(
    documents: Sequence[Document],
    found: Mapping[str, tuple[Particular, ...]],
    contradictions: Mapping[str, tuple[Contradiction, ...]],
    today: date,
) -> tuple[tuple[Document, ...], dict[str, Findings]]:
    """The documents with what one another's texts prove, and all proofs and contradictions by source."""
    known = [Known(d.source, d.title, d.meta, _own(d, found)) for d in documents]
    standings = resolve(known, today)
    spans = {
        (each.source, particular.sentence): (particular.start, particular.end)
        for each in known
        for particular in each.found
    }
    told, findings = [], {}
    for document, each, standing in zip(documents, known, standings, strict=True):
        told.append(replace(document, meta=_with_standing(each, standing)))
        own_proofs = [
            Proof(p.key, p.value, each.source, p.start, p.end)
            for p in each.found
            if p.key not in PROVED or p.value in _values(each, p.key)
        ]
        findings[each.source] = Findings(
            (*own_proofs, *_standing_proof(standing, spans)),
            tuple(_conflict(c, spans) for c in (*contradictions[each.source], *standing.conflicts)),
        )
    return tuple(told), findings


def _with_standing(known: Known, standing: Standing) -> DocumentMeta:
    """The metadata with status, successors and last day of the standing; only binding texts have one."""
    if known.meta.group != BINDING:
        return known.meta
    ended = standing.ends if standing.ends != known.meta.expires else ""
    return replace(
        known.meta,
        status=standing.status,
        ended=ended,
        replaces=standing.replaces,
        replaced_by=standing.replaced_by,
    )


def _values(known: Known, key: str) -> tuple[str, ...]:
    if key == "title":
        return (known.title,)
    value = getattr(known.meta, key)
    return value if isinstance(value, tuple) else (value,)


def _standing_proof(standing: Standing, spans: Mapping[tuple[str, str], tuple[int, int]]) -> tuple[Proof, ...]:
    span = spans.get((standing.by, standing.because))
    return (Proof("status", standing.status, standing.by, *span),) if span and standing.status else ()


def _conflict(contradiction: Contradiction, spans: Mapping[tuple[str, str], tuple[int, int]]) -> Conflict:
    start, end = spans.get((contradiction.source, contradiction.proof), (0, 0))
    return Conflict(contradiction.key, contradiction.stated, contradiction.found, start, end)


def layer_of(title: str, meta: DocumentMeta) -> str:
    """The layer of a text whose place says nothing, by who issued it and under what name."""
    issuers, number = " ".join(meta.issuer), meta.doc_number
    rules = bool(RULES.search(title))
    if CENTRAL_ASSEMBLY in issuers or "主席令" in number:
        return "法律"
    if "国务院令" in number or (CENTRAL_GOVERNMENT in meta.issuer and rules):
        return "行政法规"
    if "人民代表大会" in issuers and rules:
        return "地方法规"
    if meta.region not in {"", "全国"} and (issuers or number):
        return "地方政策"
    if "令" in number:
        return "部门规章"
    return "政策规定" if issuers or number else meta.layer


def targets(
    parsed: Iterable[tuple[Document, Sequence[Section]]],
) -> tuple[dict[str, str], dict[str, frozenset[str]]]:
    """What a reference may lead to: documents by the form of their title, and the labels of their sections."""
    by_title: dict[str, str] = {}
    labels = {}
    for document, sections in parsed:
        by_title.setdefault(title_form(document.title), document.source)
        labels[document.source] = frozenset(section.label for section in sections)
    return by_title, labels


def links(
    document: Document, sections: Sequence[Section], by_title: Mapping[str, str], labels: Mapping[str, frozenset[str]]
) -> tuple[Link, ...]:
    """The references of a text that lead somewhere in the knowledge base, of all of whose documents `targets` told."""
    found: list[Link] = []
    for reference in references(document.text, tuple(sections)):
        source = by_title.get(title_form(reference.title), "") if reference.title else document.source
        targets = [label for label in reference.labels if label in labels.get(source, frozenset())]
        if targets:
            found.extend(Link(reference.start, reference.end, source, label) for label in targets)
        elif source and reference.title and source != document.source:
            found.append(Link(reference.start, reference.end, source))
    return tuple(found)
