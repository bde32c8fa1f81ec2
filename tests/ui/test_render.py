"""Rendering is pure: what is escaped, what is marked, what is copied."""

import re
from dataclasses import replace

import pytest

from rag.types import AnswerSentence, Document, Filters, Turn
from tests.ui import fakes
from ui import render, source, texts
from ui.document_html import MARK_ID, Anchor, DocumentWriter, Mark, plain
from ui.markup import escape

ATTACK = "<script>alert(1)</script><img src=x onerror=alert(1)>\"'&"


BADGE = '<span class="kb-layer kb-written-badge">'


def marked(html: str) -> str:
    """The text inside the current marks."""
    pieces = re.findall(rf'<mark(?: id="{MARK_ID}")?>(.*?)</mark>', html)
    return "".join(pieces)


def test_nothing_in_an_answer_becomes_markup() -> None:
    citation = replace(fakes.CITATIONS[0], title=ATTACK, label=ATTACK, quote=ATTACK)
    citation = replace(citation, meta=replace(citation.meta, doc_number=ATTACK, status=ATTACK))
    answer = replace(
        fakes.FOUND,
        question=ATTACK,
        resolved=ATTACK + "1",
        notices=(ATTACK,),
        follow_ups=(ATTACK,),
        citations=(citation,),
        sentences=(AnswerSentence(ATTACK, (1,), "原文直引", ATTACK),),
    )
    html = render.exchange(Turn(ATTACK, answer), 0, latest=True)
    assert "<script" not in html
    assert "<img" not in html
    assert html.count("&lt;script&gt;") >= 7


def test_nothing_in_a_document_becomes_markup() -> None:
    text = f"# {ATTACK}\n\n- {ATTACK}\n| {ATTACK} |\n|---|\n| **{ATTACK}** |\n> {ATTACK}\n{ATTACK}"
    document = Document(
        "a.md", ATTACK, text, replace(fakes.DOCUMENTS[fakes.LAW].meta, source_url="javascript:alert(1)")
    )
    answer = replace(fakes.FOUND, citations=(replace(fakes.CITATIONS[0], source="a.md"),))
    html = source.cited_document(document, answer, answer.citations[0], 0)
    assert "<script" not in html
    assert "<img" not in html
    assert "javascript:" not in html


def test_html_stays_on_one_line_and_cannot_be_reordered() -> None:
    assert escape("甲\n\n乙\r\r丙\u2028丁\u202e戊\u200b") == "甲&#10;&#10;乙  丙 丁戊"
    html = render.exchange(Turn("一\n\n二", fakes.FOUND), 0, latest=True)
    assert "\n" not in html


@pytest.mark.parametrize("number", [1, 2, 3])
def test_mark_holds_exactly_the_quote(number: int) -> None:
    citation = fakes.CITATIONS[number - 1]
    html = source.cited_document(fakes.DOCUMENTS[citation.source], fakes.FOUND, citation, 0)
    assert marked(html) == escape(citation.quote)
    assert html.count(f'id="{MARK_ID}"') == 1


def test_mark_crosses_bold_and_footnotes_without_moving() -> None:
    text = "前文**金融生态**逐步优化<sup>[1]</sup>。后文"
    start, end = text.index("生态"), text.index("后文")
    html = DocumentWriter(text, [Mark(start, end, current=True)]).write()
    assert marked(html) == "生态逐步优化[1]。"
    assert re.sub(r"<[^>]+>", "", html) == "前文金融生态逐步优化[1]。后文"
    assert "<strong>金融<mark" in html


def test_a_reference_is_a_button_inside_the_mark_and_outside() -> None:
    text = "依照第八条和《某法》第九条办理。"
    anchors = [
        Anchor(2, 5, "link:2:a.md", "打开第8条"),
        Anchor(6, 13, "link:6:a.md", "打开《某法》第9条"),
    ]
    html = DocumentWriter(text, [Mark(0, 8, current=True)], anchors).write()
    first = '<button type="button" value="link:2:a.md" class="kb-reference" title="打开第8条">第八条</button>'
    assert first in html
    assert re.sub(r"<[^>]+>", "", html) == text
    assert re.sub(r"<[^>]+>", "", marked(html)) == "依照第八条和《某"
    assert html.count("<button") == 3


def test_a_reference_to_several_clauses_opens_the_first() -> None:
    (anchor,) = source.anchors_of(fakes.LAW, fakes.LINKS, {fakes.LAW: "农业保险条例"})
    assert anchor.value == f"link:{fakes.LINKS[0].start}:{fakes.LAW}"
    assert anchor.title == "打开第15条"
    (outside,) = source.anchors_of("a.md", fakes.LINKS, {fakes.LAW: "农业保险条例"})
    assert outside.title == "打开《农业保险条例》第15条"


def test_table_rows_become_a_table_and_the_cited_row_is_marked() -> None:
    citation = fakes.CITATIONS[3]
    html = source.cited_document(fakes.DOCUMENTS[citation.source], fakes.FOUND, citation, 0)
    assert "<th>时点</th><th>数字</th><th>同比</th>" in html
    assert "<td>29.06万亿元</td>" in html
    assert html.count('<tr class="kb-hit">') == 1
    assert marked(html) == "2025-12末37万亿元同比+11%"
    assert "---" not in html


def test_headings_bullets_and_quotes_lose_their_marks() -> None:
    html = DocumentWriter("## 第一章\n- 甲\n- 乙\n> 注\n　　正文", []).write()
    assert html == "<h4>第一章</h4><ul><li>甲</li><li>乙</li></ul><blockquote><p>注</p></blockquote><p>正文</p>"


def test_quote_that_moved_is_found_again_and_a_lost_one_is_shown() -> None:
    citation, document = fakes.CITATIONS[0], fakes.DOCUMENTS[fakes.LAW]
    moved = replace(document, text="新增一行\n" + document.text)
    assert marked(source.cited_document(moved, fakes.FOUND, citation, 0)) == escape(citation.quote)
    lost = source.cited_document(replace(document, text="全部改写"), fakes.FOUND, citation, 0)
    assert texts.SOURCE_CHANGED in lost
    assert escape(citation.quote) in lost


def test_long_document_is_cut_around_the_mark() -> None:
    quote = fakes.CITATIONS[0].quote
    lines = "无关的一行文字。\n" * 20_000
    document = replace(fakes.DOCUMENTS[fakes.LAW], text=lines + quote + "\n" + lines)
    citation = replace(fakes.CITATIONS[0], start=len(lines), end=len(lines) + len(quote))
    html = source.cited_document(document, replace(fakes.FOUND, citations=(citation,)), citation, 0)
    assert marked(html) == escape(quote)
    assert texts.SOURCE_CUT in html
    assert len(html) < 4 * source.WINDOW


def test_answer_groups_layers_and_links_every_citation() -> None:
    html = render.exchange(Turn(fakes.FOUND.question, fakes.FOUND), 3, latest=True)
    badges = re.findall(r'kb-layer kb-\w+">([^<]+)<', html)
    assert badges == ["法律法规与政策规定", "论文观点", "数据案例"]
    for number in (1, 2, 3, 4):
        assert f'value="open:3:{number}" class="kb-cite"' in html
        assert f'value="open:3:{number}" class="kb-place"' in html
    assert "2025-12末 · 37万亿元 · 同比+11%" in html
    assert texts.VERBATIM in html


def test_refusal_says_why_and_shows_three_nearest_at_most() -> None:
    refused = replace(fakes.REFUSED, passages=fakes.REFUSED.passages * 3)
    html = render.exchange(Turn("天气", refused), 0, latest=True)
    assert texts.NOT_FOUND in html
    assert escape(refused.reason) in html
    assert html.count('class="kb-near"') == 3
    near = source.near_document(fakes.DOCUMENTS[fakes.LAW], refused.passages[0])
    assert marked(near) == escape(refused.passages[0].chunk.text)


def test_only_the_latest_finished_answer_offers_what_is_next() -> None:
    answer = replace(fakes.FOUND, resolved="农业保险中，林业呢？")
    latest = render.exchange(Turn("林业呢？", answer), 1, latest=True)
    assert "ask:follow:1:0" in latest
    assert "alone:1" in latest
    past = render.conversation([Turn("林业呢？", answer)])
    assert "ask:follow" not in past
    assert "alone:" not in past
    stopped = render.conversation([Turn("林业呢？", replace(answer, done=False))])
    assert texts.STOPPED in stopped


def test_a_written_answer_is_labelled_and_stands_before_its_evidence() -> None:
    html = render.exchange(Turn("问", fakes.WRITTEN), 0, latest=True)
    assert html.count(f"{BADGE}{texts.WRITTEN}") == 2  # one label for each layer that it speaks of
    assert html.index(BADGE) < html.index(texts.EVIDENCE) < html.index("与被保险人达成赔偿协议")
    assert "<s>赔款由财政垫付" in html
    assert texts.FORMULA.format(formula="37 − 29.06 = 7.94") in html
    assert "改写有据" in html
    assert 'value="again"' in html
    assert 'value="again"' not in render.exchange(Turn("问", fakes.FOUND), 0, latest=True)
    assert BADGE not in render.exchange(Turn("问", fakes.FOUND), 0, latest=True)


def test_a_draft_is_shown_as_unchecked_above_the_quotes() -> None:
    begun = replace(fakes.FOUND, mode="generated", done=False, draft="<b>正在写</b>")
    html = render.exchange(Turn("问", begun), 0, latest=True, running=True)
    assert "&lt;b&gt;正在写" in html
    assert html.index(texts.UNCHECKED) < html.index("与被保险人达成赔偿协议")
    assert texts.WRITING in html
    stopped = render.conversation([Turn("问", begun)])
    assert texts.STOPPED_WRITING in stopped


def test_plain_removes_marks_only() -> None:
    assert plain("- **甲**乙<sup>[1]</sup>丙") == "甲乙丙"
    assert plain("| 甲 | 乙 |") == "甲 · 乙"
    assert plain("3 < 5 且 a_b 是 2*3") == "3 < 5 且 a_b 是 2*3"


def test_every_filter_of_the_rag_has_words() -> None:
    assert tuple(texts.FILTER_LABELS) == Filters.__slots__


def test_the_frame_before_a_quote_is_set_apart() -> None:
    sentence = replace(fakes.FOUND.sentences[0], lead="现行规定：")
    answer = replace(fakes.FOUND, sentences=(sentence, sentence))
    assert '<span class="kb-lead">现行规定：</span>《农业保险条例》' in render.exchange(Turn("问", answer), 0)


def test_the_version_is_shown_as_a_time() -> None:
    shown = render.header(3, "20261122T163012-3fa9c1")
    assert "T163012" not in shown
    assert "2026-11-2" in shown
    assert "测试版" in render.header(3, "测试版")
