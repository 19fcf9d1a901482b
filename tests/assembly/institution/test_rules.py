"""Who holds which role where: one reading per user, nothing when suspended, nothing crosses assemblies."""

import pytest
from django.contrib.auth.models import AnonymousUser
from django.utils import timezone

from assembly.institution import queries, rules
from assembly.institution.models import Role, RoleAssignment
from tests.factories.institution import TermFactory

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("role", Role)
def test_only_the_team_is_team(role, people):
    user, term = people[role], people.term
    assert rules.is_team(user, term) is (role in {Role.LEAD, Role.OFFICER})
    assert rules.is_lead(user, term) is (role == Role.LEAD)
    assert rules.is_member(user, term) is (role == Role.MEMBER)
    assert rules.is_facilitator(user, term.pk) is (role == Role.FACILITATOR)
    assert rules.role_needs_second_factor(user) is (role != Role.MEMBER)


@pytest.mark.parametrize("role", Role)
def test_a_role_of_another_assembly_opens_nothing_here(role, people):
    stranger, here = people.elsewhere(role), people.term
    assert not rules.has_role(stranger, role, term=here)
    assert not rules.has_role(stranger, role, assembly=here.assembly)
    assert not rules.has_role(stranger, role, directorate=people.directorate)
    assert rules.has_role(stranger, role)


def test_roles_are_read_once(people, django_assert_num_queries):
    user, term = people["officer"], people.term
    with django_assert_num_queries(1):
        assert rules.is_team(user, term)
        rules.has_role(user, Role.LEAD)
        rules.term_ids(user, Role.OFFICER)


def test_a_suspended_user_and_an_anonymous_one_hold_nothing(people):
    user = people["lead"]
    user.is_active, user.suspended_at = False, timezone.now()
    assert rules.held_roles(user) == ()
    assert rules.held_roles(AnonymousUser()) == ()


def test_an_ended_role_is_history(people):
    user = people["officer"]
    RoleAssignment.objects.filter(user=user).update(ended_at=timezone.now())
    assert not rules.has_role(user, Role.OFFICER)


def test_terms_of_a_person_are_the_liveliest_first(people):
    closed = TermFactory(number=1, name="Première Assemblée", state="closed")
    assert queries.current_terms(people["officer"]) == [people.term]
    assert queries.current_terms(people["admin"]) == [people.term, closed]
    assert queries.current_terms(people["dir_contact"]) == [people.term, closed]
    assert queries.active_term(people.assembly) == people.term
