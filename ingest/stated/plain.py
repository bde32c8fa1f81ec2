"""A text as rules read it: no blanks, one form of digits and brackets, every character's place in the original."""

import re
import unicodedata
from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

from rag.normalise import INVISIBLE, RADICALS
from rag.numerals import DIGITS

LINE_MARK = re.compile(r"[\s#>*\-+\ufeff]+")
COMMENT = re.compile(r"<!--.*?-->", re.DOTALL)
BEGINS = re.compile(
    rf"第[{DIGITS}]+[编章节条]|[一二三四五六七八九十]+、|[(][一二三四五六七八九十\d]+[)]|\d+[.、]|附件|附:|\||《"
)
"""What begins a new paragraph, whatever stands above it."""
OPEN_END = re.compile(r"(?:[自于从起年月、,(《〈和及与第经施执生废]|\d|《[^》]*|[(][^)]*)$")
OPEN_START = re.compile(r"[起年月日号、,。)》〉;]|同时|施行|废止")
TERMINAL = re.compile(r"(?:[。!?;:|][”」』)]?|\.\.\.|\d号)$")
WRAPPED_LINE = 16
"""Letters: a line this long that ends without a stop goes on in the next."""
SENTENCE_END = re.compile(r"[。!?]")
BOOK = re.compile(r"《(?:[^《》\n]|《[^《》\n]*》)*》")


@dataclass(frozen=True, slots=True)
class Particular:
    """One thing that a text says of itself; `sentence` is `text[start:end]`, the words that prove it.

    `number` is the 文号 of another text that a `repeals` or `amends` names by title, `detail` the articles concerned or
    the verb of a date, `since` the day of a repeal where the sentence states it; `also` holds further spans that the
    value needs (自印发之日起施行 needs the date of issue).
    """

    key: str
    value: str
    start: int
    end: int
    sentence: str
    number: str = ""
    detail: str = ""
    since: str = ""
    also: tuple[tuple[int, int], ...] = ()


@dataclass(frozen=True, slots=True)
class Line:
    """`plain.text[start:end]`, a line or a sentence; `text` is those letters."""

    start: int
    end: int
    text: str


@dataclass(frozen=True, slots=True)
class Plain:
    """The letters of a text without blanks; `places[i]` is where letter i stands in `original`."""

    original: str
    text: str
    places: tuple[int, ...]
    lines: tuple[Line, ...]
    sentences: tuple[Line, ...]

    def span(self, start: int, end: int) -> tuple[int, int]:
        """The same stretch in the original text."""
        return self.places[start], self.places[end - 1] + 1

    def printed(self, start: int, end: int) -> str:
        """The stretch as printed, blanks out where they stand between 汉字."""
        first, last = self.span(start, end)
        shown = re.sub(r"\s+", " ", self.original[first:last].replace("**", "")).strip()
        return re.sub(r"(?<=[^\x00-\x7f]) (?=[^\x00-\x7f])|(?<=\d) (?=[年月日号])|(?<=[年月第]) (?=\d)", "", shown)

    def sentence_at(self, position: int) -> Line:
        """The sentence that holds this letter."""
        index = bisect_right(self.sentences, position, key=lambda line: line.start) - 1
        return self.sentences[max(index, 0)]

    def found(self, key: str, value: str, where: Line, **more: str) -> Particular:
        """A particular that this line or sentence proves."""
        start, end = self.span(where.start, where.end)
        return Particular(key, value, start, end, self.original[start:end], **more)  # type: ignore[arg-type]


def plain_of(text: str) -> Plain:
    """Read a text once for all rules; works with any text, also an empty one."""
    letters: list[str] = []
    places: list[int] = []
    lines: list[Line] = []
    position = 0
    hidden = COMMENT.sub(lambda match: re.sub(r"[^\n]", " ", match[0]), text)
    for row in hidden.splitlines(keepends=True):
        first = len(letters)
        mark = LINE_MARK.match(row)
        for offset in range(mark.end() if mark else 0, len(row)):
            for letter in _form(row[offset]):
                letters.append(letter)
                places.append(position + offset)
        if len(letters) > first:
            lines.append(Line(first, len(letters), "".join(letters[first:])))
        position += len(row)
    flat = "".join(letters)
    return Plain(text, flat, tuple(places), tuple(lines), tuple(_sentences(flat, lines)))


@lru_cache(maxsize=20000)
def _form(letter: str) -> str:
    if letter.isspace() or letter == "*" or INVISIBLE.match(letter):
        return ""
    return "".join(unicodedata.normalize("NFKC", letter.translate(RADICALS)).split())


def _sentences(flat: str, lines: list[Line]) -> Iterator[Line]:
    """Sentences of paragraphs; a line that was broken only by the width of the page is put together again."""
    start = 0
    for i, line in enumerate(lines):
        below = lines[i + 1].text if i + 1 < len(lines) else ""
        goes_on = below and not TERMINAL.search(line.text) and not BEGINS.match(below)
        if goes_on and (len(line.text) >= WRAPPED_LINE or OPEN_END.search(line.text) or OPEN_START.match(below)):
            continue
        for stop in SENTENCE_END.finditer(flat, start, line.end):
            yield Line(start, stop.end(), flat[start : stop.end()])
            start = stop.end()
        if start < line.end:
            yield Line(start, line.end, flat[start : line.end])
        start = line.end


def masked(text: str) -> str:
    """The letters with every 《title》 blotted out, same length: what stands in a title is not said here."""
    return BOOK.sub(lambda match: "□" * len(match[0]), text)


def title_form(title: str) -> str:
    """A title for comparing: no book marks, blanks or 中华人民共和国; （试行） stays, it makes another text."""
    form = "".join("".join(map(_form, title)).split())
    form = re.sub(r"[《》〈〉<>“”\"'·,、]", "", form)
    return form.removeprefix("中华人民共和国")
