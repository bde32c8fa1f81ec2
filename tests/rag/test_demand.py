"""What a question for a figure demands of the sentence that answers it: a unit, a length of time, a name."""

import pytest

from rag import texts
from rag.demand import DURATION, FRACTION, PEGGED, holds_unit, undecided, unmet, unsaid
from rag.normalise import fold
from rag.retrieve import Corpus, analysed
from rag.types import Sentence


def missing(
    corpus: Corpus, question: str, words: str, said: str, heading: str = "", equals: dict[str, str] | None = None
) -> str:
    """unmet() for a question whose words are given with blanks between them, and for one sentence."""
    sentence = Sentence(0, len(said), said, folded=fold(said))
    known = {name: (other,) for name, other in (equals or {}).items()}
    placed = f"{heading} {sentence.folded}"
    return unmet(analysed(corpus, question), words.split(), sentence, placed, lambda name: known.get(name, ()))


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("应当在10日内支付", "10日"),
        ("不超过5个工作日", "5个工作日"),
        ("期限为三个月", "三个月"),
        ("以二十天为限", "二十天"),
        ("贷款最长5年", "5年"),
        ("应当提前半年以书面形式通知", "半年"),
        ("2024年公布", ""),
        ("截至2023年底", ""),
        ("2025年3月1日起施行", ""),
        ("2021-2023年", ""),
        ("余额45亿元", ""),
        ("上半年支付赔款460亿元", ""),
    ],
)
def test_a_length_of_time_is_no_date(text: str, found: str) -> None:
    match = DURATION.search(text)
    assert (match[0] if match else "") == found


@pytest.mark.parametrize(
    ("text", "found"), [("不超过三分之一", True), ("达到十分之一以上", True), ("百分之三", False), ("三成", False)]
)
def test_a_fraction_in_words(text: str, found: bool) -> None:
    assert bool(FRACTION.search(text)) is found


@pytest.mark.parametrize(
    ("text", "found"), [("不超过1年期LPR", True), ("按贷款市场报价利率执行", True), ("按合同利率执行", False)]
)
def test_a_rate_that_is_pegged_to_another(text: str, found: bool) -> None:
    assert bool(PEGGED.search(fold(text))) is found


@pytest.mark.parametrize(
    ("question", "said", "held"),
    [
        ("农业保险赔款几天内支付", "应当在10日内支付", True),
        ("农业保险赔款几天内支付", "赔款为50万元", False),
        ("农业保险赔款几天内支付", "自2023年3月1日起施行", False),
        ("担保费率是多少", "不超过1%", True),
        ("担保费率是多少", "不超过1年期LPR", True),
        ("担保费率是多少", "不超过三分之一", True),
        ("担保费率是多少", "不超过500万元", False),
        ("涉农贷款余额是多少", "余额为45.1亿元", True),
        ("涉农贷款余额是多少", "同比增长8.9%", False),
        ("涉农贷款余额是多少", "占三分之一", False),
        ("种植面积有多少亩", "共30万亩", True),
        ("种植面积有多少亩", "共32户", False),
        ("续贷了多少户", "已为32户企业办理", True),
        ("续贷了多少户", "同比增长8.9%", False),
        ("怎么办理续贷", "可以办理", True),
        ("乡村的特点是多少", "没有数字", True),
    ],
)
def test_the_unit_that_is_asked_for(small_corpus: Corpus, question: str, said: str, held: bool) -> None:
    assert holds_unit(analysed(small_corpus, question), fold(said)) is held


@pytest.mark.parametrize(
    ("said", "held"), [("最长5年", True), ("利率不超过4%", True), ("余额为45.1亿元", False), ("由双方商定", False)]
)
def test_any_of_two_units_that_are_asked_for(small_corpus: Corpus, said: str, held: bool) -> None:
    assert holds_unit(analysed(small_corpus, "贷款期限和利率各是多少"), fold(said)) is held


class TestUnmet:
    def test_no_figure(self, small_corpus: Corpus) -> None:
        reason = missing(small_corpus, "担保费率是多少", "担保费率 是 多少", "担保费率由各地确定")
        assert reason == texts.REASON_UNIT

    def test_a_date_is_no_figure(self, small_corpus: Corpus) -> None:
        reason = missing(small_corpus, "一共多少", "一共 多少", "2025年3月1日依照第三条确定")
        assert reason == texts.REASON_UNIT

    def test_what_the_compiler_says_he_did_not_see_is_said_in_his_words(self, small_corpus: Corpus) -> None:
        said = "未收录具体的担保费率。"
        reason = missing(small_corpus, "担保费率是多少", "担保费率 是 多少", said)
        assert reason == texts.REASON_UNSEEN.format(said=said)

    def test_a_figure_of_another_unit(self, small_corpus: Corpus) -> None:
        reason = missing(small_corpus, "担保费率是多少", "担保费率 是 多少", "担保费率的基数为500万元")
        assert reason == texts.REASON_UNIT

    def test_a_rate_of_another_name(self, small_corpus: Corpus) -> None:
        reason = missing(small_corpus, "不良率是多少", "不良率 是 多少", "拨备覆盖率为150%")
        assert reason == texts.REASON_TERMS.format(terms="不良率")

    def test_every_name_that_is_lacking(self, small_corpus: Corpus) -> None:
        reason = missing(small_corpus, "不良率和渗透率是多少", "不良率 和 渗透率 是 多少", "存贷比为62%")
        assert reason == texts.REASON_TERMS.format(terms="不良率、渗透率")

    @pytest.mark.parametrize(
        ("question", "words", "said"),
        [
            ("担保费率是多少", "担保费率 是 多少", "平均担保费率不超过1%"),
            ("不良贷款率是多少", "不良贷款率 是 多少", "不良率为1.5%"),
            ("赔款几天内支付", "赔款 几天 内 支付", "应当在10日内支付"),
            ("罚款多少钱", "罚款 多少 钱", "处十万元以下的罚款"),
        ],
    )
    def test_nothing_is_lacking(self, small_corpus: Corpus, question: str, words: str, said: str) -> None:
        assert missing(small_corpus, question, words, said) == ""

    @pytest.mark.parametrize("question", ["怎么办理续贷", "什么时候施行", "担保费率的上限"])
    def test_only_how_many_demands(self, small_corpus: Corpus, question: str) -> None:
        assert missing(small_corpus, question, question, "由各地确定") == ""

    def test_the_heading_may_name_it(self, small_corpus: Corpus) -> None:
        question, words, said = "不良率是多少", "不良率 是 多少", "不超过1.5%"
        assert missing(small_corpus, question, words, said) == texts.REASON_TERMS.format(terms="不良率")
        assert missing(small_corpus, question, words, said, "不良率的要求") == ""

    def test_an_equal_name_will_do(self, small_corpus: Corpus) -> None:
        question, words, said = "渗透率是多少", "渗透率 是 多少", "普及率为80%"
        assert missing(small_corpus, question, words, said) == texts.REASON_TERMS.format(terms="渗透率")
        assert missing(small_corpus, question, words, said, equals={"渗透率": "普及率"}) == ""

    def test_a_lone_rate_belongs_to_the_word_before_it(self, small_corpus: Corpus) -> None:
        question, words = "抵押率是多少", "抵押 率 是 多少"
        assert missing(small_corpus, question, words, "抵押物的折扣为60%") == texts.REASON_TERMS.format(terms="抵押率")
        assert missing(small_corpus, question, words, "抵押率不超过60%") == ""

    def test_a_rate_with_nothing_before_it_names_nothing(self, small_corpus: Corpus) -> None:
        assert missing(small_corpus, "率是多少", "率 是 多少", "不超过60%") == ""

    @pytest.mark.parametrize(
        ("question", "said", "answers"),
        [
            ("咨询电话是多少？", "咨询电话：020-37607198", True),
            ("投诉热线多少", "监督投诉电话：12345", True),
            ("网址是多少", "网上办理地址：https://a.gov.cn/b", True),
            ("咨询电话是多少？", "办理地点：天河路13号", False),
        ],
    )
    def test_a_number_that_is_no_quantity(self, small_corpus: Corpus, question: str, said: str, answers: bool) -> None:
        assert (missing(small_corpus, question, "电话", said) == "") is answers

    @pytest.mark.parametrize(
        ("question", "said", "answers"),
        [
            ("增速目标是多少", "截至2026年3月末，余额为14万亿元，同比增长9.47%", False),
            ("增速目标是多少", "力争增速不低于9%", True),
            ("增速是多少", "截至2026年3月末，余额为14万亿元，同比增长9.47%", True),
        ],
    )
    def test_what_was_reached_is_no_target(self, small_corpus: Corpus, question: str, said: str, answers: bool) -> None:
        assert (missing(small_corpus, question, "", said) == "") is answers

    @pytest.mark.parametrize(
        ("question", "said", "answers"),
        [
            ("平均利率是几个点", "平均利率比上年下降0.46个百分点", False),
            ("平均利率降了几个点", "平均利率比上年下降0.46个百分点", True),
            ("平均利率是几个点", "平均利率4.1%，比上年下降0.46个百分点", True),
            ("利率最高几个点", "不超过1年期LPR加50个基点", True),
        ],
    )
    def test_a_change_is_no_level(self, small_corpus: Corpus, question: str, said: str, answers: bool) -> None:
        assert (missing(small_corpus, question, "", said) == "") is answers

    @pytest.mark.parametrize(
        ("said", "answers"), [("提供查询服务不得收取费用", True), ("每次收5元", True), ("应当提供查询服务", False)]
    )
    def test_nothing_is_a_price(self, small_corpus: Corpus, said: str, answers: bool) -> None:
        assert (missing(small_corpus, "每次查询收多少钱", "", said) == "") is answers

    @pytest.mark.parametrize(("said", "answers"), [("产量1.4万亿斤", True), ("红线18.65亿亩", False)])
    def test_weights(self, small_corpus: Corpus, said: str, answers: bool) -> None:
        assert (missing(small_corpus, "粮食产量是多少亿斤", "", said) == "") is answers


@pytest.mark.parametrize(
    ("question", "said", "reason"),
    [
        ("统计表按月报还是按季报？", "统计表按季报送", ""),
        ("统计表按月报还是按季报？", "统计表统计县域", texts.REASON_OPEN),
        ("农户数是多了还是少了？", "1.67亿户次", ""),
        ("统计表怎么报？", "统计表统计县域", ""),
    ],
)
def test_one_of_two_choices(small_corpus: Corpus, question: str, said: str, reason: str) -> None:
    assert undecided(analysed(small_corpus, question), said) == reason


@pytest.mark.parametrize(
    ("question", "said", "reason"),
    [
        ("不设专营机构怎么罚？", "应当设立专营机构。", texts.REASON_SILENT),
        ("不设专营机构怎么罚？", "未设立的，责令改正。", ""),
        ("过了60岁还给贷吗？", "面向建档立卡脱贫人口。", texts.REASON_SILENT),
        ("过了60岁还给贷吗？", "年龄不超过65周岁。", ""),
        ("提前还要不要违约金？", "期限最长5年。", texts.REASON_SILENT),
        ("打哪个号咨询？", "中山市在2024年11月21日建立机制。", texts.REASON_SILENT),
        ("打哪个号咨询？", "咨询电话0760-88886666。", ""),
        ("打哪个热线投诉？", "可以拨打12378。", ""),
        ("期限多长？", "期限最长5年。", ""),
    ],
)
def test_what_official_texts_say_in_few_words(small_corpus: Corpus, question: str, said: str, reason: str) -> None:
    assert unsaid(analysed(small_corpus, question), said) == reason
