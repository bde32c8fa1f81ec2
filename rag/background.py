"""Work on an event loop in a thread of its own, cancelled from wherever it is given up; its words as an iterator."""

import asyncio
import queue
import threading
from collections.abc import Awaitable, Callable, Coroutine, Iterator
from concurrent.futures import Future
from typing import Any, TypeVar

TICK = 0.5
"""Seconds after which whoever waits for a silent model has the word again."""
Result = TypeVar("Result")


class Loop:
    """An event loop in a thread of its own, started when it is first needed."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._loop: asyncio.AbstractEventLoop | None = None
        self._thread: threading.Thread | None = None

    def submit(self, work: Coroutine[Any, Any, Result]) -> "Future[Result]":
        """Run it; cancelling the future cancels the work."""
        with self._lock:
            if self._loop is None:
                self._loop = asyncio.new_event_loop()
                self._thread = threading.Thread(target=self._loop.run_forever, name="llm", daemon=True)
                self._thread.start()
            return asyncio.run_coroutine_threadsafe(work, self._loop)

    def close(self) -> None:
        """Cancel all work and end the thread."""
        with self._lock:
            loop, thread, self._loop = self._loop, self._thread, None
            if loop is None or thread is None:
                return
            asyncio.run_coroutine_threadsafe(_cancel_others(), loop).result()
            loop.call_soon_threadsafe(loop.stop)
            thread.join()
            loop.close()


async def _cancel_others() -> None:
    others = asyncio.all_tasks() - {asyncio.current_task()}
    for task in others:
        task.cancel()
    await asyncio.gather(*others, return_exceptions=True)
    await asyncio.get_running_loop().shutdown_asyncgens()


class Writing(Iterator[str]):
    """The pieces of one answer as they come; '' every half second while the model is silent.

    The request begins with the first `next` and is cancelled upstream by `close`, from any thread, or when this is
    garbage. Raises LlmFailed where no whole answer comes; what has come until then is not an answer.
    """

    def __init__(self, begin: Callable[[Callable[[str], None]], "Future[None]"]) -> None:
        self._begin = begin
        self._pieces: queue.SimpleQueue[str | None] = queue.SimpleQueue()
        self._request: Future[None] | None = None
        self._closed = False

    def __next__(self) -> str:
        if self._closed:
            raise StopIteration
        if self._request is None:
            pieces = self._pieces
            self._request = self._begin(pieces.put)
            self._request.add_done_callback(lambda _: pieces.put(None))
        try:
            piece = self._pieces.get(timeout=TICK)
        except queue.Empty:
            return ""
        if piece is not None:
            return piece
        self._closed = True
        if not self._request.cancelled():
            self._request.result()
        raise StopIteration

    def close(self) -> None:
        """Cancel the request; whoever waits for a piece gets no more."""
        self._closed = True
        if self._request is not None:
            self._request.cancel()

    def __del__(self) -> None:
        self.close()


async def within(deadline: float, late: Exception, work: Awaitable[Result]) -> Result:
    """The result of the work; raises `late` at the deadline, a time of the event loop's clock."""
    try:
        async with asyncio.timeout_at(deadline):
            return await work
    except TimeoutError:
        raise late from None
