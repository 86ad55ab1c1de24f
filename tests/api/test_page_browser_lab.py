"""The page in a real browser: live, accessible, usable by keyboard, without scripts, and honest when news stop."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Literal

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import expect

from tests.api import stills
from tests.api.served import Site, serving
from tests.api.test_page_planted import planted
from tests.chromium import chromium

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

pytestmark = pytest.mark.lab

_SOON_MS = 10_000


@pytest.fixture(scope="module")
def browser(state: Path) -> Iterator[Browser]:
    with chromium(state) as browser:
        yield browser


@pytest.fixture
def site() -> Iterator[Site]:
    with serving() as site:
        yield site


@pytest.fixture
def page(browser: Browser, site: Site) -> Iterator[Page]:
    """An English page whose console stays empty."""
    page = browser.new_page(locale="en-GB", viewport={"width": 1280, "height": 900})
    complaints: list[str] = []
    page.on("console", lambda message: complaints.append(message.text))
    page.on("pageerror", lambda error: complaints.append(str(error)))
    page.on("dialog", lambda dialog: complaints.append(dialog.message))
    page.goto(site.url, wait_until="load")
    yield page
    page.close()
    assert not complaints


def test_the_page_changes_without_being_loaded_again(page: Page, site: Site) -> None:
    page.evaluate("window.loadedOnce = true")
    expect(page.locator("h1")).to_have_text("The network works")
    site.put(stills.broken())
    expect(page.locator("h1")).to_have_text("Budynek drugi is cut off", timeout=_SOON_MS)
    expect(page.get_by_role("status")).to_have_text("Budynek drugi is cut off")
    expect(page).to_have_title("Budynek drugi is cut off · Miejski Ośrodek Pomocy Społecznej w Pile · fosa")
    expect(page.locator("svg.map.wide")).to_contain_text("k-b: down since 14:00")
    site.put(stills.well())
    expect(page.locator("h1")).to_have_text("The network works", timeout=_SOON_MS)
    assert page.evaluate("window.loadedOnce") is True


def test_a_change_takes_neither_the_focus_nor_what_was_opened(page: Page, site: Site) -> None:
    ends = page.locator("#tunnel-k-b-ends")
    ends.focus()
    page.keyboard.press("Enter")
    assert "aes256gcm16-prfsha384-ecp384" in page.locator("#tunnel-k-b").inner_text()
    site.put(stills.broken())
    expect(page.locator("#tunnel-k-b-ends")).to_contain_text("gw-b: unknown", timeout=_SOON_MS)
    expect(page.locator("#tunnel-k-b")).to_have_attribute("open", "")
    expect(page.locator("#tunnel-k-b-ends")).to_be_focused()


def test_everything_is_reached_by_keyboard(page: Page) -> None:
    page.keyboard.press("Tab")
    skip = page.get_by_role("link", name="Skip to the content")
    expect(skip).to_be_focused()
    expect(skip).to_be_in_viewport()
    page.keyboard.press("Enter")
    expect(page.locator("main")).to_be_focused()
    reached = set()
    for _ in range(60):
        page.keyboard.press("Tab")
        reached.add(page.evaluate("document.activeElement.id || document.activeElement.textContent.trim()"))
    wanted = page.locator("main a, main summary, footer a").evaluate_all("all => all.map(e => e.id || e.textContent)")
    assert set(wanted) <= reached


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("language", ["pl", "en"])
def test_axe_finds_nothing(browser: Browser, site: Site, language: str, scheme: Literal["light", "dark"]) -> None:
    shown = [
        ("broken", ""),
        ("storeless", ""),
        ("unwell", ""),
        ("unwell", "devices/sw-k-1"),
    ]
    for number, (name, path) in enumerate(shown):
        site.put(stills.every()[name])
        width = 360 if number % 2 else 1280
        page = browser.new_page(viewport={"width": width, "height": 800}, color_scheme=scheme)
        page.goto(f"{site.url}{path}?lang={language}", wait_until="load")
        page.evaluate("document.querySelectorAll('details').forEach(each => each.open = true)")
        found = Axe().run(page)
        assert found.violations_count == 0, f"{name}, {path}, {width}: {found.generate_report()}"
        assert page.evaluate("document.documentElement.scrollWidth") <= width
        page.close()


def test_without_scripts_the_page_is_whole_and_says_that_it_reloads(browser: Browser, site: Site) -> None:
    site.put(stills.broken())
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(f"{site.url}?lang=en", wait_until="load")
    expect(page.locator("h1")).to_have_text("Budynek drugi is cut off")
    expect(page.locator("noscript p")).to_be_visible()
    expect(page.locator("noscript p")).to_contain_text("This page reloads itself every ten seconds")
    assert 'http-equiv="refresh" content="10"' in page.content()
    site.put(stills.well())
    page.locator("noscript a").click()
    expect(page.locator("h1")).to_have_text("The network works")
    context.close()


def test_a_page_that_gets_no_news_says_so_until_they_come_again(browser: Browser) -> None:
    with serving() as first:
        page = browser.new_page()
        page.goto(f"{first.url}?lang=en", wait_until="load")
        lost = page.get_by_role("alert")
        expect(lost).to_be_hidden()
    expect(lost).to_be_visible(timeout=_SOON_MS)
    expect(lost).to_contain_text("what it shows may be old")
    with serving(first.port) as second:
        second.put(stills.silent())
        expect(lost).to_be_hidden(timeout=3 * _SOON_MS)
        expect(page.locator("h1")).to_have_text("The watch is silent", timeout=_SOON_MS)
        page.close()


def test_nothing_planted_runs(page: Page, site: Site) -> None:
    site.put(planted(stills.broken()))
    expect(page.locator("h1")).to_contain_text("<script>alert('x')</script>", timeout=_SOON_MS)
    page.reload(wait_until="load")
    expect(page.locator("h1")).to_contain_text("<script>alert('x')</script>")


def test_a_language_is_remembered(browser: Browser, site: Site) -> None:
    context = browser.new_context(locale="en-GB")
    page = context.new_page()
    page.goto(site.url, wait_until="load")
    page.get_by_role("link", name="Polski").click()
    page.goto(site.url, wait_until="load")
    expect(page.locator("html")).to_have_attribute("lang", "pl")
    context.close()
