"""Steps of a sitting as pages: convening, reminding, cancelling; and those of the day, on the roll."""

from collections.abc import Iterable
from typing import Any

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from assembly.dossiers import ReasonForm, StepPage, StepPages
from assembly.identity.http import UserRequest
from assembly.institution.enums import NoQuorumRule
from assembly.ui.french import format_moment
from assembly.ui.untrusted_input import local_address
from sessions.actions import attendance, holding, notices
from sessions.enums import BallotState
from sessions.forms.sitting_day import CloseForm, ConvenedMessageForm, HoldForm, NotHeldForm
from sessions.forms.sittings import CancelSittingForm, NoticeForm, PostponeForm, ReconveneForm
from sessions.models import Ballot, Sitting
from sessions.queries.notices import changes_since_notice
from sessions.queries.quorum import presence_at
from sessions.queries.recipients import call_sentences, preview, silent_people
from sessions.rules.sittings import has_begun
from sessions.views.dossier import desk_sitting
from sessions.views.sitting_consequences import (
    closing_lines,
    expected_people,
    fix_url,
    held_message,
    hold_lines,
    not_held_lines,
    opening_lines,
    recipient_lines,
    reopening_lines,
    undoing_lines,
)
from sessions.workflows.sittings import SITTING, is_suspended_without_quorum


def sitting_title(sitting: Sitting) -> str:
    return f"{sitting.title}, {format_moment(sitting.starts_at)}"


def sitting_page(request: UserRequest, sitting: Sitting) -> str:
    """Return the tab of answers while they are open, else the agenda."""
    return reverse("sittings:notice" if sitting.takes_answers else "sittings:sitting", args=[sitting.pk])


def roll_page(request: UserRequest, sitting: Sitting) -> str:
    """Return the page that the reader came from (`?retour=`), else the roll, or the attendance tab after the end."""
    return local_address(request, request.GET.get("retour", "")) or reverse(
        "sittings:roll" if sitting.is_running else "sittings:attendance", args=[sitting.pk]
    )


def preview_context(sitting: Sitting) -> dict[str, Any]:
    """Return what would be sent now, and to whom; the form sends the `digest` back."""
    notice_preview = preview(sitting)
    return {"preview": notice_preview, "facts": notice_preview.facts, "digest": notice_preview.digest}


def convened(sitting: Sitting) -> str:
    count = sitting.invitees.expected().count()
    message = ngettext("%(n)s personne convoquée.", "%(n)s personnes convoquées.", count) % {"n": count}
    last = sitting.notices.select_related("distribution").latest("number").distribution
    if last and last.is_waiting:
        message += " " + _("Les courriels partent le %(moment)s.") % {"moment": format_moment(last.send_at)}
    return message


def reminder_title(sitting: Sitting) -> str:
    count = len(silent_people(sitting)[0])
    return ngettext("Relancer %(n)s personne ?", "Relancer %(n)s personnes ?", count) % {"n": count}


def reminder_lines(sitting: Sitting) -> Iterable[str]:
    yield _("Chacune reçoit un courriel avec la date, le lieu et son lien personnel. Une seule relance part par jour.")
    yield from call_sentences(silent_people(sitting)[1])


def reminded(sitting: Sitting) -> str:
    count = len(silent_people(sitting)[0])
    return ngettext("%(n)s relance est en cours d’envoi.", "%(n)s relances sont en cours d’envoi.", count) % {
        "n": count
    }


def lines_without_quorum(sitting: Sitting) -> Iterable[str]:
    """Yield the figures of this moment, and their consequence by the rule of the term."""
    yield presence_at(sitting, timezone.now()).missing_quorum()
    if is_suspended_without_quorum(sitting):
        yield _("La séance est suspendue. Elle reprend quand le quorum est atteint.")
    elif sitting.term.no_quorum_rule == NoQuorumRule.SECOND:
        yield _("La séance prend fin. Une seconde séance, sur le même ordre du jour, décide sans quorum.")
    else:
        yield _("La séance prend fin. Une autre séance la remplace ; le quorum y reste exigé.")
    if source := sitting.term.quorum_source:
        yield _("Règle\u00a0: %(source)s.") % {"source": source}
    waiting = Ballot.objects.filter(agenda_item__sitting=sitting, state=BallotState.PREPARED).count()
    if waiting:
        yield ngettext("%(n)s vote préparé attend.", "%(n)s votes préparés attendent.", waiting) % {"n": waiting}


STEPS: StepPages[Sitting] = StepPages(
    SITTING,
    {
        "notify": StepPage(
            "notify",
            title=gettext_lazy("Avant de convoquer"),
            label=gettext_lazy("Convoquer"),
            success_message=convened,
            form=NoticeForm,
            action=lambda sitting, user, data: notices.notify(sitting, by=user, **data),
            template="sessions/notice_preview.html",
            context=preview_context,
        ),
        "renotify": StepPage(
            "renotify",
            title=gettext_lazy("Envoyer une convocation modifiée"),
            label=gettext_lazy("Envoyer les changements"),
            success_message=convened,
            form=NoticeForm,
            action=lambda sitting, user, data: notices.renotify(sitting, by=user, **data),
            template="sessions/notice_preview.html",
            context=lambda sitting: {**preview_context(sitting), "changes": changes_since_notice(sitting)},
        ),
        "remind": StepPage(
            "remind",
            title=reminder_title,
            label=gettext_lazy("Relancer"),
            success_message=reminded,
            consequences=reminder_lines,
            recipients=lambda sitting: silent_people(sitting)[0],
            action=lambda sitting, user, data: notices.remind(sitting, by=user),
        ),
        "confirm": StepPage(
            "confirm",
            title=gettext_lazy("Confirmer la séance ?"),
            label=gettext_lazy("Confirmer la séance"),
            success_message=gettext_lazy("Séance confirmée."),
        ),
        "postpone": StepPage(
            "postpone",
            title=gettext_lazy("Reporter la séance"),
            label=gettext_lazy("Reporter la séance"),
            success_message=gettext_lazy("Séance reportée."),
            consequences=recipient_lines,
            form=PostponeForm,
            action=lambda sitting, user, data: notices.postpone(
                sitting, by=user, reason=data["reason"], starts_at=data["starts_at"], ends_at=data["ends_at"]
            ),
            next_url=lambda sitting, successor: reverse("sittings:sitting", args=[(successor or sitting).pk]),
        ),
        "cancel": StepPage(
            "cancel",
            title=gettext_lazy("Annuler la séance"),
            label=gettext_lazy("Annuler la séance"),
            success_message=gettext_lazy("Séance annulée."),
            consequences=recipient_lines,
            form=CancelSittingForm,
            action=lambda sitting, user, data: notices.cancel(sitting, by=user, **data),
        ),
        "reconvene": StepPage(
            "reconvene",
            title=gettext_lazy("Préparer la seconde convocation"),
            label=gettext_lazy("Préparer la seconde convocation"),
            success_message="",  # the next page is its own preview, which needs no message
            form=ReconveneForm,
            action=lambda sitting, user, data: notices.reconvene(
                sitting, by=user, starts_at=data["starts_at"], ends_at=data["ends_at"]
            ),
            next_url=lambda sitting, successor: reverse("sittings:notify", args=[successor.pk]),
        ),
        "hold": StepPage(
            "hold",
            title=gettext_lazy("La séance s’est tenue"),
            label=gettext_lazy("Noter la séance tenue"),
            success_message=held_message,
            consequences=hold_lines,
            form=HoldForm,
            action=lambda sitting, user, data: holding.hold(sitting, by=user, **data),
            next_url=lambda sitting, count: reverse("sittings:attendance", args=[sitting.pk]),
            offered=lambda user, sitting: has_begun(sitting),
        ),
        "not-held": StepPage(
            "note_not_held",
            title=gettext_lazy("La séance n’a pas eu lieu"),
            label=gettext_lazy("Noter qu’elle n’a pas eu lieu"),
            success_message=gettext_lazy("C’est noté. Personne n’est prévenu de lui-même."),
            consequences=not_held_lines,
            form=NotHeldForm,
            action=lambda sitting, user, data: holding.note_not_held(sitting, by=user, **data),
            offered=lambda user, sitting: has_begun(sitting),
        ),
        "reopen": StepPage(
            "reopen",
            title=gettext_lazy("Revenir sur la clôture ?"),
            label=gettext_lazy("Revenir sur la clôture"),
            success_message=gettext_lazy("La séance est de nouveau ouverte. Personne n’est prévenu de lui-même."),
            consequences=reopening_lines,
            form=ReasonForm,
            action=lambda sitting, user, data: holding.reopen(sitting, by=user, **data),
        ),
        "undo-opening": StepPage(
            "undo_opening",
            title=gettext_lazy("Revenir sur l’ouverture ?"),
            label=gettext_lazy("Revenir sur l’ouverture"),
            success_message=gettext_lazy("La séance est de nouveau à venir. Personne n’est prévenu de lui-même."),
            consequences=undoing_lines,
            form=ReasonForm,
            action=lambda sitting, user, data: holding.undo_opening(sitting, by=user, **data),
        ),
        "write": StepPage(
            "write",
            title=gettext_lazy("Écrire aux personnes convoquées"),
            label=gettext_lazy("Envoyer le message"),
            success_message=gettext_lazy("Le message part."),
            consequences=recipient_lines,
            recipients=expected_people,
            form=ConvenedMessageForm,
            action=lambda sitting, user, data: holding.write(sitting, by=user, **data),
        ),
        "archive": StepPage(
            "archive",
            title=gettext_lazy("Archiver la séance ?"),
            label=gettext_lazy("Archiver la séance"),
            consequences=lambda sitting: [
                _("Elle ne change plus\u00a0: ni ses présences, ni son ordre du jour. Elle reste lisible.")
            ],
            success_message=gettext_lazy("Séance archivée."),
        ),
    },
    name="sittings:",
    fetch=desk_sitting,
    back=sitting_page,
    eyebrow=sitting_title,
    fix_url=fix_url,
)

ROLL_STEPS: StepPages[Sitting] = StepPages(
    SITTING,
    {
        "ouvrir": StepPage(
            "open",
            title=gettext_lazy("Ouvrir la séance ?"),
            label=gettext_lazy("Ouvrir la séance"),
            success_message=gettext_lazy("Séance ouverte."),
            consequences=opening_lines,
        ),
        "suspendre": StepPage(
            "suspend",
            title=gettext_lazy("Suspendre la séance ?"),
            label=gettext_lazy("Suspendre"),
            success_message=gettext_lazy("Séance suspendue."),
        ),
        "reprendre": StepPage(
            "resume",
            title=gettext_lazy("Reprendre la séance ?"),
            label=gettext_lazy("Reprendre"),
            success_message=gettext_lazy("Séance reprise."),
        ),
        "clore": StepPage(
            "close",
            title=gettext_lazy("Clore la séance ?"),
            label=gettext_lazy("Clore la séance"),
            success_message=gettext_lazy("Séance close."),
            consequences=closing_lines,
            form=CloseForm,
            action=lambda sitting, user, data: attendance.close(sitting, by=user, **data),
        ),
        "sans-quorum": StepPage(
            "note_no_quorum",
            title=gettext_lazy("Constater l’absence de quorum ?"),
            label=gettext_lazy("Constater l’absence de quorum"),
            success_message=gettext_lazy("Absence de quorum constatée."),
            consequences=lines_without_quorum,
            action=lambda sitting, user, data: attendance.note_no_quorum(sitting, by=user),
            danger=True,
        ),
    },
    name="sittings:move",
    fetch=desk_sitting,
    back=roll_page,
    eyebrow=sitting_title,
    fix_url=fix_url,
)
