"""A PDF's bytes to a document, or the reason why it is not read."""

from __future__ import annotations

import io
import logging
import re
from collections import Counter
from collections.abc import Iterator, Sequence
from datetime import date
from typing import Any

from pdfminer.converter import PDFPageAggregator
from pdfminer.pdfdocument import PDFDocument, PDFPasswordIncorrect
from pdfminer.pdfexceptions import PDFException
from pdfminer.pdfinterp import PDFPageInterpreter, PDFResourceManager
from pdfminer.pdfpage import PDFPage
from pdfminer.pdfparser import PDFParser
from pdfminer.pdftypes import PDFObjRef
from pdfminer.psexceptions import PSException
from pdfminer.utils import decode_text

from crawlers.documents.document import MAX_TOLD, Document, FileRefused, assembled, one_line
from crawlers.documents.pdf.columns import columns
from crawlers.documents.pdf.furniture import without_furniture
from crawlers.documents.pdf.glyphs import Sheet, sheet_of
from crawlers.documents.pdf.hyphens import words_of
from crawlers.documents.pdf.paragraphs import Paragraphs

logging.getLogger("pdfminer").setLevel(logging.CRITICAL)  # what is wrong with a file is told in our words

MAX_PAGES = 400
_LEAST_LETTERS = 40  # of a file with a text layer
_KNOWN = 0.8  # of the letters that must be known by what they mean
_DATE = re.compile(r"D:(\d{4})(\d\d)(\d\d)")


class WholePdf(PDFDocument):
    """A PDF in which no object is a reference that leads back to itself: the library follows it for ever."""

    def getobj(self, objid: int) -> object:
        """Raises PDFException for such a reference."""
        found, seen = super().getobj(objid), {objid}
        while isinstance(found, PDFObjRef):
            if found.objid in seen:
                raise PDFException("a reference leads back to itself")
            seen.add(found.objid)
            found = super().getobj(found.objid)
        return found


def read_pdf(data: bytes) -> Document:
    """The document of a PDF. Raises FileRefused: ``locked``, ``damaged``, ``too_many_pages``, ``scanned``,
    ``unreadable_letters``."""
    try:
        file = WholePdf(PDFParser(io.BytesIO(data)))
        sheets = list(_sheets(file))
    except PDFPasswordIncorrect:
        raise FileRefused("locked", "it is locked with a password: save a copy without one") from None
    except (PDFException, PSException, ValueError, TypeError, KeyError, IndexError, AttributeError) as error:
        # the library raises any of these on a broken file
        raise FileRefused("damaged", "it is no whole PDF") from error
    if not sheets:
        raise FileRefused("damaged", "it is a PDF without pages")
    _check_letters(sheets)
    bodies = without_furniture(sheets)
    sizes: Counter[float] = Counter()
    for body in bodies:
        for run in body:
            sizes[round(run.size * 2) / 2] += len(run.text)
    laid = Paragraphs(
        sizes.most_common(1)[0][0] if sizes else 10.0,
        words_of(run.text for body in bodies for run in body),
    )
    ordered = ((sheet.number, columns(body, sheet.rules)) for sheet, body in zip(sheets, bodies, strict=True))
    blank = [sheet.number for sheet in sheets if not sheet.runs and sheet.pictures]
    notes = (f"no text on the pictures of page {', '.join(map(str, blank))}",) if blank else ()
    told = _told(file)
    return assembled(laid.blocks(ordered), **told, notes=notes)


def _sheets(file: PDFDocument) -> Iterator[Sheet]:
    resources = PDFResourceManager()
    device = PDFPageAggregator(resources, laparams=None)
    interpreter = PDFPageInterpreter(resources, device)
    for number, page in enumerate(PDFPage.create_pages(file), 1):
        if number > MAX_PAGES:
            raise FileRefused(
                "too_many_pages",
                f"it has more than {MAX_PAGES} pages: split it, and add the parts that matter",
            )
        interpreter.process_page(page)
        yield sheet_of(device.get_result(), number)


def _check_letters(sheets: Sequence[Sheet]) -> None:
    letters = sum(len(run.text) for sheet in sheets for run in sheet.runs)
    unknown = sum(sheet.unknown for sheet in sheets)
    if unknown > (1 - _KNOWN) * (letters + unknown):
        raise FileRefused(
            "unreadable_letters", "its letters are not told by what they mean: print it anew from its source"
        )
    if letters < _LEAST_LETTERS:
        if any(sheet.pictures for sheet in sheets):
            raise FileRefused(
                "scanned", "its pages are pictures without a text layer: run text recognition over it first"
            )
        raise FileRefused("empty", "there are no words in it")


def _told(file: PDFDocument) -> dict[str, str]:
    """Title, author and day of making as the file says."""
    info: dict[str, Any] = file.info[0] if file.info else {}

    def words(key: str) -> str:
        value = info.get(key)
        return one_line(decode_text(value))[:MAX_TOLD] if isinstance(value, bytes) else ""

    found = _DATE.match(words("CreationDate"))
    made = ""
    if found:
        try:
            made = date(*map(int, found.groups())).isoformat()
        except ValueError:
            made = ""
    return {"title": words("Title"), "author": words("Author"), "date": made}
