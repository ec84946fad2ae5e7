"""Every page of the dashboard and every kind of page of the site, as a real Chromium lays it out: nothing is
wider than its window, the console holds no error, and axe-core has no serious finding."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from flows.site.build import export_site
from ledger.decisions import journal
from ledger.queries import official_page, pledge_list, pledge_page
from ledger.settings import Settings
from ledger.storage import warehouse
from ledger.types import Decision
from tests.browser import (
    FOCUSED,
    chromium,
    complaints,
    needs_chromium,
    open_page,
    serious,
    serving,
    until,
    wide,
)
from tests.reading_home import few_home

pytestmark = pytest.mark.browser
PHONE, TABLET, DESK = 390, 900, 1440
PAGES = {
    "overview": "",
    "pledges": "pledges",
    "headline pledges": "pledges?show=headline",
    "minor ones": "pledges?show=minor",
    "pledge": "pledge?id={pledge}",
    "pledge as known on a date": "pledge?id={pledge}&on=2026-01-31",
    "search": "search?q=buses",
    "search without words": "search",
    "quotation": "quotation?id={statement}",
    "officials": "officials",
    "one official": "officials?id={official}",
    **{
        f"review of {name}": f"review?list={name}"
        for name in ("statuses", "silent", "speakers", "merges", "splits", "headline", "newcomers", "journal")
    },
    "coverage": "coverage",
    "add a file": "add",
    "how accurate": "accuracy",
}
# Of the lists, which one template makes: the longest, and those of an official and of what moved.
SITE = "index pledges moved minor about accuracy feeds official-helena-rudkin pledge/{pledge}".split()
TOO_WIDE = """
const wide = document.documentElement.scrollWidth - window.innerWidth;
return wide <= 0 ? [] : [wide, ...[...document.querySelectorAll('body *')]
    .filter(e => e.getBoundingClientRect().right > window.innerWidth + 1).slice(-3)
    .map(e => e.outerHTML.slice(0, 200))]
"""
# What a reader cannot read whole: text in a box that cuts it off.
CUT = """
return [...document.querySelectorAll('main *')].filter(e => e.scrollWidth > e.clientWidth + 1
    && e.clientWidth && getComputedStyle(e).overflowX !== 'visible' && e.textContent.trim())
    .map(e => e.outerHTML.slice(0, 200))
"""


@pytest.fixture(scope="module")
def ids(gold_home: Settings, tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, Any]]:
    """A home with something on every page, and the ids of its addresses."""
    needs_chromium()
    home = few_home(gold_home, tmp_path_factory.mktemp("pages"))
    some = pledge_list.pledges(home)
    row = max(some, key=lambda pledge: pledge.restatements)
    page = pledge_page.pledge(home, row.id)
    assert page is not None and page.shown
    with warehouse.run(home) as connection:
        execute = connection.execute
        pair = [one.id for one in some if one.id != row.id][:2]
        execute("INSERT INTO doubts VALUES ('merge', ?, ?, 0.48, 'r')", pair)
        inside = [page.stated[-1].id, page.stated[0].id]
        execute("INSERT INTO doubts VALUES ('split', ?, ?, 0.52, 'r')", inside)
        execute("UPDATE officials SET provisional = true WHERE name = 'Helena Rudkin'")
        execute("UPDATE commitments SET minor = true WHERE id = ?", [page.stated[-2].id])
        execute(
            "UPDATE pledges SET moved_on = DATE '2026-06-20', deadline = first_due + 90 WHERE id = ?",
            [row.id],
        )
    warehouse.publish(home)
    at = datetime(2026, 1, 5, tzinfo=UTC)
    for kind, value in (
        ("note", {"text": "We asked twice."}),
        ("reply", {"text": "It will be done."}),
        ("headline", {"headline": True}),
    ):
        journal.record(home, Decision(kind, row.id, value, "Ann", at=at))  # type: ignore[arg-type]
    person = next(one for one in official_page.officials(home) if one.pledges)
    yield {
        "home": home,
        "pledge": row.id,
        "official": person.id,
        "statement": page.stated[0].statement_id,
    }


@pytest.fixture(scope="module")
def driver(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Any]:
    with chromium(DESK, tmp_path_factory.mktemp("profile")) as found:
        yield found


@pytest.fixture(scope="module")
def address(ids: dict[str, Any]) -> Iterator[str]:
    with serving(ids["home"]) as at:
        yield at


@pytest.mark.parametrize("name", PAGES)
def test_every_page_of_the_dashboard_can_be_read_by_all(
    driver: Any, address: str, ids: dict[str, Any], name: str
) -> None:
    wide(driver, PHONE)
    open_page(driver, address + PAGES[name].format(**ids))
    assert driver.execute_script(TOO_WIDE) == []
    assert driver.execute_script("return document.querySelectorAll('.sd-empty').length") == 0
    assert serious(driver) == []
    for width in (TABLET, DESK):
        wide(driver, width)
        until(driver, f"return window.innerWidth === {width}")
        assert driver.execute_script(TOO_WIDE) == [], width
    assert serious(driver) == []
    assert complaints(driver) == []


@pytest.fixture(scope="module")
def site(ids: dict[str, Any], tmp_path_factory: pytest.TempPathFactory) -> Path:
    return export_site(ids["home"], tmp_path_factory.mktemp("out"))[0].parent


@pytest.mark.parametrize("name", SITE)
def test_every_kind_of_page_of_the_site_can_be_read_by_all(
    driver: Any, site: Path, ids: dict[str, Any], name: str
) -> None:
    from selenium.webdriver.common.action_chains import ActionChains
    from selenium.webdriver.common.keys import Keys

    driver.get((site / f"{name.format(**ids)}.html").as_uri())
    assert complaints(driver) == []
    for width in (PHONE, TABLET, DESK):
        wide(driver, width)
        assert driver.execute_script(TOO_WIDE) == [], width
        assert driver.execute_script(CUT) == [], width
        if width != TABLET:
            assert serious(driver) == [], width
    for _ in range(8):
        ActionChains(driver).send_keys(Keys.TAB).perform()
        where, shows = driver.execute_script(FOCUSED)
        assert shows, where
