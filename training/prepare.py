"""Corpora -> examples: windows that answer, windows that are close and silent, found by the product's own retriever."""

import json
import random
import re
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import asdict, replace
from pathlib import Path

from rag.config import ROOT, Config
from rag.embedding import ConfiguredModel, Embedder
from rag.generation import published
from rag.normalise import fold, search_form
from rag.reader import context_of
from rag.retrieve import Corpus as Index
from rag.retrieve import Retrieval, analysed, open_corpus, retrieve
from training.corpora import VERSIONS, Corpus, Question, own_corpus, public_corpus
from training.examples import Example, Progress
from training.twins import twins

SEED = 4
HELD_OUT_SHARE = 0.15
"""Share of the titles of the reading comprehension that nothing is trained on."""
MINED, CONSIDERED = 2, 6
UNMINED = ("squad-silent", "-twin")
"""Kinds of questions for which no further windows are looked for: they are silent ones already, and many."""
LOST = re.compile(r"[\s|;*]")


def prepare(shared: Path, kb: Path, work: Path, progress: Progress) -> dict[str, int]:
    """Write `train.jsonl` and `held_out.jsonl` (reading comprehension) below `work`; returns their lines.

    Raises FileNotFoundError where a corpus is absent, CalledProcessError if the index cannot be built.
    """
    training, held = gather(shared, kb)
    index = build_index({**training.documents, **held.documents}, work)
    embedder = ConfiguredModel(Config.from_env()).load()
    corpora = {"train": training, "held_out": held}
    found = {n: write_examples(index, embedder, c, work / f"{n}.jsonl", progress) for n, c in corpora.items()}
    index.close()
    return found


def gather(shared: Path, kb: Path) -> tuple[Corpus, Corpus]:
    """What is trained on and what is held out; neither holds a document of the frozen test questions."""
    chance = random.Random(SEED)
    public = public_corpus(shared / "training")
    titles = sorted({title_of(text) for text in public.documents.values()})
    held = set(chance.sample(titles, round(HELD_OUT_SHARE * len(titles))))
    out = {source for source, text in public.documents.items() if title_of(text) in held}
    own = own_corpus(kb, shared / "laws", chance)
    documents = public.documents | own.documents
    questions = [*public.questions, *own.questions]
    questions += [twin for q in questions if q.answer for twin in twins(q, documents[q.source], chance)]
    return (
        Corpus(
            {s: t for s, t in documents.items() if s not in out}, tuple(q for q in questions if q.source not in out)
        ),
        Corpus(
            {s: documents[s] for s in out},
            tuple(q for q in questions if q.source in out and not q.kind.endswith("-twin")),
        ),
    )


def title_of(text: str) -> str:
    """The title in the front matter of a reading-comprehension document."""
    return text.split("\n", 2)[1]


def build_index(documents: dict[str, str], work: Path) -> Index:
    """The documents as a knowledge base of their own, ingested as a user would."""
    config = replace(Config.from_env(), kb_dir=work / "kb", index_dir=work / "index")
    for path in config.kb_dir.rglob("*.md"):
        if path.relative_to(config.kb_dir).as_posix() not in documents:
            path.unlink()
    for source, text in documents.items():
        path = config.kb_dir / source
        path.parent.mkdir(parents=True, exist_ok=True)
        if not path.exists() or path.read_text(encoding="utf-8") != text:
            path.write_text(text, encoding="utf-8")
    command = [sys.executable, "-m", "ingest", "--kb", str(config.kb_dir), "--index", str(config.index_dir)]
    subprocess.run(command, cwd=ROOT, check=True)  # noqa: S603
    return open_corpus(published(config.index_dir))


def write_examples(index: Index, embedder: Embedder, corpus: Corpus, path: Path, progress: Progress) -> int:
    """One line an example; returns how many."""
    chance = random.Random(SEED)
    places = Places(index, frozenset(corpus.documents))
    count = 0
    with path.open("w", encoding="utf-8") as lines:
        for number, question in enumerate(corpus.questions):
            found = [*places.examples(question, chance)]
            if found and not question.kind.endswith(UNMINED):
                retrieval = retrieve(index, embedder, analysed(index, question.text))
                found += places.mined(question, retrieval, chance)
            for example in found:
                lines.write(json.dumps(asdict(example), ensure_ascii=False) + "\n")
            count += len(found)
            progress(path.stem, number + 1, len(corpus.questions))
    return count


class Places:
    """Finds the sentences of a quote in the index, and windows of the given documents alone."""

    def __init__(self, index: Index, sources: frozenset[str]) -> None:
        self._index, self._sources = index, sources
        self._chunks: dict[str, list[tuple[str, list[str]]]] = {}
        self._written: dict[str, list[list[str]]] = {}
        """The sentences as written: a table's row is searched with the names of its columns, but quoted without."""

    def examples(self, question: Question, chance: random.Random) -> Iterator[Example]:
        """The window of the quote: it answers, or is close and silent; and the rest without the answer."""
        place = self._find(question)
        if place is None:
            return
        context, sentences, at = place
        wording = fold(question.text)
        if not question.answer:
            yield Example(question.kind, wording, context, tuple(sentences), at)
            return
        answer = search_form(question.answer)
        start = sentences[at].find(answer)
        if start < 0:
            return
        yield Example(question.kind, wording, context, tuple(sentences), -1, (at, start, start + len(answer)))
        rest = [s for i, s in enumerate(sentences) if i != at]
        if rest and not any(answer in s for s in rest) and chance.random() < 0.3:
            yield Example(f"{question.kind}-removed", wording, context, tuple(rest), min(at, len(rest) - 1))

    def mined(self, question: Question, retrieval: Retrieval, chance: random.Random) -> list[Example]:
        """Windows of found passages that do not hold the answer; for a silent question whatever is found elsewhere."""
        answer = search_form(question.answer)
        members = self._index.catalog.sentences(retrieval.ordinals[:CONSIDERED])
        quoted = search_form(question.quote)[:20]
        found = []
        for passage, ordinal in zip(retrieval.passages, retrieval.ordinals[:CONSIDERED], strict=False):
            sentences = [s for _, s in members[ordinal]]
            folded = [s.folded for s in sentences]
            if not folded or (answer and answer in "".join(folded)) or any(quoted in s for s in folded):
                continue
            source = passage.chunk.source
            if source not in self._sources or {question.source, source} in VERSIONS:
                continue
            scores = [retrieval.sentence_scores[passage.chunk.source, s.start] for s in sentences]
            context = context_of(passage.chunk.title, passage.chunk.path)
            kind = f"{question.kind}-mined"
            found.append(Example(kind, fold(question.text), context, tuple(folded), scores.index(max(scores))))
        return found if len(found) <= MINED else [found[0], *chance.sample(found[1:], MINED - 1)]

    def _find(self, question: Question) -> tuple[str, list[str], int] | None:
        """Context, folded sentences and the sentence of the quote; without a quote the passage nearest by words."""
        chunks = self._of(question.source)
        quote, answer = squeezed(search_form(question.quote)), squeezed(search_form(question.answer))
        if not quote:
            context, sentences = nearest_chunk(chunks, fold(question.text))
            return (context, sentences, 0) if sentences else None
        for i, (context, sentences) in enumerate(chunks):
            for at, held in enumerate(self._written[question.source][i]):
                if (held in quote or quote in held) and (not answer or answer in held) and len(held) > 3:
                    return context, sentences, at
        return None

    def _of(self, source: str) -> list[tuple[str, list[str]]]:
        if source not in self._chunks:
            ordinals = self._index.catalog.chunk_ordinals(source)
            chunks, members = self._index.catalog.chunks(ordinals), self._index.catalog.sentences(ordinals)
            self._written[source] = [[squeezed(search_form(s.text)) for _, s in members[o]] for o in ordinals]
            self._chunks[source] = [
                (context_of(chunks[o].title, chunks[o].path), [s.folded for _, s in members[o]]) for o in ordinals
            ]
        return self._chunks[source]


def nearest_chunk(chunks: list[tuple[str, list[str]]], question: str) -> tuple[str, list[str]]:
    """The chunk that shares most character pairs with a question."""
    pairs = {question[i : i + 2] for i in range(len(question) - 1)}
    ranked = sorted(chunks, key=lambda c: -sum(pair in "".join(c[1]) for pair in pairs))
    return ranked[0] if ranked else ("", [])


def squeezed(text: str) -> str:
    """Without white space and the marks of tables and emphasis, which the catalogue writes otherwise."""
    return LOST.sub("", text)
