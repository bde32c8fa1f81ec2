"""Word files: nothing that Word shows is lost, nothing that it hides comes in, and every article is found."""

import re
import zipfile
from collections.abc import Callable
from itertools import groupby
from pathlib import Path
from typing import Any

import pytest

from ingest import texts
from ingest.formats.word import read
from ingest.formats.word_numbering import spelled
from ingest.structure.tree import parse_blocks
from rag.errors import UnreadableFile
from rag.numerals import number_of
from tests.ingest.formats.word_files import add_footnotes, add_list, add_xml, level, new, number, saved

ARTICLE = re.compile(r"第([一二三四五六七八九十百]+)条[\s\u3000]+(.*)")
CHAPTER = re.compile(r"#+\s*第[一二三四五六七八九十]+章[\s\u3000]*(.*)")
TOPIC = re.compile(r"[一二三四五六七八九十]+、(.*)")
POINT = re.compile(r"（[一二三四五六七八九十]+）(.*)")
Law = list[str]


def laws(shared: Path) -> list[Law]:
    """The lines of each law: `# ` title, `## ` chapters, plain paragraphs."""
    found = []
    for path in sorted((shared / "laws").glob("*.txt")):
        lines = (line.strip().strip("\ufeff") for line in path.read_text(encoding="utf-8").splitlines()[1:])
        found.append([line for line in lines if line and not line.startswith("<!--")])
    return found


def expected_articles(law: Law) -> list[tuple[int, str]]:
    found: list[tuple[int, str]] = []
    for line in law:
        if match := ARTICLE.match(line):
            found.append((number_of(match[1]), line))
        elif found and not line.startswith("#"):
            found[-1] = (found[-1][0], found[-1][1] + line)
    return [(count, "".join(text.split())) for count, text in found]


def found_articles(text: str) -> list[tuple[int, str]]:
    blocks = [block for block in parse_blocks(text) if block.article and block.kind != "heading"]
    return [
        (key[0], "".join("".join(text[b.start : b.end].split()) for b in group))
        for key, group in groupby(blocks, key=lambda b: (b.article, b.branch))
    ]


def as_plain_text(law: Law) -> Any:
    document = new()
    for line in law:
        document.add_paragraph(line.lstrip("# "))
    return document


def as_automatic_numbers(law: Law) -> Any:
    """Chapters, articles and points of one list; articles count through the chapters, points begin anew."""
    document = new()
    outline, shown = (CHAPTER, "第%1章") if any(map(ARTICLE.match, law)) else (TOPIC, "%1、")
    add_list(
        document,
        50,
        level(0, "chineseCountingThousand", shown),
        level(1, "chineseCountingThousand", "第%2条", '<w:lvlRestart w:val="0"/>'),
        level(2, "chineseCounting", "（%3）"),
    )
    anew = '<w:lvlOverride w:ilvl="2"><w:startOverride w:val="1"/></w:lvlOverride>'
    points = 50
    for line in law:
        for depth, pattern in enumerate((outline, ARTICLE, POINT)):
            if match := pattern.match(line):
                if line.startswith("（一）"):
                    points += 1
                    add_list(document, points, abstract=950, override=anew)
                number(document.add_paragraph(match[match.re.groups]), points if depth == 2 else 50, depth)
                break
        else:
            document.add_paragraph(line.lstrip("# "))
    return document


def as_styles(law: Law) -> Any:
    document = new()
    for line in law:
        marks, _, rest = line.partition(" ") if line.startswith("#") else ("", "", line)
        document.add_paragraph(rest, style={"": None, "#": "Title", "##": "Heading 1"}.get(marks, "Heading 2"))
    return document


@pytest.mark.parametrize("write", [as_plain_text, as_automatic_numbers, as_styles])
def test_every_article_of_the_laws_is_found_once_in_order(
    shared: Path, tmp_path: Path, write: Callable[[Law], Any]
) -> None:
    total = 0
    for law in laws(shared):
        text = read(saved(write(law), tmp_path / "law.docx")).text
        expected = expected_articles(law)
        assert found_articles(text) == expected
        total += len(expected)
        whole = "".join("".join(line.lstrip("# ").split()) for line in law)
        assert "".join(text.replace("#", "").split()) == whole
    assert total > 400


class TestNumbers:
    def lines(self, document: Any, tmp_path: Path) -> list[str]:
        return read(saved(document, tmp_path / "numbers.docx")).text.splitlines()

    def test_levels_restart_and_name_their_parents(self, tmp_path: Path) -> None:
        document = new()
        add_list(document, 60, *(level(i, "decimal", ".".join(f"%{n + 1}" for n in range(i + 1))) for i in range(3)))
        for depth in (0, 1, 1, 2, 0, 1, 2, 2):
            number(document.add_paragraph("甲"), 60, depth)
        assert self.lines(document, tmp_path) == [f"{n} 甲" for n in "1 1.1 1.2 1.2.1 2 2.1 2.1.1 2.1.2".split()]

    def test_lists_that_share_a_definition_count_on_unless_told_to_begin_anew(self, tmp_path: Path) -> None:
        document = new()
        add_list(document, 61, level(0, "chineseCounting", "%1、"))
        add_list(document, 62, abstract=961)
        override = '<w:lvlOverride w:ilvl="0"><w:startOverride w:val="1"/></w:lvlOverride>'
        add_list(document, 63, abstract=961, override=override)
        for num_id in (61, 61, 62, 63, 63):
            number(document.add_paragraph("甲"), num_id)
        assert self.lines(document, tmp_path) == ["一、甲", "二、甲", "三、甲", "一、甲", "二、甲"]

    def test_numbers_that_a_style_carries_by_way_of_its_base(self, tmp_path: Path) -> None:
        document = new()
        add_list(
            document,
            64,
            level(0, "chineseCountingThousand", "第%1章", '<w:pStyle w:val="Heading1"/>'),
            level(1, "chineseCountingThousand", "第%2条", '<w:pStyle w:val="Clause"/><w:lvlRestart w:val="0"/>'),
        )
        number_by_style(document.styles["Heading 1"], 64)
        clause = document.styles.add_style("Clause", 1)
        number_by_style(clause, 64, 1)
        child = document.styles.add_style("Clause of ours", 1)
        child.base_style = clause
        for text, style in [
            ("总则", "Heading 1"),
            ("甲。", "Clause"),
            ("乙。", "Clause of ours"),
            ("贷款", "Heading 1"),
        ]:
            document.add_paragraph(text, style=style)
        document.add_paragraph("丙。", style="Clause")
        number(document.add_paragraph("没有编号。", style="Clause"), 0)
        assert self.lines(document, tmp_path) == [
            "# 第一章 总则",
            "第一条 甲。",
            "第二条 乙。",
            "# 第二章 贷款",
            "第三条 丙。",
            "没有编号。",
        ]

    def test_bullets_legal_numbers_and_levels_without_a_number(self, tmp_path: Path) -> None:
        document = new()
        add_list(document, 65, level(0, "bullet", "\uf0b7"))
        add_list(document, 66, level(0, "chineseCounting", "第%1章"), level(1, "decimal", "%1.%2", "<w:isLgl/>"))
        add_list(document, 67, level(0, "none", ""))
        for num_id, depth in ((65, 0), (66, 0), (66, 1), (67, 0)):
            number(document.add_paragraph("甲"), num_id, depth)
        assert self.lines(document, tmp_path) == ["- 甲", "第一章 甲", "1.1 甲", "甲"]

    def test_a_deleted_paragraph_does_not_count_and_an_empty_one_does(self, tmp_path: Path) -> None:
        document = new()
        add_list(document, 68, level(0, "decimal", "%1."))
        number(document.add_paragraph("甲"), 68)
        mark = '<w:numPr><w:ilvl w:val="0"/><w:numId w:val="68"/></w:numPr>'
        add_xml(
            document,
            f'<w:p><w:pPr>{mark}<w:rPr><w:del w:id="1" w:author="x"/></w:rPr></w:pPr>'
            '<w:del w:id="2" w:author="x"><w:r><w:delText>删去</w:delText></w:r></w:del></w:p>',
        )
        number(document.add_paragraph("乙"), 68)
        number(document.add_paragraph(""), 68)
        number(document.add_paragraph("丙"), 68)
        assert self.lines(document, tmp_path) == ["1.甲".replace(".", ". "), "2. 乙", "4. 丙"]

    def test_a_table_whose_first_column_counts_by_itself(self, tmp_path: Path) -> None:
        document = new()
        add_list(document, 69, level(0, "decimal", "%1"))
        table = document.add_table(3, 2)
        for row, (left, right) in enumerate([("序号", "机构"), ("", "甲行"), ("", "乙行")]):
            table.cell(row, 0).paragraphs[0].text, table.cell(row, 1).text = left, right
            if row:
                number(table.cell(row, 0).paragraphs[0], 69)
        assert self.lines(document, tmp_path) == ["| 序号 | 机构 |", "|---|---|", "| 1 | 甲行 |", "| 2 | 乙行 |"]

    @pytest.mark.parametrize(
        ("number_format", "count", "shown"),
        [
            ("chineseCounting", 12, "十二"),
            ("chineseCountingThousand", 105, "一百零五"),
            ("chineseLegalSimplified", 12, "壹拾贰"),
            ("ideographDigital", 20, "二〇"),
            ("decimalEnclosedCircle", 21, "㉑"),
            ("decimalEnclosedCircleChinese", 3, "③"),
            ("decimalEnclosedFullstop", 2, "⒉"),
            ("decimalEnclosedParen", 20, "⒇"),
            ("ideographEnclosedCircle", 10, "㊉"),
            ("decimalFullWidth", 12, "１２"),
            ("decimalZero", 7, "07"),
            ("lowerLetter", 28, "bb"),
            ("upperLetter", 2, "B"),
            ("lowerRoman", 14, "xiv"),
            ("upperRoman", 49, "XLIX"),
            ("ideographTraditional", 11, "甲"),
            ("ideographZodiac", 2, "丑"),
            ("none", 2, ""),
            ("something new", 8, "8"),
        ],
    )
    def test_formats(self, number_format: str, count: int, shown: str) -> None:
        assert spelled(count, number_format) == shown


def number_by_style(style: Any, num_id: int, depth: int = 0) -> None:
    class Holder:
        _p = style.element

    number(Holder, num_id, depth)


class TestText:
    def text(self, tmp_path: Path, *blocks: str, notes: dict[int, str] | None = None) -> str:
        document = new()
        if notes:
            add_footnotes(document, notes)
        for block in blocks:
            add_xml(document, block)
        return read(saved(document, tmp_path / "text.docx")).text.rstrip("\n")

    def test_tracked_changes_as_if_accepted(self, tmp_path: Path) -> None:
        block = (
            '<w:p><w:r><w:t>利率为</w:t></w:r><w:del w:id="1" w:author="x"><w:r><w:delText>3</w:delText></w:r></w:del>'
            '<w:ins w:id="2" w:author="x"><w:r><w:t>4</w:t></w:r></w:ins><w:moveFrom w:id="3" w:author="x"><w:r>'
            "<w:t>旧</w:t></w:r></w:moveFrom><w:moveTo w:id='4' w:author='x'><w:r><w:t>%</w:t></w:r></w:moveTo></w:p>"
        )
        assert self.text(tmp_path, block) == "利率为4%"

    def test_a_deleted_paragraph_end_joins_two_paragraphs(self, tmp_path: Path) -> None:
        first = '<w:p><w:pPr><w:rPr><w:del w:id="1" w:author="x"/></w:rPr></w:pPr><w:r><w:t>上半</w:t></w:r></w:p>'
        assert self.text(tmp_path, first, "<w:p><w:r><w:t>下半。</w:t></w:r></w:p>") == "上半下半。"

    def test_hidden_text_and_field_codes_stay_out(self, tmp_path: Path) -> None:
        block = (
            "<w:p><w:r><w:t>见</w:t></w:r><w:r><w:rPr><w:vanish/></w:rPr><w:t>隐</w:t></w:r>"
            '<w:r><w:rPr><w:vanish w:val="0"/></w:rPr><w:t>第</w:t></w:r>'
            '<w:r><w:fldChar w:fldCharType="begin"/></w:r><w:r><w:instrText>PAGEREF _Toc1</w:instrText></w:r>'
            '<w:r><w:fldChar w:fldCharType="separate"/></w:r><w:r><w:t>7</w:t></w:r>'
            '<w:r><w:fldChar w:fldCharType="end"/></w:r><w:hyperlink><w:r><w:t>页</w:t></w:r></w:hyperlink></w:p>'
        )
        assert self.text(tmp_path, block) == "见第7页"

    def test_a_table_of_contents_is_dropped_over_its_paragraphs(self, tmp_path: Path) -> None:
        begin = (
            '<w:r><w:fldChar w:fldCharType="begin"/></w:r><w:r><w:instrText>TOC \\o "1-3"</w:instrText></w:r>'
            '<w:r><w:fldChar w:fldCharType="separate"/></w:r>'
        )
        blocks = (
            f"<w:sdt><w:sdtContent><w:p>{begin}<w:r><w:t>第一章 总则 1</w:t></w:r></w:p>"
            "<w:p><w:r><w:t>第二章 贷款 3</w:t></w:r></w:p>"
            '<w:p><w:r><w:fldChar w:fldCharType="end"/></w:r></w:p></w:sdtContent></w:sdt>',
            "<w:p><w:r><w:t>第一章 总则</w:t></w:r></w:p>",
        )
        assert self.text(tmp_path, *blocks) == "第一章 总则"

    def test_breaks_between_chinese_lines_part_them_and_between_words_do_not(self, tmp_path: Path) -> None:
        chinese = "<w:p><w:r><w:t>第一条 甲。</w:t><w:br/><w:t>第二条 乙。</w:t></w:r></w:p>"
        latin = "<w:p><w:r><w:t>loan prime</w:t><w:br/><w:t>rate</w:t><w:tab/><w:t>LPR</w:t></w:r></w:p>"
        assert self.text(tmp_path, chinese, latin) == "第一条 甲。\n第二条 乙。\nloan prime rate LPR"

    def test_footnotes_are_marked_and_stand_behind_their_paragraph(self, tmp_path: Path) -> None:
        reference = '<w:r><w:footnoteReference w:id="{}"/></w:r>'
        block = (
            f"<w:p><w:r><w:t>县域</w:t></w:r>{reference.format(2)}<w:r><w:t>贷款</w:t></w:r>{reference.format(3)}</w:p>"
        )
        found = self.text(
            tmp_path, block, "<w:p><w:r><w:t>下段</w:t></w:r></w:p>", notes={2: "不含市辖区。", 3: "余额。"}
        )
        assert found == "县域[注1]贷款[注2]\n> [注1] 不含市辖区。\n> [注2] 余额。\n下段"

    def test_text_boxes_once_behind_their_paragraph(self, tmp_path: Path) -> None:
        box = "<w:txbxContent><w:p><w:r><w:t>框内文字</w:t></w:r></w:p></w:txbxContent>"
        block = (
            "<w:p><w:r><w:t>正文</w:t></w:r><w:r><mc:AlternateContent><mc:Choice Requires='wps'><w:drawing><wps:wsp>"
            f"<wps:txbx>{box}</wps:txbx></wps:wsp></w:drawing></mc:Choice><mc:Fallback><w:pict><v:textbox>{box}"
            "</v:textbox></w:pict></mc:Fallback></mc:AlternateContent></w:r></w:p>"
        )
        assert self.text(tmp_path, block) == "正文\n框内文字"

    def test_formulas_keep_their_letters(self, tmp_path: Path) -> None:
        block = "<w:p><m:oMath><m:r><m:t>R=</m:t></m:r><m:r><m:t>A/B</m:t></m:r></m:oMath></w:p>"
        assert self.text(tmp_path, block) == "R=A/B"


class TestHeadings:
    def test_styles_outline_levels_and_their_bases(self, tmp_path: Path) -> None:
        document = new()
        document.add_paragraph("关于某事的\n办法", style="Title")
        document.add_paragraph("总则", style="Heading 1")
        own = document.styles.add_style("公文标题", 1)
        own.base_style = document.styles["Heading 2"]
        document.add_paragraph("目的", style="公文标题")
        chinese = document.styles.add_style("标题 3", 1)
        document.add_paragraph("范围", style=chinese)
        add_xml(document, '<w:p><w:pPr><w:outlineLvl w:val="3"/></w:pPr><w:r><w:t>对象</w:t></w:r></w:p>')
        add_xml(document, '<w:p><w:pPr><w:outlineLvl w:val="9"/></w:pPr><w:r><w:t>正文</w:t></w:r></w:p>')
        found = read(saved(document, tmp_path / "h.docx")).text.splitlines()
        assert found == ["# 关于某事的办法", "# 总则", "## 目的", "### 范围", "#### 对象", "正文"]

    def test_articles_and_sentences_in_a_heading_style_stay_text(self, tmp_path: Path) -> None:
        document = new()
        for text in ("第一条 为了规范信贷，制定本办法。", "第二条 贷款对象", "总行负责解释本办法。", "甲" * 90):
            document.add_paragraph(text, style="Heading 3")
        assert "#" not in read(saved(document, tmp_path / "h.docx")).text

    def test_the_title_of_the_properties_only_if_it_is_chinese(self, tmp_path: Path) -> None:
        for stated, kept in [("Word Document", ""), (" 绿色信贷指引 ", "绿色信贷指引")]:
            document = new()
            document.core_properties.title = stated
            document.add_paragraph("甲")
            assert read(saved(document, tmp_path / "t.docx")).title == kept


class TestTables:
    def test_merged_cells_and_a_header_of_two_rows(self, tmp_path: Path) -> None:
        document = new()
        document.add_paragraph("表1 贷款余额")
        table = document.add_table(4, 3)
        for row, cells in enumerate(
            [("地区", "2024年", ""), ("", "余额", "增速"), ("甲县", "1|2", "3%"), ("", "4", "5%")]
        ):
            for column, cell in enumerate(cells):
                table.cell(row, column).text = cell
        table.cell(0, 1).merge(table.cell(0, 2))
        table.cell(0, 0).merge(table.cell(1, 0))
        table.cell(2, 0).merge(table.cell(3, 0))
        document.add_paragraph("后文")
        assert read(saved(document, tmp_path / "t.docx")).text.splitlines() == [
            "表1 贷款余额",
            "| 地区 | 2024年·余额 | 2024年·增速 |",
            "|---|---|---|",
            "| 甲县 | 1｜2 | 3% |",
            "| 甲县 | 4 | 5% |",
            "后文",
        ]

    def test_spanned_cells_stand_once_and_a_nested_table_is_flattened(self, tmp_path: Path) -> None:
        document = new()
        table = document.add_table(3, 3)
        for column, name in enumerate(("项目", "要求", "依据")):
            table.cell(0, column).text = name
        table.cell(1, 0).text = "准入"
        table.cell(1, 1).merge(table.cell(1, 2)).text = "见附件"
        inner = table.cell(2, 0).add_table(2, 2)
        for row in range(2):
            for column in range(2):
                inner.cell(row, column).text = f"{row}{column}"
        lines = read(saved(document, tmp_path / "t.docx")).text.splitlines()
        assert lines[2:] == ["| 准入 | 见附件 |  |", "| 00 01；10 11 |  |  |"]

    def test_a_frame_of_one_cell_is_no_table(self, tmp_path: Path) -> None:
        document = new()
        cell = document.add_table(1, 1).cell(0, 0)
        cell.text = "第一条 甲。"
        cell.add_paragraph("第二条 乙。")
        assert read(saved(document, tmp_path / "t.docx")).text == "第一条 甲。\n第二条 乙。\n"


class TestRefused:
    @pytest.mark.parametrize(
        ("content", "message"),
        [
            (b"", texts.NO_TEXT),
            (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + "EncryptedPackage".encode("utf-16-le"), texts.PASSWORD),
            (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1 WordDocument", texts.OLD_CONTENT.format(suffix=".docx")),
            (b"<html>", texts.MALFORMED.format(suffix=".docx")),
            (b"PK\x03\x04 cut off", texts.MALFORMED.format(suffix=".docx")),
        ],
    )
    def test_what_is_no_word_file(self, tmp_path: Path, content: bytes, message: str) -> None:
        path = tmp_path / "某.docx"
        path.write_bytes(content)
        self.refused(path, message)

    def test_no_text(self, tmp_path: Path) -> None:
        self.refused(saved(new(), tmp_path / "某.docx"), texts.NO_TEXT)

    @pytest.mark.parametrize("damage", ["<w:document", "<x/>", None])
    def test_damaged_parts(self, tmp_path: Path, damage: str | None) -> None:
        whole, path = saved(new(), tmp_path / "whole.docx"), tmp_path / "某.docx"
        with zipfile.ZipFile(whole) as old, zipfile.ZipFile(path, "w") as changed:
            for name in old.namelist():
                if name != "word/document.xml":
                    changed.writestr(name, old.read(name))
                elif damage is not None:
                    changed.writestr(name, damage)
        self.refused(path, texts.MALFORMED.format(suffix=".docx"))

    def refused(self, path: Path, message: str) -> None:
        with pytest.raises(UnreadableFile) as caught:
            read(path)
        assert (caught.value.source, caught.value.message) == ("某.docx", message)
        assert caught.value.cure
