"""A small paper whose articles name people of no office, served over HTTP, and a home made of it by a run.

Everybody here is invented. The private people: a victim, a defendant, a child, residents who are quoted.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path

from click.testing import CliRunner

from flows.cli.app import said
from ledger import settings
from ledger.settings import Settings
from tests.sites import NOW, Answer, SiteServer, serving

VICTIM, DEFENDANT, CHILD = "Tamsin Orrell", "Kieran Vosper", "Poppy Ansell"
RESIDENTS = ("Gwen Tarrow", "Idris Pellow", "Bronwen Tallis", "Lewin Harker")
PRIVATE = (VICTIM, DEFENDANT, CHILD, *RESIDENTS)
LEADER = "Maud Fenwright"
FLOOD = "/news/leader-promises-flood-wall-after-winter-storm"
COURT = "/news/kieran-vosper-jailed-for-arson-at-the-mill"
POOL = "/news/pool-to-stay-open-says-council-leader"
QUIET = "/news/cat-comes-home-after-three-long-years"
CRASH = "/news/police-to-patrol-the-ring-road-after-crash"
STORIES = {
    FLOOD: (
        "Leader promises flood wall after winter storm",
        f"The leader of Hexley Council, {LEADER}, has promised a flood wall after the storm in which"
        f" {VICTIM}, 41, of Otter Lane, lost her life.",
        f"“We will build the flood wall at Otter Lane by 31 March next year, and we will do it for {VICTIM},”"
        f" Councillor {LEADER} said.",
        f"Resident {RESIDENTS[0]}, 67, who lives next door, said: “Ms Orrell was the best of neighbours. They"
        " should have built that wall ten years ago.”",
    ),
    COURT: (
        f"{DEFENDANT} jailed for arson at the mill",
        f"{DEFENDANT}, 29, of Mill Street, was jailed for six years at Hexley Crown Court on Tuesday.",
        "Vosper told the court: “I will never do it again. I promise I will pay back every penny.”",
        "Chief Constable Orla Banniman of Hexley Police said: “We will put ten more officers on the night"
        " shift by June.”",
    ),
    POOL: (
        "Pool to stay open, says council leader",
        f"Seven-year-old {CHILD}, who wrote to the council, has been told that her pool will stay open.",
        f"“We will keep the pool at Exby open until 2029,” said {LEADER}, leader of Hexley Council.",
        f"Mother-of-two {RESIDENTS[1]} said: “We are over the moon, and we will hold them to it.”",
    ),
    QUIET: (
        "Cat comes home after three years",
        f"A cat that had been lost for three years came home to {RESIDENTS[2]} on Sunday.",
    ),
    CRASH: (
        "Police to patrol the ring road after crash",
        "Hexley Police has said that it will patrol the ring road every night until Christmas.",
        f"The crash on Monday killed {VICTIM.split()[0]}’s brother Aled Orrell.",
        "“We will be there every night,” Chief Constable Orla Banniman said.",
        f"“It was terrible. They must do something,” said {RESIDENTS[2]}.",
        f"Mr {RESIDENTS[3].split()[1]}, who runs the garage, said that he would “clear the road by Friday”.",
        f"According to {RESIDENTS[3]}, the road will be open soon.",
    ),
}
REGISTER = f"""- name: {LEADER}
  posts:
    - {{office: Leader of Hexley Council, role: council_leader, body: Hexley Council, area: Hexley}}
- name: Orla Banniman
  posts:
    - {{office: Chief Constable, role: police, body: Hexley Police, area: Hexley}}
"""


def answers() -> dict[str, Answer]:
    """The paper's pages, its feed and its robots.txt."""
    times = [NOW - timedelta(days=n + 1) for n in range(len(STORIES))]
    pages = {
        path: Answer(_page(title, words, when.isoformat()))
        for (path, (title, *words)), when in zip(STORIES.items(), times, strict=True)
    }
    items = "".join(
        f"<item><title>{title}</title><link>{{origin}}{path}</link></item>"
        for path, (title, *_) in STORIES.items()
    )
    feed = f"<rss version='2.0'><channel><title>Hexley Post</title>{items}</channel></rss>"
    return {
        **pages,
        "/rss": Answer(lambda origin: feed.replace("{origin}", origin), "application/rss+xml"),
        "/robots.txt": Answer("User-agent: *\nDisallow:\n", "text/plain"),
    }


def _page(title: str, words: list[str], when: str) -> str:
    told = (
        f'{{"@context": "https://schema.org", "@type": "NewsArticle", "headline": "{title}",'
        f' "datePublished": "{when}"}}'
    )
    text = "".join(f"<p>{one}</p>" for one in words)
    return (
        f"<!DOCTYPE html><html lang='en'><head><title>{title}</title>"
        f'<script type="application/ld+json">{told}</script></head>'
        f"<body><article><h1>{title}</h1>{text}</article></body></html>"
    )


@contextmanager
def paper(folder: Path) -> Iterator[tuple[Settings, SiteServer]]:
    """A home whose one outlet is the paper, which is served meanwhile."""
    with serving(answers()) as site:
        outlet = f"- name: Hexley Post\n  home: {site.origin}/\n  feeds: [{site.origin}/rss]\n  local: true\n"
        folder.mkdir(parents=True, exist_ok=True)
        (folder / "outlets.yaml").write_text(f"{outlet}  crawl_delay: 0.0\n", encoding="utf-8")
        (folder / "officials.yaml").write_text(REGISTER, encoding="utf-8")
        yield settings.load(folder), site


def run(home: Settings, *arguments: str) -> str:
    """A command of ``said`` on a home; its output. Raises AssertionError where it ends with wrong use."""
    ran = CliRunner().invoke(said, [*arguments, "--home", str(home.home)])
    if ran.exception and not isinstance(ran.exception, SystemExit):
        raise ran.exception
    assert ran.exit_code in (0, 1), ran.output
    return ran.output
