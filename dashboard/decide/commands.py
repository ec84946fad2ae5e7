"""Commands of ours that a page starts: pages read the ledger only, so what writes beside it is a process."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Sequence

from ledger.settings import Settings, child_environment

_START = "import json, sys; sys.path[:] = json.loads(sys.argv.pop(1)); from flows.cli.app import main; main()"


def said(
    settings: Settings, arguments: Sequence[str], seconds: int, typed: str = ""
) -> tuple[list[str], str]:
    """Run ``said`` on the home folder: the lines that it prints, and why it failed, "" where it did not.

    ``typed`` is what it reads from its standard input. Raises TimeoutError after so many seconds.
    """
    try:
        done = subprocess.run(
            [sys.executable, "-c", _START, json.dumps(sys.path), *arguments],
            env=child_environment(settings),
            capture_output=True,
            input=typed.encode(),
            timeout=seconds,
            check=False,
        )
    except subprocess.TimeoutExpired:
        raise TimeoutError(f"said {arguments[0]} takes longer than {seconds} seconds") from None
    told = done.stderr.decode("utf-8", "replace").strip().splitlines() if done.returncode else []
    return done.stdout.decode("utf-8", "replace").splitlines(), (told or [""])[-1].removeprefix("said: ")
