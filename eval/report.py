"""A run as one self-contained page, and the table at a glance that the page and the terminal share."""

import json
import math
import statistics
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal, NamedTuple

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from eval import plots
from eval import report_texts as texts
from eval.speed import percentile_95

Run = Mapping[str, Any]
Form = Literal["percent", "decimal", "milliseconds"]
ALL, TARGET_CORPUS, FIRST_SPLIT = "all", "kb", "test"
TEMPLATE, DIGITS = "report.html.jinja", 4
LOWER_IS_BETTER = {"unsupported", "layers_mixed", "over_refused", "area"}
KEPT_OF_OTHERS = ("hit@1", "doc_hit@1", "mrr@10")
KEPT_OF_ANSWER = ("text", "resolved", "citations")
KEPT_OF_TRACE = ("dense_rank", "sentence_rank", "lexical_rank", "dense", "sentence", "lexical", "reader")


@dataclass(frozen=True, slots=True)
class Measure:
    """One line of the table: its text, where its figure stands in a system, and how it is written."""

    key: str
    group: str
    name: str
    kind: str = ALL
    form: Form = "percent"
    place: Literal["rates", "separation", "risk", "latency"] = "rates"


class Cell(NamedTuple):
    """A system's figure; `low`, `high` and `n` where there is an interval, `ratio` of our own figure to it."""

    mean: float
    low: float = math.nan
    high: float = math.nan
    n: int = 0
    ratio: float = math.nan


@dataclass(frozen=True, slots=True)
class Line:
    """A measure with the figure of every system, None where one has none, and (sign, value) of the target."""

    measure: Measure
    cells: tuple[Cell | None, ...]
    target: tuple[str, float] | None

    @property
    def met(self) -> bool | None:
        """Whether our own figure meets the target; None without one."""
        if self.target is None or self.cells[0] is None:
            return None
        sign, value = self.target
        return self.cells[0].mean <= value if sign == "≤" else self.cells[0].mean >= value


SEPARATED = ("out_of_domain", "near_domain", "near_domain_read")
MEASURES = (
    *(Measure(name, "retrieval", name) for name in ("hit@1", "hit@5", "recall@10")),
    *(Measure(name, "retrieval", name, form="decimal") for name in ("mrr@10", "ndcg@10")),
    *(Measure(name, "retrieval", name) for name in ("evidence@5", "doc_hit@1")),
    *(Measure(name, "answer", name) for name in ("right", "values")),
    Measure("number_right", "answer", "right", "number"),
    Measure("f1", "answer", "f1", form="decimal"),
    *(Measure(name, "answer", name) for name in ("items_recall", "items_precision", "unsupported")),
    *(Measure(name, "answer", name) for name in ("citation_precision", "citation_recall", "verbatim", "layers_mixed")),
    *(Measure(kind, "answer", "right", kind) for kind in ("false_premise", "follow_up")),
    *(Measure(f"refused_{kind}", "refusal", "refused", kind) for kind in ("out_of_domain", "near_domain")),
    *(Measure(name, "refusal", name) for name in ("refused", "over_refused")),
    *(Measure(f"separation_{kind}", "refusal", kind, form="decimal", place="separation") for kind in SEPARATED),
    Measure("area", "refusal", "area", form="decimal", place="risk"),
    *(Measure(name, "time", name, form="milliseconds", place="latency") for name in ("p50", "p95")),
)
TARGETS = {
    "hit@1": ("≥", 0.93),
    "hit@5": ("≥", 0.99),
    "number_right": ("≥", 0.95),
    "items_recall": ("≥", 0.95),
    "items_precision": ("≥", 0.95),
    "unsupported": ("≤", 0.0),
    "citation_precision": ("≥", 0.97),
    "citation_recall": ("≥", 0.95),
    "false_premise": ("≥", 1.0),
    "follow_up": ("≥", 0.90),
    "refused_out_of_domain": ("≥", 0.98),
    "refused_near_domain": ("≥", 0.80),
    "over_refused": ("≤", 0.05),
    "separation_near_domain_read": ("≥", 0.85),
}
"""Of the shipped knowledge base; other corpora have none."""


def splits_of(run: Run) -> list[str]:
    """The splits of a run, the one that is reported first."""
    return sorted(run["systems"][0]["rates"], key=lambda split: split != FIRST_SPLIT)


def glance(run: Run, split: str) -> list[Line]:
    """The main measures of a split; those that no system has are left out."""
    targets = TARGETS if run["corpus"] == TARGET_CORPUS else {}
    lines = []
    for measure in MEASURES:
        own, *others = (_cell(system, split, measure) for system in run["systems"])
        cells = (own, *(_beside(own, other, measure) for other in others))
        if any(cells):
            lines.append(Line(measure, cells, targets.get(measure.key)))
    return lines


def _cell(system: Run, split: str, measure: Measure) -> Cell | None:
    if measure.place == "rates":
        rate = system["rates"].get(split, {}).get(measure.kind, {}).get(measure.name)
        return Cell(rate["mean"], rate["low"], rate["high"], rate["n"]) if rate and rate["n"] else None
    figures = system.get(measure.place, {})
    value = figures.get(split, figures if measure.place == "latency" else {}).get(measure.name)
    return None if value is None or not math.isfinite(value) else Cell(value)


def _beside(own: Cell | None, other: Cell | None, measure: Measure) -> Cell | None:
    """Another system's figure with the ratio of our own to it, where a ratio means something."""
    if own is None or other is None or not other.mean or measure.place in {"separation", "risk"}:
        return other
    return other._replace(ratio=own.mean / other.mean)


def ahead(line: Line, other: Cell | None) -> bool:
    """Whether another system's figure is better than ours; times are not compared, they buy different things."""
    own = line.cells[0]
    if own is None or other is None or line.measure.place == "latency":
        return False
    return other.mean < own.mean if line.measure.key in LOWER_IS_BETTER else other.mean > own.mean


def shown(value: float, form: Form) -> str:
    """A figure as the page and the terminal write it."""
    if form == "percent":
        return f"{value:.1%}"
    return f"{value:.3f}" if form == "decimal" else f"{value:.1f}"


def interval(cell: Cell, form: Form) -> str:
    """The 95% interval of a figure, without signs; empty if it has none."""
    times, places = (100, 1) if form == "percent" else (1, 3)
    return f"{cell.low * times:.{places}f}–{cell.high * times:.{places}f}" if cell.n else ""


def wanted(line: Line) -> str:
    """The target of a line in a few characters; empty without one."""
    if line.target is None:
        return ""
    sign, value = line.target
    figure = shown(value, line.measure.form).replace(".0%", "%")
    return figure if value in {0.0, 1.0} else f"{sign} {figure}"


def multiple(ratio: float) -> str:
    """How many times our own figure is another one."""
    return f"{ratio:.2f}" if ratio < 10 else f"{ratio:.0f}"


def write_report(run: Run, path: Path) -> None:
    """Write the whole run as one HTML page that needs nothing beside itself."""
    count = Counter(row["split"] for row in run["rows"])
    panels = [
        {"split": split, "questions": count[split], "lines": glance(run, split), "plots": _plots(run, split)}
        for split in splits_of(run)
    ]
    names = {"splits": texts.SPLITS, "kinds": texts.KINDS, "outcomes": texts.OUTCOMES, "notes": texts.KIND_NOTES}
    measures = {name: label for name, (label, _) in texts.MEASURES.items()} | texts.MORE_MEASURES
    data = {"names": names | {"measures": measures}, "systems": [system["name"] for system in run["systems"]]}
    rows = [_example(row) for row in run["rows"]]
    _render(path, run=run, panels=panels, data=embedded(data | {"rows": rows}), scale=None)


def _plots(run: Run, split: str) -> list[tuple[str, str, Markup]]:
    """(title, note, drawing) of every plot that the split has something for."""
    times = plots.milliseconds(run, split)
    said = [f"{found(times):.1f}" for found in (statistics.median, percentile_95, max)] if times else [""] * 3
    latency = texts.PLOT_LATENCY_NOTE.format(*said)
    drawn = (
        (texts.PLOT_HITS, texts.PLOT_HITS_NOTE, plots.hit_plot(run, split)),
        (texts.PLOT_OUTCOMES, texts.PLOT_OUTCOMES_NOTE, plots.outcome_plot(run, split)),
        (texts.PLOT_RISK, texts.PLOT_RISK_NOTE, plots.risk_plot(run, split)),
        (texts.PLOT_LATENCY, latency, plots.latency_plot(run, split)),
    )
    return [(title, note, Markup(drawing)) for title, note, drawing in drawn if drawing]


def _example(row: Run) -> dict[str, Any]:
    """A row of a run as the page needs it: what all passages share stands once."""
    passages = row.get("passages", [])
    traces = [passage["trace"] for passage in passages]
    kept = {name: row[name] for name in ("split", "case", "outcome", "why", "measures", "confidence")}
    others = {name: {m: v for m, v in held.items() if m in KEPT_OF_OTHERS} for name, held in row["others"].items()}
    return kept | {
        "ms": row["milliseconds"],
        "answer": {name: row["answer"][name] for name in KEPT_OF_ANSWER} if "answer" in row else None,
        "others": others,
        "terms": traces[0]["terms"] if traces else [],
        "threshold": traces[0]["threshold"] if traces else None,
        "passages": [
            {name: passage[name] for name in ("source", "breadcrumb", "text", "score")}
            | {name: trace[name] for name in KEPT_OF_TRACE}
            for passage, trace in zip(passages, traces, strict=True)
        ],
    }


def write_scale_report(rows: Sequence[Mapping[str, float]], path: Path) -> None:
    """Write how cost grows with size, rows as `eval.scale` measures them, as one HTML page."""
    rows = sorted(rows, key=lambda row: row["chunks"])
    figures = [(name, label) for name, label in texts.SCALE_FIGURES.items() if any(name in row for row in rows)]
    drawn = [(texts.PLOT_GROWTH, texts.PLOT_GROWTH_NOTE, Markup(plots.scale_plot(rows)))]
    drawn += [(title, "", Markup(plots.scale_panel(rows, name))) for name, (title, _) in texts.SCALE_PANELS.items()]
    scale = {"rows": rows, "figures": figures, "plots": [plot for plot in drawn if plot[2]]}
    _render(path, run=None, panels=[], data="", scale=scale)


def embedded(data: Any) -> Markup:
    """JSON that may stand inside a script element: rounded, no NaN, nothing that could end the element."""
    text = json.dumps(_plain(data), ensure_ascii=False, separators=(",", ":"), allow_nan=False)
    return Markup(text.replace("&", r"\u0026").replace("<", r"\u003c").replace(">", r"\u003e"))


def _plain(value: Any) -> Any:
    """The same with floats rounded and those that JSON does not know left empty."""
    if isinstance(value, float):
        return round(value, DIGITS) if math.isfinite(value) else None
    if isinstance(value, Mapping):
        return {str(name): _plain(held) for name, held in value.items()}
    return [_plain(held) for held in value] if isinstance(value, list | tuple) else value


def _render(path: Path, **values: Any) -> None:
    loader = FileSystemLoader(Path(__file__).parent)
    page = Environment(loader=loader, autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True)
    page.globals |= {tool.__name__: tool for tool in (ahead, shown, interval, wanted, multiple, plots.figure)}
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(page.get_template(TEMPLATE).render(texts=texts, **values), encoding="utf-8")
