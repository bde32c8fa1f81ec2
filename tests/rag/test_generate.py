"""A model's words over the evidence: checked, cited, labelled; whatever it does wrong costs nothing but the polish."""

from collections.abc import Callable, Iterator
from dataclasses import replace

import pytest

from rag import prompts, texts
from rag.chain import Rag
from rag.config import STRUCK, Config
from rag.errors import LlmFailed
from rag.generate import sentences_of
from rag.retrieve import Corpus
from rag.types import Answer
from tests.fakes import FakeModel, ScriptedLlm

QUESTION = "政府性融资担保机构平均担保费率原则上不超过多少"
RIGHT = "据《青山省政府性融资担保发展管理办法》，平均担保费率原则上不超过1%。"
WRONG_FIGURE = "据《青山省政府性融资担保发展管理办法》，平均担保费率原则上不超过3%。"
INVENTED = "青山省还给每家担保机构发放一次性奖励。"
Opened = Callable[..., tuple[Rag, ScriptedLlm]]


@pytest.fixture
def opened(small_index: Config, tmp_path) -> Iterator[Opened]:  # type: ignore[no-untyped-def]
    """Opens a Rag over the small knowledge base with a scripted model."""
    made: list[Rag] = []

    def open_one(*replies: str | LlmFailed, first: str = "", **settings: str) -> tuple[Rag, ScriptedLlm]:
        llm = ScriptedLlm(*replies, first=first)
        config = replace(small_index, journal_url=f"sqlite:///{tmp_path / 'journal.sqlite'}", **settings)
        made.append(Rag(config, FakeModel(), llm=llm))
        return made[-1], llm

    yield open_one
    for rag in made:
        rag.close()


def written_of(answer: Answer) -> list[str]:
    return [sentence.text for sentence in answer.sentences if sentence.written]


def quoted_of(answer: Answer) -> list[str]:
    return [sentence.text for sentence in answer.sentences if not sentence.written]


class TestChecked:
    def test_a_supported_sentence_stands_before_the_quotes(self, opened: Opened, small_rag: Rag) -> None:
        rag, _ = opened(RIGHT)
        answer, plain = rag.ask(QUESTION), small_rag.ask(QUESTION)
        assert answer.mode == "generated"
        assert written_of(answer) == [RIGHT]
        assert quoted_of(answer) == [sentence.text for sentence in plain.sentences]
        assert {c.quote for c in answer.citations} == {c.quote for c in plain.citations}
        first = answer.sentences[0]
        assert first.verdict == "改写有据"
        assert "平均担保费率" in next(c.quote for c in answer.citations if c.number in first.citations)
        assert texts.WRITTEN_HEADING.format(layer=first.layer) in answer.text

    def test_a_wrong_figure_never_reaches_the_reader(self, opened: Opened) -> None:
        rag, _ = opened(f"{RIGHT}{WRONG_FIGURE}")
        answer = rag.ask(QUESTION)
        assert "3%" not in answer.text
        assert all("3%" not in sentence.text for sentence in answer.sentences)

    def test_an_invention_is_removed(self, opened: Opened) -> None:
        rag, _ = opened(f"{RIGHT}{INVENTED}")
        assert written_of(rag.ask(QUESTION)) == [RIGHT]

    def test_or_struck_through_where_that_is_wanted(self, opened: Opened) -> None:
        rag, _ = opened(f"{RIGHT}{INVENTED}", unsupported=STRUCK)
        answer = rag.ask(QUESTION)
        struck = [s for s in answer.sentences if s.verdict == "未见依据"]
        assert [s.text for s in struck] == [INVENTED]
        assert struck[0].citations == ()
        assert INVENTED not in answer.text

    def test_too_little_left(self, opened: Opened, small_rag: Rag) -> None:
        rag, _ = opened(INVENTED)
        answer = rag.ask(QUESTION)
        assert answer.mode == "extractive"
        assert answer.sentences == small_rag.ask(QUESTION).sentences
        assert answer.notices == (texts.NOTICE_LLM_UNSUPPORTED,)

    @pytest.mark.parametrize("said", [prompts.REFUSAL, f"{prompts.REFUSAL}。", f"很抱歉，{prompts.REFUSAL}。"])
    def test_a_model_that_refuses(self, opened: Opened, said: str) -> None:
        rag, _ = opened(said)
        answer = rag.ask(QUESTION)
        assert (answer.found, answer.mode, answer.notices) == (True, "extractive", (texts.NOTICE_LLM_REFUSED,))

    def test_the_question_once_more_is_no_answer(self, opened: Opened) -> None:
        rag, _ = opened(f"{QUESTION}？{RIGHT}")
        assert written_of(rag.ask(QUESTION)) == [RIGHT]

    def test_a_scrap_with_a_figure_is_not_shown(self, opened: Opened) -> None:
        rag, _ = opened(f"{RIGHT}d=1)。")
        assert written_of(rag.ask(QUESTION)) == [RIGHT]

    def test_of_a_comparison_no_side_is_left_out(self, opened: Opened, small_rag: Rag) -> None:
        question = "单户担保金额上限和平均担保费率分别是多少？"
        limit, fee = "单户担保金额不超过1000万元。", "平均担保费率原则上不超过1%。"
        rag, _ = opened(fee, f"{limit}{fee}")
        answer = rag.ask(question)
        assert texts.NOTICE_LLM_ONE_SIDED in answer.notices
        assert answer.sentences == small_rag.ask(question).sentences
        assert written_of(rag.ask(question)) == [limit, fee]

    def test_markers_of_the_model_vanish(self, opened: Opened) -> None:
        rag, _ = opened(RIGHT.replace("。", "[9]【3】。[1, 2]"))
        answer = rag.ask(QUESTION)
        assert written_of(answer) == [RIGHT]
        assert "[9]" not in answer.text
        numbers = {number for sentence in answer.sentences for number in sentence.citations}
        assert numbers == {citation.number for citation in answer.citations}


class TestFailure:
    @pytest.mark.parametrize("first", ["", "平均担保费率原则上不超过"])
    def test_the_extractive_answer_stands(self, opened: Opened, small_rag: Rag, first: str) -> None:
        rag, _ = opened(LlmFailed("stalled", "大模型中途没有了回应。"), first=first)
        *_, answer = rag.stream(QUESTION)
        assert answer.done
        assert answer.mode == "extractive"
        assert answer.draft == ""
        assert answer.sentences == small_rag.ask(QUESTION).sentences
        assert answer.notices == ("大模型中途没有了回应。以下为原文摘录。",)

    def test_a_stopped_answer_ends_the_request(self, opened: Opened) -> None:
        rag, llm = opened(RIGHT * 40)
        snapshots = rag.stream(QUESTION)
        for snapshot in snapshots:
            if snapshot.draft:
                break
        snapshots.close()
        assert llm.closed == 1


class TestAsked:
    def test_the_evidence_is_on_screen_before_the_first_word(self, opened: Opened, small_rag: Rag) -> None:
        rag, llm = opened(RIGHT)
        snapshots = rag.stream(QUESTION)
        first = next(snapshots)
        assert llm.asked == []
        assert first.sentences == small_rag.ask(QUESTION).sentences
        assert (first.done, first.mode, first.draft) == (False, "generated", "")
        drafts = [snapshot.draft for snapshot in snapshots]
        assert drafts[-2] == RIGHT
        assert drafts[-1] == ""

    @pytest.mark.parametrize("question", ["台风什么时候登陆", "《青山省农业保险条例》第四条"])
    def test_refusals_and_look_ups_need_no_model(self, opened: Opened, small_rag: Rag, question: str) -> None:
        rag, llm = opened()
        assert replace(rag.ask(question), evidence=0.0) == replace(small_rag.ask(question), evidence=0.0)
        assert llm.asked == []

    def test_sources_are_data_and_trimmed_to_the_budget(self, opened: Opened, small_corpus: Corpus) -> None:
        rag, llm = opened(RIGHT, RIGHT)
        rag.ask(QUESTION)
        roles = [role for role, _ in llm.asked[0]]
        assert roles == ["system", "user", "assistant", "user"]
        sources = llm.asked[0][1][1]
        assert "平均担保费率原则上不超过 1%" in sources
        assert sources.count("【") < 40
        assert QUESTION in llm.asked[0][3][1]


@pytest.mark.parametrize(
    ("draft", "sentences"),
    [
        ("甲是1。乙是2！丙？", ["甲是1。", "乙是2！", "丙？"]),
        ("- 甲\n- **乙**\n\n3. 丙", ["甲", "乙", "丙"]),
        ("他说“可以。”然后走了。", ["他说“可以。”", "然后走了。"]),
        ("利率为3.5%。", ["利率为3.5%。"]),
        ("## 结论\n甲[1][2]；乙【3】。", ["结论", "甲；", "乙。"]),
        ("见https://a.example/b?c=1。甲? 乙", ["见https://a.example/b?c=1。", "甲?", "乙"]),
        ("……\n——", []),
        ("", []),
    ],
)
def test_sentences_of_a_draft(draft: str, sentences: list[str]) -> None:
    assert sentences_of(draft) == sentences
