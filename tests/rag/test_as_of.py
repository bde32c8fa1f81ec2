"""What applied at a time: the text of that time answers, with its dates; a repealed one is never quoted as living."""

from collections.abc import Iterator

import pytest

from rag.chain import Rag
from rag.texts import REASON_AS_OF
from tests.rag.own_kb import opened

OLD = (
    "农业贷款暂行办法\n（银发〔2010〕5号）\n第一条 农业贷款单户限额为三万元，期限不超过二年。\n"
    "第二条 本办法自2010年3月1日起施行。\n"
)
NEW = (
    "中国人民银行令〔2020〕第3号\n农业贷款管理办法\n第一条 农业贷款单户限额为十万元，期限不超过五年。\n"
    "第二条 本办法自2020年5月1日起施行。《农业贷款暂行办法》（银发〔2010〕5号）同时废止。\n"
)
OTHER = "# 渔业保险通知\n\n渔业保险由渔业部门组织，保费由财政补贴百分之四十。\n"


@pytest.fixture(scope="module")
def rag(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Rag]:
    with opened(tmp_path_factory.mktemp("as_of"), {"旧.txt": OLD, "新.txt": NEW, "渔.md": OTHER}) as own:
        yield own


@pytest.mark.parametrize(
    ("question", "source", "value"),
    [
        ("2015年时农业贷款单户限额适用哪个规定", "旧.txt", "三万元"),
        ("2022年时农业贷款单户限额适用哪个规定", "新.txt", "十万元"),
        ("2020年4月30日有效的农业贷款单户限额按哪个办法", "旧.txt", "三万元"),
        ("2020年5月1日有效的农业贷款单户限额按哪个办法", "新.txt", "十万元"),
    ],
)
def test_the_text_of_that_time_answers(rag: Rag, question: str, source: str, value: str) -> None:
    answer = rag.ask(question)
    assert answer.found
    assert {citation.source for citation in answer.citations} == {source}
    assert value in answer.text
    assert "起施行" in answer.text or "施行日期" in answer.text or answer.citations[0].meta.effective in answer.text


def test_before_everything_nothing_applied(rag: Rag) -> None:
    answer = rag.ask("2005年时农业贷款单户限额适用哪个规定")
    assert not answer.found
    assert answer.reason.startswith(REASON_AS_OF.format(moment="2005年时"))


def test_without_a_time_the_living_text_answers_alone(rag: Rag) -> None:
    answer = rag.ask("农业贷款单户限额是多少")
    assert {citation.source for citation in answer.citations} == {"新.txt"}
    assert "三万元" not in answer.text


def test_a_dead_text_that_is_named_is_quoted_with_a_warning(rag: Rag) -> None:
    answer = rag.ask("《农业贷款暂行办法》第一条")
    assert "三万元" in answer.text
    assert any("农业贷款管理办法" in notice for notice in answer.notices)


def test_its_validity_is_known_and_proved(rag: Rag) -> None:
    answer = rag.ask("《农业贷款暂行办法》现在还有效吗")
    assert "已废止" in answer.text
