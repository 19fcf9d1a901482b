"""Import of a file of members: its columns, the plan of each line for a term, the writing."""

import re
from collections.abc import Hashable, Iterable, Mapping, Sequence
from datetime import date
from functools import partial
from typing import Any

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.utils import timezone
from django.utils.translation import gettext as _, gettext_lazy

from assembly.identity.models import ContactChannel, User, sort_key
from assembly.identity.names import check_person_name
from assembly.imports.cells import MIDNIGHT, InvalidCell, folded_text, phone_text, postcode_text
from assembly.imports.models import ImportBatch
from assembly.imports.plan import (
    CREATE,
    SAME,
    UPDATE,
    ImportColumn,
    ImportPlan,
    LineRejected,
    choice_of,
    shown_values,
    text_cell,
)
from assembly.imports.tables import FileTable
from assembly.institution.actions import committees as institution
from assembly.institution.models import Canton, Committee, CommitteeMembership, Term
from members.consents import actions as consents
from members.consents.queries import open_needs
from members.enums import Civility, Gender, MandateState, NeedKind, RecordChannel, SeatGender
from members.mandates import actions as mandates
from members.mandates.queries import vacant_seats
from members.members import actions as members
from members.members.queries import in_office
from members.models import Mandate, Seat

NAME = re.compile(r"[^\W\d_][\w .'’\-]*")
SEAT = re.compile(r"[FMX][1-9]\d?")


def name(text: str) -> str:
    if not text:
        raise InvalidCell(_("Cette case est vide."))
    if len(text) > 80:
        raise InvalidCell(_("Ce nom est trop long."))
    if not NAME.fullmatch(text):
        raise InvalidCell(_("Ce nom contient des signes inattendus."))
    try:
        check_person_name(text)
    except ValidationError as refused:
        raise InvalidCell(refused.message) from refused
    return text


def civility(text: str) -> str:
    known = {"": "", "mme": Civility.MADAM, "madame": Civility.MADAM, "m": Civility.SIR, "monsieur": Civility.SIR}
    return choice_of(known, text, _("Écrivez Mme ou M."))


def gender(text: str) -> str:
    known = {"f": Gender.FEMALE, "femme": Gender.FEMALE, "m": Gender.MALE, "h": Gender.MALE, "homme": Gender.MALE}
    known |= {"x": Gender.OTHER, "autre": Gender.OTHER, "non precise": Gender.OTHER}
    return choice_of(known, text, _("Écrivez F, M ou X."))


def channel(text: str) -> str:
    known = {"": ""} | dict.fromkeys(("courriel", "email", "e mail", "mail", "par courriel"), ContactChannel.EMAIL)
    known |= dict.fromkeys(
        ("courrier", "papier", "postal", "poste", "courrier postal", "par courrier postal"), ContactChannel.PAPER
    )
    return choice_of(known, text, _("Écrivez « courriel » ou « courrier »."))


def year(text: str) -> int | None:
    if not text:
        return None
    match = re.fullmatch(r"(?:\d{1,2}/\d{1,2}/)?(\d{4})", MIDNIGHT.sub("", text))
    if not match or not 1900 <= int(match[1]) <= date.today().year - 15:  # noqa: DTZ011 -- a year of birth has no time zone
        raise InvalidCell(_("Écrivez une année de naissance en quatre chiffres, par exemple 1968."))
    return int(match[1])


def email_cell(text: str) -> str:
    if text:
        try:
            validate_email(text)
        except ValidationError:
            raise InvalidCell(_("Cette adresse électronique n’est pas complète.")) from None
    return text.lower()


def phone(text: str) -> str:
    number = phone_text(text)
    if number and not re.fullmatch(r"\+?\d{9,15}", number.replace(" ", "")):
        raise InvalidCell(_("Ce numéro de téléphone n’est pas complet."))
    return number


def postcode(text: str) -> str:
    text = postcode_text(text)
    if text and not re.fullmatch(r"\d{5}", text):
        raise InvalidCell(_("Écrivez cinq chiffres, par exemple 31000."))
    return text


def seat_cell(text: str) -> str:
    """Return F1, M2…; « S » for an alternate; empty for the first vacant seat."""
    code = folded_text(text).replace(" ", "").upper()
    if code in ("", "S") or code.startswith("SUPPL"):
        return "S" if code else ""
    if not SEAT.fullmatch(code):
        raise InvalidCell(_("Écrivez F1, F2, M1, M2, ou « S » pour une suppléance."))
    return code


NEED_TERMS: dict[str, NeedKind] = {
    "lsf": NeedKind.SIGN_LANGUAGE,
    "langue des signes": NeedKind.SIGN_LANGUAGE,
    "sans marche": NeedKind.STEP_FREE,
    "fauteuil": NeedKind.STEP_FREE,
    "plain pied": NeedKind.STEP_FREE,
    "boucle": NeedKind.HEARING_LOOP,
    "transcription": NeedKind.HEARING_LOOP,
    "gros caracteres": NeedKind.LARGE_PRINT,
    "falc": NeedKind.EASY_READ,
    "facile a lire": NeedKind.EASY_READ,
    "garde d enfant": NeedKind.CHILDCARE,
    "transport": NeedKind.TRANSPORT,
    "accompagn": NeedKind.COMPANION,
    "repas": NeedKind.MEAL,
}


def needs(text: str) -> list[list[str]]:
    """Return measures split at `|`; « autre : … » retains its text. Refuse an unknown one: it may name an illness."""
    measures = []
    for part in filter(None, (piece.strip() for piece in text.split("|"))):
        if folded_text(part).startswith("autre"):
            measures.append([str(NeedKind.OTHER), text_cell(200)(part.partition(":")[2].strip())])
            continue
        kind = next((kind for word, kind in NEED_TERMS.items() if word in folded_text(part)), None)
        if kind is None:
            raise InvalidCell(
                _("Mesure inconnue. Écrivez une mesure du modèle (LSF, garde d’enfants…), jamais un diagnostic.")
            )
        measures.append([str(kind), part.partition(":")[2].strip()[:200]])
    return measures


def committees(text: str) -> list[str]:
    return [piece for piece in (part.strip() for part in text.split("|")) if piece]


COLUMNS = (
    ImportColumn("civility", gettext_lazy("civilité"), ("civilite", "titre"), civility),
    ImportColumn("first_name", gettext_lazy("prénom"), ("prenom",), name, required=True),
    ImportColumn("last_name", gettext_lazy("nom"), ("nom", "nom de famille", "nom d usage"), name, required=True),
    ImportColumn("gender", gettext_lazy("genre"), ("genre", "sexe"), gender, required=True),
    ImportColumn("birth_year", gettext_lazy("année de naissance"), ("annee de naissance", "annee", "naissance"), year),
    ImportColumn("canton", gettext_lazy("canton"), ("canton",), text_cell(80), required=True),
    ImportColumn("city", gettext_lazy("commune"), ("commune", "ville"), text_cell(80)),
    ImportColumn("address", gettext_lazy("adresse"), ("adresse", "adresse postale", "rue"), text_cell(300)),
    ImportColumn("postcode", gettext_lazy("code postal"), ("code postal", "cp"), postcode),
    ImportColumn(
        "email", gettext_lazy("courriel"), ("courriel", "email", "e mail", "mail", "adresse electronique"), email_cell
    ),
    ImportColumn("phone", gettext_lazy("téléphone"), ("telephone", "tel", "portable", "mobile"), phone),
    ImportColumn("channel", gettext_lazy("canal"), ("canal", "moyen de contact", "contact"), channel),
    ImportColumn("seat", gettext_lazy("siège"), ("siege",), seat_cell),
    ImportColumn("needs", gettext_lazy("besoins"), ("besoins", "mesures", "mesures a prevoir"), needs),
    ImportColumn("committees", gettext_lazy("groupe"), ("groupe", "groupes", "commission", "commissions"), committees),
)
EXAMPLE = (
    "Mme", "Amina", "Diallo", "F", "1968", "Auterive", "Auterive", "3 rue du Moulin", "31190",
    "amina.diallo@example.org", "06 39 98 00 00", "courriel", "F1", "garde d’enfants : deux enfants", "",
)  # fmt: skip

MEMBERS = "members"
LABELS: dict[str, Mapping[Any, Any]] = {
    "civility": dict(Civility.choices),
    "gender": dict(Gender.choices),
    "channel": dict(ContactChannel.choices),
}
PERSON = ("first_name", "last_name", "email", "phone", "address", "postcode", "city", "channel")
TAKEN_FROM_FILE = ("email", "phone", "address", "postcode", "city", "channel")


class TermSnapshot:
    """Present rows of a term: cantons, vacant seats, groups, known members."""

    def __init__(self, term: Term) -> None:
        self.term = term
        cantons = Canton.objects.filter(assembly=term.assembly_id)
        self.cantons = {}
        for canton in cantons:
            for word in (canton.name, canton.slug, str(canton.number), f"{canton.number:02}", f"canton {canton.name}"):
                self.cantons[folded_text(word)] = canton
        self.committees = {
            folded_text(word): committee
            for committee in Committee.objects.filter(term=term, closed_on=None)
            for word in (committee.name, committee.slug)
        }
        self.free = list(vacant_seats(term))
        rows = Mandate.objects.filter(term=term).select_related("member__person", "seat").order_by("proposed_at", "pk")
        self.known = {key_of(mandate): mandate for mandate in rows}
        people = [mandate.member.person_id for mandate in self.known.values()]
        seats = CommitteeMembership.objects.filter(
            in_office(timezone.localdate()), person__in=people, committee__term=term
        )
        self.sitting = set(seats.values_list("person", "committee"))
        needs = open_needs([mandate.member_id for mandate in self.known.values()])
        self.needed = set(needs.values_list("member", "kind"))

    def take_seat(self, canton: Canton, gender: str, code: str) -> Seat | None:
        """Reserve the seat of this code, or the first free one that fits; return None without one."""
        fitting = [
            seat
            for seat in sorted(self.free, key=lambda seat: (seat.gender, seat.rank))
            if seat.canton_id == canton.pk and seat.gender in (gender, SeatGender.ANY) and code in ("", seat.code)
        ]
        if fitting:
            self.free.remove(fitting[0])
        return fitting[0] if fitting else None

    def committee(self, name: str) -> Committee:
        committee = self.committees.get(folded_text(name))
        if committee is None:
            raise LineRejected((_("groupe"), name, _("Ce groupe n’existe pas dans cette mandature.")))
        return committee


def key_of(mandate: Mandate) -> tuple[str, int | None, int]:
    """Return the stable key of a member in a term."""
    return mandate.member.person.sort_name, mandate.member.birth_year, mandate.member.canton_id


def plan(table: FileTable, term: Term) -> ImportPlan:
    """Plan every line. One with an error is left out; the others may be imported."""
    import_plan = ImportPlan(table, COLUMNS)
    if not import_plan.stops and not Seat.objects.filter(term=term).exists():
        import_plan.stops.append(_("Cette mandature n’a pas encore de sièges. Créez-les d’abord, canton par canton."))
    if not import_plan.stops:
        import_plan.add_lines(partial(plan_member_line, import_plan, TermSnapshot(term)))
    return import_plan


def plan_member_line(import_plan: ImportPlan, place: TermSnapshot, line: int, data: dict[str, Any]) -> dict[str, Any]:
    """Return the plan of one whole line; raise LineRejected."""
    canton = place.cantons.get(folded_text(data["canton"]))
    if canton is None:
        message = _("Ce canton n’existe pas ici. Écrivez son nom ou son numéro.")
        raise LineRejected((_("canton"), data["canton"], message))
    key = (sort_key(data["last_name"], data["first_name"]), data.get("birth_year"), canton.pk)
    check_once(import_plan, key, line, data)
    row: dict[str, Any] = {"canton": canton.pk, "canton_name": canton.name}
    row["committees"] = [place.committee(name).pk for name in data.get("committees", [])]
    check_reachable(data)
    row["person"] = {name: data.get(name, "") for name in PERSON}
    row["member"] = {name: data.get(name, "") for name in ("civility", "gender")}
    row["member"]["birth_year"] = data.get("birth_year")
    row["needs"] = data.get("needs", [])
    mandate = place.known.get(key)
    row = plan_update(row, mandate, data, place) if mandate else plan_creation(row, canton, data, place)
    note_shared_email(import_plan, line, row["person"]["email"])
    return row


def check_once(import_plan: ImportPlan, key: Hashable, line: int, data: dict[str, Any]) -> None:
    """Raise LineRejected where an earlier line has the same person."""
    if earlier := import_plan.earlier_line(key, line):
        message = _("Cette personne est déjà à la ligne %(line)s.") % {"line": earlier}
        raise LineRejected((_("nom"), f"{data['first_name']} {data['last_name']}", message))


def check_reachable(data: dict[str, Any]) -> None:
    """Fill an empty channel; raise LineRejected where its address is missing."""
    data["channel"] = data.get("channel") or (ContactChannel.EMAIL if data.get("email") else ContactChannel.PAPER)
    if data["channel"] == ContactChannel.EMAIL and not data.get("email"):
        raise LineRejected((_("courriel"), "", _("Le canal est « courriel », mais l’adresse électronique manque.")))
    if data["channel"] == ContactChannel.PAPER and not (data.get("address") and data.get("city")):
        raise LineRejected((_("adresse"), "", _("Sans courriel, il faut une adresse postale et une commune.")))


def need_labels(needs: Iterable[Sequence[str]]) -> str:
    labels = dict(NeedKind.choices)
    return ", ".join(f"{labels[kind]} ({measure})" if measure else str(labels[kind]) for kind, measure in needs)


def plan_creation(row: dict[str, Any], canton: Canton, data: dict[str, Any], place: TermSnapshot) -> dict[str, Any]:
    code = data.get("seat", "")
    shown = row["person"] | row["member"] | {"needs": need_labels(row["needs"])}
    shown["committees"] = ", ".join(data.get("committees", []))
    beside = {"first_name", "last_name", "canton", "seat"}  # These have their own columns.
    row["values"] = shown_values([column for column in COLUMNS if column.key not in beside], shown, LABELS)
    if code == "S":
        return row | {"plan": CREATE, "seat": None, "seat_code": "S"}
    seat = place.take_seat(canton, data["gender"], code)
    if seat is None:
        raise LineRejected((_("siège"), code, _("Pas de siège vacant pour cette personne dans ce canton.")))
    return row | {"plan": CREATE, "seat": seat.pk, "seat_code": seat.code}


def plan_update(row: dict[str, Any], mandate: Mandate, data: dict[str, Any], place: TermSnapshot) -> dict[str, Any]:
    """Return the plan of a known member: only contact data, groups and measures change, never by an empty cell."""
    person = mandate.member.person
    if not mandate.is_open:
        message = _("Le mandat de cette personne est déjà clos. Ajoutez-la à la main si elle revient.")
        raise LineRejected((_("nom"), person.full_name, message))
    code = mandate.seat.code if mandate.seat else "S"
    if data.get("seat") not in (None, "", code):
        message = _("Cette personne a déjà le siège %(code)s. L’import ne déplace personne.") % {"code": code}
        raise LineRejected((_("siège"), data["seat"], message))
    offered = {name: row["person"][name] for name in TAKEN_FROM_FILE if row["person"][name]}
    if not data.get("email"):
        offered.pop("channel", None)
    row["changes"] = {name: value for name, value in offered.items() if getattr(person, name) != value}
    groups = dict(zip(row["committees"], data.get("committees", []), strict=True))
    row["committees"] = [pk for pk in row["committees"] if (person.pk, pk) not in place.sitting]
    row["needs"] = [need for need in row["needs"] if (mandate.member_id, need[0]) not in place.needed]
    added = {"needs": need_labels(row["needs"]), "committees": ", ".join(groups[pk] for pk in row["committees"])}
    row["values"] = [*shown_values(COLUMNS, row["changes"], LABELS, person), *shown_values(COLUMNS, added, LABELS)]
    is_same = not (row["changes"] or row["committees"] or row["needs"])
    return row | {"plan": SAME if is_same else UPDATE, "mandate": mandate.pk, "seat_code": code}


def note_shared_email(import_plan: ImportPlan, line: int, email: str) -> None:
    if email and (earlier := import_plan.earlier_line(email, line)):
        message = _(
            "Lignes %(other)s et %(line)s : même adresse électronique. "
            "Une seule des deux personnes pourra se connecter."
        )
        import_plan.notes.append(message % {"line": line, "other": earlier})


def write_member(row: dict[str, Any], batch: ImportBatch, *, by: User) -> str:
    """Write one line by its plan; return the counter that it adds to."""
    term, on = batch.term, batch.mandates_on
    if row["plan"] == UPDATE:
        mandate = Mandate.objects.select_related("member__person", "member__canton", "term").get(pk=row["mandate"])
        members.correct(mandate, by=by, person=row["changes"], member={}, channel=RecordChannel.PAPER)
    else:
        mandate = create_row(row, term, by=by, on=on)
        if batch.mandate_state in (MandateState.ACCEPTED, MandateState.ACTIVE):
            mandates.record_step(mandate, "accept", by=by, on=on)
        if batch.mandate_state == MandateState.ACTIVE and mandate.seat_id:
            mandates.record_step(mandate, "activate", by=by, on=on)
    for kind, measure in row["needs"]:
        consents.record_need(mandate.member, by=by, term=term, kind=kind, measure=measure, channel=RecordChannel.PAPER)
    start = on or timezone.localdate()  # of those groups where the person is not yet
    for committee in Committee.objects.filter(pk__in=row["committees"], term=mandate.term_id):
        institution.add_member(committee, mandate.member.person, by=by, starts_on=max(start, committee.opened_on))
    return str(row["plan"])


def create_row(row: dict[str, Any], term: Term, *, by: User, on: date | None) -> Mandate:
    canton = Canton.objects.get(pk=row["canton"], assembly=term.assembly_id)
    seat = Seat.objects.get(pk=row["seat"], term=term) if row["seat"] else None
    return mandates.add_member(
        term, by=by, person=row["person"], member=row["member"] | {"canton": canton}, seat=seat, on=on
    )
