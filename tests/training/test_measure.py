"""Figures by hand, and a network of which is known what it finds."""

import json
import math
from itertools import pairwise
from pathlib import Path

import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st

from rag.reader import WINDOW
from tests.training.tiny import marking_network, tokenizer, unheard, write_lines, write_weights
from training.examples import Example
from training.measure import Found, area, best_span, figures, measure, overlap, read_text, windows

CERTAIN = 8 * math.sqrt(2)


@pytest.mark.parametrize(
    ("gold", "found", "f1"),
    [
        ("五十万元", "五十万元", 1.0),
        ("五十万元", "五十元以上", 6 / 9),
        ("五十万元", "三家", 0.0),
        ("人人", "人", 2 / 3),
        ("三家", "", 0.0),
        ("甲乙", "乙甲", 1.0),
    ],
)
def test_overlap(gold: str, found: str, f1: float) -> None:
    assert overlap(gold, found) == pytest.approx(f1)


@pytest.mark.parametrize(
    ("inside", "outside", "auc"),
    [
        ([2.0, 3.0], [0.0, 1.0], 1.0),
        ([0.0, 1.0], [2.0, 3.0], 0.0),
        ([2.0, 3.0], [1.0, 2.0], 3.5 / 4),
        ([1.0], [1.0], 0.5),
        ([5.0, 1.0, 3.0], [4.0, 2.0], 3 / 6),
    ],
)
def test_area(inside: list[float], outside: list[float], auc: float) -> None:
    assert area(inside, outside) == pytest.approx(auc)


@pytest.mark.parametrize(("inside", "outside"), [([], [1.0]), ([1.0], [])])
def test_no_area_of_nothing(inside: list[float], outside: list[float]) -> None:
    assert area(inside, outside) is None


class TestWindows:
    @pytest.mark.parametrize(
        ("lengths", "runs"),
        [
            ([10], [(0, 1)]),
            ([500], [(0, 1)]),
            ([60, 60, 60], [(0, 3)]),
            ([60, 60, 61], [(0, 2), (1, 3)]),
            ([100, 100, 100], [(0, 1), (1, 2), (2, 3)]),
            ([60, 60, 60, 60, 60], [(0, 3), (2, 5)]),
            ([10, 200, 10, 10], [(0, 1), (1, 2), (2, 4)]),
        ],
    )
    def test_by_hand(self, lengths: list[int], runs: list[tuple[int, int]]) -> None:
        assert [*windows(["x" * length for length in lengths])] == runs

    @given(st.lists(st.integers(1, 250), min_size=1, max_size=25))
    def test_all_sentences_in_runs_that_fit(self, lengths: list[int]) -> None:
        runs = [*windows(["x" * length for length in lengths])]
        assert {i for first, last in runs for i in range(first, last)} == set(range(len(lengths)))
        assert all(last == first + 1 or sum(lengths[first:last]) <= WINDOW for first, last in runs)
        assert all(a < c <= b <= d for (a, b), (c, d) in pairwise(runs))


class TestBestSpan:
    def span(self, starts: dict[int, float], ends: dict[int, float]) -> tuple[int, int]:
        logits = torch.full((2, 60), -5.0)
        for row, marks in enumerate((starts, ends)):
            for token, logit in marks.items():
                logits[row, token] = logit
        return best_span(logits, [(0, 0), *((i, i + 1) for i in range(1, 59)), (0, 0)], 2)

    def test_the_best_of_both(self) -> None:
        assert self.span({7: 4.0, 9: 3.0}, {9: 3.0, 12: 2.0}) == (7, 9)

    def test_one_token(self) -> None:
        assert self.span({7: 4.0}, {7: 3.0}) == (7, 7)

    def test_an_end_before_its_start_is_none(self) -> None:
        assert self.span({20: 5.0, 3: 1.0}, {4: 5.0}) == (3, 4)

    def test_marks_and_headings_are_no_answer(self) -> None:
        assert self.span({1: 9.0, 7: 4.0}, {8: 3.0, 59: 9.0}) == (7, 8)

    def test_silence_is_left_aside(self) -> None:
        assert self.span({0: 100.0, 7: 1.0}, {0: 100.0, 8: 1.0}) == (7, 8)

    def test_forty_tokens_at_most(self) -> None:
        assert self.span({5: 5.0}, {50: 4.0, 44: 3.0}) == (5, 44)
        assert self.span({5: 5.0, 50: -4.0}, {50: 6.0, 45: 3.0}) == (50, 50)

    def test_what_cannot_be_read_is_never_chosen(self) -> None:
        shut = {token: -math.inf for token in range(60) if token not in (30, 31)}
        assert self.span(shut | {31: -900.0}, shut) == (30, 30)


def example(kind: str, *sentences: str, answer: tuple[int, ...] = ()) -> Example:
    return Example(kind, "谁担保？", "题", sentences, -1 if answer else 0, answer)


class TestReadText:
    @pytest.mark.parametrize(
        ("sentences", "sentence", "span"),
        [
            (("费率为甲丙乙。",), 0, "甲丙乙"),
            (("担保。", "费率为甲丙乙。", "担保。"), 1, "甲丙乙"),
            (("担保。" * 40, "担保。" * 40, "为甲乙。"), 2, "甲乙"),
            (("担保。" * 20, "担保。" * 30, "为甲乙。", "担保。" * 30), 2, "甲乙"),
        ],
    )
    def test_the_window_and_the_sentence_that_answer(
        self, sentences: tuple[str, ...], sentence: int, span: str
    ) -> None:
        found = read_text(marking_network(), tokenizer(), example("squad", *sentences))
        assert (found.sentence, found.span) == (sentence, span)
        assert found.relevance == pytest.approx(CERTAIN, rel=1e-4)

    def test_silence(self) -> None:
        found = read_text(marking_network(), tokenizer(), example("squad-silent", "担保。", "费率。"))
        assert found.relevance == pytest.approx(0.0, abs=1e-5)

    def test_marks_in_the_question_do_not_count(self) -> None:
        asked = Example("squad-silent", "甲担保乙？", "题", ("担保。",), 0)
        assert read_text(marking_network(), tokenizer(), asked).relevance == pytest.approx(0.0, abs=1e-5)


class TestFigures:
    def test_right_sentence_exact_and_f1(self) -> None:
        examples = [
            example("drcd-a", "甲。", "五十万元。", answer=(1, 0, 4)),
            example("drcd-a", "五十万元，一说五十万元。", "五十万元。", answer=(0, 0, 4)),
            example("drcd-a", "三家。", "两家。", answer=(0, 0, 2)),
        ]
        found = [Found(1.0, 1, "五十万元"), Found(1.0, 1, "五十元以上"), Found(1.0, 1, "两家")]
        assert figures(examples, found) == {
            "drcd-a": {
                "n": 3,
                "sentence": pytest.approx(2 / 3),
                "exact": pytest.approx(1 / 3),
                "f1": pytest.approx((1 + 6 / 9 + 1 / 2) / 3),
            }
        }

    def test_each_silence_against_its_own_answers(self) -> None:
        answered = {"squad": (3.0, 1.0), "drcd-a": (9.0,)}
        silent = {"squad-silent": (2.0, 1.0), "squad-removed": (4.0,), "squad-mined": (0.0,), "drcd-a-mined": (8.0,)}
        pairs = [
            *(
                (example(kind, "甲。", answer=(0, 0, 1)), Found(r, 0, "甲"))
                for kind, all_ in answered.items()
                for r in all_
            ),
            *((example(kind, "丁。"), Found(r, 0, "")) for kind, all_ in silent.items() for r in all_),
        ]
        result = figures([e for e, _ in pairs], [f for _, f in pairs])
        assert {kind: result[kind] for kind in silent} == {
            "squad-silent": {"n": 2, "auc": pytest.approx(2.5 / 4)},
            "squad-removed": {"n": 1, "auc": 0.0},
            "squad-mined": {"n": 1, "auc": 1.0},
            "drcd-a-mined": {"n": 1, "auc": 1.0},
        }


def test_measure(tmp_path: Path) -> None:
    held_out = [
        example("squad", "担保。", "费率为甲丙乙。", answer=(1, 3, 6)),
        example("squad", "费率为甲丙乙。", answer=(0, 3, 5)),
        example("squad-silent", "担保费率。"),
    ]
    write_lines(tmp_path / "held_out.jsonl", held_out)
    write_weights(marking_network(), tmp_path / "reader.safetensors")
    steps: list[tuple[str, int, int]] = []
    printed = measure(tmp_path, tmp_path / "reader.safetensors", lambda *step: steps.append(step))
    assert json.loads(printed) == {
        "squad": {"n": 2, "sentence": 1.0, "exact": 0.5, "f1": pytest.approx((1 + 4 / 5) / 2)},
        "squad-silent": {"n": 1, "auc": 1.0},
    }
    assert steps == [("evaluate", 1, 3), ("evaluate", 2, 3), ("evaluate", 3, 3)]


def test_measure_without_weights(tmp_path: Path) -> None:
    write_lines(tmp_path / "held_out.jsonl", [example("squad-silent", "担保费率。")])
    with pytest.raises(FileNotFoundError, match=r"reader\.safetensors"):
        measure(tmp_path, tmp_path / "reader.safetensors", unheard)
