"""Patience with a language model: how long to wait, what to try again, when to leave it alone for a while."""

import threading
import time
from collections.abc import Callable
from dataclasses import dataclass

from rag import llm_texts
from rag.errors import LlmFailed

TRIED_AGAIN = {"refused", "dns", "unreachable", "reset", "limited", "server_error"}
"""Failures that may pass by themselves: of the connection, 429, 5xx."""
NOT_THE_SERVERS = {"filtered", "length", "too_long", "thinking", "reasoning_only", "rejected"}
"""Failures of one answer, from a server that is well."""


@dataclass(frozen=True, slots=True)
class Limits:
    """How long a model may take (seconds) and how much it may write for one answer."""

    first: float = 30.0
    """Until the first piece of the answer, all tries together."""
    gap: float = 10.0
    """Between two pieces."""
    total: float = 120.0
    characters: int = 4000
    received: int = 4_000_000
    """Bytes of one response, its wrapping and its thinking included."""
    pauses: tuple[float, ...] = (0.3, 0.8)
    """Before each new try, shortened by up to a half by chance."""
    pausing: float = 2.0
    """All pauses of one answer together; so a failure is known within 3 s of when it happened."""


def failure(kind: str, *, detail: str = "", retry_after: float | None = None, **values: object) -> LlmFailed:
    """The failure of this kind with its sentence."""
    message = llm_texts.LLM_FAILURES[kind].format(**values)
    return LlmFailed(kind, message, detail=detail, retry_after=retry_after)


def pause_before_retry(limits: Limits, failed: LlmFailed, paused: list[float], chance: float) -> float | None:
    """Seconds to wait before trying again, after the pauses already made; None: it is over. `chance` is 0..1."""
    if failed.kind not in TRIED_AGAIN or len(paused) >= len(limits.pauses):
        return None
    pause = limits.pauses[len(paused)] * (0.5 + chance / 2)
    if failed.retry_after is not None:
        pause = failed.retry_after
    return pause if sum(paused) + pause <= limits.pausing else None


class Breaker:
    """Fails at once for a while after so many failures in a row, then lets one try through; for all threads."""

    def __init__(self, failures: int = 5, seconds: float = 30.0, clock: Callable[[], float] = time.monotonic) -> None:
        self._failures, self._seconds, self._clock = failures, seconds, clock
        self._lock = threading.Lock()
        self._in_a_row = 0
        self._opened: float | None = None
        self._trying = False

    def enter(self) -> None:
        """Ask to try. Raises LlmFailed of the kind `paused` while the breaker is open or another one is trying."""
        with self._lock:
            if self._opened is None:
                return
            left = self._opened + self._seconds - self._clock()
            if left > 0 or self._trying:
                raise failure("paused", seconds=max(1.0, left))
            self._trying = True

    def succeeded(self) -> None:
        """The try went well: closed."""
        with self._lock:
            self._in_a_row, self._opened, self._trying = 0, None, False

    def failed(self) -> None:
        """The try failed: open, if it was one too many or the one that was let through."""
        with self._lock:
            self._in_a_row += 1
            if self._trying or self._in_a_row >= self._failures:
                self._opened = self._clock()
            self._trying = False

    def given_up(self) -> None:
        """The try was ended by whoever asked: it says nothing about the server."""
        with self._lock:
            self._trying = False
