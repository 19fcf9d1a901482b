"""Contributions of imports: the list of members."""

from members.actions.imports import write_member
from members.import_kinds import MEMBERS, ImportKind, add_import_kind
from members.import_plan import plan

add_import_kind(ImportKind(MEMBERS, plan, write_member))
