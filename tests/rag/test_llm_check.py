"""`python -m rag llm-check`, against servers that are well and servers that are not."""

from collections.abc import Callable
from typing import Any

import pytest

from rag import prompts
from rag.__main__ import main
from tests.faulty_llm import FaultyLlm

KEY = "sk-canary-0123456789"
LONG = "春耕时节，银行要早安排、早投放。" * 30


def by_question(short: str, long: str = LONG) -> Callable[[dict[str, Any]], str]:
    return lambda body: short if body["messages"][-1]["content"] == prompts.CHECK_SENTENCE else long


@pytest.fixture
def configured(monkeypatch: pytest.MonkeyPatch) -> Callable[..., None]:
    def configure(server: FaultyLlm, model: str = "obedient", timeout: str = "1") -> None:
        monkeypatch.setenv("KBQA_LLM", f"openai:{model}")
        monkeypatch.setenv("KBQA_LLM_BASE_URL", server.url)
        monkeypatch.setenv("KBQA_LLM_API_KEY", KEY)
        monkeypatch.setenv("KBQA_LLM_TIMEOUT", timeout)
        monkeypatch.setenv("COLUMNS", "200")

    return configure


def rows(shown: str) -> dict[str, str]:
    """The table by its first column: result and remark."""
    cells = [line.split(None, 2) for line in shown.splitlines() if "通过" in line or "没能试" in line]
    return {cell[0]: cell[1] for cell in cells}


def test_a_server_that_is_well(configured: Callable[..., None], capsys: pytest.CaptureFixture[str]) -> None:
    with FaultyLlm(by_question("县域金融是面向县域的金融服务。"), pause=0.05, tokenizer=True) as server:
        configured(server)
        assert main(["llm-check"]) == 0
        shown = capsys.readouterr()
        passed = ("连通", "会说中文", "逐字输出", "首字延迟", "输出速度", "能停止", "停后不占用")
        assert rows(shown.out) == dict.fromkeys(passed, "通过")
        assert "obedient" in shown.out
        assert KEY not in shown.out + shown.err
        assert server.open == 0


@pytest.mark.parametrize(
    ("model", "told"),
    [("unauthorized", "KBQA_LLM_API_KEY"), ("html", "/v1"), ("slow_first", "KBQA_LLM_TIMEOUT")],
)
def test_a_server_that_does_not_answer(
    model: str, told: str, configured: Callable[..., None], capsys: pytest.CaptureFixture[str]
) -> None:
    with FaultyLlm() as server:
        configured(server, model)
        assert main(["llm-check"]) == 3
        shown = capsys.readouterr()
        assert rows(shown.out) == {"连通": "未通过"}
        assert told in shown.out
        assert KEY not in shown.out + shown.err


def test_a_model_without_chinese_that_ends_before_it_is_stopped(
    configured: Callable[..., None], capsys: pytest.CaptureFixture[str]
) -> None:
    with FaultyLlm("County finance.") as server:
        configured(server)
        assert main(["llm-check"]) == 3
        found = rows(capsys.readouterr().out)
        assert found["会说中文"] == "未通过"
        assert found["能停止"] == "没能试"


def test_an_answer_in_one_piece(configured: Callable[..., None], capsys: pytest.CaptureFixture[str]) -> None:
    with FaultyLlm(by_question("好的。", "好的。")) as server:
        configured(server)
        assert main(["llm-check"]) == 3
        assert rows(capsys.readouterr().out)["逐字输出"] == "未通过"


def test_a_server_that_goes_on_writing_for_nobody(
    configured: Callable[..., None], capsys: pytest.CaptureFixture[str]
) -> None:
    with FaultyLlm(by_question("县域金融是面向县域的金融服务。"), pause=0.05) as server:
        configured(server, timeout="5")
        server.lag = 1.5
        assert main(["llm-check"]) == 3
        assert rows(capsys.readouterr().out)["停后不占用"] == "未通过"


def test_nothing_configured(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["llm-check"]) == 2
    assert "KBQA_LLM" in capsys.readouterr().err
