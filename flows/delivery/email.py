"""The digest by e-mail, a message of their own for each reader. An entry of subscriptions.yaml:

- channel: email
  to: [desk@example.org]
  sender: digest@example.org
  server: smtp.example.org
  port: 587                      # default by security: 587, 465, 25
  security: starttls             # starttls (default), tls or none
  user: digest                   # with a password, where the server asks for it
  password_env: SMTP_PASSWORD    # the environment variable that holds the password, or
  password_file: smtp-password   # a file of mode 0600, its first line; the path begins at the home folder
  ca_file: own-ca.pem            # only for a server whose certificate no public authority signed

A server that has the whole message and does not answer leaves it unknown whether the reader got it. Such a
message is not sent again, since most servers would deliver both; everything before the last dot can be sent
again, for a server must throw half a message away (RFC 5321, 4.1.1.4 and 6.1).
"""

from __future__ import annotations

import re
import smtplib
import socket
import ssl
from collections.abc import Callable, Mapping
from contextlib import closing, suppress
from dataclasses import dataclass
from datetime import datetime
from email.headerregistry import Address
from email.message import EmailMessage
from email.utils import format_datetime
from pathlib import Path
from typing import Annotated, Any, ClassVar, Literal, Self

import css_inline
from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, SecretStr, model_validator

from flows.delivery.channel import (
    NO_ANSWER,
    NO_CONNECTION,
    NOT_UNDERSTOOD,
    REFUSED,
    TIMEOUT,
    Delivered,
    Receipt,
)
from flows.digest.archive import Letter
from ledger.days import LONDON
from ledger.secret import secret
from ledger.settings import Settings
from ledger.validation import Wanted, check

_ANSWER_TIMEOUT = 600.0  # seconds for the answer to a whole message (RFC 5321, 4.5.3.2.6)
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
    password_env: str = ""
    ca_file: str = ""

    @model_validator(mode="after")
    def _password_is_safe(self) -> Self:
        if bool(self.user) != bool(self.password_file or self.password_env):
            raise ValueError("user and password_file (or password_env) belong together")
        if self.user and self.security == "none" and self.server not in _LOOPBACK:
            raise ValueError("a password is not sent without encryption: set security to starttls or tls")
        return self


@dataclass(frozen=True, slots=True)
class Email:
    """One reader, and the server that takes their mail."""

    key: ClassVar[str] = "email"
    target: str  # the address
    entry: EmailEntry
    password: SecretStr
    ca_file: Path | None

    @property
    def shown(self) -> str:
        return self.target

    @property
    def noted(self) -> str:
        name, _, domain = self.target.rpartition("@")
        return f"{name[0]}…@{domain}"

    @classmethod
    def load(cls, settings: Settings, where: str, entry: Mapping[str, object]) -> list[Self]:
        given = check(EmailEntry, entry, where)
        password = secret(settings, where, "password", given.password_file, given.password_env)
        ca_file = settings.home / given.ca_file if given.ca_file else None
        return [cls(address, given, password, ca_file) for address in dict.fromkeys(given.to)]

    def send(self, letter: Letter, commit: Callable[[], None]) -> Receipt:
        ended = False

        def end() -> None:
            nonlocal ended
            ended = True

        try:
            message, context = self.message(letter), ssl.create_default_context(cafile=self.ca_file)
            with closing(self._connected(context)) as server:
                server.before_end, server.at_end = commit, end
                self._talk(server, context, message)
        except smtplib.SMTPDataError as error:
            if ended and not 400 <= error.smtp_code < 600:  # an answer that is none
                return Receipt(NO_ANSWER, _words(error), "unknown")
            return _refused(error, _lasting(error.smtp_code))
        except smtplib.SMTPResponseException as error:  # greeting, login, sender: for a person to mend
            return _refused(error, "failed")
        except smtplib.SMTPRecipientsRefused as error:
            ((code, _),) = error.recipients.values()
            return Receipt(REFUSED, str(code), _lasting(code))
        except OSError as error:  # a cut, no connection, a bad certificate, a time-out
            if ended:
                return Receipt(NO_ANSWER, _words(error), "unknown")
            cut = isinstance(error, smtplib.SMTPServerDisconnected)
            odd = isinstance(error, smtplib.SMTPException) and not cut
            return Receipt(NOT_UNDERSTOOD if odd else NO_CONNECTION, _words(error), "failed")
        return Receipt()

    def message(self, letter: Letter) -> EmailMessage:
        """The letter as an e-mail: plain text, and beside it HTML with its styles in every tag."""
        sender = self.entry.sender
        message = EmailMessage()
        message["Subject"] = " ".join(letter.subject.split())  # a line of a header ends at its end alone
        message["From"] = Address("Said & Done", addr_spec=sender)
        message["To"] = Address(addr_spec=self.target)
        message["Date"] = format_datetime(datetime.now(LONDON))
        message["Message-ID"] = f"<{letter.name}@{sender.rpartition('@')[2]}>"
        if letter.unsubscribe:  # RFC 8058: mail programs end it with one click
            message["List-Unsubscribe"] = f"<{letter.unsubscribe}>"
            message["List-Unsubscribe-Post"] = "List-Unsubscribe=One-Click"
        message["Auto-Submitted"] = "auto-generated"
        message.set_content(letter.part("txt"))
        html = css_inline.inline(letter.part("html"), load_remote_stylesheets=False)
        message.add_alternative(html, subtype="html")
        return message

    def _connected(self, context: ssl.SSLContext) -> _Committing:
        to = self.entry
        port = to.port or _PORTS[to.security]
        if to.security == "tls":
            return _CommittingOverTls(to.server, port, timeout=TIMEOUT, context=context)
        return _Committing(to.server, port, timeout=TIMEOUT)

    def _talk(self, server: _Committing, context: ssl.SSLContext, message: EmailMessage) -> None:
        if self.entry.security == "starttls":
            server.starttls(context=context)
        if self.entry.user:
            server.login(self.entry.user, self.password.get_secret_value())
        server.send_message(message)
        with suppress(OSError):  # the letter is taken, whatever becomes of the goodbye
            server.quit()


class _Committing(smtplib.SMTP):
    """A client that calls ``before_end`` between a message and the dot that ends it, and sends no dot to a
    server that has hung up by then, since it could not tell afterwards what that had seen. ``at_end`` is
    called when it does send it."""

    before_end: Callable[[], None]
    at_end: Callable[[], None]

    def data(self, msg: Any) -> tuple[int, bytes]:
        self.putcmd("data")
        code, said = self.getreply()
        if code != 354:
            raise smtplib.SMTPDataError(code, said)
        body = re.sub(rb"(?m)^\.", b"..", msg)
        self.send(body if body.endswith(b"\r\n") else body + b"\r\n")
        self.before_end()
        assert self.sock is not None  # connected, since it has just answered
        if _hung_up(self.sock):
            raise smtplib.SMTPServerDisconnected("Connection closed within the message")
        self.sock.settimeout(_ANSWER_TIMEOUT)
        self.at_end()
        self.send(b".\r\n")
        return self.getreply()


class _CommittingOverTls(smtplib.SMTP_SSL, _Committing):
    """The same over an encrypted line."""


def _hung_up(connection: socket.socket) -> bool:
    """Whether the other side has closed, or talks out of turn. Raises OSError where the line broke."""
    connection.setblocking(False)
    try:
        connection.recv(1)
    except (BlockingIOError, ssl.SSLWantReadError):  # it listens
        return False
    return True


def _lasting(code: int) -> Delivered:
    """A 5xx is the server's last word, a 4xx asks to come again later (RFC 5321, 4.2.1)."""
    return "refused" if 500 <= code < 600 else "failed"


def _refused(error: smtplib.SMTPResponseException, outcome: Delivered) -> Receipt:
    said = error.smtp_error
    words = said.decode("utf-8", "replace") if isinstance(said, bytes) else str(said)
    return Receipt(REFUSED, f"{error.smtp_code} {words}"[:200], outcome)


def _words(error: Exception) -> str:
    return str(error)[:200]
