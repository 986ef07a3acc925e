"""The control tower in a browser: a file is uploaded and corrected, an item found, and nobody is shut out by a page."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from entrepost.operations.message_desk import name_message
from tests.operations.exchanged import exchange
from tests.operations.office import ANNA, PASSWORD
from tests.web.inside import OTHER, Tower, tower_in
from tests.web.pages.test_orders import THEIRS
from tests.web.shop import AT_CUSTOMS, ON_ITS_WAY
from tests.web.test_browser import browser_at, served

SETTINGS = tuple(
    f"/settings{part}"
    for part in ("", "/keys", "/promises", "/senders?seller=shop", "/webhooks", "/retention", "/audit")
)
ROOMS = (
    "/",
    "/orders",
    "/items",
    "/exceptions",
    "/dispatches",
    "/messages",
    "/lanes",
    "/network",
    "/planner",
    *SETTINGS,
)
FURTHER = (
    *("/items?q=nobody", "/exceptions?view=closed", "/lanes?all=true", "/network?checked=true"),
    *("/network/tables/services", "/network/tables/stock", "/messages?view=refused", "/messages/open"),
)
"""Pages within rooms; a lane, an exception and a plan are looked at where there is one (`test_browser_planner`)."""


@dataclass
class Desktop:
    """A tower, its address, and a browser."""

    tower: Tower
    address: str
    browser: Any

    def enter(self, email: str = ANNA, account: str = "main", **options: Any) -> Any:
        """A page of somebody who signed in by the form."""
        page = self.browser.new_context(**options).new_page()
        page.goto(f"{self.address}/sign-in")
        page.get_by_label("Account").fill(account)
        page.get_by_label("E-mail address").fill(email)
        page.get_by_label("Password").fill(PASSWORD)
        page.get_by_role("button", name="Sign in").click()
        page.wait_for_url(f"{self.address}/")
        return page


@pytest.fixture(scope="module")
def desktop(tmp_path_factory: pytest.TempPathFactory, require_server: Callable[[str], Path]) -> Iterator[Desktop]:
    program = require_server("chromium")
    with tower_in(tmp_path_factory.mktemp("desktop")) as tower:
        tower.desk.counter.count()
        refused = exchange(tower.store)["P-NLHAGICNSHAAAUN60017"]
        tower.numbers["message"] = name_message("in", refused.entry)
        with served(tower.app) as address, browser_at(program) as browser:
            yield Desktop(tower, address, browser)


@pytest.mark.server
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_nothing_on_any_page(desktop: Desktop, tmp_path: Path, scheme: str) -> None:
    from axe_playwright_python.sync_playwright import Axe

    page, axe = desktop.enter(color_scheme=scheme), Axe()
    page.evaluate("1")
    said: list[str] = []
    page.on("console", lambda message: said.append(message.text))
    files = upload(desktop, page, tmp_path)
    named = (f"/items/{desktop.tower.numbers[AT_CUSTOMS]}", f"/messages/{desktop.tower.numbers['message']}")
    order = f"/orders/one?seller=shop&order_id={AT_CUSTOMS}"
    inside = (*ROOMS, *FURTHER, *named, order, "/nothing")
    outside = ("/sign-in", "/invitation?token=epi.x", f"/track?numbers={desktop.tower.numbers[ON_ITS_WAY]}", "/track")
    found: dict[str, list[str]] = {}
    for address in files:
        found |= look(page, axe, address)
    for path in inside:
        found |= look(page, axe, desktop.address + path)
    stranger = desktop.browser.new_context(color_scheme=scheme).new_page()
    for path in outside:
        found |= look(stranger, axe, desktop.address + path)
    assert {place: faults for place, faults in found.items() if faults} == {}
    assert [text for text in said if "404" not in text] == []


def upload(desktop: Desktop, page: Any, folder: Path) -> tuple[str, str]:
    """The pages of how a file is read, and of what is wrong with it."""
    sent = folder / "January.csv"
    sent.write_text(THEIRS, encoding="utf-8")
    page.goto(f"{desktop.address}/orders")
    page.get_by_label("CSV, TSV, JSON lines").set_input_files(sent)
    page.get_by_role("button", name="Upload").click()
    page.wait_for_url("**/orders/files/**")
    mapping = page.url
    take_in(desktop, page, sent)
    return mapping, page.url


def look(page: Any, axe: Any, address: str) -> dict[str, list[str]]:
    """What axe finds on a page, with everything on it shown."""
    page.goto(address)
    page.evaluate("for (const each of document.querySelectorAll('main details')) each.open = true")
    page.wait_for_timeout(100)
    faults = axe.run(page).response["violations"]
    return {address: [f"{each['id']}: {each['nodes'][0]['html'][:200]}" for each in faults]}


@pytest.mark.server
def test_a_file_with_errors_is_uploaded_corrected_and_uploaded_again(desktop: Desktop, tmp_path: Path) -> None:
    page = desktop.enter(accept_downloads=True)
    sent = tmp_path / "January.csv"
    sent.write_text(THEIRS, encoding="utf-8")
    take_in(desktop, page, sent)
    page.get_by_text("XX is not known").wait_for()
    with page.expect_download() as waiting:
        page.get_by_role("link", name="Download the rejected rows").click()
    corrected = tmp_path / "corrected.csv"
    text = Path(waiting.value.path()).read_text(encoding="utf-8")
    corrected.write_text(text.replace("XX", "FR").replace("heavy", "250"), encoding="utf-8")
    take_in(desktop, page, corrected)
    page.get_by_text("Nothing is wrong with it.").wait_for()
    assert {"A1", "A2"} <= set(desktop.tower.store.list_orders()["order_id"])


def take_in(desktop: Desktop, page: Any, file: Path) -> None:
    page.goto(f"{desktop.address}/orders")
    page.get_by_label("CSV, TSV, JSON lines").set_input_files(file)
    page.get_by_role("button", name="Upload").click()
    page.wait_for_url("**/orders/files/**")
    page.get_by_role("button", name="Take it in").click()
    page.wait_for_url("**/orders/batches/**")
    desktop.tower.take_in()
    page.get_by_text("Taken in").wait_for()


@pytest.mark.server
def test_an_item_is_found_by_keyboard_alone(desktop: Desktop) -> None:
    page = desktop.enter()
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.textContent") == "Skip to the content"
    page.get_by_label("Find an item, an order or a recipient").focus()
    page.keyboard.type(ON_ITS_WAY)
    page.keyboard.press("Enter")
    page.wait_for_url("**/items?q=*")
    page.get_by_role("link", name=desktop.tower.numbers[ON_ITS_WAY]).press("Enter")
    page.wait_for_url("**/items/*")
    assert page.get_by_role("heading", level=1).inner_text() == desktop.tower.numbers[ON_ITS_WAY]
    assert page.locator("[aria-current=step]").inner_text().startswith("Left origin")


@pytest.mark.server
def test_two_accounts_side_by_side_see_their_own(desktop: Desktop) -> None:
    ours, theirs = desktop.enter(), desktop.enter(OTHER, "other")
    number = desktop.tower.numbers[ON_ITS_WAY]
    for page in (ours, theirs):
        page.goto(f"{desktop.address}/items/{number}")
    assert ours.get_by_role("heading", level=1).inner_text() == number
    assert theirs.get_by_role("heading", level=1).inner_text() == "There is nothing here"
    theirs.goto(f"{desktop.address}/items")
    assert theirs.get_by_text("No such item.").count() == 1


@pytest.mark.server
@pytest.mark.parametrize("width", [320, 1280])
def test_pictures_are_drawn_and_no_page_is_wider_than_its_screen(desktop: Desktop, width: int) -> None:
    """At 320 pixels nothing has to be moved sideways, as WCAG 2.2 asks (1.4.10)."""
    page = desktop.enter(viewport={"width": width, "height": 700})
    page.locator("[data-picture] svg").first.wait_for()
    assert page.locator("[data-picture][role=img]").count() == 3
    named = (f"/items/{desktop.tower.numbers[AT_CUSTOMS]}", f"/messages/{desktop.tower.numbers['message']}")
    for path in (*ROOMS, *FURTHER, *named):
        page.goto(desktop.address + path)
        assert page.evaluate("document.documentElement.scrollWidth") <= width, path


@pytest.mark.server
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_on_paper_no_picture_is_cut_and_none_is_dark(desktop: Desktop, scheme: str) -> None:
    page = desktop.enter(viewport={"width": 1900, "height": 900}, color_scheme=scheme)
    page.goto(f"{desktop.address}/")
    page.wait_for_selector(".picture svg")
    page.emulate_media(media="print")
    page.evaluate("document.documentElement.style.width = '480px'")  # as a small sheet; no picture is drawn anew
    drawn = page.locator(".picture svg").evaluate_all(
        "all => all.map((each) => [each.getBoundingClientRect().right, getComputedStyle(each).filter])"
    )
    assert drawn
    assert all(right <= 480 for right, _ in drawn)
    assert {filtered != "none" for _, filtered in drawn} == {scheme == "dark"}
    assert not page.get_by_role("navigation").first.is_visible()


@pytest.mark.server
def test_a_refused_message_is_found_corrected_and_replayed(desktop: Desktop) -> None:
    page = desktop.enter()
    page.goto(f"{desktop.address}/messages")
    page.get_by_role("link", name="Refused 1").click()
    page.get_by_role("link", name="PREDES P-NLHAGICNSHAAAUN60017").click()
    page.get_by_role("link", name="at line 11").click()
    assert page.locator("li:target code").inner_text() == "GID+1+1:QQ'"
    page.get_by_text("Correct it first").click()
    raw = page.get_by_label("The whole message")
    raw.fill(raw.input_value().replace(":QQ'", ":BG'"))
    page.get_by_role("button", name="Replay it as corrected").click()
    page.get_by_text("Replayed:").wait_for()
    assert page.locator("li:has-text('GID+1+1:BG')").count() == 1
    assert page.get_by_text("is not in the code list").count() == 0


@pytest.mark.server
def test_orders_are_promised_by_a_button_and_an_order_tells_its_service(desktop: Desktop, tmp_path: Path) -> None:
    page, tower = desktop.enter(), desktop.tower
    sent = tmp_path / "promised.csv"
    sent.write_text(THEIRS.replace("A1", "P1").replace("A2", "P2").replace("heavy,CNSHAA,XX", "300,CNSHAA,BR"))
    take_in(desktop, page, sent)
    page.goto(f"{desktop.address}/orders")
    page.get_by_role("button", name="Promise them").click()
    page.wait_for_url("**/orders/batches/**")
    page.get_by_text("orders are done").wait_for()
    tower.promise()
    page.get_by_role("heading", name="Orders that no service takes: ").wait_for()
    page.get_by_role("link", name="P2").wait_for()
    page.goto(f"{desktop.address}/items?q=P1")
    page.get_by_role("link", name="P1").click()
    page.get_by_text("Tracked packet", exact=True).wait_for()
    page.locator("#items a.code").click()
    page.get_by_text("PACKET by CNSHAA>DEFRAA").wait_for()
