"""Addresses of the files of the institution."""

from assembly.imports.institution.accounts import ACCOUNTS_FILE
from assembly.imports.institution.bodies import BODIES_FILE, SEATS_FILE
from assembly.imports.institution.places import CANTONS_FILE, DIRECTORATES_FILE
from assembly.imports.views import import_routes

app_name = "imports"
urlpatterns = [
    *import_routes("bureau/comites/importer/", BODIES_FILE),
    *import_routes("bureau/comites/importer-membres/", SEATS_FILE),
    *import_routes("bureau/directions/importer/", DIRECTORATES_FILE),
    *import_routes("bureau/cantons/importer/", CANTONS_FILE),
    *import_routes("bureau/equipe/importer/", ACCOUNTS_FILE),
]
