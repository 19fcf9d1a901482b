"""Version 1.0.0 is the baseline of all upgrades: databases and backups made before it are refused."""

from typing import Final

from django.core.management.base import CommandError
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.migrations.recorder import MigrationRecorder

# Applied in every database made before 1.0.0, and in no later one. A migration that this version does not know is no
# proof: a database of the next version has one too, and the image before may run on it.
FORMER_MIGRATION: Final = ("identity", "0002_extensions")
FORMER_DATABASE: Final = (
    "Cette base date d’avant la version 1.0.0 et ne se met pas à niveau ; rien n’y a été changé : donnez une base "
    "vide ou, sur un poste de travail, supprimez le dossier .local (UPGRADING.md)."
)
FORMER_BACKUP: Final = (
    "Cette sauvegarde date d’avant la version 1.0.0, qui ne la restaure pas ; rien n’a été changé (UPGRADING.md)."
)


def check_not_former(connection: BaseDatabaseWrapper) -> None:
    """Raise CommandError for a database made before version 1.0.0."""
    if is_former(connection):
        raise CommandError(FORMER_DATABASE)


def is_former(connection: BaseDatabaseWrapper) -> bool:
    """Return whether the tables of this database were made before version 1.0.0."""
    return FORMER_MIGRATION in MigrationRecorder(connection).applied_migrations()
