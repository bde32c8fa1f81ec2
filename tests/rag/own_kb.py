"""A knowledge base of a few files of a test's own, opened for questions."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from ingest.build import ingest
from rag.chain import Rag, build_rag
from rag.config import OFF, Config
from tests.fakes import FakeModel


@contextmanager
def opened(folder: Path, files: Mapping[str, str | bytes]) -> Iterator[Rag]:
    """Answers, without a reader, from files given by their path under kb/."""
    config = Config(kb_dir=folder / "kb", index_dir=folder / "index", cache_dir=folder / "cache", reader=OFF)
    for name, content in files.items():
        path = config.kb_dir / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
    ingest(config, lambda *_: None, model=FakeModel())
    rag = build_rag(config, FakeModel())
    try:
        yield rag
    finally:
        rag.close()
