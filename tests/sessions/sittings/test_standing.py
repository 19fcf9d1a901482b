"""Where sittings and minutes stand: a day that went by and a seal that was applied say more than the state."""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.urls import reverse
from django.utils import timezone

from assembly.audit.lines import journal_lines
from assembly.audit.models import Entry
from assembly.institution.actions import committees
from sessions.attendance import actions as attendance
from sessions.models import MinutesKind, MinutesState
from sessions.sittings.actions.convening import withdraw
from tests.factories.institution import CommitteeMembershipFactory
from tests.factories.sessions import InviteeFactory, SittingFactory
from tests.sessions.sittings.closed_sitting import at_state, closed_sitting

pytestmark = pytest.mark.django_db
S = MinutesState
UNTIL = datetime(2026, 11, 27, 23, 59, 59, tzinfo=ZoneInfo("Europe/Paris"))


def words_of(page):
    return " ".join(page.content.decode().replace("\u00a0", " ").split())


def report(people, state, **facts):
    """Make the report of a committee, which no later sitting approves."""
    held = closed_sitting(people, committee=True)
    minutes = held.begin()
    minutes.held = held
    return at_state(minutes, state, kind=MinutesKind.REPORT, **facts)


@pytest.mark.parametrize(
    ("today", "state_badge", "word", "sentence"),
    [
        (
            "2026-11-26 12:00",
            "in_progress",
            "En relecture",
            "Corrections possibles jusqu’au vendredi 27 novembre 2026",
        ),
        (
            "2026-11-27 23:00",
            "in_progress",
            "En relecture",
            "Corrections possibles jusqu’au vendredi 27 novembre 2026",
        ),
        ("2026-11-28 00:01", "waiting", "Relecture terminée", "Relecture terminée le vendredi 27 novembre 2026"),
        ("2026-11-30 09:00", "waiting", "Relecture terminée", "Relecture terminée le vendredi 27 novembre 2026"),
    ],
)
def test_minutes_are_read_again_until_their_day(people, time_machine, today, state_badge, word, sentence):
    minutes = report(people, S.CIRCULATED, corrections_until=UNTIL)
    time_machine.move_to(datetime.strptime(today, "%Y-%m-%d %H:%M").replace(tzinfo=UNTIL.tzinfo))
    standing = minutes.standing
    assert (standing.state_badge, str(standing.word), standing.sentence.replace("\u00a0", " ")) == (
        state_badge,
        word,
        sentence,
    )


def test_after_that_day_no_page_calls_them_to_be_read(people, signed_in, time_machine):
    minutes = report(people, S.CIRCULATED, corrections_until=UNTIL)
    chair, desk = minutes.held.chair, minutes.held.officer
    urls = (
        (chair, reverse("sittings:minutes-list")),
        (chair, reverse("sittings:minutes-read", args=[minutes.pk])),
        (desk, reverse("sittings:minutes", args=[minutes.sitting_id])),
        (desk, reverse("sittings:sitting", args=[minutes.sitting_id])),
    )
    time_machine.move_to(UNTIL + timedelta(days=2))
    for user, url in urls:
        page = words_of(signed_in(user).get(url))
        assert "À relire" not in page, url
        assert "en relecture" not in page.lower(), url
    assert "Relecture terminée le vendredi 27 novembre 2026" in words_of(signed_in(chair).get(urls[0][1]))


def test_who_sent_a_correction_has_nothing_to_read(people, signed_in):
    minutes = report(people, S.CIRCULATED, corrections_until=timezone.now() + timedelta(days=3))
    chair = minutes.held.chair
    assert "À relire" in words_of(signed_in(chair).get(reverse("sittings:minutes-list")))
    absent = minutes.held.members[-1]
    assert "À relire" not in words_of(signed_in(absent).get(reverse("sittings:minutes-list")))


def test_a_sealed_report_is_sealed_on_every_page(people, signed_in):
    now = timezone.now()
    sealed = dict.fromkeys(("internal_sealed_at", "public_sealed_at", "signed_at"), now)
    minutes = report(people, S.CIRCULATED, **sealed)
    assert str(minutes.standing.word) == "Scellé"
    desk = signed_in(minutes.held.officer)
    for name in ("minutes", "sitting"):
        page = words_of(desk.get(reverse(f"sittings:{name}", args=[minutes.sitting_id])))
        assert "en relecture" not in page.lower(), name
        assert "Étape 5 sur 5 : <b>Compte rendu scellé</b>" in page, name
    assert "Compte rendu : scellé." in words_of(desk.get(reverse("sittings:sitting", args=[minutes.sitting_id])))
    room = words_of(signed_in(minutes.held.chair).get(reverse("sittings:minutes-list")))
    assert "Scellé" in room
    assert "À relire" not in room


def test_head_and_tab_count_the_same_people(people, signed_in):
    """Four of five members came; the secretary, an officer, reads the text too: a fifth reader, no fifth member."""
    minutes = report(people, S.VALIDATED)
    page = words_of(signed_in(minutes.held.officer).get(reverse("sittings:minutes", args=[minutes.sitting_id])))
    assert "4 membres présents" in page
    assert "6 personnes le reliront : présentes, présidence et secrétariat." in page
    assert "personnes étaient présentes" not in page


def test_a_sitting_whose_day_went_by_is_not_announced(people):
    past = SittingFactory.build(state="confirmed", ends_at=timezone.now() - timedelta(hours=1))
    ahead = SittingFactory.build(state="confirmed", ends_at=timezone.now() + timedelta(hours=1))
    assert [str(one.standing.word) for one in (past, ahead)] == ["Date passée", "Confirmée"]


def test_nobody_is_asked_on_the_day_after_whether_they_come(people, signed_in):
    ended = timezone.now() - timedelta(days=1)
    sitting = SittingFactory(term=people.term, notified=True, starts_at=ended - timedelta(hours=7), ends_at=ended)
    InviteeFactory(sitting=sitting, person=people["member"].person)
    browser, page = signed_in("member"), reverse("sittings:my-sitting", args=[sitting.pk])
    for url in (page, reverse("sittings:my-list")):
        text = words_of(browser.get(url))
        assert "Date passée" in text
        assert "Votre réponse est attendue" not in text
        assert "Répondez à la convocation" not in text
    assert browser.post(page, {"reply": "will_attend"}).status_code == 409


def test_a_sitting_without_quorum_is_not_the_one_that_is_convened_again(people, signed_in):
    sitting = SittingFactory(term=people.term, not_quorate=True)
    type(sitting).objects.filter(pk=sitting.pk).update(
        state="reconvened", notified_at=sitting.starts_at, is_public=True
    )
    member = people["member"]
    InviteeFactory(sitting=sitting, person=member.person)
    for page in (signed_in("member").get("/espace/seances/"), signed_in("member").get("/seances/")):
        assert "Sans quorum" in words_of(page)
        assert "Convoquée de nouveau" not in words_of(page)


def test_history_names_who_left_beside_who_noted_it(people):
    lead = people["lead"]
    sitting = SittingFactory(term=people.term, running=True)
    invitee = InviteeFactory(sitting=sitting)
    attendance.record_arrival(invitee, by=lead)
    attendance.record_departure(invitee, by=lead)
    withdraw(InviteeFactory(sitting__term=people.term, person=invitee.person), by=lead)
    seat = CommitteeMembershipFactory(committee__term=people.term, person=invitee.person)
    committees.leave_seat(seat, by=lead, on=timezone.localdate())
    rows = Entry.objects.filter(
        event_type__in=["attendance.arrived", "attendance.left", "invitee.withdrawn", "membership.ended"]
    )
    lines = [(line.who, line.what, line.on_behalf_of) for line in journal_lines(rows.order_by("pk"))]
    gone = invitee.person.full_name
    assert lines == [
        (lead.get_full_name(), "a noté une arrivée", gone),
        (lead.get_full_name(), "a noté un départ", gone),
        (
            lead.get_full_name(),
            "a retiré une convocation, après une fin de mandat, de rôle ou de participation,",
            gone,
        ),
        (lead.get_full_name(), "a mis fin à une participation au comité", gone),
    ]
