"""Write the letters anew. Read what changed before it is committed."""

from __future__ import annotations

import tempfile
from pathlib import Path

import click

from tests.golden.letters.made import FOLDER, letters


def main() -> None:
    """Write each letter in each format, the feeds and the calendars beside this file."""
    with tempfile.TemporaryDirectory() as folder:
        for name, text in letters(Path(folder)).items():
            (FOLDER / name).write_text(text, encoding="utf-8", newline="\n")
            click.echo(name)


if __name__ == "__main__":
    main()
