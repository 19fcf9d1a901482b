"""State table of sittings with its guards, and guards of terms; the README has the same."""

from typing import Any

from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext, gettext_lazy as _, ngettext

from assembly.institution.models import NoQuorumRule, Term
from assembly.institution.rules import is_lead, is_team
from assembly.institution.workflow import TERM
from assembly.text.french import format_moment
from assembly.workflow import Permission, Step, Transition, Workflow, make_guard
from sessions.attendance.queries.presence import decided_count, presence_at
from sessions.models import Minutes, MinutesState, Sitting, SittingKind, SittingState, SittingState as S
from sessions.signals import sitting_notified, sitting_opened
from sessions.sittings import forms
from sessions.sittings.queries.convening import call_sentences, silent_people
from sessions.sittings.queries.sittings import counted_votes, numbered_decisions, people_noted_present
from sessions.sittings.rules import has_begun, is_day_past, is_over, last_day_ends, opens_from

TEAM: Permission[Sitting] = Permission(lambda user, sitting: is_team(user, sitting.term_id), _("équipe"))
LEAD: Permission[Sitting] = Permission(lambda user, sitting: is_lead(user, sitting.term_id), _("responsable"))


def check_silent_people(sitting: Sitting) -> None:
    """Raise ValidationError if nobody can be reminded by mail; people reached by letter are called."""
    by_mail, to_call = silent_people(sitting)
    if not by_mail:
        sentences = [str(_("Personne à relancer par courriel.")), *call_sentences(to_call)]
        raise ValidationError(" ".join(sentences), code="nobody")


def check_opening_day(sitting: Sitting) -> None:
    """Raise ValidationError outside the day of the sitting, with the step to take instead."""
    opens = opens_from(sitting.starts_at)
    if timezone.now() < opens:
        text = gettext(
            "La séance s’ouvre à partir du %(moment)s. Pour la tenir plus tôt, changez d’abord son jour ou ses heures."
        )
        raise ValidationError(text % {"moment": format_moment(opens)}, code="early")
    if timezone.now() >= last_day_ends(sitting.ends_at):
        text = gettext(
            "Le jour de la séance est passé. Si elle s’est tenue, notez ses heures et ses présences par "
            "«\u00a0La séance s’est tenue\u00a0». Sinon, notez qu’elle n’a pas eu lieu, ou reportez-la."
        )
        raise ValidationError(text, code="late")


def check_begun(sitting: Sitting) -> None:
    """Raise ValidationError before the planned beginning: until then it is cancelled or postponed."""
    if not has_begun(sitting):
        text = gettext("La séance commence le %(moment)s. D’ici là, elle peut être reportée ou annulée.")
        raise ValidationError(text % {"moment": format_moment(sitting.starts_at)}, code="early")


check_day_not_past = make_guard(
    lambda sitting: not is_day_past(sitting),
    _("Le jour de la séance est passé\u00a0: clôturez-la en donnant l’heure de sa fin."),
    code="late",
)
check_not_over = make_guard(
    lambda sitting: not is_over(sitting),
    _("La séance est passée\u00a0: elle ne se convoque plus. Donnez-lui un autre jour, ou reportez-la."),
    code="late",
)
check_presence = make_guard(
    people_noted_present,
    _("Personne n’est noté présent. Notez d’abord les présences, ou notez que la séance n’a pas eu lieu."),
    code="presence",
)


def check_no_presence(sitting: Sitting) -> None:
    if count := people_noted_present(sitting):
        text = ngettext(
            "%(n)s personne est notée présente\u00a0: corrigez d’abord les présences.",
            "%(n)s personnes sont notées présentes\u00a0: corrigez d’abord les présences.",
            count,
        )
        raise ValidationError(text % {"n": count}, code="presence")


def check_no_votes(sitting: Sitting) -> None:
    """Raise ValidationError if a vote was counted or proclaimed: it is withdrawn first, with a reason."""
    if count := counted_votes(sitting).count():
        text = ngettext(
            "%(n)s vote y est compté ou proclamé\u00a0: le ou la responsable le retire d’abord, avec son motif.",
            "%(n)s votes y sont comptés ou proclamés\u00a0: le ou la responsable les retire d’abord, avec leur motif.",
            count,
        )
        raise ValidationError(text % {"n": count}, code="votes")


def check_no_decisions(sitting: Sitting) -> None:
    if count := numbered_decisions(sitting).count():
        text = ngettext(
            "%(n)s décision y est numérotée\u00a0: retirez-la d’abord, avec son motif.",
            "%(n)s décisions y sont numérotées\u00a0: retirez-les d’abord, avec leur motif.",
            count,
        )
        raise ValidationError(text % {"n": count}, code="decisions")


check_minutes_not_circulated = make_guard(
    lambda sitting: (
        not Minutes.objects.filter(sitting=sitting, state__in=MinutesState.tagged("circulated", "published")).exists()
    ),
    _("Le compte rendu est parti en relecture\u00a0: il faut d’abord le rouvrir, avec un motif."),
    code="minutes",
)


def open_sitting(sitting: Sitting, taken: Transition) -> Any:
    return sitting_opened.send(Sitting, sitting=sitting, by=taken.by)


def check_quorum_missing(sitting: Sitting) -> None:
    """Raise ValidationError unless a quorum is needed and missing."""
    presence = presence_at(sitting, timezone.now())
    if presence.needed is None:
        raise ValidationError(_("Aucun quorum n’est exigé pour cette séance."), code="quorate")
    if presence.is_quorate:
        message = ngettext(
            "Le quorum est atteint\u00a0: %(n)s membre présent, il en faut %(needed)s.",
            "Le quorum est atteint\u00a0: %(n)s membres présents, il en faut %(needed)s.",
            presence.present,
        )
        raise ValidationError(message % {"n": presence.present, "needed": presence.needed}, code="quorate")


def check_nothing_decided(sitting: Sitting) -> None:
    """Raise ValidationError if something was decided while there was a quorum.

    These decisions stay: such a sitting is closed, and its minutes record them.
    """
    if count := decided_count(sitting):
        message = ngettext(
            "%(n)s vote ou décision est déjà noté, quand le quorum était atteint\u00a0: clôturez la séance. "
            "Les points qui restent vont à une autre séance.",
            "%(n)s votes ou décisions sont déjà notés, quand le quorum était atteint\u00a0: clôturez la séance. "
            "Les points qui restent vont à une autre séance.",
            count,
        )
        raise ValidationError(message % {"n": count}, code="decided")


def is_suspended_without_quorum(sitting: Sitting) -> bool:
    """Return whether the sitting is suspended first, by the rule of the term, to let members come."""
    return sitting.state == S.OPEN and sitting.term.no_quorum_rule == NoQuorumRule.SUSPEND


SITTING: Workflow[Sitting] = Workflow(
    [
        Step(
            "notify",
            {S.PLANNED},
            S.NOTIFIED,
            by=TEAM,
            primary=True,
            history_text=_("a convoqué la séance"),
            guards=(check_not_over,),
            changes=lambda sitting, taken: {"notified_at": timezone.now()},
            then=lambda sitting, taken: sitting_notified.send(Sitting, sitting=sitting, by=taken.by),
            slug="notify",
            label=_("Convoquer"),
            form=forms.NoticeForm,
            template="sessions/sittings/notice_preview.html",
        ),
        Step(
            "renotify",
            S.tagged("answerable"),
            S.NOTIFIED,
            by=TEAM,
            history_text=_("a envoyé une convocation modifiée"),
            guards=(check_not_over,),
            changes=lambda sitting, taken: {"notified_at": timezone.now()},
            then=lambda sitting, taken: sitting_notified.send(Sitting, sitting=sitting, by=taken.by),
            slug="renotify",
            label=_("Envoyer les changements"),
            question=_("Envoyer une convocation modifiée"),
            form=forms.NoticeForm,
            template="sessions/sittings/notice_preview.html",
        ),
        Step(
            "remind",
            S.tagged("answerable"),
            by=TEAM,
            event_type="invitee.reminded",
            history_text=_("a relancé les personnes sans réponse"),
            guards=(check_not_over, check_silent_people),
            slug="remind",
            label=_("Relancer"),
        ),
        Step(
            "confirm",
            {S.NOTIFIED},
            S.CONFIRMED,
            by=TEAM,
            primary=True,
            history_text=_("a confirmé la séance"),
            guards=(check_not_over,),
            slug="confirm",
            label=_("Confirmer la séance"),
            success_message=_("Séance confirmée."),
        ),
        Step(
            "open",
            S.tagged("answerable"),
            S.OPEN,
            by=TEAM,
            history_text=_("a ouvert la séance"),
            guards=(check_opening_day,),
            changes=lambda sitting, taken: {"opened_at": timezone.now()},
            then=open_sitting,
            slug="ouvrir",
            areas=("conduct",),
            label=_("Ouvrir la séance"),
            success_message=_("Séance ouverte."),
        ),
        Step(
            "postpone",
            S.tagged("upcoming"),
            S.POSTPONED,
            by=TEAM,
            history_text=_("a reporté la séance"),
            reason_column="reason",
            slug="postpone",
            label=_("Reporter la séance"),
            question=_("Reporter la séance"),
            success_message=_("Séance reportée."),
            form=forms.PostponeForm,
        ),
        Step(
            "cancel",
            S.tagged("upcoming"),
            S.CANCELLED,
            by=TEAM,
            event_type="sitting.cancelled",
            history_text=_("a annulé la séance"),
            reason_column="reason",
            slug="cancel",
            label=_("Annuler la séance"),
            question=_("Annuler la séance"),
            success_message=_("Séance annulée."),
            form=forms.CancelSittingForm,
        ),
        Step(
            "reconvene",
            {S.NOT_QUORATE},
            S.RECONVENED,
            by=TEAM,
            primary=True,
            history_text=_("a prévu une autre séance après l’absence de quorum"),
            slug="reconvene",
            label=_("Préparer la seconde convocation"),
            question=_("Préparer la seconde convocation"),
            form=forms.ReconveneForm,
        ),
        Step(
            "suspend",
            {S.OPEN},
            S.SUSPENDED,
            by=TEAM,
            history_text=_("a suspendu la séance"),
            guards=(check_day_not_past,),
            undo="resume",
            slug="suspendre",
            areas=("conduct",),
            label=_("Suspendre"),
            question=_("Suspendre la séance ?"),
            success_message=_("Séance suspendue."),
        ),
        Step(
            "resume",
            {S.SUSPENDED},
            S.OPEN,
            by=TEAM,
            primary=True,
            history_text=_("a repris la séance"),
            guards=(check_day_not_past,),
            undo="suspend",
            slug="reprendre",
            areas=("conduct",),
            label=_("Reprendre"),
            question=_("Reprendre la séance ?"),
            success_message=_("Séance reprise."),
        ),
        Step(
            "close",
            S.tagged("running"),
            S.CLOSED,
            by=TEAM,
            history_text=_("a clos la séance"),
            guards=(check_presence,),
            changes=lambda sitting, taken: {"closed_at": timezone.now()},
            slug="clore",
            areas=("conduct",),
            label=_("Clore la séance"),
            success_message=_("Séance close."),
            form=forms.CloseForm,
        ),
        # A sitting entered afterwards: the action writes the hours of the day.
        Step(
            "hold",
            S.tagged("answerable"),
            S.CLOSED,
            by=TEAM,
            event_type="sitting.held",
            history_text=_("a noté que la séance s’est tenue"),
            guards=(check_begun,),
            then=open_sitting,
            slug="hold",
            label=_("Noter la séance tenue"),
            question=_("La séance s’est tenue"),
            form=forms.HoldForm,
        ),
        Step(
            "note_no_quorum",
            {S.OPEN},
            S.SUSPENDED,
            by=TEAM,
            when=is_suspended_without_quorum,
            guards=(check_day_not_past, check_quorum_missing),
            event_type="sitting.not_quorate",
            history_text=_("a constaté l’absence de quorum"),
            slug="sans-quorum",
            areas=("conduct",),
            label=_("Constater l’absence de quorum"),
            success_message=_("Absence de quorum constatée."),
            danger=True,
        ),
        Step(
            "note_no_quorum",
            S.tagged("running"),
            S.NOT_QUORATE,
            by=TEAM,
            when=lambda sitting: not is_suspended_without_quorum(sitting),
            guards=(check_day_not_past, check_quorum_missing, check_nothing_decided),
            event_type="sitting.not_quorate",
            history_text=_("a constaté l’absence de quorum"),
            changes=lambda sitting, taken: {"closed_at": timezone.now()},
        ),
        Step(
            "note_not_held",
            S.tagged("answerable", "running"),
            S.NOT_HELD,
            by=TEAM,
            event_type="sitting.not_held",
            history_text=_("a noté que la séance n’a pas eu lieu"),
            guards=(check_begun, check_no_presence, check_no_votes, check_no_decisions),
            reason_column="reason",
            changes=lambda sitting, taken: {"opened_at": None},
            slug="not-held",
            label=_("Noter qu’elle n’a pas eu lieu"),
            question=_("La séance n’a pas eu lieu"),
            success_message=_("C’est noté. Personne n’est prévenu de lui-même."),
            form=forms.NotHeldForm,
        ),
        # A closing by mistake: the sitting goes on, and the roll with it.
        Step(
            "reopen",
            {S.CLOSED, S.NOT_QUORATE},
            S.OPEN,
            by=LEAD,
            history_text=_("est revenu·e sur la clôture de la séance"),
            guards=(check_minutes_not_circulated,),
            needs_reason=True,
            changes=lambda sitting, taken: {
                "closed_at": None,
                "recorded_at": None,
                "recorded_by": None,
                "hours_reason": "",
            },
            slug="reopen",
            label=_("Revenir sur la clôture"),
            success_message=_("La séance est de nouveau ouverte. Personne n’est prévenu de lui-même."),
        ),
        # An opening by mistake: the sitting is a coming one again, and takes answers again.
        Step(
            "undo_opening",
            S.tagged("running"),
            S.NOTIFIED,
            by=LEAD,
            event_type="sitting.opening_undone",
            history_text=_("est revenu·e sur l’ouverture de la séance"),
            guards=(check_no_votes, check_no_decisions, check_minutes_not_circulated),
            needs_reason=True,
            changes=lambda sitting, taken: {"opened_at": None},
            slug="undo-opening",
            label=_("Revenir sur l’ouverture"),
            success_message=_("La séance est de nouveau à venir. Personne n’est prévenu de lui-même."),
        ),
        Step("record_minutes", {S.CLOSED}, S.MINUTED),  # follows the minutes, like `reopen_minutes`
        Step("reopen_minutes", {S.MINUTED}, S.CLOSED),
        Step(
            "archive",
            {S.MINUTED},
            S.ARCHIVED,
            by=TEAM,
            history_text=_("a archivé la séance"),
            slug="archive",
            label=_("Archiver la séance"),
            success_message=_("Séance archivée."),
            consequences=[_("Elle ne change plus\u00a0: ni ses présences, ni son ordre du jour. Elle reste lisible.")],
        ),
    ],
    next_steps={
        S.NOTIFIED: ["confirm", "open"],
        S.CONFIRMED: [TEAM],  # opened on its day
        S.OPEN: ["close"],
        S.CLOSED: [TEAM],  # its minutes have the next step
    },
    noun="sitting",
)


def check_first_plenary_held(term: Term) -> None:
    """Raise ValidationError unless the term has held its first plenary, which installs it."""
    if not Sitting.objects.filter(term=term, kind=SittingKind.PLENARY, state__in=SittingState.tagged("held")).exists():
        raise ValidationError(gettext("Tenez d’abord la première séance plénière."), code="plenary")


def check_no_plenary_ahead(term: Term) -> None:
    """Raise ValidationError if a plenary is still to come; follow-up committees go on after the closing."""
    plenaries = Sitting.objects.filter(term=term, kind=SittingKind.PLENARY)
    ahead = plenaries.filter(state__in=SittingState.tagged("upcoming", "running")).count()
    message = ngettext(
        "%(n)s séance plénière est encore à tenir, ou à annuler.",
        "%(n)s séances plénières sont encore à tenir, ou à annuler.",
        ahead,
    )
    if ahead:
        raise ValidationError(message % {"n": ahead}, code="plenary")


TERM.add_guard("install", check_first_plenary_held)
TERM.add_guard("close", check_no_plenary_ahead)
