"""Figures with what is said of them, times, addresses, titles and 文号 of a sentence."""

import pytest

from rag.claims import Claims, Figure, read
from rag.plain import plain


def claims(text: str) -> Claims:
    return read(plain(text))


def figure(text: str, words: str) -> Figure:
    return next(f for f in claims(text).figures if f.text == words)


@pytest.mark.parametrize(
    ("text", "words", "bound"),
    [
        ("余额为65万亿元", "65万亿元", ""),
        ("余额超65万亿元", "65万亿元", "gt"),
        ("不超过5万元", "5万元", "le"),
        ("注册资本不得低于2000万元", "2000万元", "ge"),
        ("不足三成", "三成", "lt"),
        ("接近24万亿元", "24万亿元", "near"),
        ("约为12.9万亿元", "12.9万亿元", "about"),
        ("5万元以上50万元以下", "5万元", "ge"),
        ("5万元以上50万元以下", "50万元", "le"),
        ("20%—50%", "20%", "ge"),
        ("20%—50%", "50%", "le"),
        ("自受理之日起30日内", "30日", "le"),
        ("30余个", "30余个", "gt"),
        ("最高偿付限额为人民币50万元", "50万元", "le"),
        ("原则上为近5万元（含）以下", "5万元", "le+near"),
    ],
)
def test_bounds(text: str, words: str, bound: str) -> None:
    assert figure(text, words).bound == bound


@pytest.mark.parametrize(
    ("text", "words", "basis", "direction"),
    [
        ("同比增长6.5%", "6.5%", "yoy", "up"),
        ("较上年同期下降0.5个百分点", "0.5个百分点", "yoy", "down"),
        ("比年初增加7955亿元", "7955亿元", "ytd", "up"),
        ("环比减少3%", "3%", "mom", "down"),
        ("余额为65万亿元", "65万亿元", "", ""),
        ("增速为11%", "11%", "", "up"),
        ("低于各项贷款增速3个百分点", "3个百分点", "", "down"),
        ("由1.5%降至1.4%", "1.4%", "", "down"),
    ],
)
def test_basis_and_direction(text: str, words: str, basis: str, direction: str) -> None:
    found = figure(text, words)
    assert (found.basis, found.direction) == (basis, direction)


@pytest.mark.parametrize(
    ("text", "words", "year", "month"),
    [
        ("截至2024年末，余额为65万亿元", "65万亿元", "2024", 12),
        ("2024年一季度末，余额为65万亿元，同比增长13.5%", "13.5%", "2024", 3),
        ("2023年为4.78%，较2022年下降0.47个百分点", "0.47个百分点", "2023", 0),
        ("2024年为65万亿元，比2023年的58万亿元多", "58万亿元", "2023", 0),
        ("由2018年1月的6.3%下降到2022年12月的4.9%", "4.9%", "2022", 12),
        ("2021年10月16日批准，10月25日批复5家", "5家", "2021", 10),
        ("2025年1—8月利率为4.37%", "4.37%", "2025", 8),
    ],
)
def test_the_time_of_a_figure(text: str, words: str, year: str, month: int) -> None:
    time = figure(text, words).time
    assert time is not None
    assert (time.year, time.month) == (year, month)


@pytest.mark.parametrize(
    ("said", "told", "fits"),
    [
        ("2024年", "2024年6月末", True),
        ("2024年末", "2024年", True),
        ("2024年6月末", "2024年二季度末", True),
        ("2024年6月末", "2024年", False),
        ("2024年末", "2023年末", False),
        ("2024年6月末", "2024年7月末", False),
        ("2024年1—6月", "2024年2—6月", False),
        ("6月24日", "2025年6月24日", True),
        ("2025年6月23日", "2025年6月24日", False),
    ],
)
def test_which_time_tells_of_which(said: str, told: str, fits: bool) -> None:
    assert claims(said).times[0].told_by(claims(told).times[0]) is fits


def test_addresses_titles_and_numbers() -> None:
    found = claims("《商业银行法》第三十九条之一第二款和财金〔2023〕75号、国务院令第683号规定的第（四）项")
    assert [address[:3] for address in found.addresses] == [("条", 39, 1), ("款", 2, 0), ("项", 4, 0)]
    assert [title for title, _ in found.titles] == ["商业银行法"]
    assert [number for number, _ in found.numbers] == ["财金2023-75", "令683"]
    assert not found.figures
