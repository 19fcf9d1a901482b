"""Command `manage.py retention`: show what has reached its retention period, and with `--apply` erase it."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand

from assembly.identity import actions
from assembly.identity.personal_data import registry


class Command(BaseCommand):
    help = "Montre ce qui a été gardé assez longtemps ; avec --apply, l’efface."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--apply", action="store_true", help="Efface vraiment.")

    def handle(self, *args: Any, **options: Any) -> None:
        counts = actions.erase_due() if options["apply"] else actions.count_due()
        for key, count in counts.items():
            self.stdout.write(f"{registry.retentions[key].label} : {count}")
