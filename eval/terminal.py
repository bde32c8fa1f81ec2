"""A run in the terminal: the table at a glance of every split, a hundred columns wide at most."""

from collections.abc import Mapping
from typing import Any

from rich import box
from rich.console import Console
from rich.table import Table
from rich.text import Text

from eval import report_texts as texts
from eval.report import Cell, Line, ahead, glance, interval, multiple, shown, splits_of, wanted

WIDTH = 100
WIDE = 92
"""From this width on, the ratios of the other systems are shown, too."""
STEPS = ("embed", "retrieve", "answer")


def print_run(run: Mapping[str, Any], console: Console) -> None:
    """Print the table of every split, the targets that are met and missed, and the timings."""
    width = min(console.width, WIDTH)
    head = {"corpus": texts.CORPORA.get(run["corpus"], run["corpus"]), "created": run["created"][:16].replace("T", " ")}
    head |= {"questions": len(run["rows"]), "generation": run["generation"], "cores": run["cores"]}
    say(console, texts.RUN_HEAD.format(title=texts.TITLE, **head), "bold")
    for split in splits_of(run):
        lines = glance(run, split)
        questions = sum(row["split"] == split for row in run["rows"])
        title = texts.SPLIT_HEAD.format(split=texts.SPLITS.get(split, split), questions=questions)
        names = [system["name"] for system in run["systems"]]
        console.print()
        say(console, title, "bold")
        console.print(_table(lines, names, width), width=width)
        _print_targets(lines, console)
    if len(run["systems"]) > 1:
        say(console, texts.LEGEND, "dim")
    if run.get("speed"):
        _print_speed(run["speed"], console)


def _table(lines: list[Line], names: list[str], width: int) -> Table:
    """One row a measure; the product's figure with its interval and n, the others' with the ratio if it fits."""
    table = Table(box=box.SIMPLE_HEAD, width=width, padding=(0, 1, 0, 0), pad_edge=False, show_edge=False)
    table.add_column(texts.COLUMN_MEASURE, no_wrap=True)
    targets = any(line.target for line in lines)
    if targets:
        table.add_column(texts.COLUMN_TARGET, no_wrap=True)
    for name in (names[0], texts.INTERVAL, texts.COLUMN_N, *names[1:]):
        table.add_column(name, justify="right", overflow="fold")
    group = lines[0].measure.group if lines else ""
    for line in lines:
        if line.measure.group != group:
            table.add_section()
            group = line.measure.group
        cells = [Text(texts.MEASURES[line.measure.key][0])] + ([_target(line)] if targets else [])
        others = [_other(line, cell, width >= WIDE) for cell in line.cells[1:]]
        table.add_row(*cells, *_own(line), *others)
    return table


def _target(line: Line) -> Text:
    if line.met is None:
        return Text("")
    return Text(f"{texts.MET if line.met else texts.MISSED} {wanted(line)}", style="green" if line.met else "red")


def _own(line: Line) -> tuple[Text, Text, Text]:
    """Figure, interval and n of the product."""
    cell = line.cells[0]
    if cell is None:
        return Text(texts.UNANSWERED), Text(""), Text("")
    missed = "bold red" if line.met is False else "bold"
    figure = Text(shown(cell.mean, line.measure.form), style=missed)
    return figure, Text(interval(cell, line.measure.form), style="dim"), Text(str(cell.n or ""), style="dim")


def _other(line: Line, cell: Cell | None, wide: bool) -> Text:
    """Another system's figure, marked where it is ahead of ours."""
    if cell is None:
        return Text(texts.UNANSWERED, style="dim")
    leads = ahead(line, cell)
    mark = texts.AHEAD if leads else ""
    said = Text(mark + shown(cell.mean, line.measure.form), style="yellow" if leads else "")
    if wide and cell.ratio == cell.ratio:
        said.append(f" ×{multiple(cell.ratio)}", style="dim")
    return said


def _print_targets(lines: list[Line], console: Console) -> None:
    judged = [line for line in lines if line.met is not None]
    missed = [texts.MEASURES[line.measure.key][0] for line in judged if not line.met]
    if judged:
        say(console, texts.TARGETS_MET.format(met=len(judged) - len(missed), total=len(judged)), "bold")
    if missed:
        say(console, texts.TARGETS_MISSED.format(names="、".join(missed)), "red")


def _print_speed(speed: Mapping[str, float], console: Console) -> None:
    say(console, texts.SPEED_LINE.format(questions=int(speed["questions"])), "")
    for step in STEPS:
        figures = {name: f"{speed[f'{step}_{name}']:.1f}" for name in ("p50", "p95")}
        ratio = f"{speed[f'{step}_ratio_p50']:.2f}"
        say(console, texts.SPEED_STEP.format(name=texts.SPEED_STEPS[step], ratio=ratio, **figures), "dim")


def say(console: Console, text: str, style: str = "") -> None:
    """Print a sentence as it is: nothing of it is read as markup."""
    console.print(Text(text, style=style), width=min(console.width, WIDTH))
