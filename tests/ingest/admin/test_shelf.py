"""Files go into a knowledge base whole or not at all, under names that harm nobody, and come out without being lost."""

import os
import unicodedata
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingest.admin.shelf import NAME_BYTES, Shelf, check, files_below, folder_for, safe_name
from ingest.admin.sidecar import as_yaml, beside, described, without
from rag.config import Config
from rag.errors import ConfigError, UnreadableFile


@pytest.fixture
def config(tmp_path: Path) -> Config:
    (tmp_path / "kb").mkdir()
    (tmp_path / "index").mkdir()
    return Config(kb_dir=tmp_path / "kb", index_dir=tmp_path / "index")


def tree(root: Path) -> dict[str, bytes]:
    return {p.relative_to(root).as_posix(): p.read_bytes() if p.is_file() else b"" for p in root.rglob("*")}


class TestNames:
    @pytest.mark.parametrize(
        ("given", "safe"),
        [
            ("农业保险条例（2016修订）.pdf", "农业保险条例（2016修订）.pdf"),
            ("../../etc/passwd.txt", "passwd.txt"),
            ("..\\..\\办法.docx", "办法.docx"),
            ("-rf 办法.txt", "rf 办法.txt"),
            (".hidden.md", "hidden.md"),
            ("办法\u202efdp.txt", "办法fdp.txt"),
            ("办\x00法\n.txt", "办法.txt"),
            ('a<b>:"c"|?*.txt', "a_b___c____.txt"),
            ("e\u0301.txt", "é.txt"),
            ("财金〔2025〕11号.PDF", "财金〔2025〕11号.PDF"),
        ],
    )
    def test_known(self, given: str, safe: str) -> None:
        assert safe_name(given) == safe

    @given(st.text(st.characters(codec=None), max_size=300), st.sampled_from([".txt", ".pdf", ".md"]))
    def test_any(self, stem: str, suffix: str) -> None:
        try:
            name = safe_name(stem + suffix)
        except UnreadableFile:
            return
        assert len(name.encode()) <= NAME_BYTES
        assert name.endswith(suffix)
        assert name == unicodedata.normalize("NFC", name)
        assert not name.startswith((".", "-", "~", " "))
        assert not set("/\\\x00\u202e\u200b") & set(name)
        assert safe_name(name) == name

    @pytest.mark.parametrize("name", ["", "....", ".txt", "\u202e.txt", "办法", "/"])
    def test_nothing_left(self, name: str) -> None:
        with pytest.raises(UnreadableFile):
            safe_name(name)

    def test_folders(self) -> None:
        assert [folder_for(layer) for layer in ("法律", "政策规定", "论文观点", "数据案例", "其他资料", "")] == [
            *("policies", "policies", "paper", "statistics", "documents", "documents")
        ]
        assert folder_for("法律", "policies/省内/") == "policies/省内"

    @pytest.mark.parametrize("into", ["..", "a/../b", "/etc", "lexicon", ".", "a/.b", "a\\b", "-x"])
    def test_folders_that_lead_elsewhere(self, into: str) -> None:
        with pytest.raises(ConfigError):
            folder_for("", into)


class TestCheck:
    def test_a_usable_file(self, tmp_path: Path) -> None:
        (tmp_path / "a.txt").write_text("甲")
        check(tmp_path / "a.txt")

    def test_unusable_files(self, tmp_path: Path) -> None:
        (tmp_path / "a.txt").write_text("甲")
        (tmp_path / "link.txt").symlink_to(tmp_path / "a.txt")
        (tmp_path / "empty.txt").touch()
        (tmp_path / "a.exe").write_bytes(b"MZ")
        (tmp_path / "folder.txt").mkdir()
        os.mkfifo(tmp_path / "pipe.txt")
        with (tmp_path / "large.txt").open("wb") as file:
            file.truncate(50_000_001)
        said = []
        for name in (
            "link.txt",
            "empty.txt",
            "a.exe",
            "folder.txt",
            "pipe.txt",
            "large.txt",
            "none.txt",
            "a.txt/b.txt",
        ):
            with pytest.raises(UnreadableFile) as caught:
                check(tmp_path / name)
            assert caught.value.cure
            said.append(caught.value.message)
        assert len(set(said)) == 6  # folder and pipe are no regular files; none.txt and a.txt/b.txt do not exist

    def test_a_folder_gives_what_can_be_used(self, tmp_path: Path) -> None:
        for name in ("a.txt", "b/c.md", "b/d.exe", ".git/e.md", "~$f.docx", "a.pdf.meta.yaml"):
            (tmp_path / name).parent.mkdir(exist_ok=True)
            (tmp_path / name).write_text("甲")
        (tmp_path / "link.md").symlink_to(tmp_path / "a.txt")
        usable, others = files_below(tmp_path)
        assert [path.name for path in usable] == ["a.txt", "c.md"]
        assert [path.name for path in others] == ["d.exe"]


class TestChanges:
    def test_put_take_and_replace(self, config: Config) -> None:
        with Shelf(config) as shelf:
            shelf.put("policies/甲.txt", b"1")
            shelf.put("policies/乙.txt", b"2")
        with Shelf(config) as shelf:
            shelf.put("policies/甲.txt", b"3")
            shelf.take("policies/乙.txt")
        assert tree(config.kb_dir) == {"policies": b"", "policies/甲.txt": b"3"}
        assert (shelf.attic / "policies/甲.txt").read_bytes() == b"1"
        assert (shelf.attic / "policies/乙.txt").read_bytes() == b"2"

    @pytest.mark.parametrize("error", [ValueError, KeyboardInterrupt])
    def test_a_failure_leaves_everything_as_it_was(self, config: Config, error: type[BaseException]) -> None:
        with Shelf(config) as shelf:
            shelf.put("a/甲.txt", b"1")
        before = tree(config.kb_dir), tree(config.index_dir)

        def change() -> None:
            with Shelf(config) as shelf:
                shelf.put("a/甲.txt", b"2")
                shelf.put("a/甲.txt", b"3")
                shelf.put("b/c/乙.txt", b"4")
                shelf.put("b/c/乙.txt.meta.yaml", b"5", owner="b/c/乙.txt")
                shelf.take("a/甲.txt")
                raise error

        with pytest.raises(error):
            change()
        assert tree(config.kb_dir) == before[0]
        assert {name for name, content in tree(config.index_dir).items() if content} == set()

    def test_one_file_is_taken_back_with_its_sidecar(self, config: Config) -> None:
        with Shelf(config) as shelf:
            shelf.put("甲.pdf", b"1")
            shelf.put("乙.pdf.meta.yaml", b"2", owner="乙.pdf")
            shelf.put("乙.pdf", b"3")
            shelf.undo("乙.pdf")
        assert tree(config.kb_dir) == {"甲.pdf": b"1"}

    def test_a_link_does_not_lead_outside(self, config: Config, tmp_path: Path) -> None:
        (tmp_path / "elsewhere").mkdir()
        (config.kb_dir / "documents").symlink_to(tmp_path / "elsewhere")
        with Shelf(config) as shelf, pytest.raises(UnreadableFile):
            shelf.put("documents/甲.txt", b"1")
        assert not list((tmp_path / "elsewhere").iterdir())


class TestMetadata:
    def test_a_text_without_front_matter_gets_one(self) -> None:
        found = described("甲.txt", "正文\n".encode("gb18030"), {"title": "甲: 乙 #1", "issued": "2024-01-01"})
        assert found.decode() == "---\ntitle: '甲: 乙 #1'\nissued: '2024-01-01'\n---\n正文\n"

    def test_what_is_missing_is_added(self) -> None:
        found = described("甲.md", "---\ntitle: 甲\n---\n正文".encode(), {"title": "甲", "layer": "法律"})
        assert found.decode() == "---\ntitle: 甲\nlayer: 法律\n---\n正文"
        assert without("甲.md", found, "layer").decode() == "---\ntitle: 甲\n---\n正文"

    def test_another_value_is_refused(self) -> None:
        with pytest.raises(UnreadableFile, match="甲"):
            described("甲.md", "---\ntitle: 甲\n---\n正文".encode(), {"title": "乙"})

    def test_nothing_to_add_changes_no_byte(self) -> None:
        assert described("甲.md", b"\xff\xfe", {}) == b"\xff\xfe"

    def test_a_sidecar_comes_back(self, tmp_path: Path) -> None:
        values = {"title": "是: #否", "issuer": ["财政部", "人民银行"], "issued": "2024-01-01"}
        (tmp_path / "甲.pdf.meta.yaml").write_text(as_yaml(values), encoding="utf-8")
        assert beside(tmp_path / "甲.pdf") == values
        assert beside(tmp_path / "乙.pdf") == {}
