"""Row locks of the institution."""

from assembly.institution.models import Assembly


def lock_assembly(assembly_id: int) -> None:
    """Lock the assembly's row until the transaction ends, so that what is looked up first is then inserted once.

    No unique constraint can express this where the name is in one table and the assembly in another.
    """
    Assembly.objects.select_for_update(no_key=True).get(pk=assembly_id)
