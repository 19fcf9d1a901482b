from django.apps import AppConfig, apps

from assembly.web.discovery import import_modules


class IdentityConfig(AppConfig):
    name = "assembly.identity"
    label = "identity"

    def ready(self) -> None:
        from assembly.identity import checks  # noqa: F401, PLC0415 -- checks register themselves
        from assembly.identity.personal_data import declare_models  # noqa: PLC0415 -- models are ready only now

        import_modules("privacy")
        declare_models(apps.get_models())
