"""Batches, losses, what is taken over from the bundled model, and a training that was cut off."""

import json
import math
from pathlib import Path

import pytest
import torch
from safetensors.torch import load_file

from rag.bundled import FINGERPRINT
from tests.training.conftest import EPOCHS, EXAMPLES
from tests.training.tiny import FOREIGN, PIECES, flat_network, ids, own_examples, unheard, write_lines
from training.examples import Row, epoch
from training.train import (
    BATCH,
    CHECKPOINT,
    LAYERS,
    POSITIONS,
    SEED,
    SETTINGS,
    TOKENIZER,
    _Trainer,
    batch_of,
    initial,
    loss_of,
    train,
)

CPU = torch.device("cpu")
ROWS = [Row([0, 5, 2, 6, 2], [0, 0, 0, 1, 1], 1.0, 3, 3), Row([0, 7, 2], [0, 0, 1], 0.0, 0, 0)]
WORDS = "embeddings.word_embeddings.weight"
STEPS = 6


def state_of(work: Path) -> dict[str, object]:
    return torch.load(work / CHECKPOINT, weights_only=True, map_location="cpu")


def same(first: list[torch.Tensor], second: list[torch.Tensor]) -> list[bool]:
    return [torch.equal(a, b) for a, b in zip(first, second, strict=True)]


def test_a_batch_is_padded() -> None:
    batch = batch_of(ROWS, 1, CPU)
    assert {name: tensor.tolist() for name, tensor in batch.items()} == {
        "input_ids": [[0, 5, 2, 6, 2], [0, 7, 2, 1, 1]],
        "token_type_ids": [[0, 0, 0, 1, 1], [0, 0, 1, 0, 0]],
        "attention_mask": [[1, 1, 1, 1, 1], [1, 1, 1, 0, 0]],
        "targets": [[1.0, 3.0, 3.0], [0.0, 0.0, 0.0]],
    }


class TestLoss:
    """A network that favours nothing: a span among k tokens costs log k, a relevance log 2."""

    def loss(self, *rows: Row, bias: tuple[float, float, float] = (0.0, 0.0, 0.0)) -> float:
        network = flat_network()
        with torch.no_grad():
            network["span"].bias[:] = torch.tensor(bias[:2])
            network["relevance"].bias[:] = bias[2]
            batch = batch_of(rows, 1, CPU)
            return float(loss_of(network, batch, batch.pop("targets")))

    def test_one(self) -> None:
        assert self.loss(ROWS[0]) == pytest.approx(math.log(3) + math.log(2))
        assert self.loss(ROWS[1]) == pytest.approx(math.log(2) + math.log(2))

    def test_padding_changes_nothing(self) -> None:
        assert self.loss(*ROWS) == pytest.approx((math.log(3) + math.log(2)) / 2 + math.log(2))

    def test_relevance(self) -> None:
        assert self.loss(ROWS[0], bias=(0, 0, 2.0)) == pytest.approx(math.log(3) + math.log(1 + math.exp(-2)))
        assert self.loss(ROWS[1], bias=(0, 0, 2.0)) == pytest.approx(math.log(2) + math.log(1 + math.exp(2)))


class TestInitial:
    def test_the_lower_layers_of_the_bundled_model(self, tiny_model: Path, tmp_path: Path) -> None:
        network, tokenizer = initial(tmp_path, own_examples(4))
        bundled = load_file(tiny_model / FINGERPRINT / "model.safetensors")
        own = network["encoder"].state_dict()
        assert [piece for piece in PIECES if tokenizer.token_to_id(piece) is None] == []
        assert [piece for piece in FOREIGN if tokenizer.token_to_id(piece) is not None] == []
        assert torch.equal(own[WORDS], bundled[WORDS][: len(PIECES)].float())
        positions = "embeddings.position_embeddings.weight"
        assert torch.equal(own[positions], bundled[positions][:POSITIONS].float())
        kinds = "embeddings.token_type_embeddings.weight"
        assert torch.equal(own[kinds], bundled[kinds][[0, 0]].float())
        assert {name.split(".")[2] for name in own if name.startswith("encoder.layer.")} == set(map(str, range(LAYERS)))
        taken = [name for name in own if not name.startswith("embeddings.") or "LayerNorm" in name]
        assert [name for name in taken if not torch.equal(own[name], bundled[name].float())] == []

    def test_only_the_words_stay_as_they_are(self, tiny_model: Path, tmp_path: Path) -> None:
        network, _ = initial(tmp_path, own_examples(4))
        fixed = [name for name, weight in network.named_parameters() if not weight.requires_grad]
        assert fixed == [f"encoder.{WORDS}"]

    def test_the_first_description_holds(self, tiny_model: Path, tmp_path: Path) -> None:
        initial(tmp_path, own_examples(4))
        described = json.loads((tmp_path / SETTINGS).read_text(encoding="utf-8"))
        assert described["kept"] == [*range(len(PIECES))]
        assert (described["network"]["vocab_size"], described["network"]["num_hidden_layers"]) == (len(PIECES), LAYERS)
        before = (tmp_path / TOKENIZER).read_bytes()
        initial(tmp_path, ())
        assert (tmp_path / TOKENIZER).read_bytes() == before


class TestTraining:
    def test_a_finished_training(self, trained: Path) -> None:
        state = state_of(trained)
        assert state["step"] == STEPS
        assert sorted(path.name for path in trained.iterdir()) == [CHECKPOINT, SETTINGS, TOKENIZER, "train.jsonl"]

    def test_every_trained_weight_moves(self, trained: Path, tiny_model: Path) -> None:
        torch.manual_seed(SEED)
        network, _ = initial(trained, ())
        before = [weight.detach().bfloat16().float() for weight in network.parameters() if weight.requires_grad]
        assert same(before, state_of(trained)["masters"]) == [False] * len(before)

    def test_progress(self, trained: Path, tiny_model: Path, tmp_path: Path) -> None:
        work = self.started(tmp_path)
        told: list[tuple[str, int, int]] = []
        train(work, 1, lambda *step: told.append(step))
        assert told == [("train", step, 3) for step in (1, 2, 3)]

    def test_going_on_gives_the_weights_of_one_run(self, trained: Path, tiny_model: Path, tmp_path: Path) -> None:
        work = self.started(tmp_path)
        self.cut_off(work, 4)
        cut_off = state_of(work)
        told: list[tuple[str, int, int]] = []
        train(work, EPOCHS, lambda *step: told.append(step))
        assert told == [("train", 5, STEPS), ("train", 6, STEPS)]
        whole, parted = state_of(trained), state_of(work)
        assert (cut_off["step"], parted["step"]) == (4, STEPS)
        assert parted["mean"] == whole["mean"]
        assert all(same(whole["masters"], parted["masters"]))
        assert not any(same(cut_off["masters"], parted["masters"]))

    def test_a_finished_training_is_left_alone(self, trained: Path, tiny_model: Path, tmp_path: Path) -> None:
        work = self.started(tmp_path)
        for name in (CHECKPOINT, SETTINGS, TOKENIZER):
            (work / name).write_bytes((trained / name).read_bytes())
        told: list[tuple[str, int, int]] = []
        train(work, EPOCHS, lambda *step: told.append(step))
        assert told == []
        assert all(same(state_of(trained)["masters"], state_of(work)["masters"]))

    def test_a_run_that_breaks_before_its_first_save_leaves_no_checkpoint(
        self, trained: Path, tiny_model: Path, tmp_path: Path
    ) -> None:
        def breaking(stage: str, done: int, total: int) -> None:
            if done == 2:
                raise KeyboardInterrupt

        work = self.started(tmp_path)
        with pytest.raises(KeyboardInterrupt):
            train(work, EPOCHS, breaking)
        assert not (work / CHECKPOINT).exists()
        train(work, EPOCHS, unheard)
        assert all(same(state_of(trained)["masters"], state_of(work)["masters"]))

    def test_a_batch_seen_again_costs_less(self, tiny_model: Path, tmp_path: Path) -> None:
        torch.manual_seed(SEED)
        network, tokenizer = initial(tmp_path, own_examples(BATCH))
        (rows,) = epoch(own_examples(BATCH // 2), tokenizer, BATCH, 1)
        trainer = _Trainer(network, 40)
        losses = []
        for number in range(1, 21):
            batch = batch_of(rows, 1, CPU)
            with torch.no_grad():
                losses.append(
                    float(loss_of(network, {k: v for k, v in batch.items() if k != "targets"}, batch["targets"]))
                )
            trainer.step(batch, number)
        assert losses[-1] < losses[0]

    @pytest.mark.parametrize(
        ("done", "share"), [(0.0, 0.0), (0.025, 0.5), (0.05, 1.0), (0.525, 0.5), (1.0, 0.0), (1.2, 0.0)]
    )
    def test_the_rate_warms_up_and_falls(self, done: float, share: float) -> None:
        assert _Trainer._schedule(done) == pytest.approx(share)

    def started(self, work: Path) -> Path:
        write_lines(work / "train.jsonl", own_examples(EXAMPLES))
        return work

    def cut_off(self, work: Path, last: int) -> None:
        """The checkpoint of a run over all epochs that ended after a step in the midst of one."""
        examples = own_examples(EXAMPLES)
        torch.manual_seed(SEED)
        network, tokenizer = initial(work, examples)
        trainer = _Trainer(network.to(torch.bfloat16), STEPS)
        batches = [rows for number in range(EPOCHS) for rows in epoch(examples, tokenizer, BATCH, SEED + number)]
        assert len(batches) == STEPS
        for step, rows in enumerate(batches[:last], 1):
            trainer.step(batch_of(rows, ids("<pad>")[0], CPU), step)
        trainer.save(work / CHECKPOINT, last)
