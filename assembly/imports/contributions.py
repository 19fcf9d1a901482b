"""Contributions of imports: the files of the lists of the institution, which stands below."""

from assembly.imports.institution.accounts import ACCOUNT_ROWS, ACCOUNTS_FILE
from assembly.imports.institution.bodies import BODIES_FILE, BODY_ROWS, SEAT_ROWS, SEATS_FILE
from assembly.imports.institution.places import CANTON_ROWS, CANTONS_FILE, DIRECTORATE_ROWS, DIRECTORATES_FILE
from assembly.imports.plan import ImportKind, add_import_kind
from assembly.imports.tables import MOST_ROWS

for pages, rows, most in (
    (BODIES_FILE, BODY_ROWS, MOST_ROWS),
    (SEATS_FILE, SEAT_ROWS, MOST_ROWS),
    (DIRECTORATES_FILE, DIRECTORATE_ROWS, MOST_ROWS),
    (CANTONS_FILE, CANTON_ROWS, MOST_ROWS),
    (ACCOUNTS_FILE, ACCOUNT_ROWS, 500),
):
    add_import_kind(ImportKind(pages.kind, rows.columns_in, rows.plan, rows.write, most, pages.rule))
