"""Two runs side by side: which questions got better or worse, and which rates moved."""

import json
import math
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from rich import box
from rich.console import Console
from rich.table import Table
from rich.text import Text

from eval import report_texts as texts
from eval.terminal import say
from rag.errors import ConfigError

Run = Mapping[str, Any]
Key = tuple[str, str]
"""(split, id) of a case."""
NEEDED = {"corpus": str, "created": str, "systems": list, "rows": list}
WIDTH = 100
SAME = 1e-9


@dataclass(frozen=True, slots=True)
class Change:
    """A question whose result moved: outcomes, or whether the first passage hit where nothing was judged.

    `edited` if the question or its gold differ between the runs, too.
    """

    split: str
    id: str
    kind: str
    question: str
    before: str
    after: str
    why: tuple[str, ...] = ()
    edited: bool = False


@dataclass(frozen=True, slots=True)
class RateChange:
    """A rate of the product over all kinds of a split; `outside` the interval that it had before."""

    split: str
    measure: str
    before: float
    after: float
    outside: bool

    @property
    def difference(self) -> float:
        """After less before."""
        return self.after - self.before


@dataclass(frozen=True, slots=True)
class Comparison:
    """What changed from one run to another; `new` and `gone` hold (split, id)."""

    before: str
    after: str
    better: tuple[Change, ...]
    worse: tuple[Change, ...]
    new: tuple[Key, ...]
    gone: tuple[Key, ...]
    rates: tuple[RateChange, ...]


def load_run(path: Path) -> dict[str, Any]:
    """A run as `eval.run` wrote it. Raises ConfigError if the path holds none."""
    try:
        run = json.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError as error:
        raise ConfigError(texts.RUN_MISSING.format(path=path)) from error
    except OSError as error:
        raise ConfigError(texts.RUN_UNREADABLE.format(path=path, detail=error.strerror)) from error
    except UnicodeDecodeError as error:
        raise ConfigError(texts.RUN_NOT_JSON.format(path=path, detail=texts.RUN_NOT_UTF8)) from error
    except json.JSONDecodeError as error:
        detail = texts.RUN_BAD_LINE.format(line=error.lineno)
        raise ConfigError(texts.RUN_NOT_JSON.format(path=path, detail=detail)) from error
    held = run if isinstance(run, dict) else {}
    missing = [name for name, kind in NEEDED.items() if not held.get(name) or not isinstance(held[name], kind)]
    if missing:
        raise ConfigError(texts.RUN_NOT_A_RUN.format(path=path, missing="、".join(missing)))
    return held


def compare(before: Run, after: Run) -> Comparison:
    """The questions and rates of the first system that differ between two runs."""
    old, new = ({(row["split"], row["case"]["id"]): row for row in run["rows"]} for run in (before, after))
    pairs = [(old[key], new[key]) for key in new if key in old]
    return Comparison(
        before=before["created"],
        after=after["created"],
        better=tuple(_change(a, b) for a, b in pairs if _moved(a, b) > 0),
        worse=tuple(_change(a, b) for a, b in pairs if _moved(a, b) < 0),
        new=tuple(key for key in new if key not in old),
        gone=tuple(key for key in old if key not in new),
        rates=_rate_changes(before["systems"][0]["rates"], after["systems"][0]["rates"]),
    )


def _moved(before: Run, after: Run) -> int:
    """1 better, -1 worse, 0 neither."""
    if before["outcome"] is None and after["outcome"] is None:
        hits = [row["measures"].get("hit@1", math.nan) for row in (before, after)]
        return int(hits[1] > hits[0]) - int(hits[1] < hits[0])
    return int(after["outcome"] == "right") - int(before["outcome"] == "right")


def _change(before: Run, after: Run) -> Change:
    case = after["case"]
    return Change(
        split=after["split"],
        id=case["id"],
        kind=case["kind"],
        question=case["question"],
        before=_result(before),
        after=_result(after),
        why=tuple(after["why"]),
        edited=json.dumps(before["case"], sort_keys=True) != json.dumps(case, sort_keys=True),
    )


def _result(row: Run) -> str:
    if row["outcome"] is not None:
        return texts.OUTCOMES[row["outcome"]]
    return texts.COMPARE_HIT if row["measures"].get("hit@1") else texts.COMPARE_MISS


def _rate_changes(before: Run, after: Run) -> tuple[RateChange, ...]:
    found = []
    for split in (split for split in after if split in before):
        old, new = before[split]["all"], after[split]["all"]
        for measure in (measure for measure in new if measure in old):
            was, now = old[measure], new[measure]
            if abs(now["mean"] - was["mean"]) > SAME:
                outside = not was["low"] <= now["mean"] <= was["high"]
                found.append(RateChange(split, measure, was["mean"], now["mean"], outside))
    return tuple(found)


def print_comparison(comparison: Comparison, console: Console) -> None:
    """Print the counts, then every question that moved, then the rates."""
    say(console, texts.COMPARE_HEAD.format(before=comparison.before, after=comparison.after), "bold")
    counts = {name: len(getattr(comparison, name)) for name in ("better", "worse", "new", "gone")}
    if not any(counts.values()) and not comparison.rates:
        say(console, texts.COMPARE_SAME)
        return
    say(console, texts.COMPARE_COUNTS.format(**counts))
    for title, changes, style in (
        (texts.COMPARE_WORSE, comparison.worse, "red"),
        (texts.COMPARE_BETTER, comparison.better, "green"),
    ):
        if changes:
            say(console, f"\n{title}", f"bold {style}")
        for change in changes:
            _print_change(change, console)
    for sentence, keys in ((texts.COMPARE_NEW, comparison.new), (texts.COMPARE_GONE, comparison.gone)):
        if keys:
            say(console, "\n" + sentence.format(ids="、".join(name for _, name in keys)))
    for split in dict.fromkeys(rate.split for rate in comparison.rates):
        say(console, "\n" + texts.COMPARE_RATES.format(split=texts.SPLITS.get(split, split)), "bold")
        console.print(_table([rate for rate in comparison.rates if rate.split == split]))


def _print_change(change: Change, console: Console) -> None:
    kind = texts.KINDS.get(change.kind, change.kind)
    where = f"{texts.SPLITS.get(change.split, change.split)} {change.id} {kind}"
    edited = texts.COMPARE_EDITED if change.edited else ""
    say(console, f"  {where}  {change.before} → {change.after}  {change.question}{edited}")
    for why in change.why:
        say(console, f"      {why}", "dim")


def _table(rates: list[RateChange]) -> Table:
    table = Table(box=box.SIMPLE_HEAD, pad_edge=False, show_edge=False)
    table.add_column(texts.COLUMN_MEASURE, no_wrap=True)
    for name in (texts.COMPARE_BEFORE, texts.COMPARE_AFTER, texts.COMPARE_DIFFERENCE):
        table.add_column(name, justify="right", no_wrap=True)
    table.add_column("")
    for rate in rates:
        label = texts.MORE_MEASURES.get(rate.measure) or texts.MEASURES.get(rate.measure, (rate.measure,))[0]
        note = texts.COMPARE_OUTSIDE if rate.outside else texts.COMPARE_WITHIN
        figures = (f"{rate.before:.3f}", f"{rate.after:.3f}", f"{rate.difference:+.3f}")
        table.add_row(label, *figures, Text(note, style="bold" if rate.outside else "dim"))
    return table
