"""What waits about amendments: for members to sign, confirm or submit, for rapporteurs, for the team."""

from collections.abc import Iterable
from typing import Any

from django.db.models import Count, Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from assembly.institution import todo
from assembly.institution.models import Term
from assembly.institution.rules import is_member, is_team
from opinions.amending.enums import AmendmentState
from opinions.enums import OpinionState, PositionState
from opinions.models import Amendment, AmendmentCosigner, MinorityPosition, Opinion
from opinions.models.amendment import STOPPED_STATES
from opinions.models.opinion import BEFORE_VOTE_STATES
from opinions.rules.amendments import SIGNED_IN
from sessions.enums import Via

A = AmendmentState


def member_lines(user: Any, term: Term) -> Iterable[todo.ToDo]:
    if not is_member(user, term):
        return
    yield from confirm_lines(user, term)
    yield from sign_lines(user, term)
    yield from draft_lines(user, term)
    yield from view_lines(user, term)


def confirm_lines(user: Any, term: Term) -> Iterable[todo.ToDo]:
    """What was keyed in for them."""
    rows = Amendment.objects.filter(version__opinion__term=term, author=user.person_id, confirmed_at=None)
    keyed = rows.exclude(via=Via.ACCOUNT).exclude(state__in=STOPPED_STATES).select_related("version__opinion")
    for one in keyed.order_by("pk"):
        title = _("Confirmer l’amendement n°\u00a0%(n)s, saisi pour vous") % {"n": one.number}
        yield todo.ToDo(title, reverse("opinions:own-amendment", args=[one.pk]), one.version.opinion.reference)
    positions = MinorityPosition.objects.filter(
        opinion__term=term, author=user, recorded_by__isnull=False, confirmed_at=None, state=PositionState.SUBMITTED
    )
    for position in positions.select_related("opinion").order_by("pk"):
        title = _("Confirmer la position minoritaire saisie pour vous")
        yield todo.ToDo(title, reverse("opinions:own-position", args=[position.pk]), position.opinion.reference)


def sign_lines(user: Any, term: Term) -> Iterable[todo.ToDo]:
    """Amendments that somebody proposed them to sign."""
    rows = AmendmentCosigner.objects.filter(
        person=user.person_id,
        signed_at=None,
        declined_at=None,
        amendment__version__opinion__term=term,
        amendment__version__opinion__state__in=BEFORE_VOTE_STATES,
        amendment__state__in=[A.DRAFT, *SIGNED_IN],
    )
    for row in rows.select_related("amendment__author", "amendment__version__opinion").order_by("pk"):
        title = _("Signer un amendement de %(name)s ?") % {"name": row.amendment.author.full_name}
        url = reverse("opinions:own-amendment", args=[row.amendment_id])
        yield todo.ToDo(title, url, row.amendment.version.opinion.reference)


def draft_lines(user: Any, term: Term) -> Iterable[todo.ToDo]:
    """Drafts that can still be submitted."""
    rows = Amendment.objects.filter(
        author=user.person_id,
        state=A.DRAFT,
        version__opinion__term=term,
        version__opinion__state=OpinionState.AMENDING,
        version__opinion__amendments_close_at__gt=timezone.now(),
    )
    for one in rows.select_related("version__opinion").order_by("pk"):
        opinion = one.version.opinion
        closes = timezone.localdate(opinion.amendments_close_at)
        url = reverse("opinions:amendment-check", args=[one.pk])
        yield todo.ToDo(_("Déposer votre amendement"), url, opinion.reference, closes)


def view_lines(user: Any, term: Term) -> Iterable[todo.ToDo]:
    """One line an opinion for its rapporteurs, while amendments have no view."""
    named = Q(rapporteur=user.person_id) | Q(sections__rapporteur=user.person_id, sections__removed_at=None)
    waiting = Q(versions__amendments__state=A.ADMISSIBLE, versions__amendments__view_stance="")
    rows = Opinion.objects.filter(named, term=term, state__in=BEFORE_VOTE_STATES)
    found = rows.annotate(waiting=Count("versions__amendments", filter=waiting, distinct=True)).filter(waiting__gt=0)
    waited: Any  # an opinion with the column counted above
    for waited in found.select_related("tabled_sitting").order_by("pk"):
        words = ngettext(
            "Donner votre avis sur %(n)s amendement", "Donner votre avis sur %(n)s amendements", waited.waiting
        )
        sitting = waited.tabled_sitting
        due = timezone.localdate(sitting.starts_at) if sitting else None
        url = reverse("opinions:own-rapporteur", args=[waited.pk])
        yield todo.ToDo(words % {"n": waited.waiting}, url, waited.reference, due)


def desk_lines(user: Any, term: Term) -> Iterable[todo.ToDo]:
    """Amendments to check, one line an opinion."""
    if not is_team(user, term):
        return
    to_check = Q(versions__amendments__state=A.SUBMITTED)
    rows = Opinion.objects.filter(term=term, state__in=BEFORE_VOTE_STATES)
    found = rows.annotate(waiting=Count("versions__amendments", filter=to_check, distinct=True)).filter(waiting__gt=0)
    waited: Any  # an opinion with the column counted above
    for waited in found.select_related("tabled_sitting").order_by("pk"):
        words = ngettext("Vérifier %(n)s amendement", "Vérifier %(n)s amendements", waited.waiting)
        sitting = waited.tabled_sitting
        due = timezone.localdate(sitting.starts_at) if sitting else None
        url = reverse("opinions:amendments", args=[waited.pk])
        yield todo.ToDo(words % {"n": waited.waiting}, url, waited.reference, due)


todo.register("member", member_lines)
todo.register("desk", desk_lines)
