"""The institution and its people: assembly, terms, territory, bodies, directorates, team and demo accounts."""

from datetime import date

from django.utils.text import slugify

from assembly.audit.actions import record
from assembly.identity.models import Person
from assembly.institution.actions import roles
from assembly.institution.enums import CommitteeFunction, Role, TermState
from assembly.institution.models import Assembly, Canton, Committee, CommitteeMembership, Directorate, Term
from assembly.institution.rules import invalidate_roles
from demo.accounts import DOMAIN, create_account
from demo.clock import at
from demo.context import SLUG, DemoContext
from demo.institution.territory import CANTONS, DIRECTORATES, GROUPS

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


def create_assembly() -> DemoContext:
    """Create everything that exists before the first member is invited, on 1 November 2025."""
    with at("2025-11-01 09:00"):
        return _create()


def _create() -> DemoContext:
    assembly = Assembly.objects.create(
        name="Assemblée citoyenne de la Haute-Garonne",
        slug=SLUG,
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
    lead = roles.appoint_first_lead(f"lead{DOMAIN}", "Samuel", "Espinasse", term=term)
    lead.person.capacity = "responsable du projet"
    lead.person.save(update_fields=["capacity"])
    _directorates(assembly)
    context = DemoContext(assembly, term, lead, lead, lead)
    _team(context)
    _committees(context)
    return context


def _terms(assembly: Assembly) -> Term:
    """Create both terms; return the one at work."""
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
            follow_up_months=1,  # until November: demo/answers/follow_up.py
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


def _team(context: DemoContext) -> None:
    autonomy = Directorate.objects.get(assembly=context.assembly, code="autonomie")
    context.users["lead"] = context.lead
    for role, first_name, last_name, capacity in TEAM:
        email = f"{role}{DOMAIN}"
        person = Person.objects.create(
            first_name=first_name, last_name=last_name, capacity=capacity, email=email, phone="06 39 98 20 14"
        )
        user = create_account(person, email)
        directorate = autonomy if role in (Role.DIR_CONTACT, Role.DIR_APPROVER) else None
        roles.give(user, role, by=context.lead, term=context.term, directorate=directorate)
        invalidate_roles(user)
        context.users[role] = user
    context.officer, context.chair = context.users[Role.OFFICER], context.users[Role.SPONSOR]


def _committees(context: DemoContext) -> None:
    opened = date(2025, 11, 29)
    for kind, name, slug, purpose in GROUPS:
        committee = Committee.objects.create(
            term=context.term, kind=kind, name=name, slug=slug, purpose=purpose, opened_on=opened
        )
        context.committees[slug] = committee
        record("committee.created", committee, by=context.lead)
    seats = {
        "copil": ("sponsor", "president", "lead", "officer", "dir_approver", "facilitator"),
        "cotech": ("officer", "dir_contact", "facilitator", "admin"),
    }
    for slug, people in seats.items():
        for who in people:
            function = CommitteeFunction.CHAIR if who in ("sponsor", "officer") and who == people[0] else "member"
            CommitteeMembership.objects.create(
                committee=context.committees[slug],
                person=context.users[who].person,
                function=function,
                starts_on=opened,
            )
