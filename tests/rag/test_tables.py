"""A figure of a table comes with its row, its columns, its caption and its unit."""

from collections.abc import Iterator

import pytest

from rag.chain import Rag
from rag.tables import cells, in_words
from tests.rag.own_kb import opened

SHEET = (
    "年度县域贷款,,\n单位：亿元,,\n省份,2024年末贷款余额,2025年末贷款余额\n山东,45210.5,48820.25\n浙江,61200,66230\n"
)
NOTE = "# 走访记录\n\n走访了三家养殖户，都缺少抵押物。\n"


@pytest.fixture(scope="module")
def rag(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Rag]:
    files = {"statistics/县域贷款统计.csv": SHEET.encode("gb18030"), "走访.md": NOTE}
    with opened(tmp_path_factory.mktemp("tables"), files) as own:
        yield own


@pytest.mark.parametrize(("region", "value"), [("山东", "48820.25"), ("浙江", "66230")])
def test_the_row_of_the_asked_region(rag: Rag, region: str, value: str) -> None:
    answer = rag.ask(f"{region}2025年末县域贷款余额是多少")
    assert answer.found
    first = answer.sentences[0]
    assert f"省份：{region}" in first.text
    assert f"2025年末贷款余额：{value}" in first.text
    assert "单位：亿元" in first.lead
    quotes = [citation.quote for citation in answer.citations]
    assert any(region in quote and value in quote for quote in quotes)
    assert any("单位：亿元" in quote for quote in quotes), "the unit is cited, too"


def test_a_region_that_is_not_in_the_table(rag: Rag) -> None:
    assert not rag.ask("河南2025年末县域贷款余额是多少").found


@pytest.mark.parametrize("question", ["县域贷款余额最高的是哪个省", "县域贷款余额最少的是哪个省"])
def test_the_greatest_is_seen_among_all(rag: Rag, question: str) -> None:
    answer = rag.ask(question)
    assert [text.text[:5] for text in answer.sentences] == ["省份：山东", "省份：浙江"]


def test_a_row_in_words() -> None:
    assert cells("| 甲 |  | 丙 |") == ["甲", "", "丙"]
    assert in_words("| 省 | 余额 | 注 |", "| 山东 | 3.5 | — |") == "省：山东；余额：3.5"
    assert (
        in_words("| 省 | 余额 |", "| 山东 | 3.5 |", lambda name, cell: f"[{name}{cell}]")
        == "省：[省山东]；余额：[余额3.5]"
    )
    assert in_words("| 省 |", "| 山东 | 3.5 |") is None
    assert in_words("| 省 |", "|  |") == ""
