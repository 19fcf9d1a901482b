"""Refused forms of a sitting answer 422 and keep what was typed; the file of answers holds the answers as written."""

import pytest
from django.urls import reverse

from assembly.web import pagination
from sessions.models import Invitee
from tests.factories.members import ContactFactory, MandateFactory
from tests.factories.sessions import InviteeFactory, SittingFactory
from tests.sessions.sittings.closed_sitting import closed_sitting

pytestmark = pytest.mark.django_db


@pytest.fixture
def officer(signed_in):
    return signed_in("officer")


def test_a_refused_guest_keeps_the_words_typed(officer, signed_in):
    sitting = SittingFactory(notified=True)
    url = reverse("sittings:notice", args=[sitting.pk])
    refused = officer.post(url, {"person": "", "capacity": "Architecte-conseil"})
    assert refused.status_code == 422
    assert list(refused.context["form"].errors) == ["person"]
    assert "Architecte-conseil" in refused.content.decode()
    assert signed_in("facilitator").post(url, {"person": "", "capacity": ""}).status_code == 403
    assert not Invitee.objects.filter(sitting=sitting).exists()


@pytest.mark.parametrize("more", [2, 9])
def test_a_guest_among_many_is_found_by_name(people, officer, more, monkeypatch):
    monkeypatch.setattr(pagination, "WHOLE_LIST", 2)
    sitting = SittingFactory(notified=True, term=people.term)
    for at in range(more):
        MandateFactory(term=people.term, member__person__last_name=f"Roux{at}")
    expert = ContactFactory(assembly=people.assembly, person__last_name="Pujol").person
    url = reverse("sittings:notice", args=[sitting.pk])
    assert "Roux0" not in officer.get(url).content.decode()
    several = officer.post(url, {"person": "roux", "capacity": ""})
    assert several.status_code == 422
    assert several.content.decode().count("Roux") == more
    assert officer.post(url, {"person": "pujol", "capacity": ""}).status_code == 302
    assert Invitee.objects.get(sitting=sitting).person == expert


def test_a_refused_absence_keeps_the_reason_typed(officer):
    invitee = InviteeFactory(sitting=SittingFactory(running=True))
    url = reverse("sittings:absence", args=[invitee.sitting_id, invitee.pk])
    refused = officer.post(url, {"absence": "", "reason": "Grippe"})
    assert refused.status_code == 422
    assert list(refused.context["absence"].errors) == ["absence"]
    assert not refused.context["form"].is_bound
    assert "Grippe" in refused.content.decode()
    assert officer.post(url, {"absence": "excused", "reason": "Grippe"}).status_code == 302
    assert Invitee.objects.get(pk=invitee.pk).absence_reason == "Grippe"


@pytest.mark.parametrize("name", ["decision-add", "ballot-prepare", "action-add"])
def test_an_empty_form_about_a_point_is_a_form_in_error(people, signed_in, name):
    held = closed_sitting(people)
    answer = signed_in(held.officer).post(reverse(f"sittings:{name}", args=[held.items[2].pk]), {})
    assert answer.status_code == 422
    assert answer.context["form"].errors


def test_the_file_of_answers_holds_them_as_written(officer):
    sitting = SittingFactory(notified=True)
    InviteeFactory(sitting=sitting, coming=True, wants_meal=True, diet="sans sel", children=2)
    answer = officer.post(reverse("sittings:answers-export", args=[sitting.pk]))
    header, line, *_note = answer.content.decode("utf-8-sig").splitlines()
    assert header == "Nom;Prénom;Qualité;Réponse;Répondu le;Par;Motif;Repas;Régime;Enfants;Âges;Transport;Besoins"
    cells = line.split(";")
    assert (cells[2], cells[3], *cells[6:]) == ("membre", "Vient", "", "oui", "sans sel", "2", "", "", "")
