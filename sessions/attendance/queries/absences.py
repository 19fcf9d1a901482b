"""Plenaries missed in a row.

An absence counts, excused or not; the person who decides reads how many were excused. A represented member counts as
present. Sittings of committees do not count: a missed evening of a group costs nobody their seat.
"""

from datetime import UTC, datetime
from typing import Any

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import Count, Exists, F, IntegerField, OuterRef, Q, QuerySet, Subquery, Value
from django.db.models.functions import Coalesce, Concat
from django.utils.translation import ngettext

from assembly.institution.models import Term
from members.enums import MandateState
from members.models import Mandate
from sessions.attendance.models import AbsenceCaseQuerySet
from sessions.models import Absence, AbsenceCase, AbsenceCaseState, Attendance, Invitee, SittingKind, SittingState

LONG_AGO = Value(datetime(1900, 1, 1, tzinfo=UTC))
WAS_THERE = Q(Exists(Attendance.objects.filter(invitee=OuterRef("pk"), voided_at=None))) | Q(
    absence=Absence.REPRESENTED
)


def convened_plenaries(**person: Any) -> QuerySet[Invitee]:
    """Return the invitations of this person, as a member, to plenaries that were held."""
    rows = Invitee.objects.expected().filter(is_member=True, sitting__kind=SittingKind.PLENARY, **person)
    return rows.filter(sitting__state__in=SittingState.tagged("held")).order_by()


def missed_in_a_row(mandates: QuerySet[Mandate]) -> QuerySet[Any]:
    """Return the mandates that missed plenaries since the last one attended, with counts.

    Annotations: `missed`, of which `excused`; the first and the last of them, `since` and `latest`.
    """
    convened = convened_plenaries(person=OuterRef("member__person"), sitting__term=OuterRef("term"))
    attended = convened.filter(WAS_THERE).order_by("-sitting__starts_at").values("sitting__starts_at")
    after = Coalesce(OuterRef("last_attended"), LONG_AGO)
    missing = convened.exclude(WAS_THERE).filter(sitting__starts_at__gt=after)
    counted = missing.values("is_member")
    return mandates.annotate(last_attended=Subquery(attended[:1])).annotate(
        missed=Coalesce(Subquery(counted.annotate(n=Count("pk")).values("n"), output_field=IntegerField()), 0),
        excused=Coalesce(
            Subquery(
                counted.annotate(n=Count("pk", filter=Q(absence=Absence.EXCUSED))).values("n"),
                output_field=IntegerField(),
            ),
            0,
        ),
        since=Subquery(missing.order_by("sitting__starts_at", "pk").values("sitting")[:1]),
        latest=Subquery(missing.order_by("-sitting__starts_at", "-pk").values("sitting")[:1]),
    )


def too_often_missing(term: Term) -> QuerySet[Any]:
    """Return the active mandates that missed as many plenaries in a row as the term's alert; 0 turns it off."""
    sitting = Mandate.objects.filter(term=term, state=MandateState.ACTIVE, term__absence_alert__gt=0)
    return missed_in_a_row(sitting).filter(missed__gte=F("term__absence_alert"))


def missed_plenaries(case: AbsenceCase) -> QuerySet[Invitee]:
    """Return the absences that the case counts, the latest first."""
    rows = convened_plenaries(person=case.mandate.member.person_id, sitting__term=case.mandate.term_id)
    spans = {
        "sitting__starts_at__gte": case.since.starts_at,
        "sitting__starts_at__lte": case.latest.starts_at,
    }
    return rows.exclude(WAS_THERE).filter(**spans).select_related("sitting").order_by("-sitting__starts_at", "-pk")


def cases(user: Any, term: Term) -> AbsenceCaseQuerySet:
    """Return the cases of a term, with what the list shows of each."""
    rows = AbsenceCase.objects.visible_to(user).filter(mandate__term=term)
    return rows.select_related("mandate__member__person", "mandate__member__canton", "latest")


def to_decide(user: Any, term: Term | int) -> QuerySet[Term]:
    """Return the term if alerts are undecided, with their number `n` and the `names`."""
    waiting = AbsenceCase.objects.filter(mandate__term=OuterRef("pk"), state=AbsenceCaseState.RAISED).order_by()
    counted = waiting.values("mandate__term").annotate(n=Count("pk")).values("n")
    person = "mandate__member__person"
    names = waiting.order_by(f"{person}__sort_name").values_list(
        Concat(f"{person}__first_name", Value(" "), f"{person}__last_name")
    )
    return Term.objects.filter(Exists(waiting), pk=getattr(term, "pk", term)).annotate(
        n=Subquery(counted), names=ArraySubquery(names)
    )


def procedures(user: Any, term: Term | int) -> AbsenceCaseQuerySet:
    """Return the procedures that the lead has not decided yet."""
    return AbsenceCase.objects.filter(mandate__term=term, state=AbsenceCaseState.PROCEDURE)


def missed_sentence(case: AbsenceCase) -> str:
    """Return « 3 plénières manquées de suite, dont 1 excusée. »."""
    counted = ngettext("%(n)s plénière manquée de suite", "%(n)s plénières manquées de suite", case.absences)
    sentence = counted % {"n": case.absences}
    if case.excused:
        excused = ngettext("dont %(n)s excusée", "dont %(n)s excusées", case.excused)
        sentence += ", " + excused % {"n": case.excused}
    return sentence + "."
