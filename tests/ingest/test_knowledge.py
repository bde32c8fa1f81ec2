"""What texts prove of themselves and of one another: filled in, proved word for word, contradicted, linked."""

from datetime import date
from pathlib import Path

import pytest

from ingest.knowledge import Findings, informed, layer_of, links, read_alone
from ingest.plan import make_plan
from ingest.stated.particulars import particulars
from ingest.structure.tree import parse_blocks, sections_of
from rag.config import Config
from rag.types import Conflict, Document, DocumentMeta, Link

OLD = "农业贷款暂行办法\n（银发〔2010〕5号）\n第一条 为了支农，制定本办法。\n第二条 本办法自2010年3月1日起施行。\n"
NEW = (
    "中国人民银行令〔2020〕第3号\n农业贷款管理办法\n第一条 贷款期限不超过五年。\n"
    "第二条 依照《农业贷款暂行办法》第一条和本办法第一条办理。\n"
    "第三条 本办法自2020年5月1日起施行。《农业贷款暂行办法》（银发〔2010〕5号）同时废止。\n"
)
TODAY = date(2024, 1, 1)


def document(source: str, title: str, text: str, **meta: object) -> Document:
    return Document(source, title, text, DocumentMeta(**meta))  # type: ignore[arg-type]


def told(*documents: Document) -> tuple[dict[str, Document], dict[str, Findings]]:
    found = {d.source: particulars(d.text) for d in documents}
    alone, contradictions = read_alone(documents, found)
    known, findings = informed(alone, found, contradictions, TODAY)
    return {d.source: d for d in known}, findings


OLD_DOCUMENT, NEW_DOCUMENT = document("旧.txt", "农业贷款暂行办法", OLD), document("新.pdf", "农业贷款管理办法", NEW)


def test_a_new_text_kills_the_old_one_and_the_proof_stands_in_the_new_one() -> None:
    known, findings = told(OLD_DOCUMENT, NEW_DOCUMENT)
    old, new = known["旧.txt"].meta, known["新.pdf"].meta
    assert (old.status, old.ended, old.replaced_by) == ("已废止", "2020-04-30", ("农业贷款管理办法",))
    assert (new.status, new.effective, new.replaces) == ("现行有效", "2020-05-01", ("农业贷款暂行办法",))
    (proof,) = [p for p in findings["旧.txt"].proofs if p.key == "status"]
    assert (proof.value, proof.source) == ("已废止", "新.pdf")
    assert "同时废止" in NEW[proof.start : proof.end]


def test_alone_it_lives() -> None:
    assert told(OLD_DOCUMENT)[0]["旧.txt"].meta.status == "现行有效"


def test_every_proof_holds_its_value_in_its_words() -> None:
    _, findings = told(NEW_DOCUMENT)
    proofs = {proof.key: NEW[proof.start : proof.end] for proof in findings["新.pdf"].proofs}
    assert "〔2020〕第3号" in proofs["doc_number"]
    assert "2020年5月1日" in proofs["effective"]
    assert "中国人民银行" in proofs["issuer"]


def test_front_matter_wins_and_the_contradiction_is_told() -> None:
    stated = document("新.pdf", "农业贷款管理办法", NEW, effective="2020-06-01", layer="部门规章")
    known, findings = told(stated)
    assert known["新.pdf"].meta.effective == "2020-06-01"
    (conflict,) = findings["新.pdf"].conflicts
    assert isinstance(conflict, Conflict)
    assert (conflict.key, conflict.stated, conflict.found) == ("effective", "2020-06-01", "2020-05-01")
    assert "2020年5月1日起施行" in NEW[conflict.start : conflict.end]
    assert not [p for p in findings["新.pdf"].proofs if p.key == "effective"], (
        "what proves another value proves nothing"
    )


def test_a_paper_and_figures_say_nothing_of_themselves() -> None:
    paper = document("paper/文.md", "文", NEW, layer="论文观点", author="某")
    assert told(paper)[0]["paper/文.md"] == paper


@pytest.mark.parametrize(
    ("title", "meta", "layer"),
    [
        ("商业银行法", DocumentMeta(issuer=("全国人民代表大会常务委员会",)), "法律"),
        ("担保条例", DocumentMeta(doc_number="国务院令第683号", issuer=("国务院",)), "行政法规"),
        ("某省金融条例", DocumentMeta(issuer=("山东省人民代表大会常务委员会",), region="山东"), "地方法规"),
        ("关于支农的通知", DocumentMeta(issuer=("山东省人民政府办公厅",), region="山东"), "地方政策"),
        ("贷款办法", DocumentMeta(doc_number="中国人民银行令〔2020〕第3号", region="全国"), "部门规章"),
        ("关于支农的意见", DocumentMeta(issuer=("国务院",), region="全国"), "政策规定"),
        ("记录", DocumentMeta(), "其他资料"),
    ],
)
def test_the_layer_of_a_text_that_lies_anywhere(title: str, meta: DocumentMeta, layer: str) -> None:
    assert layer_of(title, meta) == layer


def test_references_lead_to_clauses_here_and_elsewhere() -> None:
    sections = {d.source: sections_of(d.text, parse_blocks(d.text)) for d in (OLD_DOCUMENT, NEW_DOCUMENT)}
    labels = {source: frozenset(s.label for s in found) for source, found in sections.items()}
    found = links(NEW_DOCUMENT, sections["新.pdf"], {"农业贷款暂行办法": "旧.txt"}, labels)
    said = [(NEW[link.start : link.end], link.source, link.label) for link in found]
    assert ("旧.txt", "第1条") in [(source, label) for _, source, label in said]
    assert ("新.pdf", "第1条") in [(source, label) for _, source, label in said]
    assert all(isinstance(link, Link) and link.start < link.end for link in found)
    assert not links(NEW_DOCUMENT, sections["新.pdf"], {}, {"新.pdf": frozenset()}), "what is not there has no link"


def test_a_folder_of_bare_files_is_known_by_its_texts(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_bytes(OLD.encode("gb18030"))
    (tmp_path / "b.txt").write_text(NEW, encoding="utf-16")
    plan = make_plan(Config(kb_dir=tmp_path, index_dir=tmp_path / "index"), "", lambda *_: None)
    found = {d.source: (d.title, d.meta.layer, d.meta.status) for d, _ in plan.files}
    assert found == {
        "a.txt": ("农业贷款暂行办法", "政策规定", "已废止"),
        "b.txt": ("农业贷款管理办法", "部门规章", "现行有效"),
    }
