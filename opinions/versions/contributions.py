"""Contributions of recommendations: indicators."""

from datetime import date

from django.db.models import Q, QuerySet, Value
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from assembly.indicators.counting import one_if
from assembly.indicators.registry import Facts, Indicator, RowLines, Theme, Unit, add_indicators, seen_by_team
from assembly.institution.models import Term
from assembly.lists import Column
from opinions.models import Recommendation, RecommendationState
from opinions.pages import by_opinion

ADOPTED = Q(opinion__adopted_on__isnull=False, state=RecommendationState.ACTIVE)


def voted(term: Term, day: date) -> QuerySet[Recommendation]:
    """Return the recommendations put to the vote, alone or with their opinion; not those merged or removed before."""
    decided = Q(opinion__adopted_on__lte=day) | Q(opinion__rejected_on__lte=day)
    came = Q(state__in=[RecommendationState.ACTIVE, RecommendationState.REJECTED])
    return Recommendation.objects.filter(decided, came, opinion__term=term)


RECOMMENDATIONS = RowLines(
    [
        Column(_("Préconisation"), "title", key="titre", order=["title__alphabetical"]),
        Column(_("Référence"), "reference", key="reference", order=["reference__alphabetical"]),
        Column(_("État"), "get_state_display", key="etat"),
        Column(_("Prioritaire"), "is_priority", key="priorite"),
    ],
    lambda row: reverse("opinions:opinion", args=[row.opinion_id]),
    seen_by_team("opinion__"),
)
NOT_ADOPTED = _("Aucun avis n’est encore adopté.")
SOURCE = _("Avis dans Hémicycle")


add_indicators(
    Indicator(
        "preconisations-adoptees",
        _("Préconisations adoptées"),
        _("Part des préconisations mises aux voix que l’assemblée a adoptées, seules ou avec leur avis."),
        _("préconisations adoptées ÷ préconisations mises aux voix"),
        Theme.OPINIONS,
        Unit.PERCENT,
        SOURCE,
        _("Aucun avis n’est encore voté."),
        facts=Facts.DATED,
        rows=voted,
        lines=RECOMMENDATIONS,
        part=lambda day: one_if(ADOPTED),
        base=lambda day: Value(1),
        breakdowns=(by_opinion("opinion_id"),),
        is_public=True,
        order=10,
    ),
    Indicator(
        "preconisations-prioritaires",
        _("Préconisations prioritaires"),
        _("Part des préconisations adoptées que l’assemblée a classées prioritaires."),
        _("prioritaires ÷ adoptées"),
        Theme.OPINIONS,
        Unit.PERCENT,
        SOURCE,
        NOT_ADOPTED,
        facts=Facts.DATED,
        rows=lambda term, day: voted(term, day).filter(ADOPTED),
        lines=RECOMMENDATIONS,
        part=lambda day: one_if(Q(is_priority=True)),
        base=lambda day: Value(1),
        breakdowns=(by_opinion("opinion_id"),),
        is_public=True,
        order=20,
    ),
)
