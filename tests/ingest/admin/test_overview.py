"""Rows of a catalogue, and whether the knowledge base is in step with it."""

from dataclasses import replace
from pathlib import Path

import pytest

from ingest.admin import consistency, terminal
from ingest.admin.consistency import catalog_checks
from ingest.admin.overview import BAD, DOUBTFUL, GOOD, open_catalog, overview, quality, row
from ingest.plan import Plan
from rag import generation
from rag.config import Config
from rag.errors import IndexMismatch, IndexMissing
from rag.types import Chunk, Link, Page, Problem
from tests.ingest.written import NEW, OLD, TEXT, write_catalog, written_index

NOTHING = Plan((), (), (), (), (), 2, (), None)


@pytest.fixture(scope="module")
def written(tmp_path_factory: pytest.TempPathFactory) -> Config:
    return written_index(tmp_path_factory.mktemp("written"))


def test_a_row(written: Config) -> None:
    with open_catalog(written) as catalog:
        found = row(catalog, NEW)
    assert (found.articles, found.chunks, found.characters, found.conflicts) == (3, 2, len(TEXT), 1)
    assert (found.good, found.recognised, found.faulty, found.pages) == (1, 0, 2, 3)
    assert (found.layer, found.doc_number, found.status) == ("政策规定", "财金〔2025〕11号", "现行有效")


def test_in_step(written: Config) -> None:
    found = overview(written, NOTHING)
    assert found.in_step
    assert found.total("articles") == 4
    said = "\n".join(terminal.status_lines(found, "kb"))
    assert "2 份文件 · 4 条 · 3 段" in said
    assert "1 页良好 · 0 页由扫描识别 · 2 页有问题" in said
    assert "不一致：1 处" in said
    assert terminal.status_json(found)["totals"]["articles"] == 4


def test_out_of_step(written: Config) -> None:
    problem = Problem("坏.pdf", 0, "文件已损坏", "请重新保存")
    names = tuple(f"{n}.md" for n in range(9))
    plan = Plan((), names, (OLD,), (NEW,), (("a.md", "b.md"),), 0, (problem,), None, "首次")
    said = "\n".join(terminal.status_lines(overview(written, plan), "kb"))
    for part in ("（9）", " 等", f"改过（1）：{OLD}", NEW, "a.md → b.md", "坏.pdf：文件已损坏。请重新保存。", "首次"):
        assert part in said


@pytest.mark.parametrize(("added", "word"), [((), "空的"), (("a.md",), "有 1 个")])
def test_before_the_first_index(tmp_path: Path, added: tuple[str, ...], word: str) -> None:
    found = overview(Config(kb_dir=tmp_path, index_dir=tmp_path), Plan((), added, (), (), (), 0, (), None))
    assert (found.generation, found.rows) == ("", ())
    (said,) = terminal.status_lines(found, "kb")
    assert word in said


def test_no_index_no_catalogue(tmp_path: Path) -> None:
    with pytest.raises(IndexMissing), open_catalog(Config(kb_dir=tmp_path, index_dir=tmp_path)):
        pass


@pytest.mark.parametrize(
    ("page", "found"),
    [
        (Page(1, 0, 1), GOOD),
        (Page(1, 0, 1, recognised=True), DOUBTFUL),
        (Page(1, 0, 1, ("broken_table",)), DOUBTFUL),
        (Page(1, 0, 1, ("glued_numbers", "garbled")), BAD),
        (Page(1, 0, 0, ("no_text",), recognised=True), BAD),
    ],
)
def test_the_quality_of_a_page(page: Page, found: str) -> None:
    assert quality(page) == found


def test_an_index_of_another_format(tmp_path: Path) -> None:
    config = written_index(tmp_path)
    directory = generation.published(config.index_dir)
    generation.write_manifest(directory, replace(generation.read_manifest(directory), format=1))
    with pytest.raises(IndexMismatch, match="python -m ingest"), open_catalog(config):
        pass
    (check,) = consistency.checks(config)
    assert "格式不同" in check.detail
    assert check.cure


class TestConsistency:
    def test_a_sound_catalogue(self, tmp_path: Path) -> None:
        write_catalog(tmp_path / "c")
        found = list(catalog_checks(tmp_path / "c"))
        assert [check.cure for check in found] == [""] * 6
        assert "3" in found[0].detail

    @pytest.mark.parametrize(
        ("change", "wrong"),
        [
            ({"links": (Link(0, 4, "nowhere.md"),)}, consistency.texts.CHECK_LINKS),
            ({"links": (Link(0, 4, OLD, "第9条"),)}, consistency.texts.CHECK_LINKS),
            ({"links": (Link(0, 10**6, OLD),)}, consistency.texts.CHECK_LINKS),
            ({"chunks": (Chunk("a", NEW, "", (), 1, TEXT[:5]),)}, consistency.texts.CHECK_CHUNKS),
        ],
    )
    def test_what_is_wrong_is_found(self, tmp_path: Path, change: dict[str, tuple[object, ...]], wrong: str) -> None:
        write_catalog(tmp_path / "c", **change)  # type: ignore[arg-type]
        found = [check for check in catalog_checks(tmp_path / "c") if check.cure]
        assert [check.name for check in found] == [wrong]
        assert NEW in found[0].detail
