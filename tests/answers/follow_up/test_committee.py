"""The follow-up committee: who sits there, what it says and hears, who reads it."""

from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils import timezone

from answers.follow_up import actions as follow_up
from answers.models import FollowUpHearing, FollowUpRemark, FollowUpState
from assembly.institution.models import Committee, CommitteeKind, CommitteeMembership
from assembly.institution.todo import todo_for
from assembly.notifications.models import Distribution
from assembly.workflow import StateConflict
from tests.answers.publication.test_public import statements, text, thread
from tests.answers.stage import followed_by
from tests.factories.institution import CommitteeFactory, CommitteeMembershipFactory

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("proved_for_long")]
S = FollowUpState
TODAY = timezone.localdate()
HOME = "/espace/suites/"


def seat(people, who="member", *, term=None, kind=CommitteeKind.FOLLOW_UP, **facts):
    body = CommitteeFactory(term=term or people.term, kind=kind)
    return CommitteeMembershipFactory(committee=body, person=people[who].person, **facts)


def page_of(row):
    return reverse("answers:committee-follow-up", args=[row.pk])


def step(row, slug):
    return reverse("answers:committee-step", args=[row.pk, slug])


def test_only_who_sits_there_today_says_something(people):
    row = followed_by(people)
    member = people["member"]
    with pytest.raises(PermissionDenied):
        follow_up.note_remark(row, "Oui.", by=member)
    held = seat(people, kind=CommitteeKind.TECHNICAL)
    with pytest.raises(PermissionDenied):
        follow_up.note_remark(row, "Oui.", by=member)
    CommitteeMembership.objects.filter(pk=held.pk).delete()
    held = seat(people, starts_on=TODAY - timedelta(days=90), ends_on=TODAY - timedelta(days=1))
    with pytest.raises(PermissionDenied):
        follow_up.note_remark(row, "Oui.", by=member)
    CommitteeMembership.objects.filter(pk=held.pk).update(ends_on=TODAY)
    assert follow_up.note_remark(row, " Nous attendons le calendrier. ", by=member).text.startswith("Nous")
    Committee.objects.filter(pk=held.committee_id).update(closed_on=TODAY)
    with pytest.raises(PermissionDenied):
        follow_up.ask_hearing(row, service="Achats", question="Quand ?", by=member)
    with pytest.raises(PermissionDenied):
        follow_up.note_remark(row, "Oui.", by=people["dir_contact"])
    with pytest.raises(ValidationError):
        follow_up.note_remark(row, " ", by=people["officer"])


def test_a_service_is_asked_heard_and_written_down_once(people):
    row, _contact = followed_by(people), people["dir_contact"]
    seat(people)
    asked = follow_up.ask_hearing(row, service="Service des achats", question="Pourquoi mai ?", by=people["member"])
    mail = Distribution.objects.get(kind="follow-up-hearing")
    assert [one.person for one in mail.deliveries.all()] == [people["dir_contact"].person]
    lines = [str(line.title) for line in todo_for(people["officer"], "desk", people.term).lines]
    assert "Organiser 1 audition demandée" in lines
    words = {"heard_by": "Le comité, à neuf", "summary": "Un seul constructeur livre."}
    with pytest.raises(PermissionDenied):
        follow_up.record_heard(row, asked.pk, on=TODAY, **words, by=people["member"])
    for on in (TODAY + timedelta(days=1), TODAY - timedelta(days=1)):
        with pytest.raises(ValidationError):
            follow_up.record_heard(row, asked.pk, on=on, **words, by=people["officer"])
    follow_up.record_heard(row, asked.pk, on=TODAY, **words, by=people["officer"])
    with pytest.raises(StateConflict):
        follow_up.record_heard(row, asked.pk, on=TODAY, **words, by=people["officer"])
    remark = follow_up.note_remark(row, "Merci.", by=people["member"])
    for write in (
        lambda: FollowUpHearing.objects.filter(pk=asked.pk).update(summary="Rien."),
        lambda: FollowUpHearing.objects.filter(pk=asked.pk).delete(),
        lambda: FollowUpRemark.objects.filter(pk=remark.pk).update(text="Rien."),
        lambda: FollowUpRemark.objects.filter(pk=remark.pk).delete(),
    ):
        with pytest.raises(IntegrityError, match="append-only"), transaction.atomic():
            write()


def test_the_committee_reads_and_writes_and_the_public_does_not(people, signed_in, client):
    row = followed_by(people, S.IN_PROGRESS)
    member = signed_in("member")
    assert (member.get(HOME).status_code, member.get(page_of(row)).status_code) == (403, 404)
    seat(people)
    assert row.case.title in text(member, HOME)
    assert "Comité de suivi" in text(member, "/espace/")
    answer = member.post(step(row, "remarque"), {"text": "Le calendrier manque."})
    assert (answer.status_code, answer.url) == (302, page_of(row))
    assert member.post(step(row, "remarque"), {"text": ""}).status_code == 422
    told = {"service": "Service des achats", "question": "Pourquoi mai ?"}
    assert member.post(step(row, "entendre"), told).status_code == 302
    for browser, address in (
        (member, page_of(row)),
        (signed_in("officer"), reverse("answers:desk-follow-up", args=[row.case_id])),
        (signed_in("dir_contact"), reverse("answers:directorate-case", args=[row.case_id])),
    ):
        words = text(browser, address)
        assert ("Le calendrier manque." in words, "Service des achats" in words) == (True, True), address
    reference = row.case.opinion.reference
    tabs = [reverse(f"opinions:{name}", args=[reference]) for name in ("public", "public-text")]
    for address in (thread(row.case.recommendation), *tabs):
        assert "Le calendrier manque." not in text(client, address)
    desk = reverse("answers:follow-up-step", args=[row.pk, "audition"])
    officer = signed_in("officer")
    assert officer.get(desk).status_code == 200
    key = FollowUpHearing.objects.get().pk
    heard = {"hearing": key, "on": TODAY.isoformat(), "heard_by": "Le comité", "summary": "Un seul constructeur."}
    assert officer.post(desk, heard).status_code == 302
    assert officer.post(desk, heard).status_code == 409
    assert "Un seul constructeur." in text(member, page_of(row))


def test_other_terms_and_other_members_see_nothing(people, signed_in):
    row = followed_by(people)
    seat(people)
    other = people.make("member", people.term)
    assert signed_in(other).get(page_of(row)).status_code == 404
    assert signed_in(other).get(HOME).status_code == 403
    stranger = people.elsewhere("member")
    theirs = CommitteeFactory(term=stranger.roles.get().term, kind=CommitteeKind.FOLLOW_UP)
    CommitteeMembershipFactory(committee=theirs, person=stranger.person)
    with pytest.raises(PermissionDenied):
        follow_up.note_remark(row, "Oui.", by=stranger)


def test_more_words_cost_no_more_statements(people, signed_in):
    row = followed_by(people)
    seat(people)
    browser = signed_in("member")
    follow_up.note_remark(row, "Une remarque.", by=people["member"])
    pages = [HOME, page_of(row)]
    for address in pages:
        browser.get(address)
    few = [statements(browser, address) for address in pages]
    for number in range(9):
        follow_up.note_remark(row, f"Remarque {number}.", by=people["officer"])
        followed_by(people)
    assert [statements(browser, address) for address in pages] == few
