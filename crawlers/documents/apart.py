"""A file is taken apart in a process of its own, with limits: whatever is in it, nothing hangs or grows.

The process has so much memory and time, opens no file and writes none; what it gives back is text.
"""

from __future__ import annotations

import json
import resource
import subprocess
import sys
from collections.abc import Callable
from dataclasses import asdict
from typing import Any

from crawlers.documents.document import Document, FileRefused
from crawlers.documents.docx import read_docx
from crawlers.documents.pdf.read import read_pdf
from crawlers.documents.plain import read_mail, read_text
from ledger.types import Laid

SECONDS = 50  # of the processor
PATIENCE = 240  # seconds on the clock, on a busy machine
MEMORY = 1_500_000_000  # bytes
MAX_TEXT = 2_000_000  # characters: what the text side reads of an article at most
READERS: dict[str, Callable[[bytes], Document]] = {
    "pdf": read_pdf,
    "docx": read_docx,
    "mail": read_mail,
    "text": read_text,
}
_START = (  # with this process's own import path, so that both run the same code
    "import json, sys; sys.path[:] = json.loads(sys.argv[1]); "
    "from crawlers.documents.apart import main; main(sys.argv[2])"
)


def read_apart(data: bytes, form: str, *, seconds: int = SECONDS, memory: int = MEMORY) -> Document:
    """The document of a file in one of the forms of READERS. Raises FileRefused; never takes longer than
    PATIENCE."""
    try:
        done = subprocess.run(
            [sys.executable, "-c", _START, json.dumps(sys.path), json.dumps([form, seconds, memory])],
            input=data,
            capture_output=True,
            timeout=PATIENCE,
            check=False,
        )
    except subprocess.TimeoutExpired:
        raise FileRefused("too_slow", f"it could not be read within {PATIENCE} seconds") from None
    if done.returncode != 0 or not done.stdout:
        if b"MemoryError" in done.stderr:
            raise FileRefused(
                "too_large", f"reading it would take more than {memory // 1_000_000} MB of memory"
            )
        if done.returncode < 0:
            raise FileRefused("too_slow", f"it could not be read within {seconds} seconds")
        last = (done.stderr.decode("utf-8", "replace").strip().splitlines() or ["no answer"])[-1]
        raise FileRefused("damaged", f"it could not be read ({last[:120]})")
    told = json.loads(done.stdout)
    if "reason" in told:
        raise FileRefused(told["reason"], told["detail"])
    return _document(told)


def _document(told: dict[str, Any]) -> Document:
    return Document(
        told["text"],
        tuple(Laid(one["kind"], (one["span"][0], one["span"][1])) for one in told["layout"]),
        tuple((offset, page) for offset, page in told["pages"]),
        told["title"],
        told["author"],
        told["date"],
        tuple(told["notes"]),
    )


def main(asked: str) -> None:
    """The process: a file on standard input, its document or why it is refused as JSON on standard output."""
    form, seconds, memory = json.loads(asked)
    resource.setrlimit(resource.RLIMIT_CPU, (seconds, seconds))
    resource.setrlimit(resource.RLIMIT_AS, (memory, memory))
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
    try:
        document = READERS[form](sys.stdin.buffer.read())
        if len(document.text) > MAX_TEXT:
            raise FileRefused("too_long", f"its text has more than {MAX_TEXT:,} characters: split it")
        told = asdict(document)
    except FileRefused as error:
        told = {"reason": error.reason, "detail": str(error)}
    except RecursionError:
        told = {"reason": "damaged", "detail": "it is nested without end"}
    json.dump(told, sys.stdout)
