"""A list question is recognised, and what it says of its items."""

import pytest

from rag.list_asked import asked_count, asks_for_list, called, suits
from rag.retrieve import Corpus, analysed


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("定量指标有哪五类?", True),
        ("五大专项行动,分别叫什么?", True),
        ("筛选企业看哪五条标准?", True),
        ("可以采取哪些措施?", True),
        ("用什么形式服务绿色企业?", True),
        ("上了名单都会被限制些什么?", True),
        ("余额和增速分别是多少?", False),
        ("不良率可以高出3个百分点,具体是哪一条写的?", False),
        ("同比增速比各项贷款高几个百分点?", False),
    ],
)
def test_asks_for_list(small_corpus: Corpus, text: str, expected: bool) -> None:
    assert asks_for_list(analysed(small_corpus, text)) is expected


@pytest.mark.parametrize(("text", "expected"), [("一共六项,是哪六项?", 6), ("哪8个方面?", 8), ("哪些措施?", 0)])
def test_asked_count(small_corpus: Corpus, text: str, expected: int) -> None:
    assert asked_count(analysed(small_corpus, text)) == expected


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("试点的原则有哪些?", {"原则"}),
        ("归纳了哪几点启示?", {"纳了", "启示"}),
        ("哪些情形要报告?", {"情形"}),
        ("怎么办理续贷?", set()),
    ],
)
def test_what_the_items_are_called(small_corpus: Corpus, text: str, names: set[str]) -> None:
    assert called(analysed(small_corpus, text)) == names


def test_a_prohibition_suits_a_question_for_one(small_corpus: Corpus) -> None:
    question = analysed(small_corpus, "贷款不能用在哪些地方?")
    assert suits(question, "贷款不得用于甲、乙、丙。", 0) > suits(question, "贷款可以用于甲、乙、丙。", 0)
    plain = analysed(small_corpus, "贷款用在哪些地方?")
    assert suits(plain, "贷款不得用于甲、乙、丙。", 0) == suits(plain, "贷款可以用于甲、乙、丙。", 0)


def test_the_number_of_items_that_is_asked_for_suits(small_corpus: Corpus) -> None:
    question = analysed(small_corpus, "哪三项原则?")
    assert suits(question, "遵循甲、乙、丙三项原则。", 3) > suits(question, "遵循甲、乙、丙、丁四项原则。", 3)
