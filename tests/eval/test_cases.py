"""The shipped questions: readable, distinct, and with gold that stands in the knowledge base."""

import json
from pathlib import Path

import pytest

import eval.cases
from eval.cases import CASES, Case, load_cases
from eval.score import squeezed
from ingest.calibrate import foreign_questions
from tests.conftest import ROOT

NAMES = sorted(path.stem for path in CASES.glob("*.jsonl"))
IN_SCOPE = [name for name in NAMES if name.startswith("in_scope")]
EVERY_CASE = [case for name in NAMES for case in load_cases(name)]
GOLD = {"source": "a.md", "quote": "五个"}
GOOD = {"id": "X1", "kind": "number", "question": "多少？", "gold": [GOLD], "values": ["五"]}


@pytest.fixture
def cases_dir(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr(eval.cases, "CASES", tmp_path)
    return tmp_path


def write(directory: Path, *lines: str) -> None:
    (directory / "mine.jsonl").write_text("\n".join(lines) + "\n", encoding="utf-8")


class TestLoading:
    def test_a_case(self, cases_dir: Path) -> None:
        write(cases_dir, json.dumps(GOOD, ensure_ascii=False))
        assert load_cases("mine") == (Case("X1", "number", "多少？", (("a.md", "五个"),), ("五",)),)

    def test_no_gold_and_no_values(self, cases_dir: Path) -> None:
        write(cases_dir, '{"id": "O1", "kind": "weather", "question": "下雨吗"}')
        assert load_cases("mine") == (Case("O1", "weather", "下雨吗", (), ()),)

    @pytest.mark.parametrize(
        "bad",
        [
            "{",
            "",
            '{"kind": "number", "question": "多少"}',
            '{"id": "X", "question": "多少"}',
            '{"id": "X", "kind": "number"}',
            '{"id": "X", "kind": "number", "question": "多少", "gold": [{"source": "a.md"}]}',
        ],
    )
    def test_an_error_names_file_and_line(self, cases_dir: Path, bad: str) -> None:
        good = json.dumps(GOOD)
        write(cases_dir, good, good, bad, good)
        with pytest.raises(ValueError, match=r"mine\.jsonl line 3"):
            load_cases("mine")

    @pytest.mark.parametrize("bad", ["[]", "5", '{"id": "X", "kind": "k", "question": "q", "gold": ["quote"]}'])
    def test_another_shape_names_the_line_too(self, cases_dir: Path, bad: str) -> None:
        write(cases_dir, bad)
        with pytest.raises(ValueError, match=r"mine\.jsonl line 1"):
            load_cases("mine")

    def test_an_unknown_name(self) -> None:
        with pytest.raises(FileNotFoundError):
            load_cases("nobody")


class TestShipped:
    def test_what_is_there(self) -> None:
        assert NAMES == ["in_scope_dev", "in_scope_test", "out_of_scope_test"]
        assert len(load_cases("in_scope_test")) >= 120
        assert len(load_cases("out_of_scope_test")) >= 60

    def test_ids_are_unique(self) -> None:
        ids = [case.id for case in EVERY_CASE]
        assert len(set(ids)) == len(ids)

    def test_questions_are_unique(self) -> None:
        questions = [squeezed(case.question) for case in EVERY_CASE]
        assert len(set(questions)) == len(questions)

    @pytest.mark.parametrize("name", IN_SCOPE)
    def test_every_quote_is_in_its_source(self, name: str) -> None:
        texts = {}
        for case in load_cases(name):
            assert case.gold, case.id
            for source, quote in case.gold:
                texts.setdefault(source, squeezed((ROOT / "kb" / source).read_text(encoding="utf-8")))
                assert squeezed(quote) in texts[source], (case.id, quote)

    @pytest.mark.parametrize("name", IN_SCOPE)
    def test_every_value_is_in_some_gold_quote(self, name: str) -> None:
        for case in load_cases(name):
            quotes = [squeezed(quote) for _, quote in case.gold]
            for value in case.values:
                assert any(squeezed(value) in quote for quote in quotes), (case.id, value)

    def test_out_of_scope_has_no_gold(self) -> None:
        assert not [case.id for case in load_cases("out_of_scope_test") if case.gold or case.values]

    def test_what_is_reported_was_not_calibrated_with(self) -> None:
        calibrated = {squeezed(question) for question in foreign_questions(ROOT / "kb" / "lexicon")}
        assert calibrated
        assert not calibrated & {squeezed(case.question) for case in EVERY_CASE}
