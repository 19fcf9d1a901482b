"""No order passes a ceiling: the form says it, the action past the form meets the check, so do two orders at once."""

import time
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from datetime import date
from decimal import Decimal
from threading import Event

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, connection, transaction
from django.db.models import ProtectedError, Sum
from django.urls import reverse
from hypothesis import HealthCheck, given, settings, strategies as st

from mission.contracts.models import Contract, ContractLot, ContractOrder
from mission.contracts.workflow import accept
from mission.registers import actions
from mission.registers.declaration import registers
from tests.factories.institution import AssemblyFactory
from tests.factories.mission import ContractFactory
from tests.factories.sessions import SittingFactory

WAITING = "SELECT 1 FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'"


def lines(kind):
    return registers["contracts"].line_kind(kind)


def add_lot(contract, by, **data):
    data = {"title": "Repas", "ceiling": Decimal(4000), **data}
    return actions.add_line(registers["contracts"], lines("lots"), contract, by=by, data=data)


def typed(**data):
    return {
        "lot": None,
        "title": "Déjeuner",
        "details": "",
        "amount": Decimal(1000),
        "ordered_on": date(2026, 3, 20),
        "sitting": None,
        "delivery_on": None,
        **data,
    }


def order(contract, by, **data):
    """Place an order as the page does, without the form."""
    return actions.add_line(registers["contracts"], lines("commandes"), contract, by=by, data=typed(**data))


def change(found, by, **data):
    kind = lines("commandes")
    return actions.change_line(
        registers["contracts"],
        kind,
        found,
        by=by,
        data=typed(**data),
        version=ContractOrder.objects.get(pk=found.pk).version,
    )


def sums(contract):
    """Return the stored sums; check that they equal the counted ones."""
    kept = {None: Contract.objects.get(pk=contract.pk).ordered}
    kept |= dict(ContractLot.objects.filter(row=contract).values_list("pk", "ordered"))
    counted = Counter({key: Decimal(0) for key in kept})
    for lot, amount in ContractOrder.objects.filter(row=contract).values_list("lot", "amount"):
        counted[None] += amount
        if lot:
            counted[lot] += amount
    assert kept == dict(counted)
    return kept


@pytest.fixture
def desk(client, people):
    return client.enter(people.ready(people["officer"]))


def test_the_form_says_what_is_left(desk, people):
    contract = ContractFactory(name="Repas", ceiling=Decimal(3000))
    order(contract, people["officer"], amount=Decimal(1800))
    page = reverse("mission:contracts-line-add", args=[contract.pk, "commandes"])
    data = {"title": "Buffet", "amount": "1500", "ordered_on": "2026-03-20"}
    answer = desk.post(page, data)
    assert answer.status_code == 422
    said = answer.context["form"].errors["amount"][0].replace("\u00a0", " ")
    assert said == "Il reste 1 200,00 € à commander sur « Repas » : c’est 300,00 € de trop."
    assert ContractOrder.objects.count() == 1
    assert desk.post(page, {**data, "amount": "1200"}).status_code == 302
    assert sums(contract) == {None: Decimal(3000)}


def test_an_order_of_a_lot_is_bound_by_both(people):
    by, contract = people["officer"], ContractFactory(name="Séances", ceiling=Decimal(5000))
    meals, rooms = add_lot(contract, by), add_lot(contract, by, title="Salles")
    order(contract, by, lot=meals, amount=Decimal(4000))
    for wrong, words in (
        (
            typed(lot=meals, amount=Decimal(1003)),
            [
                "Il reste 1 000,00 € à commander sur « Séances » : c’est 3,00 € de trop.",
                "Il reste 0,00 € à commander sur « Repas » : c’est 1 003,00 € de trop.",
            ],
        ),
        (
            typed(lot=rooms, amount=Decimal(1001)),
            ["Il reste 1 000,00 € à commander sur « Séances » : c’est 1,00 € de trop."],
        ),
    ):
        with pytest.raises(ValidationError) as refused:
            order(contract, by, **wrong)
        assert [told.replace("\u00a0", " ") for told in refused.value.messages] == words
    order(contract, by, lot=rooms, amount=Decimal(1000))
    assert sums(contract) == {None: Decimal(5000), meals.pk: Decimal(4000), rooms.pk: Decimal(1000)}


@pytest.mark.django_db
@pytest.mark.parametrize(
    "wrong", [{"ordered": Decimal("10000.01")}, {"ordered": Decimal(-1)}, {"ceiling": Decimal(0)}, {"holder_name": ""}]
)
def test_the_database_refuses_past_every_form(wrong):
    contract = ContractFactory()
    with pytest.raises(IntegrityError), transaction.atomic():
        Contract.objects.filter(pk=contract.pk).update(**wrong)


def test_the_lot_of_another_contract_is_refused_by_form_and_database(desk, people):
    contract, other = ContractFactory(), ContractFactory()
    foreign, own = add_lot(other, people["officer"]), add_lot(contract, people["officer"])
    page = reverse("mission:contracts-line-add", args=[contract.pk, "commandes"])
    data = {"title": "Buffet", "amount": "10", "ordered_on": "2026-03-20"}
    for lot in (foreign.pk, ""):
        answer = desk.post(page, {**data, "lot": lot})
        assert (answer.status_code, list(answer.context["form"].errors)) == (422, ["lot"])
    made = order(contract, people["officer"], lot=own)
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
    with pytest.raises(IntegrityError), transaction.atomic():
        ContractOrder.objects.filter(pk=made.pk).update(lot=foreign)


def test_a_ceiling_does_not_go_below_what_is_ordered(desk, people):
    contract = ContractFactory()
    lot = add_lot(contract, people["officer"])
    order(contract, people["officer"], lot=lot, amount=Decimal(3000))
    data = {
        "name": contract.name,
        "kind": "catering",
        "holder_name": "T",
        "starts_on": "2026-01-01",
        "ends_on": "2026-12-31",
        "version": 1,
    }
    edit = reverse("mission:contracts-edit", args=[contract.pk])
    answer = desk.post(edit, {**data, "ceiling": "2999.99"})
    assert (answer.status_code, list(answer.context["form"].errors)) == (422, ["ceiling"])
    assert desk.post(edit, {**data, "ceiling": "3000"}).status_code == 302
    page = reverse("mission:contracts-line", args=[contract.pk, "lots", lot.pk])
    assert desk.post(page, {"title": "Repas", "ceiling": "2999", "version": 1}).status_code == 422


def test_orders_changed_moved_and_taken_away_leave_right_sums(people):
    by, contract = people["officer"], ContractFactory()
    one, two = add_lot(contract, by), add_lot(contract, by, title="Salles")
    made = order(contract, by, lot=one)
    change(made, by, lot=two, amount=Decimal(700))
    assert sums(contract) == {None: Decimal(700), one.pk: Decimal(0), two.pk: Decimal(700)}
    change(made, by, lot=two, amount=Decimal(900))
    change(made, by, lot=None, amount=Decimal(900))
    assert sums(contract) == {None: Decimal(900), one.pk: Decimal(0), two.pk: Decimal(0)}
    actions.withdraw_line(registers["contracts"], lines("commandes"), made, by=by)
    assert sums(contract) == {None: Decimal(0), one.pk: Decimal(0), two.pk: Decimal(0)}


@settings(max_examples=30, deadline=None, database=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    deeds=st.lists(
        st.tuples(st.sampled_from(["add", "change", "remove"]), st.integers(0, 2), st.integers(1, 300000)), max_size=14
    )
)
def test_the_kept_sums_are_those_of_the_orders(people, deeds):
    """Whatever is ordered, changed, moved and withdrawn, refused or not."""
    by, contract = people["officer"], ContractFactory()
    lots = [None, add_lot(contract, by), add_lot(contract, by, title="Salles", ceiling=Decimal(900))]
    for deed, place, cents in deeds:
        known = list(ContractOrder.objects.filter(row=contract).order_by("pk"))
        data = {"lot": lots[place], "amount": Decimal(cents) / 100}
        try:
            if deed == "add" or not known:
                order(contract, by, **data)
            elif deed == "change":
                change(known[cents % len(known)], by, **data)
            else:
                line = known[cents % len(known)]
                actions.withdraw_line(registers["contracts"], lines("commandes"), line, by=by)
        except ValidationError:
            pass
        sums(contract)


def test_a_delivery_is_accepted_once_and_stays(desk, people):
    by, contract = people["lead"], ContractFactory()
    made, elsewhere = order(contract, by), order(ContractFactory(), by)
    step = reverse("mission:contracts-step", args=[contract.pk, "accepter"])
    assert desk.post(step, {"order": elsewhere.pk}).status_code == 422
    assert desk.post(step, {"order": made.pk}).status_code == 302
    assert ContractOrder.objects.get(pk=made.pk).accepted_on is not None
    with pytest.raises(ValidationError):
        accept(contract, made, by=by)
    with pytest.raises(ValidationError):
        change(made, by, amount=Decimal(2))
    with pytest.raises(ProtectedError):
        actions.withdraw_line(registers["contracts"], lines("commandes"), made, by=by)
    gone = reverse("mission:contracts-line-remove", args=[contract.pk, "commandes", made.pk])
    assert desk.post(gone).status_code == 409
    assert sums(contract) == {None: Decimal(1000)}


@pytest.mark.parametrize("state", ["draft", "ended"])
def test_only_a_contract_that_runs_takes_orders(desk, people, state):
    contract = ContractFactory(state=state)
    page = reverse("mission:contracts-line-add", args=[contract.pk, "commandes"])
    assert desk.post(page, {"title": "B", "amount": "10", "ordered_on": "2026-03-20"}).status_code == 422
    assert not ContractOrder.objects.exists()


def test_a_day_and_a_sitting_are_those_of_the_contract(desk):
    contract, foreign = ContractFactory(), SittingFactory(term__assembly=AssemblyFactory(second=True))
    page = reverse("mission:contracts-line-add", args=[contract.pk, "commandes"])
    answer = desk.post(page, {"title": "B", "amount": "10", "ordered_on": "2027-01-01", "sitting": foreign.pk})
    assert sorted(answer.context["form"].errors) == ["ordered_on", "sitting"]


def test_contracts_stay_in_their_assembly(client, people):
    contract = ContractFactory()
    client.enter(people.ready(people.elsewhere("lead")))
    assert client.get(reverse("mission:contracts-row", args=[contract.pk])).status_code == 404
    assert contract.name not in client.get("/bureau/mission/contrats/").content.decode()


@pytest.mark.django_db(transaction=True)
def test_of_two_orders_at_once_that_exceed_together_one_is_refused(people):
    by, contract = people["officer"], ContractFactory(name="Repas", ceiling=Decimal(1500))
    ordered, told = Event(), Event()

    def first():
        try:
            with transaction.atomic():
                order(Contract.objects.get(pk=contract.pk), by)
                ordered.set()
                assert told.wait(20)
        finally:
            ordered.set()
            connection.close()

    def second():
        try:
            order(Contract.objects.get(pk=contract.pk), by)
        except ValidationError as refused:
            return refused.message_dict["amount"]
        finally:
            connection.close()

    with ThreadPoolExecutor(2) as pool:
        one = pool.submit(first)
        assert ordered.wait(20)
        two = pool.submit(second)
        try:
            wait_for_a_lock(two)
        finally:
            told.set()
        one.result(20)
        assert [words.replace("\u00a0", " ") for words in two.result(20)] == [
            "Il reste 500,00 € à commander sur « Repas » : c’est 500,00 € de trop."
        ]
    assert sums(contract) == {None: Decimal(1000)}
    assert ContractOrder.objects.aggregate(n=Sum("amount")) == {"n": Decimal(1000)}


def wait_for_a_lock(other):
    """Wait until the other connection waits for a lock of the first."""
    end = time.monotonic() + 10
    while time.monotonic() < end and not other.done():
        with connection.cursor() as cursor:
            cursor.execute(WAITING)
            if cursor.fetchone():
                return
        time.sleep(0.01)
    pytest.fail("It did not wait.")
