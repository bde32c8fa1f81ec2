"""A section that is named by its heading comes whole, from its place; any other quoted words change nothing."""

import pytest

from rag.chain import Rag
from rag.sections import MOST, heading_words
from rag.texts import SECTION_GOES_ON


@pytest.mark.parametrize(
    ("label", "words"),
    [
        ("一、总体要求", "总体要求"),
        ("（二）加大投放", "加大投放"),
        ("2.1 融资难", "融资难"),
        ("第三章 责任", "责任"),
        ("责任", "责任"),
    ],
)
def test_words_of_a_heading(label: str, words: str) -> None:
    assert heading_words(label) == words


def test_its_sentences_in_order(kb_rag: Rag) -> None:
    answer = kb_rag.ask("《存款保险条例》关于“责任”有哪些规定？")
    assert answer.found
    assert [citation.label for citation in answer.citations] == ["第二十条", "第二十一条"]
    starts = [citation.start for citation in answer.citations]
    assert starts == sorted(starts)


def test_a_long_one_is_cut_and_that_is_said(kb_rag: Rag) -> None:
    paper = next(source for source in kb_rag.titles() if source.startswith("paper/"))
    title = kb_rag.titles()[paper]
    labels = {section.label for section in kb_rag._current().catalog.sections(paper)}
    longest = max(labels, key=lambda label: _length(kb_rag, paper, label))
    answer = kb_rag.ask(f"《{title}》关于“{heading_words(longest)[:40]}”有哪些内容？")
    assert len(answer.sentences) == MOST
    count = len(_sentences(kb_rag, paper, longest))
    assert SECTION_GOES_ON.format(count=count, shown=MOST) in answer.notices


def _sentences(rag: Rag, source: str, label: str) -> tuple[object, ...]:
    catalog = rag._current().catalog
    section = catalog.sections(source, label)[0]
    return catalog.sentences_between(source, section.start, section.end)


def _length(rag: Rag, source: str, label: str) -> int:
    return len(_sentences(rag, source, label)) if 2 <= len(heading_words(label)) <= 40 else 0


def test_other_quoted_words_are_searched_for(kb_rag: Rag) -> None:
    answer = kb_rag.ask("《存款保险条例》里“最高偿付限额”是多少？")
    assert "50万元" in answer.text
