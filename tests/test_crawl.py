"""The crawl against the real sample web: whole, again, changed, killed, misled and turned away."""

from __future__ import annotations

import shutil
import subprocess
import sys
import textwrap
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from itertools import pairwise
from pathlib import Path

import pytest

from crawlers.archive.lines import Line, runs
from crawlers.archive.state import Seen
from crawlers.fetch.crawl import CrawlFailed, crawl
from crawlers.loading.load import Loaded, articles_from
from crawlers.outlets import load_outlets
from crawlers.probe.check import check_outlets
from crawlers.site_rules.site_rights import AI_TXT, TDMREP
from ledger.counts import Counts
from ledger.errors import SaidError, WrongUse
from ledger.types import Article, Outlet
from sample.hostile import model
from sample.hostile.pages import bomb
from sample.server import Web, serve
from sample.truth import closed, furniture_lines, gone, truth

pytestmark = pytest.mark.slow
SLOW = "Marlshire Combined Authority"  # its robots.txt asks for a second between requests
RESERVED = "Skelbrough Observer"
SITE_FILES = {TDMREP, AI_TXT}


def _outlets(web: Web, folder: Path, *names: str) -> list[Outlet]:
    """The sample's outlets, or those named, without a delay of ours; one grants no permission to mine."""
    path = folder / "outlets.yaml"
    path.write_text(web.outlets_yaml(), encoding="utf-8")
    found = [outlet for outlet in load_outlets(path) if not names or outlet.name in names]
    found = [replace(outlet, crawl_delay=0.0) for outlet in found]
    return [replace(o, rights={"note": "sample"}) if o.name == RESERVED else o for o in found]


def _loaded(home: Path, outlets: Sequence[Outlet]) -> list[Loaded]:
    found = list(articles_from(home, outlets))
    return [one for one in found if isinstance(one, Loaded)]


def _articles(home: Path, outlets: Sequence[Outlet]) -> dict[str, Article]:
    return {one.article.url: one.article for one in _loaded(home, outlets) if one.article}


@dataclass
class Visit:
    """One crawl of the sample web: what it counted, and what the server saw."""

    counts: Counts
    statuses: Counter[int]
    targets: list[str]
    sent: list[str]  # the targets of those that were answered with a body
    errors: list[str]


@dataclass
class Visits:
    """Three crawls of one home: the first, an unchanged second, and a third that finds edition 2."""

    home: Path
    outlets: list[Outlet]
    base_port: int
    first: Visit
    second: Visit
    third: Visit
    after_first: list[Loaded]


@pytest.fixture(scope="module")
def visits(tmp_path_factory: pytest.TempPathFactory) -> Visits:
    home = tmp_path_factory.mktemp("visits")

    def visit(web: Web, outlets: Sequence[Outlet]) -> Visit:
        web.forget()
        counts = crawl(home, outlets)
        return Visit(
            counts,
            Counter(v.status for v in web.visits),
            [v.target for v in web.visits],
            [v.target for v in web.visits if v.status == 200],
            web.errors,
        )

    with serve(base_port=0) as web:
        port, outlets = web.base_port, _outlets(web, home)
        first = visit(web, outlets)
        loaded = _loaded(home, outlets)
        quick = [outlet for outlet in outlets if outlet.name != SLOW]
        second = visit(web, quick)
    with serve(base_port=port, edition=2) as web:
        third = visit(web, quick)
    return Visits(home, outlets, port, first, second, third, loaded)


def test_every_article_comes_whole_and_clean(visits: Visits) -> None:
    wanted = {t.url: t for t in truth(visits.base_port) if not t.tdm_reserved}
    found = {one.article.url: one.article for one in visits.after_first if one.article}
    assert set(found) == set(wanted)
    furniture = furniture_lines()
    for url, article in found.items():
        told = wanted[url]
        assert article.text == told.text, url
        assert not set(article.text.split("\n\n")) & set(furniture[told.id]), url
        assert (article.title, article.outlet) == (told.title, told.outlet)
        assert (article.byline, article.authors) == (told.byline, told.authors)
        assert article.published is not None and article.published.tzinfo is not None
        assert abs((article.published - told.published).total_seconds()) < 60, url
        assert article.modified == told.modified and article.paywalled == told.paywalled
    assert not any(one.problems for one in visits.after_first)


def test_each_address_is_asked_for_once_and_closed_ones_never(visits: Visits) -> None:
    first = visits.first
    assert first.errors == visits.second.errors == visits.third.errors == []
    paths = [
        target.partition("?")[0].rstrip("/")
        for target in first.targets
        if target.startswith(("/news/", "/article/"))
    ]
    assert max(Counter(paths).values()) == 1, "tracking parameters and slashes fold"
    assert not any(target.startswith("/preview") or "print=" in target for target in first.targets)
    assert first.counts.skipped["robots_disallowed"] >= 1
    assert first.counts.skipped["gone"] == len(gone(visits.base_port)) == first.statuses[410]
    assert first.counts.skipped["tdm_reserved"] == sum(t.tdm_reserved for t in truth(visits.base_port)) == 1
    withheld = next(t.url for t in truth(visits.base_port) if t.tdm_reserved)
    assert not any(withheld.endswith(target) for target in first.targets), "its site's tdmrep.json says so"
    assert first.counts.problems == []
    assert first.counts.written == len(visits.after_first)
    assert len(closed(visits.base_port)) == 7


def test_a_second_visit_transfers_no_body_and_finds_nothing_new(visits: Visits) -> None:
    counts = visits.second.counts
    assert counts.written == 0 and counts.problems == []
    assert counts.skipped["unchanged"] >= 70
    assert set(visits.second.statuses) == {200, 304, 404}
    assert sorted(visits.second.sent) == [TDMREP, "/robots.txt"], "one outlet's, without a validator"
    assert {"/robots.txt", *SITE_FILES} <= set(visits.second.targets)
    assert visits.second.statuses[404] <= 2 * len(visits.outlets), (
        "files that reserve rights, and are not there"
    )


def test_a_changed_article_is_a_new_record_and_a_gone_one_is_noted(visits: Visits) -> None:
    known = {one.reference for one in visits.after_first}
    fresh = [one for one in articles_from(visits.home, visits.outlets, known) if isinstance(one, Loaded)]
    texts = {one.article.url: one.article.text for one in visits.after_first if one.article}
    changed = [one.article for one in fresh if one.article and texts[one.article.url] != one.article.text]
    told = {t.url: t for t in truth(visits.base_port, edition=2)}
    assert [article.url for article in changed] == [t.url for t in told.values() if t.modified]
    assert (
        changed[0].text == told[changed[0].url].text and changed[0].modified == told[changed[0].url].modified
    )
    assert visits.third.counts.skipped["gone"] == len(gone(visits.base_port, edition=2))
    assert visits.third.counts.written == len(fresh)


def test_articles_come_in_one_order_and_the_same_every_time(visits: Visits) -> None:
    again = _loaded(visits.home, visits.outlets)
    assert again[: len(visits.after_first)] == visits.after_first
    assert [one.fetched for one in again] == sorted(one.fetched for one in again)


def test_a_record_that_is_lost_is_a_problem_and_the_others_come(visits: Visits, tmp_path: Path) -> None:
    for part in ("crawl", "archive"):
        (tmp_path / "data" / part).mkdir(parents=True)
    run = runs(visits.home / "data" / "crawl")[0]
    lines = run.read_bytes().splitlines(keepends=True)
    (tmp_path / "data" / "crawl" / run.name).write_bytes(b"".join([*lines[:30], b"nonsense\n", *lines[30:]]))
    warc = visits.home / "data" / "archive" / f"{run.stem}.warc.gz"
    (tmp_path / "data" / "archive" / warc.name).write_bytes(warc.read_bytes()[:-500])
    found = list(articles_from(tmp_path, visits.outlets))
    reasons = Counter(p.reason for one in found for p in (one.problems if isinstance(one, Loaded) else [one]))
    assert reasons == {"bad_crawl_line": 1, "bad_archive": 1}
    assert (
        sum(isinstance(one, Loaded) and one.article is not None for one in found)
        == len(visits.after_first) - 1
    )


class Stop(Exception):
    """Raised in the midst of a crawl: the crawling process is then killed."""


@pytest.fixture(scope="module")
def web() -> Iterator[Web]:
    with serve(base_port=0) as running:
        yield running


KILLED = ("Hexley Courier", RESERVED)


@dataclass
class Undisturbed:
    """A home crawled once in peace, its outlets and its articles' texts by address."""

    home: Path
    outlets: list[Outlet]
    texts: dict[str, str]

    def copy(self, folder: Path) -> Path:
        return shutil.copytree(self.home, folder / "home")


@pytest.fixture(scope="module")
def undisturbed(web: Web, tmp_path_factory: pytest.TempPathFactory) -> Undisturbed:
    home = tmp_path_factory.mktemp("undisturbed")
    outlets = _outlets(web, home, *KILLED)
    crawl(home, outlets)
    return Undisturbed(home, outlets, {url: a.text for url, a in _articles(home, outlets).items()})


@pytest.mark.parametrize("after", [1, 6])
def test_a_killed_crawl_is_finished_by_the_next(tmp_path: Path, undisturbed: Undisturbed, after: int) -> None:
    outlets, seen = undisturbed.outlets, []

    def stop(line: Line) -> None:
        seen.append(line)
        if len(seen) == after:
            raise Stop

    with pytest.raises(Stop):
        crawl(tmp_path, outlets, progress=stop)
    run = runs(tmp_path / "data" / "crawl")[0]
    for torn in (run, tmp_path / "data" / "archive" / f"{run.stem}.warc.gz"):
        torn.parent.mkdir(exist_ok=True)
        with torn.open("ab") as file:  # as when the process dies in the midst of a write
            file.write((torn.read_bytes() or b"x")[:100].replace(b"\n", b""))
    counts = crawl(tmp_path, outlets)
    assert counts.problems == []
    found = _loaded(tmp_path, outlets)
    assert not any(one.problems for one in found)
    assert {one.article.url: one.article.text for one in found if one.article} == undisturbed.texts
    assert len(found) == len(undisturbed.texts), "nothing twice"


def test_the_seen_store_may_be_damaged(tmp_path: Path, undisturbed: Undisturbed) -> None:
    home = undisturbed.copy(tmp_path)
    (home / "data" / "crawl" / "seen.sqlite").write_bytes(b"damaged" * 1000)
    counts = crawl(home, undisturbed.outlets)
    assert [problem.reason for problem in counts.problems] == ["damaged_seen_store"]
    assert counts.written == len(undisturbed.texts), "all is fetched again"
    assert len(_loaded(home, undisturbed.outlets)) == len(undisturbed.texts), "and the same body counts once"


def test_a_page_taken_out_is_not_fetched_again(web: Web, tmp_path: Path, undisturbed: Undisturbed) -> None:
    home = undisturbed.copy(tmp_path)
    article = next(iter(_articles(home, undisturbed.outlets).values()))
    seen = Seen(home / "data" / "crawl" / "seen.sqlite")
    seen.bar_page(article.id)
    seen.close()
    web.forget()
    counts = crawl(home, undisturbed.outlets)
    assert counts.skipped["taken_out"] == 1 and counts.written == 0
    assert not any(article.url.endswith(visit.path) for visit in web.visits)


def test_crawls_run_in_threads_at_once_and_say_whom_to_ask(web: Web, tmp_path: Path) -> None:
    near = _outlets(web, tmp_path, "PellbridgeLive")
    far = Outlet("Far Post", "https://www.farpost.example/", feeds=("https://www.farpost.example/rss",))
    web.forget()
    with ThreadPoolExecutor(2) as pool:
        asked = pool.submit(crawl, tmp_path / "a", near, contact="desk@said.example")
        unasked = pool.submit(crawl, tmp_path / "b", [far, *near])
        first, second = asked.result(), unasked.result()
    assert first.written == second.written > 10 and first.problems == []
    assert [(p.item, p.reason) for p in second.problems] == [("Far Post", "no_contact")]
    agents = {visit.headers["user-agent"] for visit in web.visits}
    assert len(agents) == 2 and all(agent.startswith("SaidAndDone/") for agent in agents)
    assert sum("(+desk@said.example)" in agent for agent in agents) == 1


def test_an_outlet_can_be_tried(web: Web, tmp_path: Path) -> None:
    (outlet,) = _outlets(web, tmp_path, RESERVED)
    broken = replace(outlet, name="Broken", sections=(outlet.home + "nothing-here",))
    report, lost = check_outlets([outlet, broken])
    assert report.good and report.links > 3 and len(report.articles) == 3
    assert report.listings[0]["url"] == outlet.sections[0]
    assert not lost.good
    assert [problem.reason for problem in lost.problems] == ["http_404"]


def test_the_public_web_waits_for_a_contact(tmp_path: Path) -> None:
    far = Outlet("Far Post", "https://www.farpost.example/", feeds=("https://www.farpost.example/rss",))
    with pytest.raises(WrongUse, match="contact"):
        crawl(tmp_path, [far])
    assert not (tmp_path / "data").exists()


def test_only_local_outlets_reach_private_addresses(web: Web, tmp_path: Path) -> None:
    (near,) = _outlets(web, tmp_path, "PellbridgeLive")
    web.forget()
    counts = crawl(tmp_path, [replace(near, local=False)], contact="desk@said.example")
    assert [problem.reason for problem in counts.problems] == ["private_address"]
    assert web.visits == []


def test_a_home_that_cannot_be_written_is_one_line(tmp_path: Path) -> None:
    (tmp_path / "data").write_text("a file", encoding="utf-8")
    with pytest.raises(SaidError, match="cannot be written"):
        crawl(tmp_path, [Outlet("H", "http://127.0.0.1:9/", feeds=("http://127.0.0.1:9/rss",), local=True)])


def test_a_crawl_that_dies_says_where_to_look(web: Web, tmp_path: Path) -> None:
    (tmp_path / "data").mkdir()
    (tmp_path / "data" / "archive").write_text("a file", encoding="utf-8")
    with pytest.raises(CrawlFailed, match=r"\.log, then crawl again"):
        crawl(tmp_path, _outlets(web, tmp_path, "PellbridgeLive"))


@dataclass
class Corner:
    """One crawl of the hostile hosts."""

    base_port: int
    web: Web
    lines: list[Line]
    counts: Counts
    articles: dict[str, Article]
    problems: dict[str, list[str]]


@pytest.fixture(scope="module")
def corner(tmp_path_factory: pytest.TempPathFactory) -> Corner:
    home = tmp_path_factory.mktemp("corner")
    bomb(b"<html><body>")  # made before the clock of its request runs
    text = (Path(model.__file__).parent / "outlets.yaml").read_text(encoding="utf-8")
    with serve(base_port=0, hostile=True, drip=9.0) as web:
        for offset in range(10, 20):
            text = text.replace(f":{model.BASE_PORT + offset}/", f":{web.base_port + offset}/")
        path = home / "outlets.yaml"
        path.write_text(text, encoding="utf-8")
        outlets = load_outlets(path)
        lines: list[Line] = []
        counts = crawl(home, outlets, timeout=6.0, progress=lines.append)
    problems: dict[str, list[str]] = defaultdict(list)
    for problem in counts.problems:
        problems[problem.item].append(problem.reason)
    articles = {}
    for one in _loaded(home, outlets):
        for problem in one.problems:
            problems[problem.item].append(problem.reason)
        if one.article:
            articles[one.article.url] = one.article
    return Corner(web.base_port, web, lines, counts, articles, problems)


READ_ALL_THE_SAME = {"abyss"}  # the table expects no parser to go so deep


@pytest.mark.parametrize("case", model.CASES, ids=lambda case: case.name)
def test_a_hostile_answer_ends_as_it_must(corner: Corner, case: model.Case) -> None:
    url = case.url(corner.base_port)
    reasons = corner.problems.get(url, [])
    if case.outcome == "article":
        article = corner.articles[url]
        assert not case.title or article.title == case.title
        assert all(words in article.text for words in case.words)
        assert not any(words in article.text + article.title for words in case.never)
        assert set(case.notes) <= set(reasons)
    elif case.name in READ_ALL_THE_SAME:
        assert url in corner.articles and not reasons
    elif case.outcome == "problem":
        assert set(reasons) & set(case.reasons) and len(reasons) == 1
        assert url not in corner.articles
    elif case.outcome == "skip":
        assert any(corner.counts.skipped.get(reason) for reason in case.reasons)
        assert not reasons and url not in corner.articles
    else:
        assert not reasons


def _gaps(web: Web, name: str) -> list[float]:
    times = [visit.at for visit in web.seen(name)]
    return [later - earlier for earlier, later in pairwise(times)]


def test_robots_that_cannot_be_had_close_the_host(corner: Corner) -> None:
    for name in (model.GAZETTE, model.ARGUS):
        assert {visit.path for visit in corner.web.seen(name)} == {"/robots.txt"}


def test_the_crawl_delay_is_kept(corner: Corner) -> None:
    gaps = _gaps(corner.web, model.TORTOISE)
    assert len(gaps) >= 3 and min(gaps) >= model.CRAWL_DELAY


def test_a_host_that_asks_for_rest_has_it(corner: Corner) -> None:
    visits = corner.web.seen(model.ECHO)
    refused = next(visit for visit in visits if visit.status == 429)
    later = [visit.at - refused.at for visit in visits if visit.at > refused.at + 0.5]
    assert later and min(later) >= model.RETRY_AFTER
    assert sum(url.startswith(corner.web.home(model.ECHO)) for url in corner.articles) == 5


def test_closed_pages_asked_for_at_once_are_not_fetched(corner: Corner) -> None:
    paths = {visit.path for visit in corner.web.seen(model.SENTINEL)}
    assert not paths & set(model.CLOSED) and len(paths - SITE_FILES) == 3


def test_a_long_sitemap_and_a_dead_host_end_the_run(corner: Corner) -> None:
    open_pages = [url for url in corner.articles if url.startswith(corner.web.home(model.ALMANAC))]
    assert len(open_pages) == model.OPEN_URLS
    done = {line["outlet"] for line in corner.lines if line["what"] == "outlet"}
    assert {host.name for host in model.HOSTS} | {model.GHOST} == done
    assert corner.lines[-1]["what"] == "end"


def test_any_spider_with_the_add_on_is_polite(tmp_path: Path) -> None:
    """A plain Scrapy spider that queues 8 closed pages of a new host at once fetches none of them."""
    with serve(base_port=0, hostile=True) as web:
        home = web.home(model.SENTINEL)
        script = textwrap.dedent(f"""
            from scrapy import Request, Spider
            from scrapy.crawler import CrawlerProcess
            from crawlers.fetch.politeness import PolitenessAddon

            class Hasty(Spider):
                name = "hasty"

                async def start(self):
                    for path in {model.CLOSED!r}:
                        yield Request({home.rstrip("/")!r} + path)

                def parse(self, response):
                    pass

            local = [{home.split("/")[2]!r}]
            settings = {{"ADDONS": {{PolitenessAddon: 0}}, "SAID_LOCAL": local, "LOG_ENABLED": False}}
            process = CrawlerProcess(settings)
            process.crawl(Hasty)
            process.start()
        """)
        subprocess.run([sys.executable, "-c", script], check=True, timeout=60)
        assert [visit.path for visit in web.seen(model.SENTINEL)] == ["/robots.txt"]
