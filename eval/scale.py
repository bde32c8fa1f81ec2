"""How cost and recall grow with the knowledge base: build, disk, memory, answers and nearest vectors by size."""

import shutil
import time
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np

from eval.building import build
from eval.speed import resident_megabytes, time_answers
from eval.synthetic import write_corpus
from rag import Config, build_rag, generation
from rag.embedding import ConfiguredModel, Embedder
from rag.store import CHUNKS, SENTENCES, VectorStore

QUESTIONS = 200
NEIGHBOURS = 10


def measure_scale(config: Config, sizes: Sequence[int], folder: Path) -> list[dict[str, float]]:
    """Build and ask synthetic knowledge bases of these many chunks under `folder`; one row of figures a size.

    The folder is kept: a size that was built there is not built again. Raises KbqaError if a build fails.
    """
    return [_measured(config, size, folder.resolve() / str(size)) for size in sizes]


def _measured(config: Config, size: int, folder: Path) -> dict[str, float]:
    own = replace(config, kb_dir=folder / "kb", index_dir=folder / "index", journal_url="")
    shutil.rmtree(own.kb_dir, ignore_errors=True)
    corpus = write_corpus(own.kb_dir, size, QUESTIONS)
    built = build(own, folder / "build.json")
    manifest = generation.read_manifest(generation.published(own.index_dir))
    disk = sum(path.stat().st_size for path in own.index_dir.rglob("*") if path.is_file()) / 1e6
    sizes = {"chunks": manifest.chunks, "sentences": manifest.sentences, "characters": corpus.characters}
    return sizes | built | {"disk_megabytes": disk} | _asked(own, corpus.questions)


def _asked(config: Config, questions: Sequence[str]) -> dict[str, float]:
    """Seconds to open, milliseconds to answer, megabytes held, and recall of the nearest vectors."""
    model = ConfiguredModel(config)
    embedder = model.load()
    before, started = resident_megabytes(), time.perf_counter()
    rag = build_rag(config, model)
    opened = {"open_seconds": time.perf_counter() - started}
    figures = time_answers(rag, embedder, questions).figures()
    held = {"memory_megabytes": resident_megabytes(), "memory_over_model": resident_megabytes() - before}
    rag.close()
    return opened | figures | held | _recall(config, embedder, questions)


def _recall(config: Config, embedder: Embedder, questions: Sequence[str]) -> dict[str, float]:
    """Share of the ten exactly nearest rows that Chroma's ten hold (rows as near as the tenth count)."""
    store = VectorStore(generation.published(config.index_dir) / generation.VECTORS)
    vectors = [embedder.embed_query(question) for question in questions]
    found = {
        f"recall_{name}": float(np.mean([_found(store, name, v) for v in vectors])) for name in (CHUNKS, SENTENCES)
    }
    store.close()
    return found


def _found(store: VectorStore, name: str, vector: np.ndarray) -> float:
    exact = store.similarities(name, vector, np.arange(store.rows(name)))
    tenth = np.sort(exact)[-NEIGHBOURS:][0]
    nearest = store.nearest(name, vector, NEIGHBOURS)[:NEIGHBOURS]
    return float((exact[nearest] >= tenth).sum()) / min(NEIGHBOURS, len(exact))
