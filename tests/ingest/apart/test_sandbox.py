"""What a reader may do wrong, what a file may do to it: each ends as one sentence about one file."""

import os
import re
import threading
import time
import zipfile
from dataclasses import replace
from pathlib import Path

import psutil
import pytest
from PIL import Image

from ingest.apart.container import pictures, require_harmless
from ingest.apart.extract import FORMATS, LIMITS, Limits
from ingest.apart.sandbox import Children, Ending, extract, outcome, reader_of
from ingest.extracted import Extracted
from rag.errors import UnreadableFile
from tests.conftest import ROOT

SMALL = replace(LIMITS, memory=300 << 20, written=24_000_000)
IMPATIENT = replace(SMALL, cpu=1, cpu_a_page=5)
READER = "tests.ingest.apart.misbehaving"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "folder"


def told(tmp_path: Path, word: str, limits: Limits = SMALL) -> Extracted:
    """What comes of a file that tells its reader to do this."""
    path = tmp_path / "told.csv"
    path.write_text(f"{word},1\n", encoding="utf-8")
    folder = tmp_path / "folder"
    return outcome(path, folder, Children(limits).run(path, READER, folder), limits)


def wrong(tmp_path: Path, word: str, limits: Limits = SMALL) -> UnreadableFile:
    with pytest.raises(UnreadableFile) as caught:
        told(tmp_path, word, limits)
    assert caught.value.message
    assert caught.value.cure
    assert caught.value.source.endswith("told.csv")
    return caught.value


@pytest.mark.parametrize(
    ("word", "said"),
    [
        ("memory", "内存超过 300 MB"),
        ("crash", "SIGSEGV"),
        ("killed", "强行终止"),
        ("broken", "损坏"),
        ("deep", "嵌套"),
        ("missing", "程序库"),
        ("blank", "没有正文"),
        ("long", "5000001 字"),
        ("pages", "3000 页"),
        ("full_disk", "超过 24 MB"),
        ("garbage", "不可用"),
        ("nothing", "不可用"),
        ("noisy", "超过 24 MB"),
    ],
)
def test_what_a_reader_may_do_wrong(tmp_path: Path, word: str, said: str) -> None:
    before = psutil.Process().memory_info().rss
    assert said in wrong(tmp_path, word).message
    assert psutil.Process().memory_info().rss - before < 50_000_000


def test_work_and_waiting_have_their_limits(tmp_path: Path) -> None:
    """On a busy machine the second of work may take more than the two of the wall clock."""
    assert re.search("超过 [12] 秒", wrong(tmp_path, "endless", IMPATIENT).message)
    assert "超过 2 秒" in wrong(tmp_path, "sleeping", IMPATIENT).message


def test_pages_buy_time(tmp_path: Path) -> None:
    assert told(tmp_path, "patient", IMPATIENT).text == "慢慢读完了"


def test_a_refusal_comes_through_with_its_line_and_cure(tmp_path: Path) -> None:
    error = wrong(tmp_path, "refused")
    assert (error.message, error.line, error.cure) == ("第 3 页读不出", 3, "请重新扫描")


def test_what_was_read_comes_back_as_it_was(tmp_path: Path) -> None:
    assert told(tmp_path, "县域 😀\t第一段\n").text == "县域 😀\t第一段\n,1\n"


def test_a_child_knows_nothing_of_us(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("KBQA_LLM_API_KEY", "secret")
    monkeypatch.setenv("HTTPS_PROXY", "http://192.0.2.1:3128")
    found = told(tmp_path, "surroundings").text
    assert "KBQA" not in found
    assert "PROXY" not in found
    assert "input=0" in found
    assert f"here={ROOT}" in found


def test_a_child_has_no_network(tmp_path: Path) -> None:
    found = told(tmp_path, "network").text
    if found == os.strerror(111):
        pytest.skip("this system lets no process give up its network")
    assert found == os.strerror(101)


def test_what_a_child_started_dies_with_it(tmp_path: Path) -> None:
    pid = int(told(tmp_path, "offspring").text)
    assert_gone([pid])


def assert_gone(pids: list[int]) -> None:
    until = time.monotonic() + 3
    while any(psutil.pid_exists(pid) and psutil.Process(pid).status() != "zombie" for pid in pids):
        assert time.monotonic() < until, "a process is left"
        time.sleep(0.02)


def test_stopping_kills_what_runs_and_what_would_start(tmp_path: Path, folder: Path) -> None:
    path = tmp_path / "told.csv"
    path.write_text("sleeping,", encoding="utf-8")
    children, endings = Children(SMALL), list[Ending]()
    thread = threading.Thread(target=lambda: endings.append(children.run(path, READER, folder)))
    thread.start()
    while not children._running:
        time.sleep(0.01)
    pids = [*children._running]
    children.stop()
    thread.join(5)
    assert [ending.status for ending in endings] == [-9]
    assert_gone(pids)
    assert children.run(path, READER, folder).status == -9


class TestWhatIsNotParsedAtAll:
    def test_suffixes(self, tmp_path: Path) -> None:
        path = tmp_path / "a.exe"
        path.write_bytes(b"MZ")
        with pytest.raises(UnreadableFile, match=r"\.exe"):
            reader_of(path)

    def test_a_directory_a_pipe_and_nothing(self, tmp_path: Path) -> None:
        (tmp_path / "folder.pdf").mkdir()
        os.mkfifo(tmp_path / "pipe.pdf")
        for name, said in (("folder.pdf", "普通文件"), ("pipe.pdf", "普通文件"), ("none.pdf", "打不开")):
            with pytest.raises(UnreadableFile, match=said):
                extract(tmp_path / name)

    def test_too_large_a_file(self, tmp_path: Path) -> None:
        path = tmp_path / "large.pdf"
        with path.open("wb") as file:
            file.truncate(LIMITS.file + 1)
        with pytest.raises(UnreadableFile, match="200 MB"):
            reader_of(path)

    def test_a_name_that_is_no_text(self, tmp_path: Path) -> None:
        path = tmp_path / os.fsdecode(b"\xff.pdf")
        path.write_bytes(b"%PDF-")
        with pytest.raises(UnreadableFile, match="UTF-8") as caught:
            reader_of(path)
        assert caught.value.source.isprintable()


def test_pictures_of_a_tiff_are_counted(tmp_path: Path) -> None:
    path = tmp_path / "five.tif"
    frame = Image.new("L", (8, 8))
    frame.save(path, save_all=True, append_images=[frame] * 4)
    assert pictures(path, 2_000) == 5
    assert pictures(path, 3) == 3
    frame.save(tmp_path / "one.png")
    assert pictures(tmp_path / "one.png", 2_000) == 1


class TestZips:
    def test_all_entries_together_have_a_limit(self, tmp_path: Path) -> None:
        """Declared sizes are not asked: each entry is inflated and counted."""
        path = tmp_path / "three.docx"
        with zipfile.ZipFile(path, "w") as archive:
            for i in range(3):
                archive.writestr(f"word/{i}.bin", os.urandom(500))
        require_harmless(path, "docx", (3, 1_500, 100))
        for bounds, said in (((3, 1_499, 100), "解压后过大"), ((2, 1_500, 100), "3 个部件")):
            with pytest.raises(UnreadableFile, match=said):
                require_harmless(path, "docx", bounds)

    @pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "latin-1", "cp037"])
    @pytest.mark.parametrize("name", ["word/a.xml", "word/_rels/a.rels"])
    def test_document_types_in_any_encoding(self, tmp_path: Path, encoding: str, name: str) -> None:
        path = tmp_path / "types.docx"
        declared = encoding.removesuffix("-sig")
        content = f'<?xml version="1.0" encoding="{declared}"?><!DOCTYPE x [<!ENTITY a "b">]><x>&a;</x>'
        with zipfile.ZipFile(path, "w") as archive:
            archive.writestr(name, content.encode(encoding))
        with pytest.raises(UnreadableFile, match="XML"):
            require_harmless(path, "docx", (9, 10_000, 100))

    def test_a_document_type_without_entities_is_usual_in_an_ebook(self, tmp_path: Path) -> None:
        path = tmp_path / "book.epub"
        with zipfile.ZipFile(path, "w") as archive:
            archive.writestr("a.xhtml", '<!DOCTYPE html PUBLIC "-//W3C//DTD XHTML 1.1//EN" "x.dtd"><html/>')
        require_harmless(path, "epub", (9, 10_000, 100))
        with pytest.raises(UnreadableFile, match="XML"):
            require_harmless(path, "docx", (9, 10_000, 100))


def test_every_reader_is_a_module_of_formats() -> None:
    assert {reader for reader in FORMATS.values()} == {"pdf", "word", "web", "sheet", "ocr", "legacy"}
