"""The embedded language model: llama.cpp in a process of its own, so that a crash in it takes nothing else down."""

import http.client
import importlib.util
import os
import queue
import secrets
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from threading import Event, Lock, Thread
from typing import Any
from urllib.parse import urlsplit

from rag import texts
from rag.assemble import assembled_model
from rag.config import ROOT, patient_threads
from rag.errors import LlmFailed, ModelUnavailable

ENGINE = "xllamacpp"
NAME = "embedded"
WINDOW = 4096
"""Tokens of question, evidence and answer together."""
MOST_THREADS = 4
BATCH = 64
"""Tokens read at a time: a question that was given up is let go between two batches."""
REMEMBERED_MEGABYTES = 256
"""Of prompts read before; without a limit the engine keeps 8 GB of them."""
SECONDS_TO_LOAD = 90.0
SECONDS_BETWEEN_STARTS = 60.0
SECONDS_TO_END = 2.0
LOG_NAME = "embedded.log"


class EmbeddedServer:
    """An OpenAI-compatible server on 127.0.0.1 in a child process that ends with this one."""

    def __init__(
        self,
        cache_dir: Path,
        model: Path | None = None,
        clock: Callable[[], float] = time.monotonic,
        load_seconds: float = SECONDS_TO_LOAD,
    ) -> None:
        """Raises ModelUnavailable where the model (by default the assembled one) or its engine is absent."""
        self._model = model or assembled_model(cache_dir)
        if importlib.util.find_spec(ENGINE) is None:
            raise ModelUnavailable(texts.LLM_ENGINE_MISSING)
        self._log = cache_dir / LOG_NAME
        self._clock, self._load_seconds = clock, load_seconds
        self._starting = Lock()
        self._begun: float | None = None
        self._process: subprocess.Popen[bytes] | None = None
        self._url = ""

    def start(self) -> str:
        """The base URL (ending in /v1), for every question anew: starts what has not started or has died.

        Waits until the model is loaded. Raises LlmFailed where it cannot be, or has died less than a minute after
        it was started.
        """
        with self._starting:
            if self._process is not None and self._process.poll() is None:
                return self._url
            now = self._clock()
            if self._begun is not None and now - self._begun < SECONDS_BETWEEN_STARTS:
                seconds = SECONDS_BETWEEN_STARTS - (now - self._begun)
                raise self._failed(texts.LLM_EMBEDDED_RESTING, seconds=f"{max(1.0, seconds):.0f}")
            self._begun = now
            self.close()
            self._url = self._launch()
            return self._url

    def close(self) -> None:
        """End the process; a start that is under way fails."""
        if self._process is not None:
            _end(self._process)

    def _launch(self) -> str:
        self._log.parent.mkdir(parents=True, exist_ok=True)
        command = [sys.executable, "-m", "rag.embedded", str(self._model.resolve()), str(threads())]
        pipe = subprocess.PIPE
        with self._log.open("wb") as log:
            # a group of its own: Ctrl+C in the terminal is for the parent, whose end closes the child's stdin
            process = subprocess.Popen(command, cwd=ROOT, stdin=pipe, stdout=pipe, stderr=log, process_group=0)
        self._process = process
        url = _said(process, self._load_seconds)
        if url and _healthy(url):
            return f"{url}/v1"
        _end(process)
        if url is None:
            raise self._failed(texts.LLM_EMBEDDED_SLOW, seconds=f"{self._load_seconds:.0f}")
        raise self._failed(texts.LLM_EMBEDDED_NOT_STARTED)

    def _failed(self, sentence: str, **details: str) -> LlmFailed:
        return LlmFailed(NAME, sentence.format(log=self._log, **details))


def threads() -> int:
    """Threads for the model: the cores that this process may use, four at most."""
    usable = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
    return min(usable, MOST_THREADS)


def _said(process: subprocess.Popen[bytes], seconds: float) -> str | None:
    """The line that the child writes when it is ready; empty if it ended without, None if it is silent for so long."""
    lines: queue.SimpleQueue[bytes] = queue.SimpleQueue()
    assert process.stdout is not None
    Thread(target=lambda out: lines.put(out.readline()), args=(process.stdout,), daemon=True).start()
    try:
        return lines.get(timeout=seconds).decode("ascii").strip()
    except queue.Empty:
        return None


def _healthy(url: str) -> bool:
    place = urlsplit(url)
    connection = http.client.HTTPConnection(place.netloc, timeout=SECONDS_TO_END)
    try:
        connection.request("GET", f"{place.path}/health")
        return connection.getresponse().status == http.HTTPStatus.OK
    except OSError:
        return False
    finally:
        connection.close()


def _end(process: subprocess.Popen[bytes]) -> None:
    assert process.stdin is not None
    assert process.stdout is not None
    process.stdin.close()
    try:
        process.wait(SECONDS_TO_END)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()
    process.stdout.close()


def main(arguments: Sequence[str]) -> None:
    """The child: load the model, say the address on stdout, serve until the parent has gone."""
    model, count = arguments
    channel = os.dup(sys.stdout.fileno())
    os.dup2(sys.stderr.fileno(), sys.stdout.fileno())  # whatever the engine writes goes to the log
    Thread(target=_end_with_parent, daemon=True).start()
    _be_first_to_go()
    patient_threads()
    server, prefix = _serve(model, int(count))
    os.write(channel, f"{server.listening_address}{prefix}\n".encode("ascii"))
    os.close(channel)
    Event().wait()


def _end_with_parent() -> None:
    while os.read(sys.stdin.fileno(), 1):
        pass
    os._exit(0)


def _be_first_to_go() -> None:
    """Where memory runs out, Linux ends this process before the page; and the page has the processor first."""
    os.nice(5)
    score = Path("/proc/self/oom_score_adj")
    if score.exists():
        score.write_text("500", encoding="ascii")


def _serve(model: str, count: int) -> tuple[Any, str]:
    """The running server and the secret first part of its paths, which keeps other programs of this machine out."""
    import xllamacpp

    settings = xllamacpp.CommonParams()
    settings.model.path = model
    settings.model_alias = {NAME}
    settings.load_mode = xllamacpp.llama_load_mode.LLAMA_LOAD_MODE_MMAP
    settings.fit_params = False  # sizing for a graphics card would load the model twice
    settings.n_ctx, settings.n_parallel = WINDOW, 1
    settings.n_batch = settings.n_ubatch = BATCH
    settings.cpuparams.n_threads = settings.cpuparams_batch.n_threads = count
    settings.cache_prompt, settings.cache_ram_mib = True, REMEMBERED_MEGABYTES
    settings.hostnames, settings.port = ["127.0.0.1"], 0
    settings.api_prefix = f"/{secrets.token_urlsafe(16)}"
    settings.cors_origins = ""
    settings.ui = settings.endpoint_slots = False  # the slots would show what is being asked
    settings.verbosity = 2  # warnings and errors
    return xllamacpp.Server(settings), settings.api_prefix


if __name__ == "__main__":
    main(sys.argv[1:])
