"""How often each table changed: the number that a cached fragment is compared with."""

from django.db import models


class TableChange(models.Model):
    """Changes of one table: one row a transaction, written by a trigger, summed up by the clock.

    The sum of `times` is the version of the table. It counts committed transactions, so it distinguishes two
    transactions that commit in the other order than they began, which the highest key would not.
    """

    table = models.CharField(max_length=63)
    times = models.BigIntegerField(default=1)

    def __str__(self) -> str:
        return f"{self.table} +{self.times}"
