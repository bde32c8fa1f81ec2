"""A run in the terminal: the same figures as on the page, narrow enough to be piped."""

import io
from typing import Any

import pytest
from rich.cells import cell_len
from rich.console import Console

from eval.terminal import print_run
from tests.eval.test_report import foreign_run, small_run


def printed(run: dict[str, Any], width: int = 100) -> str:
    """What a run looks like in a file."""
    console = Console(file=io.StringIO(), width=width)
    print_run(run, console)
    assert isinstance(console.file, io.StringIO)
    return console.file.getvalue()


def line_of(said: str, start: str) -> str:
    return next(line for line in said.splitlines() if line.startswith(start))


def test_figures_targets_and_ratios() -> None:
    said = printed(small_run())
    assert line_of(said, "首段命中").split() == "首段命中 ✗ ≥ 93% 90.0% 80.0–100.0 10 60.0% ×1.50".split()
    assert line_of(said, "前五段命中").split() == "前五段命中 ✓ ≥ 99% 100.0% 90.0–100.0 10 —".split()
    assert "↑0.800" in line_of(said, "区分近题无据")
    assert line_of(said, "达到目标") == "达到目标 3/5 项"
    assert line_of(said, "未达到：") == "未达到：首段命中、近题无据不答"


def test_both_splits_test_first_and_the_timings() -> None:
    said = printed(small_run())
    assert 0 < said.index("测试集（2 题）") < said.index("开发集（3 题）") < said.index("逐题计时（5 题")
    assert "整个回答：p50 1.5 / p95 1.5 毫秒" in said


@pytest.mark.parametrize("width", [80, 100, 200])
def test_it_fits(width: int) -> None:
    said = printed(small_run(), width)
    assert max(cell_len(line) for line in said.splitlines()) <= min(width, 100)
    assert "…" not in said


def test_narrow_terminals_leave_out_the_ratios() -> None:
    assert "×1.50" not in line_of(printed(small_run(), 80), "首段命中")


def test_a_foreign_set_has_no_targets_and_no_others() -> None:
    said = printed(foreign_run())
    assert "cdqa" in said
    assert "目标" not in said
    assert line_of(said, "首个文件命中").split()[1:] == ["80.0%", "70.0–90.0", "10"]
    assert "÷" not in said
    assert "逐题计时" not in said


def test_names_are_not_read_as_markup() -> None:
    run = small_run()
    run["generation"] = "[bold]x[/bold]"
    assert "[bold]x[/bold]" in printed(run)
