"""The evaluation over the shipped knowledge base: our own cases, the product and what a user would build instead."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from eval import texts
from eval.baselines.fusion import RankFusion
from eval.baselines.keyword import KeywordSearch
from eval.baselines.splitting import split_files
from eval.baselines.tutorial import TutorialChain
from eval.cases import Case
from eval.run import Asked, Progress, ask_all, document
from eval.speed import time_answers
from eval.systems import OWN, UNREAD, OwnSystem
from rag import Config, build_rag
from rag.chain import Rag
from rag.config import OFF
from rag.embedding import ConfiguredModel, Embedder, Model

TIMED = 100
CORPUS = "kb"


def evaluate(
    config: Config, corpus: str, cases: Mapping[str, Sequence[Case]], progress: Progress, *, quick: bool = False
) -> dict[str, Any]:
    """Ask every case of the published index; beside it the baselines and timings unless `quick`.

    Raises KbqaError where there is no usable index or model.
    """
    model = ConfiguredModel(config)
    rag = build_rag(config, model)
    try:
        results = {OWN: ask_all(OwnSystem(rag), cases, progress)}
        speed: dict[str, float] = {}
        if not quick:
            results |= _unread(config, model, cases, progress)
            results |= _beside(config, rag, model.load(), cases, progress)
            questions = [case.question for members in cases.values() for case in members if not case.turns]
            progress(texts.STAGE_SPEED, 0, 0)
            speed = time_answers(rag, model.load(), questions[:: max(1, len(questions) // TIMED)]).figures()
        return document(corpus, config, rag.generation(), results, speed)
    finally:
        rag.close()


def _unread(
    config: Config, model: Model, cases: Mapping[str, Sequence[Case]], progress: Progress
) -> dict[str, list[Asked]]:
    """The product without its reader; nothing where it has none."""
    if config.reader == OFF:
        return {}
    rag = build_rag(replace(config, reader=OFF), model)
    try:
        return {UNREAD: ask_all(OwnSystem(rag, UNREAD), cases, progress)}
    finally:
        rag.close()


def _beside(
    config: Config, rag: Rag, embedder: Embedder, cases: Mapping[str, Sequence[Case]], progress: Progress
) -> dict[str, list[Asked]]:
    """The baselines over the same files."""
    chunks = split_files(config.kb_dir, list(rag.titles()))
    done = 0

    def embedded(step: int) -> None:
        nonlocal done
        done += step
        progress(texts.STAGE_BASELINE, done, len(chunks))

    progress(texts.STAGE_BASELINE, 0, len(chunks))
    tutorial = TutorialChain(chunks, embedder, embedded)
    keyword = KeywordSearch(chunks)
    try:
        systems = (tutorial, keyword, RankFusion(tutorial, keyword))
        return {system.name: ask_all(system, cases, progress) for system in systems}
    finally:
        tutorial.close()
