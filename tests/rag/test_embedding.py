"""Which model directories are taken, and which are refused before anything of them is loaded."""

from pathlib import Path

import pytest

from rag.bundled import FINGERPRINT, unpacked_model
from rag.config import Config
from rag.embedding import ConfiguredModel, Embedder
from rag.errors import ModelUnavailable
from tests.fakes import FakeModel, HashingEmbedder


@pytest.fixture
def directory(tmp_path: Path) -> Path:
    """What looks like a model directory from outside."""
    path = tmp_path / "model"
    path.mkdir()
    for name in ("modules.json", "config.json", "model.safetensors"):
        (path / name).write_text("{}", encoding="ascii")
    return path


def model(directory: Path, tmp_path: Path) -> ConfiguredModel:
    return ConfiguredModel(Config(embedding_model=str(directory), cache_dir=tmp_path / "cache"))


@pytest.mark.parametrize(
    "name", ["modeling.py", "pytorch_model.bin", "1_Pooling/weights.pt", "deep/er/x.PKL", "a.ckpt", "b.pth", "c.pickle"]
)
def test_a_directory_that_holds_code_is_refused(directory: Path, tmp_path: Path, name: str) -> None:
    path = directory / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.touch()
    with pytest.raises(ModelUnavailable, match=path.name):
        model(directory, tmp_path)


@pytest.mark.parametrize("name", ["modules.json", "config.json"])
def test_an_incomplete_directory_is_refused(directory: Path, tmp_path: Path, name: str) -> None:
    (directory / name).unlink()
    with pytest.raises(ModelUnavailable, match=name):
        model(directory, tmp_path)


def test_a_name_that_is_nowhere(tmp_path: Path) -> None:
    with pytest.raises(ModelUnavailable, match="KBQA_EMBEDDING_MODEL"):
        model(Path("no-such/model"), tmp_path)


def test_the_fingerprint_follows_the_content(directory: Path, tmp_path: Path) -> None:
    before = model(directory, tmp_path).fingerprint
    assert before == model(directory, tmp_path).fingerprint
    assert before.startswith("model-")
    (directory / "model.safetensors").write_text("other weights", encoding="ascii")
    assert model(directory, tmp_path).fingerprint != before


def test_the_bundled_model_is_known_before_it_is_unpacked(tmp_path: Path) -> None:
    assert ConfiguredModel(Config(cache_dir=tmp_path)).fingerprint == FINGERPRINT
    assert list(tmp_path.iterdir()) == []


def test_a_local_directory_gives_what_the_bundled_model_gives(bundled_embedder: Embedder, model_cache: Path) -> None:
    local = ConfiguredModel(Config(embedding_model=str(unpacked_model(model_cache)), cache_dir=model_cache))
    assert local.fingerprint != bundled_embedder.fingerprint, "another name, another index"


def test_the_fakes_are_models() -> None:
    """They implement what the index needs, and a model is loaded once."""
    fake = FakeModel()
    embedder: Embedder = fake.load()
    assert fake.load() is embedder
    assert fake.fingerprint == embedder.fingerprint
    assert isinstance(embedder, HashingEmbedder)
    similar = embedder.embed_passages(["涉农贷款余额", "农业保险条例"]) @ embedder.embed_query("涉农贷款的余额")
    assert similar[0] > similar[1]
