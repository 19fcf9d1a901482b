from assembly.institution.models.assembly import Assembly, Canton, Term
from assembly.institution.models.committee import Committee, CommitteeMembership
from assembly.institution.models.directorate import Directorate
from assembly.institution.models.numbering import ReferenceCounter
from assembly.institution.models.role import Invitation, RoleAssignment

__all__ = [
    "Assembly",
    "Canton",
    "Committee",
    "CommitteeMembership",
    "Directorate",
    "Invitation",
    "ReferenceCounter",
    "RoleAssignment",
    "Term",
]
