"""Who may decide where an identity provider is set up: a real provider, a real dashboard, a real Chromium."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import quote
from urllib.request import urlopen

import pytest

from dashboard.launch import arguments
from ledger import settings
from ledger.decisions import journal
from ledger.errors import WrongUse
from ledger.queries import pledge_list
from ledger.settings import Settings
from tests.browser import chromium, complaints, needs_chromium, open_page, serving, until
from tests.provider import CLIENT, SECRET, Provider, provider
from tests.reading_home import copy_home

TEXT = "return document.querySelector('[data-testid=\"stMain\"]').textContent"
PRESS = """
const found = [...document.querySelectorAll('button')].find(b => b.textContent.trim() === arguments[0]);
if (found) found.click();
return !!found;
"""
EDITORS = '[editors]\n"Ann.Lee@desk.example" = "Ann Lee"\n'
AUTH = """[auth]
redirect_uri = "http://127.0.0.1:{{port}}/oauth2callback"
cookie_secret = "{secret}"
client_id = "{client}"
client_secret = "{password}"
server_metadata_url = "{metadata}"
"""


def configure(home: Settings, metadata: str, secret: str = "s" * 32) -> None:
    home.secrets.parent.mkdir(exist_ok=True)
    entry = AUTH.format(secret=secret, client=CLIENT, password=SECRET, metadata=metadata)
    home.secrets.write_text(entry, encoding="utf-8")


def list_editors(home: Settings, entry: str) -> None:
    """The home's settings with this list of editors."""
    file = home.home / "settings.toml"
    kept = file.read_text(encoding="utf-8").split("[editors]")[0] if file.is_file() else ""
    file.write_text(f"{kept}\n{entry}", encoding="utf-8")


@pytest.fixture
def desk(
    gold_home: Settings, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[tuple[Settings, str, Provider, Any]]:
    needs_chromium()
    home = copy_home(gold_home, tmp_path_factory.mktemp("desk"))
    with provider() as known:
        configure(home, known.metadata_url)
        list_editors(home, EDITORS)
        with serving(home) as at, chromium(1440, tmp_path_factory.mktemp("profile")) as driver:
            yield home, at, known, driver


def log_in(driver: Any, at: str, known: Provider, person: str) -> None:
    """Go to the review page as nobody, press "Log in" and come back as this person."""
    urlopen(f"{known.issuer}/as/{quote(person)}").close()
    open_page(driver, f"{at}review")
    until(driver, PRESS, "Log in")
    until(driver, "return !!document.querySelector('h1') && location.pathname === '/'")
    open_page(driver, f"{at}review")


@pytest.mark.browser
def test_only_a_listed_person_who_logged_in_decides(desk: tuple[Settings, str, Provider, Any]) -> None:
    from selenium.webdriver.common.action_chains import ActionChains

    home, at, known, driver = desk
    row = pledge_list.pledges(home, pledge_list.Filter(due="overdue"))[0]
    page = f"{at}pledge?id={row.id}"
    open_page(driver, page)
    assert "Log in to decide" in driver.execute_script(TEXT)
    assert not driver.execute_script("return document.querySelector('.st-key-tools')")

    log_in(driver, at, known, "ann.lee@DESK.example")
    assert "Logged in as Ann Lee, ann.lee@DESK.example" in driver.execute_script(TEXT)
    open_page(driver, page)
    ActionChains(driver).send_keys("s").perform()  # the key of the tool that sets it
    assert until(driver, PRESS, "Delivered")
    driver.find_element("css selector", "input[aria-label='Why']").send_keys("it is open")
    assert until(driver, PRESS, "Set status")
    until(driver, f"{TEXT}.includes('Recorded as decision')")
    assert [(d.kind, d.subject, d.who) for d in journal.in_force(home)] == [("set_status", row.id, "Ann Lee")]

    list_editors(home, EDITORS.replace("Ann.Lee@", "ben@"))  # struck off while the page is open
    assert driver.execute_script(PRESS, "Undo")
    until(driver, f"{TEXT}.includes('is not among those who may decide here')")
    assert len(journal.history(home)) == 1

    assert until(driver, PRESS, "Log out")
    until(driver, "return location.pathname === '/'")
    assert known.person == ""
    list_editors(home, EDITORS)
    open_page(driver, page)
    assert "Log in to decide" in driver.execute_script(TEXT)
    assert complaints(driver) == []


@pytest.mark.browser
def test_an_address_that_is_not_verified_or_not_listed_decides_nothing(
    desk: tuple[Settings, str, Provider, Any],
) -> None:
    home, at, known, driver = desk
    known.claims = {"email_verified": False}
    log_in(driver, at, known, "ann.lee@desk.example")
    assert "is not among those who may decide here" in driver.execute_script(TEXT)
    assert driver.execute_script(PRESS, "Log out")
    until(driver, "return location.pathname === '/'")
    known.claims = {"email_verified": True, "name": "Ann Lee"}
    log_in(driver, at, known, "<b>mallory</b>@elsewhere.example")
    words = driver.execute_script(TEXT)
    assert "<b>mallory</b>@elsewhere.example is not among those who may decide here" in words
    assert "Suggested statuses" not in words and "Decisions taken" in words
    assert journal.history(home) == [] and complaints(driver) == []


@pytest.mark.parametrize(
    "entry", ['editors = ["ann@desk.example"]', '[editors]\nann = "Ann"', '[editors]\n"a@b" = " "']
)
def test_a_list_that_cannot_be_read_is_named(tmp_path: Path, entry: str) -> None:
    (tmp_path / "settings.toml").write_text(entry, encoding="utf-8")
    with pytest.raises(WrongUse, match="editors"):
        settings.load(tmp_path)


@pytest.mark.parametrize(
    ("entry", "told"),
    [
        ("[auth", "not readable"),
        ("[smtp]\nhost = 'x'", "no \\[auth\\]"),
        (AUTH.replace("client_id", "id"), "auth.client_id missing"),
        (AUTH.replace("[auth]", "[auth.desk]"), "auth.redirect_uri, auth.cookie_secret missing"),
        (AUTH.replace("{secret}", "short"), "32 characters"),
        (AUTH.replace("oauth2callback", "callback").replace("{secret}", "s" * 32), "oauth2callback"),
    ],
)
def test_a_provider_that_cannot_be_used_stops_the_start(tmp_path: Path, entry: str, told: str) -> None:
    home = settings.load(tmp_path)
    home.secrets.parent.mkdir()
    home.secrets.write_text(entry, encoding="utf-8")
    with pytest.raises(WrongUse, match=told):
        arguments(home)
    configure(home, "http://127.0.0.1/.well-known/openid-configuration")
    assert str(home.secrets) in " ".join(arguments(home))
