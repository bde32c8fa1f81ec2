"""`python -m training`: its steps, and one clear sentence where the data is absent."""

import json
from pathlib import Path

import pytest

from rag.network import load_network
from tests.training.tiny import marking_network, own_examples, write_lines, write_weights
from training.__main__ import main
from training.examples import Example
from training.train import CHECKPOINT

STEPS = ("prepare", "train", "evaluate", "export")


@pytest.fixture
def data(tmp_path: Path) -> Path:
    """A folder that has the data as far as anybody looks."""
    (tmp_path / "shared" / "training").mkdir(parents=True)
    return tmp_path / "shared"


def test_help_names_every_step_and_option(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as left:
        main(["--help"])
    shown = capsys.readouterr().out
    assert left.value.code == 0
    named = (*STEPS, "--shared", "--work", "--epochs", "--weights")
    assert [word for word in named if word not in shown] == []


@pytest.mark.parametrize("arguments", [[], ["nothing"], ["train", "--epochs", "many"]])
def test_an_unknown_word(arguments: list[str]) -> None:
    with pytest.raises(SystemExit) as left:
        main(arguments)
    assert left.value.code == 2


def test_no_data(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "shared").mkdir()
    work = tmp_path / "work"
    assert main(["prepare", "--shared", str(tmp_path / "shared"), "--work", str(work)]) == 2
    shown = capsys.readouterr()
    message = "".join(shown.err.split())
    assert f"{tmp_path}/shared/trainingisabsent:namethefolderwith--shared" in message
    assert shown.out == ""
    assert not work.exists()


def test_train(data: Path, tiny_model: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    write_lines(tmp_path / "train.jsonl", own_examples(16))
    assert main(["train", "--shared", str(data), "--work", str(tmp_path), "--epochs", "1"]) == 0
    assert (tmp_path / CHECKPOINT).exists()
    shown = capsys.readouterr()
    assert "1/1" in shown.err
    assert shown.out == ""


def test_evaluate(data: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    write_lines(tmp_path / "held_out.jsonl", [Example("squad", "谁", "题", ("为甲乙。",), -1, (0, 1, 3))])
    write_weights(marking_network(), tmp_path / "a.safetensors")
    weights = str(tmp_path / "a.safetensors")
    assert main(["evaluate", "--shared", str(data), "--work", str(tmp_path), "--weights", weights]) == 0
    assert json.loads(capsys.readouterr().out) == {"squad": {"n": 1, "sentence": 1.0, "exact": 1.0, "f1": 1.0}}


def test_export(
    data: Path, trained: Path, tiny_model: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "b.safetensors"
    assert main(["export", "--shared", str(data), "--work", str(trained), "--weights", str(path)]) == 0
    assert capsys.readouterr().out.startswith(f"{path}: ")
    network, _ = load_network(path)
    assert network["span"].weight.shape == (2, 16)
