"""Command `manage.py backup DIR`: write the database, the blobs and the keys into one verified folder."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from assembly.portal.backup import BackupError, write_backup


class Command(BaseCommand):
    help = "Sauvegarde la base, les documents et les clés dans un dossier neuf."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("folder", type=Path)
        parser.add_argument("--without-seal-key", action="store_true", help="n’y met pas la clé du cachet")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            manifest = write_backup(options["folder"], seal_key=not options["without_seal_key"])
        except BackupError as error:
            raise CommandError(str(error)) from error
        rows, files = sum(manifest["rows"].values()), len(manifest["files"])
        self.stdout.write(f"Sauvegarde faite : {rows} lignes, {files} fichiers.")
        if not manifest["seal_key"]:
            self.stdout.write("Elle ne contient pas la clé du cachet.")
