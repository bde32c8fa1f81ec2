"""What may stand as a heading of the house's Markdown; Word files and web pages lend the mark to other lines too."""

import re

from rag.numerals import DIGITS

TEXT_LIKE = re.compile(rf"第[{DIGITS}]+条|.*[。；;]$", re.DOTALL)
LONGEST, DEEPEST = 80, 6


def may_be_heading(text: str) -> bool:
    """Not an article, not a sentence, not a whole paragraph, whatever style or tag it has."""
    return bool(text) and len(text) <= LONGEST and not TEXT_LIKE.match(text)


def heading_line(text: str, level: int) -> str:
    """The line of a heading; levels begin at 1."""
    return "#" * min(level, DEEPEST) + " " + text
