"""A grant from the deposit on a telephone, without script, to its account: two readers, a committee, an agreement."""

import pytest
from playwright.sync_api import expect

from assembly.notifications.models import Delivery
from mission.grants.models import GrantApplication, ReaderInterest
from tests.e2e.accessibility import assert_usable
from tests.factories.institution import RoleAssignmentFactory
from tests.factories.mission import GrantSchemeFactory
from tests.files import pdf
from tests.live import PHONE

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def link_of(page, scheme):
    """What the mail carries, asked for on the page of the scheme."""
    page.goto("/subventions/")
    page.get_by_role("link", name=scheme.name).click()
    page.get_by_label("Votre adresse électronique").fill("asso@example.org")
    page.get_by_role("button", name="Recevoir mon lien").click()
    expect(page.get_by_text("Le lien est parti")).to_be_visible()
    return f"/subventions/dossier/{Delivery.objects.latest('pk').context['token']}/"


def fill(page):
    words = {
        "name": "Les Ateliers du Volvestre",
        "siret": "900 000 001 00017",
        "contact_name": "Rosa Vidal",
        "project": "Un jardin partagé",
        "description": "Avec les voisins.",
        "starts_on": "2026-12-01",
        "ends_on": "2027-06-01",
        "cost": "60000",
        "requested": "30000",
    }
    for name, value in words.items():
        page.locator(f"[name={name}]").fill(value)


def step(page, row, slug, button, **fields):
    page.goto(f"/bureau/mission/subventions/{row.pk}/etapes/{slug}/")
    for name, value in fields.items():
        page.locator(f"[name={name}]").fill(value)
    page.locator("main").get_by_role("button", name=button, exact=True).click()
    expect(page.locator("h1")).to_have_text(row.name)


def mark(page, row, points):
    page.goto(f"/bureau/mission/subventions/{row.pk}/etapes/noter/")
    for criterion in row.scheme.criteria.all():
        page.locator(f"[name=criterion-{criterion.pk}][value='{points}']").check()
    page.locator("main").get_by_role("button", name="Noter", exact=True).click()
    expect(page.get_by_text("Vos notes sont données")).to_be_visible()


def test_from_the_deposit_to_the_account(site, open_context, sign_in, people, settings, tmp_path):
    settings.BLOB_DIR = tmp_path / "blobs"
    lead, officer = people.ready(people["lead"]), people.ready(people["officer"])
    scheme = GrantSchemeFactory(assembly=people.assembly, name="Pouvoir d’agir")
    tied = RoleAssignmentFactory(term=people.term).user
    for user in (lead, officer, tied):
        scheme.readers.create(user=user, created_by=lead, changed_by=lead)

    desk, second = (open_context().new_page() for _ in range(2))
    phone = open_context(viewport=PHONE, java_script_enabled=False).new_page()
    own = link_of(phone, scheme)
    phone.goto(own)
    fill(phone)
    phone.get_by_role("button", name="Enregistrer et finir plus tard").click()
    phone.goto(own)
    expect(phone.locator("[name=project]")).to_have_value("Un jardin partagé")
    second.goto(own)
    assert_usable(second)
    phone.locator("[name=has_committed]").check()
    phone.get_by_role("button", name="Envoyer ma demande").click()
    expect(phone.locator("h1")).to_contain_text("Ma demande SUB-")
    row = GrantApplication.objects.select_related("scheme").get()
    ReaderInterest.objects.create(assembly=people.assembly, user=tied, siret=row.siret, kind="belongs")

    sign_in(desk.context, officer)
    sign_in(second.context, lead)
    step(desk, row, "verifier", "Vérifier les pièces")
    step(desk, row, "demander-les-pieces", "Demander ce qui manque")
    phone.goto(f"/subventions/dossier/{Delivery.objects.latest('pk').context['token']}/")
    expect(phone.get_by_text("Statuts").first).to_be_visible()
    file = {"name": "statuts.pdf", "mimeType": "application/pdf", "buffer": pdf("Article premier.")}
    phone.locator(f"[name=piece-{scheme.pieces.get().pk}]").set_input_files(file)
    phone.get_by_role("button", name="J’ai tout envoyé").click()
    expect(phone.get_by_text("nous vérifions de nouveau")).to_be_visible()

    step(desk, row, "declarer-complete", "Déclarer complète")
    desk.goto(f"/bureau/mission/subventions/{row.pk}/etapes/instruire/")
    expect(desk.locator("[name=first] option")).to_have_count(3)  # nobody yet, and the two without a tie
    desk.locator("[name=first]").select_option(str(lead.pk))
    desk.locator("[name=second]").select_option(str(officer.pk))
    desk.locator("main").get_by_role("button", name="Confier à deux lectures", exact=True).click()
    mark(second, row, 4)
    desk.goto(f"/bureau/mission/subventions/{row.pk}/")
    expect(desk.get_by_text("Vous verrez l’autre lecture")).to_be_visible()
    expect(desk.get_by_text("4 / 5")).to_have_count(0)
    mark(desk, row, 5)
    expect(desk.get_by_text("4 / 5").first).to_be_visible()
    step(desk, row, "rendre-avis", "Rendre l’avis", opinion="Favorable.", proposed_amount="28000")
    step(desk, row, "au-comite", "Inscrire au comité")
    desk.goto(f"/bureau/mission/dispositifs/{scheme.pk}/comite/")
    expect(desk.get_by_role("link", name=row.name)).to_be_visible()
    assert_usable(desk)
    step(desk, row, "voter", "Noter le vote", decision_reference="CP-2026-11-7")
    desk.goto(f"/bureau/mission/subventions/{row.pk}/etapes/verser/")
    expect(desk.get_by_text("une convention est signée avant le versement")).to_be_visible()
    desk.goto(f"/bureau/mission/dispositifs/{scheme.pk}/decisions/")
    desk.get_by_text("Les Ateliers du Volvestre").first.click()
    expect(desk.get_by_text("une convention est signée avant tout versement")).to_be_visible()
    assert_usable(desk)
    desk.get_by_role("link", name="Corriger le message").click()
    words = desk.locator("[name=decision_words]")
    words.fill(words.input_value() + "\n\nMerci à toutes et à tous.")
    desk.locator("main").get_by_role("button").first.click()
    expect(desk.get_by_text("Merci à toutes et à tous.")).to_be_visible()
    assert_usable(desk)
    left = Delivery.objects.count()
    desk.locator("main").get_by_role("button", name="Annoncer la décision").click()
    expect(desk.get_by_text("Le message part.")).to_be_visible()
    assert Delivery.objects.count() == left + 1
    expect(desk.get_by_role("link", name="Noter un versement")).to_have_count(0)
    step(desk, row, "convention", "Noter la convention")
    desk.get_by_role("link", name="Noter un versement").click()
    desk.locator("[name=paid_on]").fill("2026-11-28")
    desk.locator("[name=amount]").fill("28000")
    desk.locator("main").get_by_role("button").first.click()
    step(desk, row, "verser", "Noter comme versée")
    row.refresh_from_db()
    assert (row.state, row.voted_amount) == ("paid", 28000)
    phone.reload()
    expect(phone.get_by_text("Versée")).to_be_visible()
    expect(phone.get_by_text("Merci à toutes et à tous.")).to_be_visible()
    step(desk, row, "compte-rendu", "Noter le compte rendu", spent_amount="27500", account="Trente parcelles.")
    step(desk, row, "clore", "Clore")
    second.set_viewport_size(PHONE)
    for address in (own, "/subventions/", f"/subventions/{scheme.pk}/"):
        second.goto(address)
        assert_usable(second)
    for page, address in ((phone, own), (phone, "/subventions/"), (phone, f"/subventions/{scheme.pk}/")):
        page.goto(address)
        assert page.evaluate("document.documentElement.scrollWidth") <= PHONE["width"]
