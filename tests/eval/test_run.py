"""A whole run over the small knowledge base, as the JSON document that is kept and reported from."""

import datetime
import json
import platform
from pathlib import Path
from typing import Any

import pytest

from eval.cases import Case, Gold
from eval.run import PACKAGES, PASSAGE_CHARACTERS, PASSAGES_KEPT, Asked, ask_all, document, write
from eval.systems import OwnSystem, Response, Retrieved
from rag.chain import Rag
from rag.config import Config

INSURANCE = "policies/青山省农业保险条例.md"
QUESTION = "保险机构应当在多少小时内进行现场查勘？"
QUOTE = "保险机构应当在发生保险事故后 24 小时内进行现场查勘"
CASES = {
    "dev": (
        Case("N1", "number", QUESTION, gold=(Gold(INSURANCE, QUOTE),), values=(("24小时",),)),
        Case("O1", "out_of_domain", "篮球里的走步是怎么判的", answerable=False),
    ),
    "test": (
        Case("F1", "follow_up", "那要多久支付？", turns=(QUESTION,), gold=(Gold(INSURANCE, "10 日内"),)),
        Case(
            "D1",
            "document",
            "《青山省农业保险条例》什么时候施行？",
            gold=(Gold(INSURANCE, QUOTE),),
            values=(("2023年3月1日",),),
        ),
    ),
}
IDS = ["N1", "O1", "F1", "D1"]


class Silent:
    """A system that returns one passage and no answer."""

    name = "只检索"

    def ask(self, case: Case) -> Response:
        return Response((Retrieved(INSURANCE, f"前文。{QUOTE}。"),), 0.25, 3.0)


@pytest.fixture(scope="module")
def results(small_rag: Rag) -> dict[str, list[Asked]]:
    return {system.name: ask_all(system, CASES, lambda *_: None) for system in (OwnSystem(small_rag), Silent())}


@pytest.fixture(scope="module")
def run(small_rag: Rag, small_index: Config, results: dict[str, list[Asked]]) -> dict[str, Any]:
    return document("small", small_index, small_rag.generation(), results, {"answer_p50": 1.5})


def test_every_case_is_asked_once_in_order(results: dict[str, list[Asked]]) -> None:
    for replies in results.values():
        assert [reply.score.case.id for reply in replies] == IDS
        assert [reply.split for reply in replies] == ["dev", "dev", "test", "test"]


def test_progress_is_told_after_every_case() -> None:
    told: list[tuple[str, int, int]] = []
    ask_all(Silent(), CASES, lambda *step: told.append(step))
    assert told == [("只检索", done, 4) for done in (1, 2, 3, 4)]


def test_no_cases() -> None:
    assert ask_all(Silent(), {"dev": ()}, lambda *_: None) == []


def test_it_is_plain_json(run: dict[str, Any]) -> None:
    again = json.loads(json.dumps(run, ensure_ascii=False, allow_nan=False))
    assert set(again) == set(run)
    assert again["rows"][0]["case"]["gold"] == [{"source": INSURANCE, "quote": QUOTE, "part": 1}]


def test_what_was_run_is_told(run: dict[str, Any], small_rag: Rag, small_index: Config) -> None:
    manifest = small_rag.generation()
    assert run["corpus"] == "small"
    assert (run["generation"], run["documents"], run["chunks"]) == (manifest.name, manifest.documents, manifest.chunks)
    assert run["threshold"] == manifest.calibration.threshold
    assert run["config"]["embedding_model"] == small_index.embedding_model
    assert run["config"]["fingerprint"] == manifest.fingerprint
    assert set(run["versions"]) == {"python", *PACKAGES}
    assert all(run["versions"].values())
    assert run["versions"]["python"] == platform.python_version()
    assert run["cores"] >= 1
    assert run["speed"] == {"answer_p50": 1.5}
    created = datetime.datetime.fromisoformat(run["created"])
    assert abs(datetime.datetime.now(datetime.UTC) - created) < datetime.timedelta(minutes=10)


def test_every_system_has_its_figures(run: dict[str, Any]) -> None:
    assert [system["name"] for system in run["systems"]] == ["本产品", "只检索"]
    own, silent = run["systems"]
    assert set(own["rates"]) == set(silent["rates"]) == {"dev", "test"}
    assert own["refusal"]["dev"]["recall"] == 1.0
    assert silent["refusal"]["dev"] == {}
    assert silent["rates"]["dev"]["all"]["hit@1"]["mean"] == 1.0


def test_rows_are_in_order(run: dict[str, Any]) -> None:
    assert [row["case"]["id"] for row in run["rows"]] == IDS
    assert [row["split"] for row in run["rows"]] == ["dev", "dev", "test", "test"]
    assert [row["outcome"] for row in run["rows"]][:2] == ["right", "right"]


def test_a_row_tells_what_was_answered(run: dict[str, Any], small_rag: Rag) -> None:
    row = run["rows"][0]
    answer = small_rag.ask(QUESTION)
    assert row["answer"]["text"] == answer.text
    assert row["answer"]["found"] is True
    assert [s["text"] for s in row["answer"]["sentences"]] == [s.text for s in answer.sentences]
    assert [c["quote"] for c in row["answer"]["citations"]] == [c.quote for c in answer.citations]
    assert row["confidence"] == answer.evidence
    assert row["milliseconds"] > 0
    assert row["measures"]["values"] == 1.0


def test_a_refusal_tells_its_reason(run: dict[str, Any]) -> None:
    row = run["rows"][1]
    assert row["answer"]["found"] is False
    assert row["answer"]["reason"]
    assert row["answer"]["sentences"] == []


def test_passages_are_kept_short(run: dict[str, Any]) -> None:
    for row in run["rows"]:
        assert len(row["passages"]) <= PASSAGES_KEPT
        assert all(len(passage["text"]) <= PASSAGE_CHARACTERS for passage in row["passages"])
    first = run["rows"][0]["passages"][0]
    assert first["source"] == INSURANCE
    assert first["breadcrumb"].startswith("青山省农业保险条例")
    assert "fused" in first["trace"]


def test_the_others_are_beside_it(run: dict[str, Any]) -> None:
    assert run["rows"][0]["others"]["只检索"]["hit@1"] == 1.0
    assert run["rows"][1]["others"] == {"只检索": {}}


def test_a_first_system_without_answers(small_rag: Rag, small_index: Config) -> None:
    only = {"只检索": ask_all(Silent(), CASES, lambda *_: None)}
    written = document("small", small_index, small_rag.generation(), only, {})
    assert all("answer" not in row and row["outcome"] is None for row in written["rows"])


def test_write(run: dict[str, Any], tmp_path: Path) -> None:
    path = write(run, tmp_path / "runs" / "new")
    assert path.parent == tmp_path / "runs" / "new"
    assert path.name == f"{run['created'][:19].replace(':', '')}-small.json"
    assert json.loads(path.read_text(encoding="utf-8")) == json.loads(json.dumps(run))
    assert "查勘" in path.read_text(encoding="utf-8")
