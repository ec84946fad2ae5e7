"""Who gets the digest, and how: ``subscriptions.yaml`` in the home folder.

- channel: email
  to: [desk@example.org]
  sender: digest@example.org
  server: smtp.example.org
  port: 587                      # default by security: 587, 465, 25
  security: starttls             # starttls (default), tls or none
  user: digest                   # with password_file, where the server asks for it
  password_file: smtp-password   # its first line; the path is reckoned from the home folder
  ca_file: own-ca.pem            # only for a server whose certificate no public authority signed
- channel: webhook
  url: https://example.org/hook
  secret_file: hook-secret       # signs the body: X-Said-Signature: sha256=HMAC, in hex
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Literal, get_args
from urllib.parse import urlsplit

import yaml

from ledger.errors import WrongUse
from ledger.presentation.links import web_link
from ledger.settings import Settings

Security = Literal["starttls", "tls", "none"]
_PORTS = {"starttls": 587, "tls": 465, "none": 25}
_ADDRESS = re.compile(r"[^@\s<>,;\x00-\x20]{1,64}@[^@\s<>,;\x00-\x20]{1,255}")
_LOOPBACK = ("127.0.0.1", "::1", "localhost")


@dataclass(frozen=True, slots=True)
class Email:
    """One mail server and the people it reaches; each gets a message of their own."""

    to: tuple[str, ...]
    sender: str
    server: str
    port: int
    security: Security
    user: str
    password: str
    ca_file: Path | None


@dataclass(frozen=True, slots=True)
class Webhook:
    """An address that is sent the digest as JSON, signed with ``secret`` unless that is ""."""

    url: str
    secret: str


def load_subscriptions(settings: Settings) -> list[Email | Webhook]:
    """The subscriptions of the home folder; none without the file.

    Raises WrongUse naming the file, the entry and what is wrong with it.
    """
    file = settings.own_file("subscriptions.yaml")
    if file is None:
        return []
    try:
        given = yaml.safe_load(file.read_text(encoding="utf-8"))
    except (yaml.YAMLError, UnicodeDecodeError, OSError) as error:
        raise WrongUse(f"{file}: not readable as YAML ({' '.join(str(error).split())[:200]})") from error
    if given is None:
        return []
    if not isinstance(given, list) or not all(isinstance(entry, dict) for entry in given):
        raise WrongUse(f"{file}: must be a list of entries that begin with `- channel:`")
    return [_entry(settings, f"{file}, entry {n}", entry) for n, entry in enumerate(given, 1)]


def _entry(settings: Settings, where: str, entry: Mapping[str, object]) -> Email | Webhook:
    channel = entry.get("channel")
    if channel == "email":
        return _email(settings, where, entry)
    if channel == "webhook":
        return _webhook(settings, where, entry)
    raise WrongUse(f"{where}: channel must be email or webhook, not {channel!r}")


def _email(settings: Settings, where: str, entry: Mapping[str, object]) -> Email:
    known = ("channel", "to", "sender", "server", "port", "security", "user", "password_file", "ca_file")
    _only(where, entry, known)
    to = entry.get("to")
    listed = [to] if isinstance(to, str) else to
    if not isinstance(listed, list) or not listed:
        raise WrongUse(f"{where}: to must list at least one address")
    for address in [*listed, entry.get("sender")]:
        if not isinstance(address, str) or not _ADDRESS.fullmatch(address):
            raise WrongUse(f"{where}: {address!r} is not an e-mail address")
    security = entry.get("security", "starttls")
    if security not in get_args(Security):
        raise WrongUse(f"{where}: security must be starttls, tls or none, not {security!r}")
    port = entry.get("port", _PORTS[str(security)])
    if type(port) is not int or not 0 < port < 65536:
        raise WrongUse(f"{where}: {port!r} is not a port")
    server = _string(where, entry, "server")
    if not server:
        raise WrongUse(f"{where}: server is missing")
    user = _string(where, entry, "user")
    if bool(user) != ("password_file" in entry):
        raise WrongUse(f"{where}: user and password_file belong together")
    if user and security == "none" and server not in _LOOPBACK:
        raise WrongUse(f"{where}: a password is not sent without encryption: set security to starttls or tls")
    ca = _string(where, entry, "ca_file")
    return Email(
        tuple(dict.fromkeys(listed)), str(entry["sender"]), server, port, security,  # type: ignore[arg-type]  # checked above
        user, _secret(settings, where, entry, "password_file"), settings.home / ca if ca else None,
    )  # fmt: skip


def _webhook(settings: Settings, where: str, entry: Mapping[str, object]) -> Webhook:
    _only(where, entry, ("channel", "url", "secret_file"))
    url = _string(where, entry, "url")
    if not web_link(url) or "@" in urlsplit(url).netloc:
        raise WrongUse(f"{where}: url must be an http or https address without a password in it")
    return Webhook(url.strip(), _secret(settings, where, entry, "secret_file"))


def _only(where: str, entry: Mapping[str, object], known: tuple[str, ...]) -> None:
    for key in entry:
        if key not in known:
            raise WrongUse(f"{where}: unknown key {key!r}; known are {', '.join(known)}")


def _string(where: str, entry: Mapping[str, object], key: str) -> str:
    value = entry.get(key, "")
    if not isinstance(value, str):
        raise WrongUse(f"{where}: {key} cannot be {value!r}")
    return value


def _secret(settings: Settings, where: str, entry: Mapping[str, object], key: str) -> str:
    name = _string(where, entry, key)
    if not name:
        return ""
    try:
        first = (settings.home / name).read_text(encoding="utf-8").partition("\n")[0].strip()
    except (OSError, ValueError) as error:
        raise WrongUse(f"{where}: {key} {name} cannot be read ({error})") from error
    if not first:
        raise WrongUse(f"{where}: {key} {name} is empty")
    return first
