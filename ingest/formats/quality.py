"""What is wrong with the text of one page: the faults that a person should know before trusting it."""

import re

from rag.normalise import HAN

NO_TEXT = "no_text"
GARBLED = "garbled"
GLUED_NUMBERS = "glued_numbers"
BROKEN_TABLE = "broken_table"
DAMAGED = "damaged"
"""A page that its file no longer holds whole; only a format's reader can know it."""

FEWEST_READABLE = 10
MOST_UNREADABLE = 0.05
MOST_LATIN_SUPPLEMENT = 0.1
LEAST_READABLE = 0.6
LEAST_COMMON = 0.8
ENOUGH_HAN = 20
MOST_EMPTY = 0.5

READABLE = re.compile(rf"[{HAN}0-9A-Za-z\uff10-\uff19\uff21-\uff3a\uff41-\uff5a]")
WRITING = re.compile(
    rf"[{HAN}\u0020-\u024f\u0370-\u04ff\u2000-\u23ff\u2460-\u27bf\u3000-\u318f\u3200-\u33ff\uff00-\uffef]"
)
UNREADABLE = re.compile("[\ufffd\ue000-\uf8ff\U000f0000-\U0010ffff]")
LATIN_SUPPLEMENT = re.compile("[\u0080-\u00a6\u00a8-\u00af\u00b4\u00b8-\u00d6\u00d8-\u00f6\u00f8-\u00ff]{2,}")
"""Two and more in a row: French and German set them singly among plain letters."""
GLYPH_NUMBER = re.compile(r"\(?cid:\d+\)?")
ONE_HAN = re.compile(f"[{HAN}]")
POINTS = re.compile(r"(?<![\d.])\d[\d,]*(?:\.\d+(?:,\d{3})*){2,}(?![\d.])")
DATE = re.compile(r"(?:19|20)\d\d\.\d{1,2}\.\d{1,2}")
DIGITS_IN_A_ROW = re.compile(r"(?:\d[.,]?){30,}")
ROW = re.compile(r"\s*\|.*\|\s*$")
RULE = re.compile(r"\s*\|[\s:|-]+\|\s*$")


def faults(text: str) -> tuple[str, ...]:
    """The names of what is wrong with one page's text, () where nothing is."""
    readable = len(READABLE.findall(text))
    found = []
    if readable < FEWEST_READABLE:
        found.append(NO_TEXT)
    if _garbled(text):
        found.append(GARBLED)
    if _glued(text):
        found.append(GLUED_NUMBERS)
    if any(_broken(rows) for rows in _tables(text)):
        found.append(BROKEN_TABLE)
    return tuple(found)


def _garbled(text: str) -> bool:
    """Characters that no reader meant: lost ones, those of another encoding, Han that nobody writes."""
    seen = re.sub(r"\s", "", text)
    if not seen:
        return False
    lost = len(UNREADABLE.findall(seen)) + sum(len(number) for number in GLYPH_NUMBER.findall(seen))
    foreign = sum(map(len, LATIN_SUPPLEMENT.findall(seen)))
    strange = 1 - len(WRITING.findall(seen)) / len(seen)
    if lost / len(seen) > MOST_UNREADABLE or foreign / len(seen) > MOST_LATIN_SUPPLEMENT:
        return True
    if strange > 1 - LEAST_READABLE:
        return True
    han = ONE_HAN.findall(seen)
    return len(han) >= ENOUGH_HAN and sum(map(_common, han)) / len(han) < LEAST_COMMON


def _common(character: str) -> bool:
    """Among the first levels of GB 2312 or Big5, which hold nearly all that is printed (by frequency of use)."""
    simplified = character.encode("gb2312", "ignore")
    traditional = character.encode("big5", "ignore")
    return b"\xb0" <= simplified[:1] <= b"\xd7" or b"\xa4" <= traditional[:1] <= b"\xc6"


def _glued(text: str) -> bool:
    return bool(DIGITS_IN_A_ROW.search(text)) or any(_two_numbers(token) for token in POINTS.findall(text))


def _two_numbers(token: str) -> bool:
    """12.3445.67 is two numbers; 1.2.10, 2024.01.02 and 192.168.0.1 are an outline, a date and an address."""
    parts = token.split(".")
    if "," in token:
        return True
    if DATE.fullmatch(token) or all(len(part) <= 2 for part in parts):
        return False
    return not (len(parts) == 4 and all(int(part) < 256 for part in parts))


def _tables(text: str) -> list[list[list[str]]]:
    tables: list[list[list[str]]] = []
    inside = False
    for line in text.splitlines():
        row = bool(ROW.match(line))
        if row and not inside:
            tables.append([])
        if row and not RULE.match(line):
            tables[-1].append([cell.strip() for cell in line.strip().strip("|").split("|")])
        inside = row
    return tables


def _broken(rows: list[list[str]]) -> bool:
    cells = [cell for row in rows for cell in row]
    return len({len(row) for row in rows}) > 1 or sum(not cell for cell in cells) > MOST_EMPTY * len(cells)
