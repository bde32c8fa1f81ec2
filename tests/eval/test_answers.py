"""Is the value in the text, does a text say more than its sources, do citations support what they stand under?"""

import pytest

from eval.answers import (
    CitationScore,
    character_f1,
    citation_score,
    compared,
    evidence_recall,
    has_value,
    squeezed,
    support,
    unsupported_figures,
)


class TestSqueezed:
    def test_no_space_emphasis_bars_or_footnotes(self) -> None:
        assert squeezed(" 县域 **存贷比**\n为<sup>[12]</sup>　62 ％ |") == "县域存贷比为62%"

    def test_full_width_and_capitals(self) -> None:
        assert squeezed("ＬＰＲ　Ａ级") == "lpra级"

    def test_a_quote_is_found_across_a_broken_line(self) -> None:
        assert squeezed("同比增长 12.3%") in squeezed("余额达 12.4 亿元, 同比增长\n\n12.3%，农业")

    def test_nothing(self) -> None:
        assert squeezed("") == squeezed(" \n|**") == ""


class TestFigures:
    @pytest.mark.parametrize(
        ("text", "value"),
        [
            ("存贷比为62％。", "62%"),
            ("存贷比为６２％。", "62%"),
            ("存贷比为百分之六十二。", "62%"),
            ("存贷比为62%。", "百分之六十二"),
            ("存贷比为62 %。", "62％"),
            ("比全国低 8 个百分点", "8个百分点"),
            ("余额达 65 万亿元", "65万亿元"),
            ("余额达65万亿元", "65 万亿元"),
            ("最高二十万元", "20万元"),
            ("最高 20 万元", "二十万元"),
            ("最高200000元", "20万元"),
            ("合计 3,200 万元", "3200万元"),
            ("合计3200万元", "3,200万元"),
            ("注册资本 0.1 亿元", "1000万元"),
            ("不超过１０００万元", "1000万元"),
            ("利率为3.10%", "3.1%"),
            ("五个工作日内", "5个工作日"),
            ("已为三十二户办理", "32户"),
            ("期限为两年", "2年"),
            ("期限为5天", "5日"),
            ("千分之五", "5‰"),
            ("处10万元以上50万元以下的罚款", "50万元"),
            ("每户5-10万元", "5万元"),
            ("网点超 15 万个", "15"),
        ],
    )
    def test_any_notation_of_the_same_figure(self, text: str, value: str) -> None:
        assert has_value(text, [value])

    @pytest.mark.parametrize(
        ("text", "value"),
        [
            ("增长12%", "2%"),
            ("增长1.2%", "2%"),
            ("增长0.2%", "2%"),
            ("增长22%", "2%"),
            ("增长2.5%", "2%"),
            ("不低于50%", "0%"),
            ("2023年", "3年"),
            ("123年", "3年"),
            ("二十三年", "3年"),
            ("1000万元", "100万元"),
            ("100万元", "1000万元"),
            ("1,500万元", "500万元"),
            ("12,500万元", "500万元"),
            ("1.2万亿元", "2万亿元"),
            ("12个百分点", "2个百分点"),
            ("超 150 万个", "15"),
            ("增长15.5%", "15"),
            ("增长1.15%", "15"),
            ("共115户", "15"),
            ("1,015户", "15"),
            ("124小时", "24小时"),
            ("24小时", "4小时"),
        ],
    )
    def test_a_figure_is_not_a_piece_of_another(self, text: str, value: str) -> None:
        assert not has_value(text, [value])

    @pytest.mark.parametrize(
        ("text", "value"),
        [
            ("下降2个百分点", "2%"),
            ("增长50%", "50个县"),
            ("500户", "500万元"),
            ("5‰", "5%"),
            ("87个基点", "87个百分点"),
            ("2.3万户", "2.3万元"),
            ("5年", "5个月"),
            ("5日", "5个工作日"),
        ],
    )
    def test_another_unit_is_another_figure(self, text: str, value: str) -> None:
        assert not has_value(text, [value])

    @pytest.mark.parametrize(
        ("text", "value"),
        [
            ("2024-07-22；3.35%；均下降10个基点", "3.35%"),
            ("| 2024-07-22 | 3.35% | 3.85% |", "3.35%"),
            ("| 截至2026-01 | 13个省份完成省联社改革 |", "13个省份"),
            ("| 2024 | 45 | 15% |", "45"),
            ("施行于2024\n15个县", "15个县"),
        ],
    )
    def test_cells_and_lines_do_not_run_together(self, text: str, value: str) -> None:
        assert has_value(text, [value])

    @pytest.mark.parametrize(("text", "value"), [("| 1 | 5% |", "15%"), ("第3类\n\n2\n4户", "24户")])
    def test_and_make_no_new_figure(self, text: str, value: str) -> None:
        assert not has_value(text, [value])

    def test_one_wording_is_enough_and_none_is_none(self) -> None:
        assert has_value("期限三年", ["36个月", "3年"])
        assert not has_value("期限三年", ["36个月", "5年"])
        assert not has_value("期限三年", [])
        assert not has_value("", ["3年"])
        assert not has_value("期限三年", ["", " "])


class TestDatesAndNumbersOfDocuments:
    @pytest.mark.parametrize(
        ("text", "value"),
        [
            ("施行日期：2013-03-01", "2013年3月1日"),
            ("自2013年3月1日起施行", "2013-03-01"),
            ("自 2013 年 3 月 1 日起施行", "2013年3月1日"),
            ("自2013年03月01日起施行", "2013年3月1日"),
            ("自2013年3月1日起施行", "2013年3月"),
            ("自2013年3月1日起施行", "2013年"),
        ],
    )
    def test_a_date(self, text: str, value: str) -> None:
        assert has_value(text, [value])

    @pytest.mark.parametrize(
        ("text", "value"),
        [
            ("自2013年3月11日起", "2013年3月1日"),
            ("自2013年13月1日起", "2013年3月1日"),
            ("自2013年3月起", "2013年3月1日"),
            ("2013-03-10", "2013年3月1日"),
            ("12013-03-01", "2013年3月1日"),
            ("2013年12月31日通过，2014年3月1日起施行", "2013年3月1日"),
            ("2013年3月5日公布，5月1日起施行", "2013年3月1日"),
        ],
    )
    def test_another_date(self, text: str, value: str) -> None:
        assert not has_value(text, [value])

    @pytest.mark.parametrize(
        "text",
        ["国办发〔2025〕8号", "国办发[2025]8号", "国办发【2025】8号", "国办发（2025）8号", "国办发 (2025) 8 号"],
    )
    def test_brackets_of_a_number(self, text: str) -> None:
        assert has_value(f"文号：{text}。", ["国办发〔2025〕8号"])
        assert has_value("文号：国办发〔2025〕8号。", [text])

    @pytest.mark.parametrize(
        "text",
        [
            "国办发〔2025〕38号",
            "国办发〔2024〕8号",
            "金办发〔2025〕8号",
            "国办发〔2025〕",
            "国办发〔2025〕38号、国办发〔2024〕8号",
        ],
    )
    def test_another_number(self, text: str) -> None:
        assert not has_value(text, ["国办发〔2025〕8号"])

    def test_an_order(self) -> None:
        assert has_value("国务院令第629号", ["国务院令第629号"])
        assert not has_value("国务院令第29号", ["国务院令第629号"])
        assert not has_value("国务院令第629号", ["国务院令第29号"])

    @pytest.mark.parametrize(("text", "held"), [("第十五条", True), ("第 15 条", True), ("第五条", False)])
    def test_an_article(self, text: str, held: bool) -> None:
        assert has_value(text, ["第15条"]) is held

    def test_a_clause(self) -> None:
        assert has_value("依照第十二条第三款", ["第12条第3款"])
        assert not has_value("依照第十二条第一款和第九条第三款", ["第十二条第三款"])


class TestWords:
    @pytest.mark.parametrize(
        ("text", "value", "held"),
        [
            ("由中国人民银行负责", "中国人民银行", True),
            ("由中国 人民\n银行负责", "中国人民银行", True),
            ("由中國人民銀行負責", "中国人民银行", True),
            ("由**中国人民银行**负责", "中国人民银行", True),
            ("由人民银行负责", "中国人民银行", False),
            ("效力：现行有效", "现行有效", True),
            ("效力：已失效", "现行有效", False),
            ("lpr 报价", "LPR", True),
        ],
    )
    def test_a_name(self, text: str, value: str, held: bool) -> None:
        assert has_value(text, [value]) is held

    @pytest.mark.parametrize(
        ("text", "held"),
        [
            ("1年期LPR为3.0%", True),
            ("LPR（1年期）3.00%", True),
            ("lpr为百分之三", True),
            ("存款利率为3.0%", False),
            ("LPR为3.5%", False),
            ("LPR", False),
        ],
    )
    def test_a_word_and_a_figure_must_both_be_there(self, text: str, held: bool) -> None:
        assert has_value(text, ["LPR 3.0%"]) is held


class TestUnsupportedFigures:
    def test_only_what_no_source_holds(self) -> None:
        assert unsupported_figures("存贷比62％，低8个百分点。", ["存贷比为62%", "低于全国8 个百分点"]) == ()
        assert unsupported_figures("存贷比63%，低8个百分点。", ["存贷比为62%，低8个百分点"]) == ("63%",)

    def test_citation_marks_are_no_figures(self) -> None:
        assert unsupported_figures("存贷比62%[3]。[14]", ["62%"]) == ()

    def test_without_a_source_every_figure_is_unsupported(self) -> None:
        assert unsupported_figures("增长3%，共5户", []) == ("3%", "5户")
        assert unsupported_figures("同比增长", []) == ()

    def test_notation_does_not_matter(self) -> None:
        assert unsupported_figures("最高20万元，百分之五十", ["二十万元；50%"]) == ()
        assert unsupported_figures("自2013年3月1日起", ["2013-03-01"]) == ()

    def test_a_piece_of_a_figure_is_another(self) -> None:
        assert unsupported_figures("2%", ["12%", "2.2%", "2个百分点"]) == ("2%",)
        assert unsupported_figures("国办发〔2025〕8号", ["国办发〔2025〕38号"]) == ("8",)

    def test_a_row_shown_by_its_cells_rests_on_the_raw_row(self) -> None:
        raw = "| 截至2026-01 | 13个省份完成省联社改革 | 2025年完成7家 |"
        shown = "时点：截至2026-01；进展：13个省份完成省联社改革；上年：2025年完成7家"
        assert unsupported_figures(shown, [raw]) == ()

    def test_words_of_number_without_a_unit_are_no_figures(self) -> None:
        assert unsupported_figures("一是统一规划，十分重要", []) == ()


class TestSupport:
    def test_word_for_word(self) -> None:
        assert support("存贷比仅为62%。", "截至某年，存贷比仅为62%。") == 1.0

    def test_the_share_of_character_pairs(self) -> None:
        # Of 甲乙 乙丙 丙丁 丁戊 the source holds two.
        assert support("甲乙丙丁戊", "甲乙丙") == 2 / 4
        assert support("甲乙丙丁戊", "戊丁丙乙甲") == 0 / 4

    def test_punctuation_does_not_count(self) -> None:
        assert support("甲乙、丙丁。", "甲乙丙，丁") == 1.0

    def test_a_wrong_figure_is_no_support_at_all(self) -> None:
        assert support("县域存贷比仅为63%，低于全国平均", "县域存贷比仅为62%，低于全国平均") == 0.0

    def test_a_figure_in_another_notation_is_supported(self) -> None:
        assert support("贷款最高不超过二十万元", "贷款最高不超过20万元") >= 0.6

    def test_another_subject(self) -> None:
        assert support("农业保险费补贴", "小微企业续贷") == 0.0

    def test_one_character_and_none(self) -> None:
        assert support("是", "是的") == 1.0
        assert support("是", "否") == 0.0


FIRST, SECOND, OTHER = "农业保险实行政府引导", "保险机构自主经营", "小微企业续贷"


class TestCitations:
    def test_each_sentence_by_its_own(self) -> None:
        assert citation_score([(FIRST, [FIRST]), (SECOND, [SECOND])]) == CitationScore(1.0, 1.0)

    def test_a_redundant_citation_lowers_precision(self) -> None:
        # Supported by the first alone; the other neither supports nor is missed: 1 of 2 citations.
        assert citation_score([(FIRST, [FIRST, OTHER])]) == CitationScore(1 / 2, 1.0)

    def test_two_that_support_alone_are_both_useful(self) -> None:
        assert citation_score([(FIRST, [FIRST, f"即{FIRST}。"])]) == CitationScore(1.0, 1.0)

    def test_two_that_support_only_together_are_both_useful(self) -> None:
        assert support(FIRST + SECOND, FIRST) < 0.6
        assert support(FIRST + SECOND, SECOND) < 0.6
        assert citation_score([(FIRST + SECOND, [FIRST, SECOND])]) == CitationScore(1.0, 1.0)

    def test_an_unsupported_sentence_lowers_recall_and_its_citation_precision(self) -> None:
        assert citation_score([(FIRST, [FIRST]), (SECOND, [OTHER])]) == CitationScore(1 / 2, 1 / 2)

    def test_no_citation_counts_as_nothing(self) -> None:
        assert citation_score([(FIRST, [])]) == CitationScore(0.0, 0.0)
        assert citation_score([(FIRST, [FIRST]), (SECOND, [])]) == CitationScore(1.0, 1 / 2)

    def test_a_figure_that_no_citation_holds(self) -> None:
        assert citation_score([("存贷比为63%", ["存贷比为62%"])]) == CitationScore(0.0, 0.0)

    def test_everything_cited_for_everything(self) -> None:
        every = [FIRST, SECOND, OTHER]
        # Both sentences stand, each on one of its three citations: 2 of 6.
        assert citation_score([(FIRST, every), (SECOND, every)]) == CitationScore(2 / 6, 1.0)

    def test_nothing_said(self) -> None:
        assert citation_score([]) == CitationScore(0.0, 0.0)


class TestEvidence:
    QUOTE = "存贷比仅为62%。低于全国平均水平；资金外流严重。"

    def test_every_sentence_is_there(self) -> None:
        assert evidence_recall([f"前文。{self.QUOTE}后文"], [self.QUOTE]) == 1.0

    def test_split_over_two_passages(self) -> None:
        assert evidence_recall(["资金外流严重。", "存贷比仅为 62%。\n低于全国平均水平；"], [self.QUOTE]) == 1.0

    def test_a_share_of_the_sentences(self) -> None:
        assert evidence_recall(["低于全国平均水平；资金外流严重。"], [self.QUOTE]) == pytest.approx(2 / 3)

    def test_another_passage(self) -> None:
        assert evidence_recall(["存贷比仅为63%。"], [self.QUOTE]) == 0.0
        assert evidence_recall([], [self.QUOTE]) == 0.0

    def test_a_sentence_cut_in_half_is_not_there(self) -> None:
        assert evidence_recall(["低于全国平", "别的", "均水平；"], ["低于全国平均水平；"]) == 0.0

    def test_layout_does_not_matter(self) -> None:
        assert evidence_recall(["| **存贷比** | 仅为<sup>[1]</sup> 62％。"], ["存贷比仅为62%。"]) == 1.0

    def test_crumbs_do_not_count_beside_sentences(self) -> None:
        assert evidence_recall(["资金外流严重。"], ["资金外流严重。是。"]) == 1.0
        assert evidence_recall(["没有"], ["是。"]) == 0.0
        assert evidence_recall(["是。"], ["是。"]) == 1.0

    def test_several_quotes(self) -> None:
        assert evidence_recall(["资金外流严重。"], ["资金外流严重。", "数字鸿沟依然存在。"]) == 1 / 2

    def test_nothing_wanted(self) -> None:
        assert evidence_recall(["某句"], []) == evidence_recall(["某句"], [""]) == 0.0


class TestCharacterF1:
    def test_by_hand(self) -> None:
        # 3 of 3 characters said are among the 4 wanted: precision 1, recall 3/4, F1 6/7.
        assert character_f1("银行法", ["商银行法"]) == pytest.approx(2 * 1 * 0.75 / 1.75)

    def test_repeated_characters_count_once_each(self) -> None:
        # 天天天 against 天: 1 common, precision 1/3, recall 1.
        assert character_f1("天天天", ["天"]) == pytest.approx(0.5)

    def test_the_best_wording(self) -> None:
        assert character_f1("农业保险", ["小微企业", "农业保险。", "农业"]) == 1.0

    def test_punctuation_and_notation_do_not_count(self) -> None:
        assert character_f1("2013年3月1日", ["2013-03-01"]) == 1.0
        assert character_f1("《农业保险条例》！", ["农业保险条例"]) == 1.0

    def test_nothing_in_common(self) -> None:
        assert character_f1("甲", ["乙"]) == character_f1("", ["乙"]) == character_f1("甲", []) == 0.0


def test_compared_is_stable() -> None:
    for text in ("国办发【2025】８号", "自 2013-03-01 起", "| 1 | 5% |", "  ＬＰＲ　3.0％ "):
        assert compared(compared(text)) == compared(text)


def test_a_tenor_is_a_length_of_time() -> None:
    assert unsupported_figures("1年期利率为1.25%。", ["3个月0.95%，1年1.25%"]) == ()
    assert unsupported_figures("5年期利率为1.25%。", ["3个月0.95%，1年1.25%"]) == ("5年",)
