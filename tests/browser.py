"""A real headless Chromium and a real dashboard, for the tests that need both."""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import pytest

from dashboard.launch import arguments
from ledger.settings import Settings

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser")
DRIVER = shutil.which("chromedriver")
QUIET = ("--headless", "--no-sandbox", "--disable-gpu", "--disable-background-networking")
READY = """
const app = document.querySelector('[data-testid="stApp"]');
return !!app && app.getAttribute('data-test-script-state') === 'notRunning'
    && !document.querySelector('[data-testid="stSkeleton"]') && document.querySelectorAll('h1').length > 0;
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
# It is not to ask for style sheets again, which the site's own policy refuses it.
_SERIOUS = """
const done = arguments[0];
axe.run({resultTypes: ['violations'], preload: false}).then(found => done(found.violations
    .filter(one => ['serious', 'critical'].includes(one.impact))
    .map(one => `${one.id}: ${one.nodes.map(node => node.html.slice(0, 200)).join(' | ')}`)));
"""


def needs_chromium() -> None:
    if not (CHROMIUM and DRIVER):
        pytest.skip("needs chromium and chromedriver on the PATH (Debian: chromium, chromium-driver)")


@contextmanager
def serving(home: Settings) -> Iterator[str]:
    """The dashboard of this home, as `said dashboard` starts it, from another folder; gives its address."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = int(free.getsockname()[1])
    environment = {**os.environ, "SAID_HOME": str(home.home), "PYTHONPATH": str(Path(__file__).parent.parent)}
    command = [sys.executable, "-m", "streamlit", *arguments(home, port)]
    with (home.home / "dashboard.log").open("wb") as log:
        server = subprocess.Popen(command, env=environment, cwd=home.home, stdout=log, stderr=log)
    try:
        _wait(f"http://127.0.0.1:{port}/_stcore/health", server, home.home / "dashboard.log")
        yield f"http://127.0.0.1:{port}/"
    finally:
        server.terminate()
        server.wait(20)


def _wait(address: str, server: subprocess.Popen[bytes], log: Path) -> None:
    for _ in range(240):
        assert server.poll() is None, log.read_text(encoding="utf-8", errors="replace")
        try:
            with urllib.request.urlopen(address, timeout=5):
                return
        except (urllib.error.URLError, ConnectionError, TimeoutError):
            time.sleep(0.25)
    raise AssertionError(f"the dashboard did not start: {log.read_text(encoding='utf-8', errors='replace')}")


@contextmanager
def chromium(width: int, profile: Path) -> Iterator[Any]:
    """A driver of Chromium with a window so wide; 390 is a telephone's."""
    needs_chromium()
    from selenium import webdriver
    from selenium.webdriver.chrome.service import Service

    options = webdriver.ChromeOptions()
    options.binary_location = str(CHROMIUM)
    height = 2400 if width < 600 else 2200
    for argument in (*QUIET, f"--window-size={width},{height}", f"--user-data-dir={profile}"):
        options.add_argument(argument)
    if width < 600:
        metrics = {"width": width, "height": height, "pixelRatio": 1.0}
        options.add_experimental_option("mobileEmulation", {"deviceMetrics": metrics})
    options.set_capability("goog:loggingPrefs", {"browser": "ALL"})
    driver = webdriver.Chrome(options=options, service=Service(str(DRIVER)))
    try:
        yield driver
    finally:
        driver.quit()


def until(driver: Any, script: str, *given: Any, seconds: float = 40) -> Any:
    """Wait until the script gives something true."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        if found := driver.execute_script(script, *given):
            return found
        time.sleep(0.1)
    raise AssertionError(f"waited in vain at {driver.current_url} for {script}")


def open_page(driver: Any, address: str) -> None:
    """Open an address and wait until its page is drawn."""
    driver.get(address)
    until(driver, READY, seconds=120)  # the first page waits for all that the others need


def wide(driver: Any, width: int) -> None:
    """Give the page a window of this width; 390 is a telephone's."""
    size = {"width": width, "height": 2200, "deviceScaleFactor": 1, "mobile": width < 600}
    driver.execute_cdp_cmd("Emulation.setDeviceMetricsOverride", size)


def serious(driver: Any) -> list[str]:
    """What axe-core finds on the page that is serious or critical."""
    package = find_spec("axe_playwright_python")  # of which only the script is used
    if package is None or not package.submodule_search_locations:
        pytest.skip("needs axe-playwright-python, which carries axe-core")
    driver.execute_script((Path(package.submodule_search_locations[0]) / "axe.min.js").read_text("utf-8"))
    return list(driver.execute_async_script(_SERIOUS))


def complaints(driver: Any) -> list[str]:
    """What the console holds of errors since it was last asked."""
    return [entry["message"] for entry in driver.get_log("browser") if entry["level"] == "SEVERE"]
