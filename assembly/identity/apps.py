from django.apps import AppConfig
from django.utils.module_loading import autodiscover_modules


class IdentityConfig(AppConfig):
    name = "assembly.identity"
    label = "identity"

    def ready(self) -> None:
        from assembly.identity import checks  # noqa: F401, PLC0415 -- checks register themselves

        autodiscover_modules("privacy")
