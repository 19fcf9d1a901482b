"""Claims checked in their list, several at once: never one that this person has not read, nor one above a rate."""

from decimal import Decimal

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.urls import reverse

from assembly.audit.models import Entry
from sessions.expenses import actions as expenses
from sessions.models import ExpenseClaim
from tests.browsing import StrictClient
from tests.factories.life import ExpenseRateFactory, attended
from tests.sessions.expenses.test_claims import voucher

pytestmark = pytest.mark.django_db


@pytest.fixture
def rates():
    return ExpenseRateFactory(), ExpenseRateFactory(capped=True)


def sent_claim(user, *, cost="17.50"):
    """Return a claim that this member sent: 10 km, and a meal with its voucher."""
    claim = expenses.start(attended(user.person), by=user)
    expenses.write_line(claim, kind="km", quantity=Decimal(10), by=user)
    expenses.write_line(claim, kind="meal", quantity=Decimal(1), cost=Decimal(cost), voucher=voucher(cost), by=user)
    expenses.submit(claim, total=Decimal("4.10") + min(Decimal(cost), Decimal(20)), by=user)
    return claim


def test_a_claim_is_checked_among_others_once_its_vouchers_were_opened_by_this_person(people, rates):
    claim = sent_claim(people["member"])
    expenses.open_vouchers(claim, by=people["lead"])  # a colleague opened them
    with pytest.raises(ValidationError, match="pas encore ouvert"):
        expenses.check_in_bulk(claim, by=people["officer"])
    for _time in range(2):
        expenses.open_vouchers(claim, by=people["officer"])
    opened = Entry.objects.filter(event_type="expense.voucher_opened")
    assert sorted(opened.values_list("actor", flat=True)) == sorted(
        [people["lead"].pseudonym, people["officer"].pseudonym]
    )
    expenses.check_in_bulk(claim, by=people["officer"])
    assert claim.state == "checked"
    assert Entry.objects.get(event_type="expense.checked").facts["in_bulk"]
    with pytest.raises(PermissionDenied):
        expenses.open_vouchers(claim, by=people["member"])


def test_a_new_voucher_was_not_opened(people, rates):
    claim = sent_claim(people["member"])
    expenses.open_vouchers(claim, by=people["officer"])
    expenses.send_back(claim, reason="Illisible", by=people["officer"])
    meal = claim.lines.get(rate__kind="meal")
    values = {"kind": "meal", "quantity": Decimal(1), "cost": Decimal(15), "by": people["member"]}
    expenses.write_line(claim, line=meal, voucher=voucher("Plus net"), **values)
    expenses.submit(claim, total=Decimal("19.10"), by=people["member"])
    with pytest.raises(ValidationError, match="pas encore ouvert"):
        expenses.check_in_bulk(claim, by=people["officer"])


def test_a_claim_that_was_sent_again_is_opened_again(people, rates):
    claim = sent_claim(people["member"])
    expenses.open_vouchers(claim, by=people["officer"])
    expenses.send_back(claim, reason="Combien de kilomètres ?", by=people["officer"])
    drive = claim.lines.get(rate__kind="km")
    expenses.write_line(claim, line=drive, kind="km", quantity=Decimal(1000), by=people["member"])
    expenses.submit(claim, total=Decimal("427.50"), by=people["member"])
    with pytest.raises(ValidationError, match="pas encore ouvert"):
        expenses.check_in_bulk(claim, by=people["officer"])
    expenses.open_vouchers(claim, by=people["officer"])
    expenses.check_in_bulk(claim, by=people["officer"])


def test_a_sum_above_its_rate_is_checked_alone(people, rates):
    claim = sent_claim(people["member"], cost="27.50")
    expenses.open_vouchers(claim, by=people["officer"])
    with pytest.raises(ValidationError, match="dépasse le taux"):
        expenses.check_in_bulk(claim, by=people["officer"])
    assert ExpenseClaim.objects.get().state == "submitted"


def test_a_claim_of_flat_rates_alone_has_nothing_to_open(people, rates):
    claim = expenses.start(attended(people["member"].person), by=people["member"])
    expenses.write_line(claim, kind="km", quantity=Decimal(10), by=people["member"])
    expenses.submit(claim, total=Decimal("4.10"), by=people["member"])
    expenses.check_in_bulk(claim, by=people["officer"])
    assert claim.state == "checked"


def test_nobody_checks_what_they_sent(people, rates):
    invitee = attended(people["member"].person)
    claim = expenses.start(invitee, by=people["officer"], via="paper")
    expenses.write_line(claim, kind="km", quantity=Decimal(10), by=people["officer"])
    expenses.submit(claim, total=Decimal("4.10"), by=people["officer"])
    with pytest.raises(PermissionDenied):
        expenses.check_in_bulk(claim, by=people["officer"])
    expenses.check_in_bulk(claim, by=people["lead"])


def test_several_are_checked_in_one_post_and_those_left_are_named(people, signed_in, rates):
    read = [sent_claim(people.make("member", people.term)) for _n in range(3)]
    unread, above = sent_claim(people["member"]), sent_claim(people.make("member", people.term), cost="27.50")
    officer, address = signed_in("officer"), reverse("sittings:expenses-chosen")
    for claim in [*read, above]:
        assert officer.get(reverse("sittings:expense-vouchers", args=[claim.pk])).status_code == 405
        assert officer.post(reverse("sittings:expense-vouchers", args=[claim.pk])).status_code == 302
    keys = [claim.pk for claim in [*read, unread, above]]
    question = officer.get(address, {"acte": "controler", "ligne": keys}).content.decode()
    assert "5 demandes choisies" in question
    answer = officer.post(address, {"acte": "controler", "ligne": keys}, follow=True).content.decode()
    assert "3 demandes sont contrôlées" in answer
    assert f"{unread.reference} {people['member'].person.full_name}\u00a0: vous n’avez pas encore ouvert" in answer
    assert f"{above.reference} " in answer
    assert sorted(ExpenseClaim.objects.values_list("state", flat=True)) == ["checked"] * 3 + ["submitted"] * 2
    assert StrictClient().enter(people.ready(people["facilitator"])).get(address).status_code == 403


def test_the_row_opens_in_the_list_and_the_page_works_without_script(people, signed_in, rates):
    claim = sent_claim(people["member"])
    page, address = reverse("sittings:expense", args=[claim.pk]), reverse("sittings:expense-vouchers", args=[claim.pk])
    officer = signed_in("officer")
    upload = claim.lines.get(rate__kind="meal").voucher
    picture = reverse("documents:upload-preview", args=[upload.public_id])
    before = officer.get(page).content.decode()
    assert picture not in before
    assert "Ouvrir les justificatifs" in before
    shown = "http://testserver/bureau/frais/?etat=submitted"
    panel = officer.post(address, HTTP_HX_REQUEST="true", HTTP_HX_CURRENT_URL=shown)
    assert picture in panel.content.decode()
    assert 'data-assembly-acts="controler completer"' in panel.content.decode()
    assert "retour=%2Fbureau%2Ffrais%2F%3Fetat%3Dsubmitted" in panel.content.decode()
    assert picture in officer.get(page).content.decode()
    for odd in ("http://[x", "http://ailleurs.example/?a=b"):
        assert officer.post(address, HTTP_HX_REQUEST="true", HTTP_HX_CURRENT_URL=odd).status_code == 200
    drawn = officer.get(picture)
    assert (drawn["Content-Type"], drawn.content[:4]) == ("image/png", b"\x89PNG")
    assert signed_in("facilitator").get(picture).status_code == 404
    assert signed_in("facilitator").post(address).status_code == 403
