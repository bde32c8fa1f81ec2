"""A tiny model of random weights as a GGUF file (version 3): enough for the engine to load, read and write."""

import random
import struct
from pathlib import Path

WIDTH, LAYERS, HEADS, INNER, WINDOW = 32, 1, 2, 64, 1024
TEXT_TYPE, FLOAT_TYPE, INTEGER_TYPE, LIST_TYPE, TRUTH_TYPE = 8, 6, 4, 9, 7
ALIGNMENT = 32
TEMPLATE = "{% for m in messages %}{{ m['role'] }}: {{ m['content'] }}\n{% endfor %}assistant:"


def write_tiny_model(path: Path) -> Path:
    """Write the model (about 150 kB; the same bytes each time); every byte is one token, so Chinese works."""
    tokens = ["<unk>", "<s>", "</s>", *(f"<0x{byte:02X}>" for byte in range(256)), "▁", "年", "假", "贷", "款"]
    settings = [_entry(name, kind, value) for name, kind, value in _settings(tokens)]
    shapes = _shapes(len(tokens))
    source, offset, described, bodies = random.Random(7), 0, [], []
    for name, shape in shapes:
        count = shape[0] * (shape[1] if len(shape) > 1 else 1)
        values = [1.0] * count if "norm" in name else [source.gauss(0.0, 0.3) for _ in range(count)]
        body = struct.pack(f"<{count}f", *values)
        sizes = struct.pack(f"<I{len(shape)}Q", len(shape), *shape)
        described.append(_text(name) + sizes + struct.pack("<IQ", 0, offset))
        bodies.append(body + b"\0" * (-len(body) % ALIGNMENT))
        offset += len(bodies[-1])
    head = b"GGUF" + struct.pack("<IQQ", 3, len(shapes), len(settings)) + b"".join(settings) + b"".join(described)
    path.write_bytes(head + b"\0" * (-len(head) % ALIGNMENT) + b"".join(bodies))
    return path


def _settings(tokens: list[str]) -> list[tuple[str, int, object]]:
    kinds = [2, 3, 3, *[6] * 256, *[1] * (len(tokens) - 259)]
    return [
        ("general.architecture", TEXT_TYPE, "llama"),
        ("general.name", TEXT_TYPE, "tiny"),
        ("llama.context_length", INTEGER_TYPE, WINDOW),
        ("llama.embedding_length", INTEGER_TYPE, WIDTH),
        ("llama.block_count", INTEGER_TYPE, LAYERS),
        ("llama.feed_forward_length", INTEGER_TYPE, INNER),
        ("llama.attention.head_count", INTEGER_TYPE, HEADS),
        ("llama.attention.head_count_kv", INTEGER_TYPE, HEADS),
        ("llama.attention.layer_norm_rms_epsilon", FLOAT_TYPE, 1e-5),
        ("llama.rope.dimension_count", INTEGER_TYPE, WIDTH // HEADS),
        ("llama.vocab_size", INTEGER_TYPE, len(tokens)),
        ("tokenizer.ggml.model", TEXT_TYPE, "llama"),
        ("tokenizer.ggml.tokens", LIST_TYPE, tokens),
        ("tokenizer.ggml.scores", LIST_TYPE, [-float(place) for place in range(len(tokens))]),
        ("tokenizer.ggml.token_type", LIST_TYPE, kinds),
        ("tokenizer.ggml.bos_token_id", INTEGER_TYPE, 1),
        ("tokenizer.ggml.eos_token_id", INTEGER_TYPE, 2),
        ("tokenizer.ggml.unknown_token_id", INTEGER_TYPE, 0),
        ("tokenizer.ggml.add_bos_token", TRUTH_TYPE, True),
        ("tokenizer.chat_template", TEXT_TYPE, TEMPLATE),
    ]


def _shapes(vocabulary: int) -> list[tuple[str, tuple[int, ...]]]:
    shapes: list[tuple[str, tuple[int, ...]]] = [
        ("token_embd.weight", (WIDTH, vocabulary)),
        ("output_norm.weight", (WIDTH,)),
        ("output.weight", (WIDTH, vocabulary)),
    ]
    for layer in range(LAYERS):
        square = [(f"blk.{layer}.{name}.weight", (WIDTH, WIDTH)) for name in ("attn_q", "attn_k", "attn_v")]
        shapes += [*square, (f"blk.{layer}.attn_output.weight", (WIDTH, WIDTH))]
        shapes += [(f"blk.{layer}.{name}.weight", (WIDTH, INNER)) for name in ("ffn_gate", "ffn_up")]
        shapes += [(f"blk.{layer}.ffn_down.weight", (INNER, WIDTH))]
        shapes += [(f"blk.{layer}.{name}.weight", (WIDTH,)) for name in ("attn_norm", "ffn_norm")]
    return shapes


def _entry(name: str, kind: int, value: object) -> bytes:
    return _text(name) + struct.pack("<I", kind) + _value(kind, value)


def _value(kind: int, value: object) -> bytes:
    if isinstance(value, list):
        inner = {str: TEXT_TYPE, float: FLOAT_TYPE, int: 5}[type(value[0])]
        return struct.pack("<IQ", inner, len(value)) + b"".join(_value(inner, item) for item in value)
    if isinstance(value, str):
        return _text(value)
    return struct.pack({FLOAT_TYPE: "<f", INTEGER_TYPE: "<I", 5: "<i", TRUTH_TYPE: "<?"}[kind], value)


def _text(value: str) -> bytes:
    encoded = value.encode("utf-8")
    return struct.pack("<Q", len(encoded)) + encoded
