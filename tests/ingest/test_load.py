"""Files -> text and front matter; every bad file is named with its line and a cure."""

import hashlib
from pathlib import Path

import pytest

from ingest import texts as intake_texts
from ingest.extracted import Extracted
from ingest.load import MAX_BYTES, RawFile, read_file, source_files
from rag import texts
from rag.errors import ConfigError, UnreadableFile
from rag.types import Page


def write(folder: Path, name: str, content: str | bytes) -> Path:
    path = folder / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    return path


def read(folder: Path, content: str | bytes) -> RawFile:
    return read_file(write(folder, "policies/示例.md", content), folder)


def refusal(folder: Path, content: str | bytes) -> UnreadableFile:
    with pytest.raises(UnreadableFile) as caught:
        read(folder, content)
    assert caught.value.source == "policies/示例.md"
    assert caught.value.cure
    return caught.value


class TestAccepted:
    def test_plain_text_has_no_front_matter(self, tmp_path: Path) -> None:
        raw = read(tmp_path, "第一条 甲。\n")
        assert (raw.source, raw.front_matter, raw.lines, raw.body) == ("policies/示例.md", {}, {}, "第一条 甲。\n")

    def test_front_matter_is_parted_from_the_body_and_lines_are_kept(self, tmp_path: Path) -> None:
        raw = read(tmp_path, "---\ntitle: 甲\n# 注\nissuer:\n  - 乙\n  - 丙\nstatus: 待核\n---\n正文。\n")
        assert raw.front_matter == {"title": "甲", "issuer": ["乙", "丙"], "status": "待核"}
        assert raw.lines == {"title": 2, "issuer": 4, "status": 7}
        assert raw.body == "正文。\n"

    @pytest.mark.parametrize(
        "content",
        [
            b"\xef\xbb\xbf---\r\ntitle: \xe7\x94\xb2\r\n---\r\n\xe4\xb9\x99\r\n",
            b"---\rtitle: \xe7\x94\xb2\r---\r\xe4\xb9\x99\r",
        ],
    )
    def test_byte_order_mark_and_foreign_line_ends(self, tmp_path: Path, content: bytes) -> None:
        raw = read(tmp_path, content)
        assert (raw.front_matter, raw.body) == ({"title": "甲"}, "乙\n")
        assert raw.digest == hashlib.sha256(content).hexdigest(), "the digest is of the bytes on disk"

    @pytest.mark.parametrize("content", ["---\n---\n正文", "---\n# 只有注释\n---\n正文", "--- \n---\t\n正文"])
    def test_empty_front_matter(self, tmp_path: Path, content: str) -> None:
        raw = read(tmp_path, content)
        assert (raw.front_matter, raw.body) == ({}, "正文")

    def test_texts_of_a_bank_are_in_gbk_too(self, tmp_path: Path) -> None:
        assert read(tmp_path, "---\ntitle: 办法\n---\n贷款期限为五年。\n".encode("gb18030")).front_matter == {
            "title": "办法"
        }

    def test_what_was_extracted_has_its_front_matter_beside_it(self, tmp_path: Path) -> None:
        path = write(tmp_path, "policies/办法.pdf", b"%PDF")
        pages = (Page(1, 0, 3), Page(2, 3, 6))
        bare = read_file(path, tmp_path, Extracted("甲。\n乙。", pages, "办法"))
        assert (bare.body, bare.pages, bare.title, bare.front_matter) == ("甲。\n乙。", pages, "办法", {})
        write(tmp_path, "policies/办法.pdf.meta.yaml", "title: 管理办法\n\nlayer: 部门规章\n")
        named = read_file(path, tmp_path, Extracted("甲。\n乙。", pages))
        assert named.front_matter == {"title": "管理办法", "layer": "部门规章"}
        assert named.lines == {"title": 1, "layer": 3}
        assert named.digest != bare.digest, "a change of what is beside it is a change"

    def test_a_broken_sidecar_is_named(self, tmp_path: Path) -> None:
        path = write(tmp_path, "办法.pdf", b"%PDF")
        write(tmp_path, "办法.pdf.meta.yaml", "title: 甲\nissuer: [乙\n")
        with pytest.raises(UnreadableFile) as caught:
            read_file(path, tmp_path, Extracted("甲。"))
        assert (caught.value.source, caught.value.line) == ("办法.pdf.meta.yaml", 3)

    def test_dates_stay_text(self, tmp_path: Path) -> None:
        raw = read(tmp_path, "---\nissued: 2024-12-31\nexpires: 2024-13-45\n---\n正文")
        assert raw.front_matter == {"issued": "2024-12-31", "expires": "2024-13-45"}

    def test_a_rule_inside_the_body_ends_nothing(self, tmp_path: Path) -> None:
        assert read(tmp_path, "---\ntitle: 甲\n---\n一\n\n---\n\n二\n").body == "一\n\n---\n\n二\n"


class TestRefused:
    @pytest.mark.parametrize(
        ("content", "message", "line"),
        [
            (b"", texts.FILE_EMPTY, 0),
            ("\ufeff \n\u3000\n", intake_texts.NO_TEXT, 0),
            ("---\ntitle: 甲\n---\n  \n", texts.FILE_EMPTY, 0),
            ("一行\n二行\n".encode() * 20 + b"\xff\n", intake_texts.ENCODING_BROKEN.format(encoding="UTF-8"), 41),
            ("正文\x01\x02\x03", intake_texts.BINARY, 0),
            ("---\ntitle: 甲\n正文\n", texts.FRONT_MATTER_OPEN, 1),
            ("---\ntitle: 甲\nissuer: [乙\n---\n正文", texts.FRONT_MATTER_BROKEN, 4),
            ("---\ntitle: 甲\n\tstatus: 待核\n---\n正文", texts.FRONT_MATTER_BROKEN, 3),
            ("---\ntitle: 甲: 乙\n---\n正文", texts.FRONT_MATTER_BROKEN, 2),
            ("---\n一段文字\n---\n正文", texts.FRONT_MATTER_BROKEN, 2),
            ("---\n- 甲\n---\n正文", texts.FRONT_MATTER_BROKEN, 2),
            ("---\ntitle: \x07\n---\n" + 99 * "正文", texts.FRONT_MATTER_BROKEN, 2),
            ("---\ntitle: !!python/object/apply:os.getcwd []\n---\n正文", texts.FRONT_MATTER_BROKEN, 2),
            ("---\ntitle: !!int 甲\n---\n正文", texts.FRONT_MATTER_BROKEN, 2),
        ],
    )
    def test_what_and_where(self, tmp_path: Path, content: str | bytes, message: str, line: int) -> None:
        error = refusal(tmp_path, content)
        assert (error.message, error.line) == (message, line)

    def test_too_large(self, tmp_path: Path) -> None:
        path = tmp_path / "big.md"
        with path.open("wb") as file:
            file.truncate(MAX_BYTES + 1)
        with pytest.raises(UnreadableFile, match="50 MB"):
            read_file(path, tmp_path)


class TestSourceFiles:
    def test_what_can_be_read_in_a_stable_order(self, tmp_path: Path) -> None:
        for name in [
            "b.md",
            "a.txt",
            "深/层/c.MARKDOWN",
            "README.md",
            "深/README.md",
            ".隐.md",
            ".git/x.md",
            "图.png",
            "表.csv",
            "表.csv.meta.yaml",
            "程序.exe",
            "lexicon/words.txt",
            "深/lexicon/d.txt",
        ]:
            write(tmp_path, name, "甲")
        found = [path.relative_to(tmp_path).as_posix() for path in source_files(tmp_path)]
        assert found == sorted(found)
        texts_found = {"b.md", "a.txt", "深/层/c.MARKDOWN", "深/README.md", "深/lexicon/d.txt"}
        assert set(found) == texts_found | {"图.png", "表.csv"}

    def test_symbolic_links_are_not_followed(self, tmp_path: Path) -> None:
        outside = write(tmp_path, "outside/secret.md", "甲")
        inside = tmp_path / "kb"
        inside.mkdir()
        (inside / "link.md").symlink_to(outside)
        (inside / "folder").symlink_to(outside.parent)
        assert source_files(inside) == ()

    def test_an_absent_folder_is_a_setting_error_with_its_cure(self, tmp_path: Path) -> None:
        with pytest.raises(ConfigError, match="KBQA_KB_DIR"):
            source_files(tmp_path / "nowhere")
