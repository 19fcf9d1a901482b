"""In the last months of a term a seat that somebody left is given again by the lead alone, with a reason."""

from datetime import timedelta

import pytest
from django.core.exceptions import ValidationError
from django.urls import reverse
from django.utils import timezone

from assembly.audit.models import Entry, EntryDetail
from members.mandates import actions
from members.models import Mandate
from members.rules import replacement_cutoff
from tests.browsing import StrictClient
from tests.factories.members import MandateFactory, MemberFactory, SeatFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def late(people):
    """Set the end of the term in two months; F1 has left, and an alternate waits."""
    term = people.term
    term.ends_on = timezone.localdate() + timedelta(days=60)
    term.save()
    left = MandateFactory(ended=True)
    waiting = MandateFactory(alternate=True, member__canton=left.member.canton, term=left.term)
    return left.seat, Mandate.objects.select_related("term", "member").get(pk=waiting.pk)


def test_before_the_cutoff_nothing_is_asked(people):
    left = MandateFactory(ended=True)
    waiting = MandateFactory(alternate=True, member__canton=left.member.canton)
    assert replacement_cutoff(left.term) > timezone.localdate()
    actions.seat_alternate(waiting, left.seat, by=people["officer"])
    assert waiting.seat == left.seat


def test_after_it_the_lead_decides_and_says_why(people, late):
    seat, waiting = late
    for who, reason in (("officer", "Il reste une plénière."), ("lead", " ")):
        with pytest.raises(ValidationError):
            actions.seat_alternate(waiting, seat, by=people[who], late_reason=reason)
    actions.seat_alternate(waiting, seat, by=people["lead"], late_reason="Il reste une plénière et un vote.")
    entry = Entry.objects.get(event_type="mandate.seated")
    assert EntryDetail.objects.get(entry=entry).text == "Il reste une plénière et un vote."


def test_a_newcomer_too_but_not_on_a_seat_that_nobody_held(people, late):
    seat, _waiting = late
    newcomer = MemberFactory(canton=seat.canton, gender=seat.gender)
    with pytest.raises(ValidationError):
        actions.propose(newcomer, seat.term, seat=seat, by=people["officer"])
    fresh = SeatFactory(term=seat.term, canton=seat.canton, gender=seat.gender)
    assert actions.propose(newcomer, seat.term, seat=fresh, by=people["officer"]).seat == fresh


def test_the_pages_warn_and_ask(people, late):
    seat, waiting = late
    url = reverse("members:member-seat", args=[waiting.pk])
    officer, lead = (StrictClient().enter(people.ready(people[who])) for who in ("officer", "lead"))
    page = officer.get(url).content.decode()
    assert "demande une décision de la responsable" in page
    assert "late_reason" not in page
    assert officer.post(url, {"seat": seat.pk}).status_code == 422
    assert "sauf décision de la responsable" in officer.get(reverse("members:seat-list")).content.decode()
    assert lead.post(url, {"seat": seat.pk, "late_reason": ""}).status_code == 422
    assert lead.post(url, {"seat": seat.pk, "late_reason": "Un vote reste à tenir."}).status_code == 302
    waiting.refresh_from_db()
    assert waiting.seat == seat
