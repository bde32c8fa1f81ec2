"""Periods within a year are told apart."""

import pytest

from rag.period import clash, fit, own_periods, periods


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("截至2024年末", {("2024", 12)}),
        ("2024年底和2024年12月末", {("2024", 12)}),
        ("2024年4月末", {("2024", 4)}),
        ("2025年一季度末", {("2025", 3)}),
        ("2025年上半年", {("2025", 6)}),
        ("2023年前三季度", {("2023", 9)}),
        ("2023年", {("2023", 0)}),
        ("余额62亿元", set()),
        ("2026年1—4月", {("2026", 4)}),
        ("2022年1至10月", {("2022", 10)}),
        ("2026年头四个月和2025年前8个月", {("2026", 4), ("2025", 8)}),
        ("2024年全年", {("2024", 12)}),
        ("2023年一整年", {("2023", 12)}),
        ("2021-2023年", set()),
        ("注册资本不低于2000万元", set()),
        ("滞后,2024年底直接融资占比不足5%", {("2024", 12)}),
        ("2023年10月公布时,官方给出的余额", set()),
        ("2024年7月和10月", {("2024", 7), ("2024", 10)}),
        ("2024年7月末、10月末", {("2024", 7), ("2024", 10)}),
        ("2024年7月22日和10月21日", {("2024", 7), ("2024", 10)}),
        ("2024年12月和2025年3月", {("2024", 12), ("2025", 3)}),
        ("2023年1月至8月", {("2023", 8)}),
        ("2023年1月到8月", {("2023", 8)}),
    ],
)
def test_periods(text: str, expected: set[tuple[str, int]]) -> None:
    assert periods(text) == expected


@pytest.mark.parametrize(
    ("asked", "said", "expected"),
    [
        ("2024年末", "截至2024年4月末", True),
        ("2024年末", "截至2024年4月末和2024年12月", False),
        ("2024年末", "截至2023年末", False),
        ("2024年末", "2024年全年", False),
        ("2024年", "截至2024年4月末", False),
    ],
)
def test_clash(asked: str, said: str, expected: bool) -> None:
    assert clash(periods(asked), periods(said)) is expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("2024年一季度平均利率为4.42%,较2023年下降0.35个百分点", {("2024", 3)}),
        ("2024年核定补贴547.5亿元;2025年1月报道取整为547亿元", {("2024", 0)}),
        ("2026年7月22日报道,新增额度1000亿元", {("2026", 7)}),
    ],
)
def test_a_comparison_or_report_is_no_period_of_the_figure(text: str, expected: set[tuple[str, int]]) -> None:
    assert own_periods(text) == expected


@pytest.mark.parametrize(
    ("asked", "said", "expected"),
    [
        ("2024年3月末", "截至2024年一季度末", 2),
        ("2024年全年", "2024年我国保费规模", 2),
        ("2024年", "截至2024年末", 2),
        ("2024年", "截至2024年三季度末", 1),
        ("2024年末", "余额为33万亿元", 0),
        ("2024年末", "截至2024年三季度末", -1),
        ("2024年末", "截至2023年末", -2),
    ],
)
def test_fit(asked: str, said: str, expected: int) -> None:
    assert fit(periods(asked), periods(said)) == expected
