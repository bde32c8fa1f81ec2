"""`python -m ingest`: bring the published index up to date with the texts."""

import argparse
import logging
import sys
from dataclasses import replace
from pathlib import Path

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

from ingest.build import Summary, ingest
from ingest.publish import rollback
from rag import texts
from rag.command_line import command_line
from rag.config import Config, quiet_libraries
from rag.errors import KbqaError, StorageFailed


def main(arguments: list[str] | None = None) -> int:
    """Run one ingest; returns 0, or 3 if some files could not be used, or the error's own code."""
    options = _parser().parse_args(arguments)
    console = Console(stderr=True, highlight=False)
    logging.basicConfig(level=logging.WARNING, format="%(message)s")
    logging.getLogger("rag").setLevel(logging.INFO)
    logging.getLogger("bm25s").setLevel(logging.WARNING)
    quiet_libraries()
    try:
        config = _config(options)
        if options.rollback:
            print(texts.ROLLED_BACK.format(name=rollback(config)))
            return 0
        summary = _run(config, console, dry_run=options.dry_run)
    except KbqaError as error:
        console.print(str(error), style="red", markup=False, soft_wrap=True)
        return error.exit_code
    except OSError as error:
        console.print(texts.STORAGE_FAILED.format(detail=error), style="red", markup=False, soft_wrap=True)
        return StorageFailed.exit_code
    _report(summary, dry_run=options.dry_run)
    return 3 if summary.problems else 0


def _config(options: argparse.Namespace) -> Config:
    config = Config.from_env()
    kb_dir = Path(options.kb) if options.kb else config.kb_dir
    index_dir = Path(options.index) if options.index else config.index_dir
    return replace(config, kb_dir=kb_dir, index_dir=index_dir)


def _run(config: Config, console: Console, *, dry_run: bool) -> Summary:
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
    with Progress(*columns, console=console, transient=False) as bars:
        tasks: dict[str, object] = {}

        def progress(stage: str, done: int, total: int) -> None:
            if stage not in tasks:
                tasks[stage] = bars.add_task(stage, total=total or None)
            bars.update(tasks[stage], completed=done)  # type: ignore[arg-type]

        return ingest(config, progress, dry_run=dry_run)


def _report(summary: Summary, *, dry_run: bool) -> None:
    plan = summary.plan
    if plan.rebuild:
        print(texts.SUMMARY_REBUILD.format(reason=plan.rebuild))
    print(
        texts.SUMMARY_COUNTS.format(
            added=len(plan.added),
            changed=len(plan.changed),
            removed=len(plan.removed),
            renamed=len(plan.renamed),
            unchanged=plan.unchanged,
        )
    )
    if not dry_run:
        print(
            texts.SUMMARY_INDEX.format(
                documents=summary.documents,
                chunks=summary.chunks,
                sentences=summary.sentences,
                embedded=summary.embedded,
                seconds=summary.seconds,
            )
        )
        frame = texts.SUMMARY_CURRENT if plan.nothing_changed else texts.SUMMARY_PUBLISHED
        print(frame.format(name=summary.generation))
    if summary.problems:
        print(texts.SUMMARY_PROBLEMS.format(count=len(summary.problems)))
    for problem in summary.problems:
        line = texts.PROBLEM_AT.format(line=problem.line) if problem.line else ""
        print(texts.PROBLEM_LINE.format(source=problem.source, line=line, message=problem.message, cure=problem.cure))
    if dry_run:
        print(texts.DRY_RUN_DONE)


def _parser() -> argparse.ArgumentParser:
    parser, group = command_line("python -m ingest", texts.INGEST_ABOUT)
    group.add_argument("--kb", help=texts.INGEST_KB)
    group.add_argument("--index", help=texts.INGEST_INDEX)
    group.add_argument("--dry-run", action="store_true", help=texts.INGEST_DRY_RUN)
    group.add_argument("--rollback", action="store_true", help=texts.INGEST_ROLLBACK)
    return parser


if __name__ == "__main__":
    sys.exit(main())
