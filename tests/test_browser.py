"""The dashboard in a real headless Chromium, at the width of a desk and of a telephone."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from datetime import UTC, datetime
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest

from dashboard.ui import parts
from ledger.decisions import journal
from ledger.presentation.passages import link_to_words
from ledger.queries import official_page, pledge_list, pledge_page
from ledger.queries.pledge_list import Filter
from ledger.search import statement_search
from ledger.settings import Settings
from ledger.storage import warehouse
from ledger.types import Decision
from tests.browser import READY, chromium, complaints, needs_chromium, open_page, serving, until
from tests.reading_home import HOSTILE, copy_home, hostile_home

pytestmark = pytest.mark.browser
# Text in sight whose colour stands out from its ground by less than WCAG's AA asks (4.5, large text 3).
FAINT = """
const parts = c => (c.match(/[\\d.]+/g) || []).map(Number);
const light = ([r, g, b]) => [r, g, b].map(v => v / 255)
    .map(v => v <= .04045 ? v / 12.92 : ((v + .055) / 1.055) ** 2.4)
    .reduce((sum, v, n) => sum + v * [.2126, .7152, .0722][n], 0);
const over = (top, under) => {
    const a = top[3] ?? 1; return [0, 1, 2].map(n => top[n] * a + under[n] * (1 - a)); };
const ground = e => {
    const own = e ? parts(getComputedStyle(e).backgroundColor) : [255, 255, 255, 1];
    return (own[3] ?? 1) >= 1 || !e ? own.slice(0, 3) : over(own, ground(e.parentElement)); };
const seen = {visibilityProperty: true, opacityProperty: true, contentVisibilityAuto: true};
return [...document.querySelectorAll('[data-testid="stMain"] *, header *')]
    .filter(e => [...e.childNodes].some(n => n.nodeType === 3 && n.data.trim()) && e.checkVisibility(seen)
        && !e.closest('style, script, title, svg, [disabled], [data-testid="stIconMaterial"]'))
    .map(e => {
        const style = getComputedStyle(e), under = ground(e);
        const [a, b] = [light(over(parts(style.color), under)), light(under)].sort((x, y) => y - x);
        const size = parseFloat(style.fontSize);
        const large = size >= 24 || (size >= 18.66 && style.fontWeight >= 700);
        return [(a + .05) / (b + .05), large ? 3 : 4.5, e.textContent.trim().slice(0, 60), style.color]; })
    .filter(([ratio, least]) => ratio < least)
"""
# What has the focus, by its name, and whether it or what holds it is drawn as focused.
FOCUSED = """
let e = document.activeElement;
const name = e.ariaLabel || e.textContent.trim() || (e.labels?.[0]?.textContent ?? '') || e.tagName;
for (let n = 0; e && n < 5; n++, e = e.parentElement) {
    const style = getComputedStyle(e);
    if ((style.outlineStyle !== 'none' && parseFloat(style.outlineWidth) > 0) || style.boxShadow !== 'none')
        return [name, true];
}
return [name, document.activeElement === document.body]
"""
TEXT = "return document.querySelector('[data-testid=\"stMain\"]').textContent"


@pytest.fixture(scope="module")
def home(gold_home: Settings, tmp_path_factory: pytest.TempPathFactory) -> Settings:
    needs_chromium()
    return copy_home(gold_home, tmp_path_factory.mktemp("served"))


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


PLACES = {
    "overview": "",
    "pledges": "pledges",
    "pledge": "pledge?id={pledge}",
    "pledge as known on a date": "pledge?id={pledge}&on=2026-01-31",
    "search": "search?q=buses",
    "search without words": "search",
    "quotation": "quotation?id={statement}",
    "officials": "officials",
    "one official": "officials?id={official}",
    **{
        f"review of {name}": f"review?list={name}"
        for name in ("statuses", "silent", "speakers", "merges", "splits", "newcomers", "journal")
    },
    "coverage": "coverage",
}


@pytest.fixture(scope="module")
def places(home: Settings) -> dict[str, str]:
    """The address of every page of PLACES, each with something on it."""
    some = pledge_list.pledges(home)
    row = max(some, key=lambda pledge: pledge.restatements)
    page = pledge_page.pledge(home, row.id)
    assert page is not None and page.shown
    with warehouse.run(home) as connection:
        pair = [one.id for one in some if one.id != row.id][:2]
        connection.execute("INSERT INTO doubts VALUES ('merge', ?, ?, 0.48, 'r')", pair)
        inside = [page.stated[-1].id, page.stated[0].id]
        connection.execute("INSERT INTO doubts VALUES ('split', ?, ?, 0.52, 'r')", inside)
        connection.execute("UPDATE officials SET provisional = true WHERE name = 'Helena Rudkin'")
    warehouse.publish(home)
    at = datetime(2026, 1, 5, tzinfo=UTC)
    for kind, text in (("note", "We asked twice."), ("reply", "It will be done.")):
        journal.record(home, Decision(kind, row.id, {"text": text}, "Ann", at=at))  # type: ignore[arg-type]
    person = next(one for one in official_page.officials(home) if one.pledges)
    ids = {"pledge": row.id, "official": person.id, "statement": page.stated[0].statement_id}
    return {name: place.format(**ids) for name, place in PLACES.items()}


@pytest.mark.parametrize("name", PLACES)
def test_every_page_fits_its_window_without_a_complaint(
    address: str, driver: Any, places: dict[str, str], name: str
) -> None:
    open_page(driver, address + places[name])
    wide = driver.execute_script("return [document.documentElement.scrollWidth, window.innerWidth]")
    assert wide[0] <= wide[1]
    unnamed = driver.execute_script(
        """return [...document.querySelectorAll('[data-testid="stMain"] :is(input, button, a)')]
        .filter(e => e.offsetParent && e.tabIndex >= 0 && !e.closest('[aria-hidden="true"]')
        && !(e.getAttribute('aria-label') || e.textContent.trim() || e.title
            || (e.id && document.querySelector(`label[for="${e.id}"]`)))).map(e => e.outerHTML)"""
    )
    assert unnamed == []
    assert driver.execute_script("return document.querySelectorAll('.sd-empty').length") == 0
    assert driver.execute_script(FAINT) == []
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
    for tool in ("Set the status", "Write the verdict", "Rename", "Join", "Not a promise", "Minor", "Reply"):
        tab_to(tool)
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
            const icons = [...main.querySelectorAll('[data-testid="stIconMaterial"]')]
                .filter(e => e.textContent.trim() === 'delete');
            return [...main.querySelectorAll('script, img, .katex, code, em, del'), ...icons]
                .filter(e => !e.closest(ours.join()))
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
    gold_home: Settings, tmp_path_factory: pytest.TempPathFactory
) -> None:
    from selenium.webdriver.common.by import By
    from selenium.webdriver.common.keys import Keys

    home = copy_home(gold_home, tmp_path_factory.mktemp("decided_in"))
    with serving(home) as at, chromium(1440, tmp_path_factory.mktemp("profile")) as driver:
        open_page(driver, f"{at}review")
        driver.find_element(By.CSS_SELECTOR, "input[aria-label='Your name']").send_keys(
            "Ann Editor", Keys.TAB
        )
        until(driver, READY)
        click_button(driver, "Set status")
        until(driver, TEXT + ".includes('Recorded as decision 1')")
        assert [d.who for d in journal.in_force(home)] == ["Ann Editor"]
        click(driver, "[class*='st-key-row_'] a")
        until(driver, TEXT + ".includes('Every time it was said')")
        until(
            driver, "return document.querySelector(\"input[aria-label='Your name']\")?.value === 'Ann Editor'"
        )
        open_page(driver, f"{at}review?list=journal")
        driver.find_element(By.CSS_SELECTOR, "input[aria-label='Your name']").send_keys(
            "Ben Editor", Keys.TAB
        )
        until(driver, READY)
        click(driver, "[class*='st-key-undo_'] button")
        click_button(driver, "Undo decision 1")
        until(driver, TEXT + ".includes('undid decision 1')")
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
