"""Rights to propose, sign, check, view and decide amendments, and guards that read no table but roles."""

from collections.abc import Set
from datetime import datetime
from enum import StrEnum
from typing import Any

from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext

from assembly.dossiers.pages import ReaderPages, is_published
from assembly.institution.rules import is_member, is_team
from assembly.text.french import format_moment
from opinions.amending.changes import Operation
from opinions.models import Amendment, AmendmentState as A, Opinion, OpinionState, OpinionVersion
from opinions.opinions.rules import can_see_desk

S = OpinionState
Persons = Set[int]


class Window(StrEnum):
    """Whether amendments may be proposed to an opinion, and why not."""

    NOT_TABLED = "not_tabled"
    TO_COME = "to_come"
    OPEN = "open"
    CLOSED = "closed"


def window(opinion: Opinion, now: datetime) -> Window:
    """Return the state of the window: the state opens it, the hours close it even if the clock job is late."""
    if opinion.state == S.TABLED:
        return Window.TO_COME
    if opinion.state == S.AMENDING and opinion.amendments_close_at is not None:
        opens = opinion.amendments_open_at
        if opens is not None and now < opens:
            return Window.TO_COME
        return Window.OPEN if now < opinion.amendments_close_at else Window.CLOSED
    return Window.CLOSED if opinion.is_tabled else Window.NOT_TABLED


def can_propose(user: Any, opinion: Opinion, now: datetime) -> bool:
    """Return whether the user is a member of the term and the window is open."""
    return is_member(user, opinion.term_id) and window(opinion, now) == Window.OPEN


def can_record(user: Any, opinion: Opinion) -> bool:
    """Return whether the team may key in what came on paper, by telephone or from the floor: until the vote."""
    return is_team(user, opinion.term_id) and opinion.state in {S.AMENDING, S.FROZEN}


def is_author(user: Any, amendment: Amendment) -> bool:
    return amendment.author_id == user.person_id and is_member_of(user, amendment)


def is_other_member(user: Any, amendment: Amendment) -> bool:
    return amendment.author_id != user.person_id and is_member_of(user, amendment)


def is_member_of(user: Any, amendment: Amendment) -> bool:
    return is_member(user, amendment.opinion.term_id)


AMENDMENT_PAGES = ReaderPages(
    (lambda user, amendment: can_see_desk(user, amendment.opinion.term_id), "opinions:amendment"),
    (is_member_of, "opinions:my-amendment"),
    (lambda user, amendment: is_published(user, amendment.opinion), "opinions:public-amendments", "opinion.reference"),
)


def is_before_vote(opinion: Opinion) -> bool:
    return opinion.state in S.tagged("before_vote")


def is_in_sitting(opinion: Opinion) -> bool:
    """Return whether the text is frozen, and its sitting is open, or held with minutes still to be written."""
    sitting = opinion.tabled_sitting
    return opinion.state == S.FROZEN and sitting is not None and (sitting.is_running or sitting.is_held)


def is_rapporteur(user: Any, opinion: Opinion, rapporteurs: Persons) -> bool:
    """Return whether a member is named for the opinion or the amended part; `rapporteurs` are persons."""
    return is_member(user, opinion.term_id) and user.person_id in rapporteurs


# Guards of steps


def check_window(amendment: Amendment) -> None:
    """Raise ValidationError when the window is not open now, whatever the page showed."""
    opinion = amendment.opinion
    state = window(opinion, timezone.now())
    if state == Window.OPEN:
        return
    if state == Window.TO_COME:
        message = gettext("Les amendements ne sont pas encore ouverts. Votre brouillon est gardé.")
    elif opinion.amendments_close_at is not None and state == Window.CLOSED:
        message = gettext("Le dépôt des amendements est fermé depuis le %(moment)s. Votre brouillon est gardé.") % {
            "moment": format_moment(opinion.amendments_close_at)
        }
    else:
        message = gettext("Cet avis n’est pas ouvert aux amendements. Votre brouillon est gardé.")
    raise ValidationError(message, code="window")


def check_parent(version: OpinionVersion, parent: Amendment | None) -> None:
    """Raise ValidationError unless the parent has new text, is not decided and is no sub-amendment itself."""
    if parent is None:
        return
    if parent.version_id != version.pk or parent.parent_id is not None or parent.operation == Operation.DELETE:
        raise ValidationError(gettext("Cet amendement ne peut pas être modifié."), code="parent")
    if parent.state not in A.tagged("waiting"):
        message = gettext("L’amendement que vous voulez modifier n’est plus en discussion.")
        raise ValidationError(message, code="parent")


def check_reason_given(amendment: Amendment) -> None:
    if not amendment.reason.strip():
        raise ValidationError(gettext("Dites pourquoi, en une ou deux phrases."), code="reason")
