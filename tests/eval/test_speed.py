"""Times as ratios to the embedding alone, from times made by hand, and once from a real library."""

import subprocess
import sys
import time

import numpy as np
import pytest

from eval.speed import WARM_UP, Timings, percentile_95, resident_megabytes, time_answers, timed
from rag.chain import Rag
from rag.types import Answer, Filters, Passage
from tests.fakes import HashingEmbedder

TIMINGS = Timings(
    embed=(2.0, 4.0, 6.0),
    retrieve=(10.0, 20.0, 30.0),
    answer=(40.0, 8.0, 20.0),
    characters=(100, 300, 50),
)
QUESTIONS = ("保险机构应当在多少小时内进行现场查勘？", "担保费率是多少？", "篮球里的走步是怎么判的")


class Counting(Rag):
    """Passes every question on to a real Rag and remembers it."""

    def __init__(self, rag: Rag) -> None:
        self._rag = rag
        self.asked: list[str] = []

    def ask(self, question: str, *_: object, **__: object) -> Answer:
        self.asked.append(question)
        return self._rag.ask(question)

    def retrieve(self, question: str, filters: Filters = Filters()) -> tuple[Passage, ...]:
        return self._rag.retrieve(question, filters)


def test_figures_by_hand() -> None:
    assert TIMINGS.figures() == pytest.approx(
        {
            "questions": 3.0,
            "embed_p50": 4.0,
            "embed_p95": 5.8,  # nine tenths of the way from 4 to 6
            "embed_ratio_p50": 4.0 / 4.0,
            "embed_ratio_p95": 5.8 / 4.0,
            "retrieve_p50": 20.0,
            "retrieve_p95": 29.0,
            "retrieve_ratio_p50": 20.0 / 4.0,
            "retrieve_ratio_p95": 29.0 / 4.0,
            "answer_p50": 20.0,
            "answer_p95": 38.0,
            "answer_ratio_p50": 20.0 / 4.0,
            "answer_ratio_p95": 38.0 / 4.0,
            "characters_p50": 100,
        }
    )


def test_one_question_has_figures_too() -> None:
    figures = Timings((2.0,), (3.0,), (5.0,), (7,)).figures()
    assert figures["answer_p50"] == figures["answer_p95"] == 5.0
    assert figures["answer_ratio_p95"] == 2.5


class TestPercentile:
    def test_of_one_value(self) -> None:
        assert percentile_95([7.0]) == 7.0

    @pytest.mark.parametrize("count", [2, 3, 5, 10, 19, 20, 100, 1000])
    def test_it_lies_between_what_was_measured(self, count: int) -> None:
        times = [float(value) for value in range(count)]
        assert percentile_95(times) == pytest.approx(0.95 * (count - 1))
        assert percentile_95(times) <= max(times)

    def test_order_does_not_matter(self) -> None:
        assert percentile_95([3.0, 1.0, 2.0]) == percentile_95([1.0, 2.0, 3.0])


class TestTimeAnswers:
    def test_every_question_once(self, small_rag: Rag) -> None:
        timings = time_answers(small_rag, HashingEmbedder(), QUESTIONS)
        assert len(timings.embed) == len(timings.retrieve) == len(timings.answer) == len(QUESTIONS)
        assert timings.characters == tuple(len(small_rag.ask(question).text) for question in QUESTIONS)
        assert min(*timings.embed, *timings.retrieve, *timings.answer) > 0

    @pytest.mark.parametrize(("count", "warm_up"), [(3, 3), (WARM_UP + 2, WARM_UP)])
    def test_the_first_questions_are_asked_once_before(self, small_rag: Rag, count: int, warm_up: int) -> None:
        questions = [f"担保费率第{number}档是多少？" for number in range(count)]
        rag = Counting(small_rag)
        assert len(time_answers(rag, HashingEmbedder(), questions).answer) == count
        assert rag.asked == questions[:warm_up] + questions

    def test_a_slow_embedding_is_seen_in_the_floor(self, small_rag: Rag) -> None:
        class Slow(HashingEmbedder):
            def embed_query(self, query: str) -> np.ndarray:
                time.sleep(0.03)
                return super().embed_query(query)

        figures = time_answers(small_rag, Slow(), QUESTIONS).figures()
        assert figures["embed_p50"] >= 30
        assert figures["questions"] == len(QUESTIONS)


def test_timed_is_in_milliseconds() -> None:
    milliseconds, reply = timed(lambda question: time.sleep(0.05) or question, "问")
    assert (50 <= milliseconds < 1000, reply) == (True, "问")


def test_memory_of_this_process_and_of_another() -> None:
    own = resident_megabytes()
    assert 10 < own < 100_000
    with subprocess.Popen([sys.executable, "-c", "input()"], stdin=subprocess.PIPE) as other:
        assert 0 < resident_megabytes(other.pid) < own
