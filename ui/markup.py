"""The only place where text becomes HTML: everything is escaped, nothing spans two lines."""

import html
import re

UNSEEN = re.compile("[\u200b\u202a-\u202e\u2060-\u2069\ufeff]")
"""Characters that reorder or hide text; a document must not be able to change what is read."""
CONTROL = re.compile("[\x00-\x09\x0b-\x1f\x7f\x85\u2028\u2029]")


def escape(text: str) -> str:
    """Escape for element content and attributes, on one line: Gradio's Markdown ends HTML at a blank line."""
    plain = CONTROL.sub(" ", UNSEEN.sub("", text))
    return html.escape(plain, quote=True).replace("\n", "&#10;")


def tag(name: str, *children: str, **attributes: str) -> str:
    """An element around HTML that is already safe; attribute values are escaped, empty ones left out."""
    written = "".join(f' {key.rstrip("_")}="{escape(value)}"' for key, value in attributes.items() if value)
    return f"<{name}{written}>{''.join(children)}</{name}>"


def button(value: str, *children: str, class_: str, title: str = "") -> str:
    """A button that page.js reports to the server by its value."""
    return tag("button", *children, type="button", value=value, class_=class_, title=title)


def hidden(*children: str) -> str:
    """Words for a screen reader only (the page's sanitizer removes aria attributes)."""
    return tag("span", *children, class_="kb-unseen")
