"""Texts -> a verified generation in a staging folder, then published by replacing one pointer."""

import datetime
import hashlib
import shutil
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path

from ingest.calibrate import CALIBRATION_FILE, calibrate
from ingest.chunk import embedding_text, sentence_text, split_chunks, table_header, told_title
from ingest.knowledge import Findings, links, targets
from ingest.lock import writer_lock
from ingest.plan import Plan, Progress, make_plan
from ingest.publish import publish, staging_folder
from ingest.structure.sentences import split_sentences
from ingest.structure.tree import parse_blocks, sections_of
from ingest.vectors import VectorCache
from ingest.verify import failure_apart
from rag import generation, texts
from rag.catalog import CatalogWriter
from rag.config import ROOT, Config
from rag.embedding import ConfiguredModel, Embedder, Model
from rag.errors import IndexDamaged, IndexMissing, StorageFailed
from rag.lexical import LEXICON_FILES, LexicalIndex
from rag.normalise import fold
from rag.reader import configured_reader
from rag.store import build_store
from rag.types import Chunk, Document, Problem, Section, Sentence

SHAPING = "bundled catalog generation judge lexical network normalise numerals reader reading retrieve store".split()
"""Files of rag/ whose change makes an index of before another index."""
UNSHAPING = {"admin", "apart", "__pycache__"}
"""Folders of ingest/ that shape no index."""
SPARE_BYTES = 200_000_000
STORE_ATTEMPTS = 3


@dataclass(frozen=True, slots=True)
class Summary:
    """What an ingest did."""

    plan: Plan
    generation: str = ""
    documents: int = 0
    chunks: int = 0
    sentences: int = 0
    embedded: int = 0
    seconds: float = 0.0
    problems: tuple[Problem, ...] = ()


@dataclass(frozen=True, slots=True)
class _Work:
    """What one build is given."""

    config: Config
    plan: Plan
    model: Model
    pipeline: str
    progress: Progress
    started: float


@dataclass(slots=True)
class _Parsed:
    """Everything of a knowledge base that goes into a generation, in ordinal order."""

    documents: list[tuple[Document, str, tuple[Section, ...]]] = field(default_factory=list)
    chunks: list[Chunk] = field(default_factory=list)
    chunk_texts: list[str] = field(default_factory=list)
    searched_texts: list[str] = field(default_factory=list)
    """What the words of a chunk are taken from: its text, with the file's name where the text has no title."""
    sentences: list[tuple[int, Sentence]] = field(default_factory=list)
    sentence_texts: list[str] = field(default_factory=list)


def ingest(config: Config, progress: Progress, *, dry_run: bool = False, model: Model | None = None) -> Summary:
    """Bring the published index up to date with the texts; a failure leaves it as it was.

    Raises IngestBusy, IndexDamaged, ModelUnavailable, StorageFailed or ConfigError.
    """
    started = time.monotonic()
    model = model or ConfiguredModel(config)
    identity = pipeline(config, model.fingerprint)
    if dry_run:
        plan = make_plan(config, identity, progress)
        return Summary(plan, seconds=time.monotonic() - started, problems=plan.problems)
    config.index_dir.mkdir(parents=True, exist_ok=True)
    with writer_lock(config.index_dir):
        plan = make_plan(config, identity, progress)
        if plan.nothing_changed and plan.current is not None:
            found = generation.read_manifest(plan.current)
            counts = (found.documents, found.chunks, found.sentences, 0)
            return Summary(plan, found.name, *counts, time.monotonic() - started, plan.problems)
        if not plan.files:
            raise IndexMissing(_nothing_usable(config, plan.problems))
        work = _Work(config, plan, model, identity, progress, started)
        return replace(_build_and_publish(work), problems=plan.problems)


def _nothing_usable(config: Config, problems: tuple[Problem, ...]) -> str:
    lines = [texts.PROBLEM_LINE.format(source=p.source, line="", message=p.message, cure=p.cure) for p in problems]
    return "\n".join([texts.NOTHING_TO_INGEST.format(path=config.kb_dir), *lines])


def pipeline(config: Config, fingerprint: str) -> str:
    """Identify all that shapes an index besides the texts: code, lexicon, models."""
    digest = hashlib.sha256(f"{fingerprint} {config.reader}".encode())
    code = [path for path in Path(__file__).parent.rglob("*.py") if path.parent.name not in UNSHAPING]
    code += (ROOT / "rag" / f"{name}.py" for name in SHAPING)
    lexicon = [lexicon_dir(config) / name for name in (*LEXICON_FILES, CALIBRATION_FILE)]
    for path in (*sorted(code), *lexicon):
        if path.exists():
            digest.update(path.read_bytes())
    return digest.hexdigest()[:16]


def lexicon_dir(config: Config) -> Path:
    """The knowledge base's own lexicon if it has one, else the product's."""
    own = config.kb_dir / "lexicon"
    return own if own.is_dir() else ROOT / "kb" / "lexicon"


def _build_and_publish(work: _Work) -> Summary:
    index_dir, lexicon, progress = work.config.index_dir, lexicon_dir(work.config), work.progress
    progress(texts.STAGE_MODEL, 0, 0)
    embedder = work.model.load()
    parsed = _parse(work.plan, embedder, progress)
    _require_space(index_dir, len(parsed.chunks) + len(parsed.sentences), embedder.dimensions)
    cache = VectorCache(index_dir / "vectors.sqlite", embedder.fingerprint)
    try:
        everything = [*parsed.chunk_texts, *parsed.sentence_texts]
        with _counted(progress, texts.STAGE_EMBED, len(cache.missing(everything))) as count:
            cache.embed(everything, embedder, count)
        with staging_folder(index_dir) as staging:
            _write(staging, parsed, cache, work)
            manifest = _describe(work, parsed)
            generation.write_manifest(staging, manifest)
            progress(texts.STAGE_CALIBRATE, 0, 0)
            reader = configured_reader(work.config)
            manifest = replace(manifest, calibration=calibrate(staging, embedder, reader, lexicon))
            seconds = time.monotonic() - work.started
            manifest = replace(manifest, files=generation.checksums(staging), seconds=seconds)
            generation.write_manifest(staging, manifest)
            publish(index_dir, staging, manifest.name)
    finally:
        cache.close()
    counts = (manifest.documents, manifest.chunks, manifest.sentences, cache.embedded)
    return Summary(work.plan, manifest.name, *counts, manifest.seconds)


def _parse(plan: Plan, embedder: Embedder, progress: Progress) -> _Parsed:
    parsed = _Parsed()
    with _counted(progress, texts.STAGE_PARSE, len(plan.files)) as count:
        for document, digest in plan.files:
            blocks = parse_blocks(document.text)
            parsed.documents.append((document, digest, sections_of(document.text, blocks)))
            told = replace(document, title=told_title(document))
            chunks = split_chunks(told, blocks, embedder.count_tokens, embedder.window)
            sentences = iter(split_sentences(document.text, blocks))
            sentence = next(sentences, None)
            for item in chunks:
                ordinal = len(parsed.chunks)
                parsed.chunks.append(item)
                text = embedding_text(item, table_header(document, blocks, item))
                parsed.chunk_texts.append(text)
                parsed.searched_texts.append(text if told.title else f"{fold(document.title)}\n{text}")
                while sentence is not None and sentence.start < item.end:
                    parsed.sentences.append((ordinal, sentence))
                    parsed.sentence_texts.append(sentence_text(told.title, sentence))
                    sentence = next(sentences, None)
            count(1)
    return parsed


def _write(staging: Path, parsed: _Parsed, cache: VectorCache, work: _Work) -> None:
    lexicon, findings, progress = lexicon_dir(work.config), work.plan.findings, work.progress
    with CatalogWriter(staging / generation.CATALOG) as catalog:
        by_title, labels = targets((document, sections) for document, _, sections in parsed.documents)
        for document, digest, sections in parsed.documents:
            found = findings.get(document.source, Findings())
            catalog.add_document(document, digest, sections)
            leading = links(document, sections, by_title, labels)
            catalog.add_findings(document.source, found.proofs, found.conflicts, leading)
        for ordinal, item in enumerate(parsed.chunks):
            catalog.add_chunk(ordinal, item)
        for ordinal, (owner, sentence) in enumerate(parsed.sentences):
            catalog.add_sentence(ordinal, owner, sentence)
    LexicalIndex.build(parsed.searched_texts, lexicon, staging / generation.LEXICAL)
    _write_vectors(staging, parsed, cache, progress)


def _write_vectors(staging: Path, parsed: _Parsed, cache: VectorCache, progress: Progress) -> None:
    """Build the vector store until every canary finds itself.

    Neighbour graphs are built by several threads in no fixed order; now and then one leaves a row
    that no search reaches (seen in 2 of 5 builds with Chroma's default graph). Such a build is dropped.
    """
    chunks = cache.vectors(parsed.chunk_texts)
    sentences = cache.vectors(parsed.sentence_texts) if parsed.sentences else chunks[:0]
    lost = ""
    for _ in range(STORE_ATTEMPTS):
        shutil.rmtree(staging / generation.VECTORS, ignore_errors=True)
        with _counted(progress, texts.STAGE_STORE, len(chunks) + len(sentences)) as count:
            build_store(staging / generation.VECTORS, chunks, sentences, count)
        progress(texts.STAGE_VERIFY, 0, 0)
        lost = failure_apart(staging, len(chunks), len(sentences))
        if not lost:
            return
    raise IndexDamaged(texts.VERIFY_FAILED.format(detail=lost))


def _describe(work: _Work, parsed: _Parsed) -> generation.Manifest:
    created = datetime.datetime.now(datetime.UTC).strftime("%Y%m%dT%H%M%S%f")
    texts_digest = hashlib.sha256("".join(digest for _, digest, _ in parsed.documents).encode()).hexdigest()[:8]
    return generation.Manifest(
        name=f"{created}-{texts_digest}",
        created=created,
        fingerprint=work.model.fingerprint,
        pipeline=work.pipeline,
        documents=len(parsed.documents),
        chunks=len(parsed.chunks),
        sentences=len(parsed.sentences),
        characters=sum(len(document.text) for document, _, _ in parsed.documents),
        seconds=time.monotonic() - work.started,
    )


def _require_space(index_dir: Path, rows: int, dimensions: int) -> None:
    """Cache, matrices and Chroma take about 4 + 2 + 6 bytes a dimension."""
    needed = rows * dimensions * 12 + SPARE_BYTES
    free = shutil.disk_usage(index_dir).free
    if free < needed:
        raise StorageFailed(texts.DISK_FULL.format(free=free // 1_000_000, needed=needed // 1_000_000))


@contextmanager
def _counted(progress: Progress, stage: str, total: int) -> Iterator[Callable[[int], None]]:
    done = 0

    def count(step: int) -> None:
        nonlocal done
        done += step
        progress(stage, done, total)

    progress(stage, 0, total)
    yield count
