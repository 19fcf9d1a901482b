"""A compiled query gives what its queryset would, for each value, in each thread, and counts as one statement."""

from concurrent.futures import ThreadPoolExecutor

import pytest
from django.core.exceptions import ImproperlyConfigured
from django.db import connections

from assembly.identity.models import User
from assembly.institution.enums import Role
from assembly.institution.models import RoleAssignment
from assembly.institution.rules import roles_of
from assembly.ui.compiled_query import CompiledQuery
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


def test_what_has_other_parameters_than_its_values_is_refused_at_once(people):
    turned = CompiledQuery(lambda pk, email: User.objects.filter(pk=pk, email=email))
    with pytest.raises(ImproperlyConfigured):
        turned(people["lead"].pk, "a@example.org")  # Django sorts what one filter() is given
    hidden = CompiledQuery(lambda pk: User.objects.filter(email="b@example.org").filter(pk=pk))
    with pytest.raises(ImproperlyConfigured):
        hidden(people["lead"].pk)


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
