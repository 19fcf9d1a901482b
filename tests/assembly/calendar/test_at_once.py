"""Somebody leaves the team while they renew its secret address: they never know the one that works afterwards."""

import pytest
from django.core.exceptions import PermissionDenied

from assembly.calendar.actions import renew_team_address
from assembly.calendar.models import TeamCalendar
from assembly.identity.actions import suspend
from assembly.identity.models import User
from assembly.institution.actions.roles import end
from assembly.institution.models import RoleAssignment
from tests.mission.rooms.test_at_once import both

pytestmark = pytest.mark.django_db(transaction=True)


def ways_to_leave(people):
    role = RoleAssignment.objects.get(user=people["officer"])
    return {
        "end": lambda: end(role, by=people["lead"]),
        "suspend": lambda: suspend(people["officer"], by=people["lead"]),
    }


@pytest.mark.parametrize("way", ["end", "suspend"])
def test_who_has_left_renews_nothing(people, way):
    leave, officer = ways_to_leave(people)[way], User.objects.get(pk=people["officer"].pk)
    renew_team_address(people.term, by=people["lead"])
    with pytest.raises(PermissionDenied):
        both(leave, lambda: renew_team_address(people.term, by=officer))
    assert TeamCalendar.objects.get().version == 2  # renewed for whoever stays


@pytest.mark.parametrize("way", ["end", "suspend"])
def test_what_who_leaves_renewed_just_before_is_renewed_again(people, way):
    leave, officer = ways_to_leave(people)[way], User.objects.get(pk=people["officer"].pk)
    both(lambda: renew_team_address(people.term, by=officer), leave)
    assert TeamCalendar.objects.get().version == 2
