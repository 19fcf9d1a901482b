from tests.factories.mailings import MailingListFactory, PartnerContactFactory
from tests.factories.mission import PartnerFactory
from tests.mission.example import Example

TEAM = "lead officer"


def agreement(people):
    """Return the data of a contact of a partner of this assembly."""
    contact = PartnerContactFactory(row=PartnerFactory(assembly=people.assembly))
    return {"contact": contact.pk, "means": "phone", "consent_on": "2026-05-04"}


EXAMPLE = Example(
    key="lists",
    sees=TEAM,
    writes=TEAM,
    states="open closed",
    row=lambda people, state: MailingListFactory(assembly=people.assembly, state=state),
    values=lambda people: {"name": "Lettre", "purpose": "Quatre lettres par an."},
    lines={"abonnes": agreement},
    steps={"fermer": (TEAM, {422: "open"}), "rouvrir": (TEAM, {302: "closed"})},
    step=("rouvrir", "closed", {}),
)
