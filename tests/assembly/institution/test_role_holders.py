import pytest

from assembly.institution.models import Role
from assembly.institution.queries import people_who_may
from assembly.institution.rules import directorates_of
from assembly.workflow import Permission
from tests.factories.consultations import ReferralFactory
from tests.factories.institution import DirectorateFactory, RoleAssignmentFactory

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("count", [1, 12])
def test_whoever_may_act_is_found_in_two_statements_whatever_their_number(count, people, django_assert_num_queries):
    """Agents, the chain of directorates, members: the pages of dossiers name them all."""
    closed = DirectorateFactory(assembly=people.assembly, name="Ancienne direction")
    directorate = DirectorateFactory(assembly=people.assembly)
    type(closed).objects.filter(pk=closed.pk).update(successor=directorate, closed_on="2026-01-05")
    roles = [
        RoleAssignmentFactory(role=Role.DIR_CONTACT, directorate=directorate, assembly=people.assembly, term=None)
        for _ in range(count)
    ]
    row, reader, term = ReferralFactory(term=people.term), people["officer"], people.term
    of_closed = Permission(lambda user, row: closed.pk in directorates_of(user), "ses agents")
    directorates_of(reader)
    with django_assert_num_queries(2):
        found = people_who_may(reader, row, [of_closed], assembly=term.assembly_id, term=term.pk)
    assert {user.pk for user in found.people} == {role.user_id for role in roles}
