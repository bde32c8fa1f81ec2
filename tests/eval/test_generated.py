"""With and without a language model in one run: the same question, both answers, the times between."""

import json
from dataclasses import replace
from pathlib import Path

import pytest

from eval.cases import Case, Gold
from eval.generated import Pair, ask_both, asked, figures, write_pairs
from rag.chain import Rag
from rag.config import Config
from rag.errors import ConfigError
from tests.fakes import FakeModel, ScriptedLlm

QUESTION = "政府性融资担保机构平均担保费率原则上不超过多少"
SOURCE = "policies/青财金〔2025〕11号-政府性融资担保管理办法.md"
QUOTE = "政府性融资担保机构平均担保费率原则上不超过 1%"
CASE = Case("c1", "number", QUESTION, gold=(Gold(SOURCE, QUOTE),), values=(("1%",),))
RIGHT = "平均担保费率原则上不超过1%。"
INVENTED = "青山省还发放一次性奖励。"


def pair_of(config: Config, folder: Path, said: str, case: Case = CASE) -> Pair | None:
    rag = Rag(replace(config, journal_url=f"sqlite:///{folder / 'j.sqlite'}"), FakeModel(), llm=ScriptedLlm(said))
    try:
        return asked(rag, case)
    finally:
        rag.close()


def test_both_answers_and_the_times_in_their_order(small_index: Config, tmp_path: Path) -> None:
    pair = pair_of(small_index, tmp_path, RIGHT)
    assert pair is not None
    assert pair.wrote
    assert pair.quoted.mode == "extractive"
    assert pair.first is not None
    assert pair.evidence <= pair.first <= pair.whole


def test_a_refused_question_is_left_out(small_index: Config, tmp_path: Path) -> None:
    assert pair_of(small_index, tmp_path, RIGHT, Case("c2", "number", "台风什么时候登陆")) is None


def test_figures_and_what_was_said_are_kept(small_index: Config, tmp_path: Path) -> None:
    pairs = [pair for said in (RIGHT, INVENTED) if (pair := pair_of(small_index, tmp_path, said))]
    found = figures(pairs)
    assert (found["asked"], found["written"]) == (2, 1)
    assert found["verdicts"] == {"改写有据": 1} or found["verdicts"] == {"原文直引": 1}
    assert found["right_quoted"]["rate"] == found["right_written"]["rate"] == 1.0
    assert found["unsupported"]["rate"] == 0.0
    kept = json.loads(write_pairs(pairs, "scripted", tmp_path / "runs").read_text(encoding="utf-8"))
    assert kept["answers"][0]["written"][0][0] == RIGHT
    assert kept["answers"][1]["written"] == []


def test_no_model_no_comparison() -> None:
    with pytest.raises(ConfigError, match="KBQA_LLM"):
        ask_both(Config(), [CASE], lambda *_: None)
