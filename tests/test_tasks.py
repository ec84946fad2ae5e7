"""Five tasks from the overview in a real Chromium, counted in clicks: what a stranger has to do for each.

Typing and Enter are no clicks; every press of the mouse is one, in select boxes too. The editor's name, asked
once for a visit, is part of what is counted.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest

from ledger.decisions import journal
from ledger.queries import overview_page, pledge_list, pledge_page
from ledger.queries.pledge_list import Filter
from ledger.search import statement_search
from ledger.settings import Settings
from tests.browser import READY, chromium, complaints, needs_chromium, open_page, serving, until
from tests.reading_home import few_home

pytestmark = pytest.mark.browser
TEXT = "return document.querySelector('[data-testid=\"stMain\"]').textContent"


class Hand:
    """A hand at the mouse and the keyboard, that counts the presses of the mouse."""

    def __init__(self, driver: Any, address: str) -> None:
        self.driver, self.address, self.clicks = driver, address, 0

    def click(self, selector: str, words: str = "") -> None:
        """Press on the first thing in sight that fits; what lies over it would take the press."""
        from selenium.common.exceptions import StaleElementReferenceException
        from selenium.webdriver.common.action_chains import ActionChains

        find = """const seen = {visibilityProperty: true, opacityProperty: true};
            const e = [...document.querySelectorAll(arguments[0])]
                .find(e => e.checkVisibility(seen) && e.textContent.includes(arguments[1]));
            if (e) e.scrollIntoView({block: 'center'});
            return e"""
        for attempt in range(5):
            until(self.driver, READY)
            found = until(self.driver, find, selector, words)
            try:
                ActionChains(self.driver).move_to_element(found).click().perform()
                break
            except StaleElementReferenceException:  # drawn anew meanwhile
                assert attempt < 4
        self.clicks += 1

    def write(self, text: str, enter: bool = True) -> None:
        """Type where the last click put the cursor, or press a key of the page, once the page is drawn."""
        from selenium.webdriver.common.action_chains import ActionChains
        from selenium.webdriver.common.keys import Keys

        until(self.driver, READY)
        ActionChains(self.driver).send_keys(text, *([Keys.ENTER] if enter else [])).perform()

    def sees(self, words: str) -> None:
        until(self.driver, TEXT + ".includes(arguments[0])", words)

    def clipboard(self) -> str:
        """What was copied, once there is something."""
        return str(
            until(
                self.driver,
                "return navigator.clipboard.readText().then(text => text || null).catch(() => null)",
            )
        )


@pytest.fixture(scope="module")
def home(gold_home: Settings, tmp_path_factory: pytest.TempPathFactory) -> Settings:
    """One home for all tasks: each decides on a pledge of its own, or takes back what it did."""
    needs_chromium()
    return few_home(gold_home, tmp_path_factory.mktemp("tasks"))


@pytest.fixture(scope="module")
def served(home: Settings, tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Any, str]]:
    with serving(home) as at, chromium(1440, tmp_path_factory.mktemp("profile")) as driver:
        allowed = ["clipboardReadWrite", "clipboardSanitizedWrite"]
        driver.execute_cdp_cmd("Browser.grantPermissions", {"origin": at.rstrip("/"), "permissions": allowed})
        yield driver, at


@pytest.fixture
def hand(served: tuple[Any, str]) -> Iterator[Hand]:
    driver, at = served
    open_page(driver, at)
    yield Hand(driver, at)
    assert complaints(driver) == []


def test_what_a_mayor_promised_about_buses_is_found_in_three_clicks(hand: Hand, home: Settings) -> None:
    hand.click("input[aria-label='Who promised what?']")
    hand.write("Rudkin buses")
    hand.sees("about: buses")
    hits = statement_search.search(home, 'speaker:"Helena Rudkin" buses commitment:yes').hits
    promised = {key for hit in hits for key in hit.pledge_ids}
    row = next(row for row in pledge_list.pledges(home, Filter(sort="newest")) if row.id in promised)
    hand.click(f".st-key-row_promised_{row.id} a")
    hand.sees("Every time it was said")
    assert f"id={row.id}" in hand.driver.current_url and hand.clicks <= 3


def test_a_citation_of_an_exact_phrase_is_copied_in_three_clicks(hand: Hand) -> None:
    hand.click("input[aria-label='Who promised what?']")
    hand.write('"the first franchised buses will be on the road by the end of March 2026"')
    hand.sees("statements found")
    hand.click(".sd-item a", "Evidence card and citation")
    hand.sees("Cite it")
    hand.click("[data-testid='stCode'] button")
    copied = hand.clipboard()
    assert "the first franchised buses will be on the road by the end of March 2026" in copied
    assert "Helena Rudkin" in copied and "14 January 2025" in copied and "https://" in copied
    assert hand.clicks <= 3


def test_a_pledge_is_set_to_delivered_on_evidence_and_back_in_five_clicks(hand: Hand, home: Settings) -> None:
    row = overview_page.overview(home).lists["overdue"].pledges[0]
    page = pledge_page.pledge(home, row.id)
    assert page is not None and page.shown and row.status != "delivered"
    before = len(journal.history(home))
    hand.click(f"a[href*='id={row.id}']")
    hand.sees("Every time it was said")
    hand.write("s", enter=False)  # the key of the tool, which puts the cursor into its first field
    until(hand.driver, "return document.activeElement?.ariaLabel === 'Your name'")
    hand.write("Ann Editor")
    hand.click(".st-key-tool button", "Delivered")
    hand.click("[class*=st-key-ticks] label")
    hand.click("button", "Set status")
    hand.sees("Recorded as decision")
    taken = journal.history(home)[before:]
    assert [(d.kind, d.subject, d.who, d.value["status"]) for d in taken] == [
        ("set_status", row.id, "Ann Editor", "delivered")
    ]
    assert taken[0].value["evidence"] == [page.shown[-1].id]
    assert row.id not in {pledge.id for pledge in overview_page.overview(home).lists["overdue"].pledges}
    hand.click(".st-key-announced button", "Undo")
    hand.sees("is undone")
    assert journal.in_force(home) == [] and row.id in {
        p.id for p in overview_page.overview(home).lists["overdue"].pledges
    }
    assert hand.clicks <= 5


def test_two_pledges_are_joined_in_four_clicks(hand: Hand, home: Settings) -> None:
    owner = Counter(row.owner for row in pledge_list.pledges(home)).most_common(1)[0][0]
    one, other = pledge_list.pledges(home, Filter(owner=owner))[:2]
    before = len(pledge_list.pledges(home))
    hand.click(".sd-tally a", owner)
    hand.click(f"a[href*='id={one.id}']")
    hand.sees("Every time it was said")
    hand.write("j", enter=False)
    hand.click("[data-testid='stSelectbox'] input[aria-label*='that is the same']")
    hand.write(other.title)
    hand.click("button", "Join them")
    until(hand.driver, "return document.activeElement?.ariaLabel?.startsWith('Your name, as it')")
    hand.write("Ann Editor")  # asked where it is missing, with the cursor in it
    hand.sees("Recorded as decision")
    joined = [d for d in journal.in_force(home) if d.kind == "merge"]
    assert [(d.subject, d.value, d.who) for d in joined] == [(one.id, {"with": other.id}, "Ann Editor")]
    assert len(pledge_list.pledges(home)) == before - 1 and hand.clicks <= 4


def test_what_is_overdue_is_seen_and_its_link_copied_in_two_clicks(hand: Hand, home: Settings) -> None:
    overdue = pledge_list.pledges(home, Filter(flag="overdue"))
    hand.click(".st-key-tile_overdue a")
    hand.sees(f"{len(overdue)} pledges, {len(overdue)} of them overdue")
    hand.click(".st-key-share button")
    copied = hand.clipboard()
    assert copied.startswith(hand.address) and parse_qs(urlsplit(copied).query) == {"flag": ["overdue"]}
    assert hand.clicks <= 2
    open_page(hand.driver, copied)  # as who got the link would
    hand.sees(f"{len(overdue)} pledges, {len(overdue)} of them overdue")
