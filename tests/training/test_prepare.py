"""Where a quote stands in an index, which windows are silent, and what is held out."""

import random
import subprocess
from collections import Counter
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from rag.config import ROOT
from rag.normalise import fold
from rag.retrieve import Corpus as Index
from rag.retrieve import Retrieval, analysed
from rag.types import Passage
from tests.fakes import HashingEmbedder
from tests.training.test_corpora import asked, write
from tests.training.tiny import unheard
from training.corpora import PUBLIC, Corpus, Question
from training.examples import read_examples
from training.prepare import (
    CONSIDERED,
    Example,
    Places,
    build_index,
    gather,
    nearest_chunk,
    squeezed,
    title_of,
    write_examples,
)

INSURANCE = "policies/青山省农业保险条例.md"
GUARANTEE = "policies/青财金〔2025〕11号-政府性融资担保管理办法.md"
GENERAL = "青山省农业保险条例 第一章 总则"
PRINCIPLE = "第三条农业保险实行政府引导、市场运作、自主自愿和协同推进的原则。"
FORCE = "任何单位和个人不得强迫农民参加农业保险。"
SETTLED = "第五条 保险机构应当在发生保险事故后 24 小时内进行现场查勘，"
SEEDS = range(30)


class Scripted(random.Random):
    """Chance that always says the same."""

    def __init__(self, value: float) -> None:
        super().__init__(0)
        self.value = value

    def random(self) -> float:
        return self.value


OFTEN, SELDOM = Scripted(0.0), Scripted(0.99)


@pytest.fixture(scope="module")
def places(small_corpus: Index) -> Places:
    return Places(small_corpus, frozenset(small_corpus.catalog.titles))


class TestQuotes:
    def test_an_answer_is_located_by_its_characters(self, places: Places) -> None:
        question = Question("能强迫农民参保吗？", INSURANCE, "own", "不得强迫农民参加农业保险", FORCE)
        (example,) = places.examples(question, SELDOM)
        assert example == Example("own", "能强迫农民参保吗?", GENERAL, (PRINCIPLE, FORCE), -1, (1, 7, 19))
        assert FORCE[7:19] == question.answer

    def test_blanks_and_wide_marks_of_the_source_do_not_matter(self, places: Places) -> None:
        quote = (
            "第三条 政府性融资担保机构平均担保费率原则上不超过 1%；其中，对单户担保金额 500 万元及以下的"
            "小微企业和“三农”主体，担保费率原则上不超过 0.8%。"
        )
        (example,) = places.examples(Question("小微费率？", GUARANTEE, "own", "０.８%", quote), OFTEN)
        sentence, start, end = example.answer
        assert example.sentences[sentence][start:end] == "0.8%"
        assert example.sentences[sentence].startswith("第三条政府性融资担保机构")

    def test_a_row_of_a_table_and_an_answer_with_blanks(self, places: Places) -> None:
        row = "| 2022-03末 | 第3年第3月涉农贷款余额 42.3 亿元 | 同比增长 5.3% | 青山县金融办公开数据 |"
        source = "statistics/青山县涉农贷款余额.md"
        found = next(places.examples(Question("多少？", source, "own", "42.3 亿元", row), SELDOM))
        at, start, end = found.answer
        assert found.sentences[at][start:end] == "42.3亿元"

    def test_the_rest_without_the_answer_is_silent(self, places: Places) -> None:
        question = Question("能强迫农民参保吗？", INSURANCE, "own", "不得强迫农民参加农业保险", FORCE)
        _, removed = places.examples(question, OFTEN)
        assert removed == Example("own-removed", "能强迫农民参保吗?", GENERAL, (PRINCIPLE,), 0)

    def test_the_rest_that_answers_too_is_not(self, places: Places) -> None:
        question = Question("什么保险？", INSURANCE, "own", "农业保险", PRINCIPLE)
        (example,) = places.examples(question, OFTEN)
        assert example.answer == (0, 3, 7)

    def test_a_silent_question_has_its_quote_in_the_centre(self, places: Places) -> None:
        (example,) = places.examples(Question("谁来处罚？", INSURANCE, "own-silent", "", FORCE), OFTEN)
        assert example == Example("own-silent", "谁来处罚?", GENERAL, (PRINCIPLE, FORCE), 1)

    @pytest.mark.parametrize(
        ("source", "answer", "quote"),
        [
            (INSURANCE, "不得强迫", "没有这一句话。"),
            (GUARANTEE, "不得强迫", FORCE),
            ("policies/没有.md", "不得强迫", FORCE),
            (INSURANCE, "不得收取", FORCE),
            ("policies/没有.md", "", ""),
        ],
    )
    def test_nothing_is_found(self, places: Places, source: str, answer: str, quote: str) -> None:
        assert [*places.examples(Question("谁？", source, "own", answer, quote), OFTEN)] == []

    def test_without_a_quote_the_passage_of_like_words(self, places: Places) -> None:
        (example,) = places.examples(Question("违反第四条的罚款是多少？", INSURANCE, "squad-silent"), OFTEN)
        assert (example.centre, example.answer) == (0, ())
        assert example.sentences == ("第六条违反本条例第四条规定的,责令改正,处10万元以上50万元以下的罚款。",)


def test_nearest_chunk() -> None:
    chunks = [("一", ["担保费率", "不高"]), ("二", ["担保", "费率高"]), ("三", ["担保费率"])]
    assert nearest_chunk(chunks, "费率高吗") == ("二", ["担保", "费率高"])
    assert nearest_chunk(chunks, "担保费率") == ("一", ["担保费率", "不高"])
    assert nearest_chunk([], "担保费率") == ("", [])


def test_squeezed() -> None:
    assert squeezed("| 2024 年\t| **56.8 亿元**\n|") == "2024年56.8亿元"


def found_in(index: Index, ordinals: tuple[int, ...], best: dict[int, int] | None = None) -> Retrieval:
    """A search that found these chunks; of each the sentence at a place of choice is the best, or the first."""
    chunks, members = index.catalog.chunks(ordinals), index.catalog.sentences(ordinals)
    scores = {
        (chunks[ordinal].source, sentence.start): 0.9 if place == (best or {}).get(ordinal, 0) else 0.1
        for ordinal in ordinals
        for place, (_, sentence) in enumerate(members[ordinal])
    }
    passages = tuple(Passage(chunks[ordinal], 1.0) for ordinal in ordinals)
    return Retrieval(analysed(index, "谁？"), np.zeros(1), passages, ordinals, scores, 0.9, 0.9)


def holding(index: Index, words: str) -> int:
    """The chunk that holds some words."""
    total = range(len(index.catalog.chunk_sources))
    (ordinal,) = (o for o, m in index.catalog.sentences([*total]).items() if any(words in s.folded for _, s in m))
    return ordinal


class TestMined:
    QUESTION = Question("多久赔付？", INSURANCE, "own", "10日内", SETTLED)

    def test_windows_without_the_answer(self, small_corpus: Index, places: Places) -> None:
        answer, principle = holding(small_corpus, "24小时内"), holding(small_corpus, FORCE)
        fine = holding(small_corpus, "50万元以下的罚款")
        retrieval = found_in(small_corpus, (answer, principle, fine), {principle: 1})
        assert places.mined(self.QUESTION, retrieval, SELDOM) == [
            Example("own-mined", "多久赔付?", GENERAL, (PRINCIPLE, FORCE), 1),
            Example(
                "own-mined",
                "多久赔付?",
                "青山省农业保险条例 第二章 农业保险合同",
                ("第六条违反本条例第四条规定的,责令改正,处10万元以上50万元以下的罚款。",),
                0,
            ),
        ]

    def test_the_first_and_one_of_the_next(self, small_corpus: Index, places: Places) -> None:
        ordinals = tuple(o for o in range(10) if o != holding(small_corpus, "24小时内"))
        seconds = set()
        for seed in SEEDS:
            first, second = places.mined(self.QUESTION, found_in(small_corpus, ordinals), random.Random(seed))
            assert first.sentences[0] == "走访记录"
            seconds.add(second.sentences)
        folded = {
            tuple(s.folded for _, s in members)
            for members in small_corpus.catalog.sentences(ordinals[1:CONSIDERED]).values()
        }
        assert seconds == folded

    def test_no_window_of_other_documents_than_the_given(self, small_corpus: Index) -> None:
        places = Places(small_corpus, frozenset({"notes/走访记录.txt"}))
        assert places.mined(self.QUESTION, found_in(small_corpus, (holding(small_corpus, FORCE),)), SELDOM) == []

    def test_a_silent_question_leaves_out_its_own_quote(self, small_corpus: Index, places: Places) -> None:
        own, other = holding(small_corpus, FORCE), holding(small_corpus, "24小时内")
        question = Question("谁来处罚？", INSURANCE, "own-silent", "", FORCE)
        (example,) = places.mined(question, found_in(small_corpus, (own, other)), SELDOM)
        assert example.kind == "own-silent-mined"
        assert example.sentences[0].startswith("第五条保险机构")

    @pytest.mark.parametrize(("law", "count"), [("laws/reg_zhengxinye_2013.md", 0), ("laws/other.md", 1)])
    def test_a_law_and_its_digest_say_the_same(self, small_corpus: Index, law: str, count: int) -> None:
        places = Places(small_corpus, frozenset({"policies/征信业管理条例.md"}))
        retrieval = found_in(small_corpus, (holding(small_corpus, FORCE),))
        (passage,) = retrieval.passages
        digest = Passage(replace(passage.chunk, source="policies/征信业管理条例.md"), 1.0)
        scores = {(digest.chunk.source, start): score for (_, start), score in retrieval.sentence_scores.items()}
        retrieval = replace(retrieval, passages=(digest,), sentence_scores=scores)
        assert len(places.mined(Question("谁？", law, "own", "征信", "征信业"), retrieval, SELDOM)) == count


class TestWriting:
    QUESTIONS = (
        Question("能强迫农民参保吗？", INSURANCE, "own", "不得强迫农民参加农业保险", FORCE),
        Question("能强迫商户参保吗？", INSURANCE, "own-twin", "", FORCE),
        Question("罚款有多少？", INSURANCE, "squad-silent"),
        Question("谁来处罚？", INSURANCE, "own-silent", "", FORCE),
        Question("没有的事？", INSURANCE, "own", "没有", "没有这一句话。"),
    )

    def test_lines(self, small_corpus: Index, tmp_path: Path) -> None:
        told: list[tuple[str, int, int]] = []
        path = tmp_path / "train.jsonl"
        corpus = Corpus(dict(small_corpus.catalog.titles), self.QUESTIONS)
        count = write_examples(small_corpus, HashingEmbedder(), corpus, path, lambda *step: told.append(step))
        examples = read_examples(path)
        kinds = Counter(example.kind for example in examples)
        assert count == len(examples)
        assert kinds - Counter({"own-removed": 1}) == {
            "own": 1,
            "own-mined": 2,
            "own-twin": 1,
            "squad-silent": 1,
            "own-silent": 1,
            "own-silent-mined": 2,
        }
        assert told == [("train", number, 5) for number in range(1, 6)]
        mined = [e for e in examples if e.kind.endswith("-mined")]
        assert [e for e in mined if FORCE in e.sentences] == []
        assert {e.answer for e in mined} == {()}
        assert {e.question for e in mined} == {fold(self.QUESTIONS[0].text), fold(self.QUESTIONS[3].text)}

    def test_twice_the_same(self, small_corpus: Index, tmp_path: Path) -> None:
        corpus = Corpus({}, self.QUESTIONS)
        for name in ("a", "b"):
            write_examples(small_corpus, HashingEmbedder(), corpus, tmp_path / name, unheard)
        assert (tmp_path / "a").read_bytes() == (tmp_path / "b").read_bytes()


@pytest.fixture(scope="module")
def gathered(shared: Path, tmp_path_factory: pytest.TempPathFactory) -> tuple[Corpus, Corpus]:
    """Training and held out of twenty titles, each in two files, and of our own texts."""
    folder = tmp_path_factory.mktemp("shared")
    (folder / "laws").symlink_to(shared / "laws")
    for name, place in PUBLIC.items():
        titles = [f"题{number}" for number in range(20)] if name != "squad" else []
        paragraphs = [
            (f"{title}在2024年有三家。", [asked(f"{title}在2024年有几家？", ("三家", -4))]) for title in titles
        ]
        for text, qas in paragraphs:
            qas[0]["answers"][0]["answer_start"] = text.index("三家")  # type: ignore[index]
        write(folder / "training" / place, *((t, [p]) for t, p in zip(titles, paragraphs, strict=True)))
    return gather(folder, ROOT / "kb")


class TestGathering:
    def test_the_share_of_titles_is_held_out(self, gathered: tuple[Corpus, Corpus]) -> None:
        training, held = gathered
        titles = Counter(title_of(text) for text in held.documents.values())
        assert len(titles) == 3  # 0.15 of twenty
        assert set(titles.values()) == {2}  # a title goes with all its files
        public = [s for s in training.documents if s.startswith(("drcd-a/", "drcd-b/"))]
        assert len(public) == 34
        assert not set(titles) & {title_of(training.documents[source]) for source in public}

    def test_what_is_held_out_has_no_twins(self, gathered: tuple[Corpus, Corpus]) -> None:
        _, held = gathered
        assert Counter(question.kind for question in held.questions) == {"drcd-a": 3, "drcd-b": 3}
        assert {question.source for question in held.questions} == set(held.documents)

    def test_questions_stay_with_their_documents(self, gathered: tuple[Corpus, Corpus]) -> None:
        training, held = gathered
        assert {question.source for question in training.questions} <= set(training.documents)
        assert not set(training.documents) & set(held.documents)
        kinds = Counter(question.kind for question in training.questions)
        assert (kinds["drcd-a"], kinds["drcd-b"]) == (17, 17)
        assert (kinds["drcd-a-twin"], kinds["drcd-b-twin"]) == (17, 17)  # another year
        assert min(kinds["own"], kinds["own-silent"], kinds["own-twin"], kinds["fact"], kinds["fact-twin"]) > 0

    def test_no_document_of_a_frozen_question(self, gathered: tuple[Corpus, Corpus]) -> None:
        frozen = (ROOT / "eval" / "cases" / "test_documents.txt").read_text(encoding="utf-8").split("\n")
        assert set(frozen) & set(gathered[0].documents) == set()


def test_an_index_that_cannot_be_built(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("KBQA_EMBEDDING_MODEL", str(tmp_path))
    with pytest.raises(subprocess.CalledProcessError, match="ingest"):
        build_index({"drcd-a/00000.md": "---\ntitle: a\n---\n一。"}, tmp_path / "work")
    written = tmp_path / "work" / "kb" / "drcd-a" / "00000.md"
    assert written.read_text(encoding="utf-8") == "---\ntitle: a\n---\n一。"
