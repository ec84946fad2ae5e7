"""One article, one URL: tracking parameters, slashes and host aliases fold to the canonical form.

Pure. A URL that is not http(s) or cannot be parsed folds to "".
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator
from functools import lru_cache
from ipaddress import IPv4Address, IPv6Address, IPv6Network, ip_address
from socket import inet_aton
from urllib.parse import parse_qsl, quote, unquote, urlencode, urljoin, urlsplit, urlunsplit

from ledger.data_files import read_yaml
from ledger.types import content_id

MAX_URL = 2000  # characters; longer ones are traps or mistakes
_SAFE = "/:@!$&'()*+,;=~-._"
_PORTS = {"http": 80, "https": 443}
_ALIASES = ("www.", "m.", "mobile.", "amp.")
_PLAIN = re.compile(  # an address that is folded already, a last slash aside
    r"(https?://[a-z0-9.-]*[a-z]|http://[0-9.]+:(?!80/)\d{2,5})((?:/(?!amp/?$)[A-Za-z0-9_~-]+)*)/?"
)
_NAT64, _COMPATIBLE = IPv6Network("64:ff9b::/96"), IPv6Network("::/96")
_NO_HOST = re.compile(r"[\x00-\x20\x7f/?#@\\%]")  # wide forms of these become these in a name
_TORN = re.compile(r"\s*[a-z][a-z0-9+.-]*:(?!//[^/:\s])", re.IGNORECASE)  # "http:://one.example": no address
_CONTROL = re.compile(r"[\x00-\x20\x7f]+")


@lru_cache(maxsize=1)
def _tracking() -> tuple[frozenset[str], tuple[str, ...], dict[str, re.Pattern[str]]]:
    """Query parameters that say where a reader came from, not what is read: whole names, beginnings, and by
    name the values that do say what is read."""
    data = read_yaml(__file__, "tracking.yaml")
    numbers = {name: re.compile(pattern) for name, pattern in data["numbers"].items()}
    return frozenset(data["names"]), tuple(data["prefixes"]), numbers


def _tells_page(name: str, value: str) -> bool:
    names, prefixes, numbers = _tracking()
    number = numbers.get(name)
    return not (name in names or name.startswith(prefixes)) or bool(number and number.fullmatch(value))


def fold(url: str, base: str = "") -> str:
    """The clean form of ``url`` (resolved against ``base``): "" when it is no usable http(s) URL.

    Scheme and host in lower case, default port, fragment, tracking parameters, ``index.html`` and the
    trailing slash dropped, the remaining parameters sorted, percent escapes made uniform.
    """
    if (plain := _PLAIN.fullmatch(url)) and len(url) <= MAX_URL:
        return plain[1] + (plain[2] or "/")  # most addresses are clean already
    try:
        joined = urljoin(base, _CONTROL.sub("", url)) if base else _CONTROL.sub("", url)
        parts = urlsplit(joined)
        host, port = parts.hostname, parts.port
        joined.encode(errors="surrogateescape")  # fails at half a character, of which no address has one
    except ValueError:
        return ""
    scheme = parts.scheme.lower()
    if scheme not in _PORTS or not host or len(joined) > MAX_URL:
        return ""
    try:
        host = host.encode("idna").decode("ascii").lower() if not host.isascii() else host
    except UnicodeError:
        return ""
    if _NO_HOST.search(host):
        return ""
    netloc = f"[{host}]" if ":" in host else host
    if port is not None and port != _PORTS[scheme]:
        netloc += f":{port}"
    path = quote(unquote(parts.path, errors="surrogateescape"), safe=_SAFE, errors="surrogateescape")
    path = re.sub(r"/(index\.(html?|php)|amp)$", "/", re.sub(r"/{2,}", "/", path)).rstrip("/")
    given = sorted(parse_qsl(parts.query, keep_blank_values=True))
    kept = [(k, v) for k, v in given if _tells_page(k.lower(), v)]
    return urlunsplit((scheme, netloc, path or "/", urlencode(kept, errors="surrogateescape"), ""))


def site(url: str) -> str:
    """Host and port without the aliases www, m, mobile, amp: what one outlet's addresses share."""
    try:
        netloc = urlsplit(url).netloc.lower().rpartition("@")[2]
    except ValueError:
        return ""
    for alias in _ALIASES:
        if netloc.startswith(alias) and netloc.count(".") > 1:
            return netloc[len(alias) :]
    return netloc


def canonical(url: str, home: str = "", declared: str = "") -> str:
    """The article's one URL: the page's own ``declared`` canonical link where it can be believed.

    Believed when it lies on the same site and names a page of its own (not the home page, which broken
    templates give). An alias host or http/https variant of ``home`` takes home's own scheme and host.
    """
    own = fold(url)
    named = fold(declared, url) if declared and not _TORN.match(declared) else ""
    if named and site(named) == site(own) and (urlsplit(named).path != "/" or urlsplit(own).path == "/"):
        own = named
    root = fold(home) if home else ""
    if own and root and site(own) == site(root):
        theirs, ours = urlsplit(own), urlsplit(root)
        own = urlunsplit((ours.scheme, ours.netloc, theirs.path, theirs.query, ""))
    return own


def article_id(canonical_url: str) -> str:
    """The id of the article at this canonical URL."""
    return content_id(canonical_url)


def article_links(hrefs: Iterable[str], base: str, pattern: str = "") -> list[str]:
    """The links of a section page that look like articles of the same site, folded, in page order.

    ``pattern`` (a regular expression on the path) decides where the layout gives one. Otherwise an
    article's last path segment is a slug of four words and more, or carries a number of five digits
    and more; a path with a date counts too.
    """
    found: dict[str, None] = {}
    for href in hrefs:
        url = fold(href, base)
        if not url or site(url) != site(base) or url == fold(base):
            continue
        path = urlsplit(url).path
        if re.search(pattern, path) if pattern else _looks_like_article(path):
            found.setdefault(url)
    return list(found)


def _looks_like_article(path: str) -> bool:
    if re.search(r"\.(jpe?g|png|gif|webp|svg|pdf|mp[34]|css|js|xml|zip|ics)$", path, re.IGNORECASE):
        return False
    last = path.rsplit("/", 1)[-1]
    return last.count("-") >= 3 or bool(re.search(r"\d{5,}", last) or re.search(r"/20\d\d/\d\d?/.+", path))


def is_private(host: str) -> bool:
    """True for a host name or address that can only lie on this machine or a private network.

    Private by name: ``localhost`` and what RFC 6761, RFC 6762, RFC 8375 and ICANN (``.internal``) reserve for
    local use. An address counts in every way of writing that a resolver takes (``127.1``, ``0x7f.1``,
    ``2130706433``), and in IPv6 with the IPv4 address that it carries.
    """
    host = unicodedata.normalize("NFKC", host).replace("。", ".").strip("[]").lower().rstrip(".")
    if host == "localhost" or host.endswith((".localhost", ".local", ".home.arpa", ".internal")):
        return True
    try:
        address = ip_address(host)
    except ValueError:
        try:
            address = IPv4Address(inet_aton(host))
        except (OSError, ValueError):
            return False
    return any(not one.is_global or one.is_multicast for one in (address, *_carried(address)))


def _carried(address: IPv4Address | IPv6Address) -> Iterator[IPv4Address]:
    """The IPv4 address to which an IPv6 address is translated on its way (RFC 4291, 3056, 6052)."""
    if isinstance(address, IPv6Address):
        found = address.ipv4_mapped or address.sixtofour
        if found:
            yield found
        elif address in _NAT64 or address in _COMPATIBLE:
            yield IPv4Address(address.packed[-4:])


def key(url: str) -> str:
    """What all addresses of one page share: its folded URL without scheme and host alias."""
    folded = fold(url)
    return site(folded) + folded.split("://", 1)[-1].partition("/")[2].join(("/", "")) if folded else ""
