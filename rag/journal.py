"""The journal: every question with its answer and evidence, and the list of gaps; off the answering path."""

import datetime
import json
import queue
import threading
from pathlib import Path

from sqlalchemy import Boolean, Column, DateTime, Float, Integer, MetaData, String, Table, create_engine, insert, select
from sqlalchemy.exc import SQLAlchemyError

from rag import texts
from rag.errors import StorageFailed
from rag.types import Answer

METADATA = MetaData()
ASKED = Table(
    "asked",
    METADATA,
    Column("id", Integer, primary_key=True),
    Column("at", DateTime(timezone=True), nullable=False),
    Column("question", String, nullable=False),
    Column("resolved", String, nullable=False),
    Column("found", Boolean, nullable=False),
    Column("reason", String, nullable=False),
    Column("answer", String, nullable=False),
    Column("evidence", String, nullable=False),
    Column("generation", String, nullable=False),
    Column("seconds", Float, nullable=False),
)


class Journal:
    """Writes in a thread of its own; reads wait for what was written before."""

    def __init__(self, url: str) -> None:
        """Raises StorageFailed if the database cannot be opened."""
        try:
            self._engine = create_engine(url)
            METADATA.create_all(self._engine)
        except SQLAlchemyError as error:
            raise StorageFailed(texts.JOURNAL_FAILED.format(detail=type(error).__name__)) from error
        self._rows: queue.Queue[dict[str, object]] = queue.Queue()
        self._failed = ""
        threading.Thread(target=self._write, name="journal", daemon=True).start()

    @classmethod
    def beside(cls, index_dir: Path, url: str) -> "Journal":
        """The configured journal, or SQLite in the index folder."""
        return cls(url or f"sqlite:///{index_dir / 'journal.sqlite'}")

    def record(self, answer: Answer, generation: str, seconds: float) -> None:
        """Note a finished answer."""
        self._rows.put(
            {
                "at": datetime.datetime.now(datetime.UTC),
                "question": answer.question,
                "resolved": answer.resolved,
                "found": answer.found,
                "reason": answer.reason,
                "answer": answer.text,
                "evidence": json.dumps([p.chunk.id for p in answer.passages]),
                "generation": generation,
                "seconds": seconds,
            }
        )

    def gaps(self, limit: int = 100) -> list[tuple[datetime.datetime, str, str]]:
        """Questions that found no evidence, newest first: (when, question, reason)."""
        self.flush()
        query = select(ASKED.c.at, ASKED.c.question, ASKED.c.reason).where(~ASKED.c.found).order_by(ASKED.c.id.desc())
        with self._engine.connect() as connection:
            return [(at, question, reason) for at, question, reason in connection.execute(query.limit(limit))]

    def flush(self) -> None:
        """Wait until everything recorded is written. Raises StorageFailed if a write failed."""
        self._rows.join()
        failed, self._failed = self._failed, ""
        if failed:
            raise StorageFailed(texts.JOURNAL_FAILED.format(detail=failed))

    def _write(self) -> None:
        while True:
            row = self._rows.get()
            try:
                with self._engine.begin() as connection:
                    connection.execute(insert(ASKED), row)
            except SQLAlchemyError as error:
                self._failed = type(error).__name__
            finally:
                self._rows.task_done()
