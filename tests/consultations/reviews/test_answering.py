"""What a directorate does: by state and role, with the journal, the editions and who is told."""

from itertools import product

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import IntegrityError, InternalError, connection, transaction

from assembly.audit.models import Entry
from assembly.files.fields import CheckedFile
from assembly.institution.actions import roles
from assembly.institution.models import Role
from assembly.web.errors import EditConflict
from assembly.workflow import StateConflict
from consultations.digest.models import DeskEventKind
from consultations.models import Delegation, DeskEvent, DirectorateReview, ReviewAttachment, ReviewEdition
from consultations.reviews.actions import answering
from consultations.reviews.models import EditionKind, ReviewKind, ReviewState
from tests import files
from tests.consultations.desk import GRID, agent, another, asked_of, in_days, written
from tests.factories.consultations import DelegationFactory, DirectorateReviewFactory
from tests.second_hand import during
from tests.undo import undone

pytestmark = pytest.mark.django_db
S = ReviewState
CLERKS = {"dir_contact", "dir_approver"}
ROLES = [*sorted(CLERKS), "officer", "lead", "facilitator", "president", "member", "stranger"]


ACTS = {
    "draft": (CLERKS, lambda r, by, to: answering.save(r, {**GRID, "summary": "Mieux."}, version=r.version, by=by)),
    "submit": (CLERKS, lambda r, by, to: answering.submit(r, version=r.version, by=by)),
    "validate": ({"dir_approver"}, lambda r, by, to: answering.validate(r, version=r.version, by=by)),
    "return": ({"dir_approver"}, lambda r, by, to: answering.send_back(r, reason="Le coût.", by=by)),
    "decline": (CLERKS, lambda r, by, to: answering.decline(r, reason="Pas nous.", by=by)),
    "pass_on": (CLERKS, lambda r, by, to: answering.pass_on(r, to, reason="Pour vous.", by=by)),
}
SAID = {
    "draft": "review.saved",
    "submit": "review.submitted",
    "validate": "review.validated",
    "return": "review.returned",
    "decline": "review.declined",
    "pass_on": "review.passed_on",
}
WRITING = {S.ASKED, S.DRAFTED, S.RETURNED, S.SUPPLEMENT}
MOVES = {
    "draft": (WRITING, S.DRAFTED),
    "submit": (WRITING - {S.ASKED}, S.SUBMITTED),
    "validate": ({S.SUBMITTED}, S.VALIDATED),
    "return": ({S.SUBMITTED}, S.RETURNED),
    "decline": (WRITING, S.DECLINED),
    "pass_on": (WRITING - {S.SUPPLEMENT}, S.PASSED_ON),
}
LATE = (StateConflict, EditConflict)


@pytest.mark.parametrize("state", ReviewState)
def test_steps_by_state_and_role(people, state):
    users = {role: people[role] for role in ROLES}
    review = written(asked_of(people, state))
    to, users["contact elsewhere"], users["approver elsewhere"] = another(people)
    rows = DirectorateReview.objects.select_related("referral", "directorate", "submitted_by").filter(pk=review.pk)
    around = ("referral.directorate_named", "distribution.requested")
    said = Entry.objects.exclude(event_type__in=around).values_list("event_type", flat=True)
    for verb, role in product(ACTS, users):
        allowed, act = ACTS[verb]
        sources, target = MOVES[verb]
        with undone(verb, state, role):
            if role in allowed and state in sources:
                act(rows.get(), users[role], to)
                assert (rows.get().state, set(said.all())) == (target, {SAID[verb]})
                continue
            with pytest.raises(LATE if role in allowed else PermissionDenied):
                act(rows.get(), users[role], to)
            after = rows.get()
            assert (after.state, after.summary, set(said.all())) == (state, GRID["summary"], set())


def test_a_saved_text_that_says_the_same_writes_nothing(people):
    review = written(asked_of(people, S.DRAFTED))
    same = answering.save(review, GRID, version=99, by=people["dir_contact"])
    assert (same.version, Entry.objects.count()) == (0, 0)


def test_a_late_save_after_the_visa_was_asked_is_kept_aside(people):
    review = written(asked_of(people, S.SUBMITTED))
    with pytest.raises(EditConflict) as kept:
        answering.save(review, {"summary": "Attendez."}, version=0, by=people["dir_contact"])
    assert (kept.value.is_closed, kept.value.typed["summary"]) == (True, "Attendez.")
    assert ReviewEdition.objects.get(kind=EditionKind.CONFLICT_COPY).content["summary"] == "Attendez."
    with pytest.raises(EditConflict):
        answering.save(review, {"summary": "Attendez."}, version=0, by=people["dir_contact"])
    assert ReviewEdition.objects.filter(kind=EditionKind.CONFLICT_COPY).count() == 1


def read_by(review):
    """Return what a page shows of the grid when it is rendered."""
    return answering.content_of(review)


def test_two_agents_in_two_fields_lose_nothing_and_meet_no_conflict(people):
    review = written(asked_of(people, S.DRAFTED))
    seen = read_by(review)
    answering.save(review, {**GRID, "legal": "Le code."}, bases=seen, version=0, by=people["dir_approver"])
    saved = answering.save(review, {**GRID, "summary": "Mieux."}, bases=seen, version=0, by=people["dir_contact"])
    assert (saved.legal, saved.summary, saved.version) == ("Le code.", "Mieux.", 2)
    assert not ReviewEdition.objects.exists()


def test_the_same_field_twice_is_a_conflict_of_that_field_alone(people):
    review = written(asked_of(people, S.DRAFTED))
    seen = read_by(review)
    theirs = {**GRID, "summary": "Le sien.", "legal": "Le code."}
    answering.save(review, theirs, bases=seen, version=0, by=people["dir_approver"])
    mine = {**GRID, "summary": "Le mien.", "experts": "M. Roux."}
    with pytest.raises(EditConflict) as kept:
        answering.save(review, mine, bases=seen, version=0, by=people["dir_contact"])
    review.refresh_from_db()
    assert (kept.value.typed, review.summary, review.experts) == (
        {"summary": "Le mien."},
        "Le sien.",
        GRID["experts"],
    )
    aside = ReviewEdition.objects.get(kind=EditionKind.CONFLICT_COPY).content
    assert (aside["summary"], aside["experts"], aside["legal"]) == ("Le mien.", "M. Roux.", "Le code.")
    # Read, and kept: the base of that field is now what the other wrote.
    seen = {**seen, "summary": "Le sien."}
    saved = answering.save(review, mine, bases=seen, version=review.version, by=people["dir_contact"])
    assert (saved.summary, saved.experts, saved.legal) == ("Le mien.", "M. Roux.", "Le code.")


def test_a_newer_version_does_not_hide_an_older_base(people):
    """A page learnt the version of a save in another field: the field that is typed in still has its own base."""
    review = written(asked_of(people, S.DRAFTED))
    seen = read_by(review)
    answering.save(review, {**GRID, "summary": "Le sien."}, bases=seen, version=0, by=people["dir_approver"])
    with pytest.raises(EditConflict):
        answering.save(review, {**GRID, "summary": "Le mien."}, bases=seen, version=1, by=people["dir_contact"])


def test_an_answer_after_the_date_is_taken_and_marked_late(people):
    review = written(asked_of(people, S.SUBMITTED, due_on=in_days(-3)))
    answering.validate(review, version=0, by=people["dir_approver"])
    assert (review.state, review.was_late) == (S.VALIDATED, True)


def test_an_answer_on_the_day_is_not_late(people):
    review = written(asked_of(people, S.SUBMITTED, due_on=in_days(0)))
    answering.validate(review, version=0, by=people["dir_approver"])
    assert review.was_late is False


def test_the_visa_tells_the_officer_and_keeps_what_was_given(people):
    review = written(asked_of(people, S.SUBMITTED))
    answering.validate(review, version=0, by=people["dir_approver"])
    edition = ReviewEdition.objects.get(kind=EditionKind.VALIDATED)
    assert edition.content == GRID
    assert DeskEvent.objects.get(kind=DeskEventKind.RECEIVED).user == people["officer"]


def test_editions_are_append_only(people):
    review = written(asked_of(people, S.DRAFTED))
    answering.submit(review, version=0, by=people["dir_contact"])
    for act in (lambda rows: rows.update(number=9), lambda rows: rows.delete()):
        with pytest.raises((IntegrityError, InternalError)), transaction.atomic():
            act(ReviewEdition.objects.all())
    with pytest.raises((IntegrityError, InternalError)), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("UPDATE consultations_reviewedition SET content = '{}'")


def test_missing_answers_stop_the_sending_and_admissibility_asks_for_less(people):
    review = written(asked_of(people, S.DRAFTED), feasibility="")
    with pytest.raises(ValidationError):
        answering.submit(review, version=0, by=people["dir_contact"])
    other = written(asked_of(people, S.DRAFTED, kind=ReviewKind.ADMISSIBILITY), feasibility="")
    answering.submit(other, version=0, by=people["dir_contact"])
    assert other.state == S.SUBMITTED


def test_passing_on_asks_the_other_directorate_and_gives_it_time(people):
    review = asked_of(people, due_on=in_days(-1), message="Dites-nous.")
    to, contact, _approver = another(people)
    other = answering.pass_on(review, to, reason="C’est pour vous.", by=people["dir_contact"])
    assert (other.directorate, other.message, review.passed_to) == (to, "Dites-nous.", other)
    assert other.due_on >= in_days(7)
    told = {event.user: event.kind for event in DeskEvent.objects.all()}
    assert told == {contact: DeskEventKind.ASKED, people["officer"]: DeskEventKind.DECLINED}


@pytest.mark.parametrize("case", ["itself", "closed", "elsewhere", "asked"])
def test_passing_on_to_nobody_is_refused(people, case):
    review = asked_of(people)
    to, _contact, _approver = another(people)
    if case == "itself":
        to = people.directorate
    elif case == "closed":
        to.closed_on = in_days(-1)
    elif case == "elsewhere":
        to = people.elsewhere("dir_contact").roles.get().directorate
    else:
        DirectorateReviewFactory(referral=review.referral, directorate=to)
    with pytest.raises(ValidationError):
        answering.pass_on(review, to, reason="C’est pour vous.", by=people["dir_contact"])
    review.refresh_from_db()
    assert review.state == S.ASKED


def test_a_delegate_gives_the_visa_in_the_name_of_the_approver(people):
    review = written(asked_of(people, S.SUBMITTED))
    answering.delegate(
        people.directorate,
        holder=people["dir_contact"],
        starts_on=in_days(0),
        ends_on=in_days(3),
        by=people["dir_approver"],
    )
    answering.validate(review, version=0, by=people["dir_contact"])
    assert (review.validated_by, review.validated_for) == (people["dir_contact"], people["dir_approver"])
    entry = Entry.objects.get(event_type="review.validated")
    assert (entry.actor, entry.on_behalf_of) == (people["dir_contact"].pseudonym, people["dir_approver"].pseudonym)


@pytest.mark.parametrize("who", ["dir_approver", "dir_contact"])
def test_a_delegation_does_not_come_back_with_who_left(people, who):
    """The giver or the holder left and was given the same role again: the delegation must be given again too."""
    review = written(asked_of(people, S.SUBMITTED))
    DelegationFactory(directorate=people.directorate, giver=people["dir_approver"], holder=people["dir_contact"])
    held = people[who].roles.get()
    roles.end(held, by=people["lead"])
    roles.give(people[who], held.role, by=people["lead"], term=people.term, directorate=people.directorate)
    with pytest.raises(PermissionDenied):
        answering.validate(review, version=0, by=people["dir_contact"])


@pytest.mark.parametrize("case", ["tomorrow", "yesterday", "ended", "other", "giver left", "holder left"])
def test_a_delegation_that_does_not_hold_gives_nothing(people, case):
    review = written(asked_of(people, S.SUBMITTED))
    giver, holder = people["dir_approver"], people["dir_contact"]
    to, _contact, _approver = another(people)
    facts = {
        "tomorrow": {"starts_on": in_days(1)},
        "yesterday": {"starts_on": in_days(-3), "ends_on": in_days(-1)},
        "ended": {"ended_at": review.asked_at},
        "other": {"directorate": to},
    }.get(case, {})
    DelegationFactory(**{"directorate": people.directorate, "giver": giver, "holder": holder, **facts})
    if case == "giver left":
        giver.roles.update(ended_at=review.asked_at)
    if case == "holder left":
        holder.roles.update(ended_at=review.asked_at)
    with pytest.raises(PermissionDenied):
        answering.validate(review, version=0, by=holder)


def test_nobody_without_a_role_there_holds_a_delegation(people):
    _place, outsider, _approver = another(people)
    dates = {"starts_on": in_days(0), "ends_on": in_days(3)}
    for holder in (outsider, people["officer"], people["dir_approver"]):
        with pytest.raises(ValidationError):
            answering.delegate(people.directorate, holder=holder, **dates, by=people["dir_approver"])
    for by in (people["dir_contact"], people["lead"], outsider):
        with pytest.raises(PermissionDenied):
            answering.delegate(people.directorate, holder=people["dir_contact"], **dates, by=by)
    assert not Delegation.objects.exists()


def test_a_delegation_ends_when_an_approver_says_so(people):
    delegation = DelegationFactory(
        directorate=people.directorate, giver=people["dir_approver"], holder=people["dir_contact"]
    )
    with pytest.raises(PermissionDenied):
        answering.end_delegation(delegation, by=people["dir_contact"])
    answering.end_delegation(delegation, by=agent(people.directorate, Role.DIR_APPROVER))
    delegation.refresh_from_db()
    assert delegation.is_over


@pytest.mark.django_db(transaction=True)
def test_a_file_that_comes_while_the_answer_is_submitted_is_refused(people):
    review, contact = written(asked_of(people, S.DRAFTED)), people["dir_contact"]

    def again(row):
        return DirectorateReview.objects.select_related("referral__term", "directorate").get(pk=row.pk)

    file = CheckedFile("couts.pdf", "application/pdf", files.pdf("Les coûts."))
    refusal = during(
        lambda: answering.submit(again(review), version=review.version, by=contact),
        lambda: answering.add_file(again(review), file, title="Coûts", by=contact),
    )
    assert (type(refusal), ReviewAttachment.objects.count()) == (PermissionDenied, 0)
