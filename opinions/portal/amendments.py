"""What waits about amendments: for members to sign, confirm or submit, for rapporteurs, for the team."""

from collections.abc import Iterable
from typing import Any

from django.db.models import Count, Q, QuerySet
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from assembly.identity.models import Person
from assembly.institution import todo
from assembly.institution.models import Term
from opinions.amending.enums import AmendmentState
from opinions.enums import OpinionState, PositionState
from opinions.models import Amendment, AmendmentCosigner, MinorityPosition, Opinion
from opinions.models.amendment import STOPPED_STATES
from opinions.models.opinion import BEFORE_VOTE_STATES
from opinions.rules.amendments import SIGNED_IN
from sessions.enums import Via

A = AmendmentState


def amendment_lists(user: Any, term: Term) -> Iterable[todo.PendingRows]:
    """What may wait for a member about amendments and minority positions."""
    amendment = {"pk": "pk", "number": "number", "reference": "version__opinion__reference"}
    closes = {"closes_at": "version__opinion__amendments_close_at"}
    yield todo.PendingRows(keyed_for(user, term), amendment, confirm_line)
    yield todo.PendingRows(drafts_of(user, term), amendment | closes, draft_line)
    yield todo.PendingRows(positions_of(user, term), {"pk": "pk", "reference": "opinion__reference"}, position_line)
    asked = {"amendment": "amendment_id", "reference": "amendment__version__opinion__reference"}
    asked |= {"first_name": "amendment__author__first_name", "last_name": "amendment__author__last_name"}
    yield todo.PendingRows(to_sign(user, term), asked, sign_line)
    opinion = {"pk": "pk", "waiting": "waiting", "reference": "reference", "starts_at": "tabled_sitting__starts_at"}
    yield todo.PendingRows(to_view(user, term), opinion, view_line)


def keyed_for(user: Any, term: Term) -> QuerySet[Amendment]:
    """What was keyed in for them."""
    rows = Amendment.objects.filter(version__opinion__term=term, author=user.person_id, confirmed_at=None)
    keyed = rows.exclude(via=Via.ACCOUNT).exclude(state__in=STOPPED_STATES)
    return keyed.order_by("pk")


def confirm_line(one: dict[str, Any]) -> todo.ToDo:
    title = _("Confirmer l’amendement n°\u00a0%(n)s, saisi pour vous") % {"n": one["number"]}
    return todo.ToDo(title, reverse("opinions:own-amendment", args=[one["pk"]]), one["reference"])


def positions_of(user: Any, term: Term) -> QuerySet[MinorityPosition]:
    """The same for minority positions."""
    rows = MinorityPosition.objects.filter(
        opinion__term=term, author=user, recorded_by__isnull=False, confirmed_at=None, state=PositionState.SUBMITTED
    )
    return rows.order_by("pk")


def position_line(position: dict[str, Any]) -> todo.ToDo:
    title = _("Confirmer la position minoritaire saisie pour vous")
    return todo.ToDo(title, reverse("opinions:own-position", args=[position["pk"]]), position["reference"])


def to_sign(user: Any, term: Term) -> QuerySet[AmendmentCosigner]:
    """Amendments that somebody proposed them to sign."""
    rows = AmendmentCosigner.objects.filter(
        person=user.person_id,
        signed_at=None,
        declined_at=None,
        amendment__version__opinion__term=term,
        amendment__version__opinion__state__in=BEFORE_VOTE_STATES,
        amendment__state__in=[A.DRAFT, *SIGNED_IN],
    )
    return rows.order_by("pk")


def sign_line(asked: dict[str, Any]) -> todo.ToDo:
    author = Person(first_name=asked["first_name"], last_name=asked["last_name"])
    title = _("Signer un amendement de %(name)s ?") % {"name": author.full_name}
    return todo.ToDo(title, reverse("opinions:own-amendment", args=[asked["amendment"]]), asked["reference"])


def drafts_of(user: Any, term: Term) -> QuerySet[Amendment]:
    """Drafts that can still be submitted."""
    rows = Amendment.objects.filter(
        author=user.person_id,
        state=A.DRAFT,
        version__opinion__term=term,
        version__opinion__state=OpinionState.AMENDING,
        version__opinion__amendments_close_at__gt=timezone.now(),
    )
    return rows.order_by("pk")


def draft_line(one: dict[str, Any]) -> todo.ToDo:
    url = reverse("opinions:amendment-check", args=[one["pk"]])
    return todo.ToDo(_("Déposer votre amendement"), url, one["reference"], todo.day_of(one["closes_at"]))


def to_view(user: Any, term: Term) -> QuerySet[Opinion]:
    """One line an opinion for its rapporteurs, while amendments have no view."""
    named = Q(rapporteur=user.person_id) | Q(sections__rapporteur=user.person_id, sections__removed_at=None)
    waiting = Q(versions__amendments__state=A.ADMISSIBLE, versions__amendments__view_stance="")
    rows = Opinion.objects.filter(named, term=term, state__in=BEFORE_VOTE_STATES)
    found = rows.annotate(waiting=Count("versions__amendments", filter=waiting, distinct=True)).filter(waiting__gt=0)
    return found.order_by("pk")


def view_line(waited: dict[str, Any]) -> todo.ToDo:
    n = waited["waiting"]
    words = ngettext("Donner votre avis sur %(n)s amendement", "Donner votre avis sur %(n)s amendements", n)
    url = reverse("opinions:own-rapporteur", args=[waited["pk"]])
    return todo.ToDo(words % {"n": n}, url, waited["reference"], todo.day_of(waited["starts_at"]))


def check_line(waited: Any) -> todo.ToDo:
    """One line an opinion for the team: its amendments to check, counted in `to_check`."""
    words = ngettext("Vérifier %(n)s amendement", "Vérifier %(n)s amendements", waited.to_check)
    sitting = waited.tabled_sitting
    due = timezone.localdate(sitting.starts_at) if sitting else None
    url = reverse("opinions:amendments", args=[waited.pk])
    return todo.ToDo(words % {"n": waited.to_check}, url, waited.reference, due)
