"""A list question is recognised, and its items are given without others."""

import pytest

from rag.chain import Rag
from rag.lists import asked_count, asks_for_list
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


def test_the_points_of_one_paragraph_are_the_items(kb_rag: Rag) -> None:
    answer = kb_rag.ask("农村集体经济组织的理事、监事和主要经营管理人员，法律禁止他们做哪些事？")
    assert len(answer.sentences) == 5
    assert all("第三十五条第二款" in sentence.text for sentence in answer.sentences)


def test_another_article_of_the_law_is_no_second_half_of_the_list(kb_rag: Rag) -> None:
    answer = kb_rag.ask("村集体已经设了成员代表大会，哪些事项仍由成员大会决定？")
    assert [sentence.text[:20] for sentence in answer.sentences] == ["《农村集体经济组织法》第二十八条规定，成"]
