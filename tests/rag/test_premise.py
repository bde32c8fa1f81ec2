"""Figures that a question asserts and the knowledge base gives otherwise."""

import pytest

from rag.chain import Rag
from rag.retrieve import Corpus
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
