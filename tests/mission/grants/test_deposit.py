"""The public form: a link by mail, saved and resumed, sent once, until midnight. Without script, without account."""

import re
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from assembly.audit.models import Entry
from assembly.documents.models import Upload
from assembly.notifications.composing import email_message
from assembly.notifications.models import Delivery
from mission.grants import actions as grants
from mission.grants.models import DepositLink, GrantApplication, GrantDeposit, GrantDocument
from tests.factories.mission import (
    GrantApplicationFactory,
    GrantDepositFactory,
    GrantSchemeFactory,
    deposit_link,
    siret_of,
)
from tests.files import pdf
from tests.opinions.test_at_once import together

pytestmark = pytest.mark.django_db
PARIS = ZoneInfo("Europe/Paris")


@pytest.fixture
def scheme():
    return GrantSchemeFactory()


def page_of(deposit):
    return reverse("mission:grant-deposit", args=[deposit_link(deposit)])


def typed(**other):
    today = timezone.localdate()
    return {
        "name": "Les Ateliers du Volvestre",
        "siret": " 900 000 001 00017 ",
        "contact_name": "Rosa Vidal",
        "project": "Un jardin partagé",
        "description": "Avec les voisins.",
        "starts_on": today.isoformat(),
        "ends_on": (today + timedelta(days=200)).isoformat(),
        "cost": "9000",
        "requested": "4000",
        "has_committed": "on",
        **other,
    }


def paper(name="statuts.pdf", content=b""):
    return SimpleUploadedFile(name, content or pdf("Article premier."))


def values(siret):
    today = timezone.localdate()
    money = {"cost": 9000, "requested": 4000}
    return {"name": "A", "siret": siret, "project": "P", "starts_on": today, "ends_on": today, **money}


def test_a_link_comes_by_mail_and_only_its_digest_is_kept(client, scheme):
    page = reverse("mission:grant-scheme", args=[scheme.pk])
    assert client.post(page, {"email": "Rosa@Example.org"}).status_code == 302
    delivery = Delivery.objects.get()
    token = delivery.context["token"]
    assert delivery.address == ""
    link = DepositLink.objects.get()
    assert token not in link.digest
    assert client.get(reverse("mission:grant-deposit", args=[token])).status_code == 200
    assert client.get(reverse("mission:grant-deposit", args=[f"{token}x"])).status_code == 404
    client.post(page, {"email": "rosa@example.org"})  # the same address resumes the same form
    assert GrantDeposit.objects.count() == 1
    assert client.get(reverse("mission:grant-deposit", args=[token])).status_code == 200


def test_after_the_last_day_the_answer_tells_nothing_of_an_address(client):
    scheme = GrantSchemeFactory(opens_on="2026-01-01", closes_on="2026-01-31")
    GrantDepositFactory(scheme=scheme, email="rosa@example.org")
    page = reverse("mission:grant-scheme", args=[scheme.pk])
    told = [client.post(page, {"email": f"{name}@example.org"}, follow=True).text for name in ("rosa", "odile")]
    assert ["Si une demande existe à cette adresse" in text for text in told] == [True, True]
    assert Delivery.objects.count() == 1


def test_after_the_last_day_an_unknown_address_costs_the_work_of_a_known_one(client):
    """Time would tell what the words do not: a message is written and thrown away, and the worker is called."""
    scheme = GrantSchemeFactory(opens_on="2026-01-01", closes_on="2026-01-31")
    GrantDepositFactory(scheme=scheme, email="rosa@example.org")
    page = reverse("mission:grant-scheme", args=[scheme.pk])
    client.post(page, {"email": "else@example.org"})
    counts = {}
    for name in ("rosa", "odile"):
        with CaptureQueriesContext(connection) as queries:
            client.post(page, {"email": f"{name}@example.org"})
        counts[name] = len(queries)
    assert abs(counts["rosa"] - counts["odile"]) <= 2, counts  # the row of the unknown one is new
    assert GrantDeposit.objects.get().email == "rosa@example.org"
    assert Delivery.objects.count() == 1
    assert GrantDeposit.objects.count() == 1


def test_robots_are_counted(client, scheme):
    page = reverse("mission:grant-scheme", args=[scheme.pk])
    answers = [client.post(page, {"email": "rosa@example.org"}).status_code for _ in range(4)]
    assert answers == [302, 302, 302, 422]


def test_saved_half_done_and_resumed(client, scheme):
    page = page_of(GrantDepositFactory(scheme=scheme))
    half = {"name": "Les Ateliers", "siret": "12", "aller": "enregistrer"}
    assert client.post(page, half).status_code == 302
    again = client.get(page).text
    assert 'value="Les Ateliers"' in again
    assert 'value="12"' in again
    assert not GrantApplication.objects.exists()


def test_sent_once_and_told_twice(client, scheme):
    deposit = GrantDepositFactory(scheme=scheme)
    page = page_of(deposit)
    piece = scheme.pieces.get()
    sent = typed(aller="envoyer") | {f"piece-{piece.pk}": paper()}
    assert client.post(page, sent).status_code == 302
    row = GrantApplication.objects.get()
    assert (row.state, row.siret, row.created_by, row.contact_email) == (
        "received",
        "90000000100017",
        None,
        deposit.email,
    )
    assert row.documents.get().piece == piece
    deposit.refresh_from_db()
    assert (deposit.application, deposit.typed) == (row, {})
    assert client.post(page, typed(aller="envoyer"), follow=True).text.count("rien n’est déposé deux fois") == 1
    assert GrantApplication.objects.count() == 1
    assert Entry.objects.filter(event_type="grant.deposited").count() == 1
    assert "Vidal" not in str(list(Entry.objects.values_list("facts", flat=True)))


def test_another_address_of_the_same_association_is_taken_and_told_nothing(client, scheme):
    known = GrantApplicationFactory(scheme=scheme, siret="90000000100017")
    page = client.post(page_of(GrantDepositFactory(scheme=scheme)), typed(aller="envoyer"), follow=True)
    assert GrantApplication.objects.filter(siret=known.siret).count() == 2
    assert known.reference not in page.text


@pytest.mark.parametrize(
    ("moment", "is_in"),
    [("2026-06-30 23:59:59", True), ("2026-07-01 00:00:00", False), ("2026-05-31 23:59:59", False)],
)
def test_the_last_day_counts_until_midnight_in_paris(moment, is_in):
    scheme = GrantSchemeFactory(opens_on="2026-06-01", closes_on="2026-06-30")
    scheme.refresh_from_db()
    deposit = GrantDepositFactory(scheme=scheme)
    now = datetime.fromisoformat(moment).replace(tzinfo=PARIS)
    if is_in:
        assert grants.send_deposit(deposit, values("90000000100017"), now=now)[1]
        return
    with pytest.raises(ValidationError, match="minuit"):
        grants.send_deposit(deposit, values("90000000100017"), now=now)
    assert not GrantApplication.objects.exists()


def test_a_heavy_archive_gets_a_sentence_and_nothing_is_lost(client, scheme):
    deposit = GrantDepositFactory(scheme=scheme)
    pieces = {
        f"piece-{scheme.pieces.get().pk}": paper("gros.zip", b"PK\x03\x04" + b"\0" * 40 * 1024 * 1024),
        "piece-autre": paper("budget.pdf"),
    }
    page = client.post(page_of(deposit), typed(aller="envoyer") | pieces)
    assert page.status_code == 422
    assert "10" in re.search(r"pèse 40[^<]*au plus ([^<]*)\.", page.text)[1]
    assert "Un jardin partagé" in page.text
    deposit.refresh_from_db()
    assert deposit.typed["project"] == "Un jardin partagé"
    assert [document.upload.name for document in deposit.documents.all()] == ["budget.pdf"]
    assert not GrantApplication.objects.exists()


def test_a_nul_is_no_form(client, scheme):
    assert client.post(page_of(GrantDepositFactory(scheme=scheme)), typed(name="a\0b")).status_code == 400


@pytest.mark.parametrize(
    "wrong",
    [
        {"requested": "9" * 40},
        {"requested": "1e400"},
        {"requested": "NaN"},
        {"requested": "-5"},
        {"requested": "60000", "cost": "70000"},
        {"siret": "12345678901234"},
        {"siret": "٩٠٠٠٠٠٠٠١٠٠٠١٧"},
        {"starts_on": "0000-99-99"},
        {"description": "\ud7ff\uffff" * 10},
        {"project": "x" * 5000},
        {"has_committed": ""},
    ],
)
def test_odd_words_are_refused_with_a_sentence_and_kept(client, scheme, wrong):
    deposit = GrantDepositFactory(scheme=scheme)
    page = client.post(page_of(deposit), typed(aller="envoyer", **wrong))
    assert page.status_code == 422
    deposit.refresh_from_db()
    assert deposit.typed["project"]
    assert not GrantApplication.objects.exists()


def test_one_mail_says_all_that_lacks_and_the_link_completes(client, scheme, people):
    row = GrantApplicationFactory(scheme=scheme, state="received", has_committed=False)
    GrantDepositFactory(scheme=scheme, application=row)
    desk = client.enter(people.ready(people["officer"]))
    step = reverse("mission:grants-step", args=[row.pk, "demander-les-pieces"])
    shown = desk.get(step).text
    missing_labels = ["Statuts", "la souscription du contrat d’engagement républicain"]
    assert all(words in shown for words in missing_labels)
    assert desk.post(step, {"pieces": missing_labels, "more": "RIB\n\n Budget "}).status_code == 302
    delivery = Delivery.objects.get()
    delivery.address = "asso@example.org"  # the sender asks for it when the message leaves
    body = email_message(delivery).body
    assert [f"- {words}" in body for words in (*missing_labels, "RIB", "Budget")] == [True] * 4
    client.logout()
    page = reverse("mission:grant-deposit", args=[delivery.context["token"]])
    assert "RIB" in client.get(page).text
    sent = {f"piece-{scheme.pieces.get().pk}": paper(), "aller": "completer"}
    assert client.post(page, sent).status_code == 302
    row.refresh_from_db()
    assert (row.state, row.asked_for, row.documents.count()) == ("received", "", 1)
    assert client.post(page, {"aller": "completer"}).status_code == 302  # twice is once


def test_a_document_is_taken_back_with_its_bytes(client, scheme):
    deposit = GrantDepositFactory(scheme=scheme)
    page = page_of(deposit)
    client.post(page, typed(aller="enregistrer") | {"piece-autre": paper()})
    document = GrantDocument.objects.get()
    assert client.post(f"{page}documents/{document.pk}/retirer/").status_code == 302
    assert not Upload.objects.exists()
    other = GrantDepositFactory(scheme=scheme)
    client.post(page_of(other), typed(aller="enregistrer") | {"piece-autre": paper()})
    foreign = GrantDocument.objects.get()
    client.post(f"{page}documents/{foreign.pk}/retirer/")
    assert GrantDocument.objects.filter(pk=foreign.pk).exists()


def test_withdrawn_by_the_link_until_it_is_decided(client, people):
    row = GrantApplicationFactory(state="assessment")
    page = page_of(GrantDepositFactory(scheme=row.scheme, application=row))
    assert client.post(f"{page}retirer/").status_code == 302
    row.refresh_from_db()
    assert row.state == "withdrawn"
    voted = GrantApplicationFactory(state="voted")
    page = page_of(GrantDepositFactory(scheme=voted.scheme, application=voted))
    client.post(f"{page}retirer/")
    voted.refresh_from_db()
    assert voted.state == "voted"


@pytest.mark.parametrize("state", ["voted", "rejected"])
def test_the_vote_is_read_by_link_once_it_is_announced(client, state):
    row = GrantApplicationFactory(state=state, decided_on=timezone.localdate())
    page = page_of(GrantDepositFactory(scheme=row.scheme, application=row))
    label = row.get_state_display().capitalize()

    def read():
        text = client.get(page).content.decode()
        now = re.search(r'class="now">(.*?)</div>', text, re.DOTALL)[1]
        return [label in now, "la décision vous sera écrite" in now, "Montant voté" in text]

    assert read() == [False, True, False]
    GrantApplication.objects.filter(pk=row.pk).update(decision_text="Bonjour", decision_sent_at=timezone.now())
    assert read() == [True, False, state == "voted"]


def test_the_link_does_not_tell_whether_the_committee_has_voted(client):
    def read(state):
        row = GrantApplicationFactory(state=state)
        page = page_of(GrantDepositFactory(scheme=row.scheme, application=row))
        shown, asked = client.get(page).text, client.get(f"{page}retirer/").text
        client.post(f"{page}retirer/")
        row.refresh_from_db()
        now = re.search(r'class="now"><p>\s*(.*?)\s*<span>', shown)[1]
        return now, "Retirer ma demande" in shown, re.search(r"<h1>(.*?)</h1>", asked)[1], row.state

    answers = {state: read(state) for state in ("assessment", "committee", "voted", "rejected")}
    assert answers.pop("assessment")[1:] == (True, "Retirer votre demande\xa0?", "withdrawn")
    assert {answer[:3] for answer in answers.values()} == {
        ("Instruction terminée\xa0: la décision vous sera écrite", False, "Cette demande ne se retire plus ici")
    }
    assert all(state == answer[3] for state, answer in answers.items())


def test_drafts_and_contacts_go_on_their_day(scheme, client):
    now = timezone.now()
    deposit = GrantDepositFactory(scheme=scheme)
    client.post(page_of(deposit), typed(aller="enregistrer") | {"piece-autre": paper()})
    assert not grants.old_drafts(now).exists()
    for old in grants.old_drafts(now + timedelta(days=61)):
        grants.erase_deposit(old)
    assert (GrantDeposit.objects.count(), Upload.objects.count()) == (0, 0)
    row = GrantApplicationFactory(state="rejected", ended_on=timezone.localdate(now), contact_name="Rosa Vidal")
    GrantDepositFactory(scheme=row.scheme, application=row)
    assert not grants.old_contacts(now + timedelta(days=365)).exists()
    grants.erase_applicant(grants.old_contacts(now + timedelta(days=367)).get())
    row.refresh_from_db()
    assert (row.contact_name, row.contact_email, GrantDeposit.objects.count()) == ("", "", 0)


@pytest.mark.django_db(transaction=True)
def test_sent_twice_at_once_is_one_application():
    deposit = GrantDepositFactory()
    now = timezone.now()

    def send():
        return grants.send_deposit(GrantDeposit.objects.get(pk=deposit.pk), values("90000000100017"), now=now)[1]

    assert sorted(together(send, send)) == [False, True]
    assert GrantApplication.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_two_addresses_of_one_association_at_once_are_two_applications():
    scheme = GrantSchemeFactory()
    rows = [GrantDepositFactory(scheme=scheme) for _ in range(2)]
    now = timezone.now()
    siret = siret_of(77)

    def send(pk):
        return grants.send_deposit(GrantDeposit.objects.get(pk=pk), values(siret), now=now)[1]

    found = together(*(lambda pk=row.pk: send(pk) for row in rows))
    assert found == [True, True]
    assert GrantApplication.objects.count() == 2


@pytest.mark.django_db(transaction=True)
def test_two_readers_at_once_make_one_score(people):
    lead, officer = people["lead"], people["officer"]
    row = GrantApplicationFactory(state="assessment", readers=(lead, officer))
    pks = list(row.scheme.criteria.order_by("pk").values_list("pk", flat=True))
    data = {lead: dict.fromkeys((f"criterion-{pk}" for pk in pks), 5)}
    data[officer] = dict.fromkeys((f"criterion-{pk}" for pk in pks), 4)

    def score(user):
        found = GrantApplication.objects.select_related("scheme").get(pk=row.pk)
        grants.score(found, **data[user], by=type(user).objects.get(pk=user.pk))

    assert together(lambda: score(lead), lambda: score(officer)) == [None, None]
    row.refresh_from_db()
    assert (row.score, row.gap, row.scores.count()) == (90, 20, 4)


def test_a_link_keeps_so_many_bytes_and_no_more(client, scheme, monkeypatch):
    """Ten times ten megabytes are a whole file of an association; thirty would be a disk."""
    deposit = GrantDepositFactory(scheme=scheme)
    monkeypatch.setattr(grants, "MOST_BYTES", 2 * len(paper().read()))
    for name in ("un.pdf", "deux.pdf"):
        assert client.post(page_of(deposit), {"piece-autre": paper(name)}).status_code == 302
    refused = client.post(page_of(deposit), {"piece-autre": paper("trois.pdf", pdf("Un autre texte, plus long."))})
    assert refused.status_code == 422
    assert "Les documents de cette demande pèsent plus de" in refused.text
    assert deposit.documents.count() == 2


def test_a_network_gives_so_many_bytes_a_day_whatever_it_takes_back(client, scheme, monkeypatch):
    monkeypatch.setattr(grants, "NETWORK_MEGABYTES", 2)
    pages = [page_of(GrantDepositFactory(scheme=scheme, email=f"{name}@example.org")) for name in ("a", "b", "c")]
    for page in pages[:2]:
        assert client.post(page, {"piece-autre": paper()}).status_code == 302
    GrantDocument.objects.all().delete()
    refused = client.post(pages[2], {"piece-autre": paper(), "project": "Un jardin"})
    assert (refused.status_code, GrantDocument.objects.count()) == (422, 0)
    assert "Trop de documents sont arrivés de votre réseau aujourd’hui" in refused.text
    assert GrantDeposit.objects.get(email="c@example.org").typed["project"] == "Un jardin"
    assert client.post(pages[2], {"piece-autre": paper()}, headers={}, REMOTE_ADDR="198.51.100.7").status_code == 302
