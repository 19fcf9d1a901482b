"""Each step of a section and of a directorate's reading, in every state, by every role."""

from itertools import product

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.utils import timezone

from assembly.audit.models import Entry
from assembly.workflow import StateConflict
from consultations.enums import Competence, Feasibility
from opinions.actions import checks, sections
from opinions.enums import OpinionState, SectionState, ServicesCheckState
from opinions.models import OpinionSection, ServicesRequest
from opinions.rules import checks as rules
from opinions.workflows.checks import CHECK
from opinions.workflows.opinions import SECTION
from tests.factories.institution import CommitteeMembershipFactory
from tests.factories.opinions import (
    OpinionFactory,
    OpinionSectionFactory,
    RecommendationFactory,
    ServiceNoteFactory,
    ServicesRequestFactory,
)
from tests.undo import undone

pytestmark = pytest.mark.django_db
S, C, P = OpinionState, ServicesCheckState, SectionState
ROLES = ["lead", "officer", "facilitator", "member", "president", "dir_contact", "dir_approver", "stranger"]
TEAM, HOUSE, APPROVER = {"lead", "officer"}, {"dir_contact", "dir_approver"}, {"dir_approver"}
NOTE = {"competence": Competence.YES, "feasibility": Feasibility.AS_IS}
NO = (PermissionDenied, StateConflict, ValidationError)


def save(request, by):
    note = request.notes.get()
    checks.save(request, note.recommendation, NOTE, version=note.version, by=by)


STEPS = {
    "draft": (save, HOUSE, "check.noted"),
    "submit": (lambda found, by: checks.submit(found, by=by), HOUSE, "check.submitted"),
    "return": (lambda found, by: checks.send_back(found, reason="Chiffrer.", by=by), APPROVER, "check.returned"),
    "validate": (lambda found, by: checks.validate(found, by=by), APPROVER, "check.validated"),
    "close": (lambda found, by: checks.close(found, reason="Trop tard.", by=by), TEAM, "check.closed"),
}


def test_every_step_of_a_reading_has_a_hand():
    assert set(STEPS) == set(rules.VERBS) == {step.verb for step in CHECK.steps}


def asked(people, opinion, state):
    """The directorate reads one recommendation of this opinion."""
    request = ServicesRequestFactory(opinion=opinion, directorate=people.directorate, state=state)
    ServiceNoteFactory(request=request, recommendation=RecommendationFactory(opinion=opinion))
    return request


@pytest.mark.parametrize("state", ServicesCheckState)
def test_each_step_of_a_reading_by_state_and_role(state, people):
    users = {role: people[role] for role in ROLES}
    request = asked(people, OpinionFactory(term=people.term, state=S.SERVICES_CHECK), state)
    for verb, role in product(STEPS, ROLES):
        with undone(verb, state, role):
            judge(verb, ServicesRequest.objects.get(pk=request.pk), role, users[role])


def judge(verb, request, role, user):
    run, hands, journal = STEPS[verb]
    state, target = request.state, CHECK.target(verb, request.state)
    before = Entry.objects.filter(verb=journal).count()
    allowed = role in hands and target is not None
    if allowed:
        run(request, user)
    else:
        with pytest.raises(NO), transaction.atomic():
            run(request, user)
    found = ServicesRequest.objects.get(pk=request.pk).state, Entry.objects.filter(verb=journal).count() - before
    assert found == ((target, 1) if allowed else (state, 0))


@pytest.mark.parametrize("opinion_state", OpinionState)
def test_notes_are_taken_while_the_opinion_is_read_and_not_tabled(opinion_state, people):
    users = {role: people[role] for role in HOUSE | TEAM}
    opinion = OpinionFactory(term=people.term, state=opinion_state)
    for verb, (run, hands, _journal) in STEPS.items():
        start = next(state for state in ServicesCheckState if CHECK.target(verb, state))
        by = users[sorted(hands)[0]]
        with undone(verb, opinion_state):
            request = asked(people, opinion, start)
            if verb == "close" or opinion_state in rules.READ_IN:
                run(request, by)
                assert ServicesRequest.objects.get(pk=request.pk).state == CHECK.target(verb, start)
            else:
                with pytest.raises(StateConflict), transaction.atomic():
                    run(request, by)
                assert ServicesRequest.objects.get(pk=request.pk).state == start


SECTION_STEPS = {
    "validate": lambda section, by: sections.validate(section, on=timezone.localdate(), by=by),
    "reopen": lambda section, by: sections.reopen(section, reason="Un chiffre.", by=by),
}


@pytest.mark.parametrize(("state", "opinion_state"), list(product(SectionState, OpinionState)))
def test_each_step_of_a_section_by_state_and_role(state, opinion_state, people):
    users = {role: people[role] for role in ROLES} | {"group_lead": people.make("member", people.term)}
    opinion = OpinionFactory(term=people.term, state=opinion_state)
    section = OpinionSectionFactory(opinion=opinion, validated=state == P.VALIDATED)
    CommitteeMembershipFactory(committee=section.committee, person=users["group_lead"].person, function="group_lead")
    for verb, run in SECTION_STEPS.items():
        target = SECTION.target(verb, state) if opinion_state == S.DRAFTING else None
        for role in users if target else ["officer", "group_lead"]:
            with undone(verb, state, opinion_state, role):
                found = OpinionSection.objects.select_related("opinion", "text").get(pk=section.pk)
                if allowed := target is not None and role in TEAM | {"group_lead"}:
                    run(found, users[role])
                else:
                    with pytest.raises(NO), transaction.atomic():
                        run(found, users[role])
                assert OpinionSection.objects.get(pk=section.pk).state == (target if allowed else state)
