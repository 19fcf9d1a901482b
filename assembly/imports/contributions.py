"""Contributions of imports: the files of the lists of the institution, which stands below."""

from assembly.imports.institution.accounts import ACCOUNT_ROWS, ACCOUNTS
from assembly.imports.institution.bodies import BODIES, BODY_ROWS, SEAT_ROWS, SEATS
from assembly.imports.institution.places import CANTON_ROWS, CANTONS, DIRECTORATE_ROWS, DIRECTORATES
from assembly.imports.plan import ImportKind, add_import_kind
from assembly.institution.rules import can_administer_term, can_invite, is_team

for key, rows, rule in (
    (BODIES, BODY_ROWS, is_team),
    (SEATS, SEAT_ROWS, is_team),
    (DIRECTORATES, DIRECTORATE_ROWS, can_administer_term),
    (CANTONS, CANTON_ROWS, can_administer_term),
):
    add_import_kind(ImportKind(key, rows.columns_in, rows.plan, rows.write, may_import=rule))
add_import_kind(ImportKind(ACCOUNTS, ACCOUNT_ROWS.columns_in, ACCOUNT_ROWS.plan, ACCOUNT_ROWS.write, 500, can_invite))
