"""`manage.py demo`: a believable assembly, marked « données fictives », the same every time."""

from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from assembly.documents.pdf.render import RENDER_PROCESS
from assembly.institution.models import Assembly
from demo.accounts import DOMAIN
from demo.build import build


class Command(BaseCommand):
    help = "Remplit une base vide d’une assemblée de démonstration (données fictives)."

    def handle(self, *args: Any, **options: Any) -> None:
        if not settings.LOCAL:
            raise CommandError("La démonstration ne se charge que sur une machine locale, jamais en production.")
        if Assembly.objects.exists():
            raise CommandError("Une assemblée existe déjà : la démonstration ne se mêle pas à de vraies données.")
        RENDER_PROCESS.begin()
        built = build()
        path = settings.BASE_DIR / ".local" / "demo-accounts.txt"
        if path.parent.is_dir():
            lines = [f"{role}{DOMAIN}" for role in built.users if not role[-1].isdigit()]
            path.write_text("\n".join(lines) + "\n", encoding="utf-8")
        self.stdout.write("Données fictives chargées : 108 membres, 27 cantons.")
