"""Dates as Chinese documents print them -> ISO, and periods of validity."""

import calendar
import datetime
import re

from rag.numerals import DIGITS, number_of

YEAR = r"(?:\d{4}|[〇零○О0一二三四五六七八九]{4})"
COUNT = rf"(?:\d{{1,2}}|[{DIGITS}]{{1,3}})"
DATE = rf"(?<!\d){YEAR}(?:年{COUNT}月{COUNT}日|\.\d{{1,2}}\.\d{{1,2}}(?!\d)|[-/]\d{{1,2}}[-/]\d{{1,2}}(?!\d))"
"""A day; no groups, so that other patterns can hold it."""
PARTS = re.compile(rf"({YEAR})[年.\-/]({COUNT})[月.\-/]({COUNT})日?")
DATED = re.compile(DATE)
PERIOD = rf"(?:\d{{1,2}}|[{DIGITS}]{{1,3}})个?(?:年|月)"
LENGTH = re.compile(rf"(\d{{1,3}}|[{DIGITS}]{{1,4}})个?(年|月|日|天)")
CIPHERS = str.maketrans("〇零○О一二三四五六七八九", "0000123456789")


def iso(text: str) -> str:
    """The ISO form of the first date in it, in any style; '' if the calendar has no such day."""
    match = PARTS.search(text)
    if match is None:
        return ""
    year = int(match[1].translate(CIPHERS))
    try:
        return datetime.date(year, number_of(match[2]), number_of(match[3])).isoformat()
    except ValueError:
        return ""


def after(day: str, length: str) -> str:
    """A day and 30日 (5年, 6个月) -> the day that much later; '' if the length is unreadable."""
    match = LENGTH.search(length)
    if match is None or not day:
        return ""
    start, count = datetime.date.fromisoformat(day), number_of(match[1])
    if match[2] in "日天":
        return (start + datetime.timedelta(days=count)).isoformat()
    months = start.year * 12 + start.month - 1 + count * (12 if match[2] == "年" else 1)
    year, month = months // 12, months % 12 + 1
    return start.replace(year=year, month=month, day=min(start.day, calendar.monthrange(year, month)[1])).isoformat()


def last_day(day: str, length: str) -> str:
    """The last valid day of a period that begins on this day: 2021-01-01 and 5年 -> 2025-12-31."""
    end = after(day, length)
    return (datetime.date.fromisoformat(end) - datetime.timedelta(days=1)).isoformat() if end else ""


def first_of(value: str) -> str:
    """2021 or 2021-06 -> the first day that it can mean; '' stays ''."""
    return (value + "-01-01")[:10] if len(value) == 4 else (value + "-01")[:10] if value else ""


def last_of(value: str) -> str:
    """2021 or 2021-06 -> the last day that it can mean; '' stays ''."""
    if len(value) == 7:
        return f"{value}-{calendar.monthrange(int(value[:4]), int(value[5:]))[1]:02d}"
    return value + "-12-31" if len(value) == 4 else value
