"""Reading each kind of file in its own process; bombs end there."""

import io
import time
import zlib
from datetime import UTC, datetime

import pikepdf
import pytest

from assembly.documents.pdf.render import render
from assembly.documents.pdf.source import RenderSource
from assembly.documents.text import extraction
from assembly.documents.text.extraction import (
    EXCEL,
    MAX_CHARACTERS,
    PDF,
    POWERPOINT,
    WORD,
    ExtractionFailed,
    extract,
    has_text,
    normalise_text,
)
from tests.files import OPEN_DOCUMENT, W, archive, open_document, pdf, sheet, slides, word

BOMB = b"0" * 1024 * 1024


def words(content, media_type=PDF):
    return extract(content, media_type).text


def failure(content, media_type=PDF):
    with pytest.raises(ExtractionFailed) as failed:
        extract(content, media_type)
    return failed.value.code


def test_every_kind_gives_its_words():
    body = f"<text:h>Titre</text:h><text:p>Un<text:s/>mot<text:tab/>et</text:p>{'<text:p/>' * 3}"
    assert words(word("Le schéma", "de l’autonomie"), WORD) == "Le schéma\nde l’autonomie"
    assert words(slides(*(f"Page {n}" for n in range(1, 12))), POWERPOINT).split("\n")[8:] == [
        "Page 9",
        "Page 10",
        "Page 11",
    ]
    assert words(sheet("Budget", "Voirie", "Collèges"), EXCEL) == "Voirie\nCollèges\nBudget"
    assert words(open_document("text", body), f"{OPEN_DOCUMENT}text") == "Titre\nUn mot et"
    assert words("nom;âge\nÉlie;40".encode(), "text/csv") == "nom;âge\nÉlie;40"


def test_what_was_deleted_or_commented_is_left_out():
    body = "<w:p><w:r><w:t>gardé</w:t></w:r><w:del><w:r><w:delText>non</w:delText><w:t>non</w:t></w:r></w:del></w:p>"
    document = f'<w:document xmlns:w="{W}">{body}</w:document>'
    assert words(archive({"word/document.xml": document, "word/comments.xml": "<x/>"}), WORD) == "gardé"
    traces = "<text:tracked-changes><text:p>non</text:p></text:tracked-changes><text:p>gardé</text:p>"
    assert words(open_document("text", traces), f"{OPEN_DOCUMENT}text") == "gardé"


def test_a_document_of_the_house_reads_as_it_was_written(db):
    sentence = "Œuvre de l’assemblée\u202f: 12\u202f% « à suivre », efficacité, n° 3"
    source = RenderSource(
        stylesheets=(),
        html=f"<html lang='fr'><body><h1>Procès-verbal</h1><p>{sentence}</p><p>{'mot ' * 60}fin</p></body></html>",
        title="x",
        reference="R",
        created_at=datetime(2026, 3, 28, tzinfo=UTC),
    )
    text = words(render(source))
    assert "Procès-verbal\nŒuvre de l’assemblée : 12 % « à suivre », efficacité, n° 3\n" in text
    assert " ".join(text.split()).count("mot mot") == 30
    assert text.endswith("fin")


def drawn(operators, **resources):
    made = pikepdf.new()
    page = made.add_blank_page(page_size=(595, 842))
    page.obj.Contents = made.make_stream(operators)
    font = {"Type": pikepdf.Name.Font, "Subtype": pikepdf.Name.Type1, "BaseFont": pikepdf.Name.Helvetica}
    page.obj.Resources = pikepdf.Dictionary(Font=pikepdf.Dictionary(F1=pikepdf.Dictionary(**font, **resources)))
    target = io.BytesIO()
    made.save(target)
    return target.getvalue()


def test_places_tell_words_from_parts_of_words():
    kerned = b"BT /F1 10 Tf 50 700 Td [(con) -20 (vo) 30 (cation) -400 (du) -300 (jour)] TJ ET"
    assert words(drawn(kerned, Widths=pikepdf.Array([500] * 224), FirstChar=32)) == "convocation du jour"
    lines = b"BT /F1 10 Tf 12 TL 50 700 Td (un) Tj T* (deux) Tj (trois) ' 1 0 (quatre) \" ET"
    assert words(drawn(lines)) == "un\ndeux\ntrois\nquatre"


def test_a_word_cut_at_the_end_of_a_line_is_joined_where_the_file_writes_it_whole():
    """A compound keeps its hyphen: nobody writes « viceprésident »."""
    cut = (
        b"BT /F1 10 Tf 12 TL 50 700 Td (effi-) Tj T* (cace, le vice-) Tj T* (maire, la proxi\xad) Tj T* (mite) Tj T*"
        b" (est efficace, la proximite aussi) Tj ET"
    )
    content = drawn(cut, Encoding=pikepdf.Name.WinAnsiEncoding)
    assert words(content) == "efficace, le vice-\nmaire, la proximite\nest efficace, la proximite aussi"


def test_letters_drawn_twice_to_look_bold_are_read_once():
    assert words(drawn(b"BT /F1 10 Tf 1 0 0 1 50 700 Tm (Avis) Tj 1 0 0 1 50.2 700 Tm (Avis) Tj ET")) == "Avis"


def test_letters_named_by_the_font_are_known():
    encoding = pikepdf.Dictionary(
        Differences=pikepdf.Array([65, pikepdf.Name.eacute, pikepdf.Name.fi, 90, pikepdf.Name.oe])
    )
    assert words(drawn(b"BT /F1 10 Tf (ABZa) Tj ET", Encoding=encoding)) == "éfiœa"


def without_pages():
    made, target = pikepdf.new(), io.BytesIO()
    made.save(target)
    return target.getvalue()


def test_locked_and_damaged_files_are_told_apart():
    assert failure(pdf("Secret", password="sésame")) == "locked"
    assert failure(b"%PDF-1.7 rien") == "damaged"
    assert failure(without_pages()) == "damaged"
    assert failure(b"PK\x03\x04rien", WORD) == "damaged"
    assert failure(archive({"word/document.xml": "<w"}), WORD) == "damaged"


def test_entities_that_multiply_are_refused():
    laughs = '<!DOCTYPE x [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;">]><x>&b;</x>'
    assert failure(archive({"word/document.xml": laughs}), WORD) == "damaged"


def test_a_part_that_swells_is_left(monkeypatch):
    swollen = b"<x>" + BOMB * 70 + b"</x>"
    started = time.monotonic()
    assert failure(archive({"word/document.xml": swollen}), WORD) == "damaged"
    assert time.monotonic() - started < 10


@pytest.mark.long
def test_a_page_that_swells_ends_its_reader_and_nothing_else():
    made = pikepdf.new()
    for content in (b"BT ET", None):
        page = made.add_blank_page()
        if content is None:
            bomb = zlib.compress(BOMB * 1400, 9)
            page.obj.Contents = pikepdf.Stream(made, bomb, Filter=pikepdf.Name.FlateDecode)
    target = io.BytesIO()
    made.save(target, compress_streams=False)
    assert failure(target.getvalue()) == "heavy"


def test_a_form_that_draws_itself_ends():
    made = pikepdf.new()
    page = made.add_blank_page()
    form = made.make_stream(b"/X Do /X Do", Type=pikepdf.Name.XObject, Subtype=pikepdf.Name.Form)
    form.Resources = pikepdf.Dictionary(XObject=pikepdf.Dictionary(X=form))
    page.obj.Resources = form.Resources
    page.obj.Contents = made.make_stream(b"/X Do")
    target = io.BytesIO()
    made.save(target)
    assert failure(target.getvalue()) == "heavy"


def test_a_reader_that_does_not_come_back_is_left(monkeypatch):
    monkeypatch.setattr(extraction, "WALL_SECONDS", 0.01)
    assert failure(word("x"), WORD) == "heavy"


def test_a_book_is_cut():
    found = extract(b"mot " * 400_000, "text/plain")
    assert found.is_cut
    assert MAX_CHARACTERS - 2 < len(found.text) <= MAX_CHARACTERS


def test_text_is_put_in_order():
    assert normalise_text("e\ufb03cace\u00a0!\r\n\r\n\r\npro\u00ad\ngramme\x00 \ud83d") == "efficace !\nprogramme"


def test_pictures_hold_no_words():
    assert not has_text("image/png")
    assert has_text(f"{OPEN_DOCUMENT}presentation")
