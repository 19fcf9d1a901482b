"""The sitting on one screen: its point, who is there, a vote; the roll by name, badge and all but some."""

import pytest
from django.urls import reverse
from django.utils import timezone

from sessions.agenda import actions as agenda
from sessions.attendance import actions as attendance
from sessions.models import AgendaItem, Attendance, Ballot, Sitting
from tests.factories.members import MandateFactory
from tests.factories.sessions import AgendaItemFactory, InviteeFactory, SittingFactory

pytestmark = pytest.mark.django_db
NAMES = [("Célia", "Abadie"), ("Amine", "Benali"), ("Aïcha", "Bénard"), ("Jean-Luc", "Labatut")]
COUNTED = {"abstentions": 0, "no_opinion": 0, "first_counter": "Nadia Fauré", "second_counter": "Pierrick Tournier"}


@pytest.fixture
def officer(signed_in):
    return signed_in("officer")


@pytest.fixture
def sitting():
    found = SittingFactory(running=True)
    for title in ("Accueil", "Le schéma", "Le vote"):
        AgendaItemFactory(sitting=found, title=title, minutes=15)
    for first, last in NAMES:
        InviteeFactory(sitting=found, person__first_name=first, person__last_name=last)
    return found


def url(name, sitting, *args):
    return reverse(f"sittings:{name}", args=[sitting.pk, *args])


def point(title):
    return AgendaItem.objects.get(title=title)


def there():
    return sorted(Attendance.objects.filter(voided_at=None).values_list("invitee__person__last_name", flat=True))


def words(response):
    return response.content.decode().replace("\u00a0", " ")


def test_points_follow_one_another_and_one_is_taken_up_again(officer, sitting):
    assert "Aucun point n’est ouvert" in words(officer.get(url("day", sitting)))
    for title in ("Accueil", "Le schéma"):
        assert officer.post(url("day", sitting), {"open": point(title).pk}).status_code == 302
    page = words(officer.get(url("day", sitting)))
    assert "Point 2 sur 3" in page
    assert "0 min sur 15, il en reste 15" in page
    assert point("Accueil").closed_at is not None
    opened = point("Accueil").opened_at
    officer.post(url("day", sitting), {"open": point("Accueil").pk})
    assert (point("Accueil").opened_at, point("Accueil").closed_at) == (opened, None)
    assert point("Le schéma").closed_at is not None
    officer.post(url("day", sitting), {"end": point("Accueil").pk})
    assert not AgendaItem.objects.filter(opened_at__isnull=False, closed_at=None).exists()


@pytest.mark.parametrize("typed", ["", "x", "999999999"])
def test_a_point_that_is_none_is_not_found(officer, sitting, typed):
    assert officer.post(url("day", sitting), {"open": typed}).status_code == 404


def test_the_screen_asks_again_and_is_told_only_what_changed(officer, sitting, people):
    agenda.open_item(point("Accueil"), by=people["officer"])
    seen = officer.get(url("day", sitting)).context["seen"]
    asked = {"seen": seen, "point": point("Accueil").pk}
    assert officer.get(url("day-live", sitting), asked).status_code == 204
    attendance.record_arrival(sitting.invitees.first(), by=people["officer"])
    told = officer.get(url("day-live", sitting), asked)
    assert (told.status_code, told.context["moved"]) == (200, False)
    agenda.open_item(point("Le schéma"), by=people["officer"])
    assert "Le point a changé" in words(officer.get(url("day-live", sitting), asked))


def test_a_vote_is_prepared_and_counted_in_one_act_within_the_room(officer, sitting, people):
    agenda.open_item(point("Le vote"), by=people["officer"])
    for invitee in sitting.invitees.all()[:3]:
        attendance.record_arrival(invitee, by=people["officer"])
    hour = f"{timezone.localtime():%H:%M}"
    data = COUNTED | {"question": "Adopter ?", "votes_for": 3, "votes_against": 1, "voted_at": hour}
    address = url("day-vote", sitting, point("Le vote").pk)
    refused = officer.post(address, data)
    assert refused.status_code == 422
    assert "3 membres sont dans la salle" in words(refused)
    assert 'value="Adopter ?"' in words(refused)
    assert not Ballot.objects.exists()
    assert officer.post(address, data | {"votes_against": 0}).status_code == 302
    ballot = Ballot.objects.get()
    assert (ballot.state, ballot.votes_for, ballot.present) == ("counted", 3, 3)
    proclaim = reverse("sittings:ballot-proclaim", args=[ballot.pk])
    assert proclaim + "?retour=" + url("day", sitting) in words(officer.get(url("day", sitting)))


def test_a_name_or_a_badge_notes_an_arrival(officer, sitting, people):
    mandate = MandateFactory(term=sitting.term, activated_on=timezone.localdate(sitting.starts_at))
    held = InviteeFactory(sitting=sitting, person=mandate.member.person)
    number = f"{mandate.seat.canton.number} {mandate.seat.gender.lower()}{mandate.seat.rank}"
    officer.post(url("roll-arrive", sitting), {"q": number})
    assert there() == [held.person.last_name]
    officer.post(url("roll-arrive", sitting), {"q": "jean lab"})
    assert "Labatut" in there()
    several = officer.post(url("roll-arrive", sitting), {"q": "ben"})  # Benali, Bénard: without script one must choose
    assert several.url == url("roll", sitting) + "?q=ben"
    page = words(officer.get(several.url))
    assert "Bénard" in page
    assert "Abadie" not in page
    answer = officer.post(url("roll-arrive", sitting), {"q": "ben"}, headers={"HX-Request": "true"})
    assert "Amine Benali est là." in words(answer)
    answer = officer.post(url("roll-arrive", sitting), {"q": "ben"}, headers={"HX-Request": "true"})
    assert "Aïcha Bénard est là." in words(answer)
    nobody = officer.post(url("roll-arrive", sitting), {"q": "zz"}, headers={"HX-Request": "true"})
    assert (nobody.status_code, len(there())) == (422, 4)


def test_everybody_but_some_is_previewed_noted_and_undone(officer, sitting, people):
    invitees = {row.person.last_name: row for row in sitting.invitees.select_related("person")}
    preview = officer.post(url("roll-all", sitting), {"away": [invitees["Benali"].pk]})
    assert "3 personnes seront notées présentes" in words(preview)
    assert there() == []
    chosen = [row.invitee.pk for row in preview.context["coming"]]
    InviteeFactory(sitting=sitting)  # came after the preview: not noted by it
    done = officer.post(url("roll-all", sitting), {"present": chosen})
    assert there() == ["Abadie", "Bénard", "Labatut"]
    page = officer.get(done.url)
    assert "3 personnes notées présentes ensemble" in words(page)
    officer.post(url("roll-all-undo", sitting), {"at": page.context["together"]["at"]})
    assert there() == []


def test_the_roll_of_a_closed_sitting_takes_no_tap(officer, sitting):
    Sitting.objects.update(state="closed", closed_at=timezone.now())
    assert officer.get(url("roll-all", sitting)).status_code == 409
    assert officer.post(url("roll-all", sitting), {"present": [1]}).status_code == 403
    assert officer.post(url("roll-arrive", sitting), {"q": "Abadie"}).status_code == 403
    assert officer.get(url("day", sitting)).status_code == 200
    assert officer.post(url("roll-all-undo", sitting), {"at": "hier"}).status_code == 404


@pytest.mark.parametrize("rows", [1, 3])
def test_the_screen_costs_the_same_at_one_and_three(officer, people, rows, django_assert_max_num_queries):
    found = SittingFactory(running=True)
    for _ in range(rows):
        InviteeFactory(sitting=found)
        AgendaItemFactory(sitting=found)
    agenda.open_item(found.agenda.first(), by=people["officer"])
    officer.get(url("day", found))
    with django_assert_max_num_queries(32):
        officer.get(url("day", found))
