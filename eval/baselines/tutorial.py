"""The tutorial chain: RecursiveCharacterTextSplitter, Chroma, the same embedder, nearest chunks."""

import tempfile
from collections.abc import Callable, Sequence

import chromadb
from chromadb.config import Settings
from langchain_chroma import Chroma
from langchain_core.documents import Document
from langchain_core.embeddings import Embeddings

from eval.baselines.reply import reply
from eval.cases import Case
from eval.systems import Response
from rag.embedding import Embedder

DEPTH = 10
BATCH = 1000


class _SameEmbedder(Embeddings):
    """The product's embedder, with its prompts for questions and for passages."""

    def __init__(self, embedder: Embedder) -> None:
        self._embedder = embedder

    def embed_documents(self, texts: list[str]) -> list[list[float]]:
        return self._embedder.embed_passages(texts).tolist()

    def embed_query(self, text: str) -> list[float]:
        return self._embedder.embed_query(text).tolist()


class TutorialChain:
    """Dense search over fixed chunks; a prescribed context is a metadata filter."""

    name = "教程链"

    def __init__(self, chunks: Sequence[Document], embedder: Embedder, progress: Callable[[int], None]) -> None:
        self._folder = tempfile.TemporaryDirectory(prefix="kbqa-eval-")
        client = chromadb.PersistentClient(self._folder.name, settings=Settings(anonymized_telemetry=False))
        self._store = Chroma(
            client=client,
            collection_name="tutorial",
            embedding_function=_SameEmbedder(embedder),
            collection_configuration={"hnsw": {"space": "cosine"}},
        )
        self._client = client
        for first in range(0, len(chunks), BATCH):
            batch = list(chunks[first : first + BATCH])
            self._store.add_documents(batch, ids=[str(first + index) for index in range(len(batch))])
            progress(len(batch))

    def ranked(self, question: str, sources: Sequence[str] = (), depth: int = DEPTH) -> list[tuple[Document, float]]:
        """(chunk, cosine similarity), nearest first."""
        allowed = {"source": {"$in": list(sources)}} if sources else None
        found = self._store.similarity_search_with_score(question, k=depth, filter=allowed)  # type: ignore[arg-type]
        return [(document, 1 - distance) for document, distance in found]

    def ask(self, case: Case) -> Response:
        """The nearest chunks; surer the nearer the first one is."""
        return reply(self.ranked, case)

    def close(self) -> None:
        """Release Chroma and its folder."""
        self._client.close()  # type: ignore[attr-defined]
        self._folder.cleanup()
