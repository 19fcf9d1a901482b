"""The institution and its people: assembly, terms, territory, bodies, directorates, team and demo accounts.

The geography is real (decree 2014-152, INSEE), the names of bodies are samples (domain.md D1 to D3).
"""

from typing import Any, Final

from django.utils.text import slugify

from assembly.audit.actions import record
from assembly.identity.models import Person, User
from assembly.institution.actions import roles
from assembly.institution.models import (
    Assembly,
    Canton,
    Committee,
    CommitteeFunction,
    CommitteeMembership,
    Directorate,
    Role,
    Term,
    TermState,
)
from assembly.institution.rules import invalidate_roles
from demo.context import DOMAIN, FIRST_MOMENT, SLUG, DemoContext, at, create_account
from demo.days import retell, story_date

CANTONS: Final = (
    (1, "Auterive", "31033", "31190", "périurbain, rural"),
    (2, "Bagnères-de-Luchon", "31042", "31110", "montagne"),
    (3, "Blagnac", "31069", "31700", "urbain"),
    (4, "Castanet-Tolosan", "31113", "31320", "urbain"),
    (5, "Castelginest", "31116", "31780", "périurbain"),
    (6, "Cazères", "31135", "31220", "rural"),
    (7, "Escalquens", "31169", "31750", "périurbain"),
    (8, "Léguevin", "31291", "31490", "périurbain"),
    (9, "Muret", "31395", "31600", "urbain"),
    (10, "Pechbonnieu", "31410", "31140", "périurbain"),
    (11, "Plaisance-du-Touch", "31424", "31830", "périurbain"),
    (12, "Portet-sur-Garonne", "31433", "31120", "urbain"),
    (13, "Revel", "31451", "31250", "rural"),
    (14, "Saint-Gaudens", "31483", "31800", "Comminges"),
    *((14 + n, f"Toulouse-{n}", "31555", "31000", "urbain") for n in range(1, 12)),
    (26, "Tournefeuille", "31557", "31170", "urbain"),
    (27, "Villemur-sur-Tarn", "31584", "31340", "rural"),
)

DIRECTORATES: Final = (
    ("QRUDP", "Direction Qualité de la Relation aux Usager·ère·s et Démocratie Participative"),
    ("AUTONOMIE", "Direction de l’Autonomie"),
    ("ENFANCE", "Direction Enfance et Famille"),
    ("INSERTION", "Direction de l’Insertion et de l’Action sociale"),
    ("EDUCATION", "Direction de l’Éducation"),
    ("ROUTES", "Direction des Routes"),
    ("MOBILITES", "Direction des Mobilités"),
    ("ECOLOGIE", "Direction pour la Transition écologique"),
    ("AGRICULTURE", "Direction de l’Agriculture, du Développement rural et de l’Environnement"),
    ("HABITAT", "Direction de l’Habitat et du Logement"),
    ("CULTURE", "Direction de la Culture"),
    ("SPORTS", "Direction des Sports et de la Jeunesse"),
    ("NUMERIQUE", "Direction des Systèmes numériques"),
    ("FINANCES", "Direction des Finances"),
    ("COMMUNICATION", "Direction de la Communication"),
)

GROUPS: Final = (
    ("working_group", "Habiter", "habiter", "Domicile, habitat partagé, établissements."),
    ("working_group", "Se déplacer et accéder aux services", "se-deplacer", "Trajets, guichets, démarches."),
    (
        "working_group",
        "Prévention, santé et perte d’autonomie",
        "prevention",
        "Rester en forme, être soigné, être aidé.",
    ),
    ("working_group", "Lien social et lutte contre l’isolement", "lien-social", "Ne laisser personne seul."),
    ("working_group", "Aidants et métiers du grand âge", "aidants", "Ceux qui aident, par amour ou par métier."),
    ("cross_cutting", "Vieillir en 2050", "vieillir-2050", "Ce que les cinq groupes ne voient pas."),
    ("steering", "Comité de pilotage", "copil", "Élus, directions et mission : calendrier et moyens."),
    ("technical", "Comité technique", "cotech", "Directions et mission : préparation des séances."),
    ("follow_up", "Comité de suivi", "suivi", "Membres qui suivent les réponses du Conseil."),
)
HEADQUARTERS: Final[dict[str, Any]] = {
    "place_name": "Hôtel du Département, Pavillon République",
    "place_address": "1, boulevard de la Marquette, 31090 Toulouse",
    "access_note": "Métro ligne B, station Canal du Midi. Entrée de plain-pied.",
}
VIDEO: Final[dict[str, Any]] = {"video_link": "https://visio.example.org/assemblee"}

AGENTS = (
    ("habitat", "Mireille", "Castex", "Bastien", "Loubet"),
    ("mobilites", "Yanis", "Ferrer", "Solange", "Arnaud"),
    ("insertion", "Coralie", "Dubarry", "Étienne", "Marsan"),
    ("finances", "Paul", "Vidal", "Hélène", "Roquebert"),
)


def directorate(context: DemoContext, code: str) -> Directorate:
    return Directorate.objects.get(assembly=context.assembly, code=code)


def directorate_staff(context: DemoContext) -> dict[str, tuple[User, User]]:
    """Return a contact and an approver for each directorate that is asked; create them at the first call."""
    if context.directorate_staff:
        return context.directorate_staff
    staff = {"autonomie": (context.users[Role.DIR_CONTACT], context.users[Role.DIR_APPROVER])}
    with at("2025-11-10 09:00"):
        for code, first, last, first_above, last_above in AGENTS:
            contact = create_agent(context, code, Role.DIR_CONTACT, first, last)
            staff[code] = contact, create_agent(context, code, Role.DIR_APPROVER, first_above, last_above)
    context.directorate_staff = staff
    return staff


def create_agent(context: DemoContext, code: str, role: Role, first: str, last: str) -> User:
    email = f"{slugify(first)}.{slugify(last)}@example.org"
    person = Person.objects.create(first_name=first, last_name=last, email=email, phone="06 39 98 20 15")
    user = create_account(person, email)
    roles.give(user, role, by=context.lead, term=context.term, directorate=directorate(context, code))
    invalidate_roles(user)
    return user


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
    with at(FIRST_MOMENT):
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
        plans_workload=True,
    )
    record("assembly.created", assembly, by=None)
    term = _terms(assembly)
    _cantons(assembly)
    lead = roles.appoint_first_lead(f"lead{DOMAIN}", "Samuel", "Espinasse", term=term)
    lead.person.capacity = "responsable du projet"
    lead.person.save(update_fields=["capacity"])
    Directorate.objects.bulk_create(
        Directorate(assembly=assembly, code=slugify(code), name=name) for code, name in DIRECTORATES
    )
    context = DemoContext(assembly, term, lead, lead, lead)
    _team(context)
    _committees(context)
    return context


def _terms(assembly: Assembly) -> Term:
    """Create both terms; return the one at work."""
    terms = (
        (
            1,
            "Première Assemblée, 2022-2025",
            story_date("2022-10-22"),
            story_date("2025-01-25"),
            TermState.CLOSED,
            162,
        ),
        (
            2,
            "Deuxième Assemblée, 2025-2027",
            story_date("2025-11-29"),
            story_date("2027-06-30"),
            TermState.ACTIVE,
            108,
        ),
    )
    for number, name, starts_on, ends_on, state, seats in terms:
        term = Term.objects.create(
            assembly=assembly,
            number=number,
            name=retell(name),
            starts_on=starts_on,
            ends_on=ends_on,
            state=state,
            seats=seats,
            follow_up_months=1,  # until November: demo/follow_up.py
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
    opened = story_date("2025-11-29")
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
