"""What recognition is known to confuse, mended where the form leaves no doubt; words are never guessed."""

import re

from rag.normalise import HAN

OPEN, CLOSE = r"[\[(（〔【〈《<{｛［「]", r"[\])）〕】〉》>}｝］」]"
DOCUMENT_NUMBER = re.compile(rf"(?<=[{HAN}])\s*{OPEN}\s*((?:19|20)\d\d)\s*{CLOSE}\s*(?=第?\s*\d{{1,5}}\s*号)")
"""银发[2024]23号: GB/T 9704-2012 sets the year in 六角括号."""
NUMBER_OVER_LINES = re.compile(rf"(?<=[{HAN}]){OPEN}((?:19|20)\d\d){CLOSE}(?=第?\d{{1,5}}号)")
LETTER_O = re.compile(r"(?<=\d)[oO](?=[\d,.%])|(?<=\d[,.])[oO](?=[\d%])")
ONE_AS_DASH = re.compile(r"(?<=\d)一(?=\d)")
PAGE_NUMBER = re.compile(r"[-一—–]+\s*(\d{1,4})\s*[-一—–]+")
WIDE = str.maketrans(",;:?!()", "，；：？！（）")
BETWEEN = re.compile(rf"(?<=[{HAN}0-9A-Za-z%）》〉〕”’])[,;:?!](?=[{HAN}《〈（“‘])")
BEHIND = re.compile(rf"(?<=[{HAN}）》〉〕”’])[,;:?!](?=[0-9A-Za-z]|\s*$)|(?<=[{HAN}])\)|\((?=[{HAN}])")
LAST = re.compile(r"[,;:?!]$")
BRACKETS = re.compile(rf"[(（](?=[^()（）]*[{HAN}])([^()（）]*)[)）]")
BLANK_AT_MARK = re.compile(
    rf" +(?=[，。；：、！？（）《》〈〉〔〕“”‘’])|(?<=[，。；：、！？（）《》〈〉〔〕“”‘’]) +(?=[{HAN}0-9])"
)
SOME_HAN = re.compile(f"[{HAN}]")


def repaired(text: str) -> str:
    """One recognised line with its brackets, marks and digits as they must have been printed."""
    text = PAGE_NUMBER.sub(r"— \1 —", text) if PAGE_NUMBER.fullmatch(text) else text
    text = DOCUMENT_NUMBER.sub(r"〔\1〕", text)
    text = ONE_AS_DASH.sub("—", LETTER_O.sub("0", text))
    text = BRACKETS.sub(r"（\1）", text)
    marks = (BETWEEN, BEHIND, LAST) if SOME_HAN.search(text) else ()
    for pattern in marks:
        text = pattern.sub(lambda found: found[0].translate(WIDE), text)
    return BLANK_AT_MARK.sub("", text)


def repaired_over_lines(text: str) -> str:
    """Paragraphs with what the ends of lines had parted; their length does not change."""
    return ONE_AS_DASH.sub("—", NUMBER_OVER_LINES.sub(r"〔\1〕", text))
