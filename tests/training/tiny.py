"""A tokenizer of single characters, networks of a few hundred weights, and a bundled model of the same cut."""

import json
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any

import torch
from safetensors.torch import save_file
from tokenizers import Regex, Tokenizer, models, normalizers, pre_tokenizers, processors

from rag.bundled import FINGERPRINT
from rag.network import build_network, make_tokenizer
from training.examples import Example

SPECIAL = ("<s>", "<pad>", "</s>", "<unk>")
PIECES = (*SPECIAL, "▁", *"甲乙丙丁题担保费率为百分之五。？多少谁")
FOREIGN = ("の", "ん", "é", "the", "▁the")
"""Pieces that a tokenizer for Chinese finance texts can do without."""
CUT = {
    "hidden_size": 16,
    "num_attention_heads": 2,
    "intermediate_size": 32,
    "layer_norm_eps": 1e-12,
    "hidden_act": "gelu",
}
TOKENS = 256
BUNDLED_LAYERS, BUNDLED_TOKENS = 9, 300
"""One layer and some positions more than the reader takes over."""


def definition(pieces: Sequence[str] = PIECES) -> str:
    """A unigram tokenizer in the manner of the bundled one: a line end is a blank, a blank begins every text."""
    tokenizer = Tokenizer(models.Unigram([(piece, -2.0) for piece in pieces], unk_id=3))
    tokenizer.normalizer = normalizers.Replace(Regex("\n"), " ")
    tokenizer.pre_tokenizer = pre_tokenizers.Metaspace(replacement="▁", prepend_scheme="always", split=False)
    tokenizer.post_processor = processors.TemplateProcessing(
        single="<s> $A </s>", special_tokens=[("<s>", 0), ("</s>", 2)]
    )
    return tokenizer.to_str()


def tokenizer() -> Any:
    return make_tokenizer(definition())


def ids(tokens: str) -> list[int]:
    """Ids of blank-separated pieces."""
    return [PIECES.index(piece) for piece in tokens.split(" ")]


def settings(layers: int = 1, positions: int = TOKENS, vocabulary: int = len(PIECES)) -> dict[str, Any]:
    return CUT | {
        "num_hidden_layers": layers,
        "vocab_size": vocabulary,
        "max_position_embeddings": positions,
        "type_vocab_size": 2,
        "pad_token_id": 1,
        "hidden_dropout_prob": 0.0,
        "attention_probs_dropout_prob": 0.0,
    }


def flat_network() -> Any:
    """Every logit is 0."""
    network = build_network(settings())
    with torch.no_grad():
        for weight in network.parameters():
            weight.zero_()
    return network.eval()


def marking_network() -> Any:
    """Reads an answer from every 甲 to every 乙: their start and end logits are 8 * sqrt(2), all others 0."""
    network = flat_network()
    words = network["encoder"].embeddings.word_embeddings.weight
    with torch.no_grad():
        for module in network["encoder"].modules():
            if isinstance(module, torch.nn.LayerNorm):
                module.weight.fill_(1.0)
        for end, piece in enumerate("甲乙"):
            words[PIECES.index(piece), 2 * end], words[PIECES.index(piece), 2 * end + 1] = 1.0, -1.0
            network["span"].weight[end, 2 * end] = 4.0
    return network


def write_weights(network: Any, path: Path) -> None:
    """In the layout of the shipped file."""
    metadata = {"network": json.dumps(settings()), "tokenizer": definition()}
    save_file({name: tensor.contiguous() for name, tensor in network.state_dict().items()}, path, metadata=metadata)


def write_bundled(cache: Path) -> None:
    """What looks like the unpacked bundled model, with random weights."""
    folder = cache / FINGERPRINT
    folder.mkdir(parents=True)
    pieces = (*PIECES, *FOREIGN)
    described = settings(BUNDLED_LAYERS, BUNDLED_TOKENS, len(pieces))
    (folder / "config.json").write_text(json.dumps(described), encoding="utf-8")
    (folder / "tokenizer.json").write_text(definition(pieces), encoding="utf-8")
    torch.manual_seed(0)
    weights = build_network(described)["encoder"].state_dict()
    save_file({name: tensor.half().contiguous() for name, tensor in weights.items()}, folder / "model.safetensors")
    (folder / "complete").touch()


def write_lines(path: Path, examples: Sequence[Example]) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    lines = [json.dumps(asdict(example), ensure_ascii=False) + "\n" for example in examples]
    path.write_text("".join(lines), encoding="utf-8")


def own_examples(count: int) -> list[Example]:
    """Examples of which an epoch sees each twice; every second one is answered by 甲, the others by 乙丙."""
    answered = [("担保为甲。", (0, 3, 4)), ("费率为乙丙。", (0, 3, 5))]
    return [
        Example("own", "谁为" + "多少"[: i % 3], "题", ("丁。", answered[i % 2][0]), -1, (1, *answered[i % 2][1][1:]))
        for i in range(count)
    ]


def unheard(stage: str, done: int, total: int) -> None:
    """Progress that nobody looks at."""
