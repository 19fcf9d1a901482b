"""Contributions of imports: the files of the lists of the institution, which stands below."""

from assembly.imports.institution.accounts import ACCOUNTS_FILE
from assembly.imports.institution.bodies import BODIES_FILE, SEATS_FILE
from assembly.imports.institution.places import CANTONS_FILE, DIRECTORATES_FILE
from assembly.imports.plan import add_import_kind

for pages in (BODIES_FILE, SEATS_FILE, DIRECTORATES_FILE, CANTONS_FILE, ACCOUNTS_FILE):
    add_import_kind(pages.import_kind())
