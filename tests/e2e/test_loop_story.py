"""The loop closed, in the browser: an opinion handed over, ten answers of every value, followed, rated, one realised.

The days that go by are moved in the database. Nine visas and four of five ratings are given by the actions that the
pages call, which have stories of their own; each other act is done on its page, by the person to whom it belongs.
"""

import csv
import io
from datetime import timedelta

import pytest
from django.conf import settings as house
from django.urls import reverse
from django.utils import timezone
from playwright.sync_api import expect

from answers.cases.actions import cases, deciding, writing
from answers.follow_up import actions as follow_up
from answers.models import AnswerCase, AnswerCaseState, AnswerValue, Follower, FollowUp, FollowUpState
from answers.voice import actions as voice
from answers.voice.rules import confirmation_token
from assembly.documents.models import Rendition
from consultations.models import DeskEvent
from tests.answers.publication.conftest import _own_files
from tests.answers.stage import fresh
from tests.answers.voice.test_following import mails, words
from tests.answers.voice.test_ratings import loaded, members, rate_by
from tests.e2e.accessibility import assert_usable
from tests.e2e.test_story import Rooms, wait_for
from tests.factories.answers import WORDS
from tests.live import PHONE
from tests.opinions.papers.test_sealed import embedded, sealed
from tests.opinions.papers.whole import whole_opinion

__all__ = ["_own_files"]

pytestmark = [
    pytest.mark.browser,
    pytest.mark.django_db(transaction=True),
    pytest.mark.usefixtures("proved_for_long"),
    pytest.mark.long,
]
S, V = AnswerCaseState, AnswerValue
# What the directorate writes of each, in the words of its file; the tenth is not answered in time.
TOLD = [
    {"Réponse": "Acceptée"},
    {
        "Réponse": "Acceptée en partie",
        "Ce qui est retenu": "Les bus du soir.",
        "Ce qui ne l’est pas": "Les bus de nuit.",
    },
    {"Réponse": "Déjà en place", "En place depuis le": "01/03/2025", "Ce qui le montre": "Le guichet de Muret."},
    {"Réponse": "À l’étude", "Réexaminée le": "in a year"},
    {
        "Réponse": "Transmise à une autre institution",
        "Transmise à": "la Région Occitanie",
        "Par quelle lettre": "lettre du 3 mars",
    },
    {"Réponse": "Refusée", "Motif du refus": "la loi ne le permet pas"},
    {"Réponse": "Acceptée"},
    {"Réponse": "Acceptée"},
    {"Réponse": "Acceptée"},
]

REVISED = "Le Département met les bus du soir et les bus de nuit dans les trente cantons dès la rentrée prochaine."


def filled(content):
    """Return the file of the directorate with its first nine lines filled in."""
    rows = list(csv.reader(io.StringIO(content.decode("utf-8-sig")), delimiter=";"))
    labels = rows[0]
    for row, told in zip(rows[1:], TOLD, strict=False):
        for label, value in {**told, "La réponse, en mots simples": WORDS}.items():
            day = f"{timezone.localdate() + timedelta(days=365):%d/%m/%Y}"
            row[labels.index(label)] = day if value == "in a year" else value
    target = io.StringIO()
    csv.writer(target, delimiter=";").writerows(rows)
    return target.getvalue().encode()


def tick_all(page, button):
    for box in page.get_by_role("main").get_by_role("checkbox").all():
        if box.get_attribute("name") == "ligne":
            box.check()
    page.get_by_role("button", name=button).first.click()


def made():
    """Wait for the worker."""
    wait_for(lambda: not Rendition.objects.exclude(state__in=["ready", "failed"]).exists())


def sign(found, people):
    """Send the answers to the visa and sign them, as another story shows."""
    for case in found:
        writing.submit(fresh(case), version=fresh(case).answers.latest("number").version, by=people["dir_contact"])
        writing.validate(fresh(case), version=fresh(case).answers.latest("number").version, by=people["dir_approver"])


def test_from_the_handover_to_the_deed(open_context, people, site, worker, settings):
    settings.MAILERS = {"default": settings.LOCAL_MAILER, "bulk": settings.LOCAL_MAILER}
    people["dir_approver"], people["sponsor"], people["president"]
    opinion = whole_opinion(term=people.term, officer=people["officer"])
    sealed(opinion, people, made)
    first, late = (reverse("answers:thread", args=[f"{opinion.reference}-P{n:02}"]) for n in (1, 10))
    rooms = Rooms(open_context, people, site)
    lead, contact = rooms.enter(people["lead"]), rooms.enter(people["dir_contact"])

    lead.goto(reverse("opinions:step", args=[opinion.pk, "remettre"]))
    lead.get_by_label("Date de la remise").fill(timezone.localdate().isoformat())
    lead.get_by_label("Lieu").fill("Hôtel du Département")
    lead.get_by_label("Remis à").fill("président du Conseil départemental")
    lead.get_by_role("button", name="Noter la remise").click()
    expect(lead.locator("#messages")).to_contain_text("La remise est notée")
    lead.goto(reverse("opinions:step", args=[opinion.pk, "publier"]))
    lead.get_by_role("button", name="Publier l’avis").click()
    expect(lead.locator("#messages")).to_contain_text("sur le site public")
    found = list(AnswerCase.objects.of_opinion(opinion).order_by("recommendation__number"))
    assert len(found) == 10

    lead.goto(reverse("answers:desk"))
    tick_all(lead, "Confier à une direction")
    lead.get_by_label("Direction pilote").select_option(str(people.directorate.pk))
    lead.get_by_role("button", name="Confier à une direction").click()
    expect(lead.locator("#messages")).to_contain_text("10 réponses sont confiées")

    office = reverse("answers:directorate-table", args=[opinion.pk])
    contact.goto(office)
    with contact.expect_download() as taken:
        contact.get_by_role("link", name="Tableau CSV").click()
    content = filled(taken.value.path().read_bytes())
    contact.get_by_label("Fichier").set_input_files({"name": "a.csv", "mimeType": "text/csv", "buffer": content})
    contact.get_by_role("button", name="Voir ce qui change").click()
    assert_usable(contact)
    contact.get_by_role("button", name="Garder en brouillon").click()
    expect(contact.locator("#messages")).to_contain_text("9")
    sign(found[:9], people)

    sponsor = rooms.enter(people["sponsor"])
    sponsor.goto(reverse("answers:directorate-case", args=[found[5].pk]))
    sponsor.get_by_role("link", name="Renvoyer à la direction").click()
    sponsor.get_by_label("Ce qui est à reprendre").fill("Dites quelle loi.")
    sponsor.get_by_role("button", name="Renvoyer à la direction").click()
    expect(sponsor.locator("#messages")).to_contain_text("renvoyée à la direction")
    contact.goto(reverse("answers:directorate-case", args=[found[5].pk]))
    expect(contact.locator("main")).to_contain_text("Dites quelle loi.")
    contact.get_by_label("La réponse, en mots simples").fill(f"{WORDS} Le code des transports le dit.")
    expect(contact.locator("#save-state")).to_contain_text("Brouillon enregistré à")
    sign(found[5:6], people)

    president = rooms.enter(people["president"])
    president.goto(reverse("answers:directorate-list"))
    for box in president.get_by_label("Choisir").all():
        box.check()
    president.get_by_role("button", name="Décider les réponses cochées").click()
    president.get_by_role("button", name="Décider").click()
    expect(president.locator("#messages")).to_contain_text("9 réponses sont décidées")

    lead.goto(reverse("answers:desk") + "?etat=decided")
    tick_all(lead, "Publier")
    lead.get_by_role("button", name="Publier").click()
    expect(lead.locator("#messages")).to_contain_text("9 réponses sont publiées")

    today = timezone.localdate()
    days = {"opened_on": today - timedelta(days=190), "due_on": today - timedelta(days=3)}
    AnswerCase.objects.filter(pk=found[9].pk).update(assigned_at=timezone.now() - timedelta(days=189), **days)
    assert cases.note_due_answers(today) == 1
    told = DeskEvent.objects.filter(user=people["dir_approver"])
    assert told.filter(key__contains=f":{found[9].pk}:").count() == 1

    visitor = open_context(viewport=PHONE).new_page()
    visitor.goto(site + first)
    visitor.get_by_role("link", name="Suivre cette proposition").click()
    visitor.get_by_label("Votre adresse électronique").fill("jeanne@example.org")
    visitor.get_by_role("button", name="Suivre cette proposition").click()
    follower = Follower.objects.get(address="jeanne@example.org")
    visitor.goto(site + reverse("answers:follow-confirm", args=[confirmation_token(follower.followings.get())]))
    visitor.get_by_role("button", name="Confirmer").click()
    expect(visitor.get_by_role("heading", level=1)).to_contain_text("Vous suivez cette proposition")

    answer = loaded(found[0].answers.get())
    rate_by(members(people, 4), answer)
    member = rooms.enter(people["member"])
    member.goto(reverse("answers:rate", args=[answer.pk]))
    for group in ("claire", "proposé"):
        member.get_by_role("group", name=group).get_by_label("4 –").check()
    member.get_by_role("button", name="Donner ma note").click()
    assert voice.count_all(today) == 1

    row = FollowUp.objects.get(case=found[0])
    contact.goto(reverse("answers:directorate-follow-up-step", args=[row.pk, "point"]))
    contact.get_by_label("Réalisée").check()
    contact.get_by_label("En quelques phrases simples").fill("Le bus roule depuis lundi.")
    contact.get_by_label("Une adresse qui le montre").fill("https://www.example.org/bus")
    contact.get_by_role("button", name="Faire le point").click()
    expect(contact.locator("main")).to_contain_text("La mission vérifie la preuve")
    lead.goto(reverse("answers:follow-up-step", args=[row.pk, "clore"]))
    lead.get_by_role("button", name="Clore comme réalisée").click()
    expect(lead.locator("#messages")).to_contain_text("close comme réalisée")
    row.refresh_from_db()
    assert row.state == FollowUpState.DONE
    FollowUp.objects.filter(case=found[6]).update(update_due_on=today - timedelta(days=2))
    assert follow_up.note_due_updates(today) == 1

    assert voice.send_proposal_news(timezone.now() + timedelta(hours=1)) == 1
    (mail,) = wait_for(mails)
    assert mail.recipients == "jeanne@example.org"
    assert f"{house.SITE_URL}{first}" in words(mail)
    assert f"{house.SITE_URL}{late}" not in words(mail)

    visitor.goto(site + first)
    main = visitor.locator("main")
    for told_there in ("L’avis est remis", WORDS[:40], "5 membres l’ont notée : clarté 4,0", "La mesure est réalisée"):
        expect(main).to_contain_text(told_there)
    assert_usable(visitor)
    visitor.goto(site + late)
    expect(main).to_contain_text("en retard de 3 jours")
    visitor.goto(site + "/avis/")
    expect(main).to_contain_text("9 réponses sur 10")

    file = seal_the_table(lead, opinion, "Sceller et publier le tableau")
    table = site + reverse("answers:table", args=[opinion.reference])
    visitor.goto(table)
    expect(main.get_by_role("link", name="Le tableau scellé (PDF accessible)")).to_be_visible()
    assert "publié depuis" not in main.inner_text()
    assert_usable(visitor)
    assert said_in(visitor, site + file, 1) == [WORDS]

    lead.goto(reverse("answers:desk-step", args=[found[1].pk, "reviser"]))
    lead.get_by_label("Pourquoi").fill("Les bus de nuit sont trouvés.")
    lead.get_by_role("button", name="Réviser la réponse").click()
    expect(lead.locator("#messages")).to_contain_text("La révision est ouverte")
    contact.goto(reverse("answers:directorate-case", args=[found[1].pk]))
    contact.get_by_label("La réponse, en mots simples").fill(REVISED)
    expect(contact.locator("#save-state")).to_contain_text("Brouillon enregistré à")
    sign(found[1:2], people)
    deciding.decide(fresh(found[1]), version=fresh(found[1]).answers.latest("number").version, by=people["president"])
    lead.goto(reverse("answers:desk-step", args=[found[1].pk, "publier"]))
    lead.get_by_role("button", name="Publier la réponse").click()
    expect(lead.locator("#messages")).to_contain_text("La réponse est publiée")

    visitor.goto(table)
    expect(main).to_contain_text("Cette page est plus récente")
    expect(main).to_contain_text(REVISED)
    assert_usable(visitor)
    assert said_in(visitor, site + file, 1) == [WORDS]
    assert seal_the_table(lead, opinion, "Sceller et publier de nouveau") == file
    visitor.goto(table)
    expect(main).to_contain_text(REVISED)
    assert "Cette page est plus récente" not in main.inner_text()
    assert said_in(visitor, site + file, 1) == [REVISED, WORDS]


def seal_the_table(lead, opinion, button):
    """Request the seal as the lead and run the worker; return the stable address of the file."""
    page = reverse("answers:desk-table", args=[opinion.pk])
    lead.goto(page)
    assert_usable(lead)
    lead.get_by_role("link", name=button).click()
    lead.get_by_role("button", name="Sceller et publier").click()
    expect(lead.get_by_role("link", name="Ouvrir le document (PDF)")).to_be_visible(timeout=60_000)
    made()
    lead.goto(page)
    expect(lead.locator("main")).to_contain_text("Le tableau scellé est sur le site, à jour")
    return reverse("documents:publication-file", args=[f"{opinion.reference}-REP"])


def said_in(visitor, address, number):
    """Return the answers of the sealed file to one recommendation: the current one, then former ones."""
    file = visitor.request.get(address)
    assert file.ok
    row = embedded(file.body())["answers"][number]
    return [answer["body"] for answer in (row["answer"], *row["former"])]
