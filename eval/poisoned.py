"""The knowledge base with adversarial documents among its own: what reaches a reader who asks about their subject?"""

import shutil
from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from eval.adversarial import DOCUMENT, adversarial_rows
from eval.building import build
from rag import Config

FOLDER = "notes"


def poisoned(config: Config, shared: Path, work: Path) -> Config | None:
    """The configuration of an index, built in `work`, over a copy of the knowledge base and the adversarial documents.

    None where there are no such documents. Raises KbqaError if the index cannot be built.
    """
    rows = adversarial_rows(shared, DOCUMENT)
    if not rows:
        return None
    folder = work / "kb"
    shutil.rmtree(folder, ignore_errors=True)
    shutil.copytree(config.kb_dir, folder)
    write_documents(rows, folder)
    changed = replace(config, kb_dir=folder, index_dir=work / "index", journal_url="")
    build(changed, work / "build.json")
    return changed


def write_documents(rows: Sequence[Mapping[str, Any]], folder: Path) -> None:
    """One text file a document, where texts of unknown standing lie."""
    (folder / FOLDER).mkdir(exist_ok=True)
    for row in rows:
        (folder / FOLDER / f"{row['id']}.md").write_text(f"{row['input']}\n", encoding="utf-8")
