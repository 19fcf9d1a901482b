"""What the lists of minutes and actions cost: the same number of statements whatever their length."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from assembly.tasks.models import Task
from assembly.tasks.workflow import TASK
from sessions.decisions import actions as decisions
from sessions.minutes.actions import writing as notes
from sessions.models import AgendaDocument, MinutesState
from tests.factories.documents import UploadFactory
from tests.sessions.sittings.closed_sitting import at_state, closed_sitting

STAFF_LIMIT = 12
WRITING, READING, TAB = 12, 18, 14


def statements(browser, url):
    browser.get(url)
    with CaptureQueriesContext(connection) as captured:
        assert browser.get(url).status_code == 200
    return len(captured)


def test_actions_cost_the_same_at_one_and_three_rows(signed_in, people):
    held = closed_sitting(people)
    browser, url = signed_in(held.officer), reverse("tasks:list")
    decisions.add_action(held.sitting, text="Une", owner=held.chair.person, by=held.officer)
    one = statements(browser, url)
    for text in ("Deux", "Trois"):
        decisions.add_action(held.sitting, text=text, owner_text="Direction", by=held.officer)
    assert statements(browser, url) == one <= STAFF_LIMIT


def test_minutes_of_the_room_cost_the_same_at_one_and_three_rows(signed_in, people):
    held = closed_sitting(people)
    at_state(held.begin(), MinutesState.SIGNED)
    browser, url = signed_in(held.members[1]), reverse("sittings:minutes-list")
    one = statements(browser, url)
    for reference in ("COPIL-2026-01", "COPIL-2026-02"):
        other = closed_sitting(people, committee=True, reference=reference)
        at_state(other.begin(), MinutesState.CIRCULATED)
        other.invitees[1].person = held.members[1].person
        other.invitees[1].save()
    assert statements(browser, url) == one <= STAFF_LIMIT


@pytest.mark.parametrize("members", [3, 12])
def test_reading_and_writing_cost_the_same_for_a_small_and_a_large_room(signed_in, people, members):
    """Not lists: two pages that gather everything about a sitting, each with a cost of its own that does not grow."""
    held = closed_sitting(people, members=members)
    minutes = held.begin()
    browser = signed_in(held.officer)
    writing = statements(browser, reverse("sittings:section", args=[minutes.pk, held.items[1].pk]))
    reading = statements(browser, reverse("sittings:minutes-read", args=[minutes.pk]))
    tab = statements(browser, reverse("sittings:minutes", args=[held.sitting.pk]))
    assert (writing <= WRITING, reading <= READING, tab <= TAB) == (True, True, True), (writing, reading, tab)


@pytest.mark.parametrize("rows", [1, 3])
def test_writing_an_item_costs_the_same_whatever_stands_around_it(rows, signed_in, people, django_assert_num_queries):
    held = closed_sitting(people)
    minutes, item = held.begin(), held.items[1]
    notes.save_note(item, "Notes du bureau", revision=0, by=held.officer)
    for number in range(rows):
        decisions.decide(item, text=f"Décision n\u00a0{number}", by=held.officer)
        decisions.prepare_ballot(item, question=f"Question {number} ?", by=held.officer)
        day = timezone.localdate() + timedelta(days=9)
        said = {"text": f"Action {number}", "owner": held.chair.person, "due_on": day}
        decisions.add_action(held.sitting, item=item, by=held.officer, **said)
        AgendaDocument.objects.create(sitting=held.sitting, item=item, upload=UploadFactory(), title=f"Pièce {number}")
        AgendaDocument.objects.create(sitting=held.sitting, upload=UploadFactory(), title="Pièce de la séance")
    browser, url = signed_in(held.officer), reverse("sittings:section", args=[minutes.pk, item.pk])
    browser.get(url)
    with django_assert_num_queries(WRITING):
        page = browser.get(url).text
    assert "Notes du bureau" in page
    assert held.officer.person.full_name in page
    for number in range(rows):
        for words in (f"Question {number} ?", f"Action {number}", f"Pièce {number}"):
            assert words in page.replace("\u00a0", " ")
    assert page.count("Sans vote, aucune objection") == rows
    assert page.count(held.chair.person.full_name) >= rows
    assert "Pièce de la séance" not in page


def test_actions_are_open_or_closed_searched_and_written_to_a_file(signed_in, people):
    held = closed_sitting(people)
    browser, url = signed_in(held.officer), reverse("tasks:list")
    for text, owner in (("Envoyer la carte", "Direction des routes"), ("Ouvrir la salle", "Le gardien")):
        decisions.add_action(held.sitting, text=text, owner_text=owner, by=held.officer)
    done = decisions.add_action(held.sitting, text="Louer le car", owner_text="Le gardien", by=held.officer)
    TASK.transition(done, "finish", by=held.officer, reason="Loué")
    for query, expected in (
        ("", ["Envoyer la carte", "Ouvrir la salle"]),
        ("?etat=ouvertes", ["Envoyer la carte", "Ouvrir la salle"]),
        ("?etat=closes", ["Louer le car"]),
        ("?q=routes", ["Envoyer la carte"]),
        ("?q=gardien&etat=closes", ["Louer le car"]),
    ):
        assert [row.text for row in browser.get(url + query).context["list"].page] == expected
    page = browser.get(f"{url}?etat=closes").text
    assert '<a href="?etat=closes" aria-current="true">' in page
    assert reverse("tasks:task", args=[done.pk]) in page
    Task.objects.create(term=people.term, text="À l’équipe", state="done", closed_at=timezone.now())
    facilitator = signed_in("facilitator").get(f"{url}?etat=closes").text
    assert "Loué" in facilitator
    assert "À l’équipe" not in facilitator
    export = browser.get(reverse("sittings:actions-export"), {"etat": "closes"}, follow=True).text
    header, row, *_note = export.splitlines()
    assert header.lstrip("\ufeff").startswith("À faire;Sur;Qui;Pour le;Se répète;État;Précisions;Suite donnée;")
    assert row.startswith(f"Louer le car;Deuxième plénière ({held.sitting.reference});Le gardien;;;faite;;Loué;")
