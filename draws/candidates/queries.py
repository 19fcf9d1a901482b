"""Candidatures as the team examines them, duplicates, and the data that one person may read."""

from typing import Any

from django.db.models import Count, Exists, F, OuterRef, Q, QuerySet, Subquery
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext_lazy as _, ngettext

from assembly.institution import todo
from assembly.institution.models import Term
from draws.candidates.models import CandidateQuerySet
from draws.models import Call, Candidate, CandidateState

# Points to check, by their word in the address of the list.
POINTS = {
    "second": _("attend un second avis"),
    "canton": _("canton à vérifier"),
    "doublons": _("doublon possible"),
    "foyers": _("même adresse qu’une autre"),
    "a-dire": _("décision pas encore envoyée"),
    "renonce": _("a renoncé après la liste figée"),
}


def with_authors(rows: CandidateQuerySet) -> CandidateQuerySet:
    return rows.select_related("canton", "call__term", "verdict_by__person", "decided_by__person", "duplicate_of")


def reachable(rows: CandidateQuerySet) -> CandidateQuerySet:
    """Return those to whom mail may go: not withdrawn, with an address that they confirmed."""
    return rows.exclude(state=CandidateState.WITHDRAWN).exclude(email="").filter(confirmed_email=F("email"))


def duplicate_rows(call: Any, pk: Any, name: Any, birth: Any, email: Any) -> QuerySet[Candidate]:
    """Return those of the same call and birth date who have the same name or the same mail address."""
    same = Q(sort_name=name) | (Q(email__iexact=email) & ~Q(email=""))
    rows = Candidate.objects.filter(same, call=call, birth_date=birth).exclude(pk=pk)
    return rows.exclude(state__in=CandidateState.tagged("uncounted"))


def possible_duplicates(candidate: Candidate) -> QuerySet[Candidate]:
    rows = duplicate_rows(
        candidate.call_id, candidate.pk, candidate.sort_name, candidate.birth_date, candidate.email or "-"
    )
    return rows.select_related("canton").order_by("number")


def housemates(candidate: Candidate) -> QuerySet[Candidate]:
    """Return the others of the same household: at most one of them can sit."""
    if not candidate.household:
        return Candidate.objects.none()
    rows = Candidate.objects.filter(call=candidate.call_id, household=candidate.household)
    return rows.exclude(pk=candidate.pk).filter(state__in=CandidateState.tagged("standing")).order_by("number")


def at_point(point: str) -> Q:
    """Return the condition of a point to check (`POINTS`)."""
    waiting = Q(state__in=CandidateState.tagged("open"))
    match point:
        case "doublons":
            same = duplicate_rows(
                OuterRef("call"), OuterRef("pk"), OuterRef("sort_name"), OuterRef("birth_date"), OuterRef("email")
            )
            return waiting & Q(Exists(same))
        case "foyers":
            home = Candidate.objects.filter(call=OuterRef("call"), household=OuterRef("household"))
            return waiting & ~Q(household="") & Q(Exists(home.filter(waiting).exclude(pk=OuterRef("pk"))))
        case "canton":
            return (Q(canton=None) | Q(is_canton_checked=False)) & Q(state=CandidateState.SUBMITTED)
        case "second":
            return Q(state=CandidateState.SUBMITTED) & ~Q(verdict="")
        case "a-dire":
            return Q(state__in=CandidateState.tagged("decided"), decision_sent_at=None) & ~Q(email="")
    return ~Q(renounced_on=None)


def next_to_examine(user: Any, candidate: Candidate) -> Candidate | None:
    """Return the next candidature, by number, that this person may give an opinion on."""
    rows = Candidate.objects.visible_to(user).filter(call=candidate.call_id, state=CandidateState.SUBMITTED)
    rows = rows.exclude(pk=candidate.pk).exclude(verdict_by=user).order_by("number")
    return rows.filter(number__gt=candidate.number).first() or rows.first()


STORED_FIELDS = (
    "reference",
    "received_at",
    "first_name",
    "last_name",
    "birth_date",
    "email",
    "phone",
    "address",
    "postcode",
    "city",
    "guardian_name",
    "guardian_email",
    "guardian_agreed_on",
    "consented_at",
    "erase_on",
    "wants_news",
    "decision_sent_at",
    "renounced_on",
)


def stored_data(candidate: Candidate) -> dict[str, Any]:
    """Return everything that is stored about a candidate, with labels; who examined it is left out."""
    chosen = ("state", "channel", "gender", "occupation", "ground", "exclusion", "renounced_through")
    values = {name: getattr(candidate, name) for name in STORED_FIELDS}
    values |= {name: getattr(candidate, f"get_{name}_display")() for name in chosen}
    values["canton"] = candidate.canton.name if candidate.canton else ""
    values["needs"] = [need.get_kind_display() for need in candidate.needs.all()]
    return values


def to_examine(user: Any, term: Term | int) -> QuerySet[Any]:
    """Return the call of the term, with the number of candidatures that this person may still examine."""
    waiting = Candidate.objects.filter(call=OuterRef("pk"), state=CandidateState.SUBMITTED).exclude(verdict_by=user.pk)
    counted = waiting.order_by().values("call").annotate(n=Count("pk")).values("n")
    return Call.objects.visible_to(user).filter(term=term).annotate(waiting=Subquery(counted)).filter(waiting__gt=0)


def examine_line(row: dict[str, Any]) -> todo.ToDo:
    label = ngettext("Examiner %(n)s candidature", "Examiner %(n)s candidatures", row["n"]) % row
    address = f"{reverse('draws:candidates')}?{urlencode({'etat': CandidateState.SUBMITTED.value})}"
    detail = _("Deux personnes donnent leur avis")
    return todo.ToDo(label, address, detail, tray=todo.Tray.CANDIDATES, items=row["n"])


EXAMINATIONS = todo.PendingRows(to_examine, {"n": F("waiting")}, examine_line, due="draw_on")
