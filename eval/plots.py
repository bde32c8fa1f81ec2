"""SVG plots of a run and of growth, drawn by pygal: no scripts, nothing fetched, light and dark by media query."""

import statistics
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import pygal  # type: ignore[import-untyped]

from eval import report_texts as texts
from eval.speed import percentile_95

Run = Mapping[str, Any]
Row = Mapping[str, float]
FONTS = 'system-ui, -apple-system, "PingFang SC", "Microsoft YaHei", "Noto Sans CJK SC", sans-serif'
INKS = (("ink", "#1f2624", "#e6e9e6"), ("soft", "#5c6662", "#a4aea9"), ("line", "#e2dfd6", "#363e3b"))
OWN, GREY = ("#0e6655", "#5cc2a8"), ("#6b7571", "#98a29d")
AMBER, BLUE, PURPLE = ("#c07a12", "#e0b13c"), ("#3f6fb0", "#8db9f0"), ("#8a4fa0", "#d3a2e2")
OTHERS = (AMBER, BLUE, PURPLE, ("#a2302a", "#f0938c"), ("#8c6d46", "#c9a97e"))
RIGHT, REFUSED, WRONG = ("#0e6655", "#3f9c86"), ("#d9a441", "#b98f35"), ("#b4433c", "#d9736a")
STYLE = """
HERE { font-family: FONTS; font-size: 13px; }
HERE .graph > .background, HERE .plot > .background { fill: none; }
HERE text { fill: var(--soft); font-size: 13px; }
HERE .axis .line, HERE .axis .guide.line, HERE .axis .major.guide.line { stroke: var(--line); stroke-dasharray: none; }
HERE .reactive { stroke-width: 2; }
HERE .bar .reactive, HERE .histbar .reactive, HERE .legend .reactive, HERE .dot { stroke: none; }
HERE .line.reactive { stroke-linejoin: round; }
@media (max-width: 720px) { HERE text { font-size: 16px !important; } }
"""
WIDTH, HEIGHT, FONT_SIZE = 520, 320, 13
BINS, TAIL = 24, 0.99
SHARES = [0, 0.2, 0.4, 0.6, 0.8, 1]
SPREAD = 0.15
"""Between the dots of two systems within a kind, in rows."""


def risk_plot(run: Run, split: str) -> str:
    """Share wrong by share answered, most confident first; empty where nothing was judged."""
    curve = run["systems"][0]["risk"].get(split, {}).get("curve", [])
    if not curve:
        return ""
    total, wrong = len(curve), round(curve[-1][1] * len(curve))
    ideal = [(n / total, max(0, n - (total - wrong)) / n) for n in range(1, total + 1)]
    css = "HERE .serie-1 .line, HERE .serie-2 .line { stroke-dasharray: 4 4; stroke-width: 1.5; }"
    chart = _chart(pygal.XY, f"risk-{split}", (OWN, GREY, AMBER, PURPLE), css)
    chart.config(range=(0, max(0.1, *(risk for _, risk in curve))), x_labels=SHARES, show_dots=False)
    chart.config(max_scale=8, x_value_formatter=_share, value_formatter=_share, legend_at_bottom_columns=4)
    chart.add(run["systems"][0]["name"], curve)
    chart.add(texts.PLOT_RISK_IDEAL, ideal)
    chart.add(texts.PLOT_RISK_RANDOM, [(0, wrong / total), (1, wrong / total)])
    if point := _operating_point(run, split):
        said = texts.PLOT_RISK_POINT.format(coverage=_share(point[0]), risk=_share(point[1]))
        chart.add(texts.PLOT_RISK_NOW, [{"value": point, "tooltip": said}], show_dots=True, dots_size=5)
    return _svg(chart)


def _operating_point(run: Run, split: str) -> tuple[float, float] | None:
    """(share answered, share of those wrong) as the product really decides."""
    rows = [row for row in run["rows"] if row["split"] == split and row["outcome"] and "answer" in row]
    answered = [row for row in rows if row["answer"]["found"]]
    if not answered:
        return None
    return len(answered) / len(rows), sum(row["outcome"] == "wrong" for row in answered) / len(answered)


def latency_plot(run: Run, split: str) -> str:
    """Histogram of the product's own milliseconds, cut after the 99th of a hundred; empty without questions."""
    times = milliseconds(run, split)
    if not times:
        return ""
    high = times[min(len(times) - 1, int(len(times) * TAIL))]
    found, edges = np.histogram([time for time in times if time <= high], BINS)
    counts, step = found.tolist(), float(edges[1] - edges[0])
    bars = []
    for count, low in zip(counts, edges.tolist(), strict=False):
        said = texts.PLOT_LATENCY_BIN.format(low=f"{low:.1f}", high=f"{low + step:.1f}", count=count)
        bars.append({"value": (count, low + step * 0.06, low + step * 0.94), "tooltip": said})
    chart = _chart(pygal.Histogram, f"latency-{split}", (RIGHT, AMBER, PURPLE))
    whole = "{:.0f}".format
    chart.config(max_scale=10, x_value_formatter=whole, value_formatter=whole, legend_at_bottom_columns=3)
    chart.add(texts.PLOT_LATENCY_QUESTIONS, bars)
    for name, value in (("p50", statistics.median(times)), ("p95", percentile_95(times))):
        label = texts.PLOT_LATENCY_MARK.format(name=name, value=f"{value:.1f}")
        mark = {"value": (max(counts), value - step * 0.07, value + step * 0.07), "tooltip": label}
        chart.add(label, [mark] if value <= high else [])
    return _svg(chart)


def hit_plot(run: Run, split: str) -> str:
    """hit@1 (or doc_hit@1) by kind, a dot for every system, the product's interval as a line."""
    systems = run["systems"]
    rates = systems[0]["rates"].get(split, {})
    measure = "hit@1" if "hit@1" in rates.get("all", {}) else "doc_hit@1"
    kinds = [kind for kind in _kinds(rates) if measure in rates.get(kind, {})]
    if not kinds:
        return ""
    css = f"HERE .serie-{len(systems)} .line {{ stroke-width: 7; stroke-opacity: .25; stroke-linecap: round; }}"
    chart = _chart(pygal.XY, f"hits-{split}", (OWN, *(OTHERS * len(systems))[: len(systems) - 1], OWN), css)
    chart.config(height=90 + 40 * len(kinds), range=(0.4, len(kinds) + 0.6), x_value_formatter=_share, stroke=False)
    chart.config(margin_left=44, dots_size=3.5, legend_at_bottom_columns=2, show_x_guides=True)
    heights = {kind: len(kinds) - place for place, kind in enumerate(kinds)}
    chart.config(y_labels=[{"value": height, "label": name_of(kind)} for kind, height in heights.items()])
    lowest = 1.0
    for number, system in enumerate(systems):
        raised = {kind: height + SPREAD * ((len(systems) - 1) / 2 - number) for kind, height in heights.items()}
        dots = _hit_dots(system, system["rates"].get(split, {}), measure, raised)
        chart.add(system["name"], dots, dots_size=3.5 if number else 5)
        lowest = min(lowest, *(dot["value"][0] for dot in dots), 1.0)
        if number == 0:
            interval = [(rates[kind][measure], height) for kind, height in raised.items()]
    lines = [point for rate, height in interval for point in ((rate["low"], height), (rate["high"], height), None)]
    chart.add(None, lines, stroke=True, show_dots=False, allow_interruptions=True)
    chart.config(xrange=(int(min(lowest, *(rate["low"] for rate, _ in interval)) * 10) / 10, 1))
    return _svg(chart)


def _hit_dots(system: Run, by_kind: Run, measure: str, heights: Mapping[str, float]) -> list[dict[str, Any]]:
    dots = []
    for kind, height in heights.items():
        rate = by_kind.get(kind, {}).get(measure)
        if rate:
            said = {"system": system["name"], "kind": name_of(kind), "rate": _share(rate["mean"]), "n": rate["n"]}
            dots.append({"value": (rate["mean"], height), "tooltip": texts.PLOT_HITS_POINT.format(**said)})
    return dots


def outcome_plot(run: Run, split: str) -> str:
    """Right, refused and wrong by kind, for the product; empty where nothing was judged."""
    rows = [row for row in run["rows"] if row["split"] == split and row["outcome"]]
    kinds = list(dict.fromkeys(row["case"]["kind"] for row in rows))[::-1]
    if not kinds:
        return ""
    totals = {kind: sum(row["case"]["kind"] == kind for row in rows) for kind in kinds}
    chart = _chart(pygal.HorizontalStackedBar, f"outcomes-{split}", (RIGHT, REFUSED, WRONG))
    chart.config(height=90 + 32 * len(kinds), y_labels=SHARES, value_formatter=_share, legend_at_bottom_columns=3)
    chart.config(margin_left=64, x_labels=[f"{name_of(kind)}（{totals[kind]}）" for kind in kinds])
    for outcome in ("right", "refused", "wrong"):
        bars = []
        for kind in kinds:
            count = sum(row["case"]["kind"] == kind and row["outcome"] == outcome for row in rows)
            said = {"kind": name_of(kind), "outcome": texts.OUTCOMES[outcome], "count": count, "total": totals[kind]}
            share = count / totals[kind]
            tooltip = texts.PLOT_OUTCOMES_POINT.format(share=_share(share), **said)
            bars.append({"value": share, "tooltip": tooltip})
        chart.add(texts.OUTCOMES[outcome], bars)
    return _svg(chart)


def scale_plot(rows: Sequence[Row]) -> str:
    """Every cost as a multiple of its value at the smallest size, log-log; empty with fewer than two sizes."""
    rows = sorted(rows, key=lambda row: row["chunks"])
    if len(rows) < 2:
        return ""
    css = "HERE .serie-0 .line { stroke-dasharray: 5 5; stroke-width: 1.5; }"
    chart = _growth_chart("growth", rows, (GREY, OWN, *OTHERS), css)
    linear = [(row["chunks"], row["chunks"] / rows[0]["chunks"]) for row in rows]
    chart.add(texts.PLOT_GROWTH_LINEAR, linear, show_dots=False)
    _add_growth(chart, rows, texts.SCALE_GROWTH, relative=True)
    return _svg(chart)


def scale_panel(rows: Sequence[Row], panel: str) -> str:
    """The figures of one of `SCALE_PANELS` by size, log-log; empty with fewer than two sizes."""
    rows = sorted(rows, key=lambda row: row["chunks"])
    if len(rows) < 2:
        return ""
    chart = _growth_chart(f"scale-{panel}", rows, (OWN, *OTHERS))
    _add_growth(chart, rows, texts.SCALE_PANELS[panel][1], relative=False)
    return _svg(chart)


def _growth_chart(name: str, rows: Sequence[Row], colours: Sequence[tuple[str, str]], css: str = "") -> Any:
    chart = _chart(pygal.XY, name, colours, css)
    sizes = [row["chunks"] for row in rows]
    chart.config(logarithmic=True, x_labels=sizes, height=360, dots_size=4, max_scale=4, margin_right=34)
    chart.config(x_value_formatter=figure, value_formatter=figure, legend_at_bottom_columns=3)
    return chart


def _add_growth(chart: Any, rows: Sequence[Row], names: Sequence[str], *, relative: bool) -> None:
    for name in names:
        held = [row for row in rows if row.get(name, 0) > 0]
        points = []
        for row in held:
            ratio = row[name] / held[0][name]
            said = {"label": texts.SCALE_FIGURES[name], "chunks": figure(row["chunks"]), "value": figure(row[name])}
            tooltip = texts.PLOT_GROWTH_POINT.format(ratio=figure(ratio), **said)
            points.append({"value": (row["chunks"], ratio if relative else row[name]), "tooltip": tooltip})
        if points:
            chart.add(texts.SCALE_FIGURES[name], points)


def milliseconds(run: Run, split: str) -> list[float]:
    """The product's milliseconds of every question of a split, sorted."""
    return sorted(row["milliseconds"] for row in run["rows"] if row["split"] == split)


def name_of(kind: str) -> str:
    """A kind in Chinese; an unknown one as it is."""
    return texts.KINDS.get(kind, kind)


def figure(value: float) -> str:
    """A number with three significant figures, thousands with commas."""
    return f"{value:,.0f}" if abs(value) >= 100 else f"{value:.3g}"


def _kinds(rates: Run) -> list[str]:
    return [kind for kind in rates if kind != "all"] if len(rates) > 2 else ["all"]


def _share(value: float) -> str:
    return f"{value:.1%}".replace(".0%", "%")


def _chart(kind: Any, name: str, colours: Sequence[tuple[str, str]], css: str = "") -> Any:
    """An empty chart in the manner of the page: own colours, no scripts, legend below; `name` makes its id."""
    sizes = {f"{part}_font_size": FONT_SIZE for part in ("label", "major_label", "legend", "no_data")}
    inks = (*INKS, *((f"c{number}", *pair) for number, pair in enumerate(colours)))
    light, dark = (" ".join(f"--{ink[0]}: {ink[shade]};" for ink in inks) for shade in (1, 2))
    series = (f"HERE .color-{n} {{ fill: var(--c{n}); stroke: var(--c{n}); }}" for n in range(len(colours)))
    night = f"@media (prefers-color-scheme: dark) {{ HERE {{ {dark} }} }}"
    sheet = "\n".join((f"HERE {{ {light} }}", night, *series, STYLE, css))
    sheet = sheet.replace("HERE", f"#chart-{name}").replace("FONTS", FONTS)
    look = {"js": [], "css": ["file://graph.css", f"inline:{sheet}"], "classes": ["plot-svg"]}
    size = {"width": WIDTH, "height": HEIGHT, "margin": 14, "legend_box_size": 11, "legend_at_bottom": True}
    cut = {"truncate_legend": -1, "truncate_label": -1, "disable_xml_declaration": True}
    chart = kind(style=pygal.style.Style(font_family=FONTS, **sizes), **look, **size, **cut)
    chart.uuid = name
    chart.add_xml_filter(_cleaned)
    return chart


def _svg(chart: Any) -> str:
    """The chart as text, with room for the legend's last row: pygal leaves none for a row that is not full."""
    rest = sum(bool(series["title"]) for _, series in chart.raw_series) % chart.config.legend_at_bottom_columns
    chart.config(margin_bottom=14 + 1.5 * FONT_SIZE * bool(rest))
    return str(chart.render(is_unicode=True))


def _cleaned(root: Any) -> Any:
    """Without the scripts, comments, ids and notes that only pygal's own script would use."""
    for parent in list(root.iter()):
        for child in list(parent):
            if callable(child.tag) or child.tag in {"script", "desc"} or (parent is root and child.tag == "title"):
                parent.remove(child)
        if parent is not root:
            parent.attrib.pop("id", None)
    return root
