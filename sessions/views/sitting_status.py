"""The sentence about the state of a sitting and its next step, from facts that were read before."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import date, datetime, timedelta

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from assembly.dossiers.frame import Status
from assembly.institution.enums import NoQuorumRule
from assembly.text.french import format_date, format_time, in_days
from sessions.enums import SittingState
from sessions.models import Minutes, Sitting
from sessions.rules.hours import is_day_over
from sessions.sittings.queries.sittings import SittingFigures


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
    return Status(sentence, deadline(limit, timezone.localdate(now)), _("Préparer la convocation"), "notify")


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
