"""The dashboard in a real headless Chromium, at the width of a desk and of a telephone."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest

from dashboard.ui import parts
from ledger.days import day
from ledger.decisions import journal
from ledger.presentation.passages import link_to_words
from ledger.queries import pledge_list, pledge_page, review_lists
from ledger.queries.pledge_list import Filter
from ledger.search import statement_search
from ledger.settings import Settings
from ledger.types import Decision
from tests.browser import FOCUSED, READY, chromium, complaints, needs_chromium, open_page, serving, until
from tests.reading_home import HOSTILE, few_home, hostile_home, reckoned_home

pytestmark = pytest.mark.browser
TEXT = "return document.querySelector('[data-testid=\"stMain\"]').textContent"


@pytest.fixture(scope="module")
def home(gold_home: Settings, tmp_path_factory: pytest.TempPathFactory) -> Settings:
    needs_chromium()
    few = few_home(gold_home, tmp_path_factory.mktemp("few"))
    return reckoned_home(few, tmp_path_factory.mktemp("served"))


@pytest.fixture(scope="module")
def address(home: Settings) -> Iterator[str]:
    with serving(home) as at:
        yield at


@pytest.fixture(scope="module", params=[1440, 390])
def driver(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Any]:
    with chromium(request.param, tmp_path_factory.mktemp("profile")) as found:
        yield found


def test_a_page_opened_first_at_its_own_address_has_its_frame(
    address: str, driver: Any, home: Settings
) -> None:
    row = pledge_list.pledges(home, Filter(due="overdue"))[0]
    open_page(driver, f"{address}pledge?id={row.id}")
    text = driver.execute_script(TEXT)
    assert row.title[1:] in text and "Every quotation is shown word for word" in text
    assert complaints(driver) == []


def test_a_status_is_set_by_keyboard_alone_and_focus_shows(address: str, driver: Any, home: Settings) -> None:
    from selenium.webdriver.common.action_chains import ActionChains
    from selenium.webdriver.common.keys import Keys

    def press(*keys: str) -> None:
        ActionChains(driver).send_keys(*keys).perform()

    def tab_to(words: str) -> None:
        """Go on with Tab until what is named so has the focus, which shows at every step."""
        for _ in range(150):
            press(Keys.TAB)
            name, shows = driver.execute_script(FOCUSED)
            assert shows, name
            if name.startswith(words):
                return
        raise AssertionError(f"no Tab leads to {words}")

    open_page(driver, f"{address}pledge?id={pledge_list.pledges(home, Filter(due='overdue'))[0].id}")
    before = len(journal.history(home))
    for tool in ("Set the status", "Write the verdict", "Rename", "Join", "Not a pledge", "Minor", "Reply"):
        tab_to(tool)
    until(driver, READY)
    press("s")
    until(driver, "return document.activeElement?.ariaLabel === 'Your name'")
    press("Ann Editor", Keys.ENTER)
    until(driver, READY)
    tab_to("Delivered")
    press(Keys.SPACE)
    tab_to("Why")
    press("it is open")
    tab_to("Set status")
    press(Keys.ENTER)
    until(driver, TEXT + ".includes('Recorded as decision')")
    taken = journal.history(home)[before:]
    assert [(one.kind, one.who) for one in taken] == [("set_status", "Ann Editor")]
    journal.record(home, Decision("undo", taken[0].subject, {"row": taken[0].row}, "Ann Editor"))
    assert complaints(driver) == []


def test_from_a_number_to_a_list_to_a_pledge_to_the_article(
    address: str, driver: Any, home: Settings
) -> None:
    open_page(driver, address)
    overdue = pledge_list.pledges(home, Filter(flag="overdue"))
    click(driver, "a[href*='flag=overdue']")
    until(driver, TEXT + f".includes('{len(overdue)} pledges, {len(overdue)} of them overdue')")
    assert "flag=overdue" in driver.current_url
    click(driver, f"a[href*='id={overdue[0].id}']")
    until(driver, TEXT + ".includes('Every time it was said')")
    assert f"pledge?id={overdue[0].id}" in driver.current_url
    out = until(
        driver,
        "const a = [...document.querySelectorAll(\".sd-item a[target='_blank']\")].map(a => a.href);"
        " return a.length ? a : null",
    )
    assert all(":~:text=" in href for href in out)
    kept = driver.execute_script(
        "return [...document.querySelectorAll(\".sd-item a:not([target='_blank'])\")].map(a => a.href)"
    )
    assert kept and all(href.startswith(address) for href in kept)


def test_words_typed_are_found_and_stand_in_the_address(address: str, driver: Any, home: Settings) -> None:
    from selenium.webdriver.common.by import By
    from selenium.webdriver.common.keys import Keys

    open_page(driver, f"{address}search")
    box = driver.find_element(By.CSS_SELECTOR, "[data-testid='stMain'] input")
    box.send_keys('"end of March"', Keys.ENTER)
    total = statement_search.search(home, '"end of March"').total
    until(driver, TEXT + f".includes('{total} statements found')")
    until(
        driver,
        "return location.search.includes('end+of+March') || location.search.includes('end%20of%20March')",
    )
    marked = until(
        driver,
        "const m = [...document.querySelectorAll('mark .sd-term')].map(e => e.textContent);"
        " return m.length ? m : null",
    )
    assert {words.lower() for words in marked} == {"end of march"}


@pytest.fixture(scope="module")
def hostile(tmp_path_factory: pytest.TempPathFactory) -> Settings:
    needs_chromium()
    return hostile_home(tmp_path_factory.mktemp("served_hostile"))


@pytest.fixture(scope="module")
def hostile_address(hostile: Settings) -> Iterator[str]:
    with serving(hostile) as at:
        yield at


def test_hostile_text_is_text_in_the_browser(driver: Any, hostile: Settings, hostile_address: str) -> None:
    pages = [f"pledge?id={row.id}" for row in pledge_list.pledges(hostile, Filter(sort="title"))]
    narrow = driver.execute_script("return window.innerWidth") < 600
    wide_only = ["", "search?q=after:2020", "review?list=speakers", "officials", "coverage", pages[0]]
    for place in ["pledges", pages[-1], *([] if narrow else wide_only)]:
        open_page(driver, hostile_address + place)
        bad = driver.execute_script(
            """const main = document.querySelector('[data-testid="stMain"]');
            const ours = ['[data-testid="stCode"]'];
            const shape = '<(line|path|svg|text)( [a-z0-9-]+="[^"<>]*")+/?>[\\\\w ]*|</(svg|text)>';
            const shapes = new RegExp(`^<svg[^<>]*>(${shape})+$`);
            const drawn = e => e.matches('.sd-timeline > img') // our own picture, without a word of others
                && e.getAttributeNames().sort().join() === 'alt,src'
                && /^From [\\w ]+ to [\\w ]+: [\\w ,]+[.] The list below tells each[.]$/.test(e.alt)
                && e.src.startsWith('data:image/svg+xml,')
                && shapes.test(decodeURIComponent(e.src.slice('data:image/svg+xml,'.length)));
            const icons = [...main.querySelectorAll('[data-testid="stIconMaterial"]')]
                .filter(e => e.textContent.trim() === 'delete');
            return [...main.querySelectorAll('script, img, .katex, code, em, del'), ...icons]
                .filter(e => !e.closest(ours.join()) && !drawn(e))
                .map(e => e.outerHTML)
                .concat([...main.querySelectorAll('a')].map(a => a.href)
                    .filter(h => !/^https?:/.test(h) || h.startsWith('http://127.0.0.1:9')))"""
        )
        assert bad == [], place
        wide = driver.execute_script("return [document.documentElement.scrollWidth, window.innerWidth]")
        assert wide[0] <= wide[1], place
        text = driver.execute_script(TEXT).replace("\u2060", "")
        if place == "pledges":
            for title in HOSTILE[:6]:
                assert " ".join(parts.plain(title).split())[1:] in text
        assert complaints(driver) == [], place


def test_a_link_opens_the_article_at_the_words(driver: Any, tmp_path: Path) -> None:
    filler = "".join(f"<p>We will act on matter {n}, the mayor said.</p>" for n in range(300))
    words = "The library will open again – on time - by Easter, I promise that to every reader in the town"
    (tmp_path / "article.html").write_text(
        f"<!doctype html><meta charset=utf-8><body>{filler}<p>“{words}.”</p>{filler}</body>", encoding="utf-8"
    )
    text = "“" + words + ".”"
    handler = partial(QuietHandler, directory=str(tmp_path))
    with ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        page = f"http://127.0.0.1:{server.server_address[1]}/article.html"
        driver.get(link_to_words(page, text, [(1, 1 + len(words))]))
        until(driver, "return window.scrollY > 1000")
        seen = driver.execute_script(
            """const p = [...document.querySelectorAll('p')].find(p => p.textContent.includes('Easter'));
            const box = p.getBoundingClientRect(); return box.top >= 0 && box.bottom <= window.innerHeight"""
        )
        server.shutdown()
    assert seen


def test_a_status_is_set_in_the_browser_and_undone(
    address: str, home: Settings, tmp_path_factory: pytest.TempPathFactory
) -> None:
    from selenium.webdriver.common.by import By
    from selenium.webdriver.common.keys import Keys

    number = len(journal.history(home)) + 1
    first = review_lists.queue(home).statuses[0]
    reports = pledge_page.reports(home, [first.id])[first.id]
    with chromium(1440, tmp_path_factory.mktemp("profile")) as driver:
        open_page(driver, f"{address}review")
        driver.find_element(By.CSS_SELECTOR, "input[aria-label='Your name']").send_keys(
            "Ann Editor", Keys.TAB
        )
        until(driver, READY)
        click_button(driver, "Set status")
        until(driver, TEXT + f".includes('Recorded as decision {number}')")
        (taken,) = journal.in_force(home)  # who agrees rests on the report that the suggestion names
        assert (taken.who, taken.subject, taken.value["status"]) == ("Ann Editor", first.id, first.suggested)
        rests_on = [one for one in reports if one.id in list(taken.value["evidence"])]
        assert rests_on and all(one.source in first.why and day(one.day) in first.why for one in rests_on)
        click(driver, "[class*='st-key-row_'] a")
        until(driver, TEXT + ".includes('Every time it was said')")
        until(driver, READY)
        click(driver, ".st-key-tool_status button")  # the tools are folded, the name is kept
        until(
            driver, "return document.querySelector(\"input[aria-label='Your name']\")?.value === 'Ann Editor'"
        )
        open_page(driver, f"{address}review?list=journal")
        driver.find_element(By.CSS_SELECTOR, "input[aria-label='Your name']").send_keys(
            "Ben Editor", Keys.TAB
        )
        until(driver, READY)
        click(driver, "[class*='st-key-undo_'] button")
        click_button(driver, f"Undo decision {number}")
        until(driver, TEXT + f".includes('undid decision {number}')")
        assert journal.in_force(home) == [] and complaints(driver) == []


def click_button(driver: Any, words: str) -> None:
    """Click in the script that finds it: a page drawn anew meanwhile leaves no stale element."""
    found = (
        "const b = [...document.querySelectorAll('button')].find(b => b.textContent.trim() === arguments[0]);"
    )
    until(driver, found + " if (b) b.click(); return !!b", words)


def click(driver: Any, selector: str) -> None:
    until(driver, "const e = document.querySelector(arguments[0]); if (e) e.click(); return !!e", selector)


class QuietHandler(SimpleHTTPRequestHandler):
    def log_message(self, format: str, *args: object) -> None:
        pass
