"""What surrounds recognition: marks mended by form only, boxes put into lines and columns, rules into cells."""

import cv2
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingest.formats.hygiene import Line
from ingest.formats.ocr_grids import ruled_tables
from ingest.formats.ocr_lines import Piece, sheet
from ingest.formats.ocr_repair import repaired, repaired_over_lines
from ingest.formats.rows import CONTINUED

TEXT = st.text("银发通知年月日号一O0o12024[](（）〔〕《》,.;:，。-— ab%\n", max_size=30)


class TestRepair:
    @pytest.mark.parametrize(
        ("read", "printed"),
        [
            ("银发[2024]23号", "银发〔2024〕23号"),
            ("银保监发（2021）6号", "银保监发〔2021〕6号"),
            ("示银规〈2023)105号文件", "示银规〔2023〕105号文件"),
            ("财金 [2019] 第7号", "财金〔2019〕第7号"),
            ("会议(2024)在京举行", "会议(2024)在京举行"),
            ("通知,自2024年起", "通知，自2024年起"),
            ("增长5%,高于", "增长5%，高于"),
            ("1,286.45亿元,增长", "1,286.45亿元，增长"),
            ("邮箱:a@b.cn", "邮箱：a@b.cn"),
            ("贷款(含贴现)余额", "贷款（含贴现）余额"),
            ("见附件(一", "见附件（一"),
            ("plain, English (text): 1,000", "plain, English (text): 1,000"),
            ("1O0万元、2,o00户", "100万元、2,000户"),
            ("OA办公", "OA办公"),
            ("1一8月", "1—8月"),
            ("第一条", "第一条"),
            ("-12-", "— 12 —"),
            ("余额 （亿元）", "余额（亿元）"),
        ],
    )
    def test_by_form(self, read: str, printed: str) -> None:
        assert repaired(read) == printed

    @given(TEXT)
    def test_once_is_enough_and_digits_and_han_stay(self, text: str) -> None:
        once = repaired(text)
        assert repaired(once) == once
        assert [c for c in once if c in "银发通知年月日号2"] == [c for c in text if c in "银发通知年月日号2"]

    @given(TEXT)
    def test_over_lines_keeps_every_place(self, text: str) -> None:
        assert len(repaired_over_lines(text)) == len(text)


def pieces(columns: list[tuple[float, float]], words: list[str], step: float = 50, shift: float = 0) -> list[Piece]:
    """Boxes in columns (left, right), row by row; the second column `shift` lower."""
    return [
        Piece(f"{word}{i}", left, 100 + step * row + shift * i, right, 140 + step * row + shift * i)
        for row, word in enumerate(words)
        for i, (left, right) in enumerate(columns)
    ]


def texts(found: list[Piece]) -> list[str]:
    return [item.text for item in sheet(found, [], (2000, 1400), 1).items if isinstance(item, Line)]


ROWS = [f"这一栏的第{sign}行" for sign in "甲乙丙丁戊己庚辛壬"]


class TestLines:
    def test_two_columns_are_read_one_after_the_other(self) -> None:
        found = texts(pieces([(100, 650), (750, 1300)], ROWS))
        assert found == [row + "0" for row in ROWS] + [row + "1" for row in ROWS]

    def test_what_runs_across_parts_the_columns(self) -> None:
        title = Piece("一个跨越两栏的标题", 400, 20, 1000, 70)
        assert texts([*pieces([(100, 650), (750, 1300)], ROWS), title])[0] == "一个跨越两栏的标题"

    def test_short_cells_at_one_height_are_rows(self) -> None:
        assert texts(pieces([(100, 300), (750, 950)], ROWS))[0] == f"{ROWS[0]}0 {ROWS[0]}1"

    def test_short_lines_at_different_heights_are_columns(self) -> None:
        found = texts(pieces([(100, 300), (750, 950)], ROWS, shift=20))
        assert found == [row + "0" for row in ROWS] + [row + "1" for row in ROWS]

    @given(st.permutations(pieces([(100, 650), (750, 1300)], ROWS)))
    def test_the_order_of_boxes_is_no_matter(self, shuffled: list[Piece]) -> None:
        assert texts(shuffled) == texts(pieces([(100, 650), (750, 1300)], ROWS))


def drawn(boxes: list[tuple[int, int, int, int]]) -> np.ndarray:
    page = np.full((2000, 1400), 250, np.uint8)
    for left, top, right, bottom in boxes:
        cv2.rectangle(page, (left, top), (right, bottom), 60, 2)
    return page


class TestGrids:
    def test_plain(self) -> None:
        cells = [(200 + 300 * c, 300 + 60 * r, 500 + 300 * c, 360 + 60 * r) for r in range(3) for c in range(2)]
        (table,) = ruled_tables(drawn(cells))
        assert table.rows([*"abcdef"]) == [["a", "b"], ["c", "d"], ["e", "f"]]
        assert table.bounds == pytest.approx((200, 300, 800, 480), abs=6)

    def test_merged_cells(self) -> None:
        """机构 over two rows, 2024年 over two columns."""
        cells = [(200, 300, 400, 420), (400, 300, 1000, 360), (400, 360, 700, 420), (700, 360, 1000, 420)]
        (table,) = ruled_tables(drawn(cells))
        assert table.rows([*"abcd"]) == [["a", "b", CONTINUED], ["a", "c", "d"]]

    def test_noise_and_gaps(self) -> None:
        cells = [(200 + 300 * c, 300 + 60 * r, 500 + 300 * c, 360 + 60 * r) for r in range(3) for c in range(2)]
        page = drawn(cells)
        page[:, 350:353] = 250
        noise = np.random.default_rng(1).normal(0, 8, page.shape)
        (table,) = ruled_tables(np.clip(page + noise, 0, 255).astype(np.uint8))
        assert len(table.cells) == 6

    @pytest.mark.parametrize(
        "boxes",
        [[], [(200, 300, 1000, 700)], [(200, 300, 1000, 302)], [(200, 300, 600, 700), (600, 300, 1000, 700)]],
    )
    def test_frames_and_lines_are_no_tables(self, boxes: list[tuple[int, int, int, int]]) -> None:
        assert ruled_tables(drawn(boxes)) == []

    def test_two_tables(self) -> None:
        cells = [
            (200 + 300 * c, top + 60 * r, 500 + 300 * c, top + 60 + 60 * r)
            for top in (300, 900)
            for r in range(2)
            for c in range(2)
        ]
        assert [table.bounds[1] for table in ruled_tables(drawn(cells))] == pytest.approx([300, 900], abs=6)
