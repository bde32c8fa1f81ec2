"""The shipped questions: readable, distinct, split by document, with gold that stands in the knowledge base.

Findings are given as case ids: what the test split asks is not for eyes that tune.
"""

import json
import re
from collections import Counter
from functools import cache
from pathlib import Path

import pytest

import eval.cases
from eval.answers import has_value, squeezed
from eval.cases import CASES, CHECKSUM, KINDS, SPLITS, Case, Gold, load_cases
from ingest.calibrate import foreign_questions
from tests.conftest import ROOT

KB = ROOT / "kb"
PAPER = "paper/金融赋能县域经济高质量发展路径探究.md"
WANTED = {
    "number": 80,
    "document": 50,
    "definition": 30,
    "list": 40,
    "how": 40,
    "compare": 20,
    "statistics": 30,
    "follow_up": 30,
    "false_premise": 20,
    "near_domain": 60,
    "out_of_domain": 30,
}
TEST_SHARE = 0.37
FOREIGN = ("near_domain", "out_of_domain")
GOOD = {"id": "X1", "kind": "number", "question": "多少？", "gold": [{"source": "a.md", "quote": "五个"}]}
FULL = {
    **GOOD,
    "kind": "follow_up",
    "turns": ["前一问"],
    "gold": [{"source": "a.md", "quote": "五个"}, {"source": "b.md", "quote": "三个", "part": 2}],
    "values": ["五", "三"],
    "items": [["甲", "乙"], ["丙"]],
    "must_not": ["六"],
    "absent": ["丁"],
    "about": "c.md",
}


@pytest.fixture
def cases_dir(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr(eval.cases, "CASES", tmp_path)
    return tmp_path


def write(directory: Path, *lines: str) -> None:
    (directory / "mine.jsonl").write_text("\n".join(lines) + "\n", encoding="utf-8")


class TestLoading:
    def test_a_case(self, cases_dir: Path) -> None:
        write(cases_dir, json.dumps(GOOD, ensure_ascii=False))
        assert load_cases("mine") == (Case("X1", "number", "多少？", gold=(Gold("a.md", "五个", 1),)),)

    def test_every_field(self, cases_dir: Path) -> None:
        write(cases_dir, json.dumps(FULL))
        (case,) = load_cases("mine")
        assert case == Case(
            "X1",
            "follow_up",
            "多少？",
            turns=("前一问",),
            gold=(Gold("a.md", "五个"), Gold("b.md", "三个", 2)),
            values=(("五",), ("三",)),
            items=(("甲", "乙"), ("丙",)),
            must_not=("六",),
            absent=("丁",),
            about="c.md",
        )
        assert case.parts == (1, 2)

    def test_without_gold_it_cannot_be_answered(self, cases_dir: Path) -> None:
        write(cases_dir, '{"id": "O1", "kind": "out_of_domain", "question": "下雨吗"}')
        (case,) = load_cases("mine")
        assert case == Case("O1", "out_of_domain", "下雨吗", answerable=False)
        assert case.parts == ()

    def test_an_empty_quote_is_no_part(self) -> None:
        assert Case("X", "how", "?", gold=(Gold("a.md"), Gold("b.md", "某句", 3), Gold("c.md", "同", 3))).parts == (3,)

    @pytest.mark.parametrize(
        "bad",
        [
            "{",
            "",
            '{"kind": "number", "question": "多少"}',
            '{"id": "X", "question": "多少"}',
            '{"id": "X", "kind": "number"}',
            '{"id": "X", "kind": "weather", "question": "多少"}',
            '{"id": "X", "kind": "number", "question": "多少", "gold": [{"source": "a.md"}]}',
            '{"id": "X", "kind": "number", "question": "多少", "gold": ["a.md"]}',
            '{"id": "X", "kind": "number", "question": "多少", "values": 5}',
            '{"id": "X", "kind": "list", "question": "多少", "items": [5]}',
            "[]",
            "5",
            "null",
        ],
    )
    def test_an_error_names_file_and_line(self, cases_dir: Path, bad: str) -> None:
        good = json.dumps(GOOD)
        write(cases_dir, good, good, bad, good)
        with pytest.raises(ValueError, match=r"mine\.jsonl line 3"):
            load_cases("mine")

    def test_an_unknown_name(self) -> None:
        with pytest.raises(FileNotFoundError):
            load_cases("nobody")

    def test_the_checksum_is_of_the_bytes(self, cases_dir: Path) -> None:
        (cases_dir / "test.jsonl").write_bytes(b"abc")
        # FIPS 180-2, appendix B.1
        assert eval.cases.test_checksum() == "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"


BY_SPLIT = {split: load_cases(split) for split in SPLITS}
EVERY_CASE = [case for cases in BY_SPLIT.values() for case in cases]


@cache
def squeezed_file(source: str) -> str:
    return squeezed((KB / source).read_text(encoding="utf-8"))


@cache
def second_chapter() -> str:
    text = (KB / PAPER).read_text(encoding="utf-8")
    start, end = (re.search(rf"(?m)^## {number} ", text) for number in (2, 3))
    assert start
    assert end
    return squeezed(text[start.start() : end.start()])


@cache
def test_documents() -> frozenset[str]:
    return frozenset((CASES / "test_documents.txt").read_text(encoding="utf-8").splitlines())


test_documents.__test__ = False  # type: ignore[attr-defined]


def twice(values: list[str]) -> list[str]:
    return [value for value, count in Counter(values).items() if count > 1]


class TestTheSet:
    def test_the_files(self) -> None:
        assert sorted(path.stem for path in CASES.glob("*.jsonl")) == sorted([*SPLITS, "clauses", "paraphrases"])

    def test_the_test_split_is_frozen(self) -> None:
        assert eval.cases.test_checksum() == CHECKSUM.read_text(encoding="ascii").strip()

    def test_enough_of_every_kind(self) -> None:
        assert set(WANTED) == set(KINDS)
        counts = Counter(case.kind for case in EVERY_CASE)
        assert {kind: counts[kind] for kind in KINDS if counts[kind] < WANTED[kind]} == {}

    def test_every_kind_is_in_both_splits(self) -> None:
        for split, cases in BY_SPLIT.items():
            assert {case.kind for case in cases} == set(KINDS), split

    def test_enough_of_it_is_kept_for_the_report(self) -> None:
        assert len(BY_SPLIT["test"]) / len(EVERY_CASE) >= TEST_SHARE

    def test_ids_are_unique(self) -> None:
        assert twice([case.id for case in EVERY_CASE]) == []

    def test_questions_are_unique(self) -> None:
        asked = {case.id: squeezed("\n".join((*case.turns, case.question))) for case in EVERY_CASE}
        repeated = set(twice(list(asked.values())))
        assert [id_ for id_, question in asked.items() if question in repeated] == []

    def test_what_is_reported_was_not_calibrated_with(self) -> None:
        calibrated = {squeezed(question) for question in foreign_questions(KB / "lexicon")}
        assert calibrated
        assert [case.id for case in EVERY_CASE if squeezed(case.question) in calibrated] == []

    def test_fields_belong_to_their_kinds(self) -> None:
        assert [case.id for case in EVERY_CASE if bool(case.turns) != (case.kind == "follow_up")] == []
        assert [case.id for case in EVERY_CASE if bool(case.items) != (case.kind == "list")] == []
        assert [case.id for case in EVERY_CASE if bool(case.absent) != (case.kind == "near_domain")] == []
        assert [case.id for case in EVERY_CASE if bool(case.about) != (case.kind == "near_domain")] == []
        assert [case.id for case in EVERY_CASE if case.answerable == (case.kind in FOREIGN)] == []
        assert [case.id for case in EVERY_CASE if not case.answerable and (case.values or case.must_not)] == []

    def test_two_sides_of_a_comparison_are_two_parts(self) -> None:
        assert [case.id for case in EVERY_CASE if case.kind == "compare" and len(case.parts) < 2] == []

    def test_an_answer_that_only_corrects_is_told_from_one_that_agrees(self) -> None:
        """A false premise has the true value, or a figure that must not be stated."""
        cases = [case for case in EVERY_CASE if case.kind == "false_premise"]
        assert [case.id for case in cases if not case.values and not case.must_not] == []


class TestGold:
    def test_every_source_is_a_file(self) -> None:
        sources = {gold.source for case in EVERY_CASE for gold in case.gold} | {c.about for c in EVERY_CASE if c.about}
        assert sorted(source for source in sources if not (KB / source).is_file()) == []

    def test_every_quote_stands_in_its_source(self) -> None:
        missing = [c.id for c in EVERY_CASE for g in c.gold if squeezed(g.quote) not in squeezed_file(g.source)]
        assert missing == []

    def test_every_quote_says_something(self) -> None:
        assert [c.id for c in EVERY_CASE for g in c.gold if len(squeezed(g.quote)) < 4] == []

    def test_every_value_stands_in_a_quote(self) -> None:
        """Of a document as such (文号, date, validity) it may stand anywhere in the file."""
        missing = []
        for case in EVERY_CASE:
            texts = [squeezed(gold.quote) for gold in case.gold]
            if case.kind == "document":
                texts += [squeezed_file(gold.source) for gold in case.gold]
            missing += [case.id for value in case.values if not any(squeezed(value[0]) in text for text in texts)]
        assert missing == []

    def test_the_first_wording_of_every_item_stands_in_a_quote(self) -> None:
        missing = []
        for case in EVERY_CASE:
            quotes = [squeezed(gold.quote) for gold in case.gold]
            missing += [case.id for item in case.items if not any(squeezed(item[0]) in quote for quote in quotes)]
        assert missing == []

    def test_a_quote_that_is_the_answer_has_its_items_and_values(self) -> None:
        """To show every quote must count as right, or nobody can be."""
        wrong = []
        for case in EVERY_CASE:
            shown = "\n".join(gold.quote for gold in case.gold)
            wanted = case.items if case.kind == "document" else (*case.values, *case.items)
            wrong += [case.id for wordings in wanted if not has_value(shown, wordings)]
        assert wrong == []

    def test_what_must_not_be_said_stands_in_no_quote(self) -> None:
        quoted = [c.id for c in EVERY_CASE for word in c.must_not if any(has_value(g.quote, (word,)) for g in c.gold)]
        assert quoted == []

    def test_what_must_be_said_is_not_what_must_not(self) -> None:
        both = [c.id for c in EVERY_CASE for word in c.must_not if any(has_value(v, (word,)) for (v,) in c.values)]
        assert both == []

    def test_items_of_a_list_are_distinct(self) -> None:
        for case in EVERY_CASE:
            assert twice([squeezed(item[0]) for item in case.items]) == [], case.id


def test_what_is_absent_stands_together_in_no_line() -> None:
    absent = {case.id: [squeezed(word) for word in case.absent] for case in EVERY_CASE if case.kind == "near_domain"}
    assert min(map(len, absent.values())) >= 2
    found = set()
    for folder in ("paper", "policies", "statistics"):
        for path in sorted((KB / folder).rglob("*.md")):
            for line in map(squeezed, path.read_text(encoding="utf-8").splitlines()):
                found |= {id_ for id_, words in absent.items() if all(word in line for word in words)}
    assert sorted(found) == []


class TestSplitByDocument:
    """What is reported was not tuned on: a document's cases are of one split, the paper's by chapter."""

    def test_the_documents(self) -> None:
        assert sorted(source for source in test_documents() if not (KB / source).is_file()) == []
        assert PAPER not in test_documents()
        every = {p.relative_to(KB).as_posix() for folder in ("policies", "statistics") for p in (KB / folder).glob("*")}
        assert 0.3 < len(test_documents()) / len(every) < 0.6

    @pytest.mark.parametrize("split", SPLITS)
    def test_the_first_source_is_of_the_split(self, split: str) -> None:
        sources = {case.id: case.gold[0].source if case.gold else case.about for case in BY_SPLIT[split]}
        of_test = split == "test"
        wrong = [
            id_
            for id_, source in sources.items()
            if source not in {"", PAPER} and (source in test_documents()) != of_test
        ]
        assert wrong == []

    @pytest.mark.parametrize("split", SPLITS)
    def test_the_second_chapter_of_the_paper_is_for_the_report(self, split: str) -> None:
        of_paper = [case for case in BY_SPLIT[split] if case.gold and case.gold[0].source == PAPER]
        assert of_paper
        of_test = split == "test"
        assert [c.id for c in of_paper if (squeezed(c.gold[0].quote) in second_chapter()) != of_test] == []
