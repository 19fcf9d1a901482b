from django.apps import AppConfig
from django.db.models.signals import post_migrate


class FragmentsConfig(AppConfig):
    name = "assembly.fragments"
    label = "fragments"

    def ready(self) -> None:
        from assembly.fragments.cache import create_triggers  # noqa: PLC0415 -- models are ready only now

        post_migrate.connect(create_triggers, sender=self)
