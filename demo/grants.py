"""Six applications of associations, 1,500 to 30,000 €, each at another step from the deposit to the account."""

from decimal import Decimal
from typing import Any

from assembly.files.fields import check_file
from demo.context import DemoContext, at
from demo.days import retell, story_date
from mission.grants import actions as grants, mails as grants_mails
from mission.grants.models import GrantApplication, GrantDeposit, GrantScheme
from mission.registers.actions import add_line, create
from mission.registers.declaration import registers

CRITERIA = (("Utilité pour les habitants", 3), ("Participation des premiers concernés", 3), ("Budget sincère", 2))
PIECES = (
    ("Statuts signés", True),
    ("Relevé d’identité bancaire", True),
    ("Budget du projet", True),
    ("Rapport", False),
)
ASSOCIATIONS = (
    ("Les Ateliers du Volvestre", "90000000100017", "Un jardin partagé à Montesquieu", 4_000, 9_000),
    ("Compagnie du Canal", "90000000200015", "Théâtre-forum dans six collèges", 30_000, 74_000),
    ("Lire en Comminges", "90000000300013", "Bibliothèque itinérante", 12_500, 26_000),
    ("Café des aidants de Muret", "90000000400011", "Rencontres du samedi", 1_500, 3_200),
    ("Roue libre Lauragais", "90000000500018", "Atelier de réparation de vélos", 8_000, 15_500),
    ("Chœur de la Lèze", "W313009417", "Concert de fin d’année", 2_000, 2_500),  # without SIRET: its RNA number
)


def make_grants(context: DemoContext) -> None:
    """Create a scheme in January; one grant is accounted for, one voted, one refused (unsent), one lacks a piece."""
    with at("2026-01-12 09:00"):
        scheme = make_scheme(context)
    rows = []
    for number, association in enumerate(ASSOCIATIONS):
        with at(f"2026-02-1{number} 10:00"):
            rows.append(make_application(context, scheme, association))
    garden, theatre, library, carers, bikes, choir = rows
    with at("2026-03-20 10:00"):
        grants.ask_for(carers, asked=["Relevé d’identité bancaire", "Budget du projet"], by=context.officer)
    with at("2026-03-23 10:00"):
        for row in (garden, theatre, library, bikes):
            to_readers(context, row)
    with at("2026-04-02 14:00"):
        read(context, garden, (5, 4, 4), (4, 4, 5))
        read(context, theatre, (4, 5, 3), (4, 4, 4))
        read(context, library, (5, 5, 4), (2, 3, 2))
    for row, amount in ((garden, 4_000), (theatre, 28_000)):
        decide(context, row, Decimal(amount))
    with at("2026-05-28 09:00"):
        reason = "Un concert ouvert aux habitants ne les associe pas à sa préparation, ce que le dispositif demande."
        registers["grants"].workflow.transition(choir, "reject", by=context.officer, reason=reason)
    account_for(context, garden)


def decide(context: DemoContext, row: GrantApplication, amount: Decimal) -> None:
    """Note the opinion in April, the vote in May, and notify the association."""
    with at("2026-04-20 10:00"):
        advice: dict[str, Any] = {"opinion": "Avis favorable.", "proposed_amount": amount}
        registers["grants"].workflow.transition(row, "advise", by=context.officer, **advice)
        registers["grants"].workflow.transition(row, "list", by=context.officer)
    with at("2026-05-22 16:00"):
        vote: dict[str, Any] = {
            "voted_amount": amount,
            "decided_on": story_date("2026-05-22"),
            "decision_reference": retell("CP-2026-05-118"),
        }
        registers["grants"].workflow.transition(row, "vote", by=context.officer, **vote)
    with at("2026-05-26 10:00"):
        grants.send_decision(row, seen=grants_mails.fingerprint(row), by=context.officer)


def account_for(context: DemoContext, row: GrantApplication) -> None:
    """Pay in June and note the account in October."""
    register = registers["grants"]
    payments: Any = register.line_kind("versements")
    with at("2026-06-15 10:00"):
        data = {"paid_on": story_date("2026-06-15"), "amount": row.voted_amount, "order": "M-2026-0412"}
        add_line(register, payments, row, by=context.officer, data=data)
        register.workflow.transition(row, "pay", by=context.officer)
    with at("2026-10-30 10:00"):
        account: dict[str, Any] = {
            "spent_amount": Decimal("8870.40"),
            "account": "Trente parcelles, quatre fêtes, deux classes.",
        }
        register.workflow.transition(row, "report", by=context.officer, **account)


def make_scheme(context: DemoContext) -> GrantScheme:
    register, by = registers["schemes"], context.lead
    values = {
        "name": "Pouvoir d’agir des habitants",
        "purpose": "Projets portés par des associations où les habitants décident et font.",
        "opens_on": story_date("2026-01-15"),
        "closes_on": story_date("2026-12-18"),
        "least_amount": Decimal(500),
        "most_amount": Decimal(30_000),
        "envelope": Decimal(90_000),
        "owner": context.officer,
    }
    scheme: GrantScheme = create(register, context.term, by=by, values=values)
    lines: dict[str, list[dict[str, Any]]] = {
        "criteres": [{"label": label, "weight": weight} for label, weight in CRITERIA],
        "pieces": [{"label": label, "is_required": required} for label, required in PIECES],
        "lecture": [{"user": user} for user in (context.lead, context.officer)],
    }
    for kind, rows in lines.items():
        line_kind: Any = register.line_kind(kind)
        for data in rows:
            add_line(register, line_kind, scheme, by=by, data=data)
    register.workflow.transition(scheme, "publish", by=by)
    return scheme


def make_application(context: DemoContext, scheme: GrantScheme, grant_request: Any) -> GrantApplication:
    name, number, project, requested, cost = grant_request
    values = {
        "name": name,
        "rna" if number.startswith("W") else "siret": number,
        "scheme": scheme,
        "project": project,
        "description": retell(f"{project} : avec et pour les habitants, de mars à octobre."),
        "contact_name": "Rosa Vidal",
        "contact_email": "association@example.org",
        "contact_phone": "06 39 98 00 17",
        "starts_on": story_date("2026-03-01"),
        "ends_on": story_date("2026-10-15"),
        "cost": Decimal(cost),
        "requested": Decimal(requested),
        "other_funders": "Commune : demandé, pas de réponse encore.",
        "has_committed": True,
        "owner": context.officer,
    }
    row: GrantApplication = create(registers["grants"], context.term, by=context.officer, values=values)
    # This deposit marks the address as confirmed, so that letters are sent to it.
    GrantDeposit.objects.create(scheme=row.scheme, email=row.contact_email, application=row)
    return row


def to_readers(context: DemoContext, row: GrantApplication) -> None:
    for piece in row.scheme.pieces.filter(is_required=True).order_by("pk"):
        file = check_file(
            f"{piece.label}.txt", f"{piece.label}, {row.name}\n".encode(), kinds=("text",), max_size=10_000
        )
        grants.attach(row, piece=piece, file=file, by=context.officer)
    registers["grants"].workflow.transition(row, "accept", by=context.officer)
    grants.name_readers(row, "assess", first=context.lead, second=context.officer, by=context.lead)


def read(context: DemoContext, row: GrantApplication, *marks: tuple[int, ...]) -> None:
    criteria = list(row.scheme.criteria.order_by("pk"))
    for reader, points in zip((context.lead, context.officer), marks, strict=True):
        data = {f"criterion-{each.pk}": mark for each, mark in zip(criteria, points, strict=True)}
        grants.score(row, by=reader, **data)
