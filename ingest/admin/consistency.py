"""Checks of the published generation, one after another: its files, its search, and its catalogue with itself."""

from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

from ingest.admin import texts
from ingest.verify import failure_apart
from rag import generation
from rag import texts as common_texts
from rag.catalog import Catalog
from rag.config import Config
from rag.errors import IndexDamaged, IndexMissing
from rag.types import Document

Faults = Iterator[str]
"""The places where something is wrong, as `source position`."""


@dataclass(frozen=True, slots=True)
class Check:
    """One check: what was looked at (`detail`) or, with a `cure`, what is wrong."""

    name: str
    detail: str
    cure: str = ""


def checks(config: Config) -> Iterator[Check]:
    """Check the published generation; ends early where nothing further could be trusted."""
    try:
        directory = generation.published(config.index_dir)
        manifest = generation.read_manifest(directory)
    except IndexMissing as error:
        yield Check(texts.CHECK_MANIFEST, _bare(error), texts.CURE_FIRST_INGEST)
        return
    except IndexDamaged as error:
        yield Check(texts.CHECK_MANIFEST, _bare(error), texts.CURE_REBUILD)
        return
    if manifest.format != generation.FORMAT:
        yield Check(texts.CHECK_MANIFEST, common_texts.INDEX_OF_BEFORE.split("；")[0], texts.CURE_FIRST_INGEST)
        return
    yield Check(texts.CHECK_MANIFEST, manifest.name)
    try:
        generation.check(directory, manifest)
    except IndexDamaged as error:
        yield Check(texts.CHECK_FILES, _bare(error), texts.CURE_REBUILD)
        return
    yield Check(texts.CHECK_FILES, texts.CHECKED_FILES.format(count=len(manifest.files)))
    lost = failure_apart(directory, manifest.chunks, manifest.sentences)
    rows = texts.CHECKED_ROWS.format(count=manifest.chunks + manifest.sentences)
    yield Check(texts.CHECK_VECTORS, lost or rows, texts.CURE_REBUILD if lost else "")
    yield from catalog_checks(directory / generation.CATALOG)


def _bare(error: Exception) -> str:
    """The first half of a message; the cure is said by the check."""
    return str(error).split("；")[0].rstrip("。")


def catalog_checks(path: Path) -> Iterator[Check]:
    """Whether all that a catalogue says of its documents' texts is so."""
    with closing(Catalog(path)) as catalog:
        documents = {source: catalog.document(source) for source in catalog.metas}
        for name, look in LOOKS:
            wrong, count = [], 0
            for document in documents.values():
                found = list(look(catalog, document, documents))
                count += len(found)
                wrong += [fault for fault in found if fault]
            if wrong:
                yield Check(name, texts.CHECK_COUNT.format(count=len(wrong), first=wrong[0]), texts.CURE_REBUILD)
            else:
                yield Check(name, texts.CHECKED_ROWS.format(count=count))


def _said(document: Document, start: int, *, fine: bool) -> str:
    return "" if fine else f"{document.source} {start}"


def _chunks(catalog: Catalog, document: Document, _: dict[str, Document]) -> Faults:
    for chunk in catalog.chunks(catalog.chunk_ordinals(document.source)).values():
        yield _said(document, chunk.start, fine=document.text[chunk.start : chunk.end] == chunk.text)


def _sentences(catalog: Catalog, document: Document, _: dict[str, Document]) -> Faults:
    for sentence in catalog.sentences_between(document.source, 0, len(document.text)):
        same = document.text[sentence.start : sentence.end] == sentence.text
        yield _said(document, sentence.start, fine=same)


def _pages(_: Catalog, document: Document, __: dict[str, Document]) -> Faults:
    before = 0
    for page in document.pages:
        fine = before <= page.start <= page.end <= len(document.text)
        before = page.start
        yield _said(document, page.start, fine=fine)


def _sections(catalog: Catalog, document: Document, _: dict[str, Document]) -> Faults:
    for section in catalog.sections(document.source):
        yield _said(document, section.start, fine=0 <= section.start < section.end <= len(document.text))


def _links(catalog: Catalog, document: Document, documents: dict[str, Document]) -> Faults:
    for link in catalog.links(document.source):
        inside = 0 <= link.start < link.end <= len(document.text)
        there = link.source in documents and (not link.label or bool(catalog.sections(link.source, link.label)))
        yield _said(document, link.start, fine=inside and there)


def _proofs(catalog: Catalog, document: Document, documents: dict[str, Document]) -> Faults:
    spans = [(document.source, conflict.start, conflict.end) for conflict in catalog.conflicts(document.source)]
    spans += [(proof.source, proof.start, proof.end) for proof in catalog.proofs(document.source)]
    for source, start, end in spans:
        yield _said(document, start, fine=source in documents and 0 <= start <= end <= len(documents[source].text))


LOOKS: tuple[tuple[str, Callable[[Catalog, Document, dict[str, Document]], Faults]], ...] = (
    (texts.CHECK_CHUNKS, _chunks),
    (texts.CHECK_SENTENCES, _sentences),
    (texts.CHECK_PAGES, _pages),
    (texts.CHECK_SECTIONS, _sections),
    (texts.CHECK_LINKS, _links),
    (texts.CHECK_PROOFS, _proofs),
)
