from django.apps import AppConfig
from django.utils.module_loading import autodiscover_modules


class IdentityConfig(AppConfig):
    name = "assembly.identity"
    label = "identity"

    def ready(self) -> None:
        from assembly.audit.registry import add_name_resolver  # noqa: PLC0415 -- models are ready only now
        from assembly.identity import checks, queries  # noqa: F401, PLC0415 -- checks register themselves

        add_name_resolver(queries.names_of)
        autodiscover_modules("privacy")
