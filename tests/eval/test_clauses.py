"""The questions on clauses: what they quote stands where they say, and how an answer to one is judged."""

from pathlib import Path

import pytest

from eval import clauses
from eval.clauses import ClauseCase, clause_at, clause_of, complete, load_clause_cases, span_of
from rag.types import Answer, Citation

LAW = """# 甲条例
## 第一章 总则

第一条 为了甲。

第二条 条件如下:

（一）有乙；

(二)有丙。

另一款。

## 第二章 附则

第三条 施行。
"""
POLICY = "一、总的\n（一）甲。\n（二）乙。\n二、别的\n（一）丙。\n再丙。\n"


def quoted(text: str, label: str) -> str:
    start, end = span_of(text, label)
    return text[start:end].strip()


class TestSpans:
    @pytest.mark.parametrize(
        ("label", "said"),
        [
            ("第一条", "第一条 为了甲。"),
            ("第二条第一款第二项", "(二)有丙。"),
            ("第二条第二款", "另一款。"),
            ("第三条", "第三条 施行。"),
            ("第二章", "## 第二章 附则\n\n第三条 施行。"),
        ],
    )
    def test_of_a_law(self, label: str, said: str) -> None:
        assert quoted(LAW, label) == said

    def test_of_a_policy(self) -> None:
        assert quoted(POLICY, "第二部分（一）") == "（一）丙。\n再丙。"
        assert clause_at(POLICY, POLICY.index("再丙")) == "第二部分（一）"

    @pytest.mark.parametrize("label", ["第九条", "第二条第三款", "第二条第一款第三项", "第三章", "条"])
    def test_what_is_not_there(self, label: str) -> None:
        with pytest.raises(ValueError, match=r".+"):
            span_of(LAW, label)

    def test_the_article_of_a_place(self) -> None:
        assert clause_at(LAW, LAW.index("另一款")) == "第二条"
        assert clause_at(LAW, 3) == ""


class TestComplete:
    CASE = ClauseCase("a", "address", "dev", "第二条第一款", "甲.txt", (("第二条第一款", "有乙"),))

    def answer(self, *places: tuple[str, str]) -> Answer:
        cited = [
            Citation(n, "甲.txt", "甲条例", label, said, LAW.index(said), LAW.index(said) + len(said))
            for n, (said, label) in enumerate(places, 1)
        ]
        return Answer("q", citations=tuple(cited), found=True)

    def test_all_of_it_and_nothing_else(self) -> None:
        whole = [
            ("第二条 条件如下:", "第二条第一款"),
            ("（一）有乙；", "第二条第一款第一项"),
            ("(二)有丙。", "第二条第一款第二项"),
        ]
        assert complete(LAW, self.CASE, self.answer(*whole))
        assert not complete(LAW, self.CASE, self.answer(*whole[:2]))
        assert not complete(LAW, self.CASE, self.answer(*whole, ("另一款。", "第二条第二款")))
        assert not complete(LAW, self.CASE, self.answer(*whole[:2], ("(二)有丙。", "第一条")))


class TestCases:
    def test_they_are_many_and_of_both_ways(self) -> None:
        cases = load_clause_cases()
        assert len({case.id for case in cases}) == len(cases) >= 120
        assert sum(case.way == "address" for case in cases) >= 60
        assert sum(case.way == "meaning" for case in cases) >= 60
        assert len({case.source for case in cases}) == 8

    def test_the_halves_share_no_text(self) -> None:
        halves = {split: {c.source for c in load_clause_cases() if c.split == split} for split in ("dev", "test")}
        assert not halves["dev"] & halves["test"]

    def test_every_quote_stands_in_its_clause(self, shared: Path) -> None:
        for case in load_clause_cases():
            text = (shared / clauses.FOLDER / case.source).read_text(encoding="utf-8")
            for label, quote in case.clauses:
                assert quote in quoted(text, label), (case.id, label)
                assert len(quote) <= 30
                assert label.startswith(clause_of(label))
            assert case.clauses or case.says
