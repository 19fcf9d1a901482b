"""Staying in touch: asked for once, taken back by a link, gone after two years."""

from datetime import date

import pytest
from django.core.exceptions import PermissionDenied
from django.urls import reverse
from django.utils import timezone

from assembly.audit.models import Entry
from assembly.identity.personal_data import registry
from assembly.notifications.models import Delivery
from members.consents import actions
from members.consents.mails import AlumniWelcome, consent_of, leaving_address, leaving_token
from members.models import AlumniConsent
from tests.browsing import StrictClient
from tests.factories.members import AlumniConsentFactory, MandateFactory, mandate_of

pytestmark = pytest.mark.django_db


def verbs():
    return list(
        Entry.objects.filter(event_type__startswith="alumni").order_by("pk").values_list("event_type", flat=True)
    )


def answer(member, wanted, by, **more):
    return actions.stay_in_touch(member, member.mandates.get().term, agrees=wanted, by=by, **more)


def test_one_consent_one_message_and_taken_back(people):
    member = mandate_of(people).member
    for _turn in range(2):
        answer(member, True, people["member"])
    assert (AlumniConsent.objects.count(), Delivery.objects.count(), verbs()) == (1, 1, ["alumni.joined"])
    for _turn in range(2):
        answer(member, False, people["member"])
    assert (AlumniConsent.objects.count(), verbs()) == (0, ["alumni.joined", "alumni.left"])


def test_the_team_notes_it_from_paper_and_nobody_else(people):
    member = mandate_of(people).member
    for who in ("officer", "facilitator"):
        with pytest.raises(PermissionDenied):  # not online for somebody else; no right
            answer(member, True, people[who], **({} if who == "officer" else {"channel": "paper"}))
    consent = answer(member, True, people["officer"], channel="paper")
    assert (consent.recorded_by, consent.channel) == (people["officer"], "paper")
    assert Entry.objects.get(event_type="alumni.joined").on_behalf_of == member.person.pseudonym


def test_the_link_takes_back_this_consent_alone(people):
    consent, other = AlumniConsentFactory(), AlumniConsentFactory()
    url = reverse("members:alumni-leave", args=[leaving_token(consent)])
    browser = StrictClient()
    assert browser.get(url).status_code == 200
    assert AlumniConsent.objects.count() == 2
    assert "Votre accord est effacé" in browser.post(url).content.decode()
    assert list(AlumniConsent.objects.all()) == [other]
    for again in (browser.get(url), browser.post(url), browser.get(url[:-2] + "x/")):
        assert again.status_code == 404
    renewed = AlumniConsentFactory(mandate=consent.mandate)
    assert consent_of(leaving_token(consent)) is None
    assert consent_of(leaving_token(renewed)) == renewed


def test_the_message_says_until_when_and_how_to_stop(people):
    consent = answer(mandate_of(people).member, True, people["member"])
    told = AlumniWelcome().context(Delivery.objects.get().distribution, Delivery.objects.get())
    assert told == {"consent": consent, "leave_url": leaving_address(consent)}
    consent.delete()
    assert AlumniWelcome().context(Delivery.objects.get().distribution, Delivery.objects.get())["leave_url"] == ""


def test_two_years_after_the_mandate_it_goes():
    rule, now = registry.retentions["members.alumni"], timezone.now()
    kept = AlumniConsentFactory()
    days = {"accepted_on": date(2023, 12, 1), "activated_on": date(2024, 1, 1), "ended_on": date(2024, 11, 1)}
    gone = AlumniConsentFactory(mandate=MandateFactory(ended=True, **days))
    assert kept.retained_until.year == kept.mandate.term.ends_on.year + 2
    assert list(rule.find(now)) == [gone]
    rule.apply(gone)
    assert list(AlumniConsent.objects.all()) == [kept]
