"""The commands that change a knowledge base: put files in, take them out, and bring the index up to date at once."""

import difflib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path, PurePosixPath
from typing import Any

from ingest.admin import sidecar, texts
from ingest.admin.overview import Row, open_catalog, row
from ingest.admin.shelf import Shelf, check, check_kind, safe_name, shown, sidecar_of
from ingest.build import Summary, ingest
from ingest.load import SIDECAR, source_files
from ingest.lock import writer_lock
from ingest.plan import Progress
from rag.config import Config
from rag.embedding import Model
from rag.errors import IndexDamaged, IndexMismatch, IndexMissing, UnreadableFile
from rag.types import Problem

OFFICIAL_OF, SUPERSEDED_BY = "official_of", "superseded_by"
"""Metadata keys: an official text names the digest that it stands for, the digest names the official text."""
NEAR_NAMES = 5


@dataclass(frozen=True, slots=True)
class Session:
    """What every command is given."""

    config: Config
    progress: Progress
    model: Model | None = None

    def ingest(self, *, dry_run: bool = False) -> Summary:
        """Bring the index up to date, or only say what would happen."""
        return ingest(self.config, self.progress, dry_run=dry_run, model=self.model)


@dataclass(frozen=True, slots=True)
class Incoming:
    """A file that wants to be put in: a path or its bytes, its name, its folder of the knowledge base, its metadata.

    `stands_for` is the digest that steps back behind it, '' mostly.
    """

    content: Path | bytes
    name: str
    folder: str
    values: Mapping[str, Any] = field(default_factory=dict)
    stands_for: str = ""


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of one file.

    `row` if it is indexed, else the name of a file whose copy is there already (`same`), the document that it was
    merged with, or its problem. `attic`: where the one before lies. `digest`: it stepped back, or is used again.
    """

    source: str
    row: Row | None = None
    same: str = ""
    merged: str = ""
    attic: str = ""
    digest: str = ""
    problem: Problem | None = None


def add(
    session: Session, shelf: Shelf, files: Sequence[Incoming], *, overwrite: bool = False
) -> tuple[list[Outcome], Summary | None]:
    """Put files in and index them with one publish; those that cannot be used are taken back.

    The summary is None where nothing was left to index. On any error everything is undone by `shelf`.
    """
    session.config.index_dir.mkdir(parents=True, exist_ok=True)
    with writer_lock(session.config.index_dir):
        outcomes = [_placed(shelf, file, overwrite=overwrite) for file in files]
    placed = {outcome.source for outcome in outcomes if not outcome.problem and not outcome.same}
    failed = _take_back(shelf, placed, session.ingest(dry_run=True).problems) if placed else {}
    if not placed - failed.keys():
        return [failed.get(outcome.source, outcome) for outcome in outcomes], None
    summary = session.ingest()
    with open_catalog(session.config) as catalog:
        merged = dict(summary.plan.behind)
        digests = {
            front: source
            for source, front in merged.items()
            if sidecar.stated(session.config.kb_dir / source).get("basis")
        }
        done = []
        for outcome in outcomes:
            source = outcome.source
            if source in failed:
                done.append(failed[source])
            elif source not in placed:
                done.append(outcome)
            elif source in catalog.metas:
                digest = outcome.digest or digests.get(source, "")
                done.append(replace(outcome, row=row(catalog, source), digest=digest))
            else:
                done.append(replace(outcome, merged=merged.get(source, "")))
    return done, summary


def _placed(shelf: Shelf, file: Incoming, *, overwrite: bool) -> Outcome:
    """Put one file in; a failure is its own and leaves nothing behind."""
    try:
        content = original = _content(file)
        name = safe_name(file.name)
        source = f"{file.folder}/{name}"
        given = sidecar.beside(file.content) if isinstance(file.content, Path) else {}
        values = {**given, **file.values}
        beside = b""
        if sidecar.holds_front_matter(name):
            content = sidecar.described(name, content, values)
        else:
            beside = sidecar.as_yaml(values).encode() if values else b""
        twin = _twin(shelf.kb_dir, {content, original})
        if twin:
            return Outcome(twin, same=shown(file.name))
        taken = (shelf.kb_dir / source).exists()
        if taken and not overwrite:
            message = texts.NAME_TAKEN.format(source=source)
            return failure(UnreadableFile(shown(file.name), message, cure=texts.CURE_NAME_TAKEN))
        if beside:
            shelf.put(sidecar_of(source), beside, owner=source)
        shelf.put(source, content)
        if file.stands_for:
            _step_back(shelf, file.stands_for, source)
    except UnreadableFile as error:
        return failure(error)
    return Outcome(source, attic=str(shelf.attic / source) if taken else "", digest=file.stands_for)


def _step_back(shelf: Shelf, digest: str, official: str) -> None:
    """Note in a digest which official text stands for it; undone with that text."""
    content = sidecar.without(digest, (shelf.kb_dir / digest).read_bytes(), SUPERSEDED_BY)
    shelf.put(digest, sidecar.described(digest, content, {SUPERSEDED_BY: official}), owner=official)


def _content(file: Incoming) -> bytes:
    if isinstance(file.content, bytes):
        check_kind(file.name, len(file.content))
        return file.content
    check(file.content)
    return file.content.read_bytes()


def failure(error: UnreadableFile) -> Outcome:
    """What became of a file that cannot be used."""
    return Outcome(error.source, problem=Problem(error.source, error.line, error.message, error.cure))


def _twin(kb_dir: Path, contents: set[bytes]) -> str:
    """The file of the knowledge base with exactly one of these contents; '' if there is none."""
    sizes = {len(content) for content in contents}
    for path in source_files(kb_dir):
        if path.stat().st_size in sizes and path.read_bytes() in contents:
            return path.relative_to(kb_dir).as_posix()
    return ""


def _take_back(shelf: Shelf, placed: set[str], problems: Sequence[Problem]) -> dict[str, Outcome]:
    failed = {}
    for problem in problems:
        owner = problem.source.removesuffix(SIDECAR)
        if owner in placed:
            shelf.undo(owner)
            failed[owner] = Outcome(owner, problem=problem)
    return failed


def remove(session: Session, shelf: Shelf, names: Sequence[str]) -> tuple[list[Outcome], Summary]:
    """Move files to the attic and bring the index up to date; nothing is moved unless every name is clear.

    Raises UnreadableFile for a name of no file or of several, and if nothing would be left to index.
    """
    config = session.config
    with writer_lock(config.index_dir):
        sources = list(dict.fromkeys(find(config, name) for name in names))
        outcomes = [_taken(shelf, source) for source in sources]
    try:
        summary = session.ingest()
    except IndexMissing as error:
        raise UnreadableFile(sources[-1], texts.NOTHING_LEFT, cure=texts.CURE_NOTHING_LEFT) from error
    return outcomes, summary


def _taken(shelf: Shelf, source: str) -> Outcome:
    path = shelf.kb_dir / source
    digest = str(sidecar.stated(path).get(OFFICIAL_OF, ""))
    if digest and (shelf.kb_dir / digest).is_file() and sidecar.stated(shelf.kb_dir / digest).get(SUPERSEDED_BY):
        content = (shelf.kb_dir / digest).read_bytes()
        shelf.put(digest, sidecar.without(digest, content, SUPERSEDED_BY), owner=source)
    else:
        digest = ""
    if (shelf.kb_dir / sidecar_of(source)).is_file():
        shelf.take(sidecar_of(source), owner=source)
    shelf.take(source)
    return Outcome(source, attic=str(shelf.attic / source), digest=digest)


def find(config: Config, name: str) -> str:
    """The one file of the knowledge base that a path, a file name or a title means.

    Raises UnreadableFile listing the candidates where it means several, near ones where it means none.
    """
    sources = [path.relative_to(config.kb_dir).as_posix() for path in source_files(config.kb_dir)]
    titles = _titles(config)
    wanted = name.strip().strip("《》")
    below = Path(name).absolute()
    if below.is_relative_to(config.kb_dir.absolute()):
        wanted = below.relative_to(config.kb_dir.absolute()).as_posix()
    if wanted in sources:
        return wanted
    forms = {source: (PurePosixPath(source).name, PurePosixPath(source).stem, titles.get(source)) for source in sources}
    meant = [source for source in sources if wanted in forms[source]]
    if len(meant) == 1:
        return meant[0]
    if meant:
        message = texts.AMBIGUOUS.format(name=shown(name), count=len(meant), names="、".join(meant))
        raise UnreadableFile(shown(name), message, cure=texts.CURE_AMBIGUOUS)
    near = [source for source in sources if any(wanted and wanted in (form or "") for form in forms[source])]
    near += [s for s in difflib.get_close_matches(wanted, sources, NEAR_NAMES, 0.5) if s not in near]
    cure = texts.NEAR_NAMES.format(names="、".join(near[:NEAR_NAMES])) if near else texts.CURE_STATUS
    raise UnreadableFile(shown(name), texts.NO_SUCH_DOCUMENT.format(name=shown(name)), cure=cure)


def _titles(config: Config) -> dict[str, str]:
    try:
        with open_catalog(config) as catalog:
            return dict(catalog.titles)
    except (IndexMissing, IndexDamaged, IndexMismatch):
        return {}  # paths and file names still mean something
