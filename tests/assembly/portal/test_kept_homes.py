"""The homes of the rooms are kept: between two looks, whatever changes what they tell is told at the second."""

from datetime import timedelta
from threading import Thread

import pytest
import time_machine
from django.db import connections
from django.urls import reverse
from django.utils import timezone

from assembly.institution.actions import roles
from assembly.institution.models import Role
from assembly.notifications.models import Delivery, DeliveryState
from assembly.portal import views
from consultations.models import ReviewState
from consultations.reviews.actions import answering
from members.enums import EndReason
from members.mandates import actions as mandates
from tests.factories.consultations import DelegationFactory, DirectorateReviewFactory
from tests.factories.institution import RoleAssignmentFactory
from tests.factories.members import MandateFactory
from tests.factories.notifications import DeliveryFactory
from tests.factories.sessions import InviteeFactory, SittingFactory

pytestmark = pytest.mark.django_db(transaction=True)
HOMES = {
    "lead": "portal:desk-home",
    "officer": "portal:desk-home",
    "facilitator": "portal:desk-home",
    "member": "portal:member-home",
    "dir_contact": "portal:directorate-home",
    "dir_approver": "portal:directorate-home",
    "president": "portal:directorate-home",
}
TO_CHECK = "1 message est à vérifier"


@pytest.fixture
def made(monkeypatch):
    """Record the areas whose home page is rendered, request by request."""
    times = []

    def counted(make):
        def count(user, room, *rest, **options):
            times.append(room)
            return make(user, room, *rest, **options)

        return count

    for name in ("area_content", "desk_content"):
        monkeypatch.setattr(views, name, counted(getattr(views, name)))
    return times


@pytest.fixture
def look(signed_in, made):
    """Return a function: `look("lead")` gives the HTML of their home; two first calls check that it is cached."""
    browsers = {}

    def open_home(who, name=""):
        url = reverse(name or HOMES[who])
        if who not in browsers:
            browsers[who] = signed_in(who)
            browsers[who].get(url)
            before = len(made)
            browsers[who].get(url)
            assert len(made) == before, f"the home of {who} is not kept"
        return browsers[who].get(url).content.decode()

    return open_home


@pytest.mark.parametrize("who", HOMES)
def test_a_home_is_made_once_while_nothing_changes(who, look, made, people):
    SittingFactory(term=people.term)
    look(who)
    look(who)
    assert len(made) == 1


def test_a_role_that_ended_is_seen_at_the_next_look(look, people):
    officer = people["officer"]
    RoleAssignmentFactory(user=officer, role=Role.FACILITATOR, assembly=people.assembly, term=people.term)
    DeliveryFactory(distribution__term=people.term, state=DeliveryState.TO_CHECK)
    assert TO_CHECK in look("officer")
    roles.end(officer.roles.get(role=Role.OFFICER), by=people["lead"])
    assert TO_CHECK not in look("officer")


def test_the_last_role_that_ended_shuts_the_room(look, people, signed_in):
    browser = signed_in("officer")
    assert [browser.get(reverse("portal:desk-home")).status_code for _ in range(2)] == [200, 200]
    roles.end(people["officer"].roles.get(), by=people["lead"])
    assert browser.get(reverse("portal:desk-home")).status_code == 403


def test_a_delegation_that_ended_is_seen_at_the_next_look(look, people):
    giver, holder = people["dir_approver"], people["dir_contact"]
    review = DirectorateReviewFactory(
        referral__term=people.term, directorate=people.directorate, state=ReviewState.SUBMITTED
    )
    given = DelegationFactory(directorate=people.directorate, giver=giver, holder=holder)
    line = f"À viser : {review.referral.title}"
    assert line in look("dir_contact").replace("\u00a0", " ")
    answering.end_delegation(given, by=giver)
    assert line not in look("dir_contact").replace("\u00a0", " ")


def test_a_mandate_that_ended_shuts_the_room(people, signed_in):
    mandate = MandateFactory(term=people.term, member__person=people["member"].person)
    browser = signed_in("member")
    assert [browser.get(reverse("portal:member-home")).status_code for _ in range(2)] == [200, 200]
    mandates.end(mandate, by=people["lead"], reason=EndReason.RESIGNED)
    assert browser.get(reverse("portal:member-home")).status_code == 403


def test_another_day_is_told(look, people):
    today = timezone.localtime()
    DirectorateReviewFactory(referral__term=people.term, directorate=people.directorate, due_on=today.date())
    evening = today.replace(hour=23, minute=50)
    with time_machine.travel(evening, tick=False):
        assert "Aujourd’hui" in look("dir_contact")
    with time_machine.travel(evening + timedelta(minutes=15), tick=False):
        assert "1\u00a0jour de retard" in look("dir_contact")


def test_what_somebody_else_did_is_told(look, people):
    sitting = SittingFactory(term=people.term, notified=True)
    assert "Serez-vous là" not in look("member")
    InviteeFactory(sitting=sitting, person=people["member"].person)
    assert "Serez-vous là" in look("member")


def test_what_a_worker_did_is_told(look, people):
    """A mail that leaves, or comes back, writes no line in the journal."""
    waits = DeliveryFactory(distribution__term=people.term)
    assert TO_CHECK not in look("lead")

    def settle() -> None:
        Delivery.objects.filter(pk=waits.pk).update(state=DeliveryState.TO_CHECK, next_attempt_at=None)
        connections.close_all()

    worker = Thread(target=settle)
    worker.start()
    worker.join()
    assert TO_CHECK in look("lead")


def test_a_message_is_shown_once_on_a_home_that_is_kept(look, people, signed_in):
    look("lead")
    browser = signed_in("lead")
    url = reverse("portal:desk-home")
    browser.get(url)
    browser.post(reverse("institution:directorate-create"), {"name": "Direction de l’Eau", "code": "eau"})
    assert "La direction est créée." in browser.get(url).content.decode()
    assert "La direction est créée." not in browser.get(url).content.decode()
