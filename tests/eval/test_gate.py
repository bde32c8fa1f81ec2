"""The gate: figures may not fall; and the shipped cases against the committed baseline, with the shipped model."""

from pathlib import Path
from typing import Any

import pytest

import eval.__main__
from eval.gate import EXACT, GUARDED, falls, guarded, read_baseline
from rag.config import Config

FIGURES = {"test": {"all": {"right": 0.9, "unsupported": 0.0, "over_refused": 0.04}, "number": {"right": 0.95}}}
BASELINE = {"tolerance": 0.02, "figures": FIGURES}


def run(**changed: float) -> dict[str, Any]:
    """A run with the baseline's own figures, but for those of kind all that are given."""
    kinds = {kind: dict(measures) for kind, measures in FIGURES["test"].items()}
    kinds["all"] |= changed
    rates = {kind: {name: {"mean": value} for name, value in measures.items()} for kind, measures in kinds.items()}
    return {"systems": [{"rates": {"test": rates}}]}


class TestFalls:
    def test_the_same_figures_pass(self) -> None:
        assert falls(run(), BASELINE) == ()

    @pytest.mark.parametrize(
        ("measure", "value"), [("right", 0.881), ("right", 1.0), ("over_refused", 0.059), ("over_refused", 0.0)]
    )
    def test_within_the_tolerance_or_better(self, measure: str, value: float) -> None:
        assert falls(run(**{measure: value}), BASELINE) == ()

    @pytest.mark.parametrize(("measure", "value"), [("right", 0.879), ("over_refused", 0.061), ("unsupported", 0.004)])
    def test_worse_than_the_tolerance(self, measure: str, value: float) -> None:
        (fall,) = falls(run(**{measure: value}), BASELINE)
        assert (fall.split, fall.kind, fall.measure, fall.found) == ("test", "all", measure, value)

    def test_a_figure_that_is_gone_has_fallen(self) -> None:
        found = run()
        del found["systems"][0]["rates"]["test"]["all"]["right"]
        assert [fall.measure for fall in falls(found, BASELINE)] == ["right"]

    def test_what_is_guarded_is_read_from_the_first_system(self) -> None:
        assert guarded(run()) == FIGURES


class TestCommitted:
    def test_every_guarded_figure_has_its_baseline(self) -> None:
        figures = read_baseline()["figures"]
        assert set(figures) == {"dev", "test"}
        for kinds in figures.values():
            assert {kind: set(measures) for kind, measures in kinds.items()} == {
                kind: set(measures) for kind, measures in GUARDED.items()
            }

    def test_what_may_never_happen_is_zero(self) -> None:
        for kinds in read_baseline()["figures"].values():
            assert all(kinds["all"][measure] == 0 for measure in EXACT)

    @pytest.mark.timeout(400)
    def test_nothing_has_fallen(
        self,
        kb_index: Config,
        tmp_path: Path,
        monkeypatch: pytest.MonkeyPatch,
        capsys: pytest.CaptureFixture[str],
    ) -> None:
        monkeypatch.setenv("KBQA_INDEX_DIR", str(kb_index.index_dir))
        monkeypatch.setenv("KBQA_CACHE_DIR", str(kb_index.cache_dir))
        monkeypatch.setattr(eval.__main__, "RUNS", tmp_path)
        code = eval.__main__.main(["--quick"])
        assert code == 0, capsys.readouterr().out
        assert len(list(tmp_path.glob("*-kb.json"))) == 1
