"""Laws as they are, as converters leave them, and as hypothesis assembles them: every clause once, in order."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ingest.chunk import embedding_text, split_chunks, table_header
from ingest.structure.references import references
from ingest.structure.sentences import split_sentences
from ingest.structure.tree import parse_blocks, sections_of
from rag.numerals import chinese_numeral
from rag.types import Document
from tests.conftest import ROOT
from tests.fakes import HashingEmbedder

ALL = sorted((ROOT.parent / "shared" / "laws").glob("*.txt"))
LAWS = [path for path in ALL if "wenjian" not in path.stem]
ABSENT = "../shared/laws is absent: the full texts of laws are kept outside the repository"
ARTICLE_LINE = re.compile(r"(?m)^第([一二三四五六七八九十百]+)条[ \u3000]")
COUNT, WINDOW = HashingEmbedder().count_tokens, HashingEmbedder.window


def law_id(path: Path) -> str:
    return path.stem


def law(path: Path) -> str:
    text = path.read_text(encoding="utf-8").replace("<!-- INFO END -->", "")
    return text.split("\n", 1)[1].lstrip("\ufeff")  # the first line is the address of the text, not its own


def labels_of(text: str) -> list[str]:
    return [section.label for section in sections_of(text, parse_blocks(text)) if re.match(r"第\d+条", section.label)]


def articles_of(text: str) -> list[str]:
    return [label for label in labels_of(text) if label.endswith("条") or re.search(r"条之\d+$", label)]


def headings_of(text: str) -> list[str]:
    return [re.sub(r"[\s\u3000]", "", b.path[-1]) for b in parse_blocks(text) if b.kind == "heading"]


def assert_sound(text: str, window: int = WINDOW) -> None:
    """Covered once, offsets exact, nothing beyond the window, whatever the text is."""
    blocks = parse_blocks(text)
    assert all(a.end <= b.start for a, b in pairwise(blocks))
    assert re.sub(r"\s", "", "".join(text[b.start : b.end] for b in blocks)) == re.sub(r"\s", "", text)
    sentences = split_sentences(text, blocks)
    assert all(text[s.start : s.end] == s.text for s in sentences)
    assert all(a.end <= b.start for a, b in pairwise(sentences))
    document = Document("policies/示例.txt", "示例条例", text)
    chunks = split_chunks(document, blocks, COUNT, window)
    assert "".join(chunk.text for chunk in chunks) == text
    assert all(text[chunk.start : chunk.end] == chunk.text for chunk in chunks)
    assert all(len(embedding_text(c, table_header(document, blocks, c))) <= window for c in chunks)
    sections = sections_of(text, blocks)
    assert all(0 <= section.start < section.end <= len(text) for section in sections)
    for reference in references(text, sections):
        assert 0 <= reference.start < reference.end <= len(text)


def glued(text: str) -> str:
    return re.sub(r"(?<=[。；])\n+(?=第[一二三四五六七八九十百]+条[ \u3000])", "", text)


def glued_without_blanks(text: str) -> str:
    return ARTICLE_LINE.sub(lambda m: m[0].strip(), glued(text))


def with_markdown_headings(text: str) -> str:
    return ARTICLE_LINE.sub(lambda m: f"### {m[0]}", text)


def with_titles_in_brackets(text: str) -> str:
    return ARTICLE_LINE.sub(lambda m: f"{m[0].strip()}【标题】", text)


def in_bold(text: str) -> str:
    return ARTICLE_LINE.sub(lambda m: f"**{m[0].strip()}**\u3000", text)


def with_spaced_numbers(text: str) -> str:
    return ARTICLE_LINE.sub(lambda m: " ".join(m[0].strip()) + "\u3000", text)


def with_colons(text: str) -> str:
    return ARTICLE_LINE.sub(lambda m: f"{m[0].strip()}：", text)


def printed_twice(text: str) -> str:
    return ARTICLE_LINE.sub(lambda m: f"{m[0].strip()}{m[0]}", text)


def without_blank_lines(text: str) -> str:
    return re.sub(r"\n+", "\n", text)


def with_plain_headings(text: str) -> str:
    return re.sub(r"(?m)^#+\s*", "", text)


def with_contents(text: str) -> str:
    chapters = re.findall(r"(?m)^## (第.*)$", text)
    return text.replace("## 第一章", "目\u3000录\n" + "\n".join(chapters) + "\n\n## 第一章", 1)


def with_page_numbers_in_contents(text: str) -> str:
    chapters = [f"{name}{'…' * 6}{n}" for n, name in enumerate(re.findall(r"(?m)^## (第.*)$", text), 1)]
    return with_plain_headings(text).replace("第一章", "目录\n" + "\n".join(chapters) + "\n\n第一章", 1)


def with_titles_below(text: str) -> str:
    return re.sub(r"(?m)^## (第.+?章)\s+(.*)$", r"\1\n\2", text)


SAME_CLAUSES = [
    glued,
    glued_without_blanks,
    with_markdown_headings,
    with_titles_in_brackets,
    in_bold,
    with_spaced_numbers,
    with_colons,
    printed_twice,
    without_blank_lines,
    with_plain_headings,
    with_contents,
    with_page_numbers_in_contents,
    with_titles_below,
]


def wrapped(text: str, width: int) -> str:
    """Every line broken after so many characters, as a page does it."""
    return re.sub(rf"(?m)^((?!#).{{{width}}})", r"\1\n", re.sub(rf"([^\n]{{{width}}})(?=[^\n])", r"\1\n", text))


@pytest.mark.skipif(not LAWS, reason=ABSENT)
class TestRealLaws:
    @pytest.mark.parametrize("path", ALL, ids=law_id)
    def test_everything_is_covered_and_fits(self, path: Path) -> None:
        assert_sound(law(path))

    @pytest.mark.parametrize("path", LAWS, ids=law_id)
    def test_every_article_once_in_order_and_every_heading_once(self, path: Path) -> None:
        text = law(path)
        count = len(ARTICLE_LINE.findall(text))
        assert articles_of(text) == [f"第{n}条" for n in range(1, count + 1)]
        expected = [re.sub(r"\s", "", name) for name in re.findall(r"(?m)^#+ (.*)$", text)]
        assert headings_of(text) == expected

    @pytest.mark.parametrize("path", LAWS, ids=law_id)
    def test_points_count_from_one_in_each_paragraph(self, path: Path) -> None:
        labels = [label for label in labels_of(law(path)) if label.endswith("项")]
        assert len(labels) == len(set(labels)), "no 项 has two places"
        for label in labels:
            number = int(re.search(r"第(\d+)项$", label)[1])  # type: ignore[index]
            before = re.sub(r"\d+项$", f"{number - 1}项", label)
            assert number == 1 or before in labels, label

    @pytest.mark.parametrize("change", SAME_CLAUSES, ids=lambda change: change.__name__)
    @pytest.mark.parametrize("path", LAWS, ids=law_id)
    def test_converters_change_no_clause(self, path: Path, change: Callable[[str], str]) -> None:
        text = law(path)
        assert labels_of(change(text)) == labels_of(text)
        chapters = [name for name in headings_of(text) if name.startswith("第")]
        assert [name for name in headings_of(change(text)) if name.startswith("第")] == chapters

    @pytest.mark.parametrize("width", [24, 31, 40])
    @pytest.mark.parametrize("path", LAWS, ids=law_id)
    def test_hard_wraps_change_no_article(self, path: Path, width: int) -> None:
        text = law(path)
        assert articles_of(wrapped(text, width)) == articles_of(text)

    @pytest.mark.parametrize(("first", "second"), [*pairwise(LAWS)], ids=lambda path: path.stem)
    def test_two_laws_in_one_file(self, first: Path, second: Path) -> None:
        one, other = law(first), with_plain_headings(law(second))
        text = f"{one}\n\n附件\n\n{other}"
        assert labels_of(text) == labels_of(one) + labels_of(other)
        headings = [b.path[:2] for b in parse_blocks(text) if b.article]
        name = re.sub(r"\s", "", other.strip().split("\n", 1)[0])
        assert headings[-1][1] == f"附件 {name}", "the second text stands under its own heading"


REFERENCES = [
    "依照本法第八条、前款规定",
    "违反本条例第九条第一款规定",
    "第十条至第十三条规定的情形",
    "前款第（三）项规定的条件",
    "按照《示例法》第二十条",
    "根据第三十条第二款第（一）项",
    "适用本办法第二章规定",
]
SENTENCES = ["商业银行应当依法经营", "有关部门应当配合", "国家鼓励县域金融发展", *REFERENCES]
LAYOUTS = ["第{c}条 ", "第{c}条\u3000", "第{a}条 ", "**第{c}条** ", "第{c}条：", "### 第{c}条 ", "第{c}条【标题】"]


@dataclass(frozen=True)
class Assembled:
    """A text and the labels of its clauses."""

    text: str
    labels: list[str]


def statement(chance: Random) -> str:
    return "，".join(chance.choices(SENTENCES, k=chance.randint(1, 4)))


def paragraph_of(label: str, chance: Random) -> tuple[str, list[str]]:
    """A 款 with or without a list, its items on lines of their own or in one line."""
    count = chance.choice([0, 0, 0, 2, 3, 12])
    if not count:
        return statement(chance) + "。", [label]
    labels, pieces = [label], [statement(chance) + "，应当具备下列条件："]
    for n in range(1, count + 1):
        labels.append(f"{label}第{n}项")
        below = chance.choice([0, 0, 0, 2])
        pieces.append(f"（{chinese_numeral(n)}）{statement(chance)}{'：' if below else '。' if n == count else '；'}")
        for m in range(1, below + 1):
            labels.append(f"{label}第{n}项第{m}目")
            pieces.append(f"{m}.{statement(chance)}{'。' if (n, m) == (count, below) else '；'}")
    return chance.choice(["", "\n"]).join(pieces), labels


def assembled(seed: int) -> Assembled:
    """Articles of 款, 项 and 目 with references strewn in, glued here and there."""
    chance = Random(seed)
    text, labels = chance.choice(["", "# 示例条例\n\n", "示例条例\n（2020年1月1日公布）\n"]), []
    layout = chance.choice(LAYOUTS)
    for number in range(1, chance.randint(1, 25) + 1):
        if number % 6 == 1 and chance.random() < 0.5:
            text = text.rstrip("\n") + f"\n第{chinese_numeral(number // 6 + 1)}章 经营规则\n"
        if text.endswith("。\n") and "#" not in layout and chance.random() < 0.5:
            text = text[:-1]
        text += layout.format(c=chinese_numeral(number), a=number)
        labels.append(f"第{number}条")
        for paragraph in range(1, chance.randint(1, 3) + 1):
            body, below = paragraph_of(f"第{number}条第{paragraph}款", chance)
            text += body + "\n"
            labels.extend(below)
    return Assembled(text, labels)


LAW = st.integers(0, 10**9).map(assembled)


class TestAssembledLaws:
    @settings(max_examples=80, deadline=None)
    @given(LAW)
    def test_every_clause_once_and_in_order(self, law: Assembled) -> None:
        assert labels_of(law.text) == law.labels
        assert all(re.match("示例条例|第.+章经营规则", name) for name in headings_of(law.text))

    @settings(max_examples=40, deadline=None)
    @given(LAW)
    def test_offsets_are_exact(self, law: Assembled) -> None:
        assert_sound(law.text)

    @settings(max_examples=40, deadline=None)
    @given(LAW, LAW)
    def test_an_annex_begins_again(self, first: Assembled, second: Assembled) -> None:
        text = f"{first.text}\n附件1\n实施细则\n{second.text}"
        if len([label for label in second.labels if label.endswith("条")]) > 1:
            assert labels_of(text) == first.labels + second.labels
