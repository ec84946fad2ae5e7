"""Small sites in the shapes that publishers and bodies give theirs, all of our own writing, over real HTTP.

A site is a table of answers by path and query; `serving` puts it on a loopback port and keeps what was asked.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from time import monotonic

from tests.servers import running

NOW = datetime.now(UTC).replace(microsecond=0)
HTML, XML, TEXT = "text/html; charset=utf-8", "application/xml", "text/plain"
WORDS = (
    "The first of the four bridges over the Wend closes on Monday for a year, the council has said. "
    "Drivers will be sent round by Otter Lane, and buses will run along the embankment until it opens again.",
    "Councillor Imke Sandford, who looks after roads, said: “We will have the Wend Bridge open again by "
    "31 October next year, and we will not let the others go the same way.”",
    "The work costs £4.2 million. Traders on both banks have asked for the footway to be kept open.",
)


@dataclass(frozen=True)
class Answer:
    """``body`` may be made of the site's own address, which is known only when it is served."""

    body: str | bytes | Callable[[str], str]
    kind: str = HTML
    status: int = 200
    headers: dict[str, str] = field(default_factory=dict)


Answers = dict[str, Answer]


class SiteServer(ThreadingHTTPServer):
    """One site. ``asked``: (path with query, user agent, monotonic time) of each request."""

    daemon_threads = True

    def __init__(self, answers: Answers) -> None:
        self.answers = answers
        self.asked: list[tuple[str, str, float]] = []
        super().__init__(("127.0.0.1", 0), _Handler)

    @property
    def origin(self) -> str:
        return f"http://127.0.0.1:{self.server_address[1]}"

    @property
    def paths(self) -> list[str]:
        return [path for path, _, _ in self.asked]


class _Handler(BaseHTTPRequestHandler):
    server: SiteServer

    def do_GET(self) -> None:
        self.server.asked.append((self.path, self.headers.get("User-Agent", ""), monotonic()))
        answer = self.server.answers.get(self.path, Answer("<h1>Not found</h1>", status=404))
        if self.path not in self.server.answers and f"{self.path}/" in self.server.answers:
            answer = Answer("", status=301, headers={"Location": f"{self.path}/"})
        body = answer.body(self.server.origin) if callable(answer.body) else answer.body
        packed = body if isinstance(body, bytes) else body.encode()
        self.send_response(answer.status)
        for name, value in {"Content-Type": answer.kind, "Content-Length": str(len(packed))}.items():
            self.send_header(name, value)
        for name, value in answer.headers.items():
            self.send_header(name, value.format(origin=self.server.origin))
        self.end_headers()
        self.wfile.write(packed)

    def log_message(self, format: str, *args: object) -> None:
        """Say nothing."""


@contextmanager
def serving(answers: Answers) -> Iterator[SiteServer]:
    """The site at work in a thread of its own."""
    server = SiteServer(answers)
    with running(server):
        yield server


def rss(*paths: str, hours: float = 3) -> Answer:
    """A feed of these articles, the newest ``hours`` old and each an hour older than the one before."""

    def body(origin: str) -> str:
        items = "".join(
            f"<item><title>Story {n}</title><link>{origin}{path}</link>"
            f"<pubDate>{format_datetime(NOW - timedelta(hours=hours + n))}</pubDate></item>"
            for n, path in enumerate(paths)
        )
        return f'<rss version="2.0"><channel><title>News</title>{items}</channel></rss>'

    return Answer(body, "application/rss+xml")


def news_sitemap(*paths: str) -> Answer:
    def body(origin: str) -> str:
        entries = "".join(
            f"<url><loc>{origin}{path}</loc><news:news><news:publication_date>"
            f"{(NOW - timedelta(hours=3 + n)).isoformat()}</news:publication_date>"
            f"<news:title>Story {n}</news:title></news:news></url>"
            for n, path in enumerate(paths)
        )
        spaces = (
            'xmlns="http://www.sitemaps.org/schemas/sitemap/0.9" '
            'xmlns:news="http://www.google.com/schemas/sitemap-news/0.9"'
        )
        return f'<?xml version="1.0" encoding="UTF-8"?><urlset {spaces}>{entries}</urlset>'

    return Answer(body, XML)


def robots(*lines: str) -> Answer:
    return Answer(lambda origin: "\n".join(line.format(origin=origin) for line in lines) + "\n", TEXT)


def page(title: str, body: str, head: str = "") -> Answer:
    return Answer(
        f'<!doctype html><html lang="en"><head><title>{title}</title>{head}</head><body>{body}</body></html>'
    )


def pdf(*lines: str) -> Answer:
    """A file of one page with these lines of text, one below the other."""
    shown = "".join(f"({line}) Tj 0 -16 Td " for line in lines)
    stream = f"BT /F1 11 Tf 60 780 Td {shown}ET"
    objects = (
        "<< /Type /Catalog /Pages 2 0 R >>",
        "<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        "<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 4 0 R "
        "/Resources << /Font << /F1 5 0 R >> >> >>",
        f"<< /Length {len(stream)} >>\nstream\n{stream}\nendstream",
        "<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica /Encoding /WinAnsiEncoding >>",
    )
    body, offsets = "%PDF-1.4\n", []
    for number, one in enumerate(objects, 1):
        offsets.append(len(body))
        body += f"{number} 0 obj\n{one}\nendobj\n"
    table = "".join(f"{offset:010} 00000 n \n" for offset in offsets)
    end = f"trailer << /Size {len(objects) + 1} /Root 1 0 R >>\nstartxref\n{len(body)}\n%%EOF\n"
    whole = f"{body}xref\n0 {len(objects) + 1}\n0000000000 65535 f \n{table}{end}"
    return Answer(whole.encode("latin-1"), "application/pdf")


def links(*paths: str) -> str:
    return "".join(f'<li><a href="{path}">A story of the county</a></li>' for path in paths)


def _story(n: int, author: str, free: bool = True) -> Answer:
    """A newspaper's article with its data as JSON-LD, each of other words than the next."""
    when = (NOW - timedelta(hours=3 + n)).isoformat()
    data = (
        '{"@context": "https://schema.org", "@type": "NewsArticle", '
        f'"headline": "Bridge number {n} to close for a year", "datePublished": "{when}", '
        f'"author": {{"@type": "Person", "name": "{author}"}}, '
        f'"isAccessibleForFree": {"true" if free else "false"}}}'
    )
    told = "".join(f"<p>{words}</p>" for words in _words(n))
    return page(
        f"Bridge number {n} to close for a year",
        f'<article class="article-body"><h1>Bridge number {n} to close for a year</h1>{told}</article>',
        f'<script type="application/ld+json">{data}</script>',
    )


def _words(n: int) -> list[str]:
    return [words.replace("Wend", f"Wend{'abcdefgh'[n]}") for words in WORDS]


def tabloid() -> Answers:
    """A large tabloid group's title: a feed at every topic, a news sitemap, pictures on another host."""
    stories = [f"/news/local-news/bridge-{n}-close-year-3310{n}17" for n in range(4)]
    return {
        "/robots.txt": robots("User-agent: *", "Disallow: /search/", "Sitemap: {origin}/map_news.xml"),
        "/": page(
            "Hexley Live: Latest news from Hexley and Marlshire",
            f'<img src="//s2-prod.hexleylive.example/a.jpg"><ul>{links(*stories)}</ul>'
            '<footer><a href="https://www.reachplc.com/">Part of the group</a></footer>',
            '<meta property="og:site_name" content="Hexley Live">',
        ),
        "/news/": page("News - Hexley Live", f"<ul>{links(*stories)}</ul>"),
        "/news/?service=rss": rss(*stories),
        "/map_news.xml": news_sitemap(*stories),
        **{path: _story(n, "Rosamund Teale") for n, path in enumerate(stories)},
    }


def paid_regional() -> Answers:
    """A paid regional group's title: its articles say that they are not free, and stand whole in the page."""
    stories = [f"/news/2530{n}431.bridge-{n}-close-year/" for n in range(4)]
    return {
        "/robots.txt": robots("User-agent: *", "Crawl-delay: 0.2", "Disallow: /comments/"),
        "/": page(
            "Hexley Courier | News, Sport, Jobs in Hexley",
            f"<ul>{links(*stories)}</ul><footer>Newsquest Media Group Ltd</footer>",
            '<meta property="og:site_name" content="Hexley Courier">',
        ),
        "/news/": page("News | Hexley Courier", f"<ul>{links(*stories)}</ul>"),
        "/news/rss/": rss(*stories),
        **{path: _story(n, "Piers Oakley", free=False) for n, path in enumerate(stories)},
    }


def council() -> Answers:
    """A council's own site: a feed that only its foot links, pages without any data but what is seen."""
    stories = [f"/news/article/{410 + n}/wend-bridge-{n}-to-close-for-a-year" for n in range(3)]
    told = {
        path: page(
            f"Wend Bridge {n} to close for a year | Hexley City Council",
            f"<main><article><h1>Wend Bridge {n} to close for a year</h1>"
            f"<p><time datetime='{(NOW - timedelta(hours=3 + n)).date()}'>{NOW:%d %B %Y}</time></p>"
            + "".join(f"<p>{words}</p>" for words in _words(n))
            + "</article></main>",
            '<meta name="generator" content="Jadu CMS">',
        )
        for n, path in enumerate(stories)
    }
    return {
        "/robots.txt": robots("User-agent: *", "Disallow: /site/scripts/"),
        "/": page(
            "Home | Hexley City Council",
            "<main><a href='/bins'>Bins</a><a href='/council-tax'>Council tax</a></main>"
            "<footer><a href='/news'>News</a> <a href='/rss/news'>RSS</a></footer>",
            '<meta name="generator" content="Jadu CMS">',
        ),
        "/news": page("News | Hexley City Council", f"<main><ul>{links(*stories)}</ul></main>"),
        "/rss/news": rss(*stories),
        **told,
    }


MINUTES = "/documents/g8110/Printed%20minutes%20Cabinet.pdf"
_MINUTES = (
    "Hexley City Council",
    "MINUTES of the meeting of the Cabinet held on 12 November 2026 at the Town Hall",
    "Present: Councillor I Sandford in the Chair, Councillors Teale and Oakley",
    "1. Apologies were received from Councillor Marsh.",
    "2. Wend Bridge: the Cabinet considered a report on the closure of the bridge.",
    "RESOLVED that the contract for the Wend Bridge be let by 31 March 2027.",
    "Action: the Director of Highways to report to the next meeting in January.",
)


def committees() -> Answers:
    """Committee pages: a calendar of meetings, each a page of items and minutes, and no feed."""
    meetings = [f"/ieListDocuments.aspx?CId=137&MId={8110 + n}" for n in range(3)]
    told = {
        path: page(
            f"Agenda for Cabinet on {NOW - timedelta(days=7 * n + 1):%A, %d %B %Y}",
            '<div id="modgov"><div class="mgContent">'
            f'<h1 class="mgMainTitleTxt">Cabinet, meeting {n}</h1>'
            f'<h2 class="mgMeetingDate">{NOW - timedelta(days=7 * n + 1):%A, %d %B %Y} 10.00 am</h2>'
            f"<p>Additional documents:</p><ul><li><a href='{MINUTES}'>Printed minutes</a> PDF 9 KB</li></ul>"
            "<h3>Wend Bridge</h3><p>The Cabinet considered a report on the closure of the bridge.</p>"
            + "".join(f"<p>{words}</p>" for words in _words(n))
            + "<p>RESOLVED that the contract for the bridge be let by 31 March.</p></div></div>",
        )
        for n, path in enumerate(meetings)
    }
    return {
        "/robots.txt": robots("User-agent: *", "Disallow: /mgFindMember.aspx"),
        "/": page(
            "Hexley City Council: Committees and meetings",
            "<ul><li><a href='mgListCommittees.aspx?bcr=1'>Committees</a></li>"
            "<li><a href='mgCalendarMonthView.aspx?GL=1&amp;bcr=1'>Calendar</a></li></ul>",
        ),
        MINUTES: pdf(*_MINUTES),
        "/mgCalendarMonthView.aspx?GL=1&bcr=1": page("Calendar", f"<table>{links(*meetings)}</table>"),
        "/mgDelegatedDecisions.aspx?bcr=1": page("Decisions", "<p>No decisions have been published.</p>"),
        **told,
    }


def gov_uk() -> Answers:
    """An organisation's page among those of many, and its Atom feed."""
    stories = [f"/government/news/wend-bridge-{n}-money-agreed" for n in range(3)]

    def atom(origin: str) -> str:
        entries = "".join(
            f"<entry><id>{origin}{path}</id><title>Money for bridge {n}</title>"
            f'<link rel="alternate" href="{origin}{path}"/>'
            f"<updated>{(NOW - timedelta(hours=3 + n)).isoformat()}</updated></entry>"
            for n, path in enumerate(stories)
        )
        return f'<feed xmlns="http://www.w3.org/2005/Atom"><title>Bridges</title>{entries}</feed>'

    home = "/government/organisations/department-for-bridges"
    return {
        "/robots.txt": robots("User-agent: *", "Disallow: /search/all*"),
        home: page(
            "Department for Bridges - GOV.UK",
            f"<div class='gem-c-organisation-logo'>Department for Bridges</div><ul>{links(*stories)}</ul>",
            f'<link rel="alternate" type="application/atom+xml" href="{home}.atom">'
            '<meta property="og:site_name" content="GOV.UK">',
        ),
        f"{home}.atom": Answer(atom, "application/atom+xml"),
        **{path: _story(n, "Department for Bridges") for n, path in enumerate(stories)},
    }


def police() -> Answers:
    """A force's newsroom on the platform that forces share."""
    home = "/news/marlshire/news"
    stories = [f"{home}/2026/november/man-charged-over-bridge-{n}-damage/" for n in range(3)]
    told = {
        path: page(
            f"Man charged over damage to bridge {n} | Marlshire Police",
            f"<main><article><h1>Man charged over damage to bridge {n}</h1>"
            f"<time datetime='{(NOW - timedelta(hours=3 + n)).isoformat()}'>{NOW:%H:%M %d/%m/%Y}</time>"
            + "".join(f"<p>{words}</p>" for words in _words(n))
            + "</article></main>",
        )
        for n, path in enumerate(stories)
    }
    return {
        "/robots.txt": robots("User-agent: *", "Disallow: /ro/"),
        f"{home}/": page(
            "News | Marlshire Police",
            f"<main><ul>{links(*stories)}</ul><a href='{home}/GetNewsRss/'>RSS feed</a></main>",
            '<meta property="og:site_name" content="Marlshire Police">',
        ),
        f"{home}/GetNewsRss/": rss(*stories),
        **told,
    }


def weekly() -> Answers:
    """A small newsroom on WordPress, its comments a feed beside that of its articles."""
    stories = [f"/2026/11/wend-bridge-{n}-to-close/" for n in range(3)]
    return {
        "/robots.txt": robots("User-agent: *", "Disallow: /wp-admin/"),
        "/": page(
            "The Wend Valley Dispatch",
            f"<ul>{links(*stories)}</ul><img src='/wp-content/uploads/a.jpg'>",
            '<link rel="alternate" type="application/rss+xml" title="The Wend Valley Dispatch" href="/feed/">'
            '<link rel="alternate" type="application/rss+xml" title="Comments feed" href="/comments/feed/">',
        ),
        "/feed/": rss(*stories),
        "/comments/feed/": rss("/2026/11/wend-bridge-0-to-close/"),
        **{path: _story(n, "Odile Marsh") for n, path in enumerate(stories)},
    }


# Shape -> (its answers, the path of its home, its group)
SHAPES: dict[str, tuple[Callable[[], Answers], str, str]] = {
    "large tabloid group": (tabloid, "/", "reach"),
    "paid regional group": (paid_regional, "/", "newsquest"),
    "council CMS": (council, "/", "council"),
    "committee pages": (committees, "/", "moderngov"),
    "GOV.UK": (gov_uk, "/government/organisations/department-for-bridges", "gov-uk"),
    "police newsroom": (police, "/news/marlshire/news/", "police"),
    "independent weekly": (weekly, "/", "independent"),
}
