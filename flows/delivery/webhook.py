"""The digest as JSON, posted to an address. An entry of subscriptions.yaml:

- channel: webhook
  url: https://example.org/hook
  secret_file: hook-secret       # signs the body: X-Said-Signature: sha256=HMAC, in hex
"""

from __future__ import annotations

import hashlib
import hmac
import ssl
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Annotated, ClassVar, Self
from urllib.parse import urlsplit

from pydantic import AfterValidator, BaseModel, ConfigDict

from flows.delivery.channel import NO_CONNECTION, NOT_UNDERSTOOD, REFUSED, TIMEOUT, Receipt, secret
from flows.digest.archive import Letter
from ledger.presentation.links import web_link
from ledger.settings import Settings
from ledger.types import content_id
from ledger.validation import check


def _plain_link(url: str) -> str:
    if not web_link(url) or "@" in urlsplit(url).netloc:
        raise ValueError("must be an http or https address without a password in it")
    return url


class WebhookEntry(BaseModel):
    """An entry as it is written."""

    model_config = ConfigDict(extra="forbid", strict=True, frozen=True)

    url: Annotated[str, AfterValidator(_plain_link)]
    secret_file: str = ""


@dataclass(frozen=True, slots=True)
class Webhook:
    """An address that takes the digest, signed with ``secret`` unless that is ""."""

    key: ClassVar[str] = "webhook"
    target: str = field(repr=False)  # the whole address
    secret: str = field(repr=False)

    @property
    def shown(self) -> str:
        return urlsplit(self.target).netloc  # what comes after the host is often a secret

    @classmethod
    def load(cls, settings: Settings, where: str, entry: Mapping[str, object]) -> list[Self]:
        given = check(WebhookEntry, entry, where)
        return [cls(given.url, secret(settings, where, "secret_file", given.secret_file))]

    def send(self, letter: Letter) -> Receipt:
        import httpx  # noqa: PLC0415  # takes 0.2 s, and a run that sends nothing need not wait for it

        body = letter.part("json").encode()
        headers = {
            "Content-Type": "application/json; charset=utf-8",
            "User-Agent": "said-and-done",
            "Idempotency-Key": f"{letter.name}.{content_id(letter.part('txt'), self.target)}",
        }
        if self.secret:
            signature = hmac.new(self.secret.encode(), body, hashlib.sha256).hexdigest()
            headers["X-Said-Signature"] = f"sha256={signature}"
        try:
            # A hook that has moved is an error to be mended in the file: a POST is not sent on elsewhere.
            # The answer's body is left unread. Certificates are those that the machine trusts.
            with httpx.stream(
                "POST", self.target, content=body, headers=headers, timeout=TIMEOUT,
                follow_redirects=False, verify=ssl.create_default_context(),
            ) as answer:  # fmt: skip
                return Receipt() if answer.is_success else Receipt(REFUSED, f"status {answer.status_code}")
        except (httpx.ProtocolError, httpx.InvalidURL) as error:
            return Receipt(NOT_UNDERSTOOD, f"{type(error).__name__}: {error}"[:200])
        except httpx.TransportError as error:  # no connection, a certificate that does not hold, a time-out
            return Receipt(NO_CONNECTION, str(error)[:200])
