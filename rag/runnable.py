"""The door to LangChain: the same Rag as a Runnable and as a retriever."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from langchain_core.callbacks import CallbackManagerForRetrieverRun
from langchain_core.documents import Document
from langchain_core.retrievers import BaseRetriever
from langchain_core.runnables import Runnable, RunnableLambda
from pydantic import ConfigDict

from rag.types import Answer, Filters, Passage

if TYPE_CHECKING:
    from rag.chain import Rag


def as_runnable(rag: Rag) -> Runnable[str | dict[str, Any], Answer]:
    """A Runnable from a question (or {"question", "turns", "filters"}) to an Answer."""

    def answer(asked: str | dict[str, Any]) -> Answer:
        if isinstance(asked, str):
            return rag.ask(asked)
        return rag.ask(asked["question"], asked.get("turns", ()), filters=asked.get("filters", Filters()))

    return RunnableLambda(answer, name="kbqa")


def as_retriever(rag: Rag, filters: Filters) -> BaseRetriever:
    """A retriever whose documents carry source, title, breadcrumb, place and score as metadata."""
    return PassageRetriever(rag=rag, filters=filters)


class PassageRetriever(BaseRetriever):
    """Passages of a Rag as LangChain documents, best first."""

    model_config = ConfigDict(arbitrary_types_allowed=True)
    rag: Any
    filters: Filters

    def _get_relevant_documents(self, query: str, *, run_manager: CallbackManagerForRetrieverRun) -> list[Document]:
        return [_document(passage) for passage in self.rag.retrieve(query, self.filters)]


def _document(passage: Passage) -> Document:
    chunk = passage.chunk
    return Document(
        id=chunk.id,
        page_content=chunk.text,
        metadata={
            "source": chunk.source,
            "title": chunk.title,
            "breadcrumb": chunk.breadcrumb,
            "start": chunk.start,
            "score": passage.score,
        },
    )
