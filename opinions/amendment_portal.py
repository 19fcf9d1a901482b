"""What waits about amendments: for members to sign, confirm or submit, for rapporteurs, for the team."""

from typing import Any

from django.db.models import Count, Q, QuerySet
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

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


def member_lists(user: Any, term: Term) -> dict[Any, QuerySet[Any]]:
    """What may wait for a member, each list under the function that words one row of it."""
    lists: dict[Any, QuerySet[Any]] = {confirm_line: keyed_for(user, term), position_line: positions_of(user, term)}
    return lists | {sign_line: to_sign(user, term), draft_line: drafts_of(user, term), view_line: to_view(user, term)}


def keyed_for(user: Any, term: Term) -> QuerySet[Amendment]:
    """What was keyed in for them."""
    rows = Amendment.objects.filter(version__opinion__term=term, author=user.person_id, confirmed_at=None)
    keyed = rows.exclude(via=Via.ACCOUNT).exclude(state__in=STOPPED_STATES).select_related("version__opinion")
    return keyed.order_by("pk")


def confirm_line(one: Amendment) -> todo.ToDo:
    title = _("Confirmer l’amendement n°\u00a0%(n)s, saisi pour vous") % {"n": one.number}
    return todo.ToDo(title, reverse("opinions:own-amendment", args=[one.pk]), one.version.opinion.reference)


def positions_of(user: Any, term: Term) -> QuerySet[MinorityPosition]:
    """The same for minority positions."""
    rows = MinorityPosition.objects.filter(
        opinion__term=term, author=user, recorded_by__isnull=False, confirmed_at=None, state=PositionState.SUBMITTED
    )
    return rows.select_related("opinion").order_by("pk")


def position_line(position: MinorityPosition) -> todo.ToDo:
    title = _("Confirmer la position minoritaire saisie pour vous")
    return todo.ToDo(title, reverse("opinions:own-position", args=[position.pk]), position.opinion.reference)


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
    return rows.select_related("amendment__author", "amendment__version__opinion").order_by("pk")


def sign_line(row: AmendmentCosigner) -> todo.ToDo:
    title = _("Signer un amendement de %(name)s ?") % {"name": row.amendment.author.full_name}
    url = reverse("opinions:own-amendment", args=[row.amendment_id])
    return todo.ToDo(title, url, row.amendment.version.opinion.reference)


def drafts_of(user: Any, term: Term) -> QuerySet[Amendment]:
    """Drafts that can still be submitted."""
    rows = Amendment.objects.filter(
        author=user.person_id,
        state=A.DRAFT,
        version__opinion__term=term,
        version__opinion__state=OpinionState.AMENDING,
        version__opinion__amendments_close_at__gt=timezone.now(),
    )
    return rows.select_related("version__opinion").order_by("pk")


def draft_line(one: Amendment) -> todo.ToDo:
    opinion = one.version.opinion
    closes = timezone.localdate(opinion.amendments_close_at)
    url = reverse("opinions:amendment-check", args=[one.pk])
    return todo.ToDo(_("Déposer votre amendement"), url, opinion.reference, closes)


def to_view(user: Any, term: Term) -> QuerySet[Opinion]:
    """One line an opinion for its rapporteurs, while amendments have no view."""
    named = Q(rapporteur=user.person_id) | Q(sections__rapporteur=user.person_id, sections__removed_at=None)
    waiting = Q(versions__amendments__state=A.ADMISSIBLE, versions__amendments__view_stance="")
    rows = Opinion.objects.filter(named, term=term, state__in=BEFORE_VOTE_STATES)
    found = rows.annotate(waiting=Count("versions__amendments", filter=waiting, distinct=True)).filter(waiting__gt=0)
    return found.select_related("tabled_sitting").order_by("pk")


def view_line(waited: Any) -> todo.ToDo:
    words = ngettext(
        "Donner votre avis sur %(n)s amendement", "Donner votre avis sur %(n)s amendements", waited.waiting
    )
    sitting = waited.tabled_sitting
    due = timezone.localdate(sitting.starts_at) if sitting else None
    url = reverse("opinions:own-rapporteur", args=[waited.pk])
    return todo.ToDo(words % {"n": waited.waiting}, url, waited.reference, due)


def check_line(waited: Any) -> todo.ToDo:
    """One line an opinion for the team: its amendments to check, counted in `to_check`."""
    words = ngettext("Vérifier %(n)s amendement", "Vérifier %(n)s amendements", waited.to_check)
    sitting = waited.tabled_sitting
    due = timezone.localdate(sitting.starts_at) if sitting else None
    url = reverse("opinions:amendments", args=[waited.pk])
    return todo.ToDo(words % {"n": waited.to_check}, url, waited.reference, due)
