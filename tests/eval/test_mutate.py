"""True sentences made false, one thing at a time."""

import random

import pytest

from eval.mutate import KINDS, MUTATIONS, Vocabulary, mutants
from rag.normalise import fold

VOCABULARY = Vocabulary.of(
    ("商业银行法", "存款保险条例"), ("财政部", "中国人民银行"), ("涉农贷款", "农户贷款", "融资担保", "流动资金贷款")
)
SENTENCE = (
    "据《商业银行法》第三十九条和财金〔2023〕75号，2024年6月末山东涉农贷款余额超65万亿元、同比增长9.1%，"
    "小微企业贷款余额为32万亿元，财政部应当公布全部数据，不得收取5万元以上费用，情况尚未核实。"
)


def test_every_kind_offers_something() -> None:
    assert set(mutants(SENTENCE, VOCABULARY, 1)) == set(KINDS)


@pytest.mark.parametrize("kind", KINDS)
def test_one_thing_changes(kind: str) -> None:
    for seed in range(20):
        mutant = MUTATIONS[kind](SENTENCE, random.Random(seed), VOCABULARY)
        assert fold(mutant) != fold(SENTENCE)
        kept = sum(one == other for one, other in zip(SENTENCE, mutant, strict=False))
        same_end = next(i for i in range(1, len(SENTENCE)) if SENTENCE[-i] != mutant[-i]) - 1
        same_start = next(i for i in range(len(SENTENCE)) if SENTENCE[i] != mutant[i])
        assert kept >= same_start
        assert same_start + same_end > len(SENTENCE) / 3


def test_the_same_seed_makes_the_same_mutants() -> None:
    assert mutants(SENTENCE, VOCABULARY, 7) == mutants(SENTENCE, VOCABULARY, 7)


def test_a_sentence_without_figures_offers_none() -> None:
    assert not {"digit", "unit", "year", "doc_number"} & set(mutants("各级政府加强管理。", VOCABULARY, 1))
