"""A generation's catalogue as plain rows: what each document is, how much of it there is and how good its pages are."""

import datetime
import re
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from ingest.formats.quality import DAMAGED, GARBLED, NO_TEXT
from ingest.plan import Plan
from rag import generation
from rag import texts as common_texts
from rag.catalog import Catalog
from rag.config import Config
from rag.errors import IndexMismatch, IndexMissing
from rag.types import Page, Problem

ARTICLE = re.compile(r"第\d+条(?:之\d+)?")
UNUSABLE = {NO_TEXT, GARBLED, DAMAGED}
"""Faults after which a page's text says nothing; the others leave it doubtful."""
GOOD, DOUBTFUL, BAD = "good", "doubtful", "bad"


@dataclass(frozen=True, slots=True)
class Row:
    """One document at a glance; pages by quality: without fault, read by OCR without fault, with a fault."""

    source: str
    title: str
    layer: str
    doc_number: str
    status: str
    articles: int
    chunks: int
    good: int
    recognised: int
    faulty: int
    characters: int
    conflicts: int
    names: tuple[str, ...] = ()

    @property
    def pages(self) -> int:
        """All pages of the file; 0 for a text without pages."""
        return self.good + self.recognised + self.faulty


@dataclass(frozen=True, slots=True)
class Overview:
    """The published generation and how the knowledge base differs from it; `generation` is '' before the first."""

    generation: str
    created: str
    sentences: int
    rows: tuple[Row, ...]
    added: tuple[str, ...]
    changed: tuple[str, ...]
    removed: tuple[str, ...]
    renamed: tuple[tuple[str, str], ...]
    problems: tuple[Problem, ...]
    rebuild: str
    behind: tuple[tuple[str, str], ...] = ()
    """(source, the one that stands for it)."""

    @property
    def in_step(self) -> bool:
        """Whether the index is what the knowledge base would give now."""
        return not (self.added or self.changed or self.removed or self.renamed or self.problems or self.rebuild)

    def total(self, figure: str) -> int:
        """The sum of one figure over all documents."""
        return sum(int(getattr(row, figure)) for row in self.rows)


@contextmanager
def open_catalog(config: Config) -> Iterator[Catalog]:
    """The catalogue of the published generation. Raises IndexMissing, IndexDamaged or IndexMismatch."""
    directory = generation.published(config.index_dir)
    if generation.read_manifest(directory).format != generation.FORMAT:
        raise IndexMismatch(common_texts.INDEX_OF_BEFORE)
    catalog = Catalog(directory / generation.CATALOG, datetime.date.today().isoformat())
    try:
        yield catalog
    finally:
        catalog.close()


def overview(config: Config, plan: Plan) -> Overview:
    """Rows of the published generation beside what an update would do (`plan`)."""
    rows: tuple[Row, ...] = ()
    name, created, sentences = "", "", 0
    try:
        manifest = generation.read_manifest(generation.published(config.index_dir))
        with open_catalog(config) as catalog:
            rows = tuple(row(catalog, source) for source in sorted(catalog.metas))
        name, created, sentences = manifest.name, manifest.created, manifest.sentences
    except IndexMissing:
        pass  # nothing was published yet: the plan alone says what there is
    changes = (plan.added, plan.changed, plan.removed, plan.renamed)
    return Overview(name, created, sentences, rows, *changes, plan.problems, plan.rebuild if name else "", plan.behind)


def row(catalog: Catalog, source: str) -> Row:
    """One document of a catalogue at a glance."""
    document = catalog.document(source)
    pages = Counter("faulty" if p.faults else "recognised" if p.recognised else "good" for p in document.pages)
    articles = {s.label for s in catalog.sections(source) if ARTICLE.fullmatch(s.label)}
    return Row(
        source,
        document.title,
        document.meta.layer,
        document.meta.doc_number,
        document.meta.status,
        len(articles),
        len(catalog.chunk_ordinals(source)),
        pages["good"],
        pages["recognised"],
        pages["faulty"],
        len(document.text),
        len(catalog.conflicts(source)),
        document.meta.names,
    )


def quality(page: Page) -> str:
    """good, doubtful (by OCR, or a fault that leaves the text readable) or bad (nothing usable)."""
    if UNUSABLE & set(page.faults):
        return BAD
    return DOUBTFUL if page.faults or page.recognised else GOOD
