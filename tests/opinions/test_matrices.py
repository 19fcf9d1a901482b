"""Each step of a section and of a directorate's reading, in every state, by every role: which answer, by hand."""

from itertools import product

import pytest
from django.urls import reverse
from django.utils import timezone

from assembly.audit.models import Entry
from opinions.checks.workflow import CHECK
from opinions.models import OpinionSection, OpinionState, SectionState, ServicesCheckState, ServicesRequest
from opinions.sections.workflow import SECTION
from tests.factories.institution import CommitteeMembershipFactory
from tests.factories.opinions import (
    OpinionFactory,
    OpinionSectionFactory,
    RecommendationFactory,
    ServiceNoteFactory,
    ServicesRequestFactory,
)
from tests.undo import undone

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("proved_for_long")]
S, C, P = OpinionState, ServicesCheckState, SectionState
ROLES = ["lead", "officer", "facilitator", "member", "president", "dir_contact", "dir_approver", "stranger"]
TEAM, AGENTS, APPROVER = {"lead", "officer"}, {"dir_contact", "dir_approver"}, {"dir_approver"}
NOTE = {"is_concerned": "1", "competence": "yes", "feasibility": "as_is", "version": 1}
WHY = {"reason": "Le calendrier."}
LATER = {"due_on": "2099-01-01"}
WAITED = {C.ASKED, C.DRAFTED, C.RETURNED, C.SUBMITTED}
# Verb: its page, what is posted, who may, from which states, to which state (None: it stays), the line of the journal.
READING = {
    "draft": ("check-note", NOTE, AGENTS, {C.ASKED, C.DRAFTED, C.RETURNED}, C.DRAFTED, "check.noted"),
    "submit": ("check-submit", {}, AGENTS, {C.DRAFTED, C.RETURNED}, C.SUBMITTED, "check.submitted"),
    "return": ("check-return", WHY, APPROVER, {C.SUBMITTED}, C.RETURNED, "check.returned"),
    "validate": ("check-visa", {}, APPROVER, {C.SUBMITTED}, C.VALIDATED, "check.validated"),
    "close": ("check-close", WHY, TEAM, WAITED, C.CLOSED, "check.closed"),
    "change_due": ("check-due", LATER, TEAM, WAITED, None, "check.due_changed"),
    "remind": ("check-remind", {}, TEAM, WAITED, None, "check.reminded"),
}
OF_THE_TEAM = {"close", "change_due", "remind"}
# The text left for the plenary, or the groups write again: no note is taken any more. Only the team's steps go on.
READ_IN = {S.SERVICES_CHECK, S.CONSOLIDATED}


def test_every_step_of_a_reading_is_in_the_table():
    assert {*READING, "inherit"} == {step.name for step in CHECK.steps}


def expected(verb, role, state, opinion_state=S.SERVICES_CHECK):
    """Return 404 if the row is not visible, 403 for a closed area or no right, 409 from another state."""
    _page, _data, who, sources, _target, _journal = READING[verb]
    if role not in who:
        return 404 if role == "facilitator" and verb in OF_THE_TEAM else 403
    is_time = state in sources and (verb in OF_THE_TEAM or opinion_state in READ_IN)
    return 302 if is_time else 409


def asked(people, opinion, state):
    """Make a check of one recommendation of this opinion with a note of the directorate."""
    request = ServicesRequestFactory(opinion=opinion, directorate=people.directorate, state=state)
    note = ServiceNoteFactory(request=request, recommendation=RecommendationFactory(opinion=opinion))
    return request, note


def posted(browser, verb, request, note):
    """Return the response to a post, the state after it, and the journal lines that it wrote."""
    page, data, _who, _sources, _target, journal = READING[verb]
    lines = Entry.objects.filter(event_type=journal).count()
    args = [request.pk, note.recommendation_id] if verb == "draft" else [request.pk]
    got = browser.post(reverse(f"opinions:{page}", args=args), data).status_code
    after = ServicesRequest.objects.get(pk=request.pk).state
    return got, after, Entry.objects.filter(event_type=journal).count() - lines


def outcome(verb, state, answer):
    """Return what `posted` must return: target and one line when the step is taken, else no change."""
    return (answer, READING[verb][4] or state, 1) if answer == 302 else (answer, state, 0)


@pytest.mark.parametrize("state", ServicesCheckState)
def test_each_step_of_a_reading_by_state_and_role(state, people, signed_in):
    browsers = {role: signed_in(role, noted=True) for role in ROLES}
    request, note = asked(people, OpinionFactory(term=people.term, state=S.SERVICES_CHECK), state)
    for verb, role in product(READING, ROLES):
        with undone(verb, state, role):
            met = posted(browsers[role], verb, request, note)
            assert met == outcome(verb, state, expected(verb, role, state))


@pytest.mark.parametrize("opinion_state", OpinionState)
def test_notes_are_taken_while_the_opinion_is_read_and_not_tabled(opinion_state, people, signed_in):
    browsers = {role: signed_in(role, noted=True) for role in ("officer", "dir_approver")}
    opinion = OpinionFactory(term=people.term, state=opinion_state)
    for verb, (_page, _data, who, sources, _target, _journal) in READING.items():
        role, state = "officer" if "officer" in who else "dir_approver", sorted(sources)[0]
        with undone(verb, opinion_state):
            request, note = asked(people, opinion, state)
            met = posted(browsers[role], verb, request, note)
            assert met == outcome(verb, state, expected(verb, role, state, opinion_state))


@pytest.mark.parametrize(
    ("page", "who", "state"), [("check-close", "officer", C.ASKED), ("check-return", "dir_approver", C.SUBMITTED)]
)
def test_an_empty_reason_is_refused_in_words(page, who, state, people, signed_in):
    request, _note = asked(people, OpinionFactory(term=people.term, state=S.SERVICES_CHECK), state)
    answer = signed_in(who).post(reverse(f"opinions:{page}", args=[request.pk]), {"reason": "  "})
    assert answer.status_code == 422
    assert ServicesRequest.objects.get(pk=request.pk).state == state


def test_what_is_not_noted_is_said_before_anybody_sends(people, signed_in):
    request, _note = asked(people, OpinionFactory(term=people.term, state=S.SERVICES_CHECK), C.DRAFTED)
    RecommendationFactory(opinion=request.opinion)
    address, browser = reverse("opinions:check-submit", args=[request.pk]), signed_in("dir_contact")
    shown = browser.get(address)
    assert shown.status_code == 200
    assert "Il reste 1 préconisation à noter." in shown.text.replace("\xa0", " ")
    assert '<form method="post" action' not in shown.text
    assert browser.post(address).status_code == 422
    assert ServicesRequest.objects.get(pk=request.pk).state == C.DRAFTED


GROUP = TEAM | {"group_lead"}
# Verb: its page, what is posted, from which state, to which state, the line of the journal; the groups still write.
TODAY = timezone.localdate
SECTION_STEPS = {
    "validate": ("section-validate", {"mode": "consent", "blanks_seen": "on"}, P.DRAFTING, P.VALIDATED),
    "reopen": ("section-reopen", WHY, P.VALIDATED, P.DRAFTING),
}


def test_every_step_of_a_section_is_in_the_table():
    assert set(SECTION_STEPS) == {step.name for step in SECTION.steps}


def section_answer(verb, role, state, opinion_state):
    """Return the status: only the team sees the plan; a withdrawn opinion can only be read, by the desk."""
    if role not in GROUP | {"facilitator", "member"}:
        return 403
    if opinion_state == S.OUTLINE or (opinion_state == S.WITHDRAWN and role in {"member", "group_lead"}):
        return 403 if role in TEAM | {"facilitator"} else 404
    if role not in GROUP:
        return 403
    return 302 if opinion_state == S.DRAFTING and state == SECTION_STEPS[verb][2] else 409


@pytest.mark.parametrize(("state", "opinion_state"), list(product(SectionState, OpinionState)))
def test_each_step_of_a_section_by_state_and_role(state, opinion_state, people, signed_in):
    users = {role: people[role] for role in ROLES} | {"group_lead": people.make("member", people.term)}
    opinion = OpinionFactory(term=people.term, state=opinion_state)
    section = OpinionSectionFactory(opinion=opinion, validated=state == P.VALIDATED)
    CommitteeMembershipFactory(committee=section.committee, person=users["group_lead"].person, function="group_lead")
    browsers = {role: signed_in(user, noted=True) for role, user in users.items()}
    for verb, (page, data, _source, target) in SECTION_STEPS.items():
        roles = users if opinion_state in {S.OUTLINE, S.DRAFTING, S.WITHDRAWN} else ["officer", "group_lead", "member"]
        for role in roles:
            with undone(verb, state, opinion_state, role):
                answer = section_answer(verb, role, state, opinion_state)
                posted = {"on": f"{TODAY():%Y-%m-%d}", **data}
                got = browsers[role].post(reverse(f"opinions:{page}", args=[section.pk]), posted).status_code
                after = OpinionSection.objects.get(pk=section.pk).state
                assert (got, after) == (answer, target if answer == 302 else state)
