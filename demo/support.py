"""A year of support: four communes and three directorates, method sheets, trainings. Requests are fictitious."""

from collections.abc import Sequence
from datetime import timedelta
from decimal import Decimal
from typing import Any

from django.utils.text import slugify

from demo.context import DemoContext, at
from demo.days import at_hour, story_date
from demo.institution import directorate, directorate_staff
from mission.partners.models import Partner
from mission.partners.register import PARTNERS
from mission.registers.actions import add_line, create, edit
from mission.support.actions import ask
from mission.support.models import MethodSheet, SupportRequest
from mission.support.register import METHODS, SUPPORT

FROM_DIRECTORATE = "AUTONOMIE"  # its contact asks from the directorates' area
WALK, MEETING, WORKSHOP = "Marche exploratoire", "Réunion publique", "Atelier de scénarios"
# Name, what it is for, how it goes, effort, days of work, group, cost.
SHEETS: Sequence[tuple[str, str, str, str, int, tuple[int, int], int]] = (
    (
        WALK,
        "Regarder un lieu avec celles et ceux qui le pratiquent.",
        "Un parcours de deux heures, cinq arrêts, un carnet par personne.\nLe retour se fait à table, le jour même.",
        *("light", 3, (6, 12), 150),
    ),
    (
        MEETING,
        "Dire ce qui est décidé, entendre ce qui inquiète.",
        "Vingt minutes d’exposé, puis des tables de huit.\nUne question sans réponse en reçoit une sous un mois.",
        *("medium", 5, (30, 120), 900),
    ),
    (
        WORKSHOP,
        "Comparer des choix avant de décider.",
        "Trois scénarios chiffrés, une demi-journée, deux animateurs.\nChaque table dit ce qu’elle garde et pourquoi.",
        *("heavy", 9, (16, 40), 2400),
    ),
)
# Received, who (code of the directorate, or commune and EPCI), title, policy, need, steps.
REQUESTS: Sequence[tuple[str, str, str, str, str, str, str]] = (
    (
        *("2026-01-19", "Revel", "CC Aux sources du Canal du Midi", "Former les agents à l’animation de réunions"),
        *("cross_cutting", "Six agents d’accueil animent des réunions de quartier sans y être formés."),
        "accept start deliver evaluate",
    ),
    (
        *("2026-02-09", "MOBILITES", "", "Placer les aires de covoiturage avec les usagers", "mobility"),
        *("Onze emplacements possibles, sept à retenir.", "accept start deliver evaluate"),
    ),
    (
        *("2026-03-16", "Muret", "CA Le Muretain Agglo", "Renouveler le conseil des sages", "autonomy"),
        *("Le règlement date de 2009. Comment tirer des habitants au sort ?", "accept start deliver"),
    ),
    (
        *("2026-05-11", "Villemur-sur-Tarn", "CC Val’Aïgo", "Organiser un référendum local", "cross_cutting"),
        *("Sur la fermeture d’une rue aux voitures.", "decline"),
    ),
    (
        *("2026-06-15", "EDUCATION", "", "Associer les collégiens au menu de la cantine", "education"),
        *("Quatre collèges volontaires à la rentrée.", "accept start"),
    ),
    (
        *("2026-09-21", "AUTONOMIE", "", "Discuter du schéma autonomie en quatre lieux", "autonomy"),
        *("Des réunions où l’on vient peu : que changer ?", "accept start deliver"),
    ),
    (
        *("2026-11-16", "Saint-Gaudens", "CC Cœur et Coteaux du Comminges", "Animer un budget participatif"),
        *("culture", "Premier budget, 40 000 €, un poste à mi-temps.", ""),
    ),
    (
        *("2026-11-23", "AUTONOMIE", "", "Réunir les aidants du Luchonnais", "autonomy"),
        *("Une trentaine de personnes, le soir, loin de tout. Comment les faire parler de répit ?", ""),
    ),
)
DAYS_AFTER = {"accept": 23, "decline": 23, "start": 65, "deliver": 86, "evaluate": 107}
REASON = (
    "Le référendum local relève de la préfecture pour son contrôle : le service juridique de l’intercommunalité suit."
)
ADVICE: dict[str, tuple[str, list[tuple[str, str]]]] = {
    "MOBILITES": (
        "Allez sur place avant de réunir.\nMontrez les sept critères, et ce qui ne se discute pas.",
        [(WALK, "Les usagers parlent de ce qu’ils voient."), (MEETING, "Pour dire ce qui est retenu.")],
    ),
    "Muret": (
        "Tirez au sort parmi des volontaires de chaque quartier, et publiez la règle avant le tirage.",
        [(WORKSHOP, "Trois compositions possibles à comparer.")],
    ),
    "AUTONOMIE": (
        "Allez là où les gens vont déjà : marché, club, cabinet infirmier.\nUne question par lieu, la réponse affichée"
        " le mois suivant.",
        [(MEETING, "Une seule, pour rendre ce qui a été entendu."), (WALK, "Le trajet jusqu’au bourg.")],
    ),
    "EDUCATION": ("", [(WALK, "Une cantine se visite.")]),
}
# Day, hours, registered, attended, answers, satisfaction.
TRAININGS: dict[str, list[tuple[str, str, int, int | None, int, str]]] = {
    "Revel": [("2026-03-10", "6", 12, 11, 9, "4.4"), ("2026-04-14", "3.5", 10, 7, 6, "4.1")],
    "Muret": [("2026-06-04", "3", 18, 14, 10, "3.8"), ("2026-12-10", "3", 9, None, 0, "")],
}


def make_support(context: DemoContext) -> None:
    """Create the groups of communes and the sheets in January, then the requests and what was done."""
    with at("2026-01-06 09:00"):
        for name in (epci for _day, _who, epci, *_more in REQUESTS if epci):
            create(PARTNERS, context.term, by=context.officer, values={"name": name, "kind": "epci"})
    sheets = {row[0]: make_sheet(context, *row) for row in SHEETS}
    for row in REQUESTS:
        make_request(context, sheets, *row)


def make_sheet(
    context: DemoContext,
    name: str,
    purpose: str,
    method: str,
    effort: str,
    days: int,
    group: tuple[int, int],
    cost: int,
) -> MethodSheet:
    values = {
        "name": name,
        "purpose": purpose,
        "method": method,
        "effort": effort,
        "work_days": days,
        "group_min": group[0],
        "group_max": group[1],
        "cost": Decimal(cost),
        "owner": context.officer,
    }
    with at("2026-01-08 14:00"):
        sheet: MethodSheet = create(METHODS, context.term, by=context.officer, values=values)
        METHODS.workflow.transition(sheet, "adopt", by=context.lead)
    return sheet


def make_request(
    context: DemoContext, sheets: dict[str, MethodSheet], day: str, who: str, epci: str, name: str, *more: str
) -> None:
    policy, need, steps = more
    advice, methods = ADVICE.get(who, ("", []))
    received_on = story_date(day)
    values = {
        "name": name,
        "received_on": received_on,
        "need": need,
        "policy": policy,
        "due_on": story_date("2026-12-18") if day > "2026-07" else None,
    }
    with at(f"{day} 10:00"):
        if who == FROM_DIRECTORATE:
            row = ask_as_directorate(context, values)
        else:
            row = typed_in(context, values, who, epci)
    if not steps and who == FROM_DIRECTORATE:
        return  # nobody has read it yet
    with at(f"{day} 16:00"):
        edit(SUPPORT, row, by=context.officer, values={"owner": context.officer, "advice": advice}, version=1)
        row.refresh_from_db()
        for method, why in methods:
            below(context, row, "methodes", {"method": sheets[method], "why": why})
    for session in TRAININGS.get(who, []):
        make_session(context, row, *session)
    for step_name in steps.split():
        on = min(received_on + timedelta(days=DAYS_AFTER[step_name]), story_date("2026-11-25"))
        with at(at_hour(on, "11:30")):
            take(context, row, step_name)


def ask_as_directorate(context: DemoContext, values: dict[str, Any]) -> SupportRequest:
    """Create a request as the contact of the directorate does."""
    contact, _approver = directorate_staff(context)[FROM_DIRECTORATE.lower()]
    return ask(context.term, directorate=directorate(context, FROM_DIRECTORATE.lower()), by=contact, values=values)


def typed_in(context: DemoContext, values: dict[str, Any], who: str, epci: str) -> SupportRequest:
    """Create a request as the team does, from a letter or a call."""
    asked_by: dict[str, Any] = {"epci": epci_named(context, epci), "commune": who} if epci else {}
    facts = values | (asked_by or {"directorate": directorate(context, slugify(who))})
    row: SupportRequest = create(SUPPORT, context.term, by=context.officer, values=facts)
    return row


def make_session(
    context: DemoContext,
    row: SupportRequest,
    day: str,
    hours: str,
    registered: int,
    attended: int | None,
    answers: int,
    satisfaction: str,
) -> None:
    data = {
        "title": "Animer une réunion où chacun parle",
        "held_on": story_date(day),
        "hours": Decimal(hours),
        "place": row.commune,
        "registered": registered,
        "attended": attended,
        "answers": answers,
        "satisfaction": Decimal(satisfaction) if satisfaction else None,
    }
    with at(f"{min(day, '2026-11-20')} 18:00"):
        below(context, row, "formations", data)


def take(context: DemoContext, row: SupportRequest, step_name: str) -> None:
    facts: dict[str, Any] = (
        {"rating": 4, "evaluation": "Les réunions se tiennent ; chacun y parle."} if step_name == "evaluate" else {}
    )
    reason = REASON if step_name == "decline" else ""
    SUPPORT.workflow.transition(row, step_name, by=context.officer, reason=reason, **facts)


def below(context: DemoContext, row: SupportRequest, key: str, data: dict[str, Any]) -> None:
    kind: Any = SUPPORT.line_kind(key)
    add_line(SUPPORT, kind, row, by=context.officer, data=data)


def epci_named(context: DemoContext, name: str) -> Partner:
    return Partner.objects.get(assembly=context.assembly, kind="epci", name=name)
