"""The README's commands as a person gives them: real processes, the real bundled model, real texts."""

import json
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.conftest import ROOT

QUESTION = "截至2024年底县域存贷比是多少，比全国低多少？"
PAPER = "paper/金融赋能县域经济高质量发展路径探究.md"
FILES = (PAPER, "policies/农业保险条例.md", "policies/金融监管总局2026年涉农金融通知.md")
Run = Callable[..., subprocess.CompletedProcess[str]]


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with kb/, a few real texts that the module's tests only add to, and room for index/."""
    root = tmp_path_factory.mktemp("home")
    for name in FILES:
        (root / "kb" / name).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(ROOT / "kb" / name, root / "kb" / name)
    return root


@pytest.fixture(scope="module")
def run(model_cache: Path) -> Run:
    """Runs `python …` in the project's folder with the given KBQA_ variables."""

    def run(*arguments: str, **settings: str) -> subprocess.CompletedProcess[str]:
        environment = {
            **os.environ,
            "PYTHONUTF8": "1",
            "COLUMNS": "200",
            "KBQA_CACHE_DIR": str(model_cache),
            **settings,
        }
        command = [sys.executable, *arguments]
        return subprocess.run(
            command, cwd=ROOT, env=environment, capture_output=True, text=True, timeout=100, check=False
        )

    return run


@pytest.fixture(scope="module")
def ingested(home: Path, run: Run) -> subprocess.CompletedProcess[str]:
    """The first ingest."""
    return run("-m", "ingest", "--kb", str(home / "kb"), "--index", str(home / "index"))


@pytest.fixture
def index(home: Path, ingested: subprocess.CompletedProcess[str]) -> str:
    """The published index, as KBQA_INDEX_DIR takes it."""
    assert ingested.returncode == 0, ingested.stderr
    return str(home / "index")


def embedded(summary: str) -> int:
    (count,) = re.findall(r"计算向量 (\d+) 条", summary)
    return int(count)


def test_the_first_ingest_sums_up(ingested: subprocess.CompletedProcess[str]) -> None:
    assert ingested.returncode == 0, ingested.stderr
    assert f"新增 {len(FILES)}" in ingested.stdout
    assert f"文件 {len(FILES)} 份" in ingested.stdout
    assert embedded(ingested.stdout) > 100
    assert "已发布索引版本" in ingested.stdout


def test_the_second_ingest_embeds_nothing(home: Path, index: str, run: Run) -> None:
    again = run("-m", "ingest", "--kb", str(home / "kb"), "--index", index)
    assert again.returncode == 0, again.stderr
    assert f"未变 {len(FILES)}" in again.stdout
    assert embedded(again.stdout) == 0


def test_a_question_is_answered_with_its_source(index: str, run: Run) -> None:
    asked = run("-m", "rag", QUESTION, KBQA_INDEX_DIR=index)
    assert asked.returncode == 0, asked.stderr
    answer, _, sources = asked.stdout.partition("出处：")
    assert "【论文观点】" in answer
    assert "62%" in answer
    assert "8个百分点" in answer
    assert PAPER in sources
    assert asked.stderr == ""


def test_the_json_holds_the_exact_quote(index: str, home: Path, run: Run) -> None:
    asked = run("-m", "rag", QUESTION, "--json", KBQA_INDEX_DIR=index)
    assert asked.returncode == 0, asked.stderr
    answer = json.loads(asked.stdout)
    assert (answer["found"], answer["mode"], answer["done"]) == (True, "extractive", True)
    assert answer["sentences"][0]["citations"]
    citation = answer["citations"][0]
    assert citation["source"] == PAPER
    assert "62%" in citation["quote"]
    assert citation["quote"] in (home / "kb" / PAPER).read_text(encoding="utf-8")


def test_a_broken_file_is_named_and_the_rest_stays(home: Path, index: str, run: Run) -> None:
    broken = home / "kb" / "policies" / "坏文件.md"
    broken.write_bytes("利率为百分之三。".encode() * 9 + b"\xff")
    try:
        done = run("-m", "ingest", "--kb", str(home / "kb"), "--index", index)
    finally:
        broken.unlink()
    assert done.returncode == 3
    assert "policies/坏文件.md" in done.stdout
    assert "UTF-8" in done.stdout
    assert f"文件 {len(FILES)} 份" in done.stdout


@pytest.mark.parametrize("arguments", [("-m", "rag", QUESTION), ("app.py", "--port", "1")], ids=["rag", "app"])
def test_no_index_names_the_cure(arguments: tuple[str, ...], tmp_path: Path, run: Run) -> None:
    done = run(*arguments, KBQA_INDEX_DIR=str(tmp_path / "nothing"))
    assert done.returncode == 3
    assert "python -m ingest" in done.stderr
    assert done.stderr.count("\n") == 1


@pytest.mark.parametrize(
    "arguments", [("-m", "ingest", "--dry-run"), ("-m", "rag", QUESTION), ("app.py",)], ids=["ingest", "rag", "app"]
)
def test_an_unknown_setting_is_refused(arguments: tuple[str, ...], run: Run) -> None:
    done = run(*arguments, KBQA_INDEX_FOLDER="x")
    assert done.returncode == 2
    assert "KBQA_INDEX_FOLDER" in done.stderr
    assert "KBQA_INDEX_DIR" in done.stderr
    assert "Traceback" not in done.stderr


def test_a_language_model_is_refused_today(run: Run) -> None:
    done = run("-m", "rag", QUESTION, KBQA_LLM="openai:some-model")
    assert done.returncode == 2
    assert "KBQA_LLM" in done.stderr
