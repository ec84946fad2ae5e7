"""The digest's ways out: a file always, e-mail and webhook where ``subscriptions.yaml`` asks for them.

Each target gets each digest once: what was sent, and what failed, is noted in
``data/digests/<name>.sent.json`` after every attempt. What failed is tried again with the digests of
the next days, for a week, since those do not tell the same things again.
"""

from __future__ import annotations

import hashlib
import hmac
import http.client
import json
import smtplib
import ssl
import urllib.error
import urllib.request
from collections.abc import Callable, Collection, Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from email.headerregistry import Address
from email.message import EmailMessage
from email.utils import format_datetime
from pathlib import Path
from typing import IO, Any

from flows.digest_files import as_json, html_of, keep, make_digest, name_of, records, replace, text_of
from flows.subscriptions import Email, Webhook, load_subscriptions
from ledger.errors import WrongUse
from ledger.settings import LONDON, Settings
from ledger.types import Counts, content_id

CHANNELS = ("file", "email", "webhook")
_TIMEOUT = 30.0  # seconds for each step of talking to a server
_TRY_AGAIN_DAYS = 7


@dataclass(frozen=True, slots=True)
class Letter:
    """A digest ready to go: ``name`` is that of its files, ``payload`` its JSON."""

    name: str
    subject: str
    html: str
    text: str
    payload: dict[str, Any]


def publish(
    settings: Settings,
    day: date | None = None,
    since: date | None = None,
    channels: Collection[str] = CHANNELS,
) -> tuple[Path, Counts]:
    """Write the digest to its files, whatever the channels, and send it to the subscribers on ``channels``.

    Gives the HTML file and the counts: read, targets; written, messages sent; skipped, sent before;
    problems, deliveries that failed and will be tried again. Raises WrongUse as `make_digest` does.

    A digest that has gone to anybody is closed: what comes up later that day is told by the next one. Before
    the digest counts as told, every subscriber is noted as waiting for it; who does not get it now, for
    whatever reason, gets it with a later one.
    """
    if unknown := set(channels) - set(CHANNELS):
        raise WrongUse(f"unknown channel {sorted(unknown)[0]!r}; known are {', '.join(CHANNELS)}")
    subscriptions = load_subscriptions(settings)
    digest = make_digest(settings, day, since)
    name = name_of(digest.day, since)
    if since is None and "sent" in _noted(settings, name).values():
        letter, page = _stored(settings.digests, name), settings.digests / f"{name}.html"
    else:
        letter = Letter(name, digest.subject, html_of(digest), text_of(digest), as_json(digest))
        if since is None:
            for channel, target in _targets(subscriptions):
                _note(settings, name, content_id(channel, target), "pending")
        page = keep(settings.digests, digest, since)
    counts = Counts("digest")
    for subscription in subscriptions:
        if isinstance(subscription, Email) and "email" in channels:
            _deliver(
                settings, letter, subscription, [(a, _mail(subscription, a)) for a in subscription.to], counts
            )
        elif isinstance(subscription, Webhook) and "webhook" in channels:
            _deliver(settings, letter, subscription, [(subscription.url, _post(subscription))], counts)
    return page, counts


Way = Callable[[Letter], None]


def _targets(subscriptions: Iterable[Email | Webhook]) -> Iterator[tuple[str, str]]:
    for one in subscriptions:
        if isinstance(one, Email):
            yield from (("email", address) for address in one.to)
        else:
            yield "webhook", one.url


def _deliver(
    settings: Settings, letter: Letter, to: Email | Webhook, ways: list[tuple[str, Way]], counts: Counts
) -> None:
    channel = "email" if isinstance(to, Email) else "webhook"
    for target, way in ways:
        key = content_id(channel, target)
        for due in [*_missed_before(settings, letter.name, key), letter]:
            counts.read += 1
            if _noted(settings, due.name).get(key) == "sent":
                counts.skip("sent before")
                continue
            problem = _attempt(way, due)
            _note(settings, due.name, key, "failed" if problem else "sent")
            if problem:
                reason, detail = problem
                counts.problem(f"{due.name} to {_shown(target)}", reason, detail)
            else:
                counts.written += 1


def _attempt(way: Way, letter: Letter) -> tuple[str, str] | None:
    """None when the letter went, else the reason and detail of the failure."""
    try:
        way(letter)
    except urllib.error.HTTPError as error:
        error.close()
        return "refused by the server", f"status {error.code}"
    except smtplib.SMTPResponseException as error:
        said = error.smtp_error
        words = said.decode("utf-8", "replace") if isinstance(said, bytes) else str(said)
        return "refused by the server", f"{error.smtp_code} {words}"[:200]
    except smtplib.SMTPRecipientsRefused as error:
        return "refused by the server", "; ".join(f"{code}" for code, _ in error.recipients.values())
    except (smtplib.SMTPException, http.client.HTTPException) as error:
        return "server not understood", f"{type(error).__name__}: {error}"[:200]
    except OSError as error:  # no connection, a certificate that does not hold, a time-out
        return "no connection", str(error)[:200]
    return None


def _missed_before(settings: Settings, name: str, key: str) -> Iterator[Letter]:
    """Daily digests of the last week that this target should have had and did not get, oldest first."""
    last = date.fromisoformat(name[:10])
    for record in records(settings.digests):
        day = record.day.isoformat()
        recent = last - timedelta(days=_TRY_AGAIN_DAYS) <= record.day < last
        if recent and _noted(settings, day).get(key) in ("failed", "pending"):
            yield _stored(settings.digests, day)


def _stored(folder: Path, name: str) -> Letter:
    try:
        payload = json.loads((folder / f"{name}.json").read_text(encoding="utf-8"))["digest"]
        html, text = ((folder / f"{name}.{kind}").read_text(encoding="utf-8") for kind in ("html", "txt"))
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise WrongUse(f"the digest {name} in {folder} is not whole ({error}): remove its files") from error
    return Letter(name, str(payload["subject"]), html, text, payload)


def _noted(settings: Settings, name: str) -> dict[str, str]:
    file = settings.digests / f"{name}.sent.json"
    try:
        noted = json.loads(file.read_text(encoding="utf-8"))
        if isinstance(noted, dict):
            return noted
    except FileNotFoundError:
        return {}
    except (OSError, ValueError) as error:
        raise WrongUse(f"{file} cannot be read ({error}): remove it, and its digest is sent again") from error
    raise WrongUse(f"{file} is no note of what was sent: remove it, and its digest is sent again")


def _note(settings: Settings, name: str, key: str, what: str) -> None:
    noted = {**_noted(settings, name), key: what}
    settings.digests.mkdir(parents=True, exist_ok=True)
    replace(settings.digests / f"{name}.sent.json", json.dumps(noted, indent=1, sort_keys=True) + "\n")


def _shown(target: str) -> str:
    """A target as it may stand in a log: of a web address only the host, for the rest can be a secret."""
    return target.split("/")[2] if "://" in target else target


def _mail(to: Email, recipient: str) -> Way:
    def send(letter: Letter) -> None:
        message = make_message(letter, to.sender, recipient)
        context = ssl.create_default_context(cafile=to.ca_file)
        server: smtplib.SMTP
        if to.security == "tls":
            server = smtplib.SMTP_SSL(to.server, to.port, timeout=_TIMEOUT, context=context)
        else:
            server = smtplib.SMTP(to.server, to.port, timeout=_TIMEOUT)
        with server:
            if to.security == "starttls":
                server.starttls(context=context)
            if to.user:
                server.login(to.user, to.password)
            server.send_message(message)

    return send


def make_message(letter: Letter, sender: str, recipient: str) -> EmailMessage:
    """The letter as an e-mail: plain text, and HTML beside it."""
    message = EmailMessage()
    message["Subject"] = letter.subject
    message["From"] = Address("Said & Done", addr_spec=sender)
    message["To"] = Address(addr_spec=recipient)
    message["Date"] = format_datetime(datetime.now(LONDON))
    domain = sender.rpartition("@")[2]
    message["Message-ID"] = f"<{letter.name}.{content_id(letter.text, recipient)}@{domain}>"
    message["Auto-Submitted"] = "auto-generated"
    message.set_content(letter.text)
    message.add_alternative(letter.html, subtype="html")
    return message


class _NoRedirect(urllib.request.HTTPRedirectHandler):
    """A hook that has moved is an error to be mended in the file: a POST is not sent on elsewhere."""

    def redirect_request(
        self, req: urllib.request.Request, fp: IO[bytes], code: int, msg: str, headers: Any, newurl: str
    ) -> None:
        return None


def _post(to: Webhook) -> Way:
    def send(letter: Letter) -> None:
        body = json.dumps(letter.payload, ensure_ascii=False).encode()
        headers = {
            "Content-Type": "application/json; charset=utf-8",
            "User-Agent": "said-and-done",
            "Idempotency-Key": f"{letter.name}.{content_id(letter.text, to.url)}",
        }
        if to.secret:
            headers["X-Said-Signature"] = (
                "sha256=" + hmac.new(to.secret.encode(), body, hashlib.sha256).hexdigest()
            )
        request = urllib.request.Request(to.url, body, headers, method="POST")
        with urllib.request.build_opener(_NoRedirect).open(request, timeout=_TIMEOUT):
            pass

    return send
