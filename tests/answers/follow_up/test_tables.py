"""What the database believes about follow-ups; the README tells the same steps and rights."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, connection, transaction
from django.utils import timezone

from answers.follow_up.workflow import FOLLOW_UP
from answers.models import FollowUp, FollowUpHearing, FollowUpState, Milestone, PhotoConsent, ProgressUpdate
from assembly.institution.models import Role
from tests.answers.stage import followed_by
from tests.consultations.desk import agent
from tests.factories.documents import UploadFactory
from tests.factories.follow_up import FollowUpFactory, MilestoneFactory, ProgressUpdateFactory
from tests.factories.institution import DirectorateFactory
from tests.tables import table

pytestmark = pytest.mark.django_db
S = FollowUpState
ROLES = ["lead", "officer", "facilitator", "member", "president", "sponsor", "dir_contact", "dir_approver"]
TODAY = timezone.localdate()


@pytest.mark.parametrize("state", FollowUpState)
def test_each_state_has_a_coherent_row(state):
    row = FollowUpFactory(state=state)
    row.full_clean()
    assert row.is_open == (state in {S.PLANNED, S.IN_PROGRESS, S.DELAYED})


LIES = {
    "open without a day": (S.PLANNED, {"update_due_on": None}),
    "open and ended": (S.DELAYED, {"ended_on": TODAY}),
    "done and open": (S.DONE, {"ended_on": None}),
    "done without a proof": (S.DONE, {"proved_by": None}),
    "done and still reported": (S.DONE, {"reported_at": timezone.now()}),
    "abandoned for nothing": (S.ABANDONED, {"reason": ""}),
    "unknown": (S.PLANNED, {"state": "forgotten"}),
}


@pytest.mark.parametrize("name", LIES)
def test_a_follow_up_refuses_what_its_state_denies(name):
    state, facts = LIES[name]
    row = FollowUpFactory(state=state)
    with pytest.raises(IntegrityError), transaction.atomic():
        FollowUp.objects.filter(pk=row.pk).update(**facts)


UPDATES = {
    "done without a proof": {"state": S.DONE},
    "nothing said": {"text": ""},
    "abandoned": {"state": S.ABANDONED},
    "a photo without words": {"photo": True, "consent": PhotoConsent.NOBODY},
    "a photo without consent": {"photo": True, "photo_description": "Un bus."},
    "a consent of no day": {"photo": True, "photo_description": "Un bus.", "consent": PhotoConsent.GIVEN},
    "a consent without a photo": {"consent": PhotoConsent.NOBODY},
    "withdrawn for nothing": {"withdrawn_at": timezone.now()},
}


@pytest.mark.parametrize("name", UPDATES)
def test_an_update_refuses_what_it_may_not_say(name):
    facts = dict(UPDATES[name])
    if facts.pop("photo", False):
        facts["photo"] = UploadFactory()
    with pytest.raises(IntegrityError), transaction.atomic():
        ProgressUpdateFactory(**facts)


def test_updates_and_milestones_are_never_rewritten():
    update, milestone = ProgressUpdateFactory(), MilestoneFactory()
    gone = {"withdrawn_at": timezone.now(), "withdrawn_by": update.by, "withdrawn_reason": "Un nom."}
    writes = [
        lambda: ProgressUpdate.objects.filter(pk=update.pk).update(text="Autre chose."),
        lambda: ProgressUpdate.objects.filter(pk=update.pk).update(text="Autre chose.", **gone),
        lambda: ProgressUpdate.objects.filter(pk=update.pk).delete(),
        lambda: Milestone.objects.filter(pk=milestone.pk).update(planned_on=TODAY),
        lambda: Milestone.objects.filter(pk=milestone.pk).delete(),
    ]
    for write in writes:
        with pytest.raises(IntegrityError, match="append-only"), transaction.atomic():
            write()
    for name in ("answers_progressupdate", "answers_milestone"):
        with pytest.raises(IntegrityError, match="append-only"), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(f"SET CONSTRAINTS ALL IMMEDIATE; TRUNCATE {name} CASCADE")
    assert ProgressUpdate.objects.filter(pk=update.pk).update(**gone) == 1
    with pytest.raises(IntegrityError, match="append-only"), transaction.atomic():
        ProgressUpdate.objects.filter(pk=update.pk).update(withdrawn_at=None, withdrawn_by=None, withdrawn_reason="")


def test_the_readme_tells_the_steps():
    rows = table("answers", "Follow-up")
    written = {(step_name, frozenset(sources.split(", ")), target) for step_name, sources, target in rows}
    assert written == {(step.name, step.sources, step.target or "–") for step in FOLLOW_UP.steps}


def test_the_readme_tells_the_rights(people):
    rows = [followed_by(people, state) for state in FollowUpState]
    rows.append(followed_by(people, S.IN_PROGRESS, reported_at=timezone.now()))
    FollowUpHearing.objects.create(follow_up=rows[0], service="Achats", question="Quand ?", asked_by=people["officer"])
    other = DirectorateFactory(assembly=people.assembly)
    users = [people[role] for role in ROLES]
    told = {what: cells for what, *cells in table("answers", "Rights on follow-ups")}
    for what, cells in told.items():
        offered = [any(FOLLOW_UP.abilities(user, row)[what] for row in rows) for user in users]
        assert [cell == "yes" for cell in cells] == offered, what
    assert set(told) == {step.name for step in FOLLOW_UP.steps}
    nobody = [*(people.elsewhere(role) for role in ROLES), agent(other), agent(other, Role.DIR_APPROVER)]
    assert not any(any(FOLLOW_UP.abilities(user, row).values()) for user in nobody for row in rows)


def test_a_due_day_follows_the_calendar(people):
    from answers.follow_up.rules import late_days, update_due

    term = people.term
    for on, months, due in [
        ("2026-11-30", 3, "2027-02-28"),
        ("2027-11-30", 3, "2028-02-29"),
        ("2026-07-25", 3, "2026-10-25"),
    ]:
        term.follow_up_months = months
        assert f"{update_due(TODAY.fromisoformat(on), term)}" == due
    row = followed_by(people, update_due_on=TODAY - timedelta(days=2))
    assert [late_days(row, TODAY + timedelta(days=n)) for n in (-3, -2, 0, 1)] == [0, 0, 2, 3]
