from typing import Any

from django.apps import AppConfig
from django.conf import settings
from django.db.models.signals import post_migrate

from assembly.web.discovery import import_modules


def grant_after_migrations(**_: Any) -> None:
    """Give the application's role its rights after each migration, which may have created a table."""
    from assembly.audit import database_role  # noqa: PLC0415 -- settings come first

    if settings.DATABASE_APPLICATION_ROLE:
        database_role.grant(settings.DATABASE_APPLICATION_ROLE)


class AuditConfig(AppConfig):
    name = "assembly.audit"
    label = "audit"

    def ready(self) -> None:
        import_modules("workflow")  # each step adds its event type to the journal
        post_migrate.connect(grant_after_migrations, sender=self, dispatch_uid="assembly.audit.database_role")
