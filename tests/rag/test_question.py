"""What a question asks: its kind, what it names, and what it speaks of."""

import pytest

from rag.errors import QuestionRejected
from rag.normalise import MAX_QUESTION
from rag.question import Question, analyse, content_of
from rag.retrieve import Corpus, analysed

INSURANCE = "policies/青山省农业保险条例.md"
GUARANTEE = "policies/青财金〔2025〕11号-政府性融资担保管理办法.md"
PAPER = "paper/青山县金融赋能路径探究.md"


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("涉农贷款余额是多少", "number"),
        ("担保费率最高不超过百分之几", "number"),
        ("续贷办理要多久", "number"),
        ("涉农贷款同比增速", "number"),
        ("续贷政策何时出台", "date"),
        ("农业保险从哪天开始承保", "date"),
        ("什么时候可以续贷", "date"),
        ("申请经营农业保险业务要具备哪些条件", "list"),
        ("降低融资成本有哪几项措施", "list"),
        ("分别有什么制约因素", "list"),
        ("什么是存贷比", "definition"),
        ("农业保险是什么", "definition"),
        ("无还本续贷的定义", "definition"),
        ("何谓涉农贷款", "definition"),
        ("怎样申请无还本续贷", "how"),
        ("如何遏制资金外流", "how"),
        ("续贷咋办", "how"),
        ("资金为什么外流", "why"),
        ("融资难的根源", "why"),
        ("两种担保有什么区别", "compare"),
        ("和去年相比怎么样", "compare"),
        ("可以搭售保险产品吗", "yesno"),
        pytest.param("能否收取续贷手续费", "yesno"),
        ("能否搭售保险产品", "yesno"),
        ("这个规定出自哪个文件", "document"),
        ("它的文号", "document"),
        ("谁印发的", "document"),
        ("这项政策现在还有效吗", "validity"),
        ("该措施是否废止", "validity"),
        ("政策过期没有", "validity"),
        ("农业保险", "open"),
    ],
)
def test_the_kind_of_answer_it_asks_for(small_corpus: Corpus, text: str, kind: str) -> None:
    assert analysed(small_corpus, text).kind == kind


def test_a_question_may_ask_for_several_things(small_corpus: Corpus) -> None:
    question = analysed(small_corpus, "涉农贷款余额是多少，分别有哪些原因")
    assert {"number", "list", "why"} <= question.kinds


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("山东和浙江的做法", "compare"),
        ("山东与浙江有哪些经验", "compare"),
        ("山东和浙江的贷款余额各是多少", "number"),
        ("山东的做法", "how"),
    ],
)
def test_two_regions_side_by_side_are_a_comparison(small_corpus: Corpus, text: str, kind: str) -> None:
    assert analysed(small_corpus, text).kind == kind


class TestWhatItSpeaksOf:
    @pytest.mark.parametrize(
        ("text", "years"),
        [
            ("2024年底的余额", ("2024",)),
            ("２０２４年末的余额", ("2024",)),
            ("2023年和2024年相比", ("2023", "2024")),
            ("2024-09末", ("2024",)),
            ("从2024年到2024年", ("2024",)),
            pytest.param("余额是2024亿元吗", ()),
            ("注册资本12024万元", ()),
            ("去年的余额", ()),
        ],
    )
    def test_years(self, small_corpus: Corpus, text: str, years: tuple[str, ...]) -> None:
        assert analysed(small_corpus, text).years == years

    def test_regions_once_each_in_order(self, small_corpus: Corpus) -> None:
        assert analysed(small_corpus, "浙江、山東和浙江").regions == ("浙江", "山东")

    def test_no_region(self, small_corpus: Corpus) -> None:
        assert analysed(small_corpus, "涉农贷款余额").regions == ()

    @pytest.mark.parametrize(
        ("text", "figures"),
        [
            ("存贷比72%为什么这么高", [(72.0, "percent")]),
            ("存贷比百分之七十二", [(72.0, "percent")]),
            ("低8个百分点", [(8.0, "point")]),
            ("余额65万亿元", [(65e12, "yuan")]),
            ("三十二户", [(32.0, "户")]),
            ("第12条", []),
            ("2024年10月8日", []),
            ("农业保险", []),
        ],
    )
    def test_figures_without_dates_and_addresses(
        self, small_corpus: Corpus, text: str, figures: list[tuple[float, str]]
    ) -> None:
        found = [(quantity.value, quantity.dimension) for quantity in analysed(small_corpus, text).figures]
        assert found == [(pytest.approx(value), dimension) for value, dimension in figures]

    def test_terms_are_words_of_the_lexicon(self, small_corpus: Corpus) -> None:
        question = analysed(small_corpus, "涉农贷款和无还本续贷的政策")
        assert {"涉农贷款", "无还本续贷"} <= set(question.terms)

    def test_equivalents_are_searched_too(self, small_corpus: Corpus) -> None:
        question = analysed(small_corpus, "借新还旧怎么办理")
        assert "续贷" in question.expansion
        assert not set(question.expansion) & set(question.terms)

    def test_traditional_and_full_width_are_one(self, small_corpus: Corpus) -> None:
        assert analysed(small_corpus, "涉農貸款餘額").folded == analysed(small_corpus, "涉农贷款余额").folded

    def test_what_is_shown_is_as_typed(self, small_corpus: Corpus) -> None:
        assert analysed(small_corpus, "  涉農貸款\u200b餘額？ ").text == "涉農貸款餘額？"

    def test_clauses(self, small_corpus: Corpus) -> None:
        question = analysed(small_corpus, "《青山省农业保险条例》第九条第3款和第12条")
        assert [clause.label for clause in question.clauses] == ["第9条第3款", "第12条"]


class TestNamedDocuments:
    @pytest.mark.parametrize(
        ("text", "sources"),
        [
            ("《青山省农业保险条例》的原则", (INSURANCE,)),
            ("青山省农业保险条例的原则", (INSURANCE,)),
            ("青财金(2025)11号的费率", (GUARANTEE,)),
            ("论文的启示", (PAPER,)),
            ("农业保险的原则", ()),
        ],
    )
    def test_sources(self, small_corpus: Corpus, text: str, sources: tuple[str, ...]) -> None:
        assert analysed(small_corpus, text).named.sources == sources

    def test_the_rest_is_the_question_without_the_name(self, small_corpus: Corpus) -> None:
        question = analysed(small_corpus, "《青山省农业保险条例》要求多久现场查勘")
        assert "条例" not in question.named.rest
        assert "查勘" in question.named.rest
        assert "条例" not in question.asked_terms
        assert "条例" in "".join(question.terms)

    def test_a_first_clause_that_only_describes_the_document_is_not_what_is_asked(self, small_corpus: Corpus) -> None:
        question = analysed(small_corpus, "八部门去年出的那个支持小微的文件，要求银行多投放哪几类贷款")
        assert "八部门" not in "".join(question.asked_terms)
        assert "投放" in "".join(question.asked_terms)
        assert "八" in "".join(question.terms)

    def test_a_first_clause_that_asks_is_asked(self, small_corpus: Corpus) -> None:
        question = analysed(small_corpus, "是哪个部门出的这个文件，要求银行多投放哪几类贷款")
        assert question.asked_terms == question.terms

    def test_the_kind_is_read_from_the_rest(self, small_corpus: Corpus) -> None:
        assert analysed(small_corpus, "《支持小微企业融资若干措施》怎么降低成本").kind == "how"

    def test_an_unknown_title_is_missing(self, small_corpus: Corpus) -> None:
        named = analysed(small_corpus, "《月球开发条例》第三条").named
        assert named.sources == ()
        assert named.missing == "《月球开发条例》"


class TestRejection:
    @pytest.mark.parametrize("text", ["", "   ", "\n\t", "\u200b\u200d", "\x00\x01\x1f", "？！。……", "---"])
    def test_nothing_to_read(self, small_corpus: Corpus, text: str) -> None:
        with pytest.raises(QuestionRejected):
            analysed(small_corpus, text)

    def test_too_long(self, small_corpus: Corpus) -> None:
        with pytest.raises(QuestionRejected, match="2001"):
            analysed(small_corpus, "贷" * (MAX_QUESTION + 1))

    def test_as_long_as_allowed(self, small_corpus: Corpus) -> None:
        assert MAX_QUESTION == 2000
        assert isinstance(analysed(small_corpus, "贷" * MAX_QUESTION), Question)


def test_it_is_the_same_every_time(small_corpus: Corpus) -> None:
    text = "《青山省农业保险条例》2023年在山东和浙江的赔偿期限是10日吗"
    lexicon, names = small_corpus.lexical.lexicon, small_corpus.names
    assert analyse(text, lexicon, names) == analyse(text, lexicon, names)


@pytest.mark.parametrize(
    ("text", "searched"),
    [
        ("担保公司自己能不能放贷款?是哪个条例第几条管的?", "担保公司自己能不能放贷款"),
        ("银行给民企的利率定得比国企高,违反的是哪部地方条例的第几条?", "银行给民企的利率定得比国企高"),
        ("不许借乡村振兴变相举债,这话出自哪里?", "不许借乡村振兴变相举债"),
        ("它出自哪个文件", "它出自哪个文件"),
        ("小微企业续贷的条件是什么", "小微企业续贷的条件是什么"),
        ("哪些部门可以查询信用信息", "哪些部门可以查询信用信息"),
    ],
)
def test_what_only_asks_for_the_source_is_not_searched(text: str, searched: str) -> None:
    assert content_of(text) == searched
