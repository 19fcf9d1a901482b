"""What every page of one sitting shows around its own part: state sentence, button, steps, tabs, rights."""

from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from assembly.identity.http import UserRequest
from assembly.ui.words import date_words, time_words
from sessions.enums import MinutesKind, SittingState
from sessions.models import Minutes, Notice, Sitting
from sessions.queries.notices import changes_since_notice
from sessions.queries.sittings import SittingFigures, dossier, figures
from sessions.rules import sittings as rules
from sessions.rules.next_step import next_step

STOPPED = (SittingState.POSTPONED, SittingState.CANCELLED, SittingState.NOT_QUORATE, SittingState.RECONVENED)


def desk_sitting(request: UserRequest, pk: int) -> Sitting:
    """The sitting, for the bureau: unseen is 404, seen by a member only is 403."""
    sitting = get_object_or_404(dossier(request.user), pk=pk)
    if not rules.can_see_desk(request.user, sitting):
        raise PermissionDenied
    return sitting


def context(
    request: UserRequest, sitting: Sitting, tab: str, *, last: Notice | None = None, **more: Any
) -> dict[str, Any]:
    """Everything the frame of the dossier needs; `last` spares a statement to the page that read it already."""
    can = rules.abilities(request.user, sitting)
    numbers = figures(sitting)
    changes = changes_since_notice(sitting, last) if sitting.takes_answers else []
    step = next_step(sitting, numbers, can, len(changes), timezone.now())
    return {
        "sitting": sitting,
        "can": can,
        "figures": numbers,
        "changes": changes,
        "step": step,
        "step_url": reverse(step.url_name, args=[sitting.pk]) if step.url_name else "",
        "poll": "",
        "steps": steps(sitting, numbers),
        "tabs": tabs(sitting, numbers, tab),
        "facts": facts(sitting, numbers),
    } | more


def tabs(sitting: Sitting, numbers: SittingFigures, current: str) -> list[dict[str, Any]]:
    """One address each."""
    rows = [
        ("sitting", _("Ordre du jour"), None, ""),
        ("notice", _("Convocation"), numbers.silent if sitting.takes_answers else None, _("sans réponse")),
        ("attendance", _("Présences"), numbers.came or None, _("personnes venues")),
        ("minutes", _("Compte rendu"), None, ""),
        ("papers", _("Documents"), sitting.papers_count or None, ""),  # type: ignore[attr-defined]  # -- counted by `dossier`
        ("history", _("Historique"), None, ""),
    ]
    return [
        {
            "label": label,
            "url": reverse(f"sittings:{name}", args=[sitting.pk]),
            "current": name == current,
            "count": count,
            "count_words": words,
        }
        for name, label, count, words in rows
    ]


def minutes_of(sitting: Sitting) -> Minutes | None:
    return getattr(sitting, "minutes", None)


def steps(sitting: Sitting, numbers: SittingFigures) -> list[dict[str, str]]:
    """The whole path, from the plan to the sealed minutes."""
    minutes = minutes_of(sitting)
    if sitting.state in STOPPED:
        return stopped_steps(sitting, numbers)
    formal = minutes is None or minutes.kind == MinutesKind.FORMAL
    path = [
        (_("Planifiée"), date_words(sitting.created_at, weekday=False), True),
        (_("Convoquée"), told(sitting, numbers), sitting.notified_at is not None),
        (
            _("Ouverte") if sitting.is_running else _("Tenue"),
            held(sitting, numbers),
            sitting.is_running or sitting.is_held,
        ),
        (_("Compte rendu circulé"), day(minutes and minutes.circulated_at), bool(minutes and minutes.circulated_at)),
    ]
    if formal:
        path += [
            (_("Approuvée"), day(minutes and minutes.approved_at), bool(minutes and minutes.approved_at)),
            (_("Scellée et diffusée"), day(minutes and minutes.signed_at), bool(minutes and minutes.signed_at)),
        ]
    return numbered(path)


def numbered(path: list[tuple[str, str, bool]]) -> list[dict[str, str]]:
    """The last step reached is the present one, unless it is the end of the path."""
    reached = next((index for index, (_label, _note, done) in enumerate(path) if not done), len(path))
    present = reached - 1 if reached < len(path) else reached
    return [
        {"label": label, "note": note, "state": "done" if index < present else "current" if index == present else ""}
        for index, (label, note, _done) in enumerate(path)
    ]


def stopped_steps(sitting: Sitting, numbers: SittingFigures) -> list[dict[str, str]]:
    """A path that ended early."""
    convened = {"label": _("Convoquée"), "note": told(sitting, numbers), "state": "done"}
    return [
        {"label": _("Planifiée"), "note": date_words(sitting.created_at, weekday=False), "state": "done"},
        *([convened] if sitting.notified_at else []),
        {"label": str(sitting.get_state_display()), "note": "", "state": "current"},
    ]


def day(moment: Any) -> str:
    return date_words(moment, weekday=False) if moment else ""


def told(sitting: Sitting, numbers: SittingFigures) -> str:
    if sitting.notified_at is None:
        return ""
    words = ngettext("%(day)s, %(n)s\u00a0personne", "%(day)s, %(n)s\u00a0personnes", numbers.expected)
    return words % {"day": day(sitting.notified_at), "n": numbers.expected}


def held(sitting: Sitting, numbers: SittingFigures) -> str:
    if not sitting.is_held:
        return day(sitting.starts_at)
    words = ngettext("%(day)s, %(n)s\u00a0présent", "%(day)s, %(n)s\u00a0présents", numbers.came)
    return words % {"day": day(sitting.starts_at), "n": numbers.came}


def facts(sitting: Sitting, numbers: SittingFigures) -> list[tuple[str, Any]]:
    """The side column."""
    rows = [
        (_("Date"), when_words(sitting)),
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


def when_words(sitting: Sitting) -> str:
    """« Samedi 28 mars 2026, de 9 h 30 à 17 h, pause de 12 h 30 à 14 h »."""
    hours = _("de %(start)s à %(end)s") % {"start": time_words(sitting.starts_at), "end": time_words(sitting.ends_at)}
    pause = ""
    if sitting.break_starts_at and sitting.break_ends_at:
        pause = _(", pause de %(start)s à %(end)s") % {
            "start": time_words(sitting.break_starts_at),
            "end": time_words(sitting.break_ends_at),
        }
    return f"{date_words(sitting.starts_at).capitalize()}, {hours}{pause}"


def is_htmx(request: HttpRequest) -> bool:
    return request.headers.get("HX-Request") == "true"
