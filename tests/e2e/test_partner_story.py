"""Partners in the browser: typed in, a double merged, an agreement, a message, a withdrawal, what was promised."""

import pytest
from django.urls import reverse
from playwright.sync_api import expect

from assembly.notifications.actions import sending
from assembly.notifications.models import LocalMessage
from mission.mailings.models import ListSubscriber, MailingList
from mission.mailings.rules import leave_token
from mission.partners.models import Partner
from tests.answers.follow_up.test_follow_up_pages import public_one
from tests.e2e.test_story import Rooms
from tests.factories.follow_up import MilestoneFactory, ProgressUpdateFactory
from tests.factories.mailings import ListSubscriberFactory
from tests.live import PHONE

pytestmark = [
    pytest.mark.browser,
    pytest.mark.django_db(transaction=True),
    pytest.mark.usefixtures("proved_for_long"),
]


def fill(page, address, button, **fields):
    page.goto(address)
    for name, value in fields.items():
        control = page.locator(f"[name={name}]")
        if control.evaluate("one => one.localName") == "select":
            control.select_option(value)
        else:
            control.fill(value)
    page.locator("main").get_by_role("button", name=button, exact=True).click()


def below(key, row, kind):
    return reverse(f"mission:{key}-line-add", args=[row.pk, kind])


def test_from_a_partner_to_what_was_promised(open_context, people, site, settings):
    settings.MAILERS = {"default": settings.LOCAL_MAILER, "bulk": settings.LOCAL_MAILER}
    desk = Rooms(open_context, people, site).enter(people["officer"])
    for name in ("Aidants du Comminges", "Les aidants du Comminges"):
        fill(desk, reverse("mission:partners-new"), "Enregistrer", name=name, kind="association")
        expect(desk.locator("h1")).to_have_text(name)
    kept, double = Partner.objects.order_by("pk")
    person = {"first_name": "Rosa", "last_name": "Vidal", "email": "rosa@example.org"}
    fill(desk, below("partners", double, "contacts"), "Enregistrer", **person)
    said = {"held_on": "2026-11-20", "kind": "call", "summary": "Elle veut recevoir la lettre."}
    fill(desk, below("partners", double, "echanges"), "Enregistrer", **said)
    merge = reverse("mission:partners-step", args=[double.pk, "fusionner"])
    fill(desk, merge, "Fusionner un double", into=str(kept.pk))
    desk.goto(reverse("mission:partners-row", args=[kept.pk]))
    for words in ("Rosa Vidal", "Elle veut recevoir la lettre."):
        expect(desk.locator("main")).to_contain_text(words)

    purpose = "Quatre lettres par an."
    fill(desk, reverse("mission:lists-new"), "Enregistrer", name="Lettre de l’assemblée", purpose=purpose)
    row = MailingList.objects.get()
    agreed = {"contact": str(kept.contacts.get().pk), "means": "phone", "consent_on": "2026-11-20"}
    fill(desk, below("lists", row, "abonnes"), "Enregistrer", **agreed)
    expect(desk.locator("main")).to_contain_text("au téléphone")
    stays, leaves = ListSubscriber.objects.get(), ListSubscriberFactory(row=row)
    letter = {"mailing_list": str(row.pk), "name": "Cet automne", "body": "## Plénière\n\nLe 12 décembre."}
    fill(desk, reverse("mission:messages-new"), "Enregistrer", **letter)
    expect(desk.get_by_role("heading", name="Plénière")).to_be_visible()
    expect(desk.locator("main")).to_contain_text("2 personnes")
    desk.get_by_role("link", name="Envoyer le message").click()
    expect(desk.get_by_role("button", name="Envoyer le message")).to_be_visible()

    reader = open_context(viewport=PHONE, java_script_enabled=False).new_page()
    reader.goto(reverse("mission:list-leave", args=[leave_token(leaves)]))
    assert reader.evaluate("document.documentElement.scrollWidth") <= PHONE["width"]
    reader.get_by_role("button", name="Me retirer de cette liste").click()
    expect(reader.get_by_role("status")).to_be_visible()
    desk.get_by_role("button", name="Envoyer le message").click()
    expect(desk.locator("main")).to_contain_text("Le message part.")
    sending.run(0)
    assert [stays.person.email in each.recipients for each in LocalMessage.objects.all()] == [True]

    promise = public_one(people)
    MilestoneFactory(follow_up=promise, label="Le bus part en tournée")
    ProgressUpdateFactory(follow_up=promise, words="Le bus est commandé.")
    reader.goto(reverse("answers:public-commitments"))
    for words in ("Le bus part en tournée", "Le bus est commandé.", promise.file.title):
        expect(reader.locator("main")).to_contain_text(words)
    reader.get_by_role("link", name="À commencer").click()
    expect(reader.get_by_role("heading", name=promise.file.title)).to_be_visible()
