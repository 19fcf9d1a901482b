"""Two colleagues at the same moment, each with their own connection."""

import pytest
from django.utils import timezone

from assembly.institution.actions import roles
from assembly.tasks import actions
from assembly.tasks.models import Task
from assembly.tasks.workflow import TASK
from assembly.workflow import StateConflict
from tests.opinions.test_at_once import together

pytestmark = pytest.mark.django_db(transaction=True)


def refused(act):
    """Return 1 where somebody else was first, else 0."""
    try:
        act()
    except StateConflict:
        return 1
    return 0


def step_of(task, name, user):
    return lambda: refused(lambda: TASK.transition(Task.objects.get(pk=task.pk), name, by=user))


def test_one_of_two_takes_a_task(people):
    task, both = Task.objects.create(term=people.term, text="Payer"), [people["officer"], people["lead"]]
    assert sorted(together(*(step_of(task, "take", user) for user in both))) == [0, 1]
    task.refresh_from_db()
    assert task.owner in [user.person for user in both]


def test_done_by_two_makes_one_next_task(people):
    today = timezone.localdate()
    task = Task.objects.create(term=people.term, text="Payer", due_on=today, repeat="weekly", starts_on=today)
    both = [people["officer"], people["lead"]]
    assert sorted(together(*(step_of(task, "finish", user) for user in both))) == [0, 1]
    assert Task.objects.filter(follows=task).count() == 1


def test_a_task_is_not_left_with_somebody_who_leaves_at_that_moment(people):
    task, leaver, lead = Task.objects.create(term=people.term, text="Payer"), people["officer"], people["lead"]
    role = leaver.roles.get()

    def hand_over():
        try:
            actions.hand_over(Task.objects.get(pk=task.pk), owner=leaver.person, by=lead)
        except Exception as fault:
            return type(fault).__name__
        return "given"

    given, _ended = together(hand_over, lambda: roles.end(role, by=lead))
    task.refresh_from_db()
    assert given in ("given", "ValidationError")
    assert task.owner is None
