"""How the hostile hosts of ``sample.hostile.model`` behave, each by a table from path to answer."""

from __future__ import annotations

import gzip
from collections.abc import Callable
from functools import partial
from xml.sax.saxutils import escape as xml_escape

from sample.handler import Handler, Special
from sample.hostile import model
from sample.hostile.model import PAGES, Host
from sample.hostile.pages import PAGE_ACTS, Act, Scene, bomb, html, page, redirect, status_page, text
from sample.site import XML, Answer


def special(host: Host, origin: str, drip: float) -> Special:
    """The behaviour of a host, for the server."""
    acts = _acts(host)

    def answer(handler: Handler, path: str) -> bool:
        act = acts.get(path)
        if act is None:
            return False
        made = act(handler, Scene(origin, drip, path))
        if made is not None:
            handler.reply(made.status, [("Content-Type", made.kind), *made.headers], made.body)
        return True

    return answer


def _acts(host: Host) -> dict[str, Act]:
    robots: dict[str, Act] = {"/robots.txt": text("User-agent: *\nDisallow: /private/\n")}
    makers: dict[str, Callable[[], dict[str, Act]]] = {
        model.HERALD: _herald,
        model.LISTINGS: _listings,
        model.GAZETTE: partial(_shut, 503),
        model.ARGUS: partial(_shut, 403),
        model.ECHO: _echo,
        model.TORTOISE: _tortoise,
        model.SENTINEL: _sentinel,
        model.ALMANAC: _almanac,
    }
    return {**robots, **makers[host.name]()}


def _feed(paths: tuple[str, ...]) -> Act:
    return lambda handler, scene: Answer(rss([scene.origin + path for path in paths]).encode(), XML)


def rss(urls: list[str]) -> str:
    """A plain RSS feed of these addresses."""
    items = "".join(
        f"<item><title>Bench {n}</title><link>{xml_escape(url)}</link>"
        "<pubDate>Mon, 01 Jun 2026 08:00:00 GMT</pubDate></item>"
        for n, url in enumerate(urls)
    )
    return f'<?xml version="1.0"?><rss version="2.0"><channel><title>Hostile</title>{items}</channel></rss>'


def _herald() -> dict[str, Act]:
    acts: dict[str, Act] = {case.path: PAGE_ACTS[case.name] for case in PAGES}
    other = "/news/the-other-end-of-the-redirect-loop-4859999"
    loop = next(case.path for case in PAGES if case.name == "redirect_loop")
    acts[loop], acts[other] = redirect(other), redirect(loop)
    acts["/rss"] = _feed(tuple(case.path for case in PAGES))
    return acts


_ARTICLES = tuple(f"/news/the-bench-in-the-rain-part-{n}-486000{n}" for n in range(5))


def _articles(paths: tuple[str, ...]) -> dict[str, Act]:
    return {path: html(page(f"The bench in the rain, part {n}")) for n, path in enumerate(paths)}


def _listings() -> dict[str, Act]:
    good, malformed, listed, first = _ARTICLES[:4]
    broken = rss(["{origin}" + malformed]).replace("Bench 0", "Bench & chairs&nbsp;0<x:y/>")
    broken = broken.removesuffix("</channel></rss>")
    laughs = "".join(f'<!ENTITY l{n} "{f"&l{n - 1};" * 10}">' for n in range(1, 10))
    laughing = f'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY l0 "ha">{laughs}]>'
    outside = '<?xml version="1.0"?><!DOCTYPE x [<!ENTITY f SYSTEM "file:///etc/hostname">]>'
    feed, entry = (
        '<rss version="2.0"><channel><title>{0}</title>',
        "<item><title>{0}</title><link>{1}{2}</link></item>",
    )
    ending = "</channel></rss>"
    urlset = '<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">'
    index = '<?xml version="1.0"?><sitemapindex xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">'
    elsewhere = [
        "http://127.0.0.1:9/news/elsewhere-and-far-away-4811111",
        "javascript:alert(1)",
        "data:text/html,x",
    ]

    def here(text: str) -> Act:
        return lambda handler, scene: Answer(text.replace("{origin}", scene.origin).encode(), XML)

    def in_feed(entity: str) -> str:
        return feed.format(entity) + entry.format(entity, "{origin}", good) + ending

    return {
        **_articles(_ARTICLES[:4]),
        "/feeds/good.xml": _feed((good,)),
        "/feeds/malformed.xml": here(broken),
        "/feeds/bomb.xml": here(laughing + in_feed("&l9;")),
        "/feeds/external.xml": here(outside + in_feed("&f;")),
        "/feeds/empty.xml": text("", XML),
        "/feeds/html.xml": html(page("Not a feed")),
        "/feeds/huge.xml": lambda handler, scene: Answer(_huge_feed(scene.origin), XML),
        "/feeds/elsewhere.xml": text(rss(elsewhere), XML),
        "/sitemaps/bomb.xml.gz": lambda handler, scene: Answer(bomb(urlset.encode()), "application/gzip"),
        "/sitemaps/cut.xml.gz": lambda handler, scene: Answer(
            gzip.compress(urlset.encode() * 99)[:90], "application/gzip"
        ),
        "/sitemaps/self.xml": here(
            f"{index}<sitemap><loc>{{origin}}/sitemaps/self.xml</loc></sitemap>"
            "<sitemap><loc>{origin}/sitemaps/list.txt</loc></sitemap></sitemapindex>"
        ),
        "/sitemaps/html.xml": html(page("Not a sitemap")),
        "/sitemaps/entities.xml": here(f"{laughing}{urlset}<url><loc>&l9;</loc></url></urlset>"),
        "/sitemaps/list.txt": here(f"{{origin}}{listed}\n{{origin}}{first}\n"),
    }


def _huge_feed(origin: str) -> bytes:
    """50 MB of items that all name one article."""
    whole = rss([f"{origin}{_ARTICLES[0]}"])
    at = whole.index("<item>")
    item = whole[at : whole.index("</channel>")].replace("Bench 0", "Bench " * 80).encode()
    return whole[:at].encode() + item * (50_000_000 // len(item) + 1) + b"</channel></rss>"


def _shut(status: int) -> dict[str, Act]:
    return {"/robots.txt": status_page(status), "/rss": _feed(_ARTICLES[:3]), **_articles(_ARTICLES[:3])}


def _echo() -> dict[str, Act]:
    def once(handler: Handler, scene: Scene) -> Answer:
        if handler.server.web.hit(scene.origin + scene.path) == 1:
            wait = (("Retry-After", str(model.RETRY_AFTER)),)
            return Answer(b"<p>Too many requests.</p>", status=429, headers=wait)
        return Answer(page("The bench in the rain, after a rest").encode())

    return {"/rss": _feed(_ARTICLES), **_articles(_ARTICLES), _ARTICLES[1]: once}


def _tortoise() -> dict[str, Act]:
    rules = f"User-agent: *\nCrawl-delay: {model.CRAWL_DELAY}\n"
    return {"/robots.txt": text(rules), "/rss": _feed(_ARTICLES[:2]), **_articles(_ARTICLES[:2])}


def _sentinel() -> dict[str, Act]:
    def slow(handler: Handler, scene: Scene) -> Answer:
        handler.server.stopping.wait(0.5)
        return Answer(b"User-agent: *\nDisallow: /private/\n", "text/plain; charset=utf-8")

    return {
        "/robots.txt": slow,
        "/rss": _feed((*model.CLOSED, _ARTICLES[0])),
        **_articles((*model.CLOSED, _ARTICLES[0])),
    }


def _almanac() -> dict[str, Act]:
    def sitemap(handler: Handler, scene: Scene) -> Answer:
        rows = [f"<url><loc>{scene.origin}{path}</loc></url>" for path in open_paths]
        closed = model.SITEMAP_URLS - len(rows)
        rows += [f"<url><loc>{scene.origin}/bulk/entry-of-the-day-{n}</loc></url>" for n in range(closed)]
        opening = '<?xml version="1.0"?><urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">'
        return Answer((opening + "\n".join(rows) + "</urlset>").encode(), XML)

    open_paths = tuple(
        f"/news/the-bench-on-each-day-of-the-month-48700{n:02}" for n in range(model.OPEN_URLS)
    )
    rules = "User-agent: *\nDisallow: /bulk/\n"
    return {"/robots.txt": text(rules), "/sitemap.xml": sitemap, **_articles(open_paths)}
