"""Eighth step: a verified staging folder becomes the published generation; one pointer changes."""

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from ingest.lock import writer_lock
from rag import generation, texts
from rag.config import Config
from rag.errors import IndexMissing

KEPT_GENERATIONS = 2
STAGING = ".staging"


def rollback(config: Config) -> str:
    """Publish the generation before the current one and return its name. Raises IndexMissing."""
    if not config.index_dir.is_dir():
        raise IndexMissing(texts.INDEX_MISSING.format(path=config.index_dir))
    with writer_lock(config.index_dir):
        current = generation.pointer(config.index_dir)
        older = [path for path in _generations(config.index_dir) if path.name < current]
        if not older:
            raise IndexMissing(texts.NO_OLDER_GENERATION)
        generation.check(older[-1], generation.read_manifest(older[-1]))
        _point_to(config.index_dir, older[-1].name)
        return older[-1].name


@contextmanager
def staging_folder(index_dir: Path) -> Iterator[Path]:
    """A folder to build in; what killed or failed builds left behind is swept first."""
    root = index_dir / generation.GENERATIONS
    root.mkdir(exist_ok=True)
    for folder in root.iterdir():
        if not (folder / generation.MANIFEST).exists() or folder.suffix == STAGING:
            shutil.rmtree(folder)
    staging = root / f"{os.getpid()}{STAGING}"
    staging.mkdir()
    try:
        yield staging
    finally:
        if staging.exists():
            shutil.rmtree(staging)


def publish(index_dir: Path, staging: Path, name: str) -> None:
    """Make a complete staging folder the published generation and keep the one before it."""
    os.sync()
    staging.rename(index_dir / generation.GENERATIONS / name)
    _point_to(index_dir, name)
    others = [path for path in _generations(index_dir) if path.name != name]
    for old in others[: 1 - KEPT_GENERATIONS]:
        shutil.rmtree(old)


def _point_to(index_dir: Path, name: str) -> None:
    temporary = index_dir / f"{generation.POINTER}.new"
    with temporary.open("w", encoding="ascii") as file:
        file.write(name + "\n")
        file.flush()
        os.fsync(file.fileno())
    temporary.replace(index_dir / generation.POINTER)
    folder = os.open(index_dir, os.O_RDONLY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)


def _generations(index_dir: Path) -> list[Path]:
    root = index_dir / generation.GENERATIONS
    return sorted(path for path in root.glob("*-*") if (path / generation.MANIFEST).exists() and path.suffix != STAGING)
