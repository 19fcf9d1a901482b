from django.apps import AppConfig, apps
from django.utils.module_loading import autodiscover_modules


class IdentityConfig(AppConfig):
    name = "assembly.identity"
    label = "identity"

    def ready(self) -> None:
        from assembly.audit.registry import register_name_resolver  # noqa: PLC0415 -- models are ready only now
        from assembly.identity import checks, queries, receivers  # noqa: F401, PLC0415 -- checks register themselves
        from assembly.identity.personal_data import declare_models  # noqa: PLC0415 -- the same

        register_name_resolver(queries.names_of)
        receivers.listen()
        autodiscover_modules("privacy")
        declare_models(apps.get_models())
