"""The templates beside this module, and what they may call."""

from __future__ import annotations

import textwrap
from functools import cache
from importlib.resources import files

import jinja2

from ledger.days import day


def wrapped(text: str, indent: str = "", first: str | None = None) -> str:
    """Text in lines of at most 72 characters, each after ``indent`` (the first after ``first``)."""
    return textwrap.fill(
        text,
        72,
        initial_indent=indent if first is None else first,
        subsequent_indent=indent,
        break_long_words=False,
        break_on_hyphens=False,
    )


@cache
def template(name: str, escaped: bool) -> jinja2.Template:
    """The template of that name; ``escaped``: what is put into it stands as text in HTML."""
    environment = jinja2.Environment(
        autoescape=escaped,
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
    environment.filters["long_day"] = day
    environment.filters["wrapped"] = wrapped
    return environment.from_string((files("flows.digest.render") / name).read_text(encoding="utf-8"))
