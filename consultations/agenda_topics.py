"""Agenda topics of referrals: the description of an item that treats one, and the choices in the form of an item."""

from collections.abc import Iterable, Mapping
from typing import Any

from django.db.models import QuerySet, Value
from django.db.models.functions import Concat
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from assembly.text.french import format_date
from consultations.enums import ReferralOrigin, ReferralState
from consultations.models import CouncilView, Referral
from consultations.queries.committees import LABEL
from consultations.rules.referrals import can_read_in_office, can_see_desk
from sessions import topics
from sessions.topics import add_agenda_topic


def describe(keys: Iterable[str], reader: Any) -> Mapping[str, topics.Topic]:
    """Return the referrals that this reader may see, with the address of the page in the reader's own area."""
    known = [key for key in keys if key.isdecimal()]
    rows = Referral.objects.visible_to(reader) if reader is not None else Referral.objects.public()
    return {
        str(referral.pk): topics.Topic(
            kind=gettext_lazy("Saisine"),
            reference=referral.reference,
            title=referral.title,
            url=address(referral, reader),
        )
        for referral in rows.filter(pk__in=known)
    }


def address(referral: Referral, reader: Any) -> str:
    if reader is None:
        return reverse("consultations:public", args=[referral.reference])
    if can_see_desk(reader, referral.term_id):
        return reverse("consultations:referral", args=[referral.pk])
    name = "office-referral" if can_read_in_office(reader, referral) else "my-referral"
    return reverse(f"consultations:{name}", args=[referral.pk])


def offer(user: Any, term: int) -> QuerySet[Referral, tuple[int, str]]:
    """Return the referrals of the term that still run, as choices."""
    rows = (
        Referral.objects.visible_to(user)
        .filter(term=term)
        .exclude(state__in=ReferralState.tagged("ended"))
        .exclude(reference="")
    )
    label = Concat("reference", Value(" "), "title")
    return rows.order_by("reference").annotate(choice_label=label).values_list("pk", "choice_label")


def minutes_sentences(keys: Iterable[str]) -> Mapping[str, list[str]]:
    """Return the lines of the minutes about a self-referral that is voted: its reference, and the council's view."""
    known = [int(key) for key in keys if key.isdecimal()]
    views = CouncilView.objects.filter(referral__in=known, referral__origin=ReferralOrigin.SELF_REFERRAL)
    return {str(view.referral_id): [sentence(view)] for view in views.select_related("referral")}


def sentence(view: CouncilView) -> str:
    template = _("Auto-saisine %(reference)s. Le président a donné sa position avant le vote, le %(day)s : %(view)s.")
    day = format_date(view.given_on, weekday=False)
    return template % {"reference": view.referral.reference, "day": day, "view": view.get_stance_display()}


add_agenda_topic(LABEL, describe, offer, minutes_sentences)
