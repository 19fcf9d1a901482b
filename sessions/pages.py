"""Frame of the pages of one sitting, and look-ups of rows that pages of several features share."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import Any

from django import forms
from django.core.exceptions import PermissionDenied
from django.forms import BaseForm
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _, gettext_lazy, ngettext

from assembly.dossiers import StepLink
from assembly.dossiers.frame import DossierFrame, DossierKind, Status, add_dossier_kind, awaited_for, tabs_of
from assembly.identity.http import UserRequest
from assembly.identity.models import User
from assembly.institution.models import NoQuorumRule
from assembly.institution.rules import is_facilitator, is_team
from assembly.text.french import format_date, format_time, in_days
from assembly.web.forms import StyledForm, local_address
from assembly.web.pages import form_page
from assembly.web.path import PathStep, path_of
from assembly.workflow import StateConflict
from sessions.attendance.queries.presence import waiver_reason
from sessions.decisions import rules as decisions_rules
from sessions.minutes.queries.minutes import minutes_of
from sessions.models import AgendaItem, Invitee, Minutes, MinutesState, Notice, Sitting, SittingState
from sessions.sittings import rules
from sessions.sittings.queries.convening import changes_since_notice
from sessions.sittings.queries.sittings import DOSSIER, SittingFigures, figures, my_sittings
from sessions.sittings.rules import is_day_over
from sessions.sittings.workflow import SITTING


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
    "hold": ("hold", gettext_lazy("La séance s’est tenue")),
    "note_not_held": ("not-held", gettext_lazy("La séance n’a pas eu lieu")),
    "reopen": ("reopen", gettext_lazy("Revenir sur la clôture")),
    "undo_opening": ("undo-opening", gettext_lazy("Revenir sur l’ouverture")),
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
        row=sitting,
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
    """Return the facts of a sitting: when, where, who chairs, who answered, then the others."""
    answers = _("%(n)s sur %(all)s") % {"n": numbers.answered, "all": numbers.expected}
    rows = [
        (_("Date"), format_when(sitting)),
        (_("Lieu"), ", ".join(part for part in (sitting.place_name, sitting.place_address) if part)),
        (_("Présidence"), sitting.chair.full_name if sitting.chair else _("à désigner")),
        (_("Réponses"), answers if sitting.notified_at else ""),
        (_("Secrétariat"), sitting.secretary.full_name if sitting.secretary else _("à désigner")),
        (_("Suivie par"), sitting.officer.get_full_name()),
        (_("Instance"), sitting.committee.name if sitting.committee else _("Assemblée plénière")),
        (_("Référence"), sitting.reference),
        (_("Visioconférence"), sitting.video_link),
    ]
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


def status_of(
    sitting: Sitting, figures: SittingFigures, can: Mapping[str, bool], changed: int, now: datetime
) -> Status:
    """Return one sentence for the state, and one button for those who may use it."""
    status = SENTENCES[SittingState(sitting.state)](sitting, figures, changed, now)
    if not (status.url and can.get(REQUIRED_ABILITIES[status.url], False)):
        return Status(status.sentence, status.consequence)
    return replace(status, url=reverse(f"sittings:{status.url}", args=[sitting.pk]))


# Each button below has the name of a page as its URL; this is the right that the page requires.
REQUIRED_ABILITIES = {
    "notify": "notify",
    "renotify": "renotify",
    "remind": "remind",
    "confirm": "confirm",
    "day": "private",
    "reconvene": "reconvene",
    "minutes": "private",
    "hold": "hold",
}


def planned(sitting: Sitting, figures: SittingFigures, changed: int, now: datetime) -> Status:
    if sitting.ends_at <= now:
        sentence = _("Planifiée pour le %(day)s, jamais convoquée.") % {"day": format_date(sitting.starts_at)}
        return Status(sentence, _("Son heure est passée\u00a0: donnez-lui un autre jour, ou annulez-la."))
    limit = timezone.localdate(sitting.starts_at) - timedelta(days=sitting.term.notice_days)
    sentence = _("Planifiée pour le %(day)s, pas encore convoquée.") % {"day": format_date(sitting.starts_at)}
    return Status(sentence, deadline(limit, timezone.localdate(now)), _("Convoquer"), "notify")


def deadline(limit: date, today: date) -> str:
    if limit < today:
        return _("La convocation aurait dû partir le %(day)s, %(distance)s.") % {
            "day": format_date(limit),
            "distance": in_days(limit, today),
        }
    return _("La convocation doit partir avant le %(day)s, %(distance)s.") % {
        "day": format_date(limit),
        "distance": in_days(limit, today),
    }


def notified(sitting: Sitting, figures: SittingFigures, changed: int, now: datetime) -> Status:
    day, today = timezone.localdate(sitting.starts_at), timezone.localdate(now)
    if is_day_over(now, sitting.starts_at, sitting.ends_at):
        sentence = _("La séance était prévue %(distance)s, personne ne l’a ouverte.")
        consequence = _("Si elle s’est tenue, notez ses heures et qui était là\u00a0; sinon, qu’elle n’a pas eu lieu.")
        return Status(sentence % {"distance": in_days(day, today)}, consequence, _("La séance s’est tenue"), "hold")
    answers = ngettext("%(n)s réponse sur %(all)s", "%(n)s réponses sur %(all)s", figures.answered)
    come = ngettext("%(n)s personne vient", "%(n)s personnes viennent", figures.coming)
    sentence = answers % {"n": figures.answered, "all": figures.expected}
    sentence = f"{sentence} : {come % {'n': figures.coming}}." if figures.answered else f"{sentence}."
    if changed:
        consequence = _("La séance a changé depuis la convocation : les personnes convoquées ne le savent pas.")
        return Status(sentence, consequence, _("Envoyer les changements"), "renotify")
    if day <= today:
        return Status(sentence, in_days(day, today).capitalize() + ".", _("Conduire la séance"), "day")
    quiet = ngettext("%(n)s personne n’a pas répondu.", "%(n)s personnes n’ont pas répondu.", figures.silent)
    consequence = _("La séance a lieu %(distance)s.") % {"distance": in_days(day, today)}
    consequence = f"{quiet % {'n': figures.silent}} {consequence}" if figures.silent else consequence
    if figures.silent:
        return Status(sentence, consequence, _("Relancer"), "remind")
    return Status(sentence, consequence, _("Confirmer la séance"), "confirm")


def confirmed(sitting: Sitting, figures: SittingFigures, changed: int, now: datetime) -> Status:
    status = notified(sitting, figures, changed, now)
    if status.url == "confirm":
        return Status(_("Confirmée. ") + status.sentence, status.consequence)
    return status


def running(sitting: Sitting, figures: SittingFigures, changed: int, now: datetime) -> Status:
    sentence = (
        _("Séance ouverte depuis %(hour)s.")
        if sitting.state == SittingState.OPEN
        else _("Séance suspendue, ouverte à %(hour)s.")
    )
    consequence = ngettext("%(n)s membre est arrivé.", "%(n)s membres sont arrivés.", figures.came)
    consequence %= {"n": figures.came}
    if is_day_over(now, sitting.starts_at, sitting.ends_at):
        sentence = _("La séance est restée ouverte depuis son jour, à %(hour)s.")
        consequence = _("Clôturez-la en donnant l’heure à laquelle elle a fini.")
    return Status(sentence % {"hour": format_time(sitting.opened_at)}, consequence, _("Conduire la séance"), "day")


def closed(sitting: Sitting, figures: SittingFigures, changed: int, now: datetime) -> Status:
    sentence = ngettext(
        "Tenue le %(day)s : %(n)s membre présent.", "Tenue le %(day)s : %(n)s membres présents.", figures.came
    )
    sentence %= {"day": format_date(sitting.starts_at), "n": figures.came}
    if minutes := getattr(sitting, "minutes", None):
        return Status(sentence, minutes_sentence(minutes), _("Ouvrir le compte rendu"), "minutes")
    limit = timezone.localdate(sitting.closed_at) + timedelta(days=sitting.term.minutes_days)
    consequence = _("Le compte rendu est attendu le %(day)s, %(distance)s.") % {
        "day": format_date(limit),
        "distance": in_days(limit, timezone.localdate(now)),
    }
    return Status(sentence, consequence, _("Ouvrir le compte rendu"), "minutes")


def minuted(sitting: Sitting, figures: SittingFigures, changed: int, now: datetime) -> Status:
    sentence = _("Tenue le %(day)s.") % {"day": format_date(sitting.starts_at)}
    minutes: Minutes | None = getattr(sitting, "minutes", None)
    consequence = minutes_sentence(minutes) if minutes else _("Le compte rendu est fait.")
    return Status(sentence, consequence, _("Ouvrir le compte rendu"), "minutes")


def minutes_sentence(minutes: Minutes) -> str:
    return _("Compte rendu : %(state)s.") % {"state": str(minutes.standing.word).lower()}


def not_quorate(sitting: Sitting, figures: SittingFigures, changed: int, now: datetime) -> Status:
    sentence = ngettext(
        "Le quorum n’a pas été atteint : %(n)s membre est venu.",
        "Le quorum n’a pas été atteint : %(n)s membres sont venus.",
        figures.came,
    ) % {"n": figures.came}
    if sitting.term.no_quorum_rule == NoQuorumRule.SECOND:
        consequence = _("Une seconde séance, sur le même ordre du jour, n’exige plus de quorum.")
    else:
        consequence = _("Une autre séance la remplace ; le quorum y reste exigé.")
    return Status(sentence, consequence, _("Convoquer de nouveau"), "reconvene")


def stopped(sitting: Sitting, figures: SittingFigures, changed: int, now: datetime) -> Status:
    sentences = {SittingState.POSTPONED: _("Séance reportée."), SittingState.CANCELLED: _("Séance annulée.")}
    return Status(sentences.get(SittingState(sitting.state), _("La séance n’a pas eu lieu.")), sitting.reason)


def reconvened(sitting: Sitting, figures: SittingFigures, changed: int, now: datetime) -> Status:
    return Status(_("Sans quorum, convoquée de nouveau."))


SENTENCES = SittingState.covers(
    {
        SittingState.PLANNED: planned,
        SittingState.NOTIFIED: notified,
        SittingState.CONFIRMED: confirmed,
        SittingState.OPEN: running,
        SittingState.SUSPENDED: running,
        SittingState.CLOSED: closed,
        SittingState.MINUTED: minuted,
        SittingState.ARCHIVED: minuted,
        SittingState.POSTPONED: stopped,
        SittingState.CANCELLED: stopped,
        SittingState.NOT_QUORATE: not_quorate,
        SittingState.RECONVENED: reconvened,
        SittingState.NOT_HELD: stopped,
    }
)


def desk_item(request: UserRequest, pk: int) -> AgendaItem:
    """Return an item of a sitting that the reader sees in the back office."""
    items = AgendaItem.objects.select_related("sitting__term__assembly", "sitting__committee")
    item = get_object_or_404(items.filter(sitting__in=Sitting.objects.visible_to(request.user)), pk=pk)
    term = item.sitting.term_id
    if not (is_team(request.user, term) or is_facilitator(request.user, term)):
        raise PermissionDenied
    return item


def check_open(user: User, sitting: Sitting) -> None:
    """Raise PermissionDenied outside the team, StateConflict (409) before the opening or after the circulation."""
    if not is_team(user, sitting.term_id):
        raise PermissionDenied
    if not decisions_rules.is_open_for_facts(sitting, minutes_of(sitting)):
        raise StateConflict(sitting, "record")


def page_of_item(item: AgendaItem) -> str:
    """Return the URL of the writing page of the item, or of the dossier while there are no minutes."""
    minutes = minutes_of(item.sitting)
    if minutes is None:
        return reverse("sittings:minutes", args=[item.sitting_id])
    return reverse("sittings:section", args=[minutes.pk, item.pk])


def origin_page(request: UserRequest) -> str:
    """Return the page of this site that the reader came from (`?retour=`), or nothing."""
    return local_address(request, request.GET.get("retour", ""))


def return_page(request: UserRequest, item: AgendaItem) -> str:
    return origin_page(request) or page_of_item(item)


def item_form_page[T](
    request: UserRequest,
    item: AgendaItem,
    form: BaseForm,
    act: Callable[[dict[str, Any]], T],
    *,
    to: Callable[[T], str] | None = None,
    success_message: str = "",
    **shown: Any,
) -> HttpResponse:
    """Show a form about an item of the agenda, which returns to its page unless `to` is given.

    `shown`: the `title` of the page, the `label` of its button, and other context of the template.
    """
    return form_page(
        request,
        form,
        act,
        template="sessions/decisions/form.html",
        context=lambda: {"item": item, "back": page_of_item(item), **shown},
        to=to or (lambda row: page_of_item(item)),
        success_message=success_message,
    )


def invitee_of_sitting(sitting: Sitting, invitee: int) -> Invitee:
    rows = sitting.invitees.expected().select_related("person", "reply_recorded_by__person")
    return get_object_or_404(rows, pk=invitee)


def item_of_sitting(sitting: Sitting, item: int) -> AgendaItem:
    return get_object_or_404(sitting.agenda, pk=item, removed_at=None)


def pdf_response(content: bytes, name: str) -> HttpResponse:
    return HttpResponse(
        content, content_type="application/pdf", headers={"Content-Disposition": f'inline; filename="{name}"'}
    )


def member_or_404(request: UserRequest, pk: int) -> Sitting:
    return get_object_or_404(my_sittings(request.user).select_related("chair"), pk=pk)


def ics(content: bytes) -> HttpResponse:
    return HttpResponse(content, content_type="text/calendar; charset=utf-8")


class FindForm(StyledForm):
    """Search form: a name, some of its letters, or the number of a badge."""

    q = forms.CharField(label=gettext_lazy("Nom ou numéro de badge"), max_length=80)
