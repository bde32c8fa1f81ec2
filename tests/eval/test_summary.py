"""Rates, refusal, separation, risk and latency of a handful of replies made by hand."""

from dataclasses import replace

import pytest

from eval.cases import Case, Gold
from eval.run import Asked
from eval.score import Outcome, Score
from eval.summary import ALL, summarise
from eval.systems import Response
from rag.types import Answer, Chunk, Passage, Trace

GOLD = (Gold("a.md", "某句"),)


def asked(
    kind: str,
    outcome: Outcome | None,
    confidence: float,
    *,
    split: str = "dev",
    milliseconds: float = 1.0,
    **measures: float,
) -> Asked:
    """A reply with the given outcome; a case of the foreign kinds has no answer in the corpus."""
    answerable = not kind.endswith("_domain")
    case = Case("X", kind, "?", gold=GOLD if answerable else (), answerable=answerable)
    refused = outcome == "refused" or (outcome == "right" and not answerable)
    answer = None if outcome is None else Answer("?", found=not refused)
    return Asked(split, Response((), confidence, milliseconds, answer), Score(case, outcome, measures=measures))


FIVE = [
    asked("number", "right", 0.9, milliseconds=10, right=1.0, values=1.0),
    asked("number", "wrong", 0.7, milliseconds=20, right=0.0, values=0.5),
    asked("how", "refused", 0.1, milliseconds=30, right=0.0),
    asked("near_domain", "wrong", 0.5, milliseconds=40, refused=0.0),
    asked("out_of_domain", "right", -0.4, milliseconds=50, refused=1.0),
]


def test_rates_by_kind_and_over_all() -> None:
    rates = summarise(FIVE)["rates"]["dev"]
    assert list(rates) == [ALL, "number", "how", "near_domain", "out_of_domain"]
    assert (rates[ALL]["right"]["mean"], rates[ALL]["right"]["n"]) == (pytest.approx(1 / 3), 3)
    assert (rates["number"]["values"]["mean"], rates["number"]["values"]["n"]) == (0.75, 2)
    assert (rates["how"]["right"]["mean"], rates["how"]["right"]["n"]) == (0.0, 1)
    assert rates[ALL]["refused"]["mean"] == 0.5
    assert set(rates[ALL]["right"]) == {"mean", "low", "high", "n"}
    assert rates[ALL]["right"]["low"] <= 1 / 3 <= rates[ALL]["right"]["high"]


def test_a_measure_counts_only_where_it_applies() -> None:
    rates = summarise(FIVE)["rates"]["dev"]
    assert rates[ALL]["values"]["n"] == 2
    assert "values" not in rates["how"]
    assert "right" not in rates["near_domain"]


def test_refusal() -> None:
    # Refused: one of two unanswerable and one of three answerable.
    assert summarise(FIVE)["refusal"]["dev"] == {
        "precision": 1 / 2,
        "recall": 1 / 2,
        "f1": 1 / 2,
        "over_refusal": pytest.approx(1 / 3),
    }


def test_separation_of_each_foreign_kind() -> None:
    # .9 and .7 are above .5, .1 is not: 2 of 3; all three are above -.4.
    assert summarise(FIVE)["separation"]["dev"] == {"near_domain": pytest.approx(2 / 3), "out_of_domain": 1.0}
    assert summarise(FIVE[:4])["separation"]["dev"] == {"near_domain": pytest.approx(2 / 3)}
    assert summarise(FIVE[:3])["separation"]["dev"] == {}


def read(kind: str, *relevances: float | None) -> Asked:
    """A reply whose passages the reader judged so."""
    reply = asked(kind, "right", 0.0)
    chunk = Chunk("a", "a.md", "甲", (), 0, "乙")
    passages = tuple(Passage(chunk, 0.0, (), Trace(reader=relevance)) for relevance in relevances)
    answer = replace(reply.response.answer or Answer("?"), passages=passages)
    return replace(reply, response=replace(reply.response, answer=answer))


def test_separation_by_the_reader_counts_the_best_passage_of_what_it_read() -> None:
    replies = [read("number", -2.0, 3.0), read("how", -4.0, None), read("how", None), read("near_domain", -3.0, -5.0)]
    assert summarise(replies)["separation"]["dev"]["near_domain_read"] == 0.5
    assert "near_domain_read" not in summarise(replies[:3])["separation"]["dev"]


def test_risk_over_all_questions() -> None:
    # By confidence: right; wrong; foreign but answered: wrong; refused: wrong; foreign and refused: not a right answer.
    curve = summarise(FIVE)["risk"]["dev"]["curve"]
    assert curve == ((1 / 5, 0 / 1), (2 / 5, 1 / 2), (3 / 5, 2 / 3), (4 / 5, 3 / 4), (5 / 5, 4 / 5))
    area = (0 + 1 / 2 + 2 / 3 + 3 / 4 + 4 / 5) / 5
    assert summarise(FIVE)["risk"]["dev"]["area"] == pytest.approx(area)


def test_latency() -> None:
    assert summarise(FIVE)["latency"] == {"p50": 30, "p95": pytest.approx(48)}  # 95% of the way from 10 to 50
    assert summarise(FIVE[:1])["latency"] == {"p50": 10, "p95": 10}


def test_splits_are_kept_apart() -> None:
    summary = summarise([*FIVE, asked("number", "right", 0.2, split="test", right=1.0)])
    assert list(summary["rates"]) == ["dev", "test"]
    assert summary["rates"]["test"][ALL]["right"] == {"mean": 1.0, "low": 1.0, "high": 1.0, "n": 1}
    assert summary["rates"]["dev"][ALL]["right"]["n"] == 3
    assert summary["refusal"]["test"]["over_refusal"] == 0.0
    assert summary["separation"]["test"] == {}
    assert summary["risk"]["test"]["curve"] == ((1.0, 0.0),)


def test_a_system_that_only_retrieves() -> None:
    replies = [
        asked("number", None, 0.8, **{"hit@1": 1.0}),
        asked("number", None, 0.4, **{"hit@1": 0.0}),
        asked("out_of_domain", None, 0.6),
    ]
    summary = summarise(replies)
    assert summary["rates"]["dev"][ALL]["hit@1"]["mean"] == 0.5
    assert summary["refusal"]["dev"] == summary["risk"]["dev"] == {}
    assert summary["separation"]["dev"] == {"out_of_domain": 0.5}


def test_nothing_was_asked() -> None:
    assert summarise([]) == {"rates": {}, "refusal": {}, "separation": {}, "risk": {}, "latency": {}}
