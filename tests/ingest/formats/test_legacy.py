"""Older and foreign formats: read by way of LibreOffice where there is one, else refused with the way out."""

import shutil
import stat
import sys
from pathlib import Path

import pytest

from ingest import texts
from ingest.formats.legacy import PROGRAM, read
from rag.errors import UnreadableFile
from tests.ingest.formats.word_files import new, saved

RICH_TEXT = r"{\rtf1\ansi\ansicpg936 \u31532?\u19968?\u26465? loan\par}"


def refusal(path: Path) -> UnreadableFile:
    with pytest.raises(UnreadableFile) as caught:
        read(path)
    assert caught.value.source == path.name
    return caught.value


@pytest.fixture
def no_office(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """A search path without LibreOffice."""
    monkeypatch.setenv("PATH", str(tmp_path))


@pytest.mark.usefixtures("no_office")
@pytest.mark.parametrize(
    ("suffix", "cure"),
    [
        (".doc", texts.CURE_AS_WORD),
        (".WPS", texts.CURE_AS_WORD),
        (".rtf", texts.CURE_AS_WORD),
        (".odt", texts.CURE_AS_WORD),
        (".xls", texts.CURE_AS_SHEET),
        (".et", texts.CURE_AS_SHEET),
        (".ppt", texts.CURE_SLIDES),
        (".pptx", texts.CURE_SLIDES),
        (".dps", texts.CURE_SLIDES),
        (".ofd", texts.CURE_READER),
        (".epub", texts.CURE_READER),
        (".zip", texts.CURE_ARCHIVE),
        (".xyz", texts.CURE_OTHER),
    ],
)
def test_without_libreoffice_each_is_told_its_way_out(tmp_path: Path, suffix: str, cure: str) -> None:
    path = tmp_path / f"某{suffix}"
    path.write_bytes(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1")
    error = refusal(path)
    assert (error.message, error.cure) == (texts.FORMAT_REFUSED.format(suffix=suffix.lower()), cure)


class TestStandIn:
    """A program of ours in the place of LibreOffice shows what is asked of it."""

    def office(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, script: str) -> Path:
        folder = tmp_path / "bin"
        folder.mkdir()
        program = folder / PROGRAM
        program.write_text(f"#!{sys.executable}\nimport shutil, sys\nfrom pathlib import Path\n{script}\n")
        program.chmod(program.stat().st_mode | stat.S_IXUSR)
        monkeypatch.setenv("PATH", str(folder))
        path = tmp_path / "某 文件.doc"
        path.write_bytes(b"old")
        return path

    def test_the_converted_file_is_read(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        document = new()
        document.add_paragraph("第一条 甲。")
        ready = saved(document, tmp_path / "ready.docx")
        script = (
            "out, path = Path(sys.argv[sys.argv.index('--outdir') + 1]), Path(sys.argv[-1])\n"
            "assert '--headless' in sys.argv\n"
            "assert sys.argv[1] == '-env:UserInstallation=' + (out / 'profile').as_uri()\n"
            f"shutil.copy({str(ready)!r}, out / (path.stem + '.' + sys.argv[sys.argv.index('--convert-to') + 1]))"
        )
        assert read(self.office(tmp_path, monkeypatch, script)).text == "第一条 甲。\n"

    def test_a_failed_conversion_is_a_refusal(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        error = refusal(self.office(tmp_path, monkeypatch, "sys.exit(1)"))
        assert (error.message, error.cure) == (texts.CONVERSION_FAILED.format(suffix=".doc"), texts.CURE_AS_WORD)

    def test_a_conversion_into_nothing_is_refused_in_the_name_of_the_file(
        self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        ready = saved(new(), tmp_path / "ready.docx")
        script = f"shutil.copy({str(ready)!r}, Path(sys.argv[sys.argv.index('--outdir') + 1]) / '某 文件.docx')"
        error = refusal(self.office(tmp_path, monkeypatch, script))
        assert (error.message, error.cure) == (texts.NO_TEXT, texts.CURE_AS_WORD)


@pytest.mark.skipif(shutil.which(PROGRAM) is None, reason="LibreOffice (soffice) is not installed here.")
def test_rich_text_through_libreoffice(tmp_path: Path) -> None:
    path = tmp_path / "某.rtf"
    path.write_text(RICH_TEXT, encoding="ascii")
    assert "第一条" in read(path).text
