"""Columns and filters that several registers have."""

from django.utils.translation import gettext_lazy as _

from assembly.institution.queries import canton_choices
from assembly.lists import Column, Filter

# The column of a sitting shows its reference: its title is too long for a table below a row.
SITTING = Column(_("Séance"), lambda line: line.sitting and line.sitting.reference)


def by_canton(path: str = "canton") -> Filter:
    return Filter("canton", _("Canton"), path, lambda term: canton_choices(term.assembly_id))
