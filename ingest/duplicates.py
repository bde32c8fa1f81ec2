"""One document for one text: copies under other names, drafts, reprints and digests step back behind the best."""

import hashlib
import re
from collections.abc import Callable, Hashable, Sequence
from dataclasses import replace
from pathlib import PurePosixPath

from rag.address import doc_number_key
from rag.normalise import fold
from rag.types import OTHER, Document

DRAFT = re.compile(r"征求意见稿|公开征求意见|草案(?!的)|送审稿|讨论稿|建议稿|二次审议稿")
REMARK = re.compile(
    r"[（(\[【][^（()）\]】]*(?:稿|草案|转载|扫描|副本|全文|附解读|网页版|存档|待核)[^（()）\]】]*[）)\]】]|\s|[《》“”\"]"
)
ENCLOSED = re.compile(r"^.*关于(?:印发|发布|公布|转发)《([^《》]+)》的(?:通知|公告|函)$")
COPY = re.compile(r"(?:[-_ ]?(?:副本|拷贝|copy)|[（(]\d{1,2}[)）])+$", re.IGNORECASE)
RECORDED = ("doc_number", "issuer", "issued", "published", "effective", "expires", "status", "region", "topics")
"""What a digest's metadata say of the text that it sums up."""
SHINGLE = 6
REPRINT, DRAFTED = 0.8, 0.4
"""Shared character shingles (Jaccard) from which two texts of one title or 文号 are the same policy: 0.8 tolerates a
converter's slips and a web page's rest; a draft differs from what was passed by whole sentences."""


def without_duplicates(documents: Sequence[Document]) -> tuple[tuple[Document, ...], dict[str, str]]:
    """The documents that stand, each with the names of those behind it; and for each of those the one in front."""
    behind: dict[str, str] = {}
    keys = (
        _text_key,
        lambda document: _title_key(document.title),
        lambda document: doc_number_key(document.meta.doc_number),
    )
    for group in (group for key in keys for group in _groups(documents, key)):
        members = sorted((d for d in group if d.source not in behind), key=lambda d: d.source)
        best = max(members, key=_worth, default=None)
        for document in members:
            if best and document is not best and _one_policy(document, best):
                behind[document.source] = best.source
    behind = {source: _front(source, behind) for source in behind}
    names: dict[str, list[Document]] = {}
    for document in documents:
        if document.source in behind:
            names.setdefault(behind[document.source], []).append(document)
    standing = (d for d in documents if d.source not in behind)
    return tuple(_fronting(d, names[d.source]) if d.source in names else d for d in standing), behind


def _fronting(document: Document, others: Sequence[Document]) -> Document:
    """The document with the names of those behind it, and what a digest of it records and it does not state."""
    meta = document.meta
    for digest in (other.meta for other in others if other.meta.basis and not meta.basis):
        lacking = {key: getattr(digest, key) for key in RECORDED if not getattr(meta, key)}
        meta = replace(meta, **lacking, layer=digest.layer if meta.group == OTHER else meta.layer)
    return replace(document, meta=replace(meta, names=tuple(sorted(other.source for other in others))))


def _front(source: str, behind: dict[str, str]) -> str:
    while source in behind:
        source = behind[source]
    return source


def _groups(documents: Sequence[Document], key: Callable[[Document], Hashable]) -> list[list[Document]]:
    """Two or more documents of one text, one title or one 文号."""
    groups: dict[Hashable, list[Document]] = {}
    for document in documents:
        groups.setdefault(key(document), []).append(document)
    return [group for value, group in groups.items() if value and len(group) > 1]


def _text_key(document: Document) -> bytes:
    return hashlib.sha256("".join(document.text.split()).encode()).digest()


def _title_key(title: str) -> str:
    """A title without brackets, remarks on the copy and the words of the notice that encloses it."""
    bare = REMARK.sub("", fold(COPY.sub("", title)))
    enclosed = ENCLOSED.match(fold(title))
    return REMARK.sub("", enclosed[1]) if enclosed else DRAFT.sub("", bare)


def _worth(document: Document) -> tuple[object, ...]:
    """What is passed before drafts, texts before digests, what has a 文号 and a layer before what has none; length."""
    meta = document.meta
    stated = bool(meta.doc_number) + bool(meta.issuer) + bool(meta.effective) + bool(meta.status)
    named = not COPY.search(PurePosixPath(document.source).stem)
    return (
        not _is_draft(document),
        not meta.basis,
        meta.group != OTHER,
        stated,
        named,
        len("".join(document.text.split())),
    )


def _is_draft(document: Document) -> bool:
    return bool(DRAFT.search(document.title) or DRAFT.search(PurePosixPath(document.source).stem))


def _one_policy(one: Document, other: Document) -> bool:
    """Two texts of one title or 文号 are one policy unless their 文号 or dates differ or their words do."""
    if _text_key(one) == _text_key(other):
        return True
    if _sums_up(one, other):
        return True
    drafted = _is_draft(one) or _is_draft(other)
    if not drafted and _distinct(one, other):
        return False
    return _shared(one.text, other.text) >= (DRAFTED if drafted else REPRINT)


def _sums_up(digest: Document, other: Document) -> bool:
    """One is a digest of this version of the other; what is shorter is no full text of it.

    An amended law keeps the 施行日期 of its first version, so the day of its last amendment settles the version.
    """
    one, two = digest.meta, other.meta
    if not one.basis or two.basis or len(other.text) <= len(digest.text):
        return False
    titles = sorted((_title_key(digest.title), _title_key(other.title)), key=len)
    if not titles[0] or not titles[1].endswith(titles[0]):
        return False
    numbers = [doc_number_key(meta.doc_number) for meta in (one, two) if meta.doc_number]
    if one.issued and one.issued == two.issued:
        return len(set(numbers)) <= 1
    tied = (one.effective and one.effective == two.effective) or len(numbers) > len(set(numbers))
    return bool(tied) and not _distinct(digest, other)


def _distinct(one: Document, other: Document) -> bool:
    numbers = {doc_number_key(d.meta.doc_number) for d in (one, other)} - {""}
    dates = [{getattr(d.meta, key) for d in (one, other)} - {""} for key in ("issued", "effective")]
    layers = {d.meta.group for d in (one, other)} - {OTHER}
    return len(numbers) > 1 or any(len(found) > 1 for found in dates) or len(layers) > 1


def _shared(one: str, other: str) -> float:
    """Jaccard similarity of the character shingles of two texts."""
    first, second = _shingles(one), _shingles(other)
    return len(first & second) / len(first | second) if first and second else 0.0


def _shingles(text: str) -> set[str]:
    squeezed = "".join(text.split())
    return {squeezed[i : i + SHINGLE] for i in range(max(1, len(squeezed) - SHINGLE + 1))}
