"""The plan, the groups' validation, the services' check: who, when, and what else did not move."""

from datetime import timedelta

import pytest
import time_machine
from django.core.exceptions import PermissionDenied, ValidationError
from django.utils import timezone

from assembly.audit.models import Entry
from assembly.collab.actions import suggestions, texts
from assembly.collab.document import grammar, writing
from assembly.collab.document.plain_text import to_text
from assembly.collab.models import SharedText, TextState
from assembly.collab.queries import tree_of
from assembly.institution.models import CommitteeFunction
from assembly.notifications.models import Delivery, Distribution
from assembly.web.errors import EditConflict
from assembly.web.outline import PastedLine
from assembly.workflow import StateConflict
from consultations.models import Competence, Feasibility
from opinions.adoption.actions import voting
from opinions.checks import actions as checks
from opinions.checks.models import ServicesCheckState
from opinions.checks.queries import progress_of
from opinions.checks.workflow import CHECK
from opinions.models import Opinion, OpinionSection, Recommendation, RecommendationState, ServiceNote, ServicesRequest
from opinions.opinions.models import OpinionState, SectionState, ValidationMode
from opinions.opinions.rules import Votes
from opinions.sections import actions as sections
from tests.factories.identity import PersonFactory
from tests.factories.institution import CommitteeFactory, CommitteeMembershipFactory, DirectorateFactory, TermFactory
from tests.factories.opinions import (
    OpinionFactory,
    OpinionSectionFactory,
    RecommendationFactory,
    ServiceNoteFactory,
    ServicesRequestFactory,
)
from tests.factories.sessions import SittingFactory

pytestmark = pytest.mark.django_db
S, C = OpinionState, ServicesCheckState
NOTE = {"competence": Competence.YES, "feasibility": Feasibility.AS_IS, "body": "Déjà fait à Muret."}


def today():
    return timezone.localdate()


def drafting(people, count=1):
    opinion = OpinionFactory(term=people.term, state=S.DRAFTING, officer=people["officer"])
    return opinion, [OpinionSectionFactory(opinion=opinion, position=n) for n in range(1, count + 1)]


def lead_of(people, section):
    CommitteeMembershipFactory(
        committee=section.committee, person=people["member"].person, function=CommitteeFunction.GROUP_LEAD
    )
    return people["member"]


# The plan


def test_sections_are_added_named_ordered_and_removed(people):
    opinion = OpinionFactory(term=people.term)
    by, group = people["officer"], CommitteeFactory(term=people.term)
    one = sections.add(opinion, title="Habiter", committee=group, by=by)
    two = sections.add(opinion, title="Se déplacer", by=by)
    sections.change(one, title="Habiter chez soi", rapporteur=PersonFactory(), by=by)
    sections.reorder(two, up=True, by=by)
    sections.reorder(two, up=True, by=by)
    rows = OpinionSection.objects.filter(opinion=opinion).values_list("title", "position", "text")
    assert list(rows) == [("Se déplacer", 1, None), ("Habiter chez soi", 2, None)]
    sections.remove(two, by=by)
    assert list(OpinionSection.objects.filter(opinion=opinion, removed_at=None)) == [one]


def test_a_section_added_while_the_groups_write_has_its_text_and_a_removed_one_is_frozen(people):
    opinion, _sections = drafting(people)
    made = sections.add(opinion, title="Aidants", by=people["officer"])
    assert made.text.state == TextState.OPEN
    sections.remove(made, by=people["officer"])
    made.text.refresh_from_db()
    assert made.text.state == TextState.FROZEN
    for _ in range(2):
        sections.restore(made, by=people["officer"])
    made.text.refresh_from_db()
    assert made.text.state == TextState.OPEN
    assert Entry.objects.filter(event_type="section.reinstated").count() == 1


def test_a_validated_section_that_comes_back_takes_comments_only(people):
    _opinion, made = drafting(people, 2)
    sections.validate(made[0], on=timezone.localdate(), by=people["officer"])
    sections.remove(made[0], by=people["officer"])
    sections.restore(made[0], by=people["officer"])
    made[0].text.refresh_from_db()
    assert made[0].text.state == TextState.ANNOTATING


def test_a_list_is_pasted_and_a_section_copied_with_its_group(people):
    opinion = OpinionFactory(term=people.term)
    by, group = people["officer"], CommitteeFactory(term=people.term)
    one = sections.add(opinion, title="Habiter", committee=group, by=by)
    last = sections.add(opinion, title="Aider", by=by)
    sections.paste(opinion, [PastedLine("Bouger", 0), PastedLine("Soigner", 1)], after=one.pk, by=by)
    copy = sections.duplicate(one, by=by)
    sections.remove(last, by=by)
    sections.restore(last, by=by)
    rows = OpinionSection.objects.filter(opinion=opinion).order_by("position")
    assert list(rows.values_list("title", flat=True)) == ["Habiter", "Habiter", "Bouger", "Soigner", "Aider"]
    assert copy.committee == group


def test_a_late_save_of_a_section_is_told_both_texts_and_may_put_it_back(people):
    section = sections.add(OpinionFactory(term=people.term), title="Habiter", by=people["officer"])
    seen = sections.mark(section)
    sections.remove(section, by=people["lead"])
    with pytest.raises(EditConflict) as late:
        sections.change(section, title="Se loger", seen=seen, by=people["officer"])
    sections.change(section, title="Se loger", seen=late.value.version, by=people["officer"])
    section.refresh_from_db()
    assert (section.title, section.removed_at) == ("Se loger", None)


@pytest.mark.parametrize("who", ["facilitator", "member", "president", "dir_contact"])
def test_the_plan_is_the_teams(who, people):
    opinion, (section,) = drafting(people)
    for act in (
        lambda: sections.add(opinion, title="Moi", by=people[who]),
        lambda: sections.change(section, title="Moi", by=people[who]),
        lambda: sections.reorder(section, up=True, by=people[who]),
        lambda: sections.remove(section, by=people[who]),
    ):
        with pytest.raises(PermissionDenied):
            act()


@pytest.mark.parametrize("state", [state for state in OpinionState if state not in {S.OUTLINE, S.DRAFTING}])
def test_the_plan_stands_once_the_groups_have_validated(state, people):
    opinion = OpinionFactory(term=people.term, state=state)
    with pytest.raises(PermissionDenied):
        sections.add(opinion, title="Trop tard", by=people["officer"])


def test_a_group_of_another_term_or_closed_writes_nothing(people):
    opinion, _sections = drafting(people)
    for group in (
        CommitteeFactory(term=TermFactory(another=True)),
        CommitteeFactory(term=people.term, closed_on=today()),
    ):
        with pytest.raises(ValidationError):
            sections.add(opinion, title="Ailleurs", committee=group, by=people["officer"])


# The groups


def test_the_lead_of_a_group_validates_by_consent_and_the_text_takes_comments_only(people):
    opinion, (section, other) = drafting(people, 2)
    sections.validate(section, on=today(), by=lead_of(people, section))
    section.refresh_from_db()
    section.text.refresh_from_db()
    told = (section.state, section.validation_mode, section.is_on_behalf, section.text.state)
    assert told == (SectionState.VALIDATED, ValidationMode.CONSENT, False, TextState.ANNOTATING)
    assert section.text.versions.count() == 1
    assert (Opinion.objects.get(pk=opinion.pk).state, other.text.state) == (S.DRAFTING, TextState.OPEN)
    assert Delivery.objects.get(distribution__kind="opinion-section").person == people["officer"].person


def test_an_officer_notes_a_vote_on_behalf_and_the_last_group_moves_the_opinion(people):
    opinion, (section,) = drafting(people)
    sections.validate(section, on=today(), votes=Votes(9, 2, 1), by=people["officer"])
    section.refresh_from_db()
    counts = (section.votes_for, section.votes_against, section.abstentions, section.is_on_behalf)
    assert counts == (9, 2, 1, True)
    assert Opinion.objects.get(pk=opinion.pk).state == S.GROUP_VALIDATED
    assert not Distribution.objects.filter(
        kind="opinion-section", deliveries__person=people["officer"].person
    ).exists()


@pytest.mark.parametrize("who", ["member", "facilitator", "president", "dir_contact", "stranger"])
def test_others_do_not_validate(who, people):
    _opinion, (section,) = drafting(people)
    with pytest.raises(PermissionDenied):
        sections.validate(section, on=today(), by=people[who])


@pytest.mark.parametrize(("votes", "days"), [(Votes(2, 2, 0), 0), (Votes(1, 3, 0), 0), (None, 1)])
def test_what_cannot_be_true_is_refused(votes, days, people):
    _opinion, (section,) = drafting(people)
    with pytest.raises(ValidationError):
        sections.validate(section, on=today() + timedelta(days=days), votes=votes, by=people["officer"])


def test_a_text_with_open_suggestions_is_not_ready(people):
    _opinion, (section,) = drafting(people)
    mark = {"type": "insertion", "attrs": {"id": f"{people['member'].pk}-a-1"}}
    proposed = {"type": "paragraph", "content": [{"type": "text", "text": "Un bus.", "marks": [mark]}]}
    texts.edit(
        section.text, lambda doc: writing.append_blocks(doc, grammar.tree_document(proposed)), by=people["officer"]
    )
    with pytest.raises(ValidationError, match="1 proposition attend une décision"):
        sections.validate(section, on=today(), by=people["officer"])
    assert SharedText.objects.get(pk=section.text_id).state == TextState.OPEN
    suggestions.accept_all(section.text, by=people["officer"])
    sections.validate(section, on=today(), by=people["officer"])


def test_signs_that_cannot_be_printed_are_named_while_the_group_still_writes(people):
    _opinion, (section,) = drafting(people)
    said = grammar.tree_document(grammar.paragraph("Un bus 🚌 le soir."), grammar.paragraph("Un toit 🏠 pour tous."))
    texts.edit(section.text, lambda doc: writing.append_blocks(doc, said), by=people["officer"])
    with pytest.raises(ValidationError) as refused:
        sections.validate(section, on=today(), by=people["officer"])
    first, second = refused.value.messages
    assert "🚌" in first
    assert "Un bus 🚌 le soir." in first
    assert "🏠" in second
    text = SharedText.objects.get(pk=section.text_id)
    assert (text.state, "Un bus 🚌 le soir." in to_text(tree_of(text))) == (TextState.OPEN, True)


def test_a_validation_is_taken_back_while_another_group_writes(people):
    _opinion, (section, _other) = drafting(people, 2)
    sections.validate(section, on=today(), by=people["officer"])
    sections.reopen(section, reason="Un chiffre faux.", by=lead_of(people, section))
    section.refresh_from_db()
    section.text.refresh_from_db()
    assert (section.state, section.validated_on, section.text.state) == (SectionState.DRAFTING, None, TextState.OPEN)


def test_once_all_have_validated_only_the_lead_goes_back(people):
    _opinion, (section,) = drafting(people)
    sections.validate(section, on=today(), by=people["officer"])
    with pytest.raises(StateConflict):
        sections.reopen(section, reason="Un chiffre faux.", by=people["officer"])


# The directorates


def checked(people, titles=2):
    opinion = OpinionFactory(term=people.term, state=S.SERVICES_CHECK, officer=people["officer"])
    request = ServicesRequestFactory(opinion=opinion, directorate=people.directorate)
    return request, [RecommendationFactory(opinion=opinion, number=n) for n in range(1, titles + 1)]


def test_asking_finds_the_recommendations_and_writes_to_the_contacts(people):
    opinion = OpinionFactory(term=people.term, state=S.GROUP_VALIDATED)
    OpinionSectionFactory(opinion=opinion, validated=True, title="Habiter")
    contact = people["dir_contact"]
    made = checks.ask(opinion, [people.directorate], due_on=today() + timedelta(days=9), by=people["officer"])
    rows = Recommendation.objects.filter(opinion=opinion).values_list("title", "number", "reference")
    assert list(rows) == [("Un guichet Habiter", 1, "")]
    assert [row.directorate for row in made] == [people.directorate]
    assert Delivery.objects.get(distribution__kind="opinion-check").person == contact.person


def test_directorates_of_another_assembly_closed_or_none_are_not_asked(people):
    opinion = OpinionFactory(term=people.term, state=S.GROUP_VALIDATED)
    OpinionSectionFactory(opinion=opinion, validated=True)
    due = today() + timedelta(days=9)
    closed = DirectorateFactory(assembly=people.assembly, closed_on=today())
    for wanted in ([], [closed], [DirectorateFactory(assembly=TermFactory(number=7).assembly, closed_on=today())]):
        with pytest.raises(ValidationError):
            checks.ask(opinion, wanted, due_on=due, by=people["officer"])
    with pytest.raises(ValidationError):
        checks.ask(opinion, [people.directorate], due_on=today() - timedelta(days=1), by=people["officer"])
    assert Opinion.objects.get(pk=opinion.pk).state == S.GROUP_VALIDATED


def test_a_note_is_kept_and_the_second_of_two_agents_loses_nothing(people):
    request, (one, _two) = checked(people)
    checks.save(request, one, NOTE, version=0, by=people["dir_contact"])
    assert (progress_of(request), ServicesRequest.objects.get(pk=request.pk).state) == ((1, 2), C.DRAFTED)
    with pytest.raises(EditConflict) as overtaken:
        checks.save(request, one, NOTE | {"body": "Autre avis."}, version=0, by=people["dir_approver"])
    assert overtaken.value.current.body == "Déjà fait à Muret."
    checks.save(request, one, NOTE | {"body": "Autre avis."}, version=1, by=people["dir_approver"])
    assert ServiceNote.objects.get(request=request).body == "Autre avis."


def test_the_visa_comes_after_every_note_and_says_late(people):
    request, (one, two) = checked(people)
    contact, approver = people["dir_contact"], people["dir_approver"]
    checks.save(request, one, NOTE, version=0, by=contact)
    with pytest.raises(ValidationError):
        CHECK.transition(request, "submit", by=contact)
    checks.save(request, two, {"is_concerned": False}, version=0, by=contact)
    CHECK.transition(request, "submit", by=contact)
    with pytest.raises(PermissionDenied):
        CHECK.transition(request, "validate", by=contact)
    CHECK.transition(request, "return", reason="Chiffrer.", by=approver)
    checks.save(request, one, NOTE | {"cost": "under_10k"}, version=1, by=contact)
    CHECK.transition(request, "submit", by=contact)
    ServicesRequest.objects.filter(pk=request.pk).update(due_on=today() - timedelta(days=2))
    request.refresh_from_db()
    CHECK.transition(request, "validate", by=approver)
    request.refresh_from_db()
    assert (request.state, request.was_late, request.validated_by) == (C.VALIDATED, True, approver)


def test_a_note_says_something_and_only_about_this_opinion(people):
    request, (one, two) = checked(people)
    contact = people["dir_contact"]
    with pytest.raises(ValidationError):
        checks.save(request, one, {"body": "Bof."}, version=0, by=contact)
    with pytest.raises(ValidationError):
        checks.save(request, RecommendationFactory(), NOTE, version=0, by=contact)
    Recommendation.objects.filter(pk=two.pk).update(state=RecommendationState.REMOVED)
    two.refresh_from_db()
    with pytest.raises(ValidationError):
        checks.save(request, two, NOTE, version=0, by=contact)
    with pytest.raises(ValueError, match="grid"):
        checks.save(request, one, NOTE | {"version": 9}, version=0, by=contact)


@pytest.mark.parametrize("who", ["lead", "officer", "member", "president", "facilitator", "stranger"])
def test_only_the_directorate_notes(who, people):
    request, (one, _two) = checked(people)
    with pytest.raises(PermissionDenied):
        checks.save(request, one, NOTE, version=0, by=people[who])


@pytest.mark.parametrize("state", [S.TABLED, S.ADOPTED, S.DRAFTING, S.WITHDRAWN])
def test_notes_are_taken_until_the_text_is_tabled(state, people):
    request = ServicesRequestFactory(opinion__term=people.term, opinion__state=state, directorate=people.directorate)
    one = RecommendationFactory(opinion=request.opinion)
    with pytest.raises(StateConflict):
        checks.save(request, one, NOTE, version=0, by=people["dir_contact"])


def test_late_notes_are_welcome_after_the_texts_became_one(people):
    opinion = OpinionFactory(term=people.term, state=S.CONSOLIDATED)
    request = ServicesRequestFactory(opinion=opinion, directorate=people.directorate)
    note = checks.save(request, RecommendationFactory(opinion=opinion), NOTE, version=0, by=people["dir_contact"])
    assert note.pk


def test_the_team_closes_reminds_once_a_day_and_changes_the_day(people):
    request, _rows = checked(people)
    officer = people["officer"]
    assert people["dir_contact"]
    checks.remind(request, by=officer)
    first = request.reminded_at
    with pytest.raises(ValidationError, match="déjà été relancée aujourd’hui"):
        checks.remind(request, by=people["lead"])
    request.refresh_from_db()
    assert (request.reminded_at, Entry.objects.filter(event_type="check.reminded").count()) == (first, 1)
    assert Distribution.objects.filter(kind="opinion-check-again").count() == 1
    with time_machine.travel(timezone.now() + timedelta(days=1)):
        checks.remind(request, by=officer)
    assert Distribution.objects.filter(kind="opinion-check-again").count() == 2
    checks.change_due(request, today() + timedelta(days=40), by=officer)
    CHECK.transition(request, "close", reason="Trop tard.", by=officer)
    request.refresh_from_db()
    assert (request.state, request.reason, request.due_on) == (C.CLOSED, "Trop tard.", today() + timedelta(days=40))
    for act in (
        lambda: checks.remind(request, by=people["dir_contact"]),
        lambda: checks.change_due(request, today(), by=people["member"]),
    ):
        with pytest.raises(PermissionDenied):
            act()


def test_progress_counts_what_is_still_in_the_opinion(people):
    request, (one, two) = checked(people)
    ServiceNoteFactory(request=request, recommendation=one)
    Recommendation.objects.filter(pk=two.pk).update(state=RecommendationState.REMOVED)
    assert progress_of(request) == (1, 1)


# Before a sitting


def test_a_version_of_each_text_is_kept_before_its_sitting(people):
    _opinion, (mine, other) = drafting(people, 2)
    meeting = SittingFactory(committee_sitting=True, committee=mine.committee, term=people.term)
    voting.keep_versions_before(meeting, by=people["officer"])
    voting.keep_versions_before(meeting, by=people["officer"])
    assert (mine.text.versions.count(), other.text.versions.count()) == (1, 0)
    voting.keep_versions_before(SittingFactory(term=people.term), by=people["officer"])
    assert (mine.text.versions.count(), other.text.versions.count()) == (1, 1)
    assert SharedText.objects.filter(state=TextState.FROZEN).count() == 0
