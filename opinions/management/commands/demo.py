"""`manage.py demo`: a believable assembly, marked « données fictives », the same every time."""

from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from assembly.documents.pdf.render import PRESS
from assembly.institution.models import Assembly
from opinions.demo import conduct, house
from opinions.demo.chapters import chapters
from opinions.demo.whole import all_or_nothing, count_rows


class Command(BaseCommand):
    help = "Remplit une base vide d’une assemblée de démonstration (données fictives)."

    def handle(self, *args: Any, **options: Any) -> None:
        if not settings.LOCAL:
            raise CommandError("La démonstration ne se charge que sur une machine locale, jamais en production.")
        if Assembly.objects.exists():
            raise CommandError("Une assemblée existe déjà : la démonstration ne se mêle pas à de vraies données.")
        PRESS.begin()
        with all_or_nothing():
            built = house.build_on_the_first_day()
            for seed in chapters():
                seed(built)
                count_rows()
            conduct.settle_the_rest(built)
        self._write_accounts(built)
        self.stdout.write("Données fictives chargées : 108 membres, 27 cantons.")

    def _write_accounts(self, built: house.House) -> None:
        path = settings.BASE_DIR / ".local" / "demo-accounts.txt"
        if path.parent.is_dir():
            lines = [f"{role}{house.DEMO_DOMAIN}" for role in built.users if not role[-1].isdigit()]
            path.write_text("\n".join(lines) + "\n", encoding="utf-8")
