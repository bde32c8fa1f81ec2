"""The year or region that is asked for must be in what is quoted."""

import pytest

from rag import texts
from rag.absence import absent
from rag.extract import extract
from rag.retrieve import Corpus, analysed, retrieve
from tests.fakes import HashingEmbedder


def reason(corpus: Corpus, text: str) -> str:
    retrieval = retrieve(corpus, HashingEmbedder(), analysed(corpus, text))
    return absent(corpus, retrieval.question, extract(corpus, retrieval).chosen)


def test_a_year_that_nobody_speaks_of(small_corpus: Corpus) -> None:
    assert reason(small_corpus, "2019年青山县涉农贷款余额是多少") == texts.REASON_YEAR.format(years="2019")


@pytest.mark.parametrize(
    "text", ["2023年青山县涉农贷款余额是多少", "2019年和2024年青山县涉农贷款余额各是多少", "青山县涉农贷款余额是多少"]
)
def test_a_year_that_is_spoken_of_one_of_two_or_none(small_corpus: Corpus, text: str) -> None:
    assert reason(small_corpus, text) == ""


def test_a_region_that_nobody_speaks_of(small_corpus: Corpus) -> None:
    assert reason(small_corpus, "新疆的涉农贷款余额是多少") == texts.REASON_REGION.format(regions="新疆")
