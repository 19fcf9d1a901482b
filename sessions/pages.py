"""Common parts of the pages of one sitting: the frame, and the rights of the reader."""

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy
from django.utils.translation import ngettext

from assembly.dossiers import StepLink
from assembly.dossiers.awaited import DossierKind, add_dossier_kind, awaited_for
from assembly.dossiers.frame import DossierFrame, Status, tabs_of
from assembly.identity.http import UserRequest
from assembly.identity.models import User
from assembly.text.french import format_date, format_time
from assembly.web.path import PathStep, path_of
from sessions.enums import MinutesState, SittingState
from sessions.models import Minutes, Notice, Sitting
from sessions.queries.notices import changes_since_notice
from sessions.queries.quorum import waiver_reason
from sessions.sittings import rules
from sessions.sittings.queries.sittings import DOSSIER, SittingFigures, figures
from sessions.sittings.workflow import SITTING
from sessions.views.sitting_status import status_of


def desk_sitting(
    request: UserRequest, pk: int, right: Callable[[User, Sitting], bool] = rules.can_see_desk
) -> Sitting:
    """Return the sitting: 404 if it is not visible, 403 without the right that the page requires."""
    sitting = DOSSIER(request.user, pk)
    if not right(request.user, sitting):
        raise PermissionDenied
    return sitting


def abilities(user: User, sitting: Sitting) -> dict[str, bool]:
    """Return what pages offer to this reader: steps, and other actions."""
    can = SITTING.abilities(user, sitting) | rules.abilities(user, sitting)
    begun = rules.has_begun(sitting)
    return can | {
        "open_now": can["open"] and not SITTING.missing(sitting, "open"),
        "hold": can["hold"] and begun,
        "note_not_held": can["note_not_held"] and begun,
        **{
            step_name: can[step_name] and not rules.is_over(sitting)
            for step_name in ("notify", "renotify", "remind", "confirm")
        },
    }


def is_step_shown(sitting: Sitting, numbers: SittingFigures, step_name: str) -> bool:
    """Return whether a page shows this step: a running sitting with people present is not « not held »."""
    return not (step_name == "note_not_held" and sitting.is_running and numbers.came)


OTHER_STEPS = {
    "hold": ("hold", _lazy("La séance s’est tenue")),
    "note_not_held": ("not-held", _lazy("La séance n’a pas eu lieu")),
    "reopen": ("reopen", _lazy("Revenir sur la clôture")),
    "undo_opening": ("undo-opening", _lazy("Revenir sur l’ouverture")),
    "write": ("write", _lazy("Écrire aux personnes convoquées")),
}


def other_steps(sitting: Sitting, numbers: SittingFigures, can: Mapping[str, bool]) -> list[StepLink]:
    """Return the steps next to the main button; one with missing facts is shown with these, not as a link."""
    return [
        StepLink(
            reverse(f"sittings:{name}", args=[sitting.pk]),
            label,
            f"{name}-{sitting.pk}",
            [("", text) for refusal in SITTING.missing(sitting, step_name) for text in refusal.messages],
        )
        for step_name, (name, label) in OTHER_STEPS.items()
        if can[step_name] and is_step_shown(sitting, numbers, step_name)
    ]


def open_refusal(sitting: Sitting) -> str:
    """Return why the sitting cannot be opened now, or nothing."""
    return " ".join(text for refusal in SITTING.missing(sitting, "open") for text in refusal.messages)


def context(
    request: UserRequest, sitting: Sitting, tab: str, *, last: Notice | None = None, **more: Any
) -> dict[str, Any]:
    """Return all that `sessions/sittings/dossier.html` needs; `last` saves a query if the page has read it."""
    can = abilities(request.user, sitting)
    numbers = figures(sitting)
    changes = changes_since_notice(sitting, last) if sitting.takes_answers else []
    status = status_of(sitting, numbers, can, len(changes), timezone.now())
    if status.url == reverse(f"sittings:{tab}", args=[sitting.pk]):
        status = Status(status.sentence)  # the page itself has the button and the rest
    frame = DossierFrame(
        title=f"{sitting.title}, {format_date(sitting.starts_at)}",
        name=sitting.reference,
        above=(_("Séances"), reverse("sittings:list")),
        status=status,
        path_name=_("Étapes de la séance"),
        path=path(sitting, numbers),
        tabs_name=_("Onglets de la séance"),
        tabs=tabs_of("sittings", sitting.pk, tab, tab_rows(sitting, numbers)),
        facts=facts(sitting, numbers),
        edit=reverse("sittings:edit", args=[sitting.pk]) if can["edit"] else "",
        awaited=awaited_for(status, request.user, sitting),
    )
    facts_of_page = {"figures": numbers, "changes": changes, "steps": other_steps(sitting, numbers, can)}
    waiver = {"quorum_waiver": waiver_reason(sitting)}
    return {"sitting": sitting, "can": can, "frame": frame, **facts_of_page, **waiver} | more


def tab_rows(sitting: Sitting, numbers: SittingFigures) -> list[tuple[str, str, int | str | None, str]]:
    """Return route name, label, count and unit of each tab."""
    papers: int = sitting.papers_count  # type: ignore[attr-defined]  # -- counted by `dossier`
    is_due = sitting.takes_answers and timezone.localdate(sitting.starts_at) <= timezone.localdate()
    is_due = is_due and not rules.is_day_past(sitting)
    on_the_day = [("day", _("En séance"), None, "")] if sitting.is_running or is_due else []
    return [
        ("sitting", _("Ordre du jour"), None, ""),
        *on_the_day,
        ("notice", _("Convocation"), numbers.silent if sitting.takes_answers else None, _("sans réponse")),
        ("attendance", _("Présences"), numbers.came, _("membres venus")),
        ("minutes", _("Compte rendu"), None, ""),
        ("papers", _("Documents"), papers, ""),
        ("history", _("Historique"), None, ""),
    ]


def path(sitting: Sitting, numbers: SittingFigures) -> list[PathStep]:
    """Return the whole path, from the plan to the sealed minutes; the last step reached is the present one."""
    planned = (_("Planifiée"), day(sitting.created_at))
    convened = (_("Convoquée"), convened_note(sitting, numbers))
    if sitting.state in SittingState.tagged("stopped", "inquorate"):
        rows = [planned, *([convened] if sitting.notified_at else []), (str(sitting.standing.word), "")]
        return path_of(rows, len(rows) - 1)
    minutes: Minutes | None = getattr(sitting, "minutes", None)
    took_place = (_("Ouverte") if sitting.is_running else _("Tenue"), held_note(sitting, numbers))
    is_read = minutes is not None and minutes.circulated_at and not minutes.takes_corrections(timezone.now())
    reading = _("Compte rendu relu") if is_read else _("Compte rendu en relecture")
    marks: list[tuple[str, str, bool]] = [
        (*planned, True),
        (*convened, sitting.notified_at is not None),
        (*took_place, sitting.is_running or sitting.is_held),
        dated(reading, minutes.circulated_at if minutes else None),
    ]
    if minutes is None or minutes.is_formal:
        marks.append(dated(_("Approuvée"), minutes.approved_at if minutes else None))
    if minutes is None or minutes.state != MinutesState.ARCHIVED or minutes.signed_at:
        marks.append(dated(_("Compte rendu scellé"), minutes.signed_at if minutes else None))
    reached = next((index for index, (_label, _note, is_done) in enumerate(marks) if not is_done), len(marks) + 1)
    return path_of([(label, note) for label, note, _is_done in marks], reached - 1)


def dated(label: str, moment: datetime | None) -> tuple[str, str, bool]:
    return label, day(moment), moment is not None


def day(moment: datetime | None) -> str:
    return format_date(moment, weekday=False) if moment else ""


def convened_note(sitting: Sitting, numbers: SittingFigures) -> str:
    if sitting.notified_at is None:
        return ""
    template = ngettext("%(day)s, %(n)s\u00a0personne", "%(day)s, %(n)s\u00a0personnes", numbers.expected)
    return template % {"day": day(sitting.notified_at), "n": numbers.expected}


def held_note(sitting: Sitting, numbers: SittingFigures) -> str:
    if not sitting.is_held:
        return day(sitting.starts_at)
    template = ngettext("%(day)s, %(n)s\u00a0membre présent", "%(day)s, %(n)s\u00a0membres présents", numbers.came)
    return template % {"day": day(sitting.starts_at), "n": numbers.came}


def facts(sitting: Sitting, numbers: SittingFigures) -> list[tuple[str, Any]]:
    """Return the rows of the side column."""
    rows = [
        (_("Date"), format_when(sitting)),
        (_("Référence"), sitting.reference),
        (_("Instance"), sitting.committee.name if sitting.committee else _("Assemblée plénière")),
        (_("Lieu"), ", ".join(part for part in (sitting.place_name, sitting.place_address) if part)),
        (_("Visioconférence"), sitting.video_link),
        (_("Présidence"), sitting.chair.full_name if sitting.chair else _("à désigner")),
        (_("Secrétariat"), sitting.secretary.full_name if sitting.secretary else _("à désigner")),
        (_("Suivie par"), sitting.officer.get_full_name()),
    ]
    if sitting.notified_at:
        rows.append((_("Réponses"), _("%(n)s sur %(all)s") % {"n": numbers.answered, "all": numbers.expected}))
    return [(label, value) for label, value in rows if value]


def format_when(sitting: Sitting) -> str:
    """Return « Samedi 28 mars 2026, de 9 h 30 à 17 h, pause de 12 h 30 à 14 h »."""
    hours = _("de %(start)s à %(end)s") % {
        "start": format_time(sitting.starts_at),
        "end": format_time(sitting.ends_at),
    }
    pause = ""
    if sitting.break_starts_at and sitting.break_ends_at:
        pause = _(", pause de %(start)s à %(end)s") % {
            "start": format_time(sitting.break_starts_at),
            "end": format_time(sitting.break_ends_at),
        }
    return f"{format_date(sitting.starts_at).capitalize()}, {hours}{pause}"


def is_htmx(request: HttpRequest) -> bool:
    return request.headers.get("HX-Request") == "true"


add_dossier_kind(
    DossierKind(
        Sitting,
        SITTING,
        rows=lambda user: Sitting.objects.visible_to(user).select_related("term"),
        page=lambda sitting, user: reverse("sittings:sitting", args=[sitting.pk]),
        title=lambda sitting: f"{sitting.reference} {sitting.title}",
        scope=lambda sitting: (sitting.term.assembly_id, sitting.term_id),
    )
)
