"""The journal: what was asked, and the list of gaps."""

import sqlite3
from pathlib import Path

import pytest

from rag.errors import StorageFailed
from rag.journal import Journal
from rag.types import Answer, Chunk, Passage


def url(path: Path) -> str:
    return f"sqlite:///{path / 'journal.sqlite'}"


def gap(question: str, reason: str = "没有。") -> Answer:
    return Answer(question, text="知识库未见依据。", reason=reason, done=True)


def rows(path: Path, columns: str) -> list[tuple[object, ...]]:
    connection = sqlite3.connect(path / "journal.sqlite")
    try:
        return connection.execute(f"select {columns} from asked order by id").fetchall()  # noqa: S608
    finally:
        connection.close()


class TestGaps:
    def test_newest_first_with_their_reasons(self, tmp_path: Path) -> None:
        journal = Journal(url(tmp_path))
        for number in range(5):
            journal.record(gap(f"问题{number}", f"原因{number}"), "g", 0.1)
        assert [(question, reason) for _, question, reason in journal.gaps()] == [
            (f"问题{number}", f"原因{number}") for number in (4, 3, 2, 1, 0)
        ]

    def test_answered_questions_are_no_gaps(self, tmp_path: Path) -> None:
        journal = Journal(url(tmp_path))
        journal.record(Answer("答了", found=True, done=True), "g", 0.1)
        journal.record(gap("没答"), "g", 0.1)
        assert [question for _, question, _ in journal.gaps()] == ["没答"]

    def test_none(self, tmp_path: Path) -> None:
        assert Journal(url(tmp_path)).gaps() == []

    def test_a_limit(self, tmp_path: Path) -> None:
        journal = Journal(url(tmp_path))
        for number in range(5):
            journal.record(gap(str(number)), "g", 0.1)
        assert [question for _, question, _ in journal.gaps(2)] == ["4", "3"]

    def test_they_survive_reopening(self, tmp_path: Path) -> None:
        first = Journal(url(tmp_path))
        first.record(gap("以前的"), "g", 0.1)
        first.flush()
        second = Journal(url(tmp_path))
        second.record(gap("现在的"), "g", 0.1)
        assert [question for _, question, _ in second.gaps()] == ["现在的", "以前的"]


class TestRecords:
    def test_everything_that_is_asked_of_a_record(self, tmp_path: Path) -> None:
        journal = Journal(url(tmp_path))
        passages = tuple(Passage(Chunk(f"id{n}", "a.md", "甲", (), 0, "某句。"), 1.0) for n in range(2))
        answer = Answer("那浙江呢", text="某句。[1]", passages=passages, found=True, done=True, resolved="浙江的做法")
        journal.record(answer, "某代", 0.25)
        journal.flush()
        assert rows(tmp_path, "question, resolved, found, reason, answer, evidence, generation, seconds") == [
            ("那浙江呢", "浙江的做法", 1, "", "某句。[1]", '["id0", "id1"]', "某代", 0.25)
        ]

    def test_flush_waits_for_every_record(self, tmp_path: Path) -> None:
        journal = Journal(url(tmp_path))
        for number in range(40):
            journal.record(gap(str(number)), "g", 0.1)
        journal.flush()
        assert [question for (question,) in rows(tmp_path, "question")] == [str(number) for number in range(40)]

    @pytest.mark.parametrize("question", ["'; drop table asked; --", "“引号”\n换行", "😀 emoji", "x" * 2000])
    def test_any_text(self, tmp_path: Path, question: str) -> None:
        journal = Journal(url(tmp_path))
        journal.record(gap(question), "g", 0.1)
        assert [found for _, found, _ in journal.gaps()] == [question]


class TestFailures:
    def test_a_folder_that_is_not_there(self, tmp_path: Path) -> None:
        with pytest.raises(StorageFailed, match="KBQA_JOURNAL_URL") as caught:
            Journal(url(tmp_path / "没有" / "这里"))
        assert caught.value.exit_code == 74

    @pytest.mark.parametrize("bad", ["not a url", "nosuchdatabase://host/x"])
    def test_no_url_at_all(self, bad: str) -> None:
        with pytest.raises(StorageFailed):
            Journal(bad)

    def test_a_failed_write_is_told_at_the_next_flush(self, tmp_path: Path) -> None:
        journal = Journal(url(tmp_path))
        connection = sqlite3.connect(tmp_path / "journal.sqlite")
        connection.execute("drop table asked")
        connection.commit()
        connection.close()
        journal.record(gap("丢了"), "g", 0.1)
        with pytest.raises(StorageFailed):
            journal.flush()


class TestPlace:
    def test_beside_the_index(self, tmp_path: Path) -> None:
        Journal.beside(tmp_path, "").flush()
        assert (tmp_path / "journal.sqlite").exists()

    def test_where_it_is_configured(self, tmp_path: Path) -> None:
        (tmp_path / "here").mkdir()
        Journal.beside(tmp_path, url(tmp_path / "here")).flush()
        assert (tmp_path / "here" / "journal.sqlite").exists()
        assert not (tmp_path / "journal.sqlite").exists()
