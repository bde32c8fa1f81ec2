"""A model completes a follow-up; it may bring in nothing that the conversation does not hold."""

import pytest

from rag.errors import LlmFailed
from rag.retrieve import Corpus
from rag.rewrite import rewritten
from rag.types import Answer, Turn
from tests.fakes import ScriptedLlm

BEFORE = Turn(
    "青山县2024年11月末涉农贷款余额是多少",
    Answer("青山县2024年11月末涉农贷款余额是多少", text="截至2024年11月末，青山县涉农贷款余额为45.1亿元。", found=True),
)
GOOD = "青山县2024年11月末涉农贷款余额同比增长多少？"
ASKED = "同比增长呢"


@pytest.mark.parametrize("said", [GOOD, f"完整问题：{GOOD}", f"“{GOOD}”\n多余的一行", f"\n{GOOD}"])
def test_a_whole_question(small_corpus: Corpus, said: str) -> None:
    assert rewritten(ScriptedLlm(said), ASKED, [BEFORE], small_corpus.lexical.lexicon).strip("？") == GOOD.strip("？")


@pytest.mark.parametrize(
    "said",
    [
        "青山县2023年11月末涉农贷款余额同比增长多少？",
        "青山县涉农贷款余额比45.9亿元增长多少？",
        "青山县与绿水县的涉农贷款余额同比增长多少？",
        "《青山县金融条例》里涉农贷款余额同比增长多少？",
        "同比增长呢",
        "",
        "青" * 400,
        LlmFailed("refused", "连不上"),
    ],
)
def test_what_the_gate_keeps_out(small_corpus: Corpus, said: str | LlmFailed) -> None:
    assert rewritten(ScriptedLlm(said), ASKED, [BEFORE], small_corpus.lexical.lexicon) == ""


def test_the_model_sees_the_conversation_as_it_was_understood(small_corpus: Corpus) -> None:
    llm = ScriptedLlm(GOOD)
    earlier = Turn("那2024年呢", Answer("那2024年呢", resolved="青山县2024年的情况", text="答", found=True))
    rewritten(llm, ASKED, [earlier, BEFORE], small_corpus.lexical.lexicon)
    said = llm.asked[0][-1][1]
    assert "青山县2024年的情况" in said
    assert said.endswith(f"新问题：{ASKED}")
