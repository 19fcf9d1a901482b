"""The page of notes: every item, autosave, plain forms; and the notes beside the summary."""

import pytest
from django.urls import reverse

from sessions.minutes.actions import writing as actions
from sessions.models import ItemNote, MinutesSection
from tests.sessions.sittings.closed_sitting import closed_sitting


@pytest.fixture
def held(people):
    return closed_sitting(people)


def take(client, held, text, revision=0, **headers):
    url = reverse("sittings:note-take", args=[held.sitting.pk, held.items[0].pk])
    return client.post(url, {"text": text, "version": revision}, headers=headers)


def test_the_page_offers_a_box_for_each_item_and_reads_others_notes(signed_in, held):
    actions.save_note(held.items[0], "Les miennes", revision=0, by=held.officer)
    actions.save_note(held.items[0], "Celles du secrétariat", revision=0, by=held.secretary)
    client = signed_in(held.officer)
    page = client.get(reverse("sittings:notes", args=[held.sitting.pk])).content.decode()
    assert page.count("<textarea") == len(held.items)
    assert "Les miennes</textarea>" in page
    assert "Celles du secrétariat</p>" in page


@pytest.mark.parametrize("items", [1, 3])
def test_the_page_costs_the_same_whatever_the_agenda(items, signed_in, held, django_assert_num_queries):
    for item in held.items[:items]:
        actions.save_note(item, "Mots", revision=0, by=held.officer)
        actions.save_note(item, "Mots", revision=0, by=held.secretary)
    client = signed_in(held.officer)
    client.get(reverse("sittings:notes", args=[held.sitting.pk]))
    with django_assert_num_queries(6):
        client.get(reverse("sittings:notes", args=[held.sitting.pk]))


def test_a_plain_form_saves_and_comes_back_to_its_item(signed_in, held):
    client = signed_in(held.officer)
    answer = take(client, held, "Mots")
    assert answer.url.endswith(f"/notes/#point-{held.items[0].pk}")
    assert ItemNote.objects.get().text == "Mots"


def test_the_script_gets_the_revision_and_the_hour(signed_in, held):
    client = signed_in(held.officer)
    answer = take(client, held, "Mots", accept="application/json")
    assert (answer.status_code, answer.json()["version"]) == (200, 1)


@pytest.mark.parametrize("accept", ["application/json", "text/html"])
def test_a_window_that_is_behind_gets_both_texts(accept, signed_in, held):
    actions.save_note(held.items[0], "Tablette", revision=0, by=held.officer)
    client = signed_in(held.officer)
    answer = take(client, held, "Bureau", accept=accept)
    assert answer.status_code == 409
    both = "Tablette\n\nBureau"
    assert answer.json()["merged"]["text"] == both if accept == "application/json" else both in answer.content.decode()


def test_notes_stand_beside_the_summary_and_enter_the_box_only_when_asked(signed_in, held):
    minutes = held.begin()
    note = actions.save_note(held.items[0], "Reste à charge <en tête>", revision=0, by=held.secretary)
    client = signed_in(held.officer)
    address = reverse("sittings:section", args=[minutes.pk, held.items[0].pk])
    page = client.get(address).content.decode()
    assert "Notes prises en séance" in page
    assert "Reprendre dans le résumé" in page
    assert "Reste à charge &lt;en tête&gt;</textarea>" not in page
    assert "Reste à charge &lt;en tête&gt;</textarea>" in client.get(f"{address}?notes={note.pk}").content.decode()
    assert not MinutesSection.objects.exclude(summary_html="").exists()


def test_a_facilitator_reads_the_summary_without_the_notes(signed_in, people, held):
    minutes = held.begin()
    actions.save_note(held.items[0], "Pour l’équipe", revision=0, by=held.officer)
    client = signed_in(people["facilitator"])
    page = client.get(reverse("sittings:section", args=[minutes.pk, held.items[0].pk])).content.decode()
    assert "Pour l’équipe" not in page
