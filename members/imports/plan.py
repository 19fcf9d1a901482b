"""Plan of a file of members for a term. Nothing is written."""

from collections.abc import Hashable, Iterable, Mapping, Sequence
from functools import partial
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _

from assembly.identity.models import ContactChannel, sort_key
from assembly.imports.plan import CREATE, SAME, UPDATE, ImportPlan, LineRejected, folded_text, shown_values
from assembly.imports.tables import FileTable
from assembly.institution.models import Canton, Committee, CommitteeMembership, Term
from members.consents.queries import open_needs
from members.enums import Civility, Gender, NeedKind, SeatGender
from members.imports.columns import COLUMNS
from members.mandates.queries import vacant_seats
from members.members.queries import in_office
from members.models import Mandate, Seat

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
