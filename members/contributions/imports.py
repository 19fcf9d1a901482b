"""Contributions of imports: files of members."""

from assembly.imports.kinds import ImportKind, add_import_kind
from members.imports.actions import write_member
from members.imports.plan import MEMBERS, plan

add_import_kind(ImportKind(MEMBERS, plan, write_member))
