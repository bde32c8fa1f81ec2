"""Figures that must not fall: a run against the committed baseline, each figure with its tolerance."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

BASELINE = Path(__file__).parent / "baseline.json"
TOLERANCE = 0.02
"""Shares may fall by two hundredths before the gate closes; a figure that must be zero may not rise at all."""
LOWER_IS_BETTER = frozenset({"unsupported", "layers_mixed", "over_refused"})
EXACT = frozenset({"unsupported", "layers_mixed"})
GUARDED = {
    "all": (
        "hit@1",
        "hit@5",
        "recall@10",
        "right",
        "values",
        "items_recall",
        "items_precision",
        "unsupported",
        "citation_precision",
        "citation_recall",
        "layers_mixed",
        "over_refused",
    ),
    "number": ("right",),
    "false_premise": ("right",),
    "follow_up": ("right",),
    "near_domain": ("refused",),
    "out_of_domain": ("refused",),
}


@dataclass(frozen=True, slots=True)
class Fall:
    """A figure that is worse than the baseline allows."""

    split: str
    kind: str
    measure: str
    wanted: float
    found: float


def falls(run: Mapping[str, Any], baseline: Mapping[str, Any]) -> tuple[Fall, ...]:
    """What has fallen below the baseline by more than its tolerance; empty if the gate is open."""
    found = guarded(run)
    return tuple(
        Fall(split, kind, measure, wanted, found[split][kind].get(measure, float("nan")))
        for split, kinds in baseline["figures"].items()
        for kind, measures in kinds.items()
        for measure, wanted in measures.items()
        if not _holds(measure, found[split][kind].get(measure, float("nan")), wanted, baseline["tolerance"])
    )


def guarded(run: Mapping[str, Any]) -> dict[str, dict[str, dict[str, float]]]:
    """The guarded figures of a run's first system, by split, kind and measure."""
    rates = run["systems"][0]["rates"]
    return {
        split: {
            kind: {name: round(kinds[kind][name]["mean"], 4) for name in names if name in kinds[kind]}
            for kind, names in GUARDED.items()
            if kind in kinds
        }
        for split, kinds in rates.items()
    }


def read_baseline() -> dict[str, Any]:
    """The committed baseline. Raises FileNotFoundError where there is none."""
    return dict(json.loads(BASELINE.read_text(encoding="utf-8")))


def accept(run: Mapping[str, Any]) -> None:
    """Make the figures of a run the new baseline."""
    baseline = {"tolerance": TOLERANCE, "figures": guarded(run)}
    BASELINE.write_text(json.dumps(baseline, indent=1) + "\n", encoding="utf-8")


def _holds(measure: str, found: float, wanted: float, tolerance: float) -> bool:
    allowed = 0.0 if measure in EXACT else tolerance
    return found <= wanted + allowed if measure in LOWER_IS_BETTER else found >= wanted - allowed
