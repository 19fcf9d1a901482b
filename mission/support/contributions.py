"""Contributions of support: menu and to-do lines of directorates, mails, indicators."""

from collections.abc import Iterable
from datetime import date, datetime, time
from typing import Any

from django.db.models import CharField, Exists, F, OuterRef, Q, QuerySet
from django.db.models.functions import Cast, Coalesce
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext, gettext_lazy as _

from assembly.indicators.counting import days_of, end_of
from assembly.indicators.registry import (
    Breakdown,
    Cells,
    Facts,
    Indicator,
    RowLines,
    Theme,
    Unit,
    add_indicators,
    seen_in_assembly,
)
from assembly.institution import todo
from assembly.institution.menu import add_menu_entry
from assembly.institution.models import Term
from assembly.institution.todo import add_to_do
from assembly.lists import Column
from assembly.notifications.registry import add_messages
from mission.partners.models import Partner, PartnerKind
from mission.support.mails import SupportAsked, SupportNews
from mission.support.models import SupportRequest, Training
from mission.support.queries import can_see_requests, to_evaluate, trainings_held


def line(row: dict[str, Any]) -> todo.ToDo:
    address = reverse("mission:directorate-support-step", args=[row["pk"], "evaluer"])
    return todo.ToDo(gettext("Dire ce que l’appui a produit : %(name)s") % row, address, row["reference"])


LISTS = todo.PendingLists(
    todo.PendingRows(to_evaluate, {name: name for name in ("pk", "name", "reference")}, line, sort_field="name")
)


def directorate_lines(user: Any, term: Term) -> Iterable[todo.PendingLists]:
    return [LISTS]


EPCI = Coalesce("epci__merged_into", "epci")


def moments_of(term: Term, day: date) -> tuple[datetime, datetime]:
    """Return the first moment of the term, and the first one after the last day of `days_of`."""
    first, last = days_of(term, day)
    return timezone.make_aware(datetime.combine(first, time.min)), end_of(last)


def requests_noted(term: Term, day: date) -> QuerySet[SupportRequest]:
    """Return the requests noted by then: each stores the moment when it was written, whoever wrote it."""
    first, last = moments_of(term, day)
    return SupportRequest.objects.filter(assembly=term.assembly_id, created_at__gte=first, created_at__lt=last)


def requests_delivered(term: Term, day: date) -> QuerySet[SupportRequest]:
    """Return the requests delivered by then: the step that writes the moment cannot be taken back."""
    first, last = moments_of(term, day)
    return SupportRequest.objects.filter(assembly=term.assembly_id, delivered_at__gte=first, delivered_at__lt=last)


def authorities_helped(term: Term, day: date) -> QuerySet[SupportRequest]:
    """Return the first delivered request of each EPCI and of each commune."""
    rows = requests_delivered(term, day).filter(epci__isnull=False).annotate(epci_kept=EPCI)
    moment = OuterRef("delivered_at")
    before = Q(delivered_at__lt=moment) | Q(delivered_at=moment, pk__lt=OuterRef("pk"))
    same = rows.filter(before, epci_kept=OuterRef("epci_kept"), commune__iexact=OuterRef("commune"))
    return rows.exclude(Exists(same))


def trainings_of(term: Term, day: date) -> QuerySet[Training]:
    return trainings_held(term.assembly_id, *days_of(term, day))


def epci_cells(term: Term) -> Cells:
    rows = Partner.objects.filter(assembly=term.assembly_id, kind=PartnerKind.EPCI, merged_into=None)
    pairs = rows.order_by("name__alphabetical", "pk").values_list("pk", "name")
    return {str(pk): name for pk, name in pairs} | {"": _("direction")}


def epci_breakdown(path: str = "") -> Breakdown:
    epci = Coalesce(f"{path}epci__merged_into", f"{path}epci")
    return Breakdown(
        "intercommunalite",
        _("intercommunalité"),
        lambda term, day: Cast(epci, CharField()),
        epci_cells,
        facts=Facts.CURRENT,
    )


REQUESTS = RowLines(
    [
        Column(_("Demande"), "name", key="demande", order=["name__alphabetical"]),
        Column(_("Demandeur"), "requester", key="demandeur"),
        Column(_("Reçue le"), "received_on", key="recue", order=["received_on"]),
        Column(_("Rendue le"), "delivered_at", key="rendue", order=["delivered_at"]),
    ],
    lambda row: reverse("mission:support-row", args=[row.pk]),
    seen_in_assembly(),
    related=("directorate", "epci"),
)
SESSIONS = RowLines(
    [
        Column(_("Formation"), "title", key="formation", order=["title__alphabetical"]),
        Column(_("Date"), "held_on", key="date", order=["held_on"]),
        Column(_("Présents"), "attended", key="presents", order=["attended"], number=True),
        Column(_("Réponses"), "answers", key="reponses", order=["answers"], number=True),
        Column(_("Satisfaction"), "satisfaction", key="satisfaction", order=["satisfaction"], number=True),
    ],
    lambda row: reverse("mission:support-row", args=[row.row_id]),
    seen_in_assembly("row__"),
)
SOURCE = _("Demandes d’appui")
NO_SESSION = _("Aucune formation n’est encore tenue.")


add_menu_entry(
    "directorate", _("Appui"), "mission:directorate-support", can_see_requests, order=40, icon="question-circle"
)
add_to_do("directorate", directorate_lines)
add_messages(SupportAsked, SupportNews)
add_indicators(
    Indicator(
        "appuis-demandes",
        _("Appuis demandés"),
        _("Demandes de directions, d’intercommunalités et de communes, notées depuis le début de la mandature."),
        _("nombre de demandes notées"),
        Theme.SUPPORT,
        Unit.NUMBER,
        SOURCE,
        _("Rien n’est encore demandé."),
        rows=requests_noted,
        lines=REQUESTS,
        breakdowns=(epci_breakdown(),),
        order=5,
    ),
    Indicator(
        "appuis-rendus",
        _("Appuis rendus"),
        _("Conseils et formations rendus à qui les demandait, depuis le début de la mandature."),
        _("nombre de demandes notées comme rendues"),
        Theme.SUPPORT,
        Unit.NUMBER,
        SOURCE,
        _("Rien n’est encore rendu."),
        rows=requests_delivered,
        lines=REQUESTS,
        breakdowns=(epci_breakdown(),),
        order=6,
    ),
    Indicator(
        "collectivites-appuyees",
        _("Collectivités accompagnées"),
        _("Communes et intercommunalités à qui un appui a été rendu dans la mandature, chacune une fois."),
        _("nombre de collectivités différentes parmi les appuis rendus"),
        Theme.SUPPORT,
        Unit.NUMBER,
        SOURCE,
        _("Aucune collectivité n’est encore accompagnée."),
        facts=Facts.DATED,
        rows=authorities_helped,
        lines=REQUESTS,
        breakdowns=(epci_breakdown(),),
        is_public=True,
        order=10,
    ),
    Indicator(
        "formations",
        _("Formations tenues"),
        _("Sessions de formation tenues à la demande d’une collectivité ou d’une direction, où quelqu’un est venu."),
        _("nombre de sessions"),
        Theme.SUPPORT,
        Unit.NUMBER,
        SOURCE,
        NO_SESSION,
        facts=Facts.DATED,
        rows=trainings_of,
        lines=SESSIONS,
        breakdowns=(epci_breakdown("row__"),),
        is_public=True,
        order=12,
    ),
    Indicator(
        "personnes-formees",
        _("Présences en formation"),
        _("Personnes présentes aux formations. Qui vient deux fois compte deux fois."),
        _("présents de chaque session, additionnés"),
        Theme.SUPPORT,
        Unit.NUMBER,
        SOURCE,
        NO_SESSION,
        facts=Facts.DATED,
        rows=trainings_of,
        lines=SESSIONS,
        part=lambda day: F("attended"),
        is_public=True,
        order=14,
    ),
    Indicator(
        "satisfaction-formations",
        _("Satisfaction des formations"),
        _("Note moyenne, de 1 à 5, de toutes les réponses au questionnaire de fin : chaque réponse compte une fois."),
        _("(note × réponses) de chaque session ÷ réponses"),
        Theme.SUPPORT,
        Unit.RATIO,
        SOURCE,
        _("Personne n’a encore répondu."),
        facts=Facts.DATED,
        rows=lambda term, day: trainings_of(term, day).filter(answers__gt=0),
        lines=SESSIONS,
        part=lambda day: F("satisfaction") * F("answers"),
        base=lambda day: F("answers"),
        order=16,
    ),
)
