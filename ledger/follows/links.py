"""Signed links in letters: whoever holds one may do the one thing it is for, without an account.

A link holds no address: a reader is known in it by a code made with the home's secret, which cannot be
guessed from an address. The secret is made once, in the file ``link-secret`` of the home folder.
"""

from __future__ import annotations

import base64
import fcntl
import hashlib
import hmac
import os
import re
import secrets
import stat
from pathlib import Path
from typing import Literal

from ledger.data_files import write_whole
from ledger.errors import WrongUse
from ledger.settings import Settings

Purpose = Literal["confirm", "stop"]
_OTHERS = stat.S_IRWXG | stat.S_IRWXO
_TOKEN = re.compile(r"(?P<value>[0-9a-z]{1,40})\.(?P<mark>[\w-]{22})", re.ASCII)


def code_of(settings: Settings, channel: str, target: str) -> str:
    """The code of a reader on a channel: 24 letters and digits."""
    return _digest(settings, f"reader\x1f{channel}\x1f{target}").hex()[:24]


def token(settings: Settings, purpose: Purpose, value: str) -> str:
    """What stands in a link behind ``t=``. ``value``: small letters and digits, at most 40."""
    return f"{value}.{_mark(settings, purpose, value)}"


def value_of(settings: Settings, purpose: Purpose, given: str) -> str:
    """The value of a token that this home signed for that purpose, "" of every other text."""
    found = _TOKEN.fullmatch(given)
    if not found or not hmac.compare_digest(found["mark"], _mark(settings, purpose, found["value"])):
        return ""
    return found["value"]


def _mark(settings: Settings, purpose: Purpose, value: str) -> str:
    """128 bits, in URL-safe base64."""
    return base64.urlsafe_b64encode(_digest(settings, f"{purpose}\x1f{value}")[:16]).decode().rstrip("=")


def _digest(settings: Settings, text: str) -> bytes:
    return hmac.new(_secret(settings), text.encode("utf-8", "surrogatepass"), hashlib.sha256).digest()


def _secret(settings: Settings) -> bytes:
    """The home's secret, made where there is none. Raises WrongUse where it is not for its owner alone."""
    path = settings.link_secret
    try:
        if not path.exists():
            _make(path)
        with path.open("rb") as file:  # what is checked is what is read
            if stat.S_IMODE(os.fstat(file.fileno()).st_mode) & _OTHERS:
                raise WrongUse(f"{path} can be read by others: chmod 600 {path}")
            key = file.read().strip()
    except OSError as error:
        raise WrongUse(f"{path} cannot be read or made ({error.strerror})") from error
    if len(key) < 32:
        raise WrongUse(f"{path} holds no secret: remove it, and links in earlier letters open nothing more")
    return key


def _make(path: Path) -> None:
    """Write a secret in one step: of two who do so at once, the first one's holds."""
    folder = os.open(path.parent, os.O_RDONLY)
    try:
        fcntl.flock(folder, fcntl.LOCK_EX)
        if not path.exists():
            write_whole(path, secrets.token_hex(32) + "\n", 0o600)
    finally:
        os.close(folder)
