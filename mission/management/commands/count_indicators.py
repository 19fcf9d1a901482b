"""Count a past day of the indicators, or compare what its night wrote with what would be counted today."""

from argparse import ArgumentParser
from datetime import date
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from mission.indicators import nightly


class Command(BaseCommand):
    help = "Compte les indicateurs d’un jour passé ; avec --verifier, les recompte et dit ce qui diffère."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("jour", type=date.fromisoformat, help="AAAA-MM-JJ")
        parser.add_argument("--verifier", action="store_true", help="n’écrit rien, compare avec le relevé de la nuit")

    def handle(self, *args: Any, **options: Any) -> None:
        day = options["jour"]
        if day >= timezone.localdate():
            raise CommandError("Ce jour n’est pas fini : il se compte la nuit suivante.")
        if options["verifier"]:
            self.compare(day)
            return
        # Of a day that has passed only what keeps its moments can still be counted truly.
        for term in nightly.terms_counted():
            written = nightly.count_day(term, day, wanted=lambda indicator: indicator.recomputable)
            self.stdout.write(f"{term} : {written} valeurs écrites pour le {day:%d/%m/%Y}.")

    def compare(self, day: date) -> None:
        found = [one for term in nightly.terms_counted() for one in nightly.differences(term, day)]
        for one in found:
            night = one.night.value if one.night else "–"
            now = one.now.value if one.now else "–"
            self.stdout.write(f"{one.indicator.key} : {night} la nuit, {now} aujourd’hui.")
        if found:
            raise CommandError(f"{len(found)} valeurs diffèrent.")
        self.stdout.write("Aucune différence.")
