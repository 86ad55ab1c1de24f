"""The pages about plans and history in a real browser: live, accessible, by keyboard, without scripts."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Literal

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import expect

from api.people import proving, totp
from api.people.model import Caller, Role
from inventory.course import Step
from tests.api.people.office import PASSWORD
from tests.api.visit.house import House, shown
from tests.api.visit.house import house as served
from tests.chromium import chromium

if TYPE_CHECKING:
    from playwright.sync_api import Browser, BrowserContext, Page

pytestmark = pytest.mark.lab

_SOON_MS = 15_000


@pytest.fixture(scope="module")
def browser(state: Path) -> Iterator[Browser]:
    with chromium(state) as browser:
        yield browser


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    """One change behind it, and gw-b changed by hand since."""
    with served(tmp_path_factory.mktemp("house"), os.getuid()) as made:
        made.carried_out()
        made.type_in("gw-b")
        yield made


@pytest.fixture(scope="module")
def url(house: House) -> Iterator[str]:
    with shown(house) as url:
        yield url


@pytest.fixture
def context(browser: Browser) -> Iterator[BrowserContext]:
    context = browser.new_context(locale="en-GB")
    context.set_default_timeout(_SOON_MS)
    yield context
    context.close()


def enter(page: Page, house: House, url: str, name: str) -> None:
    """Log in by keyboard alone."""
    page.goto(f"{url}/plans", wait_until="load")
    given = house.shown(name)
    page.get_by_label("Account").focus()
    for field in ("name", "password", "code"):
        page.keyboard.type(given[field])
        page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    page.wait_for_url("**/plans")


def propose(page: Page, house: House, why: str) -> str:
    """A plan that takes back what somebody has typed in; its name."""
    house.type_in("gw-k", f"# {why}")
    page.get_by_role("region", name="New plan").get_by_label("Why").fill(why)
    page.get_by_role("button", name="Propose what the inventory says").click()
    page.wait_for_url("**/plans/p-*")
    return page.url.rpartition("/")[2]


def test_a_change_is_proposed_approved_and_followed_live_to_its_end(browser: Browser, house: House, url: str) -> None:
    anna, ewa = browser.new_context(locale="en-GB"), browser.new_context(locale="en-GB")
    page, other = anna.new_page(), ewa.new_page()
    complaints: list[str] = []
    page.on("console", lambda message: complaints.append(message.text))
    page.on("pageerror", lambda error: complaints.append(str(error)))
    enter(page, house, url, "anna")
    plan = propose(page, house, "a printer in room 12")
    expect(page.get_by_role("button", name="I have read it: approve")).to_have_count(0)
    enter(other, house, url, "ewa")
    other.get_by_role("link", name="a printer in room 12").click()
    other.get_by_role("button", name="I have read it: approve").click()
    expect(other.locator(".plan-state")).to_have_text("approved")
    page.reload(wait_until="load")
    expect(page.locator("[data-live=progress]")).to_have_text("It has not begun.")
    page.evaluate("window.loadedOnce = true")
    house.begin(plan)
    house.step(plan, "gw-b", Step.STAGE)
    expect(page.locator(".plan-state")).to_have_text("running", timeout=_SOON_MS)
    expect(page.get_by_role("status")).to_have_text(f"{plan}: running")
    expect(page.locator("[data-live=progress] tbody tr")).to_have_count(1)
    house.step(plan, "gw-b", Step.COMMIT)
    expect(page.locator("[data-live=progress]")).to_contain_text("dead-man armed, applying", timeout=_SOON_MS)
    assert page.evaluate("window.loadedOnce") is True
    house.end(plan)
    expect(page.locator(".plan-state")).to_have_text("done", timeout=_SOON_MS)
    assert page.evaluate("window.loadedOnce") is None
    expect(page.get_by_role("region", name="How it ended")).to_contain_text("changed")
    anna.close()
    ewa.close()
    assert not complaints


@pytest.mark.parametrize(
    ("language", "look"),
    [("pl", ("light", 1180)), ("pl", ("dark", 360)), ("en", ("dark", 1180)), ("en", ("light", 360))],
)
def test_axe_finds_nothing(
    browser: Browser, house: House, url: str, language: str, look: tuple[Literal["light", "dark"], int]
) -> None:
    scheme, width = look
    context = browser.new_context(color_scheme=scheme, viewport={"width": width, "height": 800}, locale="en-GB")
    page = context.new_page()
    page.goto(f"{url}/login?lang={language}", wait_until="load")
    assert_accessible(page, width)
    for field, typed in house.shown("anna").items():
        page.locator(f"#{field}").fill(typed)
    page.keyboard.press("Enter")
    page.wait_for_url(f"{url}/")
    for path in ("/history/gw-b", "/plans?all=1"):
        page.goto(f"{url}{path}", wait_until="load")
        assert_accessible(page, width)
        page.goto(f"{url}{page.locator('tbody th a').first.get_attribute('href')}", wait_until="load")
        assert_accessible(page, width)
    for path in ("/history", "/history/gw-b/compare", "/history/nothing"):
        page.goto(f"{url}{path}", wait_until="load")
        assert_accessible(page, width)
    context.close()


def test_a_newcomer_proves_himself_in_two_forms(context: BrowserContext, house: House, url: str) -> None:
    admin = Caller(account="anna", roles=frozenset({Role.ADMIN}), origin="socket uid 1000")
    code = proving.reset(house.people.registry, admin, "jan")
    page, complaints = context.new_page(), list[str]()
    page.set_viewport_size({"width": 390, "height": 800})
    page.on("console", lambda message: complaints.append(message.text))
    page.goto(f"{url}/login", wait_until="load")
    page.get_by_role("link", name="I have a code from an admin").click()
    assert_accessible(page, 390)
    page.get_by_label("Account").fill("jan")
    page.get_by_label("Code from the admin").fill(code)
    page.keyboard.press("Enter")
    expect(page.get_by_role("img", name="The second factor as a picture")).to_be_visible()
    assert_accessible(page, 390)
    secret = "".join(page.locator(".key code").inner_text().split())
    house.people.factors["jan"] = secret
    page.get_by_label("Code the authenticator shows").fill(totp.current(secret, house.people.clock()))
    page.get_by_label("New password").fill(PASSWORD)
    page.get_by_label("The same again").fill(PASSWORD)
    page.keyboard.press("Enter")
    expect(page.locator(".codes li")).to_have_count(8)
    assert_accessible(page, 390)
    assert "<script" not in page.content()
    assert not complaints
    enter(page, house, url, "jan")


def assert_accessible(page: Page, width: int) -> None:
    page.evaluate("document.querySelectorAll('details').forEach(each => each.open = true)")
    found = Axe().run(page)
    assert found.violations_count == 0, f"{page.url}: {found.generate_report()}"
    assert page.evaluate("document.documentElement.scrollWidth") <= width, page.url


def test_a_drift_is_seen_and_everything_reached_by_keyboard(context: BrowserContext, house: House, url: str) -> None:
    page = context.new_page()
    house.type_in("gw-b")
    enter(page, house, url, "anna")
    expect(page.locator(".notice.heed").filter(has_text="gw-b")).to_contain_text("does not run what was approved")
    page.get_by_role("link", name="gw-b").focus()
    page.keyboard.press("Enter")
    page.wait_for_url("**/history/gw-b")
    expect(page.locator(".drift .add")).to_contain_text("# typed by hand")
    reached: set[str] = set()
    page.locator("body").click(position={"x": 1, "y": 1})
    for _number in range(40):
        page.keyboard.press("Tab")
        reached.add(page.evaluate("document.activeElement.id || document.activeElement.textContent.trim()"))
    fields = "main a, main summary, main button, main input:not([type=hidden]), main select, main pre"
    wanted = page.locator(fields).evaluate_all(
        "all => all.filter(e => e.checkVisibility()).map(e => e.id || e.textContent.trim())"
    )
    assert set(wanted) <= reached
    expect(page.get_by_role("button", name="Approve what it runs")).to_have_count(0)


def test_without_scripts_a_running_change_is_seen_to_its_end(browser: Browser, house: House, url: str) -> None:
    context = browser.new_context(java_script_enabled=False, locale="en-GB")
    page = context.new_page()
    enter(page, house, url, "anna")
    plan = propose(page, house, "without scripts")
    expect(page.get_by_role("heading", level=1)).to_have_text("without scripts")
    assert 'http-equiv="refresh"' not in page.content()
    house.approve(plan)
    house.begin(plan)
    page.reload(wait_until="load")
    assert 'http-equiv="refresh" content="5"' in page.content()
    expect(page.locator(".plan-state")).to_have_text("running")
    page.get_by_role("button", name="Stop: take back what is not confirmed").click()
    page.wait_for_url(f"**/plans/{plan}")
    assert house.record.stopper(plan) == "anna"
    house.end(plan)
    page.reload(wait_until="load")
    expect(page.locator(".plan-state")).to_have_text("done")
    assert 'http-equiv="refresh"' not in page.content()
    context.close()


def test_who_logs_out_is_out_even_by_going_back(context: BrowserContext, house: House, url: str) -> None:
    page = context.new_page()
    enter(page, house, url, "jan")
    expect(page.get_by_role("button", name="Propose what the inventory says")).to_have_count(0)
    page.get_by_role("button", name="Log out").click()
    page.wait_for_url("**/login")
    page.go_back(wait_until="load")
    expect(page).to_have_url(f"{url}/login?next=/plans")
