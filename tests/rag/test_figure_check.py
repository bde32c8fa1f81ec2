"""Figures, times, articles and 文号 beside those of the sources."""

import pytest

from rag.claims import Claims, read
from rag.figure_check import faults_of_figures, faults_of_places
from rag.plain import plain


def claims(text: str) -> Claims:
    return read(plain(text))


def kinds(said: str, source: str, heading: str = "") -> list[str]:
    own, sources = claims(said), [claims(source), claims(heading)]
    every = (0, len(own.plain))
    return [kind for kind, _ in (*faults_of_figures(own, *every, sources), *faults_of_places(own, *every, sources))]


SOURCE = "截至2024年6月末，贷款余额为65万亿元，同比增长9.1%；存款余额超80万亿元，较年初下降7%。"


@pytest.mark.parametrize(
    ("said", "kind"),
    [
        ("贷款余额为66万亿元", "figure"),
        ("贷款余额为65亿元", "figure"),
        ("贷款同比增长9.1个百分点", "figure"),
        ("贷款余额约65万亿元", "bound"),
        ("存款余额为80万亿元", "bound"),
        ("贷款余额较年初增长9.1%", "basis"),
        ("贷款余额同比下降9.1%", "direction"),
        ("2023年6月末贷款余额为65万亿元", "time"),
        ("2024年7月末贷款余额为65万亿元", "time"),
        ("存款余额为65万亿元", "subject"),
    ],
)
def test_figures_that_are_said_otherwise(said: str, kind: str) -> None:
    assert kind in kinds(said, SOURCE)


@pytest.mark.parametrize(
    ("said", "source"),
    [
        ("2024年6月末贷款余额为65万亿元", SOURCE),
        ("2024年二季度末，贷款余额达65万亿元，较上年同期增长9.1%", SOURCE),
        ("罚款五千元以上五万元以下", "处5000元—5万元罚款"),
        ("贷款占三成", "贷款占30%"),
        ("期限为三年", "期限为36个月"),
        ("余额为65万亿", SOURCE),
        ("设立一个平台", "设立平台"),
        ("A行和B行分别为3亿元和5亿元", "A行为3亿元，B行为5亿元"),
    ],
)
def test_figures_that_are_the_same(said: str, source: str) -> None:
    assert not kinds(said, source)


@pytest.mark.parametrize(
    ("said", "source"),
    [
        ("A行和B行分别为5亿元和3亿元", "A行和B行分别为3亿元和5亿元"),
        ("单位罚款十万元，个人罚款一万元", "单位罚款一万元，个人罚款十万元"),
        ("保费36亿元、赔款39亿元", "保费39亿元、赔款36亿元"),
    ],
)
def test_figures_in_one_anothers_place(said: str, source: str) -> None:
    assert "subject" in kinds(said, source)


@pytest.mark.parametrize(
    ("said", "source", "heading", "kind"),
    [
        ("第十八条规定了期限", "第十九条规定了期限", "", "address"),
        ("第十九条规定了期限", "规定了期限", "第十九条", ""),
        ("第一款鼓励融资", "第一款要求确认债权；第二款鼓励融资", "", "address"),
        ("依据财金〔2023〕57号", "依据财金〔2023〕75号", "", "number"),
        ("依据财金(2023)75号", "依据财金〔2023〕75号", "", ""),
        ("2025年印发通知", "通知印发", "2025年规划", ""),
        ("到2024年基本建成", "到2027年基本建成", "规划（2024—2027年）", "time"),
        ("10月16日批复，10月25日批准试点方案", "10月16日批准试点方案，10月25日批复", "", "time"),
    ],
)
def test_times_articles_and_numbers(said: str, source: str, heading: str, kind: str) -> None:
    assert kinds(said, source, heading) == ([kind] if kind else []) or kind in kinds(said, source, heading)
