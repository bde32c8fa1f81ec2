"""Automatic numbers of Word paragraphs (第一条, （二）, 1.1) made visible: often they stand nowhere else."""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from rag.numerals import chinese_numeral

W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
Element = Any
BULLET = "- "
_CLOSED = re.compile(r"[、．。：:（(）)\]】]$")
_PLACEHOLDER = re.compile(r"%([1-9])")
_DECIMAL_FORMS = {"decimalEnclosedFullstop": 0x2487, "decimalEnclosedParen": 0x2473, "ideographEnclosedCircle": 0x327F}
_ROMAN = ((1000, "m"), (900, "cm"), (500, "d"), (400, "cd"), (100, "c"), (90, "xc"), (50, "l"), (40, "xl"))
_ROMAN_SMALL = ((10, "x"), (9, "ix"), (5, "v"), (4, "iv"), (1, "i"))


def value_of(element: Element, name: str) -> str | None:
    """The w:val of a child of that name; None where there is no such child or value."""
    child = None if element is None else element.find(W + name)
    return None if child is None else child.get(W + "val")


class Styles:
    """Paragraph and character styles by their id, each with the styles that it is based on."""

    def __init__(self, root: Element) -> None:
        found = () if root is None else root.iterfind(W + "style")
        self._by_id = {style.get(W + "styleId"): style for style in found}
        self._default = next((s for s in self._by_id.values() if _is_default_paragraph(s)), None)

    def chain(self, style_id: str | None) -> Iterator[Element]:
        """A style and its bases, nearest first; the default paragraph style for None."""
        style = self._default if style_id is None else self._by_id.get(style_id)
        seen: set[int] = set()
        while style is not None and id(style) not in seen:
            seen.add(id(style))
            yield style
            style = self._by_id.get(value_of(style, "basedOn"))

    def named(self, style_id: str) -> Element:
        """The style of that id, None if the file has none."""
        return self._by_id.get(style_id)


def _is_default_paragraph(style: Element) -> bool:
    return style.get(W + "type") == "paragraph" and style.get(W + "default") in {"1", "true", "on"}


@dataclass(frozen=True, slots=True)
class Level:
    """One level of a list as the file defines it; `restart` None: after any higher level, 0: never."""

    start: int
    format: str
    text: str
    restart: int | None
    legal: bool
    style: str | None


class Numbering:
    """Counts the numbered paragraphs of a document; ask for each paragraph once, in order."""

    def __init__(self, root: Element, styles: Styles) -> None:
        self._styles = styles
        self._nums = {n.get(W + "numId"): n for n in root.iterfind(W + "num")} if root is not None else {}
        abstracts = root.iterfind(W + "abstractNum") if root is not None else ()
        self._abstracts = {a.get(W + "abstractNumId"): a for a in abstracts}
        self._counters: dict[str, dict[int, int]] = {}
        self._started: set[tuple[str, int]] = set()
        self._known: dict[str, tuple[str, dict[int, Level], dict[int, int]]] = {}

    def label(self, paragraph: Element) -> str:
        """The paragraph's number with the blank behind it, counted on; '' where it has none."""
        place = self._place(paragraph)
        if place is None:
            return ""
        num_id, depth = place
        abstract_id, levels, overrides = self._definition(num_id)
        if depth not in levels:
            return ""
        counters = self._counters.setdefault(abstract_id, {})
        start = overrides.get(depth, levels[depth].start)
        restarted = depth in overrides and (num_id, depth) not in self._started
        counters[depth] = start if restarted else counters.get(depth, start - 1) + 1
        self._started.add((num_id, depth))
        for deeper in [d for d in counters if d > depth]:
            restart = levels[deeper].restart if deeper in levels else None
            if restart is None or depth < restart:
                del counters[deeper]
        return _spelled(levels, depth, counters)

    def _place(self, paragraph: Element) -> tuple[str, int] | None:
        """(numId, level) from the paragraph or its styles."""
        properties = paragraph.find(W + "pPr")
        chain = list(self._styles.chain(value_of(properties, "pStyle")))
        holders = [properties, *(style.find(W + "pPr") for style in chain)]
        marks = [h.find(W + "numPr") for h in holders if h is not None and h.find(W + "numPr") is not None]
        num_id = next((found for mark in marks if (found := value_of(mark, "numId"))), "0")
        if num_id not in self._nums:
            return None
        direct = None if properties is None else value_of(properties.find(W + "numPr"), "ilvl")
        levels = self._definition(num_id)[1]
        linked = {level.style: depth for depth, level in levels.items() if level.style}
        by_style = next((linked[s.get(W + "styleId")] for s in chain if s.get(W + "styleId") in linked), None)
        inherited = next((found for mark in marks if (found := value_of(mark, "ilvl"))), "0")
        if direct is None and by_style is not None:
            return num_id, by_style
        return num_id, int(direct or inherited)

    def _definition(self, num_id: str) -> tuple[str, dict[int, Level], dict[int, int]]:
        """(abstract list that counts, its levels, starts that this list overrides)."""
        if num_id not in self._known:
            num = self._nums[num_id]
            abstract_id, abstract = self._abstract(num)
            levels = {} if abstract is None else _levels(abstract)
            overrides = {}
            for override in num.iterfind(W + "lvlOverride"):
                depth = int(override.get(W + "ilvl", "0"))
                levels.update(_levels(override))
                if (start := value_of(override, "startOverride")) is not None:
                    overrides[depth] = int(start)
            self._known[num_id] = (abstract_id, levels, overrides)
        return self._known[num_id]

    def _abstract(self, num: Element) -> tuple[str, Element]:
        """The abstract list of a list; one that only names a style is looked up there."""
        abstract_id = value_of(num, "abstractNumId") or ""
        abstract = self._abstracts.get(abstract_id)
        link = value_of(abstract, "numStyleLink")
        style = self._styles.named(link) if link else None
        if style is not None:
            linked = self._nums.get(value_of(style.find(f"{W}pPr/{W}numPr"), "numId"))
            if linked is not None and linked is not num:
                abstract_id = value_of(linked, "abstractNumId") or ""
                abstract = self._abstracts.get(abstract_id)
        return abstract_id, abstract


def _levels(holder: Element) -> dict[int, Level]:
    return {int(level.get(W + "ilvl", "0")): _level(level) for level in holder.iterfind(W + "lvl")}


def _level(level: Element) -> Level:
    legal = level.find(W + "isLgl")
    restart = value_of(level, "lvlRestart")
    number_format = level.find(f".//{W}numFmt")  # may stand inside mc:AlternateContent
    return Level(
        int(value_of(level, "start") or "0"),
        "decimal" if number_format is None else number_format.get(W + "val", "decimal"),
        value_of(level, "lvlText") or "",
        None if restart is None else int(restart),
        legal is not None and legal.get(W + "val") not in {"0", "false", "off"},
        value_of(level, "pStyle"),
    )


def _spelled(levels: dict[int, Level], depth: int, counters: dict[int, int]) -> str:
    level = levels[depth]
    if level.format == "bullet":
        return BULLET

    def number(match: re.Match[str]) -> str:
        other = int(match[1]) - 1
        if other not in levels or levels[other].format in {"bullet", "none"}:
            return ""
        count = counters.get(other, levels[other].start)
        return spelled(count, "decimal" if level.legal else levels[other].format)

    text = _PLACEHOLDER.sub(number, level.text).strip()
    return text if not text or _CLOSED.search(text) else text + " "


def spelled(count: int, number_format: str) -> str:
    """A count in one of Word's number formats (ECMA-376, ST_NumberFormat); decimal where the format is unknown."""
    if number_format in _DECIMAL_FORMS and 1 <= count <= 20 and (count <= 10 or "decimal" in number_format):
        return chr(_DECIMAL_FORMS[number_format] + count)
    return _FORMATS.get(number_format, str)(count)


def _circled(count: int) -> str:
    for first, last, base in ((1, 20, 0x245F), (21, 35, 0x323C), (36, 50, 0x328D)):
        if first <= count <= last:
            return chr(base + count)
    return str(count)


def _letters(count: int) -> str:
    return chr(ord("a") + (count - 1) % 26) * ((count - 1) // 26 + 1) if count > 0 else str(count)


def _roman(count: int) -> str:
    numeral = ""
    for value, sign in (*_ROMAN, *_ROMAN_SMALL):
        numeral += sign * (count // value)
        count %= value
    return numeral


def _formal(count: int) -> str:
    plain = chinese_numeral(count)
    plain = "一" + plain if plain.startswith("十") else plain
    return plain.translate(str.maketrans("一二三四五六七八九十百千", "壹贰叁肆伍陆柒捌玖拾佰仟"))


def _by_digits(count: int) -> str:
    return "".join("〇一二三四五六七八九"[int(digit)] for digit in str(count))


def _cycle(signs: str) -> Callable[[int], str]:
    return lambda count: signs[(count - 1) % len(signs)]


_FORMATS: dict[str, Callable[[int], str]] = {
    **dict.fromkeys(("chineseCounting", "chineseCountingThousand", "japaneseCounting"), chinese_numeral),
    **dict.fromkeys(("taiwaneseCounting", "taiwaneseCountingThousand"), chinese_numeral),
    **dict.fromkeys(("chineseLegalSimplified", "ideographLegalTraditional"), _formal),
    **dict.fromkeys(("ideographDigital", "taiwaneseDigital", "japaneseDigitalTenThousand"), _by_digits),
    **dict.fromkeys(("decimalEnclosedCircle", "decimalEnclosedCircleChinese"), _circled),
    **dict.fromkeys(("decimalFullWidth", "decimalFullWidth2"), lambda n: "".join(chr(ord(d) + 0xFEE0) for d in str(n))),
    "decimalZero": lambda count: f"{count:02d}",
    "lowerLetter": _letters,
    "upperLetter": lambda count: _letters(count).upper(),
    "lowerRoman": _roman,
    "upperRoman": lambda count: _roman(count).upper(),
    "ideographTraditional": _cycle("甲乙丙丁戊己庚辛壬癸"),
    "ideographZodiac": _cycle("子丑寅卯辰巳午未申酉戌亥"),
    "none": lambda count: "",
}
