"""The grid in Word: out, filled in, in again; nothing is written before a click."""

import io

import docx
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from consultations.models import ReviewKind, ReviewState
from tests.consultations.desk import GRID, another, asked_of, written

pytestmark = pytest.mark.django_db


def url(name, review):
    return reverse(f"consultations:{name}", args=[review.pk])


def words_of(page):
    return page.content.decode().replace("\u00a0", " ")


@pytest.fixture
def review(people):
    return written(asked_of(people, ReviewState.DRAFTED))


def taken(browser, review):
    """Return the file that the page serves."""
    return docx.Document(io.BytesIO(browser.get(url("instruction-word", review)).content))


def brought(browser, review, document):
    target = io.BytesIO()
    document.save(target)
    file = SimpleUploadedFile("avis.docx", target.getvalue())
    return browser.post(url("instruction-word-in", review), {"file": file})


def test_out_and_in_again_changes_nothing(signed_in, review):
    browser = signed_in("dir_contact")
    document = taken(browser, review)
    rows = [[cell.text for cell in row.cells] for row in document.tables[0].rows]
    assert len(rows) == 11
    assert rows[1][2] == GRID["summary"]
    assert rows[4][2] == "Oui, avec des conditions"
    assert "il n’y a rien à écrire" in words_of(brought(browser, review, document))


def test_what_changes_is_shown_then_kept_as_a_draft(signed_in, people, review):
    browser = signed_in("dir_contact")
    document = taken(browser, review)
    cells = [row.cells for row in document.tables[0].rows]
    cells[1][2].text = "Faisable dans 40 collèges.\nDès 2027."
    cells[2][2].text = "en partie"
    page = brought(browser, review, document)
    assert page.status_code == 200
    assert "2 réponses changent" in words_of(page)
    review.refresh_from_db()
    assert review.summary == GRID["summary"]
    data = {**page.context["grid_form"].data, "then": "keep"}
    assert browser.post(url("instruction", review), data)["Location"] == url("instruction", review)
    review.refresh_from_db()
    assert (review.summary, review.competence, review.legal) == ("Faisable dans 40 collèges.\nDès 2027.", "partly", "")
    assert review.state == ReviewState.DRAFTED


def test_a_row_that_cannot_be_read_is_named_by_its_number(signed_in, review):
    browser = signed_in("dir_contact")
    document = taken(browser, review)
    cells = [row.cells for row in document.tables[0].rows]
    cells[2][2].text = "Peut-être"
    cells[7][1].text = "Une question à nous"
    cells[9][1].text = cells[1][1].text
    page = brought(browser, review, document)
    words = words_of(page)
    assert page.status_code == 422
    assert "Ligne 2 : « Peut-être » n’est pas une réponse possible. Au choix : Oui ; En partie ; Non." in words
    assert "Ligne 7 : cette question n’est pas dans la grille." in words
    assert "Ligne 9 : la même question est déjà en ligne 1." in words


def test_a_text_too_long_or_a_file_without_the_table_is_said(signed_in, review):
    browser = signed_in("dir_contact")
    document = taken(browser, review)
    document.tables[0].rows[1].cells[2].text = "a" * 4001
    assert "Ligne 1 :" in words_of(brought(browser, review, document))
    empty = docx.Document()
    empty.add_paragraph("Bonjour")
    page = brought(browser, review, empty)
    assert page.status_code == 422
    assert "n’a pas le tableau de la contribution" in words_of(page)


def test_an_admissibility_check_has_fewer_rows(signed_in, people):
    review = asked_of(people, kind=ReviewKind.ADMISSIBILITY)
    assert len(taken(signed_in("dir_contact"), review).tables[0].rows) == 6


def test_another_directorate_sees_neither(signed_in, people, review):
    _place, stranger, _approver = another(people)
    browser = signed_in(stranger)
    assert browser.get(url("instruction-word", review)).status_code == 404
    assert browser.get(url("instruction-word-in", review)).status_code == 404


def test_nothing_comes_in_once_it_is_sent(signed_in, people):
    review = written(asked_of(people, ReviewState.SUBMITTED))
    assert signed_in("dir_contact").get(url("instruction-word-in", review)).status_code == 409


def test_the_page_asks_for_a_file_before_it_complains(signed_in, review):
    page = signed_in("dir_contact").get(url("instruction-word-in", review))
    assert page.status_code == 200
    assert "Choisissez un fichier" not in words_of(page)
