"""A point taken off the agenda by mistake is put back where it was, with its sub-points."""

import pytest
from django.core.exceptions import PermissionDenied
from django.urls import reverse

from assembly.audit.models import Entry
from sessions.agenda import actions as agenda
from sessions.agenda.queries import agenda_of
from sessions.models import AgendaItem
from tests.factories.sessions import AgendaItemFactory, SittingFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def sitting(people):
    """« Un », « Deux » with « Deux bis » and « Deux ter », « Trois »."""
    found = SittingFactory(term=people.term)
    made = {
        title: AgendaItemFactory(sitting=found, title=title, position=place)
        for place, title in enumerate(["Un", "Deux", "Deux bis", "Deux ter", "Trois"], start=1)
    }
    AgendaItem.objects.filter(title__startswith="Deux ").update(parent=made["Deux"])
    return found


def shown(sitting):
    return [(line.number, line.item.title) for line in agenda_of(sitting, internal=True)]


WHOLE = [("1", "Un"), ("2", "Deux"), ("2.1", "Deux bis"), ("2.2", "Deux ter"), ("3", "Trois")]


def point(title):
    return AgendaItem.objects.select_related("sitting").get(title=title)


def test_a_point_comes_back_with_its_sub_points_where_it_was(sitting, people):
    agenda.remove(point("Deux"), by=people["officer"])
    assert shown(sitting) == [("1", "Un"), ("2", "Trois")]
    agenda.restore(point("Deux"), by=people["officer"])
    assert shown(sitting) == WHOLE
    assert Entry.objects.filter(event_type="agenda.item_restored").count() == 1


def test_it_comes_back_between_points_that_moved_meanwhile(sitting, people):
    agenda.remove(point("Deux"), by=people["officer"])
    agenda.move_item(point("Trois"), direction="up", by=people["officer"])
    agenda.add(sitting, by=people["officer"], title="Quatre")
    agenda.restore(point("Deux"), by=people["officer"])
    titles = [title for _number, title in shown(sitting)]
    assert sorted(titles) == ["Deux", "Deux bis", "Deux ter", "Quatre", "Trois", "Un"]
    place = titles.index("Deux")
    assert titles[place : place + 3] == ["Deux", "Deux bis", "Deux ter"]
    assert {line.item.title for line in agenda_of(sitting, internal=True) if line.depth} == {"Deux bis", "Deux ter"}


def test_a_sub_point_taken_off_before_its_point_stays_off(sitting, people):
    agenda.remove(point("Deux bis"), by=people["officer"])
    agenda.remove(point("Deux"), by=people["officer"])
    agenda.restore(point("Deux"), by=people["officer"])
    assert shown(sitting) == [("1", "Un"), ("2", "Deux"), ("2.1", "Deux ter"), ("3", "Trois")]
    agenda.restore(point("Deux bis"), by=people["officer"])
    assert shown(sitting) == WHOLE


def test_a_sub_point_whose_point_is_gone_becomes_a_point(sitting, people):
    agenda.remove(point("Deux bis"), by=people["officer"])
    agenda.remove(point("Deux"), by=people["officer"])
    agenda.restore(point("Deux bis"), by=people["officer"])
    assert shown(sitting) == [("1", "Un"), ("2", "Deux bis"), ("3", "Trois")]


def test_putting_back_twice_is_once(sitting, people):
    agenda.remove(point("Deux"), by=people["officer"])
    for _ in range(2):
        agenda.restore(point("Deux"), by=people["officer"])
    assert shown(sitting) == WHOLE
    assert Entry.objects.filter(event_type="agenda.item_restored").count() == 1


def test_only_those_who_write_the_agenda_put_back(sitting, people):
    agenda.remove(point("Deux"), by=people["officer"])
    for who in ("facilitator", "member", "stranger"):
        with pytest.raises(PermissionDenied):
            agenda.restore(point("Deux"), by=people[who])


def test_the_page_offers_to_put_back_what_was_removed(sitting, people, signed_in):
    browser = signed_in("officer")
    address = reverse("sittings:sitting", args=[sitting.pk])
    assert "Points retirés" not in browser.get(address).text
    page = browser.post(reverse("sittings:item-remove", args=[sitting.pk, point("Deux").pk]), follow=True).text
    assert "Point retiré" in page
    assert "Points retirés" in page
    back = reverse("sittings:item-restore", args=[sitting.pk, point("Deux").pk])
    assert page.count(f'action="{back}"') == 1
    assert "Deux bis" not in page
    page = browser.post(back, follow=True).text
    assert "Le point est remis à l’ordre du jour." in page
    assert shown(sitting) == WHOLE
    assert "Points retirés" not in signed_in("facilitator").get(address).text
