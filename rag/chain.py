"""The one file that joins the parts: a question goes through look-up, retrieval, judgement and extraction."""

import datetime
import threading
import time
from collections import deque
from collections.abc import Callable, Generator, Iterator, Sequence
from contextlib import closing
from dataclasses import replace
from typing import Any

from rag import generation, texts
from rag.absence import not_today, partly_absent
from rag.compose import compose, plain_text, refusal, with_question
from rag.config import EMBEDDED, STRUCK, Config
from rag.embedding import ConfiguredModel, Embedder, Model
from rag.errors import IndexMismatch
from rag.extract import Extract, extract
from rag.facts import as_of, with_facts
from rag.followup import otherwise, resolve
from rag.generate import Writing, similarity_by, written
from rag.journal import Journal
from rag.judge import Judgement, judge
from rag.llm import Llm, configured_llm
from rag.lookup import look_up
from rag.normalise import fold
from rag.premise import corrections
from rag.rank import Candidate
from rag.reader import Reader, configured_reader
from rag.reading import outweighed, read, read_on, silent
from rag.refuse import unanswered
from rag.rerank import reranked
from rag.retrieve import Corpus, Retrieval, analysed, open_corpus, retrieve
from rag.rewrite import rewritten
from rag.standing import Moment, applied, asked_moment
from rag.suggest import follow_ups, starters
from rag.types import Answer, Document, Filters, Link, Passage, Section, Turn

LOOKED_UP = 1.0
"""The evidence of what was looked up by its address: as sure as can be."""
EVIDENCE, EMBEDDED_EVIDENCE = 1600, 320
"""Tokens of source text that a language model reads; the embedded one reads some 50 a second on two cores."""


class Rag:
    """Questions about a knowledge base; stateless towards its users, follows newly published indexes."""

    def __init__(
        self,
        config: Config,
        model: Model,
        reader: Reader | None = None,
        llm: Llm | None = None,
        today: Callable[[], datetime.date] = datetime.date.today,
    ) -> None:
        """Raises IndexMissing, IndexDamaged, IndexMismatch or ModelUnavailable."""
        self._config, self._model, self._today = config, model, today
        self._switching = threading.Lock()
        self._corpus = self._open()
        self._embedder: Embedder = model.load()
        self._embedder.embed_query(texts.WARM_UP)
        self._reader, self._llm = reader, llm
        self.journal = Journal.beside(config.index_dir, config.journal_url)

    def ask(
        self, question: str, turns: Sequence[Turn] = (), *, filters: Filters = Filters(), follow: bool = True
    ) -> Answer:
        """The whole answer. Raises QuestionRejected for empty, unreadable or over-long questions."""
        return deque(self.stream(question, turns, filters=filters, follow=follow), maxlen=1).pop()

    def stream(
        self, question: str, turns: Sequence[Turn] = (), *, filters: Filters = Filters(), follow: bool = True
    ) -> Iterator[Answer]:
        """Growing snapshots of the answer; the last one is done. Closing it stops a language model that is writing."""
        started = time.perf_counter()
        corpus = self._current()
        resolved = resolve(question, turns, corpus) if follow else question
        found = self._answer(corpus, resolved, filters, as_asked=resolved == question)
        if follow and not found.found:
            found, resolved = self._otherwise(corpus, found, (question, resolved), turns, filters)
        answer = found = with_question(found, question, resolved)
        try:
            with closing(self._snapshots(corpus, found)) as snapshots:
                for snapshot in snapshots:
                    answer = replace(snapshot, follow_ups=follow_ups(corpus, snapshot) if snapshot.done else ())
                    yield answer
        finally:
            self.journal.record(answer, corpus.manifest.name, time.perf_counter() - started)

    def retrieve(self, question: str, filters: Filters = Filters()) -> tuple[Passage, ...]:
        """The passages that `ask` would use, with their trace."""
        corpus = self._current()
        retrieval, _, _ = self._retrieve(corpus, question, filters)
        return retrieval.passages

    def document(self, source: str) -> Document:
        """A document with its whole text. Raises KeyError for an unknown source."""
        return self._current().catalog.document(source)

    def links(self, source: str) -> tuple[Link, ...]:
        """The references of a document that lead somewhere in the knowledge base, in text order."""
        return self._current().catalog.links(source)

    def section(self, source: str, label: str) -> Section | None:
        """The first section of a document with this label (第12条第2款, a heading); None where it has none."""
        return next(iter(self._current().catalog.sections(source, label)), None)

    def titles(self) -> dict[str, str]:
        """Titles by source."""
        return dict(self._current().catalog.titles)

    def facets(self) -> Filters:
        """Every value that a filter can take."""
        return self._current().catalog.facets()

    def starters(self) -> tuple[tuple[str, str], ...]:
        """(audience, question) pairs to begin with."""
        return starters(self._current())

    def generation(self) -> generation.Manifest:
        """What is being served."""
        return self._current().manifest

    def as_runnable(self) -> Any:
        """A LangChain Runnable[str | dict, Answer]; a dict holds `question` and, if any, `turns` and `filters`."""
        from rag.runnable import as_runnable

        return as_runnable(self)

    def as_retriever(self, filters: Filters = Filters()) -> Any:
        """A LangChain BaseRetriever over the same passages."""
        from rag.runnable import as_retriever

        return as_retriever(self, filters)

    def close(self) -> None:
        """Release the index and the language model, and write out the journal."""
        try:
            self.journal.flush()
        finally:
            self._corpus.close()
            if self._llm:
                self._llm.close()

    def _otherwise(
        self, corpus: Corpus, refused: Answer, asked: tuple[str, str], turns: Sequence[Turn], filters: Filters
    ) -> tuple[Answer, str]:
        """The first other completion of a follow-up that is answered, by the reader's leave; else the refusal."""
        for other in self._completions(corpus, asked, turns):
            found = self._answer(corpus, other, filters, as_asked=True)
            if found.found:
                return found, other
        return refused, asked[1]

    def _completions(self, corpus: Corpus, asked: tuple[str, str], turns: Sequence[Turn]) -> Iterator[str]:
        """Other completions by rule, then the language model's."""
        question, resolved = asked
        others = otherwise(question, resolved, turns, corpus) if turns and self._reader else ()
        yield from others
        if others and self._llm and (whole := rewritten(self._llm, question, turns, corpus.lexical.lexicon)):
            yield whole

    def _snapshots(self, corpus: Corpus, found: Answer) -> Generator[Answer]:
        """The answer as it grows: a language model writes, if there is one and the words of a text were not asked."""
        if self._llm and found.found and found.evidence < LOOKED_UP:
            budget = EMBEDDED_EVIDENCE if self._config.llm == EMBEDDED else EVIDENCE
            similarity = similarity_by(self._embedder.embed_passages)
            yield from written(
                corpus, found, Writing(self._llm, budget, similarity, struck=self._config.unsupported == STRUCK)
            )
            return
        for shown in range(1, len(found.sentences)):
            part = found.sentences[:shown]
            yield replace(found, sentences=part, text=plain_text(part, found.notices), done=False)
        yield found

    def _answer(self, corpus: Corpus, question: str, filters: Filters, *, as_asked: bool) -> Answer:
        """The reader refuses no question that was put together from a conversation, and no whole list."""
        moment = asked_moment(fold(question))
        if moment is not None:
            return self._answer_as_of(corpus, question, filters, moment)
        retrieval, ranked, judgement = self._retrieve(corpus, question, filters)
        passages = retrieval.passages
        found = look_up(corpus, retrieval, filters)
        if found is not None:
            return replace(found, evidence=LOOKED_UP if found.found else -LOOKED_UP)
        if not judgement.answerable and not outweighed(retrieval, judgement.margin):
            return replace(refusal(retrieval.question, passages, judgement.reason), evidence=judgement.margin)
        chosen = extract(corpus, retrieval.question, ranked)
        strange = not as_asked or chosen.total
        reason = unanswered(corpus, retrieval, chosen.chosen, None if strange else judgement.margin)
        corrected = corrections(corpus, retrieval, ranked)
        if reason and not corrected:
            return replace(refusal(retrieval.question, passages, reason), evidence=-1.0)
        if reason:
            return replace(compose(corpus, retrieval, Extract(()), corrected, [reason]), evidence=judgement.margin)
        notices = [partly_absent(corpus, retrieval.question, chosen.chosen), not_today(retrieval.question)]
        answer = compose(corpus, retrieval, chosen, corrected, [n for n in notices if n])
        return replace(with_facts(corpus, retrieval.question, answer), evidence=judgement.margin)

    def _answer_as_of(self, corpus: Corpus, question: str, filters: Filters, moment: Moment) -> Answer:
        """The answer from what was in force at a time, with the facts of the texts that it rests on."""
        narrowed = applied(corpus.catalog.metas, moment, filters)
        if not narrowed.sources:
            asked = analysed(corpus, question)
            return replace(refusal(asked, (), texts.REASON_AS_OF.format(moment=moment.words)), evidence=-1.0)
        answer = self._answer(corpus, fold(question).replace(moment.words, ""), narrowed, as_asked=False)
        return as_of(corpus, analysed(corpus, question), answer, texts.NOTICE_AS_OF.format(moment=moment.words))

    def _retrieve(
        self, corpus: Corpus, question: str, filters: Filters
    ) -> tuple[Retrieval, tuple[Candidate, ...], Judgement]:
        found = retrieve(corpus, self._embedder, analysed(corpus, question), filters)
        judgement = judge(corpus, found)
        if self._reader:
            found = read(corpus, self._reader, found)
            if silent(corpus, found, judgement.margin):
                found = read_on(corpus, self._reader, found)
        retrieval, ranked = reranked(corpus, replace(found, passages=_with_threshold(found, judgement)))
        return retrieval, ranked, judgement

    def _current(self) -> Corpus:
        """The published corpus; switches when another generation has been published, or another day has come."""
        if self._outdated():
            with self._switching:
                if self._outdated():
                    self._corpus = self._open()
        return self._corpus

    def _outdated(self) -> bool:
        published = generation.pointer(self._config.index_dir) or self._corpus.manifest.name
        return (published, self._today().isoformat()) != (self._corpus.manifest.name, self._corpus.day)

    def _open(self) -> Corpus:
        directory = generation.published(self._config.index_dir)
        manifest = generation.read_manifest(directory)
        if manifest.format != generation.FORMAT:
            raise IndexMismatch(texts.INDEX_OF_BEFORE)
        if manifest.fingerprint != self._model.fingerprint:
            raise IndexMismatch(texts.INDEX_MISMATCH.format(built=manifest.fingerprint, wanted=self._model.fingerprint))
        return open_corpus(directory, self._today().isoformat())


def build_rag(config: Config, model: Model | None = None) -> Rag:
    """Open the published index and load the models. Raises KbqaError with the cure."""
    return Rag(config, model or ConfiguredModel(config), configured_reader(config), configured_llm(config))


def _with_threshold(retrieval: Retrieval, judgement: Judgement) -> tuple[Passage, ...]:
    return tuple(replace(p, trace=replace(p.trace, threshold=judgement.threshold)) for p in retrieval.passages)
