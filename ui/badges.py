"""Small labels shared by answers and the source panel: layer, validity, date, title."""

from rag.texts import ON_PAGE
from rag.types import BINDING, FIGURES, OPINION, Citation, DocumentMeta
from ui import texts
from ui.markup import escape, tag

LAYER_CLASSES = {BINDING: "binding", OPINION: "opinion", FIGURES: "figures"}
STATUS_CLASSES = {"现行有效": "good", "已失效": "bad", "已废止": "bad", "已修改": "warn", "待核": "warn"}


def layer_badge(group: str) -> str:
    """The coloured name of an answer layer."""
    return tag("span", escape(group), class_=f"kb-layer kb-{LAYER_CLASSES.get(group, 'other')}")


def status_badge(status: str) -> str:
    """The validity of a document; nothing where it is unknown."""
    return tag("span", escape(status), class_=f"kb-status kb-{STATUS_CLASSES.get(status, 'plain')}") if status else ""


def date_in_force(meta: DocumentMeta) -> str:
    """The date that matters most, with the word that says what it is: effect, then issue, then publication."""
    for name, suffix in texts.DATE_SUFFIX.items():
        if value := getattr(meta, name):
            return f"{value} {suffix}"
    return ""


def place_of(citation: Citation) -> str:
    """Clause or heading of a citation, and the page of its file."""
    page = ON_PAGE.format(page=citation.page) if citation.page else ""
    return " ".join(part for part in (citation.label, page) if part)


def in_title_marks(title: str) -> str:
    """《title》, unless it already carries title marks at its start."""
    return title if title.startswith("《") else f"《{title}》"
