"""What changed since the published generation; a bad file never stops the others."""

from pathlib import Path

import pytest

from ingest import texts as intake_texts
from ingest.build import pipeline
from ingest.plan import Plan, make_plan
from rag import texts
from rag.config import Config
from rag.errors import ConfigError
from rag.types import Problem
from tests.fakes import FakeModel

NOTE = "notes/走访记录.txt"
GOOD = "policies/青山省农业保险条例.md"


def plan_of(config: Config) -> Plan:
    return make_plan(config, pipeline(config, FakeModel().fingerprint), lambda *_: None)


def problems_of(config: Config) -> dict[str, Problem]:
    return {problem.source: problem for problem in plan_of(config).problems}


class TestProblems:
    def test_each_bad_file_is_reported_and_the_others_stay(self, small_kb: Path, tmp_path: Path) -> None:
        bad = {
            "policies/未闭合.md": ("---\ntitle: 甲\n正文\n", 1, texts.FRONT_MATTER_OPEN),
            "policies/未知键.md": (
                "---\ntitle: 甲\nissuer:\n  - 乙\n标签: 丙\n---\n正文\n",
                5,
                texts.KEY_UNKNOWN.format(key="标签"),
            ),
            "policies/坏日期.md": (
                "---\nissued: 2024-13-45\n---\n正文\n",
                2,
                texts.DATE_UNREADABLE.format(key="issued", value="2024-13-45"),
            ),
            "policies/坏层级.md": (
                "---\ntitle: 甲\n\nlayer: 小说\n---\n正文\n",
                4,
                texts.LAYER_UNKNOWN.format(value="小说"),
            ),
            "policies/坏效力.md": ("---\nstatus: 也许\n---\n正文\n", 2, texts.STATUS_UNKNOWN.format(value="也许")),
            "policies/空.md": ("", 0, texts.FILE_EMPTY),
        }
        for source, (content, _, _) in bad.items():
            (small_kb / source).write_text(content, encoding="utf-8")
        (small_kb / "notes" / "坏字节.txt").write_bytes("走访记录\n".encode() * 9 + b"\xff")
        config = Config(kb_dir=small_kb, index_dir=tmp_path / "index")
        found = problems_of(config)
        assert {s: (p.line, p.message) for s, p in found.items()} == {
            **{source: (line, message) for source, (_, line, message) in bad.items()},
            "notes/坏字节.txt": (10, intake_texts.ENCODING_BROKEN.format(encoding="UTF-8")),
        }
        assert all(problem.cure for problem in found.values())
        assert len(plan_of(config).files) == 6

    def test_a_duplicate_identity_names_the_other_file(self, small_kb: Path, tmp_path: Path) -> None:
        for name in ("甲", "乙"):
            (small_kb / "notes" / f"{name}.txt").write_text(
                f"---\ntitle: {name}\nid: 7\n---\n正文{name}", encoding="utf-8"
            )
        config = Config(kb_dir=small_kb, index_dir=tmp_path / "index")
        (problem,) = plan_of(config).problems
        first, second = sorted(("notes/甲.txt", "notes/乙.txt"))
        assert problem == Problem(second, 3, texts.ID_DUPLICATE.format(value=7, other=first), texts.CURE_ID)

    def test_a_file_name_that_is_not_utf8(self, small_kb: Path, tmp_path: Path) -> None:
        name = "走访".encode("gb18030").decode("utf-8", "surrogateescape")
        (small_kb / "notes" / f"{name}.txt").write_text("正文", encoding="utf-8")
        config = Config(kb_dir=small_kb, index_dir=tmp_path / "index")
        assert len(plan_of(config).problems) == 1

    def test_no_folder(self, tmp_path: Path) -> None:
        with pytest.raises(ConfigError):
            plan_of(Config(kb_dir=tmp_path / "nowhere", index_dir=tmp_path))


class TestChanges:
    def test_first_time_everything_is_new(self, small_kb: Path, tmp_path: Path) -> None:
        plan = plan_of(Config(kb_dir=small_kb, index_dir=tmp_path / "index"))
        assert (len(plan.added), plan.unchanged, plan.current, plan.rebuild) == (6, 0, None, texts.REBUILD_FIRST)
        assert not plan.nothing_changed

    def test_nothing(self, own_index: Config) -> None:
        plan = plan_of(own_index)
        assert plan.nothing_changed
        assert plan.unchanged == 6

    def test_a_new_time_of_change_is_no_change(self, own_index: Config) -> None:
        (own_index.kb_dir / NOTE).touch()
        assert plan_of(own_index).nothing_changed

    def test_added_changed_removed(self, own_index: Config) -> None:
        kb = own_index.kb_dir
        (kb / "notes" / "新.txt").write_text("新的一段。", encoding="utf-8")
        (kb / NOTE).write_text("改过的一段。", encoding="utf-8")
        (kb / GOOD).unlink()
        plan = plan_of(own_index)
        assert (plan.added, plan.changed, plan.removed) == (("notes/新.txt",), (NOTE,), (GOOD,))
        assert (plan.renamed, plan.unchanged) == ((), 4)

    def test_a_moved_file_is_renamed_not_removed(self, own_index: Config) -> None:
        kb = own_index.kb_dir
        (kb / NOTE).rename(kb / "policies" / "走访.txt")
        plan = plan_of(own_index)
        assert plan.renamed == ((NOTE, "policies/走访.txt"),)
        assert (plan.added, plan.removed) == ((), ())
        assert not plan.nothing_changed

    def test_copies_of_one_file_are_not_taken_for_one_another(self, own_index: Config) -> None:
        kb = own_index.kb_dir
        content = (kb / NOTE).read_bytes()
        (kb / NOTE).unlink()
        for name in ("一.txt", "二.txt"):
            (kb / "notes" / name).write_bytes(content)
        plan = plan_of(own_index)
        assert plan.renamed == ((NOTE, "notes/一.txt"),)
        assert (plan.added, plan.behind) == ((), (("notes/二.txt", "notes/一.txt"),))

    def test_a_copy_that_comes_or_goes_changes_what_stands(self, own_index: Config) -> None:
        copy = own_index.kb_dir / "走访-副本.txt"
        copy.write_bytes((own_index.kb_dir / NOTE).read_bytes())
        plan = plan_of(own_index)
        assert (plan.added, plan.changed, plan.behind) == ((), (NOTE,), ((copy.name, NOTE),))

    def test_versions_that_only_their_texts_tell_apart_both_stand(self, own_index: Config) -> None:
        clauses = "".join(f"{n}. 第{n}类贷款余额不得超过净资产的{n}%，期限不超过{n}年。\n" for n in range(1, 30))
        for year in (2014, 2024):
            head = f"县域贷款办法\n银发〔{year}〕7号\n"
            text = f"{head}{clauses}本办法自{year}年5月1日起施行。\n中国人民银行\n{year}年3月2日\n"
            (own_index.kb_dir / "policies" / f"办法{year}.txt").write_text(text, "utf-8")
        plan = plan_of(own_index)
        assert plan.behind == ()
        assert plan.added == ("policies/办法2014.txt", "policies/办法2024.txt")
        statuses = {document.source: document.meta.status for document, _ in plan.files}
        assert [statuses[source] for source in plan.added] == ["已失效", "现行有效"]

    def test_a_digest_steps_back_while_its_official_text_is_there(self, own_index: Config) -> None:
        digest = own_index.kb_dir / GOOD
        digest.write_text(digest.read_text("utf-8").replace("---\n", f"---\nsuperseded_by: {NOTE}\n", 1), "utf-8")
        assert plan_of(own_index).behind == ((GOOD, NOTE),)
        assert plan_of(own_index).removed == (GOOD,)
        (own_index.kb_dir / NOTE).unlink()
        assert plan_of(own_index).behind == ()

    def test_another_model_or_lexicon_rebuilds(self, own_index: Config) -> None:
        assert (
            make_plan(own_index, pipeline(own_index, "another model"), lambda *_: None).rebuild
            == texts.REBUILD_PIPELINE
        )
        (own_index.kb_dir / "lexicon" / "words.txt").write_text("加工行业\n", encoding="utf-8")
        assert plan_of(own_index).rebuild == texts.REBUILD_PIPELINE

    def test_a_damaged_index_counts_as_none(self, own_index: Config) -> None:
        (own_index.index_dir / "CURRENT").write_text("20200101T000000-gone\n", encoding="ascii")
        plan = plan_of(own_index)
        assert plan.current is None
        assert "20200101T000000-gone" in plan.rebuild
