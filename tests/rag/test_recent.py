"""A figure asked without its time is the latest one."""

import pytest

from rag.chain import Rag


@pytest.mark.parametrize(
    ("question", "said"),
    [
        ("今天1年期LPR是多少？", "2025年5月20日公布的1年期LPR降至3.0%"),
        ("目前普惠型小微企业贷款余额多少", "2026-03末；数字：38.8万亿元"),
        ("普惠型小微企业贷款利率是多少", "2026年1月"),
        ("现在的支农再贷款利率是多少", "2026年1月19日下调后"),
    ],
)
def test_only_the_latest_of_those_that_say_the_same(kb_rag: Rag, question: str, said: str) -> None:
    answer = kb_rag.ask(question)
    assert said in answer.sentences[0].text
    assert "2023年" not in answer.text


@pytest.mark.parametrize(
    ("question", "said"),
    [
        ("2024年末普惠型小微企业贷款余额多少", "2024"),
        ("24年头四个月，新发放的普惠型小微企业贷款平均利率多少？", "4.45%"),
        ("县域存贷比是多少", "62%"),
        ("《关于深入扎实做好过渡期脱贫人口小额信贷工作的通知》规定最多贷多少", "5万元"),
    ],
)
def test_a_time_that_is_asked_stays(kb_rag: Rag, question: str, said: str) -> None:
    assert said in kb_rag.ask(question).text
