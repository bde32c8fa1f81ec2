"""The nouns of the house."""

import dataclasses
import inspect

import pytest

from rag import types
from rag.types import BINDING, FIGURES, OPINION, OTHER, Answer, Chunk, DocumentMeta, Filters

CLASSES = [kind for _, kind in inspect.getmembers(types, dataclasses.is_dataclass)]


@pytest.mark.parametrize("kind", CLASSES, ids=lambda kind: kind.__name__)
def test_they_are_frozen_and_slotted(kind: type) -> None:
    assert kind.__dataclass_params__.frozen
    assert "__slots__" in vars(kind)


@pytest.mark.parametrize(
    ("layer", "group"),
    [
        ("法律", BINDING),
        ("地方政策", BINDING),
        ("论文观点", OPINION),
        ("数据案例", FIGURES),
        ("其他资料", OTHER),
        ("?", OTHER),
    ],
)
def test_layers_are_shown_in_groups(layer: str, group: str) -> None:
    assert DocumentMeta(layer=layer).group == group


def test_an_opinion_is_never_binding() -> None:
    assert [layer for layer, group in types.LAYER_GROUPS.items() if group == OPINION] == ["论文观点"]


@pytest.mark.parametrize(
    ("meta", "year"),
    [
        (DocumentMeta(issued="2024-02-19", published="2025-01-01"), "2024"),
        (DocumentMeta(published="2025", effective="2026-01-01"), "2025"),
        (DocumentMeta(effective="2026-01"), "2026"),
        (DocumentMeta(), ""),
    ],
)
def test_the_year_of_a_document(meta: DocumentMeta, year: str) -> None:
    assert meta.year == year


def test_empty_filters_restrict_nothing() -> None:
    assert not Filters()
    assert all(Filters(**{field.name: ("x",)}) for field in dataclasses.fields(Filters))


def test_a_chunk_knows_its_end_and_its_breadcrumb() -> None:
    chunk = Chunk("id", "s.md", "题", ("第一章", "第一节"), 10, "正文")
    assert (chunk.end, chunk.breadcrumb) == (12, "题 › 第一章 › 第一节")


def test_an_answer_is_a_refusal_until_something_is_found() -> None:
    assert not Answer("问").found
