"""Contributions of attendance: menu, widgets, mails, sheets, a measure, audit events, retention.

Sign-in sheet and badges are rendered by a worker, not sealed, not in the register of documents.
"""

from datetime import datetime
from itertools import batched
from typing import Any, ClassVar

from django.db.models import Count, Exists, OuterRef, Q, QuerySet, Subquery
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext, gettext as _, gettext_lazy, ngettext

from assembly.audit.registry import add_audit_events
from assembly.correspondence.registry import add_recipient_group
from assembly.documents.pages import page_source
from assembly.documents.pdf.source import RenderSource
from assembly.documents.registry import Identity, Renderer, add_documents
from assembly.identity.personal_data import retention
from assembly.institution import todo
from assembly.institution.menu import MenuHeading, add_desk_line
from assembly.institution.models import Term
from assembly.institution.queries import terms_past
from assembly.institution.rules import is_team
from assembly.notifications.registry import add_messages
from assembly.speed.queries import CompiledQuery
from assembly.text.french import Label, french_enumeration, local_day, month_short
from assembly.web.widgets import Widget, add_widget
from draws.representation.queries import Measure, add_measure
from members.models import Mandate
from sessions.attendance.actions import BADGES_KIND, SIGN_IN_KIND
from sessions.attendance.mails import AbsenceLetter, Certificate, SittingGroup
from sessions.attendance.models import ERASED_TEXT
from sessions.attendance.queries import absences
from sessions.attendance.queries.absences import missed_sentence
from sessions.attendance.queries.presence import roll, with_badges
from sessions.models import AbsenceCase, AbsenceCaseState, Attendance, Invitee, Sitting, SittingKind, SittingState
from sessions.sittings import rules
from sessions.sittings.models import SittingQuerySet

BLANK_LINES = 6
SHEET_SUFFIX, BADGES_SUFFIX = "EM", "BA"
BADGES_PER_PAGE = 10


def sign_in_source(sitting: Sitting) -> RenderSource:
    """Build the source of the sign-in sheet of the entrance: members by name, guests apart (domain.md F-4)."""
    rows = with_badges(sitting, roll(sitting))
    return page_source(
        "sessions/attendance/pdf/sign_in_sheet.html",
        {
            "sitting": sitting,
            "members": [row for row in rows if row.invitee.is_member],
            "guests": [row for row in rows if not row.invitee.is_member],
            "blank_lines": range(BLANK_LINES),
            "half_days": sitting.half_days,
        },
        assembly=sitting.term.assembly,
        title=_("Feuille d’émargement"),
        reference=f"{sitting.reference}-{SHEET_SUFFIX}",
        made_at=timezone.now(),
        sheets=["sittings"],
    )


def badges_source(sitting: Sitting) -> RenderSource:
    """Build the badges (name, and number for the roll) of those expected, members first, ten a page."""
    rows = sorted(with_badges(sitting, roll(sitting)), key=lambda row: not row.invitee.is_member)
    return page_source(
        "sessions/attendance/pdf/badges.html",
        {"sitting": sitting, "pages": list(batched(rows, BADGES_PER_PAGE))},
        assembly=sitting.term.assembly,
        title=_("Badges"),
        reference=f"{sitting.reference}-{BADGES_SUFFIX}",
        made_at=timezone.now(),
        sheets=["badges"],
    )


class SittingSheet(Renderer):
    """Base class of sheets with those expected at the time of the request; a later invitation needs a new sheet."""

    subject_label: ClassVar[str] = "sittings.Sitting"
    suffix: ClassVar[str]
    title: ClassVar[Label]

    def load(self, subject_id: str) -> Sitting:
        return Sitting.objects.select_related("term__assembly", "committee").get(pk=subject_id)

    def identity(self, subject: Sitting) -> Identity:
        day = timezone.localdate(subject.starts_at)
        return Identity(f"{subject.reference}-{self.suffix}", str(self.title), day, subject.term)

    def can_read(self, user: Any, subject: Sitting) -> bool:
        return rules.can_see_desk(user, subject)


class SignInSheet(SittingSheet):
    kind = SIGN_IN_KIND
    file_name = "feuille-d-emargement"
    suffix, title = SHEET_SUFFIX, gettext_lazy("Feuille d’émargement")

    def source(self, subject: Sitting) -> RenderSource:
        return sign_in_source(subject)


class Badges(SittingSheet):
    kind = BADGES_KIND
    file_name = "badges"
    suffix, title = BADGES_SUFFIX, gettext_lazy("Badges")

    def source(self, subject: Sitting) -> RenderSource:
        return badges_source(subject)


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


add_desk_line(
    MenuHeading.SITTINGS,
    gettext_lazy("Absences répétées"),
    "sittings:absences",
    is_team,
    order=34,
)
add_widget("mandate", absences_of_member)
add_messages(AbsenceLetter)
add_recipient_group(SittingGroup())
add_audit_events({"absence.raised": gettext_lazy("a signalé des absences répétées")})

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


add_widget("desk-indicators", plenary_attendance)
add_widget("mandate", attendance_of_member)
add_messages(Certificate)
add_documents(SignInSheet, Badges)
add_measure(
    Measure("attendance", gettext_lazy("Présences en plénière"), gettext_lazy("Présences"), plenaries_attended)
)
add_audit_events(
    {
        "invitee.added": gettext_lazy("a ajouté une personne à convoquer"),
        "invitee.removed": gettext_lazy("a retiré une personne à convoquer"),
        "invitee.withdrawn": gettext_lazy(
            "a retiré une convocation, après une fin de mandat, de rôle ou de participation,"
        ),
        "invitee.replied": gettext_lazy("a répondu à la convocation"),
        "invitee.reply_recorded": gettext_lazy("a noté une réponse à la convocation"),
        "invitee.link_revoked": gettext_lazy("a fermé un lien personnel de réponse"),
        "invitee.absence_recorded": gettext_lazy("a noté une absence"),
        "answers.exported": gettext_lazy("a exporté les réponses et les besoins"),
        "logistics.read": gettext_lazy("a consulté la fiche logistique"),
        "attendance.arrived": gettext_lazy("a noté une arrivée"),
        "attendance.copied": gettext_lazy("a relevé une feuille de présence"),
        "attendance.set_aside": gettext_lazy("a annulé les présences d’une séance ouverte par erreur"),
        "attendance.arrived_together": gettext_lazy("a noté plusieurs arrivées ensemble"),
        "attendance.voided_together": gettext_lazy("a annulé des arrivées notées ensemble"),
        "attendance.left": gettext_lazy("a noté un départ"),
        "attendance.corrected": gettext_lazy("a corrigé une présence"),
        "attendance.voided": gettext_lazy("a annulé une présence"),
        "certificates.sent": gettext_lazy("a envoyé les attestations de présence"),
    }
)


def old_absences(now: datetime) -> QuerySet[AbsenceCase]:
    """Return the cases whose reasons and observations expire with the logistics; the decisions stay."""
    texts = ~Q(reason__in=["", ERASED_TEXT]) | ~Q(answer__in=["", ERASED_TEXT])
    return AbsenceCase.objects.filter(texts, mandate__term__in=terms_past(now, "logistics_retention_months"))


def erase_texts(case: Any) -> None:
    fields = {name: ERASED_TEXT for name in ("reason", "answer") if getattr(case, name)}
    AbsenceCase.objects.filter(pk=case.pk).update(**fields)


retention(
    "sittings.absences", gettext_lazy("Motifs et observations sur les absences"), find=old_absences, apply=erase_texts
)
