"""`python -m ingest` as a person meets it: what it prints and how it exits."""

import http.server
import json
import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from ingest.__main__ import main
from ingest.lock import writer_lock
from rag import generation
from rag.config import Config
from tests.conftest import ROOT
from tests.fakes import FakeModel
from tests.ingest.admin.test_shelf import tree


def arguments(kb_dir: Path, index_dir: Path, *more: str) -> list[str]:
    return ["--kb", str(kb_dir), "--index", str(index_dir), *more]


def test_a_dry_run_tells_and_writes_nothing(small_kb: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(arguments(small_kb, tmp_path / "index", "--dry-run")) == 0
    assert "6" in capsys.readouterr().out
    assert not (tmp_path / "index").exists()


def test_bad_files_are_listed_with_line_and_cure(
    small_kb: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (small_kb / "policies" / "坏.md").write_text("---\ntitle: 甲\nissued: 2024-13-45\n---\n正文\n", encoding="utf-8")
    assert main(arguments(small_kb, tmp_path / "index", "--dry-run")) == 3
    said = capsys.readouterr().out
    assert all(part in said for part in ("policies/坏.md", "3", "2024-13-45", "2024-12-31"))


def test_an_unknown_setting(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.setenv("KBQA_KB_DIRECTORY", "x")
    assert main(["--dry-run"]) == 2
    assert "KBQA_KB_DIRECTORY" in capsys.readouterr().err.replace("\n", "")


def test_no_knowledge_base(tmp_path: Path) -> None:
    assert main(arguments(tmp_path / "nowhere", tmp_path / "index")) == 2


def test_an_empty_knowledge_base(tmp_path: Path) -> None:
    (tmp_path / "kb").mkdir()
    assert main(arguments(tmp_path / "kb", tmp_path / "index")) == 3


def test_another_writer(small_kb: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    with writer_lock(tmp_path):
        assert main(arguments(small_kb, tmp_path)) == 75
    assert "进程号" in capsys.readouterr().err.replace("\n", "")


def test_rollback(own_index: Config, capsys: pytest.CaptureFixture[str]) -> None:
    root = own_index.index_dir / generation.GENERATIONS
    (newer,) = root.iterdir()
    newer.rename(root / "20200101T000000000000-older")
    assert main(arguments(own_index.kb_dir, own_index.index_dir, "--rollback")) == 0
    assert generation.published(own_index.index_dir).name == "20200101T000000000000-older"
    assert "20200101T000000000000-older" in capsys.readouterr().out
    assert main(arguments(own_index.kb_dir, own_index.index_dir, "--rollback")) == 3


def test_a_place_that_cannot_be_written(small_kb: Path, tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    assert main(arguments(small_kb, tmp_path / "file" / "index")) == 74


def test_help_is_a_command_away() -> None:
    command = [sys.executable, "-m", "ingest", "--help"]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True)
    assert all(option in done.stdout for option in ("--kb", "--index", "--dry-run", "--rollback"))


@pytest.mark.parametrize(
    "command", ["add", "remove", "status", "verify", "rollback", "report", "fetch", "official", "add --replace"]
)
def test_every_command_explains_itself(command: str, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as caught:
        main([*command.split(), "--help"])
    said = capsys.readouterr().out
    assert caught.value.code == 0
    assert f"例：\n  python -m ingest {command.split()[0]}" in said
    assert all(option in said for option in ("--kb", "--index"))


@pytest.mark.parametrize(
    ("command", "word"),
    [
        ("delete x", "没有“delete”这个命令"),
        ("add", "还缺：FILE"),
        ("status --yaml", "不认识的参数：--yaml"),
        ("report --out", "--out 后面要跟一个值"),
    ],
)
def test_a_wrong_call_is_told_in_chinese(command: str, word: str, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as caught:
        main(command.split())
    assert caught.value.code == 2
    assert word in capsys.readouterr().err


@pytest.fixture
def places(own_index: Config, monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """--kb and --index of a published index that the test may change."""
    monkeypatch.setenv("KBQA_READER", "off")
    return arguments(own_index.kb_dir, own_index.index_dir)


def test_wrong_wishes(places: list[str], tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "甲.txt").write_text("正文")
    name = str(tmp_path / "甲.txt")
    for wish in (["--layer", "规定"], ["--into", "../x"], ["--title", "甲"]):
        assert main(["add", name, name, *wish, *places]) == 2
    assert main(["official", *places]) == 2
    assert main(["add", name, "--kb", str(tmp_path / "nowhere")]) == 2
    assert "政策规定" in capsys.readouterr().err


def test_files_go_in_and_come_out(
    own_index: Config, places: list[str], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """A good file, a bad one, a copy and a folder with one publish; then out again, and lost is nothing."""
    kb = own_index.kb_dir
    good = tmp_path / "-担保办法.txt"
    good.write_text("第一条 为了规范担保，制定本办法。\n第二条 本办法自2025年3月1日起施行。\n", encoding="utf-8")
    (tmp_path / "坏.md").write_text("---\nstatus: 没有的\n---\n正文", encoding="utf-8")
    (tmp_path / "夹").mkdir()
    (tmp_path / "夹" / "纪要.md").write_text("会议纪要。", encoding="utf-8")
    (tmp_path / "夹" / "片.mp4").touch()
    copy = tmp_path / "走访.txt"
    copy.write_bytes((kb / "notes/走访记录.txt").read_bytes())
    before = tree(kb)
    given = [str(good), str(tmp_path / "坏.md"), str(copy), str(tmp_path / "夹"), str(tmp_path / "没有.txt")]
    assert main(["add", "--layer", "政策规定", *places, "--", *given], FakeModel()) == 3
    said = capsys.readouterr().out
    for part in (
        "✓ policies/担保办法.txt：就绪，2 条 · 2 段",
        "✗ policies/坏.md 第 2 行：不认识的效力状态",
        "= notes/走访记录.txt：内容相同",
        "1 个文件格式不支持，未放入（片.mp4）",
        "✓ policies/夹/纪要.md：就绪",
        "没有.txt：没有这个文件",
    ):
        assert part in said
    assert not (kb / "policies" / "坏.md").exists()
    assert (
        main(["remove", "担保办法", "夹/纪要", *places], FakeModel()) == 3
    )  # nothing happens unless every name is clear
    assert main(["remove", "担保办法", str(kb / "policies/夹/纪要.md"), *places], FakeModel()) == 0
    said = capsys.readouterr().out
    assert {name: content for name, content in tree(kb).items() if content} == {n: c for n, c in before.items() if c}
    (kept,) = own_index.index_dir.glob("removed/*/policies/担保办法.txt")
    assert "layer: 政策规定" in kept.read_text(encoding="utf-8")
    assert str(kept.parent.parent) in said


def test_another_file_of_the_name(
    own_index: Config, places: list[str], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    taken = own_index.kb_dir / "notes" / "走访记录.txt"
    other = tmp_path / "走访记录.txt"
    other.write_text("另一次走访，谈了青山县的涉农贷款。", encoding="utf-8")
    assert main(["add", str(other), "--into", "notes", *places], FakeModel()) == 3
    assert "--replace" in capsys.readouterr().out
    old = taken.read_bytes()
    other.write_text("---\nlayer: 没有的\n---\n另一次", encoding="utf-8")
    assert main(["add", str(other), "--into", "notes", "--replace", *places], FakeModel()) == 3
    assert taken.read_bytes() == old
    other.write_text("另一次走访，谈了青山县的涉农贷款。", encoding="utf-8")
    assert main(["add", str(other), "--into", "notes", "--replace", *places], FakeModel()) == 0
    assert taken.read_bytes() == other.read_bytes()
    (kept,) = own_index.index_dir.glob("removed/*/notes/走访记录.txt")
    assert kept.read_bytes() == old


class InterruptedModel(FakeModel):
    """The administrator presses Ctrl-C while the model loads."""

    def load(self) -> None:  # type: ignore[override]
        raise KeyboardInterrupt


def test_ctrl_c_leaves_everything_as_it_was(
    own_index: Config, places: list[str], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    before, name = tree(own_index.kb_dir), generation.published(own_index.index_dir)
    (tmp_path / "甲.txt").write_text("甲办法的正文。", encoding="utf-8")
    assert main(["add", str(tmp_path / "甲.txt"), *places], InterruptedModel()) == 130
    assert main(["remove", "走访记录", *places], InterruptedModel()) == 130
    assert tree(own_index.kb_dir) == before
    assert generation.published(own_index.index_dir) == name
    assert "保持原样" in capsys.readouterr().err


def test_names_that_mean_none_or_several(
    own_index: Config, places: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    (own_index.kb_dir / "走访记录.txt").write_text("又一份", encoding="utf-8")
    assert main(["remove", "走访记录", *places]) == 3
    said = capsys.readouterr().err
    assert "notes/走访记录.txt" in said
    assert "对得上 2 份" in said
    assert main(["remove", "农业保险", *places]) == 3
    assert "policies/青山省农业保险条例.md" in capsys.readouterr().err


def test_the_state_is_shown_checked_and_reported(
    own_index: Config, places: list[str], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["status", *places], FakeModel()) == 0
    assert "6 份文件" in capsys.readouterr().out
    assert main(["status", "--json", *places], FakeModel()) == 0
    assert len(json.loads(capsys.readouterr().out)["rows"]) == 6
    assert main(["report", "--out", str(tmp_path / "r.html"), *places], FakeModel()) == 0
    assert "6 份文件" in capsys.readouterr().out
    assert (tmp_path / "r.html").stat().st_size > 10_000
    assert main(["verify", *places]) == 0
    assert "索引完好" in capsys.readouterr().out
    catalog = generation.published(own_index.index_dir) / generation.CATALOG
    catalog.write_bytes(catalog.read_bytes()[:-1])
    assert main(["verify", *places]) == 3
    said = capsys.readouterr().out
    assert "✗ 文件校验和" in said
    assert "请执行 python -m ingest 重建" in said


def test_before_the_first_index(small_kb: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    places = arguments(small_kb, tmp_path / "index")
    assert main(["status", *places], FakeModel()) == 0
    assert "6 个可以入库的文件" in capsys.readouterr().out
    assert main(["verify", *places]) == 3
    assert main(["report", "--out", str(tmp_path / "r.html"), *places], FakeModel()) == 3
    assert main(["rollback", *places]) == 3
    assert not (tmp_path / "index").exists()


OFFICIAL_TEXT = "第一条 为了支持小微企业，制定本措施。\n第二条 本措施自2025年1月1日起施行。\n"


class Site(http.server.BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        self.send_response(200 if self.path == "/a.txt" else 404)
        self.send_header("Content-Type", "text/plain")
        self.end_headers()
        self.wfile.write(OFFICIAL_TEXT.encode())

    def log_message(self, *_: object) -> None:
        pass


@pytest.fixture
def host(monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), Site) as server:
        thread = threading.Thread(target=server.serve_forever, args=(0.01,))
        thread.start()
        monkeypatch.setenv("KBQA_FETCH_HOSTS", f"127.0.0.1:{server.server_port}")
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()
        thread.join()


def test_an_official_text_takes_the_place_of_its_digest_and_gives_it_back(
    own_index: Config, places: list[str], host: str, capsys: pytest.CaptureFixture[str]
) -> None:
    digest = own_index.kb_dir / "policies" / "支持小微企业融资若干措施.md"
    text = digest.read_text(encoding="utf-8").replace("---\n", f"---\nsource_url: {host}/a.txt\n", 1)
    digest.write_text(text, encoding="utf-8")
    assert main(["official", "--all", *places], FakeModel()) == 0
    said = capsys.readouterr().out
    assert "✓ policies/支持小微企业融资若干措施（官方原文）.txt：就绪，2 条" in said
    official = own_index.kb_dir / "policies" / "支持小微企业融资若干措施（官方原文）.txt"
    head = official.read_text(encoding="utf-8")
    assert "official_of: policies/支持小微企业融资若干措施.md" in head
    assert "title: 支持小微企业融资若干措施" in head
    assert f"source_url: {host}/a.txt" in head
    assert "superseded_by: policies/支持小微企业融资若干措施（官方原文）.txt" in digest.read_text(encoding="utf-8")
    assert main(["official", digest.name, *places], FakeModel()) == 3
    assert "已由" in capsys.readouterr().out
    assert main(["status", "--json", *places], FakeModel()) == 0
    sources = [row["source"] for row in json.loads(capsys.readouterr().out)["rows"]]
    assert "policies/支持小微企业融资若干措施.md" not in sources
    assert main(["remove", official.name, *places], FakeModel()) == 0
    assert digest.read_text(encoding="utf-8") == text
    assert "恢复使用" in capsys.readouterr().out


def test_a_full_text_put_in_by_hand_takes_the_place_of_its_digest(
    own_index: Config, places: list[str], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    head = "title: 青山县信用办法\neffective: 2020-05-01\nlayer: 地方政策\nbasis: 全文\n"
    digest = f"---\n{head}---\n- 第二条规定，保存五年。\n"
    (own_index.kb_dir / "policies" / "信用办法.md").write_text(digest, encoding="utf-8")
    assert main(places, FakeModel()) == 0
    full = tmp_path / "原文.txt"
    clauses = [f"第{n}条 信用服务机构应当遵守本办法关于第{n}类信息的规定。" for n in "一二三四"]
    lines = ["青山县信用办法", *clauses, "第五条 本办法自2020年5月1日起施行。"]
    full.write_text("\n".join(lines), encoding="utf-8")
    capsys.readouterr()
    assert main(["add", str(full), *places], FakeModel()) == 0
    assert "代替了要点整理 policies/信用办法.md" in capsys.readouterr().out
    assert main(["remove", "原文.txt", *places], FakeModel()) == 0
    assert main(["status", "--json", *places], FakeModel()) == 0
    said = capsys.readouterr().out
    assert "policies/信用办法.md" in [row["source"] for row in json.loads(said[said.index("{") :])["rows"]]


def test_what_is_fetched_keeps_its_origin(
    own_index: Config, places: list[str], host: str, capsys: pytest.CaptureFixture[str]
) -> None:
    urls = [f"{host}/a.txt", "https://evil.example/b.pdf"]
    assert main(["fetch", *urls, "--layer", "政策规定", *places], FakeModel()) == 3
    said = capsys.readouterr().out
    assert "✓ policies/a.txt：就绪，2 条" in said
    assert "evil.example 不在名单内" in said
    head = (own_index.kb_dir / "policies" / "a.txt").read_text(encoding="utf-8")
    assert f"source_url: {host}/a.txt" in head
    assert "\nfetched: '20" in head
    assert main(["fetch", f"{host}/b.txt", *places], FakeModel()) == 3
    assert "404" in capsys.readouterr().out
