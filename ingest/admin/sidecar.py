"""Writes metadata where `load` reads it: front matter in a text, a file beside any other."""

import re
from collections.abc import Mapping
from pathlib import Path, PurePosixPath
from typing import Any

import yaml

from ingest.admin import texts
from ingest.formats.plain import decode
from ingest.load import FRONT_MATTER, SIDECAR, TEXTS
from rag.errors import UnreadableFile


def holds_front_matter(name: str) -> bool:
    """Whether a file of this name carries its metadata itself."""
    return PurePosixPath(name).suffix.lower() in TEXTS


def beside(path: Path) -> dict[str, Any]:
    """The metadata in the file beside `path`, all as text; empty without one. Raises UnreadableFile."""
    place = path.with_name(path.name + SIDECAR)
    return _mapping(place.name, decode(place.read_bytes(), place.name)[0]) if place.is_file() else {}


def as_yaml(values: Mapping[str, Any]) -> str:
    """Metadata as lines `key: value`, lists on one line, as kb/README.md shows them."""
    return "".join(_line(key, value) for key, value in values.items())


def _line(key: str, value: Any) -> str:
    plain, flow = (list(value), None) if isinstance(value, list | tuple) else (value, False)
    return str(yaml.safe_dump({key: plain}, allow_unicode=True, default_flow_style=flow, width=10_000))


def described(name: str, content: bytes, values: Mapping[str, Any]) -> bytes:
    """A text with these values in its front matter, as UTF-8; without values its bytes as they are.

    Raises UnreadableFile if the front matter states another value for one of the keys.
    """
    if not values:
        return content
    text, _ = decode(content, name)
    match = FRONT_MATTER.match(text)
    if match is None:
        return f"---\n{as_yaml(values)}---\n{text}".encode()
    stated = _mapping(name, match[1])
    for key, wanted in values.items():
        if key in stated and stated[key] != wanted:
            message = texts.METADATA_DIFFERS.format(key=key, value=stated[key], wanted=wanted)
            raise UnreadableFile(name, message, cure=texts.CURE_METADATA)
    missing = {key: value for key, value in values.items() if key not in stated}
    lines = as_yaml(missing) if missing else ""
    return (text[: match.end(1)] + lines + text[match.end(1) :]).encode()


def without(name: str, content: bytes, key: str) -> bytes:
    """A text whose front matter no longer has the one-line value of a key."""
    text, _ = decode(content, name)
    match = FRONT_MATTER.match(text)
    if match is None:
        return content
    kept = re.sub(rf"(?m)^{re.escape(key)}:.*\n", "", match[1])
    return (text[: match.start(1)] + kept + text[match.end(1) :]).encode()


def stated(path: Path) -> dict[str, Any]:
    """The metadata of a file of the knowledge base, wherever it stands, all as text. Raises UnreadableFile."""
    if not holds_front_matter(path.name):
        return beside(path)
    match = FRONT_MATTER.match(decode(path.read_bytes(), path.name)[0])
    return _mapping(path.name, match[1]) if match else {}


def _mapping(name: str, text: str) -> dict[str, Any]:
    try:
        values = yaml.load(text, Loader=yaml.BaseLoader)  # noqa: S506
    except yaml.YAMLError as error:
        raise UnreadableFile(name, texts.METADATA_BROKEN, cure=texts.CURE_METADATA_BROKEN) from error
    if values and not isinstance(values, dict):
        raise UnreadableFile(name, texts.METADATA_BROKEN, cure=texts.CURE_METADATA_BROKEN)
    return values or {}
