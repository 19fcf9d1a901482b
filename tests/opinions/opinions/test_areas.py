"""Opinions outside the bureau: members, directorates, offices, anybody; home pages, search, mails."""

from datetime import timedelta

import pytest
from django.contrib.auth.models import AnonymousUser
from django.core.cache import cache
from django.urls import reverse
from django.utils import timezone

from assembly.collab import registry
from assembly.collab.actions import threads
from assembly.institution import registry as handover
from assembly.institution.models import CommitteeFunction
from assembly.institution.todo import todo_for
from assembly.notifications.composing import email_message, letter_html
from assembly.notifications.models import Delivery
from assembly.portal.registry import page_widgets
from assembly.search.registry import source_of
from opinions.adoption.actions import handover as handovers
from opinions.checks import actions as checks
from opinions.models import Opinion, OpinionSection, OpinionState, ServiceNote, ServicesCheckState, ServicesRequest
from opinions.opinions import actions
from opinions.sections import actions as sections
from sessions.agenda import topics
from tests.browsing import StrictClient
from tests.factories.institution import CommitteeMembershipFactory
from tests.factories.members import MandateFactory
from tests.factories.opinions import (
    MinorityPositionFactory,
    OpinionFactory,
    OpinionSectionFactory,
    RecommendationFactory,
    ServiceNoteFactory,
    ServicesRequestFactory,
)
from tests.opinions.papers.whole import sealed
from tests.undo import told

pytestmark = pytest.mark.django_db
S, C = OpinionState, ServicesCheckState
NOTE = {"is_concerned": "1", "competence": "yes", "feasibility": "as_is", "body": "Déjà fait.", "version": 0}


def url(name, *args):
    return reverse(f"opinions:{name}", args=args)


def writing(people, lead=False):
    section = OpinionSectionFactory(opinion__term=people.term, opinion__state=S.DRAFTING)
    function = CommitteeFunction.GROUP_LEAD if lead else CommitteeFunction.MEMBER
    CommitteeMembershipFactory(committee=section.committee, person=people["member"].person, function=function)
    return section


# Who reads what


@pytest.mark.parametrize("state", OpinionState)
def test_who_reads_an_opinion_in_each_state(state, people, signed_in):
    """Members from the writing on; offices from the tabling, never a vote before it is adopted; anybody at the end."""
    opinion = OpinionFactory(term=people.term, state=state, easy_read="Nous demandons des guichets.")
    OpinionSectionFactory(opinion=opinion, bare=state == S.OUTLINE)
    RecommendationFactory(opinion=opinion, numbered=True)
    MinorityPositionFactory(opinion=opinion, submitted=True)
    with told("member", state):
        seen, browser = state not in {S.OUTLINE, S.WITHDRAWN}, signed_in("member")
        assert browser.get(url("my-opinion", opinion.pk)).status_code == (200 if seen else 404)
        assert (opinion.title in browser.get(url("my-list")).text) == seen
    for who in ("president", "sponsor"):
        with told(who, state):
            page = signed_in(who).get(url("office-opinion", opinion.pk))
            assert page.status_code == (200 if state in S.tagged("tabled") else 404)
            if state in {S.TABLED, S.AMENDING, S.FROZEN, S.VOTED}:
                assert "Positions minoritaires" not in page.text
                assert "contre" not in page.text
    with told("anybody", state):
        cache.clear()
        published, browser = state == S.PUBLISHED, StrictClient()
        assert (opinion.title in browser.get(url("public-list")).text) == published
        page = browser.get(url("public-text", opinion.reference or "AC2-2026-99"))
        assert page.status_code == (200 if published else 404)
        assert ("Nous demandons des guichets." in page.text) == published


# Members


def test_a_member_writes_in_the_text_of_the_group_and_proposes_in_the_others(people, signed_in):
    section = writing(people)
    other = OpinionSectionFactory(opinion=section.opinion)
    browser = signed_in("member")
    rights = [
        browser.get(url("my-section-text", row.opinion_id, row.pk)).context["coedit"].right.name
        for row in (section, other)
    ]
    assert rights == ["WRITE", "SUGGEST"]


def test_the_lead_of_a_group_validates_from_the_room(people, signed_in):
    section = writing(people, lead=True)
    browser = signed_in("member")
    address = url("section-validate", section.pk)
    assert address in browser.get(url("my-opinion", section.opinion_id)).text
    today = f"{timezone.localdate():%Y-%m-%d}"
    answer = browser.post(address, {"on": today, "mode": "consent", "blanks_seen": "on"})
    assert answer.url == url("my-opinion", section.opinion_id)
    assert Opinion.objects.get(pk=section.opinion_id).state == S.GROUP_VALIDATED
    assert address not in browser.get(url("my-opinion", section.opinion_id)).text


def test_members_never_reach_the_bureau_nor_the_check(people, signed_in):
    section = writing(people)
    request = ServicesRequestFactory(opinion=section.opinion, directorate=people.directorate)
    browser = signed_in("member")
    for address in (
        url("opinion", section.opinion_id),
        url("checks", section.opinion_id),
        url("recommendations", section.opinion_id),
        url("check", request.pk),
        url("office-opinion", section.opinion_id),
    ):
        assert browser.get(address).status_code in {403, 404}


@pytest.mark.parametrize("rows", [1, 3])
def test_the_members_pages_cost_the_same_with_more_rows(rows, people, signed_in, django_assert_max_num_queries):
    opinion = OpinionFactory(term=people.term, state=S.DRAFTING)
    for _ in range(rows):
        OpinionSectionFactory(opinion=opinion)
        OpinionFactory(term=people.term, state=S.ADOPTED)
    browser = signed_in("member")
    with django_assert_max_num_queries(12):
        assert browser.get(url("my-opinion", opinion.pk)).status_code == 200
    with django_assert_max_num_queries(9):
        assert browser.get(url("my-list")).status_code == 200


# Directorates


def asked(people, count=2):
    opinion = OpinionFactory(term=people.term, state=S.SERVICES_CHECK)
    section = OpinionSectionFactory(opinion=opinion, validated=True)
    rows = [RecommendationFactory(opinion=opinion, section=section, number=n) for n in range(1, count + 1)]
    return ServicesRequestFactory(opinion=opinion, directorate=people.directorate), rows, section


def test_a_directorate_notes_reads_again_and_gives(people, signed_in):
    request, (one, two), section = asked(people)
    contact, approver = signed_in("dir_contact"), signed_in("dir_approver")
    assert "0 préconisation notée sur 2" in " ".join(contact.get(url("check", request.pk)).text.split())
    assert contact.get(url("check-text", request.opinion_id, section.pk)).status_code == 200
    answer = contact.post(url("check-note", request.pk, one.pk), NOTE)
    assert answer.url == url("check-note", request.pk, two.pk)
    assert contact.post(url("check-note", request.pk, two.pk), NOTE | {"competence": ""}).status_code == 422
    contact.post(url("check-note", request.pk, two.pk), {"is_concerned": "0", "version": 0})
    assert contact.get(url("check-submit", request.pk)).status_code == 200
    contact.post(url("check-submit", request.pk))
    assert contact.get(url("check-visa", request.pk)).status_code == 403
    visa = approver.get(url("check-visa", request.pk))
    assert visa.status_code == 200
    assert "Déjà fait." in visa.text
    assert url("check-return", request.pk) in visa.text
    approver.post(url("check-return", request.pk), {"reason": "Chiffrer."})
    assert "Chiffrer." in contact.get(url("check", request.pk)).text
    contact.post(url("check-note", request.pk, one.pk), NOTE | {"version": 1, "cost": "under_10k"})
    contact.post(url("check-submit", request.pk))
    approver.post(url("check-visa", request.pk))
    assert ServicesRequest.objects.get(pk=request.pk).state == C.VALIDATED
    assert contact.get(url("check-text", request.opinion_id, section.pk)).status_code == 404
    team = signed_in("officer").get(url("checks", request.opinion_id))
    assert "Déjà fait." in team.text


def test_two_agents_at_once_see_both_notes(people, signed_in):
    request, (one, _two), _section = asked(people)
    signed_in("dir_contact").post(url("check-note", request.pk, one.pk), NOTE | {"body": "Premier."})
    answer = signed_in("dir_approver").post(url("check-note", request.pk, one.pk), NOTE | {"body": "Second."})
    assert answer.status_code == 409
    assert "Premier." in answer.text
    assert "Second." in answer.text
    assert ServiceNote.objects.get().body == "Premier."


def test_another_directorate_sees_nothing(people, signed_in):
    request, (one, _two), section = asked(people)
    other = signed_in(people.elsewhere("dir_contact"))
    for address in (
        url("check", request.pk),
        url("check-note", request.pk, one.pk),
        url("check-text", request.opinion_id, section.pk),
    ):
        assert other.get(address).status_code == 404


@pytest.mark.parametrize("rows", [1, 3])
def test_the_directorates_page_costs_the_same_with_more_rows(rows, people, signed_in, django_assert_num_queries):
    request, found, _section = asked(people, rows)
    for row in found:
        ServiceNoteFactory(request=request, recommendation=row)
    browser = signed_in("dir_contact")
    with django_assert_num_queries(13):
        assert browser.get(url("check", request.pk)).status_code == 200


def test_the_team_reminds_moves_the_day_and_closes(people, signed_in):
    request, _rows, _section = asked(people)
    browser = signed_in("officer")
    later = f"{timezone.localdate() + timedelta(days=40):%Y-%m-%d}"
    assert browser.post(url("check-remind", request.pk)).status_code == 302
    assert browser.post(url("check-due", request.pk), {"due_on": "2020-01-01"}).status_code == 422
    browser.post(url("check-due", request.pk), {"due_on": later})
    assert browser.post(url("check-close", request.pk), {"reason": ""}).status_code == 422
    browser.post(url("check-close", request.pk), {"reason": "Trop tard."})
    assert ServicesRequest.objects.get(pk=request.pk).state == C.CLOSED


# Home pages, search, agenda, mails


def titles(user, room, term):
    return [str(line.title) for line in todo_for(user, room, term).lines]


def test_each_room_says_what_waits(people):
    term = people.term
    section = writing(people, lead=True)
    request, _rows, _section = asked(people)
    adopted = OpinionFactory(term=term, state=S.ADOPTED)
    assert f"Écrire avec votre groupe : {section.title}" in titles(people["member"], "member", term)
    assert f"Préconisations à noter : {request.opinion.title}" in titles(people["dir_contact"], "directorate", term)
    assert f"Remettre l’avis : {adopted.title}" in titles(people["officer"], "desk", term)
    ServicesRequest.objects.filter(pk=request.pk).update(
        state=C.SUBMITTED, submitted_at=timezone.now(), submitted_by=people["dir_contact"]
    )
    assert not [line for line in titles(people["dir_contact"], "directorate", term) if "notes sur l’avis" in line]
    assert [line for line in titles(people["dir_approver"], "directorate", term) if "notes sur l’avis" in line]


def test_home_pages_show_opinions_to_those_who_may_read_them(people, signed_in):
    tabled = OpinionFactory(term=people.term, state=S.TABLED, title="Un avis déposé")
    OpinionFactory(term=people.term, state=S.DRAFTING, title="Un avis en rédaction")
    OpinionFactory(term=people.term, state=S.PUBLISHED, title="Un avis publié")
    shown = "".join(page_widgets("directorate", people["president"], people.term)["main"]).replace("\u00a0", " ")
    assert tabled.title in shown
    assert "Un avis en rédaction" not in shown
    assert "Un avis publié" in signed_in("member").get("/espace/").text
    assert "Un avis déposé" in signed_in("president").get("/instructions/").text


def test_search_knows_the_words_once_tabled(people):
    drafted = OpinionFactory(term=people.term, state=S.DRAFTING)
    tabled = OpinionFactory(term=people.term, state=S.TABLED)
    source = source_of("opinion")
    assert [entry.body for entry in source.entries(source.objects().get(pk=drafted.pk))] == [""]
    assert [entry.body for entry in source.entries(source.objects().get(pk=tabled.pk))] == ["Constats"]
    assert tabled not in source.visible_to(AnonymousUser())[""]
    assert set(source.visible_to(people["president"])[""]) == {tabled}


def test_an_agenda_item_names_the_opinion_for_each_reader(people):
    opinion = OpinionFactory(term=people.term, state=S.PUBLISHED)
    pair = ("opinions.Opinion", str(opinion.pk))
    found = {
        who: topics.describe_topics([pair], people[who] if who else None)[pair].url
        for who in ("officer", "member", "president", None)
    }
    assert found == {
        "officer": url("opinion", opinion.pk),
        "member": url("my-opinion", opinion.pk),
        "president": url("office-opinion", opinion.pk),
        None: url("public", opinion.reference),
    }
    assert topics.describe_topics([pair], people["dir_contact"]) == {}
    running = OpinionFactory(term=people.term, state=S.DRAFTING)
    assert (f"opinions.Opinion:{running.pk}", running.title) in topics.offered(
        people["officer"], people.term.pk, most=9
    )


def test_texts_lead_each_person_to_their_own_page(people):
    section = writing(people)
    request, _rows, read = asked(people)
    opinion = OpinionFactory(term=people.term, state=S.TABLED)
    assert registry.address(section.text, people["officer"]) == url("section-text", section.opinion_id, section.pk)
    assert registry.address(section.text, people["member"]) == url("my-section-text", section.opinion_id, section.pk)
    assert registry.address(read.text, people["dir_contact"]) == url("check-text", request.opinion_id, read.pk)
    assert registry.address(opinion.text, people["president"]) == url("office-opinion", opinion.pk)
    assert registry.address(opinion.text, people["member"]) == url("my-text", opinion.pk)
    assert registry.address(opinion.text, people["lead"]) == url("text", opinion.pk)


def test_the_team_gives_a_comment_to_a_directorate_that_reads(people, signed_in):
    request, _rows, part = asked(people)
    agent, officer = people["dir_contact"], people["officer"]
    thread = threads.open_thread(part.text, body="Combien cela coûte-t-il ?", by=officer)
    chosen = registry.assignees(part.text, officer)
    assert (list(chosen.people), list(chosen.directorates)) == ([officer], [request.directorate])
    assert [registry.assignees(part.text, who) for who in (agent, people["member"], people["facilitator"])] == [
        None
    ] * 3
    address = reverse("collab:thread", args=[part.text.public_id, thread.public_id])
    signed_in("officer").post(address, {"step": "assign", "to": f"d{request.directorate_id}"})
    room = signed_in("dir_contact")
    assert f"Confié à {request.directorate.name}" in room.get(url("check-text", request.opinion_id, part.pk)).text
    assert room.post(address, {"step": "resolve"}).url.startswith(url("check-text", request.opinion_id, part.pk))
    thread.refresh_from_db()
    assert thread.resolved_by == agent
    assert not registry.assignees(writing(people).text, officer).directorates
    united = OpinionFactory(term=people.term, state=S.CONSOLIDATED)
    assert not registry.assignees(united.text, officer).directorates
    assert registry.assignees(united.text, people["member"]) is None


def test_late_words_become_an_amendment_while_they_are_open(people):
    section = writing(people)
    amending = OpinionFactory(
        term=people.term, state=S.AMENDING, amendments_close_at=timezone.now() + timedelta(days=1)
    )
    part = OpinionSectionFactory(opinion=amending)
    address = url("amendment-new", amending.pk)
    assert registry.late_text_options(section.text, people["member"]) == registry.LateTextOptions()
    for text in (amending.text, part.text):
        found = registry.late_text_options(text, people["member"])
        assert (found.label, found.address) == ("En faire un amendement", address)
        assert registry.late_text_options(text, people["officer"]).address == ""
    united = OpinionFactory(term=people.term, state=S.CONSOLIDATED)
    assert registry.late_text_options(OpinionSectionFactory(opinion=united).text, people["member"]).text == united.text
    tabled = OpinionFactory(term=people.term, state=S.TABLED, amendments_open_at=timezone.now() + timedelta(days=1))
    assert registry.late_text_options(tabled.text, people["member"]).note.startswith("Les amendements s’ouvriront le")
    assert registry.late_text_options(tabled.text, people["president"]).note == ""


def test_every_mail_is_written_with_its_way_in(people):
    MandateFactory(term=people.term)
    section = writing(people)
    OpinionSection.objects.filter(pk=section.pk).update(text=None)
    Opinion.objects.filter(pk=section.opinion_id).update(state=S.OUTLINE)
    opinion = Opinion.objects.select_related("term__assembly", "referral", "officer__person").get(
        pk=section.opinion_id
    )
    actions.open_texts(opinion, by=people["officer"])
    section = OpinionSection.objects.select_related("opinion", "text").get(pk=section.pk)
    section.opinion.officer = people["lead"]
    sections.validate(section, on=timezone.localdate(), by=people["officer"])
    assert people["dir_contact"]
    request = checks.ask(opinion, [people.directorate], due_on=timezone.localdate(), by=people["officer"])[0]
    checks.remind(request, by=people["officer"])
    adopted = OpinionFactory(term=people.term, state=S.ADOPTED)
    sealed(adopted)
    today = timezone.localdate()
    handovers.hand_over(adopted, on=today, place="Toulouse", to="le président", by=people["officer"])
    kinds = {"opinion-open", "opinion-section", "opinion-check", "opinion-check-again", "opinion-handed"}
    rows = Delivery.objects.filter(distribution__kind__in=kinds).exclude(address="")
    assert set(rows.values_list("distribution__kind", flat=True)) == kinds
    for delivery in rows.select_related("distribution__assembly", "person"):
        if delivery.way == "email":
            assert "http" in str(email_message(delivery).body), delivery.distribution.kind
        else:
            assert "sur papier" in letter_html(delivery)


def test_the_files_of_an_agent_who_leaves_are_passed_on(people):
    opinion = OpinionFactory(term=people.term, state=S.DRAFTING, officer=people["officer"])
    assert {files.key: count for files, count in handover.open_dossiers(people["officer"], people.term)}[
        "opinions"
    ] == 1
    handover.reassign_dossiers(people["officer"], people["lead"], people.term, people["lead"])
    assert Opinion.objects.get(pk=opinion.pk).officer == people["lead"]
