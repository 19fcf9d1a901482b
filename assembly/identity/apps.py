from django.apps import AppConfig
from django.utils.module_loading import autodiscover_modules


class IdentityConfig(AppConfig):
    name = "assembly.identity"
    label = "identity"

    def ready(self) -> None:
        from assembly.audit.registry import resolve_names_with  # noqa: PLC0415 -- models are ready only now
        from assembly.identity import queries  # noqa: PLC0415 -- models are ready only now

        resolve_names_with(queries.names_of)
        autodiscover_modules("privacy")
