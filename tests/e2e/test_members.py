"""Members in a real browser: every page of theirs once, in the light, in the dark, by keyboard, at 320 px."""

from datetime import date

import pytest
from django.urls import reverse
from playwright.sync_api import expect

from assembly.imports import actions as imports
from members.models import Mandate
from tests.e2e.accessibility import assert_accessible, assert_reflows, assert_usable
from tests.factories.institution import CantonFactory, CommitteeMembershipFactory
from tests.factories.members import (
    AccommodationNeedFactory,
    CharterVersionFactory,
    ContactFactory,
    MandateFactory,
    NameChangeRequestFactory,
    SeatFactory,
    mandate_of,
)

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
FILE = (
    "prénom;nom;genre;canton;courriel\nRosa;Vidal;F;Auterive;rosa@example.org\nNina;Gasc;F;Atlantide;n@example.org\n"
    "=1+1;Izard;F;Auterive;i@example.org\n"
)


def where(name, *args):
    return reverse(f"members:{name}", args=args)


@pytest.fixture
def assembly_at_work(site, people):
    """Make members in every state, one of them people["member"], with everything that a page may show."""
    mandate = mandate_of(people)
    for trait in ("proposed", "accepted", "suspended", "ended", "declined", "paper", "alternate"):
        MandateFactory(**{trait: True})
    CommitteeMembershipFactory(person=mandate.member.person)
    AccommodationNeedFactory(member=mandate.member, measure="pour les plénières")
    NameChangeRequestFactory(member=mandate.member)
    CharterVersionFactory(term=mandate.term)
    ContactFactory(assembly=people.assembly)
    SeatFactory(canton=CantonFactory(name="Auterive", slug="auterive"), rank=1)
    return mandate


@pytest.mark.long
def test_every_page_of_the_desk(page, sign_in, assembly_at_work, people):
    one = assembly_at_work.pk
    alternate = Mandate.objects.get(kind="alternate").pk
    SeatFactory(canton=Mandate.objects.get(pk=alternate).member.canton)
    batch = imports.preview(people.term, FILE.encode(), "liste.csv", by=people["officer"], kind="members")
    sign_in(page.context, "lead")
    for url in (
        where("member-list"),
        where("member-page", one),
        where("import-page", batch.public_id),
    ):
        page.goto(url)
        assert_usable(page)
    for url in (
        where("member-list") + "?q=zzz",
        where("member-step", one, "terminer"),
        where("member-correct", one),
        where("member-charter", one),
        where("member-image", one),
        where("member-need", one),
        where("member-seat", alternate),
        where("member-add"),
        where("member-activate"),
        where("member-invite"),
        where("member-invite") + "?membre=tous",
        where("seat-list"),
        where("charter-list"),
        where("import-start"),
        reverse("directory:list"),
        where("person-add"),
    ):
        page.goto(url)
        assert_accessible(page)
        assert_reflows(page)


@pytest.mark.parametrize("button", ["Préparer les étiquettes", "Lister les mesures à prévoir"])
def test_lists_to_print(button, page, sign_in, assembly_at_work):
    sign_in(page.context, "officer")
    page.goto(where("member-list"))
    page.get_by_role("button", name=button).click()
    expect(page.get_by_role("heading", level=1)).to_be_visible()
    assert_accessible(page)
    assert_reflows(page)


@pytest.mark.long
def test_every_page_of_a_member(page, sign_in, assembly_at_work):
    sign_in(page.context, "member")
    page.goto(where("my-page"))
    assert_usable(page)
    for name in ("my-contact", "my-name", "my-need", "my-image", "my-charter", "public-directory"):
        page.goto(where(name))
        assert_accessible(page)
        assert_reflows(page)


def test_the_button_says_how_many_are_ticked_and_the_picker_how_a_colour_reads(page, sign_in, assembly_at_work):
    sign_in(page.context, "lead")
    page.goto(where("member-invite"))
    page.get_by_role("link", name="Tout décocher").click()
    page.get_by_role("checkbox").first.check()
    page.get_by_role("button", name="Continuer avec 1 personne").first.click()
    expect(page.get_by_role("button", name="Inviter 1 membre")).to_be_visible()
    page.goto(reverse("institution:settings"))
    page.get_by_label("Couleur principale", exact=True).fill("#FFEE88")
    expect(page.get_by_text("se lit mal")).to_be_visible()
    page.get_by_label("Choisir : Couleur principale").fill("#4b2a7b")
    expect(page.get_by_label("Couleur principale", exact=True)).to_have_value("#4B2A7B")
    expect(page.get_by_text("Contraste 8,6")).to_be_visible()
    assert_accessible(page)
    assert_reflows(page)


def test_a_form_in_error_takes_the_focus(page, sign_in, assembly_at_work):
    sign_in(page.context, "officer")
    page.goto(where("member-add"))
    page.get_by_label("Prénom").fill("Rosa")
    page.get_by_role("button", name="Ajouter").click()
    expect(page.get_by_role("alert")).to_be_focused()
    expect(page.get_by_label("Prénom")).to_have_value("Rosa")
    assert_accessible(page)
    assert_reflows(page)


def test_a_file_from_the_computer_to_the_directory(page, sign_in, assembly_at_work, tmp_path, worker):
    (tmp_path / "membres.csv").write_text(FILE, encoding="cp1252")
    sign_in(page.context, "officer")
    page.goto(where("import-start"))
    page.get_by_label("Fichier des membres").set_input_files(tmp_path / "membres.csv")
    page.get_by_role("button", name="Envoyer et vérifier").click()
    expect(page.get_by_text("Windows-1252")).to_be_visible()
    expect(page.get_by_label("Ligne 3, canton")).to_have_value("Atlantide")
    page.get_by_label("déjà en cours").check()
    page.get_by_label("Depuis le").fill("2025-11-29")
    page.get_by_role("button", name="Importer 1 membre").click()
    finished = page.get_by_role("heading", name="Import terminé")
    shown = page.get_by_role("link", name="Voir le résultat")  # unless the worker was quicker than the page
    expect(finished.or_(shown)).to_be_visible()
    if shown.count():
        shown.click()
    expect(finished).to_be_visible()
    assert_accessible(page)
    mandate = Mandate.objects.get(member__person__last_name="Vidal")
    assert (mandate.state, mandate.activated_on) == ("active", date(2025, 11, 29))


def test_contact_data_can_be_downloaded_twice(page, sign_in, assembly_at_work):
    sign_in(page.context, "officer")
    page.goto(where("member-list"))
    for _ in range(2):
        with page.expect_download() as download:
            page.get_by_role("button", name="Exporter les coordonnées (CSV)").click()
        assert download.value.suggested_filename.startswith("coordonnees-des-membres-")
