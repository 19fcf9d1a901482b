"""Command `manage.py create_lead EMAIL`: create the first lead, who then invites everybody else."""

from argparse import ArgumentParser
from datetime import timedelta
from typing import Any

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError
from django.core.validators import validate_email
from django.utils import timezone

from assembly.institution.actions import assemblies, roles
from assembly.institution.queries import active_term, main_assembly


class Command(BaseCommand):
    help = "Donne le rôle de responsable de la mission à cette adresse. La personne se connecte ensuite par code."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("email", help="Adresse électronique de la personne.")
        parser.add_argument("--first-name", default="Responsable", help="Prénom.")
        parser.add_argument("--last-name", default="de la mission", help="Nom.")
        parser.add_argument("--assembly", help="Nom de l’assemblée, à la création.")
        parser.add_argument("--authority", help="Collectivité, à la création.")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            validate_email(options["email"])
        except ValidationError as error:
            raise CommandError(f"« {options['email']} » n’est pas une adresse électronique.") from error
        assembly = main_assembly()
        term = active_term(assembly) if assembly else None
        if assembly and term:
            for option, name in (("assembly", assembly.name), ("authority", assembly.authority_name)):
                if options[option] not in (None, name):
                    raise CommandError(f"Ce site est déjà celui de « {name} » : --{option} ne sert qu’à la création.")
        if term is None:
            today = timezone.localdate()
            sender = settings.DEFAULT_FROM_EMAIL
            names = options["assembly"] or "Assemblée citoyenne", options["authority"] or "Conseil départemental"
            term = assemblies.create_first_assembly(
                *names, sender, starts_on=today, ends_on=today + timedelta(days=547)
            )
        user = roles.appoint_first_lead(options["email"], options["first_name"], options["last_name"], term=term)
        self.stdout.write(
            f"{user.email} est responsable de la mission ({term}). "
            f"Connexion : {settings.SITE_URL}/compte/connexion/ par code, puis une clé d’accès à ajouter."
        )
