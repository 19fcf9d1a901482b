"""Who takes the steps of a sitting, what must be true before, and what follows."""

from typing import Any

from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from assembly.institution.enums import NoQuorumRule
from assembly.institution.rules import is_lead, is_team
from assembly.text.french import format_moment
from assembly.workflow import Permission, Transition, make_guard
from sessions.enums import MinutesState
from sessions.enums import SittingState as S
from sessions.models import Minutes, Sitting
from sessions.queries.quorum import decided_count, presence_at
from sessions.queries.sitting_record import counted_votes, numbered_decisions, people_noted_present
from sessions.rules.hours import last_day_ends, opens_from
from sessions.signals import sitting_opened
from sessions.sittings.queries.convening import call_sentences, silent_people
from sessions.sittings.rules import has_begun, is_day_past, is_over

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
