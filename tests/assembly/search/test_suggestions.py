"""« Vouliez-vous dire »: the nearest words, taken only from what this reader may read."""

import pytest
from django.contrib.auth.models import AnonymousUser
from django.db import connection
from django.test.utils import CaptureQueriesContext

from assembly.documents.models import DocumentState
from assembly.search import queries, spelling
from assembly.search.actions import erase_person
from assembly.search.models import SearchEntry, SearchWord
from tests.assembly.search.indexing import found, index_everything
from tests.assembly.search.test_queries import published
from tests.factories.members import MandateFactory
from tests.factories.sessions import AgendaItemFactory, SittingFactory

pytestmark = pytest.mark.django_db
ANYBODY = AnonymousUser()
PAGE = "/recherche/"


def suggested(words, user=ANYBODY):
    rights = queries.rights_of(user)
    return queries.suggestion(rights, words)


def words_of(page):
    return page.content.decode().replace("\u00a0", " ")


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("viellir", "vieillir"),
        ("VIELLIR", "vieillir"),
        ("bien viellir", "bien vieillir"),
        ("« bien viellir »", "« bien vieillir »"),
        ("departemant", "département"),
        ("viellir -voirie", "vieillir -voirie"),
    ],
)
def test_a_slip_of_the_hand_is_mended(typed, meant):
    published("Bien vieillir dans le département", "Un texte sur les aidants.")
    index_everything()
    assert suggested(typed) == meant


@pytest.mark.parametrize(
    "typed", ["vieillir", "xylophone", "", "le", "42", "PL-2026-02", "%", "a" * 500, "\x00", "'';--"]
)
def test_what_is_right_or_far_from_every_word_suggests_nothing(typed):
    published("Bien vieillir", "Un texte.")
    index_everything()
    assert suggested(typed) == ""


def test_words_of_texts_are_suggested_too():
    published("Rapport", "Les aidants accompagnent leurs proches.")
    index_everything()
    assert suggested("accompagnnent") == "accompagnent"


def test_a_suggestion_finds_something_or_is_not_made():
    """Both words exist, in two texts: together they find nothing."""
    published("La voirie")
    published("Vieillir")
    index_everything()
    assert suggested("viellir voirie") == ""


def test_a_suggestion_never_tells_a_word_that_the_reader_may_not_read(people):
    """One sitting in two wordings: a point for the team alone, and what everybody reads."""
    sitting = SittingFactory(term=people.term, title="Plénière publique", reference="PL-2026-009", notified=True)
    AgendaItemFactory(sitting=sitting, title="Licenciements", is_internal=True)
    published("La voirie")
    index_everything()
    assert suggested("licenciemants", people["officer"]) == "licenciements"
    for reader in (ANYBODY, people["member"], people["dir_contact"], people["stranger"]):
        assert found(reader, "licenciements") == []
        assert suggested("licenciemants", reader) == ""
    assert suggested("publiqque", people["member"]) == "publique"


def test_a_text_that_is_withdrawn_lends_its_words_no_more(people):
    """Rights are asked at each search: the index still holds the words when the right is gone."""
    document = published("Vieillir")
    index_everything()
    assert suggested("viellir") == "vieillir"
    withdrawn = {"published_revision": None, "published_at": None, "state": DocumentState.SEALED}
    type(document).objects.filter(pk=document.pk).update(**withdrawn)
    assert suggested("viellir") == ""


def test_the_page_leads_to_the_suggestion(client):
    published("Bien vieillir")
    index_everything()
    page = words_of(client.get(PAGE, {"q": "viellir"}))
    assert "Vouliez-vous dire" in page
    assert 'href="?q=vieillir"' in page
    assert "Rien ne correspond" in page
    found = words_of(client.get(PAGE, {"q": "vieillir"}))
    assert "Vouliez-vous dire" not in found
    assert 'class="hit"' in found


def test_a_suggestion_is_escaped(client):
    published("Bien <b>vieillir</b>")
    index_everything()
    assert "<b>vieillir" not in client.get(PAGE, {"q": "<b>viellir"}).content.decode()


def test_a_word_of_a_secret_text_hides_no_readable_one(people):
    """The nearest word is the team's; the next one is everybody's."""
    sitting = SittingFactory(term=people.term, title="Plénière", reference="PL-2026-009", notified=True)
    AgendaItemFactory(sitting=sitting, title="Licenciement", is_internal=True)
    published("Licences")
    index_everything()
    assert suggested("licenciemnt", people["officer"]) == "licenciement"
    assert suggested("licenciemnt") == "licences"


def test_words_follow_their_entries_and_go_with_the_last_one():
    first, second = published("La voirie"), published("La voirie vieillit")
    index_everything()
    assert set(SearchWord.objects.values_list("word", flat=True)) >= {"voirie", "vieillit"}
    type(second).objects.filter(pk=second.pk).update(title="Budget")
    index_everything()
    words = set(SearchWord.objects.values_list("word", flat=True))
    assert "budget" in words
    assert "vieillit" not in words
    entry = SearchEntry.objects.get(kind="publication", object_id=str(first.pk))
    entry.delete()
    assert not SearchWord.objects.filter(word="voirie").exists()


def test_whoever_is_erased_leaves_no_word(people):
    mandate = MandateFactory(term=people.term, member__person__last_name="Zinzolin")
    index_everything()
    assert SearchWord.objects.filter(word="zinzolin").exists()
    erase_person(mandate.member.person, people["lead"])
    assert not SearchWord.objects.filter(word="zinzolin").exists()


def test_an_entry_without_words_is_indexed():
    published("42")
    index_everything()
    assert SearchEntry.objects.filter(kind="publication").count() == 1


def test_a_reader_has_so_many_suggestions_a_minute(client, people, monkeypatch):
    """Any reader could ask for the dearest question at will; another reader is not touched."""
    published("Bien vieillir")
    index_everything()
    monkeypatch.setattr(spelling, "SUGGESTIONS_A_MINUTE", 2)
    told = ["Vouliez-vous dire" in words_of(client.get(PAGE, {"q": "viellir"})) for _time in range(4)]
    assert told == [True, True, False, False]
    assert "Vouliez-vous dire" in words_of(client.get(PAGE, {"q": "viellir"}, REMOTE_ADDR="198.51.100.7"))
    client.enter(people.ready(people["member"]))
    assert "Vouliez-vous dire" in words_of(client.get(PAGE, {"q": "viellir"}))


@pytest.mark.parametrize("count", [1, 3])
def test_the_search_that_finds_nothing_costs_the_same_at_any_size(count, client):
    for number in range(count):
        published(f"Vieillir {number}")
    index_everything()
    client.get(PAGE, {"q": "viellir"})
    with CaptureQueriesContext(connection) as seen:
        client.get(PAGE, {"q": "viellir"})
    assert len(seen) == 13, [query["sql"][:150] for query in seen.captured_queries]
