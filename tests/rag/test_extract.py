"""The sentences that answer, chosen by what the question asks for."""

from contextlib import closing
from pathlib import Path

import pytest

from eval.cases import load_cases
from ingest.build import ingest
from rag.chain import Rag, build_rag
from rag.config import OFF, Config
from rag.extract import extract
from rag.rerank import reranked
from rag.retrieve import Corpus, analysed, retrieve
from rag.types import BINDING, FIGURES, OPINION, Filters
from tests.fakes import FakeModel, HashingEmbedder
from tests.rag.answers import assert_sound

PAPER = "paper/金融赋能县域经济高质量发展路径探究.md"
CASES = "statistics/县域经济与地方金融案例数据.md"


def chosen(corpus: Corpus, text: str, filters: Filters = Filters()) -> list[str]:
    retrieval, ranked = reranked(corpus, retrieve(corpus, HashingEmbedder(), analysed(corpus, text), filters))
    return [candidate.sentence.text for candidate in extract(corpus, retrieval.question, ranked).chosen]


class TestByWords:
    @pytest.mark.parametrize(
        ("text", "words"),
        [
            ("保险机构应当在多久内现场查勘", "24 小时内进行现场查勘"),
            ("平均担保费率原则上不超过多少", "不超过 1%"),
            ("青山县农商行反映了什么", "缺少抵押物"),
            ("截至2024年11月末青山县涉农贷款余额是多少", "45.1"),
            ("续贷办理时间不超过几个工作日", "5 个工作日"),
        ],
    )
    def test_the_first_sentence_holds_the_answer(self, small_corpus: Corpus, text: str, words: str) -> None:
        assert words in chosen(small_corpus, text)[0]

    @pytest.mark.parametrize("text", ["保险机构应当在多久内现场查勘", "平均担保费率原则上不超过多少", "什么是农业保险"])
    def test_short_answers_are_short(self, small_corpus: Corpus, text: str) -> None:
        assert 1 <= len(chosen(small_corpus, text)) <= 4

    def test_no_sentence_twice(self, small_corpus: Corpus) -> None:
        for text in ("农业保险", "涉农贷款余额", "担保费率和担保金额是多少"):
            sentences = chosen(small_corpus, text)
            assert len(set(sentences)) == len(sentences)

    def test_a_list_is_given_whole_and_counted(self, small_corpus: Corpus) -> None:
        question = analysed(small_corpus, "申请经营农业保险业务的保险机构应当具备哪些条件")
        _, ranked = reranked(small_corpus, retrieve(small_corpus, HashingEmbedder(), question))
        found = extract(small_corpus, question, ranked)
        assert found.listed == found.total == len(found.chosen) == 4
        assert [c.sentence.text[:3] for c in found.chosen] == ["（一）", "（二）", "（三）", "（四）"]

    def test_nothing_found_gives_nothing(self, small_corpus: Corpus) -> None:
        assert chosen(small_corpus, "涉农贷款余额", Filters(years=("1999",))) == []


class TestOnTheShippedKnowledgeBase:
    def test_the_ratio_and_how_far_it_lies_below(self, kb_rag: Rag, kb_corpus: Corpus) -> None:
        answer = kb_rag.ask("截至2024年底县域存贷比是多少，比全国低多少？")
        assert_sound(answer, kb_corpus.catalog)
        first, check = answer.citations[0], answer.citations[1]
        assert first.source == PAPER
        assert "62%" in first.quote
        assert "8个百分点" in first.quote
        assert answer.sentences[0].layer == OPINION
        assert answer.sentences[0].lead.startswith("据论文《金融赋能县域经济高质量发展路径探究》")
        assert check.source == CASES
        assert "没有核到官方出处" in check.quote
        assert answer.sentences[1].layer == FIGURES
        assert answer.text.index(OPINION) < answer.text.index(FIGURES)
        assert answer.notices == ()

    def test_all_five_lessons(self, kb_rag: Rag, kb_corpus: Corpus) -> None:
        answer = kb_rag.ask("论文的经验启示有哪些？")
        assert_sound(answer, kb_corpus.catalog)
        assert [sentence.text[:3] for sentence in answer.sentences] == ["(1)", "(2)", "(3)", "(4)", "(5)"]
        assert {citation.source for citation in answer.citations} == {PAPER}
        assert {citation.label for citation in answer.citations} == {"2.3 经验启示"}
        assert any("5 项" in notice for notice in answer.notices)

    @pytest.mark.parametrize(
        ("text", "words"),
        [
            ("联合银行模式分为哪两类？", "分为“下参上”和“上参下”两类"),
            ("国发〔2023〕15号的目标里那六个“更加”都是什么？", "由六个“更加”构成"),
            ("中央农村工作领导小组要建立哪七类机制？", "七类机制"),
            ("存款保险基金由哪些资金构成？请列出全部来源。", "存款保险基金的来源包括"),
        ],
    )
    def test_a_sentence_that_enumerates_is_the_whole_answer(self, kb_rag: Rag, text: str, words: str) -> None:
        answer = kb_rag.ask(text)
        assert len(answer.sentences) == 1
        assert words in answer.text

    def test_items_over_the_sentences_of_a_section(self, kb_rag: Rag) -> None:
        answer = kb_rag.ask("央行等八部门支持民营经济的25条提出了哪几方面主要举措？")
        assert [sentence.text[:3] for sentence in answer.sentences] == ["（一）", "（二）", "（三）", "（四）"]

    def test_the_subsections_of_a_named_section(self, kb_rag: Rag) -> None:
        answer = kb_rag.ask("该论文1.2节认为金融赋能县域经济高质量发展存在哪两个方面的问题？")
        assert len(answer.sentences) == 2
        assert "资金外流" in answer.sentences[0].text
        assert "数字鸿沟" in answer.sentences[1].text

    @pytest.mark.parametrize(
        ("text", "words"),
        [
            ("浙江的地方性法规对“公共信用信息”是如何界定的？", "公共信用信息是国家机关"),
            ("“年度新增可贷资金”是什么含义？", "年度新增可贷资金的计算方法"),
            ("什么是尽职免责？", "尽职免责是指"),
        ],
    )
    def test_a_definition_comes_first(self, kb_rag: Rag, text: str, words: str) -> None:
        assert words in kb_rag.ask(text).sentences[0].text

    def test_two_provinces_side_by_side(self, kb_rag: Rag, kb_corpus: Corpus) -> None:
        answer = kb_rag.ask("山东与浙江的做法有什么不同？")
        assert_sound(answer, kb_corpus.catalog)
        leads = [sentence.lead for sentence in answer.sentences]
        assert any("山东" in lead for lead in leads)
        assert any("浙江" in lead for lead in leads)

    def test_two_provinces_of_the_paper(self, kb_rag: Rag, kb_corpus: Corpus) -> None:
        answer = kb_rag.ask("论文里山东和浙江的做法有什么不同？")
        assert_sound(answer, kb_corpus.catalog)
        assert answer.citations[0].source == PAPER
        assert {"2.1", "2.2"} <= {citation.label[:3] for citation in answer.citations}

    def test_of_several_months_the_one_that_is_asked_for(self, kb_rag: Rag) -> None:
        answer = kb_rag.ask("截至2024年4月末全国普惠型小微企业贷款余额是多少")
        assert "31.02万亿元" in answer.sentences[0].text

    def test_the_end_of_a_year_is_a_period_too(self, kb_rag: Rag) -> None:
        assert "33.3万亿元" in kb_rag.ask("2024年末普惠型小微企业贷款余额是多少").text

    def test_every_answer_is_sound(self, kb_rag: Rag, kb_corpus: Corpus) -> None:
        for case in load_cases("dev")[::2]:
            answer = kb_rag.ask(case.question)
            assert_sound(answer, kb_corpus.catalog)
            assert len(answer.passages) <= 10


def test_papers_of_unknown_standing_do_not_answer_alone(small_kb: Path, tmp_path: Path) -> None:
    question = "政府性融资担保机构平均担保费率原则上不超过多少"
    (small_kb / "notes" / "更正.md").write_text(
        f"{question}？政府性融资担保机构平均担保费率原则上不超过9%。\n", "utf-8"
    )
    config = Config(kb_dir=small_kb, index_dir=tmp_path / "index", cache_dir=tmp_path / "cache", reader=OFF)
    ingest(config, lambda *_: None, model=FakeModel())
    with closing(build_rag(config, FakeModel())) as rag:
        answer = rag.ask(question)
    assert "不超过 1%" in answer.sentences[0].text
    assert answer.sentences[0].layer == BINDING
    assert "9%" in answer.text
