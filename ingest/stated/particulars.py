"""What a text says of itself: 文号, 机关, dates, validity, and what it repeals, each with the sentence that proves it.

`issued` is the day of the present wording: signature (成文), adoption, approval or last revision, as kb/README.md
has it. `published` is the last day on which an order or notice made the text public. `effective` is what the text
states of itself; a revised law states the day of its first wording unless it says more. `expires` is the last
valid day. What a text says of others (根据《…》, 《旧办法》自…起施行) is not taken for its own.
"""

from collections.abc import Iterable, Mapping
from dataclasses import replace
from types import MappingProxyType

from ingest.stated.effect import effective_of, expires_of
from ingest.stated.head import MARKED_DEAD, head_of, labels_of, own_names, title_of
from ingest.stated.origin import dates_of, issuers_of, numbers_of, region_found
from ingest.stated.plain import Particular, plain_of
from ingest.stated.repeals import deeds_of

__all__ = ["Particular", "particulars"]


def particulars(text: str, known: Mapping[str, str] = MappingProxyType({})) -> tuple[Particular, ...]:
    """Every particular that the text itself proves, at most one of a key but issuer, repeals and amends.

    `known` are the days that front matter states (`issued`, `published`): 自印发之日起施行 counts from the first,
    自公布之日起施行 from the second.
    """
    plain = plain_of(text)
    if not plain.lines:
        return ()
    head, labels = head_of(plain), tuple(labels_of(plain))
    title = title_of(plain, head)
    own = own_names(title)
    labelled = {found.key: found for found in reversed(labels)}
    number = labelled.get("doc_number") or next(numbers_of(plain, head, own), None)
    own = replace(own, number=number.value if number else "")
    issuers = [found for found in labels if found.key == "issuer"] or issuers_of(plain, head, own, title, number)
    dates = _first_of_each((*labels, *dates_of(plain, head, own)), ("issued", "published"))
    effective = labelled.get("effective") or effective_of(plain, head, own, dates, known)
    expires = labelled.get("expires") or expires_of(plain, own, effective)
    status = labelled.get("status")
    marked = MARKED_DEAD.search(title.value) if title else None
    if title and marked and not status:
        status = Particular("status", f"已{marked[1]}", title.start, title.end, title.sentence)
    single = (title, number, *issuers, *dates, effective, expires, region_found(title, issuers, number), status)
    return (*(found for found in single if found), *deeds_of(plain, own))


def _first_of_each(found: Iterable[Particular], keys: tuple[str, ...]) -> list[Particular]:
    first: dict[str, Particular] = {}
    for particular in found:
        if particular.key in keys:
            first.setdefault(particular.key, particular)
    return list(first.values())
