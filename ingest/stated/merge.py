"""Front matter and what the text says of itself, put together; front matter wins and every contradiction is told."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

from ingest.stated.issuers import official_name
from ingest.stated.numbers import number_key
from ingest.stated.plain import Particular
from rag.types import DocumentMeta

DATES = ("issued", "published", "effective", "expires")
SINGLE = ("doc_number", *DATES, "region", "status")
UNDECIDED = {"", "待核"}


@dataclass(frozen=True, slots=True)
class Conflict:
    """Front matter of `source` states one thing of `key`, the `proof` sentence (of any document) another."""

    source: str
    key: str
    stated: str
    found: str
    proof: str


def merged(
    meta: DocumentMeta, found: Sequence[Particular], source: str = ""
) -> tuple[DocumentMeta, tuple[Conflict, ...]]:
    """Fill what front matter leaves empty; what it states stays, and what the text says against it is reported."""
    filled: dict[str, Any] = {}
    conflicts: list[Conflict] = []
    for key in SINGLE:
        particular = next((each for each in found if each.key == key), None)
        stated = str(getattr(meta, key))
        if particular is None:
            continue
        if not stated:
            filled[key] = particular.value
        elif not _agree(key, stated, particular.value):
            conflicts.append(Conflict(source, key, stated, particular.value, particular.sentence))
    issuers = [particular for particular in found if particular.key == "issuer"]
    if issuers and not meta.issuer:
        filled["issuer"] = tuple(particular.value for particular in issuers)
    elif issuers and not _same_bodies(meta.issuer, [particular.value for particular in issuers]):
        names = "、".join(particular.value for particular in issuers)
        conflicts.append(Conflict(source, "issuer", "、".join(meta.issuer), names, issuers[0].sentence))
    killed = tuple(dict.fromkeys(p.value for p in found if p.key == "repeals" and p.detail != "原"))
    if killed and not meta.replaces:
        filled["replaces"] = killed
    return replace(meta, **filled), tuple(conflicts)


def _agree(key: str, stated: str, found: str) -> bool:
    if key in DATES:
        return stated.startswith(found) or found.startswith(stated)
    if key == "doc_number":
        return number_key(stated) == number_key(found) or not number_key(stated)
    return stated == found or (key == "status" and stated in UNDECIDED)


def _same_bodies(stated: Sequence[str], found: Sequence[str]) -> bool:
    """The text names no body that front matter lacks; 中国人民银行等八部门 holds them all."""
    known = {official_name(name) for name in stated}
    return any("等" in name for name in stated) or {official_name(name) for name in found} <= known
