"""Pending steps about amendments: for members to sign, confirm or submit, for rapporteurs, for the team."""

from typing import Any

from django.db.models import QuerySet
from django.db.models.functions import TruncDate
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from assembly.identity.models import Person
from assembly.institution import todo
from assembly.institution.models import Term
from assembly.text.french import of_name
from opinions.amending.enums import AmendmentState
from opinions.enums import OpinionState, PositionState
from opinions.models import Amendment, AmendmentCosigner, MinorityPosition
from opinions.queries.waiting import opinions_to_view, to_check
from sessions.enums import Via

A = AmendmentState


def keyed_for(user: Any, term: Term | int) -> QuerySet[Amendment]:
    """Return the amendments that were keyed in for this member and are not confirmed yet."""
    rows = Amendment.objects.filter(version__opinion__term=term, author=user.person_id, confirmed_at=None)
    return rows.exclude(via=Via.ACCOUNT).exclude(state__in=A.tagged("stopped"))


def confirm_line(one: dict[str, Any]) -> todo.ToDo:
    title = _("Confirmer l’amendement n°\u00a0%(n)s, saisi pour vous") % {"n": one["number"]}
    return todo.ToDo(title, reverse("opinions:my-amendment", args=[one["pk"]]), one["reference"])


def positions_of(user: Any, term: Term | int) -> QuerySet[MinorityPosition]:
    """Return the minority positions that were keyed in for this member and are not confirmed yet."""
    return MinorityPosition.objects.filter(
        opinion__term=term, author=user.pk, recorded_by__isnull=False, confirmed_at=None, state=PositionState.SUBMITTED
    )


def position_line(position: dict[str, Any]) -> todo.ToDo:
    title = _("Confirmer la position minoritaire saisie pour vous")
    return todo.ToDo(title, reverse("opinions:my-position", args=[position["pk"]]), position["reference"])


def to_sign(user: Any, term: Term | int) -> QuerySet[AmendmentCosigner]:
    """Return the requests to sign an amendment that this member has not answered."""
    return AmendmentCosigner.objects.filter(
        person=user.person_id,
        signed_at=None,
        declined_at=None,
        amendment__version__opinion__term=term,
        amendment__version__opinion__state__in=OpinionState.tagged("before_vote"),
        amendment__state__in=[A.DRAFT, *A.tagged("pending")],
    )


def sign_line(asked: dict[str, Any]) -> todo.ToDo:
    author = Person(first_name=asked["first_name"], last_name=asked["last_name"])
    title = _("Signer un amendement %(of_name)s ?") % {"of_name": of_name(author.full_name)}
    return todo.ToDo(title, reverse("opinions:my-amendment", args=[asked["amendment"]]), asked["reference"])


def drafts_of(user: Any, term: Term | int) -> QuerySet[Amendment]:
    """Return the drafts that can still be submitted."""
    return Amendment.objects.filter(
        author=user.person_id,
        state=A.DRAFT,
        version__opinion__term=term,
        version__opinion__state=OpinionState.AMENDING,
        version__opinion__amendments_close_at__gt=timezone.now(),
    )


def draft_line(one: dict[str, Any]) -> todo.ToDo:
    url = reverse("opinions:amendment-check", args=[one["pk"]])
    return todo.ToDo(_("Déposer votre amendement"), url, one["reference"])


def view_line(waited: dict[str, Any]) -> todo.ToDo:
    """Return one line for each opinion, for its rapporteurs."""
    title = ngettext(
        "Donner votre avis sur %(n)s amendement", "Donner votre avis sur %(n)s amendements", waited["waiting"]
    )
    url = reverse("opinions:my-rapporteur", args=[waited["pk"]])
    return todo.ToDo(title % {"n": waited["waiting"]}, url, waited["reference"])


def check_line(waited: dict[str, Any]) -> todo.ToDo:
    """Return one line for each opinion with amendments to check, for the team."""
    title = ngettext("Vérifier %(n)s amendement", "Vérifier %(n)s amendements", waited["to_check"])
    url = reverse("opinions:amendments", args=[waited["pk"]])
    return todo.ToDo(title % {"n": waited["to_check"]}, url, waited["reference"])


def day_of_vote() -> TruncDate:
    return TruncDate("tabled_sitting__starts_at")


def last_day_to_submit() -> TruncDate:
    return TruncDate("version__opinion__amendments_close_at")


OPINION = {"pk": "pk", "reference": "reference"}
AMENDMENT = {"pk": "pk", "number": "number", "reference": "version__opinion__reference"}
ASKED = {
    "amendment": "amendment_id",
    "reference": "amendment__version__opinion__reference",
    "first_name": "amendment__author__first_name",
    "last_name": "amendment__author__last_name",
}
DESK = (todo.PendingRows(to_check, OPINION | {"to_check": "to_check"}, check_line, due=day_of_vote),)
MEMBER = (
    todo.PendingRows(keyed_for, AMENDMENT, confirm_line),
    todo.PendingRows(drafts_of, AMENDMENT, draft_line, due=last_day_to_submit),
    todo.PendingRows(positions_of, {"pk": "pk", "reference": "opinion__reference"}, position_line),
    todo.PendingRows(to_sign, ASKED, sign_line),
    todo.PendingRows(opinions_to_view, OPINION | {"waiting": "waiting"}, view_line, due=day_of_vote),
)
