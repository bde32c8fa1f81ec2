"""`python -m rag "问题"`: one answer on the command line."""

import argparse
import json
import signal
import sys
from dataclasses import asdict

from rag import texts
from rag.command_line import command_line
from rag.config import Config, quiet_libraries
from rag.errors import KbqaError
from rag.types import Answer, Filters


def main(arguments: list[str] | None = None) -> int:
    """Answer one question, or list the gaps; returns the exit code."""
    options = _parser().parse_args(arguments)
    try:
        config = Config.from_env()
        if options.gaps:
            return _print_gaps(config)
        if not options.question:
            _parser().error(texts.CLI_NO_QUESTION)
        quiet_libraries()
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
