"""First step: files -> text, pages and front matter. A bad file is that file's problem, never the batch's."""

import hashlib
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from ingest.apart.extract import FORMATS
from ingest.extracted import Extracted
from ingest.formats.plain import decode
from rag import texts
from rag.errors import ConfigError, UnreadableFile
from rag.types import Page

TEXTS = {".md", ".markdown", ".txt"}
"""Suffixes of what is read here; the other formats (`FORMATS`) come extracted."""
SIDECAR = ".meta.yaml"
"""Added to the name of a file that can hold no front matter: the file beside it that has it."""
IGNORED_FOLDERS = {"lexicon"}
IGNORED_NAMES = {"README.md"}
MAX_BYTES = 50_000_000
FRONT_MATTER = re.compile(r"\A---[ \t]*\n(.*?)(?<=\n)---[ \t]*(?:\n|\Z)", re.DOTALL)


class _Loader(yaml.SafeLoader):  # type: ignore[misc]
    """Safe YAML whose dates stay text: PyYAML dies on 2024-13-45, and metadata reports it with its line."""


_Loader.yaml_implicit_resolvers = {
    first: [(tag, pattern) for tag, pattern in resolvers if tag != "tag:yaml.org,2002:timestamp"]
    for first, resolvers in yaml.SafeLoader.yaml_implicit_resolvers.items()
}


@dataclass(frozen=True, slots=True)
class RawFile:
    """One file as found: its identity, the SHA-256 of its bytes, its front matter and its body.

    `lines` gives the 1-based line of each front matter key; `title` is what the format itself states, '' if nothing.
    """

    source: str
    digest: str
    front_matter: dict[str, Any]
    lines: dict[str, int]
    body: str
    pages: tuple[Page, ...] = ()
    title: str = ""


def source_files(kb_dir: Path) -> tuple[Path, ...]:
    """The files of a knowledge base that can be read, in a stable order. Raises ConfigError if there is no folder."""
    if not kb_dir.is_dir():
        raise ConfigError(texts.KB_MISSING.format(path=kb_dir))
    return tuple(sorted(_walk(kb_dir, kb_dir)))


def _walk(folder: Path, kb_dir: Path) -> Iterator[Path]:
    for path in folder.iterdir():
        if path.name.startswith(".") or path.is_symlink():
            continue
        if path.is_dir():
            if not (folder == kb_dir and path.name in IGNORED_FOLDERS):
                yield from _walk(path, kb_dir)
        elif path.suffix.lower() in TEXTS | FORMATS.keys() and not (folder == kb_dir and path.name in IGNORED_NAMES):
            yield path


def read_file(path: Path, kb_dir: Path, extracted: Extracted | None = None) -> RawFile:
    """Read one file; `extracted` is what it holds where it is no text. Raises UnreadableFile with line and cure."""
    source = source_of(path, kb_dir)
    content = path.read_bytes()
    if extracted is not None:
        front_matter, lines, beside = _sidecar(path, source)
        body, pages, title = extracted.text, extracted.pages, extracted.title
        digest = hashlib.sha256(content + beside).hexdigest()
    else:
        front_matter, lines, body = _front_matter(source, _decoded(source, content))
        pages, title, digest = (), "", hashlib.sha256(content).hexdigest()
    if not body.strip():
        raise UnreadableFile(source, texts.FILE_EMPTY, cure=texts.CURE_EMPTY)
    return RawFile(source, digest, front_matter, lines, body, pages, title)


def source_of(path: Path, kb_dir: Path) -> str:
    """The identity of a file. Raises UnreadableFile for a name that is no UTF-8 and for a file that is too large."""
    source = path.relative_to(kb_dir).as_posix()
    shown = source.encode("utf-8", "backslashreplace").decode("utf-8")
    if shown != source:
        raise UnreadableFile(shown, texts.FILE_NAME_NOT_UTF8, cure=texts.CURE_RENAME)
    if path.stat().st_size > MAX_BYTES:
        raise UnreadableFile(source, texts.FILE_TOO_LARGE.format(limit=MAX_BYTES // 1_000_000), cure=texts.CURE_SPLIT)
    return source


def _decoded(source: str, content: bytes) -> str:
    return decode(content, source)[0] if content else ""


def _sidecar(path: Path, source: str) -> tuple[dict[str, Any], dict[str, int], bytes]:
    """Front matter, its lines and the bytes of the file beside `path` that holds it; empty without one."""
    beside = path.with_name(path.name + SIDECAR)
    if not beside.is_file():
        return {}, {}, b""
    content = beside.read_bytes()
    values, lines = _parsed(source + SIDECAR, _decoded(source + SIDECAR, content), offset=1)
    return values, lines, content


def _front_matter(source: str, text: str) -> tuple[dict[str, Any], dict[str, int], str]:
    if not re.match(r"---[ \t]*\n", text):
        return {}, {}, text
    match = FRONT_MATTER.match(text)
    if match is None:
        raise UnreadableFile(source, texts.FRONT_MATTER_OPEN, line=1, cure=texts.CURE_FRONT_MATTER)
    values, lines = _parsed(source, match[1], offset=2)
    return values, lines, text[match.end() :]


def _parsed(source: str, text: str, offset: int) -> tuple[dict[str, Any], dict[str, int]]:
    """Values and 1-based lines of a front matter whose first line is line `offset` of its file."""
    try:
        values, lines = _mapping(text)
    except (yaml.YAMLError, ValueError) as error:
        mark = getattr(error, "problem_mark", None)
        line = mark.line + offset if mark else offset
        raise UnreadableFile(source, texts.FRONT_MATTER_BROKEN, line=line, cure=texts.CURE_FRONT_MATTER) from error
    return values, {key: line + offset for key, line in lines.items()}


def _mapping(front_matter: str) -> tuple[dict[str, Any], dict[str, int]]:
    """Values and lines (from 0) by key. Raises YAMLError, or ValueError if it is no mapping."""
    loader = _Loader(front_matter)
    try:
        node = loader.get_single_node()
        if node is None:
            return {}, {}
        if not isinstance(node, yaml.MappingNode):
            raise ValueError(node.tag)
        return loader.construct_document(node), {key.value: key.start_mark.line for key, _ in node.value}
    finally:
        loader.dispose()
