"""`python -m ingest`: bring the published index up to date with the texts, and look after the knowledge base."""

import argparse
import logging
import sys
from dataclasses import replace
from pathlib import Path

from rich.console import Console

from ingest.admin import terminal
from ingest.admin import texts as admin_texts
from ingest.admin.commands import COMMANDS, Call
from ingest.admin.options import parse
from rag import texts
from rag.config import Config, quiet_libraries
from rag.embedding import Model
from rag.errors import KbqaError, StorageFailed, UnreadableFile
from rag.types import Problem

INTERRUPTED_EXIT = 130
PIPE_WIDTH = 140


def main(arguments: list[str] | None = None, model: Model | None = None) -> int:
    """Run one command; returns 0, or 3 if some files could not be used, or the error's own code."""
    console = Console(stderr=True, highlight=False)
    screen = Console(highlight=False)
    if not screen.is_terminal:
        screen = Console(highlight=False, width=PIPE_WIDTH)
    logging.basicConfig(level=logging.WARNING, format="%(message)s")
    logging.getLogger("rag").setLevel(logging.INFO)
    logging.getLogger("bm25s").setLevel(logging.WARNING)
    quiet_libraries()
    try:
        config = Config.from_env()
        options = parse(arguments, config.fetch_hosts)
        call = Call(_config(config, options), options, console, screen, print, model)
        return COMMANDS["rollback" if options.rollback else options.command](call)
    except UnreadableFile as error:
        said = terminal.failure_line(Problem(error.source, error.line, error.message, error.cure))
        code = error.exit_code
    except KbqaError as error:
        said, code = str(error), error.exit_code
    except OSError as error:
        said, code = texts.STORAGE_FAILED.format(detail=error), StorageFailed.exit_code
    except KeyboardInterrupt:
        said, code = admin_texts.INTERRUPTED, INTERRUPTED_EXIT
    console.print(said, style="red", markup=False, soft_wrap=True)
    return code


def _config(config: Config, options: argparse.Namespace) -> Config:
    kb_dir = Path(options.kb) if options.kb else config.kb_dir
    index_dir = Path(options.index) if options.index else config.index_dir
    return replace(config, kb_dir=kb_dir, index_dir=index_dir)


if __name__ == "__main__":
    sys.exit(main())
