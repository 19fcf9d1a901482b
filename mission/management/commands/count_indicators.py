"""Command that counts a past day of the indicators, or compares its night with what would be counted today."""

from argparse import ArgumentParser
from datetime import date
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from mission.indicators import actions as indicators


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
        # For a past day, only indicators whose facts keep their moments can still be counted exactly.
        for term in indicators.terms_counted():
            count = indicators.count_day(term, day, is_included=lambda indicator: indicator.is_recomputable)
            self.stdout.write(f"{term} : {count} valeurs écrites pour le {day:%d/%m/%Y}.")

    def compare(self, day: date) -> None:
        changes = [one for term in indicators.terms_counted() for one in indicators.differences(term, day)]
        for one in changes:
            night = one.night.value if one.night else "–"
            now = one.now.value if one.now else "–"
            self.stdout.write(f"{one.indicator.key} : {night} la nuit, {now} aujourd’hui.")
        if changes:
            raise CommandError(f"{len(changes)} valeurs diffèrent.")
        self.stdout.write("Aucune différence.")
