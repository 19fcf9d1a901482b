"""Open data of the public indicators: what their public pages and their file show, small cells masked."""

from collections.abc import Iterator
from dataclasses import dataclass

from django.utils.translation import gettext_lazy as _

from assembly.indicators.registry import Indicator, Unit, indicator
from assembly.institution.queries import active_term, main_assembly
from assembly.open_data.registry import DataColumn, DataSet, DataType, PageData
from mission.indicators.queries import Figure, Reader, breakdown_figures, figures_of, manual_breakdowns
from mission.indicators.rules import list_public_indicators

UNITS = {
    Unit.NUMBER: "nombre",
    Unit.PERCENT: "pour_cent",
    Unit.POINTS: "points",
    Unit.RATIO: "rapport",
    Unit.HOURS: "heures",
    Unit.DAYS: "jours",
    Unit.EUROS: "euros",
}


@dataclass(frozen=True)
class IndicatorLine:
    """The figure of an indicator, or of one cell of a breakdown."""

    figure: Figure
    breakdown: str = ""
    cell: str = ""

    @property
    def indicator(self) -> Indicator:
        return self.figure.indicator


def public_reader() -> Reader | None:
    """Return what reads the figures of the term that the public pages show, or None without one."""
    assembly = main_assembly()
    term = active_term(assembly) if assembly else None
    return Reader(term) if term else None


def indicator_rows() -> list[IndicatorLine]:
    reader = public_reader()
    figures = figures_of(reader, list_public_indicators()).values() if reader else ()
    return [line for figure in figures for line in [IndicatorLine(figure), *cells_of(IndicatorLine(figure), reader)]]


def cells_of(line: IndicatorLine, reader: Reader | None = None) -> Iterator[IndicatorLine]:
    reader = reader or public_reader()
    if reader is None:
        return
    figure = line.figure
    read = manual_breakdowns if figure.indicator.is_manual else breakdown_figures
    for group in read(reader, figure.indicator, figure.day):
        for cell in group.figures:
            yield IndicatorLine(cell, str(group.breakdown.label), str(cell.label))


def indicator_row(key: str) -> IndicatorLine | None:
    declared, reader = indicator(key), public_reader()
    if declared is None or not declared.is_public or reader is None:
        return None
    return IndicatorLine(figures_of(reader, [declared])[key])


COLUMNS = [
    DataColumn("indicateur", _("Indicateur"), "indicator.key", description=_("Son nom dans les adresses")),
    DataColumn("nom", _("Nom"), "indicator.name"),
    DataColumn("repartition", _("Répartition"), "breakdown", description=_("Vide pour l’ensemble")),
    DataColumn("case", _("Case"), "cell", description=_("La part comptée")),
    DataColumn("jour", _("Jour"), "figure.day", DataType.DAY),
    DataColumn("valeur", _("Valeur"), "figure.value", DataType.NUMBER),
    DataColumn("unite", _("Unité"), "indicator.unit", DataType.CODE, codes=UNITS),
    DataColumn("numerateur", _("Numérateur"), "figure.numerator", DataType.NUMBER),
    DataColumn("denominateur", _("Dénominateur"), "figure.denominator", DataType.NUMBER),
    DataColumn(
        "masque", _("Masqué"), "figure.is_hidden", DataType.FLAG, _("Oui si trop peu de personnes sont comptées")
    ),
]
POINT = [
    DataColumn("jour", _("Jour"), "day", DataType.DAY),
    DataColumn("valeur", _("Valeur"), "value", DataType.NUMBER),
]
INDICATOR_DATA = DataSet(
    "indicateurs",
    _("Indicateurs"),
    _("Une ligne par mesure, et par case de ses répartitions : délais, présences, suites réalisées."),
    rows=indicator_rows,
    columns=COLUMNS,
    changed_on=lambda row: row.figure.day,
    page=PageData(
        "indicateurs/",
        _("Une mesure, ses répartitions et son évolution"),
        "delai-de-reponse",
        find=indicator_row,
        more=[
            DataColumn("definition", _("Définition"), "indicator.definition"),
            DataColumn("formule", _("Formule"), "indicator.formula"),
            DataColumn("source", _("Source"), "indicator.source"),
            DataColumn("evolution", _("Évolution sur un an"), "figure.trend", DataType.OBJECTS, columns=POINT),
            DataColumn("repartitions", _("Répartitions"), cells_of, DataType.OBJECTS, columns=COLUMNS),
        ],
    ),
    order=50,
)
