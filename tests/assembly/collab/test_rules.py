"""Who may what in a text, by right and by state; a suspended account may nothing."""

import pytest
from django.contrib.auth.models import AnonymousUser
from django.utils import timezone

from assembly.collab import registry, rules
from assembly.collab.actions import threads
from assembly.collab.engine.admission import role_in
from assembly.collab.models import TextRight, TextState
from assembly.identity.models import User
from assembly.institution.models import Role
from assembly.institution.rules import invalidate_roles
from tests.factories.institution import RoleAssignmentFactory

pytestmark = pytest.mark.django_db
R, S = TextRight, TextState
CEILING = {S.OPEN: R.WRITE, S.ANNOTATING: R.COMMENT, S.FROZEN: R.READ}


@pytest.mark.parametrize("state", S)
@pytest.mark.parametrize("right", R)
def test_what_is_left_of_a_right_in_each_state(new_text, someone, state, right):
    text, user = new_text("Un"), someone(right)
    text.state = state
    held = min(right, CEILING[state])
    assert rules.right(user, text) == held
    assert rules.can_read(user, text) is (right >= R.READ)
    assert rules.can_comment(user, text) is (held >= R.COMMENT)
    assert rules.can_suggest(user, text) is (held >= R.SUGGEST)
    assert rules.can_write(user, text) is rules.can_decide_suggestion(user, text) is (held == R.WRITE)
    assert rules.can_take_version(user, text) is (right == R.WRITE)
    assert rules.can_see_authors(user, text) is (right >= R.COMMENT)


def test_suspended_and_anonymous_may_nothing(new_text, someone, rights):
    text, user = new_text("Un"), someone()
    User.objects.filter(pk=user.pk).update(is_active=False, suspended_at=timezone.now())
    assert rules.right(user, text) == rules.right(AnonymousUser(), text) == R.NONE


def test_a_kind_that_nobody_registered_opens_to_nobody(new_text, someone, monkeypatch):
    text, user = new_text("Un"), someone()
    monkeypatch.delitem(registry.kinds, text.kind)
    assert rules.right(user, text) == R.NONE


def test_rights_are_two_questions_whatever_the_number(new_text, someone, rights, django_assert_num_queries):
    found, users = [new_text("Un") for _one in range(3)], [someone() for _one in range(3)]
    rights.asked = 0
    with django_assert_num_queries(1):
        assert len(registry.rights(found, [user.pk for user in users])) == 9
    assert rights.asked == 1


def test_threads_are_treated_by_those_whom_they_concern(new_text, someone, assignees):
    text = new_text("Un")
    opener, holder, writer, other = someone(R.COMMENT), someone(R.COMMENT), someone(), someone(R.SUGGEST)
    thread = threads.open_thread(text, body="Oui", by=opener)
    assignees.of(writer, people=[holder])
    assert [rules.can_assign(user, thread) for user in (opener, holder, writer, other)] == [False, False, True, False]
    threads.assign(thread, holder, by=writer)
    assert [rules.can_resolve(user, thread) for user in (opener, holder, writer, other)] == [True, True, True, False]
    comment = thread.comments.get()
    assert [rules.can_withdraw_comment(user, comment) for user in (opener, writer)] == [True, False]
    threads.resolve(thread, by=holder)
    assert not rules.can_resolve(opener, thread)
    assert rules.can_reopen(other, thread)
    assert not rules.can_reply(opener, thread)
    assert not rules.can_assign(writer, thread)


def test_people_are_shown_by_their_first_role_and_agents_by_their_directorate(new_text, people):
    text = new_text("Un")
    agent, member, stranger = people["dir_contact"], people["member"], people.elsewhere("member")
    assert role_in(agent, text) == people.directorate.name
    assert (role_in(member, text), role_in(stranger, text)) == ("membre", "")
    RoleAssignmentFactory(user=member, role=Role.LEAD)
    invalidate_roles(member)
    assert role_in(member, text) == "responsable de la mission"
