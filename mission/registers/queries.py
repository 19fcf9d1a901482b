"""Questions about rows of any register."""

from assembly.institution.models import Term
from mission.registers.models import RegisterRow


def term_of_row(row: RegisterRow) -> Term:
    """The term of the row, else the latest one of its assembly: what forms take their choices from."""
    own: Term | None = getattr(row, "term", None)
    return own or Term.objects.filter(assembly=row.assembly_id).select_related("assembly").order_by("-starts_on")[0]
