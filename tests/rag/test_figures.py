"""The asked period and indicator come first, and nothing else stands beside them."""

import pytest

from rag.chain import Rag


@pytest.mark.parametrize(
    ("text", "right", "wrong"),
    [
        ("2023年一整年新放的普惠型小微贷款，平均利率多少？", "4.78%", "4.42%"),
        ("2024年前三季度农业保险保费规模是多少？", "1307亿元", "1521亿元"),
        ("2024年全年农业保险保费规模是多少？", "1521亿元", "1307亿元"),
        ("2026年头四个月农险给农户兜了多少风险保障", "1.82万亿元", "3.31万亿元"),
        ("2024年3月末农户贷款余额是多少？", "17.72万亿元", "9.95万亿元"),
        ("2024年3月末农户拿来生产经营的贷款余额有多少（不是农户贷款总数）？", "9.95万亿元", "17.72万亿元"),
        ("2024年底全部小微企业贷款（不光是普惠型的）余额有多少？", "81.4万亿元", "33.3万亿元"),
        ("2023年末普惠型涉农贷款余额是多少？", "12.59万亿元", "53.16万亿元"),
        ("2025年前八个月普惠型涉农贷款新发放利率？", "4.37%", "4.9%"),
        (
            "国务院普惠金融实施意见2023年10月公布时，官方给出的全国小微企业贷款余额（不是普惠型）是多少？",
            "67.7万亿元",
            "28.22万亿元",
        ),
    ],
)
def test_only_the_asked_figure(kb_rag: Rag, text: str, right: str, wrong: str) -> None:
    answer = kb_rag.ask(text)
    assert right in answer.text
    assert wrong not in answer.text
