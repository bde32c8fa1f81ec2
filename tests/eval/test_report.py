"""The page of a run: every figure in it, nothing fetched, no datum ever read as HTML."""

import json
import math
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from eval import report
from eval import report_texts as texts

CHROMIUM = Path("/usr/bin/chromium")
HOSTILE = "</script><img src=x onerror=\"document.title='gone'\"><b>&amp;"
PASSAGE = {
    "source": "policies/a.md",
    "breadcrumb": "甲办法 › 第一条",
    "text": "第一条 额度为50万元。",
    "score": 2.5,
    "trace": {
        "terms": ["额度"],
        "dense_rank": 1,
        "sentence_rank": 2,
        "lexical_rank": 0,
        "reader": -1.5,
        "dense": 0.91234567,
        "sentence": 0.9,
        "lexical": 0.0,
        "fused": 2.5,
        "threshold": 0.87,
    },
}


def rate(mean: float, n: int = 10) -> dict[str, float]:
    """A rate with an interval of a tenth either side."""
    return {"mean": mean, "low": max(0.0, mean - 0.1), "high": min(1.0, mean + 0.1), "n": n}


def system(name: str, rates: dict[str, Any], **figures: Any) -> dict[str, Any]:
    """A system as `eval.summary` describes it."""
    empty = {split: {} for split in rates}
    held = {"refusal": empty, "separation": empty, "risk": empty, "latency": {"p50": 20.0, "p95": 40.0}}
    return {"name": name, "rates": rates} | held | figures


def row(identity: str, split: str, kind: str, outcome: str | None, hit: float = 1.0) -> dict[str, Any]:
    """One asked question of a run."""
    case = {"id": identity, "kind": kind, "question": f"{identity}的额度是多少？", "turns": [], "answerable": True}
    case |= {"gold": [{"source": "policies/a.md", "quote": "额度为50万元", "part": 1}], "values": [["50万元"]]}
    case |= {"items": [], "must_not": [], "absent": [], "about": "", "context": []}
    citation = {"number": 1, "source": "policies/a.md", "title": "甲办法", "label": "第一条", "quote": "额度为50万元。"}
    answer = {"found": outcome != "refused", "text": f"{identity}答：额度为50万元。[1]", "reason": "", "resolved": ""}
    return {
        "split": split,
        "case": case,
        "outcome": outcome,
        "why": [] if outcome == "right" else [f"{identity}缺少应有的内容"],
        "measures": {"hit@1": hit, "mrr@10": hit or 0.5},
        "confidence": 0.25,
        "milliseconds": 20.0 + len(identity),
        "others": {"BM25": {"hit@1": 0.0, "mrr@10": 0.5, "ndcg@10": 0.6}},
        "answer": answer | {"notices": [], "sentences": [], "citations": [citation]},
        "passages": [PASSAGE],
    }


def small_run(corpus: str = "kb") -> dict[str, Any]:
    """A run of two systems over two splits, with the shapes of `eval.run.document`."""
    own = {"hit@1": rate(0.9), "hit@5": rate(1.0), "right": rate(0.75), "unsupported": rate(0.0)}
    kinds = {"all": own, "number": own | {"right": rate(0.96)}, "near_domain": {"refused": rate(0.5)}}
    other = {"all": {"hit@1": rate(0.6)}, "number": {"hit@1": rate(0.6)}, "near_domain": {}}
    curve = [[0.5, 0.0], [1.0, 0.5]]
    rows = [row("D1", "dev", "number", "wrong"), row("D2", "dev", "near_domain", "right")]
    rows += [row("D3", "dev", "number", "refused", 0.0), row("T1", "test", "number", "right")]
    rows += [row("T2", "test", "number", "wrong")]
    product = system(
        "本产品",
        {"dev": kinds, "test": kinds},
        risk={"dev": {"curve": curve, "area": 0.25}, "test": {"curve": curve, "area": 0.25}},
        separation={"dev": {"near_domain": 0.7}, "test": {"near_domain": 0.7}},
    )
    baseline = system(
        "BM25", {"dev": other, "test": other}, separation={"dev": {"near_domain": 0.8}, "test": {"near_domain": 0.8}}
    )
    steps = {f"{step}_{name}": 1.5 for step in texts.SPEED_STEPS for name in ("p50", "p95", "ratio_p50", "ratio_p95")}
    run = {
        "corpus": corpus,
        "created": "2026-01-02T03:04:05+00:00",
        "generation": "20260102T030405-abc",
        "chunks": 12,
        "documents": 3,
        "config": {"embedding_model": "bundled", "llm": ""},
        "versions": {"python": "3.11.7", "numpy": "2.4.6"},
        "cores": 2,
        "systems": [product, baseline],
        "speed": {"questions": 5.0} | steps,
        "rows": rows,
    }
    return dict(json.loads(json.dumps(run)))


def foreign_run() -> dict[str, Any]:
    """A third-party set: one split, one system, nothing judged, no speed."""
    rates = {"all": {"all": {"doc_hit@1": rate(0.8), "f1": rate(0.4)}, "short": {"doc_hit@1": rate(0.8)}}}
    rows = [row("X1", "all", "short", None), row("X2", "all", "short", None, 0.0)]
    for asked in rows:
        asked["others"] = {}
        del asked["answer"], asked["passages"]
    return small_run("cdqa") | {"systems": [system("本产品", rates)], "rows": rows, "speed": {}}


def written(run: dict[str, Any], folder: Path) -> str:
    """The page of a run."""
    path = folder / "deeper" / "report.html"
    report.write_report(run, path)
    return path.read_text(encoding="utf-8")


def data_of(page: str) -> dict[str, Any]:
    """What stands in the page's script element of data."""
    found = re.search(r'<script type="application/json" id="data">(.*?)</script>', page, re.DOTALL)
    assert found
    return dict(json.loads(found[1]))


class TestGlance:
    def test_targets_ratios_and_dashes(self) -> None:
        lines = {line.measure.key: line for line in report.glance(small_run(), "test")}
        assert (lines["hit@1"].met, lines["hit@5"].met, lines["unsupported"].met) == (False, True, True)
        assert (lines["number_right"].met, lines["refused_near_domain"].met) == (True, False)
        assert lines["right"].met is None
        own, other = lines["hit@1"].cells
        assert own
        assert other
        assert (own.mean, own.n) == (0.9, 10)
        assert math.isclose(other.ratio, 1.5)
        assert lines["right"].cells[1] is None
        assert "items_recall" not in lines

    def test_who_is_ahead(self) -> None:
        lines = {line.measure.key: line for line in report.glance(small_run(), "test")}
        assert report.ahead(lines["separation_near_domain"], lines["separation_near_domain"].cells[1])
        assert not report.ahead(lines["hit@1"], lines["hit@1"].cells[1])
        assert not report.ahead(lines["p50"], report.Cell(99.0))
        assert report.ahead(lines["unsupported"], report.Cell(-1.0))

    def test_only_the_shipped_knowledge_base_has_targets(self) -> None:
        assert not any(line.target for line in report.glance(small_run("cdqa"), "test"))

    def test_latency_of_a_split_goes_before_that_of_all(self) -> None:
        run = small_run()
        run["systems"][0]["latency"] = {"test": {"p50": 7.0}}
        cells = {line.measure.key: line.cells[0] for line in report.glance(run, "test")}
        assert cells["p50"] == report.Cell(7.0)

    def test_test_comes_first(self) -> None:
        assert report.splits_of(small_run()) == ["test", "dev"]

    @pytest.mark.parametrize(
        ("key", "value", "interval", "target"),
        [("hit@1", "90.0%", "80.0–100.0", "≥ 93%"), ("unsupported", "0.0%", "0.0–10.0", "0%"), ("p50", "20.0", "", "")],
    )
    def test_how_figures_are_written(self, key: str, value: str, interval: str, target: str) -> None:
        line = next(line for line in report.glance(small_run(), "test") if line.measure.key == key)
        cell = line.cells[0]
        assert cell
        assert report.shown(cell.mean, line.measure.form) == value
        assert report.interval(cell, line.measure.form) == interval
        assert report.wanted(line) == target

    def test_ratios_have_few_digits(self) -> None:
        assert [report.multiple(ratio) for ratio in (1.349, 382.1)] == ["1.35", "382"]

    def test_every_measure_is_explained(self) -> None:
        assert {measure.key for measure in report.MEASURES} == set(texts.MEASURES)
        assert {measure.group for measure in report.MEASURES} == set(texts.GROUPS)
        assert set(report.TARGETS) <= set(texts.MEASURES)


class TestPage:
    def test_what_it_holds(self, tmp_path: Path) -> None:
        page = written(small_run(), tmp_path)
        for piece in ("自带知识库", "20260102T030405-abc", "2026-01-02 03:04", "numpy 2.4.6", "2 核"):
            assert piece in page
        for piece in ("90.0%", "80.0–100.0 · 10 题", "1.50 倍", "≥ 93%", "✗ 未达到", "✓ 达到", "↑0.800"):
            assert piece in page
        assert all(texts.MEASURES[name][1] in page for name in ("hit@1", "right", "unsupported"))
        assert page.count("<svg") == 8

    def test_it_fetches_nothing(self, tmp_path: Path) -> None:
        page = written(small_run(), tmp_path)
        policy = "default-src 'none'; style-src 'unsafe-inline'; script-src 'unsafe-inline'; img-src data:"
        assert f'<meta http-equiv="Content-Security-Policy" content="{policy}">' in page
        assert {url for url in re.findall(r"https?://[^\s\"'<]+", page) if "www.w3.org" not in url} == set()
        assert not re.search(r"@import|url\(|<link(?! rel=\"icon\" href=\"data:,\")|innerHTML", page)

    def test_every_example_is_in_it(self, tmp_path: Path) -> None:
        data = data_of(written(small_run(), tmp_path))
        assert data["systems"] == ["本产品", "BM25"]
        assert [held["case"]["id"] for held in data["rows"]] == ["D1", "D2", "D3", "T1", "T2"]
        first = data["rows"][0]
        assert first["answer"]["text"] == "D1答：额度为50万元。[1]"
        assert first["answer"]["citations"][0]["quote"] == "额度为50万元。"
        assert (first["terms"], first["threshold"]) == (["额度"], 0.87)
        assert (first["passages"][0]["dense"], first["passages"][0]["dense_rank"]) == (0.9123, 1)
        assert first["others"] == {"BM25": {"hit@1": 0.0, "mrr@10": 0.5}}

    def test_a_foreign_set(self, tmp_path: Path) -> None:
        page = written(foreign_run() | {"skipped": 3}, tmp_path)
        assert "cdqa" in page
        assert "字符 F1" in page
        assert "另有 3 题" in page
        assert "目标</th>" not in page
        assert 'id="split"' not in page
        assert data_of(page)["rows"][0]["answer"] is None

    def test_data_cannot_end_its_element(self, tmp_path: Path) -> None:
        run = small_run() | {"generation": HOSTILE}
        run["rows"][0]["case"]["question"] = HOSTILE
        run["rows"][0]["case"]["kind"] = HOSTILE
        page = written(run, tmp_path)
        assert "<img" not in page
        assert page.count("</script>") == 2
        assert data_of(page)["rows"][0]["case"]["question"] == HOSTILE

    def test_json_that_every_browser_reads(self) -> None:
        said = report.embedded({"a": math.nan, "b": (1.23456789, math.inf), 3: "<&>"})
        assert json.loads(said) == {"a": None, "b": [1.2346, None], "3": "<&>"}
        assert not set("<>&") & set(said)


class TestScalePage:
    ROWS = (
        {"chunks": 10000, "build_seconds": 250.0, "answer_p50": 30.0, "recall_chunks": 0.985},
        {"chunks": 1000, "build_seconds": 30.0, "answer_p50": 25.0, "disk_megabytes": 12.0},
    )

    def test_table_and_plots(self, tmp_path: Path) -> None:
        report.write_scale_report(self.ROWS, tmp_path / "scale.html")
        page = (tmp_path / "scale.html").read_text(encoding="utf-8")
        assert page.index("1,000 段</th>") < page.index("10,000 段</th>")
        for piece in (texts.PLOT_GROWTH, "建立索引", "98.5%", "250<span", "—"):
            assert piece in page
        assert page.count("<svg") == 4
        assert "占内存" not in page.split("<figure")[0]

    def test_one_size_has_no_plots(self, tmp_path: Path) -> None:
        report.write_scale_report(self.ROWS[:1], tmp_path / "scale.html")
        page = (tmp_path / "scale.html").read_text(encoding="utf-8")
        assert "10,000 段" in page
        assert "<svg" not in page


@pytest.fixture(scope="module")
def browser() -> Iterator[Any]:
    """One Chromium for all tests."""
    if not CHROMIUM.exists():
        pytest.skip(f"{CHROMIUM} is absent: the page is not tested in a browser")
    sync_api = pytest.importorskip("playwright.sync_api", reason="playwright is absent: no browser tests")
    with sync_api.sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=str(CHROMIUM), args=["--no-sandbox", "--disable-gpu"])
        yield chromium
        chromium.close()


class TestBrowser:
    """The page as a person uses it, from a file."""

    @pytest.fixture
    def page(self, browser: Any, tmp_path: Path) -> Iterator[Any]:
        run = small_run()
        run["rows"][0]["answer"]["text"] = f"50万元 {HOSTILE}"
        report.write_report(run, tmp_path / "report.html")
        opened = browser.new_page(viewport={"width": 390, "height": 844})
        wrong: list[str] = []
        opened.on("console", lambda message: wrong.append(message.text))
        opened.on("pageerror", lambda error: wrong.append(str(error)))
        opened.on("request", lambda asked: wrong.append(asked.url) if not asked.url.startswith("file:") else None)
        opened.goto((tmp_path / "report.html").as_uri())
        yield opened
        opened.close()
        assert [text for text in wrong if not text.startswith("data:")] == []

    def test_failures_of_dev_come_first_and_the_rest_is_a_choice_away(self, page: Any) -> None:
        assert page.locator(".case .ident").all_text_contents() == ["D1", "D3"]
        page.select_option("#pick-outcome", "")
        assert page.locator(".case .ident").all_text_contents() == ["D1", "D2", "D3"]
        page.select_option("#pick-kind", "near_domain")
        assert page.locator(".case .ident").all_text_contents() == ["D2"]
        page.select_option("#pick-kind", "")
        page.fill("#pick-text", "d3答")
        page.locator("#count", has_text="1 题，").wait_for()
        assert page.locator(".case .ident").all_text_contents() == ["D3"]

    def test_an_example_opens_with_the_keyboard_and_holds_only_text(self, page: Any) -> None:
        page.locator(".case > summary").first.focus()
        page.keyboard.press("Enter")
        body = page.locator(".case .body").first
        body.wait_for()
        assert body.locator("mark").first.inner_text() == "50万元"
        for piece in (HOSTILE, "D1缺少应有的内容", "额度为50万元", "第 1（0.912）", "BM25：第 2 位", "把握 0.250"):
            assert piece in body.inner_text()
        assert page.locator("#cases img").count() == 0
        assert page.title() != "gone"

    def test_the_test_split_is_folded(self, page: Any) -> None:
        page.locator("#pick-split button", has_text="测试集").click()
        assert page.locator("#gate").is_visible()
        assert page.locator(".case").count() == 0
        page.locator("#unlock").click()
        assert page.locator(".case .ident").all_text_contents() == ["T2"]

    def test_the_tables_switch_split_and_nothing_sticks_out_on_a_phone(self, page: Any) -> None:
        assert page.locator("#glance .panel:visible").get_attribute("data-split") == "test"
        page.locator("#split button", has_text="开发集").click()
        for section in ("#glance", "#plots"):
            assert page.locator(f"{section} .panel:visible").get_attribute("data-split") == "dev"
        assert page.evaluate("document.documentElement.scrollWidth") == 390
