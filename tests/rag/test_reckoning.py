"""Figures that are reckoned from those of the sources, with their formula."""

import pytest

from rag.claims import Claims, read
from rag.plain import plain
from rag.reckoning import reckoned


def claims(text: str) -> Claims:
    return read(plain(text))


@pytest.mark.parametrize(
    ("said", "source", "formula"),
    [
        ("贷款比上年增加7万亿元", "贷款为65万亿元，上年为58万亿元", "65万亿元 − 58万亿元 = 7万亿元"),
        ("合计123万亿元", "贷款为65万亿元，上年为58万亿元", "65万亿元 + 58万亿元 = 123万亿元"),
        ("低16个百分点", "为62%，全国为78%", "78% − 62% = 16个百分点"),
        ("约为存款的81.3%，占比较高", "贷款为65万亿元，存款为80万亿元", "65万亿元 ÷ 80万亿元 ≈ 81.3%"),
        ("是存款的1.5倍", "贷款为60亿元，存款为40亿元", "60亿元 ÷ 40亿元 = 1.5倍"),
        ("比上年增加8万亿元", "贷款为65万亿元，上年为58万亿元", ""),
        ("贷款为7万亿元", "贷款为65万亿元，上年为58万亿元", ""),
        ("增加7亿元", "贷款为65万亿元，上年为58万亿元", ""),
    ],
)
def test_reckoned_figures(said: str, source: str, formula: str) -> None:
    own = claims(said)
    assert reckoned(own, own.figures[-1], [claims(source)]) == formula
