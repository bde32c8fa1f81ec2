"""The command line of `python -m ingest`: one parser a command, all of it in Chinese."""

import argparse
import re
import sys
from typing import Any, NoReturn

from ingest.admin import texts
from rag import texts as common_texts
from rag.command_line import ChineseHelp
from rag.config import Config
from rag.types import LAYER_GROUPS

WRONG = (
    (re.compile(r"unrecognized arguments: (.*)"), texts.WRONG_UNKNOWN),
    (re.compile(r"the following arguments are required: (.*)"), texts.WRONG_MISSING),
    (re.compile(r"invalid choice: '(.*?)'"), texts.WRONG_CHOICE),
    (re.compile(r"argument (.*?): expected .*"), texts.WRONG_VALUE),
)


class _Parser(argparse.ArgumentParser):
    """Says in Chinese what is wrong with a command line."""

    def error(self, message: str) -> NoReturn:
        """End with exit code 2 and one sentence."""
        for pattern, sentence in WRONG:
            match = pattern.search(message)
            if match:
                message = sentence.format(detail=match[1])
                break
        sys.stderr.write(texts.WRONG_USE.format(message=message, program=self.prog) + "\n")
        sys.exit(2)


def parse(arguments: list[str] | None, hosts: tuple[str, ...] = Config().fetch_hosts) -> argparse.Namespace:
    """The options of a call; `command` is '' where no command was named. Ends the process for a wrong call."""
    about = common_texts.INGEST_ABOUT
    parser = _Parser(
        "python -m ingest", formatter_class=ChineseHelp, description=about, epilog=texts.EXAMPLES, add_help=False
    )
    group = _group(parser)
    _places(group, None)
    group.add_argument("--dry-run", action="store_true", help=common_texts.INGEST_DRY_RUN)
    group.add_argument("--rollback", action="store_true", help=common_texts.INGEST_ROLLBACK)
    commands = parser.add_subparsers(dest="command", title=texts.COMMANDS, metavar="", parser_class=_Parser)
    parser.set_defaults(command="")
    _add(_command(commands, "add", texts.ADD, texts.ADD_ABOUT, texts.ADD_EXAMPLES))
    removing = _command(commands, "remove", texts.REMOVE, texts.REMOVE_ABOUT, texts.REMOVE_EXAMPLES)
    removing.add_argument("names", nargs="+", metavar="NAME", help=texts.NAMES)
    status = _command(commands, "status", texts.STATUS, texts.STATUS_ABOUT, texts.STATUS_EXAMPLES)
    status.add_argument("--json", action="store_true", help=texts.JSON)
    _command(commands, "verify", texts.VERIFY, texts.VERIFY_ABOUT, texts.VERIFY_EXAMPLES)
    _command(commands, "rollback", texts.ROLLBACK, texts.ROLLBACK_ABOUT, texts.ROLLBACK_EXAMPLES)
    report = _command(commands, "report", texts.REPORT, texts.REPORT_ABOUT, texts.REPORT_EXAMPLES)
    report.add_argument("--out", metavar="FILE", default=texts.REPORT_FILE, help=_out())
    fetch = _command(
        commands, "fetch", texts.FETCH, texts.FETCH_ABOUT.format(hosts=" ".join(hosts)), texts.FETCH_EXAMPLES
    )
    fetch.add_argument("urls", nargs="+", metavar="URL", help=texts.URLS)
    _describing(fetch)
    official = _command(commands, "official", texts.OFFICIAL, texts.OFFICIAL_ABOUT, texts.OFFICIAL_EXAMPLES)
    official.add_argument("names", nargs="*", metavar="SOURCE", help=texts.DIGESTS)
    official.add_argument("--all", action="store_true", help=texts.ALL)
    return parser.parse_args(arguments)


def _out() -> str:
    return texts.OUT.format(name=texts.REPORT_FILE)


def _group(parser: argparse.ArgumentParser) -> Any:
    group = parser.add_argument_group(common_texts.HELP_ARGUMENTS)
    group.add_argument("-h", "--help", action="help", help=common_texts.HELP_HELP)
    return group


def _places(group: Any, default: str | None) -> None:
    """--kb and --index, before or behind the command's name: the later one holds."""
    group.add_argument("--kb", metavar="DIR", default=default, help=common_texts.INGEST_KB)
    group.add_argument("--index", metavar="DIR", default=default, help=common_texts.INGEST_INDEX)


def _command(commands: Any, name: str, line: str, about: str, examples: str) -> Any:
    parser = commands.add_parser(
        name, help=line, description=about, epilog=examples, formatter_class=ChineseHelp, add_help=False
    )
    group = _group(parser)
    _places(group, argparse.SUPPRESS)
    return group


def _add(group: Any) -> None:
    group.add_argument("files", nargs="+", metavar="FILE", help=texts.FILES)
    _describing(group)
    group.add_argument("--replace", action="store_true", help=texts.REPLACE)


def _describing(group: Any) -> None:
    group.add_argument("--layer", default="", help=texts.LAYER.format(layers="、".join(LAYER_GROUPS)))
    group.add_argument("--title", default="", help=texts.TITLE)
    group.add_argument("--into", metavar="FOLDER", default="", help=texts.INTO)
