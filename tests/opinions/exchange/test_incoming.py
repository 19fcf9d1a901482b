"""Word files from outside: what is kept, what is left out and said, what is refused before anything is written."""

import datetime
import io
import time
import zipfile

import docx
import pytest
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile
from docx.enum.style import WD_STYLE_TYPE
from docx.shared import Cm
from PIL import Image

from assembly.collab.document import grammar
from assembly.collab.document.schema import check
from assembly.files.fields import UploadField
from opinions.exchange.incoming import read_docx
from opinions.exchange.manuscript import Manuscript
from opinions.exchange.word import to_docx
from tests.opinions.exchange import texts

MADE_AT = datetime.datetime(2026, 3, 28, 9, tzinfo=datetime.UTC)


def saved(document):
    target = io.BytesIO()
    document.save(target)
    return target.getvalue()


def written(*lines):
    document = docx.Document()
    for line in lines:
        document.add_paragraph(line)
    return document


def rewritten(content, **parts):
    """Return the archive with some parts replaced: word/document.xml is given as document="…"."""
    target = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as source, zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as made:
        for name in source.namelist():
            key = name.removeprefix("word/").removesuffix(".xml")
            given = parts.get(key)
            made.writestr(name, source.read(name) if given is None else given)
    return target.getvalue()


def words(node):
    if node["type"] == "text":
        return node["text"]
    return " ".join(filter(None, (words(child) for child in node.get("content", ()))))


def without_ids(node):
    kept = {key: value for key, value in node.items() if not (node["type"] == "recommendation" and key == "attrs")}
    if "content" in kept:
        kept["content"] = [without_ids(child) for child in kept["content"]]
    return kept


def test_what_went_out_comes_back():
    """Headings, bold, links, notes, tables with spans, quotations, nested lists, recommendations with answers."""
    tree = texts.complete_opinion()
    list_that_word_cuts = tree["content"].pop(3)
    assert list_that_word_cuts["type"] == "orderedList"
    manuscript = Manuscript("Titre", tree, notice="Projet", lines=["Ligne"], references=texts.references())
    found = read_docx(to_docx(manuscript, created_at=MADE_AT))
    assert without_ids(found.tree) == without_ids(tree)
    assert found.counts == {
        "words": 1115,
        "headings": 3,
        "paragraphs": 103,
        "lists": 20,
        "tables": 1,
        "links": 1,
        "notes": 12,
        "recommendations": 10,
    }


def test_sheets_typed_by_hand_become_recommendations():
    content = saved(
        written(
            "Une phrase avant.",
            "Prolonger la ligne 12",
            "QUEL EST LE PROBLEME?",
            "Rien ne roule.",
            "Que proposons-nous ?",
            "Rouler.",
            "AC2-2026-03-P02 – Éclairer les arrêts",
            "Quel est le problème",
            "Il fait noir.",
        )
    )
    before, first, second = read_docx(content).tree["content"]
    assert words(before) == "Une phrase avant."
    assert [words(first["content"][0]), words(second["content"][0])] == [
        "Prolonger la ligne 12",
        "Éclairer les arrêts",
    ]
    assert [words(field) for field in first["content"][1:]] == ["Rien ne roule.", "Rouler.", "", "", "", ""]
    assert words(second["content"][1]) == "Il fait noir."


def test_each_thing_left_out_is_said():
    document = written("Bonjour")
    picture = io.BytesIO()
    Image.new("RGB", (30, 30), "red").save(picture, "PNG")
    document.add_picture(io.BytesIO(picture.getvalue()), width=Cm(2))
    document.add_paragraph().add_run("souligné").underline = True
    document.add_paragraph("Un sourire 😀 perdu")
    document.sections[0].header.paragraphs[0].text = "En-tête"
    found = read_docx(saved(document))
    assert found.lost == (
        "1 image n’est pas reprise.",
        "1 en-tête ou pied de page n’est pas repris.",
        "1 passage souligné, barré, en indice ou en exposant devient du texte simple.",
        "Des signes que nos documents ne savent pas imprimer sont retirés : 😀.",
    )
    assert words(found.tree) == "Bonjour souligné Un sourire  perdu"


def test_a_title_is_said_and_later_ones_are_kept_as_headings():
    document = docx.Document()
    document.add_paragraph("Avis sur les mobilités", style="Title")
    document.add_paragraph("Une phrase.")
    document.add_paragraph("Deuxième partie", style="Title")
    document.add_paragraph("Une autre.")
    found = read_docx(saved(document))
    kinds = [(block["type"], words(block)) for block in found.tree["content"]]
    assert kinds == [("paragraph", "Une phrase."), ("heading", "Deuxième partie"), ("paragraph", "Une autre.")]
    assert found.lost == (
        "Le titre « Avis sur les mobilités » n’est pas repris dans le texte : celui de l’avis se change sur sa page.",
    )


def test_a_title_after_the_text_has_begun_is_kept():
    document = docx.Document()
    document.add_paragraph("Une phrase.")
    document.add_paragraph("Premier titre", style="Title")
    found = read_docx(saved(document))
    assert [block["type"] for block in found.tree["content"]] == ["paragraph", "heading"]
    assert found.lost == ()


@pytest.mark.parametrize("name", ["Block Quotation", "Quotations", "Block Text", "Quote", "Intense Quote"])
def test_a_quotation_stays_one_whatever_wrote_it(name):
    document = docx.Document()
    if name not in [style.name for style in document.styles]:
        document.styles.add_style(name, WD_STYLE_TYPE.PARAGRAPH)
    document.add_paragraph("Avant.")
    document.add_paragraph("Ils ont dit ceci.", style=name)
    found = read_docx(saved(document))
    assert [(block["type"], words(block)) for block in found.tree["content"]] == [
        ("paragraph", "Avant."),
        ("blockquote", "Ils ont dit ceci."),
    ]


def test_lines_in_the_style_of_what_surrounds_the_text_are_counted():
    document = docx.Document()
    document.styles.add_style("Hors texte", WD_STYLE_TYPE.PARAGRAPH)
    document.add_paragraph("PROJET", style="Hors texte")
    document.add_paragraph("Tapé à la suite sans changer de style.", style="Hors texte")
    document.add_paragraph("Le texte.")
    found = read_docx(saved(document))
    assert words(found.tree) == "Le texte."
    assert found.lost == ("2 lignes au style « Hors texte » ne sont pas reprises.",)


def test_tracked_changes_give_the_text_as_accepted():
    plain = saved(written("MARQUE"))
    with zipfile.ZipFile(io.BytesIO(plain)) as archive:
        body = archive.read("word/document.xml").decode()
    changed = body.replace(
        "<w:r><w:t>MARQUE</w:t></w:r>",
        '<w:ins w:id="1" w:author="x"><w:r><w:t>ajouté</w:t></w:r></w:ins>'
        '<w:del w:id="2" w:author="x"><w:r><w:delText>barré</w:delText></w:r></w:del>',
    )
    found = read_docx(rewritten(plain, document=changed))
    assert words(found.tree) == "ajouté"
    assert found.lost == (
        "1 passage barré par le suivi des modifications est laissé de côté ; les ajouts sont repris.",
    )


def test_links_that_could_run_something_become_words():
    plain = saved(written("MARQUE"))
    with zipfile.ZipFile(io.BytesIO(plain)) as archive:
        body = archive.read("word/document.xml").decode()
        links = archive.read("word/_rels/document.xml.rels").decode()
    target = '<Relationship Id="rId99" TargetMode="External" Target="javascript:alert(1)" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/hyperlink"/>'
    made = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(plain)) as source, zipfile.ZipFile(made, "w") as archive:
        for name in source.namelist():
            content = source.read(name)
            if name == "word/document.xml":
                content = body.replace("<w:r><w:t>MARQUE", '<w:hyperlink r:id="rId99"><w:r><w:t>ici').replace(
                    "</w:t></w:r></w:p>", "</w:t></w:r></w:hyperlink></w:p>", 1
                )
            if name == "word/_rels/document.xml.rels":
                content = links.replace("</Relationships>", target + "</Relationships>")
            archive.writestr(name, content)
    found = read_docx(made.getvalue())
    assert found.tree["content"][0]["content"] == [{"type": "text", "text": "ici"}]
    assert found.lost == ("1 lien devient du texte simple : son adresse n’est pas une page web.",)


def test_half_a_million_characters_are_read_in_seconds():
    line = "Les bus du soir s’arrêtent à 19 h 30, alors que les formations finissent à 20 h. "
    content = saved(written(*[line * 6] * 1050))
    before = time.process_time()
    found = read_docx(content)
    assert time.process_time() - before < 10
    assert found.counts["paragraphs"] == 1050
    assert len(words(found.tree)) > 500_000


def refusal(content):
    with pytest.raises(ValidationError) as refused:
        read_docx(content)
    return " ".join(refused.value.messages)


def test_hostile_files_are_refused_with_a_sentence():
    plain = saved(written("Bonjour"))
    entities = '<?xml version="1.0"?><!DOCTYPE d [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;">]><d>&b;</d>'
    bomb = b"<w:document>" + b" " * (70 * 1024 * 1024) + b"</w:document>"
    broken = "Ce fichier Word est abîmé : nous ne pouvons pas le lire. Enregistrez-le à nouveau, puis réessayez."
    assert refusal(rewritten(plain, document=entities)) == broken
    assert refusal(rewritten(plain, document=bomb)) == broken
    assert refusal(rewritten(plain, document="<w:document")) == broken
    assert refusal(b"PK\x03\x04 not an archive") == broken
    assert refusal(saved(docx.Document())) == "Ce fichier ne contient aucun texte que nous puissions reprendre."


def test_too_many_levels_are_refused_with_a_sentence():
    table = "<w:tbl><w:tr><w:tc>%s<w:p/></w:tc></w:tr></w:tbl>"
    nested = "<w:p><w:r><w:t>fond</w:t></w:r></w:p>"
    for _level in range(60):
        nested = table % nested
    plain = saved(written("MARQUE"))
    with zipfile.ZipFile(io.BytesIO(plain)) as archive:
        body = archive.read("word/document.xml").decode()
    content = rewritten(plain, document=body.replace("<w:sectPr", nested + "<w:sectPr", 1))
    assert refusal(content) == "Ce texte contient trop de niveaux imbriqués : collez-le sans sa mise en forme."


def macros():
    plain = saved(written("Bonjour"))
    made = io.BytesIO(plain)
    with zipfile.ZipFile(made, "a") as archive:
        archive.writestr("word/vbaProject.bin", b"\xd0\xcf\x11\xe0")
    return made.getvalue()


def swollen():
    made = io.BytesIO(saved(written("Bonjour")))
    with zipfile.ZipFile(made, "a", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("word/media/big.bin", b"\0" * (201 * 1024 * 1024))
    return made.getvalue()


def other_archive():
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w") as archive:
        archive.writestr("readme.txt", "words")
    return made.getvalue()


GATE = [
    ("macros", macros, "macros"),
    ("bomb", swollen, "broken"),
    ("archive", other_archive, "kind"),
    ("pdf", lambda: b"%PDF-1.7 lies", "kind"),
    ("old Word", lambda: b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600, "old"),
    ("page", lambda: b"<html><script>1</script></html>", "kind"),
]


@pytest.mark.parametrize(("name", "make", "code"), GATE, ids=[row[0] for row in GATE])
def test_the_gate_of_files_comes_first(name, make, code):
    field = UploadField(kinds=("word",))
    with pytest.raises(ValidationError) as refused:
        field.clean(SimpleUploadedFile("texte.docx", make()))
    assert [error.code for error in refused.value.error_list] == [code]


def test_the_gate_takes_a_word_file_whatever_its_name_and_no_other_office_file():
    content = saved(written("Bonjour"))
    assert UploadField(kinds=("word",)).clean(SimpleUploadedFile("x.exe", content)).name == "x.docx"
    table = io.BytesIO()
    with zipfile.ZipFile(table, "w") as archive:
        archive.writestr("[Content_Types].xml", "<Types/>")
        archive.writestr("xl/workbook.xml", "<workbook/>")
    with pytest.raises(ValidationError) as refused:
        UploadField(kinds=("word",)).clean(SimpleUploadedFile("x.docx", table.getvalue()))
    assert refused.value.messages == ["Ce fichier n’est pas d’un type accepté. Types acceptés : document Word (DOCX)."]


def test_an_empty_answer_and_a_long_title_do_not_break_the_sheet():
    title = "Un titre de plus de trois cents signes " * 10
    content = saved(written(title, "Quel est le problème ?", "Pour qui ?", "Pour toutes et tous."))
    first, sheet = read_docx(content).tree["content"]
    assert words(first) == title.strip()
    assert words(sheet["content"][0]) == ""
    assert words(sheet["content"][3]) == "Pour toutes et tous."
    assert check(grammar.tree_document(first, sheet))
