"""The sample web over HTTP: one process, a port for each outlet, a log of every request.

``with serve() as web:`` starts it in threads of this process; ``python -m sample`` runs it by hand. The
outlets lie on 127.0.0.1 from ``base_port`` up, in the order of ``publishers.yaml`` (8801 to 8807); with
``hostile`` the hosts of ``sample.hostile.model`` follow from ``base_port + 10``.
"""

from __future__ import annotations

import socket
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from functools import cache, partial

from ledger.errors import WrongUse
from sample.handler import Listener, Special
from sample.hostile.answers import special
from sample.hostile.model import HOSTS
from sample.site import Site
from sample.stories import BASE_PORT, publishers, stories
from sample.web import HOST, Web

__all__ = ["Web", "serve"]
MOST_PORTS = 30  # a base port leaves room for as many


@contextmanager
def serve(
    base_port: int = BASE_PORT, edition: int = 1, hostile: bool = False, drip: float = 6.0
) -> Iterator[Web]:
    """Serve the sample web until the block ends.

    ``base_port`` 0 takes a free run of ports. ``edition``: see ``sample.stories``. ``hostile`` adds the
    hostile hosts; their slow answers take ``drip`` seconds. Raises WrongUse when a port is in use or
    the edition unknown.
    """
    stories(edition)  # an edition that does not exist is told before any port is opened
    listeners, web = _bind(base_port, edition, hostile, drip)
    threads = [
        threading.Thread(target=listener.serve_forever, args=(0.05,), daemon=True) for listener in listeners
    ]
    for thread in threads:
        thread.start()
    try:
        yield web
    finally:
        with ThreadPoolExecutor(len(listeners)) as pool:  # each waits for its thread's next look
            list(pool.map(Listener.end, listeners))


def _bind(base_port: int, edition: int, hostile: bool, drip: float) -> tuple[list[Listener], Web]:
    if base_port:
        return _bind_at(base_port, edition, hostile, drip)
    for attempt in range(50):
        try:
            return _bind_at(_free_port(attempt), edition, hostile, drip)
        except WrongUse:
            continue
    raise WrongUse("no free run of ports was found; give a base port yourself")


def _bind_at(base_port: int, edition: int, hostile: bool, drip: float) -> tuple[list[Listener], Web]:
    if not 1 <= base_port <= 65535 - MOST_PORTS:
        raise WrongUse(f"base port {base_port}: take one from 1 to {65535 - MOST_PORTS}")
    web = Web(base_port, edition)
    listeners: list[Listener] = []
    try:
        for publisher in publishers():
            port = base_port + publisher.offset
            listener = _listen(port, web, publisher.name)
            listeners.append(listener)
            listener.sites = cache(partial(Site, publisher, f"http://{HOST}:{port}"))
            listener.sites(edition)
            listener.validators = publisher.validators
        if hostile:
            for host in HOSTS:
                port = base_port + host.offset
                origin = f"http://{HOST}:{port}"
                listeners.append(_listen(port, web, host.name, special(host, origin, drip)))
    except WrongUse:
        for listener in listeners:
            listener.server_close()
        raise
    return listeners, web


def _listen(port: int, web: Web, name: str, special: Special | None = None) -> Listener:
    try:
        listener = Listener((HOST, port), web, name, special)
    except OSError as error:
        raise WrongUse(
            f"port {port} on {HOST} cannot be opened for the sample web ({error.strerror}); "
            "stop what uses it, such as another sample run, or give another base port"
        ) from error
    web.ports[name] = port
    return listener


def _free_port(attempt: int) -> int:
    """A port the system names as free; the run after it is tried by binding."""
    with socket.socket() as probe:
        probe.bind((HOST, 0))
        port = int(probe.getsockname()[1])
    return port if port <= 65535 - MOST_PORTS else 20000 + attempt * MOST_PORTS
