"""The same Rag as LangChain's Runnable and retriever."""

import pytest
from langchain_core.documents import Document
from langchain_core.retrievers import BaseRetriever
from langchain_core.runnables import Runnable, RunnableLambda

from rag.chain import Rag
from rag.errors import QuestionRejected
from rag.types import BINDING, Answer, Filters, Turn

ASKED = "保险机构应当在多久内现场查勘"


class TestRunnable:
    def test_a_question(self, small_rag: Rag) -> None:
        runnable = small_rag.as_runnable()
        assert isinstance(runnable, Runnable)
        assert runnable.invoke(ASKED) == small_rag.ask(ASKED)

    def test_a_dict(self, small_rag: Rag) -> None:
        assert small_rag.as_runnable().invoke({"question": ASKED}) == small_rag.ask(ASKED)

    def test_a_dict_with_turns_and_filters(self, small_rag: Rag) -> None:
        first = small_rag.ask("《青山省农业保险条例》第三条")
        turns, filters = (Turn(first.question, first),), Filters(layers=(BINDING,))
        answer = small_rag.as_runnable().invoke({"question": "第二款呢", "turns": turns, "filters": filters})
        assert answer == small_rag.ask("第二款呢", turns, filters=filters)
        assert answer.resolved

    def test_a_batch(self, small_rag: Rag) -> None:
        questions = [ASKED, "平均担保费率原则上不超过多少", "台风什么时候登陆"]
        assert small_rag.as_runnable().batch(questions) == [small_rag.ask(question) for question in questions]

    def test_in_a_chain(self, small_rag: Rag) -> None:
        def text(answer: Answer) -> str:
            return answer.text

        assert (small_rag.as_runnable() | RunnableLambda(text)).invoke(ASKED) == small_rag.ask(ASKED).text

    def test_errors_come_through(self, small_rag: Rag) -> None:
        with pytest.raises(QuestionRejected):
            small_rag.as_runnable().invoke("")


class TestRetriever:
    def test_documents(self, small_rag: Rag) -> None:
        retriever = small_rag.as_retriever()
        assert isinstance(retriever, BaseRetriever)
        documents, passages = retriever.invoke(ASKED), small_rag.retrieve(ASKED)
        assert len(documents) == len(passages) > 0
        for document, passage in zip(documents, passages, strict=True):
            assert isinstance(document, Document)
            assert document.page_content == passage.chunk.text
            assert document.id == passage.chunk.id
            assert document.metadata["source"] == passage.chunk.source
            assert document.metadata["title"] == passage.chunk.title
            assert document.metadata["start"] == passage.chunk.start
            assert document.metadata["score"] == passage.score
            assert document.metadata["breadcrumb"].startswith(passage.chunk.title)

    def test_filters(self, small_rag: Rag) -> None:
        filters = Filters(sources=("notes/走访记录.txt",))
        documents = small_rag.as_retriever(filters).invoke(ASKED)
        assert {document.metadata["source"] for document in documents} == {"notes/走访记录.txt"}

    def test_a_batch(self, small_rag: Rag) -> None:
        first, second = small_rag.as_retriever().batch([ASKED, "担保费率"])
        assert first == small_rag.as_retriever().invoke(ASKED)
        assert first != second
