"""The door to language models: LangChain's clients for OpenAI-compatible servers and for Ollama, on a tight leash."""

import asyncio
import ipaddress
import json
import random
import re
import threading
import time
from collections.abc import AsyncIterator, Callable, Sequence
from concurrent.futures import Future
from contextlib import aclosing
from dataclasses import dataclass, replace
from typing import Any
from urllib.parse import urlsplit

from rag import llm_texts
from rag.background import Loop, Writing, within
from rag.config import EMBEDDED, OLLAMA, OPENAI, Config
from rag.errors import LlmFailed, ModelUnavailable
from rag.llm_response import UNREADABLE, AnswerText, client_settings, explained
from rag.patience import NOT_THE_SERVERS, Breaker, Limits, failure, pause_before_retry

OLLAMA_HERE = "http://127.0.0.1:11434"
NO_KEY = "none"
EMBEDDED_CHARACTERS = 600
"""Of one answer of the embedded model: it wrote 64 at the median and 266 at most, some 45 a second on two cores; one
that repeats itself is stopped after a quarter of a minute instead of two."""
TOKENIZE_SECONDS, TOKENIZER_REST = 1.0, 30.0
NO_TOKENIZER = {"not_found", "rejected", "unauthorized", "forbidden", "redirected", "html", "broken_json"}


@dataclass(frozen=True, slots=True)
class _Client:
    """LangChain's model at one address, the HTTP client behind it where that is ours, the errors that both raise."""

    base_url: str
    model: Any
    http: Any
    errors: tuple[type[Exception], ...]


class Llm:
    """A language model that writes. Any thread may ask; the requests run on an event loop in a thread of their own."""

    def __init__(self, config: Config, limits: Limits | None = None, breaker: Breaker | None = None) -> None:
        """Raises ModelUnavailable where the client package or the embedded model is absent."""
        provider, _, self._model = config.llm.partition(":")
        self.name = self._model or EMBEDDED
        """The model's name, as configured."""
        self.open = 0
        """Requests that are being answered at this moment."""
        self._config = config
        self._limits = limits or limits_of(config)
        self._breaker = breaker or Breaker()
        self._build = _ollama_client if provider == OLLAMA else _openai_client
        self._server = _embedded_server(config) if provider == EMBEDDED else None
        self._loop = Loop()
        self._connecting = threading.Lock()
        self._tokenizer_from = 0.0
        try:
            self._client = self._build(config, self.name, config.llm_base_url or OLLAMA_HERE, self._limits)
        except ImportError as error:
            raise ModelUnavailable(llm_texts.LLM_PACKAGE_MISSING.format(package=error.name)) from error

    def __repr__(self) -> str:
        return f"Llm({self.name!r})"

    def write(self, messages: Sequence[tuple[str, str]]) -> Writing:
        """The answer to (role, text) pairs, roles system, user and assistant, in pieces as they come."""
        said = list(messages)
        return Writing(lambda put: self._begin(said, put))

    def count_tokens(self, text: str) -> int:
        """Tokens of a text by the server's own tokenizer (llama-server's POST /tokenize), else one a character.

        Never too few: with Qwen 2.5's tokenizer the 2,605 lines of kb/ take 0.62 a character, the worst line 0.91.
        """
        now = time.monotonic()
        if now < self._tokenizer_from:
            return len(text)
        request = self._loop.submit(self._tokenize(text))
        try:
            return request.result(TOKENIZE_SECONDS)
        except TimeoutError:
            request.cancel()
            self._tokenizer_from = now + TOKENIZER_REST
        except LlmFailed as failed:
            self._tokenizer_from = float("inf") if failed.kind in NO_TOKENIZER else now + TOKENIZER_REST
        return len(text)

    def close(self) -> None:
        """End every request, and the embedded server."""
        self._loop.close()
        if self._server is not None:
            self._server.close()

    def _begin(self, messages: list[tuple[str, str]], put: Callable[[str], None]) -> "Future[None]":
        self._breaker.enter()
        request = self._loop.submit(self._answer(messages, put))
        request.add_done_callback(self._judge)
        return request

    def _judge(self, request: "Future[None]") -> None:
        """Tell the breaker how a request ended."""
        if request.cancelled():
            return self._breaker.given_up()
        error = request.exception()
        ill = error is not None and not (isinstance(error, LlmFailed) and error.kind in NOT_THE_SERVERS)
        return self._breaker.failed() if ill else self._breaker.succeeded()

    async def _answer(self, messages: list[tuple[str, str]], put: Callable[[str], None]) -> None:
        """Try until an answer has begun, as long as that makes sense."""
        loop = asyncio.get_running_loop()
        started = loop.time()
        paused: list[float] = []
        self.open += 1
        try:
            while True:
                text = AnswerText(self._limits)
                try:
                    return await self._read(messages, text, put, started)
                except LlmFailed as failed:
                    pause = pause_before_retry(self._limits, failed, paused, random.random())
                    if text.characters or pause is None or loop.time() + pause > started + self._limits.first:
                        raise
                paused.append(pause)
                await asyncio.sleep(pause)
        finally:
            self.open -= 1

    async def _read(
        self, messages: list[tuple[str, str]], text: AnswerText, put: Callable[[str], None], started: float
    ) -> None:
        """One try: the pieces of the answer, each in its time. Raises LlmFailed."""
        limits, loop = self._limits, asyncio.get_running_loop()
        deadline, late = started + limits.first, failure("slow_first", seconds=limits.first)
        client = await within(deadline, late, asyncio.to_thread(self._connect))
        async with aclosing(client.model.astream(messages)) as chunks:
            while (chunk := await within(deadline, late, _next(chunks, client.errors))) is not None:
                said = text.add(chunk)
                if said:
                    put(said)
                    pause_ends, end = loop.time() + limits.gap, started + limits.total
                    deadline, late = min(pause_ends, end), failure("stalled" if pause_ends < end else "too_long")
        rest = text.end()
        if rest:
            put(rest)

    async def _tokenize(self, text: str) -> int:
        client = await asyncio.to_thread(self._connect)
        if client.http is None:
            raise failure("not_found")
        try:
            root = re.sub(r"/v\d+/*$", "", client.base_url)
            response = await client.http.post(f"{root}/tokenize", json={"content": text})
            return len(response.json()["tokens"])
        except client.errors as error:
            raise explained(error) from None

    def _connect(self) -> _Client:
        """The client for the address of this moment; an embedded server that was started anew has another one."""
        with self._connecting:
            base_url = self._server.start() if self._server else self._config.llm_base_url or OLLAMA_HERE
            if self._client.base_url != base_url:
                self._client = self._build(self._config, self.name, base_url, self._limits)
            return self._client


def configured_llm(config: Config) -> Llm | None:
    """The language model that the settings name; None where they name none. Raises ModelUnavailable."""
    return Llm(config) if config.llm else None


async def _next(chunks: AsyncIterator[Any], errors: tuple[type[Exception], ...]) -> Any:
    """The next chunk, None after the last one. Raises LlmFailed."""
    try:
        return await anext(chunks, None)
    except errors as error:
        raise explained(error) from None


def limits_of(config: Config) -> Limits:
    """How long and how much the configured model may write."""
    limits = Limits(first=config.llm_timeout)
    return replace(limits, characters=EMBEDDED_CHARACTERS) if config.llm == EMBEDDED else limits


def _openai_client(config: Config, model: str, base_url: str, limits: Limits) -> _Client:
    import httpx2
    import openai
    from langchain.chat_models import init_chat_model

    http = httpx2.AsyncClient(**client_settings(httpx2, config.llm_api_key, limits, not _is_here(base_url)))
    chat = init_chat_model(
        model,
        model_provider=OPENAI,
        base_url=base_url,
        api_key=config.llm_api_key or NO_KEY,
        temperature=config.llm_temperature,
        extra_body=json.loads(config.llm_extra or "{}"),
        max_retries=0,
        stream_usage=False,
        use_responses_api=False,
        stream_chunk_timeout=None,
        http_async_client=http,
    )
    return _Client(base_url, chat, http, (openai.OpenAIError, httpx2.HTTPError, LlmFailed, OSError, *UNREADABLE))


def _ollama_client(config: Config, model: str, base_url: str, limits: Limits) -> _Client:
    import httpx
    import ollama
    from langchain.chat_models import init_chat_model

    settings = client_settings(httpx, config.llm_api_key, limits, not _is_here(base_url))
    chat = init_chat_model(
        model,
        model_provider=OLLAMA,
        base_url=base_url,
        temperature=config.llm_temperature,
        reasoning=False,
        async_client_kwargs=settings,
    )
    return _Client(base_url, chat, None, (ollama.ResponseError, httpx.HTTPError, LlmFailed, OSError, *UNREADABLE))


def _embedded_server(config: Config) -> Any:
    from rag.embedded import EmbeddedServer

    return EmbeddedServer(config.cache_dir)


def _is_here(base_url: str) -> bool:
    """Whether the address is this machine, to which no proxy leads."""
    host = urlsplit(base_url).hostname or ""
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"
