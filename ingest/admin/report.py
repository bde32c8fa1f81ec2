"""The published index as one page that needs nothing beside itself: every document, its pages, clauses and proofs."""

import json
from collections import Counter
from collections.abc import Iterable
from dataclasses import fields
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from ingest.admin import texts
from ingest.admin.lineage import HEIGHT, WIDTH, lineage
from ingest.admin.overview import ARTICLE, Overview, open_catalog
from ingest.admin.overview import quality as page_quality
from ingest.admin.terminal import moment
from ingest.formats import quality
from ingest.plan import Progress
from rag.catalog import Catalog
from rag.config import Config
from rag.types import LAYER_GROUPS, Document, DocumentMeta, Page, Section

TEMPLATE = "report.html"
AROUND = 30
"""Characters shown on either side of words that prove something."""
ENDS = "。；！？\n"
LABELS = {
    "title": "题名",
    "layer": "层级",
    "doc_number": "文号",
    "issuer": "发文机关",
    "issued": "成文日期",
    "published": "公布日期",
    "effective": "施行日期",
    "expires": "有效期至",
    "status": "效力",
    "region": "适用地区",
    "topics": "主题",
    "basis": "整理依据",
    "source_url": "来源",
    "replaces": "替代",
    "replaced_by": "被替代",
    "repeals": "废止",
    "amends": "修改",
    "author": "作者",
    "names": "同一文件",
}
FAULTS = {
    quality.NO_TEXT: "没有文字",
    quality.GARBLED: "乱码",
    quality.GLUED_NUMBERS: "数字粘连",
    quality.BROKEN_TABLE: "表格错乱",
    quality.DAMAGED: "页面损坏",
}


def write_report(config: Config, overview: Overview, path: Path, progress: Progress) -> None:
    """Write the page. Raises IndexMissing where nothing has been published."""
    with open_catalog(config) as catalog:
        rows = []
        for done, row in enumerate(overview.rows, 1):
            rows.append((row, details(catalog, row.source)))
            progress(texts.STAGE_REPORT, done, len(overview.rows))
        drawing = lineage(catalog.titles, catalog.metas)
    layers = [layer for layer in LAYER_GROUPS if any(row.layer == layer for row, _ in rows)]
    qualities = Counter(page[3] for _, detail in rows for page in detail["pages"])
    page = _environment().get_template(TEMPLATE)
    values = {"overview": overview, "rows": rows, "layers": layers, "drawing": drawing, "pages": qualities}
    path.parent.mkdir(parents=True, exist_ok=True)
    built = moment(overview.created)
    path.write_text(page.render(**values, built=built, box=(WIDTH, HEIGHT), wrapped=wrapped), encoding="utf-8")


def _environment() -> Environment:
    loader = FileSystemLoader(Path(__file__).parent)
    page = Environment(loader=loader, autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True)
    page.filters["embedded"] = embedded
    return page


def embedded(data: Any) -> Markup:
    """JSON that may stand inside a script element: nothing in it can end the element."""
    text = json.dumps(data, ensure_ascii=False, separators=(",", ":"))
    return Markup(text.replace("&", r"\u0026").replace("<", r"\u003c").replace(">", r"\u003e"))


def wrapped(title: str, width: int = 16) -> list[str]:
    """A title on at most two lines of so many 汉字, shortened where it is longer."""
    if len(title) <= width:
        return [title]
    rest = title[width:]
    return [title[:width], rest if len(rest) <= width else rest[: width - 1] + "…"]


def details(catalog: Catalog, source: str) -> dict[str, Any]:
    """All that the page shows of a document; positions count characters of its text."""
    document = catalog.document(source)
    chunks = sorted(catalog.chunks(catalog.chunk_ordinals(source)).values(), key=lambda chunk: chunk.start)
    return {
        "text": document.text,
        "meta": _metadata(catalog, document),
        "conflicts": [
            [LABELS.get(c.key, c.key), c.stated, c.found, _quoted(document.text, c.start, c.end)]
            for c in catalog.conflicts(source)
        ],
        "pages": [_page(page) for page in document.pages],
        "sections": _tree(catalog.sections(source)),
        "chunks": [[chunk.start, chunk.end, " › ".join(chunk.path)] for chunk in chunks],
        "links": [
            [document.text[k.start : k.end], catalog.titles.get(k.source, k.source), k.label, k.source]
            for k in catalog.links(source)
        ],
    }


def _metadata(catalog: Catalog, document: Document) -> list[list[Any]]:
    """[label, value, proofs] of every value that is known; a proof is [before, words, after, title of another]."""
    proofs: dict[str, list[list[str]]] = {}
    proven: dict[str, str] = {}
    for proof in catalog.proofs(document.source):
        own = proof.source == document.source
        proven.setdefault(proof.key, proof.value)
        text = document.text if own else catalog.document(proof.source).text
        quoted = _quoted(text, proof.start, proof.end)
        proofs.setdefault(proof.key, []).append([*quoted, "" if own else catalog.titles[proof.source]])
    values = {item.name: getattr(document.meta, item.name) for item in fields(DocumentMeta)}
    rows = []
    for key in dict.fromkeys(("title", *values, *proofs)):
        value = document.title if key == "title" else values.get(key, "")
        said = ("、".join(value) if isinstance(value, tuple) else value) or proven.get(key, "")
        if said or key in proofs:
            rows.append([LABELS.get(key, key), said, proofs.get(key, [])])
    return rows


def _quoted(text: str, start: int, end: int) -> list[str]:
    """[before, words, after]: the words with a little of their sentence on either side."""
    before, after = text[max(0, start - AROUND) : start], text[end : end + AROUND]
    before = before[max((before.rfind(mark) for mark in ENDS), default=-1) + 1 :]
    first = min((place for mark in ENDS if (place := after.find(mark)) >= 0), default=len(after))
    return [before, text[start:end], after[: first + 1].rstrip("\n")]


def _page(page: Page) -> list[Any]:
    faults = [FAULTS.get(fault, fault) for fault in page.faults]
    return [page.number, page.start, page.end, page_quality(page), faults, page.recognised]


def _tree(sections: Iterable[Section]) -> list[list[Any]]:
    """[depth, label, start, end, articles inside] of headings and articles; 款 and 项 stay inside their article."""
    kept = [s for s in sections if not s.label.startswith("第") or "条" not in s.label or ARTICLE.fullmatch(s.label)]
    starts = [s.start for s in kept if ARTICLE.fullmatch(s.label)]
    tree: list[list[Any]] = []
    open_ends: list[int] = []
    for section in kept:
        while open_ends and open_ends[-1] <= section.start:
            open_ends.pop()
        article = bool(ARTICLE.fullmatch(section.label))
        inside = -1 if article else sum(section.start <= start < section.end for start in starts)
        tree.append([len(open_ends), section.label, section.start, section.end, inside])
        if not article:
            open_ends.append(section.end)
    return tree
