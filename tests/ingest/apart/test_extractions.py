"""The cache of extractions: nothing parsed twice, nothing stale, damage said."""

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from ingest.apart.extractions import Extractions, extract_remembered, extraction_version, file_digest
from ingest.apart.parcel import pack, pack_refusal, unpack
from ingest.extracted import Extracted
from rag.errors import IndexDamaged, UnreadableFile
from rag.types import Page

FOUND = Extracted("县域金融😀\n第二页", (Page(1, 0, 6), Page(2, 6, 9, ("garbled",), True)), "办法")
DIGEST = "0" * 64


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "extracted.sqlite"


def filled(path: Path, version: str = "one") -> None:
    with closing(Extractions(path, version)) as memory:
        memory.put(DIGEST, ".pdf", FOUND)


def test_what_was_put_comes_back_after_reopening(path: Path) -> None:
    filled(path)
    with closing(Extractions(path, "one")) as memory:
        assert memory.get(DIGEST, ".PDF") == FOUND
        assert memory.get("1" * 64, ".pdf") is None
        assert memory.get(DIGEST, ".html") is None, "the suffix chooses the reader"


def test_another_version_of_the_code_forgets(path: Path) -> None:
    filled(path)
    with closing(Extractions(path, "two")) as memory:
        assert memory.get(DIGEST, ".pdf") is None
    with closing(sqlite3.connect(path)) as connection:
        assert connection.execute("select count(*) from extractions").fetchone() == (0,)


def test_the_version_is_that_of_the_code() -> None:
    assert extraction_version() == extraction_version()
    assert len(extraction_version()) == 16


class TestDamage:
    def test_another_kind_of_file(self, path: Path) -> None:
        path.write_bytes(b"not a database at all, but long enough to be looked at " * 20)
        with pytest.raises(IndexDamaged, match=r"extracted\.sqlite"):
            Extractions(path)

    @pytest.mark.parametrize("content", [b"", b"no zlib", "text", None, 7])
    def test_a_damaged_row(self, path: Path, content: object) -> None:
        filled(path)
        with closing(sqlite3.connect(path)) as connection:
            connection.execute("update extractions set content = ?", (content,))
            connection.commit()
        with closing(Extractions(path, "one")) as memory, pytest.raises(IndexDamaged, match=r"extracted\.sqlite"):
            memory.get(DIGEST, ".pdf")

    def test_a_damaged_page(self, path: Path) -> None:
        filled(path)
        content = bytearray(path.read_bytes())
        content[4096:] = b"\xff" * (len(content) - 4096)
        path.write_bytes(content)
        with pytest.raises(IndexDamaged, match=r"extracted\.sqlite"), closing(Extractions(path, "one")) as memory:
            memory.get(DIGEST, ".pdf")


class TestParcels:
    def test_there_and_back(self) -> None:
        assert unpack(pack(FOUND), "a.pdf") == FOUND

    def test_a_refusal(self) -> None:
        with pytest.raises(UnreadableFile, match="读不出") as caught:
            unpack(pack_refusal(UnreadableFile("x", "读不出", line=3, cure="重试")), "a.pdf")
        assert (caught.value.source, caught.value.line, caught.value.cure) == ("a.pdf", 3, "重试")

    @pytest.mark.parametrize(
        "content",
        [
            b"",
            b"\n",
            b"{}\n",
            b"[]\ntext",
            b"7\n",
            b"\xff\n",
            b'{"title": 1, "pages": []}\ntext',
            b'{"title": "", "pages": [[1, 0, 9, [], false]]}\ntext',
            b'{"title": "", "pages": [[1, 3, 1, [], false]]}\ntext',
            b'{"title": "", "pages": [[2, 0, 1, [], false], [1, 1, 2, [], false]]}\ntext',
            b'{"title": "", "pages": [[1, 0, 1, [], 0]]}\ntext',
            b'{"title": "", "pages": [[1, 0]]}\ntext',
            b'{"title": "", "pages": []}\n\xff\xfe',
            b'{"message": 1, "cure": "", "line": 0}\n',
            b'{"message": "%s", "cure": "", "line": 0}\n' % (b"x" * 2000),
            b'{"title": "%s", "pages": []}\n' % (b"x" * 600_000),
        ],
    )
    def test_what_no_reader_writes(self, content: bytes) -> None:
        with pytest.raises(ValueError):  # noqa: PT011
            unpack(content, "a.pdf")


class TestFiles:
    def files(self, tmp_path: Path) -> list[Path]:
        contents = {"甲.csv": "县,余额\n青山,1\n", "坏.csv": "\x00", "乙.csv": "县,余额\n绿水,2\n", "空.csv": ""}
        for name, content in contents.items():
            (tmp_path / name).write_text(content, encoding="utf-8")
        return [tmp_path / name for name in (*contents, "没有.csv")]

    def test_the_second_time_nothing_is_parsed_but_what_failed(self, tmp_path: Path, path: Path) -> None:
        files = self.files(tmp_path)
        steps: list[int] = []
        with closing(Extractions(path)) as memory:
            first = list(extract_remembered(files, memory, steps.append, workers=2))
        assert [file for file, _ in first] == files
        assert [isinstance(found, Extracted) for _, found in first] == [True, False, True, False, False]
        assert sum(steps) == 5
        good = Extracted("记得的")
        with closing(Extractions(path)) as memory:
            memory.put(file_digest(files[0]), ".csv", good)
            second = list(extract_remembered(files, memory, steps.append, workers=2))
        assert second[0][1] is not good
        assert second[0][1] == good, "what is remembered is not read again"
        assert second[2][1] == first[2][1]
        assert [str(found) for _, found in second[3:]] == [str(found) for _, found in first[3:]]

    def test_a_changed_file_is_read_again(self, tmp_path: Path, path: Path) -> None:
        file = self.files(tmp_path)[0]
        with closing(Extractions(path)) as memory:
            list(extract_remembered([file], memory, lambda _: None))
            file.write_text("县,余额\n白云,3\n", encoding="utf-8")
            (_, found) = next(extract_remembered([file], memory, lambda _: None))
        assert isinstance(found, Extracted)
        assert "白云" in found.text
