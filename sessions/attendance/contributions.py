"""Contributions of attendance: menu, widgets, mails, sheets, a measure of representation, audit events."""

from typing import Any

from django.db.models import Count, Exists, OuterRef, Q, Subquery
from django.urls import reverse
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from assembly.audit.registry import add_audit_events
from assembly.documents.registry import add_documents
from assembly.institution import todo
from assembly.institution.menu import add_menu_entry
from assembly.institution.models import Term
from assembly.institution.rules import is_team
from assembly.notifications.registry import add_messages
from assembly.portal.registry import Widget, add_widget
from assembly.speed.queries import CompiledQuery
from assembly.text.french import french_enumeration, local_day, month_short
from draws.representation.queries import Measure, add_measure
from members.models import Mandate
from sessions.attendance.documents import Badges, SignInSheet
from sessions.attendance.enums import AbsenceCaseState
from sessions.attendance.mails import AbsenceLetter, Certificate
from sessions.attendance.queries import absences
from sessions.attendance.queries.absences import missed_sentence
from sessions.models import AbsenceCase, Attendance, Invitee, Sitting
from sessions.sittings.enums import SittingKind, SittingState
from sessions.sittings.models import SittingQuerySet


def absences_line(waiting: dict[str, Any]) -> todo.ToDo:
    """Return one line for all cases, with the names as an enumeration."""
    label = ngettext(
        "Décider de la suite : %(n)s membre a manqué plusieurs plénières",
        "Décider de la suite : %(n)s membres ont manqué plusieurs plénières",
        waiting["n"],
    )
    return todo.ToDo(label % waiting, reverse("sittings:absences"), french_enumeration(waiting["names"]))


def procedure_line(case: dict[str, Any]) -> todo.ToDo:
    name = f"{case['first_name']} {case['last_name']}"
    title = gettext("Décider après la procédure pour absences : %(name)s") % {"name": name}
    return todo.ToDo(title, reverse("sittings:absence-case", args=[case["pk"]]))


CASE = {
    "pk": "pk",
    "first_name": "mandate__member__person__first_name",
    "last_name": "mandate__member__person__last_name",
}
DESK = (
    todo.PendingRows(absences.to_decide, {"n": "n", "names": "names"}, absences_line),
    todo.PendingRows(absences.procedures, CASE, procedure_line, due="answer_by"),
)


def absences_of_member(user: Any, mandate: Mandate) -> Widget | None:
    """Return the widget of the latest absence case that was not lifted, with the link to decide on it."""
    rows = AbsenceCase.objects.visible_to(user).filter(mandate=mandate).exclude(state=AbsenceCaseState.LIFTED)
    case = rows.first()
    if case is None:
        return None
    waits = case.state == AbsenceCaseState.RAISED
    return Widget(
        "sessions/attendance/_case.html", {"case": case, "sentence": missed_sentence(case), "waits": waits}, order=40
    )


add_menu_entry(
    "desk", _("Assemblée"), _("Absences répétées"), "sittings:absences", is_team, order=24, icon="person-exclamation"
)
add_widget("mandate", absences_of_member)
add_messages(AbsenceLetter)
add_audit_events({"absence.raised": _("a signalé des absences répétées")})

LAST = 4


def plenary_attendance(user: Any, term: Term) -> Widget | None:
    """Return the chart of members who came to the last plenaries, out of those convened."""
    if not is_team(user, term):
        return None
    latest = reversed(list(LAST_HELD(term.pk)))
    rows = [(row, row.came, row.n) for row in latest if row.n]  # type: ignore[attr-defined]  # -- counted above
    return Widget("sessions/attendance/_chart.html", chart(rows), order=20, position="wide") if rows else None


def last_held(term: int) -> SittingQuerySet:
    """Return the last plenaries with those convened (`n`) and those who came (`came`)."""
    convened = Invitee.objects.expected().filter(sitting=OuterRef("pk"), is_member=True).order_by().values("sitting")
    came = Q(Exists(Attendance.objects.filter(invitee=OuterRef("pk"), voided_at=None)))
    sittings = (
        Sitting.objects.filter(term=term, kind=SittingKind.PLENARY, state__in=SittingState.tagged("held"))
        .annotate(
            n=Subquery(convened.annotate(n=Count("pk")).values("n")),
            came=Subquery(convened.annotate(n=Count("pk", filter=came)).values("n")),
        )
        .order_by("-starts_at")
    )
    return sittings.for_screen()[:LAST]


LAST_HELD = CompiledQuery(last_held)


def plenaries_attended(term: Term) -> dict[int, int]:
    """Count the plenaries that each member attended, by person; a member who never came is left out."""
    came = Exists(Attendance.objects.filter(invitee=OuterRef("pk"), voided_at=None))
    rows = Invitee.objects.expected().filter(
        came,
        sitting__term=term,
        sitting__kind=SittingKind.PLENARY,
        sitting__state__in=SittingState.tagged("held"),
        is_member=True,
    )
    return dict(rows.order_by().values("person").annotate(n=Count("pk")).values_list("person", "n"))


def day_of(sitting: Sitting) -> str:
    """Return the day as « 28 mars », short enough for the side of a chart."""
    return f"{local_day(sitting.starts_at).day}\u00a0{month_short(sitting.starts_at)}"


def chart(rows: list[tuple[Sitting, int, int]]) -> dict[str, Any]:
    """Return the bars and their table; the mark is at the number of members convened."""
    bars = [
        {"label": day_of(row), "value": came, "text": f"{came}", "reference": n, "reference_text": f"/ {n}"}
        for row, came, n in rows
    ]
    table = [(day_of(row), came, n, f"{came * 100 // n} %" if n else "–") for row, came, n in rows]
    return {
        "bars": bars,
        "table": table,
        "head": [gettext("Séance"), gettext("Venus"), gettext("Convoqués"), gettext("Part")],
    }


def attendance_of_member(user: Any, mandate: Mandate) -> Widget | None:
    """Return the widget of the held sittings to which the member was convened, the latest first."""
    if not is_team(user, mandate.term_id):
        return None
    rows = list(
        Invitee.objects.expected()
        .filter(
            person=mandate.member.person_id,
            is_member=True,
            sitting__term=mandate.term_id,
            sitting__state__in=SittingState.tagged("held"),
        )
        .select_related("sitting")
        .annotate(came=Exists(Attendance.objects.filter(invitee=OuterRef("pk"), voided_at=None)))
        .order_by("-sitting__starts_at", "-pk")
    )
    came = sum(row.came for row in rows)  # type: ignore[attr-defined]  # -- annotated above
    return Widget("sessions/attendance/_of_member.html", {"rows": rows, "came": came, "mandate": mandate.pk})


add_widget("desk", plenary_attendance)
add_widget("mandate", attendance_of_member)
add_messages(Certificate)
add_documents(SignInSheet, Badges)
add_measure(Measure("attendance", _("Présences en plénière"), _("Présences"), plenaries_attended))
add_audit_events(
    {
        "invitee.added": _("a ajouté une personne à convoquer"),
        "invitee.removed": _("a retiré une personne à convoquer"),
        "invitee.withdrawn": _("a retiré une convocation, après une fin de mandat, de rôle ou de participation,"),
        "invitee.replied": _("a répondu à la convocation"),
        "invitee.reply_recorded": _("a noté une réponse à la convocation"),
        "invitee.link_revoked": _("a fermé un lien personnel de réponse"),
        "invitee.absence_recorded": _("a noté une absence"),
        "answers.exported": _("a exporté les réponses et les besoins"),
        "logistics.read": _("a consulté la fiche logistique"),
        "attendance.arrived": _("a noté une arrivée"),
        "attendance.copied": _("a relevé une feuille de présence"),
        "attendance.set_aside": _("a annulé les présences d’une séance ouverte par erreur"),
        "attendance.arrived_together": _("a noté plusieurs arrivées ensemble"),
        "attendance.voided_together": _("a annulé des arrivées notées ensemble"),
        "attendance.left": _("a noté un départ"),
        "attendance.corrected": _("a corrigé une présence"),
        "attendance.voided": _("a annulé une présence"),
        "certificates.sent": _("a envoyé les attestations de présence"),
    }
)
