"""Which documents of a knowledge base apply: the graph of repeals and changes, and each one's status on a day.

A repeal counts from its own stated day, else from the day on which the repealing text begins to apply, and only once
that day has come; it stays when the repealing text dies itself. A rule ends where a later wording of it (same name,
same issuer) begins, whether or not a sentence says so. A target is found by its 文号, and where the sentence
gives none (or the target has none) by its exact title, and must be older than the text that kills it, so that a new
text is never killed by the one that killed its namesake.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from ingest.stated.dates import first_of, last_of
from ingest.stated.issuers import leading, official_name
from ingest.stated.merge import UNDECIDED, Conflict
from ingest.stated.numbers import number_key
from ingest.stated.plain import Particular, title_form
from rag.standing import CHANGED, COMING, DEAD, EXPIRED, IN_FORCE, REPEALED
from rag.types import BINDING, DocumentMeta

RULES = re.compile(r"(?:法|条例|办法|规定|细则|规则|准则)(?:[(（](?:试行|暂行)[)）])?$")
ISSUES = re.compile("^关于(?:印发|发布|公布)(.{4,})的(?:通知|公告)$")


@dataclass(frozen=True, slots=True)
class Known:
    """A document of the knowledge base, its meta after `merged`, and the particulars of its text."""

    source: str
    title: str
    meta: DocumentMeta
    found: tuple[Particular, ...] = ()

    @property
    def begins(self) -> str:
        """The day from which it applies; without one the day of publication or issue; '' if none is known."""
        return first_of(self.meta.effective or self.meta.published or self.meta.issued)

    @property
    def age(self) -> str:
        """The day that orders it among its namesakes: issue, publication, effect or the year of its 文号."""
        stated = first_of(self.meta.issued or self.meta.published or self.meta.effective)
        key = number_key(self.meta.doc_number)
        year = key.rpartition("-")[0][-4:]
        return stated or (first_of(year) if year.isdecimal() else "")


@dataclass(frozen=True, slots=True)
class Standing:
    """How a document stands on the day asked: `because` is the sentence, `by` the source in which it stands.

    `begins` and `ends` are the first and last day on which it applies, '' where unknown or open.
    """

    source: str
    status: str
    because: str = ""
    by: str = ""
    since: str = ""
    replaces: tuple[str, ...] = ()
    replaced_by: tuple[str, ...] = ()
    begins: str = ""
    ends: str = ""
    conflicts: tuple[Conflict, ...] = ()


@dataclass(frozen=True, slots=True)
class Edge:
    """`by` kills or changes `target` from this day on ('' where no day is known), as the sentence says.

    `replaces` is what front matter states without a sentence: it links the two and decides no status. `renews` is the
    later wording of the same rule.
    """

    key: str
    by: Known
    target: Known
    since: str
    sentence: str


def resolve(documents: Sequence[Known], today: date) -> tuple[Standing, ...]:
    """The standing of every document, in the order given."""
    numbers, titles = _registers(documents)
    edges = [*_edges(documents, numbers, titles), *_renewals(documents, titles)]
    return tuple(_standing(known, edges, today.isoformat()) for known in documents)


def _registers(documents: Sequence[Known]) -> tuple[dict[str, list[Known]], dict[str, list[Known]]]:
    """The documents by 文号 and by the forms of their titles."""
    numbers: dict[str, list[Known]] = {}
    titles: dict[str, list[Known]] = {}
    for known in documents:
        if key := number_key(known.meta.doc_number):
            numbers.setdefault(key, []).append(known)
        for form in _forms(known.title):
            titles.setdefault(form, []).append(known)
    return numbers, titles


def _edges(
    documents: Sequence[Known], numbers: dict[str, list[Known]], titles: dict[str, list[Known]]
) -> Iterator[Edge]:
    for by in documents:
        for particular in by.found:
            if particular.key not in {"repeals", "amends"}:
                continue
            since = particular.since or by.begins
            for target in _targets(particular, numbers, titles):
                if target.source != by.source and _older(target, by, particular):
                    yield Edge(particular.key, by, target, since, particular.sentence)
        for name in by.meta.replaces:
            stated = Particular("replaces", name, 0, 0, "")
            yield from (
                Edge("replaces", by, each, "", "") for each in _targets(stated, numbers, titles) if each is not by
            )


def _renewals(documents: Sequence[Known], titles: dict[str, list[Known]]) -> Iterator[Edge]:
    for by in documents:
        for target in (known for known in titles.get(title_form(by.title), []) if _renews(by, known)):
            proof = _proof(by, "effective") or _proof(by, "issued")
            yield Edge("renews", by, target, max(by.begins, by.meta.issued), proof)


def _renews(by: Known, target: Known) -> bool:
    """A rule of the same name by the same body whose wording dates from a later day."""
    ours, theirs = by.meta, target.meta
    bodies = {official_name(name) for name in ours.issuer}, {official_name(name) for name in theirs.issuer}
    return (
        bool(RULES.search(title_form(by.title)))
        and title_form(by.title) == title_form(target.title)
        and ours.group == theirs.group == BINDING
        and bool(theirs.issued)
        and last_of(theirs.issued) < first_of(ours.issued)
        and (not all(bodies) or bool(bodies[0] & bodies[1]))
        and len({ours.region, theirs.region} - {""}) < 2
    )


def _targets(
    particular: Particular, numbers: dict[str, list[Known]], titles: dict[str, list[Known]]
) -> Sequence[Known]:
    key = number_key(particular.number or particular.value)
    if key and key in numbers:
        return numbers[key]
    found = {known.source: known for form in _forms(particular.value) for known in titles.get(form, [])}
    named = (known for known in found.values() if _same_title(particular.value, known.title))
    return [known for known in named if not key or not number_key(known.meta.doc_number)]


def _forms(title: str) -> set[str]:
    """The title, also without its issuer, and what a notice issues: 关于印发〈X办法〉的通知 stands for X办法."""
    form = title_form(title)
    _, taken = leading(form)
    issued = ISSUES.search(form[taken:])
    return {form, form[taken:] if form[taken:].startswith("关于") else form, issued[1] if issued else form}


def _same_title(cited: str, known: str) -> bool:
    """Equal titles; where both name an issuer it must be the same."""
    ours, theirs = leading(title_form(cited))[0], leading(title_form(known))[0]
    return not (ours and theirs) or ours == theirs


def _older(target: Known, by: Known, particular: Particular) -> bool:
    """A text reaches back, never forward; of two namesakes the order must be known."""
    if target.age and by.age:
        return target.age <= by.age and (target.age < by.age or title_form(target.title) != title_form(by.title))
    numbered = bool(particular.number) and number_key(particular.number) == number_key(target.meta.doc_number)
    return numbered or title_form(target.title) != title_form(by.title)


def _standing(known: Known, edges: Sequence[Edge], today: str) -> Standing:
    against = sorted((edge for edge in edges if edge.target is known), key=lambda edge: edge.since)
    kills = [edge for edge in against if edge.key in {"repeals", "renews"}]
    acting = [edge for edge in against if edge.since <= today]
    found, because, by, since = _judged(known, acting, today)
    stated = known.meta.status
    conflicts: tuple[Conflict, ...] = ()
    if stated in UNDECIDED:
        status = found if found and (found != IN_FORCE or not stated) else stated
    else:
        status = stated
        conflicts = () if _compatible(stated, found) else (Conflict(known.source, "status", stated, found, because),)
    if status != found and not {status, found} <= DEAD:
        because = by = since = ""
    return Standing(
        known.source,
        status,
        because,
        by,
        since,
        _names(
            known.meta.replaces,
            (edge.target for edge in edges if edge.by is known and edge.key in {"repeals", "renews"}),
        ),
        _names(known.meta.replaced_by, (edge.by for edge in against if edge.key != "amends")),
        known.begins,
        _end(known, kills),
        conflicts,
    )


def _judged(known: Known, acting: Sequence[Edge], today: str) -> tuple[str, str, str, str]:
    """(status, sentence, its source, since) by the evidence alone; '' for a text about which nothing is known."""
    for key, status in (("repeals", REPEALED), ("renews", EXPIRED), ("amends", CHANGED)):
        if status == CHANGED and known.meta.expires and last_of(known.meta.expires) < today:
            ended = (date.fromisoformat(last_of(known.meta.expires)) + timedelta(days=1)).isoformat()
            return EXPIRED, _proof(known, "expires"), known.source, ended
        for edge in acting:
            if edge.key == key:
                return status, edge.sentence, edge.by.source, edge.since
    if known.meta.effective and first_of(known.meta.effective) > today:
        return COMING, _proof(known, "effective"), known.source, ""
    if known.meta.effective and known.meta.group == BINDING:
        return IN_FORCE, _proof(known, "effective"), known.source, known.begins
    return "", "", "", ""


def _proof(known: Known, key: str) -> str:
    """The sentence that states the value which meta keeps; '' where only front matter does."""
    value = getattr(known.meta, key)
    return next((found.sentence for found in known.found if found.key == key and found.value == value), "")


def _compatible(stated: str, found: str) -> bool:
    """kb/README.md calls a replaced text 已失效; 现行有效 is no news of a text that is 已修改 or 阶段性."""
    if found in {"", IN_FORCE}:
        return not found or stated != COMING
    return stated == found or {stated, found} <= DEAD


def _names(stated: Sequence[str], linked: Iterable[Known]) -> tuple[str, ...]:
    """The names of front matter, then the titles of the linked documents that it does not name by title or 文号."""
    names = list(stated)
    forms = {title_form(name) for name in stated} | {number_key(name) for name in stated}
    for known in linked:
        if title_form(known.title) not in forms and (number_key(known.meta.doc_number) or "-") not in forms:
            names.append(known.title)
            forms.add(title_form(known.title))
    return tuple(names)


def _end(known: Known, kills: Sequence[Edge]) -> str:
    ends = [(date.fromisoformat(edge.since) - timedelta(days=1)).isoformat() for edge in kills if edge.since]
    ends += [last_of(known.meta.expires)] if known.meta.expires else []
    return min(ends, default="")
