"""Partners: a double typed in and merged, an agreement to a list, a message, a withdrawal before it leaves."""

from datetime import date

import pytest
from django.urls import reverse
from playwright.sync_api import expect

from mission.mailings.models import ListMessage, ListSubscriber, MailingList
from mission.mailings.rules import leave_token
from mission.partners.models import Partner
from mission.partners.register import PARTNERS
from mission.registers.actions import add_line
from tests.e2e.accessibility import assert_usable
from tests.e2e.mission_year.desk import MISSION, is_as_narrow_as_a_phone, save

pytestmark = pytest.mark.browser
KEPT, DOUBLE = "Fédération des aidants du Comminges", "Les aidants du Comminges"


def test_from_a_double_to_a_message_that_one_reader_refused(year):
    desk, reader = year.desk("officer"), year.visitor
    save(desk, "partenaires/nouveau/", name=DOUBLE, kind="association")
    expect(desk.locator("h1")).to_have_text(DOUBLE)
    kept, double = Partner.objects.get(name=KEPT), Partner.objects.get(name=DOUBLE)
    person = {"first_name": "Inès", "last_name": "Soulé", "email": "ines.soule@example.org"}
    save(desk, f"partenaires/{double.pk}/contacts/ajouter/", **person)
    said = {"held_on": date(2026, 11, 20), "kind": "call", "summary": "Elle veut recevoir la lettre."}
    add_line(PARTNERS, PARTNERS.line_kind("echanges"), double, by=year.user("officer"), data=said)
    save(desk, f"partenaires/{double.pk}/etapes/fusionner/", "Fusionner un double", into=kept.pk)
    desk.goto(f"{MISSION}/partenaires/{kept.pk}/")
    for words in ("Rosa Vidal", "Inès Soulé", "Elle veut recevoir la lettre.", "Quatre aidantes témoignent"):
        expect(desk.locator("main")).to_contain_text(words)
    assert_usable(desk)

    opinions = MailingList.objects.get(name="Avis et réponses sur le grand âge")
    agreed = {"contact": kept.contacts.get(person__last_name="Soulé").pk, "means": "phone", "consent_on": "2026-11-20"}
    save(desk, f"listes-de-diffusion/{opinions.pk}/abonnes/ajouter/", **agreed)
    expect(desk.locator("main")).to_contain_text("au téléphone")
    message = ListMessage.objects.get(name="Le Département répond sur le grand âge")
    desk.goto(f"{MISSION}/messages/{message.pk}/")
    expect(desk.get_by_role("heading", name="Neuf réponses sur dix")).to_be_visible()
    expect(desk.locator("main")).to_contain_text("3 personnes")
    desk.get_by_role("link", name="Envoyer le message").click()
    expect(desk.get_by_role("button", name="Envoyer le message")).to_be_visible()

    leaves = ListSubscriber.objects.get(row=opinions, person__last_name="Portal")
    reader.goto(reverse("mission:list-leave", args=[leave_token(leaves)]))
    assert is_as_narrow_as_a_phone(reader)
    reader.get_by_role("button", name="Me retirer de cette liste").click()
    expect(reader.get_by_role("status")).to_be_visible()
    desk.get_by_role("button", name="Envoyer le message").click()
    expect(desk.locator("main")).to_contain_text("Le message est en cours d’envoi.")
    assert year.post(message.name).keys() == {"rosa.vidal@example.org", "ines.soule@example.org"}
