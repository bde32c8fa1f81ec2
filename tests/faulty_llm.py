"""A language model's server on loopback that plays every misfortune: which one, the model's name or the path says."""

import asyncio
import json
import threading
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from types import TracebackType
from typing import Any, Self

TEXT = "县域存贷比为百分之六十五。这句话来自论文。"
REFUSED = "http://127.0.0.1:9/v1"
"""The discard port of this machine, where nobody listens."""
NOT_FOUND = "http://no-such-host.invalid/v1"
"""A name that never resolves (RFC 2606)."""
FOR_EVER = 3600.0
STATUS = {"unauthorized": 401, "unpaid": 402, "forbidden": 403, "not_found": 404, "rejected": 400, "limited": 429}


@dataclass(frozen=True)
class Asked:
    """One request as the server got it."""

    mode: str
    path: str
    headers: dict[str, str]
    body: dict[str, Any]


@dataclass
class _Exchange:
    """One connection: what is asked, how many times before, where the answer goes."""

    asked: Asked
    before: int
    writer: asyncio.StreamWriter
    ollama: bool
    answer: str
    pause: float

    async def head(self, status: int = 200, kind: str = "text/event-stream", **headers: str) -> None:
        lines = [f"HTTP/1.1 {status} X", f"Content-Type: {kind}", "Connection: close"]
        lines += [f"{name.replace('_', '-')}: {value}" for name, value in headers.items()]
        await self.raw("\r\n".join([*lines, "", ""]).encode())

    async def raw(self, data: bytes) -> None:
        self.writer.write(data)
        await self.writer.drain()

    async def event(self, delta: dict[str, Any] | None, reason: str | None = None) -> None:
        """One piece in the form of the protocol: a delta of OpenAI's, or a line of Ollama's."""
        if self.ollama:
            part: dict[str, Any] = {"model": "m", "message": {"role": "assistant", "content": "", **(delta or {})}}
            await self.raw(json.dumps({**part, "done": bool(reason), "done_reason": reason}).encode() + b"\n")
            return
        choices = [] if delta is None else [{"index": 0, "delta": delta, "finish_reason": reason}]
        part = {"id": "x", "object": "chat.completion.chunk", "created": 1, "model": "m", "choices": choices}
        await self.raw(b"data: " + json.dumps(part, ensure_ascii=False).encode() + b"\n\n")

    async def say(self, text: str, size: int = 4) -> None:
        for start in range(0, len(text), size):
            await self.event({"content": text[start : start + size]})
            await asyncio.sleep(self.pause)

    async def end(self, reason: str = "stop") -> None:
        await self.event({}, reason)
        if not self.ollama:
            await self.raw(b"data: [DONE]\n\n")


async def obedient(x: _Exchange) -> None:
    await x.head()
    await x.event({"role": "assistant", "content": ""})
    await x.say(x.answer)
    await x.end()


async def _status(x: _Exchange, status: int, **headers: str) -> None:
    await x.head(status, "application/json", **headers)
    key = x.asked.headers.get("authorization", "").removeprefix("Bearer ")
    await x.raw(json.dumps({"error": {"message": f"no: the key is {key}"}}).encode())


async def slow_first(x: _Exchange) -> None:
    await asyncio.sleep(FOR_EVER)


async def silent_after_head(x: _Exchange) -> None:
    await x.head()
    while True:
        await x.raw(b": keep-alive\n\n")
        await asyncio.sleep(0.05)


async def stall(x: _Exchange) -> None:
    await x.head()
    await x.say(x.answer[:8])
    await asyncio.sleep(FOR_EVER)


async def reset(x: _Exchange) -> None:
    await x.head(Transfer_Encoding="chunked")
    data = b'data: {"choices":[{"index":0,"delta":{"content":"x"},"finish_reason":null}]}\n\n'
    await x.raw(f"{len(data):x}\r\n".encode() + data + b"\r\n")
    await asyncio.sleep(0.05)
    x.writer.transport.abort()


async def cut_off(x: _Exchange) -> None:
    """Ends politely in the middle of the answer."""
    await x.head()
    await x.say(x.answer[:8])


async def html(x: _Exchange) -> None:
    await x.head(kind="text/html; charset=utf-8")
    await x.raw("<html><body>请先登录</body></html>".encode())


async def broken_json(x: _Exchange) -> None:
    await x.head()
    await x.raw(b'data: {"choices": [{"delta": {"content": "a\n\n')


async def odd_json(x: _Exchange) -> None:
    await x.head()
    await x.raw(b'data: {"choices": [{"message": 5}]}\n\ndata: 7\n\n')


async def empty_choices(x: _Exchange) -> None:
    await x.head()
    for _ in range(5):
        await x.event(None)
    await x.raw(b"data: [DONE]\n\n")


async def empty(x: _Exchange) -> None:
    await x.head()
    await x.end()


async def reasoning_only(x: _Exchange) -> None:
    await x.head()
    for word in "我先想一想这个问题该怎么回答":
        await x.event({"thinking" if x.ollama else "reasoning_content": word})
    await x.end()


async def thinking(x: _Exchange) -> None:
    """Thinks aloud before the answer, with the marks cut anywhere."""
    await x.head()
    await x.say(f"<think>\n先想：1 < 2，秘密\n</think>\n\n{x.answer}", size=3)
    await x.end()


async def thinking_unopened(x: _Exchange) -> None:
    await x.head()
    await x.say(f"先想一想。\n</think>\n\n{x.answer}")
    await x.end()


async def not_utf8(x: _Exchange) -> None:
    await x.head()
    text = '{"choices":[{"index":0,"delta":{"content":"存贷比"},"finish_reason":null}]}'.encode("gb18030")
    await x.raw(b"data: " + text + b"\n\n")


async def endless(x: _Exchange) -> None:
    await x.head()
    while True:
        await x.event({"content": "存贷比很高。" * 20})


async def endless_line(x: _Exchange) -> None:
    await x.head()
    await x.raw(b"data: ")
    while True:
        await x.raw(b"x" * 65536)


async def content_filter(x: _Exchange) -> None:
    await x.head()
    await x.say(x.answer[:8])
    await x.end("content_filter")


async def length(x: _Exchange) -> None:
    await x.head()
    await x.say(x.answer[:12])
    await x.end("length")


async def error_in_stream(x: _Exchange) -> None:
    await x.head()
    await x.raw(b'{"error": "boom"}\n' if x.ollama else b'data: {"error": {"message": "boom"}}\n\n')


async def error_once(x: _Exchange) -> None:
    await (obedient(x) if x.before else _status(x, 500))


async def error_500(x: _Exchange) -> None:
    await _status(x, 500)


async def limited_with_retry_after(x: _Exchange) -> None:
    """429 with a short pause to keep, once."""
    await (obedient(x) if x.before else _status(x, 429, Retry_After="1"))


async def limited_for_long(x: _Exchange) -> None:
    await _status(x, 429, Retry_After="60")


async def redirect(x: _Exchange) -> None:
    host = x.asked.headers["host"]
    await x.head(302, Location=f"http://{host}/obedient/v1/chat/completions")


async def compressed(x: _Exchange) -> None:
    await x.head(Content_Encoding="gzip")


async def status_of_its_name(x: _Exchange) -> None:
    await _status(x, STATUS[x.asked.mode])


MODES: dict[str, Callable[[_Exchange], Awaitable[None]]] = {
    mode.__name__: mode
    for mode in (
        *(obedient, slow_first, silent_after_head, stall, reset, cut_off, html, broken_json, odd_json, empty_choices),
        *(empty, reasoning_only, thinking, thinking_unopened, not_utf8, endless, endless_line, content_filter, length),
        *(error_in_stream, error_once, error_500, limited_with_retry_after, limited_for_long, redirect, compressed),
    )
} | dict.fromkeys(STATUS, status_of_its_name)


class FaultyLlm:
    """The server, in a thread of its own; `with FaultyLlm() as server: … server.url`."""

    def __init__(
        self,
        answer: str | Callable[[dict[str, Any]], str] = TEXT,
        pause: float = 0.0,
        tokenizer: bool = False,
    ) -> None:
        """`answer`: what the modes that answer say, or how it follows from the request; `pause`: between pieces."""
        self.answer, self.pause, self.tokenizer = answer, pause, tokenizer
        self.asked: list[Asked] = []
        self.open = 0
        """Chat requests that are being answered at this moment."""
        self.lag = 0.0
        """Seconds for which it goes on working for nobody after a client has left."""
        self._free = 0.0
        self._loop = asyncio.new_event_loop()
        self._port = 0

    @property
    def host(self) -> str:
        """Address without a path, as Ollama's clients want it."""
        return f"http://127.0.0.1:{self._port}"

    @property
    def url(self) -> str:
        """Base URL; the model's name says what happens."""
        return f"{self.host}/v1"

    def at(self, mode: str) -> str:
        """Base URL of a misfortune, whatever the model is called."""
        return f"{self.host}/{mode}/v1"

    def __enter__(self) -> Self:
        ready = threading.Event()
        self._thread = threading.Thread(target=self._run, args=(ready,), daemon=True)
        self._thread.start()
        assert ready.wait(5)
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join()

    def _run(self, ready: threading.Event) -> None:
        asyncio.set_event_loop(self._loop)
        server = self._loop.run_until_complete(asyncio.start_server(self._serve, "127.0.0.1", 0))
        self._port = server.sockets[0].getsockname()[1]
        self._loop.call_soon(ready.set)
        self._loop.run_forever()
        server.close()
        tasks = asyncio.all_tasks(self._loop)
        for task in tasks:
            task.cancel()
        self._loop.run_until_complete(asyncio.gather(*tasks, return_exceptions=True))
        self._loop.close()

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            path, headers = _head(await reader.readuntil(b"\r\n\r\n"))
            body = json.loads(await reader.readexactly(int(headers.get("content-length", 0))) or b"{}")
            said = self._understood(path, headers, body)
            await self._respond(_Exchange(*said, writer, *self._script(path, body)), reader)
        except (ConnectionError, asyncio.IncompleteReadError):
            pass  # the client has left
        finally:
            writer.close()

    def _understood(self, path: str, headers: dict[str, str], body: dict[str, Any]) -> tuple[Asked, int]:
        mode = next((name for name in (path.split("/")[1], str(body.get("model", ""))) if name in MODES), "obedient")
        before = sum(asked.mode == mode for asked in self.asked)
        return Asked(mode, path, headers, body), before

    def _script(self, path: str, body: dict[str, Any]) -> tuple[bool, str, float]:
        answer = self.answer(body) if callable(self.answer) and "messages" in body else self.answer
        return path.endswith("/api/chat"), str(answer), self.pause

    async def _respond(self, exchange: _Exchange, reader: asyncio.StreamReader) -> None:
        self.asked.append(exchange.asked)
        if exchange.asked.path.endswith("/tokenize"):
            await exchange.head(200 if self.tokenizer else 404, "application/json")
            await exchange.raw(json.dumps({"tokens": [1] * (2 * len(exchange.asked.body["content"]))}).encode())
            return
        self.open += 1
        await asyncio.sleep(self._free - self._loop.time())
        playing = asyncio.ensure_future(MODES[exchange.asked.mode](exchange))
        leaving = asyncio.ensure_future(reader.read())
        try:
            await asyncio.wait({playing, leaving}, return_when=asyncio.FIRST_COMPLETED)
            if playing.done():
                playing.result()
        finally:
            self.open -= 1
            if not playing.done():
                self._free = self._loop.time() + self.lag
            playing.cancel()
            leaving.cancel()


def _head(received: bytes) -> tuple[str, dict[str, str]]:
    first, *lines = received.decode("latin-1").rstrip().split("\r\n")
    return first.split(" ")[1], dict(_header(line) for line in lines)


def _header(line: str) -> tuple[str, str]:
    name, _, value = line.partition(":")
    return name.strip().lower(), value.strip()
