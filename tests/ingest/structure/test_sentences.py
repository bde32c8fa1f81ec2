"""Quotable units: a table's row is known with its caption, unit and columns."""

import pytest

from ingest.structure.sentences import split_sentences, told_row
from ingest.structure.tree import parse_blocks

TABLE = (
    "全省运行平稳。\n\n2025年三省县域贷款余额\n单位：亿元\n"
    "| 省份 | 2025年末 | 增速 |\n|---|---|---|\n| 山东 | 48820.25 | 7.99% |\n| 浙江 | 66,230 | — |\n\n完。\n"
)


def test_rows_are_searched_with_what_stands_above_them() -> None:
    sentences = split_sentences(TABLE, parse_blocks(TABLE))
    assert [s.kind for s in sentences] == ["prose", "caption", "caption", "row", "row", "prose"]
    assert all(TABLE[s.start : s.end] == s.text for s in sentences)
    shandong, zhejiang = (s for s in sentences if s.kind == "row")
    assert shandong.text == "| 山东 | 48820.25 | 7.99% |"
    assert "2025年三省县域贷款余额" in shandong.folded
    assert "2025年末:48820.25亿元" in shandong.folded
    assert "增速:7.99%" in shandong.folded
    assert "66,230亿元" in zhejiang.folded
    assert "增速" not in zhejiang.folded


@pytest.mark.parametrize(
    ("caption", "names", "row", "told"),
    [
        ("", "| 项目 | 金额（万元） |", "| 保费 | 12 |", "项目：保费；金额（万元）：12万元"),
        (
            "单位：亿元",
            "| 年份 | 余额 | 户数 |",
            "| 2024 | 3.5 | 20 |",
            "单位：亿元 年份：2024；余额：3.5亿元；户数：20",
        ),
        ("", "| 甲 | 乙 |", "| 一 | 二 | 三 |", "一 二 三"),
        ("表1", "| 甲 | 乙 |", "| 一 |  |", "表1 甲：一"),
    ],
)
def test_a_row_in_words(caption: str, names: str, row: str, told: str) -> None:
    assert told_row(caption, names, row) == told


def test_a_paragraph_above_a_table_is_no_caption() -> None:
    text = "余额见下表：\n| 甲 | 乙 |\n|---|---|\n| 一 | 二 |\n"
    assert [s.kind for s in split_sentences(text, parse_blocks(text))] == ["prose", "row"]


def test_the_lines_of_a_form_are_sentences_however_long() -> None:
    form = (
        "事项名称：户口页借出\n办理地点：广东省广州市越秀区天河路13号润粤大厦三楼8-10号窗口\n咨询电话：020-37607198\n"
        "受理标准：人才集体户在户人员需要使用个人户口的时候，可以由本人或者受委托的人持有效身份证件\n到窗口办理借出。\n"
    )
    said = [sentence.text for sentence in split_sentences(form, parse_blocks(form))]
    assert [text.split("：")[0] for text in said] == ["事项名称", "办理地点", "咨询电话", "受理标准"]
    assert said[-1].endswith("\n到窗口办理借出。")
