"""Clauses said relative to the last one of the conversation."""

import pytest

from rag.followup import resolve
from rag.retrieve import Corpus
from rag.types import Answer, Citation, DocumentMeta, Turn

LAW = Citation(1, "policies/农业保险条例.md", "农业保险条例", "第九条第二款", "某句。", 0, 3, DocumentMeta())


def turn(question: str, *citations: Citation) -> Turn:
    return Turn(question, Answer(question, citations=citations, found=bool(citations), done=True))


@pytest.mark.parametrize(
    ("before", "asked", "address"),
    [
        ("《农业保险条例》第九条", "下一条呢", "第十条"),
        ("《农业保险条例》第九条", "前条", "第八条"),
        ("《农业保险条例》第九条第二款", "前款是怎么规定的", "第九条第一款"),
        ("《农业保险条例》第九条第二款", "那第三款呢", "第九条第三款"),
        ("《农业保险条例》第九条第二款第一项", "下一项呢", "第九条第二款第二项"),
        ("《农业保险条例》第九条第二款", "本条", "第九条"),
        ("《农业保险条例》第九条", "最后一款呢", "第九条最后一款"),
        ("《农业保险条例》第三条至第五条", "下一条", "第六条"),
        ("《农业保险条例》第三条至第五条", "上一条", "第二条"),
        ("《农业保险条例》第九条", "三到五条呢", "第三到五条"),
        ("《农业保险条例》第九条", "第二章呢", "第二章"),
        ("《农业保险条例》第九条", "最后一条呢", "最后一条"),
        ("农业保险怎么赔", "条例第十条", "第十条"),
        ("农业保险怎么赔", "该条例最后一条", "最后一条"),
        ("农业保险怎么赔", "下一款呢", "第九条第三款"),
    ],
)
def test_it_is_counted_from_the_last_clause(before: str, asked: str, address: str) -> None:
    assert resolve(asked, [turn(before, LAW)]) == f"《农业保险条例》{address}规定了什么？"


def test_what_is_asked_of_it_stays() -> None:
    assert resolve("该条第三款对银行有什么要求", [turn("《农业保险条例》第九条", LAW)]) == (
        "《农业保险条例》第九条第三款对银行有什么要求？"
    )


def test_an_answer_without_a_clause_is_looked_past() -> None:
    other = Citation(1, "policies/担保.md", "担保办法", "", "某句。", 0, 3, DocumentMeta())
    turns = [turn("《农业保险条例》第九条", LAW), turn("什么是担保", other)]
    assert resolve("下一条呢", turns) == "《农业保险条例》第十条规定了什么？"


@pytest.mark.parametrize("asked", ["第三方支付怎么管", "前几条建议是什么", "法第三条"])
def test_what_only_looks_like_it(asked: str) -> None:
    assert "第" not in resolve(asked, [turn("《农业保险条例》第九条", LAW)]).replace(asked, "")


def test_the_catalogue_knows_what_comes_next(small_corpus: Corpus) -> None:
    source = "policies/青山省农业保险条例.md"
    cited = Citation(1, source, "青山省农业保险条例", "第五条第一款", "某句。", 0, 3, DocumentMeta())
    asked = resolve("下一条呢", [turn("《青山省农业保险条例》第五条", cited)], small_corpus)
    assert asked == "《青山省农业保险条例》第五条之一规定了什么？"
