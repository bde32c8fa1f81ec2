"""What was found and is not what was asked: another balance, a sum of several, another document's, a mere note."""

from dataclasses import replace

import pytest

from rag import texts
from rag.anothers import another
from rag.chain import Rag
from rag.extract import extract
from rag.question import Question
from rag.rank import Candidate
from rag.rerank import reranked
from rag.retrieve import Corpus, analysed, retrieve
from rag.types import Sentence
from tests.fakes import HashingEmbedder


def parts(corpus: Corpus, text: str) -> tuple[Question, tuple[Candidate, ...]]:
    retrieval, ranked = reranked(corpus, retrieve(corpus, HashingEmbedder(), analysed(corpus, text)))
    return retrieval.question, extract(corpus, retrieval.question, ranked).chosen


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("2024年11月末青山县绿色贷款余额是多少", texts.REASON_OTHER_FIGURE),
        ("2024年11月末青山县普惠小微贷款余额是多少", texts.REASON_OTHER_FIGURE),
        ("2024年11月末青山县涉农贷款余额是多少", ""),
        ("2024年底普惠小微贷款余额是多少", ""),
    ],
)
def test_another_balance_of_the_same_day(small_corpus: Corpus, text: str, expected: str) -> None:
    assert another(small_corpus, *parts(small_corpus, text)) == expected


@pytest.mark.parametrize(
    ("asked", "expected"),
    [
        ("贷款余额与存款余额的比例不得超过多少", texts.REASON_OTHER_FIGURE),
        ("贷款余额与资本余额的比例不得超过多少", ""),
        ("对同一借款人的贷款余额不得超过资本余额的多少", ""),
    ],
)
def test_another_ratio(small_corpus: Corpus, asked: str, expected: str) -> None:
    question, chosen = parts(small_corpus, asked)
    said = "对同一借款人的贷款余额与商业银行资本余额的比例不得超过百分之十;"
    best = replace(chosen[0], sentence=Sentence(0, len(said), said, "prose", said))
    assert another(small_corpus, question, (best,)) == expected


def test_another_documents_figure(small_corpus: Corpus) -> None:
    _, (other, *_) = parts(small_corpus, "青财金〔2025〕11号第三条的费率")
    question = analysed(small_corpus, "《青山省农业保险条例》规定的费率是多少")
    assert other.passage.chunk.source not in question.named.sources
    assert another(small_corpus, question, (other,)) == texts.REASON_ELSEWHERE


class TestOnTheShippedKnowledgeBase:
    @pytest.mark.parametrize(
        ("text", "said"),
        [
            ("2024年末全国涉农贷款余额是多少？", texts.REASON_OTHER_FIGURE),
            ("浙江金融强省建设决定自哪一天起施行？", "没有载明施行日期"),
            ("2025年普惠金融发展示范区那笔钱，株洲分到了多少？", "等90个合计"),
            ("2025年的中央一号文件给当年粮食产量定的目标是多少亿斤？", texts.REASON_UNIT),
            ("浙江人大那个促进金融强省建设的决定是哪一天开始施行的？", "没有载明施行日期，只知道日期为 2024-07-26"),
        ],
    )
    def test_what_belongs_to_another_is_not_given(self, kb_rag: Rag, text: str, said: str) -> None:
        answer = kb_rag.ask(text)
        assert not answer.found
        assert said in answer.reason

    @pytest.mark.parametrize(
        ("text", "said"),
        [
            ("2025年普惠金融发展示范区一共支持多少资金？", "22.8亿元"),
            ("2025年中央一号文件是哪天公布的？", "2025-02-23"),
            ("民营经济促进法什么时候施行？", "2025年5月20日"),
        ],
    )
    def test_what_is_its_own_is(self, kb_rag: Rag, text: str, said: str) -> None:
        answer = kb_rag.ask(text)
        assert answer.found
        assert said in answer.text
