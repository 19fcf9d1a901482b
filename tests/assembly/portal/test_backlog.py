"""Of what waits only the first lines are read and worded, however many wait; the numbers are those of all."""

from datetime import timedelta

import pytest
from django.db.models.functions import TruncDate
from django.urls import reverse
from django.utils import timezone

from answers.models import AnswerCaseState
from assembly.institution import todo
from assembly.notifications.models import DeliveryState
from consultations.models import ReferralState
from consultations.referrals.contributions import DESK
from mission.registers.mails import due_lists
from sessions.models import Sitting
from tests.answers.stage import answered_by
from tests.factories.answers import AnswerCaseFactory
from tests.factories.consultations import DirectorateReviewFactory, ReferralFactory
from tests.factories.mission import PartnerFactory
from tests.factories.notifications import DeliveryFactory
from tests.factories.opinions import OpinionFactory
from tests.factories.sessions import InviteeFactory, SittingFactory, morning

pytestmark = pytest.mark.django_db
LATE = timezone.localdate() - timedelta(days=3)
READERS = {"lead": "desk", "member": "member", "dir_contact": "directorate", "president": "directorate"}


def everything(people, number):
    """Make one pending item of each kind for each reader, late and to come."""
    term = people.term
    for _ in range(number):
        SittingFactory(term=term, starts_at=morning(10))
        past = SittingFactory(term=term, notified=True, starts_at=morning(-3))
        coming = SittingFactory(term=term, notified=True, starts_at=morning(20))
        InviteeFactory(sitting=past, person=people["member"].person)
        InviteeFactory(sitting=coming, person=people["member"].person)
        working = ReferralFactory(term=term, working=True, due_on=LATE)
        ReferralFactory(term=term, issued=True)
        ReferralFactory(term=term, state=ReferralState.INTERNAL_REVIEW)
        DirectorateReviewFactory(referral=working, directorate=people.directorate, due_on=LATE)
        DirectorateReviewFactory(referral__term=term, directorate=people.directorate)
        OpinionFactory(term=term, referral__term=term, state="adopted", adopted_on=LATE)
        DeliveryFactory(distribution__term=term, state=DeliveryState.TO_CHECK, next_attempt_at=None)
        AnswerCaseFactory(recommendation__opinion__term=term)
        answered_by(people, AnswerCaseState.ASSIGNED, opened_on=LATE, due_on=LATE)


def late_partner(people, name):
    PartnerFactory(assembly=people.assembly, owner=people["lead"], name=name, due_on=LATE)


def late_referral(people, title):
    ReferralFactory(term=people.term, working=True, due_on=LATE, title=title)


@pytest.fixture
def worded(monkeypatch):
    """Record the lines that are formatted, displayed or not."""
    made = []

    class Counted(todo.ToDo):
        def __init__(self, *args, **fields):
            made.append(self)
            super().__init__(*args, **fields)

    monkeypatch.setattr(todo, "ToDo", Counted)
    return made


@pytest.mark.parametrize("who", READERS)
def test_no_more_lines_are_worded_where_more_wait(who, people, worded):
    found = {}
    for number in (3, 6):
        everything(people, 3)
        worded.clear()
        waiting = todo.todo_for(people[who], READERS[who], people.term, most=2)
        found[number] = (len(worded), len(waiting.lines), waiting.count)
    assert found[6][:2] == found[3][:2]
    assert found[6][2] > found[3][2] > found[3][1]


@pytest.mark.parametrize("who", READERS)
def test_the_numbers_are_those_of_all_and_the_first_are_the_most_pressing(who, people):
    everything(people, 3)
    some = todo.todo_for(people[who], READERS[who], people.term, most=2)
    every = todo.todo_for(people[who], READERS[who], people.term)
    assert (some.late_count, some.coming_count) == (len(every.late), len(every.coming))
    assert [line.due_on for line in some.lines] == [line.due_on for line in [*every.late[:2], *every.coming[:2]]]
    assert (every.hidden, some.hidden) == (0, every.count - len(some.lines))
    days = [line.due_on for line in every.coming if line.due_on]
    assert days == sorted(days)
    assert [line.due_on is None for line in every.coming] == sorted(line.due_on is None for line in every.coming)


def test_of_several_lists_what_cannot_be_shown_is_not_worded(people):
    """Two lines of each list could be; of the four days to come the third and fourth come after the second."""
    made = []

    def of_a_list(kind):
        def line(row):
            made.append(row["title"])
            return todo.ToDo(row["title"], "/")

        return todo.PendingRows(
            lambda user, term: Sitting.objects.filter(term=term, title__startswith=kind),
            {"title": "title"},
            line,
            due=lambda: TruncDate("starts_at"),
        )

    for title, days in (
        ("a6", 6),
        ("a8", 8),
        ("a9", 9),
        ("b5", 5),
        ("b6", 6),
        ("b7", 7),
        ("a past", -3),
        ("b past", -2),
    ):
        SittingFactory(term=people.term, title=title, starts_at=morning(days))
    found = todo.PendingLists(of_a_list("a"), of_a_list("b")).backlog(people["lead"], people.term, most=2)
    assert sorted(made) == ["a past", "a6", "b past", "b5", "b6"]
    merged = todo.merged_backlogs([found], most=2)
    assert [line.title for line in merged.lines] == ["a past", "b past", "b5", "a6"]
    assert (merged.late_count, merged.coming_count) == (2, 6)


def test_a_line_is_late_from_the_day_after(people):
    rows = todo.PendingRows(
        lambda user, term: Sitting.objects.filter(term=term),
        {"title": "title"},
        lambda row: todo.ToDo(row["title"], "/"),
        due=lambda: todo.DaysFrom(TruncDate("starts_at"), "term__notice_days", sign="-"),
    )
    notice = people.term.notice_days
    for name, days in (("hier", -1), ("aujourd’hui", 0), ("demain", 1)):
        SittingFactory(term=people.term, title=name, starts_at=morning(notice + days))
    found = todo.PendingLists(rows).backlog(people["lead"], people.term, most=20)
    assert ([line.title for line in found.late], [line.title for line in found.coming]) == (
        ["hier"],
        ["aujourd’hui", "demain"],
    )
    assert found.late[0].due_on == timezone.localdate() - timedelta(days=1)


def test_of_one_day_lines_stand_as_people_sort_them(people):
    names = ["eaux", "Élan", "Zone", "d’Arc"]
    lines = [todo.ToDo(name, "/", due_on=LATE) for name in names]
    assert [line.title for line in todo.most_urgent(lines, 3)] == ["d’Arc", "eaux", "Élan"]


@pytest.mark.parametrize(("make", "lists"), [(late_partner, due_lists()), (late_referral, DESK)])
def test_of_one_day_those_are_shown_that_come_first_as_people_sort_them(make, lists, people):
    """However late they were written: « Élan » was the last of 24."""
    for number in range(22, 0, -1):
        make(people, f"Zone {number:02}")
    for name in ("d’Arc", "Élan"):
        make(people, name)
    some = todo.backlog_of([lists], people["lead"], people.term, most=20)
    shown = [str(line.title).split(" : ")[-1].removeprefix("Relancer ") for line in some.late]
    assert shown == ["d’Arc", "Élan", *(f"Zone {number:02}" for number in range(1, 19))]
    assert some.hidden_late == 4


def test_the_page_tells_how_many_more_there_are(people, signed_in):
    for number in range(22):
        ReferralFactory(term=people.term, issued=True, title=f"Saisine {number:02}")
    browser = signed_in("lead")
    shown, whole = (browser.get(url).text for url in (reverse("portal:desk-home"), reverse("tasks:home")))
    assert "22 à venir." in shown
    assert "18 autres choses à faire" in " ".join(shown.split())  # with the figures that are late
    assert (shown.count('<h3><a href="/bureau/saisines/'), whole.count('<h3><a href="/bureau/saisines/')) == (4, 22)
