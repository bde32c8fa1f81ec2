"""Windows, the tokens of an answer, and how often and in what company an example is seen."""

import random
from collections import Counter
from itertools import pairwise
from pathlib import Path

import pytest

from tests.training.tiny import ids, own_examples, tokenizer, write_lines
from training.examples import POOL, Example, Row, cut, epoch, read_examples, row_of, share_of, span_of

SEEDS = range(40)
ANSWERED = Example("own", "费率", "题", ("担保。", "费率为百分之五。"), -1, (1, 3, 7))
SILENT = Example("own-silent", "谁", "题", ("担保。", "费率。"), 0)


def test_written_examples_are_read(tmp_path: Path) -> None:
    write_lines(tmp_path / "train.jsonl", [ANSWERED, SILENT])
    assert read_examples(tmp_path / "train.jsonl") == [ANSWERED, SILENT]


@pytest.mark.parametrize(
    ("kind", "share"),
    [
        ("own", 2.0),
        ("own-mined", 0.4),
        ("own-silent", 1.5),
        ("own-silent-mined", 0.3),
        ("own-removed", 1.0),
        ("own-twin", 1.0),
        ("fact", 2.0),
        ("fact-twin", 1.5),
        ("fact-mined", 0.8),
        ("drcd-a", 1.5),
        ("drcd-b-mined", 0.8),
        ("drcd-b-removed", 1.0),
        ("squad", 1.5),
        ("squad-silent", 1.0),
        ("squad-mined", 0.8),
        ("mined", 1.0),
    ],
)
def test_share_of(kind: str, share: float) -> None:
    assert share_of(kind) == share


class TestCut:
    SENTENCES = tuple(letter * 60 for letter in "abcde")

    def test_around_the_centre(self) -> None:
        example = Example("own-silent", "谁", "题", self.SENTENCES, 3)
        assert {cut(example, random.Random(seed)) for seed in SEEDS} == {(2, 5)}

    def test_chance_moves_the_window_but_the_answer_stays_inside(self) -> None:
        example = Example("own", "谁", "题", self.SENTENCES, -1, (2, 0, 1))
        assert {cut(example, random.Random(seed)) for seed in SEEDS} == {(0, 3), (1, 4), (2, 5)}

    def test_an_answer_at_the_end(self) -> None:
        example = Example("own", "谁", "题", self.SENTENCES, -1, (4, 0, 1))
        assert {cut(example, random.Random(seed)) for seed in SEEDS} == {(2, 5)}

    def test_a_sentence_that_is_too_long_stays_alone(self) -> None:
        example = Example("own", "谁", "题", ("a" * 10, "b" * 200, "c" * 10), -1, (1, 0, 1))
        assert {cut(example, random.Random(seed)) for seed in SEEDS} == {(1, 2)}


class TestSpan:
    OFFSETS = ((0, 0), (0, 1), (1, 4), (4, 6), (6, 6), (6, 8), (0, 0))
    SENTENCES = ("ab", "cdef")

    def span(self, first: int, *answer: int) -> tuple[int, int]:
        return span_of(Example("own", "q", "t", self.SENTENCES, -1, answer), first, self.OFFSETS, 2)

    def test_the_tokens_that_hold_a_character_of_it(self) -> None:
        assert self.span(0, 1, 1, 3) == (3, 5)  # characters 5 and 6
        assert self.span(0, 1, 0, 2) == (3, 3)  # characters 4 and 5
        assert self.span(0, 0, 0, 2) == (2, 2)  # characters 2 and 3

    def test_sentences_before_the_window_do_not_count(self) -> None:
        assert self.span(1, 1, 1, 3) == (2, 3)  # characters 3 and 4

    def test_none(self) -> None:
        assert self.span(0) == (0, 0)

    def test_cut_off(self) -> None:
        assert self.span(0, 1, 4, 6) == (0, 0)  # characters 8 and 9


class TestRow:
    def test_an_answer(self) -> None:
        row = row_of(ANSWERED, tokenizer(), random.Random(1))
        assert row.ids == ids("<s> ▁ 费 率 </s> ▁ 题 ▁ 担 保 。 费 率 为 百 分 之 五 。 </s>")
        assert row.types == [0] * 5 + [1] * 15
        assert (row.relevant, row.first, row.last) == (1.0, 14, 17)

    def test_silence(self) -> None:
        row = row_of(SILENT, tokenizer(), random.Random(1))
        assert row == Row(ids("<s> ▁ 谁 </s> ▁ 题 ▁ 担 保 。 费 率 。 </s>"), [0] * 4 + [1] * 10, 0.0, 0, 0)

    @pytest.mark.parametrize(("start", "relevant", "first"), [(100, 1.0, 107), (290, 0.0, 0)])
    def test_an_answer_past_the_last_token_is_none(self, start: int, relevant: float, first: int) -> None:
        sentence = "担" * start + "五" + "担" * (299 - start)
        row = row_of(Example("own", "谁", "题", (sentence,), -1, (0, start, start + 1)), tokenizer(), random.Random(1))
        assert len(row.ids) == len(row.types) == 192
        assert (row.relevant, row.first, row.last) == (relevant, first, first)


def kinds(kind: str, count: int) -> list[Example]:
    """Examples that are told apart by the length of their only sentence."""
    return [Example(kind, "谁", "题", ("担" * (i + 1),), 0) for i in range(count)]


def seen(examples: list[Example], seed: int) -> Counter[int]:
    """How often each length was seen in an epoch."""
    return Counter(row.ids.count(ids("担")[0]) for rows in epoch(examples, tokenizer(), 8, seed) for row in rows)


class TestEpoch:
    @pytest.mark.parametrize(
        ("kind", "often"), [("own", {2}), ("own-removed", {1}), ("own-silent", {1, 2}), ("fact-mined", {0, 1})]
    )
    def test_how_often(self, kind: str, often: set[int]) -> None:
        counts = seen(kinds(kind, 100), 1)
        assert {counts[length] for length in range(1, 101)} == often

    def test_a_share_is_met_on_average(self) -> None:
        assert sum(sum(seen(kinds("own-mined", 100), seed).values()) for seed in range(5)) == pytest.approx(
            200, rel=0.2
        )

    def test_the_seed_decides(self) -> None:
        first, again, other = ([*epoch(own_examples(40), tokenizer(), 8, seed)] for seed in (1, 1, 2))
        assert first == again
        assert first != other

    def test_batches_of_like_length(self) -> None:
        batches = [*epoch(kinds("own", 50), tokenizer(), 8, 1)]
        assert Counter(map(len, batches)) == {8: 12, 4: 1}
        lengths = [[len(row.ids) for row in rows] for rows in batches]
        assert all(a[-1] <= b[0] for a, b in pairwise(sorted(lengths)))
        assert lengths != sorted(lengths)

    def test_a_pool_is_sorted_by_itself(self) -> None:
        count = POOL + 10
        lengths = [len(rows[0].ids) for rows in epoch(kinds("own-removed", count), tokenizer(), 1, 1)]
        assert len(lengths) == count
        assert len(set(lengths)) == count
        assert max(lengths[:POOL]) > min(lengths[POOL:])
        assert max(lengths[POOL:]) > min(lengths[:POOL])
