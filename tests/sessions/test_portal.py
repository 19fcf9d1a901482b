import pytest
from django.utils import timezone

from assembly.institution import handover, todo
from sessions.models import Sitting
from tests.factories.sessions import InviteeFactory, SittingFactory, morning

pytestmark = pytest.mark.django_db


def lines(user, room, term, start):
    return [str(line.title) for line in todo.todo_for(user, room, term) if str(line.title).startswith(start)]


def test_the_team_reads_what_must_leave_and_what_nobody_closed(people):
    SittingFactory(title="Proche", starts_at=morning(10))
    SittingFactory(title="Lointaine", starts_at=morning(200))
    SittingFactory(title="Oubliée", notified=True, starts_at=morning(-3))
    assert lines(people["officer"], "desk", people.term, "Convoquer") == ["Convoquer : Proche"]
    assert lines(people["officer"], "desk", people.term, "Dire") == ["Dire si la séance s’est tenue : Oubliée"]
    assert lines(people["facilitator"], "desk", people.term, "Convoquer") == []


def test_a_member_is_asked_once(people):
    invitee = InviteeFactory(person=people["member"].person)
    (line,) = [x for x in todo.todo_for(people["member"], "member", people.term) if "Serez-vous là" in str(x.title)]
    assert [act.url.split("=")[1] for act in line.acts] == ["will_attend", "will_not"]
    invitee.reply, invitee.replied_at = "maybe", timezone.now()
    invitee.save()
    assert lines(people["member"], "member", people.term, "Serez-vous") == []


def test_files_pass_to_somebody_else(people):
    SittingFactory(officer=people["officer"])
    SittingFactory(officer=people["officer"], state="cancelled", reason="Neige")
    other = people.make("officer", people.term)
    counted = {files.key: count for files, count in handover.open_files(people["officer"], people.term)}
    assert counted["sittings"] == 1
    handover.move_all(people["officer"], other, people.term, people["lead"])
    assert Sitting.objects.get(state="planned").officer == other
