"""Contributions of amendments, minority positions: to-do lines, mails, search, data, an indicator, audit events."""

from collections.abc import Collection, Iterable, Mapping
from typing import Any

from django.db.models import Q, QuerySet, Value
from django.db.models.functions import TruncDate
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext, gettext_lazy as _, ngettext

from assembly.audit.registry import add_audit_events
from assembly.identity.models import Person
from assembly.indicators.counting import end_of, one_if
from assembly.indicators.registry import Facts, Indicator, RowLines, Theme, Unit, add_indicators, seen_by_team
from assembly.institution import todo
from assembly.institution.models import Term
from assembly.institution.queries import main_assembly_key
from assembly.lists import Column
from assembly.notifications.registry import add_messages
from assembly.open_data.registry import add_data_sets
from assembly.search.models import SearchEntry
from assembly.search.registry import IndexEntry, SearchSource, add_search_source
from assembly.text.french import of_name
from opinions.amendments.data_sets import AMENDMENT_DATA
from opinions.amendments.mails import AmendmentNews
from opinions.amendments.models import AmendmentState
from opinions.amendments.queries import plain_text
from opinions.amendments.rules import AMENDMENT_PAGES
from opinions.models import Amendment, AmendmentCosigner, MinorityPosition, OpinionState, OpinionVersion, PositionState
from opinions.opinions.queries import opinion_of_hit, opinions_to_view, to_check
from opinions.pages import by_opinion
from sessions.models import Via

A = AmendmentState


def keyed_for(user: Any, term: Term | int) -> QuerySet[Amendment]:
    """Return the amendments that were keyed in for this member and are not confirmed yet."""
    rows = Amendment.objects.filter(version__opinion__term=term, author=user.person_id, confirmed_at=None)
    return rows.exclude(via=Via.ACCOUNT).exclude(state__in=A.tagged("stopped"))


def confirm_line(one: dict[str, Any]) -> todo.ToDo:
    title = gettext("Confirmer l’amendement n°\u00a0%(n)s, saisi pour vous") % {"n": one["number"]}
    return todo.ToDo(title, reverse("opinions:my-amendment", args=[one["pk"]]), one["reference"])


def positions_of(user: Any, term: Term | int) -> QuerySet[MinorityPosition]:
    """Return the minority positions that were keyed in for this member and are not confirmed yet."""
    return MinorityPosition.objects.filter(
        opinion__term=term, author=user.pk, recorded_by__isnull=False, confirmed_at=None, state=PositionState.SUBMITTED
    )


def position_line(position: dict[str, Any]) -> todo.ToDo:
    title = gettext("Confirmer la position minoritaire saisie pour vous")
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
    title = gettext("Signer un amendement %(of_name)s ?") % {"of_name": of_name(author.full_name)}
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
    return todo.ToDo(gettext("Déposer votre amendement"), url, one["reference"])


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
    todo.PendingRows(drafts_of, AMENDMENT, draft_line, due=lambda: TruncDate("version__opinion__amendments_close_at")),
    todo.PendingRows(positions_of, {"pk": "pk", "reference": "opinion__reference"}, position_line),
    todo.PendingRows(to_sign, ASKED, sign_line),
    todo.PendingRows(opinions_to_view, OPINION | {"waiting": "waiting"}, view_line, due=day_of_vote),
)


class Amendments(SearchSource):
    kind, order = "amendment", 19
    name, label = _("Amendement"), _("Amendements")

    def objects(self) -> QuerySet[Any]:
        rows = Amendment.objects.exclude(state=AmendmentState.DRAFT)
        return rows.select_related("version__opinion")

    def entries(self, subject: Any) -> Iterable[IndexEntry]:
        opinion = subject.version.opinion
        values = {"n": subject.number, "title": opinion.title}
        yield IndexEntry(
            gettext("Amendement n°\u00a0%(n)s, %(title)s") % values,
            body="\n".join(part for part in (subject.reason, subject.quote, plain_text(subject)) if part),
            reference=opinion.reference,
            dated_on=timezone.localdate(subject.submitted_at),
            term_id=opinion.term_id,
            address_key=opinion.reference if opinion.published_at else "",
        )

    def visible_to(self, user: Any) -> Mapping[str, QuerySet[Any]]:
        anybody = Amendment.objects.public().filter(version__opinion__term__assembly=main_assembly_key())
        return {"": Amendment.objects.visible_to(user) | anybody}

    def address(self, user: Any, entry: SearchEntry) -> str:
        """Return the page of the back office or of the members' area, or else the public page."""
        version = OpinionVersion(opinion=opinion_of_hit(entry))
        return AMENDMENT_PAGES.page_for(Amendment(pk=int(entry.object_id), version=version), user)

    def touched_by(self, label: str, ids: Collection[Any]) -> Iterable[Any]:
        """Return the amendments of an opinion too, once it is published: they have a public page from then on."""
        if label == "opinions.Opinion":
            return Amendment.objects.public().filter(version__opinion__in=ids).values_list("pk", flat=True)
        return super().touched_by(label, ids)


add_messages(AmendmentNews)

add_search_source(Amendments)
add_data_sets(AMENDMENT_DATA)
add_indicators(
    Indicator(
        "amendements-adoptes",
        _("Amendements adoptés"),
        _("Part des amendements décidés en séance que l’assemblée a adoptés."),
        _("amendements adoptés ÷ amendements adoptés ou rejetés"),
        Theme.OPINIONS,
        Unit.PERCENT,
        _("Amendements dans Hémicycle"),
        _("Aucun amendement n’est encore décidé."),
        facts=Facts.DATED,
        rows=lambda term, day: Amendment.objects.filter(
            version__opinion__term=term, state__in=AmendmentState.tagged("decided"), decided_at__lt=end_of(day)
        ),
        lines=RowLines(
            [
                Column(_("Amendement"), lambda row: f"n° {row.number}", key="numero", order=["number"]),
                Column(_("Avis"), "version.opinion.title", key="avis"),
                Column(_("État"), "get_state_display", key="etat", order=["state"]),
                Column(_("Décidé le"), "decided_at", key="date", order=["decided_at"]),
            ],
            lambda row: reverse("opinions:amendment", args=[row.pk]),
            seen_by_team("version__opinion__"),
            related=("version__opinion",),
        ),
        part=lambda day: one_if(Q(state=AmendmentState.ADOPTED)),
        base=lambda day: Value(1),
        breakdowns=(by_opinion("version__opinion_id"),),
        is_public=True,
        order=30,
    ),
)
add_audit_events(
    {
        "amendment.recorded": _("a enregistré l’amendement d’un membre"),
        "amendment.exported": _("a exporté la liste des amendements"),
        "position.recorded": _("a enregistré la position minoritaire d’un membre"),
    }
)
