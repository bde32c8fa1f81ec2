"""Quantities with their units in Chinese text."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rag.normalise import fold
from rag.quantity import Quantity, contains, has_figure, quantities


def found(text: str) -> list[tuple[float, str]]:
    return [(quantity.value, quantity.dimension) for quantity in quantities(text)]


def one(text: str) -> Quantity:
    (quantity,) = quantities(text)
    return quantity


@pytest.mark.parametrize(
    ("text", "value", "dimension"),
    [
        ("12.3%", 12.3, "percent"),
        ("１２．３％", 12.3, "percent"),
        ("百分之三十", 30, "percent"),
        ("百分之12.5", 12.5, "percent"),
        ("5‰", 5, "permille"),
        ("千分之五", 5, "permille"),
        ("0.87个百分点", 0.87, "point"),
        ("3.16百分点", 3.16, "point"),
        ("10个基点", 10, "basis point"),
        ("25BP", 25, "basis point"),
        ("65万亿元", 65e12, "yuan"),
        ("60.19万亿元", 60.19e12, "yuan"),
        ("1902亿元", 1902e8, "yuan"),
        ("三十万元", 3e5, "yuan"),
        ("五千万元", 5e7, "yuan"),
        ("一千五百万元", 15e6, "yuan"),
        ("十亿元", 1e9, "yuan"),
        ("5000元", 5000, "yuan"),
        ("1,234.5亿元", 1234.5e8, "yuan"),
        ("500 万元", 5e6, "yuan"),
        ("2.8万亿", 2.8e12, "amount"),
        ("15万个", 15e4, "个"),
        ("一百二十三户", 123, "户"),
        ("3万多户", 3e4, "户"),
        ("180多万户", 180e4, "户"),
        ("五十千元", 5e4, "yuan"),
        ("50余家", 50, "家"),
        ("两倍", 2, "倍"),
        ("10日", 10, "日"),
        ("十日", 10, "日"),
        ("10天", 10, "日"),
        ("二十个工作日", 20, "个工作日"),
        ("5 个工作日", 5, "个工作日"),
        ("三个月", 3, "个月"),
        ("2024年", 2024, "年"),
        ("第十二条", 12, "address"),
        ("第3章", 3, "address"),
        ("42", 42, "number"),
    ],
)
def test_units(text: str, value: float, dimension: str) -> None:
    assert found(text) == [(pytest.approx(value), dimension)]


@pytest.mark.parametrize("text", ["一方面", "一是强化保障", "万一", "百姓", "千方百计", "县域金融", "十分重要", ""])
def test_words_are_no_quantities(text: str) -> None:
    assert found(text) == []


def test_a_whole_sentence_in_order() -> None:
    text = "截至2024年底，余额为60.19万亿元，同比增长13.5%，处五十万元以上二百万元以下罚款。"
    assert found(text) == [(2024, "年"), (60.19e12, "yuan"), (13.5, "percent"), (5e5, "yuan"), (2e6, "yuan")]


def test_equal_amounts_written_differently_are_equal() -> None:
    amounts = [one(text) for text in ("1000万元", "1,000 万元", "一千万元", "10000000元", "0.1亿元", "１０００万元")]
    assert all(a.equals(b) for a in amounts for b in amounts)


@pytest.mark.parametrize(
    ("one_text", "other_text"),
    [
        ("10%", "10‰"),
        ("10%", "10个百分点"),
        ("10万元", "10万户"),
        ("10日", "10个工作日"),
        ("5月", "5个月"),
        ("12.3%", "12.30001%"),
    ],
)
def test_what_must_not_be_confused(one_text: str, other_text: str) -> None:
    assert not one(one_text).equals(one(other_text))


def test_contains() -> None:
    pool = quantities("不超过1000万元，不低于50%")
    assert contains(pool, one("一千万元"))
    assert not contains(pool, one("500万元"))


@given(st.text("0123456789.,万亿元%个百分点第条十百千一二日年月 多余", max_size=30))
def test_any_text(text: str) -> None:
    for quantity in quantities(text):
        assert quantity.start < quantity.end
        assert quantity.text in fold(text).replace(" ", "") or " " in quantity.text


@given(st.integers(1, 10**6), st.sampled_from(["元", "万元", "亿元", "户", "%", "个百分点"]))
def test_a_number_with_its_unit_is_read_back(number: int, unit: str) -> None:
    scale = {"万元": 1e4, "亿元": 1e8}.get(unit, 1)
    assert one(f"余额为{number}{unit}。").value == number * scale
    assert one(f"余额为{number:,}{unit}。").value == number * scale


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("一亿五千万元", [(1.5e8, "yuan")]),
        ("5—10万元", [(5e4, "yuan"), (1e5, "yuan")]),
        ("壹佰万元", [(1e6, "yuan")]),
    ],
)
def test_not_yet(text: str, expected: list[tuple[float, str]]) -> None:
    assert found(text) == expected


@pytest.mark.parametrize(
    ("text", "held"),
    [
        ("担保费率不超过1%", True),
        ("余额为65万亿元", True),
        ("共有15家机构", True),
        ("第十四条规定保险机构应当赔偿", False),
        ("2024年12月31日起施行", False),
        ("1104报表", False),
        ("应当及时支付", False),
    ],
)
def test_a_figure_is_no_address_and_no_date(text: str, held: bool) -> None:
    assert has_figure(text) is held
