"""A compiled query gives what its queryset would, for each value, in each thread, and counts as one statement."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
import time_machine
from django.core.exceptions import ImproperlyConfigured
from django.db import connections
from django.utils import timezone

from assembly.identity.models import User
from assembly.institution.models import Role, RoleAssignment, Term
from assembly.institution.rules import roles_of
from assembly.speed.queries import CompiledQuery, pad_keys
from tests.factories.institution import DirectorateFactory, RoleAssignmentFactory

pytestmark = pytest.mark.django_db


def facts(row):
    return {name: value for name, value in vars(row).items() if not name.startswith("_")}


def test_the_rows_are_those_of_the_queryset_with_what_it_selects_and_defers(people, django_assert_num_queries):
    officer = people["officer"]
    RoleAssignmentFactory(
        user=officer,
        role=Role.DIR_CONTACT,
        assembly=people.assembly,
        term=None,
        directorate=DirectorateFactory(assembly=people.assembly),
    )
    wanted = list(
        RoleAssignment.objects.filter(user_id=officer.pk, ended_at=None)
        .select_related("term", "directorate", "assembly")
        .defer("assembly__logo_png")
        .order_by("pk")
    )
    with django_assert_num_queries(1):
        found = list(roles_of(officer.pk))
        places = [(role.term, role.directorate, role.assembly) for role in found]
    assert [facts(role) for role in found] == [facts(role) for role in wanted]
    assert places == [(role.term, role.directorate, role.assembly) for role in wanted]
    assert [role.assembly.get_deferred_fields() for role in found] == [{"logo_png"}] * 2
    assert not found[0]._state.adding
    assert found[0]._state.db == "default"


def test_other_values_give_other_rows(people):
    for who in ("lead", "member", "lead"):
        assert [role.role for role in roles_of(people[who].pk)] == [who]
    assert list(roles_of(people["stranger"].pk)) == []


def test_values_stand_where_django_puts_them_beside_what_is_always_the_same(people):
    lead = people["lead"]
    asked = CompiledQuery(lambda pk, email: User.objects.filter(pk=pk, email=email, is_active=True).values("pk"))
    assert list(asked(lead.pk, lead.email)) == [{"pk": lead.pk}]
    assert list(asked(lead.pk, "b@example.org")) == []


def test_lists_of_another_length_are_another_statement(people):
    some = CompiledQuery(lambda keys: User.objects.filter(pk__in=keys).order_by("pk").values_list("pk"))
    keys = sorted(people[who].pk for who in ("lead", "officer", "member"))
    for number in (2, 3, 0, 2):
        assert list(some(tuple(keys[:number]))) == [(key,) for key in keys[:number]]


def test_one_of_these_needs_few_statements_and_finds_each_once(people):
    query = CompiledQuery(lambda keys: Term.objects.filter(pk__in=keys).order_by("pk"))
    keys = [people.term.pk, *range(1_000, 1_040)]
    for number in range(1, 41):
        assert [term.pk for term in query(pad_keys(keys[:number]))] == [people.term.pk]
    assert len(query.compiled) == 7
    assert pad_keys([]) == ()


def test_now_and_today_are_those_of_each_run(people):
    people["lead"]
    before = {"created_at__lt": timezone.now, "created_at__date__lte": timezone.localdate}
    past = CompiledQuery(lambda: User.objects.filter(**{name: clock() for name, clock in before.items()}))
    with time_machine.travel(timezone.now() - timedelta(days=2)):
        assert list(past()) == []
    assert list(past()) == list(User.objects.order_by("-pk"))


REFUSED = {
    "a moment that was counted": lambda moment: User.objects.filter(created_at__lt=moment + timedelta(days=1)),
    "another day": lambda pk: User.objects.filter(pk=pk, created_at__date=timezone.localdate() - timedelta(days=1)),
    "a value that decides": lambda pk: User.objects.filter(pk=pk) if pk % 2 else User.objects.filter(pk__lt=pk),
    "a value that is left out": lambda pk: User.objects.all(),
    "a statement": lambda pk: User.objects.filter(pk__in=[user.pk for user in User.objects.filter(pk=pk)]),
    "a key that the column cannot hold": lambda pk: Term.objects.filter(notice_days=pk),
}


@pytest.mark.parametrize("what", REFUSED)
def test_what_cannot_be_the_same_for_all_values_is_refused_at_once(what):
    value = timezone.now() if what == "a moment that was counted" else 7
    with pytest.raises(ImproperlyConfigured):
        CompiledQuery(REFUSED[what])(value)


@pytest.mark.django_db(transaction=True)
def test_threads_that_ask_at_once_each_get_their_own(people):
    users = [people[who] for who in ("lead", "officer", "member", "facilitator")]

    def ask(user):
        try:
            return [next(roles_of(user.pk)).role for _ in range(50)]
        finally:
            connections.close_all()

    with ThreadPoolExecutor(4) as threads:
        found = list(threads.map(ask, users))
    assert found == [[who] * 50 for who in ("lead", "officer", "member", "facilitator")]
