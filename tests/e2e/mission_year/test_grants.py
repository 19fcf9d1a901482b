"""A grant: asked on a telephone without script, read by two, voted, told; another, paid and accounted for."""

from decimal import Decimal

import pytest
from playwright.sync_api import expect

from assembly.notifications.models import Delivery
from mission.grants import actions as grants
from mission.grants.models import GrantApplication, GrantScheme, ReaderInterest
from mission.registers.declaration import registers
from tests.e2e.accessibility import assert_usable
from tests.e2e.mission_year.desk import MISSION, fill_in, is_as_narrow_as_a_phone, save, send
from tests.factories.institution import RoleAssignmentFactory
from tests.files import pdf

pytestmark = pytest.mark.browser
STEPS = registers["grants"].workflow
SCHEME = "Pouvoir d’agir des habitants"
ASSOCIATION = "Les Potagers de Rieumes"
FORM = {
    "name": ASSOCIATION,
    "siret": "900 000 010 00018",
    "contact_name": "Inès Carrère",
    "project": "Un verger partagé",
    "description": "Avec les voisins.",
    "starts_on": "2027-01-04",
    "ends_on": "2027-06-01",
    "cost": "60000",
    "requested": "30000",
}


def own_page():
    """Return the address in the last mail."""
    return f"/subventions/dossier/{Delivery.objects.latest('pk').context['token']}/"


def mark(page, row, points):
    page.goto(f"{MISSION}/subventions/{row.pk}/etapes/noter/")
    for criterion in row.scheme.criteria.all():
        page.locator(f"[name=criterion-{criterion.pk}][value='{points}']").check()
    send(page, "Noter")
    expect(page.get_by_text("Vos notes sont données")).to_be_visible()


@pytest.fixture
def tied(year):
    """Return a third reader of the team, who belongs to the association."""
    scheme, lead = GrantScheme.objects.get(name=SCHEME), year.user("lead")
    user = RoleAssignmentFactory(term=year.term).user
    scheme.readers.create(user=user, created_by=lead, changed_by=lead)
    return ReaderInterest(assembly=scheme.assembly, user=user, siret="90000001000018", kind="belongs")


def ask_on_a_telephone(phone):
    """Begun one day, finished and sent another; the page of the application, by its first link."""
    phone.goto("/subventions/")
    phone.get_by_role("link", name=SCHEME).click()
    assert is_as_narrow_as_a_phone(phone)
    phone.get_by_label("Votre adresse électronique").fill("potagers@example.org")
    phone.get_by_role("button", name="Recevoir mon lien").click()
    expect(phone.get_by_text("Le lien est parti")).to_be_visible()
    own = own_page()
    phone.goto(own)
    assert is_as_narrow_as_a_phone(phone)
    fill_in(phone, **FORM)
    phone.get_by_role("button", name="Enregistrer et finir plus tard").click()
    phone.goto(own)
    expect(phone.locator("[name=project]")).to_have_value("Un verger partagé")
    phone.locator("[name=has_committed]").check()
    phone.get_by_role("button", name="Envoyer ma demande").click()
    expect(phone.locator("h1")).to_contain_text("Ma demande SUB-2026-07")
    return own


def give_what_lacks(phone, row, officer):
    """What the team asks for by mail, every piece at once."""
    grants.ask_for(row, asked=["Statuts signés"], by=officer)
    phone.goto(own_page())
    for piece in row.scheme.pieces.filter(is_required=True):
        file = {"name": "piece.pdf", "mimeType": "application/pdf", "buffer": pdf(f"{piece.label}.")}
        phone.locator(f"[name=piece-{piece.pk}]").set_input_files(file)
    phone.get_by_role("button", name="J’ai tout envoyé").click()
    expect(phone.get_by_text("nous vérifions de nouveau")).to_be_visible()
    STEPS.transition(fresh(row), "accept", by=officer)


def test_from_the_deposit_to_the_decision(year, tied):
    phone, desk, lead, officer = year.visitor, year.desk("officer"), year.user("lead"), year.user("officer")
    own = ask_on_a_telephone(phone)
    row = fresh(GrantApplication.objects.get(name=ASSOCIATION))
    tied.save()
    give_what_lacks(phone, row, officer)

    desk.goto(f"{MISSION}/subventions/{row.pk}/etapes/instruire/")
    expect(desk.locator("[name=first] option")).to_have_count(3)  # nobody yet, and the two without a tie
    fill_in(desk, first=lead.pk, second=officer.pk)
    send(desk, "Confier à deux lectures")
    criteria = row.scheme.criteria.values_list("pk", flat=True)
    grants.score(fresh(row), **{f"criterion-{pk}": 4 for pk in criteria}, by=lead)
    desk.goto(f"{MISSION}/subventions/{row.pk}/")
    expect(desk.get_by_text("Vous verrez l’autre lecture")).to_be_visible()
    expect(desk.get_by_text("4 / 5")).to_have_count(0)
    mark(desk, row, 5)
    expect(desk.get_by_text("4 / 5").first).to_be_visible()
    registers["grants"].workflow.transition(
        fresh(row), "advise", opinion="Favorable.", proposed_amount=Decimal(28_000), by=officer
    )
    STEPS.transition(fresh(row), "list", by=officer)
    desk.goto(f"{MISSION}/dispositifs/{row.scheme_id}/comite/")
    expect(desk.get_by_role("link", name=ASSOCIATION)).to_be_visible()
    assert_usable(desk)
    save(desk, f"subventions/{row.pk}/etapes/voter/", "Noter le vote", decision_reference="CP-2026-11-7")
    expect(desk.locator("h1")).to_have_text(ASSOCIATION)
    tell(desk, row)
    phone.goto(own)
    expect(phone.get_by_text("Merci à toutes et à tous.")).to_be_visible()
    desk.goto(own)
    assert_usable(desk)


def tell(page, row):
    """The words of the decision, corrected, sent once by a person."""
    page.goto(f"{MISSION}/dispositifs/{row.scheme_id}/decisions/")
    page.get_by_text(ASSOCIATION).first.click()
    expect(page.get_by_text("une convention est signée avant tout versement")).to_be_visible()
    assert_usable(page)
    page.get_by_role("link", name="Corriger le message").click()
    words = page.locator("[name=text]")
    words.fill(words.input_value() + "\n\nMerci à toutes et à tous.")
    page.locator("main").get_by_role("button").first.click()
    expect(page.get_by_text("Merci à toutes et à tous.")).to_be_visible()
    left = Delivery.objects.count()
    send(page, "Annoncer la décision")
    expect(page.get_by_text("Le message est en cours d’envoi.")).to_be_visible()
    assert Delivery.objects.count() == left + 1


def fresh(row):
    return GrantApplication.objects.select_related("scheme").get(pk=row.pk)


def test_from_the_agreement_to_the_account(year):
    """Of the theatre in six schools, voted in May and told since."""
    page, row = year.desk("officer"), GrantApplication.objects.get(reference="SUB-2026-02")
    page.goto(f"{MISSION}/subventions/{row.pk}/etapes/verser/")
    expect(page.get_by_text("une convention est signée avant le versement")).to_be_visible()
    page.goto(f"{MISSION}/subventions/{row.pk}/")
    expect(page.locator("main")).to_contain_text("28 000")
    expect(page.get_by_role("link", name="Noter un versement")).to_have_count(0)
    save(page, f"subventions/{row.pk}/etapes/convention/", "Noter la convention")
    page.get_by_role("link", name="Noter un versement").click()
    fill_in(page, paid_on="2026-11-25", amount="28000")
    page.locator("main").get_by_role("button").first.click()
    save(page, f"subventions/{row.pk}/etapes/verser/", "Noter comme versée")
    account = {"spent_amount": "27500", "account": "Soixante élèves en scène."}
    save(page, f"subventions/{row.pk}/etapes/compte-rendu/", "Noter le compte rendu", **account)
    expect(page.get_by_text("Soixante élèves en scène.")).to_be_visible()
    assert (fresh(row).state, fresh(row).spent_amount) == ("paid", 27_500)
    expect(page.locator("main")).to_contain_text("En attente : clôture")
