"""What a grant refuses, by the form and by the database: tied readers, hidden marks, ceilings, agreements."""

import re
from datetime import timedelta
from decimal import Decimal

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils import timezone

from mission.grants import actions as grants, queries
from mission.grants.models import (
    GrantApplication,
    GrantPayment,
    GrantScore,
    ReaderInterest,
    SchemeCriterion,
    SchemeReader,
)
from mission.registers.actions import add_line
from mission.registers.declaration import registers
from tests.factories.mission import GrantApplicationFactory, GrantSchemeFactory, siret_of

GRANTS = registers["grants"]
PAYMENTS = GRANTS.line_kind("versements")


@pytest.fixture
def read(people):
    """Make an application with two readers."""
    return GrantApplicationFactory(state="assessment", readers=(people["lead"], people["officer"]))


def marks(row, *points):
    pks = row.scheme.criteria.order_by("pk").values_list("pk", flat=True)
    return {f"criterion-{pk}": mark for pk, mark in zip(pks, points, strict=True)}


def refusal(act):
    """Return the error of the database, with the name of the violated constraint."""
    with pytest.raises(IntegrityError) as met, transaction.atomic():
        act()
    return str(met.value)


def test_a_tied_reader_gives_no_marks_by_the_page_nor_past_it(people, read, client):
    officer = people.ready(people["officer"])
    ReaderInterest.objects.create(assembly=read.assembly, user=officer, siret=read.siret, kind="belongs")
    page = client.enter(officer).post(reverse("mission:grants-step", args=[read.pk, "noter"]), marks(read, 5, 5))
    assert page.status_code == 422
    with pytest.raises(PermissionDenied):
        grants.score(read, **marks(read, 5, 5), by=officer)
    criterion = SchemeCriterion.objects.filter(row=read.scheme).first()
    assert "gives no marks" in refusal(
        lambda: GrantScore.objects.create(application=read, reader=officer, criterion=criterion, points=5),
    )
    other = GrantApplicationFactory(siret=read.siret)
    assert "reads nothing of it" in refusal(
        lambda: GrantApplication.objects.filter(pk=other.pk).update(
            state="assessment", complete_on=timezone.localdate(), second_reader=officer
        ),
    )
    assert not GrantScore.objects.exists()


def test_a_tie_holds_for_every_place_of_the_association(people, read, client):
    officer = people.ready(people["officer"])
    elsewhere = f"{read.siret[:9]}00099"
    ReaderInterest.objects.create(assembly=read.assembly, user=officer, siret=elsewhere, kind="belongs")
    with pytest.raises(PermissionDenied):
        grants.score(read, **marks(read, 5, 5), by=officer)
    criterion = SchemeCriterion.objects.filter(row=read.scheme).first()
    assert "gives no marks" in refusal(
        lambda: GrantScore.objects.create(application=read, reader=officer, criterion=criterion, points=5),
    )


def test_a_number_is_not_changed_into_that_of_a_tied_reader(people, read, client):
    officer = people.ready(people["officer"])
    tied = siret_of(4242)
    ReaderInterest.objects.create(assembly=read.assembly, user=officer, siret=tied, kind="close")
    typed = {
        "name": read.name,
        "siret": tied,
        "scheme": read.scheme_id,
        "project": read.project,
        "starts_on": read.starts_on.isoformat(),
        "ends_on": read.ends_on.isoformat(),
        "received_on": read.received_on.isoformat(),
        "cost": "9000",
        "requested": "4000",
        "version": 1,
    }
    page = client.enter(officer).post(reverse("mission:grants-edit", args=[read.pk]), typed)
    assert page.status_code == 422
    assert "a un lien avec cette association" in page.text


def test_only_its_readers_mark_it_past_the_form_too(people, read):
    criterion = SchemeCriterion.objects.filter(row=read.scheme).first()
    assert "is a reader of the application" in refusal(
        lambda: GrantScore.objects.create(
            application=read, reader=people["facilitator"], criterion=criterion, points=3
        ),
    )
    assert "grant_two_readers" in refusal(
        lambda: GrantApplication.objects.filter(pk=read.pk).update(second_reader=people["lead"])
    )


def test_declaring_a_tie_frees_the_place_and_erases_the_marks(people, read):
    grants.score(read, **marks(read, 5, 5), by=people["lead"])
    grants.declare_interest(read, "close", by=people["lead"])
    assert (read.first_reader, read.first_read_at, read.second_reader) == (None, None, people["officer"])
    assert not GrantScore.objects.exists()
    with pytest.raises(ValidationError):
        grants.name_readers(read, "assess", first=people["lead"], second=people["officer"], by=people["officer"])


def test_marks_of_who_no_longer_reads_the_scheme_stay_and_the_other_place_changes_hands(people, read, client):
    grants.score(read, **marks(read, 4, 3), by=people["lead"])
    new = people["facilitator"]
    SchemeReader.objects.create(row=read.scheme, user=new, created_by=people["lead"], changed_by=people["lead"])
    read.scheme.readers.create(user=people["officer"], created_by=people["lead"], changed_by=people["lead"])
    desk = client.enter(people.ready(people["officer"]))
    address = reverse("mission:grants-step", args=[read.pk, "remplacer"])
    form = desk.get(address).context["form"]
    assert form["first"].value() == people["lead"].pk
    assert people["lead"] in form.fields["first"].queryset
    assert people["lead"] not in form.fields["second"].queryset
    assert desk.post(address, {"first": people["lead"].pk, "second": new.pk}).status_code == 302
    read.refresh_from_db()
    assert (read.first_reader, read.first_read_at is None, read.second_reader) == (people["lead"], False, new)


def test_the_second_reader_sees_nothing_of_the_first_before_giving_marks(people, read, client):
    grants.score(read, **marks(read, 4, 3), by=people["lead"])
    second = client.enter(people.ready(people["officer"]))
    page = reverse("mission:grants-row", args=[read.pk])
    assert "4 / 5" not in second.get(page).text
    for name in ("grant-papers", "grant-word", "grant-print"):
        address = reverse(f"mission:{name}", args=[read.pk, *([] if name == "grant-papers" else ["note"])])
        assert (second.post if name == "grant-print" else second.get)(address).status_code == 409
    assert "4 / 5" in client.enter(people.ready(people["lead"])).get(page).text
    grants.score(read, **marks(read, 4, 4), by=people["officer"])
    assert "4 / 5" in client.enter(people["officer"]).get(page).text


def test_marks_are_given_once_and_weighted(people, read):
    grants.score(read, **marks(read, 5, 1), by=people["lead"])  # (5*3 + 1*1) / 20
    with pytest.raises(PermissionDenied):
        grants.score(read, **marks(read, 1, 1), by=people["lead"])
    grants.score(read, **marks(read, 4, 4), by=people["officer"])
    read.refresh_from_db()
    assert (read.score, read.gap) == (Decimal("80.0"), Decimal("0.0"))


def test_a_wide_gap_asks_for_a_talk_before_the_opinion(people, read):
    grants.score(read, **marks(read, 5, 5), by=people["lead"])
    grants.score(read, **marks(read, 2, 2), by=people["officer"])
    read.refresh_from_db()
    assert read.gap == Decimal("60.0")
    told = {"opinion": "Oui.", "proposed_amount": Decimal(1000)}
    with pytest.raises(ValidationError, match="échange"):
        GRANTS.workflow.transition(read, "advise", **told, by=people["lead"])
    GRANTS.workflow.transition(
        read, "discuss", discussion="Le budget a été revu.", score=Decimal(65), by=people["lead"]
    )
    GRANTS.workflow.transition(read, "advise", **told, by=people["lead"])
    assert (read.state, read.opinion, read.score) == ("assessment", "Oui.", Decimal(65))


@pytest.mark.django_db
def test_above_the_threshold_nothing_is_paid_without_an_agreement(people):
    row = GrantApplicationFactory(state="voted", requested=23_001)
    data = {"paid_on": timezone.localdate(), "amount": Decimal(100), "order": ""}
    with pytest.raises(ValidationError, match="convention"):
        GRANTS.workflow.transition(row, "pay", by=people["lead"])
    with pytest.raises(ValidationError, match="convention"):
        add_line(GRANTS, PAYMENTS, row, by=people["lead"], data=data)
    assert "grant_agreement_before_payment" in refusal(
        lambda: GrantApplication.objects.filter(pk=row.pk).update(state="paid")
    )
    assert "is paid after its agreement" in refusal(
        lambda: GrantPayment.objects.create(row=row, created_by=people["lead"], changed_by=people["lead"], **data),
    )
    grants.sign(row, agreement_signed_on=timezone.localdate(), by=people["lead"])
    add_line(GRANTS, PAYMENTS, row, by=people["lead"], data=data)
    GRANTS.workflow.transition(row, "pay", by=people["lead"])
    assert row.state == "paid"


@pytest.mark.django_db
def test_at_the_threshold_itself_no_agreement_is_needed(people):
    row = GrantApplicationFactory(state="voted", requested=23_000)
    data = {"paid_on": timezone.localdate(), "amount": Decimal(23_000), "order": ""}
    add_line(GRANTS, PAYMENTS, row, by=people["lead"], data=data)
    GRANTS.workflow.transition(row, "pay", by=people["lead"])
    assert row.state == "paid"


def test_payments_never_exceed_the_vote(people, client):
    row = GrantApplicationFactory(state="voted", requested=1_000)
    desk = client.enter(people.ready(people["officer"]))
    add = reverse("mission:grants-line-add", args=[row.pk, "versements"])
    early = GrantApplicationFactory(state="committee", requested=1_000)
    offered = [add in desk.get(reverse("mission:grants-row", args=[row.pk])).text]
    offered += [
        "versements/ajouter" in desk.get(reverse("mission:grants-row", args=[each.pk])).text
        for each in (early, GrantApplicationFactory(state="voted", requested=30_000))
    ]
    assert offered == [True, False, False]  # before the vote, before the agreement that it needs
    day = timezone.localdate().isoformat()
    assert desk.post(add, {"paid_on": day, "amount": "600"}).status_code == 302
    page = desk.post(add, {"paid_on": day, "amount": "400.01"})
    assert page.status_code == 422
    assert "400,00" in page.text
    line = GrantPayment.objects.get()
    assert "exceed what was voted" in refusal(
        lambda: GrantPayment.objects.create(
            row=row, paid_on=day, amount=401, created_by=line.created_by, changed_by=line.created_by
        ),
    )
    assert "exceed what was voted" in refusal(lambda: GrantPayment.objects.filter(pk=line.pk).update(amount=1001))
    assert desk.post(add, {"paid_on": day, "amount": "400"}).status_code == 302
    GRANTS.workflow.transition(row, "pay", by=people["officer"])
    remove = [
        desk.post(reverse("mission:grants-line-remove", args=[row.pk, "versements", pk])).status_code
        for pk in row.payments.order_by("pk").values_list("pk", flat=True)
    ]
    assert remove == [302, 409]  # the last one of a grant that is paid stays


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("wrong", "by"),
    [
        ({"voted_amount": 5001}, "grant_voted_within_requested"),
        ({"voted_amount": None}, "grant_voted_iff_awarded"),
        ({"decided_on": None}, "grant_voted_iff_awarded"),
        ({"complete_on": None}, "grant_complete_iff_examined"),
        ({"state": "received", "voted_amount": None}, "grant_complete_iff_examined"),
        ({"opinion": ""}, "grant_opinion_before_committee"),
        ({"agreement_signed_on": "2020-01-01"}, "grant_signed_after_vote"),
        ({"reported_on": "2026-11-02", "spent_amount": 10}, "grant_reported_once_paid"),
        ({"state": "paid", "reported_on": "2026-11-02"}, "grant_reported_once_paid"),
        ({"state": "paid", "ended_on": "2026-11-02"}, "grant_closed_after_report"),
        ({"ended_on": "2026-11-02"}, "grant_closed_after_report"),
        ({"requested": 0}, "grant_requested_within_cost"),
        ({"requested": 60_001}, "grant_requested_within_cost"),
        ({"siret": "1234"}, "grant_siret_of_14_digits"),
        ({"score": 50}, "grant_score_after_two_readings"),
        ({"state": "lost"}, "grant_state_known"),
    ],
)
def test_the_database_refuses_what_the_forms_would(wrong, by):
    row = GrantApplicationFactory(state="voted")
    assert by in refusal(lambda: GrantApplication.objects.filter(pk=row.pk).update(**wrong))


@pytest.mark.django_db
def test_one_complete_application_a_scheme_for_an_association_until_it_is_withdrawn():
    row = GrantApplicationFactory(state="assessment")
    other = {"scheme": row.scheme, "siret": row.siret}
    assert "grant_one_examined_a_scheme" in refusal(lambda: GrantApplicationFactory(**other, state="assessment"))
    GrantApplicationFactory(**other)
    GrantApplication.objects.filter(pk=row.pk).update(state="withdrawn")
    GrantApplicationFactory(**other, state="assessment")


def test_a_renewal_waits_for_the_account_of_the_former_grant(people):
    former = GrantApplicationFactory(state="paid")
    row = GrantApplicationFactory(state="received", siret=former.siret)
    row.scheme.pieces.all()
    with pytest.raises(ValidationError, match=former.reference):
        GRANTS.workflow.transition(row, "accept", by=people["lead"])


def test_only_the_lead_publishes_and_rules_stay(people, client):
    by = people["lead"]
    scheme = GrantSchemeFactory(state="draft")
    with pytest.raises(ValidationError, match="deux personnes"):
        registers["schemes"].workflow.transition(scheme, "publish", by=by)
    for user in (by, people["officer"]):
        scheme.readers.create(user=user, created_by=by, changed_by=by)
    with pytest.raises(PermissionDenied):
        registers["schemes"].workflow.transition(scheme, "publish", by=people["officer"])
    registers["schemes"].workflow.transition(scheme, "publish", by=by)
    desk = client.enter(people.ready(people["officer"]))
    criterion = scheme.criteria.first()
    place = [scheme.pk, "criteres", criterion.pk]
    data = {"label": "Autre", "weight": "9", "version": 1}
    assert desk.post(reverse("mission:schemes-line", args=place), data).status_code == 422
    assert desk.post(reverse("mission:schemes-line-add", args=place[:2]), data).status_code == 422
    assert desk.post(reverse("mission:schemes-line-remove", args=place)).status_code == 409
    typed = {
        "name": scheme.name,
        "purpose": "Autre",
        "opens_on": scheme.opens_on.isoformat(),
        "closes_on": (scheme.closes_on - timedelta(days=1)).isoformat(),
        "least_amount": "500",
        "most_amount": "50000",
        "envelope": "1",
        "discussion_gap": "20",
        "version": 1,
    }
    edit = reverse("mission:schemes-edit", args=[scheme.pk])
    assert desk.post(edit, typed).status_code == 422
    assert (
        desk.post(edit, typed | {"closes_on": (scheme.closes_on + timedelta(days=9)).isoformat()}).status_code == 302
    )


@pytest.mark.django_db
def test_half_of_the_decisions_took_less():
    today = timezone.localdate()
    for days in (10, 20, 90):
        GrantApplicationFactory(state="voted", received_on=today - timedelta(days=days))
    row = GrantApplicationFactory(received_on=today - timedelta(days=400))
    assert queries.median_days(row.assembly) == 20


@pytest.mark.django_db
def test_the_open_data_hold_what_the_law_names_and_no_formula(client):
    GrantApplicationFactory(state="voted", requested=22_999, name="Petite")
    GrantApplicationFactory(state="voted", requested=23_000, name="=cmd()", rna="W313001234")
    generous = GrantSchemeFactory(publishes_all=True)
    GrantApplicationFactory(state="voted", requested=600, name="Toute petite", scheme=generous)
    GrantApplicationFactory(state="committee", requested=40_000, name="Pas votée")
    lines = client.get("/subventions/subventions.csv").content.decode().splitlines()
    assert lines[0].startswith("nomAttribuant,idAttribuant,dateConvention,referenceDecision,nomBeneficiaire,")
    assert [line.split(",")[4] for line in lines[1:]] == ["'=cmd()", "Toute petite"]
    assert ",23000.00,aide en numéraire,unique," in lines[1]
    # no payment yet: the schema wants a day or a period all the same
    assert re.search(r",unique,\d{4}-\d\d-\d\d/\d{4}-\d\d-\d\d,", lines[1])
