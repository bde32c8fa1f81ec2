"""Folding for search, the paper's scars, and what a question may be."""

import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ingest.load import read_file
from rag.errors import QuestionRejected
from rag.normalise import MAX_QUESTION, checked_question, fold, readable, search_form, unscarred, visible
from tests.conftest import ROOT, SMALL_KB

CHINESE = st.text(st.characters(min_codepoint=0x4E00, max_codepoint=0x9FFF), max_size=40)
MIXED = st.text(
    st.one_of(
        st.characters(min_codepoint=0x20, max_codepoint=0x7E),
        st.characters(min_codepoint=0x2E80, max_codepoint=0x2FDF),
        st.characters(min_codepoint=0x3000, max_codepoint=0x33FF),
        st.characters(min_codepoint=0x4E00, max_codepoint=0x9FFF),
        st.characters(min_codepoint=0xF900, max_codepoint=0xFAFF),
        st.characters(min_codepoint=0xFE30, max_codepoint=0xFFEF),
    ),
    max_size=40,
)
PAPER = ROOT / "kb" / "paper" / "金融赋能县域经济高质量发展路径探究.md"


class TestFold:
    @settings(max_examples=300, deadline=None)
    @given(st.one_of(CHINESE, MIXED, st.text(max_size=40)))
    def test_folding_twice_changes_nothing(self, text: str) -> None:
        text = text.replace("薴", "")
        assert fold(fold(text)) == fold(text)

    def test_folding_twice_changes_nothing_in_any_character(self) -> None:
        everything = [chr(code) for code in range(0x30000) if not 0xD800 <= code < 0xE000]
        once = fold("\n".join(everything)).split("\n")
        assert [c for c in once if c != "苧" and fold(c) != c] == []

    def test_one_odd_character(self) -> None:
        assert fold(fold("薴")) == fold("薴")

    @pytest.mark.parametrize(
        ("text", "folded"),
        [
            ("ＬＰＲ１２．３％", "lpr12.3%"),
            ("鄉村振興與農業保險", "乡村振兴与农业保险"),
            ("⻔⼾⻚", "门户页"),
            ("⾦融⽀持", "金融支持"),
            ("a\u200bb\u2060c\ufeff", "abc"),
            ("\u202e反向\u202c", "反向"),
            ("县\U000e0041\U000e007f域", "县域"),
            ("\x00县\x07域\x9f", "县域"),
            ("ﬁ", "fi"),
            ("①②", "12"),
            ("县\u00ad域\ufe0f", "县域"),
        ],
    )
    def test_known(self, text: str, folded: str) -> None:
        assert fold(text) == folded

    def test_line_ends_and_tabs_stay_visible(self) -> None:
        assert visible("一\n二\t三") == "一\n二\t三"


class TestUnscarred:
    @pytest.mark.parametrize(
        ("scarred", "clean"),
        [
            ("生态逐步优化<sup>[1]</sup>。", "生态逐步优化。"),
            ("依然存在<sup>[2,3]</sup>。", "依然存在。"),
            ("依然存在<sup> [4-6] </sup>。", "依然存在。"),
            ("网点超 $ 15 $ 个", "网点超15个"),
            ("同比增长\n\n12.3%，农业贷款", "同比增长12.3%，农业贷款"),
            ("信用体系 and 政策支持", "信用体系和政策支持"),
            ("信用体系and政策支持", "信用体系和政策支持"),
            ("县 域 经 济", "县域经济"),
            ("截至 2024 年底, 我国", "截至2024年底,我国"),
            ("research and development", "research and development"),
        ],
    )
    def test_scars_of_conversion(self, scarred: str, clean: str) -> None:
        assert unscarred(scarred) == clean

    @pytest.mark.parametrize("marked", ["**县域**经济", "## 县域经济", "- 县域经济", "> 县域经济"])
    def test_markup(self, marked: str) -> None:
        assert unscarred(marked) == "县域经济"

    def test_the_small_paper(self) -> None:
        clean = search_form(read_file(SMALL_KB / "paper" / "青山县金融赋能路径探究.md", SMALL_KB).body)
        assert "同比增长12.3%，农业" in clean.replace(",", "，")
        assert "信用体系和政策支持" in clean
        assert not re.search(r"<sup>|\*\*|##|\$", clean)

    @pytest.mark.skipif(not PAPER.exists(), reason="the paper is not in kb/")
    def test_the_real_paper(self) -> None:
        clean = search_form(PAPER.read_text(encoding="utf-8"))
        assert "信用体系和政策支持" in clean
        assert not re.search(r"<sup>|\*\*|\$", clean)


class TestCheckedQuestion:
    @pytest.mark.parametrize("question", ["", "  \n", "\u200b\u200b", "\x00", "\U000e0041"])
    def test_empty(self, question: str) -> None:
        with pytest.raises(QuestionRejected, match="空的"):
            checked_question(question)

    @pytest.mark.parametrize("question", ["？？？", "。", "!!!", "😀", "——"])
    def test_unreadable(self, question: str) -> None:
        with pytest.raises(QuestionRejected, match="没有可以识别的文字"):
            checked_question(question)

    def test_too_long_is_refused_and_not_cut(self) -> None:
        assert len(checked_question("县" * MAX_QUESTION)) == MAX_QUESTION
        with pytest.raises(QuestionRejected, match=str(MAX_QUESTION)):
            checked_question("县" * (MAX_QUESTION + 1))

    def test_what_is_shown_keeps_its_form(self) -> None:
        assert checked_question(" 什麼是\u200b　ＬＰＲ？\n") == "什麼是 ＬＰＲ？"

    @given(st.text(max_size=60))
    def test_accepted_or_rejected_and_nothing_else(self, question: str) -> None:
        try:
            shown = checked_question(question)
        except QuestionRejected:
            return
        assert shown == checked_question(shown)
        assert any(character.isalnum() for character in shown)


def test_pictures_do_not_part_words() -> None:
    assert fold("🙏请问🏦县域💰存贷比📉") == "请问县域存贷比"


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("[点此查看原文](javascript:alert(document.domain)) 渗透率超80%。", "点此查看原文 渗透率超80%。"),
        ("<img src=x onerror=alert(1)>网点超15万个<b>。</b><script>fetch('//a')</script>", "网点超15万个。"),
        ("利率<5%且a<b，x>3", "利率<5%且a<b，x>3"),
        ("见![图](https://a.example/p.png?d=1)。", "见图。"),
        ("第[3]条(一)不变", "第[3]条(一)不变"),
    ],
)
def test_of_a_link_its_words_are_read(text: str, shown: str) -> None:
    assert readable(text) == shown
