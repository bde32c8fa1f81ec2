"""Questions to begin with and to go on with: each of them has an answer."""

import pytest

from eval.cases import load_cases
from rag.chain import Rag
from rag.texts import CLERK, TRAINEE


class TestStarters:
    def test_both_audiences(self, kb_rag: Rag) -> None:
        starters = kb_rag.starters()
        assert {audience for audience, _ in starters} == {CLERK, TRAINEE}
        questions = [question for _, question in starters]
        assert len(set(questions)) == len(questions)
        assert all(1 <= sum(a == audience for a, _ in starters) <= 4 for audience in (CLERK, TRAINEE))

    def test_every_one_is_answered(self, kb_rag: Rag) -> None:
        for _, question in kb_rag.starters():
            answer = kb_rag.ask(question)
            assert answer.found, question
            assert answer.citations

    def test_they_are_made_from_what_is_there(self, small_rag: Rag) -> None:
        assert small_rag.starters()
        assert all(small_rag.ask(question).done for _, question in small_rag.starters())


class TestFollowUps:
    QUESTIONS = (
        "截至2024年底县域存贷比是多少，比全国低多少？",
        "《农业保险条例》第十四条",
        "论文的经验启示有哪些？",
        "存款保险最高偿付限额是多少",
        "川办发〔2018〕71号还有效吗",
    )

    @pytest.mark.parametrize("question", QUESTIONS)
    def test_at_most_three_and_all_answered(self, kb_rag: Rag, question: str) -> None:
        follow_ups = kb_rag.ask(question).follow_ups
        assert 1 <= len(follow_ups) <= 3
        for asked in follow_ups:
            assert kb_rag.ask(asked).found, asked

    def test_of_many_answers_nearly_all(self, kb_rag: Rag) -> None:
        asked = {next_ for case in load_cases("dev")[::6] for next_ in kb_rag.ask(case.question).follow_ups}
        answered = [question for question in asked if kb_rag.ask(question).found]
        assert len(asked) > 20
        assert set(answered) == asked

    def test_never_the_question_itself(self, kb_rag: Rag) -> None:
        for question in self.QUESTIONS:
            for asked in kb_rag.ask(question).follow_ups:
                assert asked not in kb_rag.ask(asked).follow_ups

    def test_they_are_repeatable(self, small_rag: Rag) -> None:
        question = "保险机构应当在多久内现场查勘"
        assert small_rag.ask(question).follow_ups == small_rag.ask(question).follow_ups != ()

    def test_a_refusal_leads_on(self, kb_rag: Rag) -> None:
        answer = kb_rag.ask("《存款保险法》第三条规定了什么")
        assert not answer.found
        assert len(answer.follow_ups) <= 3

    def test_figures_have_no_provisions(self, kb_rag: Rag) -> None:
        answer = kb_rag.ask("河南内乡县有多少农户获得授信")
        assert answer.citations[0].source.startswith("statistics/")
        assert not any("规定" in question for question in answer.follow_ups)
