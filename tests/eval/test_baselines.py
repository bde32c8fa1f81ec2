"""The systems beside the product: cut as documented, each finds what is there, within the prescribed context."""

import re
from collections.abc import Iterator, Sequence
from itertools import pairwise
from pathlib import Path

import pytest
from langchain_core.documents import Document

from eval.baselines.fusion import CONSTANT, RETURNED, RankFusion
from eval.baselines.keyword import KeywordSearch
from eval.baselines.splitting import OVERLAP, SIZE, split_files
from eval.baselines.tutorial import TutorialChain
from eval.cases import Case
from eval.systems import Response, Retrieved, System
from tests.conftest import ROOT, SMALL_KB
from tests.fakes import HashingEmbedder

SENTENCES = {
    "a.md": "保险机构应当在发生保险事故后二十四小时内进行现场查勘。",
    "b.md": "政府性融资担保机构平均担保费率原则上不超过百分之一。",
    "c.md": "青山县涉农贷款余额为四十五点一亿元，同比增长较快。",
    "d.md": "小微企业续贷办理时间不超过五个工作日，不得收取手续费。",
    "e.md": "任何单位和个人不得强迫农民参加农业保险。",
    "f.md": "数字鸿沟依然存在，农村居民数字素养不高。",
}
CHUNKS = [Document(text, metadata={"source": source}) for source, text in SENTENCES.items()]


@pytest.fixture(scope="module")
def tutorial() -> Iterator[TutorialChain]:
    chain = TutorialChain(CHUNKS, HashingEmbedder(), lambda _: None)
    yield chain
    chain.close()


@pytest.fixture(scope="module")
def keyword() -> KeywordSearch:
    return KeywordSearch(CHUNKS)


@pytest.fixture(scope="module")
def systems(tutorial: TutorialChain, keyword: KeywordSearch) -> tuple[System, ...]:
    return tutorial, keyword, RankFusion(tutorial, keyword)


def case(question: str, *, turns: tuple[str, ...] = (), context: tuple[str, ...] = ()) -> Case:
    return Case("X", "number", question, turns=turns, context=context)


class TestSplitting:
    @pytest.fixture
    def long_file(self, tmp_path: Path) -> str:
        """A file of 300 numbered sentences, some of them broken into lines and paragraphs."""
        said = [f"第{number}件事是要把县域的金融服务办到村里去，而且要办得让人看得懂。" for number in range(300)]
        text = "".join(s + ("\n\n" if i % 40 == 0 else "\n" if i % 25 == 0 else "") for i, s in enumerate(said))
        (tmp_path / "a.md").write_text(f"---\ntitle: 甲\n---\n{text}", encoding="utf-8")
        return text

    def test_no_chunk_is_too_long(self, tmp_path: Path, long_file: str) -> None:
        lengths = [len(chunk.page_content) for chunk in split_files(tmp_path, ["a.md"])]
        assert max(lengths) <= SIZE
        assert sum(lengths) >= len(re.sub(r"\s", "", long_file))

    def test_the_full_stop_stays_with_its_sentence(self, tmp_path: Path, long_file: str) -> None:
        contents = [chunk.page_content for chunk in split_files(tmp_path, ["a.md"])]
        assert len(contents) > 10
        assert not [content for content in contents if content[0] in "。！？；，、"]
        assert [content for content in contents if content.endswith("。")] == contents

    def test_nothing_is_lost(self, tmp_path: Path, long_file: str) -> None:
        joined = "".join(chunk.page_content for chunk in split_files(tmp_path, ["a.md"]))
        assert [number for number in range(300) if f"第{number}件事" not in joined] == []

    def test_within_a_paragraph_the_last_sentence_is_repeated(self, tmp_path: Path) -> None:
        said = [f"第{number}件事是要把县域的金融服务办到村里去。" for number in range(100)]
        assert max(map(len, said)) < OVERLAP
        (tmp_path / "a.md").write_text("".join(said), encoding="utf-8")
        contents = [chunk.page_content for chunk in split_files(tmp_path, ["a.md"])]
        for before, after in pairwise(contents):
            last = before.split("。")[-2]
            assert last in after

    def test_a_sentence_longer_than_a_chunk_is_cut(self, tmp_path: Path) -> None:
        (tmp_path / "a.md").write_text("字" * 1200, encoding="utf-8")
        lengths = [len(chunk.page_content) for chunk in split_files(tmp_path, ["a.md"])]
        assert max(lengths) <= SIZE
        assert sum(lengths) >= 1200

    def test_front_matter_and_source_are_kept(self) -> None:
        sources = [path.relative_to(SMALL_KB).as_posix() for path in sorted(SMALL_KB.glob("policies/*.md"))]
        chunks = split_files(SMALL_KB, sources)
        assert list(dict.fromkeys(chunk.metadata["source"] for chunk in chunks)) == sources
        for source in sources:
            first = next(chunk for chunk in chunks if chunk.metadata["source"] == source)
            assert first.page_content.startswith("---\ntitle:")

    def test_every_shipped_file_can_be_cut(self) -> None:
        kb = ROOT / "kb"
        sources = [
            p.relative_to(kb).as_posix() for d in ("paper", "policies", "statistics") for p in (kb / d).glob("*.md")
        ]
        chunks = split_files(kb, sources)
        assert {chunk.metadata["source"] for chunk in chunks} == set(sources)
        assert max(len(chunk.page_content) for chunk in chunks) <= SIZE


class TestEach:
    @pytest.mark.parametrize("source", SENTENCES)
    def test_the_sentence_itself_is_found_first(self, systems: Sequence[System], source: str) -> None:
        for system in systems:
            response = system.ask(case(SENTENCES[source]))
            assert response.passages[0] == Retrieved(source, SENTENCES[source]), system.name
            assert response.answer is None
            assert response.milliseconds > 0

    @pytest.mark.parametrize("context", [("a.md",), ("b.md", "e.md"), tuple(SENTENCES)])
    def test_the_context_is_respected(self, systems: Sequence[System], context: tuple[str, ...]) -> None:
        for system in systems:
            passages = system.ask(case("农业保险和担保费率不超过多少，何时查勘？", context=context)).passages
            assert passages, system.name
            assert {passage.source for passage in passages} <= set(context), system.name

    def test_a_context_without_the_answer_does_not_let_it_in(self, systems: Sequence[System]) -> None:
        for system in systems:
            found = system.ask(case(SENTENCES["a.md"], context=("f.md",))).passages
            assert "a.md" not in {passage.source for passage in found}, system.name

    def test_earlier_turns_are_part_of_the_query(self, systems: Sequence[System]) -> None:
        for system in systems:
            found = system.ask(case("多久？", turns=(SENTENCES["d.md"],))).passages
            assert found[0].source == "d.md", system.name

    def test_no_passage_comes_twice(self, systems: Sequence[System]) -> None:
        for system in systems:
            passages = system.ask(case("农业保险")).passages
            assert len(set(passages)) == len(passages) <= 10, system.name

    def test_surer_of_the_sentence_than_of_something_else(self, systems: Sequence[System]) -> None:
        tutorial, keyword, _ = systems
        for system in (tutorial, keyword):
            exact, foreign = (system.ask(case(q)).confidence for q in (SENTENCES["a.md"], "篮球里的走步怎么判"))
            assert exact > foreign, system.name

    def test_names_are_distinct(self, systems: Sequence[System]) -> None:
        assert len({system.name for system in systems}) == 3


class TestTutorialChain:
    def test_similarity_is_the_cosine(self, tutorial: TutorialChain) -> None:
        embedder = HashingEmbedder()
        query = "农业保险的现场查勘"
        exact = {
            source: float(embedder.embed_query(text) @ embedder.embed_query(query))
            for source, text in SENTENCES.items()
        }
        ranked = tutorial.ranked(query)
        assert [document.metadata["source"] for document, _ in ranked] == sorted(exact, key=lambda s: -exact[s])
        assert [score for _, score in ranked] == pytest.approx(sorted(exact.values(), reverse=True), abs=1e-5)

    def test_confidence_is_the_first_similarity(self, tutorial: TutorialChain) -> None:
        assert tutorial.ask(case(SENTENCES["a.md"])).confidence == pytest.approx(1.0, abs=1e-5)

    def test_progress_counts_every_chunk(self) -> None:
        told: list[int] = []
        chain = TutorialChain(CHUNKS[:2] * 600, HashingEmbedder(64), told.append)
        chain.close()
        assert sum(told) == 1200
        assert len(told) == 2

    def test_two_stand_side_by_side(self, tutorial: TutorialChain) -> None:
        other = TutorialChain(CHUNKS[:1], HashingEmbedder(), lambda _: None)
        assert len(other.ranked("保险")) == 1
        other.close()
        assert len(tutorial.ranked("保险")) == len(CHUNKS)


class TestKeywordSearch:
    def test_words_that_nothing_holds(self, keyword: KeywordSearch) -> None:
        response = keyword.ask(case("篮球走步裁判"))
        assert (response.passages, response.confidence) == ((), 0.0)

    def test_only_chunks_that_share_a_word(self, keyword: KeywordSearch) -> None:
        found = keyword.ranked("查勘")
        assert [document.metadata["source"] for document, _ in found] == ["a.md"]

    def test_scores_fall(self, keyword: KeywordSearch) -> None:
        scores = [score for _, score in keyword.ranked("不得收取农业保险手续费")]
        assert len(scores) >= 2
        assert scores == sorted(scores, reverse=True)
        assert scores[-1] > 0

    def test_depth(self, keyword: KeywordSearch) -> None:
        assert len(keyword.ranked("农业保险不超过，不得", depth=2)) == 2


class Leg:
    """A search with a fixed ranking."""

    def __init__(self, *texts: str) -> None:
        self._found = [(Document(text, metadata={"source": f"{text[0]}.md"}), 1.0) for text in texts]
        self.asked: list[tuple[str, tuple[str, ...]]] = []

    def ranked(self, question: str, sources: Sequence[str] = (), depth: int = 10) -> list[tuple[Document, float]]:
        self.asked.append((question, tuple(sources)))
        return self._found[:depth]


def fused(dense: Leg, keyword: Leg, asked: Case) -> Response:
    return RankFusion(dense, keyword).ask(asked)  # type: ignore[arg-type]


class TestRankFusion:
    def test_sums_by_hand(self) -> None:
        # a 1/61; b 1/62 + 1/61; c 1/63; d 1/62
        response = fused(Leg("a", "b", "c"), Leg("b", "d"), case("甲"))
        assert [passage.text for passage in response.passages] == ["b", "a", "d", "c"]
        assert CONSTANT == 60
        assert response.confidence == pytest.approx(1 / 62 + 1 / 61)

    def test_twice_in_the_middle_beats_once_at_the_top(self) -> None:
        # m 1/63 + 1/63 = 0.0317; x and y 1/61 = 0.0164 each
        response = fused(Leg("x", "p", "m"), Leg("y", "q", "m"), case("甲"))
        assert [passage.text for passage in response.passages][:3] == ["m", "x", "y"]

    def test_the_same_text_of_two_sources_stays_two(self) -> None:
        dense, keyword = Leg("ab"), Leg("ab")
        keyword._found[0][0].metadata["source"] = "other.md"
        response = fused(dense, keyword, case("甲"))
        assert [passage.source for passage in response.passages] == ["a.md", "other.md"]
        assert response.confidence == pytest.approx(1 / 61)

    def test_ten_are_returned_of_what_lies_deeper(self) -> None:
        many = [f"{letter}{number}" for letter in "abcde" for number in range(8)]
        response = fused(Leg(*many), Leg(*reversed(many)), case("甲"))
        assert len(response.passages) == RETURNED
        # The ends rank 1 and 40 (1/61 + 1/100), the middle 20 and 21 (1/80 + 1/81): the ends have the larger sum.
        assert {passage.text for passage in response.passages[:2]} == {many[0], many[-1]}

    def test_both_legs_get_the_conversation_and_the_context(self) -> None:
        dense, keyword = Leg("a"), Leg("a")
        fused(dense, keyword, case("乙？", turns=("甲？",), context=("a.md",)))
        assert dense.asked == keyword.asked == [("甲？ 乙？", ("a.md",))]

    def test_nothing_found(self) -> None:
        response = fused(Leg(), Leg(), case("甲"))
        assert (response.passages, response.confidence) == ((), 0.0)
