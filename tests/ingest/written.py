"""A generation that was written by hand: a catalogue with everything a document can have, and nothing to search."""

from pathlib import Path

from rag import generation
from rag.catalog import CatalogWriter
from rag.config import OFF, Config
from rag.types import Chunk, Conflict, Document, DocumentMeta, Link, Page, Proof, Section, Sentence

NEW, OLD = "policies/新办法.pdf", "policies/旧办法.md"
TEXT = (
    "第一章 总则\n第一条 为了规范<b>管理</b>，𫄷县制定本办法。\n"
    "第二条 本办法自2025年3月1日起施行，《旧办法》同时废止。\n"
    "第二章 附则\n第三条 依照《旧办法》第一条执行。\n"
)
OLD_TEXT = "第一条 旧的规定。\n"


def place(words: str, text: str = TEXT) -> tuple[int, int]:
    return text.index(words), text.index(words) + len(words)


SECOND = TEXT.index("第二章")
META = DocumentMeta(
    layer="政策规定", doc_number="财金〔2025〕11号", issued="2025-02-19", status="现行有效", replaces=("旧办法",)
)
PAGES = (
    Page(1, 0, 13),
    Page(2, 13, SECOND, ("glued_numbers",), recognised=True),
    Page(3, SECOND, len(TEXT), ("garbled",)),
)
DOCUMENT = Document(NEW, '新办法</script><img src=x onerror="1">', TEXT, META, PAGES)
OLD_META = DocumentMeta(layer="政策规定", status="已废止", replaced_by=("财金〔2025〕11号",), effective="2020-01-01")
OLD_DOCUMENT = Document(OLD, "旧办法", OLD_TEXT, OLD_META)
SECTIONS = (
    Section((), "第一章 总则", 0, SECOND),
    Section(("第一章 总则",), "第1条", *place("第一条 为了规范<b>管理</b>，𫄷县制定本办法。")),
    Section(("第一章 总则",), "第1条第1款", *place("第一条 为了规范<b>管理</b>，𫄷县制定本办法。")),
    Section(("第一章 总则",), "第2条", *place("第二条 本办法自2025年3月1日起施行，《旧办法》同时废止。")),
    Section((), "第二章 附则", SECOND, len(TEXT)),
    Section(("第二章 附则",), "第3条", *place("第三条 依照《旧办法》第一条执行。")),
)
PROOFS = (
    Proof("effective", "2025-03-01", NEW, *place("自2025年3月1日起施行")),
    Proof("status", "已废止", NEW, *place("《旧办法》同时废止")),
)
CONFLICTS = (Conflict("issued", "2025-02-19", "2025-03-01", *place("2025年3月1日")),)
LINKS = (Link(*place("《旧办法》第一条"), OLD, "第1条"),)
CHUNKS = (
    Chunk("a", NEW, DOCUMENT.title, ("第一章 总则",), 0, TEXT[:SECOND]),
    Chunk("b", NEW, DOCUMENT.title, ("第二章 附则",), SECOND, TEXT[SECOND:]),
    Chunk("c", OLD, "旧办法", (), 0, OLD_TEXT),
)


def write_catalog(path: Path, *, links: tuple[Link, ...] = LINKS, chunks: tuple[Chunk, ...] = CHUNKS) -> None:
    with CatalogWriter(path) as catalog:
        catalog.add_document(DOCUMENT, "digest", SECTIONS)
        catalog.add_document(OLD_DOCUMENT, "digest of old", (Section((), "第1条", 0, len(OLD_TEXT) - 1),))
        catalog.add_findings(NEW, PROOFS[:1], CONFLICTS, links)
        catalog.add_findings(OLD, PROOFS[1:], (), ())
        for ordinal, chunk in enumerate(chunks):
            catalog.add_chunk(ordinal, chunk)
        catalog.add_sentence(0, 2, Sentence(0, len(OLD_TEXT) - 1, OLD_TEXT[:-1]))


def written_index(root: Path) -> Config:
    """The configuration of an index whose published generation is only a catalogue."""
    name = "20250101T000000000000-written"
    directory = root / "index" / generation.GENERATIONS / name
    directory.mkdir(parents=True)
    write_catalog(directory / generation.CATALOG)
    figures = (2, len(CHUNKS), 1, len(TEXT) + len(OLD_TEXT))
    manifest = generation.Manifest(name, "20250101T000000000000", "none", "none", *figures, 1.0)
    generation.write_manifest(directory, manifest)
    (root / "index" / generation.POINTER).write_text(name, encoding="ascii")
    (root / "kb").mkdir()
    return Config(kb_dir=root / "kb", index_dir=root / "index", cache_dir=root / "cache", reader=OFF)
