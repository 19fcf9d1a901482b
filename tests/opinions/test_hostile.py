"""Acts that nobody should manage: writing where one only reads, after the validation, after the tabling; peeping."""

import pytest
from django.core.exceptions import PermissionDenied
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from assembly.collab import rules
from assembly.collab.actions import texts, threads
from assembly.collab.document import grammar, writing
from assembly.collab.models import TextRight
from assembly.institution.todo import todo_for
from assembly.workflow import StateConflict
from opinions.adoption.actions import voting
from opinions.models import Opinion, OpinionState
from opinions.sections import actions as sections
from tests.factories.institution import CommitteeMembershipFactory
from tests.factories.opinions import (
    OpinionFactory,
    OpinionSectionFactory,
    RecommendationFactory,
    ServicesRequestFactory,
)
from tests.factories.sessions import SittingFactory

pytestmark = pytest.mark.django_db
S = OpinionState


def write(text, by):
    texts.edit(text, lambda doc: writing.append_blocks(doc, grammar.tree_document(grammar.paragraph("Moi."))), by=by)


def drafting(people):
    section = OpinionSectionFactory(opinion__term=people.term, opinion__officer=people["officer"])
    writer = people.make("member", people.term)
    CommitteeMembershipFactory(committee=section.committee, person=writer.person)
    return section, writer


@pytest.mark.parametrize("who", ["member", "president", "sponsor", "dir_contact", "dpo", "stranger"])
def test_only_those_who_write_change_a_text(who, people):
    section, writer = drafting(people)
    ServicesRequestFactory(opinion=section.opinion, directorate=people.directorate)
    write(section.text, writer)
    with pytest.raises(PermissionDenied):
        write(section.text, people[who])
    with pytest.raises(PermissionDenied):
        write(section.text, people.elsewhere("officer"))


def test_nobody_writes_after_the_validation_nor_after_the_tabling(people):
    section, writer = drafting(people)
    sections.validate(section, on=timezone.localdate(), by=people["officer"])
    for by in (writer, people["officer"]):
        with pytest.raises(StateConflict):
            write(section.text, by)
    opinion = OpinionFactory(term=people.term, state=S.CONSOLIDATED, officer=people["officer"])
    write(opinion.text, people["officer"])
    voting.table(opinion, SittingFactory(term=people.term), by=people["officer"])
    for who in ("officer", "lead", "facilitator"):
        with pytest.raises(StateConflict):
            write(opinion.text, people[who])


def test_a_directorate_comments_and_never_edits(people):
    opinion = OpinionFactory(term=people.term, state=S.SERVICES_CHECK)
    section = OpinionSectionFactory(opinion=opinion, validated=True)
    texts.annotate(section.text, by=people["officer"])
    ServicesRequestFactory(opinion=opinion, directorate=people.directorate)
    contact = people["dir_contact"]
    assert rules.right(contact, section.text) == TextRight.COMMENT
    threads.open_thread(
        section.text, anchor="", node_id="", quote="", prefix="", suffix="", body="Déjà fait.", by=contact
    )
    with pytest.raises((PermissionDenied, StateConflict)):
        write(section.text, contact)


@pytest.mark.parametrize(
    ("who", "open_rooms"),
    [
        ("president", {"opinions:office-opinion"}),
        ("sponsor", {"opinions:office-opinion"}),
        ("dir_contact", {"opinions:office-opinion"}),
        ("stranger", set()),
    ],
)
def test_drafts_are_not_there_for_those_who_may_not_read_them(who, open_rooms, people, signed_in):
    """A closed room is 403, whatever the id; in one's own room a draft is 404."""
    section, _writer = drafting(people)
    browser = signed_in(who)
    for name, args in (
        ("opinions:opinion", [section.opinion_id]),
        ("opinions:section-text", [section.opinion_id, section.pk]),
        ("opinions:my-section-text", [section.opinion_id, section.pk]),
        ("opinions:my-opinion", [section.opinion_id]),
        ("opinions:office-opinion", [section.opinion_id]),
        ("opinions:section-validate", [section.pk]),
    ):
        assert browser.get(reverse(name, args=args)).status_code == (404 if name in open_rooms else 403), name
    assert not Opinion.objects.visible_to(people[who]).exists()


def test_a_group_does_not_validate_for_another(people, signed_in):
    section, _writer = drafting(people)
    other = OpinionSectionFactory(opinion=section.opinion)
    CommitteeMembershipFactory(committee=other.committee, person=people["member"].person, function="group_lead")
    browser = signed_in("member")
    today = f"{timezone.localdate():%Y-%m-%d}"
    forged = browser.post(reverse("opinions:section-validate", args=[section.pk]), {"on": today, "mode": "consent"})
    assert forged.status_code == 403
    assert not section.opinion.sections.filter(state="validated").exists()


def test_a_recommendation_of_another_opinion_is_not_noted_nor_merged(people, signed_in):
    request = ServicesRequestFactory(
        opinion__term=people.term, opinion__state=S.SERVICES_CHECK, directorate=people.directorate
    )
    foreign = RecommendationFactory()
    note = reverse("opinions:check-note", args=[request.pk, foreign.pk])
    assert signed_in("dir_contact").get(note).status_code == 404
    opinion = OpinionFactory(term=people.term, state=S.CONSOLIDATED)
    merge = reverse("opinions:recommendation-merge", args=[opinion.pk, foreign.pk])
    assert signed_in("officer").post(merge, {"target": foreign.pk, "version": 1}).status_code == 404


@pytest.mark.parametrize(("who", "room"), [("officer", "desk"), ("member", "member"), ("dir_contact", "directorate")])
def test_what_waits_is_read_at_the_same_cost_whatever_the_number(who, room, people):
    user, counts = people[who], []
    for _ in range(3):
        section = OpinionSectionFactory(opinion__term=people.term)
        CommitteeMembershipFactory(committee=section.committee, person=people["member"].person)
        OpinionFactory(term=people.term, state=S.ADOPTED)
        ServicesRequestFactory(
            opinion__term=people.term, opinion__state=S.SERVICES_CHECK, directorate=people.directorate
        )
        with CaptureQueriesContext(connection) as seen:
            assert todo_for(user, room, people.term).lines
        counts.append(len(seen))
    assert counts[1:] == [counts[1], counts[1]]
