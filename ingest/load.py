"""First step: files -> text and front matter. A bad file is that file's problem, never the batch's."""

import hashlib
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from rag import texts
from rag.errors import ConfigError, UnreadableFile

SUFFIXES = {".md", ".markdown", ".txt"}
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

    `lines` gives the 1-based line of each front matter key.
    """

    source: str
    digest: str
    front_matter: dict[str, Any]
    lines: dict[str, int]
    body: str


def source_files(kb_dir: Path) -> tuple[Path, ...]:
    """The texts of a knowledge base in a stable order. Raises ConfigError if there is no such folder."""
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
        elif path.suffix.lower() in SUFFIXES and not (folder == kb_dir and path.name in IGNORED_NAMES):
            yield path


def read_file(path: Path, kb_dir: Path) -> RawFile:
    """Read one file. Raises UnreadableFile naming the file, the line and the cure."""
    source = path.relative_to(kb_dir).as_posix()
    shown = source.encode("utf-8", "backslashreplace").decode("utf-8")
    if shown != source:
        raise UnreadableFile(shown, texts.FILE_NAME_NOT_UTF8, cure=texts.CURE_RENAME)
    if path.stat().st_size > MAX_BYTES:
        raise UnreadableFile(source, texts.FILE_TOO_LARGE.format(limit=MAX_BYTES // 1_000_000), cure=texts.CURE_SPLIT)
    content = path.read_bytes()
    text = _decoded(source, content).replace("\r\n", "\n").replace("\r", "\n")
    front_matter, lines, body = _front_matter(source, text)
    if not body.strip():
        raise UnreadableFile(source, texts.FILE_EMPTY, cure=texts.CURE_EMPTY)
    return RawFile(source, hashlib.sha256(content).hexdigest(), front_matter, lines, body)


def _decoded(source: str, content: bytes) -> str:
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = content[: error.start].count(b"\n") + 1
        raise UnreadableFile(source, texts.FILE_NOT_UTF8, line=line, cure=texts.CURE_UTF8) from error


def _front_matter(source: str, text: str) -> tuple[dict[str, Any], dict[str, int], str]:
    if not re.match(r"---[ \t]*\n", text):
        return {}, {}, text
    match = FRONT_MATTER.match(text)
    if match is None:
        raise UnreadableFile(source, texts.FRONT_MATTER_OPEN, line=1, cure=texts.CURE_FRONT_MATTER)
    try:
        values, lines = _mapping(match[1])
    except (yaml.YAMLError, ValueError) as error:
        mark = getattr(error, "problem_mark", None)
        line = mark.line + 2 if mark else 2
        raise UnreadableFile(source, texts.FRONT_MATTER_BROKEN, line=line, cure=texts.CURE_FRONT_MATTER) from error
    return values, lines, text[match.end() :]


def _mapping(front_matter: str) -> tuple[dict[str, Any], dict[str, int]]:
    """Values and lines by key. Raises YAMLError, or ValueError if it is no mapping."""
    loader = _Loader(front_matter)
    try:
        node = loader.get_single_node()
        if node is None:
            return {}, {}
        if not isinstance(node, yaml.MappingNode):
            raise ValueError(node.tag)
        return loader.construct_document(node), {key.value: key.start_mark.line + 2 for key, _ in node.value}
    finally:
        loader.dispose()
