"""A sitting that was held, with its people, agenda and minutes at any state: what the tests of minutes need."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from django.utils import timezone

from assembly.identity.models import User
from assembly.institution.models import CommitteeKind
from sessions.minutes.actions.writing import start
from sessions.minutes.queries.facts import minutes_facts, text_fingerprint
from sessions.models import AgendaItem, AgendaKind, Attendance, Invitee, Minutes, MinutesState, Sitting
from sessions.sittings.models import Absence, SittingKind, SittingState
from tests.factories.identity import PersonFactory, UserFactory
from tests.factories.institution import CommitteeFactory, RoleAssignmentFactory
from tests.factories.members import MandateFactory

PARIS = ZoneInfo("Europe/Paris")
OPENED = datetime(2026, 3, 28, 9, 34, tzinfo=PARIS)
CLOSED = datetime(2026, 3, 28, 16, 10, tzinfo=PARIS)
NAMES = [("Odile", "Labatut"), ("Gisèle", "Rouquette"), ("Wassim", "Pujol"), ("Quentin", "Gasc"), ("Rosa", "Nogaro")]


@dataclass
class ClosedSitting:
    """`officer` wrote it; members[0] chaired; the last member is excused; the director was a guest."""

    sitting: Sitting
    officer: User
    secretary: User
    members: list[User]
    items: list[AgendaItem]
    invitees: list[Invitee] = field(default_factory=list)
    guest: Invitee | None = None

    @property
    def chair(self) -> User:
        return self.members[0]

    def begin(self) -> Minutes:
        minutes = start(self.sitting, by=self.officer)
        minutes.sitting = self.sitting
        return minutes


def member_of(term, number):
    """Return a member of the term with an account, a mandate and the role."""
    first, last = NAMES[number] if number < len(NAMES) else (f"Prénom{number}", f"Nomdefamille{number}")
    person = PersonFactory(first_name=first, last_name=last)
    MandateFactory(term=term, member__person=person)
    user = UserFactory(person=person)
    RoleAssignmentFactory(user=user, role="member", term=term)
    return user


def closed_sitting(
    people,
    *,
    members=5,
    committee=False,
    reference="",
    opened_at=OPENED,
    closed_at=CLOSED,
    state=SittingState.CLOSED,
) -> ClosedSitting:
    """Make a plenary (or a committee's meeting) of the term at work, held on 28 March 2026."""
    term, officer = people.term, people["officer"]
    secretary = people.make("officer", term)
    secretary.person.capacity = "mission Démocratie participative"
    secretary.person.save()
    users = [member_of(term, number) for number in range(members)]
    sitting = Sitting.objects.create(
        term=term,
        kind=SittingKind.COMMITTEE if committee else SittingKind.PLENARY,
        committee=CommitteeFactory(term=term, kind=CommitteeKind.STEERING, name="Comité de pilotage")
        if committee
        else None,
        reference=reference or ("COPIL-2026-01" if committee else "PL-2026-02"),
        title="Comité de pilotage" if committee else "Deuxième plénière",
        state=state,
        starts_at=datetime(2026, 3, 28, 9, 30, tzinfo=PARIS),
        ends_at=datetime(2026, 3, 28, 16, 0, tzinfo=PARIS),
        place_name="Hôtel du Département",
        chair=users[0].person,
        secretary=secretary.person,
        notified_at=opened_at - timedelta(days=14),
        opened_at=opened_at,
        closed_at=closed_at if state == SittingState.CLOSED else None,
        officer=officer,
    )
    held = ClosedSitting(sitting, officer, secretary, users, agenda_of(sitting, opened_at))
    bring_people(held, opened_at)
    return held


def agenda_of(sitting, opened_at):
    lines = [
        ("Accueil", AgendaKind.OPENING, 0),
        ("Le schéma Autonomie", AgendaKind.INFORMATION, 60),
        ("Adoption du carnet de mi-parcours", AgendaKind.VOTE, 118),
    ]
    return [
        AgendaItem.objects.create(
            sitting=sitting, position=place, title=title, kind=kind, opened_at=opened_at + timedelta(minutes=after)
        )
        for place, (title, kind, after) in enumerate(lines, start=1)
    ]


def bring_people(held, opened_at):
    """Record attendance: all but the last member, the one before from 10 h 05, the guest for an hour."""
    for number, user in enumerate(held.members):
        absent = number == len(held.members) - 1
        invitee = Invitee.objects.create(
            sitting=held.sitting, person=user.person, absence=Absence.EXCUSED if absent else Absence.NONE
        )
        held.invitees.append(invitee)
        if not absent:
            late = number == len(held.members) - 2
            stay(invitee, opened_at + timedelta(minutes=31 if late else 0), held)
    director = PersonFactory(first_name="Hélène", last_name="Castaing", capacity="directrice de l’Autonomie")
    held.guest = Invitee.objects.create(sitting=held.sitting, person=director, is_member=False)
    stay(held.guest, opened_at, held, opened_at + timedelta(hours=1))


def stay(invitee, arrived, held, left=None):
    Attendance.objects.create(
        invitee=invitee, arrived_at=arrived, left_at=left or held.sitting.closed_at, recorded_by=held.officer
    )


def at_state(minutes: Minutes, state: str, **fields) -> Minutes:
    """Put the row straight into `state`, with the dates that the database asks for."""
    now = timezone.now()
    circulated = {"circulated_at": now - timedelta(days=20), "corrections_until": now - timedelta(days=5)}
    approved = circulated | {"approved_at": now - timedelta(days=1), "approval_note": "Adopté sans observation"}
    sealed = approved | {"internal_sealed_at": now, "public_sealed_at": now, "signed_at": now}
    dates = {
        MinutesState.CIRCULATED: circulated,
        MinutesState.CORRECTIONS: circulated,
        MinutesState.SUBMITTED: circulated,
        MinutesState.APPROVED: approved,
        MinutesState.SIGNED: sealed,
        MinutesState.PUBLISHED: sealed | {"published_at": now},
        MinutesState.ARCHIVED: sealed | {"published_at": now},
    }.get(MinutesState(state), {})
    Minutes.objects.filter(pk=minutes.pk).update(state=state, **(dates | fields))
    minutes.refresh_from_db(fields=["state", *dates, *fields])
    return minutes


def fingerprint(minutes: Minutes) -> str:
    return text_fingerprint(minutes_facts(minutes))


def next_plenary(held, *, state=SittingState.NOTIFIED, days=90):
    starts = held.sitting.starts_at + timedelta(days=days)
    running = state in (SittingState.OPEN, SittingState.CLOSED)
    sitting = Sitting.objects.create(
        term=held.sitting.term,
        kind=SittingKind.PLENARY,
        reference=f"PL-2026-{days}",
        title="Troisième plénière",
        state=state,
        starts_at=starts,
        ends_at=starts + timedelta(hours=6),
        notified_at=starts - timedelta(days=14),
        opened_at=starts if running else None,
        closed_at=starts + timedelta(hours=6) if state == SittingState.CLOSED else None,
        is_quorum_required=False,  # nobody is on its roll
        officer=held.officer,
    )
    AgendaItem.objects.create(sitting=sitting, position=1, title="Accueil", kind=AgendaKind.OPENING)
    AgendaItem.objects.create(sitting=sitting, position=2, title="Suite", kind=AgendaKind.DISCUSSION)
    return sitting
