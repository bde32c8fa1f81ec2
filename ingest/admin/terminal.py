"""What the administrator's commands say: outcomes as lines, the state of the index as a table."""

import datetime
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import asdict
from pathlib import Path, PurePosixPath
from typing import Any

from rich.table import Table

from ingest.admin import texts
from ingest.admin.consistency import Check
from ingest.admin.intake import Outcome
from ingest.admin.overview import Overview, Row
from ingest.build import Summary
from rag import texts as common_texts
from rag.types import Problem

MOST_NAMES = 6
TOTALS = ("articles", "chunks", "good", "recognised", "faulty", "characters", "conflicts")


def outcome_lines(outcomes: Iterable[Outcome]) -> Iterator[str]:
    """What became of every file."""
    for done in outcomes:
        if done.problem:
            yield failure_line(done.problem)
            continue
        if done.same:
            yield texts.SAME.format(source=done.source)
            continue
        if done.row:
            yield texts.READY.format(source=done.source, facts=" · ".join(_facts(done.row)))
        else:
            yield texts.SAME_TEXT.format(source=done.source, other=done.merged)
        if done.attic:
            yield texts.REPLACED.format(attic=done.attic)
        if done.digest:
            yield texts.BECAME_OFFICIAL.format(source=done.digest)


def removal_lines(outcomes: Sequence[Outcome]) -> Iterator[str]:
    """What was taken out, where it lies now, and how it comes back."""
    for done in outcomes:
        yield texts.REMOVED.format(source=done.source)
        if done.digest:
            yield texts.RESTORED_DIGEST.format(source=done.digest)
    last = outcomes[-1]
    attic = Path(last.attic.removesuffix(last.source))
    folder = PurePosixPath(last.source).parent
    yield texts.REMOVED_TO.format(attic=attic, example=f'"{last.attic}"', folder=folder)


def failure_line(problem: Problem) -> str:
    """A file that cannot be used: which, why and the cure."""
    line = common_texts.PROBLEM_AT.format(line=problem.line) if problem.line else ""
    return texts.FAILED.format(source=problem.source + line, message=problem.message, cure=ended(problem.cure))


def ended(sentence: str) -> str:
    """A sentence with its full stop; nothing stays nothing."""
    return sentence if not sentence or sentence.endswith(("。", "；", "）")) else f"{sentence}。"


def _facts(row: Row) -> Iterator[str]:
    if row.articles:
        yield texts.FACT_CLAUSES.format(count=row.articles)
    if row.pages:
        yield (texts.FACT_BAD_PAGES if row.faulty else texts.FACT_PAGES).format(count=row.pages, bad=row.faulty)
    yield texts.FACT_CHUNKS.format(count=row.chunks)
    yield texts.FACT_CHARACTERS.format(count=row.characters)


def summary_lines(summary: Summary, *, dry_run: bool) -> Iterator[str]:
    """What an update did, or would do."""
    plan = summary.plan
    if plan.rebuild:
        yield common_texts.SUMMARY_REBUILD.format(reason=plan.rebuild)
    counts = {name: len(getattr(plan, name)) for name in ("added", "changed", "removed", "renamed")}
    yield common_texts.SUMMARY_COUNTS.format(**counts, unchanged=plan.unchanged)
    if not dry_run:
        figures = {name: getattr(summary, name) for name in ("documents", "chunks", "sentences", "embedded", "seconds")}
        yield common_texts.SUMMARY_INDEX.format(**figures)
        yield published_line(summary)
    if summary.problems:
        yield common_texts.SUMMARY_PROBLEMS.format(count=len(summary.problems))
    for problem in summary.problems:
        line = common_texts.PROBLEM_AT.format(line=problem.line) if problem.line else ""
        yield common_texts.PROBLEM_LINE.format(
            source=problem.source, line=line, message=problem.message, cure=problem.cure
        )
    if dry_run:
        yield common_texts.DRY_RUN_DONE


def published_line(summary: Summary) -> str:
    """Which generation is in use now."""
    frame = common_texts.SUMMARY_CURRENT if summary.plan.nothing_changed else common_texts.SUMMARY_PUBLISHED
    return frame.format(name=summary.generation)


def status_table(overview: Overview) -> Table:
    """Every document in a line."""
    table = Table(box=None, pad_edge=False, header_style="bold", row_styles=("", "dim"))
    table.add_column(texts.COLUMN_TITLE, overflow="fold", ratio=3)
    table.add_column(texts.COLUMN_LAYER, no_wrap=True)
    table.add_column(texts.COLUMN_NUMBER, overflow="fold", ratio=1)
    table.add_column(texts.COLUMN_STATUS, no_wrap=True)
    for name in (texts.COLUMN_ARTICLES, texts.COLUMN_CHUNKS, texts.COLUMN_PAGES, texts.COLUMN_CHARACTERS):
        table.add_column(name, justify="right", no_wrap=True)
    for row in overview.rows:
        pages = f"{row.good}/{row.recognised}/{row.faulty}" if row.pages else "—"
        figures = (str(row.articles or "—"), str(row.chunks), pages, f"{row.characters:,}")
        table.add_row(row.title, row.layer, row.doc_number or "—", row.status or "—", *figures)
    return table


def status_lines(overview: Overview, kb: str) -> Iterator[str]:
    """Totals, and how the knowledge base differs from the index."""
    if not overview.generation:
        sentence = texts.STATUS_EMPTY if overview.added else texts.STATUS_NOTHING
        yield sentence.format(kb=kb, count=len(overview.added))
        yield from _problem_lines(overview)
        return
    yield texts.STATUS_HEAD.format(name=overview.generation, created=moment(overview.created))
    totals = {name: overview.total(name) for name in TOTALS}
    yield texts.STATUS_TOTALS.format(documents=len(overview.rows), sentences=overview.sentences, **totals)
    paged = any(row.pages for row in overview.rows)
    yield (texts.STATUS_PAGES if paged else texts.STATUS_NO_PAGES).format(**totals)
    conflicts = texts.STATUS_CONFLICTS if totals["conflicts"] else texts.STATUS_NO_CONFLICTS
    yield conflicts.format(count=totals["conflicts"])
    if overview.behind:
        yield texts.STATUS_BEHIND.format(**_named([source for source, _ in overview.behind]))
    yield from _difference_lines(overview)


def _difference_lines(overview: Overview) -> Iterator[str]:
    if overview.in_step:
        yield texts.STATUS_IN_STEP
        return
    renamed = [f"{before} → {after}" for before, after in overview.renamed]
    for sentence, names in (
        (texts.STATUS_ADDED, overview.added),
        (texts.STATUS_CHANGED, overview.changed),
        (texts.STATUS_GONE, overview.removed),
        (texts.STATUS_RENAMED, renamed),
    ):
        if names:
            yield sentence.format(**_named(names))
    yield from _problem_lines(overview)
    if overview.rebuild:
        yield texts.STATUS_REBUILD.format(reason=overview.rebuild)
    if overview.added or overview.changed or overview.removed or overview.renamed or overview.rebuild:
        yield texts.STATUS_UPDATE


def _problem_lines(overview: Overview) -> Iterator[str]:
    if overview.problems:
        yield texts.STATUS_PROBLEMS.format(count=len(overview.problems))
        yield from map(failure_line, overview.problems)


def _named(names: Sequence[str]) -> dict[str, Any]:
    more = texts.AND_MORE if len(names) > MOST_NAMES else ""
    return {"count": len(names), "names": "、".join(names[:MOST_NAMES]) + more}


def status_json(overview: Overview) -> dict[str, Any]:
    """The same for programs."""
    totals = {name: overview.total(name) for name in TOTALS}
    return asdict(overview) | {"documents": len(overview.rows), "totals": totals, "in_step": overview.in_step}


def moment(created: str) -> str:
    """When a generation was built, in the local time."""
    at = datetime.datetime.strptime(created, "%Y%m%dT%H%M%S%f").replace(tzinfo=datetime.UTC)
    return f"{at.astimezone():%Y-%m-%d %H:%M}"


def check_line(check: Check) -> str:
    """One check with its mark."""
    return (texts.CHECK_WRONG if check.cure else texts.CHECK_FINE).format(
        name=check.name, detail=check.detail, cure=ended(check.cure)
    )
