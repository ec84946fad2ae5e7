"""Files that people bring: what is read of them, what is refused; no file hangs, grows or fetches."""

from __future__ import annotations

import gzip
import http.server
import io
import random
import threading
import time
import zipfile
import zlib
from pathlib import Path

import pytest
from pdfminer.high_level import extract_text

from crawlers.documents.adding import FactsTold, add
from crawlers.documents.apart import read_apart
from crawlers.documents.document import MAX_TOLD, Document, FileRefused
from crawlers.documents.docx import read_docx
from crawlers.documents.facts import guessed
from crawlers.documents.forms import check_unpacked, form_of
from crawlers.documents.pdf.hyphens import joined
from crawlers.documents.pdf.read import MAX_PAGES, read_pdf
from crawlers.documents.plain import read_mail, read_text
from ledger.types import Laid
from tests.file_makers import WORD, bomb, docx, lines, mutated, paragraph, pdf

FOLDER = Path(__file__).parent / "documents"
MANIFESTO = FOLDER / "manifesto.pdf"  # printed by a browser from manifesto.html: two columns, 40 points
MINUTES = FOLDER / "minutes.pdf"  # from minutes.html: 13 pages with a table of actions


def parts(document: Document, kind: str) -> list[str]:
    return [document.text[slice(*laid.span)] for laid in document.layout if laid.kind == kind]


def page_of(document: Document, at: int) -> int:
    return max((mark for mark in document.pages if mark[0] <= at), key=lambda mark: mark[0])[1]


@pytest.fixture(scope="module")
def manifesto() -> Document:
    return read_pdf(MANIFESTO.read_bytes())


def test_each_point_of_two_columns_is_an_item(manifesto: Document) -> None:
    points = parts(manifesto, "list")
    assert len(points) == 40
    assert points[0].startswith(
        "• Build 500 council homes in Ferrow and Denholt by March 2028. This will be paid for"
    )
    assert all(point[0] == "•" and point.endswith(".") for point in points)
    assert points[39].endswith("waited long enough for it.")


def test_the_page_of_each_point_is_that_on_which_it_begins(manifesto: Document) -> None:
    shown = [
        "".join(extract_text(MANIFESTO, page_numbers=[n]).replace("\u00ad", "").split()) for n in range(3)
    ]
    for point in parts(manifesto, "list"):
        words = "".join(point.removeprefix("• ").split()[:3])
        (number,) = [n for n, text in enumerate(shown, 1) if words in text]
        assert page_of(manifesto, manifesto.text.index(point)) == number


def test_no_running_head_page_number_note_mark_or_parted_word_is_left(manifesto: Document) -> None:
    assert "our plan" not in manifesto.text and "Page " not in manifesto.text
    assert "every one of the forty points.\n" in manifesto.text
    assert "administration" in manifesto.text and "\u00ad" not in manifesto.text
    assert "adminis" not in manifesto.text.replace("administration", "")


def test_headings_are_told_and_close_no_column() -> None:
    document = read_pdf(MINUTES.read_bytes())
    headings = parts(document, "heading")
    assert headings[:2] == [
        "Denholt Borough Council",
        "Minutes of the meeting of the Cabinet held on Tuesday 14 October 2025 at 6.30pm in the Council"
        " Chamber, Town Hall, Denholt",
    ]
    assert "48. Temporary accommodation" in headings and "Summary of actions" in headings
    assert [number for _, number in document.pages] == list(range(1, 14))


def test_a_table_is_read_by_the_row() -> None:
    text = read_pdf(MINUTES.read_bytes()).text
    assert "Action | Owner | Due\n" in text
    assert "Bring the parking income figures to the next meeting | Mr Les Hope | 11 November 2025\n" in text


def test_a_text_repeated_at_the_head_of_pages_is_no_running_head() -> None:
    text = read_pdf(MINUTES.read_bytes()).text
    assert text.count("Members considered the report") == text.count("the county council had yet to confirm")


def test_a_paragraph_goes_on_over_the_page_and_notes_stand_behind_it() -> None:
    first = lines(["The council will open the new baths at Lime Grove by"])
    note = b"BT /F1 6 Tf 72 84 Td (1) Tj /F1 8 Tf 4 -3 Td (Costs are of 2026 and were checked.) Tj ET"
    second = lines(["the end of May 2028, and keep the old ones open till then."])
    document = read_pdf(pdf([first + b"\n" + note, second]))
    assert document.text == (
        "The council will open the new baths at Lime Grove by the end of May 2028, and keep the old ones open"
        " till then.\n\nCosts are of 2026 and were checked."
    )
    at = document.text.index("the end of May")
    assert document.pages == ((0, 1), (at, 2), (document.text.index("Costs"), 1))


def test_boxes_side_by_side_are_columns_and_a_large_number_goes_with_its_words() -> None:
    box = b"%d %d 240 90 re f %d %d 240 90 re f"
    shown = [b"0.9 g", *(box % (50, y, 305, y) for y in (640, 540, 440)), b"0 g"]
    for n, what in enumerate(("homes", "baths", "roads", "trees", "buses", "parks")):
        x, y = (60, 700) if n < 3 else (315, 700)
        y -= 100 * (n % 3)
        shown.append(b"BT /F1 20 Tf %d %d Td (%d) Tj ET" % (x, y - 6, n + 1))
        shown.append(lines([f"Build more {what} in Wick", "in every ward by 2028."], x=x + 24, y=y))
    text = read_pdf(pdf([b"\n".join(shown)])).text
    assert text.split("\n\n")[:2] == [
        "1 Build more homes in Wick in every ward by 2028.",
        "2 Build more baths in Wick in every ward by 2028.",
    ]
    assert "6 Build more parks in Wick" in text and "|" not in text


@pytest.mark.parametrize(
    ("before", "after", "whole"),
    [
        ("the adminis-", "tration", "the administration"),
        ("a low-", "energy lamp", "a low-energy lamp"),
        ("the Denn-", "Holt road", "the Denn-Holt road"),
        ("under-", "16s", "under-16s"),
        ("one", "two", "one two"),
    ],
)
def test_hyphens_at_the_end_of_a_line(before: str, after: str, whole: str) -> None:
    assert joined(before, after, frozenset({"low-energy", "the", "lamp"})) == whole


NUMBERED = '<w:numPr><w:ilvl w:val="0"/><w:numId w:val="1"/></w:numPr>'
NUMBERING = (
    f'<w:numbering xmlns:w="{WORD}"><w:abstractNum w:abstractNumId="0"><w:lvl w:ilvl="0">'
    '<w:numFmt w:val="decimal"/><w:lvlText w:val="%1."/></w:lvl></w:abstractNum>'
    '<w:num w:numId="1"><w:abstractNumId w:val="0"/></w:num></w:numbering>'
)


def test_a_word_file_gives_headings_numbers_rows_and_pages_and_not_what_was_deleted() -> None:
    body = (
        paragraph("Our plan", '<w:pStyle w:val="Heading1"/>')
        + paragraph("Build 500 homes", NUMBERED)
        + paragraph("Reopen the library", NUMBERED)
        + "<w:p><w:r><w:lastRenderedPageBreak/><w:t>We will</w:t></w:r><w:del><w:r><w:delText>not"
        "</w:delText></w:r></w:del><w:r><w:t> keep it.</w:t></w:r></w:p>"
        + f"<w:tbl><w:tr><w:tc>{paragraph('Mend the gate')}</w:tc>"
        f"<w:tc>{paragraph('Clerk')}</w:tc></w:tr></w:tbl>"
    )
    document = read_docx(docx(body, word__numbering_xml=NUMBERING))
    assert document.text.split("\n\n") == [
        "Our plan",
        "1. Build 500 homes",
        "2. Reopen the library",
        "We will keep it.",
        "Mend the gate | Clerk",
    ]
    assert parts(document, "list") == ["1. Build 500 homes", "2. Reopen the library"]
    assert page_of(document, 0) == 1 and page_of(document, document.text.index("We will")) == 2


def run(text: str) -> str:
    return f"<w:r><w:t xml:space='preserve'>{text}</w:t></w:r>"


def test_boxes_notes_heads_and_feet_of_a_word_file_are_read_in_their_place_once() -> None:
    box = f"<w:txbxContent>{paragraph('In the box.')}</w:txbxContent>"
    twice = (
        '<w:r><mc:AlternateContent xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006">'
        f"<mc:Choice>{box}</mc:Choice><mc:Fallback>{box}</mc:Fallback></mc:AlternateContent></w:r>"
    )
    hidden = "<w:r><w:rPr><w:vanish/></w:rPr><w:t>never</w:t></w:r>"
    note = '<w:r><w:footnoteReference w:id="2"/></w:r>'
    late = '<w:r><w:endnoteReference w:id="1"/></w:r>'
    body = f"<w:p>{run('Open the baths')}{twice}{hidden}{note}{run(' in May.')}</w:p>"
    body += f"<w:p>{run('Mend the gate.')}{late}</w:p>" + paragraph("The end.")
    space = f'xmlns:w="{WORD}"'
    numbered = "<w:p><w:r><w:instrText>PAGE</w:instrText></w:r><w:r><w:t>7</w:t></w:r></w:p>"
    document = read_docx(
        docx(
            body,
            word__header1_xml=f"<w:hdr {space}>{paragraph('Wick Council')}{numbered}</w:hdr>",
            word__header2_xml=f"<w:hdr {space}>{paragraph('Wick Council')}</w:hdr>",
            word__footer1_xml=f"<w:ftr {space}>{paragraph('Promoted by A Lee')}</w:ftr>",
            word__footnotes_xml=f'<w:footnotes {space}><w:footnote w:id="0" w:type="separator">'
            f'{paragraph("line")}</w:footnote><w:footnote w:id="2">{paragraph("As of 2025.")}</w:footnote>'
            "</w:footnotes>",
            word__endnotes_xml=f'<w:endnotes {space}><w:endnote w:id="1">{paragraph("Late.")}</w:endnote>'
            "</w:endnotes>",
        )
    )
    assert document.text.split("\n\n") == [
        "Wick Council",
        "Open the baths in May.",
        "In the box.",
        "As of 2025.",
        "Mend the gate.",
        "The end.",
        "Late.",
        "Promoted by A Lee",
    ]
    assert parts(document, "caption") == ["Wick Council", "Promoted by A Lee"]


def test_a_word_file_is_read_as_its_changes_leave_it() -> None:
    gone = "<w:rPr><w:del/></w:rPr>"
    body = (
        f"<w:p><w:pPr>{gone}</w:pPr>{run('We will ')}<w:ins>{run('re')}</w:ins></w:p>"
        f"<w:p>{run('open it.')}<w:moveFrom>{run('moved')}</w:moveFrom></w:p>"
        f"<w:p><w:pPr>{NUMBERED}{gone}</w:pPr><w:del><w:r><w:delText>One</w:delText></w:r></w:del></w:p>"
        + paragraph("Two", NUMBERED)
        + f"<w:tbl><w:tr><w:trPr><w:del/></w:trPr><w:tc>{paragraph('gone')}</w:tc></w:tr></w:tbl>"
        + f"<w:p><w:moveTo>{run('moved')}</w:moveTo></w:p>"
    )
    text = read_docx(docx(body, word__numbering_xml=NUMBERING)).text
    assert text.split("\n\n") == ["We will reopen it.", "1. Two", "moved"]


def test_letters_and_numbers_of_lists_are_those_that_word_shows() -> None:
    def level(at: int, form: str, shape: str, start: int = 1) -> str:
        return (
            f'<w:lvl w:ilvl="{at}"><w:start w:val="{start}"/><w:numFmt w:val="{form}"/>'
            f'<w:lvlText w:val="{shape}"/></w:lvl>'
        )

    plan = level(0, "decimal", "%1.", 4) + level(1, "lowerLetter", "(%2)") + level(2, "lowerRoman", "(%3)")
    told = (
        f'<w:numbering xmlns:w="{WORD}"><w:abstractNum w:abstractNumId="0">{plan}</w:abstractNum>'
        '<w:num w:numId="1"><w:abstractNumId w:val="0"/></w:num></w:numbering>'
    )
    named = (
        f'<w:styles xmlns:w="{WORD}"><w:style w:styleId="Punkt"><w:name w:val="List Number"/><w:pPr>'
        '<w:numPr><w:numId w:val="1"/></w:numPr></w:pPr></w:style><w:style w:styleId="Kopf">'
        '<w:name w:val="heading 1"/></w:style></w:styles>'
    )

    def item(words: str, at: int) -> str:
        return paragraph(words, f'<w:numPr><w:ilvl w:val="{at}"/><w:numId w:val="1"/></w:numPr>')

    body = paragraph("Plan", '<w:pStyle w:val="Kopf"/>') + paragraph("Roads", '<w:pStyle w:val="Punkt"/>')
    body += item("mend", 1) + item("widen", 1) + item("at Wick", 2) + item("at Holt", 2)
    body += paragraph("Buses", '<w:pStyle w:val="Punkt"/>') + item("more", 1)
    document = read_docx(docx(body, word__numbering_xml=told, word__styles_xml=named))
    assert document.text.split("\n\n") == [
        *("Plan", "4. Roads", "(a) mend", "(b) widen", "(i) at Wick", "(ii) at Holt"),
        *("5. Buses", "(a) more"),
    ]
    assert parts(document, "heading") == ["Plan"]


def test_a_word_file_in_the_strict_form_is_read() -> None:
    made = docx(paragraph("Open the baths in May."))
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(made)) as old, zipfile.ZipFile(out, "w") as new:
        words = old.read("word/document.xml").decode()
        new.writestr(
            "word/document.xml", words.replace(WORD, "http://purl.oclc.org/ooxml/wordprocessingml/main")
        )
    assert read_docx(out.getvalue()).text == "Open the baths in May."


def test_a_table_within_a_table_is_read_once() -> None:
    def table(cell: str) -> str:
        return f"<w:tbl><w:tr><w:tc>{cell}</w:tc></w:tr></w:tbl>"

    assert read_docx(docx(table(table(table(paragraph("Mend the gate")))))).text == "Mend the gate"


@pytest.mark.parametrize("made", ["some day", "2026-13-45T00:00:00Z", ""])
def test_what_a_word_file_says_of_itself_is_no_date_or_title_of_any_kind(made: str) -> None:
    core = (
        '<c xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:dcterms="http://purl.org/dc/terms/">'
        f"<dc:title>{'Aa ' * 1_000}</dc:title><dcterms:modified>{made}</dcterms:modified></c>"
    )
    document = read_docx(docx(paragraph("We will mend the gate."), docProps__core_xml=core))
    assert document.date == "" and len(document.title) <= MAX_TOLD
    assert guessed(document, "gate.docx").day is None


def test_a_text_of_numbers_alone_is_guessed_at_quickly() -> None:
    start = time.monotonic()
    assert guessed(Document("1\n\n" * 20_000), "numbers.txt").kind == "news"
    assert time.monotonic() - start < 5


def test_wrapped_lines_of_a_text_are_paragraphs_and_form_feeds_pages() -> None:
    told = (
        b"We will open the baths at Lime Grove by the end of the\nyear.\n\n- A bus on Sundays\n- No charge\n"
    )
    document = read_text(told + b"\fThe end.")
    assert document.text.split("\n\n") == [
        "We will open the baths at Lime Grove by the end of the year.",
        "- A bus on Sundays",
        "- No charge",
        "The end.",
    ]
    assert page_of(document, len(document.text) - 1) == 2


def test_a_mail_gives_its_words_subject_sender_and_day_and_names_what_is_attached() -> None:
    mail = (
        b'From: "Denholt Council" <press@example.org>\nSubject: Baths to open\n'
        b"Date: Tue, 14 Oct 2025 09:00:00 +0100\nMIME-Version: 1.0\n"
        b'Content-Type: multipart/mixed; boundary="x"\n\n--x\nContent-Type: text/html\n\n'
        b"<style>p{}</style><p>We will open the baths.</p><ul><li>In May</li></ul><img src='x.png'>\n"
        b'--x\nContent-Type: application/pdf\nContent-Disposition: attachment; filename="plan.pdf"\n\n'
        b"%PDF\n--x--\n"
    )
    document = read_mail(mail)
    assert (document.text, document.title, document.author, document.date) == (
        "We will open the baths.\n\n• In May",
        "Baths to open",
        "Denholt Council",
        "2025-10-14",
    )
    assert "plan.pdf" in document.notes[0]


def test_a_mail_that_a_mail_carries_is_not_its_words() -> None:
    mail = (
        b"From: Denholt Council <press@example.org>\nSubject: Baths to open\nMIME-Version: 1.0\n"
        b'Content-Type: multipart/mixed; boundary="x"\n\n--x\nContent-Type: text/plain\n\n'
        b"We will open the baths.\n--x\nContent-Type: message/rfc822\n\n"
        b"From: Ann Lee <ann@example.org>\nSubject: Never\n\nI will close them.\n--x--\n"
    )
    document = read_mail(mail)
    assert document.text == "We will open the baths."
    assert "message/rfc822" in document.notes[0]


def mail(words: bytes, told: bytes = b"text/plain") -> Document:
    head = b"From: Hexley Council <press@example.org>\nSubject: Baths\nMIME-Version: 1.0\n"
    return read_mail(head + b"Content-Type: " + told + b"\n\n" + words)


@pytest.mark.parametrize(
    "left",
    [
        b"-- \nAnn Lee\nPress officer\n",
        b"On Mon, 13 Oct 2025 at 10:00, Jo Frost <jo@example.org>\nwrote:\n> I will close them.\n",
        b"-----Original Message-----\nFrom: Jo Frost\nSent: Monday\n\nI will close them.\n",
        b"From: Jo Frost\nSent: Monday\nSubject: Baths\n\nI will close them.\n",
        b"This e-mail and its files are confidential.\n",
    ],
)
def test_a_mail_is_read_without_what_it_answers_and_its_signature(left: bytes) -> None:
    assert mail(b"We will open the baths.\n\n" + left).text == "We will open the baths."


@pytest.mark.parametrize("torn", [b"", b"\x00" * 60, b"\n", b"\n\n"])
def test_a_mail_without_words_is_refused(torn: bytes) -> None:
    with pytest.raises(FileRefused):
        read_mail(b"From: a@desk.example\nTo: b@desk.examp" + torn)


def test_an_answer_below_what_it_answers_is_read() -> None:
    found = mail(b"On Monday Jo Frost wrote:\n> Will you?\n\nWe will open the baths.\n")
    assert found.text == "We will open the baths."
    assert found.notes == ("not read, as not its sender's words: the mail that it answers",)
    with pytest.raises(FileRefused, match="of its sender"):
        mail(b"> We will open the baths.\n")


@pytest.mark.parametrize(
    "day", ["Tue, 30 Jun 99999999999999999999 09:00:00 +0100", "30 Jun 2026 99999999999999999999:00:00"]
)
def test_a_mail_of_a_day_that_no_calendar_has_is_read_without_one(day: str) -> None:
    head = f"From: b@desk.example\nDate: {day}\nSubject: Baths"
    passed_on = f"---------- Forwarded message ---------\n{head}\n\nThe baths open in May."
    for head in (f"Date: {day}", "To: c@desk.example"):
        document = read_mail(f"From: a@desk.example\n{head}\n\n{passed_on}\n".encode())
        assert "The baths open in May." in document.text
        assert document.date == ""


@pytest.mark.parametrize(
    ("sender", "author"),
    [
        (b"a: b@desk.example, c@desk.example;", "a: b@desk.example, c@desk.example;"),
        (b"Ann Lee:;, <a@desk.example>", "Ann Lee:;,"),
        (b"=?utf-8?q?Si=C3=A2n_Lee?= <a@desk.example>", "Siân Lee"),
        (b"=?none?q?Ann?= <a@desk.example>", "=?none?q?Ann?="),
        (b"Si\xc3\xa2n Lee <a@desk.example>", "Siân Lee"),
        (b"=?utf-8?b?A?= <a@desk.example>", "=?utf-8?b?A?="),
    ],
)
def test_a_sender_of_any_form_stops_no_mail(sender: bytes, author: str) -> None:
    document = read_mail(b"From: " + sender + b"\nSubject: Baths\n\nThe baths open in May.\n")
    assert (document.text, document.author) == ("The baths open in May.", author)


def test_a_mail_passed_on_with_hardly_a_word_is_that_mail() -> None:
    passed = (
        b"\n---------- Forwarded message ---------\nFrom: Denholt Council <p@example.org>\n"
        b"Date: Mon, 13 Oct 2025 09:00:00 +0100\nSubject: Trees\n\nWe will plant 500 trees.\n"
    )
    found = mail(b"FYI, see below.\n" + passed)
    assert (found.text, found.title, found.author, found.date) == (
        "We will plant 500 trees.",
        "Trees",
        "Denholt Council",
        "2025-10-13",
    )
    own = b"We will open the baths " * 5
    assert mail(own + b"\n" + passed).text == own.decode().strip()


@pytest.mark.parametrize(
    ("words", "told", "text"),
    [
        (b"\x93We will\x94 \x96 soon", b"text/plain; charset=iso-8859-1", "“We will” – soon"),
        (b"Caf\xc3\xa9", b"text/plain", "Café"),
        (b"Caf\xe9", b"text/plain; charset=x-none", "Café"),
        (b"Caf\xe9", b"text/plain; charset=idna", "Café"),
        (b"Caf\xe9", b"text/plain; charset=hex", "Café"),
        (b"Baths at \nLime Grove", b"text/plain; format=flowed", "Baths at Lime Grove"),
        (b"We will.", b"multipart/mixed", "We will."),
        (b"<p>We will.</p><blockquote type=cite>Never.</blockquote>", b"text/html", "We will."),
        (b"--x\nContent-Type: text/plain\n\n \n--x\nContent-Type: text/html\n\n<p>We will.</p>\n--x--",
         b"multipart/alternative; boundary=x", "We will."),
    ],
)  # fmt: skip
def test_charsets_and_parts_of_a_mail(words: bytes, told: bytes, text: str) -> None:
    assert mail(words, told).text == text


@pytest.mark.parametrize(
    ("text", "name", "kind", "publisher"),
    [
        ("The manifesto of the Hexley Residents for 2027\n\nWe will mend the bridge.", "plan.pdf",
         "manifesto", "Hexley Residents"),
        ("Vote Ann Lee\n\nIf elected I will reopen the baths.\n\nOn behalf of Ann Lee, both"
         " at 4 Mill Lane", "leaflet.pdf", "manifesto", "Ann Lee"),
        ("Our promises to you\n\nWe will mend it.\n\nPromoted by J. Orme for Wend Independents",
         "x.pdf", "manifesto", "Wend Independents"),
        ("Police and Crime Plan 2027–31\n\nPublished by the Police and Crime Commissioner for Wendshire",
         "x.pdf", "manifesto", "Police and Crime Commissioner for Wendshire"),
        ("Wick Parish Council\n\nMinutes of the meeting of 4 March 2025\n\nPresent: Cllr Lee", "x.pdf",
         "minutes", "Wick Parish Council"),
        ("NEWS RELEASE\n\nHexley Council opens baths\n\nNotes to editors", "x.docx", "press_release",
         "Hexley Council"),
        ("Dear Ms Frost,\n\nThank you.\n\nYours sincerely,\n\nAnn Lee", "x.docx", "letter", ""),
        ("The baths were busy on Sunday.", "x.txt", "news", ""),
    ],
)  # fmt: skip
def test_what_a_file_is_and_whose_is_guessed_from_its_first_page(
    text: str, name: str, kind: str, publisher: str
) -> None:
    facts = guessed(Document(text), name)
    assert (facts.kind, facts.publisher) == (kind, publisher)


@pytest.mark.parametrize(
    ("document", "title"),
    [
        (Document("PRESS RELEASE\n\nFor immediate release: 3 February 2026\n\nHexley Council opens baths"),
         "Hexley Council opens baths"),
        (Document("Wick Parish Council\n\nMinutes of the meeting of 4 March 2025\n\nPresent: Cllr Lee"),
         "Minutes of the meeting of 4 March 2025"),
        (Document("Wick Parish Council\n\nMinutes of 4 March 2025\n\nPresent: Cllr Lee",
                  title="Wick Parish Council"), "Minutes of 4 March 2025"),
        (Document("Wick Parish Council\n\nBaths\n\nPresent: Cllr Lee\n\nThe minutes were signed.",
                  (Laid("heading", (0, 19)), Laid("heading", (21, 26)))), "Baths"),
        (Document("Press release: baths to open at last after years of waiting in Hexley"),
         "Press release: baths to open at last after years of waiting in Hexley"),
    ],
)  # fmt: skip
def test_a_line_that_says_what_or_whose_a_file_is_is_no_title(document: Document, title: str) -> None:
    assert guessed(document, "x.txt").title == title


def test_a_mail_of_a_press_office_is_a_press_release_of_its_body() -> None:
    mail = Document("Hexley Council will plant trees.", title="Trees", author="Hexley Council Press Office")
    facts = guessed(mail, "trees.eml")
    assert (facts.kind, facts.publisher, facts.title) == ("press_release", "Hexley Council", "Trees")


def test_what_is_told_holds() -> None:
    facts = guessed(
        Document("The manifesto of the Hexley Residents"), "x.pdf", kind="speech", speaker="Ann Lee"
    )
    assert (facts.kind, facts.publisher, facts.speaker) == ("speech", "Ann Lee", "Ann Lee")


PICTURE = (
    b"<< /Type /XObject /Subtype /Image /Width 900 /Height 900 /ColorSpace /DeviceGray /BitsPerComponent 8 >>"
)


def _scanned() -> bytes:
    drawn = b"q 500 0 0 700 40 70 cm BI /W 1 /H 1 /CS /G /BPC 8 ID \x80 EI Q"
    return pdf([drawn])


def _locked() -> bytes:
    told = b"<< /Filter /Standard /V 1 /R 2 /O <" + b"41" * 32 + b"> /U <" + b"42" * 32 + b"> /P -4 >>"
    return pdf([lines(["Nobody may read this."])], b"/ID [<00> <00>] /Encrypt " + told)


def _bomb() -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as pack, pack.open("word/document.xml", "w") as part:
        for _ in range(200):
            part.write(b" " * 1_000_000)
    return out.getvalue()


def _laughs() -> bytes:
    named = "".join(f'<!ENTITY a{n} "{f"&a{n - 1};" * 10}">' for n in range(1, 12))
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as pack:
        pack.writestr("word/document.xml", f'<!DOCTYPE x [<!ENTITY a0 "ha">{named}]><x>&a11;</x>')
    return out.getvalue()


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (b"", "empty"),
        (b" \n", "empty"),
        (b"\x89PNG\r\n\x1a\n....", "not_read"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1....", "locked"),
        (b"\x00\x01\x02\x03" * 100, "not_read"),
        (b"%PDF-1.7\n" + b"garbage " * 50, "damaged"),
        (MANIFESTO.read_bytes()[:9_000], "damaged"),
        (_locked(), "locked"),
        (_scanned(), "scanned"),
        (pdf([b""]), "empty"),
        (pdf([lines(["One page of ten thousand."])] * 10_000), "too_many_pages"),
        (pdf([]), "damaged"),
        (b"PK\x03\x04 torn", "damaged"),
        (_bomb(), "too_large"),
        (_laughs(), "damaged"),
        (docx(""), "empty"),
    ],
)  # fmt: skip
def test_what_is_no_file_to_read_is_refused_with_its_reason(data: bytes, reason: str) -> None:
    start = time.monotonic()
    with pytest.raises(FileRefused) as refused:
        read_apart(data, form_of(data))
    assert refused.value.reason == reason
    assert str(refused.value) and time.monotonic() - start < 120


def test_a_packed_file_of_pages_that_unpacks_without_end_is_refused() -> None:
    def packed(content: bytes, times: int) -> bytes:
        packer = zlib.compressobj(1, wbits=16 + zlib.MAX_WBITS)
        return b"".join(packer.compress(content) for _ in range(times)) + packer.flush()

    check_unpacked(packed(b"WARC/1.0\r\n" * 1_000, 1) * 50 + b"\0")
    large, endless = gzip.compress(b"WARC/1.0\r\n" * 9_000), packed(b"x" * 1_000_000, 500)
    with pytest.raises(FileRefused):  # in a member behind one of more than a piece
        check_unpacked(large + endless)
    for data, reason in ((endless, "too_large"), (packed(b"\r\n" * 500_000, 5), "damaged")):
        with pytest.raises(FileRefused) as refused:
            check_unpacked(data)
        assert refused.value.reason == reason


def test_a_file_that_takes_too_much_time_or_memory_is_refused() -> None:
    with pytest.raises(FileRefused) as slow:
        read_apart(pdf([bomb(b"BT /F1 9 Tf (ha) Tj ET\n", 30)]), "pdf", seconds=2)
    assert slow.value.reason == "too_slow"
    with pytest.raises(FileRefused) as large:
        read_apart(pdf([bomb(b" ", 900)]), "pdf", memory=600_000_000)
    assert large.value.reason in ("too_large", "damaged")


def test_nothing_is_fetched_and_no_file_is_opened(tmp_path: Path) -> None:
    asked: list[str] = []

    class Handler(http.server.BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            asked.append(self.path)
            self.send_error(404)

        def log_message(self, *_: object) -> None: ...

    secret = tmp_path / "secret.txt"
    secret.write_text("never to be read")
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        at = f"http://127.0.0.1:{server.server_port}"
        outside = f'<!DOCTYPE x [<!ENTITY e SYSTEM "{secret.as_uri()}"><!ENTITY f SYSTEM "{at}/dtd">]>'
        out = io.BytesIO()
        with zipfile.ZipFile(out, "w") as pack:
            pack.writestr("word/document.xml", f"{outside}<x>&e;&f;</x>")
        with pytest.raises(FileRefused):
            read_apart(out.getvalue(), "docx")
        linked = docx(
            paragraph("The baths will open in May."),
            word___rels__document_xml=f'<R><Relationship TargetMode="External" Target="{at}/t"/></R>',
            word__vbaProject_bin="Sub AutoOpen()",
        )
        assert read_apart(linked, "docx").text == "The baths will open in May."
        action = b"<< /S /URI /URI (" + at.encode() + b"/open) >>"
        words = lines(["The baths at Lime Grove will open again in May 2028."])
        opened = pdf([words], more=[action]).replace(b"/Type /Catalog", b"/Type /Catalog /OpenAction 6 0 R")
        assert read_apart(opened, "pdf").text.startswith("The baths at Lime Grove")
        server.shutdown()
    assert asked == []


def test_as_many_pages_as_are_read_and_no_more() -> None:
    page = lines(["The baths at Lime Grove will open again."])
    assert [number for _, number in read_pdf(pdf([page] * 5)).pages] == [1, 2, 3, 4, 5]
    with pytest.raises(FileRefused, match=str(MAX_PAGES)):
        read_pdf(pdf([page] * (MAX_PAGES + 1)))


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (pdf([lines(["Nobody sees this."])], more=[b"6 0 R"]).replace(b"/Contents 5 0 R", b"/Contents 6 0 R"),
         "damaged"),
        (pdf([b""]).replace(b"/Kids [4 0 R]", b"/Kids [2 0 R]"), "empty"),
    ],
)  # fmt: skip
def test_what_leads_back_to_itself_is_refused_at_once(data: bytes, reason: str) -> None:
    with pytest.raises(FileRefused) as refused:
        read_apart(data, "pdf", seconds=10)
    assert refused.value.reason == reason


def test_a_word_file_without_its_beginning_is_damaged() -> None:
    with pytest.raises(FileRefused, match="no whole Word file"):
        read_docx((MANIFESTO.parent / "minutes.docx").read_bytes()[2_000:])


@pytest.mark.parametrize("name", ["manifesto.pdf", "minutes.docx"])
def test_a_real_file_changed_anywhere_is_read_or_refused_and_never_half_kept(
    name: str, tmp_path: Path
) -> None:
    chance, whole = random.Random(19), (FOLDER / name).read_bytes()
    for n in range(6):
        file, home = tmp_path / name, tmp_path / str(n)
        file.write_bytes(mutated(whole, chance))
        (outcome,) = add(home, [file], FactsTold(publisher="Ann Lee"))
        kept = [path for path in home.rglob("*") if path.is_file() and "sqlite" not in path.name]
        if outcome.state == "added":
            assert {path.suffix for path in kept} == {".gz", ".jsonl"}
        else:
            assert outcome.why and not kept
