"""Where new points go, lists pasted at once, copies, and a point that was taken off while somebody wrote in it."""

import pytest
from django.core.exceptions import PermissionDenied
from django.urls import reverse

from assembly.audit.models import Entry
from assembly.web.errors import EditConflict
from assembly.web.outline import PastedLine
from sessions.agenda import actions as agenda
from sessions.agenda.queries import agenda_of
from sessions.agenda.rules import kind_of
from sessions.models import AgendaItem
from tests.factories.sessions import AgendaItemFactory, SittingFactory

pytestmark = pytest.mark.django_db
JSON = {"Accept": "application/json"}


@pytest.fixture
def sitting(people):
    """« Accueil », « Débat » with « Pour » and « Contre », « Questions diverses »."""
    found = SittingFactory(term=people.term)
    made = {
        title: AgendaItemFactory(sitting=found, title=title, position=place)
        for place, title in enumerate(["Accueil", "Débat", "Pour", "Contre", "Questions diverses"], start=1)
    }
    AgendaItem.objects.filter(title__in=["Pour", "Contre"]).update(parent=made["Débat"])
    AgendaItem.objects.filter(title="Questions diverses").update(kind="other")
    return found


def shown(sitting):
    return [f"{line.number} {line.item.title}" for line in agenda_of(sitting, internal=True)]


def point(title):
    return AgendaItem.objects.select_related("sitting").get(title=title)


def test_a_new_point_comes_before_what_closes_the_agenda(sitting, people):
    agenda.add(sitting, by=people["officer"], title="Vote")
    assert shown(sitting)[-2:] == ["3 Vote", "4 Questions diverses"]


def test_an_agenda_that_only_closes_takes_points_before(people):
    sitting = SittingFactory(term=people.term)
    AgendaItemFactory(sitting=sitting, title="Questions diverses", kind="other")
    agenda.add(sitting, by=people["officer"], title="Vote")
    agenda.add(sitting, by=people["officer"], title="Divers", kind="other", after=point("Questions diverses").pk)
    assert shown(sitting) == ["1 Vote", "2 Questions diverses", "3 Divers"]


@pytest.mark.parametrize(
    ("after", "depth", "place"),
    [
        ("Accueil", 0, "2 Neuf"),
        ("Accueil", 1, "1.1 Neuf"),
        ("Débat", 1, "2.1 Neuf"),
        ("Débat", 0, "3 Neuf"),
        ("Pour", 1, "2.2 Neuf"),
    ],
)
def test_a_line_is_added_below_another(sitting, people, after, depth, place):
    agenda.add(sitting, by=people["officer"], title="Neuf", after=point(after).pk, depth=depth)
    assert place in shown(sitting)
    assert len(shown(sitting)) == 6


def test_a_line_below_a_point_that_is_gone_takes_its_place(sitting, people):
    gone = point("Débat")
    agenda.remove(gone, by=people["officer"])
    agenda.add(sitting, by=people["officer"], title="Neuf", after=gone.pk)
    assert shown(sitting) == ["1 Accueil", "2 Neuf", "3 Questions diverses"]


def test_a_list_is_pasted_whole_and_told_point_by_point(sitting, people):
    lines = [PastedLine("Vote", 0, 30), PastedLine("Bulletins", 1), PastedLine("Pause", 0, 20)]
    made = agenda.paste(sitting, lines, by=people["officer"], after=point("Accueil").pk)
    assert shown(sitting)[1:4] == ["2 Vote", "2.1 Bulletins", "3 Pause"]
    assert [(item.title, item.kind, item.minutes) for item in made] == [("Vote", "vote", 30), ("Pause", "break", 20)]
    assert Entry.objects.filter(event_type="agenda.item_added").count() == 3


def test_a_list_pasted_below_a_sub_point_becomes_sub_points(sitting, people):
    agenda.paste(sitting, [PastedLine("Peut-être", 0)], by=people["officer"], after=point("Pour").pk, depth=1)
    assert shown(sitting)[2:5] == ["2.1 Pour", "2.2 Peut-être", "2.3 Contre"]


def test_a_point_is_copied_with_its_sub_points_and_without_its_subject(sitting, people):
    AgendaItem.objects.filter(title="Débat").update(topic_type="consultations.Referral", topic_id="1")
    copy = agenda.duplicate(point("Débat"), by=people["officer"])
    assert shown(sitting)[1:7] == ["2 Débat", "2.1 Pour", "2.2 Contre", "3 Débat", "3.1 Pour", "3.2 Contre"]
    assert copy.topic_type == ""


def test_words_typed_for_a_point_that_was_taken_off_are_not_lost(sitting, people, signed_in):
    browser, item = signed_in("officer"), point("Pour")
    url = reverse("sittings:item-edit", args=[sitting.pk, item.pk])
    typed = {"line": "1", "title": "Les pour", "minutes": "1 h", "version": agenda.item_fingerprint(item)}
    agenda.remove(item, by=people["lead"])
    late = browser.post(url, typed, headers=JSON)
    assert late.status_code == 409
    assert "retiré de l’ordre du jour" in late.json()["panel"]
    saved = browser.post(url, typed | {"version": late.json()["version"]}, headers=JSON).json()
    assert "Les pour" in saved["outline"]
    assert shown(sitting)[2:4] == ["2.1 Les pour", "2.2 Contre"]
    assert point("Les pour").minutes == 60


def test_a_point_saved_by_another_is_not_overwritten(sitting, people):
    item, seen = point("Pour"), agenda.item_fingerprint(point("Pour"))
    agenda.change(point("Pour"), by=people["lead"], title="Oui", seen=seen)
    with pytest.raises(EditConflict):
        agenda.change(item, by=people["officer"], title="Non", seen=seen)


def test_a_line_that_says_nothing_is_refused_with_its_sentence(sitting, signed_in):
    browser, url = signed_in("officer"), reverse("sittings:item-add", args=[sitting.pk])
    assert browser.post(url, {"line": "1", "title": " "}, headers=JSON).status_code == 422
    wrong = browser.post(url, {"line": "1", "title": "Vote", "minutes": "tantôt"}, headers=JSON)
    assert "1 h 30" in wrong.json()["sentence"]
    many = browser.post(reverse("sittings:items-paste", args=[sitting.pk]), {"text": "Vote\n" * 61}, headers=JSON)
    assert many.status_code == 422
    assert len(shown(sitting)) == 5


def test_only_those_who_write_the_agenda_paste_and_copy(sitting, people):
    for who in ("facilitator", "member", "stranger"):
        with pytest.raises(PermissionDenied):
            agenda.paste(sitting, [PastedLine("Vote", 0)], by=people[who])
        with pytest.raises(PermissionDenied):
            agenda.duplicate(point("Débat"), by=people[who])


@pytest.mark.parametrize(
    ("title", "kind"),
    [("Accueil café", "opening"), ("Vote sur l’avis", "vote"), ("Déjeuner", "break"), ("Travail", "discussion")],
)
def test_the_first_words_tell_the_kind(title, kind):
    assert kind_of(title) == kind
