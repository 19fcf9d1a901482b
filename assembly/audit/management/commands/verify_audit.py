"""`manage.py verify_audit`: exits 0 only when the whole chain is intact."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from assembly.audit.models import Link
from assembly.audit.verification import verify

SENTENCES = {
    "missing": "Un maillon manque",
    "changed": "Une ligne a été modifiée",
    "deleted": "Une ligne a été supprimée",
    "inserted": "Une ligne a été ajoutée hors de la chaîne",
    "truncated": "La chaîne est coupée avant la tête publiée",
}


class Command(BaseCommand):
    help = "Vérifie la chaîne du journal et nomme la première ligne fausse."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--head", help="Tête publiée, sous la forme numéro:empreinte, gardée par un tiers.")

    def handle(self, *args: Any, **options: Any) -> None:
        read, finding = verify()
        if finding:
            raise CommandError(f"{SENTENCES[finding.kind]} : maillon {finding.seq}, ligne {finding.entry_id}.")
        if options["head"]:
            seq, _, expected = options["head"].partition(":")
            link = Link.objects.filter(seq=int(seq) if seq.isdigit() else -1).first()
            if link is None or link.hash != expected:
                raise CommandError(f"{SENTENCES['truncated']} : maillon {seq}.")
        self.stdout.write(f"Journal intact : {read} maillons vérifiés.")
