"""Examples -> a network: span and relevance losses, from the bundled embedder's lower layers; resumable."""

import json
import logging
import math
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import torch

from rag.bundled import unpacked_model
from rag.config import Config
from rag.network import build_network, make_tokenizer, padded, run_network
from training.examples import Example, Progress, Row, epoch, read_examples, share_of
from training.vocabulary import pruned

logger = logging.getLogger(__name__)
LAYERS = 8
BATCH = 32
LEARNING_RATE, WARM_UP, DECAY = 1.5e-4, 0.05, 0.01
SAVED_EVERY = 250
SEED = 4
POSITIONS = 256
CHECKPOINT, TOKENIZER, SETTINGS = "checkpoint.pt", "tokenizer.json", "settings.json"


def train(work: Path, epochs: int, progress: Progress) -> None:
    """Train to the end of the epochs, going on from the checkpoint in `work` if there is one."""
    examples = read_examples(work / "train.jsonl")
    device = torch.device("cuda" if torch.cuda.is_available() else "cpu")
    torch.manual_seed(SEED)
    network, tokenizer = initial(work, examples)
    network.to(device=device, dtype=torch.bfloat16)
    trainer = _Trainer(network, math.ceil(sum(share_of(e.kind) for e in examples) * epochs / BATCH))
    done = trainer.restore(work / CHECKPOINT)
    step = 0
    for number in range(epochs):
        for rows in epoch(examples, tokenizer, BATCH, SEED + number):
            step += 1
            if step <= done:
                continue
            trainer.step(batch_of(rows, tokenizer.token_to_id("<pad>"), device), step)
            progress("train", step, trainer.steps)
            if step % SAVED_EVERY == 0:
                trainer.save(work / CHECKPOINT, step)
    trainer.save(work / CHECKPOINT, step)


def initial(work: Path, examples: Sequence[Example]) -> tuple[Any, Any]:
    """The network with the bundled embedder's weights, and its tokenizer; both described in `work`.

    Raises FileNotFoundError where there are neither a description nor examples to make one from.
    """
    from safetensors.torch import load_file

    directory = unpacked_model(Config.from_env().cache_dir)
    if examples and not (work / TOKENIZER).exists():
        texts = {text for e in examples for text in (e.question, e.context, *e.sentences)}
        definition, kept = pruned((directory / TOKENIZER).read_text(encoding="utf-8"), sorted(texts))
        settings = _settings(json.loads((directory / "config.json").read_text(encoding="utf-8")), len(kept))
        (work / TOKENIZER).write_text(definition, encoding="utf-8")
        (work / SETTINGS).write_text(json.dumps({"network": settings, "kept": kept}), encoding="utf-8")
    described = json.loads((work / SETTINGS).read_text(encoding="utf-8"))
    network = build_network(described["network"])
    weights = {name: tensor.float() for name, tensor in load_file(directory / "model.safetensors").items()}
    words, kinds = "embeddings.word_embeddings.weight", "embeddings.token_type_embeddings.weight"
    weights[words] = weights[words][described["kept"]]
    weights[kinds] = weights[kinds][:1].repeat(2, 1)
    weights["embeddings.position_embeddings.weight"] = weights["embeddings.position_embeddings.weight"][:POSITIONS]
    own = network["encoder"].state_dict()
    network["encoder"].load_state_dict({name: weights[name] for name in own})
    network["encoder"].embeddings.word_embeddings.weight.requires_grad_(False)
    return network, make_tokenizer((work / TOKENIZER).read_text(encoding="utf-8"))


def _settings(bundled: dict[str, Any], vocabulary: int) -> dict[str, Any]:
    names = ("hidden_size", "num_attention_heads", "intermediate_size", "layer_norm_eps", "hidden_act")
    return {name: bundled[name] for name in names} | {
        "num_hidden_layers": LAYERS,
        "vocab_size": vocabulary,
        "max_position_embeddings": POSITIONS,
        "type_vocab_size": 2,
        "pad_token_id": 1,
        "hidden_dropout_prob": 0.0,
        "attention_probs_dropout_prob": 0.0,
    }


def batch_of(rows: Sequence[Row], padding: int, device: torch.device) -> dict[str, torch.Tensor]:
    """Padded tensors of a batch and its targets."""
    targets = torch.tensor([[row.relevant, row.first, row.last] for row in rows])
    batch = padded([(row.ids, row.types) for row in rows], padding) | {"targets": targets}
    return {name: tensor.to(device) for name, tensor in batch.items()}


class _Trainer:
    """AdamW on float32 copies of the bfloat16 weights, linear warm-up and decay."""

    def __init__(self, network: Any, steps: int) -> None:
        self.steps = steps
        self._network = network
        self._weights = [weight for weight in network.parameters() if weight.requires_grad]
        self._masters = [weight.detach().float().clone().requires_grad_() for weight in self._weights]
        groups = [
            {"params": [m for m in self._masters if m.dim() > 1], "weight_decay": DECAY},
            {"params": [m for m in self._masters if m.dim() == 1], "weight_decay": 0.0},
        ]
        self._optimizer = torch.optim.AdamW(groups, lr=LEARNING_RATE, betas=(0.9, 0.98), fused=True)
        self._mean = 0.0

    def step(self, batch: dict[str, torch.Tensor], number: int) -> None:
        """One update."""
        targets = batch.pop("targets")
        for group in self._optimizer.param_groups:
            group["lr"] = LEARNING_RATE * self._schedule(number / self.steps)
        loss = loss_of(self._network, batch, targets)
        loss.backward()  # type: ignore[no-untyped-call]
        for weight, master in zip(self._weights, self._masters, strict=True):
            master.grad = weight.grad.float()
            weight.grad = None
        torch.nn.utils.clip_grad_norm_(self._masters, 1.0)
        self._optimizer.step()
        with torch.no_grad():
            for weight, master in zip(self._weights, self._masters, strict=True):
                weight.copy_(master)
        self._mean += (float(loss.detach()) - self._mean) * (0.02 if number > 1 else 1.0)
        if number % 50 == 0:
            logger.info("step %d of %d, loss %.3f", number, self.steps, self._mean)

    def save(self, path: Path, number: int) -> None:
        """Write the state whole or not at all."""
        state = {"step": number, "masters": self._masters, "optimizer": self._optimizer.state_dict()}
        torch.save(state | {"mean": self._mean}, path.with_suffix(".new"))
        path.with_suffix(".new").replace(path)

    def restore(self, path: Path) -> int:
        """The step to go on from; 0 without a checkpoint."""
        if not path.exists():
            return 0
        state = torch.load(path, weights_only=True)
        with torch.no_grad():
            for weight, master, kept in zip(self._weights, self._masters, state["masters"], strict=True):
                master.copy_(kept)
                weight.copy_(master)
        self._optimizer.load_state_dict(state["optimizer"])
        self._mean = state["mean"]
        return int(state["step"])

    @staticmethod
    def _schedule(done: float) -> float:
        return min(done / WARM_UP, max(0.0, (1 - done) / (1 - WARM_UP)))


def loss_of(network: Any, batch: dict[str, torch.Tensor], targets: torch.Tensor) -> torch.Tensor:
    """Cross-entropy of start and end (token 0 where nothing answers) and of relevance."""
    relevance, span = run_network(network, batch)
    ends = torch.nn.functional.cross_entropy(span.flatten(0, 1), targets[:, 1:].long().flatten())
    judged = torch.nn.functional.binary_cross_entropy_with_logits(relevance, targets[:, 0])
    return ends + judged
