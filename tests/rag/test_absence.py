"""The year or region that is asked for must be in what is quoted."""

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
