"""A list question is recognised, and sentences that enumerate are told from those that do not."""

import pytest

from rag.chain import Rag
from rag.lists import asked_count, asks_for_list, enumerated
from rag.retrieve import Corpus, analysed


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("五大专项行动的名称依次为:一是“粮食安全”;二是“帮扶成效”;三是“乡村产业”。", 3),
        ("用途主要有三项:贷款贴息,示范区建设,定向费用补贴。", 3),
        ("信用档案内容分为基础信息、不良信息和守信信息,以统一社会信用代码为标识建立。", 3),
        ("联合银行模式分为“下参上”和“上参下”两类。", 2),
        ("不得吸收存款,不得自营贷款,不得受托投资。", 3),
        ("本规定自2024年1月1日起施行。", 0),
        ("县城是城镇体系的重要组成部分和关键支撑。", 0),
    ],
)
def test_enumerated(text: str, expected: int) -> None:
    assert enumerated(text) == expected


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
