"""The digest posted to an address. An entry of subscriptions.yaml:

- channel: webhook
  url: https://example.org/hook  # or url_env, url_file, where the address itself is a secret
  form: json                     # json (default): the digest's own; slack: what Slack and its like show
  secret_env: HOOK_SECRET        # the environment variable that holds the key that signs, or
  secret_file: hook-secret       # a file of mode 0600, its first line

A request is signed as Standard Webhooks (https://www.standardwebhooks.com) has it: webhook-id, the same at
every try, so that a receiver can leave out what it has; webhook-timestamp, in seconds since 1970; and
webhook-signature, "v1," and the base64 of the HMAC-SHA256 over id, timestamp and body, with dots between. A
key that begins with whsec_ is base64, any other stands for itself. Idempotency-Key is the id again.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import hmac
import ssl
import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import TYPE_CHECKING, Annotated, ClassVar, Literal, Self
from urllib.parse import urlsplit

from pydantic import AfterValidator, BaseModel, ConfigDict, SecretStr, model_validator

from crawlers.site_rules.peers import only_public
from flows.delivery.channel import (
    NO_ANSWER,
    NO_CONNECTION,
    NOT_UNDERSTOOD,
    REFUSED,
    TIMEOUT,
    Receipt,
)
from flows.delivery.slack import slack_message
from flows.digest.archive import Letter
from ledger.errors import WrongUse
from ledger.presentation.links import web_link
from ledger.secret import secret
from ledger.settings import Settings
from ledger.validation import check

if TYPE_CHECKING:
    import httpx

_ENCODED = "whsec_"
_GONE = 410  # asks never to be called again
_LONGEST_WAIT = 86_400.0  # seconds: a server that asks for more is asked again after a day


def _plain_link(url: str) -> str:
    if not web_link(url) or "@" in urlsplit(url).netloc:
        raise ValueError("must be an http or https address without a password in it")
    return url


class WebhookEntry(BaseModel):
    """An entry as it is written."""

    model_config = ConfigDict(extra="forbid", strict=True, frozen=True)

    url: Annotated[str, AfterValidator(_plain_link)] = ""
    url_file: str = ""
    url_env: str = ""
    form: Literal["json", "slack"] = "json"
    secret_file: str = ""
    secret_env: str = ""

    @model_validator(mode="after")
    def _has_one_address(self) -> Self:
        if sum(map(bool, (self.url, self.url_file, self.url_env))) != 1:
            raise ValueError("has no url; add a line url, url_env or url_file, and only one of them")
        return self


@dataclass(frozen=True, slots=True)
class Webhook:
    """An address that takes the digest, signed unless ``key`` of the signature is empty."""

    key: ClassVar[str] = "webhook"
    address: SecretStr
    form: Literal["json", "slack"]
    signing: bytes

    def __repr__(self) -> str:
        return f"Webhook({self.shown!r}, {self.form!r})"

    @property
    def target(self) -> str:
        return self.address.get_secret_value()

    @property
    def shown(self) -> str:
        return urlsplit(self.target).netloc  # what comes after the host is often a secret

    @property
    def noted(self) -> str:
        return self.shown

    @classmethod
    def load(cls, settings: Settings, where: str, entry: Mapping[str, object]) -> list[Self]:
        given = check(WebhookEntry, entry, where)
        address = SecretStr(given.url)
        if not given.url:
            address = secret(settings, where, "url", given.url_file, given.url_env)
            try:
                _plain_link(address.get_secret_value())
            except ValueError as error:
                raise WrongUse(f"{where}: the address in url_file or url_env {error}") from error
        key = secret(settings, where, "secret", given.secret_file, given.secret_env)
        return [cls(address, given.form, _key(where, key.get_secret_value()))]

    def send(self, letter: Letter, commit: Callable[[], None]) -> Receipt:
        import httpx  # noqa: PLC0415  # takes 0.2 s, and a run that sends nothing need not wait for it

        slack = self.form == "slack"
        body = slack_message(letter) if slack else letter.part("json").encode()
        committed = False

        def about_to_end() -> None:
            nonlocal committed
            commit()
            committed = True

        try:
            # A hook that has moved is an error to be mended in the file: a POST is not sent on elsewhere.
            # Slack and its like tell no second message by its id. The answer's body is left unread.
            # Certificates are those that the machine trusts. A public name leads to no private address.
            with (
                httpx.Client(timeout=TIMEOUT, verify=ssl.create_default_context()) as client,
                client.stream(
                    "POST", self.target, headers=self._headers(letter.name, body),
                    content=_committing(body, about_to_end) if slack else body,
                    follow_redirects=False, extensions=only_public(self.target),
                ) as answer,
            ):  # fmt: skip
                return _receipt(answer)
        except (httpx.TransportError, httpx.InvalidURL) as error:
            words = f"{type(error).__name__}: {error}"[:200]
            if committed:
                return Receipt(NO_ANSWER, words, "unknown")
            odd = isinstance(error, httpx.ProtocolError | httpx.InvalidURL)
            return Receipt(NOT_UNDERSTOOD if odd else NO_CONNECTION, words, "failed")

    def _headers(self, id: str, body: bytes) -> dict[str, str]:
        now = str(int(time.time()))
        headers = {
            "Content-Type": "application/json; charset=utf-8",
            "Content-Length": str(len(body)),
            "User-Agent": "said-and-done",
            "Idempotency-Key": id,
            "webhook-id": id,
            "webhook-timestamp": now,
        }
        if self.signing:
            signed = hmac.new(self.signing, b".".join((id.encode(), now.encode(), body)), hashlib.sha256)
            headers["webhook-signature"] = f"v1,{base64.b64encode(signed.digest()).decode()}"
        return headers


def _key(where: str, given: str) -> bytes:
    if not given.startswith(_ENCODED):
        return given.encode()
    try:
        return base64.b64decode(given.removeprefix(_ENCODED), validate=True)
    except binascii.Error as error:
        raise WrongUse(f"{where}: what follows {_ENCODED} in the secret is no base64") from error


def _committing(body: bytes, commit: Callable[[], None]) -> Iterator[bytes]:
    """The body in two pieces: without its last byte no server can take it for whole."""
    yield body[:-1]
    commit()
    yield body[-1:]


def _receipt(answer: httpx.Response) -> Receipt:
    if answer.is_success:
        return Receipt()
    outcome: Literal["refused", "failed"] = "refused" if answer.status_code == _GONE else "failed"
    return Receipt(REFUSED, f"status {answer.status_code}", outcome, _wait(answer.headers.get("Retry-After")))


def _wait(asked: str | None) -> float:
    """Seconds of a Retry-After line, which holds a number of them or a date (RFC 9110, 10.2.3)."""
    given = (asked or "").strip()
    if given.isascii() and given.isdigit():
        return min(float(given), _LONGEST_WAIT)
    try:
        until = parsedate_to_datetime(given)
    except ValueError:
        return 0
    aware = until if until.tzinfo else until.replace(tzinfo=UTC)
    return min(max(0.0, (aware - datetime.now(UTC)).total_seconds()), _LONGEST_WAIT)
