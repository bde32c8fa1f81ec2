"""`python -m training`: prepare, train, evaluate, export."""

import argparse
import logging
import sys
from pathlib import Path

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn, TimeRemainingColumn

ROOT = Path(__file__).resolve().parent.parent
WORK = Path(__file__).resolve().parent / "work"


def main(arguments: list[str] | None = None) -> int:
    """Run one step; returns 0, or 2 where the data is absent."""
    options = _parser().parse_args(arguments)
    logging.basicConfig(level=logging.INFO, format="%(message)s")
    console = Console(stderr=True, highlight=False)
    data = options.shared / "training"
    if options.step == "prepare" and not data.is_dir():
        console.print(f"{data} is absent: name the folder with --shared", markup=False, soft_wrap=True)
        return 2
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
    with Progress(*columns, TimeRemainingColumn(), console=console) as bars:
        tasks: dict[str, object] = {}

        def progress(stage: str, done: int, total: int) -> None:
            if stage not in tasks:
                tasks[stage] = bars.add_task(stage, total=total or None)
            bars.update(tasks[stage], completed=done)  # type: ignore[arg-type]

        _run(options, progress)
    return 0


def _run(options: argparse.Namespace, progress) -> None:  # type: ignore[no-untyped-def]
    if options.step == "prepare":
        from training.prepare import prepare

        print(prepare(options.shared, ROOT / "kb", options.work, progress))
    elif options.step == "train":
        from training.train import train

        train(options.work, options.epochs, progress)
    elif options.step == "evaluate":
        from training.measure import measure

        print(measure(options.work, options.weights, progress))
    else:
        from training.export import export

        print(export(options.work, options.weights))


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m training", description=__doc__)
    parser.add_argument("step", choices=("prepare", "train", "evaluate", "export"))
    parser.add_argument("--shared", type=Path, default=ROOT.parent / "shared", help="folder with training/ and laws/")
    parser.add_argument("--work", type=Path, default=WORK, help="examples, index and checkpoints (default %(default)s)")
    parser.add_argument("--epochs", type=int, default=2, help="default %(default)s")
    parser.add_argument("--weights", type=Path, default=ROOT / "rag" / "weights" / "reader.safetensors")
    return parser


if __name__ == "__main__":
    sys.exit(main())
