"""What the team does at the desk: steps, corrections, seats, charter, import, invitations, address book."""

import re
from datetime import date

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from assembly.audit.models import Entry
from assembly.imports.models import ImportBatch
from assembly.imports.tasks import work_on_import
from assembly.institution.models import Invitation
from assembly.web import pagination
from members.enums import MandateState
from members.models import CharterAcceptance, CharterVersion, Contact, ImageConsent, Mandate, Member, Seat
from tests.factories.identity import UserFactory
from tests.factories.imports import ImportBatchFactory
from tests.factories.institution import CantonFactory, CommitteeMembershipFactory, RoleAssignmentFactory
from tests.factories.members import (
    CharterVersionFactory,
    ContactFactory,
    MandateFactory,
    SeatFactory,
)
from tests.growth import made

pytestmark = pytest.mark.django_db


@pytest.fixture
def desk(people, signed_in):
    return signed_in("officer")


def page(name, *args):
    return reverse(f"members:{name}", args=args)


def test_a_mandate_from_call_to_end(desk):
    canton = CantonFactory()
    seat = SeatFactory(canton=canton)
    sent = {"first_name": "Rosa", "last_name": "Vidal", "gender": "F", "canton": canton.pk, "channel": "email"}
    sent |= {"email": "rosa@example.org", "seat": seat.pk, "birth_year": "1970"}
    assert "Rosa" in desk.post(page("member-add"), sent, follow=True).content.decode()
    assert "déjà membre" in desk.post(page("member-add"), {**sent, "seat": ""}).content.decode()
    mandate = Mandate.objects.get()
    today = f"{date.today():%Y-%m-%d}"  # noqa: DTZ011 -- the day the form offers
    for word, state in [
        ("accepter", "accepted"),
        ("ouvrir", "active"),
        ("suspendre", "suspended"),
        ("reprendre", "active"),
    ]:
        assert desk.get(page("member-step", mandate.pk, word)).status_code == 200
        assert desk.post(page("member-step", mandate.pk, word), {"on": today}).status_code == 302
        mandate.refresh_from_db()
        assert mandate.state == state
    html = desk.get(page("member-step", mandate.pk, "terminer")).content.decode()
    assert "démission" in html
    assert 'value="excluded"' not in html
    assert "Choisissez" in desk.post(page("member-step", mandate.pk, "terminer"), {"on": today}).content.decode()
    refused = desk.post(page("member-step", mandate.pk, "terminer"), {"on": today, "reason": "excluded"})
    assert refused.status_code == 422
    desk.post(page("member-step", mandate.pk, "terminer"), {"on": today, "reason": "resigned"})
    mandate.refresh_from_db()
    assert mandate.state == MandateState.ENDED
    assert "Ancien" in desk.get("/bureau/membres/").content.decode()
    assert desk.get(page("member-step", mandate.pk, "ouvrir")).status_code == 409
    assert desk.post(page("member-step", mandate.pk, "ouvrir"), {"on": today}).status_code == 409
    assert desk.get(page("member-step", mandate.pk, "voler")).status_code == 404


def test_corrections_say_for_whom_and_how(desk):
    mandate = MandateFactory()
    person = mandate.member.person
    form = desk.get(page("member-correct", mandate.pk)).context["form"]
    sent = {name: value for name, value in form.initial.items() if value is not None}
    sent |= {"canton": mandate.member.canton_id, "last_name": "Vidal", "received": "phone"}
    assert desk.post(page("member-correct", mandate.pk), sent).status_code == 302
    entry = Entry.objects.get()
    assert (entry.event_type, entry.on_behalf_of, entry.facts["channel"]) == (
        "member.corrected",
        person.pseudonym,
        "phone",
    )
    assert entry.facts["fields"] == ["last_name"]
    person.refresh_from_db()
    assert person.last_name == "Vidal"
    desk.post(page("member-correct", mandate.pk), sent)
    assert Entry.objects.count() == 1


def test_charter_and_image_are_noted_from_paper(people, desk):
    mandate = MandateFactory()
    assert desk.get(page("member-charter", mandate.pk)).status_code == 403
    CharterVersionFactory(term=mandate.term)
    desk.post(page("member-charter", mandate.pk), {"on": "2025-12-01", "received": "paper"})
    row = CharterAcceptance.objects.get()
    assert (row.accepted_on, row.channel, row.recorded_by) == (date(2025, 12, 1), "paper", people["officer"])
    assert (
        "au moins une"
        in desk.post(page("member-image", mandate.pk), {"on": "2025-12-01", "received": "phone"}).content.decode()
    )
    desk.post(page("member-image", mandate.pk), {"on": "2025-12-01", "received": "phone", "social": "non"})
    row = ImageConsent.objects.get()
    assert (row.use, row.is_given, row.recorded_by) == ("social", False, people["officer"])
    assert set(Entry.objects.values_list("on_behalf_of", flat=True)) == {mandate.member.person.pseudonym}
    html = desk.get(page("member-page", mandate.pk)).content.decode()
    assert "sur papier" in html
    assert "par téléphone" in html


def test_an_officer_who_sits_does_not_note_for_herself(people, signed_in):
    mandate = MandateFactory(member__person=people["officer"].person)
    CharterVersionFactory(term=mandate.term)
    browser = signed_in("officer")
    sent = {"on": "2025-12-01", "received": "paper"}
    assert browser.post(page("member-charter", mandate.pk), sent).status_code == 403


def test_seats_and_charter_are_for_the_lead(people, signed_in, desk):
    CantonFactory(assembly=people.assembly)
    sent = {"women": "2", "men": "2", "unconditional": "0"}
    assert desk.post(page("seat-list"), sent).status_code == 403
    lead = signed_in("lead")
    assert "au moins un siège" in lead.post(page("seat-list"), dict.fromkeys(sent, "0")).content.decode()
    lead.post(page("seat-list"), sent)
    assert Seat.objects.count() == 4
    assert desk.get(page("seat-list")).content.decode().count("Vacant") == 4
    assert desk.post(page("charter-list"), {"text": "Je viens.", "in_force_on": "2026-01-01"}).status_code == 403
    for _ in range(2):
        lead.post(page("charter-list"), {"text": "Je viens.", "in_force_on": "2026-01-01"})
    assert sorted(CharterVersion.objects.values_list("number", flat=True)) == [1, 2]


def upload(content, name="membres.csv"):
    return {"file": SimpleUploadedFile(name, content)}


GOOD = """prénom;nom;genre;canton;courriel
Rosa;Vidal;F;Auterive;rosa@example.org
Nina;Gasc;F;Nulle;n@example.org
""".encode()


def test_import_from_upload_to_result(people, desk):
    SeatFactory(canton=CantonFactory(name="Auterive", slug="auterive"))
    response = desk.post(page("import-start"), upload(GOOD), follow=True)
    html = response.content.decode()
    assert "Importer 1 membre" in html
    assert "Nulle" in html
    assert Member.objects.count() == 0
    batch = ImportBatch.objects.get()
    errors = desk.get(page("import-errors", batch.public_id)).content.decode()
    assert "3;canton : Ce canton n’existe pas ici. Écrivez son nom ou son numéro.;Nina;Gasc;F;Nulle;" in errors
    [form] = [part for part in re.findall(r"(?s)<form.*?</form>", html) if "Importer 1 membre" in part]
    hidden_fields = re.findall(r'type="hidden" name="(\w+)"', form)
    assert set(hidden_fields) <= {"csrfmiddlewaretoken", "idempotency_key"}
    for _ in range(2):
        going = desk.post(page("import-confirm", batch.public_id), {"state": "active"}, follow=True).content.decode()
        assert "0 sur 1" in going
    assert '<div id="import-progress" data-hx-get' in going
    work_on_import(batch.pk)
    part = desk.get(page("import-page", batch.public_id), headers={"hx-request": "true"}).content.decode()
    assert "Import terminé" in part
    assert "<h1" not in part
    told = desk.get(page("import-page", batch.public_id)).content.decode()
    assert re.search(r"Membres ajoutés</dt>\s*<dd>1<", told)
    assert (Member.objects.count(), Mandate.objects.get().state) == (1, "active")


@pytest.mark.parametrize(
    ("content", "word"),
    [(b"", "vide"), (b"x" * 6_000_000, "5\xa0Mo"), (b"\x89PNG\r\n\x1a\n\0\0", "nuls"), (b"PK\x03\x04", "abîmé")],
)
def test_a_refused_file_says_why_on_the_same_page(content, word, desk):
    refused = desk.post(page("import-start"), upload(content))
    assert (refused.status_code, word in refused.content.decode()) == (422, True)
    assert ImportBatch.objects.count() == 0


def test_a_confirmation_in_error_is_422_and_starts_nothing(desk):
    SeatFactory(canton=CantonFactory(name="Auterive", slug="auterive"))
    desk.post(page("import-start"), upload(GOOD))
    batch = ImportBatch.objects.get()
    refused = desk.post(page("import-confirm", batch.public_id), {"state": "active", "on": "2099-01-01"})
    assert (refused.status_code, "dans le futur" in refused.content.decode()) == (422, True)
    batch.refresh_from_db()
    assert batch.state == "previewed"


@pytest.mark.parametrize("name", ["member-add", "person-add", "member-activate"])
def test_a_form_sent_empty_is_a_form_in_error(name, desk):
    assert desk.post(page(name)).status_code == 422


def test_a_day_to_come_is_refused_at_its_field(desk):
    mandate = MandateFactory()
    CharterVersionFactory(term=mandate.term)
    for name in ("member-charter", "member-image"):
        sent = {"on": "2099-01-01", "received": "paper", "press": "oui"}
        refused = desk.post(page(name, mandate.pk), sent)
        assert refused.status_code == 422
        assert list(refused.context["form"].errors) == ["on"]
    assert not CharterAcceptance.objects.exists()
    assert not ImageConsent.objects.exists()


def test_an_import_is_stopped_and_resumed_by_its_buttons(people, desk):
    SeatFactory(canton=CantonFactory(name="Auterive", slug="auterive"))
    desk.post(page("import-start"), upload(GOOD))
    batch = ImportBatch.objects.get()
    desk.post(page("import-confirm", batch.public_id), {"state": "active"})
    stopped = desk.post(page("import-step", batch.public_id, "arreter"), follow=True).content.decode()
    assert "Reprendre l’import" in stopped
    assert (
        "Lignes écrites" in desk.post(page("import-step", batch.public_id, "reprendre"), follow=True).content.decode()
    )
    assert desk.post(page("import-step", batch.public_id, "sauter")).status_code == 404


def test_a_hostile_name_is_only_text(desk):
    SeatFactory(canton=CantonFactory(name="Auterive", slug="auterive"))
    response = desk.post(page("import-start"), upload(GOOD, "<script>alert(1)</script>.csv"), follow=True)
    assert "<script>alert" not in response.content.decode()


def test_a_preview_belongs_to_its_term_and_expires(people, signed_in, desk):
    batch = ImportBatchFactory(counters={"create": 0, "update": 0, "same": 0, "refused": 0, "notes": [], "stops": []})
    stranger = signed_in(people.elsewhere("lead"))
    for name in ("import-page", "import-errors"):
        assert desk.get(page(name, batch.public_id)).status_code == 200
        assert stranger.get(page(name, batch.public_id)).status_code == 404
    assert stranger.post(page("import-confirm", batch.public_id), {"state": "proposed"}).status_code == 404
    ImportBatch.objects.update(expires_at=batch.created_at)
    assert desk.get(page("import-page", batch.public_id)).status_code == 404


def test_the_model_imports(desk):
    text = desk.get(page("import-model")).content
    SeatFactory(rank=1, canton=CantonFactory(name="Auterive", slug="auterive"))
    assert "Importer 1 membre" in desk.post(page("import-start"), upload(text), follow=True).content.decode()


def test_mandates_are_opened_together(desk):
    MandateFactory(accepted=True), MandateFactory(accepted=True), MandateFactory(alternate=True), MandateFactory()
    late = MandateFactory(accepted=True, accepted_on=date(2026, 1, 5))
    assert "Ouvrir 3 mandats" in desk.get(page("member-activate")).content.decode()
    html = desk.post(page("member-activate"), {"on": "2025-11-29"}, follow=True).content.decode()
    assert "2 mandats sont ouverts" in html
    late.refresh_from_db()
    assert late.state == "accepted"
    assert Mandate.objects.filter(state="active").count() == 3


def test_nothing_is_sent_before_the_button_and_nobody_twice(people, signed_in):
    here, paper = MandateFactory(), MandateFactory(paper=True)
    MandateFactory(proposed=True), MandateFactory(ended=True), MandateFactory(alternate=True)
    RoleAssignmentFactory(user=UserFactory(person=MandateFactory().member.person), role="member")
    officer, lead = signed_in("officer"), signed_in("lead")
    html = lead.get(page("member-invite"), {"membre": "tous"}).content.decode()
    assert "Inviter 2 membres" in html
    assert "1 lettre" in html
    assert officer.post(page("member-invite"), {"membre": "tous"}).status_code == 403
    assert Invitation.objects.count() == 0
    for _ in range(2):
        lead.post(page("member-invite"), {"membre": "tous"})
    assert set(Invitation.objects.values_list("person", flat=True)) == {here.member.person_id, paper.member.person_id}
    assert Invitation.objects.count() == 2
    told = lead.get(page("member-invite"), {"qui": "relance", "membre": "tous"}).content.decode()
    assert "Relancer 2 membres" in told
    lead.post(page("member-invite") + "?qui=relance", {"membre": "tous"})
    assert Invitation.objects.filter(revoked_at=None).count() == 2


def test_some_are_invited_and_the_others_are_not(people, signed_in):
    one, two, third = (MandateFactory() for _ in range(3))
    foreign = MandateFactory(term=people.elsewhere("lead").roles.get().term)
    lead, address = signed_in("lead"), page("member-invite")
    assert lead.get(address).content.decode().count(" checked>") == 3
    assert lead.get(address, {"cocher": "aucun"}).content.decode().count(" checked>") == 0
    ticked = {"membre": [one.pk, two.pk]}
    told = lead.get(address, ticked).content.decode()
    assert "Inviter 2 membres" in told
    assert third.member.person.full_name not in told
    assert lead.get(address, {**ticked, "changer": "1"}).content.decode().count(" checked>") == 2
    refused = lead.post(address, {"membre": ["x", "9" * 30]})
    assert refused.status_code == 422
    assert "Cochez au moins une personne" in refused.content.decode()
    lead.post(address, {"membre": [one.pk, foreign.pk]})
    assert [sent.person_id for sent in Invitation.objects.all()] == [one.member.person_id]
    lead.post(address, {"membre": [one.pk, two.pk]})
    assert Invitation.objects.count() == 2
    assert "Les personnes choisies ont été invitées" in lead.get(address, ticked).content.decode()


def test_the_address_book(people, signed_in, desk):
    sent = {"first_name": "Élise", "last_name": "Fauré", "capacity": "conseillère", "channel": "email"}
    sent |= {"email": "elise@example.org"}
    desk.post(page("person-add"), sent)
    assert "déjà dans la liste" in desk.post(page("person-add"), sent).content.decode()
    contact = Contact.objects.get()
    CommitteeMembershipFactory(person=contact.person)
    assert "Siège dans" in desk.get(page("person-page", contact.pk)).content.decode()
    desk.post(page("person-page", contact.pk), {**sent, "capacity": "vice-présidente"})
    contact.person.refresh_from_db()
    assert contact.person.capacity == "vice-présidente"
    for words, found in [("faure", True), ("présidente", True), ("elise@", True), ("zzz", False)]:
        assert ("Fauré, Élise" in desk.get(reverse("directory:list"), {"q": words}).content.decode()) is found, words
    foreign = signed_in(people.elsewhere("lead"))
    assert "Fauré" not in foreign.get(reverse("directory:list")).content.decode()
    assert foreign.get(page("person-page", contact.pk)).status_code == 404


@pytest.mark.parametrize("more", [4, 9])
@pytest.mark.parametrize("name", ["member-invite", "member-activate", "seat-list"])
def test_pages_that_name_a_whole_term_come_in_pages(name, more, people, signed_in, monkeypatch):
    """The button and the counts speak of everybody, whichever page is shown."""
    monkeypatch.setattr(pagination, "WHOLE_LIST", 3)
    for _ in range(more):
        MandateFactory(accepted=True)
    MandateFactory(accepted=True, paper=True)
    lead = signed_in("lead")
    with made(Mandate) as rows:
        html = lead.get(page(name)).content.decode()
    assert len(rows) <= 5
    assert 'class="pager"' in html
    counts = {"member-invite": f"Inviter les {more + 1} personnes", "member-activate": f"Ouvrir {more + 1} mandats"}
    counts["seat-list"] = f"{more + 1} sièges occupés ou proposés, sur {more + 1}"
    assert counts[name] in html
    shown = lead.get(page(name))
    told = lead.get(page("member-invite"), {"membre": "tous"}).content.decode()
    assert f"Inviter {more + 1} membres" in told
    assert "1 lettre" in told
    assert lead.get(page(name), {"apres": shown.context["page"].after}).context["page"].before


@pytest.mark.parametrize("count", [1, 3])
def test_statements(count, people, desk, django_assert_num_queries):
    for _ in range(count):
        MandateFactory()
        ContactFactory(assembly=people.assembly)
    desk.get(reverse("directory:list"))
    with django_assert_num_queries(6):
        desk.get(reverse("directory:list"))
    with django_assert_num_queries(5):
        desk.get(page("seat-list"))
    with django_assert_num_queries(5):
        desk.get(page("member-invite"))
    with django_assert_num_queries(5):
        desk.get(page("member-invite"), {"membre": "tous"})
