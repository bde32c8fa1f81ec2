"""Question -> passages: filters, fusion, crowding, trace."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import fields
from pathlib import Path

import pytest

from ingest.build import ingest
from rag import generation
from rag.config import Config
from rag.retrieve import LIMIT, Corpus, Retrieval, analysed, matching_sources, open_corpus, retrieve
from rag.types import BINDING, FIGURES, OPINION, Filters
from tests.fakes import FakeModel, HashingEmbedder

INSURANCE = "policies/青山省农业保险条例.md"
GUARANTEE = "policies/青财金〔2025〕11号-政府性融资担保管理办法.md"
MEASURES = "policies/支持小微企业融资若干措施.md"
PAPER = "paper/青山县金融赋能路径探究.md"
LOANS = "statistics/青山县涉农贷款余额.md"
NOTE = "notes/走访记录.txt"
QUESTIONS = [
    "涉农贷款余额是多少",
    "农业保险怎么赔",
    "担保费率不超过多少",
    "小微企业融资成本",
    "企业缺少抵押物",
    "第三条",
    "台风什么时候登陆",
    "x",
]


def found(corpus: Corpus, text: str, filters: Filters = Filters()) -> Retrieval:
    return retrieve(corpus, HashingEmbedder(), analysed(corpus, text), filters)


def sources(retrieval: Retrieval) -> list[str]:
    return [passage.chunk.source for passage in retrieval.passages]


class TestFilters:
    CASES = (
        (Filters(layers=("地方法规",)), {INSURANCE}),
        (Filters(layers=("地方法规", "地方政策")), {INSURANCE, GUARANTEE}),
        (Filters(layers=(BINDING,)), {INSURANCE, GUARANTEE, MEASURES}),
        (Filters(layers=(OPINION,)), {PAPER}),
        (Filters(layers=(OPINION, FIGURES)), {PAPER, LOANS}),
        (Filters(issuers=("青山省地方金融管理局",)), {GUARANTEE}),
        (Filters(issuers=("青山省人民政府",)), {INSURANCE, MEASURES}),
        (Filters(regions=("青山",)), {INSURANCE, GUARANTEE, LOANS}),
        (Filters(years=("2022",)), {INSURANCE}),
        (Filters(years=("2022", "2025")), {INSURANCE, GUARANTEE, MEASURES}),
        (Filters(statuses=("阶段性",)), {MEASURES, LOANS}),
        (Filters(sources=(NOTE,)), {NOTE}),
        (Filters(layers=(BINDING,), years=("2025",)), {GUARANTEE, MEASURES}),
        (Filters(layers=(BINDING,), years=("2025",), statuses=("现行有效",)), {GUARANTEE}),
        (Filters(), {INSURANCE, GUARANTEE, MEASURES, PAPER, LOANS, NOTE}),
    )

    @pytest.mark.parametrize(("filters", "allowed"), CASES)
    def test_what_they_let_through(self, small_corpus: Corpus, filters: Filters, allowed: set[str]) -> None:
        assert matching_sources(small_corpus, filters) == allowed

    @pytest.mark.parametrize(("filters", "allowed"), CASES)
    def test_no_foreign_document_is_ever_found(self, small_corpus: Corpus, filters: Filters, allowed: set[str]) -> None:
        for text in QUESTIONS:
            assert set(sources(found(small_corpus, text, filters))) <= allowed

    @pytest.mark.parametrize(("filters", "allowed"), CASES)
    def test_everything_allowed_can_be_found(self, small_corpus: Corpus, filters: Filters, allowed: set[str]) -> None:
        assert sources(found(small_corpus, "涉农贷款余额是多少", filters))

    @pytest.mark.parametrize(
        "filters",
        [
            Filters(layers=("法律",)),
            Filters(issuers=("青山省",)),
            Filters(regions=("青",)),
            Filters(years=("1999",)),
            Filters(statuses=("已废止",)),
            Filters(sources=("notes/没有.md",)),
            Filters(layers=(OPINION,), years=("2025",)),
        ],
    )
    def test_nothing_matches_and_nothing_comes(self, small_corpus: Corpus, filters: Filters) -> None:
        retrieval = found(small_corpus, "涉农贷款余额是多少", filters)
        assert retrieval.passages == ()
        assert retrieval.best_sentence == 0.0

    def test_a_named_document_does_not_break_a_filter(self, small_corpus: Corpus) -> None:
        retrieval = found(small_corpus, "《青山省农业保险条例》怎么赔", Filters(sources=(LOANS,)))
        assert set(sources(retrieval)) == {LOANS}

    def test_every_field_of_filters_is_tried(self) -> None:
        tried = {name.name for filters, _ in self.CASES for name in fields(filters) if getattr(filters, name.name)}
        assert tried == {name.name for name in fields(Filters)}


class TestPassages:
    @pytest.mark.parametrize("text", QUESTIONS)
    def test_they_are_few_distinct_and_best_first(self, small_corpus: Corpus, text: str) -> None:
        passages = found(small_corpus, text).passages
        assert 0 < len(passages) <= LIMIT == 10
        assert len({passage.chunk.id for passage in passages}) == len(passages)
        assert passages[0].score == max(passage.score for passage in passages)

    @pytest.mark.parametrize("text", QUESTIONS)
    def test_they_are_exact_characters_of_their_document(self, small_corpus: Corpus, text: str) -> None:
        for passage in found(small_corpus, text).passages:
            chunk, document = passage.chunk, small_corpus.catalog.document(passage.chunk.source)
            assert document.text[chunk.start : chunk.end] == chunk.text
            assert chunk.title == document.title
            for sentence in passage.sentences:
                assert document.text[sentence.start : sentence.end] == sentence.text
                assert chunk.start <= sentence.start < chunk.end

    @pytest.mark.parametrize("text", QUESTIONS)
    def test_the_same_question_finds_the_same(self, small_corpus: Corpus, text: str) -> None:
        assert found(small_corpus, text).passages == found(small_corpus, text).passages

    def test_the_trace_says_why(self, small_corpus: Corpus) -> None:
        retrieval = found(small_corpus, "涉农贷款余额是多少")
        first = retrieval.passages[0]
        assert first.trace.fused == first.score > 0
        assert first.trace.terms == retrieval.question.terms
        assert min(first.trace.dense_rank, first.trace.sentence_rank, first.trace.lexical_rank) >= 1
        assert 0 < first.trace.dense <= 1.001
        assert 0 < first.trace.sentence <= 1.001
        assert first.trace.lexical > 0
        assert first.trace.sentence <= retrieval.best_sentence
        assert first.trace.dense <= retrieval.best_chunk

    def test_each_leg_has_its_own_first(self, small_corpus: Corpus) -> None:
        for text in QUESTIONS[:5]:
            traces = [passage.trace for passage in found(small_corpus, text).passages]
            for leg in ("dense_rank", "sentence_rank", "lexical_rank"):
                ranks = [getattr(trace, leg) for trace in traces if getattr(trace, leg)]
                assert len(set(ranks)) == len(ranks), (text, leg)

    def test_words_that_nobody_uses_have_no_lexical_rank(self, small_corpus: Corpus) -> None:
        assert all(passage.trace.lexical_rank == 0 for passage in found(small_corpus, "qwertyuiop").passages)

    def test_the_right_document_is_first(self, small_corpus: Corpus) -> None:
        assert sources(found(small_corpus, "保险机构应当在多久内现场查勘"))[0] == INSURANCE
        assert sources(found(small_corpus, "平均担保费率原则上不超过多少"))[0] == GUARANTEE
        assert sources(found(small_corpus, "农商行反映企业缺少抵押物"))[0] == NOTE

    @pytest.mark.parametrize(
        ("text", "source"),
        [
            ("《支持小微企业融资若干措施》里的涉农贷款余额", MEASURES),
            ("青财金〔2025〕11号的涉农贷款余额和农业保险", GUARANTEE),
        ],
    )
    def test_a_named_document_comes_first(self, small_corpus: Corpus, text: str, source: str) -> None:
        assert sources(found(small_corpus, text))[0] == source


@pytest.fixture(scope="module")
def crowded(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Corpus]:
    """One long document about everything beside eight short ones about the same."""
    root: Path = tmp_path_factory.mktemp("crowded")
    (root / "kb" / "policies").mkdir(parents=True)
    parts = [
        f"## {number} 续贷\n\n无还本续贷办理时间不超过 {number} 个工作日，由第 {number} 支行办理。"
        + "".join(f"第 {number} 支行续贷说明之{step}。" for step in range(12))
        for number in range(1, 31)
    ]
    (root / "kb/policies/续贷大全.md").write_text("# 续贷工作大全\n\n" + "\n\n".join(parts), encoding="utf-8")
    for number in range(8):
        text = f"# 第{number}号县续贷通知\n\n第{number}号县无还本续贷办理时间不超过 {number + 3} 个工作日。"
        (root / f"kb/policies/县{number}.md").write_text(text, encoding="utf-8")
    config = Config(kb_dir=root / "kb", index_dir=root / "index", cache_dir=root / "cache")
    ingest(config, lambda *_: None, model=FakeModel())
    corpus = open_corpus(generation.published(config.index_dir))
    yield corpus
    corpus.close()


class TestCrowding:
    def test_a_long_document_leaves_room_for_others(self, crowded: Corpus) -> None:
        counts = Counter(sources(found(crowded, "无还本续贷办理时间不超过几个工作日")))
        assert counts["policies/续贷大全.md"] <= 6
        assert len(counts) >= 4

    def test_unless_it_is_named(self, crowded: Corpus) -> None:
        counts = Counter(sources(found(crowded, "《续贷工作大全》无还本续贷办理时间不超过几个工作日")))
        assert counts["policies/续贷大全.md"] == 10

    def test_or_nothing_else_is_near(self, small_corpus: Corpus) -> None:
        counts = Counter(sources(found(small_corpus, "涉农贷款余额", Filters(sources=(INSURANCE,)))))
        assert set(counts) == {INSURANCE}
        assert counts[INSURANCE] == min(LIMIT, len(small_corpus.catalog.chunk_ordinals(INSURANCE)))


def test_a_limit_is_kept(small_corpus: Corpus) -> None:
    question = analysed(small_corpus, "涉农贷款余额")
    assert len(retrieve(small_corpus, HashingEmbedder(), question, limit=3).passages) == 3
