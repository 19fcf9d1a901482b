"""The same referral outside the bureau: the president's office, the members, anybody, the home pages."""

from datetime import timedelta

import pytest
from django.contrib.auth.models import AnonymousUser
from django.core.cache import cache
from django.urls import reverse
from django.utils import timezone

from assembly.documents.models import Document, Rendition
from assembly.documents.registry import renderers
from assembly.institution import registry
from assembly.institution.todo import todo_for
from assembly.portal.registry import page_widgets
from assembly.search.registry import source_of
from consultations.models import DirectorateReview, Referral, ReferralState
from consultations.referrals import actions as referrals
from consultations.referrals.queries import LABEL, letter_facts
from sessions.agenda import topics
from tests.browsing import StrictClient
from tests.factories.consultations import (
    BriefingDocumentFactory,
    CouncilViewFactory,
    DirectorateReviewFactory,
    ReferralCommitteeFactory,
    ReferralDirectorateFactory,
    ReferralFactory,
)
from tests.factories.institution import CommitteeMembershipFactory, TermFactory
from tests.factories.sessions import AgendaItemFactory, SittingFactory

pytestmark = pytest.mark.django_db
S = ReferralState


def complete(people, **traits):
    referral = ReferralFactory(term=people.term, officer=people["officer"], **traits)
    ReferralDirectorateFactory(referral=referral, lead=True)
    return referral


def office(referral, *slug):
    return reverse(f"consultations:office-{'step' if slug else 'referral'}", args=[referral.pk, *slug])


def own(referral):
    return reverse("consultations:my-referral", args=[referral.pk])


def public(referral):
    return reverse("consultations:public", args=[referral.reference])


def test_the_office_has_no_button_while_the_letter_lacks_something(people, signed_in):
    referral = ReferralFactory(term=people.term, review=True, bare=True)
    page = signed_in("president").get(office(referral)).text
    assert "En instruction : il manque" in page.replace("\xa0", " ")
    assert office(referral, "emettre") not in page


def test_the_office_reads_the_letter_and_gives_its_visa(people, signed_in):
    referral = complete(people, review=True)
    browser = signed_in("president")
    page = browser.get(office(referral))
    assert office(referral, "emettre") in page.text
    assert "Un habitant sur quatre" in page.text
    due = (timezone.localdate() + timedelta(days=30)).isoformat()
    assert browser.post(office(referral, "emettre"), {"reviews_due_on": "2020-01-01"}).status_code == 422
    assert browser.post(office(referral, "emettre"), {"reviews_due_on": due}).status_code == 302
    fresh = Referral.objects.get(pk=referral.pk)
    assert (fresh.state, fresh.issued_by) == (S.ISSUED, people["president"])
    assert str(DirectorateReview.objects.get().due_on) == due
    assert browser.post(office(referral, "emettre"), {"reviews_due_on": due}).status_code == 409
    assert DirectorateReview.objects.count() == 1


def test_the_visa_asks_who_is_there(people):
    referral = complete(people, review=True)
    browser = StrictClient()
    browser.force_login(people.ready(people["president"]))
    answer = browser.post(office(referral, "emettre"), {"reviews_due_on": "2027-01-01"})
    assert answer.status_code == 302
    assert answer.headers["Location"] != office(referral)
    assert Referral.objects.get(pk=referral.pk).state == S.INTERNAL_REVIEW


def test_the_office_sends_it_back_with_a_reason(people, signed_in):
    referral = complete(people, review=True)
    browser = signed_in("president")
    assert browser.post(office(referral, "renvoyer"), {"reason": ""}).status_code == 422
    assert browser.post(office(referral, "renvoyer"), {"reason": "Le calendrier."}).status_code == 302
    assert Referral.objects.get(pk=referral.pk).state == S.DRAFT
    assert browser.get(office(referral)).status_code == 404
    history = signed_in("officer").get(reverse("consultations:history", args=[referral.pk])).text
    assert "Le calendrier." in history


def test_the_sponsor_reads_and_signs_nothing(people, signed_in):
    referral = complete(people, review=True)
    given = DirectorateReviewFactory(referral=referral, given=True, directorate=people.directorate)
    DirectorateReviewFactory(referral=referral, state="drafted")
    browser = signed_in("sponsor")
    page = browser.get(office(referral)).text
    assert given.summary in page
    assert office(referral, "emettre") not in page
    assert browser.get(office(referral, "emettre")).status_code == 403
    assert browser.get(office(complete(people))).status_code == 404
    assert signed_in("officer").get(office(referral)).status_code == 403


def test_the_letter_says_what_the_referral_says(people):
    referral = complete(people, review=True, decided="Rien.", target_decision="Schéma Autonomie")
    told = letter_facts(referral)
    assert told["reference"] == f"{referral.reference}-LS"
    assert told["frame"] == [{"label": "Ce qui est déjà décidé", "text": "Rien."}]
    assert told["signed_by"] == {}
    assert "180 jours" in told["commitment"].replace("\u00a0", " ")
    draft = renderers[referrals.DRAFT_LETTER].source(renderers[referrals.DRAFT_LETTER].load(referral.pk))
    assert referral.question.split(" ?")[0] in draft.html
    assert (draft.cachet, draft.data) == (False, None)


def test_the_sealed_letter_carries_the_visa(people, signed_in):
    referral = complete(people, review=True)
    referrals.issue(referral, reviews_due_on=timezone.localdate() + timedelta(days=30), by=people["president"])
    renderer = renderers[referrals.LETTER]
    subject = renderer.load(referral.pk)
    [visa] = renderer.visas(subject)
    assert visa.name == people["president"].person.full_name
    assert renderer.source(subject).cachet
    for who, sees in (("member", True), ("sponsor", True), ("officer", True), ("stranger", False), ("witness", False)):
        assert renderer.can_read(people[who], subject) is sees, who
    assert (Rendition.objects.count(), Document.objects.count()) == (1, 0)


def test_members_read_what_was_issued(people, signed_in):
    referral = complete(people, working=True)
    group = ReferralCommitteeFactory(referral=referral, mandate_statement="Comment vieillir chez soi ?")
    CommitteeMembershipFactory(committee=group.committee, person=people["member"].person)
    AgendaItemFactory(
        sitting__term=people.term,
        sitting__held=True,
        title="Le schéma",
        topic_type="consultations.Referral",
        topic_id=str(referral.pk),
    )
    hidden = complete(people, review=True)
    browser = signed_in("member")
    listed = browser.get("/espace/saisines/")
    assert [row.pk for row in listed.context["page"]] == [referral.pk]
    assert "votre groupe y travaille" in listed.text
    page = browser.get(own(referral)).text
    assert "Comment vieillir chez soi" in page
    assert "Le schéma" in page
    assert "Contributions des directions" not in page
    assert browser.get(own(hidden)).status_code == 404


@pytest.mark.parametrize("rows", [1, 3])
def test_the_list_of_the_room_costs_the_same_with_more_rows(rows, people, signed_in, django_assert_num_queries):
    for _ in range(rows):
        ReferralCommitteeFactory(referral=complete(people, working=True))
    browser = signed_in("member")
    with django_assert_num_queries(5):
        assert browser.get("/espace/saisines/").status_code == 200


def test_the_page_of_the_room_costs_few_statements(people, signed_in, django_assert_max_num_queries):
    referral = complete(people, working=True)
    for _ in range(3):
        ReferralCommitteeFactory(referral=referral)
    browser = signed_in("member")
    with django_assert_max_num_queries(12):
        assert browser.get(own(referral)).status_code == 200


def test_the_public_reads_what_was_published_and_nothing_else(people, client):
    shown = complete(people, working=True, published=True)
    ReferralCommitteeFactory(referral=shown)
    DirectorateReviewFactory(referral=shown, given=True, summary="Avis réservé à la mission.")
    AgendaItemFactory(
        sitting__term=people.term,
        sitting__held=True,
        sitting__is_public=True,
        sitting__title="Plénière du printemps",
        topic_type="consultations.Referral",
        topic_id=str(shown.pk),
    )
    BriefingDocumentFactory(pack__referral=shown, pack__released=True, title="Étude publique", is_public=True)
    BriefingDocumentFactory(pack=shown.briefing, title="Étude réservée")
    hidden = complete(people, working=True)
    page = client.get(public(shown))
    assert page.status_code == 200
    assert "Plénière du printemps" in page.text
    assert "Étude publique" in page.text
    for words in ("Étude réservée", "Avis réservé", people["officer"].person.last_name):
        assert words not in page.text
    assert client.get(public(hidden)).status_code == 404
    listed = client.get("/saisines/").text
    assert shown.title in listed
    assert hidden.title not in listed


def test_public_pages_are_light(people, client, django_assert_max_num_queries):
    for _ in range(3):
        shown = complete(people, working=True, published=True)
        ReferralCommitteeFactory(referral=shown)
        BriefingDocumentFactory(pack__referral=shown, pack__released=True, is_public=True)
    for address in ("/saisines/", public(shown)):
        cache.clear()
        with django_assert_max_num_queries(8):
            page = client.get(address)
        assert len(page.content) < 60_000
        assert "<script" not in page.text


def test_the_public_page_tells_the_council_view_and_the_vote(people, client):
    referral = ReferralFactory(term=people.term, own=True, state=S.ADOPTED, published=True)
    CouncilViewFactory(referral=referral)
    page = client.get(public(referral)).text
    assert "Le sujet éclaire le schéma à venir." in page
    assert "70 pour, 10 contre, 5 abstentions, 1 ne se prononce pas" in " ".join(page.split())


def test_home_pages_show_the_work(people, signed_in, client):
    shown = complete(people, working=True, published=True, title="L’eau en été")
    complete(people, review=True, title="En instruction")
    assert "En ce moment" in client.get("/").text
    assert shown.title in client.get("/").text
    assert shown.title in signed_in("member").get("/espace/").text
    room = signed_in("president").get("/instructions/").text
    assert "Émettre la saisine" in room
    assert "L’eau en été" in room
    later = page_widgets("public", None, TermFactory(another=True))["main"]
    assert not any(shown.title in panel for panel in later)
    assert any("L’Assemblée attend sa prochaine question." in panel for panel in later)


def test_the_home_shows_first_what_the_nearest_public_sitting_is_about(people, client):
    shown = {name: complete(people, working=True, published=True, title=name) for name in ("Eau", "Soins", "Route")}
    for name, days in (("Eau", 40), ("Soins", 12), ("Route", -3)):
        sitting = SittingFactory(term=people.term, is_public=True, starts_at=timezone.now() + timedelta(days=days))
        AgendaItemFactory(sitting=sitting, topic_type=LABEL, topic_id=str(shown[name].pk))
    work = client.get("/").text.split("En ce moment")[1].split("Prochaine séance publique")[0]
    order = sorted(shown, key=work.index)
    assert order == ["Soins", "Eau", "Route"]
    assert "Étapes de la saisine" in work


def test_what_waits_is_said_to_whom_it_waits_for(people):
    term = people.term
    accepted, late = complete(people, accepted=True), complete(people, working=True, work_starts_on=None)
    Referral.objects.filter(pk=late.pk).update(due_on=timezone.localdate() - timedelta(days=2))
    waiting, answered = complete(people, review=True), complete(people, state=S.ANSWERED)

    def titles(who, room):
        return " ".join(str(line.title) for line in todo_for(people[who], room, term).lines)

    assert accepted.title in titles("officer", "desk")
    assert late.title in titles("officer", "desk")
    assert answered.title not in titles("officer", "desk")
    assert answered.title in titles("lead", "desk")
    assert waiting.title in titles("president", "directorate")
    assert waiting.title not in titles("sponsor", "directorate")
    assert titles("facilitator", "desk") == ""


def test_the_files_of_an_agent_pass_to_another(people):
    mine, ended = complete(people, working=True), complete(people, state=S.WITHDRAWN)
    counted = {files.key: count for files, count in registry.open_dossiers(people["officer"], people.term)}
    assert counted["referrals"] == 1
    registry.reassign_dossiers(people["officer"], people["lead"], people.term, people["lead"])
    assert Referral.objects.get(pk=mine.pk).officer == people["lead"]
    assert Referral.objects.get(pk=ended.pk).officer == people["officer"]


def test_an_agenda_shows_the_referral_to_whoever_may_see_it(people):
    referral, hidden = complete(people, issued=True), complete(people, review=True)
    pairs = [("consultations.Referral", str(row.pk)) for row in (referral, hidden)]

    def seen(reader):
        return {key[1]: subject.url for key, subject in topics.describe_topics(pairs, reader).items()}

    desk = reverse("consultations:referral", args=[referral.pk])
    assert seen(people["officer"])[str(referral.pk)] == desk
    assert seen(people["member"]) == {str(referral.pk): own(referral)}
    assert seen(people["sponsor"])[str(hidden.pk)] == office(hidden)
    assert seen(people["stranger"]) == seen(None) == {}


def test_the_search_finds_it_for_those_who_read_it(people):
    source = source_of("referral")
    hidden, issued = complete(people, review=True), complete(people, issued=True)
    shown = complete(people, issued=True, published=True)

    def found(user):
        return set(source.visible_to(user)[""].values_list("pk", flat=True))

    assert found(AnonymousUser()) == {shown.pk}
    assert found(people["member"]) == {issued.pk, shown.pk}
    assert found(people["officer"]) == {hidden.pk, issued.pk, shown.pk}
    assert found(people.elsewhere("officer")) == {shown.pk}
    [entry] = source.entries(issued)
    assert issued.question in entry.body
