"""Sheets: figures as shown, and a header over every group of rows."""

from datetime import date, datetime, time, timedelta
from pathlib import Path
from typing import Any

import pytest
from openpyxl import Workbook

from ingest import texts
from ingest.formats.sheet import EMPTY_FORMULAS, read
from ingest.formats.sheet_values import shown
from rag.errors import UnreadableFile


def saved(book: Workbook, tmp_path: Path) -> Path:
    path = tmp_path / "某.xlsx"
    book.save(path)
    return path


def sheet_lines(tmp_path: Path, rows: list[list[Any]], merged: tuple[str, ...] = ()) -> list[str]:
    book = Workbook()
    sheet = book.active
    sheet.title = "表"
    for row in rows:
        sheet.append(row)
    for area in merged:
        sheet.merge_cells(area)
    lines = read(saved(book, tmp_path)).text.splitlines()
    assert lines[0] == "## 表"
    return lines[1:]


class TestTables:
    def test_captions_above_notes_below_and_a_merged_header_of_two_rows(self, tmp_path: Path) -> None:
        rows = [
            ["表1 涉农贷款", None, None, None],
            ["编制单位：甲行", None, None, "单位：亿元"],
            ["地区", "2024年", None, "备注"],
            [None, "余额", "增速", None],
            ["东县", 1, "3%", "甲"],
            ["西县", 2, "4%", "乙"],
            ["注：不含市辖区。"],
        ]
        assert sheet_lines(tmp_path, rows, ("A1:D1", "A3:A4", "B3:C3", "D3:D4")) == [
            "表1 涉农贷款",
            "编制单位：甲行 单位：亿元",
            "| 地区 | 2024年·余额 | 2024年·增速 | 备注 |",
            "|---|---|---|---|",
            "| 东县 | 1 | 3% | 甲 |",
            "| 西县 | 2 | 4% | 乙 |",
            "注：不含市辖区。",
        ]

    def test_cells_merged_downwards_repeat_and_a_merged_cell_of_a_row_stands_once(self, tmp_path: Path) -> None:
        rows = [["市", "县", "户数"], ["甲市", "东县", 1], [None, "西县", 2], ["合计", None, 3]]
        assert sheet_lines(tmp_path, rows, ("A2:A3", "A4:B4"))[2:] == [
            "| 甲市 | 东县 | 1 |",
            "| 甲市 | 西县 | 2 |",
            "| 合计 |  | 3 |",
        ]

    @pytest.mark.parametrize(("count", "headers"), [(20, 1), (21, 2), (45, 3)])
    def test_the_header_and_its_caption_come_again_after_twenty_rows(
        self, tmp_path: Path, count: int, headers: int
    ) -> None:
        rows: list[list[Any]] = [["表2", None], ["县", "户数"], *([f"县{i}", i] for i in range(count))]
        lines = sheet_lines(tmp_path, rows)
        assert [lines.count(line) for line in ("表2", "| 县 | 户数 |", "|---|---|")] == [headers] * 3
        assert sum(line.startswith("| 县") for line in lines) == count + headers

    def test_empty_rows_and_columns_go_and_a_second_table_stands_apart(self, tmp_path: Path) -> None:
        rows = [
            ["机构", None, "户数"],
            ["甲", None, 3],
            [],
            ["合计", None, 9],
            [],
            ["表3 名单"],
            ["姓名", "岗位"],
            ["张", "经理"],
        ]
        assert sheet_lines(tmp_path, rows) == [
            *("| 机构 | 户数 |", "|---|---|", "| 甲 | 3 |", "| 合计 | 9 |", ""),
            *("表3 名单", "| 姓名 | 岗位 |", "|---|---|", "| 张 | 经理 |"),
        ]

    def test_one_column_is_text_and_rows_without_names_are_no_header(self, tmp_path: Path) -> None:
        assert sheet_lines(tmp_path, [["第一条 甲。"], ["第二条 乙。"]]) == ["第一条 甲。", "第二条 乙。"]
        assert sheet_lines(tmp_path, [[1, 2.5], [3, 4]])[0] == "|  |  |"
        assert sheet_lines(tmp_path, [["县", 2023, 2024], ["甲", 1, 2]])[0] == "| 县 | 2023 | 2024 |"


class TestWorkbooks:
    def test_each_visible_sheet_is_a_page_with_its_number(self, tmp_path: Path) -> None:
        book = Workbook()
        book.active.append(["甲。"])
        book.create_sheet("空")
        hidden = book.create_sheet("隐")
        hidden.append(["看不见。"])
        hidden.sheet_state = "hidden"
        book.create_sheet("四").append(["丁。"])
        extracted = read(saved(book, tmp_path))
        assert [(p.number, extracted.text[p.start : p.end], p.faults) for p in extracted.pages] == [
            (1, "## Sheet\n甲。\n", ()),
            (4, "## 四\n丁。\n", ()),
        ]

    def test_formulas_without_results_stand_empty_and_the_page_says_so(self, tmp_path: Path) -> None:
        book = Workbook()
        for row in (["县", "户数"], ["甲", "=1+1"], ["乙", 2]):
            book.active.append(row)
        extracted = read(saved(book, tmp_path))
        assert "| 甲 |  |\n| 乙 | 2 |" in extracted.text
        assert extracted.pages[0].faults == (EMPTY_FORMULAS,)


@pytest.mark.parametrize(
    ("value", "number_format", "text"),
    [
        (0.1 + 0.2, "General", "0.3"),
        (1234567.0, "General", "1234567"),
        (1e20, "General", "100000000000000000000"),
        (-0.0, "General", "0"),
        (1234567.895, "#,##0.00", "1,234,567.90"),
        (2.675, "0.00", "2.68"),
        (0.0512, "0.00%", "5.12%"),
        (0.3, "0%", "30%"),
        (-1234.5, '#,##0.0;(#,##0.0);"-"', "(1,234.5)"),
        (0, '#,##0.0;(#,##0.0);"-"', "-"),
        (-5, "0", "-5"),
        (12.5, '"¥"#,##0.00_ ', "¥12.50"),
        (12.5, "[$¥-804]#,##0.00", "¥12.50"),
        (3, '0"万元"', "3万元"),
        (1234567, "#,##0,", "1,235"),
        (7, "000", "007"),
        (1.5, "0.##", "1.5"),
        (0.5, "# ?/?", "0.5"),
        (123, "@", "123"),
        (12, "[Red]General", "12"),
        (123456, "0.00E+00", "123456"),
        (True, "General", "TRUE"),
        ("#N/A", "General", "#N/A"),
        (" 甲 ", "General", "甲"),
        (None, "General", ""),
        (datetime(2024, 12, 31), "yyyy/m/d", "2024-12-31"),
        (datetime(2024, 12, 1), 'yyyy"年"m"月"', "2024-12"),
        (date(2024, 12, 31), 'yyyy"年"m"月"d"日"', "2024-12-31"),
        (datetime(2024, 12, 31, 8, 30), "yyyy/m/d h:mm", "2024-12-31 08:30"),
        (time(8, 30), "h:mm", "08:30"),
        (timedelta(hours=30, minutes=5), "[h]:mm", "30:05"),
    ],
)
def test_values_as_shown(value: object, number_format: str, text: str) -> None:
    assert shown(value, number_format) == text


class TestDelimited:
    @pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16"])
    @pytest.mark.parametrize(("suffix", "delimiter"), [(".csv", ","), (".csv", ";"), (".csv", "\t"), (".tsv", "\t")])
    def test_any_delimiter_in_any_encoding(self, tmp_path: Path, encoding: str, suffix: str, delimiter: str) -> None:
        lines = ["单位：亿元", "地区@余额@说明", '东县@"1,234.5"@"甲@乙""丙"""', "西县@2@丁"]
        path = tmp_path / f"某{suffix}"
        path.write_bytes("\r\n".join(lines).replace("@", delimiter).encode(encoding))
        assert read(path).text.splitlines() == [
            *("单位：亿元", "| 地区 | 余额 | 说明 |", "|---|---|---|"),
            *(f'| 东县 | 1,234.5 | 甲{" " if delimiter == chr(9) else delimiter}乙"丙" |', "| 西县 | 2 | 丁 |"),
        ]
        assert read(path).pages == ()

    def test_blanks_beside_a_name_are_its_span(self, tmp_path: Path) -> None:
        path = tmp_path / "某.csv"
        path.write_text("指标,2023年,,2024年,\n,余额,增速,余额,增速\n涉农,1,3%,2,4%\n", encoding="utf-8")
        assert read(path).text.splitlines()[0] == "| 指标 | 2023年·余额 | 2023年·增速 | 2024年·余额 | 2024年·增速 |"


class TestRefused:
    @pytest.mark.parametrize(
        ("name", "content", "message"),
        [
            ("某.xlsx", b"", texts.NO_TEXT),
            ("某.xlsx", b"PK\x03\x04 cut off", texts.MALFORMED.format(suffix=".xlsx")),
            ("某.xlsx", b"<table>", texts.MALFORMED.format(suffix=".xlsx")),
            ("某.xlsx", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", texts.OLD_CONTENT.format(suffix=".xlsx")),
            ("某.csv", b" , \n , ", texts.NO_TEXT),
            ("某.csv", b"", texts.NO_TEXT),
            ("某.csv", b"a,\0b", texts.ENCODING_UNKNOWN),
            ("某.csv", b'a,"' + b"b" * 200_000, texts.MALFORMED.format(suffix=".csv")),
        ],
    )
    def test_with_a_cure(self, tmp_path: Path, name: str, content: bytes, message: str) -> None:
        path = tmp_path / name
        path.write_bytes(content)
        with pytest.raises(UnreadableFile) as caught:
            read(path)
        assert (caught.value.source, caught.value.message) == (name, message)
        assert caught.value.cure

    def test_a_workbook_of_empty_sheets(self, tmp_path: Path) -> None:
        with pytest.raises(UnreadableFile, match=texts.NO_TEXT):
            read(saved(Workbook(), tmp_path))
