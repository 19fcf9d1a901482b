"""Pages of a file of candidates."""

from django.utils.translation import gettext_lazy, ngettext

from assembly.imports.views import ImportPages
from draws.calls.rules import can_see_candidates
from draws.candidates.forms import CandidatesConfirmForm
from draws.candidates.imports import CANDIDATES, COLUMNS, EXAMPLE

CANDIDATES_FILE = ImportPages(
    app="draws",
    kind=CANDIDATES,
    rule=can_see_candidates,
    columns=COLUMNS,
    example=EXAMPLE,
    confirm_form=CandidatesConfirmForm,
    title=gettext_lazy("Import de candidatures"),
    above=gettext_lazy("Candidatures"),
    list_route="draws:candidates",
    added=gettext_lazy("Candidatures ajoutées"),
    model=gettext_lazy("modele candidatures"),
    count=lambda n: ngettext("Importer %(n)s candidature", "Importer %(n)s candidatures", n) % {"n": n},
    file_label=gettext_lazy("Fichier des candidatures"),
    start_template="draws/import_start.html",
    preview_template="draws/import_page.html",
)
