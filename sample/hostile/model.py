"""The hostile corner: hosts that misbehave, and what a sound crawl makes of each case.

``CASES`` is the table for tests: every case has an address, what the server does there, and the outcome
expected. Outcomes: ``article`` (extracted, with the title and words given), ``problem`` (counted under one
of ``reasons``), ``skip`` (left out, counted under one of ``reasons``), ``links`` (a listing that is
used, for the articles it names). ``notes`` are problems counted although the article is kept. The reasons
are the crawler's codes. How the server behaves is in ``sample.hostile.answers``.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from sample.stories import BASE_PORT

Expected = Literal["article", "problem", "skip", "links"]


@dataclass(frozen=True)
class Host:
    """A misbehaving host. ``offset`` from the base port; ``expect`` says what holds of it as a whole."""

    name: str
    offset: int
    expect: str


@dataclass(frozen=True)
class Case:
    """One address and its known outcome. ``how`` says what the server does there.

    ``title`` and ``words`` are what the article must hold, ``never`` what it must not.
    """

    name: str
    host: str
    path: str
    how: str
    outcome: Expected
    reasons: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()
    title: str = ""
    words: tuple[str, ...] = ()
    never: tuple[str, ...] = ()

    def url(self, base_port: int = BASE_PORT) -> str:
        """The case's address on a server with this base port."""
        offset = next(host.offset for host in HOSTS if host.name == self.host)
        return f"http://127.0.0.1:{base_port + offset}{self.path}"


HERALD, LISTINGS = "Hostile Herald", "Hostile Listings"
GAZETTE, ARGUS, ECHO = "Hostile Gazette", "Hostile Argus", "Hostile Echo"
TORTOISE, SENTINEL, ALMANAC = "Hostile Tortoise", "Hostile Sentinel", "Hostile Almanac"
GHOST = "Hostile Ghost"  # in hostile/outlets.yaml, but nothing listens at its port

HOSTS = (
    Host(HERALD, 10, "each page of its feed ends as its case says, and the run goes on"),
    Host(LISTINGS, 11, "each broken listing is counted by name; the good ones are used"),
    Host(GAZETTE, 12, "robots.txt answers 503: nothing else is fetched"),
    Host(ARGUS, 13, "robots.txt answers 403: nothing else is fetched"),
    Host(
        ECHO,
        14,
        "one 429 with Retry-After 3: no request for 3 s, then every article comes (asked one at a time)",
    ),
    Host(TORTOISE, 15, "Crawl-delay 2: at least 2 s between any two requests"),
    Host(SENTINEL, 16, "robots.txt takes half a second; of 8 closed pages asked for at once none is fetched"),
    Host(ALMANAC, 17, "a sitemap of 100,000 addresses, all but 20 closed by robots.txt: the run ends"),
)
RETRY_AFTER = 3  # seconds, asked for by Hostile Echo
CRAWL_DELAY = 2  # seconds, asked for by Hostile Tortoise
CLOSED = tuple(f"/private/minutes-of-the-closed-session-{n}" for n in range(8))  # of Hostile Sentinel
SITEMAP_URLS = 100_000
OPEN_URLS = 20

FILLER = (
    "The parish council met in the village hall on Tuesday, and for once there were not enough chairs.",
    "Clerk Ada Brindle read the minutes of the last meeting, which took her until a quarter past eight.",
    "Nobody asked about the bench. The bench has been on the agenda since the spring of last year.",
)
TITLES = {
    "markup": '<script>alert(1)</script> <b>Bench</b> & "chairs" <img src=x onerror=alert(2)>',
    "formula": '=HYPERLINK("http://127.0.0.1/","Bench") +44 -1 @SUM(A1:A9)',
    "markdown": "**Bench** [link](javascript:alert(1)) `code` $\\LaTeX{}$ $5 to $6 | a | b |",
    "rtl": "Bench \u202edelaeper\u202c \u05d0\u05d1\u05d2 \u200fend\u2066",
}


def _page(name: str, how: str, outcome: Expected, **more: object) -> Case:
    slug = name.replace("_", "-")
    number = 4_850_000 + len(_PAGES)
    case = Case(name, HERALD, f"/news/the-bench-and-the-parish-council-{slug}-{number}", how, outcome, **more)  # type: ignore[arg-type]  # the fields of Case
    _PAGES.append(case)
    return case


_PAGES: list[Case] = []
_page("good", "a sound article, the measure of the others", "article", words=FILLER)
_page("pdf", "PDF bytes as text/html", "problem", reasons=("not_html",))
_page("json", "JSON as application/json", "problem", reasons=("not_html",))
_page("empty", "200 with an empty body", "problem", reasons=("empty",))
_page("blank", "200 with spaces and line ends only", "problem", reasons=("empty",))
_page("huge", "12 MB of HTML", "problem", reasons=("too_large",))
_page("gzip_bomb", "a little gzip that unpacks to 100 MB", "problem", reasons=("too_large",))
_page(
    "wrong_charset", "header says utf-8, bytes are windows-1252", "article", words=("£4.2m", "it’s", "café")
)
_page("meta_charset", "meta says iso-8859-1, bytes are utf-8", "article", words=("£4.2m", "it’s", "café"))
_page("unknown_charset", "header names a charset that does not exist", "article", words=("£4.2m",))
_page("utf16", "utf-16 with a byte order mark, header without charset", "article", words=("£4.2m", "it’s"))
_page(
    "broken_jsonld",
    "JSON-LD cut in the middle; the date stands in meta too",
    "article",
    notes=("broken_jsonld",),
    words=FILLER,
)
_page("odd_jsonld", "JSON-LD with lists, numbers and nulls where words belong", "article", words=FILLER)
_page("future_date", "published in 2091", "article", notes=("future_date",), words=FILLER)
_page("script_body", "a body of <script> only", "problem", reasons=("no_text",))
_page("no_body", "a headline and nothing below it", "problem", reasons=("no_text",))
_page("markup", "title, byline and a quotation full of escaped markup", "article", title=TITLES["markup"])
_page("formula", "spreadsheet formulas in title, byline and text", "article", title=TITLES["formula"])
_page("markdown", "Markdown and TeX in title, byline and text", "article", title=TITLES["markdown"])
_page("rtl", "marks that turn the direction of writing, in title and text", "article", words=("chairs",))
_page(
    "control",
    "NUL, bell and terminal escapes in the text",
    "article",
    words=("village hall",),
    never=("\0", "\x1b"),
)
_page("long_title", "a headline of 100,000 characters", "article", words=FILLER)
_page("deep", "150 nested elements around the text", "article", words=("village hall",))
_page(
    "abyss", "5,000 nested elements around the text: deeper than parsers go", "problem", reasons=("no_text",)
)
_page("foreign_canonical", "canonical link to another site", "article", words=FILLER)
_page("reset", "connection reset after the headers", "problem", reasons=("reset", "truncated"))
_page("no_answer", "connection closed without an answer", "problem", reasons=("reset",))
_page("drip", "a byte now and then for `drip` seconds", "problem", reasons=("timeout",))
_page("truncated", "Content-Length longer than the body", "problem", reasons=("truncated",))
_page("redirect_loop", "two addresses that send to each other", "problem", reasons=("redirect_loop",))
_page("redirect_away", "redirect to another port", "problem", reasons=("offsite_redirect",))
_page("redirect_file", "redirect to file:///etc/hostname", "problem", reasons=("http_302", "bad_address"))
_page("status_404", "404", "problem", reasons=("http_404",))
_page("status_410", "410", "skip", reasons=("gone",))
_page("status_500", "500 every time", "problem", reasons=("http_500",))
_page("status_503", "503 without Retry-After", "problem", reasons=("http_503",))

_LISTED = (
    ("feed_good", "/feeds/good.xml", "a sound feed", "links", ()),
    (
        "feed_malformed",
        "/feeds/malformed.xml",
        "a bare ampersand, an unknown entity and prefix, the end missing",
        "links",
        (),
    ),
    ("feed_entity_bomb", "/feeds/bomb.xml", "nested entities: a billion laughs", "problem", ("not_feed",)),
    ("feed_external", "/feeds/external.xml", "an entity that names a local file", "problem", ("not_feed",)),
    ("feed_empty", "/feeds/empty.xml", "an empty body", "problem", ("empty",)),
    ("feed_html", "/feeds/html.xml", "an HTML page", "problem", ("not_feed", "no_links")),
    ("feed_huge", "/feeds/huge.xml", "50 MB of items", "problem", ("too_large",)),
    (
        "feed_elsewhere",
        "/feeds/elsewhere.xml",
        "links to other hosts, javascript: and data:",
        "skip",
        ("other_site",),
    ),
    (
        "sitemap_bomb",
        "/sitemaps/bomb.xml.gz",
        "a little gzip that unpacks to 100 MB",
        "problem",
        ("too_large",),
    ),
    ("sitemap_cut", "/sitemaps/cut.xml.gz", "a gzip file cut in the middle", "problem", ("bad_gzip",)),
    ("sitemap_self", "/sitemaps/self.xml", "an index that lists itself", "links", ()),
    ("sitemap_html", "/sitemaps/html.xml", "an HTML page", "problem", ("not_sitemap", "no_links")),
    ("sitemap_entities", "/sitemaps/entities.xml", "nested entities", "problem", ("not_sitemap",)),
    ("sitemap_text", "/sitemaps/list.txt", "a plain list of addresses", "links", ()),
)

PAGES = tuple(_PAGES)
CASES: tuple[Case, ...] = (
    *PAGES,
    *(
        Case(name, LISTINGS, path, how, outcome, reasons)  # type: ignore[arg-type]  # the words of Outcome
        for name, path, how, outcome, reasons in _LISTED
    ),
    Case("robots_503", GAZETTE, "/robots.txt", "503", "problem", ("robots_unavailable",)),
    Case("robots_403", ARGUS, "/robots.txt", "403", "problem", ("robots_forbidden",)),
    Case("sitemap_100000", ALMANAC, "/sitemap.xml", "100,000 addresses", "problem", ("too_many_links",)),
)
