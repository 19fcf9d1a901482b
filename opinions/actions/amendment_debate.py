"""In the sitting: an amendment is called, voted by hand count or adopted without opposition; what it makes fall."""

from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from assembly.identity.models import User
from opinions.actions.amendment_check import ask, take
from opinions.actions.amendment_falls import fall_with_adopted, fall_with_parent, write_amended_version
from opinions.actions.steps import said
from opinions.amending.colliding import fallen
from opinions.amending.description import ballot_question, place_words
from opinions.amending.enums import AmendmentDecisionMode, AmendmentState
from opinions.models import Amendment, Opinion
from opinions.models.amendment import WAITING_STATES
from sessions.actions import ballots
from sessions.enums import BallotResult
from sessions.models import Ballot
from sessions.rules.majority import Count

A = AmendmentState


def lock_opinion(amendment: Amendment) -> None:
    """One result at a time: what falls and the next text follow from all of them."""
    Opinion.objects.select_for_update(of=("self",), no_key=True).only("pk").get(pk=amendment.version.opinion_id)


@transaction.atomic
def call(amendment: Amendment, *, by: User) -> None:
    """The chair calls it: it is being discussed."""
    ask(amendment, "call", by=by)
    lock_opinion(amendment)
    check_open(amendment)
    take(amendment, "call", "amendment.called", by=by, called_at=timezone.now())


def check_open(amendment: Amendment) -> None:
    """Refuse what an adopted amendment already decided, and a sub-amendment whose parent was decided."""
    adopted = Amendment.objects.filter(version=amendment.version_id, state=A.ADOPTED).select_related("parent")
    siblings = [one for one in adopted if one.parent_id == amendment.parent_id and one.pk != amendment.pk]
    parents = [amendment.parent.change] if amendment.parent is not None else []
    for one in siblings:
        if amendment.pk in fallen(amendment.version.tree, one.change, [*parents, amendment.change]):
            words = _(
                "L’amendement n°\u00a0%(number)s, adopté, porte sur le même passage. Corrigez d’abord son résultat."
            )
            raise ValidationError(words % {"number": one.number}, code="adopted")
    if amendment.parent is not None and amendment.parent.state not in WAITING_STATES:
        words = _("L’amendement n°\u00a0%(number)s, qu’il modifie, n’est plus en discussion.")
        raise ValidationError(words % {"number": amendment.parent.number}, code="parent")


@transaction.atomic
def vote(amendment: Amendment, votes: Count, *, by: User, **facts: Any) -> Ballot:
    """Note the votes that two persons counted; the majority rule of the term decides. `facts` as for any ballot."""
    ask(amendment, "adopt", by=by)
    lock_opinion(amendment)
    item = amendment.version.opinion.agenda_item
    if item is None:
        raise ValidationError(_("L’avis n’est à l’ordre du jour d’aucune séance."), code="item")
    check_ready(amendment)
    words = ballot_question(amendment.number or 0, place_words(amendment.change), is_sub=amendment.parent is not None)
    ballot = ballots.prepare(item, question=words, by=by)
    ballots.count(ballot, votes, by=by, **facts)
    verb = "adopt" if ballot.result == BallotResult.ADOPTED else "reject"
    decide(amendment, verb, by=by, decision_mode=AmendmentDecisionMode.BALLOT, ballot=ballot)
    # Last: whoever hears of a proclaimed vote finds it already named by its amendment.
    ballots.proclaim(ballot, by=by)
    return ballot


@transaction.atomic
def consent(amendment: Amendment, *, by: User) -> None:
    """The chair asks who is against; nobody is: adopted without a vote."""
    ask(amendment, "adopt", by=by)
    lock_opinion(amendment)
    check_ready(amendment)
    decide(amendment, "adopt", by=by, decision_mode=AmendmentDecisionMode.CONSENT)


def check_ready(amendment: Amendment) -> None:
    """What changes it is decided first."""
    check_open(amendment)
    waiting = Amendment.objects.filter(parent=amendment, state__in=[A.SUBMITTED, *WAITING_STATES]).order_by("number")
    if (sub := waiting.first()) is not None:
        words = _("Le sous-amendement n°\u00a0%(number)s se vote d’abord.")
        raise ValidationError(words % {"number": sub.number}, code="subs")


def decide(amendment: Amendment, verb: str, *, by: User, **changes: Any) -> None:
    """Adopted or rejected, with what follows at once: what falls, and the next text."""
    journal = "amendment.adopted" if verb == "adopt" else "amendment.rejected"
    take(amendment, verb, journal, by=by, decided_at=timezone.now(), **changes)
    if verb == "adopt":
        fall_with_adopted(amendment, by=by)
        write_amended_version(amendment.version.opinion, by=by)
    else:
        fall_with_parent(amendment, by=by)


@transaction.atomic
def correct(amendment: Amendment, *, reason: str, by: User) -> None:
    """The result was noted wrong: back to the debate. The vote stays in the minutes; what fell waits for the lead."""
    words = said(reason)
    lock_opinion(amendment)
    take(
        amendment,
        "correct",
        "amendment.corrected",
        by=by,
        detail=words,
        decided_at=None,
        decision_mode="",
        ballot=None,
    )
    write_amended_version(amendment.version.opinion, by=by)


@transaction.atomic
def fall(amendment: Amendment, *, reason: str, by: User) -> None:
    """Without object, for a reason that only people see."""
    words = said(reason)
    lock_opinion(amendment)
    take(amendment, "fall", "amendment.fell", by=by, detail=words, ended_at=timezone.now(), end_reason=words)
    fall_with_parent(amendment, by=by)


@transaction.atomic
def restore(amendment: Amendment, *, reason: str, by: User) -> None:
    """The lead takes it up again, with a reason, unless what was adopted still decides the same passage."""
    words = said(reason)
    ask(amendment, "restore", by=by)
    lock_opinion(amendment)
    check_open(amendment)
    take(
        amendment,
        "restore",
        "amendment.restored",
        by=by,
        detail=words,
        ended_at=None,
        end_reason="",
        fell_because=None,
        author_told=A.FELL,
    )
