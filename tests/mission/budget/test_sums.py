"""What is committed and spent is read, never typed twice; years, rights and limits are those of the operation."""

from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, connection, transaction
from django.urls import reverse
from django.utils.html import strip_tags

from assembly.institution.todo import todo_for
from mission.budget.models import BudgetContract, BudgetEntry, BudgetLine
from mission.budget.queries import with_sums
from mission.contracts.workflow import accept
from mission.registers import actions
from mission.registers.declaration import registers
from sessions.models import ExpenseBatch, ExpenseClaim
from tests.factories.identity import PersonFactory
from tests.factories.institution import AssemblyFactory, TermFactory
from tests.factories.life import claim_with_lines
from tests.factories.mission import BudgetLineFactory, ContractFactory
from tests.mission.contracts.test_ceilings import order

LIST = "/bureau/mission/budget/"
RIGHT = {"year": "2026", "name": "Communication", "planned": "12000"}


@pytest.fixture
def desk(client, people):
    return client.enter(people.ready(people["lead"]))


def add(line, lines, by, **data):
    register = registers["budget"]
    return actions.add_line(register, register.line_kind(lines), line, by=by, data=data)


def entry(line, by, **data):
    typed = {"kind": "spent", "title": "Affiches", "amount": Decimal(100), "day": date(2026, 2, 3), "sitting": None}
    return add(line, "ecritures", by, **{**typed, **data})


def sums(line):
    found = with_sums(BudgetLine.objects.filter(pk=line.pk)).get()
    return found.committed, found.spent, found.planned - found.left


def batch(claims, made_at):
    made = ExpenseBatch.objects.create(
        term=claims[0].term,
        reference=f"LOT-{made_at:%Y%m%d}",
        made_at=made_at,
        made_by=claims[0].created_by,
        count=len(claims),
        total=0,
    )
    ExpenseClaim.objects.filter(pk__in=[claim.pk for claim in claims]).update(state="sent", batch=made)


def typed_again(client, name, **data):
    return client.post(f"{LIST}nouveau/", {**RIGHT, "name": name, **data})


def test_orders_entries_and_batches_each_count_once(people):
    by, line, other = people["officer"], BudgetLineFactory(takes_expenses=True), BudgetLineFactory()
    contract = ContractFactory(starts_on=date(2025, 1, 1))
    delivered = order(contract, by, amount=Decimal(300))
    order(contract, by, amount=Decimal(200))
    order(contract, by, amount=Decimal(999), ordered_on=date(2025, 12, 31))  # of another year
    order(ContractFactory(), by, amount=Decimal(888))  # of a contract that counts nowhere
    add(line, "contrats", by, contract=contract)
    accept(contract, delivered, by=by)
    entry(line, by, amount=Decimal(50))
    entry(line, by, kind="committed", amount=Decimal(25))
    claims = [claim_with_lines(PersonFactory(), state="checked", km="100") for _ in range(3)]  # 41 € each
    batch(claims[:2], datetime(2026, 1, 1, 8, tzinfo=UTC))
    batch(claims[2:], datetime(2025, 12, 31, 8, tzinfo=UTC))
    assert sums(line) == (Decimal(225), Decimal(432), Decimal(657))
    assert sums(other) == (0, 0, 0)
    ExpenseClaim.objects.filter(pk=claims[0].pk).update(state="refused", reason="Double.", closed_at=datetime.now(UTC))
    assert sums(line)[1] == Decimal(391)


def test_a_batch_belongs_to_the_year_of_paris(people):
    line = BudgetLineFactory(takes_expenses=True)
    batch([claim_with_lines(PersonFactory(), state="checked", km="100")], datetime(2025, 12, 31, 23, 30, tzinfo=UTC))
    assert sums(line)[1] == Decimal(41)


def test_the_claims_of_another_assembly_do_not_count(people):
    elsewhere = BudgetLineFactory(takes_expenses=True, assembly=AssemblyFactory(second=True))
    batch([claim_with_lines(PersonFactory(), state="checked")], datetime(2026, 3, 1, tzinfo=UTC))
    assert sums(elsewhere) == (0, 0, 0)


def test_an_entry_of_another_year_is_refused_by_form_and_database(desk, people):
    line = BudgetLineFactory()
    page = reverse("mission:budget-line-add", args=[line.pk, "ecritures"])
    data = {"kind": "spent", "title": "Affiches", "amount": "10", "day": "2025-12-31"}
    answer = desk.post(page, data)
    assert (answer.status_code, answer.context["form"].errors["day"]) == (
        422,
        ["Ce jour n’est pas de l’année de l’opération."],
    )
    with pytest.raises(ValidationError) as refused:
        entry(line, people["lead"], day=date(2027, 1, 1))
    assert refused.value.messages == ["Ce jour n’est pas de l’année de l’opération."]
    made = entry(line, people["lead"])
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
    for wrong in ({"year": 2025}, {"day": date(2025, 2, 3)}, {"year": 2025, "day": date(2025, 2, 3)}, {"amount": 0}):
        with pytest.raises(IntegrityError), transaction.atomic():
            BudgetEntry.objects.filter(pk=made.pk).update(**wrong)
    with pytest.raises(IntegrityError), transaction.atomic():
        BudgetLine.objects.filter(pk=line.pk).update(year=2025)


@pytest.mark.django_db
@pytest.mark.parametrize(
    "wrong",
    [{"planned": -1}, {"year": 1999}, {"allowed": 2000}, {"allowed_why": "Parce que."}, {"state": "lost"}],
)
def test_the_database_refuses_past_every_form(wrong):
    line = BudgetLineFactory()
    with pytest.raises(IntegrityError), transaction.atomic():
        BudgetLine.objects.filter(pk=line.pk).update(**wrong)


def test_forms_refuse_negative_doubles_and_a_second_taker(desk):
    assert typed_again(desk, "Communication", takes_expenses="on").status_code == 302
    refused = {
        "negative": typed_again(desk, "A", planned="-1"),
        "year": typed_again(desk, "B", year="20266"),
        "double": typed_again(desk, "Communication"),
        "taker": typed_again(desk, "C", takes_expenses="on"),
        "too big": typed_again(desk, "D", planned="9223372036854775808"),
    }
    assert {name: (answer.status_code, list(answer.context["form"].errors)) for name, answer in refused.items()} == {
        "negative": (422, ["planned"]),
        "year": (422, ["year"]),
        "double": (422, ["name"]),
        "taker": (422, ["takes_expenses"]),
        "too big": (422, ["planned"]),
    }
    assert typed_again(desk, "Communication", year="2027", takes_expenses="on").status_code == 302


def test_an_operation_keeps_its_year(desk):
    typed_again(desk, "Communication")
    line = BudgetLine.objects.get()
    edit = reverse("mission:budget-edit", args=[line.pk])
    assert desk.post(edit, {**RIGHT, "year": "2027", "planned": "5", "version": 1}).status_code == 302
    line.refresh_from_db()
    assert (line.year, line.planned) == (2026, Decimal(5))


def test_a_contract_counts_on_one_operation_a_year(desk, people):
    line, other, contract = BudgetLineFactory(), BudgetLineFactory(name="Repas"), ContractFactory()
    add(other, "contrats", people["lead"], contract=contract)
    answer = desk.post(reverse("mission:budget-line-add", args=[line.pk, "contrats"]), {"contract": contract.pk})
    said = [words.replace("\u00a0", " ") for words in answer.context["form"].errors["contract"]]
    assert (answer.status_code, said) == (422, ["Il compte déjà sur « Repas » cette année."])
    with pytest.raises(IntegrityError), transaction.atomic():
        add(line, "contrats", people["lead"], contract=contract)
    add(BudgetLineFactory(year=2027), "contrats", people["lead"], contract=contract)
    assert [str(line) for line in BudgetContract.objects.all()] == [contract.name] * 2
    gone = BudgetContract(contract=contract, year=2028).unique_error_message()
    assert gone.messages[0].replace("\u00a0", " ") == "Il compte déjà sur « une autre opération » cette année."
    assert BudgetContract.objects.count() == 2


def test_what_exceeds_is_said_with_who_decided(desk, people):
    line = BudgetLineFactory(planned=Decimal(1000))
    entry(line, people["lead"], amount=Decimal(1100))
    page = reverse("mission:budget-row", args=[line.pk])
    step = reverse("mission:budget-step", args=[line.pk, "depassement"])
    before = desk.get(page).content.decode().replace("\u00a0", " ")
    assert "Le prévu est dépassé de 100,00 €. Personne n’a décidé de ce dépassement." in before
    low = desk.post(step, {"allowed": "1000", "reason": "Une plénière de plus."})
    refused = {"allowed": ["Le montant autorisé est plus grand que le montant prévu."]}
    assert (low.status_code, low.context["form"].errors) == (422, refused)
    assert desk.post(step, {"allowed": "1200", "reason": ""}).status_code == 422
    assert desk.post(step, {"allowed": "1200", "reason": "Une plénière de plus."}).status_code == 302
    after = desk.get(page).content.decode().replace("\u00a0", " ")
    assert f"Dépassement jusqu’à 1 200,00 € décidé par {people['lead'].get_full_name()} le" in after
    assert "Personne n’a décidé" not in after
    edit = {"name": line.name, "year": "2026", "planned": "1200", "version": 1}
    assert desk.post(reverse("mission:budget-edit", args=[line.pk]), edit).status_code == 422
    entry(line, people["lead"], amount=Decimal(200))
    beyond = desk.get(page).content.decode().replace("\u00a0", " ")
    assert "Personne n’a décidé" not in beyond
    assert "Cette limite est dépassée à son tour, de 100,00 € : une nouvelle décision est attendue." in beyond


def test_alerts_at_80_and_100_percent(desk, people):
    by, decided = people["lead"], BudgetLineFactory(name="Décidé", allowed=Decimal(1500))
    spent = {"Calme": "799.99", "Presque": "800", "Juste": "999.99", "Plein": "1000", "Décidé": "1500"}
    for name, amount in spent.items():
        entry(decided if name == "Décidé" else BudgetLineFactory(name=name), by, amount=Decimal(amount))
    entry(BudgetLineFactory(name="Close"), by, amount=Decimal(5000))
    BudgetLine.objects.filter(name="Close").update(state="closed")
    BudgetLineFactory(name="Rien", planned=0)
    entry(BudgetLineFactory(name="Ailleurs", assembly=AssemblyFactory(second=True)), people.elsewhere("lead"))
    lines = [line for line in todo_for(people["officer"], "desk", people.term).lines if line.url.startswith(LIST)]
    assert sorted(line.title.replace("\u00a0", " ") for line in lines) == [
        "Décider du dépassement : Plein",
        "« Juste » est à plus de 80 % de son budget",
        "« Presque » est à plus de 80 % de son budget",
    ]
    found = {
        value: [row.name for row in desk.get(f"{LIST}?alerte={value}").context["list"].page]
        for value in ("80", "100", "decide")
    }
    assert found == {"80": ["Juste", "Presque"], "100": ["Close", "Plein"], "decide": ["Décidé"]}
    page = desk.get(LIST)
    told = {line.name: strip_tags(line.cells[6][1]).rpartition("%")[2] for line in page.context["lines"]}
    assert told == {
        "Calme": "",
        "Close": "À décider",
        "Décidé": "Dépassement décidé",
        "Juste": "À surveiller",
        "Plein": "À décider",
        "Presque": "À surveiller",
        "Rien": "–",
    }
    for who in ("facilitator", "member", "dir_contact"):
        assert not [line for line in todo_for(people[who], "desk", people.term).lines if line.url.startswith(LIST)]


@pytest.mark.parametrize("who", ["facilitator", "member", "dir_contact", "sponsor"])
@pytest.mark.parametrize("slug", ["budget", "contrats"])
def test_others_than_the_team_see_no_money(client, people, who, slug):
    client.enter(people.ready(people[who]))
    row = BudgetLineFactory() if slug == "budget" else ContractFactory()
    assert client.get(f"/bureau/mission/{slug}/").status_code == 403
    assert client.get(f"/bureau/mission/{slug}/{row.pk}/").status_code == 403


def test_a_closed_operation_takes_nothing(desk, people):
    line = BudgetLineFactory()
    made = entry(line, people["lead"])
    BudgetLine.objects.filter(pk=line.pk).update(state="closed")
    page = reverse("mission:budget-line-add", args=[line.pk, "ecritures"])
    data = {"kind": "spent", "title": "Affiches", "amount": "10", "day": "2026-12-31"}
    answer = desk.post(page, data)
    refused = ["L’opération est close : rien ne s’y ajoute et rien n’y change."]
    assert (answer.status_code, answer.context["form"].non_field_errors()) == (422, refused)
    with pytest.raises(ValidationError) as late:  # the copy in memory is open still
        entry(line, people["lead"])
    assert late.value.messages == refused
    gone = reverse("mission:budget-line-remove", args=[line.pk, "ecritures", made.pk])
    assert desk.post(gone).status_code == 409
    assert BudgetEntry.objects.count() == 1


@pytest.mark.parametrize("rows", [1, 3])
def test_the_list_costs_the_same_and_tells_each_year(desk, people, rows, django_assert_num_queries):
    for number in range(rows):
        contract = ContractFactory()
        order(contract, people["lead"], amount=Decimal(100))
        line = BudgetLineFactory(name=f"O{number}", owner=people["lead"], takes_expenses=not number)
        add(line, "contrats", people["lead"], contract=contract)
        entry(line, people["lead"], amount=Decimal("10.50"))
    BudgetLineFactory(year=2025, name="Ancienne", allowed=Decimal(1100))
    BudgetLineFactory(assembly=TermFactory(assembly=AssemblyFactory(second=True)).assembly, planned=Decimal(77))
    desk.get(LIST)
    with django_assert_num_queries(7):
        page = desk.get(LIST)
    assert [row.name for row in page.context["list"].page] == [*(f"O{n}" for n in range(rows)), "Ancienne"]
    sums = {
        1: ["2026", "1 000,00 €", "100,00 €", "10,50 €", "889,50 €"],
        3: ["2026", "3 000,00 €", "300,00 €", "31,50 €", "2 668,50 €"],
    }
    none = ["2025", "1 000,00 €", "0,00 €", "0,00 €", "1 000,00 €"]
    lines = [
        [cell.replace("\u00a0", " ").replace("\u202f", " ") for cell in line] for line in page.context["totals"].lines
    ]
    assert lines == [sums[rows], none]


def test_operations_of_another_assembly_are_not_found(client, people):
    line = BudgetLineFactory()
    client.enter(people.ready(people.elsewhere("lead")))
    assert client.get(reverse("mission:budget-row", args=[line.pk])).status_code == 404
    assert line.name not in client.get(LIST).content.decode()
