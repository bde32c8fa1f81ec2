"""Text -> blocks, addresses, sections and sentences with exact offsets."""

import re
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ingest.structure.blocks import Block
from ingest.structure.sentences import split_sentences
from ingest.structure.tree import parse_blocks, sections_of
from rag.address import Clause
from rag.numerals import number_of
from tests.conftest import ROOT

LAWS = sorted((ROOT.parent / "shared" / "laws").glob("*.txt"))
ALPHABET = "第一二三十条款项章节县域金融，。；：！？（）《》“”「」、|-# \n\t1239.%*>①\u3000"


def kinds(text: str) -> list[tuple[str, str]]:
    return [(block.kind, text[block.start : block.end]) for block in parse_blocks(text)]


def addresses(text: str) -> list[tuple[int, int, int, int]]:
    return [(b.article, b.branch, b.paragraph, b.point) for b in parse_blocks(text)]


def sentences(text: str) -> list[str]:
    return [sentence.text for sentence in split_sentences(text, parse_blocks(text))]


def articles(text: str) -> list[int]:
    found = [(block.article, block.branch) for block in parse_blocks(text) if block.article]
    return [article for article, _ in dict.fromkeys(found)]


def law_id(path: Path) -> str:
    return path.stem


@pytest.mark.skipif(not LAWS, reason="../shared/laws is absent: the full texts of laws are kept outside the repository")
class TestRealLaws:
    @pytest.mark.parametrize("path", LAWS, ids=law_id)
    def test_articles_are_found_once_each_in_order_and_no_other(self, path: Path) -> None:
        text = path.read_text(encoding="utf-8")
        # A statement of its own: in these files every article opens a line and is followed by a blank.
        expected = [
            number_of(numeral) for numeral in re.findall(r"(?m)^第([一二三四五六七八九十百]+)条[ \u3000]", text)
        ]
        assert expected == list(range(1, len(expected) + 1))
        assert articles(text) == expected
        runs = [block.article for block in parse_blocks(text) if block.article]
        assert runs == sorted(runs), "blocks of one article stand together"

    @pytest.mark.parametrize("path", LAWS, ids=law_id)
    def test_article_sections_start_with_their_own_label(self, path: Path) -> None:
        text = path.read_text(encoding="utf-8")
        for section in sections_of(text, parse_blocks(text)):
            if re.fullmatch(r"第\d+条", section.label):
                opening = re.match(r"第([一二三四五六七八九十百]+)条", text[section.start : section.end])
                assert opening, section.label
                assert f"第{number_of(opening[1])}条" == section.label

    @pytest.mark.parametrize("path", LAWS, ids=law_id)
    def test_every_character_but_blanks_is_in_exactly_one_block(self, path: Path) -> None:
        text = path.read_text(encoding="utf-8")
        blocks = parse_blocks(text)
        covered = "".join(text[block.start : block.end] for block in blocks)
        assert re.sub(r"\s", "", covered) == re.sub(r"\s", "", text)
        assert all(a.end <= b.start for a, b in pairwise(blocks))

    def test_points_of_a_real_article(self, shared: Path) -> None:
        text = (shared / "laws" / "law_shangye_yinhang_2015.txt").read_text(encoding="utf-8")
        labels = {section.label: text[section.start : section.end] for section in sections_of(text, parse_blocks(text))}
        assert labels["第12条第1款第3项"] == "（三）有具备任职专业知识和业务工作经验的董事、高级管理人员；"
        assert labels["第12条第2款"] == "设立商业银行，还应当符合其他审慎性条件。"
        assert labels["第13条第2款"].startswith("国务院银行业监督管理机构根据审慎监管的要求")

    def test_a_document_of_topics_nests_them(self, shared: Path) -> None:
        text = (shared / "laws" / "2018_yihao_wenjian_fulltext.txt").read_text(encoding="utf-8")
        topics = [
            b.path[-1]
            for b in parse_blocks(text)
            if b.kind == "heading" and re.match("[一二三四五六七八九十]+、", b.path[-1])
        ]
        numerals = [number_of(topic.split("、")[0]) for topic in topics]
        assert numerals == list(range(1, 13))


class TestArticles:
    @pytest.mark.parametrize(
        "reference",
        [
            "依照本法第八条的，由财政部门给予补贴。",
            "第三条规定的原则适用于查勘定损。",
            "第八条、第九条规定的情形，从其规定。",
            "第八条第一款规定的情形，从其规定。",
            "第八条至第十条规定的情形，从其规定。",
            "第八条和第九条规定的情形，从其规定。",
            "第八条中规定的情形，从其规定。",
            "第八条所列情形，从其规定。",
            "第八条的规定，适用于本条。",
            "第八条（二）规定的情形，从其规定。",
            "第八条或者第九条规定的情形，从其规定。",
            "第八条与第九条规定的情形，从其规定。",
        ],
    )
    def test_a_reference_at_the_start_of_a_line_is_no_article(self, reference: str) -> None:
        text = f"第四条 甲。\n\n{reference}\n\n第五条 乙。\n"
        assert articles(text) == [4, 5]
        assert addresses(text) == [(4, 0, 1, 0), (4, 0, 2, 0), (5, 0, 1, 0)]

    def test_a_reference_to_an_earlier_article_never_opens_it_again(self) -> None:
        assert articles("第一条 甲。\n\n第二条 乙。\n\n第一百条 丙。\n\n第九十条 丁。\n") == [1, 2, 100]

    @pytest.mark.parametrize(
        "opening",
        [
            "第十二条 甲",
            "第十二条\u3000甲",
            "第12条 甲",
            "第１２条 甲",
            "**第十二条** 甲",
            "第十二条：甲",
            "第十二条甲方应当",
            "笫十二条 甲",
        ],
    )
    def test_openings(self, opening: str) -> None:
        assert addresses(opening) == [(12, 0, 1, 0)]

    def test_paragraphs_and_points_are_numbered(self) -> None:
        text = "第四条 应当具备下列条件：\n\n（一）甲；\n\n（二）乙。\n\n依照前款规定经营。\n\n第五条 丙。"
        assert addresses(text) == [(4, 0, 1, 0), (4, 0, 1, 1), (4, 0, 1, 2), (4, 0, 2, 0), (5, 0, 1, 0)]

    def test_a_branch_article_follows_its_stem(self) -> None:
        assert addresses("第五条 甲。\n\n第五条之一 乙。\n\n第六条 丙。") == [(5, 0, 1, 0), (5, 1, 1, 0), (6, 0, 1, 0)]

    def test_a_heading_ends_the_article_before_it(self) -> None:
        text = "第五条 甲。\n\n## 附件\n\n附件的正文。"
        assert addresses(text)[-1] == (0, 0, 0, 0)

    def test_sections_carry_canonical_labels_and_extents(self) -> None:
        text = "# 条例\n\n## 第一章 总则\n\n第一条 甲：\n\n（一）乙；\n\n（二）丙。\n\n丁。\n\n第二条 戊。\n"
        found = {s.label: (s.path, text[s.start : s.end]) for s in sections_of(text, parse_blocks(text))}
        crumbs = ("条例", "第一章 总则")
        assert found["第1条"] == (crumbs, "第一条 甲：\n\n（一）乙；\n\n（二）丙。\n\n丁。")
        assert found["第1条第1款"] == (crumbs, "第一条 甲：\n\n（一）乙；\n\n（二）丙。")
        assert found["第1条第1款第2项"] == (crumbs, "（二）丙。")
        assert found["第1条第2款"] == (crumbs, "丁。")
        assert found["第一章 总则"][0] == ("条例",)


class TestHeadings:
    def test_numbered_markdown_headings_nest_by_their_numbers(self) -> None:
        """The paper's converter gave 1.2 as many # as 1."""
        text = "# 题目\n\n## 1 现状\n\n甲。\n\n## 1.2 问题\n\n乙。\n\n### 1.2.1 外流\n\n丙。\n\n## 2 启示\n\n丁。"
        paths = {text[b.start : b.end]: b.path for b in parse_blocks(text) if b.kind == "prose"}
        assert paths["甲。"] == ("题目", "1 现状")
        assert paths["乙。"] == ("题目", "1 现状", "1.2 问题")
        assert paths["丙。"] == ("题目", "1 现状", "1.2 问题", "1.2.1 外流")
        assert paths["丁。"] == ("题目", "2 启示")

    def test_topics_nest(self) -> None:
        text = "一、总体要求\n\n（一）指导思想\n\n1. 第一点，内容。\n\n二、重点任务\n\n正文。"
        blocks = parse_blocks(text)
        assert [block.kind for block in blocks] == ["heading", "heading", "item", "heading", "prose"]
        assert blocks[2].path == ("一、总体要求", "（一）指导思想")
        assert blocks[4].path == ("二、重点任务",)

    def test_a_topic_with_a_comma_is_a_heading(self) -> None:
        blocks = parse_blocks("一、总体要求\n\n甲。\n\n二、提升农业发展质量，培育乡村发展新动能\n\n乙。")
        assert blocks[3].path == ("二、提升农业发展质量，培育乡村发展新动能",)

    def test_topics_nest_under_a_markdown_heading(self) -> None:
        blocks = parse_blocks("## 意见\n\n一、总体要求\n\n甲。\n\n## 附件\n\n乙。")
        assert blocks[2].path == ("意见", "一、总体要求")
        assert blocks[4].path == ("附件",)

    def test_divisions_nest(self) -> None:
        text = "第一编 总则\n\n第二章 物权\n\n第三节 登记\n\n第一条 甲。\n\n第三章 债权\n\n第二条 乙。"
        blocks = parse_blocks(text)
        assert blocks[3].path == ("第一编 总则", "第二章 物权", "第三节 登记")
        assert blocks[5].path == ("第一编 总则", "第三章 债权")

    @pytest.mark.parametrize(
        "line",
        [
            "第二章的规定同样适用。",
            "一、落实续贷政策，不得抽贷。",
            "（一）用好再贷款；",
            "（一）包括下列：",
            "第三节所列情形，从其规定。",
        ],
    )
    def test_sentences_that_begin_like_headings_are_none(self, line: str) -> None:
        assert parse_blocks(line)[0].kind != "heading"

    @pytest.mark.parametrize("line", ["1. 甲", "1、甲", "（1）甲", "- 甲", "* 甲", "①甲"])
    def test_list_items(self, line: str) -> None:
        assert kinds(line) == [("item", line)]

    def test_a_figure_at_the_start_of_a_line_is_no_list_number(self) -> None:
        assert parse_blocks("12.3%，农业贷款增速较高。")[0].kind == "prose"

    def test_tables_and_notes(self) -> None:
        text = "| 时点 | 数字 |\n|---|---|\n| 2024末 | 1 |\n\n> 说明。"
        assert [kind for kind, _ in kinds(text)] == ["row", "rule", "row", "note"]


def label(block: Block) -> str:
    return Clause(block.article, block.branch, block.paragraph, block.point, block.subpoint).label


def shown(text: str) -> list[tuple[str, str, str]]:
    """(kind, label, innermost heading) of every block."""
    return [
        (
            block.kind,
            label(block) if block.article else "",
            (block.path or ("",))[-1],
        )
        for block in parse_blocks(text)
    ]


class TestConvertedTexts:
    def test_an_annex_with_its_title_is_a_heading_and_a_list_of_annexes_is_none(self) -> None:
        text = "第一条 甲。\n附件1：统计表\n| a |\n|---|\n| 1 |\n"
        assert [b.path for b in parse_blocks(text) if b.kind == "row"] == [("附件1：统计表",)] * 2
        listed = "第一条 甲。\n附件1：甲表\n附件2：乙表\n中国人民银行\n2020年1月1日\n"
        assert [b.kind for b in parse_blocks(listed)] == ["prose"] * 5
        assert addresses(listed)[1:] == [(0, 0, 0, 0)] * 4

    def test_signature_and_date_are_no_paragraphs_of_the_last_article(self) -> None:
        assert addresses("第一条 甲。\n\n中国人民银行\n\n2020年1月1日\n") == [(1, 0, 1, 0), (0, 0, 0, 0), (0, 0, 0, 0)]

    def test_a_decision_quotes_articles_and_its_law_begins_with_its_title(self) -> None:
        text = (
            "一、将第三条修改为：“第三条 银行应当报告。\n第四条 银行应当备案。”\n二、删去第五条。\n"
            "甲管理办法\n（2020年1月1日公布）\n第一条 甲。\n第二条 乙。\n"
        )
        assert articles(text) == [1, 2]
        assert parse_blocks(text)[-1].path == ("甲管理办法",)

    def test_a_table_of_contents_is_no_second_chapter(self) -> None:
        text = "目录\n第一章 总则\n第二章 附则\n第一章 总则\n第一条 甲。\n第二章 附则\n第二条 乙。\n"
        assert [kind for kind, _ in kinds(text)][:3] == ["contents"] * 3
        assert [s.label for s in sections_of(text, parse_blocks(text)) if "章" in s.label] == [
            "第一章 总则",
            "第二章 附则",
        ]
        assert "总则" not in "".join(sentences(text))

    def test_a_title_line_counts_as_no_paragraph(self) -> None:
        assert addresses("第一条【目的】\n甲。\n乙。\n### 第二条 范围\n丙。\n") == [
            (1, 0, 1, 0),
            (1, 0, 1, 0),
            (1, 0, 2, 0),
            (2, 0, 1, 0),
            (2, 0, 1, 0),
        ]

    def test_tables_and_notes_belong_to_their_paragraph(self) -> None:
        text = "第一条 按下表执行：\n单位：元\n| a |\n|---|\n| 1 |\n注：甲。\n乙。\n"
        assert [address[2] for address in addresses(text)] == [1, 1, 1, 1, 1, 1, 2]

    def test_short_points_of_an_article_are_no_headings(self) -> None:
        text = "第一条 提交材料：\n（一）身份证\n（二）其他：\n1．证明\n2．照片\n另行规定。\n"
        assert [found for _, found, _ in shown(text)] == [
            "第1条第1款",
            "第1条第1款第1项",
            "第1条第1款第2项",
            "第1条第1款第2项第1目",
            "第1条第1款第2项第2目",
            "第1条第2款",
        ]

    def test_a_numbered_line_over_its_paragraph_is_a_heading(self) -> None:
        text = "一、要求\n（一）思想\n1. 坚持领导\n各银行要把政治建设放在首位，压实主体责任，抓好落实。\n"
        assert parse_blocks(text)[-1].path == ("一、要求", "（一）思想", "1. 坚持领导")

    def test_a_bold_line_is_a_heading_and_a_chapter_takes_its_title_from_below(self) -> None:
        assert shown("**工作要求**\n甲。\n")[1] == ("prose", "", "工作要求")
        assert shown("第一章\n总　则\n第一条 甲。\n")[1] == ("prose", "第1条第1款", "第一章 总则")

    def test_a_second_text_does_not_lengthen_the_articles_of_the_first(self) -> None:
        text = "# 甲\n第一条 甲。\n第二条 乙。\n# 乙\n第一条 丙。\n第二条 丁。\n"
        found = [text[s.start : s.end] for s in sections_of(text, parse_blocks(text)) if s.label == "第1条"]
        assert found == ["第一条 甲。", "第一条 丙。"]


class TestSentences:
    def test_a_paragraph_split_across_a_page_is_one_sentence(self) -> None:
        text = "普惠小微贷款余额达 12.4 亿元, 涉农贷款同比增长\n\n12.3%，农业贷款增速高于平均。另一句。\n\n新段。"
        found = sentences(text)
        assert found[0].endswith("同比增长\n\n12.3%，农业贷款增速高于平均。")
        assert found[1:] == ["另一句。", "新段。"]

    def test_a_short_line_without_a_stop_is_not_joined(self) -> None:
        assert sentences("张示例\n\n县域经济研究中心") == ["张示例", "县域经济研究中心"]

    @pytest.mark.parametrize(
        "whole",
        [
            "《关于甲。乙的通知》已印发。",
            "有关办法（见附件。第二页）已印发。",
            "存在“吸储多。放贷少”的现象。",
            "存在「吸储多。放贷少」的现象。",
        ],
    )
    def test_no_cut_inside_brackets(self, whole: str) -> None:
        assert sentences(f"前一句。{whole}后一句。") == ["前一句。", whole, "后一句。"]

    def test_closing_marks_and_footnotes_stay_with_their_sentence(self) -> None:
        assert sentences("他说：“好。”走了。生态优化。<sup>[1]</sup>产品创新。") == [
            "他说：“好。”",
            "走了。",
            "生态优化。<sup>[1]</sup>",
            "产品创新。",
        ]

    def test_long_sentences_are_cut_at_semicolons_and_short_ones_are_not(self) -> None:
        clause = "支持县域经济高质量发展" * 8
        assert sentences("甲；乙；丙。") == ["甲；乙；丙。"]
        assert sentences(f"{clause}；{clause}。") == [f"{clause}；", f"{clause}。"]

    def test_rows_are_quoted_whole_and_headings_rules_and_column_names_not_at_all(self) -> None:
        text = "## 表\n\n| 时点 | 数字。另 |\n|---|---|\n| 2024末 | 1 |"
        assert sentences(text) == ["| 2024末 | 1 |"]

    @settings(max_examples=150, deadline=None)
    @given(st.text(ALPHABET, max_size=200))
    def test_offsets_index_the_text_whatever_it_is(self, text: str) -> None:
        blocks = parse_blocks(text)
        found = split_sentences(text, blocks)
        assert all(text[s.start : s.end] == s.text and s.text.strip() for s in found)
        assert all(a.end <= b.start for a, b in pairwise(found))
        column_names = {a.start for a, b in pairwise(blocks) if (a.kind, b.kind) == ("row", "rule")}
        quotable = "".join(
            text[b.start : b.end] for b in blocks if b.kind not in {"heading", "rule"} and b.start not in column_names
        )
        assert re.sub(r"\s", "", "".join(s.text for s in found)) == re.sub(r"\s", "", quotable)
        for section in sections_of(text, blocks):
            assert 0 <= section.start < section.end <= len(text)
