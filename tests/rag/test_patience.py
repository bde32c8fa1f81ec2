"""How long to wait for a language model, what to try again, when to leave it alone: with a clock of the test's own."""

import pytest

from rag.errors import LlmFailed
from rag.llm_texts import LLM_FAILURES
from rag.patience import NOT_THE_SERVERS, TRIED_AGAIN, Breaker, Limits, failure, pause_before_retry


class Clock:
    """Seconds that pass when the test says so."""

    def __init__(self) -> None:
        self.now = 100.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def breaker(clock: Clock) -> Breaker:
    return Breaker(failures=5, seconds=30, clock=clock)


def fail(breaker: Breaker, times: int) -> None:
    for _ in range(times):
        breaker.enter()
        breaker.failed()


def is_open(breaker: Breaker) -> bool:
    try:
        breaker.enter()
    except LlmFailed as failed:
        return failed.kind == "paused"
    return False


class TestRetries:
    @pytest.mark.parametrize("kind", sorted(set(LLM_FAILURES) - TRIED_AGAIN))
    def test_what_does_not_pass_by_itself_is_not_tried_again(self, kind: str) -> None:
        assert pause_before_retry(Limits(), LlmFailed(kind, ""), [], 0.5) is None

    @pytest.mark.parametrize("kind", sorted(TRIED_AGAIN))
    def test_at_most_two_retries_each_later_than_the_last(self, kind: str) -> None:
        failed = LlmFailed(kind, "")
        first = pause_before_retry(Limits(), failed, [], 1.0)
        second = pause_before_retry(Limits(), failed, [first or 0], 1.0)
        assert first is not None
        assert second is not None
        assert 0 < first < second
        assert pause_before_retry(Limits(), failed, [first, second], 1.0) is None

    def test_chance_shortens_a_pause_by_up_to_a_half(self) -> None:
        pauses = [pause_before_retry(Limits(pauses=(1.0,)), failure("limited"), [], c) for c in (0.0, 0.5, 1.0)]
        assert pauses == [0.5, 0.75, 1.0]

    @pytest.mark.parametrize(
        ("asked", "paused", "pause"),
        [(0.0, [], 0.0), (1.5, [], 1.5), (2.0, [], 2.0), (2.1, [], None), (1.5, [0.6], None), (float("inf"), [], None)],
    )
    def test_the_server_may_ask_for_two_seconds(self, asked: float, paused: list[float], pause: float | None) -> None:
        assert pause_before_retry(Limits(), failure("limited", retry_after=asked), paused, 0.5) == pause

    def test_all_pauses_together_stay_below_three_seconds(self) -> None:
        limits = Limits()
        assert sum(limits.pauses) <= limits.pausing < 3


class TestSentences:
    def test_each_failure_is_one_chinese_sentence_that_says_what_to_do(self) -> None:
        for kind in LLM_FAILURES:
            said = str(failure(kind, status=400, seconds=30))
            assert said.endswith("。"), kind
            assert said.count("。") == 1, kind
            assert "，" in said, kind
            assert "{" not in said, kind

    def test_kinds_that_rules_name_exist(self) -> None:
        assert set(LLM_FAILURES) >= TRIED_AGAIN | NOT_THE_SERVERS


class TestBreaker:
    def test_opens_after_five_failures_in_a_row(self, breaker: Breaker) -> None:
        fail(breaker, 4)
        assert not is_open(breaker)
        breaker.failed()
        assert is_open(breaker)

    def test_a_success_in_between_starts_the_count_anew(self, breaker: Breaker) -> None:
        fail(breaker, 4)
        breaker.enter()
        breaker.succeeded()
        fail(breaker, 4)
        assert not is_open(breaker)

    def test_lets_one_try_through_after_thirty_seconds(self, breaker: Breaker, clock: Clock) -> None:
        fail(breaker, 5)
        clock.now += 29.9
        assert is_open(breaker)
        clock.now += 0.2
        assert not is_open(breaker)
        assert is_open(breaker), "a second one must wait for the first"
        breaker.succeeded()
        assert not is_open(breaker)
        assert not is_open(breaker)

    def test_a_failed_try_opens_it_again(self, breaker: Breaker, clock: Clock) -> None:
        fail(breaker, 5)
        clock.now += 31
        fail(breaker, 1)
        assert is_open(breaker)
        clock.now += 31
        assert not is_open(breaker)

    def test_a_try_given_up_leaves_room_for_another(self, breaker: Breaker, clock: Clock) -> None:
        fail(breaker, 5)
        clock.now += 31
        assert not is_open(breaker)
        breaker.given_up()
        assert not is_open(breaker)

    def test_says_how_long(self, breaker: Breaker, clock: Clock) -> None:
        fail(breaker, 5)
        clock.now += 10
        with pytest.raises(LlmFailed, match="约 20 秒"):
            breaker.enter()
