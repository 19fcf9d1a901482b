"""The sentence of state of a sitting and the one thing to do next. No database here."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from assembly.ui.words import date_words, in_days, time_words
from sessions.enums import SittingState
from sessions.models import Sitting


@dataclass(frozen=True)
class NextStep:
    """`url_name` takes the key of the sitting; empty when nothing is to be done."""

    sentence: str
    consequence: str = ""
    label: str = ""
    url_name: str = ""


def next_step(sitting: Sitting, figures: Any, can: Mapping[str, bool], changed: int, now: datetime) -> NextStep:
    """One state, one sentence, one button; the button only for who may press it."""
    found = SENTENCES[SittingState(sitting.state)](sitting, figures, changed, now)
    return found if can.get(ASKS.get(found.url_name, "edit"), False) else NextStep(found.sentence, found.consequence)


ASKS = {
    "sittings:notify": "notify",
    "sittings:renotify": "renotify",
    "sittings:remind": "answers",
    "sittings:confirm": "confirm",
    "sittings:roll": "private",
    "sittings:reconvene": "reconvene",
    "sittings:minutes": "private",
}


def planned(sitting: Sitting, figures: Any, changed: int, now: datetime) -> NextStep:
    limit = timezone.localdate(sitting.starts_at) - timedelta(days=sitting.term.notice_days)
    sentence = _("Planifiée pour le %(day)s, pas encore convoquée.") % {"day": date_words(sitting.starts_at)}
    return NextStep(
        sentence, deadline(limit, timezone.localdate(now)), _("Préparer la convocation"), "sittings:notify"
    )


def deadline(limit: date, today: date) -> str:
    if limit < today:
        return _("La convocation aurait dû partir le %(day)s, %(distance)s.") % {
            "day": date_words(limit),
            "distance": in_days(limit, today),
        }
    return _("La convocation doit partir avant le %(day)s, %(distance)s.") % {
        "day": date_words(limit),
        "distance": in_days(limit, today),
    }


def notified(sitting: Sitting, figures: Any, changed: int, now: datetime) -> NextStep:
    day, today = timezone.localdate(sitting.starts_at), timezone.localdate(now)
    answers = ngettext("%(n)s réponse sur %(all)s", "%(n)s réponses sur %(all)s", figures.answered)
    come = ngettext("%(n)s personne vient", "%(n)s personnes viennent", figures.coming)
    sentence = answers % {"n": figures.answered, "all": figures.expected}
    sentence = f"{sentence} : {come % {'n': figures.coming}}." if figures.answered else f"{sentence}."
    if changed:
        consequence = _("La séance a changé depuis la convocation : les personnes convoquées ne le savent pas.")
        return NextStep(sentence, consequence, _("Envoyer les changements"), "sittings:renotify")
    if day <= today:
        return NextStep(sentence, in_days(day, today).capitalize() + ".", _("Faire l’appel"), "sittings:roll")
    quiet = ngettext("%(n)s personne n’a pas répondu.", "%(n)s personnes n’ont pas répondu.", figures.silent)
    place = _("La séance a lieu %(distance)s.") % {"distance": in_days(day, today)}
    place = f"{quiet % {'n': figures.silent}} {place}" if figures.silent else place
    if figures.silent:
        return NextStep(sentence, place, _("Relancer"), "sittings:remind")
    return NextStep(sentence, place, _("Confirmer la séance"), "sittings:confirm")


def confirmed(sitting: Sitting, figures: Any, changed: int, now: datetime) -> NextStep:
    found = notified(sitting, figures, changed, now)
    if found.url_name == "sittings:confirm":
        return NextStep(_("Confirmée. ") + found.sentence, found.consequence)
    return found


def running(sitting: Sitting, figures: Any, changed: int, now: datetime) -> NextStep:
    words = (
        _("Séance ouverte depuis %(hour)s.")
        if sitting.state == SittingState.OPEN
        else _("Séance suspendue, ouverte à %(hour)s.")
    )
    consequence = ngettext("%(n)s membre est arrivé.", "%(n)s membres sont arrivés.", figures.came)
    consequence %= {"n": figures.came}
    return NextStep(words % {"hour": time_words(sitting.opened_at)}, consequence, _("Faire l’appel"), "sittings:roll")


def closed(sitting: Sitting, figures: Any, changed: int, now: datetime) -> NextStep:
    sentence = ngettext(
        "Tenue le %(day)s : %(n)s membre présent.", "Tenue le %(day)s : %(n)s membres présents.", figures.came
    )
    sentence %= {"day": date_words(sitting.starts_at), "n": figures.came}
    if minutes := getattr(sitting, "minutes", None):
        told = _("Compte rendu : %(state)s.") % {"state": minutes.get_state_display().lower()}
        return NextStep(sentence, told, _("Ouvrir le compte rendu"), "sittings:minutes")
    limit = timezone.localdate(sitting.closed_at) + timedelta(days=sitting.term.minutes_days)
    consequence = _("Le compte rendu est attendu le %(day)s, %(distance)s.") % {
        "day": date_words(limit),
        "distance": in_days(limit, timezone.localdate(now)),
    }
    return NextStep(sentence, consequence, _("Ouvrir le compte rendu"), "sittings:minutes")


def minuted(sitting: Sitting, figures: Any, changed: int, now: datetime) -> NextStep:
    sentence = _("Tenue le %(day)s, compte rendu fait.") % {"day": date_words(sitting.starts_at)}
    return NextStep(sentence, "", _("Ouvrir le compte rendu"), "sittings:minutes")


def not_quorate(sitting: Sitting, figures: Any, changed: int, now: datetime) -> NextStep:
    sentence = ngettext(
        "Le quorum n’a pas été atteint : %(n)s membre est venu.",
        "Le quorum n’a pas été atteint : %(n)s membres sont venus.",
        figures.came,
    ) % {"n": figures.came}
    consequence = _("Une seconde séance, sur le même ordre du jour, n’exige plus de quorum.")
    return NextStep(sentence, consequence, _("Convoquer de nouveau"), "sittings:reconvene")


def stopped(sitting: Sitting, figures: Any, changed: int, now: datetime) -> NextStep:
    words = _("Séance reportée.") if sitting.state == SittingState.POSTPONED else _("Séance annulée.")
    return NextStep(words, sitting.reason)


def reconvened(sitting: Sitting, figures: Any, changed: int, now: datetime) -> NextStep:
    return NextStep(_("Sans quorum, convoquée de nouveau."))


SENTENCES = {
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
}
