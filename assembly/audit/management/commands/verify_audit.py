"""Command `manage.py verify_audit`: exit 0 only when the whole chain is intact and contains every stored head."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from assembly.audit import database_role, verification
from assembly.audit.verification import verify

NO_PROMISE = (
    "À savoir : {excess} Qui tient ce compte peut réécrire le journal entier : seules le prouveraient des têtes "
    "gardées ailleurs (--heads)."
)


def stored_heads(file: Path | None, head_text: str | None) -> list[tuple[int, str]]:
    """Return every stored head as (number, hash); raise OSError and ValueError for what cannot be read."""
    left = verification.read_heads(settings.JOURNAL_HEADS_FILE)
    if file:
        file.stat()
        left += verification.read_heads(file)
    heads = [(head.seq, head.hash) for head in left]
    if head_text:
        seq, _colon, written = head_text.partition(":")
        heads.append((int(seq), written))
    return heads


class Command(BaseCommand):
    help = "Vérifie la chaîne du journal et nomme la première ligne fausse."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--head", help="Tête gardée par un tiers, sous la forme numéro:empreinte.")
        parser.add_argument("--heads", type=Path, help="Fichier des têtes reçues par un témoin.")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            heads = stored_heads(options["heads"], options["head"])
        except (OSError, ValueError) as error:
            raise CommandError(str(error)) from error
        read, finding = verify(heads)
        if finding:
            raise CommandError(str(finding))
        self.stdout.write(
            f"Journal intact : {read} maillons vérifiés, comparés à {len(heads)} têtes gardées hors de la base."
        )
        for excess in database_role.excess():
            self.stdout.write(NO_PROMISE.format(excess=excess))
