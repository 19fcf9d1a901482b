"""The life of the panel in a real browser: absences up to a replacement by the rule, a refund up to its payment."""

import io
from datetime import timedelta

import pytest
from django.utils import timezone
from PIL import Image
from playwright.sync_api import expect

from draws.draws.actions import ceremony
from draws.models import Placement
from draws.succession import actions as succession
from members.models import Mandate
from sessions.attendance import actions as attendance
from sessions.models import AbsenceCase, ExpenseBatch, ExpenseClaim
from tests.draws.stage import draw_in, fresh
from tests.e2e.accessibility import assert_usable
from tests.factories.life import ExpenseRateFactory, attended, attends, plenaries
from tests.live import PHONE

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def at_both_widths(page):
    """Check that the page is usable and fits the window of a phone."""
    assert_usable(page)
    before = page.viewport_size
    page.set_viewport_size(PHONE)
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), page.url
    page.set_viewport_size(before)


@pytest.fixture
def placed(people):
    """Return a person drawn, with a running mandate."""
    draw = draw_in(people, "certified")
    ceremony.reveal(draw, by=people["lead"])
    succession.propose_mandates(fresh(draw), by=people["officer"])
    row = Placement.objects.select_related("mandate__term").order_by("pk")[0]
    long_ago = timezone.localdate() - timedelta(days=400)
    Mandate.objects.filter(pk=row.mandate_id).update(
        state="active", accepted_on=long_ago, activated_on=long_ago, proposed_at=timezone.now() - timedelta(days=400)
    )
    return Placement.objects.select_related("mandate__member__person", "mandate__term", "draw").get(pk=row.pk)


def test_three_absences_a_letter_a_decision_and_the_next_of_the_rule(site, open_context, sign_in, people, placed):
    sittings = plenaries(people.term, 3)
    attends(placed.mandate, sittings, "aaa")
    attendance.update_alerts(sittings[-1])
    case = AbsenceCase.objects.get()
    name = placed.mandate.member.person.full_name
    officer, lead = (open_context().new_page() for _ in range(2))
    for page, role in ((officer, "officer"), (lead, "lead")):
        sign_in(page.context, people.ready(people[role]))

    officer.goto("/bureau/")
    officer.get_by_role("link", name="Décider de la suite").first.click()
    officer.locator("main").get_by_role("link", name=name).click()
    expect(officer.get_by_role("heading", name=name)).to_be_visible()
    expect(officer.get_by_text("3 plénières manquées")).to_be_visible()
    at_both_widths(officer)
    officer.get_by_role("link", name="Écrire à la personne").click()
    officer.get_by_label("Message").fill("Bonjour,\nVous nous avez manqué. Qu’est-ce qui vous gêne pour venir ?")
    officer.get_by_role("button", name="Écrire à la personne").click()
    expect(officer.get_by_text("Le message est en cours d’envoi.")).to_be_visible()

    # The ordinary end of a mandate does not offer it, not even to the lead.
    lead.goto(f"/bureau/membres/{placed.mandate_id}/")
    lead.get_by_role("link", name="Mettre fin").first.click()
    expect(lead.get_by_text("absences répétées", exact=True)).to_have_count(0)

    lead.goto(f"/bureau/absences/{case.pk}/")
    lead.get_by_role("link", name="Ouvrir la procédure").click()
    at_both_widths(lead)
    lead.get_by_role("button", name="Ouvrir la procédure").click()
    expect(lead.get_by_text("La procédure est ouverte.")).to_be_visible()
    lead.get_by_role("link", name="Noter ses observations").click()
    lead.get_by_label("Observations").last.fill("Je travaille le samedi, je laisse ma place.")
    lead.get_by_role("button", name="Noter ses observations").click()
    lead.get_by_role("link", name="Mettre fin au mandat").click()
    at_both_widths(lead)
    lead.get_by_label("Motifs de la décision").fill("Trois absences, laisse sa place.")
    lead.get_by_role("button", name="Mettre fin au mandat").click()
    expect(lead.get_by_text("Le siège est vacant.")).to_be_visible()
    mandate = Mandate.objects.get(pk=placed.mandate_id)
    assert (mandate.state, mandate.end_reason) == ("ended", "absences")

    officer.goto("/bureau/")
    officer.get_by_role("link", name="Remplacer un siège vacant par la règle", exact=True).click()
    expect(officer.get_by_role("link", name="Remplacer les sièges vacants")).to_be_visible()
    officer.goto(f"/bureau/tirages/{placed.draw_id}/etapes/remplacer/")
    at_both_widths(officer)
    expect(officer.get_by_text(name)).to_be_visible()
    officer.get_by_role("button", name="Remplacer les sièges vacants").click()
    successor = Placement.objects.get(vacated=placed).mandate.member.person.full_name
    expect(officer.get_by_role("heading", name="Réponses attendues")).to_be_visible()
    expect(officer.get_by_role("link", name=successor).first).to_be_visible()
    at_both_widths(officer)


def photo(colour="white"):
    target = io.BytesIO()
    Image.new("RGB", (600, 900), colour).save(target, "JPEG")
    return {"name": "ticket.jpg", "mimeType": "image/jpeg", "buffer": target.getvalue()}


def test_a_refund_from_a_phone_to_the_payment(site, worker, open_context, sign_in, people, settings, tmp_path):
    settings.BLOB_DIR = tmp_path / "blobs"
    invitee = attended(people["member"].person)
    term = invitee.sitting.term
    ExpenseRateFactory(term=term)
    ExpenseRateFactory(term=term, capped=True)
    phone = open_context(viewport=PHONE, has_touch=True, is_mobile=True).new_page()
    officer = open_context().new_page()
    sign_in(phone.context, people["member"])
    sign_in(officer.context, people.ready(people["officer"]))

    phone.goto("/espace/frais/")
    assert_usable(phone)
    phone.get_by_role("button", name="Commencer").click()
    phone.get_by_role("link", name="Ajouter une dépense").click()
    assert_usable(phone)
    phone.get_by_label("Repas").check()
    phone.get_by_label("Combien ?").fill("1")
    phone.get_by_label("Somme payée, en euros").fill("15,90")
    phone.get_by_label("Justificatif").set_input_files(photo())
    phone.locator("main").get_by_role("button", name="Noter la dépense").click()
    expect(phone.get_by_text("La dépense est notée.")).to_be_visible()
    expect(phone.get_by_role("link", name="Voir le justificatif")).to_be_visible(timeout=20_000)
    assert_usable(phone)
    phone.get_by_role("link", name="Envoyer la demande").click()
    phone.get_by_role("button", name="Envoyer la demande").click()
    expect(phone.get_by_text("La demande est envoyée.")).to_be_visible()
    claim = ExpenseClaim.objects.get()
    assert claim.state == "submitted"

    officer.goto("/bureau/frais/")
    officer.get_by_role("link", name=claim.reference, exact=True).click()
    officer.get_by_role("button", name="Ouvrir les justificatifs").click()
    expect(officer.get_by_role("link", name="Télécharger ticket.jpg")).to_be_visible()
    at_both_widths(officer)
    officer.get_by_role("link", name="Noter le contrôle").click()
    officer.get_by_role("button", name="Noter le contrôle").click()
    officer.goto("/bureau/frais/lots/nouveau/")
    at_both_widths(officer)
    officer.get_by_role("button", name="Transmettre 1 demande").click()
    batch = ExpenseBatch.objects.get()
    expect(officer.get_by_role("heading", name=batch.reference)).to_be_visible()
    with officer.expect_download() as download:
        officer.get_by_role("button", name="Télécharger le fichier (CSV)").click()
    assert "15,90" in download.value.path().read_text("utf-8-sig")
    at_both_widths(officer)
    officer.get_by_role("link", name="Noter le paiement du lot").click()
    officer.get_by_label("Payé").fill(timezone.localdate().isoformat())
    officer.get_by_label("Référence").fill("M-2026-114")
    officer.locator("main").get_by_role("button", name="Noter le paiement").click()
    expect(officer.get_by_text("Lot réglé")).to_be_visible()

    phone.goto("/espace/frais/")
    expect(phone.get_by_text("Payée")).to_be_visible()
    phone.get_by_role("link", name=invitee.sitting.title).click()
    expect(phone.get_by_text("référence M-2026-114")).to_be_visible()
    assert_usable(phone)
