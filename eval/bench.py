"""Third-party question sets outside the repository: their documents as a knowledge base, their rows as cases."""

import hashlib
import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from eval import texts
from eval.answers import squeezed
from eval.building import build
from eval.cases import Case, Gold
from eval.evaluate import evaluate
from eval.run import Progress
from rag import Config
from rag.errors import QuestionRejected
from rag.normalise import checked_question

FOLDER = "bench"
SETS = ("gd_gov_items", "fincuge", "fineva", "nomiracl_zh", "cdqa", "cflue", "domainrag", "rgb")
ROWS, CORPORA = "sample.jsonl", "corpus*.jsonl"
SPLIT = "all"
UNSAFE = re.compile(r"[^\w-]")
DIGEST = 8


@dataclass(frozen=True, slots=True)
class BenchDocument:
    """A document of a set; `source` is the name of the file that is written for it."""

    id: str
    title: str
    text: str

    @property
    def source(self) -> str:
        """The id as a file name; an id that had to be changed is told apart by its digest."""
        name = UNSAFE.sub("_", self.id)
        digest = hashlib.sha256(self.id.encode()).hexdigest()[:DIGEST]
        return f"{name}.md" if name == self.id else f"{name}-{digest}.md"

    @property
    def markdown(self) -> str:
        """The file: front matter where there is a title, then the text as it is."""
        title = " ".join(self.title.split())
        if not title and not self.text.startswith("---"):
            return self.text
        return f"---\ntitle: {json.dumps(title, ensure_ascii=False)}\n---\n{self.text}"


@dataclass(frozen=True, slots=True)
class BenchSet:
    """A set as read; without documents it is asked of the knowledge base at hand, as out of its domain."""

    documents: tuple[BenchDocument, ...]
    cases: tuple[Case, ...]
    skipped: int = 0
    """Questions that the product rejects (over-long, unreadable)."""


def available(shared: Path) -> tuple[str, ...]:
    """The sets that lie in `<shared>/bench`."""
    return tuple(name for name in SETS if (shared / FOLDER / name / ROWS).is_file())


def evaluate_set(config: Config, shared: Path, name: str, folder: Path, progress: Progress) -> dict[str, Any]:
    """The run of one set, its knowledge base and index kept in `<folder>/<name>`; empty if the set is absent.

    Raises KbqaError if the index cannot be built, ValueError for a row that is not JSON.
    """
    directory, own = shared / FOLDER / name, folder.resolve() / name
    if not (directory / ROWS).is_file():
        progress(texts.BENCH_MISSING.format(name=name, path=directory), 0, 0)
        return {}
    bench = read_set(directory)
    if bench.skipped:
        progress(texts.BENCH_SKIPPED.format(name=name, count=bench.skipped), 0, 0)
    own.mkdir(parents=True, exist_ok=True)
    built: dict[str, float] = {}
    if bench.documents:
        config = replace(config, kb_dir=own / "kb", index_dir=own / "index", journal_url="")
        write_corpus(bench.documents, config.kb_dir)
        progress(texts.STAGE_BENCH_BUILD.format(name=name), 0, 0)
        built = build(config, own / "build.json")
    else:
        config = replace(config, journal_url=f"sqlite:///{own / 'journal.sqlite'}")
    run = evaluate(config, name, {SPLIT: bench.cases}, progress)
    return run | {"skipped": bench.skipped, "build": built}


def read_set(directory: Path) -> BenchSet:
    """The documents and cases of a set; where every row prescribes its context, only the documents it names."""
    rows = read_rows(directory / ROWS)
    documents = {
        row["doc_id"]: BenchDocument(row["doc_id"], row["title"], row["text"])
        for path in sorted(directory.glob(CORPORA))
        for row in read_rows(path)
    }
    contexts = [row.get("context_ids") or () for row in rows]
    if all(contexts):
        named = {identity for context in contexts for identity in context}
        documents = {identity: document for identity, document in documents.items() if identity in named}
    accepted = [row for row in rows if _accepted(row["question"])]
    cases = tuple(make_case(row, documents) for row in accepted)
    return BenchSet(tuple(documents.values()), cases, len(rows) - len(accepted))


def read_rows(path: Path) -> list[dict[str, Any]]:
    """The rows of a JSON Lines file. Raises ValueError naming the line."""
    rows = []
    with path.open(encoding="utf-8") as lines:
        for number, line in enumerate(lines, 1):
            try:
                rows.append(json.loads(line))
            except ValueError as error:
                raise ValueError(f"{path} line {number}: {error}") from error
    return rows


def make_case(row: Mapping[str, Any], documents: Mapping[str, BenchDocument]) -> Case:
    """A row as a case; documents that the row's context shuts out are no gold for it."""
    context = tuple(dict.fromkeys(row.get("context_ids") or ()))
    answerable = bool(row["answerable"])
    proving = dict.fromkeys(row["gold_doc_ids"]) if answerable else {}
    golds = [documents[identity] for identity in proving if not context or identity in context]
    return Case(
        id=row["id"],
        kind=row["answer_type"],
        question=row["question"],
        gold=tuple(gold for document in golds for gold in _golds(document, row["gold_texts"])),
        values=values_of(row) if answerable else (),
        context=tuple(documents[identity].source for identity in context),
        answerable=answerable,
    )


def values_of(row: Mapping[str, Any]) -> tuple[tuple[str, ...], ...]:
    """The values that a right answer holds, each in its wordings.

    `answer_groups` are values of several wordings, `answer_alternatives` are wordings of several values
    (the most detailed ones count), plain `answers` are the wordings of one value.
    """
    meta = row["meta"]
    if meta.get("answer_groups"):
        return tuple(tuple(group) for group in meta["answer_groups"])
    alternatives: Sequence[Sequence[str]] = meta.get("answer_alternatives") or ()
    if alternatives:
        most = max(map(len, alternatives))
        return tuple(zip(*(wording for wording in alternatives if len(wording) == most), strict=True))
    return (tuple(row["answers"]),) if row["answers"] else ()


def write_corpus(documents: Sequence[BenchDocument], kb_dir: Path) -> int:
    """Make the folder hold exactly these documents; returns how many files had to be written."""
    kb_dir.mkdir(parents=True, exist_ok=True)
    wanted = {document.source: document.markdown.encode("utf-8") for document in documents}
    written = 0
    for path in kb_dir.glob("*.md"):
        if path.name not in wanted:
            path.unlink()
    for source, content in wanted.items():
        path = kb_dir / source
        if not path.exists() or path.read_bytes() != content:
            path.write_bytes(content)
            written += 1
    return written


def _golds(document: BenchDocument, quotes: Sequence[str]) -> list[Gold]:
    """The quotes that stand in the document, or the document alone."""
    text = squeezed(document.text)
    return [Gold(document.source, quote) for quote in quotes if squeezed(quote) in text] or [Gold(document.source)]


def _accepted(question: str) -> bool:
    try:
        checked_question(question)
    except QuestionRejected:
        return False
    return True
