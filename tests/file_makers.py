"""Small files of forms that people bring, whole and hostile, made byte by byte."""

from __future__ import annotations

import io
import random
import re
import zipfile
import zlib
from collections.abc import Sequence

WORD = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"


def pdf(pages: Sequence[bytes], extra: bytes = b"", more: Sequence[bytes] = ()) -> bytes:
    """A PDF of these page contents in Helvetica. ``extra``: of the trailer; ``more``: objects from number 4 +
    twice the pages on."""
    kids = b" ".join(b"%d 0 R" % (4 + 2 * n) for n in range(len(pages)))
    objects = [
        b"<< /Type /Catalog /Pages 2 0 R >>",
        b"<< /Type /Pages /Kids [%s] /Count %d >>" % (kids, len(pages)),
        b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>",
    ]
    for n, content in enumerate(pages):
        objects += [
            b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents %d 0 R"
            b" /Resources << /Font << /F1 3 0 R >> >> >>" % (5 + 2 * n),
            content if content.startswith(b"<<") else stream(content),
        ]
    objects += more
    out = io.BytesIO(b"%PDF-1.4\n")
    out.seek(0, io.SEEK_END)
    places = []
    for n, body in enumerate(objects, 1):
        places.append(out.tell())
        out.write(b"%d 0 obj\n%s\nendobj\n" % (n, body))
    start = out.tell()
    out.write(b"xref\n0 %d\n0000000000 65535 f \n" % (len(objects) + 1))
    out.writelines(b"%010d 00000 n \n" % place for place in places)
    out.write(
        b"trailer << /Size %d /Root 1 0 R %s >>\nstartxref\n%d\n%%%%EOF\n" % (len(objects) + 1, extra, start)
    )
    return out.getvalue()


def stream(content: bytes, told: bytes = b"") -> bytes:
    """A stream of a PDF; ``told``: more of what its dictionary says."""
    return b"<< /Length %d%s >>\nstream\n%s\nendstream" % (len(content), told, content)


def bomb(content: bytes, megabytes: int) -> bytes:
    """A packed stream that unpacks to so much of this content, again and again."""
    packer = zlib.compressobj(1)
    chunk = content * (1_000_000 // len(content))
    packed = b"".join(packer.compress(chunk) for _ in range(megabytes)) + packer.flush()
    return stream(packed, b" /Filter /FlateDecode")


def lines(words: Sequence[str], x: int = 72, y: int = 760, step: int = 14, size: int = 11) -> bytes:
    """The content of a page: lines one below the other."""
    shown = (
        f"BT /F1 {size} Tf {x} {y - step * n} Td ({line}) Tj ET".encode("latin-1")
        for n, line in enumerate(words)
    )
    return b"\n".join(shown)


def docx(body: str, **parts: str) -> bytes:
    """A Word file with this body; ``parts``: other parts by name, "/" and "." written as "__" and "_"."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as pack:
        pack.writestr(
            "word/document.xml",
            f'<?xml version="1.0"?><w:document xmlns:w="{WORD}"><w:body>{body}</w:body></w:document>',
        )
        for name, text in parts.items():
            pack.writestr(name.replace("__", "/").replace("_xml", ".xml").replace("_bin", ".bin"), text)
    return out.getvalue()


def paragraph(text: str, told: str = "") -> str:
    return f"<w:p><w:pPr>{told}</w:pPr><w:r><w:t>{text}</w:t></w:r></w:p>"


def mutated(whole: bytes, chance: random.Random) -> bytes:
    """A file changed at some places, of a packed one also within a part: a change of its own bytes would only
    break the packing."""
    if not whole.startswith(b"PK") or chance.random() < 0.3:
        return _changed(whole, chance)
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(whole)) as old, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as new:
        chosen = chance.choice([name for name in old.namelist() if name.startswith("word/")])
        for name in old.namelist():
            new.writestr(name, _changed(old.read(name), chance) if name == chosen else old.read(name))
    return out.getvalue()


def _changed(whole: bytes, chance: random.Random) -> bytes:
    data = bytearray(whole)
    for _ in range(chance.choice((1, 3, 10, 60))):
        at, length = chance.randrange(len(data)), chance.randint(1, 60)
        change = chance.randrange(4)
        if change == 0:
            data[at] = chance.randrange(256)
        elif change == 1:
            del data[at : at + length]
        elif change == 2:
            data[at:at] = data[max(0, at - length) : at]
        elif digits := re.compile(rb"\d+").search(data, at):
            data[digits.start() : digits.end()] = chance.choice((b"0", b"-1", b"7", b"2147483648"))
    return bytes(data[: chance.randrange(len(data))] if chance.random() < 0.1 else data)
