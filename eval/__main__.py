"""`python -m eval`: how good is it, beside what a user would build instead? See `python -m eval --help`."""

import argparse
import json
import sys
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

from eval import adversarial, bench, clauses, generated, mutation, obedient, texts
from eval.cases import SPLITS, load_cases
from eval.compare import compare, load_run, print_comparison
from eval.evaluate import CORPUS, evaluate
from eval.gate import accept, falls, read_baseline
from eval.poisoned import poisoned
from eval.report import write_report, write_scale_report
from eval.run import write
from eval.scale import measure_scale
from eval.speed import measure
from eval.start import measure_start
from eval.terminal import print_run
from rag import Config, KbqaError, build_rag
from rag.command_line import command_line
from rag.config import ROOT, quiet_libraries
from rag.errors import ConfigError
from rag.generation import published

HERE = Path(__file__).resolve().parent
RUNS, WORK, REPORT = HERE / "runs", HERE / "work", HERE / "report"
SHARED = ROOT.parent / "shared"
QUICK_EVERY = 3
"""Of the development cases, one in so many is asked with --quick."""
FALLEN = 1
"""Exit code where a guarded figure has fallen."""


def main(arguments: list[str] | None = None) -> int:
    """Run one evaluation and print its figures; returns the exit code."""
    options = _parser().parse_args(arguments)
    quiet_libraries()
    console = Console(highlight=False)
    try:
        return COMMANDS[options.what](Config.from_env(), options, console)
    except KbqaError as error:
        Console(stderr=True).print(str(error), style="red", markup=False, soft_wrap=True)
        return error.exit_code


def _run(config: Config, options: argparse.Namespace, console: Console) -> int:
    """Our own cases; with --quick against the committed baseline, else beside the others and with the report."""
    quick = options.quick or options.accept
    splits = SPLITS if options.split == "all" else (options.split,)
    cases = {split: load_cases(split) for split in splits}
    if quick and "dev" in cases:
        cases["dev"] = cases["dev"][::QUICK_EVERY]
    with _progress() as progress:
        run = evaluate(config, CORPUS, cases, progress, quick=quick)
    print_run(run, console)
    path = write(run, RUNS)
    console.print(texts.RUN_WRITTEN.format(path=path), soft_wrap=True)
    if not quick:
        write_report(run, REPORT / "index.html")
        console.print(texts.REPORT_WRITTEN.format(path=REPORT / "index.html"), soft_wrap=True)
    if options.accept:
        accept(run)
        console.print(texts.BASELINE_ACCEPTED)
    elif quick:
        return _gate(run, console)
    return 0


def _gate(run: dict[str, Any], console: Console) -> int:
    baseline = read_baseline()
    asked = {split: figures for split, figures in baseline["figures"].items() if split in run["systems"][0]["rates"]}
    fallen = falls(run, baseline | {"figures": asked})
    for fall in fallen:
        console.print(
            texts.FALLEN.format(
                split=fall.split, kind=fall.kind, measure=fall.measure, wanted=fall.wanted, found=fall.found
            ),
            style="red",
        )
    console.print(texts.GATE_CLOSED if fallen else texts.GATE_OPEN)
    return FALLEN if fallen else 0


def _bench(config: Config, options: argparse.Namespace, console: Console) -> int:
    names = options.names or bench.SETS
    unknown = [name for name in names if name not in bench.SETS]
    if unknown:
        raise ConfigError(texts.BENCH_UNKNOWN.format(names="、".join(unknown), known="、".join(bench.SETS)))
    present = bench.available(SHARED)
    for name in names:
        if name not in present:
            console.print(texts.BENCH_MISSING.format(name=name, path=SHARED / bench.FOLDER / name), soft_wrap=True)
            continue
        with _progress() as progress:
            run = bench.evaluate_set(config, SHARED, name, WORK / "bench", progress)
        print_run(run, console)
        write_report(run, REPORT / f"{name}.html")
        console.print(texts.RUN_WRITTEN.format(path=write(run, RUNS)), soft_wrap=True)
    return 0


def _adversarial(config: Config, options: argparse.Namespace, console: Console) -> int:
    with closing(build_rag(config)) as rag:
        replies = adversarial.ask_adversarial(rag, SHARED)
    if other := poisoned(config, SHARED, WORK / "poisoned"):
        with closing(build_rag(other)) as rag:
            replies += adversarial.ask_adversarial(rag, SHARED, adversarial.DOCUMENT)
    for line in adversarial.report_lines(replies, adversarial.unasked(SHARED)):
        console.print(line, markup=False, soft_wrap=True)
    return 0


def _obedient(config: Config, options: argparse.Namespace, console: Console) -> int:
    breaches = obedient.ask_obedient(config, SHARED)
    if other := poisoned(config, SHARED, WORK / "poisoned"):
        breaches += obedient.ask_obedient(other, SHARED, adversarial.DOCUMENT)
    for line in obedient.report_lines(breaches, SHARED):
        console.print(line, markup=False, soft_wrap=True)
    return 0 if all(breach.clean for breach in breaches) else FALLEN


def _generated(config: Config, options: argparse.Namespace, console: Console) -> int:
    splits = SPLITS if options.split == "all" else (options.split,)
    cases = [case for split in splits for case in load_cases(split) if case.answerable]
    with _progress() as progress:
        pairs = generated.ask_both(config, cases[:: max(1, len(cases) // (options.sample or len(cases)))], progress)
    console.print_json(json.dumps(generated.figures(pairs), ensure_ascii=False))
    path = generated.write_pairs(pairs, config.llm, RUNS)
    console.print(texts.RUN_WRITTEN.format(path=path), soft_wrap=True)
    return 0


def _clauses(config: Config, options: argparse.Namespace, console: Console) -> int:
    with _progress() as progress:
        replies = clauses.ask_clauses(config, SHARED, WORK, progress)
    if not replies:
        console.print(texts.CLAUSES_MISSING.format(path=SHARED / clauses.FOLDER), soft_wrap=True)
        return 0
    for line in clauses.report(replies):
        console.print(line, markup=False, soft_wrap=True)
    return 0


def _mutations(config: Config, options: argparse.Namespace, console: Console) -> int:
    with _progress() as progress:
        tallies = mutation.measure_mutations(config, load_cases("dev"), progress)
    for line in mutation.report_lines(tallies):
        console.print(line, markup=False, soft_wrap=True)
    return 0


def _compare(config: Config, options: argparse.Namespace, console: Console) -> int:
    if len(options.names) != 2:
        raise ConfigError(texts.COMPARE_TWO)
    before, after = (load_run(Path(name)) for name in options.names)
    print_comparison(compare(before, after), console)
    return 0


def _speed(config: Config, options: argparse.Namespace, console: Console) -> int:
    cases = [case for split in SPLITS for case in load_cases(split) if not case.turns]
    figures = measure(config, [case.question for case in cases[::3]])
    _print_figures(figures, console)
    return 0


def _start(config: Config, options: argparse.Namespace, console: Console) -> int:
    published(config.index_dir)
    _print_figures(measure_start(), console)
    return 0


def _scale(config: Config, options: argparse.Namespace, console: Console) -> int:
    rows = measure_scale(config, options.sizes, WORK / "scale")
    for row in rows:
        _print_figures(row, console)
    write_scale_report(rows, REPORT / "scale.html")
    console.print(texts.REPORT_WRITTEN.format(path=REPORT / "scale.html"), soft_wrap=True)
    return 0


COMMANDS: dict[str, Callable[[Config, argparse.Namespace, Console], int]] = {
    "run": _run,
    "bench": _bench,
    "adversarial": _adversarial,
    "obedient": _obedient,
    "generated": _generated,
    "clauses": _clauses,
    "mutations": _mutations,
    "compare": _compare,
    "speed": _speed,
    "start": _start,
    "scale": _scale,
}


@contextmanager
def _progress() -> Iterator[Callable[[str, int, int], None]]:
    """A bar for each thing that is being done."""
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
    with Progress(*columns, console=Console(stderr=True)) as bars:
        tasks: dict[str, Any] = {}

        def progress(what: str, done: int, total: int) -> None:
            if what not in tasks:
                tasks[what] = bars.add_task(what, total=total or None)
            bars.update(tasks[what], completed=done)

        yield progress


def _print_figures(figures: Any, console: Console) -> None:
    console.print_json(json.dumps({name: round(value, 3) for name, value in figures.items()}))


def _sizes(text: str) -> list[int]:
    return [int(size) for size in text.split(",")]


def _parser() -> argparse.ArgumentParser:
    parser, group = command_line("python -m eval", texts.ABOUT, texts.EXAMPLES)
    group.add_argument("what", nargs="?", choices=tuple(COMMANDS), default="run", help=texts.WHAT)
    group.add_argument("names", nargs="*", help=texts.NAMES)
    group.add_argument("--split", choices=(*SPLITS, "all"), default="all", help=texts.SPLIT)
    group.add_argument("--quick", action="store_true", help=texts.QUICK)
    group.add_argument("--accept", action="store_true", help=texts.ACCEPT)
    group.add_argument("--sample", type=int, default=0, help=texts.SAMPLE)
    group.add_argument("--sizes", type=_sizes, default=[1000, 10000], help=texts.SIZES)
    return parser


if __name__ == "__main__":
    sys.exit(main())
