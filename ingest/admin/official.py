"""Fetches the official texts behind policy digests; a digest whose official text is there steps back."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import PurePosixPath
from typing import Any

from ingest.admin import sidecar, texts
from ingest.admin.fetch import Fetched, checked
from ingest.admin.intake import OFFICIAL_OF, SUPERSEDED_BY, Incoming
from ingest.load import source_files
from rag.config import Config
from rag.errors import UnreadableFile

OF_THE_DIGEST = {"basis", "source_url", SUPERSEDED_BY, "id"}
"""Metadata that says something of the digest itself, not of the text that it sums up."""


@dataclass(frozen=True, slots=True)
class Digests:
    """Digests whose official text can be fetched, and how many cannot: no address, or one off the list."""

    sources: tuple[str, ...]
    without: int
    outside: int


def digests(config: Config) -> Digests:
    """All policy digests that are still in use."""
    sources, without, outside = [], 0, 0
    for path in source_files(config.kb_dir):
        source = path.relative_to(config.kb_dir).as_posix()
        if not sidecar.holds_front_matter(path.name) or not source.startswith("policies/"):
            continue
        values = sidecar.stated(path)
        if not values.get("source_url"):
            without += not values.get(SUPERSEDED_BY) and OFFICIAL_OF not in values
        elif OFFICIAL_OF in values or values.get(SUPERSEDED_BY):
            continue
        elif _on_the_list(values["source_url"], config.fetch_hosts):
            sources.append(source)
        else:
            outside += 1
    return Digests(tuple(sources), without, outside)


def _on_the_list(url: str, hosts: Sequence[str]) -> bool:
    try:
        checked(url, hosts)
    except UnreadableFile:
        return False
    return True


def address_of(config: Config, source: str) -> tuple[str, dict[str, Any]]:
    """(URL, metadata) of a digest. Raises UnreadableFile if it is none, has none or has stepped back already."""
    if not sidecar.holds_front_matter(source):
        raise UnreadableFile(source, texts.NOT_A_DIGEST)
    values = sidecar.stated(config.kb_dir / source)
    if values.get(SUPERSEDED_BY) and (config.kb_dir / values[SUPERSEDED_BY]).is_file():
        message = texts.ALREADY_OFFICIAL.format(official=values[SUPERSEDED_BY])
        raise UnreadableFile(source, message, cure=texts.CURE_ALREADY)
    if not values.get("source_url"):
        raise UnreadableFile(source, texts.NO_SOURCE_URL, cure=texts.CURE_SOURCE_URL)
    return str(values["source_url"]), values


def incoming(source: str, values: dict[str, Any], fetched: Fetched, today: str) -> Incoming:
    """The official text as it is put in: beside its digest, with the digest's metadata."""
    place = PurePosixPath(source)
    kept = {key: value for key, value in values.items() if key not in OF_THE_DIGEST}
    kept |= {"source_url": fetched.url, "fetched": today, OFFICIAL_OF: source}
    name = texts.OFFICIAL_NAME.format(stem=place.stem) + PurePosixPath(fetched.name).suffix
    return Incoming(fetched.content, name, place.parent.as_posix(), kept, stands_for=source)
