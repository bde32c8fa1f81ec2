"""Each file is parsed in a process of its own, under limits; a hostile file is that file's error, never the batch's."""

import contextlib
import logging
import os
import shutil
import signal
import site
import stat
import subprocess
import sys
import tempfile
import threading
import time
from collections import deque
from collections.abc import Callable, Generator, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path

from ingest import texts
from ingest.apart import extract as child
from ingest.apart.container import printable
from ingest.apart.extract import FORMATS, LIMITS, Limits
from ingest.apart.parcel import unpack
from ingest.extracted import Extracted
from rag import texts as common_texts
from rag.config import ROOT
from rag.errors import UnreadableFile

MAX_WORKERS = 4
AHEAD = 4
"""Files that each worker may be ahead of the one whose turn it is."""
LAST_WORDS = 4_000
"""Bytes of a child's standard error that are logged."""
ENVIRONMENT = {
    "PATH": os.defpath,
    "LANG": "C.UTF-8",
    "PYTHONUTF8": "1",
    "OMP_NUM_THREADS": "1",
    "OPENBLAS_NUM_THREADS": "1",
    "MALLOC_ARENA_MAX": "2",
}
"""All that a child knows of its surroundings: no proxy, no secret, no setting."""
log = logging.getLogger("ingest")


@dataclass(frozen=True, slots=True)
class Ending:
    """How a child ended: its status as `subprocess` gives it; the seconds after which it was killed, 0 if not."""

    status: int
    killed_after: int = 0


@dataclass(slots=True)
class Children:
    """The children that are running now; `stop` kills them, and no other starts."""

    limits: Limits = LIMITS
    _running: set[int] = field(default_factory=set)
    _lock: threading.Lock = field(default_factory=threading.Lock)
    _stopped: bool = False

    def run(self, path: Path, reader: str, folder: Path) -> Ending:
        """Let a child parse the file with the module `reader` and put what it read into `folder`."""
        folder.mkdir(exist_ok=True)
        command = [sys.executable, "-m", "ingest.apart.extract", str(path.absolute()), str(folder), reader]
        own = {"HOME": str(folder), "TMPDIR": str(folder), "PYTHONUSERBASE": site.getuserbase()}
        with (folder / "last words").open("wb") as last_words:
            with self._lock:
                if self._stopped:
                    return Ending(-signal.SIGKILL)
                process = subprocess.Popen(
                    [*command, child.encoded(self.limits)],
                    cwd=ROOT,
                    env=ENVIRONMENT | own,
                    stdin=subprocess.DEVNULL,
                    stdout=subprocess.DEVNULL,
                    stderr=last_words,
                    start_new_session=True,
                )
                self._running.add(process.pid)
            try:
                return self._wait(process, folder)
            finally:
                _kill_group(process.pid)
                process.wait()
                self._running.discard(process.pid)

    def stop(self) -> None:
        """Kill every child with all that it started."""
        with self._lock:
            self._stopped = True
            for pid in tuple(self._running):
                _kill_group(pid)

    def _wait(self, process: subprocess.Popen[bytes], folder: Path) -> Ending:
        """The time that the pages buy is asked for when it is needed, after they were counted."""
        started = time.monotonic()
        with contextlib.suppress(subprocess.TimeoutExpired):
            return Ending(process.wait(self.limits.wait(0)))
        seconds = self.limits.wait(_announced(folder))
        with contextlib.suppress(subprocess.TimeoutExpired):
            return Ending(process.wait(max(0.0, started + seconds - time.monotonic())))
        return Ending(-signal.SIGKILL, killed_after=seconds)


def extract(path: Path, limits: Limits = LIMITS) -> Extracted:
    """Parse one file apart from this process. Raises UnreadableFile, whatever the file does."""
    with _folder() as folder:
        reader = reader_of(path, limits)
        return outcome(path, folder, Children(limits).run(path, reader, folder), limits)


def extract_all(
    paths: Sequence[Path], progress: Callable[[int], None], workers: int = MAX_WORKERS, limits: Limits = LIMITS
) -> Generator[tuple[Path, Extracted | UnreadableFile], None, None]:
    """Parse files side by side and give each with its text or its error, in the order of `paths`.

    No more children than cores; an interruption, or closing the iterator, kills them. Results wait on the disk,
    one at a time is in memory. `progress` is called with 1 after each file.
    """
    workers = max(1, min(workers, MAX_WORKERS, os.cpu_count() or 1))
    children, begun = Children(limits), deque[tuple[Path, Path, Future[Ending]]]()

    def parse(path: Path, folder: Path) -> Ending:
        return children.run(path, reader_of(path, limits), folder)

    with _folder() as batch, ThreadPoolExecutor(workers) as pool:
        try:
            for number, path in enumerate(paths):
                folder = batch / str(number)
                begun.append((path, folder, pool.submit(parse, path, folder)))
                if len(begun) > workers * AHEAD:
                    yield _settled(begun.popleft(), progress, limits)
            while begun:
                yield _settled(begun.popleft(), progress, limits)
        finally:
            pool.shutdown(wait=False, cancel_futures=True)
            children.stop()


def reader_of(path: Path, limits: Limits = LIMITS) -> str:
    """The dotted name of the module that reads the file. Raises UnreadableFile for what is not to be parsed at all."""
    if str(path).encode(errors="replace").decode() != str(path):
        raise _refusal(path, common_texts.FILE_NAME_NOT_UTF8, common_texts.CURE_RENAME)
    name = FORMATS.get(path.suffix.lower())
    if name is None:
        raise _refusal(path, texts.SUFFIX_UNKNOWN.format(suffix=printable(path.suffix)), texts.CURE_OTHER)
    try:
        found = path.stat()
        if not stat.S_ISREG(found.st_mode):
            raise _refusal(path, texts.NOT_A_FILE, texts.CURE_NOT_A_FILE)
        path.open("rb").close()
    except OSError as error:
        raise _refusal(path, texts.NOT_OPENED.format(detail=error.strerror), texts.CURE_NOT_OPENED) from error
    if found.st_size > limits.file:
        message = common_texts.FILE_TOO_LARGE.format(limit=limits.file // 1_000_000)
        raise _refusal(path, message, texts.CURE_SPLIT_FILE)
    return f"ingest.formats.{name}"


def outcome(path: Path, folder: Path, ending: Ending, limits: Limits) -> Extracted:
    """What a child that ended so has left. Raises UnreadableFile with what happened and what to do."""
    if ending.status == 0 and not ending.killed_after:
        return _result(path, folder, limits)
    with (folder / "last words").open("rb") as file:
        file.seek(max(0, file.seek(0, os.SEEK_END) - LAST_WORDS))
        log.debug("%s: %s\n%s", printable(path.name), ending, file.read(LAST_WORDS).decode(errors="replace"))
    raise _refusal(path, *_explained(path, folder, ending, limits))


def _result(path: Path, folder: Path, limits: Limits) -> Extracted:
    try:
        with (folder / child.RESULT).open("rb") as file:
            content = file.read(limits.written + 1)
        if len(content) > limits.written:
            raise ValueError(len(content))
        return unpack(content, printable(str(path)))
    except (OSError, ValueError, RecursionError) as error:
        log.debug("%s: %s", printable(path.name), error)
        raise _refusal(path, texts.RESULT_GARBLED, texts.CURE_EXPORT) from error


def _explained(path: Path, folder: Path, ending: Ending, limits: Limits) -> tuple[str, str]:
    """Message and cure for a child that gave no result."""
    suffix = path.suffix.lower()
    if ending.killed_after:
        return texts.TOO_LONG.format(seconds=ending.killed_after), texts.CURE_SPLIT_FILE
    if ending.status == -signal.SIGXCPU:
        return texts.TOO_LONG.format(seconds=limits.work(_announced(folder))), texts.CURE_SPLIT_FILE
    if ending.status == -signal.SIGKILL:
        return texts.KILLED, texts.CURE_KILLED
    if ending.status < 0:
        return texts.CRASHED.format(signal=signal.Signals(-ending.status).name), texts.CURE_EXPORT
    return {
        child.MEMORY_EXIT: (texts.TOO_MUCH_MEMORY.format(limit=limits.memory >> 20), texts.CURE_SPLIT_FILE),
        child.DEPTH_EXIT: (texts.TOO_DEEP, texts.CURE_EXPORT),
        child.LIBRARY_EXIT: (texts.LIBRARY_MISSING.format(suffix=suffix), texts.CURE_LIBRARY),
        child.WRITTEN_EXIT: (texts.TOO_MUCH_WRITTEN.format(limit=limits.written // 1_000_000), texts.CURE_SPLIT_FILE),
        child.DISK_EXIT: (texts.NO_SPACE, texts.CURE_SPACE),
    }.get(ending.status, (texts.PARSER_FAILED.format(suffix=suffix), texts.CURE_EXPORT))


def _settled(
    begun: tuple[Path, Path, Future[Ending]], progress: Callable[[int], None], limits: Limits
) -> tuple[Path, Extracted | UnreadableFile]:
    path, folder, future = begun
    try:
        return path, outcome(path, folder, future.result(), limits)
    except UnreadableFile as error:
        return path, error
    finally:
        shutil.rmtree(folder, ignore_errors=True)
        progress(1)


def _announced(folder: Path) -> int:
    """The pages that a child has counted, 0 before it has."""
    try:
        with (folder / child.ANNOUNCED).open("rb") as file:
            return max(0, int(file.read(12)))
    except (OSError, ValueError):
        return 0


def _kill_group(pid: int) -> None:
    with contextlib.suppress(ProcessLookupError):
        os.killpg(pid, signal.SIGKILL)


@contextlib.contextmanager
def _folder() -> Iterator[Path]:
    with tempfile.TemporaryDirectory(prefix="kbqa-", ignore_cleanup_errors=True) as name:
        yield Path(name)


def _refusal(path: Path, message: str, cure: str) -> UnreadableFile:
    return UnreadableFile(printable(str(path)), message, cure=cure)
