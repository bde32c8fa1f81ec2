"""What the tests share: a small knowledge base, its index built once, the real bundled model, no network."""

import shutil
import socket
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import settings

from ingest.build import ingest
from rag import generation
from rag.chain import Rag
from rag.config import OFF, Config
from rag.embedding import ConfiguredModel, Embedder
from rag.retrieve import Corpus, open_corpus
from tests.fakes import FakeModel

settings.register_profile("steady", derandomize=True, database=None)
settings.load_profile("steady")
"""The same examples at every run: a test that fails today failed yesterday."""

ROOT = Path(__file__).resolve().parent.parent
SMALL_KB = ROOT / "tests" / "small_kb"
LOOPBACK = {"127.0.0.1", "::1", "localhost", "0.0.0.0"}


class NetworkUsed(AssertionError):
    """A test tried to leave this machine."""


@pytest.fixture(scope="session", autouse=True)
def _no_network() -> Iterator[None]:
    """Every connection that is not to this machine fails the test that made it."""

    def guarded(real: Callable[..., object]) -> Callable[..., object]:
        def connect(self: socket.socket, address: object) -> object:
            inet = self.family in (socket.AF_INET, socket.AF_INET6)
            if inet and isinstance(address, tuple) and address[0] not in LOOPBACK:
                raise NetworkUsed(f"A test tried to connect to {address}; tests must not use the network.")
            return real(self, address)

        return connect

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(socket.socket, "connect", guarded(socket.socket.connect))
        patch.setattr(socket.socket, "connect_ex", guarded(socket.socket.connect_ex))
        yield


@pytest.fixture(scope="session", autouse=True)
def _clean_environment() -> Iterator[None]:
    """The tests answer for themselves, whatever KBQA_ variables the shell has."""
    import os

    with pytest.MonkeyPatch.context() as patch:
        for name in [name for name in os.environ if name.startswith("KBQA_")]:
            patch.delenv(name)
        patch.setenv("HF_HUB_OFFLINE", "1")
        yield


@pytest.fixture(scope="session")
def shared() -> Path:
    """The folder ../shared of the workplace (laws and more); tests that need it skip without it."""
    path = ROOT.parent / "shared"
    if not path.is_dir():
        pytest.skip(f"{path} is absent: this test reads material that is kept outside the repository.")
    return path


@pytest.fixture
def small_kb(tmp_path: Path) -> Path:
    """A copy of the small hand-written knowledge base that the test may change."""
    return Path(shutil.copytree(SMALL_KB, tmp_path / "kb"))


@pytest.fixture(scope="session")
def small_index(tmp_path_factory: pytest.TempPathFactory) -> Config:
    """The configuration of an index of the small knowledge base, built once; read it, don't change it."""
    root = tmp_path_factory.mktemp("small")
    kb_dir = Path(shutil.copytree(SMALL_KB, root / "kb"))
    config = Config(kb_dir=kb_dir, index_dir=root / "index", cache_dir=root / "cache", reader=OFF)
    ingest(config, lambda *_: None, model=FakeModel())
    return config


@pytest.fixture
def own_index(small_index: Config, small_kb: Path, tmp_path: Path) -> Config:
    """A published index and its knowledge base as copies that the test may change."""
    index_dir = Path(shutil.copytree(small_index.index_dir, tmp_path / "index"))
    return Config(kb_dir=small_kb, index_dir=index_dir, cache_dir=tmp_path / "cache", reader=OFF)


@pytest.fixture(scope="session")
def small_corpus(small_index: Config) -> Iterator[Corpus]:
    """The opened generation of the small knowledge base."""
    corpus = open_corpus(generation.published(small_index.index_dir))
    yield corpus
    corpus.close()


@pytest.fixture(scope="session")
def small_rag(small_index: Config, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Rag]:
    """Answers from the small knowledge base; words are matched, meanings are not (the model is a fake)."""
    journal = tmp_path_factory.mktemp("small_journal") / "journal.sqlite"
    rag = Rag(replace(small_index, journal_url=f"sqlite:///{journal}"), FakeModel())
    yield rag
    rag.close()


@pytest.fixture(scope="session")
def model_cache() -> Path:
    """Where the bundled model is unpacked: the user's own cache, so that it happens once a machine."""
    return Config.from_env({}).cache_dir


@pytest.fixture(scope="session")
def bundled_model(model_cache: Path) -> ConfiguredModel:
    """The real bundled model, loaded at most once a session."""
    return ConfiguredModel(Config(cache_dir=model_cache))


@pytest.fixture(scope="session")
def bundled_embedder(bundled_model: ConfiguredModel) -> Embedder:
    """The real bundled model; loading it takes seconds."""
    return bundled_model.load()


@pytest.fixture(scope="session")
def kb_index(model_cache: Path, bundled_model: ConfiguredModel, tmp_path_factory: pytest.TempPathFactory) -> Config:
    """The configuration of an index of the shipped kb/ by the real model; building it takes most of a minute."""
    config = Config(index_dir=tmp_path_factory.mktemp("kb") / "index", cache_dir=model_cache)
    summary = ingest(config, lambda *_: None, model=bundled_model)
    assert not summary.problems, summary.problems
    return config


@pytest.fixture(scope="session")
def kb_rag(kb_index: Config, bundled_model: ConfiguredModel) -> Iterator[Rag]:
    """Answers from the shipped kb/ with the real model."""
    rag = Rag(kb_index, bundled_model)
    yield rag
    rag.close()


@pytest.fixture(scope="session")
def kb_corpus(kb_index: Config) -> Iterator[Corpus]:
    """The opened generation of the shipped kb/."""
    corpus = open_corpus(generation.published(kb_index.index_dir))
    yield corpus
    corpus.close()


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Whichever test comes first builds the index of kb/; on a busy machine that outlasts the usual limit."""
    for item in items:
        if "kb_index" in getattr(item, "fixturenames", ()):
            item.add_marker(pytest.mark.timeout(420))
