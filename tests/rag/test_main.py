"""`python -m rag`: one answer on the command line."""

import json
from pathlib import Path

import pytest

from rag.__main__ import as_text, main
from rag.chain import Rag
from rag.config import Config
from rag.journal import Journal
from rag.types import Answer


@pytest.fixture
def served(kb_index: Config, model_cache: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The environment of a command line that asks the shipped knowledge base; its journal's path."""
    monkeypatch.setenv("KBQA_INDEX_DIR", str(kb_index.index_dir))
    monkeypatch.setenv("KBQA_CACHE_DIR", str(model_cache))
    journal = tmp_path / "journal.sqlite"
    monkeypatch.setenv("KBQA_JOURNAL_URL", f"sqlite:///{journal}")
    return journal


class TestAnswers:
    def test_json_a_source_and_the_gaps(self, served: Path, capsys: pytest.CaptureFixture[str]) -> None:
        source = "policies/农业保险条例.md"
        assert main(["多久支付保险金", "--json", "--source", source]) == 0
        answer = json.loads(capsys.readouterr().out)
        assert answer["found"] is True
        assert answer["citations"]
        assert {citation["source"] for citation in answer["citations"]} == {source}
        assert {passage["chunk"]["source"] for passage in answer["passages"]} == {source}
        assert answer["passages"][0]["trace"]["fused"] > 0

        assert main(["黑洞是怎么形成的", "--layer", "论文观点"]) == 0
        assert capsys.readouterr().out.startswith("知识库未见依据")
        assert main(["--gaps"]) == 0
        (gap,) = capsys.readouterr().out.splitlines()
        assert "黑洞是怎么形成的" in gap
        assert [question for _, question, _ in Journal(f"sqlite:///{served}").gaps()] == ["黑洞是怎么形成的"]


class TestWithoutAnIndex:
    def test_help(self, capsys: pytest.CaptureFixture[str]) -> None:
        with pytest.raises(SystemExit) as left:
            main(["--help"])
        assert left.value.code == 0
        shown = capsys.readouterr().out
        for option in ("--json", "--layer", "--source", "--gaps"):
            assert option in shown

    def test_nothing_asked(self, capsys: pytest.CaptureFixture[str]) -> None:
        with pytest.raises(SystemExit) as left:
            main([])
        assert left.value.code == 2
        assert "问题" in capsys.readouterr().err

    def test_no_index(
        self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
    ) -> None:
        monkeypatch.setenv("KBQA_INDEX_DIR", str(tmp_path / "none"))
        assert main(["县域存贷比"]) == 3
        said = capsys.readouterr()
        assert "python -m ingest" in said.err
        assert said.out == ""

    def test_an_unknown_setting(self, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
        monkeypatch.setenv("KBQA_INDEX_DIRECTORY", "x")
        assert main(["县域存贷比"]) == 2
        said = capsys.readouterr().err
        assert "KBQA_INDEX_DIRECTORY" in said
        assert "KBQA_INDEX_DIR" in said

    def test_gaps_without_an_index(
        self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
    ) -> None:
        monkeypatch.setenv("KBQA_INDEX_DIR", str(tmp_path / "none"))
        assert main(["--gaps"]) in {3, 74}
        assert capsys.readouterr().err.strip()


class TestText:
    def test_a_refusal_shows_the_nearest(self, small_rag: Rag) -> None:
        shown = as_text(small_rag.ask("台风什么时候登陆"))
        assert "最接近的内容：" in shown
        assert "出处：" not in shown

    def test_an_answer_shows_its_sources(self, kb_rag: Rag) -> None:
        shown = as_text(kb_rag.ask("截至2024年底县域存贷比是多少，比全国低多少？"))
        assert "62%" in shown
        assert "[1] 《金融赋能县域经济高质量发展路径探究》" in shown
        assert "paper/金融赋能县域经济高质量发展路径探究.md" in shown

    def test_every_citation_is_listed(self, small_rag: Rag) -> None:
        answer = small_rag.ask("《青山省农业保险条例》第四条")
        lines = as_text(answer).split("出处：")[1].splitlines()
        assert [line.split("]")[0] for line in lines if line] == [f"[{c.number}" for c in answer.citations]

    def test_a_refusal_without_passages(self) -> None:
        assert "知识库未见依据" in as_text(Answer("某事", text="知识库未见依据。"))
