"""Fourth step: front matter -> title and DocumentMeta; every key and value is checked."""

import datetime
import re
from collections.abc import Mapping, Sequence
from pathlib import PurePosixPath
from typing import Any

from ingest.load import RawFile
from ingest.stated.plain import Particular
from rag import texts
from rag.errors import UnreadableFile
from rag.numerals import DIGITS
from rag.types import LAYER_GROUPS, Document, DocumentMeta

TEXT_KEYS = {"title", "doc_number", "status", "layer", "region", "basis", "source_url", "author"}
SHELF_KEYS = {"id", "fetched", "official_of", "superseded_by"}
"""Keys that say where a file comes from, not what its text is."""
DATE_KEYS = {"issued", "published", "effective", "expires"}
LIST_KEYS = {"issuer", "topics", "replaces", "replaced_by"}
STATUSES = {"现行有效", "待核", "阶段性", "已修改", "已失效", "已废止", "尚未施行"}
FOLDER_LAYERS = {"paper": "论文观点", "statistics": "数据案例", "policies": "政策规定"}
DATE = re.compile(r"\d{4}(-\d{2}(-\d{2})?)?$")
TITLE_LIMIT = 120
OF_A_PART = re.compile(rf"\s*(?:第[{DIGITS}]+[编章节条]|[一二三四五六七八九十]+、|目\s*录|附\s*[件录则表]|前\s*言)")
"""Headings that name a part of a text, not the text."""


def make_document(raw: RawFile, found: Sequence[Particular] = ()) -> Document:
    """Build the document; `found` is what the text says of itself.

    Raises UnreadableFile for an unknown key or an unusable value.
    """
    values = {key: _checked(raw, key, value) for key, value in raw.front_matter.items()}
    title = str(values.pop("title", "") or _title(raw, found))
    values = {key: value for key, value in values.items() if key not in SHELF_KEYS}
    values.setdefault("layer", FOLDER_LAYERS.get(PurePosixPath(raw.source).parts[0], "其他资料"))
    if values["layer"] == "论文观点":
        values.setdefault("author", _author(raw.body))
    return Document(raw.source, title, raw.body, DocumentMeta(**values), raw.pages)


def stated_days(front_matter: Mapping[str, Any]) -> dict[str, str]:
    """The whole days of issue and publication of front matter; a notice (发〔2024〕1号) is public when it is issued."""
    days = {key: str(front_matter.get(key) or "") for key in ("published", "issued")}
    if "〔" in str(front_matter.get("doc_number", "")):
        days["published"] = days["published"] or days["issued"]
    return {key: day for key, day in days.items() if len(day) == len("2024-01-01") and _is_date(day)}


def _checked(raw: RawFile, key: str, value: Any) -> Any:
    if key not in TEXT_KEYS | DATE_KEYS | LIST_KEYS | SHELF_KEYS:
        raise _problem(raw, key, texts.KEY_UNKNOWN.format(key=key), texts.CURE_KEY)
    if key in LIST_KEYS:
        members = value if isinstance(value, list) else [value]
        return tuple(str(member) for member in members if member is not None)
    text = str(value if value is not None else "")
    if key in DATE_KEYS and text and not _is_date(text):
        raise _problem(raw, key, texts.DATE_UNREADABLE.format(key=key, value=text), texts.CURE_DATE)
    if key == "layer" and text not in LAYER_GROUPS:
        raise _problem(raw, key, texts.LAYER_UNKNOWN.format(value=text), "、".join(LAYER_GROUPS))
    if key == "status" and text not in STATUSES:
        raise _problem(raw, key, texts.STATUS_UNKNOWN.format(value=text), "、".join(sorted(STATUSES)))
    return text


def _is_date(text: str) -> bool:
    """A year, a month or a day that the calendar has."""
    try:
        datetime.date.fromisoformat((text + "-01-01")[:10])
    except ValueError:
        return False
    return bool(DATE.fullmatch(text))


def _problem(raw: RawFile, key: str, message: str, cure: str) -> UnreadableFile:
    return UnreadableFile(raw.source, message, line=raw.lines.get(str(key), 1), cure=cure)


def _title(raw: RawFile, found: Sequence[Particular]) -> str:
    """The first heading of a Markdown text that is one of the whole, else its own words, else the file's name."""
    for line in raw.body.splitlines()[:40]:
        heading = re.match(r"#\s+(.+)", line)
        if heading and not OF_A_PART.match(heading[1]):
            return heading[1].strip()[:TITLE_LIMIT]
    stated = next((particular.value for particular in found if particular.key == "title"), "") or raw.title
    return stated[:TITLE_LIMIT] or PurePosixPath(raw.source).stem


def _author(body: str) -> str:
    """The first short line of 汉字 below the title, as papers print their author."""
    for line in body.splitlines()[:20]:
        if re.fullmatch(r"[\u4e00-\u9fff·]{2,4}(?:[,，、\s]+[\u4e00-\u9fff·]{2,4}){0,5}", line.strip()):
            return line.strip()
    return ""
