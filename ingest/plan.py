"""Second step: what changed since the published generation; a bad file never stops the others."""

from dataclasses import dataclass
from pathlib import Path

from ingest.load import read_file, source_files
from ingest.metadata import make_document
from rag import generation, texts
from rag.catalog import Catalog
from rag.config import Config
from rag.errors import IndexDamaged, IndexMissing, UnreadableFile
from rag.types import Document, Problem


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

    @property
    def nothing_changed(self) -> bool:
        """The published generation already is what would be built."""
        return not (self.added or self.changed or self.removed or self.renamed or self.rebuild)


def make_plan(config: Config, pipeline: str) -> Plan:
    """Compare the texts with the published generation. Raises ConfigError if there is no kb folder."""
    files, problems = _read_all(config.kb_dir)
    current, digests, rebuild = _published(config.index_dir, pipeline)
    found = {document.source: digest for document, digest in files}
    added = sorted(found.keys() - digests.keys())
    removed = sorted(digests.keys() - found.keys())
    renamed = []
    for source in list(removed):
        twin = next((name for name in added if found[name] == digests[source]), None)
        if twin:
            renamed.append((source, twin))
            removed.remove(source)
            added.remove(twin)
    same = [source for source in found if digests.get(source) == found[source]]
    changed = sorted(source for source in found.keys() & digests.keys() if digests[source] != found[source])
    return Plan(
        tuple(files),
        tuple(added),
        tuple(changed),
        tuple(removed),
        tuple(renamed),
        len(same),
        tuple(problems),
        current,
        rebuild,
    )


def _read_all(kb_dir: Path) -> tuple[list[tuple[Document, str]], list[Problem]]:
    files: list[tuple[Document, str]] = []
    problems: list[Problem] = []
    identities: dict[str, str] = {}
    for path in source_files(kb_dir):
        try:
            raw = read_file(path, kb_dir)
            document = make_document(raw)
            identity = str(raw.front_matter.get("id", ""))
            if identity and identity in identities:
                raise UnreadableFile(
                    raw.source,
                    texts.ID_DUPLICATE.format(value=identity, other=identities[identity]),
                    line=raw.lines["id"],
                    cure=texts.CURE_ID,
                )
            identities[identity] = raw.source
            files.append((document, raw.digest))
        except UnreadableFile as error:
            problems.append(Problem(error.source, error.line, error.message, error.cure))
    return files, problems


def _published(index_dir: Path, pipeline: str) -> tuple[Path | None, dict[str, str], str]:
    """(generation, digests, why it must be rebuilt whole); a damaged one counts as none."""
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
        digests = catalog.digests()
    finally:
        catalog.close()
    return current, digests, "" if manifest.pipeline == pipeline else texts.REBUILD_PIPELINE
