"""Pages of a file of candidates: those of members, with other labels."""

from django.utils.translation import gettext_lazy, ngettext

from draws.forms.candidates import CandidatesConfirmForm, CandidatesImportForm
from draws.import_candidates import CANDIDATES, COLUMNS, EXAMPLE
from draws.rules.calls import can_see_candidates
from members.views.imports import ImportPages

CANDIDATES_FILE = ImportPages(
    app="draws",
    kind=CANDIDATES,
    rule=can_see_candidates,
    columns=COLUMNS,
    example=EXAMPLE,
    start_form=CandidatesImportForm,
    confirm_form=CandidatesConfirmForm,
    title=gettext_lazy("Import de candidatures"),
    above=gettext_lazy("Candidatures"),
    list_route="draws:candidates",
    added=gettext_lazy("Candidatures ajoutées"),
    model=gettext_lazy("modele candidatures"),
    count=lambda n: ngettext("Importer %(n)s candidature", "Importer %(n)s candidatures", n) % {"n": n},
)
