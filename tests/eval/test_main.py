"""`python -m eval`: what its commands print, and one clear sentence for what cannot be done."""

import json
from pathlib import Path

import pytest

import eval.__main__
from eval.__main__ import main

COMMANDS = ("bench", "adversarial", "compare", "speed", "start", "scale", "--quick", "--accept", "--split", "--sizes")


@pytest.fixture
def no_index(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("KBQA_INDEX_DIR", str(tmp_path / "none"))
    return tmp_path


def test_help_names_every_command(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as left:
        main(["--help"])
    shown = capsys.readouterr().out
    assert left.value.code == 0
    assert not [command for command in COMMANDS if command not in shown]


@pytest.mark.parametrize("arguments", [["nothing"], ["scale", "--sizes", "many"], ["--split", "train"]])
def test_an_unknown_word(arguments: list[str]) -> None:
    with pytest.raises(SystemExit) as left:
        main(arguments)
    assert left.value.code == 2


@pytest.mark.parametrize("arguments", [[], ["--quick"], ["adversarial"], ["speed"], ["start"]])
def test_no_index(no_index: Path, arguments: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    assert main(arguments) == 3
    assert "python -m ingest" in capsys.readouterr().err


def test_an_unknown_setting(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.setenv("KBQA_NOTHING", "x")
    assert main(["--quick"]) == 2
    assert "KBQA_NOTHING" in capsys.readouterr().err


def test_an_unknown_set(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["bench", "nobody"]) == 2
    assert "fincuge" in capsys.readouterr().err


def test_sets_that_are_not_there_are_skipped(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(eval.__main__, "SHARED", tmp_path / "none")
    assert main(["bench", "fincuge"]) == 0
    assert "fincuge" in capsys.readouterr().out


class TestCompare:
    @pytest.mark.parametrize("names", [[], ["one.json"], ["one.json", "two.json", "three.json"]])
    def test_it_needs_two_runs(self, names: list[str], capsys: pytest.CaptureFixture[str]) -> None:
        assert main(["compare", *names]) == 2
        assert "compare" in capsys.readouterr().err

    def test_a_file_that_is_no_run(self, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
        path = tmp_path / "a.json"
        path.write_text(json.dumps([]), encoding="utf-8")
        assert main(["compare", str(path), str(path)]) == 2
        assert path.name in capsys.readouterr().err
