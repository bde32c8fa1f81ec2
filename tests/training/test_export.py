"""The exported file holds the trained network, and nothing is lost on the way but digits."""

import hashlib
import json
from pathlib import Path

import pytest
import torch
from safetensors import safe_open

from rag.network import load_network
from tests.training.tiny import ids, own_examples
from training.examples import epoch
from training.export import export
from training.train import BATCH, CHECKPOINT, SEED, SETTINGS, TOKENIZER, batch_of, initial, loss_of


@pytest.fixture
def exported(trained: Path, tiny_model: Path, tmp_path: Path) -> tuple[str, Path]:
    """What export said, and the file that it wrote."""
    path = tmp_path / "weights" / "reader.safetensors"
    return export(trained, path), path


def test_what_is_said(exported: tuple[str, Path]) -> None:
    said, path = exported
    content = path.read_bytes()
    digest = hashlib.sha256(content).hexdigest()
    assert said == f"{path}: {len(content) / 1_000_000:.1f} MB, step 6, SHA-256 {digest}"


def test_the_network_comes_back(exported: tuple[str, Path], trained: Path) -> None:
    network, _ = load_network(exported[1])
    bundled, _ = initial(trained, ())
    weights, before = dict(network.named_parameters()), dict(bundled.named_parameters())
    fixed = [name for name, weight in before.items() if not weight.requires_grad]
    (words,) = fixed
    masters = torch.load(trained / CHECKPOINT, weights_only=True)["masters"]
    expected = dict(zip([name for name in before if name != words], masters, strict=True)) | {words: before[words]}
    assert not network.training
    assert {weight.dtype for weight in weights.values()} == {torch.float32}
    assert weights.keys() == expected.keys()
    assert [n for n in weights if not torch.equal(weights[n], expected[n].detach().bfloat16().float())] == []
    assert not torch.equal(weights["span.weight"], before["span.weight"].bfloat16().float())


def test_the_tokenizer_comes_back(exported: tuple[str, Path]) -> None:
    _, tokenizer = load_network(exported[1])
    assert tokenizer.encode("费率为五。").ids == ids("▁ 费 率 为 五 。")


def test_what_the_file_says_of_itself(exported: tuple[str, Path], trained: Path) -> None:
    with safe_open(exported[1], framework="pt") as kept:
        described = kept.metadata()
        kinds = {kept.get_tensor(name).dtype for name in kept.keys()}  # noqa: SIM118 (not a dictionary)
    settings = json.loads((trained / SETTINGS).read_text(encoding="utf-8"))
    assert kinds == {torch.bfloat16}
    assert described.keys() == {"format", "network", "tokenizer"}
    assert described["format"] == "1"
    assert json.loads(described["network"]) == settings["network"]
    assert json.loads(described["tokenizer"]) == json.loads((trained / TOKENIZER).read_text(encoding="utf-8"))


def test_it_reads_better_than_what_the_training_began_with(exported: tuple[str, Path], trained: Path) -> None:
    torch.manual_seed(SEED)
    before, _ = initial(trained, ())
    after, tokenizer = load_network(exported[1])
    losses = []
    for network in (before, after):
        (rows,) = epoch(own_examples(BATCH // 2), tokenizer, BATCH, SEED)
        batch = batch_of(rows, tokenizer.token_to_id("<pad>"), torch.device("cpu"))
        with torch.no_grad():
            losses.append(float(loss_of(network, batch, batch.pop("targets"))))
    assert losses[1] < losses[0] - 0.005


def test_nothing_was_trained(trained: Path, tiny_model: Path, tmp_path: Path) -> None:
    for name in (SETTINGS, TOKENIZER):
        (tmp_path / name).write_bytes((trained / name).read_bytes())
    with pytest.raises(FileNotFoundError, match=CHECKPOINT):
        export(tmp_path, tmp_path / "reader.safetensors")
    assert not (tmp_path / "reader.safetensors").exists()
