"""The digest by e-mail, a message of their own for each reader. An entry of subscriptions.yaml:

- channel: email
  to: [desk@example.org]
  sender: digest@example.org
  server: smtp.example.org
  port: 587                      # default by security: 587, 465, 25
  security: starttls             # starttls (default), tls or none
  user: digest                   # with password_file, where the server asks for it
  password_file: smtp-password   # its first line; the path is reckoned from the home folder
  ca_file: own-ca.pem            # only for a server whose certificate no public authority signed
"""

from __future__ import annotations

import smtplib
import ssl
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from email.headerregistry import Address
from email.message import EmailMessage
from email.utils import format_datetime
from pathlib import Path
from typing import Annotated, ClassVar, Literal, Self

import css_inline
from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, model_validator

from flows.delivery.channel import NO_CONNECTION, NOT_UNDERSTOOD, REFUSED, TIMEOUT, Receipt, secret
from flows.digest.archive import Letter
from ledger.days import LONDON
from ledger.settings import Settings
from ledger.types import content_id
from ledger.validation import Wanted, check

_PORTS = {"starttls": 587, "tls": 465, "none": 25}
_LOOPBACK = ("127.0.0.1", "::1", "localhost")


def _listed(given: object) -> object:
    if given == []:
        raise ValueError("must list at least one address")
    return [given] if isinstance(given, str) else given


_Address = Annotated[
    str,
    Field(pattern=r"^[^@\s<>,;\x00-\x20]{1,64}@[^@\s<>,;\x00-\x20]{1,255}$"),
    Wanted("an e-mail address"),
]


class EmailEntry(BaseModel):
    """An entry as it is written: one mail server and the people it reaches."""

    model_config = ConfigDict(extra="forbid", strict=True, frozen=True)

    to: Annotated[list[_Address], BeforeValidator(_listed)]
    sender: _Address
    server: Annotated[str, Field(min_length=1)]
    port: Annotated[int | None, Field(gt=0, lt=65536), Wanted("a number from 1 to 65535")] = None
    security: Literal["starttls", "tls", "none"] = "starttls"
    user: str = ""
    password_file: str = ""
    ca_file: str = ""

    @model_validator(mode="after")
    def _password_is_safe(self) -> Self:
        if bool(self.user) != bool(self.password_file):
            raise ValueError("user and password_file belong together")
        if self.user and self.security == "none" and self.server not in _LOOPBACK:
            raise ValueError("a password is not sent without encryption: set security to starttls or tls")
        return self


@dataclass(frozen=True, slots=True)
class Email:
    """One reader, and the server that takes their mail."""

    key: ClassVar[str] = "email"
    target: str  # the address
    entry: EmailEntry
    password: str = field(repr=False)
    ca_file: Path | None

    @property
    def shown(self) -> str:
        return self.target

    @classmethod
    def load(cls, settings: Settings, where: str, entry: Mapping[str, object]) -> list[Self]:
        given = check(EmailEntry, entry, where)
        password = secret(settings, where, "password_file", given.password_file)
        ca_file = settings.home / given.ca_file if given.ca_file else None
        return [cls(address, given, password, ca_file) for address in dict.fromkeys(given.to)]

    def send(self, letter: Letter) -> Receipt:
        try:
            self._send(self.message(letter))
        except smtplib.SMTPResponseException as error:
            said = error.smtp_error
            words = said.decode("utf-8", "replace") if isinstance(said, bytes) else str(said)
            return Receipt(REFUSED, f"{error.smtp_code} {words}"[:200])
        except smtplib.SMTPRecipientsRefused as error:
            return Receipt(REFUSED, "; ".join(f"{code}" for code, _ in error.recipients.values()))
        except smtplib.SMTPException as error:
            return Receipt(NOT_UNDERSTOOD, f"{type(error).__name__}: {error}"[:200])
        except OSError as error:  # no connection, a certificate that does not hold, a time-out
            return Receipt(NO_CONNECTION, str(error)[:200])
        return Receipt()

    def message(self, letter: Letter) -> EmailMessage:
        """The letter as an e-mail: plain text, and beside it HTML with its styles in every tag."""
        sender, text = self.entry.sender, letter.part("txt")
        message = EmailMessage()
        message["Subject"] = letter.subject
        message["From"] = Address("Said & Done", addr_spec=sender)
        message["To"] = Address(addr_spec=self.target)
        message["Date"] = format_datetime(datetime.now(LONDON))
        domain = sender.rpartition("@")[2]
        message["Message-ID"] = f"<{letter.name}.{content_id(text, self.target)}@{domain}>"
        message["Auto-Submitted"] = "auto-generated"
        message.set_content(text)
        html = css_inline.inline(letter.part("html"), load_remote_stylesheets=False)
        message.add_alternative(html, subtype="html")
        return message

    def _send(self, message: EmailMessage) -> None:
        to = self.entry
        port = to.port or _PORTS[to.security]
        context = ssl.create_default_context(cafile=self.ca_file)
        server: smtplib.SMTP
        if to.security == "tls":
            server = smtplib.SMTP_SSL(to.server, port, timeout=TIMEOUT, context=context)
        else:
            server = smtplib.SMTP(to.server, port, timeout=TIMEOUT)
        with server:
            if to.security == "starttls":
                server.starttls(context=context)
            if to.user:
                server.login(to.user, self.password)
            server.send_message(message)
