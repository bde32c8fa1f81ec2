"""The README says what is so: its settings, commands, options, files and its example are tried."""

import importlib.util
import re
import subprocess
import sys
from dataclasses import fields
from pathlib import Path

import pytest

from rag.config import PREFIX, Config
from tests.conftest import ROOT
from tests.fakes import FakeModel

README = (ROOT / "README.md").read_text(encoding="utf-8")
MAKEFILE = (ROOT / "Makefile").read_text(encoding="utf-8")
SECTIONS = {title: text for title, text in re.findall(r"(?ms)^#{2,3} (.+?)\n(.*?)(?=^#{2,3} |\Z)", README)}
PROGRAMS = {"-m ingest": ["-m", "ingest"], "-m rag": ["-m", "rag"], "app.py": ["app.py"], "-m eval": ["-m", "eval"]}


def section(words: str) -> str:
    """The text of the one section whose title holds the words."""
    (found,) = [text for title, text in SECTIONS.items() if words in title]
    return found


def test_the_table_of_settings_is_complete() -> None:
    listed = re.findall(rf"(?m)^\| `({PREFIX}\w+)` \|", section("设置"))
    assert sorted(listed) == sorted(PREFIX + item.name.upper() for item in fields(Config))


def test_only_settings_that_exist_are_named() -> None:
    named = set(re.findall(rf"\b{PREFIX}[A-Z_]+", README))
    assert named <= {PREFIX + item.name.upper() for item in fields(Config)}


def test_the_modules_that_are_run_exist() -> None:
    modules = set(re.findall(r"python -m (\w+)", README)) - {"pip", "venv"}
    assert {"ingest", "rag", "eval"} <= modules
    assert [name for name in sorted(modules) if importlib.util.find_spec(f"{name}.__main__") is None] == []


def test_the_make_targets_exist() -> None:
    named = set(re.findall(r"(?:`|^)make ([a-z]+)", README, re.MULTILINE))
    assert {"run", "test", "ingest", "ask"} <= named
    assert named <= set(re.findall(r"(?m)^([a-z]+):", MAKEFILE))


def test_make_help_tells_every_target() -> None:
    done = subprocess.run(["make", "-s"], cwd=ROOT, capture_output=True, text=True, timeout=20, check=True)
    (phony,) = re.findall(r"(?m)^\.PHONY: (.+)$", MAKEFILE)
    assert [name for name in phony.split() if f"make {name}" not in done.stdout] == []


@pytest.mark.parametrize("program", PROGRAMS)
def test_the_options_are_those_of_the_program(program: str) -> None:
    command = [sys.executable, *PROGRAMS[program], "--help"]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=60, check=True)
    listed = re.findall(r"(?m)^\| `(--[\w-]+)", section(f"python {program}"))
    assert sorted(listed) == sorted(set(re.findall(r"--[a-z][\w-]*", done.stdout)) - {"--help"})


def test_the_links_and_files_exist() -> None:
    linked = re.findall(r"\]\(([^)#:]+)\)", README)
    assert [path for path in linked if not (ROOT / path).exists()] == []
    shown = re.findall(r"\(((?:paper|policies|statistics)/[^)]+\.md)\)", README)
    assert shown
    assert [path for path in shown if not (ROOT / "kb" / path).exists()] == []


def test_the_example_runs(
    small_index: Config, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    """On the small knowledge base and its hashing model; everything else is the real thing."""
    monkeypatch.setenv("KBQA_KB_DIR", str(small_index.kb_dir))
    monkeypatch.setenv("KBQA_INDEX_DIR", str(small_index.index_dir))
    monkeypatch.setenv("KBQA_JOURNAL_URL", f"sqlite:///{tmp_path / 'journal.sqlite'}")
    monkeypatch.setattr("rag.chain.ConfiguredModel", lambda config: FakeModel())
    (example,) = re.findall(r"(?s)```python\n(.*?)```", section("LangChain"))
    assert "as_runnable()" in example
    assert "as_retriever(" in example
    assert example.count("\n") <= 11
    exec(compile(example, "README.md", "exec"), {})
    assert "paper/" in capsys.readouterr().out
