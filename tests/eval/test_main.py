"""`python -m eval`: the figures of the shipped questions."""

import pytest

from eval.__main__ import main


def test_help_and_an_unknown_word(capsys: pytest.CaptureFixture[str]) -> None:
    for arguments, code in ((["--help"], 0), (["nothing"], 2), ([], 2)):
        with pytest.raises(SystemExit) as left:
            main(arguments)
        assert left.value.code == code
    assert "speed" in capsys.readouterr().out


def test_no_index(
    tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("KBQA_INDEX_DIR", str(tmp_path_factory.mktemp("none")))
    assert main(["questions"]) == 3
    assert "python -m ingest" in capsys.readouterr().err


def test_an_unknown_setting(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.setenv("KBQA_NOTHING", "x")
    assert main(["questions"]) == 2
    assert "KBQA_NOTHING" in capsys.readouterr().err


def test_start_without_an_index(
    tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("KBQA_INDEX_DIR", str(tmp_path_factory.mktemp("none")))
    assert main(["start"]) == 3
    assert "python -m ingest" in capsys.readouterr().err
