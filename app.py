"""The web page of the knowledge base: settings, the Rag loading behind the page, the server."""

import argparse
import errno
import logging
import signal
import socket
import sys
from collections.abc import Callable, Sequence
from concurrent.futures import Future
from threading import Thread
from typing import TYPE_CHECKING

from rag.command_line import command_line
from rag.config import Config, quiet_libraries
from rag.errors import ConfigError, KbqaError, ModelUnavailable
from rag.generation import published
from ui import texts

if TYPE_CHECKING:
    from fastapi import FastAPI

    from rag.chain import Rag

HOST, PORT = "127.0.0.1", 7860
SECONDS_TO_FINISH = 2


class Loader:
    """Loads the Rag in a thread behind the page, so that the page itself is up at once."""

    def __init__(self, build: "Callable[[], Rag]", version: str = "") -> None:
        self.version = version
        self._build = build
        self._rag: Future[Rag] = Future()

    def start(self) -> None:
        """Begin to load; returns at once."""
        Thread(target=self._load, name="load-rag", daemon=True).start()

    def ready(self) -> bool:
        """Whether `wait` returns at once."""
        return self._rag.done()

    def failed(self) -> bool:
        """Whether loading ended in an error."""
        return self.ready() and self._rag.exception() is not None

    def wait(self) -> "Rag":
        """The loaded Rag. Raises KbqaError if it could not be loaded."""
        return self._rag.result()

    def _load(self) -> None:
        try:
            self._rag.set_result(self._build())
        except KbqaError as error:
            sys.stderr.write(f"{error}\n")
            self._rag.set_exception(error)
        finally:
            if not self._rag.done():  # a bug: the thread's own hook prints its traceback, the page stays calm
                self._rag.set_exception(ModelUnavailable(texts.LOADING_BROKE))


def create_app(loader: Loader) -> "FastAPI":
    """The web application: the page at /, the state of the Rag at /healthz, a guard before both."""
    import gradio  # after quiet_libraries(), and not for --help
    from fastapi import FastAPI, Response

    from ui.guard import Guard
    from ui.page import build_page, head, theme

    app = FastAPI(openapi_url=None, docs_url=None, redoc_url=None)

    @app.get("/healthz")
    def healthz(response: Response) -> dict[str, str]:
        response.status_code = 503 if loader.failed() else 200
        state = "failed" if loader.failed() else "ready" if loader.ready() else "loading"
        return {"status": state, "version": loader.version}

    app = gradio.mount_gradio_app(
        app,
        build_page(loader),
        path="/",
        footer_links=[],
        run_history=False,
        show_error=False,
        enable_monitoring=False,
        allowed_paths=[],
        ssr_mode=False,
        mcp_server=False,
        pwa=False,
        theme=theme(),
        head=head(),
    )
    app.add_middleware(Guard)
    return app


def listen(host: str, port: int) -> socket.socket:
    """A socket that listens. Raises ConfigError with the cure where host or port cannot be had."""
    if not 1 <= port <= 65535:
        raise ConfigError(texts.PORT_OUT_OF_RANGE.format(port=port))
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    try:
        return socket.create_server((host, port), family=family, backlog=128)
    except OSError as error:
        if error.errno == errno.EADDRINUSE:
            other = port + 1 if port < 65535 else PORT
            raise ConfigError(texts.PORT_IN_USE.format(port=port, other=other)) from error
        reason = error.strerror or str(error)
        raise ConfigError(texts.ADDRESS_UNUSABLE.format(host=host, port=port, reason=reason)) from error


def serve(config: Config, host: str, port: int) -> None:
    """Check what can be checked cheaply, then serve the page until told to stop."""
    version = published(config.index_dir).name
    listener = listen(host, port)
    quiet_libraries()

    def build() -> "Rag":
        from rag.chain import build_rag  # imports torch: seconds, so behind the page

        return build_rag(config)

    loader = Loader(build, version)
    run(loader, listener)


def run(loader: Loader, listener: socket.socket) -> None:
    """Serve one application on one listening socket; ends on SIGTERM or Ctrl+C."""
    import uvicorn

    signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))  # uvicorn shuts down first, then raises the signal again
    app = create_app(loader)
    loader.start()
    host, port = listener.getsockname()[:2]
    address = f"[{host}]" if ":" in host else host
    sys.stdout.write(texts.SERVING.format(url=f"http://{address}:{port}") + "\n")
    sys.stdout.flush()
    settings = uvicorn.Config(
        app, log_level="warning", timeout_graceful_shutdown=SECONDS_TO_FINISH, server_header=False
    )

    class Server(uvicorn.Server):
        async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
            logging.getLogger("uvicorn.error").setLevel(logging.CRITICAL)  # open pages are cut off: no news
            await super().shutdown(sockets)

    Server(settings).run(sockets=[listener])


def arguments() -> argparse.ArgumentParser:
    """The command line, in Chinese."""
    parser, group = command_line("python app.py", texts.ARGUMENTS, texts.ARGUMENTS_END)
    group.add_argument("--host", default=HOST, help=texts.ARGUMENT_HOST)
    group.add_argument("--port", default=PORT, type=int, help=texts.ARGUMENT_PORT)
    return parser


def main(argv: Sequence[str] | None = None) -> int:
    """Serve the page; returns the exit code."""
    chosen = arguments().parse_args(argv)
    try:
        serve(Config.from_env(), chosen.host, chosen.port)
    except KbqaError as error:
        sys.stderr.write(f"{error}\n")
        return error.exit_code
    except KeyboardInterrupt:
        return 0
    return 0


if __name__ == "__main__":
    sys.exit(main())
