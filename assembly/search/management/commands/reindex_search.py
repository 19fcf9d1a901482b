"""`manage.py reindex_search`: index everything that can be found again."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand

from assembly.search import actions
from assembly.search.registry import sources


class Command(BaseCommand):
    help = "Relit tout ce que la recherche trouve. Sans danger à tout moment : ce qui n’a pas changé n’est pas récrit."

    def add_arguments(self, parser: ArgumentParser) -> None:
        known = [source.kind for source in sources()]
        parser.add_argument("kinds", nargs="*", metavar="type", help=f"Seulement ces types : {', '.join(known)}.")

    def handle(self, *args: Any, **options: Any) -> None:
        for source, objects, changed in actions.reindex_all(options["kinds"]):
            self.stdout.write(f"{source.label} : {objects} lus, {changed} entrées récrites")
