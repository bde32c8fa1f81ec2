"""Plain text: the same characters whichever encoding it was saved in, and no guess where there is none."""

import codecs
import re
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from opencc import OpenCC

from ingest import texts
from ingest.formats.plain import PLAUSIBLE, decode, plausibility, read
from ingest.structure.tree import parse_blocks
from rag.errors import UnreadableFile
from tests.conftest import ROOT

LENGTHS = (20, 50, 200, 1000, 5000)
ENCODERS = {
    "utf-8": lambda text: text.encode("utf-8"),
    "utf-8-sig": lambda text: text.encode("utf-8-sig"),
    "utf-16-le": lambda text: text.encode("utf-16-le"),
    "utf-16-be": lambda text: text.encode("utf-16-be"),
    "utf-16-le marked": lambda text: codecs.BOM_UTF16_LE + text.encode("utf-16-le"),
    "utf-16-be marked": lambda text: codecs.BOM_UTF16_BE + text.encode("utf-16-be"),
    "gb18030": lambda text: text.encode("gb18030"),
    "gbk": lambda text: text.encode("gbk"),
}
SAMPLE = "各银行业金融机构要加大对县域普惠小微企业的信贷投放，2024年末贷款余额不低于1.2万亿元。"


def pieces(length: int) -> list[str]:
    """Stretches of Chinese of the shipped texts, one a file, in characters that GBK has."""
    found = []
    for path in sorted((ROOT / "kb").rglob("*.md")):
        text = path.read_text(encoding="utf-8").encode("gbk", "ignore").decode("gbk")
        piece = text[len(text) // 3 :][:length]
        if len(re.findall("[\u4e00-\u9fff]", piece)) * 3 > len(piece):
            found.append(piece)
    return found


@pytest.mark.parametrize("length", LENGTHS)
@pytest.mark.parametrize("encoder", ENCODERS)
def test_every_encoding_gives_the_same_text(encoder: str, length: int) -> None:
    sample = pieces(length)
    assert len(sample) > 80
    assert [piece for piece in sample if decode(ENCODERS[encoder](piece))[0] != piece] == []


@pytest.mark.parametrize("length", LENGTHS)
@pytest.mark.parametrize("encoding", ["big5", "cp950"])
def test_traditional_text_in_big5_is_not_taken_for_gbk(encoding: str, length: int) -> None:
    convert = OpenCC("s2t").convert
    sample = [convert(piece).encode(encoding, "ignore").decode(encoding) for piece in pieces(length)]
    assert [piece for piece in sample if decode(piece.encode(encoding))[0] != piece] == []


def test_a_law_in_eight_encodings_has_the_same_blocks(shared: Path, tmp_path: Path) -> None:
    for law in sorted((shared / "laws").glob("*.txt")):
        text = law.read_text(encoding="utf-8-sig").encode("gbk", "ignore").decode("gbk")
        expected = parse_blocks(text)
        for name, encode in ENCODERS.items():
            path = tmp_path / "law.txt"
            path.write_bytes(encode(text.replace("\n", "\r\n")))
            extracted = read(path)
            assert (extracted.text, parse_blocks(extracted.text)) == (text, expected), (law.name, name)
            assert (extracted.pages, extracted.title) == ((), "")


@pytest.mark.parametrize("line_end", ["\n", "\r\n", "\r"])
def test_line_ends_become_one(line_end: str) -> None:
    assert decode(f"第一条 甲。{line_end}第二条 乙。".encode()) == ("第一条 甲。\n第二条 乙。", "utf-8")


@pytest.mark.parametrize(
    ("content", "name"),
    [
        (b"plain ASCII", "utf-8"),
        ("表头\n1,2".encode("gbk"), "gb18030"),
        ("ASCII only".encode("utf-16-le"), "utf-16-le"),
        (codecs.BOM_UTF32_LE + SAMPLE.encode("utf-32-le"), "utf-32-le"),
        ("農業貸款餘額與轉帳清單".encode("big5"), "big5"),
        (("a" * 99 + SAMPLE * 2 + "\x1a").encode("utf-8"), "utf-8"),
    ],
)
def test_short_and_odd_texts(content: bytes, name: str) -> None:
    assert decode(content)[1] == name


@pytest.mark.parametrize(
    ("content", "message", "line"),
    [
        (b"", texts.NO_TEXT, 0),
        (codecs.BOM_UTF8 + "\u3000\r\n".encode(), texts.NO_TEXT, 0),
        (b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR" + bytes(range(256)), texts.ENCODING_UNKNOWN, 0),
        (b"text with\0zeros", texts.ENCODING_UNKNOWN, 0),
        (b"\x01\x02\x03\x04" * 9, texts.BINARY, 0),
        (codecs.BOM_UTF16_LE + b"\x4e", texts.ENCODING_BROKEN.format(encoding="utf-16-le"), 0),
        (f"{SAMPLE}\n{SAMPLE}".encode()[:-4], texts.ENCODING_BROKEN.format(encoding="UTF-8"), 2),
        ("日本語の文字列はここにあります。カタカナも".encode("shift-jis"), texts.ENCODING_UNKNOWN, 0),
        ("Größe und Länge überprüfen".encode("latin-1"), texts.ENCODING_UNKNOWN, 0),
    ],
)
def test_what_is_no_text_is_refused_with_a_cure(content: bytes, message: str, line: int) -> None:
    with pytest.raises(UnreadableFile) as caught:
        decode(content, "某.txt")
    error = caught.value
    assert (error.source, error.message, error.line) == ("某.txt", message, line)
    assert error.cure


def test_right_and_wrong_readings_lie_far_apart() -> None:
    """The level stands between them: the worst right reading of 50 characters, the best wrong one."""
    right = min(plausibility(piece) for piece in pieces(50))
    wrong = max(plausibility(piece.encode("gbk").decode("big5", "replace")) for piece in pieces(50))
    assert wrong < 0.7 < PLAUSIBLE < right, (wrong, right)


@settings(max_examples=200, deadline=None)
@given(st.binary(max_size=300))
def test_whatever_the_bytes_there_is_text_or_a_refusal(content: bytes) -> None:
    try:
        text, encoding = decode(content)
    except UnreadableFile:
        return
    assert text.strip()
    assert encoding
    assert "\r" not in text
    assert "\0" not in text
