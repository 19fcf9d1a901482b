"""Command `manage.py up`: run everything in the foreground, until Ctrl-C."""

import sys
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from assembly.local.supervisor import Supervisor


class Command(BaseCommand):
    help = "Lance PostgreSQL, Redis, le site et les tâches de fond de ce dossier ; Ctrl-C arrête tout."
    requires_system_checks: list[str] = []

    def handle(self, *args: Any, **options: Any) -> None:
        if not settings.LOCAL:
            raise CommandError("Cette commande est réservée au poste de travail (ASSEMBLY_LOCAL=1).")
        sys.exit(Supervisor().run())
