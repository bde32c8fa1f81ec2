"""What each command of `python -m ingest` does; every one returns its exit code and speaks through its call."""

import argparse
import datetime
import json
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

from ingest.admin import intake, terminal
from ingest.admin import texts as admin_texts
from ingest.admin.consistency import checks
from ingest.admin.fetch import Fetched, download
from ingest.admin.intake import Incoming, Outcome, Session
from ingest.admin.official import address_of, digests, incoming
from ingest.admin.overview import overview
from ingest.admin.shelf import Shelf, files_below, folder_for, safe_part
from ingest.load import source_files
from ingest.publish import rollback
from rag import texts
from rag.config import Config
from rag.embedding import Model
from rag.errors import ConfigError, UnreadableFile
from rag.types import LAYER_GROUPS, Problem

PROBLEMS_EXIT = 3


@dataclass(frozen=True, slots=True)
class Call:
    """What a command is given; `say` prints a line, `screen` a table, `console` draws bars beside them."""

    config: Config
    options: argparse.Namespace
    console: Console
    screen: Console
    say: Callable[[str], None]
    model: Model | None

    @contextmanager
    def session(self) -> Iterator[Session]:
        """A session whose progress is drawn as bars."""
        columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
        with Progress(*columns, console=self.console, transient=False) as bars:
            tasks: dict[str, object] = {}

            def progress(stage: str, done: int, total: int) -> None:
                if stage not in tasks:
                    tasks[stage] = bars.add_task(stage, total=total or None)
                bars.update(tasks[stage], completed=done)  # type: ignore[arg-type]

            yield Session(self.config, progress, self.model)


def update(call: Call) -> int:
    """No command: bring the index up to date."""
    with call.session() as session:
        summary = session.ingest(dry_run=call.options.dry_run)
    for line in terminal.summary_lines(summary, dry_run=call.options.dry_run):
        call.say(line)
    return PROBLEMS_EXIT if summary.problems else 0


def add(call: Call) -> int:
    """Put files in."""
    options = call.options
    files: list[Incoming] = []
    folders = [path for path in map(Path, options.files) if path.is_dir() and not path.is_symlink()]
    listed = {folder: files_below(folder) for folder in folders}
    count = len(options.files) - len(folders) + sum(len(usable) for usable, _ in listed.values())
    folder, values = _wishes(options, count)
    for path in map(Path, options.files):
        if path not in listed:
            files.append(Incoming(path, path.name, folder, values))
            continue
        usable, others = listed[path]
        call.say(admin_texts.FOLDER_COUNT.format(folder=path, count=len(usable)))
        if others:
            names = "、".join(other.name for other in others[: terminal.MOST_NAMES])
            call.say(admin_texts.IGNORED_COUNT.format(folder=path, count=len(others), names=names))
        top = safe_part(path.resolve().name) or "_"
        for found in usable:
            below = [safe_part(part) or "_" for part in found.relative_to(path).parent.parts]
            files.append(Incoming(found, found.name, "/".join([folder, top, *below]), values))
    return _take_in(call, files, [], overwrite=options.replace)


def _wishes(options: argparse.Namespace, count: int) -> tuple[str, dict[str, str]]:
    """(folder, metadata) that the options ask for. Raises ConfigError."""
    if options.title and count > 1:
        raise ConfigError(admin_texts.TITLE_OF_MANY.format(count=count))
    if options.layer and options.layer not in LAYER_GROUPS:
        layers = "、".join(LAYER_GROUPS)
        raise ConfigError(admin_texts.LAYER_UNKNOWN.format(layer=options.layer, layers=layers))
    values = {key: value for key in ("title", "layer") if (value := getattr(options, key))}
    return folder_for(options.layer, options.into), values


def _take_in(call: Call, files: Sequence[Incoming], failed: list[Outcome], *, overwrite: bool = False) -> int:
    """Put files in and tell what became of them and of those that `failed` before."""
    outcomes: list[Outcome] = []
    summary = None
    source_files(call.config.kb_dir)  # a wrong --kb is said before anything is written
    if files:
        with call.session() as session, Shelf(call.config) as shelf:
            outcomes, summary = intake.add(session, shelf, files, overwrite=overwrite)
    for line in terminal.outcome_lines([*outcomes, *failed]):
        call.say(line)
    if summary:
        call.say(terminal.published_line(summary))
    return PROBLEMS_EXIT if any(outcome.problem for outcome in (*outcomes, *failed)) else 0


def remove(call: Call) -> int:
    """Move files out."""
    with call.session() as session, Shelf(call.config) as shelf:
        outcomes, summary = intake.remove(session, shelf, call.options.names)
    for line in terminal.removal_lines(outcomes):
        call.say(line)
    call.say(terminal.published_line(summary))
    return 0


def status(call: Call) -> int:
    """Show what the index holds."""
    with call.session() as session:
        found = overview(call.config, session.ingest(dry_run=True).plan)
    if call.options.json:
        call.say(json.dumps(terminal.status_json(found), ensure_ascii=False, indent=1))
        return 0
    if found.rows:
        call.screen.print(terminal.status_table(found), "", markup=False)
    for line in terminal.status_lines(found, str(call.config.kb_dir)):
        call.say(line)
    return 0


def verify(call: Call) -> int:
    """Check the index."""
    wrong = 0
    for check in checks(call.config):
        call.say(terminal.check_line(check))
        wrong += bool(check.cure)
    call.say(admin_texts.VERIFY_WRONG.format(count=wrong) if wrong else admin_texts.VERIFY_FINE)
    return PROBLEMS_EXIT if wrong else 0


def roll_back(call: Call) -> int:
    """Go back one generation."""
    call.say(texts.ROLLED_BACK.format(name=rollback(call.config)))
    return 0


def report(call: Call) -> int:
    """Write the page."""
    from ingest.admin.report import write_report

    path = Path(call.options.out).expanduser()
    with call.session() as session:
        found = overview(call.config, session.ingest(dry_run=True).plan)
        write_report(call.config, found, path, session.progress)
    size = path.stat().st_size / 1_000_000
    call.say(admin_texts.REPORT_WRITTEN.format(path=path, documents=len(found.rows), size=size))
    return 0


def fetch(call: Call) -> int:
    """Download files and put them in."""
    options = call.options
    folder, values = _wishes(options, len(options.urls))
    files, failed = [], []
    for url, got in _downloads(call, options.urls):
        if isinstance(got, UnreadableFile):
            failed.append(intake.failure(got))
            continue
        name = options.title + PurePosixPath(got.name).suffix if options.title else got.name
        files.append(Incoming(got.content, name, folder, values | {"source_url": got.url or url, "fetched": _today()}))
    return _take_in(call, files, failed)


def official(call: Call) -> int:
    """Download the official texts behind digests."""
    options, config = call.options, call.config
    if not options.names and not options.all:
        raise ConfigError(admin_texts.DIGEST_OR_ALL)
    sources = list(dict.fromkeys(intake.find(config, name) for name in options.names))
    if options.all:
        found = digests(config)
        sources += [source for source in found.sources if source not in sources]
        sentence = admin_texts.SKIPPED_DIGESTS if sources else admin_texts.NONE_TO_FETCH
        call.say(sentence.format(without=found.without, outside=found.outside))
    files, failed, known = [], [], {}
    for source in sources:
        try:
            known[source] = address_of(config, source)
        except UnreadableFile as error:
            failed.append(intake.failure(error))
    for source, got in _downloads(call, {source: url for source, (url, _) in known.items()}):
        if isinstance(got, UnreadableFile):
            failed.append(Outcome(source, problem=Problem(source, 0, got.message, got.cure)))
        else:
            files.append(incoming(source, known[source][1], got, _today()))
    return _take_in(call, files, failed)


def _downloads(call: Call, urls: Sequence[str] | dict[str, str]) -> Iterator[tuple[str, Fetched | UnreadableFile]]:
    """Per key, its file or why it could not be had; a list's keys are its URLs."""
    places = urls if isinstance(urls, dict) else dict(zip(urls, urls, strict=True))
    with call.session() as session:
        session.progress(admin_texts.STAGE_FETCH, 0, len(places))
        for done, (key, url) in enumerate(places.items(), 1):
            try:
                yield key, download(url, call.config.fetch_hosts)
            except UnreadableFile as error:
                yield key, error
            session.progress(admin_texts.STAGE_FETCH, done, len(places))


def _today() -> str:
    return datetime.datetime.now().astimezone().date().isoformat()


COMMANDS: dict[str, Callable[[Call], int]] = {
    "": update,
    "add": add,
    "remove": remove,
    "status": status,
    "verify": verify,
    "rollback": roll_back,
    "report": report,
    "fetch": fetch,
    "official": official,
}
