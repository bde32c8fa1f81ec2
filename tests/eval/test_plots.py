"""The plots: what they draw, that they are empty without data, and that nothing in them runs or is fetched."""

import re
from collections.abc import Callable
from typing import Any
from xml.etree import ElementTree

import pytest

from eval import plots
from eval import report_texts as texts
from tests.eval.test_report import foreign_run, small_run

OF_A_RUN = (plots.risk_plot, plots.latency_plot, plots.hit_plot, plots.outcome_plot)
ROWS = [
    {"chunks": 10000, "build_seconds": 250.0, "answer_p50": 30.0, "disk_megabytes": 120.0},
    {"chunks": 1000, "build_seconds": 25.0, "answer_p50": 20.0, "disk_megabytes": 12.0},
]
SVG = "{http://www.w3.org/2000/svg}"


def tooltips(svg: str) -> list[str]:
    return [title.text or "" for title in ElementTree.fromstring(svg).iter(f"{SVG}title")]


def labels(svg: str) -> list[str]:
    return [text.text or "" for text in ElementTree.fromstring(svg).iter(f"{SVG}text")]


class TestEveryPlot:
    @pytest.mark.parametrize("plot", OF_A_RUN)
    def test_is_inert_and_self_contained(self, plot: Callable[..., str]) -> None:
        svg = plot(small_run(), "dev")
        root = ElementTree.fromstring(svg)
        tags = {element.tag.removeprefix(SVG) for element in root.iter()}
        assert not tags & {"script", "foreignObject", "image", "desc", "a"}
        assert not re.search(r"@import|url\(|href|on\w+=", svg)
        assert set(re.findall(r"https?://[^\"']+", svg)) <= {
            "http://www.w3.org/2000/svg",
            "http://www.w3.org/1999/xlink",
        }
        assert "prefers-color-scheme: dark" in svg.replace("scheme:dark", "scheme: dark")
        assert "Noto Sans CJK SC" in svg

    @pytest.mark.parametrize("plot", OF_A_RUN)
    def test_is_the_same_every_time_and_has_its_own_styles(self, plot: Callable[..., str]) -> None:
        svg = plot(small_run(), "dev")
        assert svg == plot(small_run(), "dev")
        assert ElementTree.fromstring(svg).get("id") != ElementTree.fromstring(plot(small_run(), "test")).get("id")
        ids = re.findall(r'\sid="([^"]+)"', svg)
        assert len(ids) == 1

    @pytest.mark.parametrize("plot", OF_A_RUN)
    def test_is_empty_without_data(self, plot: Callable[..., str]) -> None:
        run = small_run()
        run["rows"] = []
        assert plot(run, "other") == ""

    def test_names_are_escaped(self) -> None:
        run = small_run()
        run["systems"][1]["name"] = "<b>&"
        for plot in OF_A_RUN:
            assert "<b>" not in plot(run, "dev")
        assert "<b>&" in labels(plots.hit_plot(run, "dev"))


class TestContents:
    def test_risk_shows_where_the_product_stands(self) -> None:
        svg = plots.risk_plot(small_run(), "dev")
        assert texts.PLOT_RISK_POINT.format(coverage="66.7%", risk="50%") in tooltips(svg)
        assert {texts.PLOT_RISK_IDEAL, texts.PLOT_RISK_RANDOM, texts.PLOT_RISK_NOW} <= set(labels(svg))

    def test_latency_counts_every_question_once(self) -> None:
        run = small_run()
        for number, row in enumerate(run["rows"]):
            row |= {"split": "dev", "milliseconds": 10.0 * number}
        svg = plots.latency_plot(run, "dev")
        counts = [int(found[1]) for said in tooltips(svg) if (found := re.search(r"毫秒：(\d+) 题", said))]
        assert (len(counts), sum(counts)) == (plots.BINS, 5)
        assert "p50 20.0" in labels(svg)

    def test_latency_of_equal_times(self) -> None:
        run = small_run()
        run["rows"] = run["rows"][:1]
        assert "22.0" in plots.latency_plot(run, "dev")

    def test_hits_of_every_system_by_kind(self) -> None:
        said = tooltips(plots.hit_plot(small_run(), "dev"))
        assert "本产品，全部：90%（10 题）" not in said
        assert "本产品，数字：90%（10 题）" in said
        assert "BM25，数字：60%（10 题）" in said

    def test_hits_by_document_where_there_are_no_quotes(self) -> None:
        assert "本产品，全部：80%（10 题）" in tooltips(plots.hit_plot(foreign_run(), "all"))

    def test_outcomes_are_shares_of_a_kind(self) -> None:
        svg = plots.outcome_plot(small_run(), "dev")
        assert {"数字，答错：1/2 题（50%）", "数字，未作答：1/2 题（50%）", "近题无据，答对：1/1 题（100%）"} <= set(
            tooltips(svg)
        )
        assert "数字（2）" in labels(svg)

    def test_nothing_judged_has_no_outcomes_and_no_risk(self) -> None:
        assert plots.outcome_plot(foreign_run(), "all") == plots.risk_plot(foreign_run(), "all") == ""


class TestGrowth:
    def test_growth_is_relative_to_the_smallest_size(self) -> None:
        said = tooltips(plots.scale_plot(ROWS))
        assert "建立索引，10,000 段：250（10 倍）" in said
        assert "回答 p50，1,000 段：20（1 倍）" in said

    def test_panels_hold_the_figures_themselves(self) -> None:
        svg = plots.scale_panel(ROWS, "space")
        assert "索引占磁盘" in labels(svg)
        assert texts.SCALE_FIGURES["memory_megabytes"] not in labels(svg)

    @pytest.mark.parametrize("rows", [[], ROWS[:1]])
    def test_one_size_is_no_growth(self, rows: list[dict[str, Any]]) -> None:
        assert plots.scale_plot(rows) == plots.scale_panel(rows, "time") == ""

    def test_a_figure_of_nought_is_left_out(self) -> None:
        rows = [row | {"embed_p50": 0.0} for row in ROWS]
        assert texts.SCALE_FIGURES["embed_p50"] not in labels(plots.scale_plot(rows))


@pytest.mark.parametrize(("value", "written"), [(0.1234, "0.123"), (12.34, "12.3"), (12345.6, "12,346"), (1.0, "1")])
def test_figures(value: float, written: str) -> None:
    assert plots.figure(value) == written
