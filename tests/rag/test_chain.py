"""The parts joined: errors with their cures, new generations, many users at once, snapshots."""

import datetime
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import fields, replace
from itertools import pairwise
from pathlib import Path

import pytest

from ingest.build import ingest
from rag import generation
from rag.chain import Rag, build_rag
from rag.config import Config
from rag.errors import IndexDamaged, IndexMismatch, IndexMissing, QuestionRejected
from rag.retrieve import Corpus
from rag.types import BINDING, Answer, Filters, Turn
from tests.fakes import FakeModel, HashingEmbedder
from tests.rag.answers import assert_sound

INSURANCE = "policies/青山省农业保险条例.md"
GUARANTEE = "policies/青财金〔2025〕11号-政府性融资担保管理办法.md"
CURE = "python -m ingest"
QUESTIONS = [
    "保险机构应当在多久内现场查勘",
    "平均担保费率原则上不超过多少",
    "《青山省农业保险条例》第四条",
    "青财金〔2025〕11号还有效吗",
    "截至2024年11月末青山县涉农贷款余额是多少",
    "申请经营农业保险业务的保险机构应当具备哪些条件",
    "台风什么时候登陆",
    "2019年青山县涉农贷款余额是多少",
]


@pytest.fixture
def opened() -> Iterator[Callable[[Config], Rag]]:
    """Opens Rags with the fake model and closes them after the test."""
    made: list[Rag] = []

    def open_one(config: Config) -> Rag:
        made.append(Rag(config, FakeModel()))
        return made[-1]

    yield open_one
    for rag in made:
        rag.close()


def publish(config: Config, source: str, old: str, new: str) -> str:
    """Edit one file of the knowledge base and ingest it; the name of the new generation."""
    path = config.kb_dir / source
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new), encoding="utf-8")
    return ingest(config, lambda *_: None, model=FakeModel()).generation


class TestErrors:
    def test_nothing_published(self, tmp_path: Path) -> None:
        with pytest.raises(IndexMissing, match=CURE) as caught:
            build_rag(Config(index_dir=tmp_path / "none"), FakeModel())
        assert str(tmp_path / "none") in str(caught.value)

    def test_another_model(self, small_index: Config) -> None:
        other = FakeModel(HashingEmbedder(256))
        with pytest.raises(IndexMismatch, match=CURE) as caught:
            build_rag(small_index, other)
        assert "hashing-512" in str(caught.value)
        assert "hashing-256" in str(caught.value)
        assert other.loaded == 0

    def test_an_index_of_an_older_format(self, own_index: Config) -> None:
        directory = generation.published(own_index.index_dir)
        manifest = generation.read_manifest(directory)
        generation.write_manifest(directory, replace(manifest, format=manifest.format - 1))
        with pytest.raises(IndexMismatch, match=CURE):
            build_rag(own_index, FakeModel())

    @pytest.mark.parametrize("name", ["catalog.sqlite", "vectors/chunks.npy", "manifest.json"])
    def test_a_damaged_file(self, own_index: Config, name: str) -> None:
        path = generation.published(own_index.index_dir) / name
        data = bytearray(path.read_bytes())
        data[len(data) // 2] ^= 0xFF
        path.write_bytes(bytes(data))
        with pytest.raises(IndexDamaged, match=CURE):
            build_rag(own_index, FakeModel())

    def test_a_lost_file(self, own_index: Config) -> None:
        (generation.published(own_index.index_dir) / "catalog.sqlite").unlink()
        with pytest.raises(IndexDamaged, match=CURE):
            build_rag(own_index, FakeModel())

    def test_a_pointer_to_nothing(self, own_index: Config) -> None:
        (own_index.index_dir / generation.POINTER).write_text("20200101T000000-00000000", encoding="utf-8")
        with pytest.raises((IndexMissing, IndexDamaged), match=CURE):
            build_rag(own_index, FakeModel())

    @pytest.mark.parametrize("question", ["", " ", "\u200b", "？？", "贷" * 2001])
    def test_a_question_that_is_none(self, small_rag: Rag, question: str) -> None:
        with pytest.raises(QuestionRejected):
            small_rag.ask(question)
        with pytest.raises(QuestionRejected):
            small_rag.retrieve(question)

    def test_an_unknown_source(self, small_rag: Rag) -> None:
        with pytest.raises(KeyError):
            small_rag.document("没有.md")


@pytest.mark.filterwarnings("ignore::ResourceWarning", "ignore::pytest.PytestUnraisableExceptionWarning")
class TestNewGeneration:
    """The generation before is let go when its last reader is; Python warns that nobody closed it."""

    def test_it_is_served_at_the_next_question(self, own_index: Config, opened: Callable[[Config], Rag]) -> None:
        rag = opened(own_index)
        asked = "保险机构应当在发生保险事故后多少小时内现场查勘"
        assert "24 小时" in rag.ask(asked).text
        name = publish(own_index, INSURANCE, "24 小时", "36 小时")
        answer = rag.ask(asked)
        assert "36 小时" in answer.text
        assert rag.generation().name == name
        everything = [answer.text, *(c.quote for c in answer.citations), *(p.chunk.text for p in answer.passages)]
        assert not any("24 小时" in text for text in everything)
        assert "36 小时" in rag.document(INSURANCE).text

    def test_a_removed_document_is_never_cited_again(self, own_index: Config, opened: Callable[[Config], Rag]) -> None:
        rag = opened(own_index)
        assert rag.ask("平均担保费率原则上不超过多少").citations[0].source == GUARANTEE
        (own_index.kb_dir / GUARANTEE).unlink()
        ingest(own_index, lambda *_: None, model=FakeModel())
        answer = rag.ask("平均担保费率原则上不超过多少")
        assert GUARANTEE not in {p.chunk.source for p in answer.passages} | {c.source for c in answer.citations}
        assert GUARANTEE not in rag.titles()
        with pytest.raises(KeyError):
            rag.document(GUARANTEE)

    def test_readers_go_on_while_it_is_made(self, own_index: Config, opened: Callable[[Config], Rag]) -> None:
        rag = opened(own_index)
        before = rag.ask(QUESTIONS[0])
        done, seen, failures = threading.Event(), [], []

        def read() -> None:
            while not done.is_set():
                try:
                    seen.append(rag.ask(QUESTIONS[0]))
                except Exception as error:  # noqa: BLE001 - whatever it is, the test shows it
                    failures.append(error)
                    return

        readers = [threading.Thread(target=read) for _ in range(2)]
        for reader in readers:
            reader.start()
        try:
            publish(own_index, INSURANCE, "24 小时", "36 小时")
        finally:
            done.set()
            for reader in readers:
                reader.join()
        assert not failures
        assert before.citations in [answer.citations for answer in seen]
        assert all(("24 小时" in answer.text) != ("36 小时" in answer.text) for answer in seen)
        assert "36 小时" in rag.ask(QUESTIONS[0]).text

    def test_a_new_day_is_seen_without_one(self, small_index: Config) -> None:
        days = iter(["2025-02-28", "2025-02-28"] + ["2025-03-01"] * 5)
        rag = Rag(small_index, FakeModel(), today=lambda: datetime.date.fromisoformat(next(days)))
        before = rag.ask("青财金〔2025〕11号还有效吗")
        after = rag.ask("青财金〔2025〕11号还有效吗")
        rag.close()
        assert "尚未施行" in before.text
        assert "尚未施行" not in after.text
        assert "现行有效" in after.text

    def test_a_failed_one_changes_nothing(self, own_index: Config, opened: Callable[[Config], Rag]) -> None:
        rag = opened(own_index)
        before = rag.ask(QUESTIONS[0])
        for path in own_index.kb_dir.rglob("*.md"):
            path.write_bytes(b"\xff\xfe\x00")
        for path in own_index.kb_dir.rglob("*.txt"):
            path.write_bytes(b"\xff\xfe\x00")
        with pytest.raises(Exception, match=r"\S"):
            ingest(own_index, lambda *_: None, model=FakeModel())
        assert rag.ask(QUESTIONS[0]) == before


class TestManyAtOnce:
    def test_eight_threads_get_the_answers_of_one(self, small_rag: Rag) -> None:
        alone = [small_rag.ask(question) for question in QUESTIONS]
        with ThreadPoolExecutor(8) as pool:
            together = list(pool.map(small_rag.ask, QUESTIONS * 8))
        assert together == alone * 8

    def test_with_the_real_model(self, kb_rag: Rag) -> None:
        questions = ["县域存贷比72%为什么这么高", "《农业保险条例》第十四条", "论文的启示有哪些", "黑洞是怎么形成的"]
        alone = [kb_rag.ask(question) for question in questions]
        with ThreadPoolExecutor(8) as pool:
            together = list(pool.map(kb_rag.ask, questions * 4))
        assert [answer.text for answer in together] == [answer.text for answer in alone * 4]
        assert [answer.citations for answer in together] == [answer.citations for answer in alone * 4]

    def test_users_do_not_share_a_conversation(self, small_rag: Rag) -> None:
        first = small_rag.ask("《青山省农业保险条例》第三条")
        other = small_rag.ask("青财金〔2025〕11号第三条")
        turns = [[Turn(first.question, first)], [Turn(other.question, other)]] * 8
        with ThreadPoolExecutor(8) as pool:
            answers = list(pool.map(lambda history: small_rag.ask("它的文号是多少", history), turns))
        assert ["629" in a.text for a in answers] == [True, False] * 8


class TestSnapshots:
    @pytest.mark.parametrize("question", QUESTIONS)
    def test_they_grow_into_the_answer(self, small_rag: Rag, question: str) -> None:
        snapshots = list(small_rag.stream(question))
        answer = small_rag.ask(question)
        assert snapshots[-1] == answer
        assert [snapshot.done for snapshot in snapshots] == [False] * (len(snapshots) - 1) + [True]
        for before, after in pairwise(snapshots):
            assert after.sentences[: len(before.sentences)] == before.sentences
            assert len(after.sentences) == len(before.sentences) + 1
            assert after.text.startswith(before.text)
        for snapshot in snapshots:
            numbers = {citation.number for citation in snapshot.citations}
            assert {n for sentence in snapshot.sentences for n in sentence.citations} <= numbers

    def test_turns_and_filters_reach_it(self, small_rag: Rag) -> None:
        first = small_rag.ask("《青山省农业保险条例》第三条")
        turns, filters = [Turn(first.question, first)], Filters(layers=(BINDING,))
        *_, last = small_rag.stream("第二款呢", turns, filters=filters)
        assert last == small_rag.ask("第二款呢", turns, filters=filters)
        assert last.resolved


class TestAsk:
    @pytest.mark.parametrize("question", QUESTIONS)
    def test_answers_are_sound_and_repeatable(self, small_rag: Rag, small_corpus: Corpus, question: str) -> None:
        answer = small_rag.ask(question)
        assert_sound(answer, small_corpus.catalog)
        assert answer == small_rag.ask(question)
        assert isinstance(answer, Answer)
        assert (answer.question, answer.mode) == (question, "extractive")

    @pytest.mark.parametrize("question", QUESTIONS)
    def test_the_passages_are_those_of_retrieve(self, small_rag: Rag, question: str) -> None:
        assert small_rag.ask(question).passages == small_rag.retrieve(question)

    def test_the_trace_has_the_level(self, small_rag: Rag) -> None:
        threshold = small_rag.generation().calibration.threshold
        assert {p.trace.threshold for p in small_rag.retrieve(QUESTIONS[0])} == {threshold}

    @pytest.mark.parametrize("question", QUESTIONS[:5])
    def test_filters_hold_for_citations_too(self, small_rag: Rag, question: str) -> None:
        answer = small_rag.ask(question, filters=Filters(layers=(BINDING,)))
        assert {c.meta.group for c in answer.citations} <= {BINDING}
        assert {small_rag.document(p.chunk.source).meta.group for p in answer.passages} <= {BINDING}

    @pytest.mark.parametrize("question", ["《青山省农业保险条例》第五条", "《青山省农业保险条例》还有效吗"])
    def test_filters_hold_for_look_ups_too(self, small_rag: Rag, question: str) -> None:
        answer = small_rag.ask(question, filters=Filters(sources=(GUARANTEE,)))
        assert {c.source for c in answer.citations} <= {GUARANTEE}

    def test_facets_are_what_filters_take(self, small_rag: Rag) -> None:
        facets = small_rag.facets()
        for field in fields(facets):
            for value in getattr(facets, field.name):
                filters = replace(Filters(), **{field.name: (value,)})
                assert small_rag.retrieve("青山", filters), (field.name, value)

    def test_the_journal_has_what_was_asked(self, own_index: Config, opened: Callable[[Config], Rag]) -> None:
        rag = opened(own_index)
        for question in QUESTIONS[:2]:
            assert rag.ask(question).found
        assert not rag.ask("台风什么时候登陆").found
        assert [question for _, question, _ in rag.journal.gaps()] == ["台风什么时候登陆"]
