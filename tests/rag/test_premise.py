"""Figures and issuers that a question asserts and the knowledge base gives otherwise."""

import pytest

from rag import texts
from rag.chain import Rag
from rag.premise import issuer_correction
from rag.rank import Candidate
from rag.rerank import reranked
from rag.retrieve import Corpus, analysed, retrieve
from tests.fakes import HashingEmbedder
from tests.rag.answers import assert_sound


def corrected(answer_notices: tuple[str, ...]) -> list[str]:
    return [notice for notice in answer_notices if "不符" in notice]


class TestCorrected:
    def test_first_of_all(self, kb_rag: Rag, kb_corpus: Corpus) -> None:
        answer = kb_rag.ask("县域存贷比72%为什么这么高")
        assert_sound(answer, kb_corpus.catalog)
        opening = answer.text.splitlines()[0]
        assert opening == answer.notices[0]
        assert "县域存贷比72%" in opening
        assert "62%" in opening
        assert "62%" in answer.citations[0].quote
        assert answer.citations[0].source.startswith("paper/")

    @pytest.mark.parametrize(
        ("text", "true"),
        [
            ("县域存贷比百分之七十二为什么这么高", "62%"),
            ("縣域存貸比為７２％，為什麼這麼高", "62%"),
            ("县域贷款余额达到75万亿元了吗？", "65万亿元"),
            ("县域贷款余额达到65亿元了吗？", "65万亿元"),
            ("农户信用档案覆盖率超90%是怎么做到的？", "70%"),
            ("县域移动支付渗透率超95%，有什么作用？", "80%"),
            ("存款保险最高偿付限额100万元包括利息吗？", "50万元"),
        ],
    )
    def test_with_the_true_figure(self, kb_rag: Rag, text: str, true: str) -> None:
        answer = kb_rag.ask(text)
        (notice,) = corrected(answer.notices)
        assert notice == answer.notices[0]
        assert notice.rstrip("。").endswith(true)
        assert any(true in citation.quote.replace(" ", "") for citation in answer.citations)

    def test_also_where_the_answer_speaks_of_something_else(self, kb_rag: Rag) -> None:
        assert corrected(kb_rag.ask("县域存贷比72%，合理吗").notices)

    @pytest.mark.parametrize("subject", ["县域移动支付渗透率", "农户信用档案覆盖率"])
    def test_the_subject_is_whole_words(self, kb_rag: Rag, subject: str) -> None:
        (notice,) = corrected(kb_rag.ask(f"{subject}超95%有什么作用").notices)
        assert f"{subject}95%" in notice


class TestLeftAlone:
    """What a question says rightly is never corrected; neither are dates and addresses."""

    @pytest.mark.parametrize(
        "text",
        [
            "截至2024年底县域存贷比62%，是什么原因造成的？",
            "县域存贷比低于全国平均8个百分点说明了什么？",
            "县域存贷比比全国平均低8个百分点，那全国平均就是67.4%，没错吧？",
            "部分县域存贷比不足50%的后果是什么",
            "县域移动支付渗透率超过80%，有什么作用？",
            "县域贷款余额达到65万亿元了吗？",
            "县域贷款同比增长12.3%是真的吗？",
            "农户信用档案覆盖率超百分之七十是怎么做到的？",
            "小微企业信用档案覆盖率超60%吗",
            "县域银行网点超15万个，覆盖了哪些地方？",
            "直接融资占比不足5%的原因是什么？",
            "邮储银行山东省分行投放197亿元用于哪里？",
            "存款保险最高偿付限额50万元包括利息吗？",
            "存款保险最高偿付限额五十万元包括利息吗？",
            "融资担保公司注册资本不低于2000万元吗？",
            "2023年四川128个县域单元县域GDP平均203.8亿元对吗？",
            "截至2022年6月末浙江270万余户农户建立了家庭资产负债表吗？",
            "年度新增可贷资金按75%的存贷比折算吗？",
            "2026年1月再贷款利率下调0.25个百分点吗？",
            "《农业保险条例》规定10日内支付赔偿保险金吗？",
            "《农业保险条例》第九条第三款是讲保险加信贷的吗？",
            "农业保险条例是2013年3月1日起施行的吗？",
            "脱贫人口小额信贷5万元以下吗？",
            "国务院令第629号是2012年11月12日公布的吗",
            "县域存贷比是多少",
        ],
    )
    def test_a_true_premise(self, kb_rag: Rag, text: str) -> None:
        answer = kb_rag.ask(text)
        assert corrected(answer.notices) == []

    def test_a_figure_of_which_nothing_is_known(self, kb_rag: Rag) -> None:
        assert corrected(kb_rag.ask("我行有37家支行，怎样服务县域小微企业").notices) == []


def issued(corpus: Corpus, text: str) -> tuple[Candidate, tuple[tuple[str, Candidate], ...]]:
    """The best sentence of a question, and what is said of the issuer that the question takes for granted."""
    retrieval, ranked = reranked(corpus, retrieve(corpus, HashingEmbedder(), analysed(corpus, text)))
    return ranked[0], issuer_correction(corpus, retrieval.question, ranked)


class TestIssuer:
    @pytest.mark.parametrize(
        ("text", "asked", "title", "names"),
        [
            ("青山省农业保险条例是青山省财政厅发的吗", "青山省财政厅", "青山省农业保险条例", "青山省人民政府"),
            ("青山省农业保险条例是由青山省财政厅制定的吧", "青山省财政厅", "青山省农业保险条例", "青山省人民政府"),
            (
                "青山省政府性融资担保发展管理办法是青山省人民政府出台的吗",
                "青山省人民政府",
                "青山省政府性融资担保发展管理办法",
                "青山省财政厅、青山省地方金融管理局",
            ),
        ],
    )
    def test_another_issuer(self, small_corpus: Corpus, text: str, asked: str, title: str, names: str) -> None:
        best, said = issued(small_corpus, text)
        assert said == ((texts.CORRECTION_ISSUER.format(asked=asked, title=title, names=names), best),)
        assert small_corpus.catalog.titles[best.passage.chunk.source] == title

    @pytest.mark.parametrize(
        "text",
        [
            "青山省农业保险条例是青山省人民政府发的吗",
            "青山省政府性融资担保发展管理办法是青山省财政厅印发的吗",
            "青山省政府性融资担保发展管理办法是青山省地方金融管理局印发的吗",
            "青山省农业保险条例是谁发的",
        ],
    )
    def test_the_right_one_one_of_two_or_none(self, small_corpus: Corpus, text: str) -> None:
        assert issued(small_corpus, text)[1] == ()

    def test_an_issuer_of_which_nothing_is_known(self, small_corpus: Corpus) -> None:
        assert issued(small_corpus, "青山省农业保险条例是海洋局发的吗")[1] == ()

    def test_a_document_whose_issuer_is_not_known(self, small_corpus: Corpus) -> None:
        best, said = issued(small_corpus, "青山县涉农贷款余额统计是青山省财政厅发的吗")
        assert small_corpus.catalog.metas[best.passage.chunk.source].issuer == ()
        assert said == ()

    def test_no_sentence(self, small_corpus: Corpus) -> None:
        question = analysed(small_corpus, "青山省农业保险条例是青山省财政厅发的吗")
        assert issuer_correction(small_corpus, question, ()) == ()

    @pytest.mark.parametrize("issuer", ["中国人民银行", "人民银行", "央行"])
    def test_an_equal_name_is_no_contradiction(self, kb_rag: Rag, issuer: str) -> None:
        title = "县域法人金融机构将新增存款一定比例用于当地贷款的考核办法"
        assert corrected(kb_rag.ask(f"《{title}》是{issuer}发的吗").notices) == []
        (notice,) = corrected(kb_rag.ask(f"《普惠金融发展专项资金管理办法》是{issuer}发的吗").notices)
        assert f"“{issuer}”" in notice
        assert "由财政部发布" in notice

    @pytest.mark.parametrize("issuer", ["央行", "国家金融监管总局"])
    def test_one_of_several_that_are_not_all_named_is_no_contradiction(self, kb_rag: Rag, issuer: str) -> None:
        text = f"《中国人民银行等八部门金融支持民营经济25条举措通知（全称待核）》是{issuer}发的吗"
        answer = kb_rag.ask(text)
        assert answer.passages[0].chunk.source == "policies/2023年-金融支持民营经济25条举措通知.md"
        assert corrected(answer.notices) == []


class TestAnotherDay:
    @pytest.mark.parametrize(
        "text",
        ["民营经济促进法是2025年7月1日施行的，那它一共有多少章？", "民营经济促进法2025年7月1日起施行后有什么变化"],
    )
    def test_first_of_all_and_what_is_not_known_is_said(self, kb_rag: Rag, text: str) -> None:
        answer = kb_rag.ask(text)
        assert answer.found
        assert "2025年7月1日" in answer.notices[0]
        assert "施行日期：2025-05-20" in answer.notices[0]
        assert "2025年5月20日" in answer.citations[0].quote

    @pytest.mark.parametrize(
        "text",
        [
            "民营经济促进法是2025年5月20日施行的吗？",
            "民营经济促进法什么时候施行？",
            "2025年7月1日施行的办法有哪些？",
            "银保监发〔2021〕6号2021年3月9日施行的对吗",
        ],
    )
    def test_the_right_day_none_or_of_no_document(self, kb_rag: Rag, text: str) -> None:
        assert corrected(kb_rag.ask(text).notices) == []
