"""Names and addresses in a question: 文号, 《title》, short titles, 第N条第M款第K项."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import PurePosixPath

from rag.normalise import fold
from rag.numerals import DIGITS, number_of
from rag.types import DocumentMeta

BRACKETS = "[〔\\[［（(【{<〈]"
CLOSING = "[〕\\]］）)】}>〉]"
DOC_NUMBER = re.compile(
    rf"([\u4e00-\u9fff]{{1,8}}?)\s*{BRACKETS}?\s*((?:19|20)\d{{2}})\s*(?:年)?\s*{CLOSING}?\s*(?:第)?\s*(\d{{1,4}})\s*号"
)
ORDER_NUMBER = re.compile(rf"([\u4e00-\u9fff]{{0,12}}令)\s*第?\s*([{DIGITS}]+)\s*号")
STATE = re.compile("^.*中华人民共和国(?=.)")
BEFORE_ISSUER = re.compile("^.*(?:根据|依据|按照?|依照|请问|问|查|看|的|是|和|与|及|在)(?=.{2})")
BOOK_TITLE = re.compile(r"《([^《》]{2,80})》")
ARTICLE = re.compile(
    rf"第[（(]?([{DIGITS}]+)[)）]?条(?:之([{DIGITS}]+))?(?:第([{DIGITS}]+)款)?(?:第?[（(]?([{DIGITS}]+)[)）]?项)?"
)
BLANK_IN_ADDRESS = re.compile(rf"(?<=[第条款项{DIGITS}])\s+(?=[第条款项{DIGITS}])")
LOOSE_NUMBER = re.compile(r"(?:[那这](?:个|份|部|条)?|的)((?:19|20)\d{2}-\d+)$")
ALIAS_MINIMUM = 4
HAN_LETTER = re.compile("[\u4e00-\u9fff]")
DOCUMENT_WORD = re.compile(
    "(?:法|条例|办法|规划|规定|意见|通知|方案|决定|文件|措施|细则|准则|指引|公告|批复|纲要|建议|章程|报告|研究|探究)$"
)
ABOUT = re.compile(r".*?关于(.{6,})的(?:通知|意见|决定|指导意见|实施意见)$")
PARENTHESIS = re.compile(r"[（(][^（）()]*[）)]")
RANK_PREFIX = re.compile(r"^(中华人民共和国|中共中央国务院|国务院办公厅|国务院|中共中央)")
OTHER_PLACE = re.compile(
    "((?:黑龙江|(?![一-龥]?[全各本外我该][省市])[一-龥]{2})[省市]|(?:内蒙古|新疆|西藏|宁夏|广西)[一-龥]{0,4}自治区)$"
)
"""A province or city right before the name of a document: 某省农业保险条例 is not 农业保险条例."""
CALLED_PAPER = re.compile(r"(?<!毕业)论文|这篇文章|那篇文章|该文|本文|作者")
PAPER_LAYER = "论文观点"


@dataclass(frozen=True, slots=True)
class Clause:
    """An address inside a document; 0 where a level is not given."""

    article: int
    branch: int = 0
    paragraph: int = 0
    point: int = 0
    subpoint: int = 0

    @property
    def label(self) -> str:
        """The canonical label of the catalogue, 第12条第2款第3项第1目."""
        label = f"第{self.article}条" + (f"之{self.branch}" if self.branch else "")
        below = ((self.paragraph, "款"), (self.point, "项"), (self.subpoint, "目"))
        return label + "".join(f"第{number}{unit}" for number, unit in below if number)


@dataclass(frozen=True, slots=True)
class Named:
    """The documents that a question names, and the question without their names."""

    sources: tuple[str, ...] = ()
    rest: str = ""
    missing: str = ""
    exact: bool = False
    fitting: tuple[str, ...] = ()
    """The documents that a short name fits alike; the question does not say which."""


def clauses_of(question: str) -> tuple[Clause, ...]:
    """Every 第N条(之M)(第M款)(第K项) of a question."""
    folded = BLANK_IN_ADDRESS.sub("", fold(question))
    return tuple(
        Clause(number_of(m[1]), number_of(m[2] or ""), number_of(m[3] or ""), number_of(m[4] or ""))
        for m in ARTICLE.finditer(folded)
    )


def doc_number_key(text: str) -> str:
    """One form for all bracket and digit styles: 财金〔2023〕75号, 财金(2023)75号 -> 财金2023-75; '' if none."""
    match = DOC_NUMBER.search(fold(text))
    if match:
        return f"{match[1]}{match[2]}-{int(match[3])}"
    order = ORDER_NUMBER.search(fold(text))
    return f"{STATE.sub('', order[1])}-{number_of(order[2])}" if order else ""


SERIES = re.compile("((?:19|20)\\d{2})年?(?:发布|印发|出台)?(?:的|[这那两二三]*[份个])?党?(?:中央)?(?:的)?一号文件")
YEARS_SHARE = re.compile(
    "((?:19|20)\\d{2})年?(?=(?:和|与|跟|、|以及)(?:19|20)\\d{2}年?(?:的|[这那两二三]*[份个])?党?(?:中央)?(?:的)?一号文件)"
)
"""2018年和2023年两份中央一号文件: each year has its document."""
IN_SERIES = re.compile("(?:19|20)\\d{2}年一号文件")
"""A series of documents that is known by its year; a year of it that is not there is missing, not another year."""


class NameIndex:
    """Finds the documents that a question names by number, title, short title or as 论文."""

    def __init__(
        self, titles: Mapping[str, str], metas: Mapping[str, DocumentMeta], groups: Iterable[tuple[str, ...]] = ()
    ) -> None:
        self._canonical = _canonicaliser(groups)
        self._numbers: dict[str, list[str]] = {}
        self._aliases: dict[str, set[str]] = {}
        self._regions = {source: meta.region for source, meta in metas.items()}
        self._papers = tuple(s for s, m in metas.items() if m.layer == PAPER_LAYER)
        self._titles = {source: self._form(title) for source, title in titles.items()}
        self._by_title: dict[str, tuple[str, ...]] = {}
        for source, form in self._titles.items():
            for name in {form, RANK_PREFIX.sub("", form)}:
                self._by_title[name] = (*self._by_title.get(name, ()), source)
        for source, title in titles.items():
            key = doc_number_key(metas[source].doc_number)
            if key:
                self._numbers.setdefault(key, []).append(source)
            for alias in self._aliases_of(source, title, metas[source]):
                self._aliases.setdefault(alias, set()).add(source)

        self._orders = sorted({key.rpartition("-")[0] for key in self._numbers if "令-" in key}, key=len, reverse=True)
        self._longest_first = sorted(self._aliases, key=len, reverse=True)

    def _form(self, name: str) -> str:
        return self._canonical(re.sub(r"[\s“”\"'《》·,，、]", "", fold(name)))

    def _aliases_of(self, source: str, title: str, meta: DocumentMeta) -> set[str]:
        """Forms of a name that is distinctive enough to count without brackets."""
        stem = PurePosixPath(source).stem
        names = {title, stem, *stem.split("-"), PARENTHESIS.sub("", title)}
        forms = {self._form(name) for name in names}
        forms |= {RANK_PREFIX.sub("", form) for form in forms}
        forms = {
            form for form in forms if len(HAN_LETTER.findall(form)) >= ALIAS_MINIMUM and DOCUMENT_WORD.search(form)
        }
        forms |= {match[1] for form in forms if (match := ABOUT.match(form))}
        if re.fullmatch("[\u4e00-\u9fff]{2,4}", meta.author):
            forms.add(meta.author)
        return forms

    def named(self, question: str) -> Named:
        """The documents named, best evidence first: 文号, 《title》, then titles without brackets."""
        number = self._by_number(question)
        if number:
            return number
        titled = self._by_book_title(question)
        if titled:
            return titled
        form = SERIES.sub(r"\1年一号文件", self._form(YEARS_SHARE.sub(r"\1年一号文件", fold(question))))
        found: list[str] = []
        rest = form
        for alias in self._longest_first:
            if alias in rest:
                place = self._of_another_place(rest, alias)
                if place:
                    return Named((), form, place + alias)
                found.extend(s for s in sorted(self._aliases[alias]) if s not in found)
                rest = rest.replace(alias, " ")
        unknown = IN_SERIES.search(rest)
        if unknown and any(IN_SERIES.fullmatch(alias) for alias in self._aliases):
            return Named(tuple(found), rest, unknown[0])
        if not found and self._papers and CALLED_PAPER.search(form):
            found, rest = list(self._papers), CALLED_PAPER.sub(" ", form)
        return Named(tuple(found), rest.strip()) if found else Named()

    def _of_another_place(self, form: str, alias: str) -> str:
        """The place right before the name of a document that is not of that place; '' where there is none."""
        place = OTHER_PLACE.search(form[: form.index(alias)])
        regions = [self._regions[source] for source in self._aliases[alias]]
        local = place is None or not DOCUMENT_WORD.search(alias) or any(r and r in place[1] for r in regions)
        return place[1] if place and not local else ""

    def titled(self, name: str) -> tuple[str, ...]:
        """Documents whose title is exactly this name (《 》 and a leading 中华人民共和国 aside)."""
        form = self._form(name)
        return self._by_title.get(form) or self._by_title.get(RANK_PREFIX.sub("", form), ())

    def _by_number(self, question: str) -> Named | None:
        rest = fold(question)
        asked = [match[0] for match in DOC_NUMBER.finditer(rest)]
        asked += [self._order(match) for match in ORDER_NUMBER.finditer(rest)]
        if not asked:
            return None
        found: list[str] = []
        missing: list[str] = []
        for text in asked:
            key = doc_number_key(text)
            known = [s for number, sources in self._numbers.items() for s in sources if _same_number(key, number)]
            known = known or self._by_loose_number(key)
            found.extend(source for source in known if source not in found)
            missing.extend([] if known else [text.strip()])
            rest = rest.replace(text, " ")
        return Named(tuple(found), rest.strip(), "、".join(missing), True)

    def _by_loose_number(self, key: str) -> list[str]:
        """北川那个2024年6号文: the one document with such a number, where the words before it are no issuer's."""
        loose = LOOSE_NUMBER.search(key)
        known = [s for n, sources in self._numbers.items() for s in sources if loose and n.endswith(loose[1])]
        return known if len(known) == 1 else []

    def _order(self, match: re.Match[str]) -> str:
        """The order of a match without the words that ran into its issuer."""
        head = match[1]
        issuer = next((known for known in self._orders if head.endswith(known)), BEFORE_ISSUER.sub("", head))
        return match[0][len(head) - len(issuer) :]

    def _by_book_title(self, question: str) -> Named | None:
        found: list[str] = []
        missing: list[str] = []
        for name in BOOK_TITLE.findall(question):
            form = RANK_PREFIX.sub("", self._form(name))
            exact = [s for s, title in self._titles.items() if title == self._form(name)] or sorted(
                self._aliases.get(self._form(name), self._aliases.get(form, set()))
            )
            close = exact or [s for s, title in self._titles.items() if form in title]
            found.extend(s for s in close if s not in found)
            if not close:
                missing.append(name)
        if not found and not missing:
            return None
        rest = BOOK_TITLE.sub(" ", question).strip()
        return Named(tuple(found), fold(rest), "、".join(f"《{name}》" for name in missing), True)


def _same_number(asked: str, known: str) -> bool:
    """财金2023-75 is asked also as 关于财金2023-75; the issuer's abbreviation must end alike."""
    asked_head, _, asked_tail = asked.rpartition("-")
    known_head, _, known_tail = known.rpartition("-")
    if asked_head == "令":
        return asked_tail == known_tail and known_head.endswith("令")
    return asked_tail == known_tail and asked_head[-4:] == known_head[-4:] and asked_head[:-4].endswith(known_head[:-4])


def _canonicaliser(groups: Iterable[tuple[str, ...]]):  # type: ignore[no-untyped-def]
    """Replace every member of a group of equals by its first member, longest members first."""
    first = {member: group[0] for group in groups for member in group[1:]}
    if not first:
        return lambda text: text
    longest = sorted({*first, *(group[0] for group in groups)}, key=len, reverse=True)
    pattern = re.compile("|".join(map(re.escape, longest)))
    return lambda text: pattern.sub(lambda match: first.get(match[0], match[0]), text)
