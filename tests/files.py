"""Small true files of every kind, made when a test asks: none is kept in the repository."""

import functools
import io
import zipfile

import pikepdf

W = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
A = "http://schemas.openxmlformats.org/drawingml/2006/main"
S = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
OFFICE = "urn:oasis:names:tc:opendocument:xmlns:office:1.0"
TEXT = "urn:oasis:names:tc:opendocument:xmlns:text:1.0"
OPEN_DOCUMENT = "application/vnd.oasis.opendocument."


def shown(line: str, down: int) -> bytes:
    words = line.replace("\\", r"\\").replace("(", r"\(").replace(")", r"\)")
    return b"BT /F1 12 Tf 72 %d Td (%s) Tj ET\n" % (760 - 20 * down, words.encode("cp1252"))


@functools.cache
def pdf(*pages: str, password: str = "") -> bytes:
    """Return a PDF with these pages (one line of the text, one line of the page), as an office program writes it."""
    made = pikepdf.new()
    font = pikepdf.Dictionary(
        Type=pikepdf.Name.Font,
        Subtype=pikepdf.Name.Type1,
        BaseFont=pikepdf.Name.Helvetica,
        Encoding=pikepdf.Name.WinAnsiEncoding,
    )
    fonts = pikepdf.Dictionary(Font=pikepdf.Dictionary(F1=made.make_indirect(font)))
    for text in pages or ("Une page.",):
        page = made.add_blank_page(page_size=(595, 842))
        page.obj.Resources = fonts
        page.obj.Contents = made.make_stream(b"".join(shown(line, at) for at, line in enumerate(text.splitlines())))
    target = io.BytesIO()
    made.save(target, encryption=pikepdf.Encryption(user=password, owner=password) if password else False)
    return target.getvalue()


@functools.cache
def long_pdf(pages: int) -> bytes:
    """Return a PDF of that many equal pages."""
    made = pikepdf.new()
    tree = made.Root.Pages
    page = pikepdf.Dictionary(Type=pikepdf.Name.Page, Parent=tree, MediaBox=[0, 0, 612, 792])
    # Appended one by one, ten thousand of them take four seconds.
    tree.Kids = pikepdf.Array(made.make_indirect(page) for _number in range(pages))
    tree.Count = pages
    target = io.BytesIO()
    made.save(target, object_stream_mode=pikepdf.ObjectStreamMode.generate)
    return target.getvalue()


def archive(files: dict[str, bytes | str], method: int = zipfile.ZIP_DEFLATED) -> bytes:
    """Return a ZIP of these files, with their names unchanged."""
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", method) as made:
        for name, content in files.items():
            made.writestr(name, content)
    return target.getvalue()


def word(*paragraphs: str, **more: bytes | str) -> bytes:
    body = "".join(f"<w:p><w:r><w:t>{words}</w:t></w:r></w:p>" for words in paragraphs)
    document = f'<w:document xmlns:w="{W}"><w:body>{body}</w:body></w:document>'
    return archive({"[Content_Types].xml": "<Types/>", "word/document.xml": document, **more})


def slides(*texts: str) -> bytes:
    parts = {"[Content_Types].xml": "<Types/>", "ppt/presentation.xml": "<p/>"}
    for number, words in enumerate(texts, 1):
        parts[f"ppt/slides/slide{number}.xml"] = f'<s xmlns:a="{A}"><a:p><a:r><a:t>{words}</a:t></a:r></a:p></s>'
    return archive(parts)


def sheet(name: str, *cells: str) -> bytes:
    strings = "".join(f"<si><t>{words}</t></si>" for words in cells)
    return archive(
        {
            "[Content_Types].xml": "<Types/>",
            "xl/workbook.xml": f'<workbook xmlns="{S}"><sheets><sheet name="{name}"/></sheets></workbook>',
            "xl/sharedStrings.xml": f'<sst xmlns="{S}">{strings}</sst>',
        }
    )


def open_document(kind: str, body: str) -> bytes:
    """Return an OpenDocument file; `kind` is text, spreadsheet or presentation, `body` uses office: and text:."""
    content = f'<office:document-content xmlns:office="{OFFICE}" xmlns:text="{TEXT}">{body}</office:document-content>'
    return archive({"mimetype": OPEN_DOCUMENT + kind, "content.xml": content})
