"""A year with partners: meetings, agreements, data that they give, one duplicate, two mailing lists with consents.

Organisations and people are fictitious.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.utils.text import slugify

from demo.context import DemoContext, at
from demo.days import at_hour, retell, story_date
from mission.mailings.actions import leave_list
from mission.mailings.models import ListSubscriber, MailingList
from mission.mailings.register import LISTS, MESSAGES
from mission.partners.models import Partner, PartnerContact
from mission.partners.register import PARTNERS
from mission.registers.actions import add_line, add_link, create
from mission.registers.queries import link_ends
from mission.registers.workflow import merge

PARTICIPATION, CARE, DATA = "participation citoyenne", "grand âge", "données"


@dataclass(frozen=True)
class DemoPartner:
    """One partner; `contact`: first name, last name, function; `exchanges`: day, form, summary.

    `agreement`: object, from, to. `dataset`: title, licence, day of the last version, months between two.
    """

    name: str
    kind: str
    topics: list[str]
    contact: tuple[str, str, str]
    acronym: str = ""
    territory: str = "Haute-Garonne"
    steps: str = "engage"
    exchanges: Sequence[tuple[str, str, str]] = ()
    agreement: tuple[str, date, date | None] | None = None
    dataset: tuple[str, str, date, int] | None = None
    due_on: date | None = None


PARTNER_ROWS: Sequence[DemoPartner] = (
    DemoPartner(
        "Réseau des assemblées départementales",
        "network",
        [PARTICIPATION],
        ("Claire", "Estève", "Animatrice du réseau"),
        acronym="RAD",
        territory="France",
        exchanges=[
            (
                "2026-02-10",
                "event",
                "Deux jours à Rennes : notre calendrier de réponses intéresse trois départements.",
            ),
            ("2026-09-17", "meeting", "Visioconférence : un tableau commun des délais de réponse est proposé."),
        ],
        agreement=("Adhésion 2026", story_date("2026-01-01"), story_date("2026-12-31")),
    ),
    DemoPartner(
        "Laboratoire Délibération et territoires",
        "university",
        [PARTICIPATION, DATA],
        ("Malik", "Bensaïd", "Maître de conférences"),
        territory="Toulouse",
        exchanges=[
            ("2026-03-05", "meeting", "Observation de la plénière de mars, avec l’accord des membres."),
            ("2026-11-04", "mail", "Premiers résultats du questionnaire de rentrée, à rendre publics en janvier."),
        ],
        agreement=("Évaluation de la deuxième mandature", story_date("2026-02-01"), story_date("2027-06-30")),
    ),
    DemoPartner(
        "Conseil départemental de la citoyenneté et de l’autonomie",
        "authority",
        [CARE],
        ("Jeanne", "Portal", "Vice-présidente"),
        acronym="CDCA",
        exchanges=[("2026-01-21", "meeting", "Son avis sur le schéma autonomie est versé au dossier de la saisine.")],
        due_on=story_date("2026-12-10"),
    ),
    DemoPartner(
        "Observatoire régional de la santé",
        "state",
        [CARE, DATA],
        ("Antoine", "Rigal", "Chargé d’études"),
        territory="Occitanie",
        exchanges=[("2026-02-02", "mail", "Envoi des projections de population par canton.")],
        dataset=("Population de plus de 75 ans par canton", "Licence ouverte 2.0", story_date("2025-10-01"), 12),
    ),
    DemoPartner(
        "Agence d’urbanisme de l’aire métropolitaine",
        "other",
        [DATA],
        ("Élodie", "Sarrat", "Responsable des données"),
        territory="Toulouse",
        exchanges=[("2026-04-14", "call", "Elle met à jour chaque trimestre le temps d’accès aux services.")],
        agreement=("Mise à disposition de données", story_date("2026-04-20"), story_date("2027-04-19")),
        dataset=("Temps d’accès aux services, par commune", "ODbL 1.0", story_date("2026-10-05"), 3),
    ),
    DemoPartner(
        "Fédération des aidants du Comminges",
        "association",
        [CARE],
        ("Rosa", "Vidal", "Présidente"),
        territory="Comminges",
        exchanges=[
            ("2026-01-28", "meeting", "Quatre aidantes témoignent devant le groupe de travail."),
            (
                "2026-10-20",
                "call",
                "Elle demande où en est la maison de répit : réponse envoyée avec l’adresse du suivi.",
            ),
        ],
    ),
    DemoPartner(
        "Maison de l’innovation publique",
        "state",
        [PARTICIPATION],
        ("Hugo", "Tessier", "Designer"),
        territory="Toulouse",
        exchanges=[("2026-05-12", "event", "Atelier sur les comptes rendus faciles à lire.")],
    ),
    DemoPartner(
        "Union départementale des centres sociaux",
        "association",
        [PARTICIPATION],
        ("Nadia", "Cazals", "Déléguée"),
        exchanges=[("2026-06-09", "meeting", "Douze centres accueillent un atelier de canton à l’automne.")],
        agreement=("Ateliers de canton", story_date("2026-09-01"), story_date("2026-12-31")),
    ),
    DemoPartner(
        "Parlement citoyen du Lauragais",
        "network",
        [PARTICIPATION],
        ("Luc", "Fontanié", "Coordinateur"),
        territory="Lauragais",
        steps="engage pause",
        exchanges=[("2026-03-19", "call", "Le collectif cherche un lieu : à reprendre au printemps.")],
    ),
    DemoPartner(
        "Mission locale rurale",
        "association",
        [PARTICIPATION],
        ("Sofia", "Delmas", "Directrice"),
        steps="",
        due_on=story_date("2026-12-03"),
    ),
    DemoPartner(
        "Cabinet Agora et associés",
        "company",
        [PARTICIPATION],
        ("Paul", "Jourdan", "Consultant"),
        steps="engage end",
        exchanges=[("2026-01-13", "mail", "Fin de la mission d’installation, bilan remis.")],
    ),
    DemoPartner(
        "Aidants du Comminges",
        "association",
        [CARE],
        ("Rosa", "Vidal-Marty", "Présidente"),
        territory="Saint-Gaudens",
        exchanges=[("2026-05-06", "mail", "Invitation à leur assemblée générale.")],
    ),
)
MERGED_INTO, DOUBLE = "Fédération des aidants du Comminges", "Aidants du Comminges"
REASONS = {"pause": "Plus de nouvelles du collectif depuis mars.", "end": "La mission d’installation est terminée."}
LETTER, OPINIONS = "Lettre de l’assemblée", "Avis et réponses sur le grand âge"
# Name, what it brings.
LIST_ROWS = (
    (LETTER, "Quatre fois par an : les séances à venir, les avis publiés, les réponses reçues."),
    (OPINIONS, "Quand un avis sur le grand âge est publié, et quand le Département y répond."),
)
# List, whose contact, how and when the agreement was given, where it is found.
AGREEMENTS = (
    (LETTER, "Réseau des assemblées départementales", "meeting", story_date("2026-02-10"), "Rencontres de Rennes"),
    (LETTER, "Laboratoire Délibération et territoires", "mail", story_date("2026-03-09"), "Courriel du 9 mars"),
    (LETTER, "Maison de l’innovation publique", "meeting", story_date("2026-05-12"), "Atelier, feuille d’émargement"),
    (
        LETTER,
        "Union départementale des centres sociaux",
        "paper",
        story_date("2026-06-09"),
        "Bulletin signé, au dossier",
    ),
    (
        OPINIONS,
        "Conseil départemental de la citoyenneté et de l’autonomie",
        "paper",
        story_date("2026-01-21"),
        "Convention",
    ),
    (OPINIONS, MERGED_INTO, "phone", story_date("2026-10-20"), "Appel de Rosa Vidal"),
    (OPINIONS, "Observatoire régional de la santé", "link", None, ""),
)
LEFT = "Maison de l’innovation publique"
MESSAGE = """## Cet automne

La plénière du 3 octobre a entendu les premières réponses du Département sur le grand âge.

- Les avis et leurs réponses : https://exemple.fr/avis/
- Où en sont les engagements : https://exemple.fr/engagements/

La prochaine plénière se tient le 5 décembre, en public."""

ANSWERS = """## Neuf réponses sur dix

Le Département a répondu à neuf des dix préconisations de l’avis « Bien vieillir ».

- Chaque réponse et son suivi : https://exemple.fr/engagements/

Le premier bilan paraît à la fin de l’année."""


def make_partners(context: DemoContext) -> None:
    """Create the partners from January on; the duplicate is merged in June, the letter leaves in October."""
    partners = {row.name: make_partner(context, row) for row in sorted(PARTNER_ROWS, key=first_day)}
    with at("2026-06-15 15:00"):
        merge(partners[DOUBLE], into=partners[MERGED_INTO], by=context.officer)
    lists = make_lists(context)
    for name, partner, means, consent_on, proof in AGREEMENTS:
        contact = (
            PartnerContact.objects.select_related("person", "row").filter(row=partners[partner]).order_by("pk")[0]
        )
        with at(at_hour(consent_on or story_date("2026-11-23"), "18:00")):
            below(
                context,
                lists[name],
                "abonnes",
                contact=contact,
                means=means,
                consent_on=consent_on,
                proof=retell(proof),
            )
    write_letters(context, lists)


def make_partner(context: DemoContext, demo_partner: DemoPartner) -> Partner:
    officer = context.officer
    values = {
        "name": demo_partner.name,
        "kind": demo_partner.kind,
        "acronym": demo_partner.acronym,
        "territory": demo_partner.territory,
        "topics": demo_partner.topics,
        "owner": officer,
        "due_on": demo_partner.due_on,
    }
    with at(f"{first_day(demo_partner)} 09:40"):
        row: Partner = create(PARTNERS, context.term, by=officer, values=values)
        first, last, function = demo_partner.contact
        email = f"{slugify(first)}.{slugify(last)}@example.org"
        below(context, row, "contacts", first_name=first, last_name=last, function=function, email=email, phone="")
    for day, kind, summary in demo_partner.exchanges:
        with at(f"{day} 17:00"):
            below(context, row, "echanges", held_on=story_date(day), kind=kind, summary=retell(summary))
    with at(f"{last_day(demo_partner)} 17:30"):
        if demo_partner.agreement:
            title, starts_on, ends_on = demo_partner.agreement
            below(
                context,
                row,
                "conventions",
                title=retell(title),
                starts_on=starts_on,
                ends_on=ends_on,
                is_renewed=False,
            )
        if demo_partner.dataset:
            title, licence, updated_on, months = demo_partner.dataset
            data = {"title": title, "licence": licence, "updated_on": updated_on, "renewed_every": months}
            below(context, row, "donnees", address="https://exemple.fr/donnees", **data)
        for step_name in demo_partner.steps.split():
            PARTNERS.workflow.transition(row, step_name, by=officer, reason=retell(REASONS.get(step_name, "")))
        if demo_partner.acronym == "CDCA":
            end = link_ends()["directorate"]
            add_link(PARTNERS, row, end, end.of(officer, context.term, ["autonomie"])[0], by=officer)
        if demo_partner.territory == "Comminges":
            end = link_ends()["canton"]
            add_link(PARTNERS, row, end, end.of(officer, context.term, ["Gaudens"])[0], by=officer)
    return row


def first_day(demo_partner: DemoPartner) -> str:
    return demo_partner.exchanges[0][0] if demo_partner.exchanges else "2026-11-18"


def last_day(demo_partner: DemoPartner) -> str:
    return demo_partner.exchanges[-1][0] if demo_partner.exchanges else "2026-11-18"


def below(context: DemoContext, row: Any, key: str, **data: Any) -> Any:
    register: Any = LISTS if isinstance(row, MailingList) else PARTNERS
    return add_line(register, register.line_kind(key), row, by=context.officer, data=data)


def make_lists(context: DemoContext) -> dict[str, MailingList]:
    with at("2026-01-19 10:00"):
        return {
            name: create(
                LISTS,
                context.term,
                by=context.officer,
                values={"name": name, "purpose": purpose, "owner": context.officer},
            )
            for name, purpose in LIST_ROWS
        }


def write_letters(context: DemoContext, lists: dict[str, MailingList]) -> None:
    """Write one letter that left, after which somebody withdrew, and one that is being prepared."""
    with at("2026-10-12 11:00"):
        facts = {"mailing_list": lists[LETTER], "name": "L’assemblée cet automne", "body": retell(MESSAGE)}
        letter = create(MESSAGES, context.term, by=context.officer, values=facts | {"owner": context.officer})
        MESSAGES.workflow.transition(letter, "send", by=context.lead)
    with at("2026-10-13 08:20"):
        leave_list(ListSubscriber.objects.get(row=lists[LETTER], partner__name=LEFT).public_id)
    with at("2026-11-24 15:00"):
        facts = {"mailing_list": lists[OPINIONS], "name": "Le Département répond sur le grand âge", "body": ANSWERS}
        create(MESSAGES, context.term, by=context.officer, values=facts | {"owner": context.officer})
