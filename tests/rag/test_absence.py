"""The year, region, clause or balance that is asked for must be in what is quoted."""

from dataclasses import replace

import pytest

from rag import texts
from rag.absence import absent, not_today, partly_absent
from rag.chain import Rag
from rag.extract import extract
from rag.question import Question
from rag.rank import Candidate
from rag.rerank import reranked
from rag.retrieve import Corpus, analysed, retrieve
from tests.fakes import HashingEmbedder


def reason(corpus: Corpus, text: str) -> str:
    return absent(corpus, *parts(corpus, text))


def test_a_year_that_nobody_speaks_of(small_corpus: Corpus) -> None:
    assert reason(small_corpus, "2019年青山县涉农贷款余额是多少") == texts.REASON_YEAR.format(years="2019")


@pytest.mark.parametrize(
    "text", ["2023年青山县涉农贷款余额是多少", "2019年和2024年青山县涉农贷款余额各是多少", "青山县涉农贷款余额是多少"]
)
def test_a_year_that_is_spoken_of_one_of_two_or_none(small_corpus: Corpus, text: str) -> None:
    assert reason(small_corpus, text) == ""


def test_a_region_that_nobody_speaks_of(small_corpus: Corpus) -> None:
    assert reason(small_corpus, "新疆的涉农贷款余额是多少") == texts.REASON_REGION.format(regions="新疆")


def parts(corpus: Corpus, text: str) -> tuple[Question, tuple[Candidate, ...]]:
    retrieval, ranked = reranked(corpus, retrieve(corpus, HashingEmbedder(), analysed(corpus, text)))
    return retrieval.question, extract(corpus, retrieval.question, ranked).chosen


def test_one_absent_year_of_two_is_said(small_corpus: Corpus) -> None:
    question, chosen = parts(small_corpus, "2019年和2024年青山县涉农贷款余额各是多少")
    assert partly_absent(small_corpus, question, chosen) == texts.REASON_YEAR.format(years="2019")
    question, chosen = parts(small_corpus, "2024年青山县涉农贷款余额是多少")
    assert partly_absent(small_corpus, question, chosen) == ""


@pytest.mark.parametrize(
    ("text", "said"),
    [("今天的涉农贷款余额是多少", True), ("涉农贷款余额是多少", False), ("现在怎么办理展期", False)],
)
def test_no_stored_text_knows_today(small_corpus: Corpus, text: str, said: bool) -> None:
    assert bool(not_today(analysed(small_corpus, text))) is said


@pytest.mark.parametrize(
    ("text", "clauses"),
    [
        ("青山省农业保险条例第二十条规定了什么", "第二十条"),
        ("青山省农业保险条例第9条怎么规定", "第九条"),
        ("农业保险的第二十条和第三十条怎么规定", "第二十条、第三十条"),
    ],
)
def test_a_clause_that_nobody_states(small_corpus: Corpus, text: str, clauses: str) -> None:
    assert reason(small_corpus, text) == texts.REASON_TERMS.format(terms=clauses)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("农业保险条例第五条规定几天内支付保险金", "第五条 保险机构"),
        ("查勘定损适用第三条规定的什么原则", "第三条规定的原则"),
        ("查勘定损适用第三条还是第九条规定的原则", "第三条规定的原则"),
    ],
)
def test_a_clause_that_is_quoted_named_or_one_of_two(small_corpus: Corpus, text: str, said: str) -> None:
    question, chosen = parts(small_corpus, text)
    assert any(said in candidate.sentence.text for candidate in chosen)
    assert absent(small_corpus, question, chosen) == ""


class TestTwoThings:
    """Two things are asked, and the best sentence gives the figure of neither."""

    def chosen(self, corpus: Corpus, text: str, *quotes: str) -> tuple[Question, tuple[Candidate, ...]]:
        """The question and the candidates that hold the quotes, the first of them as the best."""
        retrieval, ranked = reranked(corpus, retrieve(corpus, HashingEmbedder(), analysed(corpus, text)))
        found = [next(c for c in ranked if quote in c.sentence.text) for quote in quotes]
        return retrieval.question, tuple(replace(c, score=-float(rank)) for rank, c in enumerate(found))

    @pytest.mark.parametrize(("asked", "expected"), [("分别要几天", ""), ("要几天", texts.REASON_UNIT)])
    def test_one_is_there(self, small_corpus: Corpus, asked: str, expected: str) -> None:
        quotes = "不得收取续贷手续费", "后 10 日内"
        question, chosen = self.chosen(small_corpus, f"退续贷手续费和支付农业保险的保险金{asked}", *quotes)
        assert absent(small_corpus, question, chosen) == expected

    def test_none_is_there(self, small_corpus: Corpus) -> None:
        quotes = "不得收取续贷手续费", "可以采取抽样方式"
        question, chosen = self.chosen(small_corpus, "收取续贷手续费和农业保险抽样核定分别要几天", *quotes)
        assert absent(small_corpus, question, chosen) == texts.REASON_UNIT


class TestOnTheShippedKnowledgeBase:
    def test_the_figure_of_another_year_is_no_answer(self, kb_rag: Rag) -> None:
        answer = kb_rag.ask("2023年末我国县域存贷比是多少？")
        assert not answer.found
        assert answer.reason == texts.REASON_YEAR.format(years="2023")

    def test_the_year_that_is_missing_is_said_first(self, kb_rag: Rag) -> None:
        answer = kb_rag.ask("截至2025年底县域存贷比是62%，比2024年升了多少？")
        assert texts.REASON_YEAR.format(years="2025") in answer.notices

    def test_a_length_of_time_that_is_asked_for_is_in_the_first_sentence(self, kb_rag: Rag) -> None:
        assert "10日内" in kb_rag.ask("农业保险赔款几天内支付？").sentences[0].text
