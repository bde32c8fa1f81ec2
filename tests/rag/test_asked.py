"""Addresses in a question: clauses, ranges, lists, chapters, first and last."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rag.address import Clause
from rag.asked import Division, asked_parts
from rag.clauses import clause_name


def spans(question: str) -> list[str]:
    return [
        span.first.label if span.first == span.last else f"{span.first.label}-{span.last.label}"
        for span in asked_parts(question).spans
    ]


@pytest.mark.parametrize(
    ("question", "labels"),
    [
        ("《甲条例》第十七条第一款第（四）项", ["第17条第1款第4项"]),
        ("《甲条例》第 １７ 条第 １ 款第（四）项", ["第17条第1款第4项"]),
        ("甲条例第十七条第一款第四项第2目", ["第17条第1款第4项第2目"]),
        ("甲法三十九条", ["第39条"]),
        ("甲法的39条1款3项", ["第39条第1款第3项"]),
        ("甲法第三十九条（三）", ["第39条第3项"]),
        ("甲法第三十九条第二段", ["第39条第2款"]),
        ("甲法第十条之二第一款", ["第10条之2第1款"]),
        ("甲法第三条至第五条", ["第3条-第5条"]),
        ("甲法第3-5条", ["第3条-第5条"]),
        ("甲法第三条到五条", ["第3条-第5条"]),
        ("甲法第三十九条第一款第一项至第三项", ["第39条第1款第1项-第39条第1款第3项"]),
        ("甲法第三条和第五条", ["第3条", "第5条"]),
        ("甲法第八、九条", ["第8条", "第9条"]),
        ("甲法第八、九和十一条", ["第8条", "第9条", "第11条"]),
        ("甲法第四条第一、三款", ["第4条第1款", "第4条第3款"]),
        ("甲法第三条第（一）、（二）项", ["第3条第1项", "第3条第2项"]),
        ("甲法第五条第二款和第六条", ["第5条第2款", "第6条"]),
        ("甲法最后一条", ["第-1条"]),
        ("甲法倒数第二条", ["第-2条"]),
        ("甲法第三章第十二条", ["第12条"]),
    ],
)
def test_clauses(question: str, labels: list[str]) -> None:
    assert spans(question) == labels


@pytest.mark.parametrize(
    ("question", "steps"),
    [
        ("甲法第二章有哪些内容", [(("章", 2),)]),
        ("甲法第二章第一节", [(("章", 2), ("节", 1))]),
        ("甲法第一章第二节和第三节", [(("章", 1), ("节", 2)), (("章", 1), ("节", 3))]),
        ("甲法第二章至第四章", [(("章", 2),), (("章", 3),), (("章", 4),)]),
        ("意见第十一部分第（三）点", [(("部分", 11), ("点", 3))]),
    ],
)
def test_divisions(question: str, steps: list[tuple[tuple[str, int], ...]]) -> None:
    assert [division.steps for division in asked_parts(question).divisions] == steps


def test_a_division_by_name() -> None:
    assert asked_parts("甲法附则说了什么").divisions == (Division(name="附则"),)
    assert asked_parts("甲法第五章附则").divisions == (Division((("章", 5),)),)


@pytest.mark.parametrize(
    "question",
    ["金融25条举措有哪些", "第三方支付怎么管", "2023年75号公交车", "有多少条规定", "第一款第二项", "哪一条规定了利率"],
)
def test_nothing_is_addressed(question: str) -> None:
    parts = asked_parts(question)
    assert (parts.spans, parts.divisions) == ((), ())


def test_what_is_said_around_the_address() -> None:
    parts = asked_parts("请问甲条例的第五条对银行有什么要求")
    assert (parts.head, parts.tail, parts.alone) == ("请问甲条例的", "对银行有什么要求", False)
    assert asked_parts("甲条例第五条都讲了些什么内容").alone


@given(st.integers(1, 999), st.integers(0, 20), st.integers(0, 20))
def test_what_is_written_is_read(article: int, paragraph: int, point: int) -> None:
    clause = Clause(article, 0, paragraph, point)
    for text in (clause.label, clause_name(clause), f"《甲法》{clause_name(clause)}怎么规定"):
        assert [span.first for span in asked_parts(text).spans] == [clause]


@given(st.text(max_size=60))
def test_any_text_is_read(text: str) -> None:
    asked_parts(text)


def test_an_address_within_a_quoted_heading_is_none() -> None:
    assert asked_parts("《促进法》关于“总则（第一章）”有哪些规定？").divisions == ()
    assert asked_parts("《意见》关于“拓宽渠道（第十一部分第（二）项）”有哪些规定？").divisions == ()
    assert asked_parts("《促进法》“第十四条”写了什么").spans == asked_parts("《促进法》第十四条写了什么").spans != ()
