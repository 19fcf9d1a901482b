from django.apps import AppConfig

from assembly.web.discovery import import_modules


class PortalConfig(AppConfig):
    """App of the home pages and the last of the platform: it imports what every app adds (`contributions`)."""

    name = "assembly.portal"
    label = "portal"

    def ready(self) -> None:
        from assembly.portal import checks  # noqa: F401, PLC0415 -- checks register themselves

        import_modules("contributions")
        import_modules("receivers")
