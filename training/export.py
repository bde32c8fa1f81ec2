"""The trained network -> the one file that the product reads."""

import hashlib
import json
from pathlib import Path

import torch

from training.train import CHECKPOINT, SETTINGS, TOKENIZER, initial

FORMAT = "1"


def export(work: Path, path: Path) -> str:
    """Write the weights as bfloat16 with tokenizer and settings; returns size and SHA-256."""
    from safetensors.torch import save_file

    network, _ = initial(work, ())
    state = torch.load(work / CHECKPOINT, weights_only=True)
    trained = [weight for weight in network.parameters() if weight.requires_grad]
    with torch.no_grad():
        for weight, master in zip(trained, state["masters"], strict=True):
            weight.copy_(master)
    described = json.loads((work / SETTINGS).read_text(encoding="utf-8"))
    tokenizer = (work / TOKENIZER).read_text(encoding="utf-8")
    path.parent.mkdir(parents=True, exist_ok=True)
    tensors = {name: tensor.to(torch.bfloat16).contiguous() for name, tensor in network.state_dict().items()}
    metadata = {"format": FORMAT, "network": json.dumps(described["network"]), "tokenizer": tokenizer}
    save_file(tensors, path, metadata=metadata)
    content = path.read_bytes()
    return f"{path}: {len(content) / 1e6:.1f} MB, step {state['step']}, SHA-256 {hashlib.sha256(content).hexdigest()}"
