"""Allocation of reference numbers."""

from django.db import connection, transaction

from assembly.institution.models import Assembly


def next_number(assembly: Assembly, series: str, year: int) -> int:
    """Return the next number of the series, from 1; the row lock is held until the caller's transaction ends.

    A rolled back caller frees its number again; the number of a committed one is permanent.
    """
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO institution_referencecounter (assembly_id, series, year, last) VALUES (%s, %s, %s, 1)"
            " ON CONFLICT (assembly_id, series, year)"
            " DO UPDATE SET last = institution_referencecounter.last + 1 RETURNING last",
            [assembly.pk, series, year],
        )
        return cursor.fetchone()[0]
