"""What a sentence replaces, adds or leaves out where it runs along with its source."""

import pytest

from rag.edits import turned_by_edits


def faults(said: str, source: str) -> list[tuple[str, str]]:
    return list(turned_by_edits(said, source, said, source))


@pytest.mark.parametrize(
    ("said", "source", "fault"),
    [
        ("本条例失效", "本条例未失效", ("dropped", "未")),
        ("银行不应当说明口径", "银行应当说明口径", ("added", "不")),
        ("地方审计部门统筹安排", "地方财政部门统筹安排", ("name", "审计")),
        ("支持发展供应链金融业务", "支持发展普惠金融业务", ("name", "供应链")),
        ("山东的贷款余额增长", "浙江的贷款余额增长", ("name", "山东")),
        ("地位保持变", "地位不变", ("dropped", "不")),
    ],
)
def test_small_edits(said: str, source: str, fault: tuple[str, str]) -> None:
    assert faults(said, source) == [fault]


@pytest.mark.parametrize(
    ("said", "source"),
    [
        ("县级市及县以下区划", "县级市和县以下区划"),
        ("陆续推出特色产品", "先后推出特色产品"),
        ("并非完整的序列", "不是完整的序列"),
        ("文本中没有给出具体数字", "具体数字未在文本中出现"),
    ],
)
def test_edits_without_sense(said: str, source: str) -> None:
    assert not faults(said, source)
