"""Sound pages, lists, robots files and papers, from which the mutated ones are made."""

from __future__ import annotations

import io
import json
import zipfile
from collections.abc import Sequence
from dataclasses import dataclass
from email.message import EmailMessage
from email.utils import format_datetime
from functools import cache
from pathlib import Path

from benchmarks.fuzz.mutate import mutated
from benchmarks.fuzz.texts import REGIONS
from ledger.days import LONDON
from sample.hostile.pages import page
from sample.site import Site
from sample.stories import publishers, stories
from tests import sites

SAVED = Path(sites.__file__).parent
_PAPERS = 40  # articles of the regions that become PDFs
_LISTED = 30  # links of a list
_XML = '<?xml version="1.0" encoding="UTF-8"?>'


@dataclass(frozen=True, slots=True)
class PageSeed:
    """A page, the address in it that is to be its own, and the layout that reads it."""

    body: bytes
    address: str
    layout: str


@cache
def articles() -> tuple[dict[str, str], ...]:
    """Articles of the labelled regions, from each every third."""
    files = sorted(REGIONS.glob("*/articles.jsonl"))
    lines = (line for file in files for line in file.read_text(encoding="utf-8").splitlines()[::3])
    return tuple(json.loads(line) for line in lines)


@cache
def page_seeds() -> tuple[PageSeed, ...]:
    """Pages of the regions in a plain dress, of the sample web in their publishers' own, and saved ones."""
    found = [
        PageSeed(
            page(
                row["title"],
                tuple(row["text"].split("\n\n")),
                row["byline"] or "",
                datePublished=row["published"],
            ).encode(),
            "",
            "jsonld",
        )
        for row in articles()
    ]
    layouts = {"northern": "jsonld", "county": "meta", "public": "visible"}
    for publisher in publishers():
        site = Site(publisher, "http://127.0.0.1:1", 1)
        found += [
            PageSeed(
                site.answer(story.path).body, f"http://127.0.0.1:1{story.path}", layouts[publisher.template]
            )
            for story in stories()
            if story.outlet == publisher.name and not story.gone
        ]
    for file in sorted((SAVED / "pages").glob("*.html")):
        found.append(PageSeed(file.read_bytes(), "", file.name.partition(".")[0]))
    return tuple(found)


@cache
def pages() -> tuple[bytes, ...]:
    return tuple(seed.body for seed in page_seeds())


def feeds(origin: str, paths: Sequence[str] = ()) -> tuple[bytes, ...]:
    """RSS and Atom of these articles, as the sample's publishers write them and as others do."""
    listed = paths or [story.path for story in stories()[:_LISTED]]
    when = stories()[0].published
    items = "".join(
        f"<item><title>A &amp; B {n}</title><link>{origin}{path}</link><guid>{origin}{path}</guid>"
        f"<pubDate>{format_datetime(when)}</pubDate><description><![CDATA[<p>Words</p>]]></description></item>"
        for n, path in enumerate(listed)
    )
    entries = "".join(
        f"<entry><id>{origin}{path}</id><title>A bench {n}</title>"
        f"<link rel='alternate' href='{origin}{path}'/><updated>{when.isoformat()}</updated></entry>"
        for n, path in enumerate(listed)
    )
    rss = f'{_XML}<rss version="2.0"><channel><title>N</title>{items}</channel></rss>'
    atom = f'{_XML}<feed xmlns="http://www.w3.org/2005/Atom">{entries}</feed>'
    return rss.encode(), atom.encode()


def sitemaps(origin: str, paths: Sequence[str] = ()) -> tuple[bytes, ...]:
    """A sitemap, a news sitemap, an index and a plain list of these articles."""
    listed = paths or [story.path for story in stories()[:_LISTED]]
    when = stories()[0].published.astimezone(LONDON).isoformat()
    plain = "".join(f"<url><loc>{origin}{path}</loc><lastmod>{when}</lastmod></url>" for path in listed)
    news = "".join(
        f"<url><loc>{origin}{path}</loc><news:news><news:publication_date>{when}</news:publication_date>"
        f"<news:title>A &lt;bench&gt;</news:title></news:news></url>"
        for path in listed
    )
    index = f"<sitemap><loc>{origin}/nowhere.xml</loc><lastmod>{when}</lastmod></sitemap>"
    spaces = 'xmlns="http://www.sitemaps.org/schemas/sitemap/0.9" xmlns:news="http://www.google.com/schemas/sitemap-news/0.9"'
    made = (
        f"{_XML}<urlset {spaces}>{plain}</urlset>",
        f"{_XML}<urlset {spaces}>{news}</urlset>",
        f"{_XML}<sitemapindex {spaces}>{index * 3}</sitemapindex>",
        "\n".join(f"{origin}{path}" for path in listed),
    )
    return tuple(one.encode() for one in made)


def robots(origin: str) -> tuple[bytes, ...]:
    """robots.txt of several makes."""
    made = (
        f"User-agent: *\nDisallow: /drafts/\nCrawl-delay: 0.2\nSitemap: {origin}/map.xml\n",
        "User-agent: SaidAndDone\nAllow: /news/\nDisallow: /*?s=\nRequest-rate: 30/1m\n\nUser-agent: *\n"
        "Disallow: /\n",
        "# all are welcome\nUser-agent: *\nDisallow:\nVisit-time: 0600-0845\n",
        "User-agent: *\nDisallow: /a*b*c$\nAllow: /a\n" * 20,
    )
    return tuple(one.encode() for one in made)


@cache
def papers() -> tuple[bytes, ...]:
    """PDFs: the saved ones, and articles set as one page each."""
    saved = [file.read_bytes() for file in sorted((SAVED / "documents").glob("*.pdf"))]
    made = []
    for row in articles()[:: max(1, len(articles()) // _PAPERS)]:
        lines = [line.encode("latin-1", "ignore").decode("latin-1") for line in _set(row["text"])[:48]]
        plain = [line.replace("\\", "").replace("(", "").replace(")", "") for line in lines]
        body = sites.pdf(*plain).body
        made.append(body if isinstance(body, bytes) else b"")
    return tuple(saved * 5 + made)


def _set(text: str, width: int = 90) -> list[str]:
    return [line[at : at + width] for line in text.split("\n") for at in range(0, len(line), width)]


@cache
def files() -> tuple[bytes, ...]:
    """Texts, mails and word processors' files."""
    some = articles()[:: max(1, len(articles()) // 12)]
    made: list[bytes] = [row["text"].encode() for row in some]
    for row in some:
        mail = EmailMessage()
        mail["From"], mail["To"], mail["Subject"] = (
            "a@desk.example",
            "b@desk.example",
            row["title"].replace("\n", " "),
        )
        mail["Date"] = "Tue, 30 Jun 2026 09:00:00 +0100"
        mail.set_content(row["text"])
        mail.add_alternative(f"<p>{row['text']}</p>", subtype="html")
        made.append(mail.as_bytes())
    docx = (SAVED / "documents" / "minutes.docx").read_bytes()
    return (*made, docx, docx, *(_inner(docx, seed) for seed in range(20)))


def _inner(docx: bytes, seed: int) -> bytes:
    """A file of a word processor that is whole as a package, with something wrong within."""
    held = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(docx)) as source, zipfile.ZipFile(held, "w") as target:
        for name in source.namelist():
            body = source.read(name)
            target.writestr(name, mutated(body, seed) if name.endswith("document.xml") else body)
    return held.getvalue()
