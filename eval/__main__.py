"""`python -m eval questions|speed|start`: ask the shipped questions, time the answers, or time the page."""

import argparse
import json
import sys
from dataclasses import asdict

from eval import texts
from eval.cases import load_cases
from eval.score import Score, score
from eval.speed import measure
from eval.start import measure_start
from rag import Config, KbqaError, build_rag
from rag.command_line import command_line
from rag.config import quiet_libraries
from rag.generation import published

IN_SCOPE = {"dev": "in_scope_dev", "test": "in_scope_test"}


def main(arguments: list[str] | None = None) -> int:
    """Run one evaluation and print its figures; returns the exit code."""
    options = _parser().parse_args(arguments)
    quiet_libraries()
    try:
        config = Config.from_env()
        if options.what == "speed":
            questions = [case.question for case in load_cases(IN_SCOPE[options.split])]
            _print_figures(asdict(measure(config, questions)))
            return 0
        if options.what == "start":
            published(config.index_dir)
            _print_figures(asdict(measure_start()))
            return 0
        return _questions(config, options)
    except KbqaError as error:
        print(error, file=sys.stderr)
        return error.exit_code


def _print_figures(figures: dict[str, float]) -> None:
    print(json.dumps({name: round(value, 3) for name, value in figures.items()}, indent=1))


def _questions(config: Config, options: argparse.Namespace) -> int:
    rag = build_rag(config)
    scores = [score(case, rag.ask(case.question)) for case in load_cases(IN_SCOPE[options.split])]
    foreign = [(case, rag.ask(case.question)) for case in load_cases("out_of_scope_test")]
    rag.close()
    numbers = [s for s in scores if s.case.values]
    figures = {
        "in_scope": len(scores),
        "answered": sum(s.answered for s in scores),
        "right_source_cited_first": sum(s.right_source_first for s in scores),
        "gold_quote_cited": sum(s.quote_cited for s in scores),
        "gold_quote_in_first_passage": sum(s.passage_rank == 1 for s in scores),
        "gold_quote_in_five_passages": sum(1 <= s.passage_rank <= 5 for s in scores),
        "number_questions": len(numbers),
        "number_questions_right": sum(s.values_right for s in numbers),
        "out_of_scope": len(foreign),
        "out_of_scope_refused": sum(not answer.found for _, answer in foreign),
    }
    print(json.dumps(figures, indent=1))
    if options.failures:
        for s in scores:
            if _failed(s):
                print(f"{s.case.id} {s.case.kind} {s.case.question} {asdict(s) | {'case': ''}}")
        for case, answer in foreign:
            if answer.found:
                print(f"{case.id} {case.question} {answer.text[:80]}")
    return 0


def _failed(s: Score) -> bool:
    return not (s.answered and s.right_source_first and s.quote_cited and (s.values_right or not s.case.values))


def _parser() -> argparse.ArgumentParser:
    parser, group = command_line("python -m eval", texts.ABOUT)
    group.add_argument("what", choices=("questions", "speed", "start"), help=texts.WHAT)
    group.add_argument("--split", choices=tuple(IN_SCOPE), default="test", help=texts.SPLIT)
    group.add_argument("--failures", action="store_true", help=texts.FAILURES)
    return parser


if __name__ == "__main__":
    sys.exit(main())
