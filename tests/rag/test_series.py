"""Every value of a series: the dated rows of the table that holds it."""

import pytest

from rag.chain import Rag
from rag.types import Answer

LPR = ["2024-02-20", "2024-07-22", "2024-10-21", "2025-05-20"]


def dates(answer: Answer) -> list[str]:
    return [sentence.text.split("；")[0].removeprefix("公布日：") for sentence in answer.sentences]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("历次LPR调整后分别是多少？", LPR),
        ("2024年LPR每次变动的结果按先后列一下", LPR[:3]),
        ("从2024年到2025年，LPR历次是怎么降的？", LPR),
    ],
)
def test_the_rows_of_the_asked_years_in_order(kb_rag: Rag, text: str, expected: list[str]) -> None:
    assert dates(kb_rag.ask(text)) == expected


def test_each_row_is_cited_with_the_names_of_its_columns(kb_rag: Rag) -> None:
    answer = kb_rag.ask("历次LPR调整后分别是多少？")
    numbers = [sentence.citations[0] for sentence in answer.sentences]
    assert len(set(numbers)) == len(LPR)
    assert all(citation.header.startswith("| 公布日 | 1年期") for citation in answer.citations)


@pytest.mark.parametrize("text", ["2025年5月20日的5年期以上LPR是多少？", "农业保险保费补贴每年要在什么时候申请？"])
def test_one_value_is_no_series(kb_rag: Rag, text: str) -> None:
    assert dates(kb_rag.ask(text)) != LPR


def test_the_table_is_the_one_whose_heading_names_the_indicator(kb_rag: Rag) -> None:
    answer = kb_rag.ask("2023年以来历年的普惠型小微企业贷款余额")
    assert {citation.label for citation in answer.citations} == {"普惠型小微企业贷款（金融监管总局口径）：余额"}
    assert answer.sentences[0].text.startswith("时点：2023-05末；数字：26.1万亿元")
    assert not any("2022-" in sentence.text for sentence in answer.sentences)
