"""Pages about absences in a row, and the certificate of a whole mandate."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from assembly.documents.text.extraction import extract
from assembly.notifications.models import Delivery
from sessions.attendance import actions as attendance
from sessions.models import AbsenceCase
from tests.factories.life import attends, plenaries
from tests.factories.members import MandateFactory, mandate_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def case(people):
    mandate = mandate_of(people)
    sittings = plenaries(people.term, 3)
    attends(mandate, sittings, "aae")
    attendance.update_alerts(sittings[-1])
    return AbsenceCase.objects.get()


def test_the_team_is_told_reads_and_decides(people, signed_in, case):
    officer, lead = signed_in("officer"), signed_in("lead")
    name = people["member"].person.full_name
    home = officer.get(reverse("portal:desk-home")).content.decode()
    assert "Décider de la suite : 1 membre a manqué" in home.replace("\u00a0", " ")
    assert name in home
    assert name in officer.get(reverse("sittings:absences")).content.decode()
    page = reverse("sittings:absence-case", args=[case.pk])
    text = officer.get(page).content.decode()
    assert "3 plénières manquées de suite, dont 1 excusée" in text
    assert "Ouvrir la procédure" not in text  # the lead's
    assert (
        "Décider de la suite" in officer.get(reverse("members:member-page", args=[case.mandate_id])).content.decode()
    )
    write = reverse("sittings:absence-step", args=[case.pk, "ecrire"])
    letter = officer.get(write).content.decode()
    assert "Nous espérons que" in letter
    assert not Delivery.objects.exists()  # opening the page sends nothing
    assert officer.post(write, {"text": ""}).status_code == 422
    assert officer.post(write, {"text": "Bonjour,\nVenez-vous ?"}).status_code == 302
    assert officer.post(write, {"text": "Encore"}).status_code == 409
    begin = reverse("sittings:absence-step", args=[case.pk, "procedure"])
    assert officer.get(begin).status_code == 403
    soon, later = (timezone.localdate() + timedelta(days=days) for days in (3, 15))
    assert lead.post(begin, {"text": "Dites-nous.", "answer_by": soon.isoformat()}).status_code == 422
    assert lead.post(begin, {"text": "Dites-nous.", "answer_by": later.isoformat()}).status_code == 302
    ending = reverse("sittings:absence-step", args=[case.pk, "terminer"])
    assert "Attendez les observations" in lead.get(ending).content.decode()
    assert "À suivre" in lead.get(reverse("sittings:absences") + "?etat=closes").content.decode()


def test_the_certificate_lists_each_sitting_and_nobody_else(people, signed_in):
    mandate, other = mandate_of(people), MandateFactory(term=people.term)
    sittings = plenaries(people.term, 3)
    attends(mandate, sittings, "xax")
    attends(other, sittings, "xxx")
    member, officer = signed_in("member"), signed_in("officer")
    url = reverse("sittings:my-mandate-certificate")
    assert url in member.get(reverse("sittings:my-list")).content.decode()
    first, second = member.get(url), member.get(url)
    assert first.content == second.content  # equal facts, equal bytes
    assert first.content == officer.get(reverse("sittings:mandate-certificate", args=[mandate.pk])).content
    text = " ".join(extract(first.content, "application/pdf").text.split())
    assert people["member"].person.full_name in text
    assert other.member.person.last_name not in text
    for words in ("24 janvier 2026", "21 mars 2026", "2 séances", "15 h", "4 demi-journées"):
        assert words in text, (words, text)
    assert "21 février" not in text


def test_who_never_came_has_no_certificate(people, signed_in):
    mandate = mandate_of(people)
    assert signed_in("member").get(reverse("sittings:my-mandate-certificate")).status_code == 404
    assert signed_in("officer").get(reverse("sittings:mandate-certificate", args=[mandate.pk])).status_code == 404
    assert signed_in("facilitator").get(reverse("sittings:mandate-certificate", args=[mandate.pk])).status_code == 403
