"""Views of absences in a row: one case, and the decisions about it."""

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from assembly.dossiers import StepPages
from assembly.identity.http import UserRequest
from assembly.identity.models import Person
from sessions.attendance.queries.absences import missed_plenaries, missed_sentence
from sessions.attendance.workflow import ABSENCE
from sessions.models import AbsenceCase

MAIN_STEPS = ("ecrire", "observations", "terminer")


def case_for(request: UserRequest, pk: int) -> AbsenceCase:
    """Return the case for the team of its term; for others it is a 404."""
    rows = AbsenceCase.objects.visible_to(request.user)
    rows = rows.select_related(
        "mandate__member__person", "mandate__member__canton", "mandate__term__assembly", "since", "latest"
    )
    return get_object_or_404(rows, pk=pk)


@require_safe
def absence_case(request: UserRequest, pk: int) -> HttpResponse:
    """Show the facts of a case, the next step, and the decisions."""
    case = case_for(request, pk)
    main = STEPS.first_ready(request.user, case, MAIN_STEPS)
    context = {
        "case": case,
        "person": case.mandate.member.person,
        "sentence": missed_sentence(case),
        "missed": missed_plenaries(case),
        "main": (STEPS.url(case, main), STEPS.pages[main].label) if main else None,
        "others": STEPS.links(request, case, without={main}),
    }
    return render(request, "sessions/attendance/absence_case.html", context)


def addressee(case: AbsenceCase) -> list[Person]:
    return [case.mandate.member.person]


def absence_channel_lines(case: AbsenceCase) -> list[str]:
    if case.mandate.member.person.is_paper:
        return [_("Le message part par lettre, à imprimer dans « Envois ».")]
    return [_("Le message part par courriel, à cette personne seule.")]


STEPS: StepPages[AbsenceCase] = StepPages(
    ABSENCE,
    name="sittings:absence-step",
    fetch=case_for,
    back=lambda request, case: reverse("sittings:absence-case", args=[case.pk]),
    eyebrow=lambda case: f"{case.mandate.member.person.full_name}, {case.mandate.member.canton.name}",
)
STEPS.bind(
    "consequences",
    {
        "warn": absence_channel_lines,
        "begin": lambda case: [
            _("La personne est prévenue et peut répondre. Le mandat continue."),
            *absence_channel_lines(case),
        ],
    },
)
STEPS.bind("recipients", {"warn": addressee, "begin": addressee})
STEPS.bind("offered", {"begin": lambda user, case: not ABSENCE.missing(case, "begin")})
