"""Second step: what changed since the published generation; a bad file never stops the others."""

import datetime
from collections.abc import Callable, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path

from ingest.apart.extract import FORMATS
from ingest.apart.extractions import Extractions, extract_remembered
from ingest.duplicates import without_duplicates
from ingest.extracted import Extracted
from ingest.knowledge import Findings, informed, read_alone
from ingest.load import RawFile, read_file, source_files, source_of
from ingest.metadata import make_document, stated_days
from ingest.stated.particulars import Particular, particulars
from rag import generation, texts
from rag.catalog import Catalog
from rag.config import Config
from rag.errors import IndexDamaged, IndexMissing, UnreadableFile
from rag.types import Document, Problem

EXTRACTIONS = "extracted.sqlite"
Progress = Callable[[str, int, int], None]
"""Called with (stage, done, total)."""


@dataclass(frozen=True, slots=True)
class Plan:
    """Documents to index with the digests of their files, and how they differ from what is published."""

    files: tuple[tuple[Document, str], ...]
    added: tuple[str, ...]
    changed: tuple[str, ...]
    removed: tuple[str, ...]
    renamed: tuple[tuple[str, str], ...]
    unchanged: int
    problems: tuple[Problem, ...]
    current: Path | None
    rebuild: str = ""
    behind: tuple[tuple[str, str], ...] = ()
    """(source, the one that stands for it): copies, drafts, reprints, and digests whose official text is there."""
    findings: Mapping[str, Findings] = field(default_factory=dict)
    """What the text of each document proves of it."""

    @property
    def nothing_changed(self) -> bool:
        """The published generation already is what would be built."""
        return not (self.added or self.changed or self.removed or self.renamed or self.rebuild)


def make_plan(config: Config, pipeline: str, progress: Progress) -> Plan:
    """Compare the texts with the published generation. Raises ConfigError if there is no kb folder."""
    raws, problems = _read_all(config, progress)
    found = {raw.source: particulars(raw.body, stated_days(raw.front_matter)) for raw in raws}
    documents, superseded = _documents(raws, found, problems)
    documents, contradictions = read_alone(documents, found)
    standing, behind = without_duplicates(documents)
    standing, findings = informed(standing, found, contradictions, datetime.date.today())
    digests = {raw.source: raw.digest for raw in raws}
    files = tuple((document, digests[document.source]) for document in standing)
    current, known, rebuild = _published(config.index_dir, pipeline)
    found_now = {document.source: (digests[document.source], document.meta.names) for document in standing}
    added = sorted(found_now.keys() - known.keys())
    removed = sorted(known.keys() - found_now.keys())
    renamed = []
    for source in list(removed):
        twin = next((name for name in added if found_now[name][0] == known[source][0]), None)
        if twin:
            renamed.append((source, twin))
            removed.remove(source)
            added.remove(twin)
    same = [source for source in found_now if known.get(source) == found_now[source]]
    changed = sorted(source for source in found_now.keys() & known.keys() if known[source] != found_now[source])
    return Plan(
        files,
        tuple(added),
        tuple(changed),
        tuple(removed),
        tuple(renamed),
        len(same),
        tuple(problems),
        current,
        rebuild,
        tuple(sorted((superseded | behind).items())),
        findings,
    )


def _read_all(config: Config, progress: Progress) -> tuple[list[RawFile], list[Problem]]:
    raws: list[RawFile] = []
    problems: list[Problem] = []
    paths = source_files(config.kb_dir)
    extracted = _extracted(config, [path for path in paths if path.suffix.lower() in FORMATS], progress)
    for path in paths:
        try:
            source = source_of(path, config.kb_dir)
            found = extracted.get(path)
            if isinstance(found, UnreadableFile):
                raise UnreadableFile(source, found.message, line=found.line, cure=found.cure)
            raws.append(read_file(path, config.kb_dir, found))
        except UnreadableFile as error:
            problems.append(_problem(error))
    return raws, problems


def _extracted(config: Config, paths: Sequence[Path], progress: Progress) -> dict[Path, Extracted | UnreadableFile]:
    """What the files of other formats hold; what was read once is remembered beside the index, if there is one."""
    if not paths:
        return {}
    done = 0

    def count(step: int) -> None:
        nonlocal done
        done += step
        progress(texts.STAGE_EXTRACT, done, len(paths))

    place = config.index_dir / EXTRACTIONS if config.index_dir.is_dir() else Path(":memory:")
    with closing(Extractions(place)) as memory:
        return dict(extract_remembered(paths, memory, count))


def _documents(
    raws: Sequence[RawFile], found: Mapping[str, tuple[Particular, ...]], problems: list[Problem]
) -> tuple[list[Document], dict[str, str]]:
    """The usable documents, and the digests that step back behind an official text; what is wrong joins problems."""
    documents: list[Document] = []
    superseded: dict[str, str] = {}
    identities: dict[str, str] = {}
    sources = {raw.source for raw in raws}
    for raw in raws:
        try:
            document = make_document(raw, found[raw.source])
            _claim(raw, identities)
        except UnreadableFile as error:
            problems.append(_problem(error))
            continue
        official = str(raw.front_matter.get("superseded_by", ""))
        if official in sources:
            superseded[raw.source] = official
        else:
            documents.append(document)
    return documents, superseded


def _claim(raw: RawFile, identities: dict[str, str]) -> None:
    identity = str(raw.front_matter.get("id", ""))
    if identity and identity in identities:
        message = texts.ID_DUPLICATE.format(value=identity, other=identities[identity])
        raise UnreadableFile(raw.source, message, line=raw.lines["id"], cure=texts.CURE_ID)
    identities[identity] = raw.source


def _problem(error: UnreadableFile) -> Problem:
    return Problem(error.source, error.line, error.message, error.cure)


def _published(index_dir: Path, pipeline: str) -> tuple[Path | None, dict[str, tuple[str, tuple[str, ...]]], str]:
    """(generation, digests and copies' names, why it must be rebuilt whole); a damaged one counts as none."""
    try:
        current = generation.published(index_dir)
        manifest = generation.read_manifest(current)
        generation.check(current, manifest)
    except IndexMissing:
        return None, {}, texts.REBUILD_FIRST
    except IndexDamaged as error:
        return None, {}, str(error)
    catalog = Catalog(current / generation.CATALOG)
    try:
        known = {source: (digest, catalog.metas[source].names) for source, digest in catalog.digests().items()}
    finally:
        catalog.close()
    return current, known, "" if manifest.pipeline == pipeline else texts.REBUILD_PIPELINE
