"""Quoted rows of one table are shown as a table."""

from collections.abc import Sequence

from rag.types import Answer, AnswerSentence, Citation, Turn
from ui.render import exchange
from ui.rows import runs

HEADER = "| 公布日 | 1年期 | 备注 |"
ROWS = ("| 2024-02-20 | — | |", "| 2024-07-22 | 3.35% | |", "| 2024-10-21 | <b>3.1%</b> | |")


def citations(header: str = HEADER, quotes: Sequence[str] = ROWS) -> tuple[Citation, ...]:
    return tuple(
        Citation(number, "statistics/利率.md", "利率", "节点", quote, 0, len(quote), header=header)
        for number, quote in enumerate(quotes, 1)
    )


def sentence(number: int, **changed: object) -> AnswerSentence:
    return AnswerSentence(f"第{number}行", (number,), layer="数据案例", **changed)  # type: ignore[arg-type]


def page(sentences: Sequence[AnswerSentence], cited: Sequence[Citation]) -> str:
    answer = Answer("历次利率", resolved="历次利率", found=True, sentences=tuple(sentences), citations=tuple(cited))
    return exchange(Turn("历次利率", answer), 0)


def shapes(sentences: Sequence[AnswerSentence], cited: Sequence[Citation]) -> list[tuple[bool, int]]:
    by_number = {citation.number: citation for citation in cited}
    return [(bool(header), len(run)) for header, run in runs(sentences, by_number)]


def test_rows_of_one_table_are_one_table() -> None:
    shown = page([sentence(1), sentence(2), sentence(3)], citations())
    assert shown.count("<table>") == 1
    assert shown.count("<td>") == 6
    assert "备注" not in shown, "a column without a value is left out"
    assert "&lt;b&gt;3.1%" in shown or "<b>" not in shown.split("<tbody>")[1].split("</tbody>")[0]


def test_each_row_keeps_its_citation() -> None:
    table = page([sentence(1), sentence(2), sentence(3)], citations()).split("<tbody>")[1].split("</tbody>")[0]
    assert [f'value="open:0:{number}"' in table for number in (1, 2, 3)] == [True] * 3


def test_what_is_no_table() -> None:
    assert shapes([sentence(1)], citations()) == [(False, 1)]
    assert shapes([sentence(1), sentence(2)], citations(header="")) == [(False, 2)]
    assert shapes([sentence(1), sentence(2)], citations(header="| 公布日 |")) == [(False, 2)]
    assert shapes([sentence(1), sentence(2, lead="截至2024年7月：")], citations()) == [(False, 1), (False, 1)]
    assert shapes([sentence(1, lead="据《利率》："), sentence(2)], citations()) == [(True, 2)]
    assert shapes([sentence(1, written=True), sentence(2, written=True)], citations()) == [(False, 2)]


def test_what_stands_between_parts_two_tables() -> None:
    between = AnswerSentence("另一句。", (), layer="数据案例")
    assert shapes([sentence(1), sentence(2), between, sentence(3)], citations()) == [(True, 2), (False, 1), (False, 1)]
