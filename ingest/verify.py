"""Seventh step, run as a process of its own: does the index find what it holds?

`python -m ingest.verify DIRECTORY EXPECTED` where EXPECTED is JSON {"chunks": n, "sentences": m}.
Exit code 0 if counts agree and canaries find themselves.
"""

import json
import subprocess
import sys
from pathlib import Path

import numpy as np

from rag import generation
from rag.catalog import Catalog
from rag.config import ROOT
from rag.store import CHUNKS, SENTENCES, VectorStore

CANARIES = 500
SAME = 0.999
UNIT = 0.01
"""How far the length of a vector kept in half precision may be from 1."""


def failure_apart(directory: Path, chunks: int, sentences: int) -> str:
    """Verify in a process of its own, which damaged vector files may crash; '' if all is well."""
    expected = json.dumps({CHUNKS: chunks, SENTENCES: sentences})
    done = subprocess.run(  # noqa: S603
        [sys.executable, "-m", "ingest.verify", str(directory.resolve()), expected],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode == 0:
        return ""
    return ((done.stderr or done.stdout).strip().splitlines() or [str(done.returncode)])[-1]


def failures(directory: Path, expected: dict[str, int]) -> list[str]:
    """What is wrong with the vectors and the catalogue of a generation; empty if nothing is."""
    store = VectorStore(directory / generation.VECTORS)
    catalog = Catalog(directory / generation.CATALOG)
    found = []
    try:
        counts = {CHUNKS: len(catalog.chunk_sources), SENTENCES: len(catalog.sentence_chunks)}
        for name in (CHUNKS, SENTENCES):
            if not store.rows(name) == counts[name] == expected[name] or store.count(name) != store.distinct(name):
                held = f"{store.count(name)} ({store.distinct(name)})"
                found.append(f"{name}: {held}/{store.rows(name)}/{counts[name]}/{expected[name]}")
            found.extend(f"{name} {row}" for row in _lost(store, name))
    finally:
        catalog.close()
        store.close()
    return found


def _lost(store: VectorStore, name: str) -> list[int]:
    """Canary rows that are no unit vectors, or that a search for their own vector (or one as near) does not find."""
    rows = store.rows(name)
    lost = []
    for row in range(0, rows, max(1, rows // CANARIES)):
        vector = store.vector(name, row)
        nearest = store.nearest(name, vector, 5)
        found = row in nearest or store.similarities(name, vector, nearest).max(initial=0.0) >= SAME
        if not found or abs(float(np.linalg.norm(vector)) - 1) > UNIT:
            lost.append(row)
    return lost


if __name__ == "__main__":
    problems = failures(Path(sys.argv[1]), json.loads(sys.argv[2]))
    sys.stderr.write("\n".join(problems))
    sys.exit(1 if problems else 0)
