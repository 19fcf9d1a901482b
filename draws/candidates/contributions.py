"""Contributions of candidates: menu, to-do lines, mails, imports, a ceiling, indicators, audit events, retention.

Candidates are erased on announced days: a candidate is no `Person`, and no card links to it. The line of the sealed
table, with its contestations, is deleted with the candidate.
"""

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from typing import Any

from django.db.models import Count, QuerySet, Sum
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from assembly.audit.registry import add_audit_events
from assembly.identity.attempts import add_ceiling
from assembly.identity.personal_data import delete_row, retention
from assembly.imports.plan import ImportKind, add_import_kind
from assembly.indicators import counting
from assembly.indicators.registry import Breakdown, CellCount, Facts, Indicator, RowLines, Theme, Unit, add_indicators
from assembly.institution.menu import MenuHeading, add_desk_line
from assembly.institution.models import Canton, Term
from assembly.lists import Column, ShownList
from assembly.notifications.registry import add_messages
from assembly.web.widgets import Widget, add_widget
from draws.calls.rules import can_see_candidates
from draws.candidates import actions
from draws.candidates.actions import KIND
from draws.candidates.imports import CANDIDATES, COLUMNS, plan_candidates, write_candidate
from draws.candidates.lists import CANDIDATES as LISTED
from draws.candidates.mails import CandidateDecision, CandidateLink, CandidateText, GuardianRequest
from draws.models import AgeBand, CallCount, Candidate, CandidateState, Channel, PopulationMargins
from draws.representation.queries import population
from members.breakdowns import by_age, by_canton, by_gender
from members.models import ProfilePublication, Seat


def candidates_write_button(user: Any, shown: ShownList) -> Widget | None:
    """Return « Écrire » on the list of candidates with its filters."""
    if shown.key != LISTED.key or not shown.count:
        return None
    address = reverse("draws:candidates-write")
    return Widget("correspondence/_list_button.html", {"url": f"{address}?{shown.query}" if shown.query else address})


PATHS = {"canal": "channel", "canton": "canton", "genre": "gender"}


def candidates(term: Term, day: date) -> QuerySet[Candidate]:
    rows = Candidate.objects.filter(call__term=term, received_at__lt=counting.end_of(day))
    return rows.exclude(state__in=CandidateState.tagged("uncounted"))


def erased_candidates(term: Term, day: date, breakdown: str) -> Mapping[str, Decimal]:
    """Count the candidates whose row was erased: only their numbers remain, without a name and without a date."""
    return numbers(CallCount.objects.filter(call__term=term, number__gt=0), breakdown, Sum("number"))


def seats_in(term: Term, day: date, breakdown: str) -> Mapping[str, Decimal]:
    """Count the seats by which volunteers are divided."""
    return numbers(Seat.objects.filter(term=term), breakdown, Count("pk"))


def numbers(rows: QuerySet[Any], breakdown: str, measure: Any) -> Mapping[str, Decimal]:
    """Return the number by cell; that of all rows under ""."""
    if not breakdown:
        return {"": Decimal(rows.aggregate(n=measure)["n"] or 0)}
    counts = rows.order_by().values_list(PATHS[breakdown]).annotate(n=measure)
    return {str(cell or ""): Decimal(number) for cell, number in counts}


def publications(term: Term, day: date) -> QuerySet[ProfilePublication]:
    """Return the profiles that were published by that day, the last one first."""
    return ProfilePublication.objects.filter(term=term, published_at__lt=counting.end_of(day)).order_by("-number")


def age_gap(term: Term, day: date) -> list[CellCount]:
    """Return, for each age class, its share among members less its share in the population; half of all gaps together.

    Members are counted as they were published: nightly figures would reveal the age of whoever leaves.
    """
    (breakdown,) = AGE_GAP.breakdowns
    publication = publications(term, day).first()
    ages = publication.groups["panel"].get("age_band", {}) if publication else {}
    people = {str(place): ages.get(band.value, (0, 0))[0] for place, band in enumerate(AgeBand)}
    total, shares = sum(people.values()), population_shares(term, day)
    gaps = {
        str(place): (Decimal(people.get(str(place), 0)) / total - share) * 100
        for place, share in enumerate(shares)
        if total
    }
    whole = sum((abs(gap) for gap in gaps.values()), Decimal(0)) / 2 if gaps else None
    cells = [CellCount("", "", Decimal(total), None, counting.quantized(whole), None, total)]
    for place in breakdown.cells(term):
        number = people.get(place, 0)
        gap = counting.quantized(gaps.get(place))
        cells.append(CellCount(breakdown.key, place, Decimal(number), None, gap, None, number))
    return cells


def population_shares(term: Term, day: date) -> list[Decimal]:
    """Return the share of each age class, in order; none where the population is not known."""
    cantons = list(Canton.objects.filter(assembly=term.assembly_id).only("name", "insee_code"))
    margins = PopulationMargins.objects.counting(term.assembly_id).filter(imported_at__lt=counting.end_of(day))
    group = population(cantons, margins)
    cells = group.cells.get("age_band") if group else None
    return [Decimal(str(cells[band.value].share)) for band in AgeBand] if cells else []


CANDIDATE_LINES = RowLines(
    [
        Column(_("Candidature"), "reference", key="candidature", order=["number"]),
        Column(_("Reçue par"), "get_channel_display", key="canal", order=["channel"]),
        Column(_("Reçue le"), "received_at", key="date", order=["received_at"]),
    ],
    lambda row: reverse("draws:candidate", args=[row.pk]),
)
BY_CHANNEL = Breakdown(
    "canal",
    _("reçues par"),
    lambda term, day: "channel",
    lambda term: {str(one): one.label for one in Channel},
    is_public=False,
    facts=Facts.CURRENT,
)
BY_PLACE = (by_canton("canton_id", Facts.CURRENT), by_gender("gender", Facts.CURRENT))
CALL = _("Candidatures reçues dans Hémicycle")
NO_CANDIDATE = _("Aucune candidature n’est encore reçue.")
AGE_GAP = Indicator(
    "ecart-age",
    _("Écart d’âge avec la population"),
    _(
        "Ce qui sépare les âges des membres de ceux des habitants. 0 : les mêmes parts ; "
        "10 : un membre sur dix devrait changer de tranche d’âge pour que les parts soient égales."
    ),
    _("moitié de la somme des écarts |part des membres − part des habitants|, par tranche d’âge"),
    Theme.PANEL,
    Unit.POINTS,
    _("Profil publié des membres, et population de l’INSEE ou importée"),
    _("La population de référence n’est pas connue, ou aucun profil n’est encore publié."),
    facts=Facts.DATED,
    rows=publications,
    count=age_gap,
    people="pk",
    breakdowns=(by_age("member__birth_year"),),
    at_most=Decimal(10),
    is_public=True,
    order=40,
)


add_desk_line(MenuHeading.PEOPLE, _("Candidatures"), "draws:candidates", can_see_candidates, order=28)
add_import_kind(ImportKind(CANDIDATES, lambda term: COLUMNS, plan_candidates, write_candidate))
add_widget("list", candidates_write_button)
add_messages(CandidateLink, CandidateDecision, CandidateText, GuardianRequest)
add_ceiling(KIND, _("Candidatures"), near=3000)
add_indicators(
    Indicator(
        "candidatures",
        _("Candidatures reçues"),
        _(
            "Personnes qui se sont portées volontaires. Les candidatures effacées comptent, sans nom. "
            "Les doublons et les retraits ne comptent pas."
        ),
        _("nombre de candidatures"),
        Theme.PANEL,
        Unit.NUMBER,
        CALL,
        NO_CANDIDATE,
        facts=Facts.CURRENT,
        rows=candidates,
        lines=CANDIDATE_LINES,
        extra_counts=erased_candidates,
        people="pk",
        breakdowns=(BY_CHANNEL, *BY_PLACE),
        order=25,
    ),
    Indicator(
        "candidatures-par-siege",
        _("Candidatures par siège"),
        _("Combien de personnes se sont portées volontaires pour chaque siège à pourvoir."),
        _("candidatures ÷ sièges"),
        Theme.PANEL,
        Unit.RATIO,
        CALL,
        _("La mandature n’a pas encore de siège."),
        facts=Facts.CURRENT,
        rows=candidates,
        lines=CANDIDATE_LINES,
        extra_counts=erased_candidates,
        divisors=seats_in,
        people="pk",
        breakdowns=BY_PLACE,
        is_public=True,
        order=30,
    ),
    AGE_GAP,
)
add_audit_events(
    {
        "population.imported": _("a importé des chiffres de la population"),
        "population.excluded": _("a écarté des chiffres de la population"),
        "population.included": _("a repris des chiffres de la population"),
        "profile.published": _("a publié le profil des membres"),
        "candidate.written_to": _("a écrit à propos de la candidature"),
        "candidate.received": _("a reçu une candidature"),
        "candidate.entered": _("a saisi une candidature"),
        "candidate.address_confirmed": _("a confirmé la nouvelle adresse d’une candidature"),
        "candidate.erased": _("a effacé une candidature, au jour annoncé"),
    }
)

retention(
    "draws.candidates",
    _("Candidatures non retenues, au jour annoncé"),
    find=actions.due_for_erasure,
    apply=actions.erase_one,
)
retention(
    "draws.seated",
    _("Candidatures tirées au sort, après la mandature"),
    find=actions.seated_for_erasure,
    apply=actions.erase_one,
)
retention(
    "draws.unconfirmed", _("Candidatures jamais confirmées"), find=actions.never_confirmed, apply=actions.erase_row
)
retention(
    "draws.withdrawn",
    _("Candidatures retirées depuis un mois"),
    find=actions.withdrawn_for_erasure,
    apply=actions.erase_one,
)
retention("draws.next_call", _("Adresses pour le prochain appel"), find=actions.old_news, apply=delete_row)
