"""Scripted stand-ins that keep the real interfaces: a hashing embedder and the model that loads it."""

import zlib
from collections.abc import Callable, Iterator, Sequence
from itertools import pairwise

import numpy as np

from rag.errors import LlmFailed
from rag.llm import Llm
from rag.reader import Reading, Window

WINDOW = 512


class HashingEmbedder:
    """rag.embedding.Embedder over characters and character pairs; needs no model and no luck."""

    window = WINDOW

    def __init__(self, dimensions: int = 512) -> None:
        self.dimensions = dimensions
        self.fingerprint = f"hashing-{dimensions}"
        self.embedded = 0
        """Passages embedded so far."""

    def embed_query(self, query: str) -> np.ndarray:
        return self._vector(query)

    def embed_passages(self, passages: Sequence[str], progress: Callable[[int], None] | None = None) -> np.ndarray:
        vectors = np.zeros((len(passages), self.dimensions), np.float32)
        for row, passage in enumerate(passages):
            vectors[row] = self._vector(passage)
            self.embedded += 1
            if progress:
                progress(1)
        return vectors

    def count_tokens(self, passages: Sequence[str]) -> list[int]:
        return [len(passage) for passage in passages]

    def _vector(self, text: str) -> np.ndarray:
        parts = [*text, *map("".join, pairwise(text))]
        places = [zlib.crc32(part.encode("utf-8", "surrogatepass")) % self.dimensions for part in parts]
        counts = np.bincount(places or [0], minlength=self.dimensions).astype(np.float32)
        return counts / np.linalg.norm(counts)


class FailingEmbedder(HashingEmbedder):
    """Embeds `good` passages and then breaks, as a machine does that runs out of memory."""

    def __init__(self, good: int) -> None:
        super().__init__()
        self.good = good

    def embed_passages(self, passages: Sequence[str], progress: Callable[[int], None] | None = None) -> np.ndarray:
        if self.embedded + len(passages) > self.good:
            raise MemoryError("the scripted embedder breaks here")
        return super().embed_passages(passages, progress)


class ScriptedLlm(Llm):
    """Says its replies one after the other, a few characters at a time; a reply that is an error is raised midway."""

    def __init__(self, *replies: str | LlmFailed, first: str = "") -> None:
        self.name = "scripted"
        self.replies, self.first = list(replies), first
        self.asked: list[list[tuple[str, str]]] = []
        """The messages of every request."""
        self.closed = 0
        """Requests that were given up."""

    def write(self, messages: Sequence[tuple[str, str]]) -> Iterator[str]:  # type: ignore[override]
        self.asked.append(list(messages))
        return self._said(self.replies.pop(0))

    def _said(self, reply: str | LlmFailed) -> Iterator[str]:
        try:
            yield ""
            if isinstance(reply, LlmFailed):
                yield self.first
                raise reply
            for start in range(0, len(reply), 5):
                yield reply[start : start + 5]
        except GeneratorExit:
            self.closed += 1
            raise

    def count_tokens(self, text: str) -> int:
        return len(text)

    def close(self) -> None:
        """Nothing to end."""


class FakeModel:
    """rag.embedding.Model around a HashingEmbedder; says how often it was loaded and what it embedded."""

    def __init__(self, embedder: HashingEmbedder | None = None) -> None:
        self._embedder = embedder or HashingEmbedder()
        self.fingerprint = self._embedder.fingerprint
        self.loaded = 0

    @property
    def embedded(self) -> int:
        """Passages embedded so far."""
        return self._embedder.embedded

    def load(self) -> HashingEmbedder:
        self.loaded += 1
        return self._embedder


class ScriptedReader:
    """rag.reader.Reader that finds an answer wherever given words stand; remembers what it was given to read."""

    def __init__(self, words: str, *, found: float = 4.0, missing: float = -6.0, limit: int = 10) -> None:
        self.words, self.found, self.missing, self.limit = words, found, missing, limit
        self.batches: list[tuple[Window, ...]] = []

    def read(self, question: str, windows: Sequence[Window]) -> tuple[Reading, ...]:
        self.batches.append(tuple(windows))
        return tuple(self._reading(window) for window in windows)

    def _reading(self, window: Window) -> Reading:
        shares = tuple(float(self.words in sentence) for sentence in window.sentences)
        return Reading(self.found if any(shares) else self.missing, shares)
