"""The one file that joins the parts: a question goes through look-up, retrieval, judgement and extraction."""

import datetime
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from typing import Any

from rag import generation, texts
from rag.absence import absent, not_today, partly_absent
from rag.compose import compose, plain_text, refusal, with_question
from rag.config import Config
from rag.embedding import ConfiguredModel, Embedder, Model
from rag.errors import IndexMismatch
from rag.extract import extract
from rag.facts import as_of, with_facts
from rag.followup import resolve
from rag.journal import Journal
from rag.judge import Judgement, judge
from rag.lookup import look_up
from rag.normalise import fold
from rag.premise import corrections, issuer_correction
from rag.rank import Candidate
from rag.reader import Reader, configured_reader
from rag.reading import convincing, read, read_on, silent
from rag.rerank import reranked
from rag.retrieve import Corpus, Retrieval, analysed, open_corpus, retrieve
from rag.standing import Moment, applied, asked_moment
from rag.suggest import follow_ups, starters
from rag.types import Answer, Document, Filters, Link, Passage, Section, Turn


class Rag:
    """Questions about a knowledge base; stateless towards its users, follows newly published indexes."""

    def __init__(
        self,
        config: Config,
        model: Model,
        reader: Reader | None = None,
        today: Callable[[], datetime.date] = datetime.date.today,
    ) -> None:
        """Raises IndexMissing, IndexDamaged, IndexMismatch or ModelUnavailable."""
        self._config, self._model, self._today = config, model, today
        self._switching = threading.Lock()
        self._corpus = self._open()
        self._embedder: Embedder = model.load()
        self._embedder.embed_query(texts.WARM_UP)
        self._reader = reader
        self.journal = Journal.beside(config.index_dir, config.journal_url)

    def ask(
        self, question: str, turns: Sequence[Turn] = (), *, filters: Filters = Filters(), follow: bool = True
    ) -> Answer:
        """The whole answer. Raises QuestionRejected for empty, unreadable or over-long questions."""
        started = time.perf_counter()
        corpus = self._current()
        resolved = resolve(question, turns, corpus) if follow else question
        found = self._answer(corpus, resolved, filters, as_asked=resolved == question)
        answer = with_question(found, question, resolved)
        answer = replace(answer, follow_ups=follow_ups(corpus, answer))
        self.journal.record(answer, corpus.manifest.name, time.perf_counter() - started)
        return answer

    def stream(
        self, question: str, turns: Sequence[Turn] = (), *, filters: Filters = Filters(), follow: bool = True
    ) -> Iterator[Answer]:
        """Growing snapshots of the answer; the last one is done."""
        answer = self.ask(question, turns, filters=filters, follow=follow)
        for shown in range(1, len(answer.sentences)):
            part = answer.sentences[:shown]
            yield replace(answer, sentences=part, text=plain_text(part, answer.notices), follow_ups=(), done=False)
        yield answer

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
        metas = self._current().catalog.metas
        return Filters(
            layers=_distinct(m.layer for m in metas.values()),
            issuers=_distinct(issuer for m in metas.values() for issuer in m.issuer),
            regions=_distinct(m.region for m in metas.values()),
            years=tuple(reversed(_distinct(m.year for m in metas.values()))),
            statuses=_distinct(m.status for m in metas.values()),
            sources=tuple(metas),
        )

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
        """Release the index and write out the journal."""
        try:
            self.journal.flush()
        finally:
            self._corpus.close()

    def _answer(self, corpus: Corpus, question: str, filters: Filters, *, as_asked: bool) -> Answer:
        """The reader knows whole questions; one put together from a conversation it does not refuse."""
        moment = asked_moment(fold(question))
        if moment is not None:
            return self._answer_as_of(corpus, question, filters, moment)
        retrieval, ranked, judgement = self._retrieve(corpus, question, filters)
        passages = retrieval.passages
        found = look_up(corpus, retrieval, filters)
        if found is not None:
            return replace(found, evidence=1.0 if found.found else -1.0)
        margin = judgement.score - judgement.threshold
        if not judgement.answerable:
            return replace(refusal(retrieval.question, passages, judgement.reason), evidence=margin)
        chosen = extract(corpus, retrieval.question, ranked)
        reason = "" if convincing(retrieval) else absent(corpus, retrieval.question, chosen.chosen)
        if not reason and as_asked:
            reason = silent(corpus, retrieval)
        if reason:
            return replace(refusal(retrieval.question, passages, reason), evidence=-1.0)
        notices = [partly_absent(corpus, retrieval.question, chosen.chosen), not_today(retrieval.question)]
        corrected = (*corrections(retrieval, ranked), *issuer_correction(corpus, retrieval.question, ranked))
        answer = compose(corpus, retrieval, chosen, corrected, [n for n in notices if n])
        return replace(with_facts(corpus, retrieval.question, answer), evidence=margin)

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
            if silent(corpus, found):
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
    return Rag(config, model or ConfiguredModel(config), configured_reader(config))


def _with_threshold(retrieval: Retrieval, judgement: Judgement) -> tuple[Passage, ...]:
    return tuple(replace(p, trace=replace(p.trace, threshold=judgement.threshold)) for p in retrieval.passages)


def _distinct(values: Any) -> tuple[str, ...]:
    return tuple(sorted({value for value in values if value}))
