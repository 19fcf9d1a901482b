"""`manage.py demo`: a believable assembly, marked « données fictives », the same every time."""

import os
from datetime import date
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import connection
from django.utils import timezone
from kombu.exceptions import OperationalError as BrokerError

from assembly.documents.pdf.render import RENDER_PROCESS
from assembly.institution.models import Assembly
from assembly.text.french import format_date
from demo import archive, days, tasks
from demo.context import adopt_saved_day, one_click_accounts

RENEWED = (
    "Le fichier de la démonstration raconte le {old} : elle sera refaite pour le {new}, "
    "après les tables, en une minute environ."
)


class Command(BaseCommand):
    help = "Remplit une base vide d’une assemblée de démonstration (données fictives)."

    def add_arguments(self, parser: CommandParser) -> None:
        way = parser.add_mutually_exclusive_group()
        way.add_argument(
            "--load",
            action="store_true",
            help="Charge le fichier de la démonstration dans une base sans aucune table, avant « migrate ».",
        )
        way.add_argument(
            "--background",
            action="store_true",
            help="Remplit la base si elle est vide, et laisse aux tâches de fond les documents à sceller.",
        )
        way.add_argument(
            "--rebuild",
            action="store_true",
            help="Refait le fichier de la démonstration par les migrations et les actions, dans une base à part.",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        if not settings.LOCAL:
            raise CommandError("La démonstration ne se charge que sur une machine locale, jamais en production.")
        if options["rebuild"]:
            self.rebuild()
        elif options["load"]:
            self.load()
        elif options["background"]:
            if not Assembly.objects.exists():
                self.choose_day()
                self.build()
            self.seal_in_background()
        else:
            if Assembly.objects.exists():
                raise CommandError("Une assemblée existe déjà : la démonstration ne se mêle pas à de vraies données.")
            RENDER_PROCESS.begin()
            self.build()
            from demo import sealing  # noqa: PLC0415 -- the story reads its days when it is imported

            for name in sealing.steps_to_play():
                sealing.play(name)

    def rebuild(self) -> None:
        archive.rebuild(archive.ARCHIVE)
        self.stdout.write(f"{archive.ARCHIVE} : {archive.ARCHIVE.stat().st_size / 1e6:.2f} Mo.")

    def load(self) -> None:
        if connection.introspection.table_names():
            raise CommandError(
                "La base a déjà des tables : le fichier de la démonstration se charge avant « migrate »."
            )
        day, file_day = self.choose_day(), archive.file_day()
        if day == file_day:
            archive.load()
            self.note_accounts()
        else:
            self.stdout.write(RENEWED.format(old=format_date(file_day), new=format_date(day)))

    def choose_day(self) -> date:
        """Return the day of the environment, else that of the file, or one of this week once the file is outdated."""
        if days.VARIABLE not in os.environ:
            day, today = archive.file_day(), timezone.localdate()
            days.show_day(days.last_day_to_show(today) if days.is_outdated(day, today) else day)
        return days.shown_day()

    def build(self) -> None:
        from demo.build import build  # noqa: PLC0415 -- the story reads its days when it is imported

        build()
        self.note_accounts()

    def note_accounts(self) -> None:
        """Write the list of accounts, which `./run` prints once the site answers."""
        path = settings.BASE_DIR / ".local" / "demo-accounts.txt"
        if path.parent.is_dir():
            emails = one_click_accounts().values_list("email", flat=True)
            path.write_text("".join(f"{email}\n" for email in emails), encoding="utf-8")
        self.stdout.write("Données fictives chargées : 108 membres, 27 cantons.")

    def seal_in_background(self) -> None:
        adopt_saved_day()
        from demo import sealing  # noqa: PLC0415 -- the story reads its days when it is imported

        names = sealing.steps_to_play()
        try:
            for name in names:
                tasks.seal.apply_async((name,), retry=False)
        except BrokerError:
            self.stderr.write("Redis ne répond pas : les documents seront scellés au prochain démarrage.")
        else:
            if names:
                text = f"Documents à sceller : {len(names)}. « pdf » dit ci-dessous où il en est, le site répond déjà."
                self.stdout.write(text)
