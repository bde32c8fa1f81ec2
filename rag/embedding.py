"""The door to sentence-transformers and torch: texts in, unit float32 vectors out."""

import hashlib
import json
import logging
import os
import platform
import threading
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any, Protocol

import numpy as np

from rag import texts
from rag.bundled import FINGERPRINT as BUNDLED_FINGERPRINT
from rag.bundled import unpacked_model
from rag.config import BUNDLED, Config, quiet_libraries
from rag.errors import ModelUnavailable

logger = logging.getLogger(__name__)
BATCH = 16
QUERY_THREADS = 1
"""Two threads gain little on one short text and wait for each other on a busy machine (p50 150 ms against 25)."""
CODE_SUFFIXES = {".py", ".bin", ".pt", ".pth", ".pkl", ".pickle", ".ckpt"}
PROBE_TEXT = "县域金融机构应当加大对小微企业和农户的信贷支持力度，完善信用体系，防范金融风险。" * 8


class Embedder(Protocol):
    """What the index needs of a model; vectors are float32, unit length, shape (n, dimensions)."""

    fingerprint: str
    dimensions: int
    window: int

    def embed_query(self, query: str) -> np.ndarray:
        """Embed what is searched; shape (dimensions,)."""

    def embed_passages(self, passages: Sequence[str], progress: Callable[[int], None] | None = None) -> np.ndarray:
        """Embed what is found; `progress` receives the number of texts done since its last call."""

    def count_tokens(self, passages: Sequence[str]) -> list[int]:
        """Tokens of each passage as the model would read it, prompt and specials included."""


class Model(Protocol):
    """A model that is known before it is loaded."""

    fingerprint: str

    def load(self) -> Embedder:
        """The loaded model; the same one at every call. Raises ModelUnavailable with the cure."""


class ConfiguredModel:
    """The model that the configuration names; loading it takes seconds and happens once."""

    def __init__(self, config: Config) -> None:
        """Raises ModelUnavailable if the model is absent or refused."""
        self._config = config
        self._lock = threading.Lock()
        self._loaded: Embedder | None = None
        self.fingerprint = _fingerprint(config)

    def load(self) -> Embedder:
        """The loaded model; the same one at every call. Raises ModelUnavailable with the cure."""
        with self._lock:
            if self._loaded is None:
                directory = _model_directory(self._config)
                self._loaded = SentenceTransformerEmbedder(directory, self.fingerprint, self._config.cache_dir)
            return self._loaded


def _fingerprint(config: Config) -> str:
    if config.embedding_model == BUNDLED:
        return BUNDLED_FINGERPRINT
    directory = _model_directory(config)
    digest = hashlib.sha256()
    for path in sorted(directory.rglob("*")):
        if path.suffix in {".safetensors", ".json", ".txt", ".model"} and path.is_file():
            digest.update(path.relative_to(directory).as_posix().encode())
            digest.update(hashlib.sha256(path.read_bytes()).digest())
    return f"{directory.name}-{digest.hexdigest()[:16]}"


def _model_directory(config: Config) -> Path:
    if config.embedding_model == BUNDLED:
        return unpacked_model(config.cache_dir)
    directory = Path(config.embedding_model).expanduser()
    if not directory.is_dir():
        directory = _hub_snapshot(config.embedding_model)
    _refuse_code(directory)
    return directory


def _hub_snapshot(name: str) -> Path:
    from huggingface_hub import snapshot_download
    from huggingface_hub.errors import HfHubHTTPError, HFValidationError, LocalEntryNotFoundError

    try:
        return Path(snapshot_download(name, allow_patterns=["*.safetensors", "*.json", "*.txt", "*.model"]))
    except (HfHubHTTPError, HFValidationError, LocalEntryNotFoundError, OSError) as error:
        raise ModelUnavailable(texts.MODEL_NOT_FOUND.format(name=name)) from error


def _refuse_code(directory: Path) -> None:
    """A model directory can run code when it is loaded, whatever trust_remote_code says."""
    for path in directory.rglob("*"):
        if path.suffix.lower() in CODE_SUFFIXES:
            raise ModelUnavailable(texts.MODEL_HAS_CODE.format(path=path))
    for required in ("modules.json", "config.json"):
        if not (directory / required).exists():
            raise ModelUnavailable(texts.MODEL_INCOMPLETE.format(directory=directory, missing=required))


class SentenceTransformerEmbedder:
    """A sentence-transformers model with its number type and thread count chosen by a probe."""

    def __init__(self, directory: Path, fingerprint: str, cache_dir: Path) -> None:
        quiet_libraries()
        import torch
        from sentence_transformers import SentenceTransformer

        self.fingerprint = fingerprint
        self._lock = threading.Lock()
        setting = _cpu_setting(directory, fingerprint, cache_dir)
        self._set_threads, self._bulk_threads = torch.set_num_threads, setting["threads"]
        self._model = SentenceTransformer(
            str(directory),
            device="cpu",
            local_files_only=True,
            model_kwargs={"dtype": getattr(torch, setting["dtype"])},
        )
        self.window = int(self._model.max_seq_length or 0)
        self.dimensions = int(self._model.get_embedding_dimension() or 0)
        self._passage_prompt = self._model.prompts.get("document") or self._model.prompts.get("passage") or ""

    def embed_query(self, query: str) -> np.ndarray:
        """Embed what is searched; shape (dimensions,)."""
        with self._lock:
            self._set_threads(QUERY_THREADS)
            return _unit(self._model.encode_query([query], show_progress_bar=False))[0]

    def embed_passages(self, passages: Sequence[str], progress: Callable[[int], None] | None = None) -> np.ndarray:
        """Embed what is found, longest first so that batches hold texts of one length."""
        vectors = np.empty((len(passages), self.dimensions), np.float32)
        order = sorted(range(len(passages)), key=lambda i: -len(passages[i]))
        for start in range(0, len(order), BATCH):
            batch = order[start : start + BATCH]
            with self._lock:
                self._set_threads(self._bulk_threads)
                found = self._model.encode_document(
                    [passages[i] for i in batch], batch_size=BATCH, show_progress_bar=False
                )
            vectors[batch] = _unit(found)
            if progress:
                progress(len(batch))
        return vectors

    def count_tokens(self, passages: Sequence[str]) -> list[int]:
        """Tokens of each passage as the model would read it, prompt and specials included."""
        if not passages:
            return []
        prompted = [self._passage_prompt + passage for passage in passages]
        return [len(ids) for ids in self._model.tokenizer(prompted, truncation=False, verbose=False)["input_ids"]]


def _unit(vectors: Any) -> np.ndarray:
    found = np.asarray(vectors, np.float32)
    return found / np.linalg.norm(found, axis=1, keepdims=True)


def _cpu_setting(directory: Path, fingerprint: str, cache_dir: Path) -> dict[str, Any]:
    """The fastest (number type, threads) on this machine, probed once and remembered."""
    machine = f"{platform.processor()}|{platform.machine()}|{os.cpu_count()}|{_cpu_flags()}|{fingerprint}"
    memory = cache_dir / f"cpu-{hashlib.sha256(machine.encode()).hexdigest()[:16]}.json"
    if memory.exists():
        setting = json.loads(memory.read_text(encoding="utf-8"))
    else:
        setting = _probe(directory)
        memory.parent.mkdir(parents=True, exist_ok=True)
        memory.write_text(json.dumps(setting), encoding="utf-8")
    logger.info(texts.LOG_CPU_SETTING, setting["dtype"], setting["threads"], setting["characters_per_second"])
    return dict(setting)


def _cpu_flags() -> str:
    info = Path("/proc/cpuinfo")
    if not info.exists():
        return ""
    return next((line for line in info.read_text().splitlines() if line.startswith("flags")), "")


def native_bfloat16() -> bool:
    """Whether this machine computes in bfloat16 by itself; elsewhere that crawls."""
    return any(flag in _cpu_flags() for flag in ("avx512_bf16", "amx_bf16"))


def _probe(directory: Path) -> dict[str, Any]:
    """Time one batch per setting; bfloat16 is tried only where it can be native (else it crawls)."""
    import torch
    from sentence_transformers import SentenceTransformer

    threads = max(1, min(os.cpu_count() or 1, torch.get_num_threads()))
    best: dict[str, Any] = {}
    for dtype in ("float32", "bfloat16") if native_bfloat16() else ("float32",):
        model = SentenceTransformer(
            str(directory), device="cpu", local_files_only=True, model_kwargs={"dtype": getattr(torch, dtype)}
        )
        for count in sorted({1, threads}):
            torch.set_num_threads(count)
            model.encode_document([PROBE_TEXT[:40]], show_progress_bar=False)
            started = time.perf_counter()
            model.encode_document([PROBE_TEXT] * 4, show_progress_bar=False)
            speed = round(4 * len(PROBE_TEXT) / (time.perf_counter() - started))
            if speed > best.get("characters_per_second", 0):
                best = {"dtype": dtype, "threads": count, "characters_per_second": speed}
    return best
