"""References of a text with their offsets and the clauses that they point to."""

import re
from pathlib import Path

import pytest

from ingest.structure.references import Reference, references
from ingest.structure.tree import parse_blocks, sections_of
from tests.conftest import ROOT

LAWS = sorted((ROOT.parent / "shared" / "laws").glob("*.txt"))
LAW = """# 示例条例

## 第一章 总则

第一条 依据《中华人民共和国商业银行法》（以下简称《商业银行法》）制定本条例。

第二条 下列情形，从其规定：

（一）甲；

（二）乙；

（三）丙。

有{reference}情形的，从其规定。

第三条 丁。

## 第二章 监督

第四条 戊。
"""


def of(text: str) -> list[tuple[str, str, tuple[str, ...]]]:
    found = references(text, sections_of(text, parse_blocks(text)))
    return [(text[r.start : r.end], r.title, r.labels) for r in found]


def pointing(reference: str) -> list[tuple[str, str, tuple[str, ...]]]:
    return [found for found in of(LAW.format(reference=reference)) if "商业银行法" not in found[0]]


@pytest.mark.parametrize(
    ("reference", "labels"),
    [
        ("本条例第二条第二款", ("第2条第2款",)),
        ("第八条", ("第8条",)),
        ("第8条第2款", ("第8条第2款",)),
        ("第八条之一", ("第8条之1",)),
        ("第八条、第九条和第十一条第二款", ("第8条", "第9条", "第11条第2款")),
        ("第八条第一款、第三款", ("第8条第1款", "第8条第3款")),
        ("第十条至第十三条", ("第10条", "第11条", "第12条", "第13条")),
        ("第十、十一条", ("第10条", "第11条")),
        ("第二条第二项", ("第2条第1款第2项",)),
        ("第二条第一款第（一）项至第（三）项", ("第2条第1款第1项", "第2条第1款第2项", "第2条第1款第3项")),
        ("第八条第一款第（一）项第2目", ("第8条第1款第1项第2目",)),
        ("前款", ("第2条第1款",)),
        ("前款第（一）、（三）项", ("第2条第1款第1项", "第2条第1款第3项")),
        ("前条", ("第1条",)),
        ("本条第一款第一项、第二项", ("第2条第1款第1项", "第2条第1款第2项")),
        ("本条例第一章、第二章", ("第一章 总则", "第二章 监督")),
        ("第八\n条", ("第8条",)),
    ],
)
def test_clauses_of_the_same_text(reference: str, labels: tuple[str, ...]) -> None:
    assert pointing(reference) == [(reference, "", labels)]


@pytest.mark.parametrize("words", ["本条例", "前两条件", "第一项目", "基本条件", "第三方", "前三款"])
def test_what_only_looks_like_a_reference(words: str) -> None:
    assert pointing(words) == []


@pytest.mark.parametrize(
    ("reference", "title", "labels"),
    [
        ("《商业银行法》第三条第二款、第五条", "中华人民共和国商业银行法", ("第3条第2款", "第5条")),
        ("《中华人民共和国商业银行法》", "中华人民共和国商业银行法", ()),
        ("刑法第一百八十五条", "刑法", ("第185条",)),
    ],
)
def test_other_documents(reference: str, title: str, labels: tuple[str, ...]) -> None:
    assert of(LAW.format(reference=f"违反{reference}"))[-1] == (reference, title, labels)


def test_a_name_given_for_short_is_known_later() -> None:
    text = "根据《示例管理暂行办法》（以下简称暂行办法）制定。\n\n违反暂行办法第三条的，从其规定。"
    assert of(text)[-1] == ("暂行办法第三条", "示例管理暂行办法", ("第3条",))


def test_the_number_that_opens_an_article_is_no_reference() -> None:
    assert of("第一条 甲。\n\n**第二条** 乙。\n\n# 第三条 丙。\n") == []


@pytest.mark.skipif(not LAWS, reason="../shared/laws is absent: the full texts of laws are kept outside the repository")
@pytest.mark.parametrize("path", LAWS, ids=lambda path: path.stem)
def test_references_of_real_laws_point_to_clauses_that_are_there(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    sections = sections_of(text, parse_blocks(text))
    labels = {section.label for section in sections}
    found = references(text, sections)
    assert all(isinstance(r, Reference) and r.start < r.end for r in found)
    assert all(set(r.labels) <= labels for r in found if not r.title)
    # A statement of its own: each 前款 and each 本法第N条 of these texts is a reference.
    for match in re.finditer(r"前[两]?款|本(?:法|条例)第[一二三四五六七八九十百]+[条章]", text):
        assert any(r.start <= match.start() and match.end() <= r.end for r in found), match[0]
