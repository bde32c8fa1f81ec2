"""A cell's value as the sheet shows it: percent, thousands, decimals and dates by its number format."""

import re
from datetime import date, datetime, time, timedelta
from decimal import ROUND_HALF_UP, Decimal

SECTION = re.compile(r';(?=(?:[^"]*"[^"]*")*[^"]*$)')
LITERAL = re.compile(r'"([^"]*)"|\\(.)')
CURRENCY = re.compile(r"\[\$([^\]-]*)[^\]]*\]")
BRACKETED = re.compile(r"\[[^\]]*\]")
PADDING = re.compile(r"_.|\*.")
PATTERN = re.compile(r"[#0?][#0?,]*(?:\.[#0?]*)?,*|General|\.[#0?]+", re.IGNORECASE)
EXPONENT = re.compile(r"[eE][+-]0")
DAY = re.compile(r"d", re.IGNORECASE)
SIGNIFICANT = 15
"""Digits that a sheet keeps of a number; further ones are noise of binary fractions."""


def shown(value: object, number_format: str) -> str:
    """The value as text: dates as 2024-12-31, 2024-12 where the format has no day, numbers without noise."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "TRUE" if value else "FALSE"
    if isinstance(value, int | float):
        return _number(Decimal(format(value, f".{SIGNIFICANT}g")), number_format)
    if isinstance(value, date):
        return _date(value, number_format)
    if isinstance(value, time):
        return value.isoformat("seconds" if value.second else "minutes")
    if isinstance(value, timedelta):
        minutes, seconds = divmod(round(value.total_seconds()), 60)
        return f"{minutes // 60}:{minutes % 60:02d}" + (f":{seconds:02d}" if seconds else "")
    return str(value).strip()


def _date(value: date, number_format: str) -> str:
    if isinstance(value, datetime) and (value.hour or value.minute or value.second):
        return value.isoformat(" ", "seconds" if value.second else "minutes")
    plain = BRACKETED.sub("", LITERAL.sub("", number_format))
    return f"{value:%Y-%m-%d}" if DAY.search(plain) or "m" not in plain.lower() else f"{value:%Y-%m}"


def _number(value: Decimal, number_format: str) -> str:
    sections = SECTION.split(number_format)
    section = sections[0]
    if value < 0 and len(sections) > 1:
        section, value = sections[1], -value
    elif value == 0 and len(sections) > 2:
        section = sections[2]
    literals: list[str] = []

    def keep(match: re.Match[str]) -> str:
        literals.append(match[1] or (match[2] if match.re is LITERAL else "") or "")
        return f"\1{chr(0xE000 + len(literals) - 1)}"

    marked = CURRENCY.sub(keep, LITERAL.sub(keep, section))
    marked = PADDING.sub("", BRACKETED.sub("", marked))
    found = PATTERN.search(marked)
    if found is None or "/" in marked or EXPONENT.search(marked):
        figure = _general(value) if "@" in marked or "/" in marked or EXPONENT.search(marked) or not marked else ""
        text = figure or marked
    else:
        pattern = found[0]
        scaled = value * 100 if "%" in marked else value
        scaled /= 1000 ** (len(pattern) - len(pattern.rstrip(",")))
        sign = "-" if scaled < 0 else ""
        number = _general(abs(scaled)) if pattern.lower() == "general" else _fixed(abs(scaled), pattern)
        text = marked[: found.start()] + sign + number + marked[found.end() :]
    return re.sub("\1(.)", lambda match: literals[ord(match[1]) - 0xE000], text).strip()


def _fixed(value: Decimal, pattern: str) -> str:
    whole, _, decimals = pattern.rstrip(",").partition(".")
    most, least = len(decimals), len(decimals.replace("#", "").replace("?", ""))
    rounded = value.quantize(Decimal(1).scaleb(-most), ROUND_HALF_UP)
    text = format(rounded, ",f" if "," in whole else "f")
    head, _, tail = text.partition(".")
    tail = tail[:least] + tail[least:].rstrip("0")
    zeros = whole.replace(",", "").count("0")
    if zeros > len(head):
        head = head.zfill(zeros)
    return f"{head}.{tail}" if tail else head


def _general(value: Decimal) -> str:
    text = format(value.normalize(), "f")
    return "0" if text == "-0" else text
