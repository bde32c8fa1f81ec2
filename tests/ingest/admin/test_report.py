"""The page about an index: whole, safe and self-contained."""

import json
import re
from html.parser import HTMLParser
from itertools import pairwise
from pathlib import Path

import pytest

from ingest.admin.lineage import HEIGHT, WIDTH, Lineage, lineage
from ingest.admin.overview import open_catalog, overview
from ingest.admin.report import details, embedded, wrapped, write_report
from ingest.plan import Plan
from rag.config import Config
from rag.errors import IndexMissing
from rag.types import DocumentMeta, Problem
from tests.ingest.written import NEW, OLD, TEXT, written_index

PLAN = Plan((), ("documents/新.pdf",), (), (), (), 2, (Problem("坏<b>.pdf", 0, "坏了", "重存"),), None)


class Reader(HTMLParser):
    """Collects the elements of a page and the data of its scripts."""

    def __init__(self) -> None:
        super().__init__()
        self.elements: list[tuple[str, dict[str, str | None]]] = []
        self.data: list[str] = []
        self._inside = False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, dict(attrs)))
        self._inside = tag == "script" and dict(attrs).get("type") == "application/json"

    def handle_data(self, data: str) -> None:
        if self._inside:
            self.data.append(data)
            self._inside = False


@pytest.fixture(scope="module")
def written(tmp_path_factory: pytest.TempPathFactory) -> Config:
    return written_index(tmp_path_factory.mktemp("written"))


@pytest.fixture(scope="module")
def page(written: Config) -> str:
    path = written.index_dir.parent / "out" / "资料.html"
    write_report(written, overview(written, PLAN), path, lambda *_: None)
    return path.read_text(encoding="utf-8")


def test_nothing_of_a_document_becomes_markup(page: str) -> None:
    reader = Reader()
    reader.feed(page)
    tags = {tag for tag, _ in reader.elements}
    assert not tags & {"img", "iframe"}
    assert sum(tag == "script" for tag, _ in reader.elements) == 3
    assert not any(name.startswith("on") for _, given in reader.elements for name in given)
    first, _ = (json.loads(data) for data in reader.data)
    assert first["text"] == TEXT


def test_nothing_is_fetched(page: str) -> None:
    assert "default-src 'none'" in page
    reader = Reader()
    reader.feed(page)
    asked = [v for _, given in reader.elements for name, v in given.items() if name in {"src", "href", "action"}]
    assert set(asked) <= {"#", "data:,"}
    assert "@import" not in page
    assert not re.findall(r"url\((?!#)", page)


def test_the_numbers_and_the_problems_stand_on_top(page: str) -> None:
    for part in ("坏&lt;b&gt;.pdf", "重存", "documents/新.pdf", "1 处不一致", "良好 1 页", "不可用 1 页"):
        assert part in page


def test_details(written: Config) -> None:
    with open_catalog(written) as catalog:
        found = details(catalog, NEW)
        old = details(catalog, OLD)
    assert [[*page[:1], *page[3:]] for page in found["pages"]] == [
        [1, "good", [], False],
        [2, "doubtful", ["数字粘连"], True],
        [3, "bad", ["乱码"], False],
    ]
    assert [(depth, label, inside) for depth, label, _, _, inside in found["sections"]] == [
        (0, "第一章 总则", 2),
        (1, "第1条", -1),
        (1, "第2条", -1),
        (0, "第二章 附则", 1),
        (1, "第3条", -1),
    ]
    proofs = {label: (value, quotes) for label, value, quotes in found["meta"]}
    before, words, after, title = proofs["施行日期"][1][0]
    assert (before, words, after, title) == ("第二条 本办法", "自2025年3月1日起施行", "，《旧办法》同时废止。", "")
    assert {label: quotes for label, _, quotes in old["meta"]}["效力"][0][3].startswith("新办法")
    assert found["conflicts"][0][:3] == ["成文日期", "2025-02-19", "2025-03-01"]
    assert found["links"] == [["《旧办法》第一条", "旧办法", "第1条", OLD]]
    assert all(TEXT[start:end] for start, end, _ in found["chunks"])


def test_no_index(tmp_path: Path) -> None:
    config = Config(kb_dir=tmp_path, index_dir=tmp_path / "index")
    with pytest.raises(IndexMissing):
        write_report(config, overview(config, PLAN), tmp_path / "r.html", lambda *_: None)
    assert not (tmp_path / "r.html").exists()


def test_data_cannot_end_its_element() -> None:
    hostile = {"a": "</script><!--&"}
    said = embedded(hostile)
    assert not set("<>&") & set(said)
    assert json.loads(said) == hostile


def test_titles_wrap() -> None:
    assert wrapped("甲" * 16) == ["甲" * 16]
    assert wrapped("甲" * 40) == ["甲" * 16, "甲" * 15 + "…"]


class TestLineage:
    def test_nothing(self) -> None:
        assert lineage({"a": "甲"}, {"a": DocumentMeta()}) == Lineage()

    def test_both_ways_of_saying_it_are_one_arrow(self) -> None:
        metas = {
            "new": DocumentMeta(doc_number="财金〔2025〕11号", replaces=("《旧办法》",), effective="2025-01-01"),
            "old": DocumentMeta(replaced_by=("财金(2025)11号",), status="已修改"),
        }
        (arrow,) = lineage({"new": "新办法", "old": "旧办法"}, metas).arrows
        assert (arrow.old.source, arrow.new.source, arrow.changes) == ("old", "new", True)
        assert arrow.old.x < arrow.new.x

    def test_a_text_that_is_not_held(self) -> None:
        (arrow,) = lineage({"new": "新"}, {"new": DocumentMeta(replaces=("旧<办法>",))}).arrows
        assert (arrow.old.source, arrow.old.title) == ("", "旧<办法>")

    def test_a_circle_and_a_text_that_names_itself(self) -> None:
        metas = {name: DocumentMeta(replaces=(other,)) for name, other in ("ab", "bc", "ca", "dd")}
        drawing = lineage({name: name for name in metas}, metas)
        assert len(drawing.arrows) == 3
        assert {box.source for box in drawing.boxes} == {"a", "b", "c"}

    @pytest.mark.parametrize("star", [True, False], ids=["one kills a hundred", "fifty pairs and a chain"])
    def test_a_hundred_do_not_overlap(self, star: bool) -> None:
        if star:
            metas = {"n0": DocumentMeta(replaces=tuple(f"旧{n}" for n in range(100)))}
        else:
            metas = {f"n{n}": DocumentMeta(replaces=(f"旧{n}",)) for n in range(50)}
            metas |= {f"c{n}": DocumentMeta(replaces=(f"c{n - 1}",)) for n in range(1, 51)}
        drawing = lineage({source: source for source in metas}, metas)
        assert len(drawing.arrows) == 100
        assert all(arrow.old.x < arrow.new.x for arrow in drawing.arrows)
        for x in {box.x for box in drawing.boxes}:
            column = sorted(box.y for box in drawing.boxes if box.x == x)
            assert all(below - above >= HEIGHT for above, below in pairwise(column))
        assert all(box.x + WIDTH <= drawing.width and box.y + HEIGHT <= drawing.height for box in drawing.boxes)
