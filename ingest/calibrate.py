"""Sixth step: the refusal level of this very index, between questions it can and cannot answer."""

from collections.abc import Sequence
from pathlib import Path

from rag.address import HAN_LETTER
from rag.config import ROOT
from rag.embedding import Embedder
from rag.judge import evidence_score, threshold_between
from rag.normalise import readable
from rag.retrieve import Corpus, analysed, open_corpus, retrieve
from rag.types import Calibration

CALIBRATION_FILE = "calibration_out_of_scope.txt"
OWN_QUESTIONS = 60
OPENING = 30


def calibrate(directory: Path, embedder: Embedder, out_of_scope: Sequence[str]) -> Calibration:
    """Score shipped foreign questions and questions made from the texts; both kept for the record."""
    corpus = open_corpus(directory, checked=False)
    try:
        outside = [_score(corpus, embedder, question) for question in out_of_scope]
        inside = [_score(corpus, embedder, question) for question in _own_questions(corpus)]
    finally:
        corpus.close()
    return Calibration(threshold_between(inside, outside), tuple(sorted(inside)), tuple(sorted(outside)))


def foreign_questions(lexicon: Path) -> tuple[str, ...]:
    """Questions on other topics: the knowledge base's own list, else the product's."""
    path = lexicon / CALIBRATION_FILE
    path = path if path.exists() else ROOT / "kb" / "lexicon" / CALIBRATION_FILE
    lines = (line.strip() for line in path.read_text(encoding="utf-8").splitlines())
    return tuple(line for line in lines if line and not line.startswith("#"))


def _score(corpus: Corpus, embedder: Embedder, question: str) -> float:
    return evidence_score(corpus.lexical, retrieve(corpus, embedder, analysed(corpus, question)))


def _own_questions(corpus: Corpus) -> list[str]:
    """The opening of one sentence of each sampled chunk, as a person who half remembers it would ask."""
    questions = []
    for sentences in corpus.catalog.sentences(corpus.catalog.sample_chunks(OWN_QUESTIONS)).values():
        openings = [readable(sentence.text)[:OPENING] for _, sentence in sentences if sentence.kind != "row"]
        questions.extend(max(openings, key=len, default="").splitlines()[:1])
    return [question for question in questions if HAN_LETTER.search(question)]
