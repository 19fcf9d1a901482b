"""The way of a follow-up: opened with the answer, told, its milestones corrected, closed by the lead on a proof."""

from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.utils import timezone

from answers.cases.actions import deciding
from answers.cases.enums import AnswerCaseState, AnswerValue
from answers.follow_up import actions as follow_up
from answers.follow_up.queries import follow_up_summaries
from answers.follow_up.rules import MilestoneContent, UpdateContent, update_due
from answers.models import Answer, FollowUp, FollowUpState, Milestone, PhotoConsent, ProgressUpdate
from assembly.audit.models import Entry
from assembly.institution.actions import directorates
from assembly.institution.models import Term, TermState
from assembly.notifications.models import Distribution
from assembly.workflow import StateConflict
from consultations.digest.queries import is_obsolete
from consultations.models import DeskEvent
from tests.answers.stage import answered_by, followed_by, fresh
from tests.consultations.desk import agent
from tests.factories.answers import AnswerFactory, said
from tests.factories.documents import UploadFactory
from tests.factories.follow_up import MilestoneFactory
from tests.factories.institution import DirectorateFactory

pytestmark = pytest.mark.django_db
S, V = FollowUpState, AnswerValue
TODAY = timezone.localdate()


def again(row):
    return FollowUp.objects.with_dossier().get(pk=row.pk)


def proof(**more):
    return {"state": S.DONE, "text": "Le bus roule.", "link": "https://www.haute-garonne.fr/bus", **more}


def tell(row, people, who="dir_contact", seen=0, **said_words):
    words = {"state": row.state, "text": "Le bus est commandé.", **said_words}
    return follow_up.publish_update(row, UpdateContent(**words), seen=seen, by=people[who])


@pytest.mark.parametrize("value", AnswerValue)
def test_a_published_answer_that_promises_is_followed_up(value, people):
    case = answered_by(people, AnswerCaseState.DECIDED, value=value)
    Answer.objects.filter(case=case).update(service="Mobilités", budget_line="Bus, 190 000 €")
    deciding.publish(case, by=people["lead"])
    found = list(FollowUp.objects.filter(case=case))
    promises = value in {V.ACCEPTED, V.ACCEPTED_IN_PART, V.UNDER_STUDY, V.PASSED_ON}
    assert bool(found) == promises
    if promises:
        due = update_due(TODAY, people.term)
        told = (found[0].state, found[0].directorate, found[0].service, found[0].update_due_on)
        assert told == (S.PLANNED, people.directorate, "Mobilités", due)
        assert Entry.objects.filter(event_type="follow_up.opened", subject_id=str(found[0].pk)).count() == 1


def revise_to(case, value, people):
    deciding.revise(fresh(case), reason="Le Conseil a changé d’avis.", by=people["lead"])
    draft = Answer.objects.in_hand().filter(case=case)
    decided = {"source": "visa", "decided_on": TODAY, "decided_by": people["president"], "is_sent": True}
    draft.update(**said(value), **decided)
    type(case).objects.filter(pk=case.pk).update(
        state="decided",
        submitted_at=timezone.now(),
        submitted_by=people["dir_contact"],
        validated_at=timezone.now(),
        validated_by=people["dir_approver"],
    )
    deciding.publish(fresh(case), by=people["lead"])


def test_a_revision_keeps_the_follow_up_and_a_refusal_ends_it(people):
    row = followed_by(people, S.IN_PROGRESS)
    revise_to(row.case, V.ACCEPTED_IN_PART, people)
    assert again(row).state == S.IN_PROGRESS
    revise_to(row.case, V.REJECTED, people)
    row = again(row)
    assert (row.state, row.ended_on, "refusée" in row.reason) == (S.ABANDONED, TODAY, True)
    revise_to(row.case, V.ACCEPTED, people)
    row = again(row)
    assert (row.state, row.ended_on, row.reason) == (S.IN_PROGRESS, None, "")
    assert FollowUp.objects.count() == 1


@pytest.mark.parametrize(
    ("before", "said_state", "after", "verb"),
    [
        (S.PLANNED, S.PLANNED, S.PLANNED, "updated"),
        (S.PLANNED, S.IN_PROGRESS, S.IN_PROGRESS, "started"),
        (S.PLANNED, S.DELAYED, S.DELAYED, "delayed"),
        (S.DELAYED, S.IN_PROGRESS, S.IN_PROGRESS, "started"),
        (S.IN_PROGRESS, S.IN_PROGRESS, S.IN_PROGRESS, "updated"),
        (S.IN_PROGRESS, S.DONE, S.IN_PROGRESS, "reported_done"),
    ],
)
def test_an_update_says_the_state_and_makes_the_next_one_due(before, said_state, after, verb, people):
    row = followed_by(people, before, update_due_on=TODAY - timedelta(days=3))
    tell(row, people, state=said_state, link="https://www.haute-garonne.fr/bus")
    row = again(row)
    update = row.updates.get()
    assert (row.state, row.update_due_on, row.reported_at is not None) == (
        after,
        update_due(TODAY, people.term),
        said_state == S.DONE,
    )
    assert (update.number, update.state, update.directorate, update.by) == (
        1,
        said_state,
        people.directorate,
        people["dir_contact"],
    )
    entry = Entry.objects.get(event_type=f"follow_up.{verb}")
    assert (entry.subject_id, entry.facts["update"]) == (str(row.pk), 1)


def test_what_began_has_begun_and_strangers_say_nothing(people):
    row = followed_by(people, S.IN_PROGRESS)
    for state in (S.PLANNED, S.ABANDONED, "done ", "", "x" * 400):
        with pytest.raises(ValidationError):
            tell(row, people, state=state)
    others = [agent(DirectorateFactory(assembly=people.assembly)), people["member"], people["sponsor"]]
    for user in [*others, people.elsewhere("lead"), people.elsewhere("dir_contact")]:
        with pytest.raises(PermissionDenied):
            follow_up.publish_update(row, UpdateContent(state=S.IN_PROGRESS, text="Oui."), seen=0, by=user)
    with pytest.raises(ValidationError):
        tell(row, people, text=" \n ")
    with pytest.raises(ValidationError):
        tell(row, people, text="Un \x00 nul et un \ue000 privé")
    assert not ProgressUpdate.objects.exists()
    tell(row, people, who="officer")
    assert row.updates.get().directorate is None  # the team noted it
    with pytest.raises(StateConflict):
        tell(followed_by(people, S.DONE), people, state=S.IN_PROGRESS, seen=1)


def test_two_hands_do_not_say_two_things(people):
    row = followed_by(people)
    tell(row, people)
    with pytest.raises(ValidationError) as refused:
        tell(again(row), people, seen=0)
    assert refused.value.code == "changed"
    # closed and opened again since it was read: « à commencer » is no longer so
    follow_up.FOLLOW_UP.transition(row, "abandon", by=people["lead"], reason="Le terrain est vendu.")
    follow_up.FOLLOW_UP.transition(row, "reopen", by=people["lead"], reason="Un autre terrain.")
    stale = again(row)
    stale.state = S.PLANNED
    with pytest.raises(ValidationError) as refused:
        follow_up.publish_update(stale, UpdateContent(state=S.PLANNED, text="Rien."), seen=1, by=people["dir_contact"])
    assert refused.value.code == "changed"
    assert row.updates.count() == 1


def test_a_photo_says_what_it_shows_and_who_agreed(people):
    row = followed_by(people)
    photo = UploadFactory()
    for missing, code in [
        ({}, "photo_description"),
        ({"photo_description": "Le bus."}, "consent"),
        ({"photo_description": "Le bus.", "consent": "given"}, "consent_on"),
        ({"photo_description": "Le bus.", "consent": "given", "consent_on": TODAY + timedelta(days=1)}, "consent_on"),
    ]:
        with pytest.raises(ValidationError) as refused:
            tell(row, people, photo=photo, **missing)
        assert refused.value.code == code
    with pytest.raises(ValidationError) as refused:
        tell(row, people, state=S.DONE)
    assert refused.value.code == "document"
    told = {"photo_description": "Le bus.", "consent": PhotoConsent.NOBODY, "consent_on": TODAY}
    tell(row, people, photo=photo, **told)
    update = row.updates.get()
    assert (update.consent, update.consent_on, update.by) == (PhotoConsent.NOBODY, None, people["dir_contact"])
    tell(again(row), people, seen=1, photo_description="Sans photo.", consent="given", consent_on=TODAY)
    assert row.updates.get(number=2).photo_description == ""


def test_the_lead_closes_on_a_proof_and_nobody_else(people):
    row = followed_by(people, S.IN_PROGRESS)
    with pytest.raises(ValidationError) as refused:
        follow_up.close_as_done(row, by=people["lead"])
    assert refused.value.code == "proof"
    tell(row, people, **proof())
    for who in ("officer", "dir_contact", "dir_approver", "president"):
        with pytest.raises(PermissionDenied):
            follow_up.close_as_done(again(row), by=people[who])
    follow_up.dispute(again(row), reason="La photo montre un autre bus.", by=people["lead"])
    assert again(row).reported_at is None
    mail = Distribution.objects.get(kind="follow-up-disputed")
    assert [one.person for one in mail.deliveries.all()] == [people["dir_contact"].person]
    tell(again(row), people, seen=1, **proof())
    follow_up.close_as_done(again(row), by=people["lead"])
    row = again(row)
    assert (row.state, row.proved_by.number, row.ended_on, row.update_due_on) == (S.DONE, 2, TODAY, None)
    with pytest.raises(ValidationError):  # what proves it stays
        follow_up.withdraw(row, 2, reason="Une erreur.", by=people["officer"])
    follow_up.FOLLOW_UP.transition(row, "reopen", by=people["lead"], reason="Le bus est en panne.")
    row = again(row)
    assert (row.state, row.proved_by, row.ended_on) == (S.IN_PROGRESS, None, None)
    with pytest.raises(ValidationError):
        follow_up.close_as_done(row, by=people["lead"])  # a former proof is not enough


def test_a_withdrawn_update_is_nobodys_proof(people):
    row = followed_by(people, S.IN_PROGRESS)
    tell(row, people, **proof())
    with pytest.raises(PermissionDenied):
        follow_up.withdraw(again(row), 1, reason="Un nom.", by=people["dir_contact"])
    with pytest.raises(ValidationError):
        follow_up.withdraw(again(row), 1, reason="  ", by=people["officer"])
    follow_up.withdraw(again(row), 1, reason="Un nom y est écrit.", by=people["officer"])
    row = again(row)
    assert row.reported_at is None
    told = follow_up_summaries([row.case])[row.case_id]
    assert (told.latest, [one.number for one in told.earlier]) == (None, [1])
    with pytest.raises(ValidationError):
        follow_up.withdraw(row, 1, reason="Encore.", by=people["officer"])


def correction(one, **changes):
    names = ("number", "version", "label", "planned_on", "reached_on", "is_dropped")
    return MilestoneContent(**{name: getattr(one, name) for name in names} | changes)


def change(row, people, one, reason):
    return follow_up.change_milestones(again(row), [one], reason=reason, by=people["dir_contact"])


def test_milestones_are_corrected_and_never_rewritten(people):
    row, day = followed_by(people), TODAY + timedelta(days=30)
    tell(row, people, added=("Le bus part", day))
    first = row.milestones.get()
    later = day + timedelta(days=60)
    with pytest.raises(ValidationError) as refused:
        follow_up.change_milestones(
            again(row), [correction(first, planned_on=later)], reason=" ", by=people["dir_contact"]
        )
    assert refused.value.code == "reason"
    with pytest.raises(ValidationError) as refused:
        change(row, people, correction(first), "Rien.")
    assert refused.value.code == "unchanged"
    changed = [correction(first, planned_on=later)]
    assert (
        follow_up.change_milestones(again(row), changed, reason="Le bus est en retard.", by=people["dir_contact"]) == 1
    )
    with pytest.raises(ValidationError) as refused:  # read before the change
        change(row, people, *changed, "Le bus est en retard.")
    assert refused.value.code == "changed"
    told = follow_up_summaries([row.case])[row.case_id].milestones[0]
    assert (told.standing.planned_on, told.first_planned_on, told.reason) == (later, day, "Le bus est en retard.")
    tell(again(row), people, seen=1, reached={1: TODAY})
    standing = follow_up_summaries([row.case])[row.case_id].milestones[0].standing
    assert (standing.version, standing.reached_on, standing.planned_on) == (3, TODAY, later)
    for wrong in ({1: TODAY}, {9: TODAY}):  # reached already, and one that is not
        with pytest.raises(ValidationError):
            tell(again(row), people, seen=2, reached=wrong)
    with pytest.raises(ValidationError):
        follow_up.change_milestones(
            again(row), [correction(standing, is_dropped=True)], reason="Non.", by=people["dir_contact"]
        )
    with pytest.raises(ValidationError):
        tell(again(row), people, seen=2, added=("Un siècle", TODAY.replace(year=TODAY.year + 80)))
    assert (row.updates.count(), Milestone.objects.count()) == (2, 3)


def test_a_follow_up_has_thirty_milestones_at_most(people):
    row = followed_by(people)
    for _ in range(30):
        MilestoneFactory(follow_up=row)
    with pytest.raises(ValidationError):
        follow_up.change_milestones(row, [], reason="", added=("De trop", TODAY), by=people["officer"])


def test_a_closed_term_still_tells(people):
    row = followed_by(people)
    Term.objects.filter(pk=people.term.pk).update(state=TermState.CLOSED)
    tell(again(row), people, **proof())
    follow_up.close_as_done(again(row), by=people["lead"])
    assert again(row).state == S.DONE


def test_it_is_entrusted_to_another_directorate_of_this_assembly(people):
    row = followed_by(people)
    other = DirectorateFactory(assembly=people.assembly)
    elsewhere = DirectorateFactory(assembly=people.elsewhere("lead").roles.get().assembly)
    for place in (None, elsewhere):
        with pytest.raises(ValidationError):
            follow_up.entrust(row, place, by=people["officer"])
    contact = agent(other)
    assert not FollowUp.objects.visible_to(contact).exists()
    follow_up.entrust(row, other, by=people["officer"])
    assert FollowUp.objects.visible_to(contact).get() == row
    assert [one.person for one in Distribution.objects.get(kind="follow-up-entrusted").deliveries.all()] == [
        contact.person
    ]
    follow_up.publish_update(again(row), UpdateContent(state=S.IN_PROGRESS, text="Nous y sommes."), seen=0, by=contact)
    with pytest.raises(PermissionDenied):
        tell(again(row), people, seen=1)


def test_a_closed_directorate_gives_what_it_follows_to_its_successor_or_nobody(people):
    row, successor = followed_by(people), DirectorateFactory(assembly=people.assembly)
    directorates.close(people.directorate, successor=successor, on=TODAY, by=people["lead"])
    assert again(row).directorate == successor
    directorates.close(successor, successor=None, on=TODAY, by=people["lead"])
    assert again(row).directorate is None


def test_an_update_is_asked_once_a_day(people):
    row, _contact = followed_by(people), people["dir_contact"]
    follow_up.ask(again(row), by=people["officer"])
    with pytest.raises(ValidationError):
        follow_up.ask(again(row), by=people["lead"])
    assert Distribution.objects.filter(kind="follow-up-asked").count() == 1
    follow_up.FOLLOW_UP.follow(row, "inherit", directorate=None)
    with pytest.raises(StateConflict):
        follow_up.ask(again(row), by=people["officer"])


def test_updates_are_asked_before_their_day_then_each_week_and_of_the_approver(people):
    due = TODAY + timedelta(days=40)
    row = followed_by(people, update_due_on=due)
    contact, approver = people["dir_contact"], people["dir_approver"]
    counts = {}
    for offset in (-20, -15, -14, -10, -3, 0, 1, 3, 8, 9):
        follow_up.note_due_updates(due + timedelta(days=offset))
        follow_up.note_due_updates(due + timedelta(days=offset))
        counts[offset] = tuple(DeskEvent.objects.filter(user=user).count() for user in (contact, approver))
    assert counts == {
        -20: (0, 0),
        -15: (0, 0),
        -14: (1, 0),
        -10: (1, 0),
        -3: (2, 0),
        0: (2, 0),
        1: (3, 1),
        3: (3, 1),
        8: (4, 2),
        9: (4, 2),
    }
    assert {event.target_id for event in DeskEvent.objects.all()} == {row.pk}
    told = Entry.objects.filter(event_type="follow_up.escalated")
    assert {(line.subject_id, line.dossier_id) for line in told} == {(str(row.pk), str(row.case_id))}
    assert told.count() == 2


def test_a_line_means_nothing_once_the_update_is_made(people):
    row = followed_by(people, update_due_on=TODAY - timedelta(days=1))
    people["dir_approver"], people["dir_contact"]
    follow_up.note_due_updates(TODAY)
    events = list(DeskEvent.objects.select_related("user", "referral"))
    assert [is_obsolete(event) for event in events] == [False, False]
    tell(row, people)
    assert [is_obsolete(event) for event in events] == [True, True]


def test_the_directorate_of_an_answer_of_the_past_is_named_later(people):
    """Recorded without a directorate, it waits for the team; nobody is reminded meanwhile."""
    case = answered_by(people, AnswerCaseState.PUBLISHED)
    type(case).objects.filter(pk=case.pk).update(directorate=None)
    answer = AnswerFactory(case=fresh(case), published=True, **said())
    follow_up.follow_answer(fresh(case), answer, by=people["lead"])
    row = FollowUp.objects.get(case=case)
    assert row.directorate is None
    follow_up.note_due_updates(row.update_due_on)
    assert not DeskEvent.objects.exists()


def test_a_revision_moves_the_budget_unless_a_hand_changed_it(people):
    row = followed_by(people)
    case = row.case
    FollowUp.objects.filter(pk=row.pk).update(service="Mobilités", budget_line="190 000 €")
    for number, budget in ((2, "190 000 €"), (3, "240 000 €")):
        answer = AnswerFactory(
            case=case, number=number, published=True, **said(service="Mobilités", budget_line=budget)
        )
        follow_up.follow_answer(fresh(case), answer, by=people["lead"])
    assert again(row).budget_line == "240 000 €"
    follow_up.describe(again(row), service="Habitat", budget_line="Autre ligne", by=people["officer"])
    answer = AnswerFactory(case=case, number=4, published=True, **said(service="Bus", budget_line="1 €"))
    follow_up.follow_answer(fresh(case), answer, by=people["lead"])
    assert (again(row).service, again(row).budget_line) == ("Habitat", "Autre ligne")
