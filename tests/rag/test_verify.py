"""One generated sentence against the source sentences that a model was shown."""

import time
from collections import Counter
from collections.abc import Sequence
from itertools import pairwise

import pytest

from rag.normalise import fold
from rag.types import BINDING, FIGURES, Sentence
from rag.verify import Checked, Evidence, quote_of, verify


def similarity(sentence: str, others: Sequence[str]) -> list[float]:
    def pairs(text: str) -> Counter[str]:
        return Counter(map("".join, pairwise(text)))

    own = pairs(sentence)
    return [sum((own & pairs(other)).values()) / max(1, sum(own.values())) for other in others]


def evidence(text: str, group: str = FIGURES, heading: str = "", kind: str = "prose") -> Evidence:
    return Evidence("a.md", Sentence(0, len(text), text, kind), group, fold(heading))


SHOWN = [
    evidence("- 截至2024年末，全省各项贷款余额为65万亿元，同比增长9.1%。"),
    evidence("截至2024年末，全省各项存款余额为80万亿元，同比增长7%。"),
    evidence("截至2023年末，全省各项贷款余额为58万亿元。"),
    evidence("银行应当在30日内答复，情况复杂的可以延长15日，但最长不得超过60日。", BINDING, "信访办法 第十九条"),
    evidence("除法律另有规定外，任何单位和个人不得查询个人存款。", BINDING),
    evidence("县域存贷比为62%，全国为78%。"),
    evidence("浙江省支持农户发放小额信用贷款。", BINDING, "浙江省条例"),
    evidence("山东省支持企业发放绿色信用贷款。", BINDING, "山东省条例"),
]


def check(sentence: str) -> Checked:
    return verify(sentence, SHOWN, similarity)


@pytest.mark.parametrize(
    ("sentence", "proof"),
    [
        ("截至2024年末，全省各项贷款余额为65万亿元，同比增长9.1%。", 0),
        ("**截至2024年末，全省各项贷款余额为 65 万亿元，同比增长9.1%**[1]", 0),
        ("银行应当在30日内答复。", 3),
    ],
)
def test_the_words_of_a_source(sentence: str, proof: int) -> None:
    checked = check(sentence)
    assert (checked.verdict, checked.proofs, checked.faults) == ("原文直引", (proof,), ())


@pytest.mark.parametrize(
    ("sentence", "proofs"),
    [
        ("2024年末，全省各项贷款余额达65万亿元，较上年同期增长9.1%。", {0}),
        ("银行须在三十日内答复，复杂的可延长15日，最长不超过60日。", {3}),
        ("根据《信访办法》第十九条，银行应在30日内答复。", {3}),
        ("2024年末，全省各项贷款余额为65万亿元，各项存款余额为80万亿元。", {0, 1}),
        ("除法律另有规定以外，任何单位和个人都不得查询个人存款。", {4}),
    ],
)
def test_other_words_for_the_same(sentence: str, proofs: set[int]) -> None:
    checked = check(sentence)
    assert (checked.verdict, set(checked.proofs), checked.faults) == ("改写有据", proofs, ())
    assert checked.text == sentence


@pytest.mark.parametrize(
    ("sentence", "near"),
    [
        ("截至2024年末，全省各项贷款余额为66万亿元，同比增长9.1%。", 0),
        ("截至2024年末，全省各项贷款余额约65万亿元。", 0),
        ("截至2024年末，全省各项贷款余额为65万亿元，较年初增长9.1%。", 0),
        ("银行应当在30日后答复。", 3),
        ("银行可以在30日内答复。", 3),
        ("任何单位和个人不得查询个人存款。", 4),
        ("任何单位和个人可以查询个人存款。", 4),
        ("浙江省支持企业发放绿色信用贷款。", 7),
        ("根据第十八条，银行应当在30日内答复。", 3),
    ],
)
def test_what_says_otherwise_is_replaced_by_the_quote(sentence: str, near: int) -> None:
    checked = check(sentence)
    assert checked.verdict == "原文直引"
    assert checked.faults
    assert checked.proofs == (near,)
    assert checked.text == quote_of(SHOWN[near].sentence)


@pytest.mark.parametrize(
    ("sentence", "formula"),
    [
        ("2024年末，贷款余额比2023年末增加7万亿元。", "65万亿元 − 58万亿元 = 7万亿元"),
        ("县域存贷比为62%，比全国低16个百分点。", "78% − 62% = 16个百分点"),
        ("2024年末全省贷款余额相当于存款的81.25%。", "65万亿元 ÷ 80万亿元 = 81.25%"),
    ],
)
def test_a_reckoned_figure_has_its_formula(sentence: str, formula: str) -> None:
    checked = check(sentence)
    assert (checked.verdict, checked.formula, checked.faults) == ("改写有据", formula, ())


@pytest.mark.parametrize("sentence", ["量子计算将改变银行业的未来。", "该行在境外设有120家分支机构。"])
def test_what_nothing_proves(sentence: str) -> None:
    checked = check(sentence)
    assert (checked.verdict, checked.text, checked.proofs) == ("未见依据", sentence, ())
    assert checked.faults


@pytest.mark.parametrize(
    "sentence", ["综上所述：", "主要包括以下三个方面：", "以上内容仅供参考，请以官方文件为准。", "希望对您有帮助！"]
)
def test_what_claims_nothing(sentence: str) -> None:
    assert check(sentence).verdict == "无法核验"


def test_layers_never_mix() -> None:
    shown = [evidence("贷款余额为65万亿元。", FIGURES), evidence("存款余额为80万亿元。", BINDING)]
    checked = verify("贷款余额为65万亿元，存款余额为80万亿元。", shown, similarity)
    assert checked.verdict != "改写有据"


def test_without_evidence_nothing_is_proved() -> None:
    assert verify("余额为65万亿元。", [], similarity).verdict == "未见依据"


def test_a_table_row_is_quoted_cell_by_cell() -> None:
    row = Sentence(0, 20, "| 2024-12末 | 65万亿元 |", "row", "时点：2024-12末；数字：65万亿元")
    checked = verify("2024年末的数字为66万亿元。", [Evidence("a.md", row, FIGURES)], similarity)
    assert checked.text == "2024-12末；65万亿元"


def test_a_sentence_is_checked_within_milliseconds() -> None:
    shown = [
        *SHOWN,
        *(evidence(f"截至20{n}年末，第{n}家机构贷款余额为{n}万亿元，同比增长{n}%。") for n in range(10, 32)),
    ]
    sentence = "2024年末，全省各项贷款余额达65万亿元，较上年同期增长9.1%。"
    verify(sentence, shown, similarity)
    started = time.perf_counter()
    for changed in range(20):
        verify(sentence.replace("65", f"{changed + 20}"), shown, lambda _, others: [0.0] * len(others))
    assert (time.perf_counter() - started) / 20 < 0.05
