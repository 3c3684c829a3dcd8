"""Files as people send them: what agencies attach, and what only looks like it."""

import io
import zipfile

import docx


def pdf(words: str = "Bao cao") -> bytes:
    """A whole PDF of one page."""
    drawn = f"BT /F1 12 Tf 1 1 Td ({words}) Tj ET".encode()
    bodies = [
        b"<< /Type /Catalog /Pages 2 0 R >>",
        b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 9 9] /Contents 4 0 R /Resources << /Font << /F1 5 0 R >> >> >>",
        b"<< /Length %d >>\nstream\n%s\nendstream" % (len(drawn), drawn),
        b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>",
    ]
    made, places = b"%PDF-1.4\n", []
    for number, body in enumerate(bodies, start=1):
        places.append(len(made))
        made += b"%d 0 obj\n%s\nendobj\n" % (number, body)
    table = b"".join(b"%010d 00000 n \n" % place for place in places)
    end = b"trailer\n<< /Size %d /Root 1 0 R >>\nstartxref\n%d\n%%%%EOF\n" % (len(bodies) + 1, len(made))
    return made + b"xref\n0 %d\n0000000000 65535 f \n%s%s" % (len(bodies) + 1, table, end)


def word(words: str = "Báo cáo kết quả thực hiện") -> bytes:
    made = io.BytesIO()
    document = docx.Document()
    document.add_paragraph(words)
    document.save(made)
    return made.getvalue()


def packed(content: bytes, *names: str) -> bytes:
    """A ZIP in which all files have the same content."""
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as archive:
        for name in names:
            archive.writestr(name, content)
    return made.getvalue()


def word_with_macros() -> bytes:
    made = io.BytesIO(word())
    with zipfile.ZipFile(made, "a") as archive:
        archive.writestr("word/vbaProject.bin", b"x")
    return made.getvalue()
