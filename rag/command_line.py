"""Command lines whose help is Chinese throughout."""

import argparse
from typing import Any

from rag import texts


class ChineseHelp(argparse.RawDescriptionHelpFormatter):
    """Help whose first word is Chinese too."""

    def add_usage(self, usage: Any, actions: Any, groups: Any, prefix: str | None = None) -> None:
        """The line that shows how to call the program."""
        super().add_usage(usage, actions, groups, texts.HELP_USAGE if prefix is None else prefix)


def command_line(program: str, about: str, examples: str = "") -> tuple[Any, Any]:
    """(parser, the group that its arguments go into)."""
    parser = argparse.ArgumentParser(
        prog=program, formatter_class=ChineseHelp, description=about, epilog=examples, add_help=False
    )
    group = parser.add_argument_group(texts.HELP_ARGUMENTS)
    group.add_argument("-h", "--help", action="help", help=texts.HELP_HELP)
    return parser, group
