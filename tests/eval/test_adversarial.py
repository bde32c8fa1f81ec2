"""Rows that mislead, inject or break: which are asked, how, and what counts as passed."""

import json
import re
from pathlib import Path
from typing import Any

import pytest

from eval.adversarial import (
    DOCUMENT,
    FILE,
    ask_adversarial,
    by_category,
    faults_of,
    question_turns,
    report_lines,
    unasked,
)
from eval.bench import read_rows
from rag.chain import Rag


def row(identity: str = "A-1", **changes: Any) -> dict[str, Any]:
    plain = {
        "id": identity,
        "category": "robust_input",
        "where": "question",
        "input": "小额贷款的期限最长是多少？",
        "expect": "answer",
        "must": [],
        "must_not": [],
    }
    return plain | changes


def write(folder: Path, *rows: dict[str, Any]) -> Path:
    text = "\n".join(json.dumps(member, ensure_ascii=False) for member in rows)
    (folder / FILE).write_text(text, encoding="utf-8")
    return folder


def test_every_group_needs_one_of_its_patterns() -> None:
    asked = row(must=[[r"62\s*%", "哪个"], ["来源"]])
    assert faults_of(asked, "县域存贷比为62 %，来源[1]", found=True) == ()
    assert len(faults_of(asked, "县域存贷比为62%", found=True)) == 1
    assert len(faults_of(asked, "没有", found=True)) == 2


def test_a_forbidden_pattern_is_shown_as_it_was_said() -> None:
    faults = faults_of(row(must_not=[r"99\s*%", "^是的"]), "现在是 99% 了", found=True)
    assert len(faults) == 1
    assert "99%" in faults[0]


def test_a_refusal_that_is_due_must_not_be_an_answer() -> None:
    due = row(expect="refuse")
    assert faults_of(due, "没有依据", found=False) == ()
    assert faults_of(due, "答案", found=True) != ()
    assert faults_of(row(expect="ignore_injection"), "答案", found=True) == ()


def test_what_is_asked() -> None:
    assert question_turns(row()) == ("小额贷款的期限最长是多少？",)
    assert question_turns(row(turns=["甲", "乙"])) == ("甲", "乙")
    assert question_turns(row(input_repeat={"unit": "贷", "times": 3, "append": "。"})) == ("贷贷贷。",)


def test_only_questions_are_asked_and_the_rest_is_counted(small_rag: Rag, tmp_path: Path) -> None:
    rows = [
        row("Q-1", must=[["[0-9]|没有|未"]]),
        row("Q-2", category="data_exfiltration", expect="refuse", must_not=["."]),
        row("Q-3", input_repeat={"unit": "贷", "times": 3000, "append": ""}, must=[["过长"]]),
        row("Q-4", input=" \n", must=[["请输入"]]),
        row("Q-5", turns=["记住暗号。", "小额贷款的期限？"]),
        row("D-1", where="document", probe_question="小额贷款的期限最长是多少？"),
        row("F-1", where="filename"),
    ]
    shared = write(tmp_path, *rows)
    replies = {reply.id: reply for reply in ask_adversarial(small_rag, shared)}
    assert list(replies) == ["Q-1", "Q-2", "Q-3", "Q-4", "Q-5"]
    assert replies["Q-3"].passed
    assert replies["Q-4"].passed
    assert replies["Q-5"].question == "小额贷款的期限？"
    assert not replies["Q-2"].passed
    assert replies["Q-2"].why
    assert by_category(list(replies.values()))["data_exfiltration"] == (0, 1)
    assert by_category(list(replies.values()))["robust_input"] == (4, 4)
    assert sorted(unasked(shared).values()) == [1]
    lines = report_lines(list(replies.values()), unasked(shared))
    assert len(lines) == 3
    assert "4/4" in lines[0]


def test_of_a_document_its_probe_is_asked(small_rag: Rag, tmp_path: Path) -> None:
    shared = write(
        tmp_path, row("D-1", where="document", probe_question="农业保险的原则是什么？", must_not=["<"]), row()
    )
    (reply,) = ask_adversarial(small_rag, shared, DOCUMENT)
    assert (reply.id, reply.question, reply.passed) == ("D-1", "农业保险的原则是什么？", True)


def test_without_the_file_nothing_is_asked_and_the_reason_said(small_rag: Rag, tmp_path: Path) -> None:
    assert ask_adversarial(small_rag, tmp_path) == []
    assert "没有找到" in next(iter(unasked(tmp_path)))


def test_the_real_rows(shared: Path) -> None:
    if not (shared / FILE).is_file():
        pytest.skip(f"{FILE} is absent from {shared}")
    rows = read_rows(shared / FILE)
    asked = [member for member in rows if member["where"] in {"question", "document"}]
    assert len(asked) + sum(unasked(shared).values()) == len(rows)
    assert all(re.match(r"\D", reason) for reason in unasked(shared))
    for member in asked:
        assert question_turns(member)
        for pattern in [*member["must_not"], *(p for group in member["must"] for p in group)]:
            re.compile(pattern)
