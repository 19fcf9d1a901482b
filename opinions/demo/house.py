"""The institution and its people: assembly, terms, territory, bodies, directorates, team and demo accounts."""

from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.contrib.auth.hashers import make_password
from django.utils.text import slugify

from assembly.audit.actions import record
from assembly.identity.models import Person, User
from assembly.institution.actions import roles
from assembly.institution.enums import CommitteeFunction, Role, TermState
from assembly.institution.models import Assembly, Canton, Committee, CommitteeMembership, Directorate, Term
from assembly.institution.rules import forget_roles
from opinions.demo.clock import at
from opinions.demo.places import CANTONS, DIRECTORATES, GROUPS

DEMO_DOMAIN = "@demo.example.org"
TEAM = (
    (Role.OFFICER, "Nadia", "Fauré", "chargée de mission"),
    (Role.FACILITATOR, "Pierrick", "Tournier", "animateur, AMO"),
    (Role.SPONSOR, "Odile", "Labatut", "vice-présidente chargée du Dialogue citoyen"),
    (Role.PRESIDENT, "Karima", "Espinasse", "cabinet du président"),
    (Role.WITNESS, "Jean-Luc", "Mounié", "commissaire de justice"),
    (Role.DIR_CONTACT, "Hugo", "Lafforgue", "référent, direction de l’Autonomie"),
    (Role.DIR_APPROVER, "Viviane", "Nogaro", "directrice de l’Autonomie"),
    (Role.DPO, "David", "Izard", "délégué à la protection des données"),
    (Role.ARCHIVIST, "Célia", "Dupuy", "archives départementales"),
    (Role.ADMIN, "Quentin", "Abadie", "administrateur technique"),
)


@dataclass
class House:
    """What the rest of the story needs at hand."""

    assembly: Assembly
    term: Term
    lead: User
    officer: User
    chair: User
    users: dict[str, User] = field(default_factory=dict)
    committees: dict[str, Committee] = field(default_factory=dict)
    members: list[Any] = field(default_factory=list)
    agents: dict[str, tuple[User, User]] = field(default_factory=dict)


def build_on_the_first_day() -> House:
    """1 November 2025, four weeks before the installation."""
    with at("2025-11-01 09:00"):
        return build()


def build() -> House:
    """Everything that stands before the first member is invited."""
    assembly = Assembly.objects.create(
        name="Assemblée citoyenne de la Haute-Garonne",
        slug="haute-garonne",
        authority_name="Conseil départemental de la Haute-Garonne",
        siren="223100017",
        sender_name="Assemblée citoyenne de la Haute-Garonne",
        sender_email="assemblee@example.org",
        reply_email="mission@example.org",
        contact_phone="06 39 98 20 14",
        postal_address="1, boulevard de la Marquette\n31090 Toulouse",
        dpo_contact="dpo@example.org",
    )
    record("assembly.created", assembly, by=None)
    term = _terms(assembly)
    _cantons(assembly)
    lead = roles.appoint_first_lead(f"lead{DEMO_DOMAIN}", "Samuel", "Espinasse", term=term)
    lead.person.capacity = "responsable du projet"
    lead.person.save(update_fields=["capacity"])
    _directorates(assembly)
    house = House(assembly, term, lead, lead, lead)
    _team(house)
    _committees(house)
    return house


def _terms(assembly: Assembly) -> Term:
    """Both terms; returns the one at work."""
    terms = (
        (1, "Première Assemblée, 2022-2025", date(2022, 10, 22), date(2025, 1, 25), TermState.CLOSED, 162),
        (2, "Deuxième Assemblée, 2025-2027", date(2025, 11, 29), date(2027, 6, 30), TermState.ACTIVE, 108),
    )
    for number, name, starts_on, ends_on, state, seats in terms:
        term = Term.objects.create(
            assembly=assembly,
            number=number,
            name=name,
            starts_on=starts_on,
            ends_on=ends_on,
            state=state,
            seats=seats,
        )
        record("term.created", term, by=None)
    return term


def _cantons(assembly: Assembly) -> None:
    Canton.objects.bulk_create(
        Canton(
            assembly=assembly,
            number=number,
            name=name,
            slug=slugify(name),
            seat_commune=name if not name.startswith("Toulouse-") else "Toulouse",
            insee_code=insee,
            postcode=postcode,
            kind=kind,
        )
        for number, name, insee, postcode, kind in CANTONS
    )


def _directorates(assembly: Assembly) -> None:
    Directorate.objects.bulk_create(
        Directorate(assembly=assembly, code=slugify(code), name=name) for code, name in DIRECTORATES
    )


def account(person: Person, email: str) -> User:
    """A sign-in that no password opens: the demonstration's page, or a mail code, does."""
    return User.objects.create(person=person, email=email, password=make_password(None))


def _team(house: House) -> None:
    autonomy = Directorate.objects.get(assembly=house.assembly, code="autonomie")
    house.users["lead"] = house.lead
    for role, first_name, last_name, capacity in TEAM:
        email = f"{role}{DEMO_DOMAIN}"
        person = Person.objects.create(
            first_name=first_name, last_name=last_name, capacity=capacity, email=email, phone="06 39 98 20 14"
        )
        user = account(person, email)
        place = autonomy if role in (Role.DIR_CONTACT, Role.DIR_APPROVER) else None
        roles.give(user, role, by=house.lead, term=house.term, directorate=place)
        forget_roles(user)
        house.users[role] = user
    house.officer, house.chair = house.users[Role.OFFICER], house.users[Role.SPONSOR]


def _committees(house: House) -> None:
    opened = date(2025, 11, 29)
    for kind, name, slug, purpose in GROUPS:
        committee = Committee.objects.create(
            term=house.term, kind=kind, name=name, slug=slug, purpose=purpose, opened_on=opened
        )
        house.committees[slug] = committee
        record("committee.created", committee, by=house.lead)
    seats = {
        "copil": ("sponsor", "president", "lead", "officer", "dir_approver", "facilitator"),
        "cotech": ("officer", "dir_contact", "facilitator", "admin"),
    }
    for slug, people in seats.items():
        for who in people:
            function = CommitteeFunction.CHAIR if who in ("sponsor", "officer") and who == people[0] else "member"
            CommitteeMembership.objects.create(
                committee=house.committees[slug],
                person=house.users[who].person,
                function=function,
                starts_on=opened,
            )
