"""Import of a file of candidates: its columns, the plan of each line, the writing."""

from datetime import date
from functools import partial
from typing import Any

from django.core.exceptions import PermissionDenied, ValidationError
from django.utils import timezone
from django.utils.translation import gettext as _, gettext_lazy

from assembly.identity.models import User, sort_key
from assembly.imports.cells import InvalidCell, day_cell, folded_text
from assembly.imports.models import ImportBatch
from assembly.imports.plan import (
    CREATE,
    SAME,
    ImportColumn,
    ImportPlan,
    LineRejected,
    choice_of,
    shown_values,
    text_cell,
)
from assembly.imports.tables import FileTable
from assembly.institution.models import Canton, Term
from assembly.text.french import format_date
from draws.calls.queries import call_of, is_frozen
from draws.calls.rules import age_on
from draws.candidates import actions
from draws.models import Candidate, CandidateState, Channel, Occupation
from members.enums import Gender
from members.imports import check_once, email_cell, gender, name, phone, postcode

CANDIDATES = "candidates"
OCCUPATIONS = {folded_text(label): value for value, text in Occupation.choices for label in (value, str(text))} | {
    "agriculteur exploitant": Occupation.FARMER,
    "agriculteur ou agricultrice exploitant e": Occupation.FARMER,
    "artisan": Occupation.SELF_EMPLOYED,
    "artisan e commercant e chef fe d entreprise": Occupation.SELF_EMPLOYED,
    "commercant": Occupation.SELF_EMPLOYED,
    "chef d entreprise": Occupation.SELF_EMPLOYED,
    "employe e": Occupation.EMPLOYEE,
    "profession intermediaire": Occupation.INTERMEDIATE,
    "retraite e": Occupation.RETIRED,
    "etudiant": Occupation.NOT_WORKING,
    "sans emploi": Occupation.NOT_WORKING,
}
LABELS = {
    "gender": dict(Gender.choices),
    "occupation": dict(Occupation.choices),
    "channel": dict(Channel.choices),
}
CHANNELS = {
    "": Channel.FILE,
    "papier": Channel.PAPER,
    "bulletin papier": Channel.PAPER,
    "marche": Channel.MARKET,
    "rencontre sur un marche": Channel.MARKET,
    "telephone": Channel.PHONE,
    "fichier importe": Channel.FILE,
}


def birth_date(text: str) -> str:
    """Parse a day as people write it, and return it as ISO text for the saved row."""
    try:
        day = date.fromisoformat(day_cell(text, past=True))
    except (InvalidCell, ValueError):
        raise InvalidCell(_("Écrivez une date de naissance, par exemple 14/03/1968.")) from None
    if not 0 <= age_on(day, timezone.localdate()) <= 120:
        raise InvalidCell(_("Vérifiez l’année : cette date de naissance n’est pas possible."))
    return day.isoformat()


def occupation(text: str) -> str:
    return choice_of(
        OCCUPATIONS, text, _("Écrivez une profession du modèle, par exemple « employe » ou « retraite ».")
    )


def arrival(text: str) -> str:
    return choice_of(CHANNELS, text, _("Écrivez « papier », « marché » ou « téléphone », ou laissez vide."))


COLUMNS = (
    ImportColumn("first_name", gettext_lazy("prénom"), ("prenom",), name, required=True),
    ImportColumn("last_name", gettext_lazy("nom"), ("nom", "nom de famille", "nom d usage"), name, required=True),
    ImportColumn(
        "birth_date",
        gettext_lazy("date de naissance"),
        ("date de naissance", "naissance", "ne le", "nee le"),
        birth_date,
        required=True,
    ),
    ImportColumn("gender", gettext_lazy("genre"), ("genre", "sexe"), gender, required=True),
    ImportColumn("occupation", gettext_lazy("profession"), ("profession", "csp", "metier"), occupation, required=True),
    ImportColumn(
        "address", gettext_lazy("adresse"), ("adresse", "adresse postale", "rue"), text_cell(300), required=True
    ),
    ImportColumn("postcode", gettext_lazy("code postal"), ("code postal", "cp"), postcode, required=True),
    ImportColumn("city", gettext_lazy("commune"), ("commune", "ville"), text_cell(80), required=True),
    ImportColumn("canton", gettext_lazy("canton"), ("canton",), text_cell(80)),
    ImportColumn(
        "email", gettext_lazy("courriel"), ("courriel", "email", "e mail", "mail", "adresse electronique"), email_cell
    ),
    ImportColumn("phone", gettext_lazy("téléphone"), ("telephone", "tel", "portable", "mobile"), phone),
    ImportColumn("channel", gettext_lazy("canal"), ("canal", "recue par"), arrival),
)
EXAMPLE = (
    "Amina", "Diallo", "14/03/1968", "F", "employe", "3 rue du Moulin", "31190", "Auterive", "Auterive",
    "amina.diallo@example.org", "06 39 98 00 00", "marché",
)  # fmt: skip


def cantons_of(term: Term) -> dict[str, Canton]:
    """Return the cantons by every way of writing them."""
    return {
        folded_text(text): canton
        for canton in Canton.objects.filter(assembly=term.assembly_id)
        for text in (canton.name, str(canton.number), f"{canton.number:02}", f"canton {canton.name}")
    }


def plan_candidates(table: FileTable, term: Term) -> ImportPlan:
    """Plan every line. One with an error is left out; whoever applied already stays as they are."""
    plan = ImportPlan(table, COLUMNS)
    call = call_of(term)
    if call is None:
        plan.stops.append(_("Aucun appel n’est préparé pour cette mandature."))
    elif is_frozen(call):
        plan.stops.append(_("La liste des candidats est figée pour le tirage : rien ne s’y ajoute."))
    if not plan.stops:
        known = set(Candidate.objects.filter(call=call).values_list("sort_name", "birth_date"))
        plan.add_lines(partial(plan_candidate_line, plan, cantons_of(term), known))
    return plan


def plan_candidate_line(
    plan: ImportPlan, cantons: dict[str, Canton], known: set[tuple[str, date]], line: int, data: dict[str, Any]
) -> dict[str, Any]:
    written = data.get("canton", "")
    canton = cantons.get(folded_text(written)) if written else None
    if written and canton is None:
        raise LineRejected((_("canton"), written, _("Ce canton n’existe pas ici. Écrivez son nom, ou laissez vide.")))
    key = (sort_key(data["last_name"], data["first_name"]), data["birth_date"])
    check_once(plan, key, line, data)
    person = data | {"canton": canton.pk if canton else None, "channel": data.get("channel") or Channel.FILE.value}
    row = {"person": person, "canton_name": canton.name if canton else ""}
    shown = person | {"birth_date": format_date(date.fromisoformat(data["birth_date"]), weekday=False)}
    beside = {"first_name", "last_name", "canton"}  # These have their own columns.
    row["values"] = shown_values([one for one in COLUMNS if one.key not in beside], shown, LABELS)
    is_known = (key[0], date.fromisoformat(key[1])) in known
    return row | {"plan": SAME if is_known else CREATE}


def write_candidate(row: dict[str, Any], batch: ImportBatch, *, by: User) -> str:
    """Write one line, unless that person has applied since the preview."""
    call = call_of(batch.term)
    if call is None:
        raise PermissionDenied
    fields = dict(row["person"])
    born, key = date.fromisoformat(fields["birth_date"]), sort_key(fields["last_name"], fields["first_name"])
    gone = [CandidateState.WITHDRAWN, CandidateState.UNCONFIRMED]
    if Candidate.objects.filter(call=call, sort_name=key, birth_date=born).exclude(state__in=gone).exists():
        return SAME
    channel = fields.pop("channel")
    canton = Canton.objects.filter(pk=fields["canton"], assembly=batch.term.assembly_id).first()
    if fields["canton"] and canton is None:
        raise ValidationError(_("Ce canton n’existe plus."))
    optional = {"email": "", "phone": "", "wants_news": False}
    actions.enter_by_hand(call, optional | fields | {"birth_date": born, "canton": canton}, channel=channel, by=by)
    return CREATE
