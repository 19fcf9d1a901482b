"""Command `manage.py migrate`: Django's, which refuses a database made before version 1.0.0."""

from typing import Any

from django.core.management.base import CommandError
from django.core.management.commands import migrate
from django.db import connections

from assembly.portal.baseline import FORMER_DATABASE, is_former


class Command(migrate.Command):
    def handle(self, *args: Any, **options: Any) -> None:
        if is_former(connections[options["database"]]):
            raise CommandError(FORMER_DATABASE)
        super().handle(*args, **options)
