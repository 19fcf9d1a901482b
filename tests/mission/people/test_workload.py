"""Load against capacity: counted by month, told and not refused; what is no percent of months the database refuses."""

from datetime import date, timedelta

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils import timezone

from assembly.identity.personal_data import months_later, registry
from assembly.institution.models import Assembly
from assembly.institution.todo import todo_for
from mission.people import rules
from mission.people.models import Allocation, CapacityPeriod, TeamPost
from mission.people.register import PEOPLE
from mission.registers import actions
from mission.registers.mails import dues_of
from tests.factories.mission import BudgetLineFactory
from tests.factories.sessions import SittingFactory
from tests.factories.team import AllocationFactory, CapacityPeriodFactory, TeamPostFactory

SEPTEMBER, OCTOBER, NOVEMBER, JANUARY = date(2026, 9, 1), date(2026, 10, 1), date(2026, 11, 1), date(2027, 1, 1)
MONTHS = {"percent": "50", "starts_on": "2026-10", "ends_on": "2026-12"}


def read(user, post):
    return PEOPLE.rows(PEOPLE.visible_to(user)).get(pk=post.pk)


def told(user, post, *months):
    return [(one.load, one.capacity, one.state_badge) for one in rules.loads_of(read(user, post), months)]


def text_of(answer):
    return answer.content.decode().replace("\u00a0", " ").replace("&nbsp;", " ")


def test_each_month_has_its_load_and_its_time(people):
    post = TeamPostFactory(assembly=people.assembly, ends_on=date(2026, 12, 31))
    AllocationFactory(row=post, percent=70)
    AllocationFactory(row=post, percent=25, starts_on=NOVEMBER, ends_on=date(2027, 1, 31))
    CapacityPeriodFactory(row=post, percent=80, starts_on=NOVEMBER, ends_on=date(2026, 11, 30))
    expected = [(0, 100, ""), (70, 100, ""), (95, 80, "late"), (95, 100, "warn"), (25, 0, "late")]
    assert told(people["lead"], post, SEPTEMBER, OCTOBER, NOVEMBER, date(2026, 12, 1), JANUARY) == expected


@pytest.mark.parametrize(("percent", "state_badge"), [(90, ""), (91, "warn"), (100, "warn")])
def test_from_where_on_it_is_much(percent, state_badge, people):
    post = TeamPostFactory(assembly=people.assembly)
    AllocationFactory(row=post, percent=percent)
    assert told(people["lead"], post, OCTOBER) == [(percent, 100, state_badge)]


@pytest.mark.parametrize(
    ("sent", "answer"),
    [
        ({}, 302),
        ({"starts_on": "10/2026", "ends_on": "2026-10-15"}, 302),
        ({"percent": "0"}, 422),
        ({"percent": "101"}, 422),
        ({"percent": "-5"}, 422),
        ({"percent": "9" * 19}, 422),
        ({"ends_on": "2026-09"}, 422),
        ({"starts_on": "0001-01"}, 422),
        ({"ends_on": "9999-12"}, 422),
        ({"ends_on": "en décembre"}, 422),
        ({"ends_on": ""}, 422),
        ({"topic": ""}, 422),
        ({"topic": "", "operation": True}, 302),
        ({"topic": "", "sitting": True}, 302),
        ({"operation": True}, 422),
        ({"topic": "", "operation": True, "sitting": True}, 422),
    ],
)
def test_an_allocation_is_a_percent_of_one_subject_over_months(client, people, sent, answer):
    keys = {
        "operation": lambda: BudgetLineFactory(assembly=people.assembly).pk,
        "sitting": lambda: SittingFactory(term=people.term).pk,
    }
    typed = {name: keys[name]() if value is True else value for name, value in sent.items()}
    post = TeamPostFactory(assembly=people.assembly)
    client.enter(people.ready(people["officer"]))
    page = reverse("mission:people-line-add", args=[post.pk, "affectations"])
    assert client.post(page, {"topic": "Réseaux", **MONTHS, **typed}).status_code == answer
    made = Allocation.objects.filter(row=post).first()
    assert (made is None) == (answer == 422)
    assert made is None or (made.starts_on.day, (made.ends_on.month, made.ends_on.day)) in [
        (1, (12, 31)),
        (1, (10, 31)),
    ]


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("model", "wrong"),
    [
        (Allocation, {"percent": 0}),
        (Allocation, {"percent": 101}),
        (Allocation, {"percent": -1}),
        (Allocation, {"ends_on": SEPTEMBER}),
        (Allocation, {"starts_on": date(1999, 1, 1)}),
        (Allocation, {"topic": ""}),
        (CapacityPeriod, {"percent": 101}),
        (CapacityPeriod, {"ends_on": SEPTEMBER}),
        (TeamPost, {"capacity": 0}),
        (TeamPost, {"capacity": 101}),
        (TeamPost, {"ends_on": date(2025, 1, 1)}),
        (TeamPost, {"state": "left"}),
        (TeamPost, {"state": "lost"}),
    ],
)
def test_the_database_refuses_it_too(model, wrong):
    row = {Allocation: AllocationFactory, CapacityPeriod: CapacityPeriodFactory, TeamPost: TeamPostFactory}[model]()
    with pytest.raises(IntegrityError), transaction.atomic():
        model.objects.filter(pk=row.pk).update(**wrong)


def test_two_periods_of_one_month_and_two_posts_of_one_account_are_refused_in_words(client, people):
    by = people["officer"]
    post = TeamPostFactory(assembly=people.assembly, holder=by)
    CapacityPeriodFactory(row=post)
    client.enter(people.ready(by))
    page = reverse("mission:people-line-add", args=[post.pk, "temps"])
    answer = client.post(page, MONTHS | {"starts_on": "2026-12", "ends_on": "2027-02"})
    assert (answer.status_code, "Une autre période dit déjà" in text_of(answer)) == (422, True)
    values = {"name": "Second", "capacity": "100", "starts_on": "2026-01", "holder": by.pk}
    answer = client.post(reverse("mission:people-new"), values)
    assert (answer.status_code, "a déjà un poste" in text_of(answer)) == (422, True)
    past_the_form = {"name": "Second", "capacity": 100, "starts_on": OCTOBER, "holder": by}
    with pytest.raises(ValidationError, match="a déjà un poste"):
        actions.create(PEOPLE, people.term, by=by, values=past_the_form)
    other = TeamPostFactory(assembly=people.assembly, holder=by, state="left")
    back = client.post(reverse("mission:people-step", args=[other.pk, "retour"]))
    assert (back.status_code, "a déjà un poste" in text_of(back)) == (422, True)


def test_too_much_is_saved_told_with_its_figure_and_waits_for_the_lead(client, people):
    this = timezone.localdate().replace(day=1)
    post = TeamPostFactory(assembly=people.assembly, name="Stagiaire", capacity=80, starts_on=this)
    other = TeamPostFactory(assembly=people.assembly, capacity=80, starts_on=this)
    for row, percent in ((post, 70), (other, 80)):
        AllocationFactory(row=row, percent=percent, starts_on=this, ends_on=rules.months_later(this, 2))
    client.enter(people.ready(people["lead"]))
    page = reverse("mission:people-line-add", args=[post.pk, "affectations"])
    month = {"starts_on": f"{this:%Y-%m}", "ends_on": f"{this:%Y-%m}"}
    answer = client.post(page, {"topic": "Plénière", "percent": "40"} | month, follow=True)
    assert (answer.status_code, "110 % de charge pour 80 % de temps de travail" in text_of(answer)) == (200, True)
    plan = text_of(client.get(reverse("mission:workload")))
    assert plan.count('class="state state-late state-bare">110 %') == 1
    assert (plan.count("state-warn state-bare"), "Plénière" in plan) == (3, True)

    def waiting(who):
        return [str(line.title) for line in todo_for(people[who], "desk", people.term).lines]

    assert [line for line in waiting("lead") if "Alléger" in line] == [
        line for line in waiting("lead") if "Stagiaire" in line
    ]
    assert not [line for line in waiting("officer") if "Alléger" in line]


@pytest.mark.parametrize("month", ["2026-10", "1999-01", "9999-12", "x", "2026-10-31"])
def test_the_plan_opens_at_any_month(client, people, month):
    AllocationFactory(row=TeamPostFactory(assembly=people.assembly))
    client.enter(people.ready(people["lead"]))
    assert client.get(reverse("mission:workload"), {"mois": month}).status_code == 200


def test_a_departure_ends_the_time_and_two_years_later_nobody_is_named(people):
    post = TeamPostFactory(assembly=people.assembly, holder=people["officer"], starts_on=date(2024, 1, 1))
    AllocationFactory(row=post)
    PEOPLE.workflow.transition(post, "leave", by=people["lead"])
    assert post.ends_on == timezone.localdate()
    rule = registry.retentions["mission.team_posts"]
    assert not rule.find(timezone.now())
    TeamPost.objects.filter(pk=post.pk).update(ends_on=date(2024, 6, 30))
    for due in rule.find(timezone.now()):
        rule.apply(due)
    post.refresh_from_db()
    assert (post.holder, post.allocations.count(), list(rule.find(timezone.now()))) == (None, 0, [])


def test_posts_and_plan_are_in_the_menu_once_a_lead_switches_them_on(people, client):
    browser = client.enter(people.ready(people["lead"]))
    addresses = [reverse("mission:people"), reverse("mission:workload")]

    def shown():
        """Posts are a line of the menu, the plan a tab beside trips."""
        page = browser.get(reverse("mission:trips")).content.decode()
        return [f'href="{address}"' in page for address in addresses]

    assert shown() == [True, True]
    Assembly.objects.update(plans_workload=False)
    assert shown() == [False, False]
    assert [browser.get(address).status_code for address in addresses] == [200, 200]
    settings = reverse("institution:settings")
    form = browser.get(settings).context["form"]
    assert browser.post(settings, {**form.initial, "plans_workload": "on"}).status_code == 302
    assert shown() == [True, True]


def test_posts_that_are_switched_off_remind_nobody(people, client):
    lead, first = people["lead"], timezone.localdate().replace(day=1)
    last = months_later(first, 1) - timedelta(days=1)
    post = TeamPostFactory(assembly=people.assembly, name="AMO", holder=lead, owner=lead, ends_on=last)
    CapacityPeriodFactory(row=post, percent=0, starts_on=first, ends_on=last)
    browser = client.enter(people.ready(lead))

    def reminders():
        month = browser.get(reverse("calendar:page"), {"periode": "mois"}).context["days"]
        return (
            [str(line.title) for line in dues_of(lead, people.term)],
            sorted({line.item.title for _day, lines in month for line in lines}),
        )

    ending = "Fin du poste : AMO"
    assert reminders() == ([ending], [ending, f"absence : {lead.get_full_name()}"])
    Assembly.objects.update(plans_workload=False)
    assert reminders() == ([], [])
