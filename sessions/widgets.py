"""Home pages: the next sittings, and who came to the last ones. On a member's page: those they attended."""

from collections.abc import Iterator
from typing import Any

from django.db.models import Count, Exists, OuterRef, Q, Subquery
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from assembly.institution.models import Term
from assembly.institution.reader_query import ReaderQuery
from assembly.institution.rules import is_team
from assembly.portal.registry import Widget, add_widget
from assembly.portal.sitemap import Page, add_pages
from assembly.speed.compiled_query import CompiledQuery
from assembly.text.french import local_day, month_short
from draws.queries.representation import Measure, add_measure
from members.models import Mandate
from sessions.enums import MY_REPLY_LABELS, REPLY_BADGES, AbsenceCaseState, Reply, SittingKind, SittingState
from sessions.models import AbsenceCase, Attendance, Invitee, Sitting
from sessions.models.sitting import SittingQuerySet
from sessions.queries.absences import missed_sentence
from sessions.queries.public import announced
from sessions.queries.sittings import coming_sittings, my_sittings

NEXT = 3
LAST = 4


NEXT_PUBLIC = CompiledQuery(
    lambda term: coming_sittings(Sitting.objects.public().filter(term=term)).for_screen()[:NEXT]
)


def public_sittings(user: Any, term: Term) -> Widget:
    """Return the widget of the next sittings announced to the public."""
    return Widget("sessions/_next_public.html", {"sittings": list(NEXT_PUBLIC(term.pk))}, order=10, position="sidebar")


def next_sittings(user: Any, term: Term) -> SittingQuerySet:
    """Return the reader's next sittings, annotated with their own answer (`my_reply`)."""
    own = Invitee.objects.expected().filter(sitting=OuterRef("pk"), person=user.person_id).values("reply")
    return coming_sittings(my_sittings(user).filter(term=term)).annotate(my_reply=Subquery(own)).for_screen()[:NEXT]


MY_NEXT_SITTINGS = ReaderQuery(next_sittings)


def my_next_sittings(user: Any, term: Term) -> Widget:
    """Return the widget of the reader's next sittings, with the address of their calendar."""
    rows = [(row, my_reply_badge(row)) for row in MY_NEXT_SITTINGS(user, term)]
    return Widget("sessions/_my_next.html", {"rows": rows}, order=10, position="sidebar")


def my_reply_badge(sitting: Sitting) -> tuple[str, str] | None:
    """Return the badge and the label of the reader's own answer, or None before they answered."""
    reply: str | None = sitting.my_reply  # type: ignore[attr-defined]  # -- annotated above
    if not sitting.takes_answers or reply in (None, Reply.INVITED):
        return None
    return REPLY_BADGES[Reply(reply)], str(MY_REPLY_LABELS[Reply(reply)])


def plenary_attendance(user: Any, term: Term) -> Widget | None:
    """Return the chart of members who came to the last plenaries, out of those convened."""
    if not is_team(user, term):
        return None
    latest = reversed(list(LAST_HELD(term.pk)))
    rows = [(row, row.came, row.n) for row in latest if row.n]  # type: ignore[attr-defined]  # -- counted above
    return Widget("sessions/_attendance_chart.html", chart(rows), order=20, position="wide") if rows else None


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
    return {"bars": bars, "table": table, "head": [_("Séance"), _("Venus"), _("Convoqués"), _("Part")]}


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
    return Widget("sessions/_member_attendance.html", {"rows": rows, "came": came, "mandate": mandate.pk})


def absences_of_member(user: Any, mandate: Mandate) -> Widget | None:
    """Return the widget of the latest absence case that was not lifted, with the link to decide on it."""
    rows = AbsenceCase.objects.visible_to(user).filter(mandate=mandate).exclude(state=AbsenceCaseState.LIFTED)
    case = rows.first()
    if case is None:
        return None
    waits = case.state == AbsenceCaseState.RAISED
    return Widget(
        "sessions/_member_absences.html", {"case": case, "sentence": missed_sentence(case), "waits": waits}, order=40
    )


def pages() -> Iterator[Page]:
    """Yield the list and each sitting announced to the public."""
    yield reverse("sittings:public-list"), None
    for reference in announced().order_by("starts_at", "pk").values_list("reference", flat=True):
        yield reverse("sittings:public", args=[reference]), None


add_pages("sittings", pages)
add_measure(
    Measure("attendance", gettext_lazy("Présences en plénière"), gettext_lazy("Présences"), plenaries_attended)
)
add_widget("public", public_sittings)
add_widget("member", my_next_sittings)
add_widget("desk", plenary_attendance)
add_widget("mandate", attendance_of_member)
add_widget("mandate", absences_of_member)
