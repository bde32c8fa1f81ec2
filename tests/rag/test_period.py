"""Periods within a year are told apart."""

import pytest

from rag.period import clash, periods


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
