"""A bundled model of a few weights in place of the real one, and a reader that was trained on it."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
import torch

from tests.training.tiny import own_examples, unheard, write_bundled, write_lines
from training.train import train

EPOCHS, EXAMPLES = 2, 48
"""96 rows an epoch, three batches, six steps."""


@contextmanager
def steadily() -> Iterator[pytest.MonkeyPatch]:
    """One thread and no accelerator: sums come out the same to the last bit, whatever ran before."""
    before = torch.get_num_threads()
    torch.set_num_threads(1)
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("CUDA_VISIBLE_DEVICES", "")
        yield patch
    torch.set_num_threads(before)


@pytest.fixture(autouse=True)
def _steadily() -> Iterator[None]:
    with steadily():
        yield


@pytest.fixture(scope="session")
def tiny_cache(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A cache folder with the tiny bundled model; read it, don't change it."""
    cache = tmp_path_factory.mktemp("tiny") / "cache"
    write_bundled(cache)
    return cache


@pytest.fixture
def tiny_model(tiny_cache: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The environment in which the tiny model is the bundled one."""
    monkeypatch.setenv("KBQA_CACHE_DIR", str(tiny_cache))
    return tiny_cache


@pytest.fixture(scope="session")
def trained(tiny_cache: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The work folder of a finished training; read it, don't change it."""
    work = tmp_path_factory.mktemp("trained")
    write_lines(work / "train.jsonl", own_examples(EXAMPLES))
    with steadily() as patch:
        patch.setenv("KBQA_CACHE_DIR", str(tiny_cache))
        train(work, EPOCHS, unheard)
    return work
