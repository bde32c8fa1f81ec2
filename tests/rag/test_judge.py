"""Whether there is evidence enough to answer, and what is said where there is not."""

import pytest

from rag import texts
from rag.chain import Rag
from rag.judge import coverage, evidence_score, judge, threshold_between, unspecific
from rag.retrieve import Corpus, Retrieval, analysed, retrieve
from rag.types import Filters
from tests.fakes import HashingEmbedder


def found(corpus: Corpus, text: str, filters: Filters = Filters()) -> Retrieval:
    return retrieve(corpus, HashingEmbedder(), analysed(corpus, text), filters)


class TestThreshold:
    def test_foreign_questions_alone_set_it(self) -> None:
        # mean 0.4, deviation 0.1 (population), 2.7 deviations above
        assert threshold_between([0.9] * 100, [0.3, 0.5]) == pytest.approx(0.4 + 2.7 * 0.1)

    def test_alike_foreign_questions_have_no_deviation(self) -> None:
        assert threshold_between([0.9], [0.5, 0.5, 0.5]) == pytest.approx(0.5)

    def test_it_stays_below_nearly_all_own_questions(self) -> None:
        # 0.67 would refuse them; the lowest of fewer than fifty is the level
        assert threshold_between([0.6, 0.9, 0.8], [0.3, 0.5]) == pytest.approx(0.6)

    def test_one_own_question_in_fifty_may_fall_below(self) -> None:
        inside = [0.1, 0.5, *[0.9] * 48]
        assert threshold_between(inside, [0.3, 0.5]) == pytest.approx(0.5)

    def test_order_does_not_matter(self) -> None:
        inside, outside = [0.9, 0.55, 0.7], [0.5, 0.3, 0.4]
        assert threshold_between(inside, outside) == threshold_between(sorted(inside), sorted(outside))

    def test_without_own_questions(self) -> None:
        assert threshold_between([], [0.3, 0.5]) == pytest.approx(0.67)


class TestCoverage:
    def test_all_none_and_between(self, small_corpus: Corpus) -> None:
        lexical, terms = small_corpus.lexical, ("涉农贷款", "农业保险")
        assert coverage(lexical, terms, "涉农贷款和农业保险") == pytest.approx(1.0)
        assert coverage(lexical, terms, "台风") == 0.0
        assert 0 < coverage(lexical, terms, "农业保险") < 1

    def test_no_terms(self, small_corpus: Corpus) -> None:
        assert coverage(small_corpus.lexical, (), "农业保险") == 0.0

    def test_rare_words_weigh_more(self, small_corpus: Corpus) -> None:
        lexical = small_corpus.lexical
        rare, common = "查勘", "青山"
        assert lexical.weight(rare) > lexical.weight(common)
        assert coverage(lexical, (rare, common), rare) > coverage(lexical, (rare, common), common)


class TestJudgement:
    @pytest.mark.parametrize(
        "text", ["保险机构应当在多久内现场查勘", "青山县涉农贷款余额是多少", "平均担保费率原则上不超过多少"]
    )
    def test_evidence_enough(self, small_corpus: Corpus, text: str) -> None:
        retrieval = found(small_corpus, text)
        judgement = judge(small_corpus, retrieval)
        assert judgement.answerable
        assert judgement.reason == ""
        assert judgement.score == evidence_score(small_corpus.lexical, retrieval) >= judgement.threshold

    @pytest.mark.parametrize("text", ["西红柿炒鸡蛋先放什么", "台风什么时候登陆", "qwertyuiop"])
    def test_too_weak(self, small_corpus: Corpus, text: str) -> None:
        judgement = judge(small_corpus, found(small_corpus, text))
        assert not judgement.answerable
        assert judgement.score < judgement.threshold == small_corpus.manifest.calibration.threshold
        assert judgement.reason

    def test_the_reason_names_the_words_that_are_nowhere(self, small_corpus: Corpus) -> None:
        assert "台风" in judge(small_corpus, found(small_corpus, "台风什么时候登陆")).reason

    def test_nothing_passes_the_filters(self, small_corpus: Corpus) -> None:
        judgement = judge(small_corpus, found(small_corpus, "涉农贷款余额", Filters(years=("1999",))))
        assert not judgement.answerable
        assert judgement.reason == texts.REASON_NOTHING

    def test_a_named_document_needs_less(self, small_corpus: Corpus) -> None:
        plain = judge(small_corpus, found(small_corpus, "农业保险的原则")).threshold
        exact = judge(small_corpus, found(small_corpus, "《青山省农业保险条例》的原则")).threshold
        alias = judge(small_corpus, found(small_corpus, "青山省农业保险条例的原则")).threshold
        assert exact < alias < plain


class TestOnTheShippedKnowledgeBase:
    @pytest.mark.parametrize(
        ("text", "reason"),
        [
            ("2031年底县域存贷比是多少？", "2031"),
            ("1987年的普惠金融贷款余额是多少", "1987"),
            ("青海县域存贷比是多少", "青海"),
            ("黑洞是怎么形成的", "黑洞"),
        ],
    )
    def test_refusals_carry_their_reason(self, kb_rag: Rag, text: str, reason: str) -> None:
        answer = kb_rag.ask(text)
        assert not answer.found
        assert answer.citations == answer.sentences == ()
        assert reason in answer.reason
        assert answer.text.startswith(texts.REFUSAL)
        assert answer.done

    @pytest.mark.parametrize(
        ("text", "absent"), [("新疆县域存贷比是多少？", "新疆"), ("截至2022年底县域存贷比是多少", "2022")]
    )
    def test_a_mention_by_the_way_is_no_evidence(self, kb_rag: Rag, text: str, absent: str) -> None:
        answer = kb_rag.ask(text)
        assert not answer.found or any(absent in notice for notice in answer.notices)


@pytest.mark.parametrize("text", ["覆盖率是多少？", "占比多少", "需要什么条件", "最长期限是几年"])
def test_an_attribute_of_nothing_is_asked_back(small_corpus: Corpus, text: str) -> None:
    assert "哪一项" in unspecific(analysed(small_corpus, text))


@pytest.mark.parametrize(
    "text", ["担保费率是多少？", "山东的覆盖率是多少", "第三条的期限", "《青山省农业保险条例》的对象", "怎么办"]
)
def test_an_attribute_of_something_is_not(small_corpus: Corpus, text: str) -> None:
    assert unspecific(analysed(small_corpus, text)) == ""
