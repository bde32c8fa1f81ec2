"""The passages in the order of what their sentences answer."""

import pytest

from rag.rerank import reranked
from rag.retrieve import Corpus, Retrieval, analysed, retrieve
from rag.types import Filters
from tests.fakes import HashingEmbedder

RISES = "2024年底普惠小微贷款余额是多少"
PAPER = "paper/青山县金融赋能路径探究.md"
QUESTIONS = [RISES, "农业保险赔款几天内支付", "怎么办理无还本续贷", "担保机构的条件有哪些"]


def retrieved(corpus: Corpus, text: str, filters: Filters = Filters()) -> Retrieval:
    return retrieve(corpus, HashingEmbedder(), analysed(corpus, text), filters)


@pytest.mark.parametrize("text", QUESTIONS)
def test_the_same_passages_with_their_ordinals(small_corpus: Corpus, text: str) -> None:
    before = retrieved(small_corpus, text)
    after, _ = reranked(small_corpus, before)
    pairs = dict(zip(before.ordinals, before.passages, strict=True))
    assert len(after.passages) == len(before.passages)
    assert dict(zip(after.ordinals, after.passages, strict=True)) == pairs
    assert after.question == before.question


@pytest.mark.parametrize("text", QUESTIONS)
def test_an_ordinal_is_that_of_its_passage(small_corpus: Corpus, text: str) -> None:
    after, _ = reranked(small_corpus, retrieved(small_corpus, text))
    chunks = small_corpus.catalog.chunks(after.ordinals)
    assert [chunks[ordinal] for ordinal in after.ordinals] == [passage.chunk for passage in after.passages]


def test_the_passage_of_the_best_sentence_rises(small_corpus: Corpus) -> None:
    before = retrieved(small_corpus, RISES)
    after, ranked = reranked(small_corpus, before)
    best = ranked[0]
    assert "普惠小微贷款余额达 12.4 亿元" in best.sentence.text
    ids = [[passage.chunk.id for passage in retrieval.passages] for retrieval in (before, after)]
    assert before.passages[0].chunk.source != PAPER
    assert ids[0].index(best.passage.chunk.id) > ids[1].index(best.passage.chunk.id) == 0


@pytest.mark.parametrize("text", QUESTIONS)
def test_the_sentences_are_of_these_passages_best_first(small_corpus: Corpus, text: str) -> None:
    after, ranked = reranked(small_corpus, retrieved(small_corpus, text))
    assert {c.passage.chunk.id for c in ranked} <= {passage.chunk.id for passage in after.passages}
    assert [c.score for c in ranked] == sorted((c.score for c in ranked), reverse=True)


def test_nothing_for_no_passages(small_corpus: Corpus) -> None:
    nothing = retrieved(small_corpus, RISES, Filters(sources=("policies/没有这个文件.md",)))
    after, ranked = reranked(small_corpus, nothing)
    assert (after.passages, after.ordinals, ranked) == ((), (), ())
