"""BM25 alone over the same chunks, words cut by jieba, k1 and b as bm25s has them."""

from collections.abc import Sequence

import bm25s
import numpy as np
import rjieba
from langchain_core.documents import Document

from eval.baselines.reply import reply
from eval.cases import Case
from eval.systems import Response

DEPTH = 10


class KeywordSearch:
    """BM25 over words; a prescribed context masks the other chunks."""

    name = "BM25"

    def __init__(self, chunks: Sequence[Document]) -> None:
        self._chunks = chunks
        self._segmenter = rjieba.Jieba()
        self._index = bm25s.BM25()
        self._index.index([self._words(chunk.page_content) for chunk in chunks], show_progress=False)
        self._sources = np.array([chunk.metadata["source"] for chunk in chunks])

    def ranked(self, question: str, sources: Sequence[str] = (), depth: int = DEPTH) -> list[tuple[Document, float]]:
        """(chunk, BM25), best first; chunks that share no word are left out."""
        words = [word for word in self._words(question) if word in self._index.vocab_dict]
        if not words:
            return []
        scores = np.asarray(self._index.get_scores(words), float)
        if sources:
            scores[~np.isin(self._sources, list(sources))] = 0.0
        best = np.argsort(-scores, kind="stable")[:depth]
        return [(self._chunks[index], float(scores[index])) for index in best if scores[index] > 0]

    def ask(self, case: Case) -> Response:
        """The best chunks; surer the higher the first one scores."""
        return reply(self.ranked, case)

    def _words(self, text: str) -> list[str]:
        return [word for word in self._segmenter.cut(text.lower()) if word.strip()]
