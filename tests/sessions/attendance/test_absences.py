"""Alerts on plenaries missed in a row: what raises and lifts them, and that only a person decides."""

from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.utils import timezone

from assembly.audit.models import Entry
from assembly.identity.personal_data import registry
from assembly.notifications.models import Delivery
from assembly.workflow import StateConflict
from members.mandates import actions as mandates
from members.models import Mandate
from sessions.attendance import actions
from sessions.models import AbsenceCase, Invitee
from tests.factories.life import AbsenceCaseFactory, attends, plenaries
from tests.factories.members import MandateFactory
from tests.factories.sessions import AttendanceFactory, InviteeFactory, SittingFactory

pytestmark = pytest.mark.django_db


def verbs(prefix="absence."):
    return list(
        Entry.objects.filter(event_type__startswith=prefix).order_by("pk").values_list("event_type", flat=True)
    )


def told():
    return [(case.mandate_id, case.absences, case.excused, case.state) for case in AbsenceCase.objects.order_by("pk")]


def raised(people, pattern="aa"):
    mandate = MandateFactory()
    sittings = plenaries(mandate.term, len(pattern))
    attends(mandate, sittings, pattern)
    actions.update_alerts(sittings[-1])
    return AbsenceCase.objects.select_related("mandate__member__person", "mandate__term__assembly").get()


@pytest.mark.parametrize(
    ("pattern", "expected"),
    [
        ("xx", None),
        ("xa", None),
        ("aa", (2, 0)),
        ("ae", (2, 1)),
        ("aax", None),
        ("axa", None),
        ("ara", None),
        ("xaaa", (3, 0)),
        ("a-a", (2, 0)),  # the one to which nobody convened her does not count, nor does it break the row
    ],
)
def test_what_raises_an_alert(pattern, expected):
    mandate = MandateFactory()
    sittings = plenaries(mandate.term, len(pattern))
    attends(mandate, sittings, pattern)
    actions.update_alerts(sittings[-1])
    actions.update_alerts(sittings[-1])  # twice: nothing more
    assert told() == ([(mandate.pk, *expected, "raised")] if expected else [])
    assert verbs() == (["absence.raised"] if expected else [])
    assert not Delivery.objects.exists()


def test_the_setting_of_the_term_says_how_many():
    mandate = MandateFactory()
    sittings = plenaries(mandate.term, 2)
    attends(mandate, sittings, "aa")
    for setting, count in [(3, 0), (0, 0), (2, 1)]:
        mandate.term.absence_alert = setting
        mandate.term.save()
        sittings[-1].term.absence_alert = setting
        actions.update_alerts(sittings[-1])
        assert AbsenceCase.objects.count() == count, setting


def test_a_suspended_mandate_and_a_meeting_of_a_group_raise_nothing():
    mandate = MandateFactory(suspended=True)
    sittings = plenaries(mandate.term, 2)
    attends(mandate, sittings, "aa")
    actions.update_alerts(sittings[-1])
    other = MandateFactory(term=mandate.term)
    groups = [SittingFactory(committee_sitting=True, held=True, committee__term=mandate.term) for _ in range(2)]
    attends(other, groups, "aa")
    actions.update_alerts(groups[-1])
    assert told() == []


def test_closing_the_plenary_raises_the_alert(people):
    mandate = MandateFactory()
    attends(mandate, plenaries(mandate.term, 1), "a")
    running = SittingFactory(term=mandate.term, running=True)
    InviteeFactory(sitting=running, person=mandate.member.person)
    AttendanceFactory(invitee=InviteeFactory(sitting=running))
    actions.close(running, by=people["officer"])
    assert told() == [(mandate.pk, 2, 0, "raised")]


def test_correcting_the_roll_lifts_it_and_it_comes_back(people):
    case = raised(people)
    invitee = Invitee.objects.select_related("sitting__term").latest("sitting__starts_at")
    hours = {"arrived_at": invitee.sitting.starts_at, "left_at": invitee.sitting.ends_at}
    stay = actions.add_stay(invitee, **hours, mode="room", via="paper", by=people["officer"])
    assert AbsenceCase.objects.get().state == "lifted"
    actions.void_stay(stay, by=people["officer"])
    assert AbsenceCase.objects.get().state == "raised"
    actions.record_absence(invitee, absence="represented", by=people["officer"])
    assert AbsenceCase.objects.get().state == "lifted"
    assert verbs() == ["absence.raised", "absence.lifted", "absence.raised_again", "absence.lifted"]
    assert case.pk == AbsenceCase.objects.get().pk


def test_warning_writes_to_this_person_alone_and_comes_back_with_one_more_absence(people):
    case = raised(people)
    actions.warn_member(case, text="Bonjour,\n\nVenez-vous ?", by=people["officer"])
    delivery = Delivery.objects.get()
    assert (delivery.person_id, delivery.context["text"]) == (
        case.mandate.member.person_id,
        "Bonjour,\n\nVenez-vous ?",
    )
    with pytest.raises(StateConflict):
        actions.warn_member(case, text="Encore", by=people["officer"])
    actions.update_alerts(case.latest)
    assert AbsenceCase.objects.get().state == "warned"
    third = SittingFactory(term=case.mandate.term, held=True, starts_at=case.latest.starts_at + timedelta(days=28))
    attends(case.mandate, [third], "e")
    actions.update_alerts(third)
    assert told() == [(case.mandate_id, 3, 1, "raised")]
    assert Delivery.objects.count() == 1


def test_dismissing_needs_a_reason(people):
    from sessions.attendance.workflow import ABSENCE

    case = raised(people)
    with pytest.raises(ValidationError):
        ABSENCE.transition(case, "dismiss", by=people["officer"], reason=" ")
    ABSENCE.transition(case, "dismiss", by=people["officer"], reason="Un deuil, elle revient en juin.")
    case.refresh_from_db()
    assert (case.state, case.decided_by) == ("dismissed", people["officer"])
    assert not Delivery.objects.exists()


def test_the_procedure_is_the_lead_s_needs_one_absence_more_and_hears_the_person(people):
    case = raised(people)
    soon = timezone.localdate() + timedelta(days=15)
    with pytest.raises(ValidationError):
        actions.begin_procedure(case, text="…", answer_by=soon, by=people["lead"])
    third = SittingFactory(term=case.mandate.term, held=True, starts_at=case.latest.starts_at + timedelta(days=28))
    attends(case.mandate, [third], "a")
    actions.update_alerts(third)
    with pytest.raises(PermissionDenied):
        actions.begin_procedure(case, text="…", answer_by=soon, by=people["officer"])
    actions.begin_procedure(case, text="Vous pouvez répondre.", answer_by=soon, by=people["lead"])
    with pytest.raises(ValidationError):  # nobody heard her yet
        actions.end_mandate(case, on=timezone.localdate(), detail="Trois absences.", by=people["lead"])
    assert Mandate.objects.get(pk=case.mandate_id).state == "active"
    actions.hear_member(case, answer="Je ne peux plus venir.", answered_on=timezone.localdate(), by=people["officer"])
    with pytest.raises(PermissionDenied):
        actions.end_mandate(case, on=timezone.localdate(), detail="Trois absences.", by=people["officer"])
    actions.end_mandate(case, on=timezone.localdate(), detail="Trois absences.", by=people["lead"])
    mandate = Mandate.objects.get(pk=case.mandate_id)
    assert (mandate.state, mandate.end_reason) == ("ended", "absences")
    assert AbsenceCase.objects.get().state == "ended"
    heard = Entry.objects.get(event_type="absence.heard")
    assert heard.on_behalf_of is not None


def test_words_go_after_the_term_and_the_decision_stays():
    rule, now = registry.retentions["sittings.absences"], timezone.now()
    case = AbsenceCaseFactory(state="dismissed", reason="Garde de nuit.")
    AbsenceCaseFactory(mandate__term=case.mandate.term)  # nothing was said of this one
    assert list(rule.find(now)) == []
    later = now + timedelta(days=3 * 365)
    assert list(rule.find(later)) == [case]
    rule.apply(case)
    case.refresh_from_db()
    assert (case.state, case.reason, case.answer) == ("dismissed", "–", "")
    assert list(rule.find(later)) == []


def test_a_mandate_that_ends_otherwise_leaves_nothing_to_decide(people):
    case = raised(people)
    mandates.end(case.mandate, by=people["officer"], reason="resigned")
    assert AbsenceCase.objects.get().state == "lifted"
