"""Domain words, equal wordings and BM25."""

from pathlib import Path

import numpy as np
import pytest

from rag.lexical import EXPANSION_WEIGHT, STOPWORDS, LexicalIndex, Lexicon, pairs_of
from tests.conftest import ROOT, SMALL_KB

TEXTS = (
    "加工行业企业缺少抵押物，希望扩大应收账款质押。",
    "工商银行青山支行已为三十二户企业办理续贷。",
    "涉农贷款余额达到五十六亿元，同比增长百分之九。",
    "普惠小微贷款余额同比增长12.3%。",
    "农业保险条例规定了现场查勘的时限。",
)


@pytest.fixture(scope="module")
def lexicon() -> Lexicon:
    return Lexicon.load(SMALL_KB / "lexicon")


@pytest.fixture(scope="module")
def index(tmp_path_factory: pytest.TempPathFactory) -> LexicalIndex:
    return LexicalIndex.build(TEXTS, SMALL_KB / "lexicon", tmp_path_factory.mktemp("lexical") / "index")


class TestWords:
    def test_domain_words_stay_whole(self, lexicon: Lexicon) -> None:
        assert {"涉农贷款", "普惠小微贷款", "存贷比"} <= set(lexicon.words("涉农贷款、普惠小微贷款和存贷比"))

    def test_text_is_folded_first(self, lexicon: Lexicon) -> None:
        assert lexicon.words("農業保險ＬＰＲ") == lexicon.words("农业保险lpr")

    def test_punctuation_is_no_word(self, lexicon: Lexicon) -> None:
        assert lexicon.words("，。！？（）《》 \n") == []

    def test_figures_are_words(self, lexicon: Lexicon) -> None:
        assert {"12.3", "2024"} <= {word.strip("%年") for word in lexicon.words("2024年增长12.3%")}

    def test_terms_leave_question_words_out(self, lexicon: Lexicon) -> None:
        terms = lexicon.terms("请问涉农贷款的余额是多少？")
        assert "涉农贷款" in terms
        assert "余额" in terms
        assert not STOPWORDS & set(terms)

    def test_a_question_of_question_words_keeps_them(self, lexicon: Lexicon) -> None:
        assert lexicon.terms("这是为什么？")

    def test_an_absent_lexicon_is_empty(self, tmp_path: Path) -> None:
        empty = Lexicon.load(tmp_path)
        assert (empty.groups, empty.colloquial) == ((), ())
        assert empty.words("县域金融")


class TestEquivalents:
    def test_equal_wordings_are_added(self, lexicon: Lexicon) -> None:
        assert set(lexicon.equivalents("工行续贷")) == {"中国工商银行", "工商银行"}
        assert lexicon.equivalents("普惠型小微企业贷款余额") == ("普惠小微贷款", "小型微型企业")

    @pytest.mark.parametrize("question", ["加工行业缺少什么", "施工行为", "员工行使权利"])
    def test_not_inside_other_words(self, lexicon: Lexicon, question: str) -> None:
        """工行 stands in 加工行业 only by accident."""
        assert "工商银行" not in lexicon.equivalents(question)

    def test_what_is_already_said_is_not_repeated(self, lexicon: Lexicon) -> None:
        assert "工商银行" not in lexicon.equivalents("工商银行和工行")

    def test_colloquial_wordings_bring_the_official_ones(self, lexicon: Lexicon) -> None:
        assert lexicon.equivalents("能不能借新还旧") == ("续贷",)
        assert lexicon.equivalents("出险以后多久能赔") == ("支付", "查勘")

    def test_the_products_own_lexicon_loads(self) -> None:
        product = Lexicon.load(ROOT / "kb" / "lexicon")
        assert product.groups
        assert product.colloquial
        assert all(len(group) > 1 for group in product.groups)


class TestIndex:
    def test_the_text_with_the_words_comes_first(self, index: LexicalIndex, lexicon: Lexicon) -> None:
        for ordinal, question in enumerate(
            ["加工行业抵押物", "工商银行续贷", "涉农贷款余额", "普惠小微贷款增长", "农业保险查勘"]
        ):
            assert int(np.argmax(index.scores(question, lexicon.terms(question)))) == ordinal

    def test_pairs_of_characters_find_what_was_segmented_otherwise(self, index: LexicalIndex) -> None:
        assert index.scores("工商银", []).argmax() == 1
        assert pairs_of("县域金融，LPR 工行") == ["_县域", "_域金", "_金融", "_工行"]

    def test_unknown_words_score_nothing(self, index: LexicalIndex) -> None:
        assert index.scores("台风红烧肉", ["台风", "红烧肉"]).tolist() == [0.0] * len(TEXTS)
        assert index.scores("", []).shape == (len(TEXTS),)

    def test_unknown_words_do_not_disturb_the_known(self, index: LexicalIndex) -> None:
        np.testing.assert_allclose(index.scores("续贷台风", ["续贷", "台风"]), index.scores("续贷", ["续贷"]))

    def test_equal_wordings_count_less(self, index: LexicalIndex) -> None:
        np.testing.assert_allclose(
            index.scores("", [], ["续贷"]), EXPANSION_WEIGHT * index.scores("", ["续贷"]), rtol=1e-6
        )
        np.testing.assert_allclose(index.scores("", ["续贷"], ["续贷"]), index.scores("", ["续贷"]))

    def test_rare_words_weigh_more(self, index: LexicalIndex) -> None:
        assert index.weight("台风") > index.weight("查勘") > index.weight("余额") > 0

    def test_a_saved_index_scores_the_same(self, tmp_path: Path, lexicon: Lexicon) -> None:
        built = LexicalIndex.build(TEXTS, SMALL_KB / "lexicon", tmp_path / "index")
        opened = LexicalIndex.open(tmp_path / "index")
        for question in ("加工行业抵押物", "涉农贷款余额同比增长", "工行"):
            terms, more = lexicon.terms(question), lexicon.equivalents(question)
            np.testing.assert_array_equal(built.scores(question, terms, more), opened.scores(question, terms, more))
            assert [built.weight(term) for term in terms] == [opened.weight(term) for term in terms]
        assert opened.lexicon.groups == lexicon.groups

    def test_texts_without_a_word(self, tmp_path: Path) -> None:
        index = LexicalIndex.build(["。", "县域金融"], SMALL_KB / "lexicon", tmp_path / "index")
        assert index.scores("县域金融", index.lexicon.words("县域金融")).argmax() == 1
