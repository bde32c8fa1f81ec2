"""第一百二十三条 and 第123条 are one number."""

import pytest
from cn2an import an2cn
from hypothesis import given
from hypothesis import strategies as st

from rag.numerals import NUMERAL, number_of


@pytest.mark.parametrize(
    ("numeral", "number"),
    [
        ("十", 10),
        ("十二", 12),
        ("二十", 20),
        ("一百零三", 103),
        ("一百二十", 120),
        ("一千二百三十四", 1234),
        ("两百", 200),
        ("二〇二四", 2024),
        ("12", 12),
        ("１２", 12),
        ("007", 7),
        ("零", 0),
        ("〇", 0),
        ("", 0),
        ("abc", 0),
        ("百", 0),
        ("十百", 0),
        ("第", 0),
    ],
)
def test_known(numeral: str, number: int) -> None:
    assert number_of(numeral) == number


@given(st.integers(1, 9999))
def test_both_ways_of_writing_agree(number: int) -> None:
    written = an2cn(number)
    assert number_of(written) == number_of(str(number)) == number
    assert NUMERAL.fullmatch(written)
