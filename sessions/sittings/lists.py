"""List of the sittings of a term."""

from dataclasses import replace
from datetime import datetime
from typing import Any

from django.db.models import Q
from django.utils import timezone
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _, ngettext_lazy

from assembly.institution.models import Committee, Term
from assembly.lists import (
    Column,
    Empty,
    Filter,
    List,
    PageLink,
    Unmatched,
    any_word_in,
    by_choice,
    by_conditions,
    reference_cell,
    small,
    stacked,
    standing_cell,
)
from assembly.lists.tables import kind_of
from assembly.text.french import format_moment, in_days
from sessions.models import Sitting, SittingKind
from sessions.sittings.forms import PLENARY, SittingForm
from sessions.sittings.queries.sittings import listing
from sessions.sittings.rules import can_create, can_see_term


def committee_note(sitting: Sitting) -> str:
    """Return the name of the committee that meets, where the title does not say it."""
    name = sitting.committee.name if sitting.committee else ""
    return "" if name == sitting.title else name


def date_cell(sitting: Sitting) -> Any:
    day = capfirst(format_moment(sitting.starts_at))
    return stacked(day, small(in_days(sitting.starts_at)) if sitting.is_upcoming else "")


def coming_cell(sitting: Any) -> object:
    if not (sitting.asked and sitting.notified_at):
        return None
    return _("%(coming)s sur %(asked)s") % {"coming": sitting.coming, "asked": sitting.asked}


def bodies(term: Term) -> list[tuple[str, Any]]:
    committees = Committee.objects.filter(term=term).order_by("name__alphabetical")
    return [(PLENARY, _("Séances plénières")), *((str(row.pk), row.name) for row in committees)]


def hour_text(moment: datetime | None) -> str:
    return f"{timezone.localtime(moment):%H:%M}" if moment else ""


SITTINGS = List(
    _("Séances"),
    [
        Column(
            _("Titre"),
            "title",
            key="titre",
            order=["title__alphabetical"],
            short_label=_("Séance"),
            note=committee_note,
        ),
        Column(_("Instance"), lambda row: row.committee.name if row.committee else _("Assemblée plénière")),
        Column(_("Date"), lambda row: timezone.localdate(row.starts_at), "date", ["starts_at"], cell=date_cell),
        Column(_("Début"), lambda row: hour_text(row.starts_at)),
        Column(_("Fin"), lambda row: hour_text(row.ends_at)),
        Column(_("Lieu"), "place_name"),
        Column(_("Référence"), "reference", key="reference", order=["reference__alphabetical"], cell=reference_cell),
        Column(_("Convoqués"), "asked"),
        Column(_("Viennent"), "coming", key="viennent", number=True, cell=coming_cell),
        Column(_("État"), "standing.word", "etat", ["state", "starts_at"], cell=standing_cell),
    ],
    default="-date",
    key="sittings",
    route="sittings:list",
    export="sittings:export",
    row_route="sittings:sitting",
    can_open=can_see_term,
    rows=listing,
    counted=ngettext_lazy("%(n)s séance", "%(n)s séances", "n"),
    filters=[
        Filter(
            "body",
            _("Instance"),
            choices=bodies,
            every=_("Toutes les instances"),
            where=lambda value: Q(kind=SittingKind.PLENARY) if value == PLENARY else Q(committee=int(value)),
        ),
        by_choice(Sitting, "state", every=_("Tous les états")),
        by_conditions(
            "period",
            _("Période"),
            {
                "next": (_("À venir"), lambda: Q(ends_at__gte=timezone.now())),
                "past": (_("Passées"), lambda: Q(ends_at__lt=timezone.now())),
            },
            every=_("Toutes"),
        ),
    ],
    search=any_word_in("title", "reference", "place_name"),
    buttons=[
        PageLink(_("Importer"), "sittings:import-start", can_create, "quiet"),
        PageLink(_("Créer une séance"), "sittings:start", can_create, "primary"),
    ],
    empty=Empty(
        _("Aucune séance pour le moment"),
        _("Créez la première : son ordre du jour et sa convocation suivront."),
        _("Les séances apparaîtront ici quand l’équipe les aura créées."),
    ),
    unmatched=Unmatched(_("Aucune séance ne correspond"), label=_("Voir toutes les séances")),
)


def sitting_form_columns() -> list[Column]:
    """Return the columns of the file that hold the other fields of the form, for those who may fill it in."""
    fields = SittingForm.base_fields
    values: dict[str, Any] = {
        "break_starts": lambda row: hour_text(row.break_starts_at),
        "break_ends": lambda row: hour_text(row.break_ends_at),
        "chair": lambda row: row.chair.full_name if row.chair else "",
        "secretary": lambda row: row.secretary.full_name if row.secretary else "",
        "officer": lambda row: row.officer.get_full_name() if row.officer else "",
    }
    shown = {"title", "day", "starts", "ends", "place_name"}
    return [
        Column(str(field.label), values.get(name, name), can_see=can_create, kind=kind_of(field))
        for name, field in fields.items()
        if name not in shown
    ]


SITTINGS_IN_FILE = replace(
    SITTINGS,
    columns=[*SITTINGS.columns, *sitting_form_columns()],
    rows=lambda user, term: listing(user, term).select_related("committee", "chair", "secretary", "officer__person"),
)
