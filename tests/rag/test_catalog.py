"""The record: what goes in comes out, exactly."""

import sqlite3
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path

import pytest

from rag import generation
from rag.catalog import Catalog, CatalogWriter
from rag.config import Config
from rag.normalise import search_form
from rag.types import Chunk, Conflict, Document, DocumentMeta, Link, Page, Proof, Section, Sentence

META = DocumentMeta(
    layer="法律", doc_number="财金〔2025〕11号", issuer=("财政部", "人民银行"), issued="2025-02-19", topics=("担保",)
)
TEXT = "第一条 甲。\n\n第二条 乙。丙。\n"
PAGES = (Page(1, 0, 8), Page(2, 8, 17, ("garbled",), recognised=True))
DOCUMENT = Document("policies/办法.md", "办法", TEXT, META, PAGES)
PROOFS = (Proof("effective", "2025-03-01", DOCUMENT.source, 8, 14), Proof("status", "已废止", "policies/新.md", 3, 9))
CONFLICTS = (Conflict("issued", "2025-02-19", "2025-02-18", 0, 6),)
LINKS = (Link(4, 6, "policies/新.md", "第3条"), Link(12, 14, DOCUMENT.source))
SECTIONS = (Section(("总则",), "第1条", 0, 6), Section(("总则",), "第2条", 8, 16), Section((), "总则", 0, 17))
CHUNKS = (
    Chunk("a", DOCUMENT.source, "办法", ("总则",), 0, TEXT[:8]),
    Chunk("b", DOCUMENT.source, "办法", (), 8, TEXT[8:]),
)
SENTENCES = (
    (0, Sentence(0, 6, TEXT[:6])),
    (1, Sentence(8, 14, TEXT[8:14], "item")),
    (1, Sentence(14, 16, TEXT[14:16])),
)


def write(path: Path, copies: int = 1) -> None:
    with CatalogWriter(path) as writer:
        for _ in range(copies):
            writer.add_document(DOCUMENT, "digest", SECTIONS)
            writer.add_findings(DOCUMENT.source, PROOFS, CONFLICTS, LINKS)
        for ordinal, chunk in enumerate(CHUNKS):
            writer.add_chunk(ordinal, chunk)
        for ordinal, (owner, sentence) in enumerate(SENTENCES):
            writer.add_sentence(ordinal, owner, sentence)


@pytest.fixture
def catalog(tmp_path: Path):  # type: ignore[no-untyped-def]
    write(tmp_path / "catalog.sqlite")
    opened = Catalog(tmp_path / "catalog.sqlite")
    yield opened
    opened.close()


def test_everything_comes_back(catalog: Catalog) -> None:
    assert catalog.document(DOCUMENT.source) == DOCUMENT
    assert catalog.digests() == {DOCUMENT.source: "digest"}
    assert (catalog.titles, catalog.metas) == ({DOCUMENT.source: "办法"}, {DOCUMENT.source: META})
    assert catalog.chunks([1, 0]) == {0: CHUNKS[0], 1: CHUNKS[1]}
    found = [(n, owner, sentence) for owner, pairs in catalog.sentences([0, 1]).items() for n, sentence in pairs]
    assert [(owner, replace(sentence, folded="")) for _, owner, sentence in found] == list(SENTENCES)
    assert [n for n, _, _ in found] == [0, 1, 2]
    assert [sentence.folded for _, _, sentence in found] == [search_form(sentence.text) for _, sentence in SENTENCES]
    assert (catalog.chunk_sources, catalog.sentence_chunks) == ([DOCUMENT.source] * 2, [0, 1, 1])
    assert catalog.chunk_ordinals(DOCUMENT.source) == (0, 1)


def test_sections_outermost_first(catalog: Catalog) -> None:
    assert [section.label for section in catalog.sections(DOCUMENT.source)] == ["总则", "第1条", "第2条"]
    assert catalog.sections(DOCUMENT.source, "第2条") == (SECTIONS[1],)
    assert catalog.sections(DOCUMENT.source, "第9条") == ()
    assert catalog.sections("nowhere.md") == ()


def test_what_is_not_there(catalog: Catalog) -> None:
    with pytest.raises(KeyError):
        catalog.document("nowhere.md")
    assert catalog.chunks([]) == {}
    assert catalog.chunks([99]) == {}
    assert catalog.sentences([]) == {}
    assert catalog.chunk_ordinals("nowhere.md") == ()


@pytest.mark.parametrize("count", [0, 1, 2, 5])
def test_sampling(catalog: Catalog, count: int) -> None:
    assert len(catalog.sample_chunks(count)) == min(count, 2)


def test_a_catalogue_is_never_written_by_its_readers(catalog: Catalog) -> None:
    with pytest.raises(sqlite3.OperationalError):
        catalog._connection.execute("delete from documents")


def test_a_failed_writing_leaves_no_record(tmp_path: Path) -> None:
    path = tmp_path / "catalog.sqlite"
    with pytest.raises(sqlite3.IntegrityError):
        write(path, copies=2)
    opened = Catalog(path)
    assert opened.titles == {}
    opened.close()


def test_many_threads_read_at_once(catalog: Catalog) -> None:
    with ThreadPoolExecutor(8) as pool:
        found = list(pool.map(lambda n: catalog.chunks([n % 2])[n % 2].id, range(200)))
    assert found == ["a", "b"] * 100


def test_a_folder_with_a_chinese_name_and_a_blank(tmp_path: Path) -> None:
    path = tmp_path / "索 引" / "catalog.sqlite"
    path.parent.mkdir()
    write(path)
    Catalog(path).close()


@pytest.mark.parametrize("name", ["第#1版", "真的?", "100%23"])
def test_a_folder_with_signs_that_mean_something_in_a_uri(tmp_path: Path, name: str) -> None:
    path = tmp_path / name / "catalog.sqlite"
    path.parent.mkdir()
    write(path)
    Catalog(path).close()


def test_articles_of_the_small_knowledge_base(small_index: Config) -> None:
    catalog = Catalog(generation.published(small_index.index_dir) / generation.CATALOG)
    try:
        source = "policies/青山省农业保险条例.md"
        text = catalog.document(source).text
        (point,) = catalog.sections(source, "第4条第1款第2项")
        assert text[point.start : point.end] == "（二）有专门的农业保险经营部门并配备相应的专业人员；"
        (branch,) = catalog.sections(source, "第5条之1")
        assert text[branch.start : branch.end].startswith("第五条之一 保险机构可以")
        assert catalog.sections(source, "第8条") == (), "it is only referred to"
        labels = [s.label for s in catalog.sections(source) if s.label.endswith("条")]
        assert labels == [f"第{n}条" for n in range(1, 8)]
    finally:
        catalog.close()


def test_what_was_read_from_a_text_comes_back(catalog: Catalog) -> None:
    found = [part(DOCUMENT.source) for part in (catalog.proofs, catalog.conflicts, catalog.links, catalog.pages)]
    assert found == [PROOFS, CONFLICTS, LINKS, PAGES]
    assert [part("?") for part in (catalog.proofs, catalog.conflicts, catalog.links, catalog.pages)] == [()] * 4


@pytest.mark.parametrize(("start", "page"), [(0, 1), (7, 1), (8, 2), (16, 2), (17, 0)])
def test_page_at(catalog: Catalog, start: int, page: int) -> None:
    assert catalog.page_at(DOCUMENT.source, start) == page
