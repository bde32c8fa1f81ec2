"""Which lines are headings, and how they nest: Markdown, 编章节, 一、（一）1.（1）, 附件, bold lines."""

import re

from ingest.structure.articles import GAP, NUMERAL, has_leader
from rag.normalise import HAN

MARKDOWN_HEADING = re.compile(r"\s{0,3}(#{1,6})\s+(.+?)\s*#*\s*$")
OUTLINE = re.compile(r"(\d{1,2}(?:\.\d{1,2}){0,3})\s+\S")
"""1.2.1 in a heading says its depth better than the number of # that a converter chose."""
DIVISION = re.compile(
    rf"\s*(第{GAP}{NUMERAL}{GAP}(分编|[编章节]))(?!规定|所[列称述规]|至第|和第|以外)(?:[\s\u3000]+|(?=[^\s，。；、的]))(.{{0,40}})$"
)
DIVISION_ALONE = re.compile(rf"(第{GAP}{NUMERAL}{GAP}(分编|[编章节]))$")
ANNEX_ALONE = re.compile(rf"附{GAP}[件录表]{GAP}(?:[一二三四五六七八九十\d]{{1,3}}|[A-Z])?{GAP}[:：]?$")
ANNEX_TITLED = re.compile(
    rf"附{GAP}[件录表]{GAP}(?:[一二三四五六七八九十\d]{{1,3}}|[A-Z])(?:{GAP}[:：.．、]|[ \t\u3000])\s*([^\s\d].*)$"
)
LAST_CHAPTER = re.compile(rf"附{GAP}则$")
CONTENTS = re.compile(rf"(?:#{{1,6}}\s+)?(?:\*\*)?目{GAP}[录次](?:\*\*)?$")
TABBED = re.compile(
    rf"(?:第{GAP}{NUMERAL}{GAP}(?:分编|[编章节条])|[一二三四五六七八九十]+、|附).*(?:\t| {{4,}})\s*\d{{1,4}}$"
)
TOPIC = re.compile(r"\s*([一二三四五六七八九十]{1,3})、\s*(\S.*)$")
SUBTOPIC = re.compile(r"\s*[（(]([一二三四五六七八九十]{1,3})[）)]\s*(\S.*)$")
POINT = re.compile(r"\d{1,2}[.．、](?!\d)\s*\S")
SUBPOINT = re.compile(r"[（(]\d{1,2}[）)]\s*\S")
BOLD = re.compile(r"(\*\*|__)((?!\1).{1,40})\1$")
ITEM = re.compile(r"\s*(?:[-*+]\s+|[（(]\d{1,2}[）)]|\d{1,2}[.、．)）]\s*(?!\d)|[①-⑳])")
TABLE_ROW = re.compile(r"\s*\|.*\|\s*$")
TABLE_RULE = re.compile(r"\s*\|[\s:|-]+\|\s*$")
QUOTE = re.compile(r"\s*>")
TERMINAL = re.compile(r"[。！？：；!?:;…—”’」』）)】\]]\s*$")
SENTENCE_MARK = re.compile("[。；，：！？]")
SHORT_HEADING, SHORT_POINT = 40, 20
"""Characters; a numbered line of 20 and more may be a wrapped sentence."""
UNITS = ("编", "分编", "章", "节")
UNDER_DIVISIONS = len(UNITS)
OF_ANNEX = 1
"""Annexes and further texts of a file stand beside its chapters, also where those have #: at most below its title."""
SPACED = re.compile(rf"(?<=[{HAN}])[ \u3000]+(?=[{HAN}](?:[ \u3000]|$))")


def kind_of(line: str) -> str:
    """The kind of a stripped line by itself: heading, rule, row, note, contents, item or prose."""
    if line[0] != "|" and len(line) <= 2 * SHORT_HEADING and _announces(line):
        return "contents"
    if MARKDOWN_HEADING.match(line):
        return "heading"
    if TABLE_ROW.match(line):
        return "rule" if TABLE_RULE.match(line) else "row"
    if QUOTE.match(line):
        return "note"
    body = bare(line)
    if DIVISION.match(body) and not TERMINAL.search(body):
        return "heading"
    topic = TOPIC.match(body) or SUBTOPIC.match(body)
    if topic:
        return "heading" if len(body) <= SHORT_HEADING and not re.search(r"[。；]|[，：:]$", body) else "item"
    if body[0] in "附第" and (ANNEX_ALONE.match(body) or LAST_CHAPTER.match(body) or DIVISION_ALONE.match(body)):
        return "heading"
    if body != line and not SENTENCE_MARK.search(body):
        return "heading"
    return "item" if ITEM.match(line) else "prose"


def _announces(line: str) -> bool:
    named = "目" in line[:12] and CONTENTS.match(line)
    return bool(named or has_leader(line) or (line[-1].isdecimal() and TABBED.match(line)))


def bare(line: str) -> str:
    """A line that is bold as a whole without its marks."""
    bold = BOLD.match(line) if line[:1] in "*_" else None
    return bold[2].strip() if bold else line


def needs_title(line: str) -> bool:
    """第一章 or 附件2 that stands alone: its title is the next line."""
    return bool(DIVISION_ALONE.match(bare(line)) or ANNEX_ALONE.match(bare(line)))


def may_be_title(line: str) -> bool:
    """A short line without the marks of a sentence."""
    return len(line) <= SHORT_HEADING and not SENTENCE_MARK.search(line) and not TERMINAL.search(line)


def is_point_heading(line: str, following: str) -> bool:
    """1. or （1） with a few words over a paragraph of its own."""
    numbered = POINT.match(line) or SUBPOINT.match(line)
    paragraph = len(following) > len(line) and following.endswith(("。", "：", "；")) and len(following) >= SHORT_POINT
    return bool(numbered) and len(line) < SHORT_POINT and not re.search("[，。；：,;:]", line) and paragraph


def level_and_label(line: str, base: int) -> tuple[int, str]:
    """How deep a heading stands and what it says; those without # nest below the last one with (`base`)."""
    markdown = MARKDOWN_HEADING.match(line)
    if markdown:
        label = markdown[2].replace("**", "")
        outline = OUTLINE.match(label)
        return (2 + outline[1].count(".") if outline else len(markdown[1])), label
    body = re.sub(r"[\s\u3000]+", " ", " ".join(bare(part.strip()) for part in line.splitlines()).strip())
    division = DIVISION.match(body) or DIVISION_ALONE.match(body)
    if division:
        numbered = division[1].replace(" ", "")
        return base + 1 + UNITS.index(division[2]), f"{numbered} {unspaced(body[division.end(1) :].strip())}".strip()
    depth = _depth(body, bare(line) != line)
    return (min(base, 1) if depth == OF_ANNEX else base) + depth, body


def unspaced(title: str) -> str:
    """总 则 -> 总则."""
    return SPACED.sub("", title) if re.fullmatch(r"(?:\S )+\S", title) else title


def _depth(body: str, is_bold: bool) -> int:
    if LAST_CHAPTER.match(body):
        return 1 + UNITS.index("章")
    outline = (TOPIC, SUBTOPIC, POINT, SUBPOINT)
    for depth, pattern in enumerate(outline, UNDER_DIVISIONS + 1):
        if pattern.match(body):
            return depth
    return UNDER_DIVISIONS + len(outline) + 1 if is_bold and not ANNEX_ALONE.match(body) else OF_ANNEX
