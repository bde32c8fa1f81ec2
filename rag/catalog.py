"""The record of a generation: documents, sections, chunks and sentences in one SQLite file."""

import json
import sqlite3
import threading
from collections.abc import Iterable, Sequence
from dataclasses import asdict, astuple
from pathlib import Path
from typing import Any
from urllib.parse import quote

from rag.normalise import search_form
from rag.standing import on_day
from rag.types import Chunk, Conflict, Document, DocumentMeta, Filters, Link, Page, Proof, Section, Sentence

SCHEMA = """
create table documents (source text primary key, title text, text text, meta text, digest text);
create table sections (source text, path text, label text, start integer, end integer);
create table pages (source text, number integer, start integer, end integer, faults text, recognised integer);
create table proofs (document text, key text, value text, source text, start integer, end integer);
create table conflicts (document text, key text, stated text, found text, start integer, end integer);
create table links (document text, start integer, end integer, source text, label text);
create table chunks (ordinal integer primary key, id text unique, source text, path text, start integer, text text);
create table sentences (ordinal integer primary key, chunk integer, start integer, end integer, text text, kind text,
  folded text);
create index sections_by_label on sections (source, label);
create index pages_by_source on pages (source, start);
create index links_by_document on links (document, start);
create index chunks_by_source on chunks (source, start);
create index sentences_by_chunk on sentences (chunk);
"""


class CatalogWriter:
    """Writes a catalogue once; a context manager that commits at its end."""

    def __init__(self, path: Path) -> None:
        self._connection = sqlite3.connect(path)
        self._connection.executescript(SCHEMA)

    def __enter__(self) -> "CatalogWriter":
        return self

    def __exit__(self, kind: object, *_: object) -> None:
        if kind is None:
            self._connection.commit()
        self._connection.close()

    def add_document(self, document: Document, digest: str, sections: Iterable[Section]) -> None:
        """Record a document with its sections."""
        meta = json.dumps(asdict(document.meta), ensure_ascii=False)
        self._connection.execute(
            "insert into documents values (?,?,?,?,?)", (document.source, document.title, document.text, meta, digest)
        )
        rows = [(document.source, json.dumps(s.path, ensure_ascii=False), s.label, s.start, s.end) for s in sections]
        self._connection.executemany("insert into sections values (?,?,?,?,?)", rows)
        pages = [
            (document.source, p.number, p.start, p.end, json.dumps(p.faults), p.recognised) for p in document.pages
        ]
        self._connection.executemany("insert into pages values (?,?,?,?,?,?)", pages)

    def add_findings(
        self, source: str, proofs: Iterable[Proof], conflicts: Iterable[Conflict], links: Iterable[Link]
    ) -> None:
        """Record what was read from a document's text: proofs of its metadata, contradictions, references."""
        for table, rows in (("proofs", proofs), ("conflicts", conflicts), ("links", links)):
            for row in rows:
                values = (source, *astuple(row))
                self._connection.execute(f"insert into {table} values ({','.join('?' * len(values))})", values)  # noqa: S608

    def add_chunk(self, ordinal: int, chunk: Chunk) -> None:
        """Record a chunk under its ordinal, the row of its vector."""
        path = json.dumps(chunk.path, ensure_ascii=False)
        self._connection.execute(
            "insert into chunks values (?,?,?,?,?,?)", (ordinal, chunk.id, chunk.source, path, chunk.start, chunk.text)
        )

    def add_sentence(self, ordinal: int, chunk: int, sentence: Sentence) -> None:
        """Record a sentence under its ordinal and that of its chunk."""
        folded = sentence.folded or search_form(sentence.text)
        self._connection.execute(
            "insert into sentences values (?,?,?,?,?,?,?)",
            (ordinal, chunk, sentence.start, sentence.end, sentence.text, sentence.kind, folded),
        )


class Catalog:
    """Reads a catalogue; document metadata is held in memory, the rest is fetched as asked."""

    def __init__(self, path: Path, day: str = "") -> None:
        """Documents stand as they do on the ISO day; without one, as they did when the index was built."""
        self._connection = sqlite3.connect(
            f"file:{quote(str(path))}?mode=ro&immutable=1", uri=True, check_same_thread=False
        )
        self._lock = threading.Lock()
        self.titles: dict[str, str] = {}
        self.metas: dict[str, DocumentMeta] = {}
        for source, title, meta in self._rows("select source, title, meta from documents order by source"):
            recorded = _meta(meta)
            self.titles[source], self.metas[source] = title, on_day(recorded, day) if day else recorded
        self.chunk_sources = [s for (s,) in self._rows("select source from chunks order by ordinal")]
        self.sentence_chunks = [c for (c,) in self._rows("select chunk from sentences order by ordinal")]

    def close(self) -> None:
        """Release the file."""
        self._connection.close()

    def facets(self) -> Filters:
        """Every value that a filter can take; the latest year first."""
        metas = self.metas.values()
        return Filters(
            layers=_distinct(m.layer for m in metas),
            issuers=_distinct(issuer for m in metas for issuer in m.issuer),
            regions=_distinct(m.region for m in metas),
            years=_distinct(m.year for m in metas)[::-1],
            statuses=_distinct(m.status for m in metas),
            sources=tuple(self.metas),
        )

    def _rows(self, query: str, values: Sequence[object] = ()) -> list[tuple]:  # type: ignore[type-arg]
        with self._lock:
            return self._connection.execute(query, values).fetchall()

    def digests(self) -> dict[str, str]:
        """SHA-256 of every source file as it was ingested."""
        return dict(self._rows("select source, digest from documents"))

    def document(self, source: str) -> Document:
        """One document with its whole text. Raises KeyError for an unknown source."""
        rows = self._rows("select text from documents where source = ?", (source,))
        if not rows:
            raise KeyError(source)
        return Document(source, self.titles[source], rows[0][0], self.metas[source], self.pages(source))

    def pages(self, source: str) -> tuple[Page, ...]:
        """The pages of a document's file, in order."""
        rows = self._rows(
            "select number, start, end, faults, recognised from pages where source = ? order by start, number",
            (source,),
        )
        return tuple(Page(n, start, end, tuple(json.loads(faults)), bool(ocr)) for n, start, end, faults, ocr in rows)

    def page_at(self, source: str, start: int) -> int:
        """The number of the page on which a position of a document lies, 0 where its file has no pages."""
        rows = self._rows(
            "select number from pages where source = ? and start <= ? and end > ? order by start desc limit 1",
            (source, start, start),
        )
        return rows[0][0] if rows else 0

    def proofs(self, source: str) -> tuple[Proof, ...]:
        """The values of a document's metadata that some words prove."""
        query = "select key, value, source, start, end from proofs where document = ? order by rowid"
        return tuple(Proof(*row) for row in self._rows(query, (source,)))

    def conflicts(self, source: str) -> tuple[Conflict, ...]:
        """Where a document's metadata and its text disagree."""
        query = "select key, stated, found, start, end from conflicts where document = ? order by rowid"
        return tuple(Conflict(*row) for row in self._rows(query, (source,)))

    def links(self, source: str) -> tuple[Link, ...]:
        """The references of a document's text, in order."""
        query = "select start, end, source, label from links where document = ? order by start"
        return tuple(Link(*row) for row in self._rows(query, (source,)))

    def chunks(self, ordinals: Sequence[int]) -> dict[int, Chunk]:
        """Chunks by ordinal."""
        marks = ",".join("?" * len(ordinals))
        rows = self._rows(
            f"select ordinal, id, source, path, start, text from chunks where ordinal in ({marks})", ordinals
        )  # noqa: S608
        return {r[0]: Chunk(r[1], r[2], self.titles[r[2]], tuple(json.loads(r[3])), r[4], r[5]) for r in rows}

    def chunk_ordinals(self, source: str) -> tuple[int, ...]:
        """Ordinals of a document's chunks in text order."""
        rows = self._rows("select ordinal from chunks where source = ? order by start", (source,))
        return tuple(ordinal for (ordinal,) in rows)

    def sentences(self, chunk_ordinals: Sequence[int]) -> dict[int, list[tuple[int, Sentence]]]:
        """Per chunk its (ordinal, sentence) pairs in text order."""
        marks = ",".join("?" * len(chunk_ordinals))
        query = (
            "select chunk, ordinal, start, end, text, kind, folded from sentences "  # noqa: S608
            f"where chunk in ({marks}) order by ordinal"
        )
        rows = self._rows(query, chunk_ordinals)
        found: dict[int, list[tuple[int, Sentence]]] = {ordinal: [] for ordinal in chunk_ordinals}
        for chunk, ordinal, *fields in rows:
            found[chunk].append((ordinal, Sentence(*fields)))
        return found

    def sentences_between(self, source: str, start: int, end: int) -> tuple[Sentence, ...]:
        """The sentences of one stretch of a document in text order."""
        rows = self._rows(
            "select s.start, s.end, s.text, s.kind, s.folded from chunks c join sentences s on s.chunk = c.ordinal "
            "where c.source = ? and s.start >= ? and s.end <= ? order by s.start",
            (source, start, end),
        )
        return tuple(Sentence(*row) for row in rows)

    def enclosing(self, source: str, start: int, end: int) -> tuple[Section, ...]:
        """Sections that hold a stretch of a document, outermost first."""
        rows = self._rows(
            "select path, label, start, end from sections where source = ? and start <= ? and end >= ? "
            "order by start, end desc",
            (source, start, end),
        )
        return tuple(Section(tuple(json.loads(path)), label, first, last) for path, label, first, last in rows)

    def sections(self, source: str, label: str = "") -> tuple[Section, ...]:
        """Sections of a document, all or those with a label, in text order."""
        query = "select path, label, start, end from sections where source = ?"
        rows = self._rows(
            query + (" and label = ?" if label else "") + " order by start, end desc",
            (source, label) if label else (source,),
        )
        return tuple(Section(tuple(json.loads(path)), name, start, end) for path, name, start, end in rows)

    def sample_chunks(self, count: int) -> tuple[int, ...]:
        """About `count` chunk ordinals spread evenly over the knowledge base."""
        total = len(self.chunk_sources)
        return tuple(range(0, total, max(1, total // max(1, count))))[:count]


def _distinct(values: Iterable[str]) -> tuple[str, ...]:
    return tuple(sorted({value for value in values if value}))


def _meta(stored: str) -> DocumentMeta:
    values: dict[str, Any] = json.loads(stored)
    listed: dict[str, Any] = {key: tuple(v) if isinstance(v, list) else v for key, v in values.items()}
    return DocumentMeta(**listed)
