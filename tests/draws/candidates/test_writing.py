"""What the team writes to candidates: read again, tried, sent now or later, to any number, about nothing else."""

import re
from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from assembly.audit.models import Entry
from assembly.notifications.actions import sending
from assembly.notifications.models import Delivery, Distribution, LocalMessage
from draws.models import Candidate, CandidateState
from tests.browsing import StrictClient
from tests.draws.candidates.test_desk import LIST, made
from tests.factories.candidates import CallFactory, CandidateFactory
from tests.factories.institution import CantonFactory
from tests.security.test_fresh_proofs import TWO_HOURS, aged

pytestmark = pytest.mark.django_db
WRITE, TRIAL, SEND = f"{LIST}ecrire/", f"{LIST}ecrire/essai/", f"{LIST}ecrire/envoyer/"
TEXT = "Il manque un papier.\nMerci."


@pytest.fixture
def call(people, settings):
    settings.MAILERS = {"default": settings.LOCAL_MAILER, "bulk": settings.LOCAL_MAILER}
    return CallFactory(term=people.term)


@pytest.fixture
def canton(call):
    return CantonFactory(name="Auterive")


def frozen(page):
    return {"text": TEXT, "people": re.search(r'name="people" value="([^"]*)"', page.text)[1]}


def test_the_text_is_read_again_then_sent_to_those_who_were_frozen(signed_in, call, canton):
    first, second, withdrawn, unconfirmed = made(call, canton, 4)
    Candidate.objects.filter(pk=withdrawn.pk).update(state=CandidateState.WITHDRAWN)
    Candidate.objects.filter(pk=unconfirmed.pk).update(confirmed_email="")
    lead = signed_in("lead")
    assert f'href="{WRITE}?q=' in lead.get(LIST, {"q": first.last_name}).text
    assert lead.post(WRITE, {"text": ""}).status_code == 422
    page = lead.post(WRITE, {"text": TEXT})
    assert "Envoyer à 2 personnes" in page.text
    assert "2 autres ne reçoivent rien" in page.text
    assert f"Ce que lira {first.full_name}" in page.text
    following = lead.post(WRITE, frozen(page) | {"personne": "2"})
    assert f"Votre candidature {second.reference}" in following.text
    assert not Distribution.objects.exists()
    late = made_after(call, canton)
    assert lead.post(SEND, frozen(page)).status_code == 302
    assert Delivery.objects.count() == 2
    told = Entry.objects.filter(event_type="candidate.written_to").values_list("subject_id", flat=True)
    assert sorted(told) == sorted([str(first.pk), str(second.pk)])
    assert lead.post(SEND, frozen(page)).status_code == 422  # once a day
    assert Delivery.objects.count() == 2
    Candidate.objects.filter(pk=second.pk).update(state=CandidateState.WITHDRAWN)
    sending.run(0, seconds=5)
    [mail] = LocalMessage.objects.all()
    assert mail.subject == f"Votre candidature {first.reference}"
    assert "Il manque un papier." in bytes(mail.raw).decode()
    assert {row.state: row.context for row in Delivery.objects.all()}["sent"] == {}
    again = frozen(lead.post(WRITE, {"text": TEXT}))
    assert lead.post(SEND, again).status_code == 302  # whoever came since reads the same
    assert Delivery.objects.filter(key__endswith=f"candidate:{late.pk}").count() == 1


def test_the_page_names_the_filters_in_one_sentence_without_two_colons(signed_in, call, canton):
    made(call, canton, 2)
    page = signed_in("lead").get(WRITE, {"canton": canton.pk, "genre": "F"}).text.replace("\u00a0", " ")
    assert "Candidatures · Canton : Auterive · Genre : femme," in page


def made_after(call, canton):
    return CandidateFactory(call=call, canton=canton, number=9)


def test_ticked_rows_and_filters_choose_the_candidates(signed_in, call, canton):
    rows = made(call, canton, 3)
    officer = signed_in("officer")
    chosen = f"{WRITE}?ligne={rows[0].pk}&ligne={rows[2].pk}"
    assert "2 candidatures" in officer.get(chosen).text
    assert "Envoyer à 2 personnes" in officer.post(chosen, {"text": TEXT}).text
    assert "1 candidature" in officer.get(f"{WRITE}?q={rows[1].reference}").text
    again = officer.post(chosen, {"text": TEXT, "corriger": "1"})
    assert "Relire" in again.text
    assert "Il manque un papier." in again.text
    assert officer.post(f"{SEND}", {"text": TEXT, "people": "x"}).status_code == 404
    assert officer.post(f"{SEND}", {"text": TEXT}).status_code == 422
    for address in (WRITE, SEND, TRIAL):
        assert signed_in("facilitator").post(address, {"text": TEXT}).status_code == 403
    assert not Delivery.objects.exists()


def test_a_trial_goes_to_oneself_without_the_personal_link(signed_in, people, call, canton):
    [row] = made(call, canton, 1)
    officer = signed_in("officer")
    page = officer.post(TRIAL, frozen(officer.post(WRITE, {"text": TEXT})))
    assert "Un essai est parti" in page.text
    assert "Envoyer à 1 personne" in page.text
    [mail] = LocalMessage.objects.all()
    assert people["officer"].email in bytes(mail.raw).decode()
    assert "/candidature/" not in bytes(mail.raw).decode()
    assert reverse("draws:candidate", args=[row.pk]) in bytes(mail.raw).decode()
    assert not Delivery.objects.exists()


def test_it_may_leave_later(signed_in, call, canton):
    made(call, canton, 1)
    officer = signed_in("officer")
    page = frozen(officer.post(WRITE, {"text": TEXT}))
    past, later = (timezone.localtime() + timedelta(hours=hours) for hours in (-1, 30))
    refused = officer.post(SEND, page | {"send_at": past.strftime("%Y-%m-%dT%H:%M")})
    assert refused.status_code == 422
    assert "Cette heure est passée" in refused.text
    assert "Il manque un papier." in refused.text
    assert officer.post(SEND, page | {"send_at": later.strftime("%Y-%m-%dT%H:%M")}).status_code == 302
    assert Distribution.objects.get().send_at is not None
    sending.run(0, seconds=2)
    assert not LocalMessage.objects.exists()


@pytest.mark.parametrize(("count", "is_asked"), [(50, False), (51, True)])
def test_above_fifty_it_asks_a_recent_proof(people, call, canton, count, is_asked):
    made(call, canton, count)
    stale = aged(StrictClient().enter(people.ready(people["officer"])), TWO_HOURS)
    page = frozen(stale.post(WRITE, {"text": TEXT}))
    answer = stale.post(SEND, page)
    assert answer.status_code == 302
    assert Delivery.objects.count() == (0 if is_asked else count)
