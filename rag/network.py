"""The reader's network: an encoder with a relevance logit and the start and end of an answer, and its file."""

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

ATTENTION = "one_product"


def build_network(settings: dict[str, Any]) -> Any:
    """The untrained network: an encoder, `span` (start and end logits) and `relevance` (one logit)."""
    import torch
    from transformers import BertConfig, BertModel
    from transformers.masking_utils import ALL_MASK_ATTENTION_FUNCTIONS, eager_mask
    from transformers.modeling_utils import ALL_ATTENTION_FUNCTIONS

    ALL_ATTENTION_FUNCTIONS.register(ATTENTION, _attention)
    ALL_MASK_ATTENTION_FUNCTIONS.register(ATTENTION, eager_mask)
    config = BertConfig(**settings | {"attn_implementation": ATTENTION})
    return torch.nn.ModuleDict(
        {
            "encoder": BertModel(config, add_pooling_layer=False),
            "span": torch.nn.Linear(config.hidden_size, 2),
            "relevance": torch.nn.Linear(config.hidden_size, 1),
        }
    )


def padded(pairs: Sequence[tuple[list[int], list[int]]], padding: int) -> dict[str, Any]:
    """The (ids, types) of some pairs as a batch of one length with its attention mask; int64, shape (n, tokens)."""
    import torch

    length = max(len(ids) for ids, _ in pairs)
    missing = [length - len(ids) for ids, _ in pairs]
    return {
        "input_ids": torch.tensor([ids + [padding] * m for (ids, _), m in zip(pairs, missing, strict=True)]),
        "token_type_ids": torch.tensor([types + [0] * m for (_, types), m in zip(pairs, missing, strict=True)]),
        "attention_mask": torch.tensor([[1] * (length - m) + [0] * m for m in missing]),
    }


def run_network(network: Any, batch: dict[str, Any]) -> tuple[Any, Any]:
    """Relevance logits (n,) and start and end logits (n, 2, tokens) of a batch, float32; padding is -inf."""
    states = network["encoder"](**batch).last_hidden_state
    relevance = network["relevance"](states[:, 0]).float().squeeze(-1)
    span = network["span"](states).float().transpose(1, 2)
    readable = batch["attention_mask"].bool() & (batch["token_type_ids"] == 1)
    readable[:, 0] = True
    return relevance, span.masked_fill(~readable[:, None, :], float("-inf"))


def _attention(module: Any, query: Any, key: Any, value: Any, attention_mask: Any, **settings: Any) -> tuple[Any, None]:
    """Attention as two batched products: in bfloat16 on a CPU a third of the time of torch's own kernel."""
    import torch

    batch, heads, length, size = query.shape
    queries, keys, values = (part.reshape(batch * heads, length, size) for part in (query, key, value))
    scores = torch.bmm(queries * (settings.get("scaling") or size**-0.5), keys.transpose(1, 2))
    if attention_mask is not None:
        scores = (scores.view(batch, heads, length, length) + attention_mask).view(batch * heads, length, length)
    found = torch.bmm(torch.softmax(scores, -1), values).view(batch, heads, length, size)
    return found.transpose(1, 2).contiguous(), None


def load_network(path: Path) -> tuple[Any, Any]:
    """Network (float32, not training) and tokenizer of a weights file. Raises KeyError for a foreign file."""
    from safetensors import safe_open

    with safe_open(path, framework="pt") as kept:
        described = kept.metadata()
        tensors = {name: kept.get_tensor(name) for name in kept.keys()}  # noqa: SIM118 (not a dictionary)
    network = build_network(json.loads(described["network"]))
    network.load_state_dict({name: tensor.float() for name, tensor in tensors.items()})
    return network.eval(), make_tokenizer(described["tokenizer"])


def make_tokenizer(definition: str) -> Any:
    """The tokenizer of pairs: question first, then the window."""
    from tokenizers import Tokenizer

    return Tokenizer.from_str(definition)
