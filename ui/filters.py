"""The folded filters of the 问答 tab: six multi-selects, a line that names what is chosen, one way to clear."""

from collections.abc import Mapping
from typing import Any

import gradio as gr

from rag.types import Filters
from ui import texts
from ui.markup import escape, tag

QUIET: dict[str, Any] = {"show_progress": "hidden", "api_visibility": "private"}
"""How every event of the page is registered: no spinner over the text, no public route."""


class FilterFields:
    """Builds the filters inside the current gr.Blocks and reads them back as rag.types.Filters."""

    def __init__(self) -> None:
        self._titles: Mapping[str, str] = {}
        with gr.Accordion(texts.FILTERS, open=False, elem_id="kb-filters"):
            gr.Markdown(texts.FILTERS_NOTE, elem_id="kb-filters-note")
            with gr.Row(elem_id="kb-filter-grid"):
                self._fields = {name: _dropdown(name) for name in texts.FILTER_LABELS}
        with gr.Row(elem_id="kb-active-row", visible=False) as self._row:
            self._active = gr.Markdown(
                elem_id="kb-active-filters", sanitize_html=True, latex_delimiters=[], container=False
            )
            self._clear = gr.Button(texts.FILTERS_CLEAR, elem_id="kb-clear", size="sm", min_width=0)

    @property
    def ordered(self) -> list[gr.Dropdown]:
        """The dropdowns, in the order of the fields of Filters."""
        return list(self._fields.values())

    @property
    def components(self) -> set[Any]:
        """The dropdowns, for the inputs of an event."""
        return set(self.ordered)

    def choices(self, facets: Filters, titles: Mapping[str, str]) -> dict[Any, Any]:
        """Updates that offer every value that the library holds; documents are named by their titles."""
        self._titles = titles
        updates = {}
        for name, field in self._fields.items():
            values = getattr(facets, name)
            offered = [(titles.get(value, value), value) for value in values] if name == "sources" else list(values)
            updates[field] = gr.update(choices=offered)
        return updates

    def chosen(self, values: Mapping[Any, Any]) -> Filters:
        """The filters as chosen in the page."""
        return Filters(**{name: tuple(values[field] or ()) for name, field in self._fields.items()})

    def listen(self) -> None:
        """Keep the line of active filters true."""
        gr.on(
            [field.change for field in self.ordered],
            self._described,
            self.components,
            [self._row, self._active],
            **QUIET,
        )
        self._clear.click(lambda: [[] for _ in self._fields], None, self.ordered, **QUIET)

    def _described(self, values: Mapping[Any, Any]) -> tuple[Any, str]:
        chosen = self.chosen(values)
        return gr.update(visible=bool(chosen)), self.description(chosen)

    def description(self, chosen: Filters) -> str:
        """One line that names the active filters, '' where there are none."""
        parts = []
        for name, (label, _) in texts.FILTER_LABELS.items():
            values = [self._titles.get(value, value) for value in getattr(chosen, name)]
            if values:
                several = texts.FILTER_MORE.format(first=values[0], count=len(values))
                named = several if len(values) > 2 else "、".join(values)
                parts.append(tag("span", escape(texts.FILTER_ACTIVE.format(label=label, values=named))))
        return tag("div", tag("b", texts.FILTERS_ACTIVE), *parts, class_="kb-chosen") if parts else ""


def _dropdown(name: str) -> gr.Dropdown:
    label, explanation = texts.FILTER_LABELS[name]
    return gr.Dropdown(
        [], label=label, info=explanation, multiselect=True, filterable=True, min_width=180, elem_classes="kb-filter"
    )
