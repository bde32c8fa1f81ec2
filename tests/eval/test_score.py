"""What counts as right, on answers made by hand."""

import pytest

from eval.cases import Case
from eval.score import Score, score, squeezed
from rag.types import Answer, AnswerSentence, Chunk, Citation, Passage

CASE = Case("X1", "number", "多少？", (("a.md", "存贷比仅为 62%"), ("b.md", "没有核到")), ("62%", "8个百分点"))


def citation(source: str, quote: str, number: int = 1) -> Citation:
    return Citation(number, source, "甲", "", quote, 0, len(quote))


def passage(source: str, text: str) -> Passage:
    return Passage(Chunk(text[:8], source, "甲", (), 0, text), 1.0)


def answer(text: str, *citations: Citation, passages: tuple[Passage, ...] = ()) -> Answer:
    sentences = (AnswerSentence(text, tuple(c.number for c in citations)),)
    return Answer("多少？", text, sentences, citations, passages, found=True, done=True)


def test_all_right() -> None:
    given = answer(
        "存贷比仅为62%，低 8 个百分点。[1]",
        citation("a.md", "存贷比仅为62%，低8个百分点。"),
        passages=(passage("a.md", "截至某年，存贷比仅为\n62%，低8个百分点。"),),
    )
    assert score(CASE, given) == Score(CASE, True, True, True, True, 1)


def test_a_refusal() -> None:
    passages = (passage("c.md", "x"), passage("a.md", "存贷比仅为62%"))
    given = Answer("多少？", "知识库未见依据。", passages=passages, done=True)
    assert score(CASE, given) == Score(CASE, False, False, False, False, 2)


def test_a_refusal_that_shows_the_values_is_not_right() -> None:
    assert not score(CASE, Answer("多少？", "没有 62% 和 8个百分点", done=True)).values_right


def test_the_right_source_must_come_first() -> None:
    second = answer("62%，8个百分点", citation("c.md", "别的"), citation("a.md", "存贷比仅为62%", 2))
    assert not score(CASE, second).right_source_first
    assert score(CASE, second).quote_cited


def test_any_gold_source_is_right() -> None:
    assert score(CASE, answer("没有核到", citation("b.md", "没有核到。"))).right_source_first


@pytest.mark.parametrize(
    ("text", "right"), [("62%和8个百分点", True), ("62%", False), ("6 2 %、8 个百分点", True), ("", False)]
)
def test_every_value_must_be_shown(text: str, right: bool) -> None:
    assert score(CASE, answer(text)).values_right is right


def test_a_case_without_values_has_nothing_to_show() -> None:
    assert score(Case("X", "how", "?", (("a.md", "q"),), ()), answer("某句")).values_right


@pytest.mark.parametrize(
    ("source", "quote", "cited"),
    [
        ("a.md", "截至某年存贷比仅为62%。", True),
        ("a.md", "仅为62%", True),
        ("a.md", "**存贷比**仅为<sup>[1]</sup> 62%", True),
        ("c.md", "存贷比仅为62%", False),
        ("a.md", "没有核到", False),
    ],
)
def test_a_quote_counts_with_its_source(source: str, quote: str, cited: bool) -> None:
    assert score(CASE, answer("某句", citation(source, quote))).quote_cited is cited


def test_the_rank_is_of_the_first_passage_that_holds_a_gold_quote() -> None:
    passages = (passage("c.md", "存贷比仅为62%"), passage("b.md", "x"), passage("b.md", "没有核到官方出处"))
    assert score(CASE, answer("某句", passages=passages)).passage_rank == 3
    assert score(CASE, answer("某句")).passage_rank == 0


def test_squeezed() -> None:
    assert squeezed(" 县域 **存贷比**\n为<sup>[12]</sup>　62 % ") == "县域存贷比为62%"
