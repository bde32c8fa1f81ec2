"""One plain form for what is written in many ways."""

import pytest

from rag.plain import plain, unmarked


@pytest.mark.parametrize(
    ("written", "form"),
    [
        ("- **余额为 65 万亿元**[1][2]。", "余额为65万亿元。"),
        ("（一）第三条规定，由财政部负责。", "第三条规定,由财政部负责。"),
        ("1. 余额增长", "余额增长"),
        ("财金〔2023〕75号", "财金(2023)75号"),
        ("2025-12末", "2025年12月末"),
        ("2023-09-04公布", "2023年9月4日公布"),
        ("二〇二四年六月三十日", "2024年6月30日"),
        ("同比+6.5%，环比-2%", "同比增长6.5%,环比下降2%"),
        ("2024—2027年", "2024-2027年"),
        ("千亿元", "1000亿元"),
        ("每半年一次，上半年", "每6个月一次,上半年"),
        ("约1/4，三分之二", "约25%,66.6667%"),
    ],
)
def test_forms(written: str, form: str) -> None:
    assert plain(written) == form


@pytest.mark.parametrize(
    ("written", "left"),
    [
        ("余额为5亿元[1][2]。", "余额为5亿元。"),
        ("见【3】", "见"),
        ("第[2]条", "第[2]条"),
        ("国发(2023)15号", "国发(2023)15号"),
    ],
)
def test_marks_of_citation_go(written: str, left: str) -> None:
    assert unmarked(written) == left
