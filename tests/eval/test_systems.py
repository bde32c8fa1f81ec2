"""The product is asked as the page asks it: turn by turn, within the prescribed sources."""

import time
from collections.abc import Sequence

import pytest

from eval.cases import Case
from eval.systems import OwnSystem, Response, Retrieved, joined_question, sources_of
from rag.chain import Rag
from rag.types import Answer, Filters, Turn

INSURANCE = "policies/青山省农业保险条例.md"
GUARANTEE = "policies/青财金〔2025〕11号-政府性融资担保管理办法.md"
QUESTION = "保险机构应当在多少小时内进行现场查勘？"


class Listening(Rag):
    """Passes every question on to a real Rag and remembers how it was asked; the first ones take their time."""

    def __init__(self, rag: Rag, pauses: Sequence[float] = ()) -> None:
        self._rag, self._pauses = rag, list(pauses)
        self.asked: list[tuple[str, tuple[Turn, ...], Filters]] = []

    def ask(
        self, question: str, turns: Sequence[Turn] = (), *, filters: Filters = Filters(), follow: bool = True
    ) -> Answer:
        self.asked.append((question, tuple(turns), filters))
        if self._pauses:
            time.sleep(self._pauses.pop(0))
        return self._rag.ask(question, turns, filters=filters, follow=follow)


def test_a_reply(small_rag: Rag) -> None:
    response = OwnSystem(small_rag).ask(Case("X", "number", QUESTION))
    answer = small_rag.ask(QUESTION)
    assert response.answer is not None
    assert response.answer.found
    assert (response.answer.text, response.confidence) == (answer.text, answer.evidence)
    assert response.passages == tuple(Retrieved(p.chunk.source, p.chunk.text) for p in answer.passages)
    assert response.passages
    assert response.milliseconds > 0


def test_a_refusal_has_its_confidence_too(small_rag: Rag) -> None:
    response = OwnSystem(small_rag).ask(Case("X", "out_of_domain", "篮球里的走步是怎么判的", answerable=False))
    assert response.answer is not None
    assert not response.answer.found
    assert response.confidence < 0


def test_turns_are_asked_in_order_each_after_the_ones_before(small_rag: Rag) -> None:
    rag = Listening(small_rag)
    turns = ("农业保险实行什么原则？", "违反第四条罚多少？")
    OwnSystem(rag).ask(Case("X", "follow_up", "那要多久支付？", turns=turns))
    assert [question for question, _, _ in rag.asked] == [*turns, "那要多久支付？"]
    assert [[turn.question for turn in before] for _, before, _ in rag.asked] == [[], [turns[0]], list(turns)]
    (_, before, _) = rag.asked[-1]
    assert all(turn.answer is not None and turn.answer.question == turn.question for turn in before)


def test_only_the_last_question_is_timed(small_rag: Rag) -> None:
    rag = Listening(small_rag, pauses=[1.0])
    response = OwnSystem(rag).ask(Case("X", "follow_up", QUESTION, turns=("农业保险实行什么原则？",)))
    assert response.milliseconds < 1000


@pytest.mark.parametrize("source", [INSURANCE, GUARANTEE])
def test_a_context_is_a_filter(small_rag: Rag, source: str) -> None:
    response = OwnSystem(small_rag).ask(Case("X", "number", "金额不超过多少万元？", context=(source,)))
    assert {passage.source for passage in response.passages} == {source}


def test_the_context_holds_in_every_turn(small_rag: Rag) -> None:
    rag = Listening(small_rag)
    OwnSystem(rag).ask(Case("X", "follow_up", "还有呢？", turns=("担保费率是多少？",), context=(GUARANTEE, INSURANCE)))
    assert [filters for _, _, filters in rag.asked] == [Filters(sources=(GUARANTEE, INSURANCE))] * 2


def test_without_a_context_nothing_is_filtered(small_rag: Rag) -> None:
    rag = Listening(small_rag)
    OwnSystem(rag).ask(Case("X", "number", QUESTION))
    assert not rag.asked[0][2]


def test_a_conversation_as_one_query() -> None:
    assert (
        joined_question(Case("X", "follow_up", "那里呢？", turns=("甲是多少？", "乙呢？")))
        == "甲是多少？ 乙呢？ 那里呢？"
    )
    assert joined_question(Case("X", "number", "多少？")) == "多少？"


def test_sources_are_distinct_and_in_order() -> None:
    passages = [Retrieved(source, "x") for source in ("b", "a", "b", "c", "a")]
    assert sources_of(passages) == ("b", "a", "c")
    assert sources_of(()) == ()


def test_a_system_without_answers() -> None:
    assert Response((), 0.0, 1.0).answer is None
