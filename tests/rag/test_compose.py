"""Chosen sentences -> an answer: citations, layers, leads, notices, plain text."""

import re
from dataclasses import replace

import pytest

from rag.chain import Rag
from rag.compose import Composer, place_label, plain_text, refusal, with_question
from rag.retrieve import Corpus, analysed
from rag.standing import on_day, validity_notices
from rag.types import (
    BINDING,
    FIGURES,
    OPINION,
    Answer,
    AnswerSentence,
    Citation,
    DocumentMeta,
    Section,
    Sentence,
)
from tests.rag.answers import assert_sound

INSURANCE = "policies/青山省农业保险条例.md"
LOANS = "statistics/青山县涉农贷款余额.md"
TODAY = "2026-06-01"


def citation(meta: DocumentMeta, source: str = "policies/a.md") -> Citation:
    return Citation(1, source, "某办法", "", "某句。", 0, 3, meta)


def first_sentences(corpus: Corpus, source: str, count: int) -> tuple[Sentence, ...]:
    return corpus.catalog.sentences_between(source, 0, 10**9)[:count]


class TestComposer:
    def test_numbers_follow_the_order_of_quotes(self, small_corpus: Corpus) -> None:
        composer = Composer(small_corpus)
        for sentence in first_sentences(small_corpus, INSURANCE, 3):
            composer.quote(INSURANCE, sentence)
        assert [c.number for c in composer.citations] == [1, 2, 3]
        assert [s.citations for s in composer.sentences] == [(1,), (2,), (3,)]
        assert {s.verdict for s in composer.sentences} == {"原文直引"}

    def test_one_citation_for_one_sentence(self, small_corpus: Corpus) -> None:
        composer = Composer(small_corpus)
        sentence = first_sentences(small_corpus, INSURANCE, 1)[0]
        assert composer.cite(INSURANCE, sentence) == composer.cite(INSURANCE, sentence) == 1
        assert len(composer.citations) == 1

    def test_quotes_are_exact(self, small_corpus: Corpus) -> None:
        for source in small_corpus.catalog.titles:
            composer, text = Composer(small_corpus), small_corpus.catalog.document(source).text
            for sentence in first_sentences(small_corpus, source, 99):
                composer.quote(source, sentence)
            for found in composer.citations:
                assert text[found.start : found.end] == found.quote

    def test_a_statement_of_ours_is_marked_as_ours(self, small_corpus: Corpus) -> None:
        composer = Composer(small_corpus)
        composer.state("某句。", INSURANCE, first_sentences(small_corpus, INSURANCE, 1))
        assert composer.sentences == [AnswerSentence("某句。", (1,), "改写有据", BINDING)]

    def test_a_row_is_shown_with_the_names_of_its_columns(self, small_corpus: Corpus) -> None:
        composer = Composer(small_corpus)
        rows = [s for s in first_sentences(small_corpus, LOANS, 99) if s.kind == "row"]
        row = next(s for s in rows if "2024-11末" in s.text)
        composer.quote(LOANS, row)
        shown = composer.sentences[0].text
        assert shown.startswith("时点：2024-11末；数字：")
        assert "同比：同比增长 15.11%；口径与发布：青山县金融办公开数据" in shown
        assert "|" not in shown
        assert composer.citations[0].quote == row.text
        assert composer.citations[0].header.startswith("|")


class TestLabels:
    def test_an_article(self) -> None:
        sections = [Section((), "第二章 合同", 0, 99), Section((), "第12条第3款", 0, 9)]
        assert place_label("示例条例", sections, Sentence(0, 2, "某句。")) == "第十二条第三款"

    def test_what_a_digest_says_of_itself(self) -> None:
        sentence = Sentence(0, 9, "《某法》第二十六条第二款规定，某事。")
        assert place_label("某法", [Section((), "法律责任", 0, 99)], sentence) == "第二十六条第二款"

    def test_else_the_nearest_heading(self) -> None:
        sections = [Section((), "一、总则", 0, 99), Section((), "（二）原则", 0, 50)]
        assert place_label("示例条例", sections, Sentence(0, 2, "某句。")) == "（二）原则"

    def test_or_nothing(self) -> None:
        assert place_label("示例条例", [], Sentence(0, 2, "某句。")) == ""


class TestValidity:
    @pytest.mark.parametrize(
        ("meta", "words"),
        [
            (DocumentMeta(status="已失效"), ["已失效"]),
            (DocumentMeta(status="已废止", ended="2020-04-30"), ["已废止", "2020-04-30"]),
            (DocumentMeta(status="已失效", expires="2020-12-31"), ["已失效", "2020-12-31"]),
            (DocumentMeta(status="现行有效", expires="2026-05-31"), ["已失效", "2026-05-31"]),
            (DocumentMeta(status="已失效", replaced_by=("新办法",)), ["已失效", "新办法"]),
            (DocumentMeta(status="已修改"), ["已修改"]),
            (DocumentMeta(status="已修改", replaced_by=("新办法",)), ["已修改", "新办法"]),
            (DocumentMeta(status="现行有效", effective="2026-07-01"), ["尚未生效", "2026-07-01"]),
        ],
    )
    def test_a_warning(self, meta: DocumentMeta, words: list[str]) -> None:
        (notice,) = validity_notices([citation(on_day(meta, TODAY))])
        assert all(word in notice for word in words)
        assert "《某办法》" in notice

    @pytest.mark.parametrize(
        "meta",
        [
            DocumentMeta(),
            DocumentMeta(status="现行有效"),
            DocumentMeta(status="待核"),
            DocumentMeta(status="阶段性", expires="2026-06-02"),
            DocumentMeta(status="现行有效", effective="2026-06-01"),
        ],
    )
    def test_no_warning(self, meta: DocumentMeta) -> None:
        assert validity_notices([citation(on_day(meta, TODAY))]) == []

    def test_the_last_day_is_still_in_force(self) -> None:
        assert validity_notices([citation(on_day(DocumentMeta(expires="2026-06-01"), TODAY))]) == []

    def test_one_warning_for_each_document(self) -> None:
        dead = DocumentMeta(status="已失效")
        cited = [citation(dead), replace(citation(dead), number=2), citation(dead, "policies/b.md")]
        assert len(validity_notices(cited)) == 2


class TestText:
    def test_notices_layers_leads_and_numbers(self) -> None:
        sentences = [
            AnswerSentence("甲。", (1,), "原文直引", BINDING, "据《某法》："),
            AnswerSentence("乙。", (2, 3), "原文直引", BINDING, "据《某法》："),
            AnswerSentence("丙。", (4,), "原文直引", FIGURES, "据《某法》："),
        ]
        assert plain_text(sentences, ["注意。"]).splitlines() == [
            "注意。",
            f"【{BINDING}】",
            "据《某法》：",
            "甲。[1]",
            "乙。[2][3]",
            f"【{FIGURES}】",
            "据《某法》：",
            "丙。[4]",
        ]

    def test_nothing(self) -> None:
        assert plain_text([], []) == ""

    def test_a_refusal_has_its_reason(self, small_corpus: Corpus) -> None:
        answer = refusal(analysed(small_corpus, "某事"), (), "没有某事。")
        assert (answer.found, answer.done, answer.reason, answer.citations) == (False, True, "没有某事。", ())
        assert answer.text.endswith("没有某事。")

    def test_the_words_of_the_user_stay(self) -> None:
        assert with_question(Answer("浙江的做法"), "那浙江呢", "浙江的做法").resolved == "浙江的做法"
        assert with_question(Answer("浙江的做法"), "那浙江呢", "浙江的做法").question == "那浙江呢"
        assert with_question(Answer("某事"), "某事", "某事").resolved == ""


class TestOnTheShippedKnowledgeBase:
    def test_a_figure_without_a_period_has_that_of_the_sentence_before(self, kb_rag: Rag, kb_corpus: Corpus) -> None:
        answer = kb_rag.ask("县域移动支付渗透率是多少？")
        assert_sound(answer, kb_corpus.catalog)
        said = next(s for s in answer.sentences if s.layer == OPINION and "渗透率" in s.text)
        assert "截至2024年底" in said.lead
        assert "截至" not in said.text
        assert "80%" in said.text

    def test_a_figure_with_its_own_period_has_no_other(self, kb_rag: Rag) -> None:
        answer = kb_rag.ask("论文里截至2024年底县域存贷比是多少")
        assert "截至" not in answer.sentences[0].lead

    def test_rows_have_the_names_of_their_columns(self, kb_rag: Rag, kb_corpus: Corpus) -> None:
        answer = kb_rag.ask("胡常帅那篇文章说县里的银行网点有多少个")
        assert_sound(answer, kb_corpus.catalog)
        row = next(s for s in answer.sentences if "论文说法" in s.text)
        assert re.search("论文说法：.*；核对结果：未核到；可参考的数据：", row.text)
        assert answer.citations[row.citations[0] - 1].quote.startswith("|")

    @pytest.mark.parametrize(
        ("text", "words"),
        [
            ("川办发〔2018〕71号还有效吗", ("已失效", "2020-12-31", "深入实施财政金融互动政策")),
            ("四川省2018年继续实施财政金融互动政策的目标是什么？川办发〔2018〕71号", ("已失效",)),
            ("中国人民银行2025年5月7日一揽子货币政策措施有哪些数量型政策", ("已修改", "2026年1月")),
            ("2026年财政金融协同促内需一揽子政策由哪次会议部署", ("已修改",)),
        ],
    )
    def test_what_no_longer_stands_is_said_first(
        self, kb_rag: Rag, kb_corpus: Corpus, text: str, words: tuple[str, ...]
    ) -> None:
        answer = kb_rag.ask(text)
        assert_sound(answer, kb_corpus.catalog)
        warning = answer.text.splitlines()[0]
        assert warning in answer.notices
        assert all(word in warning for word in words)

    def test_every_dead_or_changed_document_warns(self, kb_rag: Rag) -> None:
        dead = [s for s in kb_rag.titles() if kb_rag.document(s).meta.status in {"已失效", "已废止", "已修改"}]
        assert len(dead) >= 3
        for source in dead:
            answer = kb_rag.ask(f"《{kb_rag.titles()[source]}》还有效吗")
            assert answer.found
            assert kb_rag.titles()[source] in answer.notices[0]


def test_a_clause_of_another_document_is_no_label() -> None:
    sections = [Section((), "说明", 0, 99)]
    sentence = Sentence(0, 30, "抵押仍受《民法典》第三百九十九条限制。")
    assert place_label("试点意见", sections, sentence) == "说明"
