"""Every measure against values that are worked out by hand beside it."""

import math

import numpy as np
import pytest

from eval.metrics import (
    Rate,
    Refusals,
    area_under_risk,
    bootstrap,
    hit_at,
    ndcg_at,
    recall_at,
    reciprocal_rank,
    refusals,
    risk_coverage,
    separation,
)

NOTHING: set[int] = set()
SECOND_THEN_FOURTH = [NOTHING, {1}, NOTHING, {2}]
"""Two parts, found at ranks 2 and 4."""


class TestRanking:
    @pytest.mark.parametrize(("k", "hit"), [(1, 0.0), (2, 1.0), (3, 1.0), (99, 1.0)])
    def test_hit(self, k: int, hit: float) -> None:
        assert hit_at(SECOND_THEN_FOURTH, k) == hit

    @pytest.mark.parametrize(("k", "recall"), [(1, 0 / 2), (2, 1 / 2), (3, 1 / 2), (4, 2 / 2), (99, 2 / 2)])
    def test_recall_is_of_the_parts(self, k: int, recall: float) -> None:
        assert recall_at(SECOND_THEN_FOURTH, 2, k) == recall

    def test_a_part_found_twice_is_recalled_once(self) -> None:
        assert recall_at([{1}, {1}, {1}], 2, 10) == 1 / 2

    def test_one_passage_may_hold_every_part(self) -> None:
        assert recall_at([NOTHING, {1, 2, 3}], 3, 2) == 3 / 3

    @pytest.mark.parametrize(("k", "value"), [(1, 0.0), (2, 1 / 2), (10, 1 / 2)])
    def test_reciprocal_rank_is_of_the_first_that_holds_a_part(self, k: int, value: float) -> None:
        assert reciprocal_rank(SECOND_THEN_FOURTH, k) == value

    @pytest.mark.parametrize("rank", [1, 2, 3, 7, 10])
    def test_reciprocal_of_every_rank(self, rank: int) -> None:
        assert reciprocal_rank([NOTHING] * (rank - 1) + [{1}], 10) == 1 / rank

    def test_nothing_returned(self) -> None:
        assert hit_at([], 5) == recall_at([], 1, 5) == reciprocal_rank([], 5) == ndcg_at([], 1, 5) == 0.0


class TestNdcg:
    def test_two_parts_at_ranks_two_and_four(self) -> None:
        gained = 1 / math.log2(2 + 1) + 1 / math.log2(4 + 1)  # 0.63093 + 0.43068 = 1.06161
        ideal = 1 / math.log2(1 + 1) + 1 / math.log2(2 + 1)  # 1.00000 + 0.63093 = 1.63093
        assert ndcg_at(SECOND_THEN_FOURTH, 2, 10) == pytest.approx(gained / ideal)
        assert ndcg_at(SECOND_THEN_FOURTH, 2, 10) == pytest.approx(0.65092, abs=1e-5)

    def test_the_best_order_is_one(self) -> None:
        assert ndcg_at([{1}, {2}, {3}, NOTHING], 3, 10) == pytest.approx(1.0)

    def test_one_part_at_rank_three(self) -> None:
        assert ndcg_at([NOTHING, NOTHING, {1}], 1, 10) == pytest.approx(1 / math.log2(4))  # 1 / 2

    def test_an_alternative_of_a_part_that_is_there_gains_nothing(self) -> None:
        assert ndcg_at([{1}, {1}], 1, 10) == ndcg_at([{1}, NOTHING], 1, 10) == 1.0
        ideal = 1 + 1 / math.log2(3)
        assert ndcg_at([{1}, {1}, {2}], 2, 10) == pytest.approx((1 + 1 / math.log2(4)) / ideal)

    def test_beyond_k_nothing_counts_and_the_ideal_is_cut_too(self) -> None:
        assert ndcg_at(SECOND_THEN_FOURTH, 2, 1) == 0.0
        assert ndcg_at([{1}, {2}, {3}], 3, 2) == pytest.approx(1.0)  # both places of two are filled

    def test_it_never_exceeds_one(self) -> None:
        generator = np.random.default_rng(7)
        for _ in range(300):
            found = [set(generator.choice(3, generator.integers(0, 4), replace=False) + 1) for _ in range(6)]
            assert 0.0 <= ndcg_at(found, 3, 4) <= 1.0 + 1e-12

    def test_swapping_a_finding_upwards_never_lowers_it(self) -> None:
        assert ndcg_at([NOTHING, {1}, {2}], 2, 10) > ndcg_at(SECOND_THEN_FOURTH, 2, 10)


class TestBootstrap:
    def test_the_interval_holds_the_mean(self) -> None:
        rate = bootstrap([1.0] * 30 + [0.0] * 10)
        assert rate.mean == 0.75
        assert rate.n == 40
        assert 0.0 <= rate.low < 0.75 < rate.high <= 1.0

    def test_the_same_seed_draws_the_same(self) -> None:
        values = list(np.random.default_rng(1).random(50))
        assert bootstrap(values) == bootstrap(values) == bootstrap(values, seed=0)
        assert bootstrap(values).mean == bootstrap(values, seed=1).mean
        assert bootstrap(values) != bootstrap(values, seed=1)

    @pytest.mark.parametrize("value", [0.0, 0.3, 1.0])
    def test_equal_values_have_no_width(self, value: float) -> None:
        assert bootstrap([value] * 25) == Rate(pytest.approx(value), pytest.approx(value), pytest.approx(value), 25)

    def test_one_value(self) -> None:
        assert bootstrap([1.0]) == Rate(1.0, 1.0, 1.0, 1)

    def test_no_value(self) -> None:
        rate = bootstrap([])
        assert rate.n == 0
        assert all(math.isnan(value) for value in (rate.mean, rate.low, rate.high))

    def test_a_large_binary_sample_is_near_the_normal_interval(self) -> None:
        values = [1.0] * 800 + [0.0] * 200
        half = 1.96 * math.sqrt(0.8 * 0.2 / 1000)  # 1.96 * 0.012649 = 0.02479
        rate = bootstrap(values)
        assert rate.low == pytest.approx(0.8 - half, abs=0.1 * half)
        assert rate.high == pytest.approx(0.8 + half, abs=0.1 * half)

    def test_four_times_the_values_halve_the_width(self) -> None:
        small, large = bootstrap([1.0, 0.0] * 100), bootstrap([1.0, 0.0] * 400)
        assert (small.high - small.low) / (large.high - large.low) == pytest.approx(2.0, rel=0.15)


class TestRefusals:
    def test_by_hand(self) -> None:
        # Unanswerable 4: three refused. Answerable 6: one refused.
        rows = [(False, True)] * 3 + [(False, False)] + [(True, True)] + [(True, False)] * 5
        precision, recall = 3 / 4, 3 / 4  # of 4 refusals 3 were due; of 4 that were due 3 came
        f1 = 2 * precision * recall / (precision + recall)
        assert refusals(rows) == Refusals(precision, recall, f1, over_refusal=1 / 6)

    def test_f1_is_the_harmonic_mean(self) -> None:
        rows = [(False, True)] + [(False, False)] * 3 + [(True, True)]
        assert refusals(rows) == Refusals(1 / 2, 1 / 4, pytest.approx(1 / 3), 1.0)  # 2 * 1/8 / (3/4)

    def test_to_refuse_everything_and_nothing(self) -> None:
        rows = [(True, True), (True, True), (False, True)]
        assert refusals(rows) == Refusals(1 / 3, 1.0, pytest.approx(0.5), 1.0)
        assert refusals([(True, False), (False, False)]) == Refusals(0.0, 0.0, 0.0, 0.0)

    def test_nothing_to_refuse_or_to_answer(self) -> None:
        assert refusals([(True, False)]) == Refusals(0.0, 0.0, 0.0, 0.0)
        assert refusals([(False, True)]) == Refusals(1.0, 1.0, 1.0, 0.0)
        assert refusals([]) == Refusals(0.0, 0.0, 0.0, 0.0)


class TestSeparation:
    def test_by_counting_pairs(self) -> None:
        # (.9>.5) (.9>.3) (.4<.5) (.4>.3): three of four pairs
        assert separation([0.9, 0.4], [0.5, 0.3]) == 3 / 4

    def test_ties_count_half(self) -> None:
        assert separation([0.5], [0.5]) == 0.5
        assert separation([0.5, 0.7], [0.5]) == (0.5 + 1) / 2
        assert separation([0.0] * 5, [0.0] * 3) == 0.5

    def test_ends(self) -> None:
        assert separation([2.0, 3.0], [0.0, 1.0]) == 1.0
        assert separation([0.0, 1.0], [2.0, 3.0]) == 0.0

    def test_scale_does_not_matter(self) -> None:
        generator = np.random.default_rng(5)
        high, low = generator.normal(1, 1, 60), generator.normal(0, 1, 40)
        assert separation(list(high), list(low)) == pytest.approx(separation(list(np.exp(high)), list(np.exp(low))))

    def test_exchanged_it_is_the_complement(self) -> None:
        assert separation([1, 2, 2, 5], [2, 3]) == pytest.approx(1 - separation([2, 3], [1, 2, 2, 5]))

    def test_one_side_is_empty(self) -> None:
        assert math.isnan(separation([], [1.0]))
        assert math.isnan(separation([1.0], []))


class TestRisk:
    def test_by_hand(self) -> None:
        rows = [(0.2, False), (0.9, True), (0.5, True), (0.7, False)]
        # By confidence: right, wrong, right, wrong -> wrong so far 0/1, 1/2, 1/3, 2/4.
        curve = risk_coverage(rows)
        assert curve == ((1 / 4, 0.0), (2 / 4, 1 / 2), (3 / 4, 1 / 3), (4 / 4, 2 / 4))
        assert area_under_risk(curve) == pytest.approx((0 + 1 / 2 + 1 / 3 + 2 / 4) / 4)

    def test_the_last_point_is_the_share_wrong_of_all(self) -> None:
        rows = [(float(i % 7), i % 3 == 0) for i in range(30)]
        assert risk_coverage(rows)[-1] == pytest.approx((1.0, 20 / 30))

    def test_good_confidence_has_the_smaller_area(self) -> None:
        knows = area_under_risk(risk_coverage([(0.9, True), (0.8, True), (0.1, False)]))
        errs = area_under_risk(risk_coverage([(0.9, False), (0.8, True), (0.1, True)]))
        assert knows == pytest.approx((0 + 0 + 1 / 3) / 3)
        assert errs == pytest.approx((1 + 1 / 2 + 1 / 3) / 3)

    def test_nothing_asked(self) -> None:
        assert risk_coverage([]) == ()
        assert math.isnan(area_under_risk(()))
