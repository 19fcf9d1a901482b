"""What stands on every page (running heads, page numbers) is no part of a text: nobody looks for it."""

import io

import pikepdf

from tests.assembly.documents.text.test_extraction import words

NAMES = [b"Agathe", b"Basile", b"Celia", b"Denis"]


def pages(*contents):
    """Return a file with one page for each content, all with the same font."""
    target = io.BytesIO()
    with pikepdf.new() as pdf:
        font = pikepdf.Dictionary(
            Type=pikepdf.Name.Font,
            Subtype=pikepdf.Name.Type1,
            BaseFont=pikepdf.Name.Helvetica,
            Encoding=pikepdf.Name.WinAnsiEncoding,
            FirstChar=32,
            Widths=pikepdf.Array([500] * 224),
        )
        for content in contents:
            page = pdf.add_blank_page()
            page.Contents = pdf.make_stream(content)
            page.Resources = pikepdf.Dictionary(Font=pikepdf.Dictionary(F1=pdf.make_indirect(font)))
        pdf.save(target)
    return target.getvalue()


def at(height, text):
    return b"BT /F1 10 Tf 1 0 0 1 50 %d Tm (%s) Tj ET\n" % (height, text)


def test_what_a_file_marks_as_an_artifact_is_left_out():
    content = (
        b"/Artifact <</Type /Pagination>> BDC " + at(800, b"En-tete") + b"EMC\n"
        b"/P <</MCID 0>> BDC " + at(700, b"Le texte") + b"EMC\n"
        b"/Artifact BMC /Span <</Lang (fr)>> BDC " + at(20, b"Pied") + b"EMC EMC\n"
        b"EMC /P BMC " + at(600, b"La suite") + b"EMC"
    )
    assert words(pages(content)) == "Le texte\nLa suite"


def test_an_artifact_inside_a_form_is_left_out():
    """As in the sheets that office programs place on each page: only a part of what they draw is furniture."""
    target = io.BytesIO()
    with pikepdf.open(io.BytesIO(pages(b"/X Do"))) as pdf:
        (page,) = pdf.pages
        form = pdf.make_stream(
            at(700, b"Le texte") + b"/Artifact BMC " + at(600, b"Filigrane") + b"EMC",
            Type=pikepdf.Name.XObject,
            Subtype=pikepdf.Name.Form,
            BBox=[0, 0, 600, 800],
            Resources=pikepdf.Dictionary(Font=page.Resources.Font),
        )
        page.Resources.XObject = pikepdf.Dictionary(X=form)
        pdf.save(target)
    assert words(target.getvalue()) == "Le texte"


def test_lines_that_come_back_at_the_edges_of_pages_are_left_out():
    sheets = [
        at(800, b"Assemblee citoyenne") + at(700, b"Texte de %s" % name) + at(20, b"Page %d / 4" % n)
        for n, name in enumerate(NAMES, start=1)
    ]
    assert words(pages(*sheets)) == "\n".join(f"Texte de {name.decode()}" for name in NAMES)


def test_a_line_that_comes_back_inside_the_pages_is_kept():
    sheets = [
        at(800, b"Premier %s" % name)
        + at(780, b"Deuxieme %s" % name)
        + at(700, b"Adopte")
        + at(40, b"Avant-dernier %s" % name)
        + at(20, b"Dernier %s" % name)
        for name in (b"un", b"deux", b"trois")
    ]
    assert words(pages(*sheets)).count("Adopte") == 3


def test_two_pages_alike_are_kept_whole():
    """A form of two pages, a letter to two people: too few pages to tell what is furniture."""
    assert words(pages(*[at(800, b"Bonjour") + at(20, b"Merci")] * 2)) == "Bonjour\nMerci\nBonjour\nMerci"
