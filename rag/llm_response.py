"""What a language model's server sends back, believed only as far as it is checked: HTTP, faults, the answer's text."""

import asyncio
import json
import re
import socket
import ssl
from collections.abc import AsyncIterator, Iterator
from typing import Any

from rag.errors import LlmFailed
from rag.patience import Limits, failure

BY_STATUS = {401: "unauthorized", 402: "unpaid", 403: "forbidden", 404: "not_found", 429: "limited"}
CONNECTING, DETAIL_SECONDS = 5.0, 1.0
DETAIL_BYTES, DETAIL_CHARACTERS = 2000, 200
KEYS = re.compile(r"(?:sk-|Bearer\s+)[\w.\-]{6,}", re.IGNORECASE)
MASK = "***"

FAULTS: tuple[tuple[type[BaseException], str], ...] = (
    (socket.gaierror, "dns"),
    (ssl.SSLError, "tls"),
    (ConnectionRefusedError, "refused"),
    (UnicodeDecodeError, "not_utf8"),
)
BY_NAME = {  # the libraries of the httpx family name their errors alike
    "ConnectTimeout": "unreachable",
    "PoolTimeout": "unreachable",
    "ConnectError": "refused",
    "ProxyError": "unreachable",
    "ReadError": "reset",
    "WriteError": "reset",
    "CloseError": "reset",
    "RemoteProtocolError": "reset",
    "ReadTimeout": "stalled",
    "WriteTimeout": "stalled",
    "APIError": "server_error",
    "ResponseError": "server_error",
}

WHOLE = {"stop", "eos", "end_turn"}
CUT = {"length", "max_tokens"}
FILTERED = {"content_filter", "sensitive", "refusal"}
THINK, THOUGHT = "<think>", "</think>"
SILENT_PIECES = 3
"""So many pieces without a word of the answer are a model that thinks, not an empty answer."""


def client_settings(library: Any, secret: str, limits: Limits, trust_environment: bool) -> dict[str, Any]:
    """Settings of an AsyncClient of `library` (httpx or httpx2) that refuses what is no answer and is never flooded.

    Redirects are not followed, nothing is unpacked, no connection outlives its answer.
    """

    async def authorise(request: Any) -> None:
        if secret:
            request.headers["Authorization"] = f"Bearer {secret}"

    async def check(response: Any) -> None:
        if not response.is_success:
            raise await _refusal(response, secret)
        if "html" in response.headers.get("content-type", "").lower():
            raise failure("html")
        if response.headers.get("content-encoding", "identity").lower() != "identity":
            raise failure("broken_json")
        response.stream = _bounded(library, response.stream, limits.received)

    return {
        "follow_redirects": False,
        "event_hooks": {"request": [authorise], "response": [check]},
        "headers": {"Accept-Encoding": "identity"},
        "timeout": library.Timeout(limits.total, connect=CONNECTING),
        "limits": library.Limits(max_keepalive_connections=0),
        "trust_env": trust_environment,
    }


def _bounded(library: Any, stream: Any, most: int) -> Any:
    class Bounded(library.AsyncByteStream):  # type: ignore[misc]
        """The body, up to the limit."""

        async def __aiter__(self) -> AsyncIterator[bytes]:
            received = 0
            async for part in stream:
                received += len(part)
                if received > most:
                    raise failure("too_long")
                yield part

        async def aclose(self) -> None:
            await stream.aclose()

    return Bounded()


async def _refusal(response: Any, secret: str) -> LlmFailed:
    status = response.status_code
    if 300 <= status < 400:
        return failure("redirected")
    kind = BY_STATUS.get(status, "server_error" if status >= 500 else "rejected")
    after = response.headers.get("retry-after")
    detail = masked(await _beginning(response), secret)
    return failure(kind, detail=detail, retry_after=_seconds(after), status=status)


def _seconds(retry_after: str | None) -> float | None:
    """A Retry-After header in seconds; one that gives a date is too long to wait for."""
    if retry_after is None:
        return None
    return float(retry_after) if re.fullmatch(r"\d{1,6}(?:\.\d+)?", retry_after.strip()) else float("inf")


async def _beginning(response: Any) -> str:
    """The first words of a response that refuses, '' for a page."""
    if "html" in response.headers.get("content-type", "").lower():
        return ""
    body = b""
    try:
        async with asyncio.timeout(DETAIL_SECONDS):
            async for part in response.stream:
                body += part
                if len(body) >= DETAIL_BYTES:
                    break
    except TimeoutError:
        pass  # what has come is enough
    return body[:DETAIL_BYTES].decode("utf-8", "replace")


def masked(said: str, secret: str) -> str:
    """What a server said, in one short line without any key."""
    if secret:
        said = said.replace(secret, MASK)
    said = KEYS.sub(MASK, "".join(c if c.isprintable() else " " for c in said))
    return " ".join(said.split())[:DETAIL_CHARACTERS]


def explained(error: BaseException) -> LlmFailed:
    """An error that reading a response ended with, as the failure that it is; the libraries wrap the first cause."""
    chain = list(_chain(error))
    for known in chain:
        if isinstance(known, LlmFailed):
            return known
    for kind_of, kind in FAULTS:
        if any(isinstance(e, kind_of) for e in chain):
            return failure(kind)
    for e in reversed(chain):
        for base in type(e).__mro__:
            if base.__name__ in BY_NAME:
                return failure(BY_NAME[base.__name__])
    return failure("refused" if any(isinstance(e, ConnectionError) for e in chain) else "broken_json")


def _chain(error: BaseException | None) -> Iterator[BaseException]:
    while error is not None:
        yield error
        if isinstance(error, BaseExceptionGroup):
            for one in error.exceptions:
                yield from _chain(one)
        error = error.__cause__ or error.__context__


class AnswerText:
    """The answer in a model's stream: without its thinking, and only if it is whole."""

    def __init__(self, limits: Limits) -> None:
        self._limits = limits
        self._held = ""
        self._thinking = self._thought = False
        self._silent = 0
        self._reason = ""
        self.characters = 0

    def add(self, chunk: Any) -> str:
        """The words for the reader in a LangChain message chunk, '' if it has none. Raises LlmFailed."""
        self._reason = _reason(chunk.response_metadata) or self._reason
        self._thought |= bool(chunk.additional_kwargs.get("reasoning_content"))
        return self._released(self._unthought(chunk.text))

    def end(self) -> str:
        """The last words. Raises LlmFailed for an answer that is empty or not whole."""
        rest = "" if self._thinking else self._released(self._held)
        if self._reason in FILTERED:
            raise failure("filtered")
        if not self.characters:
            thought = self._thought or (self._reason and self._silent > SILENT_PIECES)
            raise failure("reasoning_only" if thought else "empty")
        if self._reason in CUT:
            raise failure("length")
        if self._reason not in WHOLE:
            raise failure("interrupted")
        return rest

    def _unthought(self, text: str) -> str:
        """What stands outside <think>…</think>; the beginning of a mark is held back until it is known to be one."""
        self._held += text
        said = ""
        while True:
            if not self._thinking and THOUGHT in self._held.partition(THINK)[0]:
                raise failure("thinking")
            before, mark, after = self._held.partition(THOUGHT if self._thinking else THINK)
            if not mark:
                break
            said += "" if self._thinking else before
            self._thinking, self._thought, self._held = not self._thinking, True, after
        kept = _begun_mark(self._held)
        said += "" if self._thinking else self._held[: len(self._held) - kept]
        self._held = self._held[len(self._held) - kept :]
        return said

    def _released(self, said: str) -> str:
        if not self.characters:
            said = said.lstrip()
        if "\ufffd" in said:
            raise failure("not_utf8")
        self._silent += not said
        self.characters += len(said)
        if self.characters > self._limits.characters:
            raise failure("too_long")
        return said


def _reason(metadata: dict[str, Any]) -> str:
    """Why the model ended, in the words of an OpenAI-compatible server or of Ollama."""
    return str(metadata.get("finish_reason") or metadata.get("done_reason") or "")


def _begun_mark(text: str) -> int:
    """How many characters at the end may be the beginning of a mark."""
    longest = len(THOUGHT) - 1
    return next((n for n in range(min(longest, len(text)), 0, -1) if _begins_mark(text[-n:])), 0)


def _begins_mark(text: str) -> bool:
    return THINK.startswith(text) or THOUGHT.startswith(text)


UNREADABLE = (json.JSONDecodeError, ValueError, TypeError, LookupError, AttributeError, RuntimeError, AssertionError)
"""What the libraries stumble over when a server sends garbage."""
