"""Claims in the browser: a member asks on a phone, the team checks, finance gets one file."""

import csv
import io
import re
from datetime import timedelta
from decimal import Decimal

import pytest
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from django.utils import timezone
from odfdo import Document

from assembly.audit.models import Entry
from assembly.documents.models import Upload
from sessions.expenses import actions as expenses
from sessions.models import ExpenseClaim, ExpenseLine
from tests.browsing import StrictClient
from tests.factories.institution import CommitteeFactory
from tests.factories.life import ExpenseRateFactory, attended, claim_with_lines
from tests.factories.members import mandate_of
from tests.factories.sessions import AttendanceFactory, InviteeFactory
from tests.files import pdf

pytestmark = pytest.mark.django_db


@pytest.fixture
def rates():
    return ExpenseRateFactory(), ExpenseRateFactory(capped=True)


def total_on(page):
    return re.search(r'name="total" value="([^"]*)"', page)[1]


def test_from_the_ticket_to_the_payment(people, signed_in, rates):
    mandate = mandate_of(people)
    invitee = attended(people["member"].person)
    member, officer, lead = signed_in("member"), signed_in("officer"), signed_in("lead")
    assert "Commencer" in member.get(reverse("sittings:my-expenses")).content.decode()
    start = reverse("sittings:my-expense-start", args=[invitee.sitting_id])
    page = member.post(start).url
    assert member.post(start).url == page  # a second tap
    claim = ExpenseClaim.objects.get()
    add = reverse("sittings:my-expense-line-add", args=[claim.pk])
    assert member.post(add, {"kind": "km", "quantity": "12,5", "label": "Revel – Toulouse"}).status_code == 302
    assert member.post(add, {"kind": "meal", "quantity": "1", "cost": "17.50"}).status_code == 302
    assert ExpenseLine.objects.order_by("pk").values_list("amount", flat=True)[0] == Decimal("5.13")
    assert "Justificatif à joindre" in member.get(page).content.decode()
    send = reverse("sittings:my-expense-step", args=[claim.pk, "envoyer"])
    assert "Joignez le justificatif" in member.get(send).content.decode()
    lunch = ExpenseLine.objects.get(rate__kind="meal")
    ticket = SimpleUploadedFile("ticket.pdf", pdf("Menu"), "application/pdf")
    line = reverse("sittings:my-expense-line", args=[claim.pk, lunch.pk])
    assert member.post(line, {"kind": "meal", "quantity": "1", "cost": "17,50", "voucher": ticket}).status_code == 302
    question = member.get(send).content.decode()
    assert "22,63" in question
    assert member.post(send, {"total": "1"}).status_code == 409
    assert member.post(send, {"total": total_on(question)}).status_code == 302
    desk = reverse("sittings:expense", args=[claim.pk])
    assert "Noter le contrôle" in officer.get(desk).content.decode()
    assert officer.post(reverse("sittings:expense-step", args=[claim.pk, "controler"])).status_code == 302
    make = reverse("sittings:expense-batch-make")
    assert lead.post(make, {"total": "1"}).status_code in {409, 422}
    batch_page = lead.post(make, {"total": total_on(lead.get(make).content.decode())}).url
    assert "Paiement attendu" in lead.get(batch_page).content.decode()
    sheet = lead.post(f"{batch_page}fichier/", {"format": "ods"})
    assert sheet["Content-Disposition"].endswith(".ods")
    table = Document(io.BytesIO(sheet.content)).body.get_tables()[0]
    head, *lines = table.get_rows()
    assert [cell.value for cell in head.cells][-2:] == ["somme_payee", "montant"]
    sums = [row.cells[-1].value for row in lines]
    assert (len(sums), sum(sums)) == (2, Decimal("22.63"))  # numbers, that a spreadsheet adds
    assert Entry.objects.filter(event_type="expense.batch_read").count() == 1
    file = lead.post(f"{batch_page}fichier/")
    rows = list(csv.DictReader(io.StringIO(file.content.decode("utf-8-sig")), delimiter=";"))
    assert [(row["nature"], row["nombre"], row["taux"], row["montant"]) for row in rows] == [
        ("trajet en voiture", "12,50", "0,410", "5,13"),
        ("repas", "1,00", "20,000", "17,50"),
    ]
    assert Entry.objects.filter(event_type="expense.batch_read").count() == 2
    paid = {"paid_on": "2026-11-02", "payment_reference": "MP-7"}
    assert lead.post(f"{batch_page}payer/", paid).status_code == 302
    assert lead.post(f"{batch_page}payer/", paid).status_code == 302  # nothing waits any more
    assert "MP-7" in member.get(page).content.decode()
    assert "22,63" in officer.get(reverse("sittings:expense-sittings")).content.decode()
    assert "17,50" not in officer.get(reverse("members:member-page", args=[mandate.pk])).content.decode()


def test_vouchers_are_read_by_the_person_and_the_team_alone(people, rates):
    invitee = attended(people["member"].person)
    member = StrictClient().enter(people["member"])
    member.post(reverse("sittings:my-expense-start", args=[invitee.sitting_id]))
    claim = ExpenseClaim.objects.get()
    ticket = SimpleUploadedFile("ticket.pdf", pdf("Menu"), "application/pdf")
    add = reverse("sittings:my-expense-line-add", args=[claim.pk])
    member.post(add, {"kind": "meal", "quantity": "1", "cost": "9", "voucher": ticket})
    url = reverse("documents:upload", args=[Upload.objects.get().public_id])

    def seen():
        roles = ("officer", "facilitator", "member", "president", "dpo")
        found = {who: StrictClient().enter(people.ready(people[who])).get(url).status_code for who in roles}
        found["another"] = StrictClient().enter(people.make("member", people.term)).get(url).status_code
        found["anybody"] = StrictClient().get(url).status_code
        return {who for who, status in found.items() if status == 200}

    assert seen() == {"member"}  # a draft is the member's alone
    ExpenseClaim.objects.update(submitted_at=claim.created_at, state="submitted")
    assert seen() == {"member", "officer"}


@pytest.mark.parametrize(
    "typed",
    [
        {"quantity": ""},
        {"quantity": "-1"},
        {"quantity": "NaN"},
        {"quantity": "Infinity"},
        {"quantity": "1e400"},
        {"quantity": str(2**63)},
        {"quantity": "1\x00"},
        {"quantity": "2000,01"},
        {"quantity": "0,001"},
        {"kind": "rocket"},
        {"kind": "lodging"},  # no rate
        {"kind": "meal", "cost": ""},
        {"label": "x" * 121},
        {"label": "a\x00b"},
    ],
)
def test_what_makes_no_sense_is_said_and_kept(typed, people, signed_in, rates):
    claim = claim_with_lines(people["member"].person)
    url = reverse("sittings:my-expense-line-add", args=[claim.pk])
    answer = signed_in("member").post(url, {"kind": "km", "quantity": "3", **typed})
    assert answer.status_code == (400 if "\x00" in "".join(typed.values()) else 422)  # no form holds that sign
    assert claim.lines.count() == 1


def test_another_s_line_is_no_line_of_mine(people, signed_in, rates):
    mine, other = (
        claim_with_lines(people["member"].person),
        claim_with_lines(people.make("member", people.term).person),
    )
    member, line = signed_in("member"), other.lines.get()
    for name in ("my-expense-line", "my-expense-line-remove"):
        url = reverse(f"sittings:{name}", args=[mine.pk, line.pk])
        member.post(url, {"kind": "km", "quantity": "1"})
        assert other.lines.get().quantity == line.quantity
    assert member.get(reverse("sittings:my-expense", args=[other.pk])).status_code == 404


def test_a_claim_on_paper_is_entered_in_the_person_s_name(people, signed_in, rates):
    mandate, invitee = mandate_of(people), attended(people["member"].person)
    officer = signed_in("officer")
    url = reverse("sittings:expense-for", args=[mandate.pk])
    assert officer.post(url, {"invitee": invitee.pk, "via": "account", "received_on": "2026-03-02"}).status_code == 422
    page = officer.post(url, {"invitee": invitee.pk, "via": "paper", "received_on": "2026-03-02"}).url
    assert "Ajouter une dépense" in officer.get(page).content.decode()
    assert "Aucune séance où la personne est venue" in officer.get(url).content.decode()


def test_an_overlapping_rate_is_a_sentence(people, signed_in, rates):
    lead = signed_in("lead")
    typed = {"kind": "km", "amount": "0,5", "is_flat": "on", "valid_from": "2026-01-01"}
    typed |= {"decision_reference": "2025-12-D9", "decided_on": "2025-12-18"}
    answer = lead.post(reverse("sittings:expense-rate-add"), typed)
    assert answer.status_code == 422
    assert "vaut déjà à ces dates" in answer.content.decode()
    edit = reverse("sittings:expense-rate", args=[rates[0].pk])
    assert lead.post(edit, typed | {"valid_from": "2025-11-01"}).status_code == 302
    rates[0].refresh_from_db()
    assert rates[0].amount == Decimal("0.5")


@pytest.mark.parametrize("count", [1, 3])
def test_lists_cost_the_same_at_any_size(count, people, signed_in, rates, django_assert_num_queries):
    for _rank in range(count):
        claim_with_lines(people.make("member", people.term).person, state="submitted")
        claim_with_lines(people["member"].person)
    officer, member = signed_in("officer"), signed_in("member")
    for browser, name, statements in ((officer, "sittings:expenses", 7), (member, "sittings:my-expenses", 6)):
        url = reverse(name)
        browser.get(url)
        with django_assert_num_queries(statements):
            assert browser.get(url).status_code == 200


def grid_post(rows, **common):
    """Return what the grid of claims on paper sends."""
    typed = {"via": "paper", "received_on": "2025-12-20", **common}
    for number, row in enumerate(rows):
        typed |= {f"l{number}-{name}": value for name, value in row.items()}
    return typed


def copy_stay(attendee, invitee):
    stay = attendee.stays.get()
    AttendanceFactory(invitee=invitee, arrived_at=stay.arrived_at, left_at=stay.left_at)


def test_claims_on_paper_are_entered_in_a_grid_and_wrong_rows_stay(people, signed_in, rates):
    first = attended(people["member"].person)
    for _n in range(3):
        person = people.make("member", people.term).person
        copy_stay(first, InviteeFactory(sitting=first.sitting, person=person))
    invitees = list(first.sitting.invitees.order_by("pk"))
    officer, url = signed_in("officer"), f"{reverse('sittings:expenses-paper')}?seance={first.sitting_id}"
    assert officer.get(url).status_code == 200
    rows = [
        {"invitee": invitees[0].pk, "quantity_km": "84", "cost_meal": "17,50", "is_seen": "on"},
        {"invitee": invitees[1].pk, "quantity_km": "12,5"},
        {"invitee": invitees[2].pk, "cost_meal": "12"},  # receipts not seen
        {"invitee": invitees[1].pk, "quantity_km": "3"},  # twice
        {"invitee": invitees[3].pk, "quantity_km": "-4"},
        {"quantity_km": "4"},
        {"invitee": invitees[3].pk},
    ]
    answer = officer.post(url, grid_post(rows))
    page = answer.content.decode()
    assert answer.status_code == 422
    assert "2 demandes partent au contrôle" in page
    assert [row.prefix for row in answer.context["rows"]] == ["l2", "l3", "l4", "l5", "l6"]
    assert "Cochez quand vous avez vu les justificatifs." in page
    assert "Une demande existe déjà" in page
    claims = ExpenseClaim.objects.with_totals().order_by("pk")
    assert [(str(claim.total), claim.state, claim.via) for claim in claims] == [
        ("51.94", "submitted", "paper"),
        ("5.13", "submitted", "paper"),
    ]
    assert {(str(claim.received_on), claim.submitted_by) for claim in claims} == {("2025-12-20", people["officer"])}
    submitted = Entry.objects.filter(event_type="expense.submitted").order_by("pk")
    assert [entry.on_behalf_of for entry in submitted] == [each.person.pseudonym for each in invitees[:2]]
    assert officer.post(url, grid_post(rows[2:3], received_on="2999-01-01")).status_code == 422
    assert officer.post(url, grid_post([])).status_code == 422
    assert officer.post(url, grid_post([{**rows[2], "is_seen": "on"}])).status_code == 302
    assert ExpenseClaim.objects.count() == 3
    with pytest.raises(ValidationError, match="sur papier"):  # somebody looks at the papers
        expenses.check_in_bulk(ExpenseClaim.objects.last(), by=people["lead"])


def test_the_grid_begins_with_the_last_plenary(people, signed_in, rates):
    page = reverse("sittings:expenses-paper")
    assert signed_in("officer").get(page).context["sitting"] is None
    other = people.make("member", people.term).person
    earlier, last = attended(people["member"].person), attended(other)
    steering = attended(people.make("member", people.term).person)
    for invitee, days, values in (
        (earlier, 40, {}),
        (last, 30, {}),
        (steering, 20, {"kind": "committee", "committee": CommitteeFactory(term=people.term)}),
    ):
        day = invitee.sitting.starts_at - timedelta(days=days)
        type(invitee.sitting).objects.filter(pk=invitee.sitting_id).update(starts_at=day, **values)
    for grid_of, expected in ((page, last), (f"{page}?seance={steering.sitting_id}", steering)):
        answer = signed_in("officer").get(grid_of)
        assert answer.context["sitting"] == expected.sitting
        assert [each.pk for each in answer.context["sittings"]][0] == steering.sitting_id
    expenses.start(last, by=people["officer"], via="paper", received_on=timezone.localdate())
    assert signed_in("officer").get(page).context["sitting"] == earlier.sitting  # nobody is left to claim for the last


def test_the_same_pile_entered_by_two_stays_on_the_page_of_the_second(people, signed_in, rates):
    """Nobody is left to claim for the sitting: what the second one typed is shown, with the reason."""
    invitee, other = attended(people["member"].person), attended(people.make("member", people.term).person)
    url = f"{reverse('sittings:expenses-paper')}?seance={invitee.sitting_id}"
    pile = grid_post([{"invitee": invitee.pk, "quantity_km": "84"}, {"invitee": other.pk, "quantity_km": "2"}])
    assert signed_in("officer").post(url, pile).status_code == 422  # the second person came to another sitting
    answer = signed_in("lead").post(url, pile)
    assert answer.status_code == 422
    first = answer.context["rows"][0]
    assert "Une demande existe déjà" in answer.content.decode()
    assert (first["invitee"].value(), first["quantity_km"].value()) == (str(invitee.pk), "84")
    assert answer.context["sitting"] == invitee.sitting
    assert ExpenseClaim.objects.count() == 1
    for unknown in ("", str(2**62), "9" * 30, "%00"):
        address = f"{reverse('sittings:expenses-paper')}?seance={unknown}"
        assert signed_in("lead").post(address, pile).status_code in (400, 404)
