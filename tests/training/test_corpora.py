"""Questions from files in the layout of SQuAD, from our own lines, and from the figures of a text."""

import json
import random
from pathlib import Path

import pytest

from rag.config import ROOT
from training.corpora import (
    HERE,
    LAWS_HELD_OUT,
    PUBLIC,
    Question,
    facts,
    own_corpus,
    own_documents,
    own_questions,
    public_corpus,
    reading_comprehension,
    sentence_at,
)

TEXT = "青山县在山中。全县有三家银行，其中两家在县城。"
SEEDS = range(30)
FROZEN = ROOT / "eval" / "cases" / "test_documents.txt"


def asked(question: str, *answers: tuple[str, int], silent: bool | None = None) -> dict[str, object]:
    row: dict[str, object] = {
        "question": question,
        "answers": [{"text": text, "answer_start": start} for text, start in answers],
    }
    return row if silent is None else row | {"is_impossible": silent}


def write(path: Path, *entries: tuple[str, list[tuple[str, list[dict[str, object]]]]]) -> Path:
    data = [
        {"title": title, "paragraphs": [{"context": text, "qas": qas} for text, qas in paragraphs]}
        for title, paragraphs in entries
    ]
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps({"version": "1", "data": data}, ensure_ascii=False), encoding="utf-8")
    return path


class TestReadingComprehension:
    def test_one_document_a_paragraph(self, tmp_path: Path) -> None:
        path = write(tmp_path / "a.json", ("青山", [(TEXT, []), ("二。", [])]), ('引号"', [("三。", [])]))
        assert reading_comprehension(path, "x").documents == {
            "x/00000.md": f'---\ntitle: "青山"\n---\n{TEXT}',
            "x/00001.md": '---\ntitle: "青山"\n---\n二。',
            "x/00002.md": '---\ntitle: "引号\\""\n---\n三。',
        }

    def test_questions(self, tmp_path: Path) -> None:
        qas = [
            asked("有几家银行？", ("三家", 10), ("三家银行", 10)),
            asked("两家在哪？", ("县城", 20), silent=False),
            asked("有几家保险公司？", silent=True),
        ]
        path = write(tmp_path / "a.json", ("无", [("一。", [])]), ("青山", [(TEXT, qas)]))
        whole = "全县有三家银行，其中两家在县城。"
        assert reading_comprehension(path, "x").questions == (
            Question("有几家银行？", "x/00001.md", "x", "三家", whole),
            Question("两家在哪？", "x/00001.md", "x", "县城", whole),
            Question("有几家保险公司？", "x/00001.md", "x-silent"),
        )

    @pytest.mark.parametrize("answers", [[("三家", 9)], [("四家", 10)], [("", 0)], [("三家", 99)], []])
    def test_an_answer_that_is_not_where_it_says_is_dropped(
        self, tmp_path: Path, answers: list[tuple[str, int]]
    ) -> None:
        path = write(tmp_path / "a.json", ("青山", [(TEXT, [asked("有几家银行？", *answers)])]))
        assert reading_comprehension(path, "x").questions == ()

    def test_three_files_together(self, tmp_path: Path) -> None:
        for name, place in PUBLIC.items():
            write(tmp_path / place, (name, [(TEXT, [asked(name, ("三家", 10))])]))
        corpus = public_corpus(tmp_path)
        assert [*corpus.documents] == ["drcd-a/00000.md", "drcd-b/00000.md", "squad/00000.md"]
        assert [(q.text, q.source, q.kind) for q in corpus.questions] == [
            (name, f"{name}/00000.md", name) for name in ("drcd-a", "drcd-b", "squad")
        ]

    def test_an_absent_file(self, tmp_path: Path) -> None:
        with pytest.raises(FileNotFoundError, match="DRCD_dev"):
            public_corpus(tmp_path)


@pytest.mark.parametrize(
    ("position", "sentence"),
    [
        (0, "甲乙。"),
        (2, "甲乙。"),
        (3, "丙？"),
        (5, "丁！"),
        (7, "戊；"),
        (9, "己"),
        (12, "庚辛"),
        (14, "庚辛"),
    ],
)
def test_the_sentence_of_a_position(position: int, sentence: str) -> None:
    assert sentence_at("甲乙。丙？丁！戊；己\n  庚辛", position) == sentence


class TestOwn:
    @pytest.fixture
    def folder(self, tmp_path: Path) -> Path:
        texts = {
            "kb/README.md": "不是资料",
            "kb/policies/担保办法.md": "单户担保金额不超过1000万元。",
            "kb/policies/冻结.md": "测试问题的文件",
            "kb/policies/附件.txt": "不是 Markdown",
            "kb/lexicon/词.md": "词",
            "kb/paper/论文.md": "# 题\n## 1 现状\n一\n## 2 启示\n二\n### 2.1 经验\n三\n## 3 路径\n四\n",
            "laws/law_keep_2020.txt": "第一条 保留。",
            "laws/law_shangye_yinhang_2015.txt": "第一条 留给测试。",
            "eval/cases/test_documents.txt": "policies/冻结.md\npolicies/没有.md\n",
        }
        for place, text in texts.items():
            path = tmp_path / place
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text, encoding="utf-8")
        return tmp_path

    def test_documents(self, folder: Path) -> None:
        assert own_documents(folder / "kb", folder / "laws") == {
            "paper/论文.md": "# 题\n## 1 现状\n一\n## 3 路径\n四\n",
            "policies/担保办法.md": "单户担保金额不超过1000万元。",
            "laws/law_keep_2020.md": "第一条 保留。",
        }

    def test_questions(self, tmp_path: Path) -> None:
        row = {"source": "laws/a.txt", "quote": "不超过1%。", "answer": "1%", "ask": ["多少？", "几何？"]}
        (tmp_path / "b.jsonl").write_text(json.dumps(row | {"silent": ["谁定？"]}) + "\n", encoding="utf-8")
        other = {"source": "policies/b.md", "quote": "二。", "answer": "二", "ask": [], "silent": ["何时？"]}
        (tmp_path / "a.jsonl").write_text(json.dumps(other) + "\n", encoding="utf-8")
        (tmp_path / "notes.txt").write_text("{", encoding="utf-8")
        assert [*own_questions(tmp_path)] == [
            Question("何时？", "policies/b.md", "own-silent", "", "二。"),
            Question("多少？", "laws/a.md", "own", "1%", "不超过1%。"),
            Question("几何？", "laws/a.md", "own", "1%", "不超过1%。"),
            Question("谁定？", "laws/a.md", "own-silent", "", "不超过1%。"),
        ]

    def test_texts_and_questions_together(self, folder: Path) -> None:
        corpus = own_corpus(folder / "kb", folder / "laws", random.Random(1))
        assert len(corpus.documents) == 3
        made = [q for q in corpus.questions if q.kind.startswith("fact")]
        assert [(q.source, q.kind, q.answer) for q in made] == [
            ("policies/担保办法.md", "fact", "1000万元"),
            ("policies/担保办法.md", "fact-twin", ""),
        ]
        assert [*corpus.questions] == [*own_questions(HERE / "questions"), *made]


class TestShippedTexts:
    """What is trained on knows nothing of the frozen test questions."""

    def test_no_document_of_a_frozen_question(self, tmp_path: Path) -> None:
        documents = own_documents(ROOT / "kb", tmp_path)
        frozen = FROZEN.read_text(encoding="utf-8").split()
        assert len(documents) > 30
        assert len(frozen) > 10
        assert [source for source in frozen if source in documents] == []

    def test_the_paper_without_its_second_chapter(self, tmp_path: Path) -> None:
        documents = own_documents(ROOT / "kb", tmp_path)
        (paper,) = (text for source, text in documents.items() if source.startswith("paper/"))
        assert "\n## 1 " in paper
        assert "\n## 3 " in paper
        assert "\n## 2 " not in paper

    def test_no_question_about_a_held_out_document(self) -> None:
        sources = {question.source for question in own_questions(HERE / "questions")}
        left_out = {f"laws/{name}.md" for name in LAWS_HELD_OUT}
        for path in (FROZEN, HERE / "held_out.txt"):
            left_out |= set(path.read_text(encoding="utf-8").split("\n"))
        assert sources
        assert sources & left_out == set()

    def test_every_answer_stands_in_its_quote(self) -> None:
        assert [q for q in own_questions(HERE / "questions") if not q.quote or q.answer not in q.quote] == []


class TestFigures:
    TEXT = "截至2024年11月末，青山县涉农贷款余额为45.1亿元，其中农户贷款12亿元。"
    QUOTE = "截至2024年11月末，青山县涉农贷款余额为45.1亿元"

    def made(self, text: str) -> list[list[Question]]:
        return [[*facts("s.md", text, random.Random(seed))] for seed in SEEDS]

    def test_the_figure(self) -> None:
        wordings = set()
        for fact, *_ in self.made(self.TEXT):
            assert (fact.source, fact.kind, fact.answer, fact.quote) == ("s.md", "fact", "45.1亿元", self.QUOTE)
            wordings.add(fact.text)
        assert wordings == {
            "2024年11月末青山县涉农贷款余额是多少？",
            "2024年11月末，青山县涉农贷款余额多少？",
            "青山县涉农贷款余额在2024年11月末是多少",
            "2024年11月末青山县涉农贷款余额有多少",
        }

    @pytest.mark.parametrize(
        ("further", "year"), [("", "2023"), ("2023年", "2025"), ("2023年2025年", "2022"), ("2022、2023、2025", "2026")]
    )
    def test_another_year(self, further: str, year: str) -> None:
        for fact, twin, attribute in self.made(self.TEXT + further):
            assert (twin.kind, twin.answer, twin.quote) == ("fact-twin", "", self.QUOTE)
            assert f"{year}年11月末" in twin.text
            assert "2024年11月末" in attribute.text
            assert "2024年11月末" in fact.text

    def test_no_other_year_is_left(self) -> None:
        assert {len(made) for made in self.made(self.TEXT + "2022、2023、2025、2026")} == {2}

    def test_another_attribute(self) -> None:
        held = "不良率、贷款户数、平均利率、全国排名、比上月增加额"
        for made in self.made(self.TEXT + held):
            assert (made[-1].kind, made[-1].answer, made[-1].quote) == ("fact-twin", "", self.QUOTE)
            assert made[-1].text in {
                "2024年11月末青山县涉农贷款余额的同比增速是多少？",
                "2024年11月末青山县涉农贷款余额的计划目标是多少？",
            }

    @pytest.mark.parametrize(
        ("text", "answers"),
        [
            ("2023年，全省绿色贷款达到1.2万亿元。", ["1.2万亿元"]),
            ("2024年上半年，县域存款增速为8.9%。2023年末，县域贷款总额达56亿元。", ["8.9%", "56亿元"]),
            ("2024年底，余额45亿元。", []),
            ("去年，青山县涉农贷款余额45.1亿元。", []),
            ("2024年，青山县第3次涉农贷款余额45.1亿元。", []),
        ],
    )
    def test_what_is_a_figure(self, text: str, answers: list[str]) -> None:
        assert [q.answer for q in facts("s.md", text, random.Random(1)) if q.kind == "fact"] == answers


class TestLimits:
    @pytest.mark.parametrize(
        ("text", "subject", "relation", "value"),
        [
            ("第二条，单户担保金额不超过1000万元。", "单户担保金额", "不超过", "1000万元"),
            ("；平均担保费率原则上不超过1%。", "平均担保费率", "原则上不超过", "1%"),
            ("其中，续贷办理时间不得超过5个工作日。", "续贷办理时间", "不得超过", "5个工作日"),
            ("。担保业务占比不低于50%", "担保业务占比", "不低于", "50%"),
        ],
    )
    def test_a_limit_and_the_step_after_it(self, text: str, subject: str, relation: str, value: str) -> None:
        wordings = set()
        for seed in SEEDS:
            fact, twin = facts("s.md", text, random.Random(seed))
            quote = subject + relation + value
            assert (fact.kind, fact.answer, fact.quote) == ("fact", value, quote)
            assert (twin.kind, twin.answer, twin.quote) == ("fact-twin", "", quote)
            assert twin.text.startswith(subject)
            assert relation not in twin.text
            wordings.add(fact.text)
        assert wordings == {
            f"{subject}{relation}多少？",
            f"{subject}有什么限额？",
            f"{subject}最多（最少）是多少",
        }

    @pytest.mark.parametrize("text", ["费率不超过1%。", "单户担保金额不超过规定。", "单户担保金额为1000万元。"])
    def test_no_limit(self, text: str) -> None:
        assert [*facts("s.md", text, random.Random(1))] == []
