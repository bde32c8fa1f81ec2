"""Small labels: where a citation stands."""

import pytest

from rag.types import Citation
from ui.badges import place_of


@pytest.mark.parametrize(
    ("label", "page", "place"), [("第3条", 12, "第3条 第12页"), ("第3条", 0, "第3条"), ("", 2, "第2页"), ("", 0, "")]
)
def test_place_of_a_citation(label: str, page: int, place: str) -> None:
    assert place_of(Citation(1, "a.pdf", "办法", label, "甲。", 0, 2, page=page)) == place
