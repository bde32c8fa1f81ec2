"""Third-party question sets: rows become cases, documents become files, and the product is asked."""

import json
from pathlib import Path
from typing import Any

import pytest
import yaml

from eval.bench import (
    ROWS,
    SETS,
    BenchDocument,
    available,
    evaluate_set,
    make_case,
    read_rows,
    read_set,
    values_of,
    write_corpus,
)
from eval.cases import Gold
from ingest.load import read_file
from rag.config import Config

DOCUMENTS = {
    "a": BenchDocument("a", "甲办法", "第一条 期限为5个工作日。\n第二条 电话020-1。"),
    "b#1": BenchDocument("b#1", "", "乙没有题名。"),
}


def row(**changes: Any) -> dict[str, Any]:
    plain = {
        "id": "x-1",
        "question": "期限多长？",
        "answers": ["5个工作日", "5"],
        "answer_type": "number",
        "answerable": True,
        "gold_doc_ids": ["a"],
        "gold_texts": [],
        "corpus": "corpus.jsonl",
        "meta": {},
    }
    return plain | changes


def write_set(directory: Path, rows: list[dict[str, Any]], documents: dict[str, list[BenchDocument]]) -> Path:
    directory.mkdir(parents=True)
    lines = [json.dumps(member, ensure_ascii=False) for member in rows]
    (directory / ROWS).write_text("\n".join(lines) + "\n", encoding="utf-8")
    for name, members in documents.items():
        told = [{"doc_id": d.id, "title": d.title, "text": d.text, "meta": {}} for d in members]
        text = "\n".join(json.dumps(member, ensure_ascii=False) for member in told)
        (directory / name).write_text(text, encoding="utf-8")
    return directory


def test_a_row_becomes_a_case() -> None:
    case = make_case(row(gold_texts=["期限为 5个工作日"]), DOCUMENTS)
    assert (case.id, case.kind, case.question, case.answerable) == ("x-1", "number", "期限多长？", True)
    assert case.gold == (Gold("a.md", "期限为 5个工作日"),)
    assert case.values == (("5个工作日", "5"),)
    assert case.context == ()


def test_a_quote_goes_to_the_document_that_holds_it() -> None:
    case = make_case(row(gold_doc_ids=["b#1", "a"], gold_texts=["电话020-1", "期限为5个工作日"]), DOCUMENTS)
    other = DOCUMENTS["b#1"].source
    assert case.gold == (Gold(other), Gold("a.md", "电话020-1"), Gold("a.md", "期限为5个工作日"))


def test_an_unanswerable_row_has_neither_gold_nor_values() -> None:
    case = make_case(row(answer_type="refuse", answerable=False, answers=[]), DOCUMENTS)
    assert (case.kind, case.gold, case.values, case.answerable) == ("refuse", (), (), False)


def test_a_row_of_retrieval_alone_has_no_values() -> None:
    case = make_case(row(answer_type="none", answers=[]), DOCUMENTS)
    assert case.answerable
    assert case.values == ()
    assert case.gold == (Gold("a.md"),)


def test_gold_outside_the_prescribed_context_is_no_gold() -> None:
    case = make_case(row(gold_doc_ids=["a", "b#1", "b#1", "gone"], context_ids=["b#1", "b#1"]), DOCUMENTS)
    assert case.context == (DOCUMENTS["b#1"].source,)
    assert case.gold == (Gold(DOCUMENTS["b#1"].source),)


@pytest.mark.parametrize(
    ("meta", "expected"),
    [
        ({"answer_groups": [["131万", "1313851"], ["187万"]]}, (("131万", "1313851"), ("187万",))),
        ({"answer_alternatives": [["674", "702"], ["文史674", "理工702"]]}, (("674", "文史674"), ("702", "理工702"))),
        ({"answer_alternatives": [["2010"], ["2010年"]]}, (("2010", "2010年"),)),
        ({"answer_alternatives": [["一至三"], ["一", "三"]]}, (("一",), ("三",))),
        ({}, (("5个工作日", "5"),)),
    ],
)
def test_values(meta: dict[str, Any], expected: tuple[tuple[str, ...], ...]) -> None:
    assert values_of(row(meta=meta)) == expected


def test_a_closed_set_keeps_only_the_documents_of_its_contexts(tmp_path: Path) -> None:
    documents = {
        "corpus.jsonl": [*DOCUMENTS.values(), BenchDocument("c", "", "没有人问。")],
        "corpus_false.jsonl": [BenchDocument("d", "", "假的。"), BenchDocument("e", "", "没有人问。")],
    }
    closed = write_set(tmp_path / "closed", [row(context_ids=["a", "d"]), row(context_ids=["b#1"])], documents)
    assert [document.id for document in read_set(closed).documents] == ["a", "b#1", "d"]
    opened = write_set(tmp_path / "opened", [row(context_ids=["a", "d"]), row()], documents)
    assert len(read_set(opened).documents) == 5


def test_questions_that_the_product_rejects_are_counted(tmp_path: Path) -> None:
    rows = [row(), row(question="长" * 2001), row(question=" \n"), row(question="？？")]
    bench = read_set(write_set(tmp_path / "set", rows, {"corpus.jsonl": list(DOCUMENTS.values())}))
    assert (len(bench.cases), bench.skipped) == (1, 3)


def test_a_broken_line_is_named(tmp_path: Path) -> None:
    path = tmp_path / "rows.jsonl"
    path.write_text('{"id": 1}\n{"id": \n', encoding="utf-8")
    with pytest.raises(ValueError, match=r"rows\.jsonl line 2"):
        read_rows(path)


def test_documents_become_files_that_ingest_can_read(tmp_path: Path) -> None:
    awkward = BenchDocument("../x:1", '引号"与\n换行: # 号', "---\n不是文件头\r\n正文。")
    dashes = BenchDocument("dashes", "", "---\n没有题名，以横线开头。")
    documents = [*DOCUMENTS.values(), awkward, dashes]
    assert write_corpus(documents, tmp_path) == len(documents)
    read = {path.name: read_file(path, tmp_path) for path in tmp_path.iterdir()}
    assert set(read) == {document.source for document in documents}
    assert read["a.md"].front_matter == {"title": "甲办法"}
    assert read["a.md"].body == DOCUMENTS["a"].text
    assert read[DOCUMENTS["b#1"].source].front_matter == {}
    assert read[awkward.source].front_matter == {"title": '引号"与 换行: # 号'}
    assert read[awkward.source].body == "---\n不是文件头\n正文。"
    assert read["dashes.md"].body == dashes.text


def test_only_changed_files_are_written_and_strange_ones_removed(tmp_path: Path) -> None:
    write_corpus(list(DOCUMENTS.values()), tmp_path)
    before = (tmp_path / "a.md").stat().st_mtime_ns
    assert write_corpus([DOCUMENTS["a"], BenchDocument("c", "", "新的\r\n。")], tmp_path) == 1
    assert (tmp_path / "a.md").stat().st_mtime_ns == before
    assert sorted(path.name for path in tmp_path.iterdir()) == ["a.md", "c.md"]
    assert write_corpus([DOCUMENTS["a"], BenchDocument("c", "", "新的\r\n。")], tmp_path) == 0


def test_ids_that_only_differ_in_unsafe_characters_keep_apart() -> None:
    sources = {BenchDocument(identity, "", "").source for identity in ("1#2", "1_2", "1/2", "1.2")}
    assert len(sources) == 4
    assert all("/" not in source and "#" not in source for source in sources)


def test_an_absent_set_is_skipped_with_a_reason(tmp_path: Path) -> None:
    told: list[str] = []
    run = evaluate_set(Config(), tmp_path, "rgb", tmp_path / "work", lambda what, *_: told.append(what))
    assert run == {}
    assert "没有找到" in told[0]
    assert "rgb" in told[0]
    assert available(tmp_path) == ()
    assert not (tmp_path / "work").exists()


@pytest.mark.parametrize("name", SETS)
def test_the_real_sets(shared: Path, name: str) -> None:
    if name not in available(shared):
        pytest.skip(f"{name} is absent from {shared}")
    bench = read_set(shared / "bench" / name)
    sources = {document.source for document in bench.documents}
    assert bench.cases
    assert bench.skipped == 0
    assert len(sources) == len(bench.documents)
    assert len({case.id for case in bench.cases}) == len(bench.cases)
    for case in bench.cases:
        assert case.answerable or not (case.gold or case.values)
        assert {*case.context, *(gold.source for gold in case.gold)} <= sources
        assert all(wording for value in case.values for wording in value)
    titled = [document for document in bench.documents if document.title]
    assert all(yaml.safe_load(document.markdown.split("\n")[1])["title"] for document in titled)


def test_what_the_real_sets_hold(shared: Path) -> None:
    if set(available(shared)) != set(SETS):
        pytest.skip(f"{shared} lacks some of the sets")
    sets = {name: read_set(shared / "bench" / name) for name in SETS}
    counts = {name: sum(case.answerable for case in bench.cases) for name, bench in sets.items()}
    assert counts["gd_gov_items"] == 300
    assert counts["cdqa"] == 0
    assert sets["cdqa"].documents == ()
    assert all(case.context for name in ("rgb", "nomiracl_zh") for case in sets[name].cases)
    assert all(gold.quote for case in sets["gd_gov_items"].cases for gold in case.gold)
    assert max(len(case.values) for case in sets["rgb"].cases) > 1
