"""Inside a command that the harness starts: what each article takes, and faults put into the product on
purpose.

Nothing of it is in the product itself. `benchmarks.faults.points` calls `install` in forked commands and in
the crawl's own process. What is to happen stands in the environment:

``FUZZ_TIMES``  a file; each reading of a page or an article is one line there: what, seconds of a processor,
                bytes of memory after it, characters of an article, name
``FUZZ_FAULT``  one of `FAULTS`
"""

from __future__ import annotations

import os
import re
import resource
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from benchmarks.faults.points import put

_SPIDER = "crawlers.fetch.spider"
_COMMAND = "benchmarks.faults.forks"
_SHARE, _ROOM = 1.15, 60_000_000  # how much more memory the last third may hold at most than the first
_LEAST = 60  # readings from which thirds tell something
_LEAST_PACE = 8_000  # characters of a sound article that are read in a second at the least
_PAGE_SIZE = os.sysconf("SC_PAGE_SIZE")


@dataclass(frozen=True, slots=True)
class Took:
    """One reading. ``seconds``: of a processor. ``memory``: bytes of the process when it was done. ``size``:
    characters of an article, where that is known."""

    what: str
    seconds: float
    memory: int
    size: int
    name: str


def read_times(path: Path) -> list[Took]:
    """The readings that were noted, in their order."""
    rows = (line.split("\t", 4) for line in path.read_text(encoding="ascii").splitlines())
    return [
        Took(what, float(seconds), int(memory), int(size), name) for what, seconds, memory, size, name in rows
    ]


def flat(memory: Sequence[int]) -> tuple[bool, str]:
    """Whether the last third of the readings held clearly more than the first, and both in words.

    The first tenth is left out: what is read once stays.
    """
    held = memory[len(memory) // 10 :]
    third = len(held) // 3
    if not third:
        return False, "too few to tell"
    first, last = max(held[:third]), max(held[-third:])
    words = f"memory {first / 1e6:,.0f} MB in the first third, {last / 1e6:,.0f} MB in the last"
    return len(memory) >= _LEAST and last > first * _SHARE + _ROOM, words


def install() -> None:
    """Do what the environment asks for, in the processes that it is for."""
    spider = _SPIDER in sys.orig_argv
    if not spider and _COMMAND not in sys.orig_argv:
        return  # a reader of one file, a parser's helper
    if fault := os.environ.get("FUZZ_FAULT"):
        FAULTS[fault][1]()
    if times := os.environ.get("FUZZ_TIMES"):
        (_time_the_crawl if spider else _time_the_stages)(_Times(times))


class _Times:
    """Writes what was read, each line at once, so that a kill loses none."""

    def __init__(self, path: str) -> None:
        self._file = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_APPEND)

    def note(self, what: str, seconds: float, name: str, size: int = 0) -> None:
        line = f"{what}\t{seconds:.4f}\t{_memory()}\t{size}\t{ascii(name)[:300]}\n"
        os.write(self._file, line.encode("ascii"))

    def of(self, what: str, function: Callable[..., Any], named: Callable[..., str]) -> Callable[..., Any]:
        """The function, each call noted."""

        def timed(*given: Any, **more: Any) -> Any:
            begun = used()
            try:
                return function(*given, **more)
            finally:
                self.note(what, used() - begun, named(*given))

        return timed


def used() -> float:
    """Seconds of a processor that this process and those that it waited for have had."""
    children = resource.getrusage(resource.RUSAGE_CHILDREN)
    return time.process_time() + children.ru_utime + children.ru_stime


def _memory() -> int:
    return int(Path("/proc/self/statm").read_text(encoding="ascii").split()[1]) * _PAGE_SIZE


def _time_the_crawl(times: _Times) -> None:
    from crawlers.discovery import listings
    from crawlers.fetch.keeper import Keeper
    from crawlers.site_rules import robots, robots_files

    Keeper.keep = times.of("crawl: page", Keeper.keep, lambda _, __, link, *___: link.url)  # type: ignore[method-assign]
    for name in ("read_feed", "read_sitemap", "read_section"):
        put(listings, name, times.of("crawl: list", getattr(listings, name), lambda _, base: base))
    read = times.of("crawl: robots", robots.read_robots, lambda *_: "robots.txt")
    put(robots_files, "read_robots", read)


def _time_the_stages(times: _Times) -> None:
    from crawlers.loading import load
    from nlp.pipeline import Reader

    put(load, "load_page", times.of("load", load.load_page, lambda _, line, *__: str(line.get("url"))))
    batch = Reader.batch

    def timed(self: Reader, articles: Sequence[Any]) -> Iterator[Any]:
        begun = used()
        found = list(batch(self, articles))
        took = used() - begun
        size = sum(len(article.text) for article in articles)
        if took > 5.0 + size / _LEAST_PACE and len(articles) > 1:  # one was too dear: which?
            for article in articles:
                begun = used()
                list(batch(self, [article]))
                times.note("extract", used() - begun, article.url, len(article.text))
        else:
            for article in articles:
                share = took * len(article.text) / max(size, 1)
                times.note("extract", share, article.url, len(article.text))
        yield from found

    Reader.batch = timed  # type: ignore[method-assign]


def _off_by_one() -> None:
    """Each span behind a character that nobody sees stands one too far."""
    from nlp.text.boilerplate import PlainText

    back = PlainText._back
    PlainText._back = lambda self, at: back(self, at) + 1  # type: ignore[method-assign]


def _crash() -> None:
    """A page with a byte that is nothing is no page that can be read."""
    from crawlers.loading import load
    from crawlers.pages import parse

    read = parse.parse_page

    def fails(html: bytes, *given: Any, **more: Any) -> Any:
        if b"\0" in html:
            raise ValueError("embedded null byte")
        return read(html, *given, **more)

    put(parse, "parse_page", fails)
    put(load, "parse_page", fails)


def _quadratic() -> None:
    """Blanks before the end of a line are looked for from each of them."""
    from nlp.text import boilerplate

    read, ends = boilerplate.without_unseen, re.compile("[ \u00ad\u200b]+$")

    def dear(text: str) -> Any:
        ends.search(text)
        return read(text)

    put(boilerplate, "without_unseen", dear)


def _leak() -> None:
    """Of each page that is loaded something is kept: enough to show in a hundred inputs."""
    from crawlers.loading import load

    read, kept = load.load_page, list[bytes]()

    def keeps(*given: Any, **more: Any) -> Any:
        kept.append(os.urandom(6_000_000))
        return read(*given, **more)

    put(load, "load_page", keeps)


def _swallowed() -> None:
    """An answer that broke off is not told of."""
    from crawlers.archive.lines import Lines

    add = Lines.add

    def some(self: Lines, what: str, outlet: str, **values: object) -> None:
        if values.get("reason") not in ("truncated", "reset"):
            add(self, what, outlet, **values)

    Lines.add = some  # type: ignore[method-assign]


def _slow() -> None:
    """A page with a long run of one letter is gone through again and again."""
    from crawlers.loading import load
    from crawlers.pages import parse

    read = parse.parse_page

    def dear(html: bytes, *given: Any, **more: Any) -> Any:
        if b"x" * 10_000 in html:
            end = time.process_time() + 6
            while time.process_time() < end:
                pass
        return read(html, *given, **more)

    put(load, "parse_page", dear)


def _formulas() -> None:
    """Cells are written as they come."""
    from ledger.presentation import tabular

    put(tabular, "cell", lambda value: value)


def _unnamed() -> None:
    """What is wrong with a file of settings is told by the library that reads it."""
    import yaml

    from ledger import validation

    put(validation, "load_yaml", lambda file: yaml.safe_load(file.read_text(encoding="utf-8")))
    from crawlers import outlets
    from flows.delivery import subscriptions

    for module in (outlets, subscriptions):
        put(module, "load_yaml", validation.load_yaml)


FAULTS: dict[str, tuple[str, Callable[[], None]]] = {  # and the part that must find it
    "off-by-one": ("pure", _off_by_one),
    "crash": ("line", _crash),
    "quadratic": ("pure", _quadratic),
    "leak": ("line", _leak),
    "swallowed": ("line", _swallowed),
    "slow": ("line", _slow),
    "formulas": ("inputs", _formulas),
    "unnamed": ("inputs", _unnamed),
}
