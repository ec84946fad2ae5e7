"""Passwords, keys and secret addresses of what people write: never in the file itself, never shown.

An entry names an environment variable or a file that nobody but its owner can read.
"""

from __future__ import annotations

import os
import stat

from pydantic import SecretStr

from ledger.errors import WrongUse
from ledger.settings import Settings, from_environment

_OTHERS = stat.S_IRWXG | stat.S_IRWXO


def secret(settings: Settings, where: str, name: str, file: str = "", variable: str = "") -> SecretStr:
    """What an entry's lines ``<name>_file`` and ``<name>_env`` lead to; empty where it has neither.

    Of a file it is the first line; its path is reckoned from the home folder. Raises WrongUse that begins
    with ``where``, when both are given, when the file cannot be read or others may read it, and when there is
    nothing in it or in the variable.
    """
    if file and variable:
        raise WrongUse(f"{where}: {name}_file and {name}_env are two ways for one thing: keep one of them")
    if variable:
        found, source = from_environment(variable).strip(), f"{name}_env {variable}"
    elif file:
        found, source = _first_line(settings, f"{where}: {name}_file", file), f"{name}_file {file}"
    else:
        return SecretStr("")
    if not found:
        raise WrongUse(f"{where}: {source} is empty")
    return SecretStr(found)


def _first_line(settings: Settings, where: str, name: str) -> str:
    path = settings.home / name
    try:
        with path.open(encoding="utf-8") as file:  # what is checked is what is read
            mode = stat.S_IMODE(os.fstat(file.fileno()).st_mode)
            if mode & _OTHERS:
                raise WrongUse(f"{where} {name} can be read by others (mode {mode:04o}): chmod 600 {path}")
            return file.readline().strip()
    except (OSError, ValueError) as error:
        raise WrongUse(f"{where} {name} cannot be read ({error})") from error
