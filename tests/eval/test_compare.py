"""Two runs side by side, and files that hold no run."""

import copy
import io
import json
from pathlib import Path
from typing import Any

import pytest
from rich.console import Console

from eval.compare import Comparison, compare, load_run, print_comparison
from rag.errors import KbqaError
from tests.eval.test_report import foreign_run, rate, row, small_run


def changed() -> dict[str, Any]:
    """The small run, later: D1 right, T1 refused, T2 gone, D9 new, two rates moved."""
    run = small_run() | {"created": "2026-01-03T00:00:00+00:00"}
    rows = {held["case"]["id"]: held for held in run["rows"]}
    rows["D1"]["outcome"] = "right"
    rows["T1"] |= {"outcome": "refused", "why": ["[b]没有作答"]}
    rows["D3"]["outcome"] = "wrong"
    run["rows"] = [held for held in run["rows"] if held["case"]["id"] != "T2"] + [row("D9", "dev", "number", "right")]
    rates = copy.deepcopy(run["systems"][0]["rates"])
    rates["dev"]["all"] |= {"hit@1": rate(0.95), "right": rate(0.6)}
    run["systems"][0]["rates"] = rates
    return run


def printed(comparison: Comparison) -> str:
    console = Console(file=io.StringIO(), width=120)
    print_comparison(comparison, console)
    assert isinstance(console.file, io.StringIO)
    return console.file.getvalue()


class TestCompare:
    def test_questions(self) -> None:
        found = compare(small_run(), changed())
        assert [(c.split, c.id, c.before, c.after) for c in found.better] == [("dev", "D1", "答错", "答对")]
        assert [(c.split, c.id, c.before, c.after) for c in found.worse] == [("test", "T1", "答对", "未作答")]
        assert (found.new, found.gone) == ((("dev", "D9"),), (("test", "T2"),))
        assert not found.better[0].edited

    def test_rates_and_whether_they_left_their_interval(self) -> None:
        found = {(r.split, r.measure): r for r in compare(small_run(), changed()).rates}
        assert set(found) == {("dev", "hit@1"), ("dev", "right")}
        assert not found["dev", "hit@1"].outside
        assert found["dev", "right"].outside
        assert found["dev", "right"].difference == pytest.approx(-0.15)

    def test_the_same_id_in_two_splits_is_two_questions(self) -> None:
        before = small_run()
        before["rows"] = [row("A", "dev", "number", "right"), row("A", "test", "number", "wrong")]
        after = copy.deepcopy(before)
        after["rows"][1]["outcome"] = "right"
        found = compare(before, after)
        assert [(c.split, c.id) for c in found.better] == [("test", "A")]
        assert not found.worse

    def test_where_nothing_is_judged_the_first_passage_decides(self) -> None:
        after = foreign_run()
        for held, hit in zip(after["rows"], (0.0, 1.0), strict=True):
            held["measures"]["hit@1"] = hit
        found = compare(foreign_run(), after)
        assert [(c.id, c.before, c.after) for c in found.better] == [("X2", "首段未命中", "首段命中")]
        assert [c.id for c in found.worse] == ["X1"]
        for held in after["rows"]:
            held["measures"] = {}
        assert compare(foreign_run(), after).worse == ()

    def test_a_changed_gold_is_told(self) -> None:
        after = changed()
        after["rows"][0]["case"]["values"] = [["60万元"]]
        found = compare(small_run(), after)
        assert found.better[0].edited
        assert "题目或标准有改动" in printed(found)

    def test_tuples_of_a_fresh_run_equal_the_lists_of_a_file(self) -> None:
        after = changed()
        after["rows"][0]["case"]["turns"] = ()
        assert not compare(small_run(), after).better[0].edited


class TestPrinting:
    def test_everything_that_moved(self) -> None:
        said = printed(compare(small_run(), changed()))
        assert "变好 1 题，变差 1 题，新增 1 题，减少 1 题" in said
        assert "测试集 T1 数字  答对 → 未作答  T1的额度是多少？" in said
        assert "[b]没有作答" in said
        assert "新增的题：D9" in said
        assert "减少的题：T2" in said
        right = next(line for line in said.splitlines() if line.startswith("答对"))
        assert right.split() == ["答对", "0.750", "0.600", "-0.150", "超出原区间"]

    def test_no_difference(self) -> None:
        assert "没有差别" in printed(compare(small_run(), small_run()))


class TestLoading:
    def test_a_run_comes_back(self, tmp_path: Path) -> None:
        (tmp_path / "run.json").write_text(json.dumps(small_run(), ensure_ascii=False), encoding="utf-8")
        assert load_run(tmp_path / "run.json") == small_run()

    @pytest.mark.parametrize(
        ("content", "said"),
        [
            (None, "没有找到"),
            (b'{"corpus": "kb",\n', "第 2 行"),
            ("评测".encode("gbk"), "UTF-8"),
            (b"[]", "corpus、created、systems、rows"),
            (b'{"corpus": "kb", "created": "x", "systems": [], "rows": [1]}', "缺少 systems"),
            (b'{"corpus": "kb", "created": "x", "systems": {"a": 1}, "rows": [1]}', "缺少 systems"),
        ],
    )
    def test_what_is_no_run(self, tmp_path: Path, content: bytes | None, said: str) -> None:
        path = tmp_path / "run.json"
        if content is not None:
            path.write_bytes(content)
        with pytest.raises(KbqaError, match=said) as raised:
            load_run(path)
        assert str(path) in str(raised.value)
        assert "请" in str(raised.value)
        assert raised.value.exit_code == 2

    def test_a_folder(self, tmp_path: Path) -> None:
        with pytest.raises(KbqaError, match="读不出来"):
            load_run(tmp_path)
