"""Sixth step: the refusal level of this very index, between questions it can and cannot answer."""

from collections.abc import Sequence
from pathlib import Path

from rag.address import HAN_LETTER
from rag.config import ROOT
from rag.embedding import Embedder
from rag.generation import Calibration
from rag.judge import evidence_score, threshold_between
from rag.normalise import fold, readable
from rag.reader import Reader, Window
from rag.reading import assurance, reading_level, window_of
from rag.retrieve import Corpus, analysed, open_corpus, retrieve

CALIBRATION_FILE = "calibration_out_of_scope.txt"
OWN_QUESTIONS = 60
OPENING = 30


def calibrate(directory: Path, embedder: Embedder, reader: Reader | None, lexicon: Path) -> Calibration:
    """Score foreign questions and questions made from the texts; both kept for the record."""
    corpus = open_corpus(directory, checked=False)
    try:
        own = _own_questions(corpus)
        outside = [_score(corpus, embedder, question) for question in foreign_questions(lexicon)]
        inside = [_score(corpus, embedder, question) for question, _ in own]
    finally:
        corpus.close()
    threshold = threshold_between(inside, outside)
    reading = reading_level(_assured(reader, own, [score - threshold for score in inside])) if reader else None
    return Calibration(threshold, tuple(sorted(inside)), tuple(sorted(outside)), reading)


def foreign_questions(lexicon: Path) -> tuple[str, ...]:
    """Questions on other topics: the knowledge base's own list, else the product's."""
    path = lexicon / CALIBRATION_FILE
    path = path if path.exists() else ROOT / "kb" / "lexicon" / CALIBRATION_FILE
    lines = (line.strip() for line in path.read_text(encoding="utf-8").splitlines())
    return tuple(line for line in lines if line and not line.startswith("#"))


def _score(corpus: Corpus, embedder: Embedder, question: str) -> float:
    return evidence_score(corpus.lexical, retrieve(corpus, embedder, analysed(corpus, question)))


def _assured(reader: Reader, own: Sequence[tuple[str, Window]], margins: Sequence[float]) -> list[float]:
    """How surely each question's own window answers it, by the reader and by retrieval."""
    return [
        assurance(reading.relevance, margin)
        for (question, window), margin in zip(own, margins, strict=True)
        for reading in reader.read(fold(question), [window])
    ]


def _own_questions(corpus: Corpus) -> list[tuple[str, Window]]:
    """The opening of one sentence of each sampled chunk, as a person who half remembers it would ask; and its place."""
    questions = []
    ordinals = corpus.catalog.sample_chunks(OWN_QUESTIONS)
    chunks = corpus.catalog.chunks(ordinals)
    for ordinal, members in corpus.catalog.sentences(ordinals).items():
        sentences = [sentence for _, sentence in members]
        openings = {i: readable(s.text)[:OPENING] for i, s in enumerate(sentences) if s.kind != "row"}
        longest = max(openings, key=lambda i: len(openings[i]), default=None)
        if longest is not None and HAN_LETTER.search(opening := "".join(openings[longest].splitlines()[:1])):
            questions.append((opening, window_of(chunks[ordinal], sentences, longest)[1]))
    return questions
