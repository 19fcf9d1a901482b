"""What is done within a state is a column: it keeps the order of acts, and the list finds who waits for what."""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.urls import reverse
from django.utils import timezone

from assembly.workflow import StateConflict
from mission.grants import actions as grants
from mission.grants.models import GrantApplication, GrantPayment
from mission.grants.register import WAITS
from mission.registers.actions import add_line
from mission.registers.declaration import registers
from tests.factories.mission import GrantApplicationFactory, GrantDepositFactory, GrantSchemeFactory, deposit_link

GRANTS = registers["grants"]
STEPS = GRANTS.workflow


def waiting(people):
    """Make one application for each thing that one waits for."""
    now, today = timezone.now(), timezone.localdate()
    readers = (people["lead"], people["officer"])
    read = {"readers": readers, "first_read_at": now, "second_read_at": now, "score": 60, "gap": 10}
    sent = {"decision_text": "Voici.", "decision_sent_at": now}
    reported = {"reported_on": today, "spent_amount": 900}
    facts = {
        "pieces": ("received", {}),
        "association": ("incomplete", {}),
        "personnes": ("assessment", {}),
        "notes": ("assessment", {"readers": readers}),
        "echange": ("assessment", {**read, "gap": 40}),
        "avis": ("assessment", read),
        "inscription": ("assessment", {**read, "opinion": "Oui."}),
        "vote": ("committee", {}),
        "annonce": ("voted", {}),
        "convention": ("voted", {**sent, "requested": 30_000}),
        "versement": ("voted", sent),
        "compte-rendu": ("paid", sent),
        "cloture": ("paid", {**sent, **reported}),
        "rien": ("paid", {**sent, **reported, "ended_on": today}),
    }
    return {key: GrantApplicationFactory(state=state, **columns) for key, (state, columns) in facts.items()}


def test_the_list_finds_what_each_waits_for(people, client):
    desk = client.enter(people.ready(people["officer"]))
    rows = waiting(people)
    assert set(rows) == {*WAITS, "rien"}
    for key, row in rows.items():
        listed = desk.get(reverse("mission:grants"), {"attente": key}).context["lines"]
        assert [line.key for line in listed] == [row.pk], key
    page = desk.get(reverse("mission:grants-row", args=[rows["convention"].pk]))
    assert page.context["frame"].status.sentence == "Votée. En attente : signature de la convention."
    over = desk.get(reverse("mission:grants-row", args=[rows["rien"].pk]))
    assert over.context["frame"].status.sentence == "Versée et close."
    assert "Close le" in over.text
    board = desk.get(reverse("mission:grants"), {"vue": "tableau", "attente": "cloture"}).text
    assert "/etapes/clore/" in board  # a step within a state leads on, too
    file = desk.get(reverse("mission:grants-export"), {"format": "csv", "attente": "convention"})
    assert "signature de la convention" in file.text


def test_several_are_closed_at_once(people, client):
    desk = client.enter(people.ready(people["officer"]))
    facts = {"state": "paid", "reported_on": timezone.localdate(), "spent_amount": 900}
    rows = [GrantApplicationFactory(**facts), GrantApplicationFactory(**facts), GrantApplicationFactory(state="paid")]
    desk.post(reverse("mission:grants-chosen"), {"ligne": [row.pk for row in rows], "acte": "clore"})
    assert [row.ended_on is not None for row in GrantApplication.objects.order_by("pk")] == [True, True, False]


def refused(row, name, by, **columns):
    with pytest.raises(StateConflict):
        STEPS.transition(row, name, by=by, **columns)


def test_each_act_within_a_state_is_taken_once_and_in_order(people):
    lead, officer = people["lead"], people["officer"]
    row = GrantApplicationFactory(state="received")
    row.scheme.pieces.all().delete()
    STEPS.transition(row, "accept", by=lead)
    assert (row.state, row.complete_on) == ("assessment", timezone.localdate())
    refused(row, "list", lead)
    refused(row, "replace", lead)
    grants.name_readers(row, "assess", first=lead, second=officer, by=lead)
    with pytest.raises(StateConflict):
        grants.name_readers(row, "assess", first=officer, second=lead, by=lead)
    refused(row, "attach", lead)
    for reader in (lead, officer):
        grants.score(row, **{f"criterion-{one.pk}": 4 for one in row.scheme.criteria.all()}, by=reader)
    refused(row, "list", lead)
    STEPS.transition(row, "advise", by=lead, opinion="Oui.", proposed_amount=Decimal(5000))
    refused(row, "advise", lead, opinion="Non.")
    STEPS.transition(row, "list", by=lead)
    vote = {"voted_amount": Decimal(5000), "decided_on": timezone.localdate(), "decision_reference": "CP-1"}
    STEPS.transition(row, "vote", by=lead, **vote)
    grants.sign(row, agreement_signed_on=timezone.localdate(), by=lead)
    refused(row, "sign", lead, agreement_signed_on=timezone.localdate())
    refused(row, "close", lead)


def test_nothing_is_paid_once_the_use_is_reported(people, client):
    lead, today = people["lead"], timezone.localdate()
    row = GrantApplicationFactory(state="paid")
    GrantPayment.objects.create(row=row, paid_on=today, amount=100, created_by=lead, changed_by=lead)
    refused(row, "close", lead)
    STEPS.transition(row, "report", by=lead, spent_amount=Decimal(90), account="Fait.")
    refused(row, "report", lead, spent_amount=Decimal(80))
    data = {"paid_on": today, "amount": Decimal(100), "order": ""}
    with pytest.raises(StateConflict):
        add_line(GRANTS, GRANTS.line_kind("versements"), row, by=lead, data=data)
    STEPS.transition(row, "close", by=lead)
    assert (row.state, row.reported_on, row.ended_on) == ("paid", today, today)
    refused(row, "close", lead)
    desk = client.enter(people.ready(people["officer"]))
    assert "versements/ajouter" not in desk.get(reverse("mission:grants-row", args=[row.pk])).text


def test_a_tie_declared_after_the_opinion_leaves_the_reading_and_the_row_may_be_corrected(people):
    readers, now = (people["lead"], people["officer"]), timezone.now()
    row = GrantApplicationFactory(
        state="assessment", readers=readers, first_read_at=now, second_read_at=now, score=60, opinion="Oui."
    )
    grants.declare_interest(row, "close", by=people["officer"])
    assert (row.second_reader, row.score) == (people["officer"], 60)
    row.project = "Un autre titre"
    row.save()
    row.refresh_from_db()
    assert row.project == "Un autre titre"


@pytest.mark.django_db
def test_the_association_reads_the_days(client):
    day = timezone.localdate() - timedelta(days=1)
    facts = {"decided_on": day, "complete_on": day, "agreement_signed_on": day, "reported_on": day}
    row = GrantApplicationFactory(
        state="paid", scheme=GrantSchemeFactory(), **facts, spent_amount=900, ended_on=timezone.localdate()
    )
    deposit = GrantDepositFactory(scheme=row.scheme, application=row)
    page = client.get(reverse("mission:grant-deposit", args=[deposit_link(deposit)])).text
    for label in ("Déclarée complète le", "Convention signée le", "Compte rendu reçu le", "Close le"):
        assert label in page
