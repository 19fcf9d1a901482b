"""Command `manage.py restore DIR`: restore into an empty database, verify, and hold all mail."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from assembly.portal.backup import BackupError, restore_backup


class Command(BaseCommand):
    help = "Restaure une sauvegarde dans une base vide, vérifie les comptes et le journal, retient les envois."
    requires_system_checks: list[str] = []  # the database is still empty

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("folder", type=Path)

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            manifest = restore_backup(options["folder"])
        except BackupError as error:
            raise CommandError(str(error)) from error
        rows = sum(manifest["rows"].values())
        self.stdout.write(
            f"Restauration faite, sauvegarde du {manifest['finished_at']} : "
            f"{rows} lignes, journal intact ({manifest['links']} maillons), "
            f"{manifest['erased']} effacements refaits, {manifest['held']} envois retenus à vérifier."
        )
        if left_out := manifest["left_out"]:
            self.stdout.write(f"Hors du manifeste, laissés de côté : {', '.join(left_out)}.")
        if not manifest.get("seal_key", True):  # older backups lack this entry
            self.stdout.write(
                "Cette sauvegarde ne contient pas la clé du cachet : remettez le fichier de SEAL_P12_FILE, "
                "ou le jeton, avant de sceller à nouveau."
            )
