"""One writer at a time, across processes; the lock says who holds it and dies with its holder."""

import datetime
import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from rag import texts
from rag.errors import IngestBusy


@contextmanager
def writer_lock(index_dir: Path) -> Iterator[None]:
    """Hold the index folder's lock. Raises IngestBusy at once, naming the process that has it."""
    with (index_dir / "lock").open("a+", encoding="utf-8") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            file.seek(0)
            holder = file.read().strip() or "?"
            raise IngestBusy(texts.INGEST_BUSY.format(holder=holder)) from error
        file.truncate(0)
        started = datetime.datetime.now().astimezone().strftime("%H:%M:%S")
        file.write(texts.LOCK_HOLDER.format(pid=os.getpid(), started=started))
        file.flush()
        yield
