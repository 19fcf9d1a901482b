"""Steps of a referral in the back office, as pages."""

from typing import Any

from django.core.exceptions import PermissionDenied
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from assembly.documents.actions.uploads import accept_upload as keep_file
from assembly.dossiers import StepPages
from assembly.identity.http import UserRequest
from assembly.identity.models import User
from assembly.text.french import french_enumeration
from consultations.actions import ending, issuing
from consultations.models import Referral
from consultations.queries.committees import coming_plenaries, receiving_items
from consultations.referrals import actions, rules
from consultations.referrals.queries import DOSSIER, named_directorates
from consultations.workflows.referrals import REFERRAL


def desk_referral(request: UserRequest, pk: int) -> Referral:
    """Return the referral for the back office; unseen is 404, seen in another area only is 403."""
    referral = DOSSIER(request.user, pk)
    if not rules.can_see_desk(request.user, referral.term_id):
        raise PermissionDenied
    return referral


def name_of(referral: Referral) -> str:
    return f"{referral.reference} {referral.title}".strip()


def desk_page(request: UserRequest, referral: Referral) -> str:
    return reverse("consultations:referral", args=[referral.pk])


def field_page(request: UserRequest, referral: Referral, field: str) -> str:
    """Return the address where a field that the letter lacks is filled in."""
    if not rules.can_edit(request.user, referral):
        return ""
    return f"{reverse('consultations:edit', args=[referral.pk])}#id_{field}"


def has_receiving_item(user: User, referral: Referral) -> bool:
    return receiving_items(referral).exists()


def has_coming_plenary(user: User, referral: Referral) -> bool:
    return coming_plenaries(referral).exists()


def asked_lines(referral: Referral) -> list[str]:
    """Return how many directorates are asked, with their names."""
    named = named_directorates(referral)
    template = ngettext(
        "%(n)s direction sera consultée : %(who)s.", "%(n)s directions seront consultées : %(who)s.", len(named)
    )
    return (
        [template % {"n": len(named), "who": french_enumeration([row.directorate.name for row in named])}]
        if named
        else []
    )


def stop_lines(referral: Referral) -> list[str]:
    """List what stops with it, before the confirmation."""
    stops = ending.preview(referral)
    lines = []
    if stops.reviews:
        text = ngettext(
            "%(n)s demande de contribution sera close, la direction est prévenue : %(who)s.",
            "%(n)s demandes de contribution seront closes, les directions sont prévenues : %(who)s.",
            len(stops.reviews),
        )
        lines.append(text % {"n": len(stops.reviews), "who": french_enumeration(stops.reviews)})
    if stops.committees:
        text = ngettext("%(n)s groupe n’y travaille plus.", "%(n)s groupes n’y travaillent plus.", stops.committees)
        lines.append(text % {"n": stops.committees})
    if stops.hearings:
        text = ngettext("%(n)s audition reste prévue.", "%(n)s auditions restent prévues.", stops.hearings)
        lines.append(text % {"n": stops.hearings} + " " + _("Prévenez les personnes invitées."))
    return [*lines, _("Sa page et son historique restent.")]


def record_paper(referral: Referral, *, by: User, **data: Any) -> None:
    issuing.record_paper(
        referral,
        upload=keep_file(data["file"], by=by),
        letter_on=data["letter_on"],
        reviews_due_on=data["reviews_due_on"],
        by=by,
    )


STEPS = StepPages(
    REFERRAL,
    name="consultations:step",
    fetch=desk_referral,
    back=desk_page,
    eyebrow=name_of,
    fix_url=field_page,
)
STEPS.bind("consequences", {"record_paper": asked_lines, "merge": stop_lines, "withdraw": stop_lines})
STEPS.bind(
    "action",
    {
        "record_paper": record_paper,
        "answer": lambda referral, by, **data: actions.record_answer(
            referral, on=data["on"], upload=keep_file(data["file"], by=by), by=by
        ),
    },
)
STEPS.bind(
    "offered",
    {
        "announce": has_coming_plenary,
        "accept": has_receiving_item,
        "answer": lambda user, referral: not REFERRAL.missing(referral, "answer"),
    },
)
