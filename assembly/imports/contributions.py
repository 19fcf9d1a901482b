"""Contributions of imports: the files of the lists of the institution, which stands below."""

from assembly.imports.institution.accounts import ACCOUNT_ROWS, ACCOUNTS
from assembly.imports.institution.bodies import BODIES, BODY_ROWS, SEAT_ROWS, SEATS
from assembly.imports.institution.places import CANTON_ROWS, CANTONS, DIRECTORATE_ROWS, DIRECTORATES
from assembly.imports.plan import ImportKind, add_import_kind
from assembly.institution.rules import can_administer_term, can_invite, is_team

for key, rows, most, rule in (
    (BODIES, BODY_ROWS, 2000, is_team),
    (SEATS, SEAT_ROWS, 2000, is_team),
    (DIRECTORATES, DIRECTORATE_ROWS, 500, can_administer_term),
    (CANTONS, CANTON_ROWS, 500, can_administer_term),
    (ACCOUNTS, ACCOUNT_ROWS, 500, can_invite),
):
    add_import_kind(ImportKind(key, rows.columns_in, rows.plan, rows.write, most, rule))
