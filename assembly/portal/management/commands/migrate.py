"""Command `manage.py migrate`: Django's, which refuses a database made before version 1.0.0."""

from typing import Any

from django.core.management.commands import migrate
from django.db import connections

from assembly.portal.checks import check_not_former


class Command(migrate.Command):
    def handle(self, *args: Any, **options: Any) -> None:
        check_not_former(connections[options["database"]])
        super().handle(*args, **options)
