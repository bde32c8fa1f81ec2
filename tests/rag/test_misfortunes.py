"""Whatever becomes of the model, the reader has the quoted answer in time, with one sentence about it."""

import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from rag.chain import Rag
from rag.config import Config
from rag.llm import Llm
from rag.patience import Limits
from rag.types import Answer
from tests.fakes import FakeModel
from tests.faulty_llm import MODES, NOT_FOUND, REFUSED, FaultyLlm

QUESTION = "政府性融资担保机构平均担保费率原则上不超过多少"
LIMITS = Limits(first=0.8, gap=0.4, total=2.0, characters=300, received=300_000, pauses=(0.01, 0.02))
KIND = {"refused": REFUSED, "dns": NOT_FOUND}
WELL = {"obedient", "error_once", "reset_once", "thinking"}
LONGEST = 3.0 + LIMITS.total


@pytest.fixture(scope="module")
def server() -> Iterator[FaultyLlm]:
    with FaultyLlm(answer="平均担保费率原则上不超过9%，由县里统一决定。") as running:
        yield running


@pytest.fixture
def asked(server: FaultyLlm, small_index: Config, tmp_path: Path) -> Iterator[Callable[[str], list[Answer]]]:
    """Asks with a model that plays a misfortune: all snapshots."""
    opened: list[Rag] = []

    def ask(mode: str) -> list[Answer]:
        config = Config(llm=f"openai:{mode}", llm_base_url=KIND.get(mode, server.url), llm_api_key="sk-canary")
        own = replace(small_index, journal_url=f"sqlite:///{tmp_path / 'journal.sqlite'}")
        opened.append(Rag(own, FakeModel(), llm=Llm(config, LIMITS)))
        return list(opened[-1].stream(QUESTION))

    yield ask
    for rag in opened:
        rag.close()
    assert server.open == 0


@pytest.mark.parametrize("mode", sorted((set(MODES) | set(KIND)) - WELL))
def test_it_ends_in_the_quoted_answer(asked: Callable[[str], list[Answer]], small_rag: Rag, mode: str) -> None:
    plain = small_rag.ask(QUESTION)
    started = time.perf_counter()
    first, *_, last = asked(mode)
    assert time.perf_counter() - started < LONGEST
    assert first.sentences == last.sentences == plain.sentences
    assert (last.done, last.found, last.mode, last.draft) == (True, True, "extractive", "")
    (notice,) = last.notices
    assert notice.endswith("以下为原文摘录。")
    assert notice.count("。") <= 3
    assert "sk-canary" not in notice
    assert "9%" not in last.text
