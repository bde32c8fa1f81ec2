"""What the reader says of passages decides their order, and whether anything answers at all."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from rag.chain import Rag
from rag.config import Config
from rag.reader import WINDOW
from rag.reading import READING_LEVEL, convincing, outweighed, read, read_on, reading_level, silent, window_of
from rag.rerank import reranked
from rag.retrieve import Corpus, Retrieval, analysed, retrieve
from rag.types import Chunk, Sentence, Turn
from tests.fakes import FakeModel, HashingEmbedder, ScriptedReader

QUESTION = "农业保险赔款几天内支付"


def found(corpus: Corpus, text: str = QUESTION) -> Retrieval:
    return retrieve(corpus, HashingEmbedder(), analysed(corpus, text))


def calibrated(corpus: Corpus, level: float | None) -> Corpus:
    calibration = replace(corpus.manifest.calibration, reading=level)
    return replace(corpus, manifest=replace(corpus.manifest, calibration=calibration))


UNREACHED = 3.0
"""A level between what the evidence alone comes to and what it comes to with a reader that finds the answer."""


class TestRead:
    def test_one_window_for_each_of_the_first_passages(self, small_corpus: Corpus) -> None:
        reader, before = ScriptedReader("无此词", limit=3), found(small_corpus)
        after = read(small_corpus, reader, before)
        (windows,) = reader.batches
        assert len(windows) == 3
        assert set(after.readings) == {passage.chunk.id for passage in before.passages[:3]}
        assert [passage.trace.reader for passage in after.passages[:4]] == [-6.0, -6.0, -6.0, None]

    def test_the_most_similar_sentence_is_in_the_window(self, small_corpus: Corpus) -> None:
        reader, before = ScriptedReader("无此词"), found(small_corpus)
        read(small_corpus, reader, before)
        for passage, window in zip(before.passages, reader.batches[0], strict=False):
            assert passage.sentences[0].folded in window.sentences

    def test_the_rest_is_read_once_and_nothing_twice(self, small_corpus: Corpus) -> None:
        reader = ScriptedReader("无此词", limit=2)
        first = read(small_corpus, reader, found(small_corpus))
        second = read_on(small_corpus, reader, first)
        for passage in first.passages[:2]:
            before, after = first.readings[passage.chunk.id], second.readings[passage.chunk.id]
            assert set(before.sentences) <= set(after.sentences)
        assert len(reader.batches[1]) <= 2
        assert not set(reader.batches[0]) & set(reader.batches[1])

    def test_of_two_readings_the_better_counts(self, small_corpus: Corpus) -> None:
        first = read(small_corpus, ScriptedReader("无此词"), found(small_corpus))
        unread = next(
            sentence.folded
            for passage, ordinal in zip(first.passages, first.ordinals, strict=True)
            for _, sentence in small_corpus.catalog.sentences([ordinal])[ordinal]
            if sentence.start not in first.readings[passage.chunk.id].sentences
        )
        second = read_on(small_corpus, ScriptedReader(unread), first)
        assert max(reading.relevance for reading in second.readings.values()) == 4.0

    def test_what_answers_comes_first(self, small_corpus: Corpus) -> None:
        before = found(small_corpus)
        last = before.passages[-1]
        words = last.sentences[0].folded
        after, _ = reranked(small_corpus, read(small_corpus, ScriptedReader(words), before))
        plain, _ = reranked(small_corpus, before)

        def place(retrieval: Retrieval) -> int:
            return [passage.chunk.id for passage in retrieval.passages].index(last.chunk.id)

        assert place(after) < place(plain)


def test_a_window_is_the_text_around_a_sentence() -> None:
    sentences = [Sentence(i, i + 1, letter * 100, folded=letter * 100) for i, letter in enumerate("甲乙丙")]
    seen, window = window_of(Chunk("1", "a.md", "某办法", ("第二章", "第五条"), 0, ""), sentences, 1)
    assert [sentence.folded for sentence in seen] == [*window.sentences]
    assert window.sentences == ("乙" * 100,)
    assert sum(map(len, window.sentences)) <= WINDOW
    assert window.context == "某办法 第五条"


class TestSilent:
    def test_nothing_answers(self, small_corpus: Corpus) -> None:
        corpus = calibrated(small_corpus, -5.0)
        assert "没有写明" in silent(corpus, read(corpus, ScriptedReader("无此词"), found(corpus)), 0.0)

    def test_something_answers(self, small_corpus: Corpus) -> None:
        corpus = calibrated(small_corpus, -5.0)
        retrieval = read(corpus, ScriptedReader("保险"), found(corpus))
        assert silent(corpus, retrieval, 0.0) == ""
        assert convincing(retrieval)

    def test_strong_evidence_must_be_held_against_more(self, small_corpus: Corpus) -> None:
        corpus = calibrated(small_corpus, -5.0)
        retrieval = read(corpus, ScriptedReader("无此词"), found(corpus))
        assert silent(corpus, retrieval, 0.0)
        assert silent(corpus, retrieval, 1.0) == ""

    def test_a_little_lacking_evidence_is_made_up_for(self, small_corpus: Corpus) -> None:
        answers = read(small_corpus, ScriptedReader("保险"), found(small_corpus))
        assert outweighed(answers, -0.01)
        assert not outweighed(answers, -0.05)
        assert not outweighed(read(small_corpus, ScriptedReader("无此词"), found(small_corpus)), -0.01)
        assert not outweighed(found(small_corpus), -0.01)

    def test_an_index_without_a_level_refuses_nothing(self, small_corpus: Corpus) -> None:
        retrieval = read(small_corpus, ScriptedReader("无此词"), found(small_corpus))
        assert silent(calibrated(small_corpus, None), retrieval, 0.0) == ""
        assert not convincing(retrieval)

    def test_without_a_reader_nothing_is_refused(self, small_corpus: Corpus) -> None:
        assert silent(calibrated(small_corpus, 9.0), found(small_corpus), 0.0) == ""


@pytest.mark.parametrize(
    ("inside", "level"),
    [([], READING_LEVEL), ([3.0] * 40, READING_LEVEL), ([-9.0] * 40, -9.0), ([-9.0] + [3.0] * 39, READING_LEVEL)],
)
def test_the_level_yields_only_where_a_corpus_is_strange_to_the_reader(inside: list[float], level: float) -> None:
    assert reading_level(inside) == level


class TestAsked:
    @pytest.fixture
    def asking(self, small_index: Config, tmp_path: Path) -> Iterator[Callable[[ScriptedReader], Rag]]:
        opened: list[Rag] = []

        def make(reader: ScriptedReader) -> Rag:
            config = replace(small_index, journal_url=f"sqlite:///{tmp_path / 'journal.sqlite'}")
            rag = Rag(config, FakeModel(), reader)
            rag._corpus = calibrated(rag._corpus, UNREACHED)
            opened.append(rag)
            return rag

        yield make
        for rag in opened:
            rag.close()

    def test_a_silent_knowledge_base_is_said_to_be_silent(self, asking: Callable[[ScriptedReader], Rag]) -> None:
        answer = asking(ScriptedReader("无此词")).ask(QUESTION)
        assert not answer.found
        assert "没有写明" in answer.reason

    def test_an_answer_is_given(self, asking: Callable[[ScriptedReader], Rag]) -> None:
        assert asking(ScriptedReader("10日内")).ask(QUESTION).found

    def test_a_question_put_together_from_a_conversation_is_not_refused_by_it(
        self, asking: Callable[[ScriptedReader], Rag]
    ) -> None:
        rag = asking(ScriptedReader("无此词"))
        first = asking(ScriptedReader("10日内")).ask("青山省农业保险条例的赔款几天内支付")
        answer = rag.ask("那它什么时候施行？", [Turn("青山省农业保险条例的赔款几天内支付", first)])
        assert answer.resolved
        assert "没有写明" not in answer.reason
