"""The page in a real browser: ask, see the answer, open a citation, nothing requested from outside."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.ui import fakes
from ui import texts

CHROMIUM = Path("/usr/bin/chromium")
FLAGS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)
QUESTION = "#kb-question textarea"

if not CHROMIUM.exists():
    pytest.skip(f"{CHROMIUM} is absent: the page is not tested in a browser", allow_module_level=True)
sync_api = pytest.importorskip("playwright.sync_api", reason="playwright is absent: no browser tests")


@pytest.fixture(scope="module")
def browser() -> Iterator["sync_api.Browser"]:
    """One Chromium for all tests."""
    with sync_api.sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=str(CHROMIUM), args=FLAGS)
        yield chromium
        chromium.close()


@pytest.fixture
def page(browser: "sync_api.Browser", address: str) -> Iterator["sync_api.Page"]:
    """The open page; outside requests, failed ones and console errors fail the test."""
    opened = browser.new_page(locale="zh-CN", viewport={"width": 1440, "height": 900})
    wrong: list[str] = []

    def only_inside(route: "sync_api.Route") -> None:
        if route.request.url.startswith((address, "data:", "blob:")):
            route.continue_()
        else:
            wrong.append(route.request.url)
            route.abort()

    opened.route("**/*", only_inside)
    opened.on("response", lambda response: wrong.append(response.url) if response.status >= 400 else None)
    opened.on("console", lambda message: wrong.append(message.text) if message.type == "error" else None)
    opened.goto(address)
    opened.locator(".kb-welcome .kb-chip").first.wait_for()
    yield opened
    opened.close()
    assert wrong == []


def ask(page: "sync_api.Page", question: str) -> None:
    """Type a question, send it by Enter and wait for the finished answer."""
    page.fill(QUESTION, question)
    page.press(QUESTION, "Enter")
    page.locator("#kb-current .kb-question", has_text=question).wait_for()
    page.locator("#kb-current .kb-follow").wait_for()


def test_citation_opens_the_document_at_the_sentence(page: "sync_api.Page") -> None:
    page.set_viewport_size({"width": 1440, "height": 620})
    ask(page, "农业保险赔款几天内支付？")
    page.locator("#kb-current .kb-cite").nth(1).click()
    mark = page.locator("#kb-mark")
    mark.wait_for()
    assert mark.inner_text() == fakes.CITATIONS[1].quote
    page.wait_for_function("document.querySelector('#kb-source').scrollTop > 0")
    sync_api.expect(mark).to_be_in_viewport()
    box, facts = mark.bounding_box(), page.locator(".kb-source-facts").bounding_box()
    assert box is not None
    assert facts is not None
    assert box["y"] >= facts["y"] + facts["height"]
    page.locator("#kb-current .kb-place").last.click()
    page.locator("#kb-source tr.kb-hit").wait_for()


def test_a_reference_opens_its_clause_and_leads_back(page: "sync_api.Page") -> None:
    ask(page, "农业保险赔款几天内支付？")
    page.locator("#kb-current .kb-cite").first.click()
    page.locator("#kb-source .kb-reference").first.click()
    page.get_by_role("button", name=texts.REFERENCE_BACK).wait_for()
    assert page.locator("#kb-mark").inner_text() == fakes.CITATIONS[1].quote
    page.get_by_role("button", name=texts.REFERENCE_BACK).click()
    sync_api.expect(page.locator("#kb-mark")).to_have_text("合同对赔偿期限另有约定")


def test_a_model_writes_over_the_evidence(page: "sync_api.Page") -> None:
    page.fill(QUESTION, "请撰写：赔款几天内支付？")
    page.press(QUESTION, "Enter")
    page.locator("#kb-current .kb-draft").wait_for()
    sync_api.expect(page.locator("#kb-current .kb-cite").first).to_be_visible()
    written = page.locator("#kb-current .kb-written").first
    written.wait_for()
    sync_api.expect(written).to_contain_text(fakes.DRAFT)
    sync_api.expect(page.locator("#kb-current .kb-draft")).to_have_count(0)
    page.get_by_role("button", name=texts.WRITE_AGAIN).click()
    page.locator("#kb-current .kb-draft").wait_for()
    page.locator("#kb-current .kb-written").first.wait_for()
    sync_api.expect(page.locator(".kb-turn")).to_have_count(1)


def test_follow_up_can_be_taken_back_and_suggestions_ask(page: "sync_api.Page") -> None:
    page.locator(".kb-welcome .kb-chip").first.click()
    page.locator("#kb-current .kb-follow .kb-chip").first.wait_for()
    ask(page, "那林业呢？")
    page.get_by_role("button", name=texts.EDIT_RESOLVED).click()
    assert page.input_value(QUESTION) == "农业保险中，那林业呢？"
    page.fill(QUESTION, "")
    page.get_by_role("button", name=texts.NOT_RESOLVED).click()
    sync_api.expect(page.locator("#kb-current .kb-resolved")).to_have_count(0)
    sync_api.expect(page.locator(".kb-turn")).to_have_count(2)
    page.locator("#kb-current .kb-follow .kb-chip").first.click()
    sync_api.expect(page.locator(".kb-turn")).to_have_count(3)
    page.get_by_role("button", name=texts.NEW_CONVERSATION).click()
    page.locator(".kb-welcome").wait_for()


def test_refusal_error_and_filters(page: "sync_api.Page") -> None:
    ask(page, "明天天气如何？")
    sync_api.expect(page.locator(".kb-refusal")).to_contain_text(texts.NOT_FOUND)
    page.locator(".kb-near").first.click()
    page.locator("#kb-mark").wait_for()
    page.fill(QUESTION, " ")
    page.press(QUESTION, "Enter")
    sync_api.expect(page.locator("#kb-status")).to_contain_text(fakes.REJECTED)
    sync_api.expect(page.locator("#kb-send")).to_be_visible()
    page.locator("#kb-filters > button").click()
    page.locator(".kb-filter input").nth(4).click()
    page.get_by_role("option", name="现行有效").click()
    sync_api.expect(page.locator("#kb-active-filters")).to_contain_text("效力状态 现行有效")
    page.keyboard.press("Escape")
    page.get_by_role("button", name=texts.FILTERS_CLEAR).click()
    sync_api.expect(page.locator("#kb-active-filters")).not_to_be_visible()


def test_stop_keeps_what_is_there(page: "sync_api.Page") -> None:
    page.fill(QUESTION, "慢慢回答")
    page.press(QUESTION, "Enter")
    page.locator("#kb-current .kb-part").first.wait_for()
    page.get_by_role("button", name=texts.STOP).click()
    sync_api.expect(page.locator("#kb-current")).to_contain_text(texts.STOPPED)
    sync_api.expect(page.locator("#kb-send")).to_be_visible()


def test_phone_has_no_sideways_scroll_and_the_source_closes(page: "sync_api.Page") -> None:
    page.set_viewport_size({"width": 390, "height": 844})
    ask(page, "农业保险赔款几天内支付？")
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
    page.locator("#kb-current .kb-cite").first.click()
    sync_api.expect(page.locator("#kb-mark")).to_be_in_viewport()
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
    page.locator(".kb-close").click()
    sync_api.expect(page.locator("#kb-source")).not_to_be_visible()


def test_copy_button_and_newline_in_the_input(page: "sync_api.Page") -> None:
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    page.fill(QUESTION, "农业保险")
    page.press(QUESTION, "Shift+Enter")
    assert page.input_value(QUESTION) == "农业保险\n"
    page.press(QUESTION, "Enter")
    page.locator("#kb-current .kb-follow").wait_for()
    page.locator("#kb-current .kb-copy").click()
    sync_api.expect(page.locator("#kb-current .kb-copy")).to_have_text(texts.COPIED)
    copied = page.evaluate("navigator.clipboard.readText()")
    assert "[1] 《农业保险条例》 国务院令第629号" in copied
