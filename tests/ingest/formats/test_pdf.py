"""PDFs that the tests set themselves, read back."""

import io
import re
import time
from collections.abc import Sequence
from itertools import pairwise
from pathlib import Path

import fpdf
import pytest
from PIL import Image

from ingest.extracted import Extracted
from ingest.formats.pdf import read
from ingest.formats.quality import DAMAGED, GARBLED, NO_TEXT
from ingest.structure.tree import parse_blocks
from rag.errors import UnreadableFile
from rag.numerals import number_of
from tests.conftest import ROOT
from tests.ingest.formats.making import LAYOUTS, Style, glued_articles, law_paragraphs, new_pdf, set_table, set_text

LAWS = sorted((ROOT.parent / "shared" / "laws").glob("*.txt"))
SHORT_LAW = "reg_nongye_baoxian"
needs_laws = pytest.mark.skipif(not LAWS, reason="../shared/laws is absent: the laws are kept outside the repository")
SENTENCE = "商业银行应当按照审慎经营原则，建立健全贷款风险分类制度，定期报告。"

LETTER = [
    "# 关于加强贷款管理的通知",
    *(f"{'甲乙丙丁戊己庚辛'[i % 8]}行{i}部。" * (i % 7) + SENTENCE * 3 for i in range(24)),
]


def never(image: Image.Image) -> str:
    raise AssertionError("no page of this file needs recognition")


@pytest.fixture(scope="session")
def letter(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A file of three pages."""
    return set_text(LETTER, tmp_path_factory.mktemp("letter") / "letter.pdf", LAYOUTS["heads"])


def compact(text: str) -> str:
    return re.sub(r"\s", "", text)


def assert_the_same(law: Path, layout: str, folder: Path) -> tuple[int, float]:
    """The articles and all words of a law come back; returns pages and seconds."""
    paragraphs = law_paragraphs(law)
    plain = [re.sub("^#+ ", "", paragraph) for paragraph in paragraphs]
    expected = [number_of(n) for n in re.findall(r"(?m)^第([一二三四五六七八九十百]+)条[ \u3000]", "\n".join(plain))]
    assert expected == list(range(1, len(expected) + 1))
    glued = layout == "glued"
    path = set_text(
        glued_articles(paragraphs) if glued else paragraphs, folder / "law.pdf", LAYOUTS.get(layout, Style())
    )
    started = time.process_time()
    extracted = read(path, never)
    seconds = time.process_time() - started
    runs = [block.article for block in parse_blocks(extracted.text) if block.article]
    assert list(dict.fromkeys(runs)) == expected
    assert runs == sorted(runs)
    assert [compact(line) for line in extracted.text.splitlines()] == [compact(line) for line in plain]
    assert_pages_meet(extracted)
    assert not any(page.faults for page in extracted.pages)
    return len(extracted.pages), seconds


def assert_pages_meet(extracted: Extracted) -> None:
    assert extracted.pages[0].start == 0
    assert extracted.pages[-1].end == len(extracted.text)
    assert [page.number for page in extracted.pages] == list(range(1, len(extracted.pages) + 1))
    assert all(a.end == b.start for a, b in pairwise(extracted.pages))


@needs_laws
@pytest.mark.parametrize("layout", ["heads", "twice", "glued"])
def test_a_law_comes_back_whole(layout: str, tmp_path: Path) -> None:
    assert_the_same(next(law for law in LAWS if SHORT_LAW in law.name), layout, tmp_path)


@needs_laws
@pytest.mark.slow
@pytest.mark.parametrize("layout", [*LAYOUTS, "glued"])
def test_every_law_comes_back_whole_in_every_layout(layout: str, tmp_path: Path) -> None:
    figures = [assert_the_same(law, layout, tmp_path) for law in LAWS]
    pages, seconds = sum(pages for pages, _ in figures), sum(seconds for _, seconds in figures)
    print(f"\n{layout}: {pages} pages, {pages / seconds:.0f} pages a second of processor time")  # noqa: T201 - the figure is what -s shows
    assert pages / seconds >= 30


def test_pages_title_and_running_lines(letter: Path) -> None:
    extracted = read(letter, never)
    assert extracted.title == "关于加强贷款管理的通知"
    assert extracted.text.splitlines() == ["关于加强贷款管理的通知", *LETTER[1:]]
    assert len(extracted.pages) >= 3
    assert_pages_meet(extracted)


HEADER = ("地区", "存款", "贷款")
ROWS = tuple((f"{name}市", f"1,23{i}.5", f"{i}.7%") for i, name in enumerate("甲乙丙丁"))


@pytest.fixture(scope="session")
def tables(tmp_path_factory: pytest.TempPathFactory) -> Extracted:
    """A table over two pages and one whose header has two rows, read."""
    pdf = new_pdf()
    pdf.add_page()
    pdf.set_font("noto", size=12)
    pdf.text(96, 640, "各地区存贷款余额见下表。")
    pdf.text(200, 680, "表1 各地区存贷款余额")
    pdf.text(420, 700, "单位：亿元")
    set_table(pdf, [HEADER, *ROWS[:2]], 710, [80, 120, 120])
    pdf.add_page()
    below = set_table(pdf, [HEADER, *ROWS[2:]], 72, [80, 120, 120])
    pdf.set_font("noto", size=12)
    pdf.text(96, below + 30, "上表不含保证金存款。")
    set_table(pdf, [("地区", "2023年", "<"), ("", "存款", "贷款"), *ROWS[:2]], below + 60, [80, 120, 120])
    path = tmp_path_factory.mktemp("tables") / "tables.pdf"
    pdf.output(str(path))
    return read(path, never)


def test_a_table_over_two_pages_is_one(tables: Extracted) -> None:
    assert tables.text.splitlines()[:10] == [
        "各地区存贷款余额见下表。",
        "表1 各地区存贷款余额",
        "单位：亿元",
        "| 地区 | 存款 | 贷款 |",
        "|---|---|---|",
        *(f"| {' | '.join(row)} |" for row in ROWS),
        "上表不含保证金存款。",
    ]
    assert tables.text[tables.pages[1].start :].startswith("| 丙市 |")


def test_a_header_over_two_rows_is_one(tables: Extracted) -> None:
    assert tables.text.splitlines()[10] == "| 地区 | 2023年·存款 | 2023年·贷款 |"


class TestWithoutRules:
    """Figures below one another are a table, with no line drawn."""

    COLUMNS = (72.0, 170.0, 290.0, 400.0)
    LINES = (
        ("地区", "涉农贷款余额", "同比增长（%）", "说明"),
        ("", "（亿元）", "", ""),
        *((f"{name}县", f"{i}23.5", f"1{i}.7", "时点数" if i % 2 else "") for i, name in enumerate("甲乙丙丁戊", 1)),
        ("", "", "", "含开发区"),
    )

    def page(self, pdf: fpdf.FPDF, lines: Sequence[Sequence[str]], top: float) -> None:
        """Set lines of cells at fixed places."""
        for at, line in enumerate(lines):
            for left, cell in zip(self.COLUMNS, line, strict=True):
                pdf.text(left, top + 20 * at, cell)

    @pytest.fixture
    def text(self, tmp_path: Path) -> str:
        pdf = new_pdf()
        pdf.add_page()
        pdf.set_font("noto", size=12)
        pdf.text(96, 80, "各县要按照本通报做好统计工作，确保数据真实、准确、完整。")
        pdf.text(160, 120, "表1 2024年末各县涉农贷款")
        self.page(pdf, self.LINES, 150)
        pdf.text(96, 340, "各县对以上数据有异议的，应当在10个工作日内提出，逾期不再受理。")
        pdf.output(str(tmp_path / "表.pdf"))
        return read(tmp_path / "表.pdf", never).text

    def test_rows_and_names_of_columns(self, text: str) -> None:
        assert text.splitlines() == [
            "各县要按照本通报做好统计工作，确保数据真实、准确、完整。",
            "表1 2024年末各县涉农贷款",
            "| 地区 | 涉农贷款余额（亿元） | 同比增长（%） | 说明 |",
            "|---|---|---|---|",
            "| 甲县 | 123.5 | 11.7 | 时点数 |",
            "| 乙县 | 223.5 | 12.7 |  |",
            "| 丙县 | 323.5 | 13.7 | 时点数 |",
            "| 丁县 | 423.5 | 14.7 |  |",
            "| 戊县 | 523.5 | 15.7 | 时点数含开发区 |",
            "各县对以上数据有异议的，应当在10个工作日内提出，逾期不再受理。",
        ]

    @pytest.mark.parametrize(
        "lines",
        [
            (("第一章", "总则", "1", ""), ("第二章", "组织", "3", ""), ("第三章", "责任", "9", "")),
            (("甲县", "123.5", "11.7", ""), ("乙县", "223.5", "12.7", "")),
            (("甲县", "李某", "处长", "经办"), ("乙县", "王某", "科长", "经办"), ("丙县", "张某", "科长", "经办")),
        ],
    )
    def test_contents_two_lines_and_names_are_no_table(
        self, lines: tuple[tuple[str, ...], ...], tmp_path: Path
    ) -> None:
        pdf = new_pdf()
        pdf.add_page()
        pdf.set_font("noto", size=12)
        self.page(pdf, lines, 150)
        pdf.output(str(tmp_path / "无表.pdf"))
        assert "|" not in read(tmp_path / "无表.pdf", never).text


def test_air_between_han_and_digits_is_no_blank(tmp_path: Path) -> None:
    pdf = new_pdf()
    pdf.add_page()
    pdf.set_font("noto", size=16)
    for left, text in ((72.0, "应当在"), (124.0, "10"), (146.0, "个工作日内提出，"), (280.0, "Chapter One")):
        pdf.text(left, 100, text)
    pdf.text(72, 140, "责任编辑：张某")
    pdf.text(72, 180, "扫一扫在手机打开当前页")
    pdf.output(str(tmp_path / "间隙.pdf"))
    assert read(tmp_path / "间隙.pdf", never).text.strip() == "应当在10个工作日内提出， Chapter One"


def test_a_row_that_the_page_cuts_is_one(tmp_path: Path) -> None:
    pdf = new_pdf()
    pdf.add_page()
    set_table(
        pdf,
        [("地区", "贷款", "说明"), ("甲县", "12.5", "含开发区，"), ("乙县", "13.5", "按属地统计，")],
        600,
        [80, 120, 120],
    )
    for rest in ("由县级报送，", "按月汇总，"):
        pdf.add_page()
        set_table(pdf, [("", "", rest), ("丙县", "14.5", "按属地统计，")], 72, [80, 120, 120])
    pdf.output(str(tmp_path / "断行.pdf"))
    assert read(tmp_path / "断行.pdf", never).text.splitlines() == [
        "| 地区 | 贷款 | 说明 |",
        "|---|---|---|",
        "| 甲县 | 12.5 | 含开发区， |",
        "| 乙县 | 13.5 | 按属地统计，由县级报送， |",
        "| 丙县 | 14.5 | 按属地统计，按月汇总， |",
        "| 丙县 | 14.5 | 按属地统计， |",
    ]


def test_a_table_that_ends_with_a_note_is_whole(tmp_path: Path) -> None:
    pdf = new_pdf()
    pdf.add_page()
    rows = [("地区", "贷款", "说明"), ("甲县", "12.5", "含开发区，"), ("注：数据来源于报表。", "<", "<")]
    set_table(pdf, rows, 600, [80, 120, 120])
    pdf.add_page()
    set_table(pdf, [("", "", "由县级报送，"), ("丙县", "14.5", "时点数")], 72, [80, 120, 120])
    pdf.output(str(tmp_path / "注.pdf"))
    lines = read(tmp_path / "注.pdf", never).text.splitlines()
    assert "注：数据来源于报表。" in lines
    assert "| 甲县 | 12.5 | 含开发区， |" in lines
    assert "|  |  | 由县级报送， |" in lines


def test_pages_that_are_shown_turned(tmp_path: Path) -> None:
    import pypdfium2

    pdf = new_pdf()
    turns = (90, 180, 270)
    for turn in turns:
        pdf.add_page()
        with pdf.rotation(turn, 297, 421 if turn == 180 else 297):
            pdf.set_font("noto", size=12)
            pdf.text(96, 150, f"横排的第{turn}号表格。")
            set_table(pdf, [(f"转{turn}", *HEADER), *(("", *row) for row in ROWS)], 200, [80] * 4)
    pdf.output(str(tmp_path / "flat.pdf"))
    document = pypdfium2.PdfDocument(tmp_path / "flat.pdf")
    for page, turn in zip(document, turns, strict=True):
        page.set_rotation(turn)
    document.save(tmp_path / "turned.pdf")
    document.close()
    lines = read(tmp_path / "turned.pdf", never).text.splitlines()
    for turn in turns:
        start = lines.index(f"横排的第{turn}号表格。")
        assert lines[start + 1] == f"| 转{turn} | {' | '.join(HEADER)} |"
        assert lines[start + 3 : start + 7] == [f"|  | {' | '.join(row)} |" for row in ROWS]


def blank_picture() -> io.BytesIO:
    buffer = io.BytesIO()
    Image.new("L", (300, 400), 255).save(buffer, "PNG")
    buffer.seek(0)
    return buffer


@pytest.fixture(scope="session")
def scan(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A page of text, one of a picture with a line of the scanner's, a blank one."""
    pdf = new_pdf()
    pdf.add_page()
    pdf.set_font("noto", size=12)
    pdf.text(72, 100, SENTENCE)
    pdf.add_page()
    pdf.image(blank_picture(), 0, 0, 500)
    pdf.text(72, 100, "扫描全能王创建")
    pdf.add_page()
    path = tmp_path_factory.mktemp("scan") / "scan.pdf"
    pdf.output(str(path))
    return path


class TestRecognition:
    def test_a_picture_is_read_and_a_blank_page_is_not(self, scan: Path) -> None:
        seen: list[tuple[int, int]] = []

        def recognise(image: Image.Image) -> str:
            seen.append(image.size)
            return "第一条 图中的文字也要读出来。\n第二条 逐页进行。"

        extracted = read(scan, recognise)
        assert seen == [(1654, 2339)]
        assert [(page.recognised, page.faults) for page in extracted.pages] == [(False, ()), (True, ()), (False, ())]
        assert extracted.text.splitlines()[1:] == ["第一条 图中的文字也要读出来。", "第二条 逐页进行。"]
        assert_pages_meet(extracted)

    def test_what_is_not_recognised_keeps_its_fault(self, scan: Path) -> None:
        pages = read(scan, lambda image: "").pages
        assert [(page.recognised, page.faults) for page in pages] == [(False, ()), (False, (NO_TEXT,)), (False, ())]

    def test_heads_of_scanned_pages_go_and_their_sentences_meet(self, tmp_path: Path) -> None:
        pdf = new_pdf()
        for _ in range(5):
            pdf.add_page()
            pdf.image(blank_picture(), 0, 0, 500)
        pdf.output(str(tmp_path / "scans.pdf"))
        pages = iter(range(1, 6))

        def recognise(image: Image.Image) -> str:
            page = next(pages)
            inside = "\n".join(f"（{i}）第{page}次的第{i}项。" for i in range(page))
            return f"国家金融监督管理总局规章\n各项规定到此为止。\n{inside}\n{SENTENCE}按照第{page}号\n- {page} -"

        lines = read(tmp_path / "scans.pdf", recognise).text.splitlines()
        assert not any("规章" in line or "-" in line for line in lines)
        assert sum(line.startswith(f"{SENTENCE}按照第") and line.endswith("各项规定到此为止。") for line in lines) == 4

    def test_garbled_text_is_replaced(self, tmp_path: Path) -> None:
        pdf = new_pdf()
        pdf.add_page()
        pdf.set_font("helvetica", size=12)
        pdf.text(72, 100, "ÖÐ¹úÈËÃñÒøÐÐ¹ØÓÚÓ¡·¢¹ÜÀí°ì·¨")
        pdf.output(str(tmp_path / "garbled.pdf"))
        extracted = read(tmp_path / "garbled.pdf", lambda image: SENTENCE)
        assert extracted.text == SENTENCE + "\n"
        assert extracted.pages[0].recognised
        with pytest.raises(UnreadableFile, match="没有可用的文字"):
            read(tmp_path / "garbled.pdf", lambda image: "")

    def test_a_file_without_any_text(self, tmp_path: Path) -> None:
        pdf = new_pdf()
        pdf.add_page()
        pdf.image(blank_picture(), 0, 0, 500)
        pdf.output(str(tmp_path / "empty.pdf"))
        with pytest.raises(UnreadableFile, match="没有可用的文字") as raised:
            read(tmp_path / "empty.pdf", lambda image: "")
        assert raised.value.cure


class TestBadFiles:
    def refused(self, path: Path, message: str) -> None:
        with pytest.raises(UnreadableFile, match=message) as raised:
            read(path, never)
        assert raised.value.source == path.name
        assert raised.value.cure

    def test_locked(self, tmp_path: Path) -> None:
        pdf = new_pdf()
        pdf.add_page()
        pdf.set_encryption(owner_password="owner", user_password="user")
        pdf.output(str(tmp_path / "locked.pdf"))
        self.refused(tmp_path / "locked.pdf", "打开密码")

    @pytest.mark.parametrize("content", [b"", b"no pdf", b"%PDF-1.7\n%%EOF\n"])
    def test_malformed(self, content: bytes, tmp_path: Path) -> None:
        (tmp_path / "bad.pdf").write_bytes(content)
        self.refused(tmp_path / "bad.pdf", "损坏")

    @pytest.mark.parametrize("share", [0.3, 0.6, 0.95])
    def test_truncated(self, share: float, letter: Path, tmp_path: Path) -> None:
        content = letter.read_bytes()
        (tmp_path / "torn.pdf").write_bytes(content[: int(len(content) * share)])
        self.refused(tmp_path / "torn.pdf", "不完整")

    def test_no_pages(self, tmp_path: Path) -> None:
        import pypdfium2

        document = pypdfium2.PdfDocument.new()
        document.save(tmp_path / "none.pdf")
        document.close()
        self.refused(tmp_path / "none.pdf", "一页也没有|损坏")

    def test_too_many_pages(self, tmp_path: Path) -> None:
        import pypdfium2

        document = pypdfium2.PdfDocument.new()
        for _ in range(2001):
            document.new_page(10, 10).close()
        document.save(tmp_path / "long.pdf")
        document.close()
        self.refused(tmp_path / "long.pdf", "2001 页，超过 2000 页")

    def test_a_damaged_page_is_that_pages_fault(self, letter: Path, tmp_path: Path) -> None:
        content = letter.read_bytes()
        places = [found.start() for found in re.finditer(rb"/Type /Page\n", content)]
        broken = content[: places[1]] + content[places[1] :].replace(b"/Type /Page\n", b"/Type /Pxge\n", 1)
        (tmp_path / "page.pdf").write_bytes(broken)
        extracted = read(tmp_path / "page.pdf", never)
        assert DAMAGED in extracted.pages[1].faults
        assert GARBLED not in extracted.pages[0].faults
        assert SENTENCE in extracted.text
        assert_pages_meet(extracted)
