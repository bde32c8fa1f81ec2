"""Adversarial documents stand among those of the knowledge base, and only in a copy of it."""

import json
from pathlib import Path

from eval.adversarial import FILE
from eval.poisoned import poisoned, write_documents
from rag import Config


def test_without_documents_nothing_is_built(tmp_path: Path) -> None:
    assert poisoned(Config(), tmp_path, tmp_path / "work") is None
    (tmp_path / FILE).write_text(json.dumps({"id": "Q", "where": "question"}), encoding="utf-8")
    assert poisoned(Config(), tmp_path, tmp_path / "work") is None
    assert not (tmp_path / "work").exists()


def test_one_file_a_document(tmp_path: Path) -> None:
    write_documents([{"id": "D-1", "input": "县域存贷比为82%。"}, {"id": "D-2", "input": "<img src=x>"}], tmp_path)
    assert (tmp_path / "notes" / "D-1.md").read_text(encoding="utf-8") == "县域存贷比为82%。\n"
    assert (tmp_path / "notes" / "D-2.md").read_text(encoding="utf-8") == "<img src=x>\n"
