"""Row locks of the institution."""

from assembly.institution.models import Assembly


def lock_assembly(assembly_id: int) -> None:
    """Hold the assembly's row until the transaction ends: what is looked up first is then inserted once.

    No unique constraint can say it where the name stands in one table and the assembly in another.
    """
    Assembly.objects.select_for_update(no_key=True).get(pk=assembly_id)
