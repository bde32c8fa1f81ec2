"""Chunks cover the text, keep their offsets, respect articles and the model's window."""

import re
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ingest.chunk import embedding_text, sentence_text, split_chunks, table_header
from ingest.structure.sentences import split_sentences
from ingest.structure.tree import parse_blocks
from rag.types import Chunk, Document
from tests.conftest import ROOT, SMALL_KB
from tests.fakes import HashingEmbedder

COUNT, WINDOW = HashingEmbedder().count_tokens, HashingEmbedder.window
TEXTS = [*sorted(SMALL_KB.rglob("*.md")), *sorted((ROOT.parent / "shared" / "laws").glob("*.txt"))]
PARAGRAPH = st.text("县域金融支持小微企业，。；（）《》“”12.3% \u3000", min_size=1, max_size=300)
LINE = st.one_of(
    PARAGRAPH,
    st.sampled_from(["# 题目", "## 1 现状", "## 1.2 问题", "一、总体要求", "（一）指导思想", "第一章 总则"]),
    st.builds("第{}条 {}".format, st.integers(1, 30), PARAGRAPH),
    st.builds("（{}）{}".format, st.sampled_from("一二三四五"), PARAGRAPH),
    st.builds("| {} | {} |".format, st.integers(), st.text("甲乙丙", max_size=20)),
    st.just("|---|---|"),
)


def document(text: str, title: str = "示例条例") -> Document:
    return Document("policies/示例.md", title, text)


def chunks_of(text: str, window: int = WINDOW, title: str = "示例条例") -> tuple[Chunk, ...]:
    return split_chunks(document(text, title), parse_blocks(text), COUNT, window)


def assert_sound(text: str, window: int = WINDOW) -> None:
    blocks, chunks = parse_blocks(text), chunks_of(text, window)
    assert "".join(chunk.text for chunk in chunks) == text
    assert all(text[chunk.start : chunk.start + len(chunk.text)] == chunk.text for chunk in chunks)
    embedded = [embedding_text(chunk, table_header(document(text), blocks, chunk)) for chunk in chunks]
    assert all(len(passage) <= window for passage in embedded)
    assert len({chunk.id for chunk in chunks}) == len(chunks)
    for chunk in chunks:
        inside = {(b.article, b.branch) for b in blocks if b.article and b.start < chunk.end and chunk.start < b.end}
        assert len(inside) <= 1, "a chunk never holds two articles"


class TestSoundness:
    @settings(max_examples=60, deadline=None)
    @given(st.lists(LINE, min_size=1, max_size=25).map("\n\n".join).filter(str.strip))
    def test_any_document(self, text: str) -> None:
        assert_sound(text)

    @settings(max_examples=30, deadline=None)
    @given(st.lists(LINE, min_size=1, max_size=12).map("\n".join).filter(str.strip), st.integers(380, 450))
    def test_a_narrow_window(self, text: str, window: int) -> None:
        assert_sound(text, window)

    @pytest.mark.parametrize("path", TEXTS, ids=lambda path: path.stem)
    def test_real_texts(self, path: Path) -> None:
        assert_sound(path.read_text(encoding="utf-8"))

    def test_a_text_without_any_stop_is_cut_all_the_same(self) -> None:
        assert_sound("县" * 3000)

    def test_blank_text_has_no_chunk(self) -> None:
        assert chunks_of("\n \n") == ()


class TestIdentity:
    def test_ids_are_stable_across_rebuilds(self) -> None:
        text = (SMALL_KB / "policies" / "青山省农业保险条例.md").read_text(encoding="utf-8")
        assert [chunk.id for chunk in chunks_of(text)] == [chunk.id for chunk in chunks_of(text)]

    def test_a_change_in_one_article_leaves_the_ids_of_the_others(self) -> None:
        text = "第一条 甲。\n\n第二条 乙。\n\n第三条 丙。\n"
        before = [chunk.id for chunk in chunks_of(text)]
        after = [chunk.id for chunk in chunks_of(text.replace("乙。", "乙乙乙。"))]
        assert [a == b for a, b in zip(before, after, strict=True)] == [True, False, True]

    def test_equal_texts_in_one_document_have_different_ids(self) -> None:
        repeated = "第一条 同样的话。\n\n"
        chunks = chunks_of(repeated + "第二条 别的话。\n\n" + repeated + "第三条 别的话。\n\n")
        assert len({chunk.id for chunk in chunks}) == len(chunks)

    def test_the_same_text_in_two_documents_has_two_ids(self) -> None:
        blocks = parse_blocks("甲。")
        one, other = (split_chunks(Document(s, "题", "甲。"), blocks, COUNT, WINDOW)[0] for s in ("a.md", "b.md"))
        assert one.id != other.id


class TestPlacement:
    def test_every_article_is_a_chunk_of_its_own(self) -> None:
        chunks = chunks_of("".join(f"第{n}条 短。\n\n" for n in range(1, 8)))
        assert [chunk.text.strip() for chunk in chunks] == [f"第{n}条 短。" for n in range(1, 8)]

    def test_small_neighbouring_sections_share_a_chunk(self) -> None:
        chunks = chunks_of("# 题\n\n## 甲\n\n一句。\n\n## 乙\n\n二句。\n")
        assert len(chunks) == 1
        assert chunks[0].path == ("题",), "only what holds for the whole chunk"

    def test_a_heading_stays_with_what_it_heads(self) -> None:
        text = f"## 甲\n\n{'前文。' * 150}\n\n## 乙\n\n{'后文。' * 150}\n"
        for chunk in chunks_of(text):
            assert not re.search(r"##\s\S+\s*$", chunk.text), "no heading at the end of a chunk"
        assert any(chunk.text.startswith("## 乙") and chunk.path == ("乙",) for chunk in chunks_of(text))

    def test_a_long_article_is_cut_at_its_points_or_sentences(self) -> None:
        points = "\n\n".join(f"（{n}）{'支持县域经济发展，' * 12}办理。" for n in "一二三四五六七八")
        chunks = chunks_of(f"第一条 条件：\n\n{points}\n", window=1000)
        assert len(chunks) > 1
        assert all(chunk.text.rstrip().endswith(("。", "：")) for chunk in chunks), [c.text[-20:] for c in chunks]


class TestEmbeddingText:
    def test_it_carries_title_and_headings_once_and_the_text_without_scars(self) -> None:
        chunk = Chunk(
            "id", "s", "示例条例", ("示例条例", "第一章 总则"), 0, "## 第一章 总则\n\n生态优化<sup>[1]</sup>。"
        )
        crumb, text = embedding_text(chunk).split("\n", 1)
        assert crumb == "示例条例 第一章 总则"
        assert re.sub(r"\s", "", text) == "第一章总则。生态优化。"

    def test_a_title_that_is_only_an_identifier_is_left_out(self) -> None:
        assert embedding_text(Chunk("id", "s", "doc_0001", (), 0, "正文。")) == "正文。"
        sentence = split_sentences("正文。", parse_blocks("正文。"))[0]
        assert sentence_text("doc_0001", sentence) == "正文。"
        assert sentence_text("示例条例", sentence).split() == ["示例条例", "正文。"]

    def test_a_long_breadcrumb_is_limited(self) -> None:
        chunk = Chunk("id", "s", "县" * 300, ("域" * 300,), 0, "正文。")
        assert len(embedding_text(chunk)) <= 120 + 1 + len("正文。")

    def test_a_table_split_over_chunks_carries_its_header_row(self) -> None:
        text = (SMALL_KB / "statistics" / "青山县涉农贷款余额.md").read_text(encoding="utf-8").split("---\n", 2)[2]
        blocks, chunks = parse_blocks(text), chunks_of(text)
        header = "| 时点 | 数字 | 同比 | 口径与发布 |"
        inside = [chunk for chunk in chunks if chunk.text.startswith("| 2")]
        assert inside, "the table is long enough to be split"
        for chunk in inside:
            carried = table_header(document(text), blocks, chunk)
            assert carried == header
            assert all(name in embedding_text(chunk, carried).split("2")[0] for name in re.findall("[一-龥]+", header))
            assert header not in chunk.text, "what is quoted is the text alone"
        assert not any(table_header(document(text), blocks, c) for c in chunks if header in c.text)

    def test_a_header_row_beyond_the_window_does_not_hang_the_ingest(self) -> None:
        header = "| " + " | ".join(f"二〇二四年第{n}季度涉农贷款余额" for n in range(60)) + " |"
        text = "\n".join([header, "|" + "---|" * 60, *("| " + " | ".join(["1"] * 60) + " |" for _ in range(20))])
        calls = 0

        def counted(passages: list[str]) -> list[int]:
            nonlocal calls
            calls += 1
            assert calls < 30, "split_chunks goes on for ever"
            return COUNT(passages)

        split_chunks(document(text), parse_blocks(text), counted, WINDOW)
