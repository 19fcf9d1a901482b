"""Each step of a section and of a directorate's reading, in every state, by every role."""

from itertools import product

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.utils import timezone

from assembly.audit.models import Entry
from assembly.workflow import TransitionRefused
from consultations.enums import Competence, Feasibility
from opinions.actions import checks, sections
from opinions.enums import CheckState, OpinionState, SectionState
from opinions.models import OpinionSection, ServicesRequest
from opinions.rules import checks as rules
from opinions.workflows import CHECK, SECTION
from tests.factories.institution import CommitteeMembershipFactory
from tests.factories.opinions import (
    OpinionFactory,
    OpinionSectionFactory,
    RecommendationFactory,
    ServiceNoteFactory,
    ServicesRequestFactory,
)

pytestmark = pytest.mark.django_db
S, C, P = OpinionState, CheckState, SectionState
ROLES = ["lead", "officer", "facilitator", "member", "president", "dir_contact", "dir_approver", "stranger"]
TEAM, HOUSE, APPROVER = {"lead", "officer"}, {"dir_contact", "dir_approver"}, {"dir_approver"}
NOTE = {"competence": Competence.YES, "feasibility": Feasibility.AS_IS}
NO = (PermissionDenied, TransitionRefused, ValidationError)


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


@pytest.mark.parametrize(("verb", "state"), list(product(STEPS, CheckState)))
def test_each_step_of_a_reading_by_state_and_role(verb, state, people):
    run, hands, journal = STEPS[verb]
    target = CHECK.target(verb, state)
    for role in ROLES:
        opinion = OpinionFactory(term=people.term, state=S.SERVICES_CHECK)
        request = ServicesRequestFactory(opinion=opinion, directorate=people.directorate, state=state)
        ServiceNoteFactory(request=request, recommendation=RecommendationFactory(opinion=opinion))
        before = Entry.objects.filter(verb=journal).count()
        allowed = role in hands and target is not None
        if allowed:
            run(request, people[role])
        else:
            with pytest.raises(NO), transaction.atomic():
                run(request, people[role])
        found = ServicesRequest.objects.get(pk=request.pk).state, Entry.objects.filter(verb=journal).count() - before
        assert found == ((target, 1) if allowed else (state, 0)), role


@pytest.mark.parametrize(("verb", "opinion_state"), list(product(STEPS, OpinionState)))
def test_notes_are_taken_while_the_opinion_is_read_and_not_tabled(verb, opinion_state, people):
    run, hands, _journal = STEPS[verb]
    start = next(state for state in CheckState if CHECK.target(verb, state))
    opinion = OpinionFactory(term=people.term, state=opinion_state)
    request = ServicesRequestFactory(opinion=opinion, directorate=people.directorate, state=start)
    ServiceNoteFactory(request=request, recommendation=RecommendationFactory(opinion=opinion))
    by = people[sorted(hands)[0]]
    if verb == "close" or opinion_state in rules.READ_IN:
        run(request, by)
        assert ServicesRequest.objects.get(pk=request.pk).state == CHECK.target(verb, start)
    else:
        with pytest.raises(TransitionRefused), transaction.atomic():
            run(request, by)


@pytest.mark.parametrize(
    ("verb", "state", "opinion_state"), list(product(["validate", "reopen"], SectionState, OpinionState))
)
def test_each_step_of_a_section_by_state_and_role(verb, state, opinion_state, people):
    target = SECTION.target(verb, state) if opinion_state == S.DRAFTING else None
    for role in [*ROLES, "group_lead"] if target else ["officer", "group_lead"]:
        opinion = OpinionFactory(term=people.term, state=opinion_state)
        section = OpinionSectionFactory(opinion=opinion, validated=state == P.VALIDATED)
        user = people["member"] if role == "group_lead" else people[role]
        if role == "group_lead":
            CommitteeMembershipFactory(committee=section.committee, person=user.person, function=role)
        allowed = target is not None and role in TEAM | {"group_lead"}

        def run(section=section, user=user):
            if verb == "validate":
                sections.validate(section, on=timezone.localdate(), by=user)
            else:
                sections.reopen(section, reason="Un chiffre.", by=user)

        if allowed:
            run()
        else:
            with pytest.raises(NO), transaction.atomic():
                run()
        assert OpinionSection.objects.get(pk=section.pk).state == (target if allowed else state), role
