"""Scrapy's settings for our crawls; politeness itself is the add-on's (``crawlers.fetch.politeness``)."""

from __future__ import annotations

from collections.abc import Iterable
from importlib.metadata import PackageNotFoundError, version
from typing import Any

from crawlers.fetch.job import SEEN, Job
from crawlers.fetch.politeness import PolitenessAddon
from crawlers.pages.urls import fold
from crawlers.site_rules.robots import TOKEN
from ledger.types import Outlet

PARALLEL_OUTLETS = 16
PARALLEL_PER_HOST = 4  # where the outlet sets no delay; otherwise one at a time


def user_agent(contact: str) -> str:
    """Name, version and contact, as outlets' webmasters are to see them."""
    try:
        number = version("said-and-done")
    except PackageNotFoundError:
        number = "0"
    return f"{TOKEN}/{number} (+{contact})" if contact else f"{TOKEN}/{number}"


def scrapy_settings(job: Job) -> dict[str, Any]:
    """The settings of one crawl."""
    return {
        "ADDONS": {PolitenessAddon: 0},
        "BOT_NAME": "saidanddone",
        "USER_AGENT": user_agent(job.contact),
        "SAID_CONTACT": job.contact,
        "SAID_SEEN": str(job.folder / SEEN),
        "SAID_LOCAL": _local_netlocs(job.outlets),
        "SAID_BUDGET": job.budget,
        "SAID_LONGEST_PAUSE": job.longest_pause,
        "DEFAULT_REQUEST_HEADERS": {
            "Accept": "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8",
            "Accept-Language": "en-GB,en;q=0.9",
        },
        "CONCURRENT_REQUESTS": PARALLEL_OUTLETS * PARALLEL_PER_HOST,
        "CONCURRENT_REQUESTS_PER_DOMAIN": PARALLEL_OUTLETS * PARALLEL_PER_HOST,  # the gate decides
        "TWISTED_DNS_RESOLVER": "crawlers.fetch.resolver.PublicNames",
        "DOWNLOAD_DELAY": 0,
        "DOWNLOAD_TIMEOUT": job.timeout,
        "DOWNLOAD_MAXSIZE": job.max_response,
        "DOWNLOAD_WARNSIZE": 0,
        "RETRY_TIMES": 1,
        "RETRY_HTTP_CODES": [500, 502, 504, 408, 522, 524],
        "RETRY_EXCEPTIONS": [
            "scrapy.exceptions.CannotResolveHostError",
            "scrapy.exceptions.DownloadConnectionRefusedError",
            "scrapy.exceptions.DownloadFailedError",
            "scrapy.exceptions.ResponseDataLossError",
        ],
        "REDIRECT_MAX_TIMES": 5,
        "REFERRER_POLICY": "no-referrer",
        "STATS_DUMP": False,
        "LOGSTATS_INTERVAL": 0,
        "MEMUSAGE_ENABLED": False,
        "LOG_FILE": str(job.folder / f"{job.run}.log"),
        "LOG_LEVEL": "ERROR",  # what goes wrong with a page stands in the crawl lines
        "RETRY_GIVE_UP_LOG_LEVEL": "INFO",
        "LOG_FILE_APPEND": True,
        "EXTENSIONS": {"scrapy.extensions.feedexport.FeedExporter": None},
    }


def _local_netlocs(outlets: Iterable[Outlet]) -> list[str]:
    addresses = (a for o in outlets if o.local for a in (o.home, *o.feeds, *o.sitemaps, *o.sections))
    return sorted({fold(address).split("/")[2] for address in addresses})
