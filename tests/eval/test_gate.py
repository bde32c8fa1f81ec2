"""The gate: the shipped test questions on the shipped knowledge base with the shipped model."""

import pytest

from eval.cases import load_cases
from eval.score import Score, score
from rag.chain import Rag
from rag.retrieve import Corpus
from rag.types import Answer
from tests.rag.answers import assert_sound


@pytest.fixture(scope="module")
def answers(kb_rag: Rag) -> dict[str, Answer]:
    return {case.id: kb_rag.ask(case.question) for case in load_cases("in_scope_test")}


@pytest.fixture(scope="module")
def scores(answers: dict[str, Answer]) -> list[Score]:
    return [score(case, answers[case.id]) for case in load_cases("in_scope_test")]


def ids(scores: list[Score]) -> str:
    return " ".join(s.case.id for s in scores)


def test_nearly_all_are_answered(scores: list[Score]) -> None:
    assert len(scores) == 120
    assert sum(s.answered for s in scores) >= 114, ids([s for s in scores if not s.answered])


def test_the_right_source_comes_first(scores: list[Score]) -> None:
    wrong = [s for s in scores if not s.right_source_first]
    assert len(scores) - len(wrong) >= 108, ids(wrong)


def test_numbers_are_right(scores: list[Score]) -> None:
    asked = [s for s in scores if s.case.values]
    wrong = [s for s in asked if not s.values_right]
    assert len(asked) >= 40
    assert len(wrong) <= 0.05 * len(asked), ids(wrong)


def test_the_quote_is_cited_and_found(scores: list[Score]) -> None:
    assert sum(s.quote_cited for s in scores) >= 105, ids([s for s in scores if not s.quote_cited])
    deep = [s for s in scores if not 1 <= s.passage_rank <= 5]
    assert len(scores) - len(deep) >= 114, ids(deep)


def test_every_answer_is_sound(answers: dict[str, Answer], kb_corpus: Corpus) -> None:
    for answer in answers.values():
        assert_sound(answer, kb_corpus.catalog)


def test_foreign_questions_are_refused(kb_rag: Rag) -> None:
    cases = load_cases("out_of_scope_test")
    answered = [case.id for case in cases if kb_rag.ask(case.question).found]
    assert len(cases) == 60
    assert len(cases) - len(answered) >= 57, answered
