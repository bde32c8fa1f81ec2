"""What the reader says of the found passages: how well each answers, and which of its sentences does."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from rag import texts
from rag.compare import sides
from rag.reader import Reader, Reading, Window, context_of, window_around
from rag.retrieve import Corpus, Retrieval
from rag.types import Chunk, Passage, PassageReading, Sentence

READING_LEVEL = -3.6
"""What the reader's relevance logit and retrieval's evidence must come to; below it nothing answers."""
EVIDENCE_WORTH = 25.0
"""Logits for a unit of evidence beyond its own refusal level. Both constants by 299 questions on the twelve documents
that training leaves out (115 without an answer): with the other rules 0.83 of those are refused, and 0.03 of the rest;
by the relevance alone 0.76 at 0.03."""
DOUBT, DOUBTED = 0.018, -3.0
"""So little evidence may be lacking where the reader's logit is so high: of 183 questions on other topics or without an
answer that retrieval refuses one passes, of five that it refuses wrongly four."""
CONVINCING = -1.0
"""The relevance logit from which the reader overrules missing words, years and units: of 124 questions without an
answer that lack some of these none comes near it."""


@dataclass(frozen=True, slots=True)
class _Cut:
    """Some neighbouring sentences of a passage and their window."""

    passage: Passage
    sentences: Sequence[Sentence]
    window: Window


def read(corpus: Corpus, reader: Reader, retrieval: Retrieval) -> Retrieval:
    """The retrieval with a reading for each of the first passages, each read around its most similar sentence."""
    members = _members(corpus, retrieval, reader.limit)
    cuts = [_around(passage, sentences, _best(retrieval, passage, sentences)) for passage, sentences in members]
    return _with_readings(retrieval, cuts, reader.read(retrieval.question.folded, [cut.window for cut in cuts]))


def read_on(corpus: Corpus, reader: Reader, retrieval: Retrieval) -> Retrieval:
    """The retrieval with readings of what was left unread of the first passages, as many windows as before."""
    cuts: list[_Cut] = []
    for passage, sentences in _members(corpus, retrieval, reader.limit):
        done = set(retrieval.readings[passage.chunk.id].sentences)
        while left := [i for i, sentence in enumerate(sentences) if sentence.start not in done]:
            cuts.append(_around(passage, sentences, left[0]))
            done |= {sentence.start for sentence in cuts[-1].sentences} | {sentences[left[0]].start}
    cuts = cuts[: reader.limit]
    return _with_readings(retrieval, cuts, reader.read(retrieval.question.folded, [cut.window for cut in cuts]))


def _members(corpus: Corpus, retrieval: Retrieval, count: int) -> list[tuple[Passage, list[Sentence]]]:
    """The first passages that have sentences, with them."""
    members = corpus.catalog.sentences(retrieval.ordinals[:count])
    found = zip(retrieval.passages, retrieval.ordinals[:count], strict=False)
    return [(passage, [s for _, s in members[ordinal]]) for passage, ordinal in found if members[ordinal]]


def _best(retrieval: Retrieval, passage: Passage, sentences: Sequence[Sentence]) -> int:
    scores = [retrieval.sentence_scores[passage.chunk.source, sentence.start] for sentence in sentences]
    return scores.index(max(scores))


def _around(passage: Passage, sentences: Sequence[Sentence], centre: int) -> _Cut:
    return _Cut(passage, *window_of(passage.chunk, sentences, centre))


def _with_readings(retrieval: Retrieval, cuts: Sequence[_Cut], readings: Sequence[Reading]) -> Retrieval:
    """Of a passage read twice the better relevance, and the shares of all its sentences."""
    found = dict(retrieval.readings)
    for cut, reading in zip(cuts, readings, strict=True):
        shares = {s.start: share for s, share in zip(cut.sentences, reading.sentences, strict=True)}
        before = found.get(cut.passage.chunk.id)
        if before is None:
            found[cut.passage.chunk.id] = PassageReading(reading.relevance, shares)
        elif reading.relevance > before.relevance:
            found[cut.passage.chunk.id] = PassageReading(reading.relevance, {**before.sentences, **shares})
        else:
            found[cut.passage.chunk.id] = PassageReading(before.relevance, {**shares, **before.sentences})
    return replace(retrieval, passages=tuple(_traced(passage, found) for passage in retrieval.passages), readings=found)


def convincing(retrieval: Retrieval) -> bool:
    """Whether the reader is so sure of a passage that missing words and weak similarities do not matter."""
    return any(reading.relevance >= CONVINCING for reading in retrieval.readings.values())


def assurance(relevance: float, margin: float) -> float:
    """The reader's logit and, in its measure, how far retrieval's evidence lies beyond the refusal level."""
    return relevance + EVIDENCE_WORTH * margin


def outweighed(retrieval: Retrieval, margin: float) -> bool:
    """Whether evidence that falls a little short is made up for by what the reader finds."""
    relevances = (reading.relevance for reading in retrieval.readings.values())
    return margin >= -DOUBT and any(relevance >= DOUBTED for relevance in relevances)


def silent(corpus: Corpus, retrieval: Retrieval, margin: float) -> str:
    """A reason to refuse where the reader finds no passage that answers; '' otherwise, and without a reader.

    `margin` is by how much retrieval's evidence exceeds its refusal level: the stronger it is, the surer the reader
    must be that nothing answers.

    A comparison is asked of passages that each answer half of it; they are not held against the whole.
    """
    level = corpus.manifest.calibration.reading
    best = max((reading.relevance for reading in retrieval.readings.values()), default=math.inf)
    if level is None or assurance(best, margin) >= level or sides(corpus, retrieval.question):
        return ""
    return texts.REASON_SILENT


def reading_level(inside: list[float]) -> float:
    """The level of assurance below which a corpus has no answer: the one that was measured, but below nearly all of
    the corpus's own sentences read with their openings as questions.
    """
    lowest = sorted(inside)[len(inside) // 20] if inside else READING_LEVEL
    return min(READING_LEVEL, lowest)


def window_of(chunk: Chunk, sentences: Sequence[Sentence], centre: int) -> tuple[Sequence[Sentence], Window]:
    """The sentences around one of a chunk's that the reader sees, and its window of them."""
    folded = [sentence.folded for sentence in sentences]
    first, last = window_around(folded, centre)
    return sentences[first:last], Window(context_of(chunk.title, chunk.path), tuple(folded[first:last]))


def _traced(passage: Passage, readings: Mapping[str, PassageReading]) -> Passage:
    reading = readings.get(passage.chunk.id)
    return replace(passage, trace=replace(passage.trace, reader=reading.relevance)) if reading else passage
