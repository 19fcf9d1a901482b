"""The 108 members, imported from membres.csv as an officer does it; three asked to stay in touch afterwards."""

from pathlib import Path

from assembly.imports import actions as imports
from assembly.institution.actions import roles
from assembly.institution.models import CommitteeMembership, Role
from assembly.institution.rules import invalidate_roles
from demo.context import DOMAIN, DemoContext, at, create_account
from demo.days import story_date
from members.consents import actions as consents
from members.enums import MandateState, RecordChannel
from members.imports import MEMBERS
from members.mandates import actions as mandates
from members.models import Mandate

FILE = Path(__file__).with_name("membres.csv")
CHARTER = (
    "Chaque membre siège en son nom, écoute, parle à son tour et respecte la parole des autres.\n\n"
    "Les membres sont bénévoles ; leurs frais de trajet et de garde sont remboursés.\n\n"
    "Chacun signale ce qui pourrait l’intéresser personnellement dans un sujet."
)
WITH_ACCOUNT = 14


def seed(context: DemoContext) -> None:
    """Create the seats, import the file, open the mandates on the day of the installation, accept the charter."""
    term, lead = context.term, context.lead
    with at("2025-11-03 09:00"):
        mandates.create_seats(term, by=lead)
    with at("2025-11-29 09:00"):
        batch = imports.preview(term, FILE.read_bytes(), FILE.name, by=context.officer, kind=MEMBERS)
        counts = imports.confirm(batch, by=context.officer, state=MandateState.ACTIVE, on=story_date("2025-11-29"))
        if sum(counts.values()) != 108:
            raise RuntimeError(f"The demonstration's members were not imported: {counts}")
        charter = consents.publish_charter(term, by=lead, text=CHARTER, in_force_on=story_date("2025-11-29"))
    context.mandates = list(
        Mandate.objects.filter(term=term, state=MandateState.ACTIVE)
        .select_related("member__person", "member__canton")
        .order_by("pk")
    )
    with at("2025-11-29 10:00"):
        for mandate in context.mandates[:24]:
            consents.accept_charter(mandate.member, charter, by=context.officer, channel="paper")
    _accounts(context)
    _follow_up(context)


def _accounts(context: DemoContext) -> None:
    """Create accounts for some members; the first one is the demonstration's « membre »."""
    with at("2025-12-05 10:00"):
        reachable = [mandate for mandate in context.mandates if mandate.member.person.email]
        for rank, mandate in enumerate(reachable[:WITH_ACCOUNT]):
            person = mandate.member.person
            email = f"member{DOMAIN}" if rank == 0 else person.email
            user = create_account(person, email)
            roles.give(user, Role.MEMBER, by=context.lead, term=context.term)
            invalidate_roles(user)
            context.users["member" if rank == 0 else f"member{rank}"] = user


def _follow_up(context: DemoContext) -> None:
    """Seat one member in twelve, and the demonstration’s « membre », who writes there."""
    people = [context.users["member"].person, *(mandate.member.person for mandate in context.mandates[::12])]
    for person in dict.fromkeys(people):
        CommitteeMembership.objects.create(
            committee=context.committees["suivi"], person=person, starts_on=story_date("2026-02-01")
        )


def keep_in_touch(context: DemoContext) -> None:
    for name, on in (("member1", "2026-11-02 20:10"), ("member2", "2026-11-05 12:40")):
        user = context.users[name]
        with at(on):
            consents.stay_in_touch(user.person.member, context.term, agrees=True, by=user)
    called = next(mandate.member for mandate in context.mandates if not mandate.member.person.email)
    with at("2026-11-06 10:00"):
        consents.stay_in_touch(called, context.term, agrees=True, by=context.officer, channel=RecordChannel.PHONE)
