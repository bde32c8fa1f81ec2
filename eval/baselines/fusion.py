"""Dense and BM25 joined by reciprocal rank fusion, as LangChain's EnsembleRetriever and most peers do."""

import time

from eval.baselines.keyword import KeywordSearch
from eval.baselines.tutorial import TutorialChain
from eval.cases import Case
from eval.systems import Response, Retrieved, joined_question

DEPTH, RETURNED = 50, 10
CONSTANT = 60
"""Cormack, Clarke and Buettcher 2009; also EnsembleRetriever's default."""


class RankFusion:
    """Sum of 1 / (60 + rank) over both legs, equal weights."""

    name = "向量+BM25（RRF）"

    def __init__(self, dense: TutorialChain, keyword: KeywordSearch) -> None:
        self._legs = (dense, keyword)

    def ask(self, case: Case) -> Response:
        """The chunks with the highest sums; surer the higher the first sum is."""
        started = time.perf_counter()
        sums: dict[tuple[str, str], float] = {}
        for leg in self._legs:
            for rank, (chunk, _) in enumerate(leg.ranked(joined_question(case), case.context, DEPTH), 1):
                key = (chunk.metadata["source"], chunk.page_content)
                sums[key] = sums.get(key, 0.0) + 1 / (CONSTANT + rank)
        best = sorted(sums, key=lambda key: -sums[key])[:RETURNED]
        milliseconds = (time.perf_counter() - started) * 1000
        return Response(tuple(Retrieved(*key) for key in best), sums[best[0]] if best else 0.0, milliseconds)
