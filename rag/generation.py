"""The layout of an index folder: one pointer, immutable generations, checksums. Standard library only.

index/
  CURRENT                 name of the published generation
  vectors.sqlite          embedding cache
  generations/<name>/     manifest.json · catalog.sqlite · vectors/ · lexical/
"""

import hashlib
import json
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from rag import texts
from rag.errors import IndexDamaged, IndexMissing

POINTER, GENERATIONS, MANIFEST = "CURRENT", "generations", "manifest.json"
CATALOG, VECTORS, LEXICAL = "catalog.sqlite", "vectors", "lexical"
FORMAT = 4


@dataclass(frozen=True, slots=True)
class Calibration:
    """The refusal level of a generation and how well it separates, measured at publish."""

    threshold: float = 0.0
    in_scope: tuple[float, ...] = field(default=())
    out_of_scope: tuple[float, ...] = field(default=())
    reading: float | None = None
    """The reader's relevance logit below which nothing that was read answers; None: the reader refuses nothing."""


@dataclass(frozen=True, slots=True)
class Manifest:
    """What built a generation and what it must hold."""

    name: str
    created: str
    fingerprint: str
    pipeline: str
    documents: int
    chunks: int
    sentences: int
    characters: int
    seconds: float
    calibration: Calibration = Calibration()
    files: dict[str, str] = field(default_factory=dict)
    format: int = FORMAT


def published(index_dir: Path) -> Path:
    """The directory of the published generation. Raises IndexMissing or IndexDamaged."""
    name = pointer(index_dir)
    if not name:
        raise IndexMissing(texts.INDEX_MISSING.format(path=index_dir))
    directory = index_dir / GENERATIONS / name
    if not (directory / MANIFEST).exists():
        raise IndexDamaged(texts.INDEX_DAMAGED.format(path=directory, detail=MANIFEST))
    return directory


def pointer(index_dir: Path) -> str:
    """The name in CURRENT, '' where there is none."""
    try:
        name = (index_dir / POINTER).read_text(encoding="ascii").strip()
    except (FileNotFoundError, UnicodeDecodeError):
        return ""
    return name if "/" not in name else ""


def read_manifest(directory: Path) -> Manifest:
    """The manifest of a generation. Raises IndexDamaged if it cannot be read."""
    try:
        stored: dict[str, Any] = json.loads((directory / MANIFEST).read_text(encoding="utf-8"))
        levels = stored.pop("calibration")
        scopes = tuple(levels["in_scope"]), tuple(levels["out_of_scope"])
        calibration = Calibration(levels["threshold"], *scopes, levels.get("reading"))
        return Manifest(calibration=calibration, **stored)
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise IndexDamaged(texts.INDEX_DAMAGED.format(path=directory, detail=MANIFEST)) from error


def write_manifest(directory: Path, manifest: Manifest) -> None:
    """Write the manifest beside the files that it describes."""
    (directory / MANIFEST).write_text(json.dumps(asdict(manifest), ensure_ascii=False, indent=1), encoding="utf-8")


def checksums(directory: Path) -> dict[str, str]:
    """SHA-256 of every file of a generation but its manifest, by POSIX path."""
    return {
        path.relative_to(directory).as_posix(): _sha256(path)
        for path in sorted(directory.rglob("*"))
        if path.is_file() and path.name != MANIFEST
    }


def check(directory: Path, manifest: Manifest) -> None:
    """Raises IndexDamaged naming the first file that is not as it was verified at publish."""
    found = checksums(directory)
    for name in sorted({*found, *manifest.files}):
        if found.get(name) != manifest.files.get(name):
            raise IndexDamaged(texts.INDEX_DAMAGED.format(path=directory, detail=name))


def _sha256(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
