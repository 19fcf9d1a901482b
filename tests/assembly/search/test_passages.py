"""The window of a text where the words stand, and what is marked in it."""

import pytest
from django.contrib.auth.models import AnonymousUser

from assembly.documents.models import ExtractionState, FileText
from assembly.search.text import phrase_pattern, search_strings
from tests.assembly.search.indexing import hits, index_everything
from tests.factories.documents import DocumentFactory

LONG = "Un texte qui dure. " * 600


@pytest.mark.parametrize(
    ("understood", "tries"),
    [
        ("'voir' & 'a'", [" voir", "voir", " voi"]),
        ("'transport' & !'scolairement'", [" transport", "transport", " transpo"]),
        ("'coeur'", [" coeur", "coeur", " coe", " cœur", "cœur"]),
        ("!'b'", []),
        ("", []),
    ],
)
def test_what_to_look_for(understood, tries):
    assert search_strings(understood) == tries


def test_a_sentence_as_a_pattern():
    assert phrase_pattern("'petit' <-> 'enfanc'") == r"petit\w*\W+enfanc"
    assert phrase_pattern("'x' & 'budget' <2> 'depart'") == r"budget\w*\W+(?:\w+\W+)depart"
    assert phrase_pattern("'-2026' <-> 'x.y'") == r"\-2026\w*\W+x\.y"
    assert phrase_pattern("'coeur' & 'vill'") == ""


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("text", "words", "marked"),
    [
        ("la voirie départementale", "voiries", "<mark>voirie</mark>"),
        ("des travaux à Muret", "travaux", "<mark>travaux</mark>"),
        ("le cœur de ville", "coeur", "<mark>cœur</mark>"),
        ("une Œuvre collective", "oeuvres", "<mark>Œuvre</mark>"),
        ("le budget du département", "« budget du département »", "<mark>budget</mark> du <mark>département</mark>"),
        ("c’est L’ÉCOLE d’été", "ecole", "L’<mark>ÉCOLE</mark> d’été"),
        ("le relevé PL-2026-02-D3 adopté", "relevé PL-2026-02-D3", "<mark>relevé</mark>"),
    ],
)
def test_words_far_in_a_long_text_are_shown(text, words, marked):
    document = DocumentFactory(published=True, title="Rapport")
    body = {"text": f"{LONG}{text}. {LONG}", "state": ExtractionState.READY, "read_at": "2026-01-01T00:00Z"}
    FileText.objects.create(blob=document.published_revision.blob, **body)
    index_everything("publication")
    assert marked in hits(AnonymousUser(), words)[0].passage


@pytest.mark.django_db
@pytest.mark.parametrize("words", ["-texte rapport", "rapport or absent", '"rapport" -scolaire', "PL-2026"])
def test_a_text_without_the_word_shows_its_beginning(words):
    document = DocumentFactory(published=True, title="Rapport", reference="PL-2026-77")
    body = {"text": "Début du propos. Suite.", "state": ExtractionState.READY, "read_at": "2026-01-01T00:00Z"}
    FileText.objects.create(blob=document.published_revision.blob, **body)
    index_everything("publication")
    assert hits(AnonymousUser(), words)[0].passage.startswith("Début du propos")
