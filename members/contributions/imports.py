"""Contributions of imports: files of members."""

from assembly.imports.kinds import ImportKind, add_import_kind
from members.actions.imports import write_member
from members.import_plan import MEMBERS, plan

add_import_kind(ImportKind(MEMBERS, plan, write_member))
