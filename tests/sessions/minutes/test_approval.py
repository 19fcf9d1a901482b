"""Approval at the next sitting, visas, seal, publication, distribution, rectification."""

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.urls import reverse

from assembly.audit.models import Entry
from assembly.documents.models import Audience, Document, Rendition
from assembly.notifications.models import Delivery
from assembly.workflow import StateConflict
from sessions.decisions import actions as decisions
from sessions.decisions.rules import Count
from sessions.decisions.workflow import BALLOT
from sessions.minutes.actions import publication
from sessions.minutes.models import MinutesState, MinutesVisaCapacity
from sessions.minutes.queries.minutes import minutes_for_page
from sessions.minutes.workflow.tables import MINUTES
from sessions.models import AgendaKind, Attendance, Decision, Invitee, Minutes, Sitting, SittingState, Via, Visa
from tests.factories.institution import CantonFactory
from tests.sessions.minutes.written_minutes import written_minutes
from tests.sessions.sittings.closed_sitting import at_state, next_plenary

S = MinutesState
CHAIR, SECRETARY = MinutesVisaCapacity.CHAIR, MinutesVisaCapacity.SECRETARY


@pytest.fixture
def minutes(people):
    return written_minutes(people)


def fresh(minutes):
    found = minutes_for_page(minutes.held.officer).select_related("approval_item__sitting").get(pk=minutes.pk)
    found.held = minutes.held
    return found


def document(minutes, audience):
    return Document.objects.create(
        reference=f"PL-2026-02-{audience}",
        kind=f"minutes-{audience}",
        audience=Audience(audience),
        title="PV",
        term=minutes.sitting.term,
        subject_type="sittings.Minutes",
        subject_id=str(minutes.pk),
        dated_on=minutes.sitting.starts_at.date(),
    )


def test_one_click_puts_the_approval_at_the_start_of_the_next_agenda(minutes):
    at_state(minutes, S.CORRECTIONS)
    following = next_plenary(minutes.held)
    item = publication.submit_for_approval(minutes, following, by=minutes.held.officer)
    titles = list(following.agenda.order_by("position").values_list("title", flat=True))
    assert titles == ["Accueil", item.title, "Suite"]
    assert (item.kind, item.topic_type, item.topic_id) == (
        AgendaKind.MINUTES_APPROVAL,
        "sittings.Minutes",
        str(minutes.pk),
    )
    assert (minutes.state, minutes.approval_item) == (S.SUBMITTED, item)


def test_only_a_later_sitting_of_the_same_body_may_approve(minutes):
    at_state(minutes, S.CORRECTIONS)
    with pytest.raises(ValidationError):
        publication.submit_for_approval(minutes, minutes.held.sitting, by=minutes.held.officer)


def submitted(minutes, *, state=SittingState.OPEN):
    at_state(minutes, S.CORRECTIONS)
    following = next_plenary(minutes.held)
    publication.submit_for_approval(minutes, following, by=minutes.held.officer)
    Sitting.objects.filter(pk=following.pk).update(state=state, opened_at=following.starts_at)
    return fresh(minutes)


def test_adopted_without_observation_is_a_decision_of_the_approving_sitting(minutes):
    found = submitted(minutes)
    publication.approve(found, by=minutes.held.officer)
    assert (found.state, found.approval_note) == (S.APPROVED, "Adopté sans observation")
    decision = Decision.objects.get(sitting=found.approval_item.sitting)
    assert decision.reference == "PL-2026-90-D1"


def test_nothing_is_approved_before_the_sitting_opens(minutes):
    at_state(minutes, S.CORRECTIONS)
    publication.submit_for_approval(minutes, next_plenary(minutes.held), by=minutes.held.officer)
    with pytest.raises(ValidationError, match="pas encore ouverte"):
        publication.approve(fresh(minutes), by=minutes.held.officer)


@pytest.mark.parametrize(("votes", "approved"), [(Count(2, 1), True), (Count(1, 2), False)])
def test_approval_by_a_vote(minutes, votes, approved):
    found = submitted(minutes)
    item = found.approval_item
    for member in minutes.held.members[:3]:
        invitee = Invitee.objects.create(sitting=item.sitting, person=member.person)
        Attendance.objects.create(invitee=invitee, arrived_at=item.sitting.starts_at, recorded_by=minutes.held.officer)
    ballot = decisions.prepare_ballot(item, question="Approuver ?", by=minutes.held.officer)
    with pytest.raises(ValidationError, match="Proclamez"):
        publication.approve(found, by=minutes.held.officer, ballot=ballot)
    decisions.count_ballot(ballot, votes, by=minutes.held.officer, first_counter="A", second_counter="B")
    BALLOT.transition(ballot, "proclaim", by=minutes.held.officer)
    if approved:
        publication.approve(found, by=minutes.held.officer, ballot=ballot)
        assert (found.state, found.approval_note) == (S.APPROVED, "Approuvé par un vote")
    else:
        with pytest.raises(ValidationError, match="rejeté"):
            publication.approve(found, by=minutes.held.officer, ballot=ballot)


@pytest.mark.parametrize("who", ["officer", "lead", "member", "facilitator", "stranger"])
def test_nobody_else_gives_the_chairs_visa(people, minutes, who):
    at_state(minutes, S.APPROVED)
    with pytest.raises(PermissionDenied):
        publication.give_visa(minutes, CHAIR, by=people[who])
    assert Visa.objects.count() == 0


def test_each_gives_an_own_visa_once(minutes):
    at_state(minutes, S.APPROVED)
    first = publication.give_visa(minutes, CHAIR, by=minutes.held.chair)
    again = publication.give_visa(minutes, CHAIR, by=minutes.held.chair)
    assert first == again
    with pytest.raises(PermissionDenied):
        publication.give_visa(minutes, SECRETARY, by=minutes.held.chair)
    publication.give_visa(minutes, SECRETARY, by=minutes.held.secretary)
    assert Visa.objects.filter(via=Via.ACCOUNT).count() == 2


def test_paper_visa_is_noted_as_such(minutes):
    at_state(minutes, S.APPROVED)
    visa = publication.record_visa(minutes, CHAIR, by=minutes.held.officer)
    assert (visa.via, visa.person, visa.recorded_by) == (
        Via.PAPER,
        minutes.held.chair.person,
        minutes.held.officer,
    )


def with_visas(minutes):
    at_state(minutes, S.APPROVED)
    publication.record_visa(minutes, CHAIR, by=minutes.held.officer)
    publication.give_visa(minutes, SECRETARY, by=minutes.held.secretary)
    return minutes


def test_no_seal_without_both_visas(minutes):
    at_state(minutes, S.APPROVED)
    publication.record_visa(minutes, CHAIR, by=minutes.held.officer)
    with pytest.raises(ValidationError, match="secrétariat"):
        publication.seal(minutes, by=minutes.held.officer)
    assert Rendition.objects.count() == 0


def test_no_seal_when_the_facts_changed_after_a_visa(minutes):
    with_visas(minutes)
    Attendance.objects.filter(invitee__sitting=minutes.sitting).first().delete()
    with pytest.raises(ValidationError) as refused:
        publication.seal(minutes, by=minutes.held.officer)
    assert refused.value.code == "changed"
    assert publication.void_visas(minutes, by=minutes.held.officer) == 2
    line = Entry.objects.get(event_type="minutes.visas_voided")
    assert (line.actor, line.facts) == (minutes.held.officer.pseudonym, {"visas": 2})
    with pytest.raises(ValidationError) as nothing:
        publication.void_visas(minutes, by=minutes.held.officer)
    assert (nothing.value.code, Entry.objects.filter(event_type="minutes.visas_voided").count()) == ("current", 1)
    with_visas(minutes)
    publication.seal(minutes, by=minutes.held.officer)


def test_seal_asks_for_two_files_and_only_once(minutes):
    with_visas(minutes)
    publication.seal(minutes, by=minutes.held.officer)
    publication.seal(minutes, by=minutes.held.officer)
    assert sorted(Rendition.objects.values_list("kind", flat=True)) == ["minutes-internal", "minutes-public"]


def test_signed_when_both_files_are_there(minutes):
    with_visas(minutes)
    publication.record_sealed(minutes, document(minutes, "internal"), "internal")
    assert Minutes.objects.get().state == S.APPROVED
    publication.record_sealed(minutes, document(minutes, "public"), "public")
    found = fresh(minutes)
    assert (found.state, found.sitting.state) == (S.SIGNED, SittingState.MINUTED)
    assert Entry.objects.filter(event_type="minutes.sealed", actor=None).count() == 1
    publication.record_sealed(found, found.public_document, "public")
    assert Entry.objects.filter(event_type="minutes.sealed").count() == 1


def sealed(minutes):
    with_visas(minutes)
    for audience in ("internal", "public"):
        publication.record_sealed(minutes, document(minutes, audience), audience)
    return fresh(minutes)


def test_distribution_reaches_every_member_once(people, minutes):
    found = sealed(minutes)
    people.make("member", people.term)
    sent = publication.distribute_sealed(found, by=minutes.held.officer)
    assert publication.distribute_sealed(found, by=minutes.held.officer) == sent
    assert Delivery.objects.count() == len(minutes.held.members) + 2
    assert Entry.objects.filter(event_type="minutes.distributed").count() == 1


def test_nothing_is_distributed_nor_published_before_the_seal(minutes):
    at_state(minutes, S.APPROVED)
    with pytest.raises(StateConflict):
        publication.distribute_sealed(minutes, by=minutes.held.officer)
    with pytest.raises(StateConflict):
        MINUTES.transition(minutes, "publish", by=minutes.held.officer)


def test_rectifying_voids_the_visas_and_asks_for_a_new_seal(people, minutes):
    found = sealed(minutes)
    section = found.sections.get(agenda_item=minutes.held.items[1])
    change = {"passage": "novembre 2026", "proposal": "décembre 2026", "reason": "Erreur matérielle"}
    with pytest.raises(PermissionDenied):
        publication.rectify(found, section, by=minutes.held.officer, **change)
    publication.rectify(found, section, by=people["lead"], **change)
    found = fresh(minutes)
    assert (found.state, found.is_sealed, found.signed_at) == (S.APPROVED, False, None)
    assert Visa.objects.filter(voided_at=None).count() == 0
    assert found.internal_document is not None
    with pytest.raises(ValidationError):
        publication.seal(found, by=minutes.held.officer)


def test_sealed_text_is_not_reopened(people, minutes):
    found = sealed(minutes)
    with pytest.raises(StateConflict):
        publication.seal(found, by=minutes.held.officer)


def test_report_is_sealed_without_visas_after_its_delay(people):
    minutes = written_minutes(people, committee=True)
    at_state(minutes, S.CIRCULATED)
    publication.seal(minutes, by=minutes.held.officer)
    for audience in ("internal", "public"):
        publication.record_sealed(minutes, document(minutes, audience), audience)
    found = fresh(minutes)
    assert (found.state, found.is_sealed) == (S.CIRCULATED, True)


def test_a_surname_that_is_a_place_is_read_before_the_seal(signed_in, people, minutes):
    held = minutes.held
    CantonFactory(assembly=people.assembly, name=held.members[1].person.last_name, slug="ailleurs", number=77)
    section = minutes.sections.get(agenda_item=held.items[1])
    type(section).objects.filter(pk=section.pk).update(summary_html="<p>Rouquette demande un minibus.</p>")
    with_visas(minutes)
    address = reverse("sittings:minutes-step", args=[minutes.pk, "sceller"])
    browser = signed_in(held.officer)
    page = browser.get(address).content.decode()
    assert "Ces mots pourraient désigner une personne" in page
    assert "Rouquette demande un minibus." in page
    refused = browser.post(address, {})
    assert refused.status_code == 422
    assert "Rouquette demande un minibus." in refused.content.decode()
    assert 'href="#id_doubts_read"' in refused.content.decode()
    with pytest.raises(ValidationError, match="relisez-les"):
        publication.seal(minutes, by=held.officer)
    assert not Rendition.objects.exists()
    browser.post(address, {"doubts_read": "on"})
    assert Rendition.objects.count() == 2
    assert Entry.objects.get(event_type="minutes.sealing_asked").facts["doubts_read"] == 1
