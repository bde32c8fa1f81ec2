"""`python -m rag "问题"`: one answer on the command line; `python -m rag llm-check`: is the language model well?"""

import argparse
import json
import signal
import sys
from dataclasses import asdict

from rag import llm_texts, texts
from rag.command_line import command_line
from rag.config import Config, quiet_libraries
from rag.errors import ConfigError, KbqaError
from rag.types import Answer, Filters

LLM_CHECK = "llm-check"
UNWELL = 3


def main(arguments: list[str] | None = None) -> int:
    """Answer one question, list the gaps or test the language model; returns the exit code."""
    options = _parser().parse_args(arguments)
    try:
        config = Config.from_env()
        if options.gaps:
            return _print_gaps(config)
        if not options.question:
            _parser().error(texts.CLI_NO_QUESTION)
        quiet_libraries()
        if options.question == LLM_CHECK:
            return _check_llm(config)
        from rag.chain import build_rag

        rag = build_rag(config)
        try:
            filters = Filters(layers=tuple(options.layer), sources=tuple(options.source))
            answer = rag.ask(options.question, filters=filters)
        finally:
            rag.close()
    except KbqaError as error:
        print(error, file=sys.stderr)
        return error.exit_code
    print(json.dumps(asdict(answer), ensure_ascii=False, indent=1) if options.json else as_text(answer))
    return 0


def as_text(answer: Answer) -> str:
    """An answer with its sources, for a terminal."""
    lines = [answer.text, ""]
    if answer.found:
        lines.append(texts.SOURCES)
        for c in answer.citations:
            number = f" · {c.meta.doc_number}" if c.meta.doc_number else ""
            status = f" · {c.meta.status}" if c.meta.status else ""
            page = f" · {texts.ON_PAGE.format(page=c.page)}" if c.page else ""
            label = f" · {c.label}" if c.label else ""
            lines.append(f"[{c.number}] 《{c.title}》{number}{label}{page}{status}  ({c.source})")
    else:
        lines.append(texts.NEAREST)
        lines.extend(
            f"- 《{p.chunk.title}》{' › '.join(p.chunk.path[-1:])}  ({p.chunk.source})" for p in answer.passages[:3]
        )
    return "\n".join(lines)


def _check_llm(config: Config) -> int:
    from rich import box
    from rich.console import Console
    from rich.table import Table

    from rag.llm import configured_llm
    from rag.llm_check import check

    llm = configured_llm(config)
    if llm is None:
        raise ConfigError(llm_texts.CHECK_NOT_SET)
    try:
        findings = list(check(llm))
    finally:
        llm.close()
    table = Table(title=llm_texts.CHECK_TITLE.format(name=llm.name), box=box.SIMPLE)
    for column in llm_texts.CHECK_COLUMNS:
        table.add_column(column, overflow="fold")
    for found in findings:
        table.add_row(found.what, llm_texts.CHECK_RESULTS[found.passed], found.detail)
    Console(highlight=False, markup=False).print(table)
    return UNWELL if any(found.passed is False for found in findings) else 0


def _print_gaps(config: Config) -> int:
    from rag.journal import Journal

    for at, question, reason in Journal.beside(config.index_dir, config.journal_url).gaps():
        print(f"{at:%Y-%m-%d %H:%M}  {question}  {reason}")
    return 0


def _parser() -> argparse.ArgumentParser:
    parser, group = command_line("python -m rag", texts.CLI_ABOUT, texts.CLI_EXAMPLES)
    group.add_argument("question", nargs="?", help=texts.CLI_QUESTION)
    group.add_argument("--json", action="store_true", help=texts.CLI_JSON)
    group.add_argument("--layer", action="append", default=[], help=texts.CLI_LAYER)
    group.add_argument("--source", action="append", default=[], help=texts.CLI_SOURCE)
    group.add_argument("--gaps", action="store_true", help=texts.CLI_GAPS)
    return parser


if __name__ == "__main__":
    signal.signal(signal.SIGPIPE, signal.SIG_DFL)  # `python -m rag … | head` ends quietly
    sys.exit(main())
