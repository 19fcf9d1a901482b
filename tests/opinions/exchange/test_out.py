"""Texts for word processors: what is written is what was in the tree, as real headings, lists, notes and tables."""

import datetime
import io
import zipfile

import docx
import pytest
from docx.oxml.ns import qn
from lxml import etree
from odfdo import Document

from assembly.collab.document import grammar
from assembly.collab.document.schema import check
from opinions.exchange.manuscript import Manuscript
from opinions.exchange.opendocument import to_odt
from opinions.exchange.word import to_docx
from tests.opinions.exchange import texts

MADE_AT = datetime.datetime(2026, 3, 28, 9, tzinfo=datetime.UTC)
NOTICE = "Ce texte n’est pas adopté."


def manuscript(tree=None, **more):
    given = {
        "title": "Se déplacer le soir",
        "assembly": "Assemblée citoyenne",
        "reference": "AC2-2026-03",
        "lines": ["Avis adopté le 28 mars 2026"],
        "references": texts.references(),
    }
    return Manuscript(tree=tree or texts.complete_opinion(), **given | more)


def word(**more):
    return docx.Document(io.BytesIO(to_docx(manuscript(**more), created_at=MADE_AT)))


def part(content, name):
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        return etree.fromstring(archive.read(name))


def styled(document, style):
    return [
        paragraph.text.replace("\u00a0", " ") for paragraph in document.paragraphs if paragraph.style.name == style
    ]


def test_word_has_the_headings_of_the_text_in_their_order():
    document = word()
    assert styled(document, "Title") == ["Se déplacer le soir"]
    assert styled(document, "Heading 1") == ["Se déplacer le soir", "Nos préconisations"]
    assert styled(document, "Heading 2") == ["Ce que nous avons constaté"]


def test_word_prints_each_recommendation_under_its_permanent_reference():
    document = word()
    assert styled(document, "Préconisation") == [
        f"AC2-2026-03-P{number:02} – Prolonger la ligne {number} jusqu’à 21 h" for number in range(1, 11)
    ]
    assert styled(document, "Question")[:6] == [
        "Quel est le problème ?",
        "Que proposons-nous ?",
        "Pour qui ?",
        "Qui décide ?",
        "Avec quels moyens ?",
        "Comment saurons-nous que c’est fait ?",
    ]


def test_word_leaves_out_a_question_without_an_answer_and_a_reference_not_yet_given():
    tree = check(grammar.tree_document(grammar.recommendation("Un titre", {"problem": "Rien ne va."})))
    document = word(tree=tree, references={})
    assert styled(document, "Préconisation") == ["Un titre"]
    assert styled(document, "Question") == ["Quel est le problème ?"]


def test_word_notes_are_notes_of_the_page():
    content = to_docx(manuscript(), created_at=MADE_AT)
    notes = part(content, "word/footnotes.xml").findall(qn("w:footnote"))
    read = ["".join(note.itertext()).strip() for note in notes if note.get(qn("w:type")) is None]
    assert read[:2] == ["Rapport de la commission Mobilités, p. 12.", "Comptage d’une semaine."]
    called = part(content, "word/document.xml").iter(qn("w:footnoteReference"))
    assert [call.get(qn("w:id")) for call in called] == [str(number) for number in range(1, len(read) + 1)]


def test_word_tables_repeat_their_head_and_keep_their_spans():
    table = word().tables[0]
    heads = [row._tr.trPr.find(qn("w:tblHeader")) is not None for row in table.rows]
    assert heads == [True, True, False, False]
    assert [cell.text for cell in table.rows[0].cells] == ["Canton", "Voyages par soir", "Voyages par soir"]
    assert table.cell(0, 0)._tc is table.cell(1, 0)._tc
    assert table.cell(3, 1)._tc is table.cell(3, 2)._tc


def test_word_lists_start_where_they_start_and_go_down_with_their_depth():
    document = word()
    levels = [
        (paragraph.text, paragraph._p.pPr.numPr.ilvl.val)
        for paragraph in document.paragraphs
        if paragraph._p.pPr is not None and paragraph._p.pPr.numPr is not None
    ]
    assert levels[:6] == [
        ("Peu de bus après 19 h 30.", 0),
        ("Des arrêts sans lumière :", 0),
        ("à Muret", 1),
        ("à Cazères", 1),
        ("près de la gare", 2),
        ("Un prix qui change d’une ligne à l’autre.", 0),
    ]
    starts = document.part.numbering_part.element.iter(qn("w:startOverride"))
    assert [start.get(qn("w:val")) for start in starts] == ["3"]


def test_word_links_lead_where_they_led():
    document = word()
    targets = [relation.target_ref for relation in document.part.rels.values() if relation.is_external]
    assert targets == ["https://example.org/plan?a=1&b=2"]


@pytest.mark.parametrize("notice", ["", NOTICE])
def test_a_draft_says_so_on_its_first_page_and_on_each(notice):
    document = word(notice=notice)
    lines = [paragraph.text for paragraph in document.paragraphs[:2]]
    assert (lines == ["PROJET", NOTICE]) is bool(notice)
    assert document.sections[0].header.paragraphs[0].text.startswith("PROJET · AC2-2026-03") is bool(notice)
    odt = Document(io.BytesIO(to_odt(manuscript(notice=notice), created_at=MADE_AT)))
    assert ("PROJET" in odt.body.inner_text) is bool(notice)


def test_word_is_told_to_be_french_and_named():
    document = word()
    assert document.core_properties.title == "Se déplacer le soir"
    assert document.core_properties.author == "Assemblée citoyenne"
    assert document.styles["Normal"].element.rPr.find(qn("w:lang")).get(qn("w:val")) == "fr-FR"


def odt(**more):
    return Document(io.BytesIO(to_odt(manuscript(**more), created_at=MADE_AT)))


def test_open_document_has_the_same_structure():
    body = odt().body
    heads = [(head.get_attribute("text:outline-level"), head.inner_text) for head in body.get_elements("//text:h")]
    assert heads[:4] == [
        ("1", "Se déplacer le soir"),
        ("2", "Ce que nous avons constaté"),
        ("1", "Nos préconisations"),
        ("2", "AC2-2026-03-P01 – Prolonger la ligne 1 jusqu’à 21 h"),
    ]
    assert len(heads) == 13
    notes = [note.inner_text.strip() for note in body.get_elements("//text:note-body")]
    assert notes[:2] == ["Rapport de la commission Mobilités, p. 12.", "Comptage d’une semaine."]
    assert len(body.get_elements("//table:table-header-rows/table:table-row")) == 2
    spans = [
        (cell.get_attribute("table:number-rows-spanned"), cell.get_attribute("table:number-columns-spanned"))
        for cell in body.get_elements("//table:table-header-rows//table:table-cell")
    ]
    assert spans == [("2", None), (None, "2"), (None, None), (None, None)]
    assert [link.get_attribute("xlink:href") for link in body.get_elements("//text:a")] == [
        "https://example.org/plan?a=1&b=2"
    ]


def test_open_document_keeps_several_spaces():
    tree = check(grammar.tree_document(grammar.paragraph("deux  espaces   ici")))
    line = odt(tree=tree).body.get_elements("//text:p")[-1]
    assert len(line.get_elements("text:s")) == 2


def test_what_looks_like_markup_stays_words():
    tree = check(grammar.tree_document(grammar.paragraph("<b>&amp; ]]> </w:p>"), grammar.heading("<script>")))
    assert "<b>&amp; ]]> </w:p>" in [paragraph.text for paragraph in word(tree=tree).paragraphs]
    assert "<b>&amp; ]]> </w:p>" in odt(tree=tree).body.inner_text
